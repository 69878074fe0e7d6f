"""A meeting by keyboard, from a pin to its minutes; two who change one agenda; old figures after a later import."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from data_access import meetings, plan
from data_access.engine import get_engine, reading, writing
from data_access.versions import next_version
from tests.browser.conftest import Filled
from tests.browser.screen import NARROW, WAIT, WIDE, content, in_menu, menu_of, parameters, settled, until, visit
from tests.browser.server import Server
from tests.browser.test_accessibility import _violations

TITLE = "Take us through it"
REGIONS = "Which regions and authorities lead or lag?"
NEXT = 2
VIEWS = ["Agenda", "Since last meeting", "In the room", "Minutes"]


@pytest.fixture
def own(filled: Filled, tmp_path: Path) -> Filled:
    """A filled database of the test's own."""
    return Filled(Path(shutil.copy(filled.file, tmp_path / "own.db")))


def _focused(target: Locator) -> bool:
    return bool(target.evaluate("element => element === document.activeElement"))


def _tab_to(page: Page, target: Locator, most: int = 40) -> None:
    """Press Tab until the target has the focus."""
    expect(target).to_be_visible(timeout=WAIT)
    for _ in range(most):
        if _focused(target):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {target}")


def _press(page: Page, target: Locator, key: str = "Enter") -> None:
    target.focus()
    page.keyboard.press(key)


def _field(page: Page, label: str) -> Locator:
    return page.get_by_role("textbox", name=label, exact=True)


def _button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def _go(page: Page, view: str) -> None:
    """Choose one of the views by keyboard."""
    choice = page.get_by_role("radio", name=view, exact=True).or_(_button(page, view)).first
    _press(page, choice, "Space")
    until(page, lambda: parameters(page).get("what", VIEWS[0]) == view, f"{view} is in the address")
    settled(page)


def _headlines(page: Page) -> list[str]:
    """The numbered headlines of the agenda."""
    found = page.get_by_test_id("stMain").locator("strong").all_inner_texts()
    return [text for text in found if re.match(r"\d+\. ", text)]


