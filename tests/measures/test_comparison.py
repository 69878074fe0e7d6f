"""Benchmarks, ranks, quartiles, spread and funnel limits."""

from math import nan, sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.comparison import compare, quartile, rank
from measures.gaps import best_and_worst, funnel_limits, outside_limits, spread_90_10
from tests.measures.slow import place, versus, z

figures = st.one_of(st.floats(0, 100, allow_nan=False, width=32), st.just(nan))
directions = st.sampled_from(["higher", "lower", None])
values = st.lists(st.one_of(st.integers(0, 8).map(float), st.just(nan)), min_size=1, max_size=20)


@given(rows=st.lists(st.tuples(figures, figures, figures, directions), min_size=1, max_size=10))
def test_comparison_agrees_with_the_slow_twin(rows: list[tuple]) -> None:
    rows = [(min(low, high), max(low, high), mark, better) for low, high, mark, better in rows]
    low, high, mark, better = (pd.Series(list(column)) for column in zip(*rows, strict=True))
    found = compare(low, high, mark, better.astype(object))
    assert list(found) == [versus(*row) for row in rows]


def test_a_benchmark_on_the_limit_is_similar() -> None:
    row = [pd.Series([x]) for x in (40.0, 50.0)]
    assert list(compare(*row, pd.Series([50.0]), pd.Series(["higher"]))) == ["Similar"]


@given(numbers=values, better=st.sampled_from(["higher", "lower"]))
def test_rank_agrees_with_the_slow_twin(numbers: list[float], better: str) -> None:
    found = rank(pd.Series(numbers), better).tolist()
    assert found == pytest.approx([place(numbers, better, at) for at in range(len(numbers))], nan_ok=True)


@given(numbers=values, better=st.sampled_from(["higher", "lower"]), turn=st.randoms(use_true_random=False))
def test_rank_does_not_depend_on_names_or_order(numbers: list[float], better: str, turn) -> None:
    order = list(range(len(numbers)))
    turn.shuffle(order)
    series = pd.Series(numbers, index=[f"area {i}" for i in range(len(numbers))])
    shuffled = series.iloc[order].rename(lambda name: name.upper())
    assert rank(shuffled, better).tolist() == pytest.approx(rank(series, better).iloc[order].tolist(), nan_ok=True)


def test_ties_share_a_rank_and_a_quartile() -> None:
    numbers = pd.Series([90.0, 80, 80, 70, nan, 60, 50, 50, 40])
    assert rank(numbers, "higher").tolist() == pytest.approx([1, 2, 2, 4, nan, 5, 6, 6, 8], nan_ok=True)
    assert rank(numbers, "lower").tolist() == pytest.approx([8, 6, 6, 5, nan, 4, 2, 2, 1], nan_ok=True)
    assert quartile(numbers, "higher").tolist() == pytest.approx([1, 1, 1, 2, nan, 3, 3, 3, 4], nan_ok=True)


@given(numbers=values, better=st.sampled_from(["higher", "lower"]))
def test_quartiles_follow_ranks(numbers: list[float], better: str) -> None:
    quarters, ranks = quartile(pd.Series(numbers), better).dropna(), rank(pd.Series(numbers), better).dropna()
    assert quarters.between(1, 4).all()
    assert quarters.loc[ranks.sort_values().index].is_monotonic_increasing
    assert quarters.empty or quarters.min() == 1


@pytest.mark.parametrize("level", [0.95, 0.998])
@given(p=st.floats(0, 1), n=st.floats(1, 1e5))
def test_funnel_limits_agree_with_the_formula(level: float, p: float, n: float) -> None:
    low, high = funnel_limits(p, np.array([n]), level)
    half = z(level) * sqrt(p * (1 - p) / n)
    assert (low[0], high[0]) == pytest.approx((max(0, p - half), min(1, p + half)), abs=1e-9)
    assert 0 <= low[0] <= high[0] <= 1


def test_areas_outside_the_limits_are_counted() -> None:
    shares, n = pd.Series([50.0, 70.0, 30.0, nan, 55.0]), pd.Series([100.0, 100, 100, 100, nan])
    assert outside_limits(shares, n, 0.5, 0.95) == 2
    assert outside_limits(shares, n, 0.5, 1 - 1e-6) == 0


def test_best_and_worst_respect_the_direction() -> None:
    frame = pd.DataFrame({"area_code": list("abc"), "value": [1.0, 3.0, nan]})
    best, worst = best_and_worst(frame, "higher") or pytest.fail("two areas have a value")
    assert (best["area_code"], worst["area_code"]) == ("b", "a")
    best, worst = best_and_worst(frame, "lower") or pytest.fail("two areas have a value")
    assert (best["area_code"], worst["area_code"]) == ("a", "b")
    assert best_and_worst(frame.head(1), "higher") is None


def test_the_spread_needs_ten_areas() -> None:
    assert spread_90_10(pd.Series(range(11), dtype=float)) == 8
    assert np.isnan(spread_90_10(pd.Series([*range(9), nan], dtype=float)))
