"""Curves of how long partnerships last, and bars of what they say of their future."""

import numpy as np
import pytest

from charts.counted_bars import Counted, counted_bars
from charts.survival_curve import Group, curves
from measures import survival
from tests.charts.chart_frames import CONTEXT
from tests.charts.test_evidence_charts import drawn


def group(name: str, ended_after: int) -> Group:
    """Twenty partnerships, half of which ended; the others are followed for 1,000 days."""
    days, over = np.array([ended_after] * 10 + [1000] * 10), np.array([True] * 10 + [False] * 10)
    return Group(name, days, survival.curve(days, over), survival.seen_until(days))


@pytest.mark.parametrize(
    ("groups", "chance", "said"),
    [
        (("Funded", "Unfunded"), 0.001, "Funded last longer: 100% reach 2 years, unfunded 50%"),
        (("Funded", "Unfunded"), 0.4, "No clear difference between funded and unfunded partnerships"),
        (("All",), None, "100% of partnerships last longer than 2 years"),
    ],
)
def test_a_curve_says_who_lasts_longer_only_where_it_is_clear(
    groups: tuple[str, ...], chance: float | None, said: str
) -> None:
    made = [group(name, days) for name, days in zip(groups, (900, 300), strict=False)]
    figure = curves(made, CONTEXT, what="all kinds", chance=chance, few="Too few to draw: 2 unfunded.")
    assert figure.headline == said
    assert "Too few to draw: 2 unfunded." in figure.notes
    for svg in drawn(figure):
        assert "Followed:" in svg
    twin = figure.table
    assert twin["Still followed"].iloc[0] == 20
    assert twin.groupby("Group")["Months since it began"].max().tolist() == [30] * len(groups)


def test_a_curve_that_was_not_followed_for_long_says_so() -> None:
    days, over = np.full(12, 90), np.zeros(12, dtype=bool)
    figure = curves([Group("Funded", days, survival.curve(days, over), 90)], CONTEXT, what="all", chance=None, few="")
    assert figure.headline == "Partnerships have not been followed for long yet"
    assert "Funded: none has ended." in figure.notes
    drawn(figure)


def test_bars_say_their_counts_and_shares() -> None:
    rows = [Counted("Plans", "Firm plans", 1, 3), Counted("Plans", "Not said", 2, 3, known=False)]
    figure = counted_bars(rows, CONTEXT, finding="1 of 3 has firm plans", measure="Plans", what="plans")
    for svg in drawn(figure):
        assert ">1 (33%)<" in svg
    assert figure.table["Share"].tolist() == ["33.3%", "66.7%"]
    assert "Firm plans 1 (33%); Not said 2 (67%)." in figure.alt
