"""The template of an indicator: made, filled in by hand, checked, and read as an EES file."""

from collections import Counter
from io import BytesIO

import pandas as pd
import pytest
from openpyxl import load_workbook

from data_access.errors import Problem
from data_access.files.ees import ALWAYS, NEEDED
from data_access.files.table import Table
from data_access.files.template import (
    COLUMN_OF,
    EXAMPLE,
    HOW,
    as_csv,
    as_ees,
    as_xlsx,
    columns,
    is_template,
    make,
    mapping,
)
from data_access.files.template_checks import check, indicator_of
from data_access.files.tidy import Tidier
from tests.data_access.known_places import known_places

ABOUT = {
    "code": "peer_observation", "title": "Staff who observed a colleague", "numerator": "staff who observed",
    "denominator": "staff asked", "unit": "percent", "collected_from": "la", "frequency": "year",
    "staff_groups": ["teachers", "support_staff"], "scope": "England",
}  # fmt: skip
PUBLISHED = ABOUT | {"collected_from": "published", "staff_groups": ["all"]}
TERMLY = ABOUT | {"frequency": "term", "staff_groups": ["all"]}
UNITS = pd.DataFrame({"code": ["202", "302"], "name": ["Camden", "Barnet"]})
PERIODS = ["2010/11", "2011/12 summer", "2011/12", "2011/12 autumn"]
GOOD = {
    "indicator": "peer_observation", "period": "2011/12", "level": "la", "code": "202", "name": "Camden",
    "staff_group": "teachers", "phase": "", "numerator": "12", "denominator": "40", "note": "",
}  # fmt: skip


def table(*rows: dict[str, str], **changes: str) -> Table:
    """A filled-in template; changes are made to the last row."""
    made = [*rows[:-1], rows[-1] | changes] if rows else [GOOD | changes]
    return Table.of("peers.csv", pd.DataFrame(made, dtype=str))


def places(problems: list[Problem]) -> list[tuple[int | None, str | None, str | None]]:
    return [(problem.row, problem.column, problem.value) for problem in problems]


def test_the_columns_are_those_of_what_is_collected() -> None:
    assert columns("school")[-3:] == columns("la")[-3:] == ["numerator", "denominator", "note"]
    assert columns("published")[-2:] == ["value", "note"]
    assert is_template(columns("published"))
    assert not is_template([*ALWAYS, "numerator", "denominator"])


def test_the_template_has_an_example_and_a_row_for_each_place_and_group() -> None:
    made = make(ABOUT, UNITS, PERIODS)
    assert list(made.columns) == columns("la")
    assert made["note"].tolist() == [EXAMPLE, "", "", "", ""]
    assert made.loc[0, ["numerator", "denominator"]].tolist() == ["12", "40"]
    assert made[["code", "staff_group"]].to_numpy().tolist()[1:] == [
        ["202", "teachers"], ["202", "support_staff"], ["302", "teachers"], ["302", "support_staff"],
    ]  # fmt: skip
    assert set(made["period"]) == {"2011/12"}
    assert (made.loc[1:, ["numerator", "denominator"]] == "").all(axis=None)


def test_the_latest_period_is_a_term_for_what_is_counted_each_term() -> None:
    assert set(make(TERMLY, UNITS, PERIODS)["period"]) == {"2011/12 summer"}
    assert set(make(TERMLY, UNITS, ["2011/12"])["period"]) == {""}


def test_levels_follow_from_the_codes() -> None:
    units = pd.DataFrame({"code": ["E92000001", "E12000007", "E09000007", "202"], "name": "x"})
    assert make(PUBLISHED, units, PERIODS)["level"].tolist()[1:] == ["england", "region", "la", "la"]
    assert set(make(ABOUT | {"collected_from": "school"}, UNITS, PERIODS)["level"]) == {"school"}


def test_no_places_leave_a_template_without_rows() -> None:
    assert list(make(ABOUT, UNITS.iloc[:0], PERIODS).columns) == columns("la")


def test_the_csv_file_is_the_template() -> None:
    made = pd.read_csv(BytesIO(as_csv(ABOUT, UNITS, PERIODS)), dtype=str, keep_default_na=False, encoding="utf-8-sig")
    pd.testing.assert_frame_equal(made, make(ABOUT, UNITS, PERIODS), check_dtype=False)


def test_the_workbook_says_how_to_fill_it_in() -> None:
    book = load_workbook(BytesIO(as_xlsx(TERMLY, UNITS, PERIODS)))
    assert book.sheetnames == ["data", HOW]
    assert book["data"]["B2"].value == "2011/12 summer"
    said = {row[0]: row[1] for row in book[HOW].values}
    assert set(said) == {"Column", "About this file", *columns("la")}
    assert "staff who observed" in said["numerator"]
    assert "2011/12 autumn" in said["period"]
    assert "low rounds to zero" in said["denominator"]


def test_a_filled_in_template_has_no_problems() -> None:
    rows = [
        GOOD, GOOD | {"staff_group": "", "phase": "Primary"}, GOOD | {"level": "Local authority", "code": "E09000007"},
        GOOD | {"level": "england", "code": "E92000001", "numerator": "z", "denominator": "z"},
    ]  # fmt: skip
    assert check(table(*rows), ABOUT) == []
    assert check(table(GOOD, period="2011/12 autumn"), TERMLY)[0].row == 2


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("indicator", "reviewed", "this file is for peer_observation"),
        ("indicator", "", "this file is for peer_observation"),
        ("period", "2011", "not a period"),
        ("period", "2011/13", "not a period"),
        ("period", "", "not a period"),
        ("period", "Dec-11", "made a date"),
        ("period", "01/12/2011", "made a date"),
        ("period", "2011-12-01 00:00:00", "made a date"),
        ("period", "2011/12 autumn", "counted each year"),
        ("level", "borough", "not a level"),
        ("code", "", "code is blank"),
        ("staff_group", "site", "not collected for this staff group"),
        ("phase", "nursery", "not a phase"),
    ],
)
def test_a_bad_cell_is_named_with_its_place(column: str, value: str, says: str) -> None:
    found = check(table(GOOD, GOOD, **{column: value}), ABOUT)
    assert places(found) == [(3, column, value)]
    assert says in found[0].message
    assert found[0].remedy.endswith(".")


