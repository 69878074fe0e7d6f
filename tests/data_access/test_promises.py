"""What is promised in a meeting stands in its minutes and in the plan, or in neither."""

from datetime import date

import pytest
from sqlalchemy import Engine

from data_access import meetings, plan
from data_access.engine import reading, writing
from data_access.errors import DataAccessError
from data_access.promises import promise

DUE = date(2012, 11, 30)


def _next(engine: Engine) -> int:
    with reading(engine) as connection:
        return meetings.latest(connection)


def _stands(engine: Engine) -> tuple[dict[str, dict], list[dict]]:
    """The plan's actions by code, and what the next meeting noted."""
    with reading(engine) as connection:
        actions = plan.actions(connection).set_index("code", drop=False).to_dict("index")
        return actions, meetings.decisions(connection, meetings.latest(connection)).to_dict("records")


def test_a_promise_becomes_an_action_of_the_plan(engine: Engine) -> None:
    before, _ = _stands(engine)
    code = promise(engine, _next(engine), "Visit ten clusters", "Ann", into="2.2", owner="SSAT", due=DUE)
    after, noted = _stands(engine)
    assert set(after) - set(before) == {code}
    row = after[code]
    assert (row["title"], row["owner"], row["due"], row["line"]) == ("Visit ten clusters", "SSAT", DUE, "2.2")
    assert (row["plan"], row["illustrative"]) == (2, False)
    (said,) = noted
    assert (said["kind"], said["action"], said["owner"], said["due"]) == ("action", code, "SSAT", DUE)


def test_a_promise_is_written_below_the_note_of_an_action_that_is_there(engine: Engine) -> None:
    before = _stands(engine)[0]["2.2.2"]
    assert promise(engine, _next(engine), "Bring three clusters", "Ann", into="2.2.2") == "2.2.2"
    after = _stands(engine)[0]["2.2.2"]
    assert after["note"] == f"{before['note']}\nMeeting of 10 October 2012: Bring three clusters"
    kept = ("owner", "starts", "due", "status", "milestones", "illustrative")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}


@pytest.mark.parametrize(
    ("into", "text", "by", "said"),
    [
        ("2.2", "x" * 201, "Ann", "title of 1 to 200"),
        ("9.9", "Visit", "Ann", "no action 9.9"),
        ("1.1.3", "Visit", "Ann", "ended on"),
        ("2.2", "Visit", " ", "Nobody's name"),
        ("2.2.2", "x" * 1990, "Ann", "note of 2,"),
    ],
)
def test_what_cannot_be_is_in_neither(reader: Engine, into: str, text: str, by: str, said: str) -> None:
    before = _stands(reader)
    with pytest.raises(DataAccessError, match=said):
        promise(reader, _next(reader), text, by, into=into)
    assert _stands(reader) == before


def test_a_meeting_that_is_over_promises_nothing_more(reader: Engine) -> None:
    before = _stands(reader)
    with pytest.raises(meetings.MeetingRefused, match="is over"):
        promise(reader, 1, "Visit ten clusters", "Ann", into="2.2")
    assert _stands(reader) == before
    with writing(reader) as connection, pytest.raises(meetings.MeetingRefused, match="neither a decision nor"):
        meetings.decide_within(connection, 2, "wish", "More", "Ann")
