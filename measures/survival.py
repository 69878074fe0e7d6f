"""How long partnerships last: the product-limit estimate, from those that ended and those that still go on.

Sources: Kaplan & Meier 1958 (estimate); Greenwood 1926 (variance); Kalbfleisch & Prentice 1980 (log-log interval);
Brookmeyer & Crowley 1982 (interval of the median); Mantel 1966 (log-rank test).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from scipy.stats import norm
from statsmodels.duration.survfunc import SurvfuncRight, survdiff

FEWEST: Final = 10  # of which a curve is drawn
FOLLOWED: Final = 5  # a curve ends where fewer than these are still followed: one end more would be a deep step
MONTH: Final = 365.25 / 12  # days
COLUMNS: Final = ["day", "share", "lower", "upper", "followed", "ended"]


@dataclass(frozen=True)
class HalfLife:
    """The days after which half had ended, with the limits of its interval; None where that is not seen yet."""

    days: int | None
    lower: int | None
    upper: int | None


def lives(began: Sequence[date], ended: Sequence[date | None], day: date) -> tuple[np.ndarray, np.ndarray]:
    """How many days each has lasted by a day, first and last included, and whether it had ended by then.

    Each began by then. Those that go on, or end later, are followed until the day.
    """
    over = np.array([last is not None and last <= day for last in ended], dtype=bool)
    until = [last if last is not None and last <= day else day for last in ended]
    days = [(last - first).days + 1 for first, last in zip(began, until, strict=True)]
    return np.array(days, dtype=int), over


def curve(days: np.ndarray, over: np.ndarray, level: float = 0.95) -> pd.DataFrame:
    """The share that last beyond each day on which one ended: COLUMNS, the first row day 0 with a share of 1.

    days and over as `lives` gives them. followed: how many had lasted that long; ended: how many ended on that day.
    lower and upper: the pointwise log-log interval at each day, not a band for the whole curve; NaN before the first
    end, where there is no variance to judge by. Empty where nothing is given.
    """
    if not len(days):
        return pd.DataFrame(columns=COLUMNS)
    found = SurvfuncRight(days, over.astype(int))
    share, error = np.asarray(found.surv_prob, dtype=float), np.asarray(found.surv_prob_se, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = norm.ppf(0.5 + level / 2) * error / np.abs(share * np.log(share))
        lower, upper = share ** np.exp(spread), share ** np.exp(-spread)
    if len(share) and share[-1] == 0:  # all ended: no variance is left, so the interval before it holds
        lower[-1], upper[-1] = 0.0, upper[-2] if len(upper) > 1 else 1.0
    rows = pd.DataFrame(
        {
            "day": np.asarray(found.surv_times, dtype=int),
            "share": share,
            "lower": lower,
            "upper": upper,
            "followed": np.asarray(found.n_risk, dtype=int),
            "ended": np.asarray(found.n_events, dtype=int),
        }
    )
    start = pd.DataFrame([[0, 1.0, np.nan, np.nan, len(days), 0]], columns=COLUMNS)
    return pd.concat([start, rows[rows["ended"] > 0]], ignore_index=True)[COLUMNS]


def followed(days: np.ndarray, day: int) -> int:
    """How many have been followed for that many days or longer."""
    return int((days >= day).sum())


def seen_until(days: np.ndarray, least: int = FOLLOWED) -> int:
    """The longest life that `least` of them have been followed for, in days; 0 where there are fewer."""
    return int(np.sort(days)[-least]) if len(days) >= least else 0


def at(estimate: pd.DataFrame, day: float) -> tuple[float, float, float]:
    """The share that last beyond a day, with its interval (NaN where there is none), of `curve`."""
    row = estimate[estimate["day"] <= day].iloc[-1]
    return float(row["share"]), float(row["lower"]), float(row["upper"])


def half_life(estimate: pd.DataFrame) -> HalfLife:
    """When half had ended, of `curve`: where the curve, and the limits of its interval, first are at a half or below.

    The interval of the median is where the curve's own interval holds a half.
    """

    def first(column: str) -> int | None:
        under = estimate.loc[estimate[column] <= 0.5, "day"]
        return int(under.iloc[0]) if len(under) else None

    return HalfLife(first("share"), first("lower"), first("upper"))


def difference(days: np.ndarray, over: np.ndarray, group: np.ndarray) -> float | None:
    """How likely so different curves of two groups are by chance (log-rank test); None where it cannot be said."""
    if len(np.unique(group)) < 2 or not over.any():
        return None
    _, p = survdiff(days, over.astype(int), group)
    return None if np.isnan(p) else float(p)


def months(days: float) -> int:
    """Whole months of a number of days."""
    return int(days / MONTH + 0.02)  # a hair above, since years are 365 days more often than 365.25


def half_life_words(estimate: pd.DataFrame, seen: int) -> str:
    """'half had ended after 31 months (95% interval 24 to 40 months)'; or how many still went on at the end.

    seen: how many days the curve can be read for (`seen_until`).
    """
    half = half_life(estimate)
    if half.days is None or half.days > seen:
        share, lower, upper = at(estimate, seen)
        known = "" if np.isnan(lower) else f" (95% interval {100 * lower:.0f}% to {100 * upper:.0f}%)"
        return f"after {months(seen)} months, the longest that can be read, {100 * share:.0f}% still went on{known}"
    low = "from the start" if half.lower is None else f"{months(half.lower)}"
    if half.upper is None:
        return f"half had ended after {months(half.days)} months (95% interval from {low} months, no upper limit seen)"
    return f"half had ended after {months(half.days)} months (95% interval {low} to {months(half.upper)} months)"
