"""A value against a benchmark, and an area's place among others."""

import numpy as np
import pandas as pd


def compare(lower: pd.Series, upper: pd.Series, benchmark: pd.Series, better: pd.Series) -> np.ndarray:
    """'Better', 'Worse' or 'Similar' per row: the interval wholly better than the benchmark, wholly worse, or neither.

    'Higher' / 'Lower' where the indicator has no direction; 'Not compared' without interval or benchmark.
    """
    low, high, mark = (column.to_numpy(dtype=float) for column in (lower, upper, benchmark))
    direction = better.fillna("").to_numpy()
    with np.errstate(invalid="ignore"):
        above, below = low > mark, high < mark
    return np.select(
        [
            np.isnan(low) | np.isnan(high) | np.isnan(mark),
            ~above & ~below,
            direction == "",
            above == (direction == "higher"),
        ],
        ["Not compared", "Similar", np.where(above, "Higher", "Lower"), "Better"],
        default="Worse",
    )


def rank(values: pd.Series, better: str | None) -> pd.Series:
    """1 for the best; tied areas share a rank; NaN stays NaN."""
    return values.rank(method="min", ascending=better == "lower")


def quartile(values: pd.Series, better: str | None) -> pd.Series:
    """1 for the best quarter of the areas that have a value, 4 for the worst; ties share; NaN stays NaN."""
    return np.floor((rank(values, better) - 1) / max(1, values.notna().sum()) * 4) + 1
