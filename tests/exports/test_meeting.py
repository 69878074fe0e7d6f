"""A meeting outside its page: the agenda's figures, what changed since the last one, the minutes."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sqlalchemy import Engine

from data_access import meetings
from data_access.engine import get_engine, reading, writing
from data_access.errors import UnknownCode
from data_access.versions import next_version
from exports import agenda, minutes, shown, since
from exports.views import data, registry
from tests.aside import at_a_copy
from tests.exports.conftest import look_at, look_away

PAST, NEXT, SEEN, NOW = 1, 2, 15, 17


@pytest.fixture(scope="module", autouse=True)
def _database(full_database: Path) -> Iterator[None]:
    """Everything reads the whole data set, which nobody changes."""
    with pytest.MonkeyPatch.context() as patch:
        look_at(full_database, patch)
        yield
    look_away()


@pytest.fixture
def engine(full_database: Path, tmp_path: Path) -> Iterator[Engine]:
    """The whole data set, the test's own."""
    with at_a_copy(Path(shutil.copy(full_database, tmp_path / "cpd.db"))) as own:
        yield own


def _later(engine: Engine) -> None:
    with writing(engine) as connection:
        next_version(connection, "Later figures")


def test_each_view_of_an_agenda_shows_the_figures_of_its_data_version() -> None:
    past, to_come = agenda.views(PAST), agenda.views(NEXT)
    assert [view.number for view in to_come] == list(range(1, 9))
    assert {(view.version, view.fixed) for view in past} == {(SEEN, True)}
    assert [view.fixed for view in to_come] == [False, True, *[False] * 6]
    for view in (*past, *to_come):
        assert view.figure is not None, view.trouble
        assert view.figure == registry.again(view.origin, view.version)
        assert f"data version {view.version}" in view.figure.source
        assert len(view.headline.split()) <= 10
    as_seen, corrected = to_come[1:3]
    assert as_seen.origin == corrected.origin
    assert as_seen.figure is not None
    assert corrected.figure is not None
    assert not as_seen.figure.table.equals(corrected.figure.table)
    assert as_seen.link.endswith(f"as_at={SEEN}")
    assert "as_at" not in corrected.link


def test_a_meeting_that_is_over_shows_what_it_saw_after_a_later_import(engine: Engine) -> None:
    before = agenda.views(PAST)
    assert "it saw data version 15; 2 changes to the data since." in minutes.minutes(PAST).about[2]
    _later(engine)
    after = agenda.views(PAST)
    assert [view.figure for view in after] == [view.figure for view in before]
    assert "it saw data version 15; 3 changes to the data since." in minutes.minutes(PAST).about[2]
    assert {view.version for view in agenda.views(NEXT)} == {SEEN, NOW + 1}


def test_closing_fixes_what_the_views_show(engine: Engine) -> None:
    with reading(engine) as connection:
        seen = int(meetings.one(connection, NEXT)["from_edit"])
    assert not agenda.views(NEXT)[0].fixed
    meetings.close(engine, NEXT, "Ann", seen=seen)
    assert "it saw data version 17, which still counts." in minutes.minutes(NEXT).about[2]
    _later(engine)
    assert {view.version for view in agenda.views(NEXT)} == {SEEN, NOW}


def test_a_view_that_cannot_be_shown_says_why(engine: Engine) -> None:
    meetings.pin(engine, NEXT, "view=ranked&level=la&indicator=wizardry", "Ann")
    meetings.pin(engine, NEXT, "view=funnel_plot&indicator=pd_days&period=2011/12", "Ann", headline="Days")
    *_, unknown, empty = agenda.views(NEXT)
    assert "not a known indicator" in unknown.trouble
    assert (unknown.headline, unknown.link, unknown.figure) == ("A view that cannot be shown", "", None)
    assert (empty.headline, empty.trouble) == ("Days", agenda.NOTHING)
    assert "not a known indicator" in minutes.shown(unknown)


def test_there_is_no_agenda_of_no_meeting() -> None:
    with pytest.raises(UnknownCode, match="no meeting 99"):
        agenda.views(99)
    with pytest.raises(UnknownCode, match="no meeting 99"):
        minutes.minutes(99)


def test_since_the_last_meeting_tells_what_moved_turned_and_was_revised() -> None:
    culture, coherence, quality = since.by_priority(shown.understood({}, NOW), SEEN)
    assert culture.counts == "4 of 10 on track, 6 of 10 at the last meeting"
    assert culture.moved == ("**Structured induction**: up 2.5 points to 84.9% in 2011/12, summer term, better",)
    assert culture.turned == (
        "**Inclusive PD policy**: from On track to At risk, as 2011/12 was revised",
        "**Structured induction**: from On track to At risk, with the figure of 2011/12, summer term",
    )
    assert culture.revised[0] == "**Inclusive PD policy**: 2011/12 is now 74.6%, was 76.1%"
    assert coherence.quiet
    assert coherence.counts.endswith("as at the last meeting")
    assert len(quality.moved) == 1
    assert not quality.turned
    titles = set(culture.table["Indicator"])
    for line in (*culture.moved, *culture.turned, *culture.revised):
        assert line.split("**")[1] in titles
    induction = culture.table.set_index("Indicator").loc["Structured induction"]
    assert induction[since.LAST] == "82.4%, 2011/12, spring term"
    assert induction["Now"] == "84.9%, 2011/12, summer term"


