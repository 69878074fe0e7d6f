"""Benchmarks, ranks, quartiles, spread and funnel limits."""

from math import isnan, nan

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.comparison import a_year_ago, compare, neighbour_mean, quartile, rank
from measures.gaps import best_and_worst, funnel_limits, outside_limits, spread_90_10
from tests.measures.slow import funnel, mean_of_neighbours, place, quarter, value_a_year_ago, versus

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


@given(numbers=values, better=st.sampled_from(["higher", "lower"]))
def test_quartiles_agree_with_the_slow_twin(numbers: list[float], better: str) -> None:
    found = quartile(pd.Series(numbers), better).tolist()
    assert found == pytest.approx([quarter(numbers, better, at) for at in range(len(numbers))], nan_ok=True)


@given(
    rows=st.lists(st.tuples(st.sampled_from("abc"), st.one_of(st.integers(0, 8).map(float), st.just(nan))), min_size=1)
)
def test_each_indicator_is_ranked_by_itself(rows: list[tuple[str, float]]) -> None:
    ways = {"a": "higher", "b": "lower", "c": None}
    frame = pd.DataFrame(rows, columns=["indicator", "value"], index=range(7, 7 + len(rows)))
    better = frame["indicator"].map(ways).astype(object)
    for measure in (rank, quartile):
        found = measure(frame["value"], better, frame["indicator"])
        for code, group in frame["value"].groupby(frame["indicator"]):
            pd.testing.assert_series_equal(found[group.index], measure(group, ways[code]))


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
    assert (low[0], high[0]) == pytest.approx(funnel(p, n, level), abs=1e-9)
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


PERIODS = ["2009/10", "2010/11", "2009/10 autumn", "2009/10 summer", "2010/11 autumn", "2010/11 summer", "2012/13"]
POSITIONS = [2010.0, 2011.0, 2009 + 1 / 3, 2010.0, 2010 + 1 / 3, 2011.0, 2013.0]
points = st.tuples(st.sampled_from("ij"), st.sampled_from("ab"), st.integers(0, 6))


@given(keys=st.lists(points, min_size=1, max_size=20, unique=True), first=st.integers(0, 99))
def test_a_year_ago_agrees_with_the_slow_twin(keys: list[tuple[str, str, int]], first: int) -> None:
    frame = pd.DataFrame(keys, columns=["indicator", "area_code", "at"], index=range(3, 3 + len(keys)))
    frame["period"], frame["period_position"] = (
        frame["at"].map(list(names).__getitem__) for names in (PERIODS, POSITIONS)
    )
    frame["value"] = [float(first + 7 * i) if i % 4 else nan for i in range(len(keys))]
    frame["lower"], frame["upper"] = frame["value"] - 1, frame["value"] + 2
    made = a_year_ago(frame)
    assert made.index.tolist() == frame.index.tolist()
    pd.testing.assert_frame_equal(made[frame.columns], frame)
    listed = frame.to_dict("records")
    before = [value_a_year_ago(listed, row) for row in listed]
    assert made["value_before"].tolist() == pytest.approx(before, nan_ok=True)
    assert made["lower_before"].tolist() == pytest.approx([value - 1 for value in before], nan_ok=True)
    assert made["upper_before"].tolist() == pytest.approx([value + 2 for value in before], nan_ok=True)
    assert made["change"].tolist() == pytest.approx((frame["value"] - before).tolist(), nan_ok=True)


def test_a_position_need_not_be_exact() -> None:
    rows = pd.DataFrame(
        {
            "indicator": "i",
            "area_code": "a",
            "period": ["2009/10 autumn", "2010/11 autumn"],
            "period_position": [2009.3333333, 2010.33333333333],
            "value": [40.0, 45.0],
            "lower": [39.0, 44.0],
            "upper": [41.0, 46.0],
        }
    )
    assert a_year_ago(rows)["change"].tolist() == pytest.approx([nan, 5.0], nan_ok=True)
    assert a_year_ago(rows.iloc[:0])[["value_before", "change"]].shape == (0, 2)


