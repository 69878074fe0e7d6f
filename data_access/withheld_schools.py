"""Which figures of single schools to keep from those who may see all schools of an authority.

As with tables of areas, what was shown before with the same figures is known, and what was hidden stays hidden.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from data_access.cells import About
from data_access.pooled import numbered
from measures.protection import Moves, moves, protect, protect_after
from measures.recovery import Version, movement, still, totals

SHOWN = ["indicator", "period", "la_code", "phase", "staff_group"]
ONE_PHASE: Mapping[str, str | None] = {"all": None}
TableKey = tuple[str, str, str]  # indicator, period, authority


@dataclass(frozen=True)
class State:
    """What there was of some authorities' schools at one data version.

    sums: indicator, period, area_code (URN), staff_group, n, d; register: urn, la_code, phase; shown: the cells of
    authorities that were shown (SHOWN); about: the indicators with the thresholds of then, by code.
    """

    sums: pd.DataFrame
    register: pd.DataFrame
    shown: pd.DataFrame
    about: Mapping[str, About]


@dataclass(frozen=True)
class _Rows:
    """Figures of one authority's schools for an indicator and period: arrays with an entry each, and what was decided.

    few: those about too few people; own: those that may not be shown whatever else is, as thresholds are when it is
    asked; told: (phase, staff group) that is shown of the authority or may be worked out.
    """

    urn: np.ndarray
    phase: np.ndarray
    group: np.ndarray
    n: np.ndarray
    d: np.ndarray
    few: np.ndarray
    own: np.ndarray
    hide: np.ndarray
    told: set[tuple[str, str]]


def of_schools(
    sums: pd.DataFrame,
    register: pd.DataFrame,
    shown: pd.DataFrame,
    about: Mapping[str, About],
    parents: Mapping[str, str | None],
    *,
    some: bool,
    before: Sequence[State] = (),
) -> np.ndarray:
    """True for the rows of `sums` to hide. some: True where whoever asks may not see the schools of all authorities.

    sums, register, shown: as in State; about: by indicator. Where the other schools and the authority's own figures
    would tell a school's figure about too few people, the next smallest goes with it. Where a cell of the authority is
    hidden only to protect another, its smallest school goes too: else its schools would add up to it, and so to the
    other, which may be a single school with too few people, or one that whoever asks may not see. A figure that counts
    no people is kept from those who may not see all.
    before: in order, earlier versions of those tables (indicator, period, authority) that changed, whole.
    """
    past: dict[TableKey, list[_Rows]] = {}
    for state in before:
        _decide(state, about, parents, past, some=some, keep=True)
    return _decide(State(sums, register, shown, about), about, parents, past, some=some, keep=False)


def _decide(
    state: State,
    asked: Mapping[str, About],
    parents: Mapping[str, str | None],
    past: dict[TableKey, list[_Rows]],
    *,
    some: bool,
    keep: bool,
) -> np.ndarray:
    """The same for one version after those in `past`, which it is added to with keep; asked: the thresholds that count.

    What was hidden at a version follows from its own thresholds; what of it must not be known, from those that count.
    """
    sums, register, about = state.sums, state.register, state.about
    code, period, group, urn = (
        sums[name].to_numpy(dtype=object) for name in ("indicator", "period", "staff_group", "area_code")
    )
    n, d = sums["n"].to_numpy(dtype=float), sums["d"].to_numpy(dtype=float)
    fewest = _fewest(about)
    few = d < np.array([fewest[key] for key in code], dtype=float)
    if not len(sums):
        return few
    counts = _fewest(asked)
    own = d < np.array([counts.get(key, fewest[key]) for key in code], dtype=float)
    place = pd.Index(register["urn"]).get_indexer(pd.Index(urn))
    la, phase = (register[name].to_numpy(dtype=object)[place] for name in ("la_code", "phase"))
    table, first = numbered(code, period, la)
    keys = list(zip(code[first], period[first], la[first], strict=True))
    known, kept = _as_before(keys, table, (urn, group, n, d), few, past)
    hidden = few | kept
    cells = set(zip(*(state.shown[name].to_numpy(dtype=object) for name in SHOWN), strict=True))
    told = set(cells)
    guarded = np.array([some or fewest[key] > 0 for key in code], dtype=bool)
    for name in (phase, np.full(len(sums), "all", dtype=object)):
        alone, safe = _partners((code, period, la, name, group), urn, d, cells, about, hidden, known)
        own |= alone & guarded
        hidden |= alone & guarded
        told |= safe
    groups_of = _groups(code, group, parents)
    # In one order, however the rows were asked for: of two schools that would do, always the same one is hidden.
    order = np.lexsort((urn, table))
    rows_of = np.split(order, np.searchsorted(table[order], np.arange(1, len(keys))))
    for number in range(len(keys)) if keep else np.unique(table[hidden]):
        rows = rows_of[number]
        key, (groups, ways) = keys[number], groups_of[code[rows[0]]]
        of_table = [pair for pair in product([*np.unique(phase[rows]), "all"], groups) if (*key, *pair) in told]
        shown = {pair for pair in of_table if (*key, *pair) in cells}
        of = {"urn": urn, "phase": phase, "group": group, "n": n, "d": d, "few": few, "own": own, "hide": hidden}
        now = _Rows(**{name: column[rows] for name, column in of.items()}, told=set(of_table))
        if hidden[rows].any():
            now = _of_table(now, past.get(key, []), shown, groups, ways, parents, share=about[key[0]].share)
            hidden[rows] = now.hide
        if keep:
            past.setdefault(key, []).append(now)
    return hidden


def _fewest(about: Mapping[str, About]) -> dict[str, float]:
    """How many people each indicator's figures of schools have to be about; 0 where it counts no people."""
    return {key: rule.fewest_people if rule.denominator_counts == "people" else 0.0 for key, rule in about.items()}


