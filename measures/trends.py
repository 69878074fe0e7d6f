"""Whether a series of figures has a trend that chance hardly explains.

Source: the trend method of the Public Health Outcomes Framework (chi-square for trend, Armitage 1955; 99.8 %
confidence, latest five points), on effective counts because staff are clustered in schools.
"""

import numpy as np
import pandas as pd
from scipy.stats import chi2, norm

FEW, NO_CHANGE = "Too few points", "No significant change"
HAIR = 1e-9  # of the values' size: a slope or a width smaller than this is none, since sums are rounded


def with_trend(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a series (indicator, area_code): trend, trend_points_used, trend_statistic, slope_sign.

    rows: one row a series × period, with period (a code with a space is a term, one without a year), period_position,
    value, lower, upper (95 %, in the indicator's unit; percent 0 to 100), n_eff, unit, better, coverage, and the
    thresholds trend_points, trend_confidence and minimum_coverage.

    Comparable are points with value and interval and enough coverage (of a proportion: with effective counts; of a rate
    or £: with an interval that has a width); of years and terms, the kind that the series has more of, years where
    equal. The latest trend_points of them are used, t = 1, 2, … in order, whether or not others lie between.

    Proportions: χ² = N(N·Σxt − X·Σnt)² / [X(N−X)(N·Σnt² − (Σnt)²)] on effective counts, and the slope's sign must
    survive dropping each point in turn (the others keep their t). Others: z² of the slope of a regression weighted by
    1/se², se being the interval's width / (2·1.96); a slope's z² is χ²-distributed with one degree of freedom, too, so
    both are held against the same quantile, 9.5495 at 99.8 %.

    trend: Improving, Worsening or No significant change, without direction Increasing or Decreasing; Too few points.
    trend_points_used: how many points there were, at most trend_points. trend_statistic: χ² or z²; NaN with too few
    points, and where everyone or no one did at every point. slope_sign: −1, 0 or 1; NaN with too few points.
    """
    indicators, areas = pd.factorize(rows["indicator"])[0], pd.factorize(rows["area_code"])[0]
    code = pd.factorize(indicators * (areas.max(initial=0) + 1) + areas)[0]
    first = np.unique(code, return_index=True)[1]
    count = len(first)
    about = (
        rows[["indicator", "area_code", "better", "trend_points", "trend_confidence"]]
        .iloc[first]
        .reset_index(drop=True)
    )
    needed = about["trend_points"].to_numpy(dtype=float)
    points = _comparable(rows, code, count, needed)
    used = np.bincount(points["series"], minlength=count)
    few = used < needed
    statistic, sign, steady = _slopes(points[~few[points["series"].to_numpy()]], count)
    confidence, of = np.unique(about["trend_confidence"].to_numpy(dtype=float), return_inverse=True)
    clear = steady & (np.nan_to_num(statistic) > chi2.ppf(confidence, 1)[of])
    better = about["better"].fillna("").to_numpy()
    return pd.DataFrame(
        {
            "indicator": about["indicator"],
            "area_code": about["area_code"],
            "trend": np.select(
                [few, ~clear, better == "", (sign > 0) == (better == "higher")],
                [FEW, NO_CHANGE, np.where(sign > 0, "Increasing", "Decreasing"), "Improving"],
                default="Worsening",
            ),
            "trend_points_used": used,
            "trend_statistic": np.where(few, np.nan, statistic),
            "slope_sign": np.where(few, np.nan, sign),
        }
    )


def is_term(periods: pd.Series) -> np.ndarray:
    """True where a period's code is a term's ('2011/12 summer'), False where it is a year's ('2011/12')."""
    code, names = pd.factorize(periods)
    return np.array([" " in str(name) for name in names], dtype=bool)[code]


def _comparable(rows: pd.DataFrame, code: np.ndarray, count: int, needed: np.ndarray) -> pd.DataFrame:
    """The points that count, in order: series, t (1 for the first that is used), y, weight, proportion (bool)."""
    value, lower, upper, n_eff, position, coverage, enough = (
        rows[name].to_numpy(dtype=float)
        for name in ("value", "lower", "upper", "n_eff", "period_position", "coverage", "minimum_coverage")
    )
    proportion = (rows["unit"] == "percent").to_numpy()
    error = (upper - lower) / (2 * norm.ppf(0.975))
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = np.where(proportion, n_eff, np.where(error > HAIR * np.abs(value), 1 / error**2, np.nan))
        there = np.isfinite(value) & np.isfinite(error) & np.isfinite(weight) & (weight > 0)
        there &= ~(coverage < enough) & np.isfinite(position)
    term = is_term(rows["period"])
    terms, years = (np.bincount(code[there & kind], minlength=count) for kind in (term, ~term))
    there &= term == (terms > years)[code]
    kept = np.flatnonzero(there)
    kept = kept[np.lexsort((position[kept], code[kept]))]
    series = code[kept]
    last = np.searchsorted(series, series, side="right") - 1
    t = needed[series] - (last - np.arange(len(kept)))
    kept, series, t = (part[t > 0] for part in (kept, series, t))
    y = np.where(proportion, value / 100, value)
    return pd.DataFrame(
        {"series": series, "t": t, "y": y[kept], "weight": weight[kept], "proportion": proportion[kept]}
    )


def _slopes(points: pd.DataFrame, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each series 0…count−1: χ² or z², the slope's sign, and whether it survives dropping each point in turn.

    With p̄ = X/N and t̄ the weighted means, χ² = [Σ n(t−t̄)(p−p̄)]² / [p̄(1−p̄)·Σ n(t−t̄)²], which is the formula for
    proportions rearranged; without p̄(1−p̄) and with w in place of n it is the slope's z². What is left of the products
    when point i is dropped is Sty − w(t−t̄)(y−ȳ)/(1 − w/W).
    """
    series, t, y, w = (points[name].to_numpy() for name in ("series", "t", "y", "weight"))

    def total(values: np.ndarray) -> np.ndarray:
        return np.bincount(series, values, minlength=count)

    with np.errstate(divide="ignore", invalid="ignore"):
        whole = total(w)
        level = total(w * y) / whole
        dt, dy = t - (total(w * t) / whole)[series], y - level[series]
        products, squares = total(w * dt * dy), total(w * dt**2)
        proportion = total(points["proportion"].to_numpy(dtype=float)) > 0
        statistic = products**2 / squares / np.where(proportion, level * (1 - level), 1.0)
        nothing = HAIR * np.sqrt(squares * total(w * y**2))
        sign = np.where(np.abs(products) > nothing, np.sign(products), 0.0)
        left = products[series] - w * dt * dy / (1 - w / whole[series])
        turned = left * sign[series] <= nothing[series]
    everyone = proportion & ((level <= 0) | (level >= 1))
    steady = (sign != 0) & ~(proportion & (total(turned.astype(float)) > 0))
    return np.where(everyone, np.nan, statistic), sign, steady
