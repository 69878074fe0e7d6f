"""What is recognised of a file: layout, columns, levels, periods, problems and notes."""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from data_access.files.opening import open_files
from data_access.files.recognise import COUNTED, SAMPLE, SHOWN, layout_of, recognise
from data_access.files.table import Table
from tests.data_access.files import BARNET, CAMDEN, HEADER, line
from tests.data_access.test_ees import META, meta

ROWS = [
    line(CAMDEN, 7, 50),
    line(BARNET, "x", 60),
    line(CAMDEN, "low", "", period="201011"),
    line(["E12000007", "London"], "many", 100, level="Regional"),
    line([], 3.5, 1000, level="National"),
]


def table(rows: list[list[str]] = ROWS, header: list[str] = HEADER) -> Table:
    return Table.of("f.csv", pd.DataFrame(rows, columns=header, dtype=str))


def described() -> Table:
    rows = [
        ("group", "Filter", "Group", "", "", "", "", ""),
        ("n", "Indicator", "Number of schools", "", "", "0", "", ""),
        ("d", "Indicator", "Share", "", "%", "", "", ""),
    ]
    return meta(*rows, columns=META)


def test_an_ees_file_with_its_meta_file() -> None:
    seen: list[int] = []
    found = recognise(table(), described(), seen.append)
    assert (found.layout, found.rows, found.problems, seen) == ("EES", 5, [], [5])
    assert found.levels == {"Local authority": (3, True), "Regional": (1, True), "National": (1, True)}
    assert {period.code: rows for period, rows in found.periods.items()} == {"2010/11": 1, "2011/12": 4}
    assert next(iter(found.periods)).code == "2010/11"
    roles = {column.name: column.role for column in found.columns}
    assert [name for name, role in roles.items() if role == "time"] == ["time_period", "time_identifier"]
    assert [name for name, role in roles.items() if role == "geography"] == HEADER[2:10]
    assert [roles[name] for name in ("group", "n", "d")] == ["filter", "indicator", "indicator"]
    n, d = found.of_role("indicator")
    assert (n.label, n.unit, d.label, d.unit) == ("Number of schools", "", "Share", "%")
    assert (n.numbers, n.symbols, n.texts, n.examples, n.blanks) == (2, Counter(x=1, low=1), 1, ["many"], 0)
    assert (d.numbers, d.blanks, d.distinct) == (4, 1, 5)
    assert n.values == {"7": 1, "x": 1, "low": 1, "many": 1, "3.5": 1}
    assert found.notes == [
        "the filter group has one value, “Total”.",
        "the indicator n holds text in 1 row: “many”.",
        "the indicator d is empty in 1 row.",
    ]
    assert found.sample["la_name"].tolist() == ["Camden", "Barnet", "Camden", "", ""]


def test_without_a_meta_file_content_decides() -> None:
    rows = [[*row[:-2], "3", "x"] for row in ROWS]
    found = recognise(table([[*row, "", "12"] for row in rows], [*HEADER, "e", "age"]))
    assert {c.name: c.role for c in found.columns if c.name in ("group", "n", "d", "e", "age")} == {
        "group": "filter", "n": "indicator", "d": "unknown", "e": "unknown", "age": "indicator",
    }  # fmt: skip
    note = "no meta file: columns that hold only numbers and symbols are taken for indicators."
    assert found.notes[0] == note


def test_the_group_of_a_filter() -> None:
    rows = [
        ("group", "Filter", "Group", "", "", "", "", "band"),
        ("n", "Indicator", "N", "", "", "", "", ""),
        ("d", "Indicator", "D", "", "", "", "", ""),
    ]
    found = recognise(table([[*row, "A"] for row in ROWS], [*HEADER, "band"]), meta(*rows))
    assert found.problems == []
    assert [column.name for column in found.of_role("filter group")] == ["band"]


