"""The difference between two areas: separate ones, and ones of which one contains the other."""

from itertools import product
from math import isnan, nan

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.comparison import compare
from measures.differences import AROUND, SAME, SEPARATE, WITHIN, difference, relation
from measures.gaps import group_gap
from measures.intervals import with_interval
from measures.sentences import difference_rules
from tests.measures.slow import Figure, area_difference, figure, six

School = tuple[float, float]
schools = st.lists(st.tuples(st.integers(0, 60), st.integers(60, 90)), max_size=6)
units = st.sampled_from(["percent", "rate", "gbp"])
directions = st.sampled_from(["higher", "lower", None])
PLACES = {
    "England": ("england", "E92000001", None),
    "London": ("region", "E12000007", "E12000007"),
    "North East": ("region", "E12000001", "E12000001"),
    "Camden": ("la", "202", "E12000007"),
    "Gateshead": ("la", "390", "E12000001"),
}
places = st.sampled_from(list(PLACES))
MIRROR = {"Better": "Worse", "Worse": "Better", "Higher": "Lower", "Lower": "Higher"}


def measured(place: str, schools: list[School], unit: str = "percent", better: str | None = "higher") -> pd.DataFrame:
    level, code, region = PLACES[place]
    rows = with_interval(pd.DataFrame([six(schools) | {"unit": unit}]))
    return rows.assign(level=level, area_code=code, region_code=region, better=pd.Series([better], dtype=object))


def test_who_contains_whom() -> None:
    found = {
        (one, other): relation(measured(one, [(1, 2)]), measured(other, [(1, 2)]))[0]
        for one, other in product(PLACES, PLACES)
    }
    inside = {
        ("London", "England"),
        ("North East", "England"),
        ("Camden", "England"),
        ("Gateshead", "England"),
        ("Camden", "London"),
        ("Gateshead", "North East"),
    }
    for (one, other), said in found.items():
        expected = SAME if one == other else SEPARATE
        expected = WITHIN if (one, other) in inside else AROUND if (other, one) in inside else expected
        assert said == expected, (one, other)


@given(one=places, other=places, first=schools, second=schools, unit=units, better=directions)
def test_differences_agree_with_the_slow_twin(
    one: str, other: str, first: list[School], second: list[School], unit: str, better: str | None
) -> None:
    row = difference(measured(one, first, unit, better), measured(other, second, unit, better)).iloc[0]
    slow = area_difference(PLACES[one], figure(first, unit), PLACES[other], figure(second, unit), unit)
    assert [row["gap"], row["gap_lower"], row["gap_upper"]] == pytest.approx(slow, abs=1e-5, nan_ok=True)
    assert row["clear"] == (row["gap_lower"] > 0 or row["gap_upper"] < 0)


@given(one=places, other=places, first=schools, second=schools, unit=units, better=directions)
def test_a_difference_seen_from_the_other_area_is_mirrored(
    one: str, other: str, first: list[School], second: list[School], unit: str, better: str | None
) -> None:
    a, b = measured(one, first, unit, better), measured(other, second, unit, better)
    if one == other:
        b = a
    there, back = difference(a, b).iloc[0], difference(b, a).iloc[0]
    assert [there["gap"], there["gap_lower"], there["gap_upper"]] == pytest.approx(
        [-back["gap"], -back["gap_upper"], -back["gap_lower"]], abs=1e-9, nan_ok=True
    )
    assert there["clear"] == back["clear"]
    assert back["judged"] == MIRROR.get(there["judged"], there["judged"])
    assert {there["relation"], back["relation"]} in ({SAME}, {SEPARATE}, {WITHIN, AROUND})


