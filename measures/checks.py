"""What is odd among figures: jumps, absences, targets behind the start, rates that do not fit their parts.

Frames of figures in, the odd rows out. Nothing is judged to be wrong here: a person looks at what is found.
"""

from collections.abc import Collection

import numpy as np
import pandas as pd
from scipy.stats import norm

from measures.disclosure import publish
from measures.intervals import with_interval
from measures.sums import SUMS

JUMP = 4.0  # standard errors of the difference
MOST = 0.5  # of the areas that reported before: a file that holds fewer is not about all of them
NORMAL = 1.4826  # median distance × this = standard deviation, of normal values
MANY = 20  # areas, from which on their spread says what is usual
HALF = 0.5  # by how much of itself a denominator may change
FEWEST = 10  # in a denominator: a smaller one changes by half for no reason
POINTS = 0.5  # by how much a published percentage may differ from the pooled one
SHARE = 0.01  # and a published rate or amount of money, as a share of the pooled one
KEY = ["indicator", "period", "area_code"]
PLACE = ["area_code", "area", "indicator", "period"]
FIGURE = ["units", "d", "value", "standard_error", "hidden"]


def measured(sums: pd.DataFrame, about: pd.DataFrame) -> pd.DataFrame:
    """The sums of areas with value and standard_error in the indicator's unit, and hidden.

    sums: level, KEY, parent (the area that each is a part of) and the six sums, of all staff and phases. about: unit,
    collected_from, denominator_counts, fewest_people, fewest_units by indicator. The standard error is half the 95 %
    interval's width over z. For a rate or £ that is √v; for a proportion it is that of Wilson's interval on the
    effective counts, which is not 0 where everyone or no one did. NaN where there is no interval. hidden: True for what
    may not be shown, for its own sake or since sums says so (hidden).
    """
    made = with_interval(sums.join(about, on="indicator")).assign(staff_group="all", phase="all", symbol="")
    # Sessions or places given for a whole area are no sample: an interval as if of people would be far too narrow.
    no_sample = (made["denominator_counts"] == "other") & (made["collected_from"] != "school")
    error = (made["upper"] - made["lower"]) / (2 * norm.ppf(0.975))
    made["standard_error"] = error.mask(no_sample & (made["unit"] == "percent"))
    decided = made["hidden"].fillna(True).astype(bool) if "hidden" in made else None
    return made.assign(hidden=publish(made, decided)["symbol"] == "c")


def above(sums: pd.DataFrame, england: str, levels: Collection[str] = ("region", "england")) -> pd.DataFrame:
    """The sums of regions and of England (its code is given), from those of their authorities (KEY, parent, sums)."""
    made = []
    for level, code, parent in (("region", sums["parent"], england), ("england", england, "")):
        if level in levels:
            whole = sums.assign(area_code=code).groupby(KEY, as_index=False)[SUMS].sum()
            made.append(whole.assign(level=level, parent=parent))
    return pd.concat(made, ignore_index=True) if made else sums.iloc[:0]


def shown(rows: pd.DataFrame, hide: pd.Series, **numbers: pd.Series) -> pd.DataFrame:
    """PLACE and these numbers, blank and with symbol c where they may not be shown; such rows come last."""
    made = rows[PLACE].assign(**{name: values.mask(hide) for name, values in numbers.items()})
    return made.assign(symbol=np.where(hide, "c", "")).sort_values("symbol", kind="stable")


