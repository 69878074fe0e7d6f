"""Exact values that others printed, or that can be worked out on paper."""

from math import sqrt

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2
from statsmodels.stats.contingency_tables import Table

from measures.gaps import funnel_limits, group_gap
from measures.intervals import with_interval
from measures.status import with_status
from measures.trajectory import expected
from measures.trends import with_trend
from tests.measures.slow import chi_square_for_trend, six


def measured(schools: list[tuple[float, float]], unit: str = "percent", level: float = 0.95) -> pd.DataFrame:
    return with_interval(pd.DataFrame([six(schools) | {"unit": unit}]), level)


@pytest.mark.parametrize(
    ("n", "d", "lower", "upper"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_limits(n: int, d: int, lower: float, upper: float) -> None:
    """Newcombe 1998, Statistics in Medicine 17, 857–872, table I, method 3."""
    found = measured([(n, d)]).iloc[0]
    assert (round(found["lower"] / 100, 4), round(found["upper"] / 100, 4)) == (lower, upper)


@pytest.mark.parametrize(
    ("first", "second", "lower", "upper"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_limits_of_a_gap(first: tuple[int, int], second: tuple[int, int], lower: float, upper: float) -> None:
    """Newcombe 1998, Statistics in Medicine 17, 873–890, table II, method 10."""
    found = group_gap(measured([first]), measured([second])).iloc[0]
    assert (round(found["gap_lower"] / 100, 4), round(found["gap_upper"] / 100, 4)) == (lower, upper)


def test_a_proportion_of_two_clustered_schools() -> None:
    """On paper: 2 of 10 and 8 of 10. R = 0.5; v = 2·(9 + 9)/400 = 0.09; deff = 0.09/(0.25/20) = 7.2; n_eff = 20/7.2."""
    found = measured([(2, 10), (8, 10)]).iloc[0]
    assert [found["value"], found["deff"], found["n_eff"]] == pytest.approx([50, 7.2, 20 / 7.2])
    q, n = 1.959963984540054, 20 / 7.2
    half = 100 * q / (1 + q * q / n) * sqrt(0.25 / n + q * q / (4 * n * n))
    assert [found["lower"], found["upper"]] == pytest.approx([50 - half, 50 + half])


def test_a_rate_of_three_schools() -> None:
    """On paper: £100, £200 and £300 for one person each. R = 200; v = 3/2·(100² + 0 + 100²)/9; half = 1.96·√v."""
    found = measured([(100, 1), (200, 1), (300, 1)], "gbp").iloc[0]
    half = 1.959963984540054 * sqrt(1.5 * 20_000 / 9)
    assert [found["lower"], found["value"], found["upper"]] == pytest.approx([200 - half, 200, 200 + half])
    wide = measured([(100, 1), (200, 1), (300, 1)], "gbp", 0.998).iloc[0]
    assert wide["upper"] - 200 == pytest.approx(3.090232306167813 / 1.959963984540054 * half)


@pytest.mark.parametrize(
    ("p0", "n", "level", "lower", "upper"),
    [
        (0.5, 100, 0.95, 0.4020018, 0.5979982),  # 0.5 ± 1.959964 · 0.05
        (0.5, 100, 0.998, 0.3454884, 0.6545116),  # 0.5 ± 3.090232 · 0.05
        (0.2, 400, 0.95, 0.1608007, 0.2391993),  # 0.2 ± 1.959964 · 0.02
        (0.1, 9, 0.95, 0.0, 0.2959964),  # 0.1 ± 1.959964 · 0.1, clipped
        (1.0, 50, 0.998, 1.0, 1.0),
    ],
)
def test_funnel_limits(p0: float, n: float, level: float, lower: float, upper: float) -> None:
    """On paper, with the normal quantiles 1.959964 and 3.090232."""
    low, high = funnel_limits(p0, np.array([n]), level)
    assert [low[0], high[0]] == pytest.approx([lower, upper], abs=5e-8)


def test_the_quantile_of_a_trend_at_99_8_percent() -> None:
    """Public Health Outcomes Framework: χ² above 9.5495; the square of the normal quantile 3.0902."""
    assert chi2.ppf(0.998, 1) == pytest.approx(9.5495, abs=5e-5)
    assert chi2.ppf(0.998, 1) == pytest.approx(3.090232306167813**2)


def marked(shares: list[tuple[int, int]], **limits: float) -> pd.Series:
    """The trend of yearly (x, n)."""
    frame = pd.concat([measured([share]) for share in shares], ignore_index=True)
    position = 2010.0 + np.arange(len(shares))
    thresholds = {"trend_points": len(shares), "trend_confidence": 0.998, "minimum_coverage": 0.5} | limits
    about = {"indicator": "i", "area_code": "a", "better": "lower", "coverage": 1.0, "period": "year"}
    return with_trend(frame.assign(period_position=position, **about, **thresholds)).iloc[0]


# Caesarean sections by the mother's shoe size, below 4 to 6 and above: Altman 1991, Practical Statistics for Medical
# Research, p. 229 to 232, who gives χ² for trend = 8.02 on one degree of freedom.
SHOES = [(5, 22), (7, 35), (6, 42), (7, 48), (8, 54), (10, 150)]


def test_chi_square_for_trend_as_altman_prints_it() -> None:
    row = marked(SHOES)
    assert round(row["trend_statistic"], 2) == 8.02
    assert (row["slope_sign"], row["trend"]) == (-1, "No significant change")
    assert marked(SHOES, trend_confidence=0.99)["trend"] == "Improving"


@pytest.mark.parametrize("shares", [SHOES, [(40, 100), (45, 90), (60, 110), (70, 105), (80, 100)]])
def test_chi_square_for_trend_agrees_with_statsmodels(shares: list[tuple[int, int]]) -> None:
    """The test of linear-by-linear association takes the variance with N − 1: its z² is χ²·(N − 1)/N."""
    table = Table(np.array([[x, n - x] for x, n in shares]), shift_zeros=False)
    z = table.test_ordinal_association(row_scores=np.arange(1, len(shares) + 1), col_scores=np.array([1, 0])).zscore
    people = sum(n for _, n in shares)
    by_hand = chi_square_for_trend([(t, x, n) for t, (x, n) in enumerate(shares, 1)])
    assert z**2 == pytest.approx(by_hand * (people - 1) / people)
    assert marked(shares)["trend_statistic"] == pytest.approx(by_hand)


def test_a_slope_on_paper() -> None:
    """Costs of 100, 110, 120, 130 and 140, each with a standard error of 10: b = 10, se = 10/√10, z² = 10."""
    value = np.array([100.0, 110, 120, 130, 140])
    half = 1.959963984540054 * 10
    frame = pd.DataFrame(
        {
            "indicator": "i", "area_code": "a", "unit": "gbp", "better": "lower", "coverage": 1.0, "n_eff": np.nan,
            "period": "year", "period_position": 2010.0 + np.arange(5), "value": value, "lower": value - half,
            "upper": value + half, "trend_points": 5, "trend_confidence": 0.998, "minimum_coverage": 0.5,
        }
    )  # fmt: skip
    row = with_trend(frame).iloc[0]
    assert row["trend_statistic"] == pytest.approx(10)
    assert row["trend"] == "Worsening"
    assert with_trend(frame.assign(trend_confidence=0.999)).loc[0, "trend"] == "No significant change"


def test_a_region_half_way_through_the_strategy() -> None:
    """On paper: from 40 to 80 in two years, so 60 after one. 58 (54 to 62) is 45 % of the way, and at risk."""
    line = expected(np.array([40.0]), np.array([2011.0]), 2010.0, [(2012.0, 80.0)], "higher")[0]
    row = {"value": 58.0, "lower": 54.0, "upper": 62.0, "expected": line, "baseline": 40.0, "target": 80.0}
    row |= {"coverage": 1.0, "better": "higher", "is_baseline": False, "missing": ""}
    found = with_status(pd.DataFrame([row])).iloc[0]
    assert (found["expected"], found["progress"], found["status"]) == (60, 0.45, "at_risk")
