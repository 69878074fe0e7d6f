"""Statistical neighbours: the nearest by standardised context variables, in order, and how close they are."""

import math
from statistics import fmean

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.neighbours import CLOSENESS, COLUMNS, nearest

Table = dict[str, list[float]]  # authority → its values


@st.composite
def tables(draw: st.DrawFn, least: int = 2) -> Table:
    """Authorities with up to four variables of small whole numbers, so that ties are common."""
    width = draw(st.integers(1, 4))
    row = st.lists(st.integers(-3, 3).map(float), min_size=width, max_size=width)
    rows = draw(st.lists(row, min_size=least, max_size=12))
    return {f"{200 + position}": row for position, row in enumerate(rows)}


def long(table: Table) -> pd.DataFrame:
    """The same as the database holds it."""
    rows = [(code, f"v{at}", value) for code, row in table.items() for at, value in enumerate(row)]
    return pd.DataFrame(rows, columns=["la_code", "variable", "value"])


def neighbours_by_hand(table: Table, count: int) -> list[tuple[str, str, int, float, str]]:
    """One authority and one variable at a time, as the docstring has it."""
    columns = []
    for column in zip(*table.values(), strict=True):
        middle, spread = fmean(column), math.sqrt(fmean((x - fmean(column)) ** 2 for x in column))
        if max(column) == min(column):
            continue
        if min(column) > 0 and fmean((x - middle) ** 3 for x in column) / spread**3 > 2:
            column = [math.log(x) for x in column]
            middle, spread = fmean(column), math.sqrt(fmean((x - fmean(column)) ** 2 for x in column))
        columns.append([(x - middle) / spread for x in column])
    if not columns:
        return []
    points = dict(zip(table, zip(*columns, strict=True), strict=True))
    apart = {(a, b): round(math.dist(points[a], points[b]), 9) for a in points for b in points if a != b}
    made = []
    for here in sorted(table):
        others = sorted((apart[here, there], there) for there in table if there != here)
        for rank, (distance, there) in enumerate(others[:count], start=1):
            share = sum(other <= distance for other in apart.values()) / len(apart)
            words = next(words for words, limit in CLOSENESS.items() if share <= limit)
            made.append((here, there, rank, distance, words))
    return made


def agrees(found: pd.DataFrame, expected: list[tuple[str, str, int, float, str]]) -> None:
    assert found.columns.tolist() == COLUMNS
    assert [tuple(row) for row in found.drop(columns="distance").to_numpy()] == [(*r[:3], r[4]) for r in expected]
    assert found["distance"].tolist() == pytest.approx([row[3] for row in expected], abs=1e-8)


@given(table=tables(), count=st.integers(1, 12))
def test_the_nearest_agree_with_the_slow_twin(table: Table, count: int) -> None:
    agrees(nearest(long(table), count), neighbours_by_hand(table, count))


@given(seed=st.integers(0, 2**32 - 1), count=st.integers(1, 30))
def test_the_nearest_of_uneven_variables_agree_with_the_slow_twin(seed: int, count: int) -> None:
    """Skewed ones among them, as population density is."""
    rng = np.random.default_rng(seed)
    rows = np.column_stack([rng.lognormal(0, 2, 25), rng.normal(0, 1, 25), rng.lognormal(5, 0.1, 25)])
    table = {f"{code}": row for code, row in zip(range(300, 325), rows.tolist(), strict=True)}
    agrees(nearest(long(table), count), neighbours_by_hand(table, count))


@given(table=tables(), count=st.integers(1, 12))
def test_each_has_as_many_as_asked_for_and_never_itself(table: Table, count: int) -> None:
    found = nearest(long(table), count)
    assert (found["la_code"] != found["neighbour_code"]).all()
    assert not found.duplicated(["la_code", "neighbour_code"]).any()
    if len({tuple(row) for row in table.values()}) > 1:
        kept = min(count, len(table) - 1)
        assert found.groupby("la_code")["rank"].agg(list).to_dict() == {c: [*range(1, kept + 1)] for c in table}
        assert found.groupby("la_code")["distance"].apply(lambda each: each.is_monotonic_increasing).all()
    else:
        assert found.empty