def test_a_year_is_not_set_beside_a_term_that_ends_with_it() -> None:
    keys = {"indicator": "i", "area_code": "a", "lower": nan, "upper": nan}
    rows = pd.DataFrame(
        [
            keys | {"period": "2009/10 summer", "period_position": 2010.0, "value": 40.0},
            keys | {"period": "2009/10", "period_position": 2010.0, "value": 50.0},
            keys | {"period": "2010/11", "period_position": 2011.0, "value": 53.0},
        ]
    )
    assert a_year_ago(rows)["change"].tolist() == pytest.approx([nan, nan, 3.0], nan_ok=True)


@given(
    figures_of=st.dictionaries(
        st.tuples(st.sampled_from("ij"), st.sampled_from("abcde")),
        st.one_of(st.integers(0, 100), st.just(nan)),
        min_size=1,
    ),
    listed=st.dictionaries(st.sampled_from("abcde"), st.lists(st.sampled_from("abcdefg"), min_size=1, unique=True)),
)
def test_the_mean_of_neighbours_agrees_with_the_slow_twin(figures_of: dict, listed: dict[str, list[str]]) -> None:
    values = pd.DataFrame(
        [(*key, value) for key, value in figures_of.items()], columns=["indicator", "area_code", "value"]
    )
    pairs = [(area, other) for area, others in listed.items() for other in others]
    found = neighbour_mean(values, pd.DataFrame(pairs, columns=["la_code", "neighbour_code"], dtype=object))
    rows = {(row["indicator"], row["area_code"]): row for row in found.to_dict("records")}
    assert set(rows) == {(code, area) for code in set(values["indicator"]) for area in listed}
    assert len(found) == len(rows)
    for (code, area), row in rows.items():
        mine = {place: value for (of, place), value in figures_of.items() if of == code}
        mean, reported, asked = mean_of_neighbours(mine, listed[area])
        assert (row["neighbours_reported"], row["neighbours_asked"]) == (reported, asked)
        assert row["neighbour_value"] == pytest.approx(mean, nan_ok=True)


def test_each_neighbour_counts_once_whatever_its_size() -> None:
    values = pd.DataFrame(
        {"indicator": "i", "area_code": ["a", "b", "c"], "value": [10.0, 40.0, nan], "denominator": [10, 1000, 5]}
    )
    twice = pd.DataFrame({"la_code": "z", "neighbour_code": ["a", "b", "b", "c"]})
    assert neighbour_mean(values, twice).to_dict("records") == [
        {"indicator": "i", "area_code": "z", "neighbour_value": 25, "neighbours_reported": 2, "neighbours_asked": 3}
    ]


def test_a_period_that_nobody_reported_has_neither_rank_nor_benchmark() -> None:
    values = pd.DataFrame({"indicator": "i", "area_code": ["a", "b"], "value": nan})
    row = neighbour_mean(values, pd.DataFrame({"la_code": ["a"], "neighbour_code": ["b"]})).iloc[0]
    assert isnan(row["neighbour_value"])
    assert (row["neighbours_reported"], row["neighbours_asked"]) == (0, 1)
    assert rank(values["value"], "higher").isna().all()
    assert quartile(values["value"], "lower", values["indicator"]).isna().all()
    nothing = values["value"]
    assert list(compare(nothing, nothing, nothing, pd.Series(["higher", None], dtype=object))) == ["Not compared"] * 2
    assert best_and_worst(values, "higher") is None
    assert isnan(spread_90_10(nothing))
    assert outside_limits(nothing, nothing, nan, 0.95) == 0


@pytest.mark.parametrize("n", [0.0, -5.0, nan])
def test_nobody_has_no_funnel_limits(n: float) -> None:
    assert np.isnan(funnel_limits(0.5, np.array([n]), 0.95)).all()
    assert outside_limits(pd.Series([99.0]), pd.Series([n]), 0.5, 0.95) == 0
