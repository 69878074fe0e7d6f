"""A meeting on the big screen, by keyboard: every slide at once, none lost, with and without a network."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from data_access import meetings, queries
from data_access.engine import get_engine, reading
from tests.browser import slides as timing
from tests.browser.conftest import Filled
from tests.browser.screen import NARROW, until
from tests.browser.server import Server

ROOM = {"width": 1280, "height": 720}
PROJECTOR = {"width": 1920, "height": 1080}
RANKED = "view=ranked&level=region&indicator=reviewed"
FIRST_VIEW = 6  # after the cover, an agenda of three slides, and that there was no meeting before
SLOWEST = 100  # milliseconds from the key to the slide on the screen
SEVEN_TO_ONE = {"rules": {"color-contrast-enhanced": {"enabled": True}}}
CUT_OFF = """() => [...document.querySelectorAll('.slide:not([hidden]) :is(h2, .both, .said, .text, footer, svg)')]
    .filter(e => e.getBoundingClientRect().bottom > innerHeight + 1
        || (e.matches('.said, .text') && e.scrollHeight > e.clientHeight + 2))
    .map(e => e.outerHTML.slice(0, 90))"""


@dataclass(frozen=True)
class Presented:
    """A served meeting: its address and database."""

    server: Server
    number: int
    url: str

    @property
    def address(self) -> str:
        """Below the server's root."""
        return f"/present/{self.number}"

    def noted(self) -> list[str]:
        """What stands in the minutes."""
        with reading(get_engine(self.url)) as connection:
            return list(meetings.decisions(connection, self.number)["text"])


@pytest.fixture(scope="module")
def presented(filled: Filled, tmp_path_factory: pytest.TempPathFactory) -> Presented:  # type: ignore[misc]
    """A meeting with a view of each indicator, some kinds of chart, and one that cannot be made."""
    folder = tmp_path_factory.mktemp("presented")
    url = f"sqlite:///{shutil.copy(filled.file, folder / 'cpd.db')}"
    engine = get_engine(url)
    given = {"title": "Spring meeting", "held_on": date(2012, 3, 7), "place": "London"}
    number = meetings.plan_meeting(engine, given, "Ann")
    with reading(engine) as connection:
        codes = list(queries.indicators(connection)["code"])[:24]
    meetings.pin(engine, number, RANKED, "Ann", note="Ask why the last one trails.", presenter="Ofsted")
    for origin in ("view=status_heat", "view=ranking&areas=Camden&areas=Kent&indicator=reviewed&reference=England"):
        meetings.pin(engine, number, origin, "Ann")
    for code in codes:
        meetings.pin(engine, number, f"view=trajectory&indicator={code}", "Ann")
    meetings.pin(engine, number, "view=ranked&level=region&indicator=gone", "Ann")
    with Server(url, folder / "server.log") as server:
        yield Presented(server, number, url)


@pytest.fixture
def slides(new_page: Callable[..., Page], presented: Presented) -> Page:
    """The meeting's first slide on a screen of 1280 x 720."""
    return _opened(new_page(presented.server, ROOM, lenient=True), presented)


def _opened(page: Page, presented: Presented, at: str = "") -> Page:
    page.goto(f"{presented.address}{at}", timeout=60_000)
    expect(page.locator("section.slide:visible")).to_have_count(1)
    return page


def _number(page: Page) -> int:
    return int(page.locator("section.slide:visible .number").inner_text())


def _count(page: Page) -> int:
    return page.locator("section.slide").count()


def _expect(page: Page, number: int) -> None:
    expect(page.locator("section.slide:visible .number")).to_have_text(str(number))