@given(first=schools, second=schools, unit=units, better=directions)
def test_a_part_against_its_whole_is_judged_as_against_any_benchmark(
    first: list[School], second: list[School], unit: str, better: str | None
) -> None:
    part, whole = measured("Camden", first, unit, better), measured("London", second, unit, better)
    row = difference(part, whole).iloc[0]
    expected = compare(part["lower"], part["upper"], whole["value"], part["better"])[0]
    edges = abs(part["lower"].iloc[0] - whole["value"].iloc[0]), abs(part["upper"].iloc[0] - whole["value"].iloc[0])
    if not min(edges) < 1e-9:
        assert row["judged"] == expected
    if row["gap_lower"] == row["gap_lower"]:
        assert row["gap_lower"] <= row["gap"] + 1e-9
        assert row["gap"] <= row["gap_upper"] + 1e-9


@given(first=schools, second=schools, unit=units)
def test_separate_areas_differ_as_groups_do(first: list[School], second: list[School], unit: str) -> None:
    one, other = measured("Camden", first, unit), measured("Gateshead", second, unit)
    found = difference(one, other)
    pd.testing.assert_frame_equal(found[["gap", "gap_lower", "gap_upper", "clear"]], group_gap(one, other))


def test_an_area_beside_itself_has_no_difference_and_is_not_compared() -> None:
    one = measured("Camden", [(50, 80)] * 3)
    row = difference(one, one).iloc[0]
    assert row["gap"] == 0
    assert isnan(row["gap_lower"])
    assert not row["clear"]
    assert row["judged"] == "Not compared"


def test_a_missing_value_or_interval_is_not_compared() -> None:
    some, none = measured("London", [(50, 80)] * 3), measured("Camden", [])
    for one, other in ((none, some), (some, none)):
        row = difference(one, other).iloc[0]
        assert row[["gap", "gap_lower", "gap_upper"]].isna().all()
        assert row["judged"] == "Not compared"
    published = some.assign(lower=nan, upper=nan, n_eff=nan)
    for place in ("Camden", "Gateshead", "England"):
        row = difference(published, measured(place, [(40, 80)] * 3)).iloc[0]
        assert row["gap"] == pytest.approx(12.5)
        assert not (row["clear"] and place != "Camden")
    assert difference(published.iloc[:0], published.iloc[:0]).empty


def test_the_index_is_that_of_the_first() -> None:
    one = pd.concat([measured("Camden", [(50, 80)]), measured("Gateshead", [(50, 80)])]).set_axis([7, 3])
    other = pd.concat([measured("England", [(60, 80)])] * 2)
    assert difference(one, other).index.tolist() == [7, 3]


def test_money_of_separate_areas_adds_squared_half_widths_and_a_part_does_not() -> None:
    def costs(place: str, value: float, half: float) -> pd.DataFrame:
        level, code, region = PLACES[place]
        shown = Figure(value, value - half, value + half, nan, nan)._asdict()
        return pd.DataFrame([shown | {"unit": "gbp", "level": level, "area_code": code, "region_code": region}]).assign(
            better="lower"
        )

    camden, london, gateshead = costs("Camden", 150, 3), costs("London", 140, 4), costs("Gateshead", 140, 4)
    apart, within = difference(camden, gateshead).iloc[0], difference(camden, london).iloc[0]
    assert (apart["gap_lower"], apart["gap_upper"]) == pytest.approx((5, 15))
    assert (within["gap_lower"], within["gap_upper"]) == pytest.approx((7, 13))
    assert difference(london, camden).iloc[0]["judged"] == "Better"
    assert apart["judged"] == within["judged"] == "Worse"


def test_the_rules_in_words_name_the_reference_and_those_alone_that_were_used() -> None:
    assert difference_rules([], "Camden") == difference_rules([SAME], "Camden") == ""
    assert difference_rules([SEPARATE, SAME], "Camden") == (
        "The interval of a difference is made from both areas' 95% intervals."
    )
    within = difference_rules([WITHIN, WITHIN], "England")
    assert within.startswith("An area within England is not independent of it")
    assert "both areas" not in within
    both = difference_rules([AROUND, SEPARATE], "Camden")
    assert "An area that contains Camden is not independent of it" in both
    assert both.startswith("The interval of a difference")
