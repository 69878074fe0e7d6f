"""Which figures of one authority's schools to hide, for one indicator and period: its schools × staff groups.

The authority's own cells stand below them as totals. What of them is hidden to protect others only is a secret, too:
nobody who sees the schools may know it from these, nor how it changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from scipy.sparse import csr_array

from measures.boxes import Moves, moves
from measures.protection import protect, protect_after
from measures.recovery import Version, movement, still, told_apart, totals

ONE_PHASE: Mapping[str, str | None] = {"all": None}
# What is supposed to be known of cells of an authority that are hidden to protect others only: the cells, how they
# change from version to version, nothing. Less only where a school's figure cannot be kept otherwise.
TOLD, CHANGES, FREE = range(3)


@dataclass(frozen=True)
class Rows:
    """Figures of one authority's schools for an indicator and period: arrays with an entry each, and what was decided.

    few: those about too few people; own: those that may not be shown whatever else is, as thresholds are when it is
    asked; known: those shown before with the same figures. shown: (phase, staff group) that is shown of the authority;
    safe: what is hidden to protect others only. relied: what is supposed to be known of that: TOLD, CHANGES, FREE.
    """

    urn: np.ndarray
    phase: np.ndarray
    group: np.ndarray
    n: np.ndarray
    d: np.ndarray
    few: np.ndarray
    own: np.ndarray
    known: np.ndarray
    hide: np.ndarray
    shown: set[tuple[str, str]]
    safe: set[tuple[str, str]]
    relied: int = TOLD


@dataclass(frozen=True)
class Table:
    """Where the figures of an authority's schools stand in an array: schools, phases, authority × staff groups.

    schools: (phase, URN) of each; areas: the phases and the authority; parts: groups that are totals, with their parts.
    """

    schools: list[tuple[str, str]]
    areas: list[str]
    phase_of: np.ndarray
    groups: list[str]
    parts: list[tuple[int, list[int]]]

    @property
    def of_authority(self) -> np.ndarray:
        """True for the cells of phases and of the authority."""
        areas = np.arange(len(self.schools) + len(self.areas)) >= len(self.schools)
        return np.repeat(areas[:, None], len(self.groups), axis=1)

    def cells(self, of: set[tuple[str, str]]) -> np.ndarray:
        """True for those cells (phase, staff group) of the authority."""
        made = np.zeros_like(self.of_authority)
        for area, name in enumerate(self.areas):
            made[len(self.schools) + area] = [(name, group) in of for group in self.groups]
        return made

    def at(self, rows: Rows) -> tuple[np.ndarray, np.ndarray]:
        """Where each row stands in the array."""
        place = {pair: at for at, pair in enumerate(self.schools)}
        school = np.array([place[pair] for pair in zip(rows.phase, rows.urn, strict=True)])
        return school, np.array([self.groups.index(group) for group in rows.group])

    def supposed(self, rows: Rows, relied: int) -> Version:
        """The array of a version, what is not supposed to be told of the authority hidden."""
        count, shape = len(self.schools), (len(self.schools) + len(self.areas), len(self.groups))
        at, shown, safe = self.at(rows), self.cells(rows.shown), self.cells(rows.safe)
        n, d, own, hide = (np.full(shape, empty) for empty in (np.nan, np.nan, False, False))
        n[at], d[at], own[at], hide[at] = rows.n, rows.d, rows.own, rows.hide
        # A school's total may be all that it gave.
        untold = np.zeros(shape, dtype=bool)
        for total, under in self.parts:
            only = ~np.isnan(d[:count, total]) & np.isnan(d[:count][:, under]).all(axis=1)
            untold[np.ix_(np.flatnonzero(only), np.array(under))] = True
        for area, name in enumerate(self.areas):
            among = np.ones(count, dtype=bool) if name == "all" else self.phase_of == area
            for sums in (n, d):
                sums[count + area] = np.nansum(sums[:count][among], axis=0)
        hide |= self.of_authority & ~(shown | safe if relied == TOLD else shown)
        # Where only the change is known, who knew one version would know the other.
        as_if = (np.where(safe, -1.0, n), np.where(safe, -1.0, d)) if relied == CHANGES else None
        return Version(n, d, hide, own, untold, as_if)


def in_table(
    now: Rows,
    before: Sequence[Rows],
    groups: list[str],
    ways: Moves,
    parents: Mapping[str, str | None],
    *,
    share: bool,
) -> Rows:
    """The rows with those to hide, after earlier versions of them in order; groups, ways: for now alone.

    That what is hidden of the authority may be worked out is left out of account, here and later, where a figure that
    may not be shown cannot be kept otherwise: such a cell is hidden for this figure's sake.
    """
    if before:
        there = {name for rows in (now, *before) for name in rows.group}
        groups = [name for name in parents if name in there]
        ways = moves(["all"], groups, ONE_PHASE, parents)
    # A school that is of another phase in another version is another one here.
    schools = sorted({pair for rows in (now, *before) for pair in zip(rows.phase, rows.urn, strict=True)})
    phases, phase_of = np.unique([phase for phase, _ in schools], return_inverse=True)
    parts = [(at, [groups.index(one) for one in groups if parents[one] == name]) for at, name in enumerate(groups)]
    parts = [(total, under) for total, under in parts if under]
    table = Table(schools, [*phases.tolist(), "all"], phase_of, groups, parts)
    if not before:
        version = table.supposed(now, TOLD)
        # What is not told of the authority tells those who see its schools nothing.
        unseen = table.of_authority & version.hide
        n, d = (np.where(unseen, np.nan, figures) for figures in (version.n, version.d))
        told, untold = table.of_authority & ~unseen, version.untold | unseen
        hide = protect(n, d, version.hide & ~unseen, told, phase_of, ways, share=share, untold=untold)
        return replace(now, hide=hide[table.at(now)])
    equations = _equations(
        tuple(int(phase) for phase in phase_of), tuple((at, tuple(under)) for at, under in parts), len(groups)
    )
    now = replace(now, relied=before[-1].relied)
    while True:
        now = _after(table, now, before, ways, equations, share=share)
        more = _one_more(table, now, before, equations)
        if not more.any():
            return now
        now = replace(now, own=now.own | more)


def _after(table: Table, now: Rows, before: Sequence[Rows], ways: Moves, equations: csr_array, *, share: bool) -> Rows:
    """The rows with those to hide that no two versions tell, whatever of the authority is supposed to be known."""
    decided, safe = table.of_authority, any(rows.safe for rows in (*before, now))
    most = replace(now, hide=~now.known)
    for relied in range(now.relied if safe else FREE, FREE + 1):
        *earlier, version = (table.supposed(rows, relied) for rows in (*before, now))
        if relied < FREE and _lost([*earlier, table.supposed(most, relied)], equations):
            continue  # whatever is hidden
        hide = protect_after(version, earlier, table.phase_of, ways, equations, share=share, decided=decided)
        now = replace(now, relied=relied if safe else now.relied, hide=hide[table.at(now)])
        if relied == FREE or not _lost([*earlier, table.supposed(now, relied)], equations):
            break
    return now


def _lost(versions: Sequence[Version], equations: csr_array) -> bool:
    """Whether all versions together tell a figure that must not be known."""
    moved = movement(equations, versions)
    return any(bool((still(cells) & one.own).any()) for one, cells in zip(versions, moved, strict=True))


def _one_more(table: Table, now: Rows, before: Sequence[Rows], equations: csr_array) -> np.ndarray:
    """True for the rows to hide as well, as the authority's safe cells follow from schools that are shown.

    For each such cell its smallest row that is neither hidden nor known from before, if it has any. Whatever was not
    known from before is new or revised, so that hiding it keeps earlier versions' cells, too.
    """
    more, open_ = np.zeros(len(now.hide), dtype=bool), ~now.hide & ~now.known
    if not open_.any() or not any(rows.safe for rows in (*before, now)):
        return more
    order = np.lexsort((now.urn, now.d))
    found = []
    for area, column in np.argwhere(_follow(table, [*before, now], equations)):
        of_cell = now.group == table.groups[column]
        if table.areas[area] != "all":
            of_cell &= now.phase == table.areas[area]
        found.append((area, column, order[(of_cell & open_)[order]]))
    if any(len(fits) for _, _, fits in found):
        before_now = _follow(table, before, equations)  # there nothing is of help any more
        for area, column, fits in found:
            if len(fits) and not before_now[area, column] and not more[fits].any():
                more[fits[0]] = True
    return more


def _follow(table: Table, versions: Sequence[Rows], equations: csr_array) -> np.ndarray:
    """Phases and authority × groups: True where a safe cell of any version follows from what is shown in all.

    Or where it follows how a cell that is safe in the last version, and was in an earlier one, has changed since.
    """
    moved = movement(equations, [table.supposed(rows, FREE) for rows in versions])
    safe = [table.cells(rows.safe) for rows in versions]
    found = np.zeros_like(safe[0])
    for mine, then in zip(safe, moved, strict=True):
        found |= mine & still(then)
        # What moves as one number is one unknown, so it did not change.
        found |= mine & safe[-1] & (np.abs(then - moved[-1]) > 0) & told_apart(then, moved[-1])
    return found[len(table.schools) :]


@lru_cache(maxsize=64)
def _equations(phase_of: tuple[int, ...], parts: tuple[tuple[int, tuple[int, ...]], ...], groups: int) -> csr_array:
    """measures.recovery.totals: an authority's tables of one indicator and the next are mostly alike."""
    return totals(np.array(phase_of), max(phase_of) + 1, parts, groups)