def test_every_key_turns_the_slides(slides: Page) -> None:
    last = _count(slides)
    assert last > 30
    for key, number in (
        ("ArrowRight", 2), ("PageDown", 3), (" ", 4), ("ArrowDown", 5), ("ArrowLeft", 4), ("PageUp", 3), ("ArrowUp", 2),
        ("Shift+Space", 1), ("ArrowLeft", 1), ("End", last), ("PageDown", last), ("Home", 1),
    ):  # fmt: skip
        slides.keyboard.press(key)
        assert _number(slides) == number, key
    slides.keyboard.type("12")
    assert _number(slides) == 1
    slides.keyboard.press("Enter")
    assert _number(slides) == 12
    expect(slides.locator("#said")).to_contain_text(f"Slide 12 of {last}. ")
    slides.keyboard.type("999")
    slides.keyboard.press("Enter")
    assert _number(slides) == last
    slides.reload()
    _expect(slides, last)


def test_fast_presses_are_all_heard_and_each_slide_is_there_at_once(slides: Page) -> None:
    timing.listen(slides)
    for _ in range(30):
        slides.keyboard.press("PageDown")
    assert _number(slides) == 31
    until(slides, lambda: slides.evaluate("took.length") == 30, "every press was timed")
    times = timing.best(slides, 8, SLOWEST)
    assert max(times) < SLOWEST, times


def test_black_is_black_until_the_next_key(slides: Page) -> None:
    black = slides.locator("#black")
    for key in ("b", "."):
        expect(black).to_be_hidden()
        slides.keyboard.press(key)
        expect(black).to_be_visible()
        assert black.bounding_box() == {"x": 0, "y": 0, **ROOM}
        assert black.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(0, 0, 0)"
        slides.keyboard.press("PageDown")
    assert _number(slides) == 1


def test_nothing_but_the_slide_is_seen_until_it_is_wanted(slides: Page) -> None:
    bar = slides.locator("#bar")
    assert bar.evaluate("e => getComputedStyle(e).opacity") == "0"
    slides.mouse.move(200, 200)
    slides.mouse.move(260, 260)
    until(slides, lambda: bar.evaluate("e => getComputedStyle(e).opacity") == "1", "the controls are seen")
    until(slides, lambda: bar.evaluate("e => getComputedStyle(e).opacity") == "0", "the controls fade")
    slides.keyboard.press("?")
    expect(slides.get_by_role("dialog", name="Keys")).to_be_visible()
    slides.keyboard.press("PageDown")
    slides.keyboard.press("Escape")
    assert _number(slides) == 1
    following = slides.get_by_role("button", name="Next")
    for _ in range(3):  # where the dialog was, the browser begins at the top of the page
        if not following.evaluate("e => e === document.activeElement"):
            slides.keyboard.press("Tab")
    expect(following).to_be_focused()
    assert bar.evaluate("e => getComputedStyle(e).pointerEvents") == "auto"
    slides.keyboard.press("Enter")
    assert _number(slides) == 2


def test_the_list_of_slides_and_the_presenters_note_open_by_key(slides: Page) -> None:
    slides.keyboard.press("o")
    expect(slides.get_by_role("dialog").get_by_role("button", name="Spring meeting")).to_be_focused()
    for _ in range(FIRST_VIEW - 1):
        slides.keyboard.press("ArrowDown")
    slides.keyboard.press("Enter")
    assert _number(slides) == FIRST_VIEW
    assert slides.get_by_text("Ask why the last one trails.").count() == 0
    slides.keyboard.press("n")
    expect(slides.get_by_role("dialog")).to_contain_text("Presented by Ofsted.Ask why the last one trails.")
    slides.keyboard.press("ArrowRight")
    expect(slides.get_by_role("dialog")).to_contain_text("There is no note for this slide.")


