"""The tile map in a browser: seen whole and legible on a laptop and a phone, and a click on a tile chooses."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import test_accessibility as accessibility
from tests.browser.screen import NARROW, WIDE, choose, filter_box, open_table, parameters, settled, visit
from tests.browser.server import Server

LA = "Borough or local authority"


def _map(page: Page) -> Locator:
    return page.locator("[role='graphics-document'][aria-label^='Tile map of ']")


def _tile(page: Page, name: str) -> Locator:
    return _map(page).locator(f".mark-symbol [aria-label^='Area: {name};']")


def _box(place: Locator) -> dict[str, Any]:
    box = place.bounding_box()
    assert box is not None
    return dict(box)


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1440", "390"])
def test_a_click_on_camdens_tile_chooses_camden(
    new_page: Callable[..., Page], server: Server, viewport: dict[str, int]
) -> None:
    page = new_page(server, viewport, dark=viewport is NARROW)
    visit(page, "/regions?map=tiles", "Which regions and authorities lead or lag?")
    expect(_map(page)).to_have_accessible_name(re.compile("^Tile map of 152 local authorities"))
    _map(page).scroll_into_view_if_needed()
    camden, kent = _box(_tile(page, "Camden")), _box(_tile(page, "Kent"))
    assert camden["width"] == pytest.approx(camden["height"], abs=0.1)
    assert camden["width"] >= 20
    frame = _box(_map(page))
    assert frame["x"] <= _box(_tile(page, "Isles of Scilly"))["x"]
    assert kent["x"] + kent["width"] <= frame["x"] + frame["width"]
    sizes = _map(page).evaluate(
        "map => [...map.querySelectorAll('.mark-text text')].filter(t => t.textContent.trim())"
        ".map(t => parseFloat(getComputedStyle(t).fontSize))"
    )
    assert min(sizes) >= 9
    lines = accessibility._violations(page)
    assert not lines, "\n".join(lines)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]

    _tile(page, "Camden").click()
    expect(page.get_by_text(re.compile(r"Camden · 2011/12")).first).to_be_visible()
    settled(page)
    assert parameters(page) == {"map": "Tiles", "la": "Camden", "region": "London"}
    expect(_map(page)).to_have_accessible_name(re.compile("^Tile map of 33 local authorities"))
    assert _box(_tile(page, "Camden"))["width"] > 1.5 * camden["width"], "a region's own tiles are larger"


def test_what_was_let_go_can_be_clicked_again_and_the_kind_of_map_is_kept(page: Page) -> None:
    visit(page, "/?region=London&map=tiles", "Are we on track?")
    for _ in range(2):
        _tile(page, "Camden").click()
        expect(filter_box(page, LA)).to_have_value("Camden")
        settled(page)
        choose(page, LA, "All", "All")
        settled(page)
    assert "Camden" in open_table(page, "tiles").inner_text()
    page.get_by_role("link", name="Regions").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Which regions and authorities lead or lag?")
    expect(_map(page)).to_be_visible()
    settled(page)
    assert parameters(page)["map"] == "Tiles"
    page.get_by_role("radio", name="Map", exact=True).click()
    expect(_map(page)).to_have_count(0)
    expect(page.get_by_test_id("stDeckGlJsonChart")).to_be_visible()
    page.get_by_role("link", name="Overview").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Are we on track?")
    settled(page)
    expect(page.get_by_test_id("stDeckGlJsonChart")).to_be_visible()
    assert parameters(page) == {"region": "London"}
