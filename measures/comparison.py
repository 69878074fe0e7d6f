"""A value against a benchmark, and an area's place among others."""

import numpy as np
import pandas as pd

from measures.trends import is_term

MICROYEARS = 1e6  # a position is matched to the nearest of these, because thirds of a year are rounded


def compare(lower: pd.Series, upper: pd.Series, benchmark: pd.Series, better: pd.Series) -> np.ndarray:
    """'Better', 'Worse' or 'Similar' per row: the interval wholly better than the benchmark, wholly worse, or neither.

    'Higher' / 'Lower' where the indicator has no direction; 'Not compared' without interval or benchmark.
    """
    low, high, mark = (column.to_numpy(dtype=float) for column in (lower, upper, benchmark))
    direction = better.to_numpy(dtype=object)
    with np.errstate(invalid="ignore"):
        above, below = low > mark, high < mark
    return np.select(
        [
            np.isnan(low) | np.isnan(high) | np.isnan(mark),
            ~above & ~below,
            pd.isna(direction),
            above == (direction == "higher"),
        ],
        ["Not compared", "Similar", np.where(above, "Higher", "Lower"), "Better"],
        default="Worse",
    )


def rank(values: pd.Series, better: str | pd.Series | None, by: pd.Series | None = None) -> pd.Series:
    """1 for the best (without direction, for the highest); tied areas share a rank; NaN stays NaN.

    better: one direction for all, or one a value. by: a name a value (its indicator, say); each is ranked by itself.
    """
    from_best = values.where(better == "lower", -values) if isinstance(better, pd.Series) else values
    ascending = isinstance(better, pd.Series) or better == "lower"
    return (from_best if by is None else from_best.groupby(by)).rank(method="min", ascending=ascending)


def quartile(values: pd.Series, better: str | pd.Series | None, by: pd.Series | None = None) -> pd.Series:
    """1 for the best quarter of the areas that have a value, 4 for the worst; ties share; NaN stays NaN. As in rank."""
    there = values.notna().sum() if by is None else values.groupby(by).transform("count")
    return np.floor((rank(values, better, by) - 1) / np.maximum(1, there) * 4) + 1


def a_year_ago(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with value_before, lower_before and upper_before, a year earlier, and change (value − value_before).

    rows: one row an indicator × area_code × period, with period, period_position (years), value, lower, upper. A term
    is set beside the same term of the year before, a year beside the year before. NaN where there was none.
    """
    position = rows["period_position"].to_numpy(dtype=float)
    known = np.flatnonzero(np.isfinite(position))
    series = pd.factorize(rows["indicator"])[0] * len(rows) + pd.factorize(rows["area_code"])[0]
    series = 2 * series + is_term(rows["period"])
    moment, points = pd.factorize(np.append(_micro(position[known]), _micro(position[known] + 1.0)))
    now, after = (series[known] * len(points) + part for part in np.split(moment, 2))
    found = pd.Index(after).get_indexer(now)
    before = {f"{name}_before": np.full(len(rows), np.nan) for name in ("value", "lower", "upper")}
    for name, column in before.items():
        column[known[found >= 0]] = rows[name.removesuffix("_before")].to_numpy(dtype=float)[known[found[found >= 0]]]
    return rows.assign(**before, change=rows["value"] - before["value_before"])


def _micro(positions: np.ndarray) -> np.ndarray:
    return np.round(positions * MICROYEARS)


def neighbour_mean(values: pd.DataFrame, neighbours: pd.DataFrame) -> pd.DataFrame:
    """The mean of each authority's statistical neighbours: one row an indicator × area_code.

    values: one period's figures, one row an indicator × area_code, with value (NaN where hidden or missing).
    neighbours: la_code, neighbour_code. Adds neighbour_value, the plain mean of the neighbours' values that are there
    (a benchmark made of areas, not a pooled figure: each neighbour counts once, whatever its size; NaN where there is
    none), neighbours_reported and neighbours_asked (how many there are and how many were listed). The area_code is each
    la_code of neighbours, the indicator each of values.
    """
    pairs = neighbours[["la_code", "neighbour_code"]].drop_duplicates()
    table = values.pivot(index="area_code", columns="indicator", values="value").astype(float)
    of = table.reindex(pairs["neighbour_code"]).groupby(pairs["la_code"].to_numpy())
    mean, reported, asked = of.mean(), of.count(), of.size()
    size, indicators = mean.shape
    return pd.DataFrame(
        {
            "indicator": np.tile(mean.columns.to_numpy(), size),
            "area_code": np.repeat(mean.index.to_numpy(), indicators),
            "neighbour_value": mean.to_numpy().ravel(),
            "neighbours_reported": reported.to_numpy().ravel(),
            "neighbours_asked": np.repeat(asked.to_numpy(), indicators),
        }
    )