@given(table=tables(), turn=st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(table: Table, turn) -> None:
    order = list(range(len(long(table))))
    turn.shuffle(order)
    pd.testing.assert_frame_equal(nearest(long(table).iloc[order], 5), nearest(long(table), 5))


@given(table=tables(), turn=st.randoms(use_true_random=False))
def test_other_codes_leave_the_distances_as_they_are(table: Table, turn) -> None:
    codes = list(table)
    turn.shuffle(codes)
    called = dict(zip(table, codes, strict=True))
    columns = ["la_code", "rank", "distance", "closeness"]  # which of two equally near comes first depends on the codes
    before = nearest(long(table), 5)[columns].replace({"la_code": called})
    after = nearest(long({called[code]: row for code, row in table.items()}), 5)[columns]
    pd.testing.assert_frame_equal(before.sort_values(["la_code", "rank"], ignore_index=True), after)


@given(table=tables(), factor=st.floats(1e-3, 1e3), shift=st.integers(-5, 5))
def test_another_unit_for_a_variable_changes_nothing(table: Table, factor: float, shift: int) -> None:
    scaled = {code: [row[0] * factor, *row[1:]] for code, row in table.items()}
    pd.testing.assert_frame_equal(nearest(long(scaled), 5), nearest(long(table), 5))
    moved = {
        code: [row[0] - 10 + shift, *row[1:]] for code, row in table.items()
    }  # below 0: no logarithm before or after
    lower = {code: [row[0] - 10, *row[1:]] for code, row in table.items()}
    pd.testing.assert_frame_equal(nearest(long(moved), 5), nearest(long(lower), 5))


@given(table=tables(), same=st.floats(-1e6, 1e6))
def test_a_variable_that_is_the_same_everywhere_counts_nothing(table: Table, same: float) -> None:
    wider = {code: [*row, same] for code, row in table.items()}
    pd.testing.assert_frame_equal(nearest(long(wider), 5), nearest(long(table), 5))


def test_of_two_equally_near_the_lower_code_comes_first() -> None:
    found = nearest(long({"209": [1.0], "202": [2.0], "205": [3.0], "207": [2.0]}), 3).set_index(["la_code", "rank"])
    assert found.loc["202", "neighbour_code"].tolist() == ["207", "205", "209"]
    assert found.loc["205", "neighbour_code"].tolist() == ["202", "207", "209"]


def test_a_strongly_skewed_variable_counts_by_its_logarithm() -> None:
    """Between 1 and 100 on one side and 10,000 on the other lies the same way, in logarithms."""
    table = {f"{code}": [100.0] for code in range(200, 210)} | {"300": [1.0], "301": [10_000.0]}
    found = nearest(long(table), 11)
    apart = found[found["la_code"] == "200"].set_index("neighbour_code")["distance"]
    assert apart["300"] == pytest.approx(apart["301"]) != 0
    negative = {code: [row[0] - 2] for code, row in table.items()}  # one is below zero, where there is no logarithm
    found = nearest(long(negative), 11)
    apart = found[found["la_code"] == "200"].set_index("neighbour_code")["distance"]
    assert apart["301"] == pytest.approx(apart["300"] * 9900 / 99)


@pytest.mark.parametrize("blank", [True, False])
def test_an_authority_without_one_of_the_variables_is_left_out(blank: bool) -> None:
    """Whether its value is blank or its row is not there; the others are what they would be without it."""
    table = {"202": [1.0, 5.0], "203": [2.0, 1.0], "204": [4.0, 4.0]}
    context = long(table | {"205": [3.0, 3.0]})
    missing = (context["la_code"] == "205") & (context["variable"] == "v1")
    context = context.assign(value=context["value"].mask(missing)) if blank else context[~missing]
    pd.testing.assert_frame_equal(nearest(context, 10), nearest(long(table), 10))


def test_without_context_there_are_no_neighbours() -> None:
    for context in (long({}), long({"202": [1.0]}), long({"202": [1.0], "203": [1.0]})):
        found = nearest(context, 10)
        assert found.empty
        assert found.columns.tolist() == COLUMNS


def test_closeness_says_how_few_pairs_are_nearer() -> None:
    """Twenty authorities on a line make 190 pairs, no two equally far apart."""
    table = {f"{200 + step}": [-(1.3**step)] for step in range(20)}  # below 0: no logarithm
    found = nearest(long(table), 19)
    pairs = found[found["la_code"] < found["neighbour_code"]].sort_values("distance")
    counts = pairs["closeness"].value_counts(sort=False).to_dict()
    assert counts == {
        "extremely close": 1,  # 1% of 190 is 1.9
        "very close": 8,  # 5% is 9.5
        "close": 10,  # 10% is 19
        "somewhat close": 28,  # 25% is 47.5
        "not close": 143,
    }
