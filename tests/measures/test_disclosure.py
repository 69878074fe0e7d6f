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
    "denominator_counts": "people", "fewest_people": 10, "collected_from": "school", "symbol": "",
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
    made = publish(frame({"units": 1.0}, {}, {}))
    assert made.loc[0, HIDDEN].isna().all()
    assert made.loc[0, "symbol"] == "c"
    assert made.loc[2, "symbol"] == ""


def test_one_suppressed_part_takes_the_next_smallest_with_it() -> None:
    assert hidden(publish(frame({"d": 500.0}, {"units": 1.0, "d": 30.0}, {"d": 80.0}, {"d": 90.0}))) == [
        False,
        True,
        True,
        False,
    ]


def test_two_suppressed_parts_hide_each_other() -> None:
    assert hidden(publish(frame({"d": 5.0}, {"d": 6.0}, {}, {}))) == [True, True, False, False]


def test_parts_of_other_totals_stay() -> None:
    others = [{"parent": "S"}, {"period": "2010/11"}, {"indicator": "j"}, {"staff_group": "teachers"}]
    assert hidden(publish(frame({"d": 5.0}, *others))) == [True, False, False, False, False]


def test_a_part_without_a_figure_is_no_partner() -> None:
    made = publish(frame({"d": 5.0}, {"value": nan, "d": 1.0, "symbol": "x"}, {"d": 60.0}))
    assert hidden(made) == [True, True, True]
    assert made["symbol"].tolist() == ["c", "x", "c"]


cells = st.builds(
    lambda d, units, parent, gone: {
        "d": float(d), "units": float(units), "parent": parent, "value": nan if gone else 50.0
    },
    st.integers(0, 30), st.integers(1, 5), st.sampled_from("RS"), st.booleans(),
)  # fmt: skip


@given(made=st.lists(cells, min_size=1, max_size=12))
def test_no_total_has_exactly_one_hidden_part_and_a_second_pass_changes_nothing(made: list[dict]) -> None:
    before = frame(*made)
    after = publish(before)
    for _, part in after.groupby("parent"):
        alone, shown = (part["symbol"] == "c").sum(), part["value"].notna().sum()
        assert alone != 1 or shown == 0
    pd.testing.assert_frame_equal(publish(after), after)
    kept = after["symbol"] != "c"
    pd.testing.assert_frame_equal(after[kept], before[kept])
