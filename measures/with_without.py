"""Authorities with active partnership work beside those without: how their indicators moved, matched on baseline.

An association at most: authorities that choose partnership work differ from others in ways that no baseline shows.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from scipy import stats
from scipy.optimize import linear_sum_assignment


@dataclass(frozen=True)
class Limits:
    """What counts as active partnership work, and what as alike; Definitions and the chart say these numbers.

    activities: in the time between, at least; caliper: how far the baselines of a pair may lie apart, in standard
    deviations of the baseline of all; pairs: fewer give no figure; confidence: of the interval.
    """

    activities: int = 2
    caliper: float = 0.25
    pairs: int = 10
    confidence: float = 0.95


LIMITS: Final = Limits()


def active(
    partnerships: pd.DataFrame, activities: pd.DataFrame, first: date, last: date, limits: Limits = LIMITS
) -> dict[str, list[str]]:
    """Area's code → the partnerships that were at work there from a first day to a last one.

    At work: begun by the first day and not over then, with enough activities after it, up to the last day. Only areas
    that a partnership names itself count: one of a region or of England is at work in no authority of its own.
    """
    held = activities[(activities["held_on"] > first) & (activities["held_on"] <= last)]
    often = held.groupby("partnership").size()
    going = partnerships[
        (partnerships["began"] <= first)
        & ~np.array([day is not None and day <= first for day in partnerships["ended"]], dtype=bool)
    ]
    chosen = going[going["code"].map(often).fillna(0) >= limits.activities]
    found: dict[str, list[str]] = {}
    for code, areas in zip(chosen["code"], chosen["areas"], strict=True):
        for area in areas:
            found.setdefault(area, []).append(code)
    return found


@dataclass(frozen=True)
class Compared:
    """How much more a first group moved than a second, in pairs alike at baseline.

    pairs: how many; of, beside: how many of each group had both figures; difference and its limits: mean of the first's
    movement minus its partner's, NaN of too few pairs; apart_before, apart_after: how far the groups' mean baselines
    lie apart, of all and of the pairs, in standard deviations of the baseline of all; NaN where nothing can be said.
    """

    pairs: int
    of: int
    beside: int
    difference: float
    lower: float
    upper: float
    apart_before: float
    apart_after: float

    @property
    def enough(self) -> bool:
        """Whether there is a figure."""
        return not np.isnan(self.difference)

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.lower > 0 or self.upper < 0


def compared(first: pd.DataFrame, second: pd.DataFrame, limits: Limits = LIMITS) -> Compared:
    """Match two groups on baseline and compare how they moved; first, second: code, baseline, movement.

    Who lacks either is left out. Both groups the other way round give the same pairs and the other sign.
    """
    first, second = (each.dropna(subset=["baseline", "movement"]).sort_values("code") for each in (first, second))
    one, other = (each["baseline"].to_numpy(dtype=float) for each in (first, second))
    everyone = np.concatenate([one, other])
    spread = float(np.std(everyone, ddof=1)) if len(everyone) > 1 else 0.0
    mine, theirs = matched(one, other, limits.caliper * spread)
    moved, beside = (each["movement"].to_numpy(dtype=float) for each in (first, second))
    gaps = moved[mine] - beside[theirs]
    mean = lower = upper = np.nan
    if len(gaps) >= limits.pairs:
        mean = float(gaps.mean())
        reach = stats.t.ppf((1 + limits.confidence) / 2, len(gaps) - 1) * gaps.std(ddof=1) / np.sqrt(len(gaps))
        lower, upper = mean - float(reach), mean + float(reach)
    before, after = _apart(one, other, spread), _apart(one[mine], other[theirs], spread)
    return Compared(len(gaps), len(one), len(other), mean, lower, upper, before, after)


def matched(one: np.ndarray, other: np.ndarray, caliper: float) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of two groups: positions in each. Nobody is in two pairs, and no pair lies further apart than caliper.

    As many pairs as can be and, of all ways to have so many, the one whose distances add up to the least (optimal
    matching: scipy's linear_sum_assignment). What is as good in two ways is decided by the order of the values given.
    """
    if len(one) > len(other) or (len(one) == len(other) and tuple(one) > tuple(other)):
        theirs, mine = matched(other, one, caliper)
        return mine, theirs
    apart = np.abs(np.subtract.outer(one, other))
    near = apart <= caliper * (1 + 1e-12)
    # A pair that may not be costs more than all pairs that may: it is taken only where there is no other left.
    cost = np.where(near, apart, (caliper + 1.0) * (min(apart.shape) + 1))
    mine, theirs = linear_sum_assignment(cost)
    kept = near[mine, theirs]
    return mine[kept], theirs[kept]


def _apart(one: np.ndarray, other: np.ndarray, spread: float) -> float:
    if not len(one) or not len(other) or not spread:
        return np.nan
    return float((one.mean() - other.mean()) / spread)
