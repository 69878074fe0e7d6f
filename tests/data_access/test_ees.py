"""The layout of EES files: cells, header, lines and meta file, each fault in plain words."""

import pandas as pd
import pytest

from data_access.errors import Problem
from data_access.files import ees
from data_access.files.checks import Rule, problems
from data_access.files.table import Table
from tests.data_access.files import mapping

DIGITS = Rule("a", lambda cells: cells.str.fullmatch(r"\d+"), "this is no number.", "Write digits.")
SHORT = Rule("a", lambda cells: cells.str.len() <= 3, "this is too long.", "Shorten it.")
FILLED = Rule("b", lambda cells: cells != "", "the cell is empty.", "Fill it.")


def test_rules_name_every_cell_by_line_once_per_rule() -> None:
    frame = pd.DataFrame({"a": ["1", "long", "x", "x"], "b": ["", "1", "2", ""]}, index=[5, 0, 9, 7])
    assert problems(frame, [DIGITS, SHORT, FILLED], "f.csv") == [
        Problem("f.csv", 2, "a", "long", "this is no number.", "Write digits."),
        Problem("f.csv", 2, "a", "long", "this is too long.", "Shorten it."),
        Problem("f.csv", 7, "b", "", "the cell is empty.", "Fill it."),
        Problem("f.csv", 9, "a", "x", "this is no number.", "Write digits."),
        Problem("f.csv", 9, "b", "", "the cell is empty.", "Fill it."),
        Problem("f.csv", 11, "a", "x", "this is no number.", "Write digits."),
    ]


def test_rules_that_have_nothing_to_say() -> None:
    frame = pd.DataFrame({"a": ["1", "2"]})
    assert problems(frame, [DIGITS, SHORT], "f.csv") == []
    assert problems(frame, [FILLED], "f.csv") == []
    assert problems(frame[:0], [DIGITS], "f.csv") == []
    assert problems(frame, [], "f.csv") == []


def test_a_rule_that_is_wrong_in_itself_is_no_fault_of_the_file() -> None:
    broken = Rule("a", lambda cells: cells.nothing_like_this, "?", "?")
    with pytest.raises(ValueError, match="failed in itself"):
        problems(pd.DataFrame({"a": ["1"]}), [broken], "f.csv")


HEADER = ["time_period", "time_identifier", "geographic_level", "country_code", "country_name"]
ROW = {
    "time_period": "201112",
    "time_identifier": "Academic year",
    "geographic_level": "National",
    "country_code": "E92000001",
    "country_name": "England",
}


def block(*changes: dict[str, str], **more: str) -> pd.DataFrame:
    return pd.DataFrame([ROW | more | change for change in changes])


def table(frame: pd.DataFrame, name: str = "f.csv") -> Table:
    return Table.of(name, frame)


def places(found: list[Problem]) -> list[tuple]:
    return [(p.row, p.column, p.value) for p in found]


def test_the_header() -> None:
    assert ees.header_problems(table(block({})), None) == []
    wrong = table(block({}).rename(columns={"time_period": "Time_Period", "country_name": "nation"}))
    first, second = ees.header_problems(wrong, mapping(filters={"sex": {"role": "keep", "values": ["Total"]}}))[:2]
    assert (first.column, first.remedy) == ("time_period", "Rename “Time_Period”: the case of letters counts.")
    assert (second.column, second.remedy) == ("country_name", "Add it: every EES file has it.")
    columns = [
        p.column for p in ees.header_problems(wrong, mapping(filters={"sex": {"role": "keep", "values": ["T"]}}))
    ]
    assert columns == ["time_period", "country_name", "n", "d", "sex"]


@pytest.mark.parametrize(
    ("change", "column", "says"),
    [
        ({"geographic_level": "England"}, "geographic_level", "not a level of the EES standard"),
        ({"geographic_level": "national"}, "geographic_level", "not a level of the EES standard"),
        ({"geographic_level": ""}, "geographic_level", "not a level of the EES standard"),
        ({"time_identifier": "Winter term"}, "time_identifier", "not a time identifier"),
        ({"time_identifier": ""}, "time_identifier", "not a time identifier"),
        ({"time_period": "2018"}, "time_period", "6 digits"),
        ({"time_period": "201819", "time_identifier": "Week 3"}, "time_period", "4 digits"),
        ({"time_period": "202325"}, "time_period", "do not follow each other"),
        ({"country_code": ""}, "country_code", "empty"),
    ],
)
def test_every_line_that_is_not_of_the_standard(change: dict, column: str, says: str) -> None:
    rows = block({}, change, {}, change)
    rows.index = pd.Index([3, 8, 9, 20])
    found = ees.block_problems("f.csv", rows)
    assert places(found) == [(10, column, change.get(column)), (22, column, change.get(column))]
    assert all(says in p.message and p.remedy.endswith(".") for p in found)


def test_lines_with_several_faults_and_many_of_them() -> None:
    found = ees.block_problems("f.csv", block({"time_period": "2018", "geographic_level": "Borough"}))
    assert places(found) == [(2, "geographic_level", "Borough"), (2, "time_period", "2018")]
    many = ees.block_problems("f.csv", pd.concat([block({"time_period": "2018"})] * 1200, ignore_index=True))
    assert places(many) == [(line, "time_period", "2018") for line in range(2, 1002)]


def test_columns_that_a_level_needs() -> None:
    rows = block({}, {"geographic_level": "Regional"}, {"geographic_level": "Ward"}, region_name="London")
    (problem,) = ees.block_problems("f.csv", rows)
    assert places([problem]) == [(1, "region_code", None)]
    assert problem.message == "this column is missing, and the file has Regional rows."


