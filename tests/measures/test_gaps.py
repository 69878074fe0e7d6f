"""The gap between two groups, and what chance alone would do."""

from math import isnan, nan

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, norm
from statsmodels.stats.proportion import confint_proportions_2indep

from measures.gaps import by_chance, funnel_limits, group_gap, spread
from measures.intervals import with_interval
from tests.measures.slow import Figure, figure, gap_between, six

School = tuple[float, float]
schools = st.lists(st.tuples(st.integers(0, 60), st.integers(60, 90)), max_size=6)
units = st.sampled_from(["percent", "rate", "gbp"])


def measured(schools: list[School], unit: str) -> pd.DataFrame:
    return with_interval(pd.DataFrame([six(schools) | {"unit": unit}]))


def shares(*counts: School) -> pd.DataFrame:
    """One school each."""
    return pd.concat([measured([one], "percent") for one in counts], ignore_index=True)


@given(pairs=st.lists(st.tuples(schools, schools, units), min_size=1, max_size=4))
def test_gaps_agree_with_the_slow_twin(pairs: list[tuple[list[School], list[School], str]]) -> None:
    first, second = (pd.concat([measured(pair[i], pair[2]) for pair in pairs]) for i in (0, 1))
    found = group_gap(first.set_axis(range(5, 5 + len(pairs))), second)
    assert list(found.columns) == ["gap", "gap_lower", "gap_upper", "clear"]
    assert found.index.tolist() == list(range(5, 5 + len(pairs)))
    for (one, other, unit), row in zip(pairs, found.to_dict("records"), strict=True):
        slow = gap_between(figure(one, unit), figure(other, unit), unit)
        assert [row["gap"], row["gap_lower"], row["gap_upper"]] == pytest.approx(slow, abs=1e-5, nan_ok=True)
        if not min(abs(slow[1]), abs(slow[2])) < 1e-5:
            assert row["clear"] == (slow[1] > 0 or slow[2] < 0)


@given(one=st.tuples(st.integers(0, 60), st.integers(60, 90)), other=st.tuples(st.integers(0, 60), st.integers(60, 90)))
def test_a_gap_of_shares_agrees_with_statsmodels(one: School, other: School) -> None:
    row = group_gap(shares(one), shares(other)).iloc[0]
    low, high = confint_proportions_2indep(*one, *other, method="newcomb", compare="diff")
    assert (row["gap_lower"], row["gap_upper"]) == pytest.approx((100 * low, 100 * high), abs=1e-9)
    assert row["gap_lower"] <= row["gap"] <= row["gap_upper"]


@given(first=schools, second=schools, unit=units)
def test_the_gap_seen_from_the_other_side_is_mirrored(first: list[School], second: list[School], unit: str) -> None:
    one, other = measured(first, unit), measured(second, unit)
    row, back = group_gap(one, other).iloc[0], group_gap(other, one).iloc[0]
    assert [row["gap"], row["gap_lower"], row["gap_upper"]] == pytest.approx(
        [-back["gap"], -back["gap_upper"], -back["gap_lower"]], abs=1e-9, nan_ok=True
    )
    assert row["clear"] == back["clear"]


def test_a_gap_is_clear_where_its_interval_excludes_0() -> None:
    found = group_gap(shares((56, 70), (8, 10), (24, 80)), shares((48, 80), (6, 10), (56, 70)))
    assert found["gap"].tolist() == pytest.approx([20, 20, -50])
    assert found["clear"].tolist() == [True, False, True]


def test_everyone_against_no_one_has_an_interval_that_stays_within_100_points() -> None:
    row = group_gap(shares((70, 70)), shares((0, 80))).iloc[0]
    assert row["gap"] == row["gap_upper"] == 100
    assert 90 < row["gap_lower"] < 100


def test_money_adds_squared_half_widths() -> None:
    def costs(value: float, half: float) -> pd.DataFrame:
        shown = Figure(value, value - half, value + half, nan, nan)
        return pd.DataFrame([shown._asdict() | {"unit": "gbp"}])

    row = group_gap(costs(150, 3), costs(140, 4)).iloc[0]
    assert [row["gap"], row["gap_lower"], row["gap_upper"]] == pytest.approx([10, 5, 15])
    assert row["clear"]


def test_a_group_without_value_or_interval_has_no_clear_gap() -> None:
    some, none = measured([(30, 60)] * 3, "gbp"), measured([], "gbp")
    alone = measured([(20, 60)], "gbp")
    assert group_gap(some, none).drop(columns="clear").isna().all(axis=None)
    row = group_gap(some, alone).iloc[0]
    assert row["gap"] == pytest.approx(1 / 6)
    assert isnan(row["gap_lower"])
    assert isnan(row["gap_upper"])
    assert not row["clear"]
    assert group_gap(measured([], "percent"), measured([(3, 9)], "percent"))["gap"].isna().all()
    assert len(group_gap(some.iloc[:0], some.iloc[:0])) == 0


def test_chance_alone_puts_one_in_twenty_outside_the_95_percent_limits() -> None:
    assert by_chance(152, 0.95) == pytest.approx(7.6)
    assert by_chance(152, 0.998) == pytest.approx(0.304)
    assert by_chance(0, 0.95) == 0
    people, p0 = 100_000, 0.5
    low, high = (people * limit[0] for limit in funnel_limits(p0, np.array([people]), 0.95))
    outside = binom.cdf(low, people, p0) + binom.sf(high, people, p0)
    assert 1000 * outside == pytest.approx(by_chance(1000, 0.95), rel=0.01)
    assert by_chance(1000, 0.95) == pytest.approx(1000 * 2 * norm.sf(norm.ppf(0.975)))


def test_spread_holds_the_ends_and_the_middle_half() -> None:
    values = pd.DataFrame({"indicator": ["a"] * 5 + ["b"] * 2 + ["c"], "value": [5, 1, 2, 4, 3, 7, np.nan, np.nan]})
    found = spread(values)
    assert found.loc["a"].tolist() == [1, 2, 4, 5]
    assert found.loc["b"].tolist() == [7, 7, 7, 7]
    assert "c" not in found.index
    assert list(spread(values.iloc[:0]).columns) == ["low", "first", "third", "high"]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40))
def test_spread_is_in_order_and_leaves_a_quarter_at_each_side(values: list[float]) -> None:
    row = spread(pd.DataFrame({"indicator": "a", "value": values})).iloc[0]
    assert row["low"] <= row["first"] <= row["third"] <= row["high"]
    quarter = (len(values) - 1) / 4 + 1
    assert sum(value < row["first"] for value in values) <= quarter
    assert sum(value > row["third"] for value in values) <= quarter
