"""What is odd among figures: each check with a case that it finds and one that it leaves alone."""

from math import inf, isnan, nan, sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures import checks
from measures.sums import SUMS
from tests.measures.slow import figure, six, z

ABOUT = pd.DataFrame(
    {
        "unit": ["percent", "gbp"],
        "collected_from": ["school", "school"],
        "denominator_counts": ["people", "other"],
        "fewest_people": [10, 10],
        "fewest_units": [3, 3],
    },
    index=["share", "cost"],
)
PAIRS = pd.DataFrame(
    [["share", "2010/11", "2009/10"], ["cost", "2010/11", "2009/10"], ["share", "2009/10", None]],
    columns=["indicator", "period", "before"],
)
School = tuple[float, float]
schools = st.lists(st.tuples(st.integers(0, 60), st.integers(60, 90)), min_size=1, max_size=8)


def measured(cells: list[tuple[str, str, str, list[School]]]) -> pd.DataFrame:
    """Figures of (indicator, period, area, schools)."""
    rows = [
        {"indicator": code, "period": period, "area_code": area, "area": area, "parent": "R"} | six(reported)
        for code, period, area, reported in cells
    ]
    return checks.measured(pd.DataFrame(rows).assign(level="la"), ABOUT)


def two(before: list[School], after: list[School], code: str = "share") -> pd.DataFrame:
    """One area in two periods, beside each other."""
    return checks.beside(measured([(code, "2009/10", "A", before), (code, "2010/11", "A", after)]), PAIRS)


def slow_jump(before: list[School], after: list[School], unit: str) -> float:
    """By how many standard errors of the difference the second figure is off the first, one school at a time."""
    figures = [figure(reported, unit) for reported in (before, after)]
    errors = [(made.upper - made.lower) / 2 / z(0.95) for made in figures]
    if any(isnan(error) for error in errors):
        return nan
    error, change = sqrt(errors[0] ** 2 + errors[1] ** 2), abs(figures[1].value - figures[0].value)
    return change / error if error else (inf if change else nan)


@given(before=schools, after=schools, code=st.sampled_from(["share", "cost"]))
def test_a_jump_agrees_with_the_slow_twin(before: list[School], after: list[School], code: str) -> None:
    wanted = slow_jump(before, after, str(ABOUT.loc[code, "unit"]))
    found = checks.jumps(two(before, after, code), limit=0.0)
    if isnan(wanted) or wanted < 1e-6:
        assert found.empty or found["jump"].iloc[0] < 1e-6
    elif wanted < 1e6:  # beyond, rounding alone makes the standard error
        assert found["jump"].tolist() == pytest.approx([wanted], rel=1e-4)


def test_a_jump_is_more_than_four_standard_errors_and_the_largest_comes_first() -> None:
    steady, up, far = [(30.0, 60.0)] * 5, [(50.0, 60.0)] * 5, [(59.0, 60.0)] * 5
    cells = [("share", "2009/10", area, steady) for area in "ABC"]
    cells += [("share", "2010/11", "A", up), ("share", "2010/11", "B", far), ("share", "2010/11", "C", steady)]
    found = checks.jumps(checks.beside(measured(cells), PAIRS))
    assert found["area_code"].tolist() == ["B", "A"]
    assert found["value_before"].tolist() == [50, 50]
    assert (found["jump"] > 4).all()
    assert found["period"].eq("2010/11").all()


def test_everyone_against_no_one_is_a_jump_and_one_unit_of_money_is_not_judged() -> None:
    assert len(checks.jumps(two([(0.0, 60.0)], [(60.0, 60.0)]))) == 1
    assert checks.jumps(two([(10.0, 60.0)], [(6000.0, 60.0)], "cost")).empty
    assert checks.jumps(two([(10.0, 60.0)] * 2, [(60.0, 60.0)] * 2, "cost"))["jump"].tolist() == [inf]
    assert checks.jumps(two([], [(60.0, 60.0)])).empty


def test_what_is_suppressed_is_hidden_and_so_is_what_was_decided_with_it() -> None:
    cells = [("share", "2010/11", area, [(3.0, 20.0)] * count) for area, count in zip("ABC", (2, 3, 4), strict=True)]
    assert measured(cells)["hidden"].tolist() == [True, False, False]  # A rests on two schools
    decided = measured(cells)[[*checks.KEY, "area", "parent", "level", *SUMS]].assign(hidden=[False, True, None])
    assert checks.measured(decided, ABOUT)["hidden"].tolist() == [True, True, True]


def test_shown_leaves_out_hidden_numbers_and_puts_them_last() -> None:
    rows = pd.DataFrame({"area_code": list("AB"), "area": list("AB"), "indicator": "share", "period": "2010/11"})
    found = checks.shown(rows, pd.Series([True, False]), value=pd.Series([1.0, 2.0]))
    assert found["area"].tolist() == ["B", "A"]
    assert found["symbol"].tolist() == ["", "c"]
    assert found["value"].isna().tolist() == [False, True]