def test_a_year_is_no_term() -> None:
    assert "counted each term" in check(table(staff_group="all"), TERMLY)[0].message


def test_rows_that_say_nothing_are_not_checked() -> None:
    empty = GOOD | {"indicator": "", "level": "", "numerator": "", "denominator": ""}
    assert check(table(empty, GOOD | {"note": EXAMPLE, "period": ""}, GOOD), ABOUT) == []
    assert "no row has a figure" in check(table(empty), ABOUT)[0].message


def test_missing_columns_are_named() -> None:
    frame = pd.DataFrame([GOOD])
    assert places(check(Table.of("x.csv", frame.drop(columns=["code", "denominator"])), ABOUT)) == [
        (1, "code", None),
        (1, "denominator", None),
    ]
    assert places(check(Table.of("x.csv", frame.drop(columns="indicator")), None)) == [(1, "indicator", None)]
    assert places(check(Table.of("x.csv", frame), PUBLISHED)) == [(1, "value", None)]


def test_an_indicator_that_nobody_knows_is_named() -> None:
    assert indicator_of(table(GOOD)) == "peer_observation"
    assert places(check(table(GOOD), None)) == [(None, "indicator", "peer_observation")]
    assert indicator_of(table(indicator="")) is None
    assert "names no indicator" in check(table(indicator=""), None)[0].message


def test_the_rows_become_those_of_an_ees_file() -> None:
    rows = [
        GOOD | {"note": EXAMPLE},
        GOOD,
        GOOD | {"numerator": "", "denominator": ""},
        GOOD | {"level": "LA", "code": "E09000007", "period": "2011/12 summer", "staff_group": ""},
        GOOD | {"level": "region", "code": "E12000007", "name": "London", "phase": "Primary"},
        GOOD | {"level": "england", "code": "E92000001"},
        GOOD | {"level": "school", "code": "100000", "name": "A school", "period": "Dec-11"},
    ]
    made, ignored = as_ees(table(*rows).whole())
    assert ignored == Counter({"example rows": 1, "rows without a figure": 1})
    assert set(made) >= {*ALWAYS, *(column for needed in NEEDED.values() for column in needed), "staff_group", "phase"}
    assert made.index.tolist() == [1, 3, 4, 5, 6]
    assert made["time_period"].tolist() == ["201112"] * 4 + ["Dec-11"]
    assert made["time_identifier"].tolist()[:2] == ["Academic year", "Summer term"]
    assert made["geographic_level"].tolist() == ["Local authority"] * 2 + ["Regional", "National", "School"]
    assert made["old_la_code"].tolist() == ["202", "", "", "", ""]
    assert made["new_la_code"].tolist() == ["", "E09000007", "", "", ""]
    assert made["region_code"].tolist() == ["", "", "E12000007", "", ""]
    assert made["school_urn"].tolist() == ["", "", "", "", "100000"]
    assert made["staff_group"].tolist() == ["teachers", "all", "teachers", "teachers", "teachers"]
    assert made["phase"].tolist() == ["all", "all", "primary", "all", "all"]
    assert set(made["numerator"]) == {"12"}
    assert (made != made.fillna("")).sum().sum() == 0


def test_every_column_that_a_message_may_name_is_one_the_person_sees() -> None:
    made, _ = as_ees(table(GOOD).whole())
    for column in made.columns:
        assert COLUMN_OF.get(column, column) in columns("la")


def test_a_template_without_optional_columns_is_read_too() -> None:
    frame = pd.DataFrame([GOOD]).drop(columns=["name", "staff_group", "phase", "note"])
    assert check(Table.of("x.csv", frame), ABOUT) == []
    made, _ = as_ees(frame)
    assert made.loc[0, ["staff_group", "phase", "la_name"]].tolist() == ["all", "all", ""]


def test_the_mapping_says_that_each_column_is_what_its_name_says() -> None:
    made = mapping(ABOUT, "LA returns", "OGL v3", "published")
    assert made.filters["staff_group"].values == {
        "all": "all",
        "teachers": "teachers",
        "support_staff": "support_staff",
    }
    assert made.indicators[0].numerator == "numerator"
    assert mapping(PUBLISHED, "DfE", "OGL v3", "published").indicators[0].rate == "value"


def test_a_filled_in_template_becomes_observations_and_its_faults_name_its_own_columns() -> None:
    rows = table(GOOD, GOOD | {"code": "999"}, GOOD | {"code": "302", "numerator": "z", "denominator": "z"}).whole()
    made = mapping(ABOUT, "LA returns", "OGL v3", "published")
    tidier = Tidier("peers.csv", made, known_places(), {"peer_observation": "percent"}, COLUMN_OF)
    tidier.take(as_ees(rows)[0])
    found = tidier.finish()
    assert places(list(found.problems)) == [(3, "code", "999")]
    tidier = Tidier("peers.csv", made, known_places(), {"peer_observation": "percent"}, COLUMN_OF)
    tidier.take(as_ees(rows.drop(index=rows.index[1]))[0])
    found = tidier.finish()
    assert found.problems == []
    assert found.observations["unit_code"].astype(str).tolist() == ["202", "302"]
    assert found.observations["numerator"].iloc[0] == 12