def _as_before(
    keys: list[TableKey],
    table: np.ndarray,
    rows: tuple[np.ndarray, ...],
    few: np.ndarray,
    past: Mapping[TableKey, list[_Rows]],
) -> tuple[np.ndarray, np.ndarray]:
    """Which rows (URN, staff group, n, d) were shown, and which hidden, with the same figures; table: their key's.

    few: those about too few people. What was hidden as such and is none by milder thresholds may be shown.
    """
    known, kept = np.zeros(len(table), dtype=bool), np.zeros(len(table), dtype=bool)
    for number, key in enumerate(keys):
        if key not in past:
            continue
        at = np.flatnonzero(table == number)
        named = list(zip(*(column[at] for column in rows), strict=True))
        for then in past[key]:
            there = zip(then.urn, then.group, then.n, then.d, strict=True)
            hidden = dict(zip(there, zip(then.hide, then.few, strict=True), strict=True))
            said = [hidden.get(name) for name in named]
            known[at] |= [one is not None and not one[0] for one in said]
            kept[at] |= [
                one is not None and one[0] and (own or not one[1]) for one, own in zip(said, few[at], strict=True)
            ]
    return known, kept & ~known


def _partners(
    key: tuple[np.ndarray, ...],
    urn: np.ndarray,
    d: np.ndarray,
    cells: set[tuple[str, ...]],
    about: Mapping[str, About],
    hidden: np.ndarray,
    known: np.ndarray,
) -> tuple[np.ndarray, set[tuple[str, ...]]]:
    """True for the smallest school of each cell (key: SHOWN of each row) hidden though safe by itself; the safe cells.

    None where one of its schools is hidden already, or where the cell rests on too few to be shown: whoever sees these
    schools sees that figure anyway. A safe cell may be worked out by those who see the cell that it protects, so its
    schools are kept as if it were shown.
    """
    cell, first = numbered(*key)
    units, people = np.bincount(cell), np.bincount(cell, d)
    named = list(zip(*(column[first] for column in key), strict=True))
    rules = [about[name[0]] for name in named]
    few = np.array([rule.denominator_counts == "people" for rule in rules]) & (
        people < np.array([rule.fewest_people for rule in rules], dtype=float)
    )
    safe = ~few & (units >= np.array([rule.fewest_units for rule in rules], dtype=float))
    open_ = np.bincount(cell, hidden) == 0
    wanted = safe & open_ & ~np.array([name in cells for name in named])
    order = np.lexsort((urn, d, known, cell))  # to hide what is known is no help
    smallest = order[np.unique(cell[order], return_index=True)[1]]
    found = np.zeros(len(d), dtype=bool)
    found[smallest[wanted]] = True
    found &= ~known
    return found, {name for name, sound in zip(named, safe, strict=True) if sound}


def _groups(
    code: np.ndarray, group: np.ndarray, parents: Mapping[str, str | None]
) -> dict[str, tuple[list[str], Moves]]:
    """Each indicator's staff groups that there are figures of, and the ways over their tree; alike ones share them."""
    ways: dict[tuple[str, ...], Moves] = {}
    found = {}
    there = set(zip(code, group, strict=True))
    for key in dict.fromkeys(code):
        groups = [name for name in parents if (key, name) in there]
        if tuple(groups) not in ways:
            ways[tuple(groups)] = moves(["all"], groups, ONE_PHASE, parents)
        found[key] = groups, ways[tuple(groups)]
    return found


