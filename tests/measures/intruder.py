"""The intruder: works hidden cells out of what is published, given everything else.

A table of areas (authorities, then regions, then England) × columns (phase × staff group, phases slowest) is the sum of
its smallest cells: an authority's leaf phase × leaf staff group. The intruder knows which cells are empty and how the
rest add up; each shown cell is an equation over the smallest ones. By exact elimination he finds every hidden cell
that only one figure fits; by linear programming every one that only one figure fits between nobody and everybody.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from scipy.optimize import linprog

Tree = Mapping[str, str | None]
Row = dict[int, Fraction]  # what each smallest cell counts in an equation: its number and its coefficient


@dataclass(frozen=True)
class Table:
    """How a table adds up. England: False where nothing is published for it."""

    region_of: np.ndarray
    regions: int
    phases: Tree
    groups: Tree
    england: bool = True

    @property
    def areas(self) -> np.ndarray:
        """Areas × authorities, 1 where an authority is in the area."""
        las = np.arange(len(self.region_of))
        own, region = las[:, None] == las, np.arange(self.regions)[:, None] == self.region_of
        return np.vstack([own, region, np.ones(len(las), bool)]).astype(int)

    @property
    def columns(self) -> np.ndarray:
        """Columns × leaf columns, 1 where a leaf is part of the column."""
        return np.kron(parts(self.phases), parts(self.groups))

    def add_up(self, leaves: np.ndarray) -> np.ndarray:
        """Areas × columns from authorities × leaf columns."""
        return np.asarray(self.areas @ leaves @ self.columns.T)

    def sums(self, leaves: np.ndarray) -> np.ndarray:
        """Areas × columns × smallest cells: 1 where a smallest cell is part; leaves: those that are not empty."""
        every = np.einsum("al,cm->aclm", self.areas, self.columns)
        return every[:, :, leaves]


def parts(tree: Tree) -> np.ndarray:
    """Nodes × leaves, 1 where the leaf is the node or lies below it."""
    leaves = [node for node in tree if node not in tree.values()]
    return np.array([[node in _path(leaf, tree) for leaf in leaves] for node in tree]).astype(int)


def _path(node: str | None, tree: Tree) -> list[str]:
    return [] if node is None or node not in tree else [node, *_path(tree[node], tree)]


def recovered(shown: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """True for each hidden sum (rows × smallest cells) that the shown sums (rows × smallest cells) determine."""
    basis = _eliminated(_row(sums) for sums in np.unique(shown, axis=0))
    return np.array([not _reduced(_row(sums), basis) for sums in hidden], dtype=bool)


def _row(sums: np.ndarray) -> Row:
    return {int(at): Fraction(int(sums[at])) for at in np.flatnonzero(sums)}


def _eliminated(rows: Iterable[Row]) -> dict[int, Row]:
    """Rows in echelon form by the first cell of each, exactly."""
    basis: dict[int, Row] = {}
    for row in sorted(rows, key=len):
        left = _reduced(row, basis)
        if left:
            first = min(left)
            basis[first] = {at: value / left[first] for at, value in left.items()}
    return basis


def _reduced(row: Row, basis: dict[int, Row]) -> Row:
    """What remains of a row once all that the basis explains is taken away."""
    row = dict(row)
    kept: Row = {}
    while row:
        first = min(row)
        factor = row.pop(first)
        if first not in basis:
            kept[first] = factor
            continue
        for at, value in basis[first].items():
            if at != first:
                row[at] = row.get(at, Fraction(0)) - factor * value
                if not row[at]:
                    del row[at]
    return kept


@dataclass(frozen=True)
class Version:
    """A table as published once: n and d of authorities × leaf columns, d 0 where empty; hide: areas × columns."""

    n: np.ndarray
    d: np.ndarray
    hide: np.ndarray


def recovered_over_versions(table: Table, versions: Sequence[Version], *, totals_too: bool = True) -> list[np.ndarray]:
    """For each version, areas × columns: True for the hidden cells that all versions together determine.

    The intruder knows which of the smallest cells did not change from one version to the next; totals_too: also which
    totals did not, though their parts may have.
    """
    numbers = _unknowns(versions)
    count = max(int(number.max(initial=-1)) for number in numbers) + 1
    sums = [_sums_over(table, number, count) for number in numbers]
    there = [_there(table, version) for version in versions]
    shown = [s[t & ~v.hide] for s, t, v in zip(sums, there, versions, strict=True)]
    if totals_too:
        for at in range(1, len(versions)):
            same = there[at] & there[at - 1]
            for of in ("n", "d"):
                now, before = (table.add_up(getattr(versions[i], of)) for i in (at, at - 1))
                same &= now == before
            shown.append(sums[at][same] - sums[at - 1][same])
    made = []
    for s, t, version in zip(sums, there, versions, strict=True):
        out = np.zeros_like(version.hide)
        hidden = t & version.hide
        out[hidden] = recovered(np.vstack(shown), s[hidden])
        made.append(out)
    return made


def _unknowns(versions: Sequence[Version]) -> list[np.ndarray]:
    """For each version, authorities × leaf columns: the number of the unknown in a smallest cell, −1 where empty."""
    made: list[np.ndarray] = []
    count = 0
    for at, version in enumerate(versions):
        number = np.full(version.d.shape, -1)
        for cell in np.argwhere(version.d > 0):
            la, leaf = int(cell[0]), int(cell[1])
            before = versions[at - 1] if at else None
            if before and (before.n[la, leaf], before.d[la, leaf]) == (version.n[la, leaf], version.d[la, leaf]):
                number[la, leaf] = made[-1][la, leaf]
            else:
                number[la, leaf], count = count, count + 1
        made.append(number)
    return made


def _sums_over(table: Table, number: np.ndarray, count: int) -> np.ndarray:
    """Areas × columns × unknowns: 1 where an unknown is part of the cell."""
    made = np.zeros((len(table.areas), len(table.columns), count), dtype=int)
    made[:, :, number[number >= 0]] = table.sums(number >= 0)
    return made


def _there(table: Table, version: Version) -> np.ndarray:
    there = np.asarray(table.add_up(version.d) > 0)
    there[-1] &= table.england
    return there


def recovered_within_bounds(
    shown: np.ndarray, hidden: np.ndarray, n: np.ndarray, d: np.ndarray, *, share: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """True for each hidden sum whose numerator, and whose denominator, only one figure fits.

    shown, hidden: sums × smallest cells; n, d: what the smallest cells truly hold. The intruder knows that no count is
    below 0 and, of a share, that a numerator is no more than its denominator.
    """
    count = len(n)
    truth = np.concatenate([n, d])
    both = np.vstack([np.kron(np.eye(2), row[None, :]) for row in np.unique(shown, axis=0)]) if len(shown) else None
    above = np.hstack([np.eye(count), -np.eye(count)]) if share else None
    asked = np.kron(np.eye(2), hidden)

    def furthest(objective: np.ndarray) -> np.ndarray:
        found = linprog(
            objective,
            A_ub=above,
            b_ub=None if above is None else np.zeros(count),
            A_eq=both,
            b_eq=None if both is None else both @ truth,
            bounds=(0, 10 * truth.sum() + 10),
            method="highs",
        )
        assert found.success, found.message
        return np.asarray(found.x)

    # The true table fits. Any other that fits proves a cell safe where the two differ; the rest are asked one by one.
    fixed = np.ones(len(asked), dtype=bool)
    rng = np.random.default_rng(0)
    for _ in range(4):
        fixed &= ~_differ(asked, furthest(rng.normal(size=2 * count)), truth)
    for at in np.flatnonzero(fixed):
        for sign in (1, -1):
            if fixed[at]:
                fixed &= ~_differ(asked, furthest(sign * asked[at]), truth)
    return fixed[: len(hidden)], fixed[len(hidden) :]


def _differ(asked: np.ndarray, found: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """True where sums differ by more than a solver's rounding: corners are fractions with small denominators."""
    return np.abs(asked @ (found - truth)) > 1e-3
