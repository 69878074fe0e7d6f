"""Value and interval: known values, the slow twin, and what must hold for any schools."""

from math import isnan

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.intervals import with_interval
from tests.measures.slow import figure, six

LEVELS = (0.95, 0.998)


def measured(schools: list[tuple[float, float]], unit: str, level: float = 0.95) -> dict:
    return with_interval(pd.DataFrame([six(schools) | {"unit": unit}]), level).iloc[0].to_dict()


@st.composite
def proportions(draw: st.DrawFn) -> list[tuple[float, float]]:
    sizes = draw(st.lists(st.integers(1, 300), min_size=1, max_size=12))
    return [(float(draw(st.integers(0, d))), float(d)) for d in sizes]


rates = st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 300)), min_size=1, max_size=12).map(
    lambda rows: [(float(n), float(d)) for n, d in rows]
)


@pytest.mark.parametrize(
    ("n", "d", "lower", "upper"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_newcombe_prints_it(n: int, d: int, lower: float, upper: float) -> None:
    """Newcombe 1998, Statistics in Medicine 17, 857–872, table I, method 3 (score without continuity correction)."""
    found = measured([(n, d)], "percent")
    assert (found["lower"] / 100, found["upper"] / 100) == pytest.approx((lower, upper), abs=5e-5)
    assert found["n_eff"] == d


@pytest.mark.parametrize("level", LEVELS)
@given(schools=proportions())
def test_a_proportion_agrees_with_the_slow_twin(level: float, schools: list[tuple[float, float]]) -> None:
    found, slow = measured(schools, "percent", level), figure(schools, "percent", level)
    assert [found[name] for name in slow._fields] == pytest.approx(list(slow), rel=1e-6, abs=1e-6, nan_ok=True)


@pytest.mark.parametrize("level", LEVELS)
@given(schools=rates, unit=st.sampled_from(["rate", "gbp"]))
def test_a_rate_agrees_with_the_slow_twin(level: float, schools: list[tuple[float, float]], unit: str) -> None:
    found, slow = measured(schools, unit, level), figure(schools, unit, level)
    assert [found[name] for name in slow._fields] == pytest.approx(list(slow), rel=1e-6, abs=1e-5, nan_ok=True)


@given(schools=proportions())
def test_the_interval_holds_the_value_and_stays_between_0_and_100(schools: list[tuple[float, float]]) -> None:
    wide, narrow = measured(schools, "percent", 0.998), measured(schools, "percent", 0.95)
    assert 0 <= wide["lower"] <= narrow["lower"] <= narrow["value"] <= narrow["upper"] <= wide["upper"] <= 100


@given(schools=proportions())
def test_clustering_never_makes_more_certain(schools: list[tuple[float, float]]) -> None:
    found = measured(schools, "percent")
    everyone = measured([(sum(n for n, _ in schools), sum(d for _, d in schools))], "percent")
    assert found["deff"] >= 1 - 1e-9
    assert found["n_eff"] <= everyone["n_eff"] + 1e-6
    assert found["upper"] - found["lower"] >= everyone["upper"] - everyone["lower"] - 1e-6


@given(schools=proportions())
def test_counting_the_opposite_mirrors_the_interval(schools: list[tuple[float, float]]) -> None:
    found = measured(schools, "percent")
    other = measured([(d - n, d) for n, d in schools], "percent")
    assert [100 - other["value"], 100 - other["upper"], 100 - other["lower"]] == pytest.approx(
        [found["value"], found["lower"], found["upper"]], abs=1e-5
    )


def test_one_unit_has_a_plain_interval_as_a_proportion_and_none_as_a_rate() -> None:
    assert measured([(30, 60)], "percent")["deff"] == 1
    alone = measured([(30, 60)], "rate")
    assert alone["value"] == 0.5
    assert isnan(alone["lower"])
    assert isnan(alone["upper"])


@pytest.mark.parametrize("n", [0.0, 1.0])
def test_all_or_nothing_counts_each_school_once_at_most(n: float) -> None:
    schools = [(n * 40, 40.0)] * 3
    assert measured(schools, "percent")["n_eff"] == 3
    assert measured([(n, 1.0)] * 3, "percent")["n_eff"] == 3


def test_alike_schools_are_one_sample() -> None:
    assert measured([(5, 10)] * 4, "percent")["n_eff"] == pytest.approx(40)


def test_nothing_reported_has_no_figure() -> None:
    empty = pd.DataFrame([dict.fromkeys(("units", "n", "d", "nn", "nd", "dd"), np.nan) | {"unit": "percent"}])
    for sums in (empty, empty.fillna(0)):
        found = with_interval(sums).iloc[0]
        assert found[["value", "lower", "upper", "n_eff", "deff"]].isna().all()
