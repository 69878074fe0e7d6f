"""Each warning appears exactly when it should; the association against scipy's and by hand."""

import numpy as np
import pandas as pd
import pytest

from measures import cautions
from measures.association import association


def order(*intervals: tuple[float, float]) -> str:
    low, high = zip(*intervals, strict=True) if intervals else ((), ())
    return cautions.uncertain_order(pd.Series(low, dtype=float), pd.Series(high, dtype=float))


def test_an_order_is_uncertain_where_neighbours_overlap_and_only_there() -> None:
    nan = float("nan")
    assert order() == order((1, 2)) == order((5, 6), (3, 4), (1, 2)) == order((5, 6), (nan, nan), (5, 6)) == ""
    assert order((3, 6), (2, 4), (0, 1)).endswith("of 1 of 2 pairs of neighbours overlap.")
    assert order((3, 6), (2, 4), (nan, nan)).endswith("of 1 of 1 pair of neighbours overlap.")
    assert order((4, 6), (2, 4)) != "", "intervals that touch"
    assert order((0, 2), (1, 9)) == order((1, 9), (0, 2)), "whichever way they are sorted"


def test_few_means_few() -> None:
    assert cautions.few_areas(10) == cautions.few_periods(3) == ""
    assert cautions.few_areas(1).startswith("Only 1 area:")
    assert cautions.few_areas(9).startswith("Only 9 areas:")
    assert "not a trend" in cautions.few_periods(2)
    assert "no change" in cautions.few_periods(1)


def test_nothing_is_said_where_there_is_nothing_to_say() -> None:
    assert cautions.low_coverage(0, 9) == cautions.unlike_sizes({"la"}) == cautions.left_out(8, 8, "lines") == ""
    assert cautions.low_coverage(2, 9) == "Low coverage: 2 of 9 figures, marked in the table."
    assert cautions.unlike_sizes({"la", "region"}).startswith("Areas of unlike size")
    assert cautions.left_out(8, 12, "lines") == "Drawn: the first 8 of 12 lines."


def test_a_rank_correlation_is_that_of_the_ranks() -> None:
    first, second = pd.Series([1.0, 2, 3, 4, 5, np.nan]), pd.Series([2.0, 1, 4, 3, 500, 6])
    found = association(first, second)
    # 1 − 6·Σd²/(n(n²−1)) = 1 − 6·4/120
    assert found.correlation == pytest.approx(0.8)
    assert found.areas == 5
    assert found.lower < 0.8 < found.upper <= 1
    assert not found.clear
    many = pd.Series(np.arange(30.0))
    assert association(many, -many).clear
    assert association(many, -many).upper < 0


@pytest.mark.parametrize("second", [[1.0, 2, 3], [1.0, 1, 1, 1, 1], [np.nan] * 5])
def test_too_few_areas_or_no_spread_have_no_association(second: list[float]) -> None:
    found = association(pd.Series(np.arange(float(len(second)))), pd.Series(second))
    assert np.isnan(found.correlation)
    assert not found.clear