def beside(found: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """The figures of some indicators and periods, each with the same area's figure of the period before.

    found: KEY, FIGURE. pairs: indicator, period, before (a period's code). The figure of the period before has columns
    that end in _before, NaN where there is none; before says which period it was.
    """
    then = found[[*KEY, *FIGURE]].rename(columns={"period": "before"} | {name: f"{name}_before" for name in FIGURE})
    return found.merge(pairs[["indicator", "period", "before"]], on=["indicator", "period"]).merge(
        then, on=["indicator", "before", "area_code"], how="left"
    )


def jumps(rows: pd.DataFrame, limit: float = JUMP) -> pd.DataFrame:
    """The rows of `beside` whose value changed by more than `limit` standard errors, the largest change first.

    Adds jump (in standard errors of the difference, infinite where there is none at all) and makes standard_error that
    of the difference. Where there is none (see measured), the usual spread of all areas' changes stands for it, the
    median of their distances from the median change × 1.4826, and the jump is from that change; with fewer than 20
    areas a figure is then not judged.
    """
    error = pd.Series(np.hypot(rows["standard_error"], rows["standard_error_before"]), index=rows.index)
    change = rows["value"] - rows["value_before"]
    pair = [rows["indicator"], rows["period"]]
    off = change - change.groupby(pair).transform("median")
    many = change.groupby(pair).transform("count") >= MANY
    spread = (NORMAL * off.abs().groupby(pair).transform("median")).where(many)
    change, error = change.where(error.notna(), off), error.where(error.notna(), spread)
    made = rows.assign(standard_error=error, jump=change.abs() / error)
    return made[made["jump"] > limit].sort_values("jump", ascending=False, kind="stable")


def absent(rows: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """The rows of `beside` of areas that reported for the period before and not for this one.

    held: the KEY of what the file holds. Only where it holds two or more, and at least half, of the areas that
    reported for the period before: a file of some areas is not missing the others.
    """
    reported = rows[rows["units_before"] > 0]
    there = pd.MultiIndex.from_frame(reported[KEY].astype(object)).isin(pd.MultiIndex.from_frame(held[KEY]))
    of_pair = pd.Series(there, index=reported.index).groupby([reported["indicator"], reported["period"]])
    about_all = (of_pair.transform("sum") >= 2) & (of_pair.transform("mean") >= MOST)
    return reported[about_all & ~(reported["units"] > 0)]


def without_baseline(found: pd.DataFrame, later: pd.DataFrame, baselines: pd.DataFrame) -> pd.DataFrame:
    """The latest figure of each area that has one in a later period, but none in the indicator's baseline period.

    found: KEY, units. later: indicator, period, position; baselines: indicator, period.
    """
    reported = found[found["units"] > 0]
    started = reported.merge(baselines, on=["indicator", "period"])
    now = reported.merge(later, on=["indicator", "period"]).sort_values("position", kind="stable")
    area = ["indicator", "area_code"]
    latest = now.drop_duplicates(area, keep="last")
    return latest[~pd.MultiIndex.from_frame(latest[area]).isin(pd.MultiIndex.from_frame(started[area]))]


def behind(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows whose target is no better than the baseline (columns target, baseline, better)."""
    higher = (rows["better"] == "higher") & (rows["target"] <= rows["baseline"])
    lower = (rows["better"] == "lower") & (rows["target"] >= rows["baseline"])
    return rows[higher | lower]


def out_of_range(values: np.ndarray, percent: np.ndarray) -> np.ndarray:
    """True for published rates that cannot be: below 0, and above 100 where they are percentages. NaN is no rate."""
    with np.errstate(invalid="ignore"):
        return (values < 0) | (percent & (values > 100))


def unlike_sum(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows whose published figure is not the pooled one (columns published, pooled, unit), the furthest first.

    A percentage may be 0.5 points off, a rate or an amount of money one hundredth of itself.
    """
    allowed = np.where(rows["unit"] == "percent", POINTS, SHARE * rows["pooled"].abs())
    off = (rows["published"] - rows["pooled"]).abs()
    made = rows.assign(difference=rows["published"] - rows["pooled"])[off > allowed]
    return made.loc[off[made.index].sort_values(ascending=False, kind="stable").index]


def other_denominators(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of `beside` whose denominator per reporting unit changed by more than half, the largest change first.

    Only denominators of 10 or more, then and now. Adds change, a fraction of the denominator per unit before.
    """
    change = (rows["d"] / rows["units"]) / (rows["d_before"] / rows["units_before"]) - 1
    enough = rows[["d", "d_before"]].min(axis=1) >= FEWEST
    made = rows.assign(change=change)[enough & (change.abs() > HALF)]
    return made.loc[made["change"].abs().sort_values(ascending=False, kind="stable").index]
