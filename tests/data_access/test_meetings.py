"""Meetings, their agendas and what is noted in them, on both databases."""

from datetime import date

import pytest
from sqlalchemy import Engine, delete

from data_access import meetings
from data_access.engine import reading, writing
from data_access.errors import ChangedMeanwhile, UnknownCode
from data_access.meetings import MeetingRefused
from data_access.register_tables import agenda_item, decision, meeting
from data_access.versions import next_version

ORIGIN = "view=status_heat&period=2011/12"


def _planned(engine: Engine, title: str = "Spring", held_on: date = date(2012, 3, 7)) -> int:
    return meetings.plan_meeting(engine, {"title": title, "held_on": held_on}, "Ann")


def _row(engine: Engine, number: int) -> dict:
    with reading(engine) as connection:
        return meetings.one(connection, number).to_dict()


def _agenda(engine: Engine, number: int) -> list[dict]:
    with reading(engine) as connection:
        return meetings.agenda(connection, number).to_dict("records")


def test_views_are_pinned_moved_and_taken_away(engine: Engine) -> None:
    number = _planned(engine)
    first, second, third = (meetings.pin(engine, number, ORIGIN, "Ann", headline=text) for text in ("A", "B", "C"))
    meetings.reorder(engine, number, [third, first, second], "Ben")
    assert [item["headline"] for item in _agenda(engine, number)] == ["C", "A", "B"]
    with pytest.raises(MeetingRefused, match="changed meanwhile"):
        meetings.reorder(engine, number, [third, first], "Ben")
    seen = _agenda(engine, number)[1]["from_edit"]
    meetings.unpin(engine, first, "Ben", seen=seen)
    with pytest.raises(MeetingRefused, match="taken away meanwhile"):
        meetings.change_item(engine, first, {"headline": "D"}, "Cat", seen=seen)
    assert [item["headline"] for item in _agenda(engine, number)] == ["C", "B"]


def test_a_meeting_that_is_over_keeps_its_figures_and_is_closed(engine: Engine) -> None:
    number = _planned(engine)
    pinned = meetings.pin(engine, number, ORIGIN, "Ann")
    noted = meetings.decide(engine, number, "action", "Train leaders", "Ann", owner="NCLSCS", due=date(2012, 6, 1))
    version = meetings.close(engine, number, "Ann", seen=_row(engine, number)["from_edit"])
    with writing(engine) as connection:
        next_version(connection, "Later figures")
    assert _row(engine, number)["data_version"] == version
    assert _agenda(engine, number)[0]["data_version"] == version
    for attempt in (
        lambda: meetings.pin(engine, number, ORIGIN, "Ben"),
        lambda: meetings.decide(engine, number, "decision", "More", "Ben"),
        lambda: meetings.unpin(engine, pinned, "Ben", seen=1),
        lambda: meetings.strike(engine, noted, "Ben", seen=1),
        lambda: meetings.close(engine, number, "Ben", seen=1),
    ):
        with pytest.raises(MeetingRefused, match="is over"):
            attempt()


def test_two_who_change_one_note_are_told(engine: Engine) -> None:
    number = _planned(engine)
    noted = meetings.decide(engine, number, "decision", "Go on", "Ann")
    with reading(engine) as connection:
        seen = int(meetings.decisions(connection, number)["from_edit"].iloc[0])
    meetings.change_decision(engine, noted, {"text": "Go on, and faster"}, "Ben", seen=seen)
    with pytest.raises(ChangedMeanwhile, match="Ben changed it"):
        meetings.change_decision(engine, noted, {"text": "Stop"}, "Cat", seen=seen)
    with reading(engine) as connection:
        assert meetings.decisions(connection, number)["text"].tolist() == ["Go on, and faster"]
        assert meetings.decisions(connection, number, seen)["text"].tolist() == ["Go on"]


def test_the_next_meeting_and_the_one_before_are_found(engine: Engine) -> None:
    with writing(engine) as connection:
        for table in (decision, agenda_item, meeting):
            connection.execute(delete(table))
    with reading(engine) as connection, pytest.raises(UnknownCode, match="no meeting yet"):
        meetings.latest(connection)
    autumn, spring = _planned(engine, "Autumn", date(2011, 11, 2)), _planned(engine)
    summer = _planned(engine, "Summer", date(2012, 7, 4))
    meetings.close(engine, autumn, "Ann", seen=_row(engine, autumn)["from_edit"])
    with reading(engine) as connection:
        assert meetings.latest(connection) == spring
        assert meetings.before(connection, autumn) is None
        for number in (spring, summer):
            earlier = meetings.before(connection, number)
            assert earlier is not None
            assert earlier["id"] == autumn


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"title": " ", "held_on": date(2012, 3, 7)}, "title is missing"),
        ({"title": "Spring"}, "held on is missing"),
        ({"title": "x" * 161, "held_on": date(2012, 3, 7)}, "longer than 160"),
        ({"title": "Spring", "held_on": "soon"}, "not a date"),
    ],
)
def test_a_meeting_that_cannot_be_is_refused(reader: Engine, values: dict, said: str) -> None:
    with pytest.raises(MeetingRefused, match=said):
        meetings.plan_meeting(reader, values, "Ann")


def test_who_was_present_is_a_list(engine: Engine) -> None:
    number = _planned(engine)
    assert _row(engine, number)["present"] == []
    values = {"present": ["Ofsted", "UCET"], "place": "London"}
    meetings.change_meeting(engine, number, values, "Ann", seen=_row(engine, number)["from_edit"])
    assert _row(engine, number)["present"] == ["Ofsted", "UCET"]
    with pytest.raises(MeetingRefused, match="neither a decision nor"):
        meetings.decide(engine, number, "wish", "More", "Ann")
