"""Suppression: small numbers, few schools, and what subtraction would give away."""

from math import nan, sqrt

import pandas as pd
import pytest

from measures.disclosure import HIDDEN, needs_suppression, publish
from tests.measures.slow import z

CELL = {
    "level": "la", "indicator": "i", "period": "2011/12", "staff_group": "all", "phase": "all", "parent": "R",
    "value": 50.0, "lower": 40.0, "upper": 60.0, "n": 50.0, "d": 100.0, "n_eff": 90.0, "deff": 1.1, "units": 5.0,
    "denominator_counts": "people", "fewest_people": 10, "fewest_units": 3, "collected_from": "school",
    "symbol": "", "unit": "percent",
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


@pytest.mark.parametrize(
    ("exact", "left"),
    [(7.664, 7), (10, 10), (57.3, 57), (100, 100), (4166.4, 4100), (12345.6, 12000), (1, 1), (0.57, 0.5)],
)
def test_effective_numbers_leave_cut_and_limits_follow_from_them(exact: float, left: float) -> None:
    """Exact ones tell the sum of the squares behind them, and so small parts of a total."""
    made = publish(frame({"n_eff": exact, "d": 20000.0}).assign(lower_998=0.0, upper_998=100.0)).iloc[0]
    assert made["n_eff"] == pytest.approx(left)
    assert made[["lower", "upper"]].tolist() == pytest.approx(wilson(left / 2, left, 0.95))
    assert made[["lower_998", "upper_998"]].tolist() == pytest.approx(wilson(left / 2, left, 0.998))


def test_an_effective_number_that_is_the_denominator_tells_nothing_more_and_stays() -> None:
    assert publish(frame({"n_eff": 137.0, "d": 137.0}))["n_eff"].tolist() == [137]


def wilson(n: float, size: float, level: float) -> list[float]:
    """Percent; Wilson 1927, by the roots of (p − n/size)² = z²·p(1 − p)/size."""
    squared, share = z(level) ** 2, n / size
    a, b, c = 1 + squared / size, -(2 * share + squared / size), share**2
    root = sqrt(b * b - 4 * a * c)
    return [100 * (-b - root) / (2 * a), 100 * (-b + root) / (2 * a)]


def test_limits_of_a_rate_leave_with_a_standard_error_of_two_digits() -> None:
    half = z(0.95) * 0.04094
    made = publish(frame({"unit": "rate", "value": 3.1, "n_eff": nan, "lower": 3.1 - half, "upper": 3.1 + half})).iloc[
        0
    ]
    assert made[["lower", "upper"]].tolist() == pytest.approx([3.1 - z(0.95) * 0.041, 3.1 + z(0.95) * 0.041])


def test_a_rate_that_is_the_same_everywhere_and_one_without_interval_stay() -> None:
    made = publish(
        frame({"unit": "gbp", "lower": 50.0, "upper": 50.0}, {"unit": "rate", "lower": nan, "upper": nan, "n_eff": nan})
    )
    assert made["lower"].tolist() == pytest.approx([50, nan], nan_ok=True)


def test_a_second_pass_changes_nothing() -> None:
    made = publish(frame({"lower": 40.123}, {"d": 9.0}, {"value": nan, "symbol": "x"}))
    pd.testing.assert_frame_equal(publish(made), made)
