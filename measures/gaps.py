"""Gaps between areas and between groups, and the limits within which chance alone would keep areas."""

import numpy as np
import pandas as pd
from scipy.stats import norm
from statsmodels.stats.proportion import confint_proportions_2indep


def funnel_limits(p0: float, n: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper limit, as fractions clipped to 0 to 1, around p0 for effective denominators n.

    p₀ ± z·√(p₀(1−p₀)/n), z = Φ⁻¹(0.5 + level/2). Source: Spiegelhalter 2005, funnel plots for comparing institutions.
    NaN where n is not above 0.
    """
    n = np.asarray(n, dtype=float)
    half = norm.ppf(0.5 + level / 2) * np.sqrt(p0 * (1 - p0) / np.where(n > 0, n, np.nan))
    return np.clip(p0 - half, 0, 1), np.clip(p0 + half, 0, 1)


def best_and_worst(frame: pd.DataFrame, better: str) -> tuple[pd.Series, pd.Series] | None:
    """The rows with the best and the worst value; None where fewer than two areas have one."""
    there = frame.dropna(subset=["value"]).sort_values(["value", "area_code"], ascending=[better == "lower", True])
    return (there.iloc[0], there.iloc[-1]) if len(there) > 1 else None


def spread(values: pd.DataFrame) -> pd.DataFrame:
    """How far areas lie apart, indicator by indicator (the index): low, first, third, high.

    values: one period's figures, one row an indicator × area, with value. low and high are the ends, first and third
    the quartiles between which the middle half lies. An indicator without a value has no row.
    """
    of = values.dropna(subset=["value"]).groupby("indicator")["value"]
    ends = {"low": of.min(), "first": of.quantile(0.25), "third": of.quantile(0.75), "high": of.max()}
    return pd.DataFrame(ends).astype(float)


def spread_90_10(values: pd.Series) -> float:
    """The 90th percentile minus the 10th, NaN where fewer than ten areas have a value."""
    there = values.dropna()
    return float(there.quantile(0.9) - there.quantile(0.1)) if len(there) >= 10 else float("nan")


def outside_limits(values: pd.Series, n_eff: pd.Series, p0: float, level: float) -> int:
    """How many areas (values in percent) lie outside the funnel's limits."""
    there = values.notna() & n_eff.notna()
    low, high = funnel_limits(p0, n_eff[there].to_numpy(), level)
    share = values[there].to_numpy() / 100
    return int(((share < low) | (share > high)).sum())


def by_chance(areas: int, level: float) -> float:
    """How many of so many areas would lie outside limits of this level by chance alone: 7.6 of 152 at 0.95."""
    return areas * (1 - level)


def group_gap(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """The gap first − second between two groups, row by row: gap, gap_lower, gap_upper (95 %) and clear.

    first, second: as many rows in the same order, with value, lower, upper (95 %), n_eff and unit. All in the
    indicator's unit; the index is first's. Proportions: Newcombe's method 10 from the two Wilson intervals, on
    effective counts. Rates and £: root of the summed squared half-widths. Both take the groups for independent; staff
    of one school are alike, so the interval is rather too wide. NaN where a value or an interval is missing; clear
    where the interval excludes 0. Source: Newcombe 1998, Statistics in Medicine 17, 873–890.
    """
    one, other = (
        {name: rows[name].to_numpy(dtype=float) for name in ("value", "lower", "upper", "n_eff")}
        for rows in (first, second)
    )
    gap = one["value"] - other["value"]
    half = np.hypot(one["upper"] - one["lower"], other["upper"] - other["lower"]) / 2
    low, high = gap - half, gap + half
    percent = (first["unit"] == "percent").to_numpy()
    counted = percent & ~np.isnan(half) & (one["n_eff"] > 0) & (other["n_eff"] > 0)
    low[percent], high[percent] = np.nan, np.nan
    if counted.any():
        counts = [number for side in (one, other) for number in (side["value"] / 100 * side["n_eff"], side["n_eff"])]
        limits = confint_proportions_2indep(*(c[counted] for c in counts), method="newcomb", compare="diff")
        low[counted], high[counted] = (100 * limit for limit in limits)
    return pd.DataFrame(
        {"gap": gap, "gap_lower": low, "gap_upper": high, "clear": (low > 0) | (high < 0)}, index=first.index
    )
