"""Priorities by keyboard, on a wide screen and on a phone; from Overview's cards; one address for one view."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.screen import NARROW, WAIT, WIDE, choose, filter_box, open_table, parameters, settled, until, visit
from tests.browser.server import Server
from tests.browser.test_accessibility import _violations

TITLE = "How is this priority doing, outcome by outcome?"


def _tab_to(page: Page, wanted: Locator, most: int = 150) -> None:
    """Press Tab until an element has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{wanted} within {most} tabs")


def _box(page: Page, key: str) -> Locator:
    return page.locator(f".st-key-{key}")


def _priority(page: Page, name: str) -> Locator:
    return page.get_by_role("radio", name=name).or_(page.get_by_role("button", name=name, exact=True))


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1440", "390"])
def test_by_keyboard_to_an_outcome_and_an_indicator_in_full(
    new_page: Callable[..., Page], server: Server, viewport: dict[str, int]
) -> None:
    page = new_page(server, viewport)
    visit(page, "/priorities", TITLE)
    _tab_to(page, _priority(page, "Learning culture"))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    until(page, lambda: parameters(page).get("priority") == "Coherence", "the priority is in the address")
    settled(page)
    expect(page.get_by_role("heading", level=2, name="2a ")).to_be_visible()

    link = page.get_by_role("link", name="2f Multi-agency clusters grow and improve outcomes")
    _tab_to(page, link)
    page.keyboard.press("Enter")
    heading = page.get_by_role("heading", level=2, name="2f ")
    expect(heading).to_be_in_viewport(timeout=WAIT)

    more = _box(page, "more_network_reach").locator("summary")
    _tab_to(page, more, 250)
    page.keyboard.press("Enter")
    settled(page)
    full = _box(page, "more_network_reach")
    expect(full.get_by_role("heading", name="What it is and where it comes from")).to_be_visible(timeout=WAIT)
    expect(full.get_by_text("Numerator")).to_be_visible()
    settled(page)
    assert not _violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


@pytest.mark.parametrize(
    ("outcome", "count", "dark"), [("1b", 5, False), ("2f", 7, True), ("3h", 8, False)], ids=["1b", "2f-dark", "3h"]
)
def test_each_priority_is_readable_on_a_phone_and_what_bears_on_an_outcome_when_open(
    new_page: Callable[..., Page], server: Server, outcome: str, count: int, dark: bool
) -> None:
    page = new_page(server, NARROW, dark)
    visit(page, f"/priorities?outcome={outcome}&la=Camden", TITLE)
    _box(page, f"bears_{outcome}").locator("summary").click()
    expect(page.get_by_text("Which line serves which outcome is our reading")).to_be_visible(timeout=WAIT)
    settled(page)
    assert not _violations(page)
    charts = page.get_by_test_id("stVegaLiteChart").locator("visible=true")
    expect(charts).to_have_count(count)
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


def test_a_card_of_overview_opens_its_priority_with_the_filters_kept(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = new_page(server)
    visit(page, "/?region=London&period=2010/11", "Are we on track?")
    page.get_by_role("link", name="Quality, outcome by outcome").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE, timeout=WAIT)
    expect(page.get_by_role("heading", level=2, name="3a ")).to_be_visible(timeout=WAIT)
    expect(filter_box(page, "Region")).to_have_value("London")
    expect(filter_box(page, "Period")).to_have_value("2010/11")
    settled(page)
    until(page, lambda: parameters(page).get("region") == "London", "the filters are in the address")
    assert parameters(page)["priority"] == "Quality"
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Are we on track?", timeout=WAIT)
    page.get_by_role("link", name="Coherence, outcome by outcome").click()
    expect(page.get_by_role("heading", level=2, name="2a ")).to_be_visible(timeout=WAIT)


def test_evidence_of_an_outcome_is_one_step_away_and_the_way_back_says_nothing_wrong(
    new_page: Callable[..., Page], server: Server
) -> None:
    page = new_page(server)
    visit(page, "/priorities?priority=quality", TITLE)
    _box(page, "bears_3b").locator("summary").click()
    page.get_by_role("link", name="The evidence register").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How do we know?", timeout=WAIT)
    expect(filter_box(page, "Outcome")).to_have_value(
        "3b Staff use practice-based PD, peer observation and mutual feedback"
    )
    settled(page)
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Priorities").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE, timeout=WAIT)
    settled(page)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_sent_link_shows_the_same_and_a_borough_shows_its_neighbourhood(
    new_page: Callable[..., Page], server: Server
) -> None:
    one, two = new_page(server), new_page(server)
    visit(one, "/priorities?priority=culture", TITLE)
    choose(one, "Borough or local authority", "Camd", "Camden")
    settled(one)
    until(one, lambda: parameters(one).get("la") == "Camden", "the borough is in the address")
    visit(two, one.url.removeprefix(server.url), TITLE)
    for page in (one, two):
        settled(page)
        table = open_table(page, "outcome_1a")
        expect(table).to_contain_text("Kensington and Chelsea")
        expect(table).not_to_contain_text("North East")
    headings = [page.get_by_role("heading", level=3).all_inner_texts() for page in (one, two)]
    assert headings[0] == headings[1]