@pytest.mark.parametrize("level", sorted(ees.LEVELS))
def test_every_level_of_the_standard(level: str) -> None:
    assert (
        ees.block_problems("f.csv", block({"geographic_level": level}, **dict.fromkeys(ees.LEVELS[level], "1"))) == []
    )
    assert set(ees.LEVELS[level]) <= ees.GEOGRAPHY


def test_a_block_without_the_columns_is_left_to_the_header() -> None:
    assert ees.block_problems("f.csv", pd.DataFrame({"a": ["1"], "b": ["2"]})) == []


META = ["col_name", "col_type", "label", *ees.META_USUAL]
SEX = ("sex", "Filter", "Sex", "", "", "", "By sex", "")
N = ("n", "Indicator", "Number of pupils", "Counts", "", "0", "", "")
RATE = ("rate", "Indicator", "Share", "Rates", "%", "", "", "")


def meta(*rows: tuple[str, ...], columns: list[str] = META) -> Table:
    return Table.of("f.meta.csv", pd.DataFrame(list(rows), columns=columns))


def read(*rows: tuple[str, ...], data: str = "sex n rate", **choice: list[str]) -> tuple:
    columns = [*HEADER, *data.split()]
    return ees.read_meta(meta(*rows, **choice), table(pd.DataFrame(columns=columns, dtype=str)))


def test_what_a_meta_file_says() -> None:
    grouped = ("sex", "Filter", "Sex", "", "", "", "", "band")
    said, wrong, notes = read(grouped, N, RATE, data="sex band n rate")
    assert (wrong, notes) == ([], [])
    assert said.filters == {"sex": "Sex"}
    assert said.groupings == {"sex": "band"}
    assert said.indicators["n"] == ees.IndicatorMeta("Number of pupils", "", 0, "Counts")
    assert said.indicators["rate"] == ees.IndicatorMeta("Share", "%", None, "Rates")


def changed(row: tuple[str, ...], **changes: str) -> tuple[str, ...]:
    return tuple(changes.get(name, value) for name, value in zip(META, row, strict=True))


@pytest.mark.parametrize(
    ("rows", "place", "says"),
    [
        ([SEX, changed(N, label=""), RATE], (3, "label", ""), "no label"),
        ([SEX, changed(N, label="NULL"), RATE], (3, "label", "NULL"), "no label"),
        ([SEX, N, RATE, N], (5, "col_name", "n"), "described twice"),
        ([SEX, N, RATE, changed(N, col_name="m")], (5, "col_name", "m"), "f.csv has no such column"),
        ([SEX, N, changed(RATE, col_name="Rate")], (4, "col_name", "Rate"), "f.csv has no such column"),
        ([SEX, changed(N, col_type="indicator"), RATE], (3, "col_type", "indicator"), "a Filter or an Indicator"),
        ([SEX, changed(N, indicator_dp="1.5"), RATE], (3, "indicator_dp", "1.5"), "not a number of decimal places"),
        ([SEX, changed(N, indicator_dp="-1"), RATE], (3, "indicator_dp", "-1"), "not a number of decimal places"),
        ([changed(SEX, indicator_unit="%"), N, RATE], (2, "indicator_unit", "%"), "a filter has no unit"),
        ([changed(SEX, indicator_dp="0"), N, RATE], (2, "indicator_dp", "0"), "a filter has no decimals"),
        ([changed(SEX, filter_grouping_column="g"), N, RATE], (2, "filter_grouping_column", "g"), "no such column"),
        ([SEX, N, RATE, ("NA",) * 8], (5, "col_name", "NA"), "describes no column"),
        ([SEX, N, RATE, ("",) * 8], (5, "col_name", ""), "describes no column"),
    ],
)
def test_a_meta_row_that_is_wrong(rows: list[tuple], place: tuple, says: str) -> None:
    _, wrong, _ = read(*rows)
    assert wrong[0].file == "f.meta.csv"
    assert places(wrong)[0] == place
    assert says in wrong[0].message


def test_a_column_that_the_meta_file_does_not_describe() -> None:
    _, (problem,), _ = read(SEX, N, RATE, data="sex n rate la_name week")
    assert (problem.file, problem.row, problem.column) == ("f.csv", 1, "week")
    assert problem.message == "f.meta.csv does not describe this column."


def test_a_meta_file_without_its_columns() -> None:
    _, wrong, _ = read(("n", "Indicator", "N"), columns=["Col_Name", "kind", "label"])
    assert [(p.column, p.remedy) for p in wrong] == [
        ("col_name", "Rename “Col_Name”: the case of letters counts."),
        ("col_type", "Add it: every EES meta file has it."),
    ]
    said, wrong, notes = read(("n", "Indicator", "N"), data="n", columns=["col_name", "col_type", "label"])
    assert (said.indicators["n"].dp, wrong) == (None, [])
    assert notes == [f"f.meta.csv has no column {', '.join(ees.META_USUAL)}: taken as blank."]


def test_what_is_odd_in_a_meta_file_is_noted_not_refused() -> None:
    odd = changed(RATE, indicator_unit="furlongs", filter_hint="By rate", label="Number of pupils")
    place = ("la_name", "Filter", "LA", "", "", "", "", "")
    said, wrong, notes = read(SEX, changed(N, indicator_dp="NA"), odd, place, data="sex n rate la_name")
    assert wrong == []
    assert said.indicators["n"].dp is None
    assert notes == [
        "f.meta.csv writes NA, NULL or the like in 1 cell: taken as blank.",
        "f.meta.csv describes la_name, which needs no description.",
        "f.meta.csv gives rate the unit “furlongs”, which is not usual.",
        "f.meta.csv gives n and rate the same label, “Number of pupils”.",
        "f.meta.csv gives a filter hint to rate: an indicator has none.",
    ]