def test_since_says_what_a_region_saw_and_nothing_where_nothing_came() -> None:
    now = shown.understood({"region": "Yorkshire and The Humber"}, NOW)
    culture, *_ = since.by_priority(now, SEEN)
    assert "**Inclusive PD policy**: from On track to Off track, as 2011/12 was revised" in culture.turned
    assert all(each.quiet for each in since.by_priority(now, NOW))
    assert all(each.quiet for each in since.by_priority(replace(now, version=SEEN), SEEN))


def test_since_speaks_of_the_chosen_period_only() -> None:
    earlier = since.by_priority(shown.understood({"period": "2010/11"}, NOW), SEEN)
    assert all(each.quiet for each in earlier)


def test_since_tells_what_changed_in_the_partnership_register() -> None:
    with reading(get_engine()) as connection:
        this, before = meetings.one(connection, NEXT), meetings.before(connection, NEXT)
    assert before is not None
    england, camden = (since.partnerships(shown.understood(of, NOW), before, this) for of in ({}, {"la": "Camden"}))
    assert england.against == (
        "England: the partnership register as on 10 October 2012 against 18 July 2012, each as it was known"
    )
    assert england.invented
    groups = england.changes.groups
    assert [len(groups[title]) for title in ("Begun", "Ended", "Health check done")] == [1, 2, 2]
    assert "New stall warning" in groups
    assert "Stall warning gone" in groups
    assert list(camden.changes.groups) == ["Begun"]
    # A meeting that is over sees the register as it was when it was closed.
    over = this.copy()
    over["data_version"], over["from_edit"] = NOW, before["from_edit"]
    assert "Begun" not in since.partnerships(shown.understood({}, NOW), before, over).changes.groups


def test_what_cannot_be_seen_after_rounding_is_only_counted() -> None:
    found = since.rows(shown.understood({}, NOW), SEEN)
    row = found[found["revised"]].iloc[[0]].assign(value_revised=lambda row: row["value_before"] + 1e-4)
    told = since._of_priority("culture", "Learning culture", "", row, shown.understood({}, NOW))
    assert told.revised == ("1 figure by less than can be seen",)


class _Outline(HTMLParser):
    """The elements of a page and its text."""

    def __init__(self, page: str):
        super().__init__()
        self.tags: list[str] = []
        self.text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, found: str) -> None:
        self.text.append(found)


def test_minutes_hold_who_was_there_what_was_shown_decided_and_promised() -> None:
    text = minutes.markdown(minutes.minutes(PAST)).decode()
    assert re.findall(r"^#+ .*$", text, flags=re.MULTILINE) == [
        "# Advisory group, summer 2012", "## Present", "## Agenda", "## Decisions", "## Actions",
    ]  # fmt: skip
    assert "18 July 2012, London." in text
    assert minutes.ILLUSTRATIVE in text
    assert "- Association of Directors of Children's Services\n" in text
    for view in agenda.views(PAST):
        assert f"{view.number}. {view.headline} ({view.presenter}). {view.what}. Data version 15." in text
    assert "2. Wait for the corrected returns" in text
    assert "Owner: Specialist Schools and Academies Trust. Due: 21 September 2012. Action 2.2.2 of the plan." in text
    made = minutes.minutes(PAST)
    outline = _Outline(minutes.html(made).decode())
    assert [tag for tag in outline.tags if tag in ("h1", "h2")] == ["h1", *["h2"] * 4]
    assert outline.tags.count("li") == sum(len(section.lines) for section in made.sections)
    assert "script" not in outline.tags
    assert made.stem == "minutes_2012-07-18"


def test_what_people_typed_stays_text_in_the_minutes(engine: Engine) -> None:
    number = meetings.plan_meeting(engine, {"title": "A <b>bold</b> plan", "held_on": date(2013, 1, 9)}, "Ann")
    empty = minutes.minutes(number)
    assert [section.none for section in empty.sections if not section.lines] == [
        "Nobody is noted as present.", "There was no agenda.", "Nothing was decided.", "No action was agreed.",
    ]  # fmt: skip
    assert minutes.ILLUSTRATIVE not in empty.about
    meetings.decide(engine, number, "decision", "Go on <script>alert(1)</script>\n# not a heading", "Ann")
    made = minutes.minutes(number)
    outline = _Outline(minutes.html(made).decode())
    assert not {"b", "script"} & set(outline.tags)
    assert "A <b>bold</b> plan" in outline.text
    lines = minutes.markdown(made).decode().splitlines()
    assert "1. Go on <script>alert(1)</script> # not a heading." in lines


def test_an_agenda_is_made_again_only_where_something_changed(engine: Engine) -> None:
    first = agenda.views(NEXT)
    assert agenda.views(NEXT) is first
    meetings.reorder(engine, NEXT, [view.item for view in reversed(first)], "Ann")
    again = agenda.views(NEXT)
    assert [view.item for view in again] == [view.item for view in reversed(first)]
    assert data.current_version() == NOW
