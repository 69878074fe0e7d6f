"""Edits keep what they replace, and two people who edit one row at once are told."""

from datetime import date

import pytest
from sqlalchemy import Engine, select

from data_access import bulk, edits, register_tables
from data_access.engine import reading, writing
from data_access.errors import ChangedMeanwhile
from data_access.versions import next_version

DAY = date(2012, 3, 7)


@pytest.fixture
def meeting(engine: Engine) -> int:
    """The number of a meeting, made by the first edit of a test."""
    with writing(engine) as connection:
        number = edits.begin(connection, "Ann", "A meeting for the spring")
        return edits.add(connection, register_tables.meeting, {"title": "Spring", "held_on": DAY}, number)


def _row(engine: Engine, meeting: int, number: int | None = None) -> dict:
    with reading(engine) as connection:
        there = edits.table(register_tables.meeting, number)
        frame = bulk.frame(connection, select(there).where(there.c.id == meeting))
    return {} if frame.empty else frame.iloc[0].to_dict()


def _change(engine: Engine, meeting: int, seen: int, by: str, **values: object) -> bool:
    with writing(engine) as connection:
        number = edits.begin(connection, by, "A change")
        return edits.change(connection, register_tables.meeting, meeting, values, number, seen=seen)


def test_a_row_is_changed_and_what_it_was_is_kept(engine: Engine, meeting: int) -> None:
    first = _row(engine, meeting)["from_edit"]
    assert _change(engine, meeting, first, "Ben", place="Manchester")
    assert _row(engine, meeting)["place"] == "Manchester"
    assert _row(engine, meeting, first)["place"] == ""
    with reading(engine) as connection:
        history = edits.history(connection, register_tables.meeting, meeting)
    assert history[["place", "made_by"]].to_numpy().tolist() == [["Manchester", "Ben"], ["", "Ann"]]
    assert history["made_at"].is_monotonic_decreasing


def test_the_second_of_two_editors_is_told_who_changed_it_and_nothing_is_overwritten(
    engine: Engine, meeting: int
) -> None:
    seen = _row(engine, meeting)["from_edit"]
    _change(engine, meeting, seen, "Ben", place="Manchester")
    with pytest.raises(ChangedMeanwhile, match=r"Ben changed it on .* UTC"):
        _change(engine, meeting, seen, "Cat", place="Leeds")
    assert _row(engine, meeting)["place"] == "Manchester"
    with reading(engine) as connection:
        assert edits.current(connection) == _row(engine, meeting)["from_edit"], "the refused edit left no number"


def test_what_was_taken_away_is_kept_and_cannot_be_changed(engine: Engine, meeting: int) -> None:
    seen = _row(engine, meeting)["from_edit"]
    with writing(engine) as connection:
        number = edits.begin(connection, "Ben", "It is not held")
        edits.remove(connection, register_tables.meeting, meeting, number, seen=seen)
    assert not _row(engine, meeting)
    assert _row(engine, meeting, seen)["title"] == "Spring"
    with pytest.raises(ChangedMeanwhile, match=r"Ben took it away on .* UTC"):
        _change(engine, meeting, seen, "Cat", place="Leeds")
    with writing(engine) as connection:
        number = edits.begin(connection, "Ann", "Another")
        added = edits.add(connection, register_tables.meeting, {"title": "Summer", "held_on": DAY}, number)
    assert added == meeting + 1, "a number is not used twice"


def test_the_same_values_are_no_change(engine: Engine, meeting: int) -> None:
    seen = _row(engine, meeting)["from_edit"]
    assert not _change(engine, meeting, seen, "Ben", title="Spring", held_on=DAY)
    assert _row(engine, meeting)["from_edit"] == seen


def test_two_changes_in_one_edit_keep_one_state(engine: Engine, meeting: int) -> None:
    seen = _row(engine, meeting)["from_edit"]
    with writing(engine) as connection:
        number = edits.begin(connection, "Ben", "Two changes")
        edits.change(connection, register_tables.meeting, meeting, {"place": "Leeds"}, number, seen=seen)
        edits.change(connection, register_tables.meeting, meeting, {"place": "York"}, number, seen=number)
    with reading(engine) as connection:
        assert edits.history(connection, register_tables.meeting, meeting)["place"].tolist() == ["York", ""]


def test_the_state_that_went_with_a_data_version_is_found(engine: Engine, meeting: int) -> None:
    seen = _row(engine, meeting)["from_edit"]
    with writing(engine) as connection:
        before = next_version(connection, "Figures") - 1
        number = edits.begin(connection, "Ben", "After the figures")
        edits.change(connection, register_tables.meeting, meeting, {"place": "Leeds"}, number, seen=seen)
    with reading(engine) as connection:
        assert edits.at(connection, before) == seen
        assert edits.at(connection, before + 1) == number
