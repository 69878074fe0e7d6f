"""The school register: which schools are taken, in which phase and place, and what is refused and why."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from data_access.files.checked import Checked
from data_access.files.grid import longitude_latitude
from data_access.files.register import COLUMNS, read
from data_access.files.table import Table
from tests.data_access.known_places import known_places

SCHOOL = {
    "URN": "100008", "LA (code)": "202", "LA (name)": "Camden", "EstablishmentNumber": "2019",
    "EstablishmentName": "Argyle Primary School", "TypeOfEstablishment (name)": "Community school",
    "EstablishmentTypeGroup (name)": "Local authority maintained schools", "EstablishmentStatus (name)": "Open",
    "OpenDate": "", "CloseDate": "", "PhaseOfEducation (name)": "Primary", "Easting": "530238",
    "Northing": "182761", "GOR (name)": "London", "HeadLastName": "Somebody", "PreviousLA (code)": "999",
}  # fmt: skip
TYPE, GROUP, PHASE = "TypeOfEstablishment (name)", "EstablishmentTypeGroup (name)", "PhaseOfEducation (name)"
STATUS = "EstablishmentStatus (name)"


def checked(*rows: dict[str, str]) -> Checked:
    """What is made of a register with these schools."""
    return read(Table.of("register.csv", pd.DataFrame(list(rows), dtype=str)), known_places())


def real(file: Path) -> Checked:
    """What is made of a published file."""
    text = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="cp1252").apply(lambda cells: cells.str.strip())
    return read(Table.of(file.name, text), known_places())


def test_a_school_is_taken_with_its_place_and_nothing_personal() -> None:
    found = checked(SCHOOL | {"OpenDate": "01-09-1999", "CloseDate": "2012-08-31"})
    assert found.problems == found.notes == []
    assert found.rows.columns.tolist() == COLUMNS
    row = found.rows.iloc[0]
    assert row["urn":"laestab"].tolist() == ["100008", "Argyle Primary School", "202", "primary", "2022019"]
    # Tonbridge Street, near St Pancras.
    assert row["longitude"] == pytest.approx(-0.1239, abs=2e-4)
    assert row["latitude"] == pytest.approx(51.5287, abs=2e-4)
    assert row["opened":"closed"].tolist() == [date(1999, 9, 1), date(2012, 8, 31)]


def test_what_is_not_known_is_left_blank() -> None:
    blank = {"EstablishmentNumber": "", "Easting": "0", "Northing": ""}
    row = checked(SCHOOL | blank).rows.iloc[0]
    assert row[["laestab", "opened", "closed"]].tolist() == [None, None, None]
    assert row[["longitude", "latitude"]].isna().all()


def test_only_some_columns_are_needed() -> None:
    found = checked({name: SCHOOL[name] for name in ("URN", "LA (code)", "EstablishmentName", TYPE, PHASE)})
    assert found.problems == []
    assert found.rows["phase"].tolist() == ["primary"]


@pytest.mark.parametrize(
    ("kind", "group", "phase", "expected"),
    [
        ("Community school", "", "Primary", "primary"),
        ("Community school", "", "Middle deemed primary", "primary"),
        ("Academy converter", "Academies", "Secondary", "secondary"),
        ("Foundation school", "", "Middle deemed secondary", "secondary"),
        ("Free schools", "Free Schools", "All-through", "secondary"),
        ("City technology college", "Independent schools", "Secondary", "secondary"),
        ("Community special school", "Special schools", "Not applicable", "special"),
        ("Free schools special", "Free Schools", "Secondary", "special"),
        ("Non-maintained special school", "Special schools", "Not applicable", "special"),
    ],
)
def test_phases_follow_the_convention_of_the_dfe(kind: str, group: str, phase: str, expected: str) -> None:
    assert checked(SCHOOL | {TYPE: kind, GROUP: group, PHASE: phase}).rows["phase"].tolist() == [expected]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({TYPE: "Welsh establishment", GROUP: "Welsh schools"}, "establishments in Wales"),
        ({TYPE: "Other independent school", GROUP: "Independent schools"}, "independent schools"),
        ({TYPE: "Other independent special school", GROUP: "Independent schools"}, "independent schools"),
        ({TYPE: "Pupil referral unit"}, "pupil referral units and alternative provision"),
        ({TYPE: "Academy alternative provision converter"}, "pupil referral units and alternative provision"),
        ({TYPE: "Local authority nursery school", PHASE: "Nursery"}, "establishments of the phase Nursery"),
        ({TYPE: "Academy 16-19 converter", PHASE: "16 plus"}, "establishments of the phase 16 plus"),
        ({TYPE: "Further education", PHASE: "16 plus"}, "establishments of the phase 16 plus"),
        ({TYPE: "Special post 16 institution", PHASE: "Not applicable"}, "establishments of the phase Not applicable"),
        ({PHASE: ""}, "establishments of the phase not given"),
        ({STATUS: "Proposed to open"}, "schools that are only proposed"),
        ({STATUS: "Closed", "CloseDate": "31-08-2009"}, "schools that closed before 1 September 2009"),
        ({STATUS: "Closed"}, "closed schools without a closing date"),
        ({"LA (code)": "702", "LA (name)": "BFPO"}, "schools of BFPO: not an authority held here"),
        ({"LA (code)": "", "LA (name)": "Nowhere"}, "schools of Nowhere: not an authority held here"),
        (
            {"LA (code)": "839", "LA (name)": "BCP"},
            "schools of Bournemouth, Christchurch and Poole, formed in 2019 from Bournemouth and Poole and part of "
            "Dorset: its figures cannot be divided",
        ),
    ],
)
def test_other_establishments_are_left_out_and_counted(changes: dict[str, str], reason: str) -> None:
    found = checked(SCHOOL, SCHOOL | {"URN": "100001"} | changes)
    assert found.problems == []
    assert found.ignored == {reason: 1}
    assert len(found.rows) == 1


def test_schools_that_closed_during_the_strategy_stay() -> None:
    found = checked(SCHOOL | {STATUS: "Closed", "CloseDate": "01-09-2009"})
    assert found.rows["closed"].tolist() == [date(2009, 9, 1)]
    assert len(checked(SCHOOL | {STATUS: "Open, but proposed to close"}).rows) == 1


def test_a_school_follows_its_authority_through_time() -> None:
    rows = [
        SCHOOL | {"URN": "100001", "LA (code)": "839", "PreviousLA (code)": "837"},  # Bournemouth, now of a larger one
        SCHOOL | {"URN": "100002", "LA (code)": "942"},  # Cumberland, a part of Cumbria
        SCHOOL | {"URN": "100003", "LA (code)": "", "LA (name)": "Camden"},
    ]
    assert checked(*rows).rows["la_code"].tolist() == ["837", "909", "202"]


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("URN", "", "not a URN"),
        ("URN", "12345678", "not a URN"),
        ("URN", "10000x", "not a URN"),
        ("URN", "100008", "already"),
        ("EstablishmentName", "", "blank"),
        ("EstablishmentName", "x" * 161, "longer than 160"),
        ("EstablishmentNumber", "20190", "not an establishment number"),
        ("LA (code)", "20", "not an LA code"),
        ("OpenDate", "31-02-2011", "not a date"),
        ("CloseDate", "next year", "not a date"),
        ("CloseDate", "2011-31-08", "not a date"),
        ("Easting", "east", "not a number of metres"),
        ("Northing", "1e999", "not a number of metres"),
    ],
)
def test_a_bad_value_is_named_with_its_place(column: str, value: str, says: str) -> None:
    problems = checked(SCHOOL, SCHOOL | {"URN": "100001", "LA (name)": ""} | {column: value}).problems
    assert [(p.row, p.column, p.value) for p in problems] == [(3, column, value)]
    assert says in problems[0].message
    assert problems[0].remedy.endswith(".")


def test_a_school_without_an_authority_is_named() -> None:
    problems = checked(SCHOOL | {"LA (code)": "", "LA (name)": ""}).problems
    assert {(p.row, p.message) for p in problems if p.column} == {(2, "the school's local authority is blank.")}


def test_a_position_outside_england_is_not_used() -> None:
    found = checked(SCHOOL | {"Easting": "530238182"})
    assert found.problems == []
    assert found.rows["longitude"].isna().all()
    assert found.notes == ["Positions outside England, which are not used: 1."]


def test_the_grid_is_turned_into_degrees_as_the_ordnance_survey_does() -> None:
    """The worked example of its guide to coordinate systems: Caister water tower, to 5 metres."""
    found, outside = longitude_latitude(pd.Series([651409.903]), pd.Series([313177.270]))
    assert found.loc[0].tolist() == pytest.approx(
        [1 + 42 / 60 + 57.8663 / 3600, 52 + 39 / 60 + 28.8282 / 3600], abs=5e-5
    )
    assert outside == 0


def test_a_register_of_nothing_that_is_held_is_refused() -> None:
    assert "no school is left" in checked(SCHOOL | {TYPE: "Pupil referral unit"}).problems[0].message
    empty = Table.of("register.csv", pd.DataFrame(columns=list(SCHOOL), dtype=str))
    assert "no rows" in read(empty, known_places()).problems[0].message


def test_a_part_of_the_real_register_is_taken(published: Path) -> None:
    found = real(published / "schools" / "gias_sample.csv")
    assert found.problems == []
    assert len(found.rows) + sum(found.ignored.values()) == 99
    assert found.rows["phase"].unique().tolist() == ["primary"]
    assert set(found.rows["la_code"]) == {"201", "202"}
    assert found.rows["latitude"].between(51.5, 51.6).sum() >= 38


def test_a_list_of_schools_without_their_phase_is_refused_in_words(published: Path) -> None:
    found = real(published / "schools" / "Schools_PP50_Autumn_2025.csv")
    assert [str(problem) for problem in found.problems] == [
        "Schools_PP50_Autumn_2025.csv, row 1, column PhaseOfEducation (name): this column of the school register is "
        "missing. Add it, or Phase, or export the full register from GIAS."
    ]


def test_the_list_is_taken_once_it_has_phases(published: Path) -> None:
    file = published / "schools" / "Schools_PP50_Autumn_2025.csv"
    text = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="cp1252").assign(Phase="Primary")
    found = read(Table.of(file.name, text), known_places())
    assert found.problems == []
    assert len(found.rows) + sum(found.ignored.values()) == 11_152
    assert (found.rows["phase"] == "special").sum() > 1000


def test_a_list_of_something_else_is_refused_naming_what_is_missing(published: Path) -> None:
    found = real(published / "schools" / "disadvantaged_ey_eligibility_list_iso_8859_1_encoding.csv")
    assert [problem.column for problem in found.problems] == ["URN", "EstablishmentName", TYPE, PHASE]
