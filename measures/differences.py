"""The difference between two areas, of which one may contain the other."""

from typing import Final

import numpy as np
import pandas as pd

from measures.comparison import compare
from measures.gaps import group_gap

SEPARATE: Final = "separate"  # neither contains the other
WITHIN: Final = "within"  # the first area lies within the second
AROUND: Final = "around"  # the first area contains the second
SAME: Final = "same"


def relation(first: pd.DataFrame, second: pd.DataFrame) -> np.ndarray:
    """How the area of each row of first stands to that of second: SEPARATE, WITHIN, AROUND or SAME.

    first, second: as many rows in the same order, with level ('england' | 'region' | 'la'), area_code and region_code.
    """
    return np.select(
        [
            (first["area_code"].to_numpy() == second["area_code"].to_numpy()),
            _contains(second, first),
            _contains(first, second),
        ],
        [SAME, WITHIN, AROUND],
        default=SEPARATE,
    )


def _contains(outer: pd.DataFrame, inner: pd.DataFrame) -> np.ndarray:
    """Whether England or a region contains the authority or region beside it."""
    nation = (outer["level"] == "england").to_numpy() & (inner["level"] != "england").to_numpy()
    of_region = (outer["level"] == "region").to_numpy() & (inner["level"] == "la").to_numpy()
    return nation | (of_region & (outer["area_code"].to_numpy() == inner["region_code"].to_numpy()))


def difference(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """The difference first − second, row by row: relation, gap, gap_lower, gap_upper (95 %), clear and judged.

    first, second: as in relation, with value, lower, upper (95 %), n_eff, unit and better. All in the indicator's unit;
    the index is first's. Separate areas: measures.gaps.group_gap. An area and one that contains it are not independent:
    the interval of the smaller is set against the value of the larger, as for any benchmark (measures.comparison). NaN
    where a value or an interval is missing; clear where the interval excludes 0; judged: the words of
    measures.comparison.compare, seen from first; an area beside itself is 'Not compared'.
    """
    related, found = relation(first, second), group_gap(first, second)
    one, other = (
        {name: rows[name].to_numpy(dtype=float) for name in ("value", "lower", "upper")} for rows in (first, second)
    )
    low, high = (
        np.select(
            [related == WITHIN, related == AROUND, related == SAME],
            [one[own] - other["value"], one["value"] - other[theirs], np.nan],
            default=found[f"gap_{own}"].to_numpy(),
        )
        for own, theirs in (("lower", "upper"), ("upper", "lower"))
    )
    low, high = (np.where(np.isnan(found["gap"]), np.nan, limit) for limit in (low, high))
    lower, upper, zero = (pd.Series(end, index=first.index, dtype=float) for end in (low, high, 0.0))
    return found.assign(
        relation=related,
        gap_lower=low,
        gap_upper=high,
        clear=(low > 0) | (high < 0),
        judged=compare(lower, upper, zero, first["better"]),
    )[["relation", "gap", "gap_lower", "gap_upper", "clear", "judged"]]
