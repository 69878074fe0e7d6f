"""Compare: areas by typing and as ready sets, by keyboard alone, kept in the address; readable on a phone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.screen import NARROW, WIDE, choose, parameters, settled, until, visit
from tests.browser.server import Server

TITLE = "How do areas compare?"
EIGHT = "Camden,Kensington and Chelsea,Bath and North East Somerset,Yorkshire and The Humber,London,England,Kent,Leeds"


def _areas(page: Page) -> list[str]:
    """All areas of the address, in order."""
    found: list[str] = page.evaluate("new URLSearchParams(location.search).getAll('areas')")
    return found


def _box(page: Page) -> Locator:
    return page.get_by_role("combobox", name=re.compile("^Areas to compare"))


def _chips(page: Page) -> Locator:
    return page.get_by_test_id("stMultiSelect").first.locator("[data-tag]")


def _is_shown(page: Page, areas: list[str]) -> None:
    settled(page)
    expect(_chips(page)).to_have_text(areas)
    until(page, lambda: _areas(page) == areas, f"the address holds {areas}")


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1440", "390"])
def test_by_keyboard_alone_two_areas_a_ready_set_and_back(
    new_page: Callable[..., Page], server: Server, viewport: dict[str, int]
) -> None:
    page = new_page(server, viewport)
    visit(page, "/compare?la=Camden", TITLE)
    expect(_chips(page)).to_have_text(["Camden", "London", "England"])
    _box(page).focus()
    for _ in range(3):
        page.keyboard.press("Backspace")
    expect(_chips(page)).to_have_count(0)
    for typed in ("islingt", "hackn"):
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
    _is_shown(page, ["Islington", "Hackney"])
    page.keyboard.press("Escape")
    expect(page.get_by_text("Islington and Hackney · 2011/12").first).to_be_visible()

    button = page.get_by_role("button", name="Statistical neighbours", exact=True)
    until(page, lambda: _tabbed_to(page, button), "the keyboard reaches the ready sets")
    page.keyboard.press("Enter")
    until(page, lambda: len(_areas(page)) == 8, "the set is in the address")
    neighbours = _areas(page)
    assert neighbours[0] == "Camden"
    _is_shown(page, neighbours)
    expect(page.get_by_text(re.compile("the closest 7 of its 10 statistical neighbours")).first).to_be_visible()

    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    _is_shown(page, neighbours)
    page.go_back()
    _is_shown(page, ["Islington", "Hackney"])


def _tabbed_to(page: Page, target: Locator) -> bool:
    page.keyboard.press("Tab")
    return bool(target.evaluate("element => element === document.activeElement"))


def test_a_sent_link_shows_the_same_to_another_reader(new_page: Callable[..., Page], server: Server) -> None:
    one, two = new_page(server), new_page(server)
    visit(one, "/compare?areas=202,Kent,lon,Atlantis&indicator=reviewed", TITLE)
    _is_shown(one, ["Camden", "Kent", "London"])
    expect(one.get_by_role("alert").filter(has_text="“Atlantis” is not a known area")).to_have_count(1)
    choose(one, "Compared with", "Engl", "England")
    expect(one.get_by_role("alert")).to_have_count(0)
    settled(one)
    one.get_by_role("radio", name="Quality").or_(one.get_by_role("button", name="Quality", exact=True)).click()
    until(one, lambda: parameters(one).get("show") == "Quality", "the priority is in the address")
    assert parameters(one)["against"] == "England"
    settled(one)
    visit(two, one.url.removeprefix(server.url), TITLE)
    for page in (one, two):
        _is_shown(page, ["Camden", "Kent", "London"])
        expect(page.get_by_role("heading", name="Every indicator against England")).to_be_visible()
    headings = [page.get_by_role("heading", level=3).all_inner_texts() for page in (one, two)]
    assert headings[0] == headings[1]
    assert len(headings[0]) == 4


def test_eight_areas_are_readable_on_a_phone(new_page: Callable[..., Page], server: Server) -> None:
    page = new_page(server, NARROW)
    visit(page, f"/compare?areas={EIGHT}&indicator=reviewed", TITLE)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    charts = page.get_by_test_id("stVegaLiteChart").locator("visible=true")
    expect(charts).to_have_count(3)
    clipped = charts.evaluate_all(
        """charts => charts.flatMap(chart => {
            const frame = chart.getBoundingClientRect();
            return [...chart.querySelectorAll('svg text')]
                .filter(text => text.textContent.trim() && !text.closest('[style*="display: none"]'))
                .map(text => [text.textContent, text.getBoundingClientRect()])
                .filter(([, box]) => box.width && (box.left < frame.left - 1 || box.right > frame.right + 1))
                .map(([said]) => said);
        })"""
    )
    assert clipped == []
    assert not charts.locator("svg text", has_text="…").count(), "no label is cut"
    table = page.get_by_test_id("stTable").locator("visible=true").first
    expect(table.locator("thead th")).to_have_count(9)
