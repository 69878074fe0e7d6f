"""Files of statistical neighbours: read, followed through changed codes, and refused with every fault named."""

import pandas as pd
import pytest

from data_access.files.checked import Checked
from data_access.files.neighbours import read
from data_access.files.table import Table
from tests.data_access.known_places import known_places

COLUMNS = ["old_la_code", "neighbour_old_la_code", "rank", "closeness"]
GOOD = [["202", "302", "1", "0.5"], ["202", "203", "2", "0.75"], ["302", "202", "1", ""]]


def checked(*rows: list[str], columns: list[str] = COLUMNS) -> Checked:
    """What is made of a file with these rows."""
    return read(Table.of("neighbours.csv", pd.DataFrame(list(rows), columns=columns, dtype=str)), known_places())


def test_the_rows_are_taken_as_they_are() -> None:
    found = checked(*GOOD)
    assert found.problems == found.notes == []
    assert found.rows.columns.tolist() == ["la_code", "neighbour_code", "rank", "closeness"]
    assert found.rows.iloc[:2].to_numpy().tolist() == [["202", "302", 1, 0.5], ["202", "203", 2, 0.75]]
    assert pd.isna(found.rows["closeness"].iloc[2])


def test_closeness_may_be_missing() -> None:
    found = checked(*[row[:3] for row in GOOD], columns=COLUMNS[:3])
    assert found.problems == []
    assert found.rows["closeness"].isna().all()


def test_codes_that_changed_are_followed() -> None:
    found = checked(["E06000057", "E08000037", "1", ""])
    assert found.rows[["la_code", "neighbour_code"]].to_numpy().tolist() == [["929", "390"]]


def test_authorities_formed_later_are_left_out_and_the_ranks_move_up() -> None:
    found = checked(["202", "839", "1", ""], ["202", "302", "2", ""], ["839", "202", "1", ""])
    assert found.problems == []
    assert found.rows[["neighbour_code", "rank"]].to_numpy().tolist() == [["302", 1]]
    assert sum(found.ignored.values()) == 2
    assert "moved up" in found.notes[0]
    assert "no row is left" in checked(["839", "202", "1", ""]).problems[0].message


@pytest.mark.parametrize(
    ("row", "column", "value", "says"),
    [
        (["202", "999", "3", ""], "neighbour_old_la_code", "999", "no local authority has this code"),
        (["", "302", "1", ""], "old_la_code", "", "no local authority has this code"),
        (["Camden", "302", "1", ""], "old_la_code", "Camden", "no local authority has this code"),
        (["940", "302", "1", ""], "old_la_code", "940", "split later"),
        (["202", "202", "3", ""], "neighbour_old_la_code", "202", "its own neighbour"),
        (["202", "303", "2", ""], "rank", "2", "the rank twice"),
        (["202", "302", "3", ""], "neighbour_old_la_code", "302", "the neighbour twice"),
        (["202", "303", "4", ""], "rank", "4", "3 neighbours, and one of rank 4"),
        (["202", "303", "0", ""], "rank", "0", "not a whole number"),
        (["202", "303", "1.5", ""], "rank", "1.5", "not a whole number"),
        (["202", "303", "third", ""], "rank", "third", "not a whole number"),
        (["202", "303", "", ""], "rank", "", "not a whole number"),
        (["202", "303", "1e999", ""], "rank", "1e999", "not a whole number"),
        (["202", "303", "3", "near"], "closeness", "near", "not a number"),
        (["202", "303", "3", "nan"], "closeness", "nan", "not a number"),
    ],
)
def test_a_bad_value_is_named_with_its_place(row: list[str], column: str, value: str, says: str) -> None:
    problems = checked(*GOOD, row).problems
    assert [(p.row, p.column, p.value) for p in problems] == [(5, column, value)]
    assert says in problems[0].message
    assert problems[0].remedy.endswith(".")


def test_all_faults_are_named_at_once() -> None:
    assert len(checked(["999", "999", "x", "y"], ["202", "302", "-1", ""]).problems) == 6


def test_closeness_that_goes_both_ways_is_noted() -> None:
    rows = [["202", "302", "1", "3"], ["202", "303", "2", "1"], ["202", "304", "3", "2"]]
    assert checked(*rows[:2]).notes == []
    assert checked(*rows).notes == ["Closeness rises with the rank, but not for 202: the ranks are used."]


def test_missing_columns_and_an_empty_file_are_refused() -> None:
    found = checked(["202", "1"], columns=["old_la_code", "position"])
    assert [problem.column for problem in found.problems] == ["neighbour_old_la_code", "rank"]
    assert found.rows.empty
    assert "no rows" in checked().problems[0].message
