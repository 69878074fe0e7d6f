"""Periods: every identifier of the EES standard, there and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.periods import IDENTIFIERS, TERMS, Period, academic_year, from_code, from_ees, term, to_ees

SIX = [name for name in IDENTIFIERS if isinstance(from_ees("201112", name), Period)]
FOUR = [name for name in IDENTIFIERS if isinstance(from_ees("2011", name), Period)]
STANDARD = [
    "Academic year", "Calendar year", "Financial year", "Tax year", "Reporting year",
    *[f"{year} year Q{q}" for year in ("Academic", "Calendar", "Financial", "Tax") for q in (1, 2, 3, 4)],
    "Part 1 (April to September)", "Part 2 (October to March)",
    "Autumn term", "Spring term", "Summer term", "Autumn and spring term",
    *[f"Week {week}" for week in range(1, 54)],
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
]  # fmt: skip


def period(time_period: str, time_identifier: str, term_name: str | None = None) -> Period:
    found = from_ees(time_period, time_identifier, term_name)
    assert isinstance(found, Period), found
    return found


def test_every_identifier_of_the_standard_is_known() -> None:
    assert set(STANDARD) <= set(IDENTIFIERS)
    assert sorted([*SIX, *FOUR]) == sorted(IDENTIFIERS)
    years = ("Calendar year", "Reporting year", "Week", "January", "December")
    assert all((name in FOUR) == name.startswith(years) for name in [*years[:2], *STANDARD[:21], "Week 9", "January"])


@pytest.mark.parametrize(
    ("time_period", "time_identifier", "code", "label", "position"),
    [
        ("201112", "Academic year", "2011/12", "2011/12", 2012.0),
        ("201112", "Autumn term", "2011/12 autumn", "2011/12, autumn term", 2011.3333),
        ("201112", "Summer term", "2011/12 summer", "2011/12, summer term", 2012.0),
        (
            "201112",
            "Autumn and spring term",
            "2011/12 autumn and spring",
            "2011/12, autumn and spring terms",
            2011.6667,
        ),
        ("201718", "Academic year Q1", "2017/18 Q1", "2017/18, Q1", 2017.25),
        ("201718", "Academic Year Q1-Q2", "2017/18 Q1-Q2", "2017/18, Q1-Q2", 2017.5),
        ("2011", "Calendar year", "2011 calendar year", "2011 calendar year", 2011.0),
        ("2011", "Calendar year Q4", "2011 calendar year Q4", "2011 calendar year, Q4", 2011.0),
        ("2011", "Reporting year", "2011 reporting year", "2011 reporting year", 2011.0),
        ("201920", "Financial year", "2019-20 financial year", "2019-20 financial year", 2020.0),
        ("201920", "Financial year Q1", "2019-20 financial year Q1", "2019-20 financial year, Q1", 2019.25),
        ("199900", "Tax year", "1999-00 tax year", "1999-00 tax year", 2000.0),
        ("201920", "Part 2 (October to March)", "2019-20 October to March", "2019-20, October to March", 2020.0),
        ("2020", "Week 42", "2020 week 42", "2020, week 42", 2020.1317),
        ("2020", "October", "2020 October", "October 2020", 2020.1667),
        ("2012", "August", "2012 August", "August 2012", 2012.0),
    ],
)
def test_codes_labels_and_positions(
    time_period: str, time_identifier: str, code: str, label: str, position: float
) -> None:
    found = period(time_period, time_identifier)
    assert (found.code, found.label, found.position) == (code, label, pytest.approx(position, abs=1e-4))


@given(st.sampled_from(sorted(IDENTIFIERS)), st.integers(1900, 2099))
def test_there_and_back(name: str, start: int) -> None:
    written = f"{start}{(start + 1) % 100:02d}" if name in SIX else str(start)
    found = period(written, name)
    assert from_code(found.code) == found
    assert to_ees(found.code) == (written, name)
    assert (len(found.code) <= 30, len(found.label) <= 40, len(found.kind) <= 20) == (True, True, True)
    assert (found.academic_year is not None) == ("/" in found.code)
    assert period(written, f" {name.upper().replace(' ', '  ')} ") == found


def test_codes_and_labels_are_unique() -> None:
    found = [period(str(year), name) for name in FOUR for year in (2019, 2020, 1920)]
    found += [period(f"{year}{(year + 1) % 100:02d}", name) for name in SIX for year in (2019, 2020, 1920)]
    assert len({each.code for each in found}) == len({each.label for each in found}) == len(found)


@pytest.mark.parametrize(
    "order",
    [
        ["2010/11 summer", "2011/12 autumn", "2011/12 autumn and spring", "2011/12 five half terms", "2011/12"],
        ["2011/12 Q1", "2011/12 Q1-Q2", "2011/12 Q3", "2011/12 Q4", "2012/13 Q1"],
        ["2019 December", "2020 January", "2020 week 10", "2020 March", "2019/20", "2020 September", "2020/21 autumn"],
        ["2020 week 1", "2020 week 2", "2020 week 52", "2020 week 53", "2021 week 1"],
        ["2019-20 April to September", "2019-20 October to March", "2020-21 financial year Q1"],
        ["2019 calendar year", "2020 calendar year Q1", "2020 calendar year Q3", "2020 calendar year"],
    ],
)
def test_order_in_time(order: list[str]) -> None:
    positions = [from_code(code).position for code in order]
    assert positions == sorted(set(positions))


@pytest.mark.parametrize(
    ("time_period", "time_identifier", "says"),
    [
        ("201113", "Academic year", "do not follow each other"),
        ("2011", "Academic year", "6 digits"),
        ("201112", "Calendar year", "4 digits"),
        ("2011/12", "Academic year", "6 digits"),
        ("٢٠١١", "Calendar year", "4 digits"),
        ("201112", "Week 1", "4 digits"),
        ("2011", "Week 54", "not a period"),
        ("2011", "Week 0", "not a period"),
        ("2011", "Winter term", "not a period"),
        ("2011", "", "not a period"),
        ("0001", "January", "between 1900 and 2099"),
        ("999900", "Academic year", "between 1900 and 2099"),
    ],
)
def test_what_is_no_period(time_period: str, time_identifier: str, says: str) -> None:
    found = from_ees(time_period, time_identifier)
    assert isinstance(found, str)
    assert says in found


def test_a_filter_may_name_the_term() -> None:
    assert period("201112", "Academic year", "spring") == term(2011, "spring")
    assert period("2011", "Calendar year", "spring").code == "2011 calendar year"
    assert [term(2011, name).code for name in TERMS] == ["2011/12 autumn", "2011/12 spring", "2011/12 summer"]
    assert academic_year(1999).code == "1999/00"


@pytest.mark.parametrize(
    "code",
    ["", "2011", "2011/13", "2011/12 ", "2011/12 winter", "2011-12", "2011-12 autumn", "2011/12 week 3", "2011 week 54",
     "3011/12", "2011/12 autumn term", "2011 october", "week 3"],
)  # fmt: skip
def test_what_is_no_code(code: str) -> None:
    for reads in (from_code, to_ees):
        with pytest.raises(ValueError, match="is not a period"):
            reads(code)
