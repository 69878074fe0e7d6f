"""Statistical neighbours: for each authority those most like it, by what they are like apart from CPD.

Variables are standardised and the distance between two authorities is the straight line between them, as in CIPFA's
Nearest Neighbours Model; how close they are is said in words, as in the NFER's model (Benton et al. 2007, The
Development of the Children's Services Statistical Neighbour Benchmarking Model). Unlike there, no variable weighs more
than another, and the limits below are this program's own.
"""

from typing import Final

import numpy as np
import pandas as pd
from scipy.spatial.distance import pdist, squareform
from scipy.stats import skew

# Of all pairs of authorities, the share that is no farther apart than the two: up to 1% is extremely close, and so on.
CLOSENESS: Final = {"extremely close": 0.01, "very close": 0.05, "close": 0.1, "somewhat close": 0.25, "not close": 1.0}
SKEWED: Final = 2.0  # a positive variable with a greater skewness, such as population density, counts by its logarithm
DECIMALS: Final = 9  # of a distance: differences beyond are rounding, and so ties
COLUMNS: Final = ["la_code", "neighbour_code", "rank", "distance", "closeness"]


def nearest(context: pd.DataFrame, count: int) -> pd.DataFrame:
    """The `count` authorities nearest to each, or all others where there are fewer.

    context: la_code, variable, value; one row each. Each variable is standardised over the authorities that have all
    of them; one that is the same everywhere counts nothing. An authority that lacks one of the variables is left out:
    it has no neighbours and is nobody's.

    Columns: la_code, neighbour_code, rank (1 is nearest; of two equally near the lower code comes first), distance (in
    standard deviations), closeness (words: CLOSENESS). By la_code and rank.
    """
    there = context.dropna(subset=["value"]).pivot(index="la_code", columns="variable", values="value").dropna()
    scores = _standardised(there.to_numpy(dtype=float))
    if not scores.size:
        return pd.DataFrame(columns=COLUMNS).astype({"rank": int, "distance": float})
    pairs = pdist(scores).round(DECIMALS)
    apart = squareform(pairs)
    np.fill_diagonal(apart, np.inf)
    codes, kept = there.index.to_numpy(), min(count, len(there) - 1)
    order = np.argsort(apart, axis=1, kind="stable")[:, :kept]
    distance = np.take_along_axis(apart, order, axis=1).ravel()
    return pd.DataFrame(
        {
            "la_code": np.repeat(codes, kept),
            "neighbour_code": codes[order.ravel()],
            "rank": np.tile(np.arange(1, kept + 1), len(codes)),
            "distance": distance,
            "closeness": _closeness(distance, pairs),
        }
    )


def _standardised(values: np.ndarray) -> np.ndarray:
    """Standard scores of the variables (columns) that differ between authorities; of logarithms where skewed."""
    values = values[:, values.max(axis=0, initial=-np.inf) > values.min(axis=0, initial=np.inf)]
    if values.size:
        skewed = (values > 0).all(axis=0) & (skew(values) > SKEWED)
        values[:, skewed] = np.log(values[:, skewed])
        values = (values - values.mean(axis=0)) / values.std(axis=0)
    return values


def _closeness(distance: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    share = np.searchsorted(np.sort(pairs), distance, side="right") / len(pairs)
    return np.array(list(CLOSENESS))[np.searchsorted(list(CLOSENESS.values()), share)]