def _of_table(
    now: _Rows,
    before: Sequence[_Rows],
    shown: set[tuple[str, str]],
    groups: list[str],
    ways: Moves,
    parents: Mapping[str, str | None],
    *,
    share: bool,
) -> _Rows:
    """The rows with those to hide; the authority's phases stand where regions do in a table of areas.

    shown: what is shown of the authority. That what is hidden there may be worked out is left out of account, here and
    later, where a figure that may not be shown cannot be kept otherwise: such a cell is hidden for this figure's sake.
    """
    if before:
        there = {name for rows in (now, *before) for name in rows.group}
        groups = [name for name in parents if name in there]
        ways = moves(["all"], groups, ONE_PHASE, parents)
    # A school that is of another phase in another version is another one here.
    schools = sorted({pair for rows in (now, *before) for pair in zip(rows.phase, rows.urn, strict=True)})
    phase_of, phases = pd.factorize(np.array([phase for phase, _ in schools], dtype=object))
    parts = [(at, [groups.index(one) for one in groups if parents[one] == name]) for at, name in enumerate(groups)]
    parts = [(total, under) for total, under in parts if under]
    table = _Table(schools, [*phases, "all"], phase_of, groups, parts)
    version, at = table.version(now)
    if not before:
        # What is not told of the authority tells those who see its schools nothing.
        unseen = table.of_authority & version.hide
        n, d = (np.where(unseen, np.nan, figures) for figures in (version.n, version.d))
        told, untold = table.of_authority & ~unseen, version.untold | unseen
        hide = protect(n, d, version.hide & ~unseen, told, phase_of, ways, share=share, untold=untold)
        return replace(now, hide=hide[at])
    equations = _equations(
        tuple(int(phase) for phase in phase_of), tuple((at, tuple(under)) for at, under in parts), len(groups)
    )
    earlier = [table.version(rows)[0] for rows in before]
    decided = table.of_authority
    hide = protect_after(version, earlier, phase_of, ways, equations, share=share, decided=decided)
    if now.told == shown:
        return replace(now, hide=hide[at])
    every = [*earlier, replace(version, hide=np.where(decided, version.hide, hide))]
    lost = any((still(moved) & one.own).any() for one, moved in zip(every, movement(equations, every), strict=True))
    if lost:
        now = replace(now, told=shown)
        hide = protect_after(table.version(now)[0], earlier, phase_of, ways, equations, share=share, decided=decided)
    return replace(now, hide=hide[at])


@lru_cache(maxsize=64)
def _equations(phase_of: tuple[int, ...], parts: tuple[tuple[int, tuple[int, ...]], ...], groups: int) -> csr_array:
    """measures.recovery.totals: an authority's tables of one indicator and the next are mostly alike."""
    return totals(np.array(phase_of), max(phase_of) + 1, parts, groups)


@dataclass(frozen=True)
class _Table:
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

    def version(self, rows: _Rows) -> tuple[Version, tuple[np.ndarray, np.ndarray]]:
        """The array of a version, what is not told of the authority hidden; and where each row stands in it."""
        count, shape = len(self.schools), (len(self.schools) + len(self.areas), len(self.groups))
        place = {pair: at for at, pair in enumerate(self.schools)}
        school = np.array([place[pair] for pair in zip(rows.phase, rows.urn, strict=True)])
        at = school, np.array([self.groups.index(group) for group in rows.group])
        n, d, own, hide = (np.full(shape, empty) for empty in (np.nan, np.nan, False, False))
        n[at], d[at], own[at], hide[at] = rows.n, rows.d, rows.own, rows.hide
        # A school's total may be all that it gave.
        untold = np.zeros(shape, dtype=bool)
        for total, under in self.parts:
            only = ~np.isnan(d[:count, total]) & np.isnan(d[:count][:, under]).all(axis=1)
            untold[np.ix_(np.flatnonzero(only), np.array(under))] = True
        for area, name in enumerate(self.areas):
            hide[count + area] = [(name, group) not in rows.told for group in self.groups]
            among = np.ones(count, dtype=bool) if name == "all" else self.phase_of == area
            for sums in (n, d):
                sums[count + area] = np.nansum(sums[:count][among], axis=0)
        return Version(n, d, hide, own, untold), at
