"""Authorities with and without partnership work: who counts, who is matched with whom, and what is said of how few."""

from datetime import date
from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from measures.with_without import Compared, Limits, active, compared, matched

FEW = Limits(pairs=2)
FIRST, LAST = date(2010, 8, 31), date(2012, 8, 31)


def best(one: list[float], other: list[float], caliper: float) -> tuple[int, float]:
    """How many pairs there can be, and the least sum of their distances: every way is tried."""
    if len(one) > len(other):
        return best(other, one, caliper)
    found = []
    for order in permutations(range(len(other)), len(one)):
        gaps = [abs(one[at] - other[beside]) for at, beside in enumerate(order)]
        near = [gap for gap in gaps if gap <= caliper]
        found.append((-len(near), sum(near)))
    count, total = min(found)
    return -count, total


numbers = st.integers(0, 12).map(float)


@given(st.lists(numbers, max_size=5), st.lists(numbers, max_size=6), st.integers(0, 5))
def test_the_matching_is_the_best_of_all_ways(one: list[float], other: list[float], caliper: int) -> None:
    mine, theirs = matched(np.array(one), np.array(other), float(caliper))
    assert len(set(mine)) == len(mine) == len(set(theirs)), "nobody is in two pairs"
    gaps = np.abs(np.array(one)[mine] - np.array(other)[theirs]) if len(mine) else np.empty(0)
    assert (gaps <= caliper).all()
    count, total = best(one, other, caliper)
    assert len(gaps) == count
    assert gaps.sum() == pytest.approx(total)


def group(baseline: list[float], movement: list[float], name: str = "A") -> pd.DataFrame:
    codes = [f"{name}{at:03d}" for at in range(len(baseline))]
    return pd.DataFrame({"code": codes, "baseline": baseline, "movement": movement})


some = st.lists(st.tuples(numbers, st.floats(-9, 9)), max_size=8)


@given(some, some, st.randoms(use_true_random=False))
def test_the_order_of_rows_says_nothing_and_groups_the_other_way_round_mirror_it(
    one: Any, other: Any, random: Any
) -> None:
    first, second = (
        group([b for b, _ in rows], [m for _, m in rows], name) for rows, name in ((one, "A"), (other, "B"))
    )
    found = compared(first, second, FEW)
    order = list(range(len(first)))
    random.shuffle(order)
    assert same(compared(first.iloc[order], second, FEW), found)
    back = compared(second, first, FEW)
    mirrored = Compared(
        back.pairs,
        back.beside,
        back.of,
        -back.difference,
        -back.upper,
        -back.lower,
        -back.apart_before,
        -back.apart_after,
    )
    assert same(mirrored, found)


def same(one: Compared, other: Compared) -> bool:
    return np.allclose(list(vars(one).values()), list(vars(other).values()), equal_nan=True)


def test_the_difference_is_that_of_pairs_with_the_interval_of_a_paired_t_test() -> None:
    rng = np.random.default_rng(1)
    base = np.linspace(20, 60, 15)
    one, other = group(list(base), list(rng.normal(5, 2, 15))), group(list(base), list(rng.normal(3, 2, 15)), "B")
    found = compared(one, other)
    test = stats.ttest_rel(one["movement"], other["movement"])
    assert (found.pairs, found.of, found.beside) == (15, 15, 15)
    assert found.difference == pytest.approx(float(np.mean(one["movement"] - other["movement"])))
    low, high = test.confidence_interval(0.95)
    assert (found.lower, found.upper) == (pytest.approx(low), pytest.approx(high))
    assert found.clear == (test.pvalue < 0.05)


def test_matching_takes_away_what_the_baseline_alone_explains() -> None:
    base = np.arange(40.0)
    moved = 20 - base / 2  # who begins low moves more, with or without partnerships
    one, other = group(list(base[20:]), list(moved[20:])), group(list(base), list(moved), "B")
    found = compared(one, other)
    assert one["movement"].mean() < other["movement"].mean() - 4
    assert found.pairs == 20
    assert found.difference == pytest.approx(0)
    assert abs(found.apart_after) < 0.01 < found.apart_before


@pytest.mark.parametrize(
    ("one", "other", "pairs"),
    [
        (group([], []), group([1.0, 2.0], [0.0, 0.0], "B"), 0),
        (group([], []), group([], [], "B"), 0),
        (group([1.0] * 9, [1.0] * 9), group([1.0] * 30, [0.0] * 30, "B"), 9),
        (group([np.nan] * 12, [1.0] * 12), group([1.0] * 12, [0.0] * 12, "B"), 0),
        (group([1.0] * 12, [np.nan] * 12), group([1.0] * 12, [0.0] * 12, "B"), 0),
        (group([0.0] * 12, [1.0] * 12), group([9.0] * 12, [0.0] * 12, "B"), 0),
    ],
    ids=["one is empty", "both are", "nine pairs", "no baseline", "no figure now", "nobody is alike"],
)
def test_of_too_few_pairs_there_is_no_figure(one: pd.DataFrame, other: pd.DataFrame, pairs: int) -> None:
    found = compared(one, other)
    assert found.pairs == pairs
    assert not found.enough
    assert not found.clear
    assert np.isnan(found.lower)


def test_without_any_spread_all_are_alike() -> None:
    found = compared(group([5.0] * 10, [2.0] * 10), group([5.0] * 10, [1.0] * 10, "B"))
    assert (found.pairs, found.difference, found.lower, found.upper) == (10, 1, 1, 1)
    assert np.isnan(found.apart_before)


# Who has active partnership work -------------------------------------------------------------------------

DAYS = [date(2010, 11, 1), date(2011, 3, 1)]


def partnership(**values: Any) -> dict[str, Any]:
    return {"code": "P1", "areas": ["202"], "began": date(2009, 9, 1), "ended": None} | values


@pytest.mark.parametrize(
    ("about", "days", "where"),
    [
        ({}, DAYS, {"202"}),
        ({"areas": ["202", "203"]}, DAYS, {"202", "203"}),
        ({"ended": date(2011, 3, 2)}, DAYS, {"202"}),
        ({"ended": FIRST}, DAYS, set()),
        ({"began": date(2010, 9, 1)}, DAYS, set()),
        ({}, DAYS[:1], set()),
        ({}, [FIRST, LAST], set()),
        ({}, [date(2010, 9, 1), LAST], {"202"}),
        ({}, [DAYS[0], date(2012, 9, 1)], set()),
    ],
    ids=[
        "active",
        "two areas",
        "ended later",
        "over",
        "began later",
        "one day",
        "on the first day",
        "last day",
        "after",
    ],
)
def test_who_has_active_partnership_work(about: dict[str, Any], days: list[date], where: set[str]) -> None:
    whole = pd.DataFrame([partnership(**about)], dtype=object)
    held = pd.DataFrame({"partnership": "P1", "held_on": days}, dtype=object)
    assert set(active(whole, held, FIRST, LAST)) == where


def test_an_empty_register_has_none() -> None:
    nothing = pd.DataFrame(columns=["code", "areas", "began", "ended"], dtype=object)
    assert active(nothing, pd.DataFrame(columns=["partnership", "held_on"], dtype=object), FIRST, LAST) == {}
