"""Evidence by keyboard alone, on a wide screen and on a phone: a refusal, an entry, a gap that closes, two editors."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from data_access import evidence
from data_access.engine import get_engine, reading
from seed_data import reference
from tests.browser.conftest import Filled
from tests.browser.screen import NARROW, WAIT, WIDE, csv, filter_box, on_map, parameters, says, settled, until, visit
from tests.browser.server import Server
from tests.browser.test_accessibility import _violations

TITLE = "How do we know?"


@pytest.fixture
def own(filled: Filled, tmp_path: Path) -> Filled:
    """A filled database of the test's own."""
    return Filled(Path(shutil.copy(filled.file, tmp_path / "own.db")))


def tab_to(page: Page, wanted: Locator, most: int = 120) -> None:
    """Press Tab until an element has the focus."""
    for _ in range(most):
        if wanted.count() and wanted.first.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} within {most} tabs")


def field(page: Page, label: str) -> Locator:
    return page.get_by_role("textbox", name=label, exact=True)


def types(page: Page, label: str, text: str) -> None:
    tab_to(page, field(page, label))
    page.keyboard.type(text)


def picks(page: Page, label: str, typed: str) -> None:
    """One more choice in a box that takes several."""
    tab_to(page, page.get_by_role("combobox", name=label))
    page.keyboard.type(typed)
    expect(page.get_by_role("option").first).to_contain_text(typed)
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")


def presses(page: Page, name: str) -> None:
    tab_to(page, page.get_by_role("button", name=name, exact=True))
    page.keyboard.press("Enter")
    settled(page)


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1440", "390"])
def test_by_keyboard_alone_a_gap_is_found_and_closed(
    new_page: Callable[..., Page], serve: Callable[..., Server], own: Filled, viewport: dict[str, int]
) -> None:
    page = new_page(serve(own.url), viewport)
    visit(page, "/evidence", TITLE)
    expect(page.get_by_role("heading", name="2 of 20 outcomes have no evidence, 2 only limited")).to_be_visible()
    visit(page, "/evidence?sheet=register&outcome=2f", TITLE)
    expect(page.get_by_text("No entry passes these filters.")).to_be_visible()
    presses(page, "Add an entry")
    expect(page.get_by_role("heading", name="A new entry")).to_be_visible(timeout=WAIT)
    types(page, "Title", "Clusters with other services")
    types(page, "Organisation", "A children's trust")
    types(page, "Method", "Interviews in each cluster")
    types(page, "Sample", "Leaders of clusters")
    types(page, "What it found", "They met more often than before.")
    picks(page, "Outcomes", "2f")
    picks(page, "Areas", "Leeds")
    types(page, "Source", "Trust report, 2011")
    types(page, "Your name", "Ada")
    presses(page, "Save")
    expect(page.get_by_text("Began: it is empty.")).to_be_visible(timeout=WAIT)
    expect(field(page, "Title")).to_have_value("Clusters with other services")
    tab_to(page, page.get_by_role("spinbutton", name="day, Began"))
    page.keyboard.type("01032011")
    page.keyboard.press("Tab")
    presses(page, "Save")
    expect(page.get_by_text("E27 was entered.")).to_be_visible(timeout=WAIT)
    expect(page.get_by_role("heading", name="E27 Clusters with other services")).to_be_visible()
    assert parameters(page)["evidence"] == "E27"
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    visit(page, "/evidence", TITLE)
    expect(page.get_by_role("heading", name="1 of 20 outcomes has no evidence, 3 only limited")).to_be_visible()


def test_two_browsers_change_one_entry_and_nothing_is_overwritten(
    new_page: Callable[..., Page], serve: Callable[..., Server], own: Filled
) -> None:
    running = serve(own.url)
    first, second = (new_page(running) for _ in range(2))
    for page in (first, second):
        visit(page, "/evidence?evidence=E07", TITLE)
        page.get_by_role("button", name="Change this entry").click()
        field(page, "Your name").fill("Ada" if page is first else "Ben")
    field(first, "Source").fill("Working paper, second edition")
    first.get_by_role("button", name="Save", exact=True).click()
    expect(first.get_by_text("E07 was changed.")).to_be_visible(timeout=WAIT)
    field(second, "Title").fill("Diaries")
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.get_by_text("Nothing was saved: Ada changed it on")).to_be_visible(timeout=WAIT)
    expect(second.get_by_text("Source is now: Working paper, second edition")).to_be_visible()
    expect(field(second, "Title")).to_have_value("Diaries")
    with reading(get_engine(own.url)) as connection:
        there = evidence.register(connection).set_index("code").loc["E07"]
    assert (there["title"], there["source"]) == ("Impact diaries of teachers", "Working paper, second edition")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("sheet", ["Case studies", "Published facts"])
def test_the_other_views_are_clean_on_a_phone_too(
    new_page: Callable[..., Page], server: Server, sheet: str, dark: bool
) -> None:
    page = new_page(server, NARROW, dark)
    visit(page, f"/evidence?sheet={sheet}", TITLE)
    assert not _violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_the_form_is_clean(new_page: Callable[..., Page], server: Server) -> None:
    page = new_page(server)
    visit(page, "/evidence?sheet=Register", TITLE)
    page.get_by_role("button", name="Add an entry").click()
    expect(page.get_by_role("heading", name="A new entry")).to_be_visible()
    settled(page)
    assert not _violations(page)


def test_a_point_opens_its_case_study_and_filters_narrow_map_and_list(page: Page) -> None:
    visit(page, "/evidence?feature=coaching_and_mentoring", TITLE)
    expect(page.get_by_role("heading", name="3 of 9 case studies show this")).to_be_visible()
    expect(filter_box(page, "Feature of effective development")).to_have_value("Coaching and mentoring")
    chart = page.get_by_test_id("stDeckGlJsonChart").locator("#deckgl-wrapper")
    chart.scroll_into_view_if_needed()
    bedford = reference.authorities().set_index("name").loc["Bedford"]
    bounds, place = reference.bounds()["england"], (bedford["longitude"], bedford["latitude"])

    def opened() -> bool:
        box = chart.bounding_box()
        assert box is not None
        at = on_map(box, bounds, place)
        page.mouse.move(at[0] + 2, at[1] + 2)
        page.wait_for_timeout(300)
        page.mouse.click(*at)
        return says(page, "case", "sharnbrook")

    until(page, opened, "a click on the point chooses it", 40)
    expect(page.get_by_text("A school improvement team of ten")).to_be_visible(timeout=WAIT)


def test_the_file_of_a_region_holds_what_bears_on_it(page: Page) -> None:
    visit(page, "/evidence?sheet=Register&region=London&kind=survey", TITLE)
    with page.expect_download(timeout=WAIT) as caught:
        page.get_by_role("button", name="These entries (CSV)").click()
    assert caught.value.suggested_filename == "evidence_london_2011-12.csv"
    made = csv(caught.value)
    assert set(made["Kind"]) == {"Survey"}
    assert set(made["Areas"]) <= {"England", "London"}
    assert set(made["Illustrative"]) == {"yes"}
