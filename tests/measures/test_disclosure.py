"""Suppression: small numbers, few schools, and what subtraction would give away."""

from math import nan

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.disclosure import HIDDEN, needs_suppression, publish

CELL = {
    "level": "la", "indicator": "i", "period": "2011/12", "staff_group": "all", "phase": "all", "parent": "R",
    "value": 50.0, "lower": 40.0, "upper": 60.0, "n": 50.0, "d": 100.0, "n_eff": 90.0, "deff": 1.1, "units": 5.0,
    "denominator_counts": "people", "fewest_people": 10, "fewest_units": 3, "collected_from": "school", "symbol": "",
    "published_rate": False,
}  # fmt: skip


def frame(*changes: dict) -> pd.DataFrame:
    return pd.DataFrame([CELL | change for change in changes])


def hidden(made: pd.DataFrame) -> list[bool]:
    return made["value"].isna().tolist()


@pytest.mark.parametrize(
    ("change", "suppressed"),
    [
        ({"d": 9.0}, True),
        ({"d": 10.0}, False),
        ({"d": 9.0, "denominator_counts": "schools"}, False),
        ({"d": 12.0, "fewest_people": 20}, True),
        ({"units": 1.0}, True),
        ({"units": 2.0}, True),
        ({"units": 3.0}, False),
        ({"units": 1.0, "collected_from": "la"}, False),
        ({"units": 1.0, "level": "school"}, False),
        ({"d": 9.0, "units": 1.0, "level": "school"}, True),
        ({"value": nan, "d": nan, "units": nan, "symbol": "x"}, False),
    ],
)
def test_what_must_be_suppressed_for_its_own_sake(change: dict, suppressed: bool) -> None:
    assert needs_suppression(frame(change)).tolist() == [suppressed]


def test_a_suppressed_cell_shows_nothing_but_its_symbol() -> None:
    made = publish(frame({"units": 1.0}, {}, {}).assign(lower_998=35.0, upper_998=65.0))
    assert made.loc[0, HIDDEN].isna().all()
    assert made.loc[0, "symbol"] == "c"
    assert made.loc[2, [*HIDDEN, "symbol"]].notna().all()


def test_what_was_decided_with_the_summaries_is_suppressed_too() -> None:
    assert hidden(publish(frame({}, {}, {"d": 9.0}), pd.Series([False, True, False]))) == [False, True, True]


def test_a_cell_without_a_figure_keeps_its_own_symbol() -> None:
    made = publish(frame({"value": nan, "d": nan, "units": nan, "symbol": "x"}), pd.Series([True]))
    assert made["symbol"].tolist() == ["x"]


# Rates that others published for areas: nobody decided about them when summaries were made.

GIVEN = {"published_rate": True, "collected_from": "published", "units": nan}


def given_rates(*changes: dict) -> pd.DataFrame:
    return frame(*(GIVEN | change for change in changes))


def test_one_suppressed_rate_takes_the_next_smallest_with_it() -> None:
    found = hidden(publish(given_rates({"d": 500.0}, {"d": 9.0}, {"d": 80.0}, {"d": 90.0})))
    assert found == [False, True, True, False]


def test_two_suppressed_rates_hide_each_other() -> None:
    assert hidden(publish(given_rates({"d": 5.0}, {"d": 6.0}, {}, {}))) == [True, True, False, False]


def test_rates_of_other_totals_stay() -> None:
    others = [{"parent": "S"}, {"period": "2010/11"}, {"indicator": "j"}, {"staff_group": "teachers"}]
    assert hidden(publish(given_rates({"d": 5.0}, *others))) == [True, False, False, False, False]


def test_a_rate_that_is_not_there_is_no_partner() -> None:
    made = publish(given_rates({"d": 5.0}, {"value": nan, "d": 1.0, "symbol": "x"}, {"d": 60.0}))
    assert hidden(made) == [True, True, True]
    assert made["symbol"].tolist() == ["c", "x", "c"]


cells = st.builds(
    lambda d, parent, gone: {"d": float(d), "parent": parent, "value": nan if gone else 50.0},
    st.integers(0, 30), st.sampled_from("RS"), st.booleans(),
)  # fmt: skip


@given(made=st.lists(cells, min_size=1, max_size=12))
def test_no_total_has_exactly_one_hidden_part_and_a_second_pass_changes_nothing(made: list[dict]) -> None:
    before = given_rates(*made)
    after = publish(before)
    for _, part in after.groupby("parent"):
        alone, shown = (part["symbol"] == "c").sum(), part["value"].notna().sum()
        assert alone != 1 or shown == 0
    pd.testing.assert_frame_equal(publish(after), after)
    kept = after["symbol"] != "c"
    pd.testing.assert_frame_equal(after[kept], before[kept])
