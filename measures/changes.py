"""What each edit of a row changed, in words."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final

import pandas as pd

FIRST: Final = "Entered"
LONGEST: Final = 80


def said(history: pd.DataFrame, titles: Mapping[str, str]) -> pd.DataFrame:
    """Who changed what when: made_at, made_by, what ('Response: 40 → 52; Ended: empty → 2011-03-31').

    history: how a row stood after each of its edits, newest first (data_access.edits.history). titles: a column → what
    it is called, for those that are told; their cells may hold texts, numbers, dates, lists or nothing.
    """
    rows = history.to_dict("records")
    told = [_differences(row, before, titles) for row, before in pairwise(rows)]
    what = [*told, FIRST][: len(rows)]
    return history[["made_at", "made_by"]].assign(what=pd.Series(what, index=history.index, dtype=object))


def _differences(row: Mapping[Any, Any], before: Mapping[Any, Any], titles: Mapping[str, str]) -> str:
    pairs = {title: (in_words(before[column]), in_words(row[column])) for column, title in titles.items()}
    return "; ".join(f"{title}: {_short(old)} → {_short(new)}" for title, (old, new) in pairs.items() if old != new)


def in_words(value: Any) -> str:
    """A cell as text: lists with commas, yes or no, 'empty' for nothing."""
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "empty"
    if value is None or pd.isna(value) or value == "":
        return "empty"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