def test_places_that_are_counted_apart() -> None:
    rows = [
        line(["E13000001", "Inner London"], 1, 2, level="Regional"),
        line(["E12000007", "London", "z", "z", "Camden / Barnet"], 1, 2),
        line([""] * 5, 1, 2, level="Ward"),
        line([], 1, 2, level="National"),
    ]
    rows[3][3:5] = ["W92000004", "Wales"]
    found = recognise(table(rows), described())
    assert found.problems == []
    assert found.levels["Ward"] == (1, False)
    assert found.notes[1:] == [
        "levels not held here: Ward 1 row.",
        "Inner and Outer London, which are parts of London: 1 row.",
        "joint local authorities (“A / B”): 1 row.",
        "places outside England: 1 row.",
    ]


@pytest.mark.parametrize(
    ("columns", "layout"),
    [
        ("time_period time_identifier geographic_level n", "EES"),
        ("indicator period level code name numerator denominator", "template"),
        ("indicator period level code value note", "template"),
        ("URN EstablishmentName LA", "register"),
        ("indicator area_code period value", "targets"),
        ("indicator area_code period value level", "unknown"),
        ("old_la_code neighbour_old_la_code rank closeness", "neighbours"),
        ("Time_Period country_code a", "EES"),
        ("country_code a b", "unknown"),
    ],
)
def test_layouts(columns: str, layout: str) -> None:
    assert layout_of(columns.split()) == layout
    found = recognise(Table.of("f.csv", pd.DataFrame([["1"] * len(columns.split())], columns=columns.split())))
    assert found.layout == layout
    assert bool(found.problems) == (layout in ("unknown", "EES"))
    assert layout == "EES" or {column.role for column in found.columns} == {"unknown"}


def test_no_layout_no_rows_and_a_meta_file_alone() -> None:
    (unknown,) = recognise(Table.of("f.csv", pd.DataFrame([["1", "2"]], columns=["a", "b"]))).problems
    assert unknown.value == "a, b"
    assert "template: indicator, period, level, code, numerator or value" in unknown.remedy
    assert "no rows" in recognise(table([]), described()).problems[0].message
    assert "this is a meta file" in recognise(described()).problems[0].message


def test_nothing_grows_with_the_rows() -> None:
    def blocks() -> Iterator[pd.DataFrame]:
        for number in range(4):
            index = range(number * 9000, (number + 1) * 9000)
            made = pd.DataFrame(
                [line(CAMDEN, "wrong", 1, period="2011")] * 9000, columns=HEADER, dtype=str, index=index
            )
            yield made.assign(n=[f"{at}" for at in index], d=[f"text {at % 100}" for at in index])

    big = table()
    big._blocks = blocks
    seen: list[int] = []
    found = recognise(big, described(), seen.append)
    n, d = found.of_role("indicator")
    assert (n.distinct, n.values, n.numbers) == (COUNTED, {}, 36000)
    assert (d.distinct, len(d.values), d.texts, len(d.examples)) == (100, SHOWN, 36000, 5)
    assert d.values["text 0"] == 360
    assert (seen, len(found.sample)) == ([9000, 18000, 27000, 36000], SAMPLE)
    assert 1000 <= len(found.problems) <= 2000


def test_a_real_file(absence: Path) -> None:
    opened = open_files(absence, absence.with_suffix(".meta.csv"))
    found = recognise(opened.data, opened.meta)
    with absence.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert (found.layout, found.rows, found.problems) == ("EES", len(rows), [])
    assert {level: count for level, (count, _) in found.levels.items()} == Counter(r["geographic_level"] for r in rows)
    assert [period.code for period in found.periods] == ["2012/13", "2013/14", "2014/15", "2015/16", "2016/17"]
    columns = {column.name: column for column in found.columns}
    for name in ("term", "school_type", "sess_auth_ext_holiday"):
        counted = Counter(row[name] for row in rows)
        assert columns[name].distinct == len(counted)
        assert all(counted[value] == count for value, count in columns[name].values.items())
    assert columns["sess_auth_ext_holiday"].symbols == {".": sum(r["sess_auth_ext_holiday"] == "." for r in rows)}
    assert len(found.of_role("indicator")) == 23
