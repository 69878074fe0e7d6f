"""Files of targets: areas by code or name, years of termly indicators, and every fault named."""

import pandas as pd
import pytest

from data_access.files.checked import Checked
from data_access.files.table import Table
from data_access.files.targets import read, template
from tests.data_access.known_places import authorities, known_places

INDICATORS = pd.DataFrame(
    [
        ["peers", "percent", "higher", "year", "England"],
        ["cost", "gbp", "lower", "term", "England"],
        ["chartered", "rate", "higher", "year", "London"],
    ],
    columns=["code", "unit", "better", "frequency", "scope"],
)
COLUMNS = ["indicator", "area_code", "period", "value"]


def checked(*rows: list[str], columns: list[str] = COLUMNS) -> Checked:
    """What is made of a file with these rows."""
    held = authorities()
    table = Table.of("targets.csv", pd.DataFrame(list(rows), columns=columns, dtype=str))
    region_of = dict(zip(held["old_la_code"], held["region_code"], strict=True))
    return read(table, indicators=INDICATORS, places=known_places(), region_of=region_of)


@pytest.mark.parametrize(
    ("written", "level", "code"),
    [
        ("E92000001", "england", "E92000001"),
        ("England", "england", "E92000001"),
        ("E12000003", "region", "E12000003"),
        ("Yorkshire and The Humber", "region", "E12000003"),
        ("East of England", "region", "E12000006"),
        ("LONDON", "region", "E12000007"),
        ("202", "la", "202"),
        ("E09000007", "la", "202"),
        ("E06000057", "la", "929"),
        ("Camden", "la", "202"),
        ("City of London", "la", "201"),
    ],
)
def test_an_area_is_known_by_code_or_name(written: str, level: str, code: str) -> None:
    found = checked(["peers", written, "2011/12", "80"])
    assert found.problems == []
    assert found.rows.to_numpy().tolist() == [["peers", level, code, "2011/12", 80.0]]


def test_a_year_of_a_termly_indicator_is_its_summer_term() -> None:
    found = checked(["cost", "England", "2011/12", "148.50"], ["cost", "England", "2011/12 autumn", "0"])
    assert found.problems == []
    assert found.rows["period"].tolist() == ["2011/12 summer", "2011/12 autumn"]


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        (["nobody", "England", "2011/12", "80"], "indicator", "no such indicator"),
        (["", "England", "2011/12", "80"], "indicator", "no such indicator"),
        (["peers", "Nowhere", "2011/12", "80"], "area_code", "not an area"),
        (["peers", "", "2011/12", "80"], "area_code", "not an area"),
        (["peers", "999", "2011/12", "80"], "area_code", "not an area"),
        (["peers", "E12000099", "2011/12", "80"], "area_code", "not an area"),
        (["peers", "839", "2011/12", "80"], "area_code", "of 2009 to 2013"),
        (["peers", "940", "2011/12", "80"], "area_code", "of 2009 to 2013"),
        (["chartered", "England", "2011/12", "1"], "area_code", "outside"),
        (["chartered", "E12000001", "2011/12", "1"], "area_code", "outside"),
        (["chartered", "800", "2011/12", "1"], "area_code", "outside"),
        (["peers", "England", "2011", "80"], "period", "not a period"),
        (["peers", "England", "", "80"], "period", "not a period"),
        (["peers", "England", "2011/12 summer", "80"], "period", "of this kind"),
        (["cost", "England", "2011/12 Q1", "80"], "period", "of this kind"),
        (["cost", "England", "2011 calendar year", "80"], "period", "of this kind"),
        (["peers", "England", "2011/12", "80%"], "value", "not a number"),
        (["peers", "England", "2011/12", "inf"], "value", "not a number"),
        (["peers", "England", "2011/12", "-1"], "value", "below zero"),
        (["peers", "England", "2011/12", "100.1"], "value", "above 100"),
    ],
)
def test_a_bad_value_is_named_with_its_place(row: list[str], column: str, says: str) -> None:
    problems = checked(["peers", "England", "2010/11", "70"], row).problems
    assert [(p.row, p.column, p.value) for p in problems] == [(3, column, row[COLUMNS.index(column)])]
    assert says in problems[0].message
    assert problems[0].remedy.endswith(".")


def test_areas_in_scope_are_taken() -> None:
    rows = [["chartered", "London", "2011/12", "250"], ["chartered", "202", "2011/12", "250"]]
    assert checked(*rows).problems == []


def test_a_second_value_is_refused_however_it_is_written() -> None:
    found = checked(["cost", "England", "2011/12", "100"], ["cost", "E92000001", "2011/12 summer", "90"])
    assert [(p.row, p.value) for p in found.problems] == [(3, "90")]
    assert "row 2 gives this target already" in found.problems[0].message


def test_all_faults_are_named_at_once() -> None:
    assert len(checked(["x", "y", "z", "-"], ["peers", "England", "2011/12", "-5"]).problems) == 5


def test_a_kind_is_for_people_to_read() -> None:
    rows = [["peers", "England", "2010/11", "70", "trajectory"], ["peers", "England", "2011/12", "80", ""]]
    assert checked(*rows, columns=[*COLUMNS, "kind"]).problems == []
    rows[1][4] = "hope"
    assert [p.value for p in checked(*rows, columns=[*COLUMNS, "kind"]).problems] == ["hope"]


def test_missing_columns_and_an_empty_file_are_refused() -> None:
    assert [p.column for p in checked(["peers"], columns=["indicator"]).problems] == COLUMNS[1:]
    assert "no rows" in checked().problems[0].message


def test_the_example_file_reads_once_its_values_are_filled_in() -> None:
    made = template(INDICATORS)
    assert list(made.columns) == [*COLUMNS, "kind"]
    blank = checked(*made.to_numpy().tolist(), columns=list(made.columns))
    assert {(p.column, p.message) for p in blank.problems} == {("value", "no row has a figure.")}
    filled = checked(*made.assign(value="50").to_numpy().tolist(), columns=list(made.columns))
    assert filled.problems == []
