"""How far two measures of the same areas go together."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

LEAST: Final = 4  # areas: the interval of fewer says nothing
WIDER: Final = 1.06  # a rank correlation varies a little more than Pearson's: Fieller, Hartley and Pearson (1957)
Z: Final = 1.959964


@dataclass(frozen=True)
class Association:
    """Spearman's rank correlation of so many areas (−1 to 1) with its 95% interval; NaN of too few or of no spread."""

    correlation: float
    lower: float
    upper: float
    areas: int

    @property
    def clear(self) -> bool:
        """True where the interval leaves out 0."""
        return self.lower > 0 or self.upper < 0


def association(first: pd.Series, second: pd.Series) -> Association:
    """The association of two series of the same areas in the same order; areas that lack either are left out."""
    pairs = pd.DataFrame({"first": first.to_numpy(dtype=float), "second": second.to_numpy(dtype=float)}).dropna()
    count, ranks = len(pairs), pairs.rank()
    if count < LEAST or (ranks.nunique() < 2).any():
        return Association(np.nan, np.nan, np.nan, count)
    found = float(np.corrcoef(ranks["first"], ranks["second"])[0, 1])
    # Of a perfect order Fisher's transformation is infinite: a shade less gives an interval that still ends at 1.
    middle, width = np.arctanh(np.clip(found, -0.9999, 0.9999)), Z * WIDER / np.sqrt(count - 3)
    return Association(found, float(np.tanh(middle - width)), float(np.tanh(middle + width)), count)
