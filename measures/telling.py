"""Which counts of a programme's people would tell of a few of them.

A programme is of one school or of a few, and whoever works there knows who is on it: a count that leaves a group of
fewer than the least number of people tells who did not complete, or who was promoted. Neither the part counted nor the
part left may be such a group. None, nobody and everybody are told.
"""

from collections.abc import Mapping
from typing import Final

import pandas as pd

PARTS: Final = ("completed", "promoted")


def few(count: int, fewest: float) -> bool:
    """True for a group that has people, but fewer than the least number."""
    return 0 < count < fewest


def tell(counts: Mapping[str, int | None], fewest: float) -> list[str]:
    """Those of participants, completed and promoted that tell of a few: to be left empty; in this order.

    Where the participants are too few, or are not said, nothing may be said of the others.
    """
    whole = counts["participants"]
    given = {name: count for name in PARTS if (count := counts[name]) is not None}
    if whole is None:
        return list(given)
    if few(whole, fewest):
        return ["participants", *given]
    return [name for name, count in given.items() if few(count, fewest) or few(whole - count, fewest)]


def told(rows: pd.DataFrame, fewest: float) -> pd.DataFrame:
    """Rows with participants, completed and promoted (whole numbers or None), without those that tell of a few."""
    names = ["participants", *PARTS]
    kept = rows.copy()
    counts = [dict(zip(names, each, strict=True)) for each in rows[names].to_numpy(dtype=object)]
    hidden = [set(tell(each, fewest)) for each in counts]
    for name in names:
        left = [None if name in hide else each[name] for each, hide in zip(counts, hidden, strict=True)]
        kept[name] = pd.Series(left, index=rows.index, dtype=object)
    return kept
