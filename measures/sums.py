"""The six additive sums that every area figure is made from.

A cell's sums are `units` (k, units that reported with a denominator above 0), `n` Σn, `d` Σd, `nn` Σn², `nd` Σnd and
`dd` Σd². They add over units, so over phases, local authorities and regions; they do not add over staff groups of one
school nor over periods, so each node of the staff-group tree has sums of its own.
Source: Cochran 1977, Sampling Techniques, ch. 6 (ratio estimator).
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

SUMS = ["units", "n", "d", "nn", "nd", "dd"]


def with_ancestors(groups: Sequence[str], parents: Mapping[str, str | None]) -> list[str]:
    """The groups and everything above them, children before parents.

    parents maps each staff group to its parent, or None at the top.
    """

    def depth(group: str) -> int:
        parent = parents[group]
        return 0 if parent is None else 1 + depth(parent)

    found: set[str] = set()
    for start in groups:
        group: str | None = start
        while group is not None:
            found.add(group)
            group = parents[group]
    return sorted(found, key=lambda group: (-depth(group), group))


def pool_upwards(
    counts: np.ndarray,
    row: np.ndarray,
    node: np.ndarray,
    rows: int,
    nodes: Sequence[str],
    parents: Mapping[str, str | None],
) -> np.ndarray:
    """Counts of every node for every unit: what was given for a node, else the sum of its children.

    counts, row, node: one entry per observation (value, unit's row, node's column); nodes: children before parents.
    Returns an array rows × nodes; NaN where neither the node nor any child was given. A given total wins over the sum
    of its parts, because published totals include parts that were suppressed.
    """
    table = np.full((rows, len(nodes)), np.nan)
    table[row, node] = counts
    for position, name in enumerate(nodes):
        children = [i for i, child in enumerate(nodes) if parents[child] == name]
        if children:
            parts = table[:, children]
            pooled = np.where(np.isnan(parts).all(axis=1), np.nan, np.nansum(parts, axis=1))
            table[:, position] = np.where(np.isnan(table[:, position]), pooled, table[:, position])
    return table


def six_sums(cell: np.ndarray, cells: int, n: np.ndarray, d: np.ndarray) -> pd.DataFrame:
    """The six sums of each cell: one row per cell 0…cells−1.

    cell, n, d: one entry per unit. A unit counts nowhere if its numerator or denominator is missing, or the latter 0.
    """
    known = ~np.isnan(n) & ~np.isnan(d) & (np.nan_to_num(d) > 0)
    cell, n, d = cell[known], n[known], d[known]
    total = {"n": n, "d": d, "nn": n * n, "nd": n * d, "dd": d * d}
    sums = {"units": np.bincount(cell, minlength=cells)}
    return pd.DataFrame(sums | {name: np.bincount(cell, values, minlength=cells) for name, values in total.items()})


def one_unit(before: Mapping[str, np.ndarray], after: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The denominator that one unit had and has, where the change of a cell's six sums may be that unit's alone.

    before, after: SUMS, arrays alike in shape, 0 where there is nothing. Returns two such arrays: 0 where the unit was
    or is not there, NaN in both where more than one unit must have changed, nothing did, or only a numerator. A unit
    that goes and another that comes look like one. Five changes of sums and four figures: chance seldom fits.
    """
    change = {name: np.asarray(after[name], dtype=float) - np.asarray(before[name], dtype=float) for name in SUMS}
    came = change["units"]
    with np.errstate(divide="ignore", invalid="ignore"):
        # a² − b² over a − b is a + b; where one figure is the same in both, it follows from Σnd.
        d_both = np.where(came == 0, change["dd"] / change["d"], np.abs(change["d"]))
        n_both = np.where(came == 0, change["nn"] / change["n"], np.abs(change["n"]))
        n_both = np.where(change["n"] == 0, np.where(came == 0, 2 * change["nd"] / change["d"], 0.0), n_both)
        d_before, d_after, n_before, n_after = (
            (both + sign * change[name]) / 2 for name, both in (("d", d_both), ("n", n_both)) for sign in (-1, 1)
        )
        fits = (np.abs(came) <= 1) & (change["d"] != 0) & (d_before >= 0) & (d_after >= 0)
        # Of a unit that is not there, both figures are 0.
        fits &= (came == 0) | (np.sign(change["d"]) == came)
        fits &= (came != 0) | ((d_before > 0) & (d_after > 0))
        for name, was, now in (
            ("dd", d_before * d_before, d_after * d_after),
            ("nn", n_before * n_before, n_after * n_after),
            ("nd", n_before * d_before, n_after * d_after),
        ):
            fits &= np.isclose(change[name], now - was, rtol=1e-9, atol=1e-6)
    return np.where(fits, d_before, np.nan), np.where(fits, d_after, np.nan)


def only_units(before: Mapping[str, np.ndarray], after: Mapping[str, np.ndarray]) -> np.ndarray:
    """How many units came, or, below 0, went, where the change of a cell's six sums may be theirs alone; else 0.

    before, after: as in one_unit. Sums of squares lie between those of alike figures and that of one figure with all;
    what other units changed by seldom leaves it so, yet can.
    """
    came = np.asarray(after["units"], dtype=float) - np.asarray(before["units"], dtype=float)
    count, more = np.abs(came), 1 + 1e-9
    n, d, nn, nd, dd = (
        np.sign(came) * (np.asarray(after[name], dtype=float) - np.asarray(before[name], dtype=float))
        for name in SUMS[1:]
    )
    fits = (count > 0) & (d > 0) & (n >= 0) & (nd >= 0) & (nd * nd <= nn * dd * more)
    for sum_, squares in ((n, nn), (d, dd)):
        fits &= (sum_ * sum_ <= count * squares * more) & (squares <= sum_ * sum_ * more)
    return np.where(fits, came, 0.0)


def alone(change: Mapping[str, np.ndarray]) -> np.ndarray:
    """The denominator of the one unit that a difference of six sums is made of, of either sign; else NaN."""
    count, n, d, nn, nd, dd = (np.asarray(change[name], dtype=float) * np.sign(change["units"]) for name in SUMS)
    fits = (count == 1) & (d > 0) & (n >= 0)
    for squares, product in ((nn, n * n), (nd, n * d), (dd, d * d)):
        fits &= np.isclose(squares, product, rtol=1e-9, atol=1e-6)
    return np.where(fits, d, np.nan)


def smallest_at_least(units: np.ndarray, d: np.ndarray, dd: np.ndarray) -> np.ndarray:
    """What the smallest denominator behind sums is at least: for one unit and for two it is that; 0 for none.

    Source: Samuelson 1968, How deviant can you be?, JASA 63: no value is further from the mean than √(k − 1) standard
    deviations.
    """
    count = np.maximum(units, 1)
    mean = d / count
    variance = np.maximum(dd / count - mean * mean, 0.0)
    return np.maximum(mean - np.sqrt(variance * (count - 1)), 0.0)
