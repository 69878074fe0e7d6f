"""Which figures of single schools to keep from those who may see all schools of an authority."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from data_access.cells import About
from data_access.pooled import numbered
from measures.protection import Moves, moves, protect

SHOWN = ["indicator", "period", "la_code", "phase", "staff_group"]
ONE_PHASE: Mapping[str, str | None] = {"all": None}


def of_schools(
    sums: pd.DataFrame,
    register: pd.DataFrame,
    shown: pd.DataFrame,
    about: Mapping[str, About],
    parents: Mapping[str, str | None],
    *,
    some: bool,
) -> np.ndarray:
    """True for the rows of `sums` to hide. some: True where whoever asks may not see the schools of all authorities.

    sums: indicator, period, area_code (URN), staff_group, n, d; register: urn, la_code, phase; shown: the cells of
    authorities that are shown (SHOWN); about: by indicator. Where the other schools and the authority's own figures
    would tell a school's figure about too few people, the next smallest goes with it. Where a cell of the authority is
    hidden only to protect another, its smallest school goes too: else its schools would add up to it, and so to the
    other, which may be a single school with too few people, or one that whoever asks may not see. A figure that counts
    no people is kept from those who may not see all.
    """
    code, period, group, urn = (
        sums[name].to_numpy(dtype=object) for name in ("indicator", "period", "staff_group", "area_code")
    )
    n, d = sums["n"].to_numpy(dtype=float), sums["d"].to_numpy(dtype=float)
    fewest = {key: rule.fewest_people if rule.denominator_counts == "people" else 0.0 for key, rule in about.items()}
    hidden = d < np.array([fewest[key] for key in code], dtype=float)
    if not len(sums):
        return hidden
    place = pd.Index(register["urn"]).get_indexer(pd.Index(urn))
    la, phase = (register[name].to_numpy(dtype=object)[place] for name in ("la_code", "phase"))
    cells = set(zip(*(shown[name].to_numpy(dtype=object) for name in SHOWN), strict=True))
    told = set(cells)
    guarded = np.array([some or fewest[key] > 0 for key in code], dtype=bool)
    for name in (phase, np.full(len(sums), "all", dtype=object)):
        alone, safe = _partners((code, period, la, name, group), urn, d, cells, about, hidden)
        hidden |= alone & guarded
        told |= safe
    table, _ = numbered(code, period, la)
    groups_of = _groups(code, group, parents)
    for number in np.unique(table[hidden]):
        rows = np.flatnonzero(table == number)
        # In one order, however the rows were asked for: of two schools that would do, always the same one is hidden.
        rows = rows[np.argsort(urn[rows], kind="stable")]
        key, (groups, ways) = code[rows[0]], groups_of[code[rows[0]]]
        school, urns = pd.factorize(urn[rows])
        phase_of, phases = pd.factorize(phase[rows][np.unique(school, return_index=True)[1]])
        at = school, pd.Index(groups).get_indexer(pd.Index(group[rows]))
        known = np.zeros((len(urns) + len(phases) + 1, len(groups)), dtype=bool)
        for area, name in enumerate([*phases, "all"], start=len(urns)):
            known[area] = [(key, period[rows[0]], la[rows[0]], name, one) in told for one in groups]
        hidden[rows] = _of_table(n[rows], d[rows], hidden[rows], at, known, phase_of, ways, share=about[key].share)
    return hidden


def _partners(
    key: tuple[np.ndarray, ...],
    urn: np.ndarray,
    d: np.ndarray,
    cells: set[tuple[str, ...]],
    about: Mapping[str, About],
    hidden: np.ndarray,
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
    order = np.lexsort((urn, d, cell))
    smallest = order[np.unique(cell[order], return_index=True)[1]]
    found = np.zeros(len(d), dtype=bool)
    found[smallest[wanted]] = True
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
    n: np.ndarray,
    d: np.ndarray,
    must: np.ndarray,
    at: tuple[np.ndarray, np.ndarray],
    known: np.ndarray,
    phase_of: np.ndarray,
    ways: Moves,
    *,
    share: bool,
) -> np.ndarray:
    """The same for one indicator, period and authority; its phases stand where regions do in a table of areas.

    at: where each row stands in the table, schools × staff groups; known: cells of phases and of the authority that are
    shown or may be worked out.
    """
    tops, bases, hide = np.full(known.shape, np.nan), np.full(known.shape, np.nan), np.zeros(known.shape, dtype=bool)
    tops[at], bases[at], hide[at] = n, d, must
    # What is told of the authority is as it is; what is not tells those who see its schools nothing.
    untold = ~known
    untold[: len(phase_of)] = False
    tops[known], bases[known] = 1.0, 2.0
    return protect(tops, bases, hide, known, phase_of, ways, share=share, untold=untold)[at]
