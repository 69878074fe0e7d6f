"""Where from? By keyboard alone, and with two clicks of a mouse; its file holds what the page shows."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.screen import NARROW, csv, settled, visit
from tests.browser.server import Server
from tests.browser.test_accessibility import _violations

REGIONS = "/regions?indicator=reviewed"


def opened(page: Page) -> Locator:
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Definition")).to_be_visible()
    settled(page)
    return dialog


def test_by_keyboard_from_a_number_to_its_rows(page: Page) -> None:
    visit(page, REGIONS)
    button = page.locator(".st-key-ranked_region_whence").get_by_role("button")
    button.focus()
    page.keyboard.press("Enter")
    dialog = opened(page)
    assert page.evaluate("document.querySelector('[role=dialog]').contains(document.activeElement)")
    box = dialog.get_by_role("combobox", name="Figure")
    for _ in range(12):
        if box.evaluate("box => box === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(box).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("South W")
    expect(page.get_by_role("option")).to_have_text(["South West"])
    page.keyboard.press("Enter")
    expect(dialog.get_by_text("Needs agreed in review · South West · 2011/12 · all staff")).to_be_visible()
    settled(page)  # the button of the figure before stands there until this one's is drawn
    value = dialog.get_by_role("heading", level=2).nth(1).inner_text()
    file = dialog.get_by_role("button", name="The rows behind it (CSV)")
    file.focus()
    with page.expect_download() as caught:
        page.keyboard.press("Enter")
    rows = csv(caught.value)
    own = rows[rows["geographic_level"] == "Regional"]
    assert own["region_name"].tolist() == ["South West"]
    assert f"{float(own['reviewed_rate'].iloc[0]):.1f}%" == value
    expect(page.locator("[role=dialog]:focus-within")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()


def test_two_clicks_and_an_address_on_a_phone(new_page: Callable[..., Page], server: Server) -> None:
    page = new_page(server, viewport=NARROW, dark=True)
    visit(page, REGIONS)
    page.locator(".st-key-ranked_region_whence").get_by_role("button").click()
    dialog = opened(page)
    first = dialog.get_by_role("heading", level=2).nth(1).inner_text()
    grid = dialog.get_by_test_id("stDataFrame")
    grid.click(position={"x": 60, "y": 35 * 4 + 15})  # the fourth row
    expect(dialog.get_by_role("heading", level=2).nth(1)).not_to_have_text(first)
    assert _violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    link = dialog.get_by_role("link", name="Link to this").get_attribute("href")
    value = dialog.get_by_role("heading", level=2).nth(1).inner_text()
    page.goto(str(link))
    expect(opened(page).get_by_role("heading", level=2).nth(1)).to_have_text(value)
