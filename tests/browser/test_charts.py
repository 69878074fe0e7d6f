"""The chart builder by keyboard alone: the preview and the address follow, Back leads back, a link opens the same."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.screen import NARROW, WIDE, content, download, parameters, settled, until, visit
from tests.browser.server import Server

TITLE = "Which chart do you need?"
OWN = "North and <b>South</b> www.example.org"


def _choose(page: Page, label: str, typed: str) -> None:
    """Type part of an option's name into a control and take the first option."""
    page.get_by_role("combobox", name=label).focus()
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")


def _says(page: Page, **said: str) -> None:
    until(page, lambda: said.items() <= parameters(page).items(), f"the address holds {said}")
    settled(page)


def _built(page: Page) -> str:
    """Build bars with a title by keyboard; the address then."""
    visit(page, "/charts", TITLE)
    page.get_by_role("combobox", name="Kind of chart").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.type("Bars")
    page.keyboard.press("Enter")
    _says(page, kind="bars")
    _choose(page, "Indicators, up to 12", "needs agreed")
    _says(page, kind="bars", indicators="reviewed")
    expect(page.get_by_test_id("stVegaLiteChart")).to_have_count(1)
    expect(page.get_by_role("alert")).to_contain_text("Do not read the order as ranks")

    page.locator(".st-key-built_words summary").focus()
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="Title", exact=True).focus()
    page.keyboard.type(OWN)
    page.keyboard.press("Enter")
    heading = page.get_by_role("heading", level=2)
    expect(heading).to_contain_text("North and <b>South</b>")
    _says(page, title=OWN)
    expect(heading.get_by_role("link", name="example")).to_have_count(0)
    return page.url


def test_by_keyboard_alone_on_a_phone(new_page: Callable[..., Page], server: Server) -> None:
    page = new_page(server, NARROW)
    _built(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_by_keyboard_alone_then_back_and_the_link_opens_it_again(new_page: Callable[..., Page], server: Server) -> None:
    page = new_page(server, WIDE)
    sent = _built(page)
    assert "North and &lt;b&gt;South&lt;/b&gt;" in content(download(page, "built", "svg")).decode()
    page.go_back()
    until(page, lambda: "title" not in parameters(page), "Back takes the title away")
    settled(page)
    expect(page.get_by_role("heading", level=2)).not_to_contain_text("North and")
    expect(page.get_by_role("textbox", name="Title", exact=True)).to_have_value("")

    visit(page, sent.removeprefix(server.url), TITLE)
    expect(page.get_by_role("heading", level=2)).to_contain_text("North and <b>South</b>")
    expect(page.get_by_role("combobox", name="Kind of chart")).to_have_value("Bars")
