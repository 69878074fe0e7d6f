"""What an intruder can work out of tables that are published, one version after another.

Every hidden cell is an unknown, the same one in two versions where its figures are the same; every total is an
equation. A hidden cell is given away where all solutions agree on it. One random solution of the equations without
their constants shows this for all cells at once: whatever moves in it is not determined (the chance that it stands
still by accident is nil), and it comes from one least-squares projection, whatever the size of the table.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array, vstack
from scipy.sparse.linalg import lsmr

STILL = 1e-6  # of a cell's usual movement of about 1: less is rounding


@dataclass(frozen=True)
class Version:
    """One published version of a table, areas × columns: n and d (NaN where there is nothing), what was hidden.

    own: cells that may not be shown for their own sake; untold: empty cells that are not zero but unknown to all.
    seen: cells, None: none, that whoever sees the schools behind them knows though they are hidden: of own, or told by
    schools for good.
    as_if: n and d that stand for a cell where versions are compared, None: its own; where the change from one version
    to another is known, they are the same in both.
    """

    n: np.ndarray
    d: np.ndarray
    hide: np.ndarray
    own: np.ndarray
    untold: np.ndarray
    as_if: tuple[np.ndarray, np.ndarray] | None = None
    seen: np.ndarray | None = None

    @property
    def told_by(self) -> tuple[np.ndarray, np.ndarray]:
        """as_if, or n and d."""
        return self.as_if or (self.n, self.d)


def with_schools(versions: Sequence[Version]) -> list[Version]:
    """The versions as they are to whoever sees all schools, too; none where that is no more than the others see."""
    if not any(version.seen is not None and version.seen.any() for version in versions):
        return []
    return [v if v.seen is None else replace(v, hide=v.hide & ~v.seen, own=v.own & ~v.seen) for v in versions]


def same(one: Version, other: Version) -> np.ndarray:
    """True for the cells of two versions that are the same: who knows one knows the other."""
    (n, d), (other_n, other_d) = one.told_by, other.told_by
    return np.asarray((n == other_n) & (d == other_d))


def as_one(versions: Sequence[Version], linked: Sequence[np.ndarray]) -> list[Version]:
    """The versions, with cells of the last one the same as those of each earlier one where `linked` says so."""
    figures = [(version.told_by[0].copy(), version.told_by[1].copy()) for version in versions]
    last_n, last_d = figures[-1]
    for at, cells in enumerate(linked):
        was_n, was_d = (part.copy() for part in figures[at])
        for n, d in figures:
            alike = cells & (n == was_n) & (d == was_d)
            n[alike], d[alike] = last_n[alike], last_d[alike]
    return [replace(version, as_if=pair) for version, pair in zip(versions, figures, strict=True)]


def totals(region_of: np.ndarray, regions: int, parts: Sequence[tuple[int, Sequence[int]]], columns: int) -> csr_array:
    """Every total of a table as an equation over its cells (areas × columns, row after row): total − parts = 0.

    Areas are authorities, regions, England; parts: a column that is a total, and the columns that it is the total of.
    """
    las = len(region_of)
    row, cell, sign = list[int](), list[int](), list[float]()

    def equation(total: int, those: Sequence[int]) -> None:
        number = row[-1] + 1 if row else 0
        for place, value in [(total, 1.0), *((part, -1.0) for part in those)]:
            row.append(number)
            cell.append(place)
            sign.append(value)

    for column in range(columns):
        for region in range(regions):
            members = np.flatnonzero(region_of == region)
            equation((las + region) * columns + column, [int(member) * columns + column for member in members])
        england = (las + regions) * columns + column
        equation(england, [(las + region) * columns + column for region in range(regions)])
    for area in range(las + regions + 1):
        for total, those in parts:
            equation(area * columns + total, [area * columns + one for one in those])
    return csr_array((sign, (row, cell)), shape=(row[-1] + 1, (las + regions + 1) * columns))


def told_apart(earlier: np.ndarray, later: np.ndarray) -> np.ndarray:
    """True where two versions (of `movement`) determine how a hidden cell changed, whether or not the cell itself."""
    return still(np.nan_to_num(later) - np.nan_to_num(earlier))


def still(moved: np.ndarray) -> np.ndarray:
    """True where a movement is none but for rounding; what is NaN does not count."""
    return np.asarray(np.abs(moved) < STILL)


def movement(equations: csr_array, versions: Sequence[Version]) -> list[np.ndarray]:
    """How each version's hidden cells move in one random solution: all versions together determine what stands still.

    NaN for cells that are not hidden, or that another version shows with the same figures: these were out before.
    """
    number, count = _unknowns(versions)
    parts = []
    for version, mine in zip(versions, number, strict=True):
        # A total of which a part was never told says nothing about the others.
        usable = np.asarray(abs(equations) @ version.untold.ravel().astype(float)) == 0
        cells = np.flatnonzero(mine.ravel() >= 0)
        choose = csr_array((np.ones(len(cells)), (cells, mine.ravel()[cells])), shape=(mine.size, count))
        parts.append(equations[np.flatnonzero(usable)] @ choose)
    if not count:
        return [np.full(version.hide.shape, np.nan) for version in versions]
    system = _distinct(vstack(parts).tocsr())
    start = np.random.default_rng(count).standard_normal(count)
    if system.shape[0]:
        start -= lsmr(system, system @ start, atol=1e-12, btol=1e-12, conlim=0, maxiter=20 * count + 200)[0]
    return [np.where(mine >= 0, start[np.maximum(mine, 0)], np.nan) for mine in number]


def _distinct(system: csr_array) -> csr_array:
    """The equations without those of nothing, and without those that say what another one says, as in other versions.

    A number by chance for each unknown tells equations apart: that two others sum to the same is as good as impossible.
    """
    system = system[np.flatnonzero(np.diff(system.indptr))]
    chance = np.random.default_rng(system.shape[1]).integers(2**62, size=system.shape[1])
    _, first = np.unique(system.astype(np.int64) @ chance, return_index=True)
    return system[np.sort(first)]


def _unknowns(versions: Sequence[Version]) -> tuple[list[np.ndarray], int]:
    """For each version the number of each hidden cell's unknown, −1 where it is none; and how many there are."""
    made: list[np.ndarray] = []
    count = 0
    for at, version in enumerate(versions):
        number = np.full(version.hide.shape, -1)
        open_ = version.hide & ~np.isnan(version.d)
        for other in versions:
            open_ &= ~(same(version, other) & ~other.hide)
        for earlier, before in zip(versions[:at], made, strict=True):
            again = open_ & (number < 0) & same(version, earlier) & (before >= 0)
            number[again] = before[again]
        fresh = open_ & (number < 0)
        number[fresh] = count + np.arange(fresh.sum())
        count += int(fresh.sum())
        made.append(number)
    return made, count
