"""An officer's minute, keyboard only: her borough found, where it stands, whom to call, the report in her downloads."""

import io
import re
from collections.abc import Callable

import openpyxl
import pytest
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from data_access import queries, values
from data_access.engine import get_engine, reading
from measures import words
from tests.browser.conftest import Filled
from tests.browser.screen import NARROW, WAIT, WIDE, content, filter_box, parameters, settled, visit
from tests.browser.server import Server

FAR = 260  # presses of Tab within which anything on a page is reached
_FOCUSED = "element => element === document.activeElement || element.contains(document.activeElement)"


def tab_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Press Tab until the element has the focus."""
    expect(wanted).to_be_attached(timeout=WAIT)
    for _ in range(FAR):
        page.keyboard.press(key)
        if wanted.evaluate(_FOCUSED):
            return
    raise AssertionError(f"{wanted} is not reached by keyboard")


def go(page: Page, name: str, title: str) -> None:
    """Follow a link of the page by keyboard."""
    tab_to(page, page.get_by_test_id("stMain").get_by_role("link", name=name))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(title, timeout=WAIT)
    settled(page)


def take(page: Page, button: Locator) -> bytes:
    """A file, by pressing its button."""
    tab_to(page, button)
    with page.expect_download(timeout=3 * WAIT) as caught:
        page.keyboard.press("Enter")
    return content(caught.value)


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1440", "390"])
def test_the_minute_of_an_officer(
    new_page: Callable[..., Page], server: Server, filled: Filled, viewport: dict[str, int]
) -> None:
    page = new_page(server, viewport)
    visit(page, "/local-authority", "How is my borough doing?")
    if viewport is NARROW:  # there the filters are behind a button
        tab_to(page, page.get_by_test_id("stExpandSidebarButton"))
        page.keyboard.press("Enter")
    box = filter_box(page, "Borough or local authority")
    tab_to(page, box)
    page.keyboard.type("camd")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("How is Camden doing?", timeout=WAIT)
    settled(page)
    assert parameters(page)["la"] == "Camden"
    if viewport is NARROW:
        tab_to(page, page.get_by_test_id("stSidebarCollapseButton").get_by_role("button"), "Shift+Tab")
        page.keyboard.press("Enter")

    # Where it stands: three priorities, against England, London and its neighbours, as the values say.
    with reading(get_engine(filled.url)) as connection:
        about = queries.indicators(connection).set_index("code")
        rows = values.at_period(values.area_values(connection, "la"), "2011/12", about["frequency"])
    rows = rows[rows["area_code"] == "202"].set_index("indicator")
    for priority, group in about[about["priority"].notna()].groupby("priority_short"):
        mine = rows[rows.index.isin(group.index)]
        card = page.get_by_test_id("stHtml").filter(has=page.get_by_role("heading", name=str(priority), exact=True))
        expect(card).to_contain_text(f"{(mine['status'] == 'on_track').sum()} of {len(mine)}")
    expect(page.get_by_role("heading", name="Needs attention")).to_be_visible()
    expect(page.get_by_text("compared with England, London and its statistical neighbours").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]

    # The report for Monday.
    report = PdfReader(io.BytesIO(take(page, page.get_by_role("button", name="Report (PDF)"))))
    text = " ".join(part.extract_text() for part in report.pages)
    assert "Professional development in Camden" in text
    assert words.number(rows.loc["reviewed", "value"], "percent") in text
    assert report.trailer["/Root"]["/MarkInfo"]["/Marked"]

    # Which schools to call.
    go(page, "Its schools", "Which schools in Camden should I talk to?")
    sheet = openpyxl.load_workbook(io.BytesIO(take(page, page.get_by_role("button", name=re.compile("to chase")))))[
        "Schools to chase"
    ]
    assert sheet.max_row > 5
    assert any("Example" in str(cell.value) for row in sheet.iter_rows() for cell in row)