def silent(reported_now: str) -> pd.DataFrame:
    """Areas A to D reported before; now those in `reported_now` did."""
    cells = [("share", "2009/10", area, [(3.0, 20.0)] * 3) for area in "ABCD"]
    cells += [("share", "2010/11", area, [(3.0, 20.0)] * 3 if area in reported_now else []) for area in "ABCDE"]
    return checks.beside(measured(cells), PAIRS)


def held(areas: str) -> pd.DataFrame:
    return pd.DataFrame({"indicator": "share", "period": "2010/11", "area_code": list(areas)})


@pytest.mark.parametrize(
    ("now", "file", "found"),
    [
        ("ABC", "ABC", ["D"]),
        ("AB", "AB", ["C", "D"]),
        ("ABCD", "ABCD", []),  # E did not report before either
        ("A", "A", []),  # a file of one area is not missing the others
        ("ABC", "A", []),  # nor is one that corrects a single area of a period that was incomplete
        ("AB", "ABCD", ["C", "D"]),  # there with symbols only
    ],
)
def test_areas_are_missing_from_a_file_about_most_others(now: str, file: str, found: list[str]) -> None:
    assert checks.absent(silent(now), held(file))["area_code"].tolist() == found


def test_areas_without_a_baseline_are_named_once_with_their_latest_figure() -> None:
    reported = [(3.0, 20.0)]
    cells = [("share", "2009/10", "A", reported), ("share", "2009/10", "B", []), ("share", "2010/11", "C", [])]
    cells += [("share", period, area, reported) for period in ("2010/11", "2011/12") for area in "AB"]
    later = pd.DataFrame({"indicator": "share", "period": ["2010/11", "2011/12"], "position": [2011.0, 2012.0]})
    start = pd.DataFrame({"indicator": ["share"], "period": ["2009/10"]})
    found = checks.without_baseline(measured(cells), later, start)
    assert found[["area_code", "period"]].to_numpy().tolist() == [["B", "2011/12"]]


def test_a_target_no_better_than_the_baseline_is_behind() -> None:
    rows = pd.DataFrame(
        [
            ("higher", 50.0, 40.0, False),
            ("higher", 40.0, 40.0, True),
            ("higher", 30.0, 40.0, True),
            ("lower", 30.0, 40.0, False),
            ("lower", 40.0, 40.0, True),
            ("lower", 50.0, 40.0, True),
            (None, 30.0, 40.0, False),
            ("higher", 30.0, nan, False),
        ],
        columns=["better", "target", "baseline", "behind"],
    )
    assert checks.behind(rows).index.tolist() == rows.index[rows["behind"]].tolist()


def test_rates_out_of_range() -> None:
    values, percent = np.array([-1, 0, 100, 101, 101, -1, nan]), np.array([True] * 4 + [False] * 2 + [True])
    assert checks.out_of_range(values, percent).tolist() == [True, False, False, True, False, True, False]


def test_a_published_figure_unlike_the_pooled_one() -> None:
    rows = pd.DataFrame(
        [
            ("percent", 50.4, 50.0),
            ("percent", 50.6, 50.0),
            ("gbp", 148.0, 147.0),
            ("gbp", 160.0, 147.0),
            ("gbp", nan, 1),
        ],
        columns=["unit", "published", "pooled"],
    )
    found = checks.unlike_sum(rows)
    assert found.index.tolist() == [3, 1]
    assert found["difference"].tolist() == pytest.approx([13, 0.6])


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ([(3.0, 20.0)], [(3.0, 29.0)], None),
        ([(3.0, 20.0)], [(3.0, 31.0)], 0.55),
        ([(3.0, 40.0)], [(3.0, 18.0)], -0.55),
        ([(3.0, 20.0)], [(3.0, 9.0)], None),  # too few to tell
        ([(3.0, 20.0)] * 4, [(3.0, 20.0)], None),  # fewer units, each of its old size
        ([], [(3.0, 20.0)], None),
    ],
)
def test_a_denominator_that_changed_by_more_than_half(
    before: list[School], after: list[School], change: float | None
) -> None:
    found = checks.other_denominators(two(before, after))["change"].tolist()
    assert found == ([] if change is None else [pytest.approx(change)])


def test_regions_and_england_are_pooled_from_authorities() -> None:
    cells = [("share", "2010/11", area, [(3.0, 20.0)] * 3) for area in "AB"]
    sums = measured(cells)[[*checks.KEY, "parent", "units", "n", "d", "nn", "nd", "dd"]]
    found = checks.measured(checks.above(sums, "E"), ABOUT).set_index("area_code")
    assert found.loc["R", ["n", "d", "units"]].tolist() == [18, 120, 6]
    assert found.loc["E", "value"] == 15
