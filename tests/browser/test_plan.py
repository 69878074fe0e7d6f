"""The plan in a browser: two people edit one action at once; a partner typed in, a look back, files to take away."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, expect

from data_access import plan
from data_access.engine import get_engine, reading
from tests.browser.conftest import Filled
from tests.browser.screen import NARROW, WAIT, content, csv, filter_box, parameters, settled, visit
from tests.browser.server import Server
from tests.browser.test_accessibility import _violations

TITLE = "Who promised what, and is it done?"
CODE = "1.2.1"


@pytest.fixture
def own(filled: Filled, tmp_path: Path) -> Filled:
    """A filled database of the test's own."""
    return Filled(Path(shutil.copy(filled.file, tmp_path / "own.db")))


def _action(own: Filled) -> pd.Series:
    with reading(get_engine(own.url)) as connection:
        return plan.actions(connection).set_index("code").loc[CODE]


def _open(page: Page) -> Page:
    """The page with the form of one action open."""
    visit(page, f"/plan?action={CODE}&owner=Becta", TITLE)
    page.get_by_text("Change what is said of it").click()
    expect(_field(page, "Note")).to_be_visible()
    return page


def _field(page: Page, label: str) -> Locator:
    return page.get_by_role("textbox", name=label, exact=True)


def _save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()
    settled(page)


def test_two_who_edit_one_action_at_once_are_told_and_nothing_is_lost(
    new_page: Callable[..., Page], serve: Callable[..., Server], own: Filled
) -> None:
    server = serve(own.url)
    ann, ben = _open(new_page(server)), _open(new_page(server))
    before = _action(own)
    filter_box(ann, "Status").click()
    ann.get_by_role("option", name="Done", exact=True).click()
    _field(ann, "Your name").fill("Ann")
    _save(ann)
    expect(ann.get_by_text(f"Action {CODE} was saved.")).to_be_visible(timeout=WAIT)

    _field(ben, "Note").fill("What Ben had to say, at length.")
    _field(ben, "Your name").fill("Ben")
    _save(ben)
    expect(ben.get_by_text("Nothing was saved: Ann changed it on")).to_be_visible(timeout=WAIT)
    expect(ben.get_by_text("Yours in the form: note; the rest now says what they wrote.")).to_be_visible()
    expect(ben.get_by_text("status: under way → done").first).to_be_visible()
    expect(_field(ben, "Note")).to_have_value("What Ben had to say, at length.")
    expect(filter_box(ben, "Status")).to_have_value("Done")
    stands = _action(own)
    assert (stands["status"], stands["note"]) == ("done", before["note"])

    _save(ben)
    expect(ben.get_by_text(f"Action {CODE} was saved.")).to_be_visible(timeout=WAIT)
    stands = _action(own)
    assert (stands["status"], stands["note"]) == ("done", "What Ben had to say, at length.")
    history = ben.locator("table").last.locator("tbody tr")
    expect(history.nth(0)).to_contain_text("Ben")
    expect(history.nth(1)).to_contain_text("Ann")


def test_a_partner_is_typed_in_and_an_earlier_state_is_as_it_was(
    new_page: Callable[..., Page], serve: Callable[..., Server], own: Filled
) -> None:
    server = serve(own.url)
    page = _open(new_page(server))
    # The box of the form: the filter above has the same label.
    owner = page.get_by_test_id("stForm").get_by_role("combobox", name="Owner")
    owner.click()
    owner.fill("A teaching school")
    page.keyboard.press("Enter")
    _field(page, "Your name").fill("Ann")
    _save(page)
    expect(page.get_by_text(f"Action {CODE} was saved.")).to_be_visible(timeout=WAIT)
    assert _action(own)["owner"] == "A teaching school"
    visit(page, f"/plan?action={CODE}&as_at=14", TITLE)
    expect(page.get_by_text("Regional delivery partnerships · Under way").first).to_be_visible()
    expect(page.get_by_role("button", name="Save")).to_have_count(0)


def test_filters_make_the_address_and_files_hold_what_is_shown(page: Page) -> None:
    visit(page, "/plan", TITLE)
    expect(page.get_by_role("heading", name="9 of 38 actions are late")).to_be_visible()
    box = filter_box(page, "Lateness")
    box.click()
    page.get_by_role("option", name="Late", exact=True).click()
    expect(page.get_by_role("heading", name="All 9 actions shown are late")).to_be_visible(timeout=WAIT)
    assert parameters(page)["late"] == "Late"
    settled(page)
    with page.expect_download(timeout=WAIT) as taken:
        page.get_by_role("button", name="The plan (CSV)").click()
    found = csv(taken.value)
    assert len(found) == 9
    assert set(found["Judged on"]) == {"31 August 2012"}
    assert taken.value.suggested_filename == "plan_late_2012-08-31.csv"
    with page.expect_download(timeout=WAIT) as taken:
        page.get_by_role("button", name="The plan (XLSX)").click()
    assert content(taken.value).startswith(b"PK")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_open_forms_are_accessible_on_a_phone_too(
    new_page: Callable[..., Page], server: Server, dark: bool
) -> None:
    page = _open(new_page(server, NARROW, dark))
    expect(page.get_by_text("Becta · due 31 August 2011")).to_be_visible()
    assert not _violations(page)
    visit(page, "/plan?part=Reviews", TITLE)
    page.get_by_text("Record a review").click()
    expect(page.get_by_role("button", name="Record as version")).to_be_visible(timeout=WAIT)
    settled(page)  # what comes in above the button moves it away from under the click
    page.get_by_role("button", name="Add a new action").click()
    expect(page.get_by_role("textbox", name="What is to be done")).to_be_visible(timeout=WAIT)
    settled(page)
    assert not _violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
