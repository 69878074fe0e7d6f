"""Which of the returns that schools owe are in, and how each school stands by its own published figures."""

from typing import Final

import pandas as pd

# Symbols of figures that were not asked of a school, and of those that it owes; any other says that it answered.
NOT_DUE: Final = ("z", ".")
OWED: Final = ("x", ":")
RESPONSES: Final = {"all": "All returns in", "part": "Not complete", "none": "Nothing in"}


def with_returns(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with due and received (bool).

    rows: one row a school × indicator, with symbol. A return is due unless its symbol says that nothing was asked; it
    is in where there is a figure, or one that may not be shown.
    """
    due = ~rows["symbol"].isin(NOT_DUE)
    return rows.assign(due=due, received=due & ~rows["symbol"].isin(OWED))


def by_school(rows: pd.DataFrame, priority_of: pd.Series) -> pd.DataFrame:
    """One row a school that owes anything, in the order of the rows.

    rows: figures of schools for one period (area_code, indicator, symbol, status); priority_of: indicator → priority.

    Columns: area_code; due, received: how many returns; response ('all' | 'part' | 'none'); on_track and judged: how
    many of its figures are, and can be judged; and for each priority on_track_PRIORITY and judged_PRIORITY.
    """
    frame = with_returns(rows)
    frame = frame.assign(on_track=frame["status"] == "on_track", judged=frame["status"] != "none")
    schools = pd.Index(frame["area_code"].unique(), name="area_code")
    made = frame.groupby("area_code")[["due", "received", "on_track", "judged"]].sum().reindex(schools)
    priority = frame["indicator"].map(priority_of)
    for code in priority_of.dropna().unique():
        counts = frame[priority == code].groupby("area_code")[["on_track", "judged"]].sum()
        made = made.join(counts.add_suffix(f"_{code}").reindex(schools, fill_value=0))
    made = made[made["due"] > 0].astype(int)
    part = (made["received"] > 0).map({True: "part", False: "none"})
    return made.assign(response=part.where(made["received"] < made["due"], "all")).reset_index()


def missing(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of returns that are due and not in."""
    frame = with_returns(rows)
    return frame[frame["due"] & ~frame["received"]]