def _pin(page: Page) -> None:
    """Pin the ranked regions, from the address of their page to the link that opens the agenda."""
    visit(page, "/regions?indicator=reviewed", REGIONS)
    _press(page, menu_of(page, "ranked_region"))
    _tab_to(page, in_menu(page, "ranked_region", "pin"), 14)  # the keyboard is taken into the menu
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    _tab_to(page, dialog.get_by_role("textbox", name="Headline"))
    page.keyboard.type("Reviews: who is ahead?")
    _tab_to(page, dialog.get_by_role("textbox", name="Presenter", exact=True))
    page.keyboard.type("ADCS")
    _tab_to(page, dialog.get_by_role("textbox", name="Your name"))
    page.keyboard.type("Ann")
    page.keyboard.press("Enter")
    expect(dialog.get_by_text("Pinned to the agenda of Advisory group, autumn 2012")).to_be_visible(timeout=WAIT)
    _tab_to(page, dialog.get_by_role("link", name="Open the agenda"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE, timeout=WAIT)
    settled(page)


def _move_up_twice(page: Page) -> None:
    """Choose the pinned view and move it up without leaving the button."""
    box = page.get_by_role("combobox", name="View", exact=True)
    found = page.get_by_role("option", name="9. Reviews: who is ahead?")
    for _ in range(3):  # a page that was just opened may take the focus once: whoever types sees it, and types again
        box.focus()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type("Reviews")
        try:
            expect(found).to_be_visible(timeout=WAIT / 4)
            break
        except AssertionError:
            continue
    expect(page.get_by_role("option")).to_have_text(["9. Reviews: who is ahead?"])
    page.keyboard.press("Enter")
    settled(page)
    up = _button(page, "Move up")
    expect(up).to_be_enabled(timeout=WAIT)
    _tab_to(page, up)
    for number in (8, 7):
        page.keyboard.press("Enter")
        expect(page.get_by_text(f"“Reviews: who is ahead?” is now view {number}.")).to_be_visible(timeout=WAIT)
        settled(page)
        assert _focused(up), "the focus stays, to move on"


def _note(page: Page) -> None:
    """Note an action with an owner of its own, and put it into the plan."""
    radio = page.get_by_role("radio", name="Decision", exact=True)
    _press(page, radio, "ArrowRight")
    expect(page.get_by_role("radio", name="Action", exact=True)).to_be_checked()
    _tab_to(page, _field(page, "What was said"))
    page.keyboard.type("Visit ten clusters")
    _tab_to(page, page.get_by_role("combobox", name="Owner", exact=True))
    page.keyboard.type("A teaching school")
    page.keyboard.press("Enter")
    _tab_to(page, page.get_by_role("combobox", name=re.compile("^Of an action: into the plan")))
    page.keyboard.type("New action in 2.2")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    _tab_to(page, _button(page, "Note it"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Action noted.")).to_be_visible(timeout=WAIT)
    settled(page)


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1440", "390"])
def test_a_meeting_from_pin_to_minutes_by_keyboard(
    new_page: Callable[..., Page], serve: Callable[..., Server], own: Filled, viewport: dict[str, int]
) -> None:
    page = new_page(serve(own.url), viewport)
    _pin(page)
    assert parameters(page)["meeting"] == str(NEXT)
    assert _headlines(page)[-1] == "9. Reviews: who is ahead?"
    expect(_field(page, "Your name")).to_have_value("Ann")
    _move_up_twice(page)
    assert _headlines(page)[6] == "7. Reviews: who is ahead?"

    _go(page, "In the room")
    _note(page)
    expect(
        page.get_by_text(re.compile(r"Visit ten clusters\. Owner: A teaching school\. Action 2\.2\.\d"))
    ).to_be_visible()
    with reading(get_engine(own.url)) as connection:
        (row,) = meetings.decisions(connection, NEXT).to_dict("records")
        actions = plan.actions(connection).set_index("code")
    assert actions.loc[row["action"], ["title", "owner"]].tolist() == ["Visit ten clusters", "A teaching school"]

    _go(page, "Minutes")
    with page.expect_download(timeout=WAIT) as taken:
        _press(page, _button(page, "Minutes as text (Markdown)"))
    text = content(taken.value).decode()
    assert taken.value.suggested_filename == "minutes_2012-10-10.md"
    assert "7. Reviews: who is ahead? (ADCS). " in text
    assert "1. Visit ten clusters. Owner: A teaching school." in text

    _press(page, page.get_by_role("checkbox", name=re.compile("^The meeting is over")), "Space")
    close = _button(page, "Close the meeting")
    expect(close).to_be_enabled(timeout=WAIT)
    settled(page)
    _press(page, close)
    expect(page.get_by_text("The meeting is closed: its figures are kept.")).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("it saw data version 17, which still counts.")).to_be_visible()


def test_of_two_who_change_one_view_the_second_is_told_and_keeps_what_was_typed(
    new_page: Callable[..., Page], serve: Callable[..., Server], own: Filled
) -> None:
    server = serve(own.url)
    ann, ben = new_page(server), new_page(server)
    for page, name in ((ann, "Ann"), (ben, "Ben")):
        visit(page, "/meeting", TITLE)
        _field(page, "Your name").fill(name)
        _field(page, "Your name").press("Enter")
        settled(page)
        _button(page, "Change").click()
        expect(_field(page, "Presenter's note")).to_be_visible(timeout=WAIT)
        settled(page)
        _field(page, "Presenter's note").fill(f"What {name} had to say.")
    ann.get_by_role("button", name="Save").click()
    expect(ann.get_by_text("The view was changed.")).to_be_visible(timeout=WAIT)
    ben.get_by_role("button", name="Save").click()
    expect(ben.get_by_text("Nothing was saved: Ann changed it on")).to_be_visible(timeout=WAIT)
    expect(ben.get_by_text("What Ann had to say.")).to_be_visible()
    expect(_field(ben, "Presenter's note")).to_have_value("What Ben had to say.")
    ben.get_by_role("button", name="Save").click()
    expect(ben.get_by_text("The view was changed.")).to_be_visible(timeout=WAIT)
    with reading(get_engine(own.url)) as connection:
        assert meetings.agenda(connection, NEXT)["note"].iloc[0] == "What Ben had to say."


def test_a_meeting_that_is_over_shows_its_old_figures_after_a_later_import_and_says_so(
    new_page: Callable[..., Page], serve: Callable[..., Server], own: Filled
) -> None:
    page = new_page(serve(own.url))
    visit(page, "/meeting?meeting=1", TITLE)
    before = _headlines(page)
    expect(page.get_by_text("it saw data version 15; 2 changes to the data since.")).to_be_visible()
    with writing(get_engine(own.url)) as connection:
        next_version(connection, "A later import")
    visit(page, "/meeting?meeting=1", TITLE)
    expect(page.get_by_text("it saw data version 15; 3 changes to the data since.")).to_be_visible()
    assert _headlines(page) == before
    links = page.get_by_role("link", name="Open its page")
    expect(links).to_have_count(6)
    assert all("as_at=15" in str(link.get_attribute("href")) for link in links.all())


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_open_dialog_and_forms_are_accessible_on_a_phone_too(
    new_page: Callable[..., Page], server: Server, dark: bool
) -> None:
    page = new_page(server, NARROW, dark)
    visit(page, "/regions", REGIONS)
    menu_of(page, "ranked_region").click()
    page.locator(".st-key-ranked_region_pin").get_by_role("button", name="Pin to meeting").click()
    expect(page.get_by_role("dialog").get_by_role("textbox", name="Your name")).to_be_visible(timeout=WAIT)
    settled(page)
    assert not _violations(page)
    visit(page, "/meeting", TITLE)
    _button(page, "Change").click()
    expect(_field(page, "Presenter's note")).to_be_visible(timeout=WAIT)
    settled(page)
    assert not _violations(page)
    visit(page, "/meeting?what=In the room", TITLE)
    page.get_by_role("button", name="Who is present, and what is said of the meeting").click()
    expect(_field(page, "Place")).to_be_visible(timeout=WAIT)
    settled(page)
    assert not _violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