def test_another_region_is_shown_when_somebody_asks(slides: Page) -> None:
    slides.keyboard.type(str(FIRST_VIEW))
    slides.keyboard.press("Enter")
    heading = slides.locator("section.slide:visible h2")
    pinned = heading.inner_text()
    slides.keyboard.press("r")
    expect(slides.get_by_role("button", name="As pinned")).to_be_focused()
    for _ in range(2):
        slides.keyboard.press("ArrowDown")
    slides.keyboard.press("Enter")
    expect(heading).to_contain_text("North West")
    assert _number(slides) == FIRST_VIEW
    slides.keyboard.press("PageDown")
    slides.keyboard.press("PageUp")
    expect(heading).to_contain_text("North West")
    slides.keyboard.press("r")
    slides.keyboard.press("Enter")
    expect(heading).to_have_text(pinned)
    slides.keyboard.press("Home")
    slides.keyboard.press("r")
    expect(slides.locator("#line")).to_have_text("This slide is not about a region.")


def test_the_slides_go_on_without_a_network(slides: Page, presented: Presented) -> None:
    slides.context.set_offline(True)
    last = _count(slides)
    for number in range(1, last + 1):
        assert _number(slides) == number
        shown = slides.locator("section.slide:visible")
        assert shown.locator("h2").inner_text().strip()
        assert shown.locator("svg, .text").count() == 1
        slides.keyboard.press("PageDown")
    assert slides.evaluate("document.fonts.check(\"24px 'Source Sans 3'\")")
    slides.keyboard.type(str(FIRST_VIEW))
    slides.keyboard.press("Enter")
    slides.keyboard.press("r")
    slides.keyboard.press("ArrowDown")
    slides.keyboard.press("Enter")
    expect(slides.locator("#line")).to_have_text(
        "The network is gone: North East cannot be shown now. The slide stays as it is."
    )
    assert _number(slides) == FIRST_VIEW
    _note(slides, "Kept through a broken network", "Ann")
    expect(slides.locator("#line")).to_contain_text("kept in this browser and sent when it is back")
    assert "Kept through a broken network" not in presented.noted()
    slides.context.set_offline(False)
    until(slides, lambda: "Kept through a broken network" in presented.noted(), "the note was sent")
    slides.keyboard.press("End")
    expect(slides.locator("section.slide:visible")).to_contain_text("Kept through a broken network")
    assert presented.noted().count("Kept through a broken network") == 1


def test_a_note_kept_without_a_network_outlives_the_page(slides: Page, presented: Presented) -> None:
    slides.route("**/notes", lambda route: route.abort())
    _note(slides, "Outlives the page", "Ann")
    expect(slides.locator("#line")).to_contain_text("kept in this browser")
    slides.keyboard.press("?")
    expect(slides.get_by_role("dialog")).to_contain_text("Notes kept in this browser until the network is back: 1.")
    slides.unroute("**/notes")
    slides.reload()
    until(slides, lambda: "Outlives the page" in presented.noted(), "the note was sent")


def _note(page: Page, text: str, name: str = "") -> None:
    page.keyboard.press("d")
    expect(page.get_by_label("What was said")).to_be_focused()
    page.keyboard.type(text)
    if name:
        page.get_by_label("Your name, for the history").fill(name)
    page.get_by_role("button", name="Save").click()


def test_a_decision_and_an_action_are_noted_in_the_room(slides: Page, presented: Presented) -> None:
    slides.keyboard.press("PageDown")
    slides.keyboard.press("d")
    slides.keyboard.type("b is a key, too")
    slides.get_by_role("button", name="Save").click()
    expect(slides.get_by_role("alert")).to_have_text("Type your name: it stands in the history.")
    expect(slides.get_by_label("What was said")).to_have_value("b is a key, too")
    slides.keyboard.type("Ann")
    slides.keyboard.press("Enter")
    expect(slides.locator("#line")).to_have_text("The note is in the minutes.")
    assert _number(slides) == 2
    slides.keyboard.press("d")
    expect(slides.get_by_label("Your name, for the history")).to_have_value("Ann")
    slides.get_by_label("An action that somebody promises").check()
    slides.get_by_label("What was said").fill("Train <leaders> & others")
    slides.get_by_label("Owner").fill("A partner")
    slides.get_by_label("Due").fill("2012-06-01")
    slides.get_by_role("button", name="Save").click()
    slides.keyboard.press("End")
    noted = slides.locator("section.slide:visible")
    expect(noted).to_contain_text("Action: Train <leaders> & others. Owner: A partner. Due: 1 June 2012.")
    expect(noted).to_contain_text("Decision: b is a key, too.")
    assert {"b is a key, too", "Train <leaders> & others"} <= set(presented.noted())


