"""Partnerships in a browser: an address that opens cold, hostile text, and an officer who enters one by keyboard."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from data_access.engine import get_engine
from data_access.partnerships import entries
from data_access.partnerships.fields import CHALLENGES, PARTNERSHIPS
from tests.browser.conftest import Filled
from tests.browser.screen import NARROW, WAIT, filter_box, parameters, settled, visit
from tests.browser.server import Server
from tests.browser.test_evidence import presses, tab_to, types

TITLE = "Who works with whom, and does it last?"
MARKUP = "<script>document.title='taken'</script> **bold** [link](//elsewhere.example) ![p](//elsewhere.example/p.png)"
HOSTILE = {
    "name": f"{MARKUP} x"[:160],
    "kind": "school_cluster",
    "purpose": f"{MARKUP} $x^2$ " + "Verylongword" * 80,
    "areas": ["203"],
    "began": date(2009, 9, 1),
    "outcomes": ["2b"],
}
NewPage = Callable[..., Page]


@pytest.fixture(scope="module")
def written(filled: Filled, tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """A filled database that these tests write to, with a partnership whose texts are hostile; `code` names it."""
    own = Filled(Path(shutil.copy(filled.file, tmp_path_factory.mktemp("partnerships") / "own.db")))
    engine = get_engine(own.url)
    code = str(entries.add(engine, PARTNERSHIPS, HOSTILE, MARKUP[:100]))
    day = date(2010, 1, 1)
    for challenge in ("clarity_of_roles", "timely_communication", "personnel_changes"):
        row = {"challenge": challenge, "state": "open", "opened_on": day, "noted_on": day, "done": MARKUP}
        entries.add(engine, CHALLENGES, row, "Ann", to=code)
    engine.dispose()
    return own


@pytest.fixture(scope="module")
def running(written: Filled, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for these tests."""
    with Server(written.url, tmp_path_factory.mktemp("log") / "server.log") as started:
        yield started


def test_the_address_of_a_view_opens_cold_with_its_state(new_page: NewPage, running: Server) -> None:
    page = new_page(running)
    visit(page, "/partnerships?show=does-it-last?&partnership_kind=school_cluster&region=London", TITLE)
    expect(filter_box(page, "Kind")).to_have_value("Cluster of schools")
    expect(filter_box(page, "Region")).to_have_value("London")
    expect(page.get_by_role("radio", name="Does it last?")).to_be_checked()
    asked = parameters(page)
    assert (asked["show"], asked["partnership_kind"]) == ("Does it last?", "Cluster of schools")


def test_hostile_text_stays_text(new_page: NewPage, running: Server) -> None:
    page = new_page(running, NARROW, dark=True)
    visit(page, "/partnerships?show=Stalling&la=Greenwich", TITLE)
    link = page.get_by_role("link", name=str(HOSTILE["name"])).first
    expect(link).to_be_visible(timeout=WAIT)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    visit(page, str(link.get_attribute("href")), TITLE)  # it opens in a tab of its own
    expect(page.get_by_role("heading", name=str(HOSTILE["name"])[:40])).to_be_visible(timeout=WAIT)
    settled(page)
    main = page.get_by_test_id("stMain")
    assert "Verylongword" * 80 in main.inner_text()
    assert main.locator("script, img[src*=elsewhere], a[href*='//elsewhere']").count() == 0
    assert page.title() != "taken"
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def chooses(page: Page, label: str, typed: str) -> None:
    """The first option that what is typed leaves in a box of the form, which is below the page's filters."""
    tab_to(page, page.get_by_role("combobox", name=label, exact=True).last)
    page.keyboard.type(typed)
    expect(page.get_by_role("option").first).to_contain_text(typed)
    page.keyboard.press("Enter")


def days(page: Page, label: str, typed: str) -> None:
    """A day, as day, month and year."""
    tab_to(page, page.get_by_role("spinbutton", name=f"day, {label}"))
    page.keyboard.type(typed)
    page.keyboard.press("Tab")


def test_an_officer_enters_a_partnership_by_keyboard_and_finds_it_again(new_page: NewPage, running: Server) -> None:
    page = new_page(running)
    visit(page, "/partnerships?la=Camden", TITLE)
    presses(page, "Add a partnership")
    expect(page.get_by_role("heading", name="A new partnership")).to_be_visible(timeout=WAIT)
    types(page, "Name", "Camden's mentors")
    chooses(page, "Kind", "Network of CPD leaders")
    days(page, "Began", "01092010")
    types(page, "Your name", "Ada")
    presses(page, "Save")
    expect(page.get_by_text("The partnership was entered.")).to_be_visible(timeout=WAIT)
    code = parameters(page)["partnership"]
    presses(page, "Add a member")
    chooses(page, "Kind", "Local authority")
    types(page, "Organisation", "Camden")
    chooses(page, "Role", "Lead")
    days(page, "Joined", "01092010")
    presses(page, "Save")
    expect(page.get_by_text("The member was entered.")).to_be_visible(timeout=WAIT)
    part = page.get_by_role("radio", name="Activities (0)")
    part.focus()
    page.keyboard.press("Space")
    settled(page)
    presses(page, "Add an activity")
    chooses(page, "Kind", "Meeting")
    days(page, "Held on", "10102010")
    types(page, "What it was", "First meeting")
    presses(page, "Save")
    expect(page.get_by_text("The activity was entered.")).to_be_visible(timeout=WAIT)
    page.reload()
    expect(page.get_by_role("heading", name=f"{code} Camden's mentors")).to_be_visible(timeout=WAIT)
    for said in ("Members (1)", "Activities (1)"):
        expect(page.get_by_role("radio", name=said)).to_be_visible(timeout=WAIT)
