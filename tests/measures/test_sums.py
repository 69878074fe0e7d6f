"""The six sums and the staff-group tree."""

from math import nan

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.sums import SUMS, alone, one_unit, only_units, pool_upwards, six_sums, with_ancestors
from tests.measures.slow import pooled, six

TREE = {"all": None, "teachers": "all", "early": "teachers", "later": "teachers", "support": "all", "site": "support"}
NODES = with_ancestors(list(TREE), TREE)
counts = st.one_of(st.integers(0, 500).map(float), st.just(nan))
schools = st.lists(st.tuples(counts, counts), max_size=15)


def sums_of(rows: list[tuple[float, float]]) -> dict:
    n, d = (np.array([row[i] for row in rows], dtype=float) for i in (0, 1))
    return six_sums(np.zeros(len(rows), dtype=int), 1, n, d).iloc[0].to_dict()


@given(rows=schools)
def test_the_sums_agree_with_the_slow_twin(rows: list[tuple[float, float]]) -> None:
    assert sums_of(rows) == pytest.approx(six(rows))


@given(parts=st.lists(schools, min_size=1, max_size=4))
def test_the_sums_of_the_parts_are_the_sums_of_the_whole(parts: list[list[tuple[float, float]]]) -> None:
    whole = sums_of([row for part in parts for row in part])
    added = pd.DataFrame([sums_of(part) for part in parts])[SUMS].sum()
    assert added.to_dict() == pytest.approx(whole)


def test_each_unit_counts_in_its_own_cell() -> None:
    found = six_sums(np.array([0, 2, 2]), 3, np.array([1.0, 2, 3]), np.array([4.0, 5, 6]))
    assert found["units"].tolist() == [1, 0, 2]
    assert found["nd"].tolist() == [4, 0, 28]


def test_children_come_before_parents() -> None:
    assert with_ancestors(["early", "site"], TREE) == ["early", "site", "support", "teachers", "all"]
    for node, parent in TREE.items():
        assert parent is None or NODES.index(node) < NODES.index(parent)


@given(given_counts=st.lists(st.dictionaries(st.sampled_from(NODES), st.integers(0, 99).map(float)), max_size=6))
def test_pooling_agrees_with_the_slow_twin(given_counts: list[dict[str, float]]) -> None:
    entries = [(value, row, NODES.index(node)) for row, of in enumerate(given_counts) for node, value in of.items()]
    value, row, node = (np.array([e[i] for e in entries], dtype=kind) for i, kind in enumerate((float, int, int)))
    found = pool_upwards(value, row, node, len(given_counts), NODES, TREE)
    slow = [[pooled(of, name, TREE) for name in NODES] for of in given_counts]
    assert found.tolist() == [pytest.approx(line, nan_ok=True) for line in slow]


def test_a_given_total_wins_over_its_parts() -> None:
    found = pool_upwards(np.array([3.0, 4.0, 10.0]), np.zeros(3, int), np.array([0, 1, 2]), 1, *tree("ab", "total"))
    assert found[0].tolist() == [3, 4, 10]


def tree(parts: str, total: str) -> tuple[list[str], dict[str, str | None]]:
    return [*parts, total], dict.fromkeys(parts, total) | {total: None}


def one(before: list[tuple[float, float]], after: list[tuple[float, float]]) -> tuple[float, float] | None:
    """one_unit of two cells, None where it was not one unit."""
    cells = ({name: np.array([sums_of(rows)[name]]) for name in SUMS} for rows in (before, after))
    (was,), (now,) = one_unit(*cells)
    assert np.isnan(was) == np.isnan(now)
    return None if np.isnan(was) else (float(was), float(now))


figures = st.integers(1, 90).flatmap(lambda d: st.tuples(st.integers(0, d).map(float), st.just(float(d))))
others = st.lists(figures, max_size=6)


@given(rest=others, was=st.none() | figures, now=st.none() | figures)
def test_what_one_unit_had_and_has_follows_from_the_sums(
    rest: list[tuple[float, float]], was: tuple[float, float] | None, now: tuple[float, float] | None
) -> None:
    d_before, d_after = (0.0 if unit is None else unit[1] for unit in (was, now))
    found = one([*rest, *([was] if was else [])], [*rest, *([now] if now else [])])
    assert found == (None if d_before == d_after else (d_before, d_after))


def test_two_units_are_not_one() -> None:
    rest = [(3.0, 20.0), (7.0, 44.0)]
    assert one(rest, [*rest, (2, 5), (3, 6)]) is None
    assert one([*rest, (2, 5), (3, 30)], [*rest, (2, 6), (4, 31)]) is None
    assert one([*rest, (2, 5)], [*rest, (3, 6), (2, 8)]) is None
    assert one([*rest, (2, 5), (3, 30)], rest) is None


def test_one_that_goes_and_another_that_comes_look_like_one() -> None:
    assert one([(3, 20), (2, 5)], [(3, 20), (8, 30)]) == (5, 30)


@given(rest=others, those=st.lists(figures, min_size=1, max_size=6))
def test_units_that_come_or_go_alone_are_counted(
    rest: list[tuple[float, float]], those: list[tuple[float, float]]
) -> None:
    assert only(rest, [*rest, *those]) == len(those)
    assert only([*rest, *those], rest) == -len(those)


def test_others_that_change_as_well_seldom_look_like_that() -> None:
    rest = [(3.0, 20.0), (7.0, 44.0)]
    assert only(rest, rest) == 0
    assert only(rest, [(3, 20), (7, 43)]) == 0
    assert only(rest, [(3, 12), (7, 44), (2, 5)]) == 0
    assert only([*rest, (5, 50)], [*rest, (5, 30), (2, 40)]) == 0


def only(before: list[tuple[float, float]], after: list[tuple[float, float]]) -> float:
    """only_units of two cells."""
    (came,) = only_units(*({name: np.array([sums_of(rows)[name]]) for name in SUMS} for rows in (before, after)))
    return float(came)


@given(unit=figures, sign=st.sampled_from([-1, 1]))
def test_one_unit_alone_is_known_from_its_squares(unit: tuple[float, float], sign: int) -> None:
    sums = sums_of([unit])
    assert alone({name: np.array([sign * sums[name]]) for name in SUMS}).tolist() == [unit[1]]
    other = sums_of([unit, (1, 7)])
    assert np.isnan(alone({name: np.array([other[name]]) for name in SUMS})).all()
    assert np.isnan(alone({name: np.array([other[name] / 2]) for name in SUMS})).all() == (unit != (1, 7))