def test_a_note_that_the_server_refuses_stays_in_the_form(slides: Page, presented: Presented) -> None:
    slides.route("**/notes", lambda route: route.fulfill(status=400, body="This meeting is over."))
    _note(slides, "Too late", "Ann")
    expect(slides.get_by_role("alert")).to_have_text("This meeting is over.")
    expect(slides.get_by_label("What was said")).to_have_value("Too late")


@pytest.mark.parametrize("viewport", [ROOM, PROJECTOR, NARROW], ids=["1280", "1920", "390"])
def test_axe_finds_nothing_and_nothing_is_cut_off(
    new_page: Callable[..., Page], presented: Presented, viewport: dict[str, int]
) -> None:
    page = _opened(new_page(presented.server, viewport), presented)
    for number in (1, 2, FIRST_VIEW, FIRST_VIEW + 1, _count(page) - 1, _count(page)):
        page.keyboard.type(str(number))
        page.keyboard.press("Enter")
        _expect(page, number)
        found = (
            Axe().run(page, options={"rules": {"color-contrast-enhanced": {"enabled": True}}}).response["violations"]
        )
        assert [(each["id"], each["nodes"][0]["html"][:90]) for each in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        smallest = page.evaluate(
            """() => Math.min(...[...document.querySelectorAll('.slide:not([hidden]) :is(h2, p, li)')]
                .filter(e => e.textContent).map(e => parseFloat(getComputedStyle(e).fontSize)))"""
        )
        assert smallest >= (16 if viewport is NARROW else 24 * viewport["height"] / 720 - 0.01)
        if viewport is not NARROW:
            assert page.evaluate(CUT_OFF) == []


def test_a_swipe_turns_the_slides_on_a_phone(new_page: Callable[..., Page], presented: Presented) -> None:
    page = _opened(new_page(presented.server, NARROW), presented)
    swipe = """([from, to]) => {
        const touch = (x) => [new Touch({ identifier: 1, target: document.body, clientX: x, clientY: 300 })];
        document.body.dispatchEvent(new TouchEvent('touchstart', { bubbles: true, touches: touch(from) }));
        document.body.dispatchEvent(new TouchEvent('touchend', { bubbles: true, changedTouches: touch(to) }));
    }"""
    page.evaluate(swipe, [300, 100])
    _expect(page, 2)
    page.evaluate(swipe, [100, 300])
    _expect(page, 1)
    page.evaluate(swipe, [300, 280])
    _expect(page, 1)


def test_a_meeting_that_is_over_takes_no_notes(
    new_page: Callable[..., Page], filled: Filled, tmp_path: Path, serve: Callable[..., Server]
) -> None:
    url = f"sqlite:///{shutil.copy(filled.file, tmp_path / 'cpd.db')}"
    engine = get_engine(url)
    number = meetings.plan_meeting(engine, {"title": "Autumn", "held_on": date(2011, 11, 7)}, "Ann")
    meetings.pin(engine, number, RANKED, "Ann")
    with reading(engine) as connection:
        seen = int(meetings.one(connection, number)["from_edit"])
    meetings.close(engine, number, "Ann", seen=seen)
    page = new_page(serve(url), ROOM)
    page.goto(f"/present/{number}#3")
    expect(page.locator("section.slide:visible footer")).to_contain_text("As it stood on 7 November 2011")
    page.keyboard.press("d")
    expect(page.locator("#line")).to_have_text("This meeting is over; its minutes are closed.")
