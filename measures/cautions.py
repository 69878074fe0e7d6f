"""What would mislead about a chart, each as a sentence to write on it; '' where there is nothing to warn of."""

from typing import Final

import numpy as np
import pandas as pd

from measures import words

FEW_AREAS: Final = 10  # below that, one area can make a pattern
FEW_PERIODS: Final = 3  # below that, a line shows a change at most
NOT_FROM_ZERO: Final = "The bars do not start at zero: their lengths exaggerate differences; read the numbers."
ASSOCIATION: Final = (
    "An association of areas only: it does not show that one causes the other, nor that it holds for schools or people."
)

CHOSEN: Final = "Authorities that choose partnership work differ from others in ways that no baseline shows."


def uncertain_order(lower: pd.Series, upper: pd.Series) -> str:
    """Of areas in the order drawn: how many neighbours have overlapping intervals, so that their order may be chance.

    Pairs of which one has no interval are not counted.
    """
    low, high = lower.to_numpy(dtype=float), upper.to_numpy(dtype=float)
    both = np.isfinite(low[:-1]) & np.isfinite(low[1:]) & np.isfinite(high[:-1]) & np.isfinite(high[1:])
    overlap = both & (np.maximum(low[:-1], low[1:]) <= np.minimum(high[:-1], high[1:]))
    if not overlap.any():
        return ""
    pairs = words.plural(int(both.sum()), "pair of neighbours", "pairs of neighbours")
    return f"Do not read the order as ranks: the 95% intervals of {int(overlap.sum())} of {pairs} overlap."


def few_areas(count: int) -> str:
    """That a pattern among so few areas may rest on one of them."""
    return f"Only {words.plural(count, 'area')}: one of them can make the pattern." if count < FEW_AREAS else ""


def few_periods(count: int) -> str:
    """That so few periods are no trend."""
    if count >= FEW_PERIODS:
        return ""
    return "Two periods show a change, not a trend." if count == 2 else "A single period shows no change over time."


def low_coverage(low: int, of: int) -> str:
    """How many of the figures drawn rest on too few returns."""
    return f"Low coverage: {low} of {words.plural(of, 'figure')}, marked in the table." if low else ""


def unlike_sizes(levels: set[str]) -> str:
    """That areas of several levels ('england', 'region', 'la') are set side by side."""
    if len(levels) < 2:
        return ""
    return "Areas of unlike size stand side by side: smaller ones differ more by chance."


def left_out(drawn: int, asked: int, many: str) -> str:
    """'Drawn: the first 8 of 12 lines.' where not all that was asked for fits. many: what they are."""
    return f"Drawn: the first {drawn} of {asked} {many}." if drawn < asked else ""
