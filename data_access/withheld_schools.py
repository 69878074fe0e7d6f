"""Which figures of single schools to keep from those who may see all schools of an authority.

As with tables of areas, what was shown before with the same figures is known, and what was hidden stays hidden.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType

import numpy as np
import pandas as pd

from data_access.cells import About
from data_access.pooled import numbered
from data_access.school_table import ONE_PHASE, Rows, in_table
from measures.boxes import Moves, moves

SHOWN = ["indicator", "period", "la_code", "phase", "staff_group"]
TableKey = tuple[str, str, str]  # indicator, period, authority


@dataclass(frozen=True)
class State:
    """What there was of some authorities' schools at one data version.

    sums: indicator, period, area_code (URN), staff_group, n, d; register: urn, la_code, phase; shown: the cells of
    authorities that were shown (SHOWN); kept: those that rest on too few schools, which may not tell them either;
    about: the indicators with the thresholds of then, by code.
    """

    sums: pd.DataFrame
    register: pd.DataFrame
    shown: pd.DataFrame
    kept: pd.DataFrame
    about: Mapping[str, About]


def of_schools(
    now: State,
    parents: Mapping[str, str | None],
    *,
    some: bool,
    before: Sequence[State] = (),
    came_from: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> np.ndarray:
    """True for the rows of `now.sums` to hide. some: True where whoever asks may not see all authorities' schools.

    Where the other schools and the authority's own figures would tell a school's figure about too few people, the next
    smallest goes with it. Where a cell of the authority is hidden only to protect another, or rests on one or two
    schools and protects another all the same, its smallest school goes too: else its schools would add up to it, and so
    to the other, which may be a single school with too few people, or one that whoever asks may not see. A figure that
    counts no people is kept from those who may not see all.
    before: in order, earlier versions of those tables (indicator, period, authority) that changed, whole. came_from:
    for authorities those from which they have a school: what was hidden there, or shown, was this school's.
    """
    past: dict[TableKey, list[Rows]] = {}
    for state in before:
        _decide(state, now.about, parents, past, came_from, some=some, keep=True)
    return _decide(now, now.about, parents, past, came_from, some=some, keep=False)


def _decide(
    state: State,
    asked: Mapping[str, About],
    parents: Mapping[str, str | None],
    past: dict[TableKey, list[Rows]],
    came_from: Mapping[str, Collection[str]],
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
    known, kept, elsewhere = _as_before(keys, table, (urn, group, n, d), few, past, came_from)
    hidden = few | kept
    own |= elsewhere  # it protects what it was a part of there
    cells = set(zip(*(state.shown[name].to_numpy(dtype=object) for name in SHOWN), strict=True))
    secret = set(zip(*(state.kept[name].to_numpy(dtype=object) for name in SHOWN), strict=True))
    told = set(cells)
    guarded = np.array([some or fewest[key] > 0 for key in code], dtype=bool)
    for name in (phase, np.full(len(sums), "all", dtype=object)):
        alone, safe = _partners((code, period, la, name, group), urn, d, cells, secret, about, hidden, known)
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
        of = {"urn": urn, "phase": phase, "group": group, "n": n, "d": d}
        of |= {"few": few, "own": own, "known": known, "hide": hidden}
        now = Rows(**{name: column[rows] for name, column in of.items()}, shown=shown, safe={*of_table} - shown)
        if hidden[rows].any():
            now = in_table(now, past.get(key, []), groups, ways, parents, share=about[key[0]].share)
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
    past: Mapping[TableKey, list[Rows]],
    came_from: Mapping[str, Collection[str]],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Which rows (URN, staff group, n, d) were shown, which hidden, and which hidden as another authority's.

    All with the same figures. table: the key of each row; few: those about too few people. What was hidden as such and
    is none by milder thresholds may be shown.
    """
    known, kept, elsewhere = (np.zeros(len(table), dtype=bool) for _ in range(3))
    for number, (code, period, la) in enumerate(keys):
        for of in (la, *came_from.get(la, ())):
            if (code, period, of) not in past:
                continue
            at = np.flatnonzero(table == number)
            named = list(zip(*(column[at] for column in rows), strict=True))
            for then in past[code, period, of]:
                there = zip(then.urn, then.group, then.n, then.d, strict=True)
                hidden = dict(zip(there, zip(then.hide, then.few, strict=True), strict=True))
                said = [hidden.get(name) for name in named]
                known[at] |= [one is not None and not one[0] for one in said]
                again = [
                    one is not None and one[0] and (own or not one[1]) for one, own in zip(said, few[at], strict=True)
                ]
                kept[at] |= again
                if of != la:
                    elsewhere[at] |= again
    return known, kept & ~known, elsewhere & ~known


def _partners(
    key: tuple[np.ndarray, ...],
    urn: np.ndarray,
    d: np.ndarray,
    cells: set[tuple[str, ...]],
    secret: set[tuple[str, ...]],
    about: Mapping[str, About],
    hidden: np.ndarray,
    known: np.ndarray,
) -> tuple[np.ndarray, set[tuple[str, ...]]]:
    """True for the smallest school of each cell (key: SHOWN of each row) hidden though safe by itself; the safe cells.

    The same of each cell of `secret` (State.kept).

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
    wanted = safe & ~np.array([name in cells for name in named])
    wanted = open_ & (wanted | [name in secret for name in named])
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
