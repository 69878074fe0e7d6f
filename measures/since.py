"""What differs from an earlier state: what moved on, which statuses turned, and what was revised rather than changed.

The figure of a new period is a change in the world; another figure of the same period corrects what was said of it.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from measures import words
from measures.comparison import compare
from measures.gaps import group_gap
from measures.trends import is_term

Record = Mapping[Any, Any] | pd.Series

COLUMNS: Final = [
    "indicator", "area_code", "period_before", "value_before", "status_before", "period", "value", "status",
    "value_revised", "change", "moved", "turned", "revised", "came", "went",
]  # fmt: skip
KEY: Final = ["indicator", "area_code"]
TOLERANCE: Final = 1e-9  # relative: sums of the same parts in another order are the same figure
CLEAR: Final = ("Better", "Worse", "Higher", "Lower")  # words of `moved` for a change that is more than chance
_MEASURED = ["value", "lower", "upper", "n_eff", "unit", "better"]


def since(then: pd.DataFrame, now: pd.DataFrame, until: float) -> pd.DataFrame:
    """What differs between two states: COLUMNS, one row an indicator × area that has a figure in either.

    then, now: all periods of the same areas at two data versions, with indicator, area_code, period, period_position,
    value, lower, upper (95 %), n_eff, unit, better, status, as in data_access.values.COLUMNS. until: the position of
    the last period that counts.

    period, value, status: of the latest figure; _before: of the latest one then. value_revised: what is said of
    period_before now. change, in the indicator's unit, and moved, a word of measures.comparison.compare: how the latest
    figure lies to value_revised, both as they stand now, where period is later than period_before; else NaN and ''.
    Only the words of CLEAR say that something moved; the interval of the change takes the two periods for independent.
    turned: the status is another, no judgement left out. revised: value_revised is not value_before. came, went: there
    is a figure for the first time; what was said of period_before is not there any more.
    """
    both = _latest(now, until).join(_latest(then, until).add_suffix("_before"), how="outer")
    same = now.set_index([*KEY, "period"])[_MEASURED]
    pairs = pd.MultiIndex.from_arrays([*(both.index.get_level_values(name) for name in KEY), both["period_before"]])
    again = same.reindex(pairs).set_axis(both.index)
    later = (both["period"] != both["period_before"]) & both["value"].notna() & both["value_before"].notna()
    change = group_gap(both, again).where(later)
    zero = pd.Series(0.0, index=both.index)
    word = compare(change["gap_lower"], change["gap_upper"], zero, both["better"])
    before, after = (both["value_before"].to_numpy(dtype=float), again["value"].to_numpy(dtype=float))
    close = np.isclose(before, after, rtol=TOLERANCE, atol=0, equal_nan=True)
    judged = both["status"].notna() & (both["status"] != "none")
    judged &= both["status_before"].notna() & (both["status_before"] != "none")
    return both.assign(
        value_revised=after,
        change=change["gap"],
        moved=np.where(later, word, ""),
        turned=judged & (both["status"] != both["status_before"]),
        revised=~np.isnan(before) & ~np.isnan(after) & ~close,
        came=both["value"].notna() & np.isnan(before),
        went=~np.isnan(before) & np.isnan(after),
    ).reset_index()[COLUMNS]


def _latest(rows: pd.DataFrame, until: float) -> pd.DataFrame:
    """The latest figure of every indicator and area, by KEY; a year's own before that of its last term."""
    there = rows[rows["value"].notna() & (rows["period_position"] <= until)]
    order = there.assign(of_year=~is_term(there["period"])).sort_values(["period_position", "of_year"], kind="stable")
    return order.drop_duplicates(KEY, keep="last").set_index(KEY)[["period", "status", *_MEASURED]]


def happened(row: Record) -> bool:
    """True where a row of `since` tells something: a clear move, another status, a revision, a figure new or lost."""
    return row["moved"] in CLEAR or any(row[name] for name in ("turned", "revised", "came", "went"))


def moved_words(row: Record, about: Record, label: str) -> str:
    """'**Induction**: up 2.5 points to 84.9% in 2011/12, summer term, better'; row: of `since`, with a clear move.

    about: short_title and unit of its indicator; label: of its latest period, here as in the other sentences.
    """
    to = f"{words.difference(row['change'], about['unit'])} to {words.number(row['value'], about['unit'])}"
    return f"{_title(about)}: {'up' if row['change'] > 0 else 'down'} {to} in {label}, {row['moved'].lower()}"


def turned_words(row: Record, about: Record, label: str) -> str:
    """'**Induction**: from On track to At risk, with the figure of 2011/12', or 'as 2011/12 was revised'."""
    before, after = (words.STATUS_WORDS[row[name]] for name in ("status_before", "status"))
    why = f"as {label} was revised" if row["period"] == row["period_before"] else f"with the figure of {label}"
    return f"{_title(about)}: from {before} to {after}, {why}"


def revised_words(row: Record, about: Record, label: str) -> str:
    """'**Induction**: 2011/12 is now 84.9%, was 85.3%'; '' where no difference is left after rounding.

    label: of the period that was the latest then.
    """
    before, after = (words.number(row[name], about["unit"]) for name in ("value_before", "value_revised"))
    return "" if before == after else f"{_title(about)}: {label} is now {after}, was {before}"


def _title(about: Record) -> str:
    return f"**{about['short_title']}**"
