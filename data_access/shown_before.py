"""What earlier data versions showed of an indicator's tables, and which changes since would give a figure away.

What was shown is a fact: it stands in summaries and withheld cells, with the thresholds that held then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Select, literal, select, text, union_all

from data_access import bulk
from data_access.cells import CELL, FIGURES, KEY, About, Layout
from data_access.schema import (
    observation,
    summary_past,
    threshold,
    threshold_past,
    withheld,
    withheld_past,
)
from measures.disclosure import sensitive
from measures.recovery import Version
from measures.sums import alone, one_unit, only_units, smallest_at_least
from measures.thresholds import OVERALL, resolve

PUBLISHED = ["period", "unit_code", "staff_group", "phase", "numerator", "denominator"]
STOOD = ["from_version", "to_version"]
SURELY = 1e-6  # of a whole number of people: less is rounding


@dataclass(frozen=True)
class Past:
    """Rows of figures and withheld cells with the data versions, from…to, at which they stood.

    fewest_people: the least that ever was enough.
    """

    rows: pd.DataFrame
    cells: pd.DataFrame
    fewest_people: float


@dataclass(frozen=True)
class Shown:
    """A period's table as a data version showed it, with the sums behind it."""

    at: int
    table: Version
    sums: Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Apart:
    """What a table's changes tell.

    changes: for each earlier version the cells whose change since would tell a figure about too few people, or one that
    is kept; known: for each those whose change since is known, as schools went and none of them was kept. told, stay:
    where one was kept for the sake of its cell, and went, the cell is told by the schools that are left; or, where
    another one is kept still, has to stay hidden.
    """

    changes: list[np.ndarray]
    known: list[np.ndarray]
    told: np.ndarray
    stay: np.ndarray


def too_few(about: About, d: np.ndarray, units: np.ndarray) -> np.ndarray:
    """True for the cells that may not be shown for their own sake; where nothing was reported there is none."""
    of_people, of_schools = about.denominator_counts == "people", about.collected_from == "school"
    return (units > 0) & sensitive(d, units, of_people, of_schools, about.fewest_people, about.fewest_units)


def as_version(about: About, layout: Layout, figures: Mapping[str, np.ndarray], hide: np.ndarray) -> Version:
    """A table of areas (Layout.table) with what was hidden of it.

    What rests on too few schools is seen by who sees these, where each of them has enough people.
    """
    own, seen = too_few(about, figures["d"], figures["units"]), None
    if tells_of_schools(about):
        least = smallest_at_least(*(np.nan_to_num(figures[name]) for name in ("units", "d", "dd")))
        seen = own & (least > about.fewest_people - SURELY)
    return Version(figures["n"], figures["d"], hide, own, layout.untold(figures["d"], about.england), seen=seen)


def tells_of_schools(about: About) -> bool:
    """Whether the change of a cell can be a school's figure about people."""
    return about.collected_from == "school" and about.denominator_counts == "people"


def told_by_change(
    about: About, before: Mapping[str, np.ndarray], after: Mapping[str, np.ndarray], fewest_before: float
) -> tuple[np.ndarray, np.ndarray]:
    """True where the change of a cell may be one school's alone, or a few's, and tells a figure about too few people.

    It does where a school, or several that have too few people together, come or go; and where a school had enough
    people (fewest_before: what was enough) and now has too few, for those who saw its figure then. Where it had too few
    and now has enough, its new figure is kept from them: withheld_schools. And how many schools went, however
    large, if nothing else changed.
    """
    was, now = one_unit(before, after)
    few_before, few_now = ((d > 0) & (d < about.fewest_people) for d in (was, now))
    found = np.where(now == 0, few_before, few_now & ~((was > 0) & (was < fewest_before)))
    came = only_units(before, after)
    found |= (np.abs(came) > 1) & (np.abs(after["d"] - before["d"]) < about.fewest_people)
    return found, np.maximum(-came, 0.0)


def of_summaries(connection: Connection, about: About, periods: list[str], there: pd.DataFrame, version: int) -> Past:
    """What stood before this version; nothing where no row stood, as when a database is filled or rules change."""
    code = about.code
    if there.empty:
        return Past(pd.DataFrame(), pd.DataFrame(), about.fewest_people)
    s = summary_past.c
    named = [s[name] for name in (*KEY, *FIGURES, "hidden", *STOOD)]
    query = select(*named).where(
        s.staff_group.in_(sorted(there["staff_group"].unique())), s.indicator == code, s.period.in_(periods)
    )
    now = there[there["from_version"] < version].assign(to_version=version)
    rows = pd.concat([bulk.frame(connection, query), now[[column.name for column in named]]], ignore_index=True)
    rows = rows[rows["from_version"] < version]
    return Past(rows, _withheld(connection, code, periods, version), _least(connection, about, version))


def _withheld(connection: Connection, code: str, periods: list[str], version: int) -> pd.DataFrame:
    """Withheld cells of earlier versions: CELL, area_code, STOOD."""
    found = []
    for one, to in ((withheld, literal(version)), (withheld_past, withheld_past.c.to_version)):
        t = one.c
        query = select(*(t[name] for name in (*CELL, "area_code", "from_version")), to.label("to_version"))
        found.append(bulk.frame(connection, query.where(t.indicator == code, t.period.in_(periods))))
    return pd.concat(found, ignore_index=True)


def _least(connection: Connection, about: About, version: int) -> float:
    """The least that fewest_people of an indicator was before a version: what it is now, too."""
    parts = []
    for one, to in ((threshold, literal(version + 1)), (threshold_past, threshold_past.c.to_version)):
        t = one.c
        query = select(t.name, t.indicator, t.value, t.from_version, to.label("to_version"))
        parts.append(query.where(t.name == "fewest_people", t.indicator.in_([OVERALL, about.code])))
    rows = bulk.frame(connection, select(union_all(*parts).subquery()))
    least = about.fewest_people
    for at in {1, *rows["from_version"], *rows["to_version"]} if len(rows) else ():
        if at < version:
            least = min(least, float(resolve(_stood(rows, at), [about.code])["fewest_people"].iloc[0]))
    return least


def _stood(rows: pd.DataFrame, at: int) -> pd.DataFrame:
    return rows[(rows["from_version"] <= at) & (rows["to_version"] > at)]


def _hide(layout: Layout, hidden: np.ndarray, cells: pd.DataFrame, at: int) -> None:
    """Set withheld cells as they were at a version."""
    if len(cells):
        then = _stood(cells, at)
        hidden[pd.Index(layout.areas).get_indexer(pd.Index(then["area_code"])), layout.column(then)] = True


def tables(about: About, layout: Layout, past: Past, period: str) -> list[Shown]:
    """The versions of a period's table that were shown before, in order."""
    if past.rows.empty:
        return []
    rows = past.rows[past.rows["period"] == period]
    cells = past.cells[past.cells["period"] == period] if len(past.cells) else past.cells
    made = list[Shown]()
    for at in sorted(set(rows["from_version"]) | set(cells.get("from_version", ()))):
        stood = _stood(rows, at)
        area, column = layout.place(stood)
        figures = layout.table(stood[FIGURES].to_numpy(dtype=float), area, column)
        hidden = np.zeros(layout.shape, dtype=bool)
        hidden[area, column] = stood["hidden"].fillna(False).to_numpy(dtype=bool)
        withheld_then = np.zeros(layout.shape, dtype=bool)
        _hide(layout, withheld_then, cells, at)
        version = as_version(about, layout, figures, hidden | withheld_then)
        if version.seen is not None:  # of authorities only what schools may not tell is withheld
            version = replace(version, seen=version.seen & ~withheld_then)
        if made:
            # What was hidden for one school's sake then must not become known now.
            last = made[-1].table
            same = (figures["n"] == last.n) & (figures["d"] == last.d)
            again = (same & last.own) | (_changed(about, layout, made[-1], figures, past.fewest_people)[0] & ~last.hide)
            secret = again & hidden
            seen = None if version.seen is None else version.seen & ~secret
            version = replace(version, own=version.own | secret, seen=seen)
        made.append(Shown(int(at), version, figures))
    return made


def apart(
    connection: Connection,
    about: About,
    layout: Layout,
    period: str,
    before: Sequence[Shown],
    now: Mapping[str, np.ndarray],
    fewest_before: float,
    as_at: int | None = None,
) -> Apart:
    """What a table's changes since earlier versions tell; now: its sums (FIGURES), as_at a version or as it stands.

    Besides what told_by_change finds from the sums: where schools went, and one of them was kept from those who see all
    of them, though perhaps only to protect another: it cannot be kept in the new version, so its authority's cell is.
    And so is the cell of the authority that it came to from another one.
    """
    known = np.zeros(layout.shape, dtype=bool)
    for then in before:
        known |= (now["n"] == then.table.n) & (now["d"] == then.table.d) & ~then.table.hide
    made, linked = [], []
    told, stay = (np.zeros(layout.shape, dtype=bool) for _ in range(2))
    own = too_few(about, np.nan_to_num(now["d"]), np.nan_to_num(now["units"]))
    for then in before:
        found, went = _changed(about, layout, then, now, fewest_before)
        looked_at = (went > 0) & ~found & ~known & (np.nan_to_num(now["d"]) > 0)
        linked.append(np.zeros(layout.shape, dtype=bool))
        for area in np.flatnonzero(looked_at[: len(layout.las)].any(axis=1)):
            of_gone, of_left = _of_kept_schools(
                connection, about, layout, period, str(layout.las[area]), then.at, as_at
            )
            linked[-1][area] = looked_at[area] & ~of_gone
            hidden_then = looked_at[area] & of_gone & then.table.hide[area] & ~then.table.own[area]
            told[area] |= hidden_then & ~of_left
            stay[area] |= hidden_then & of_left
            found[area] |= looked_at[area] & of_gone & (~then.table.hide[area] | of_left)
        found |= _of_schools_that_moved(connection, about, layout, period, then, now, as_at) & ~known
        made.append(found)
        own |= found & ~then.table.hide
    if made:
        made[-1] = made[-1] | _in_a_ring(about, layout, before, now, known)
        own |= made[-1] & ~before[-1].table.hide
    return Apart(made, [cells & ~own for cells in linked], told & ~own & ~stay, stay)


def with_what_schools_tell(
    connection: Connection, about: About, layout: Layout, period: str, before: Sequence[Shown], past: Past
) -> list[Shown]:
    """The earlier versions, with the cells that the schools which were left told then, or had to be hidden for them."""
    made = list(before[:1])
    for then in before[1:]:
        hidden = then.table.hide & ~then.table.own
        # Most often nothing was hidden for others' sake that had been hidden before with other figures.
        again = [
            hidden & one.table.hide & ((one.table.n != then.table.n) | (one.table.d != then.table.d)) for one in made
        ]
        if tells_of_schools(about) and any(cells[: len(layout.las)].any() for cells in again):
            since = apart(connection, about, layout, period, made, then.sums, past.fewest_people, as_at=then.at)
            then = replace(then, table=after_schools_went(then.table, since))
        made.append(then)
    return made


def after_schools_went(now: Version, since: Apart) -> Version:
    """The version with what is told by the schools that are left, and what has to stay hidden."""
    return now if now.seen is None else replace(now, seen=now.seen | since.told, own=now.own | since.stay)


def _in_a_ring(
    about: About, layout: Layout, before: Sequence[Shown], now: Mapping[str, np.ndarray], known: np.ndarray
) -> np.ndarray:
    """The cells that with three earlier versions tell a school with too few people, of which no two do.

    Of schools A, B and C came A and B, then A and C, then B and C: half of what the changes leave is A.
    """
    found = np.zeros(layout.shape, dtype=bool)
    if not tells_of_schools(about) or len(before) < 3:
        return found
    found[-1] = not about.england
    at = np.nonzero(~known & ~np.isnan(now["d"]) & ~found)
    found[-1] = False
    figures = [{name: np.nan_to_num(then.sums[name][at]) for name in FIGURES} for then in before]
    shown = [~then.table.hide[at] for then in before]
    for third in range(len(before)):
        for first, second in combinations([one for one in range(len(before)) if one != third], 2):
            x, y, z = (figures[one] for one in (first, second, third))
            left = {name: (now[name][at] + z[name] - x[name] - y[name]) / 2 for name in FIGURES}
            few = (alone(left) < about.fewest_people) & shown[first] & shown[second] & shown[third]
            # Where two of them are alike, the other two are looked at by themselves.
            few &= (z["d"] != x["d"]) & (z["d"] != y["d"])
            found[at] |= few
    return found


def _of_kept_schools(
    connection: Connection, about: About, layout: Layout, period: str, la_code: str, then: int, as_at: int | None
) -> tuple[np.ndarray, np.ndarray]:
    """The columns whose phase has a school that went and whose figure was kept at a version, for whatever group.

    And those of which a school that is left was kept.
    """
    from data_access import hidden_schools  # it reads what is decided here

    gone, left = hidden_schools.kept(connection, about.code, period, la_code, then, as_at)
    phases = {phase for phase, _ in gone}
    columns = [(phase, group) for phase in layout.phases for group in layout.groups]
    return np.array([phase in phases for phase, _ in columns]), np.array([pair in left for pair in columns])


def _of_schools_that_moved(
    connection: Connection,
    about: About,
    layout: Layout,
    period: str,
    then: Shown,
    now: Mapping[str, np.ndarray],
    as_at: int | None,
) -> np.ndarray:
    """The cells that changed of authorities to which a school came that was kept at a version, as another one's."""
    from data_access import hidden_schools  # it reads what is decided here

    found = np.zeros(layout.shape, dtype=bool)
    if not tells_of_schools(about):
        return found
    areas, phase_of = list(layout.las), np.repeat(layout.phases, len(layout.groups))
    for la_code, phase in hidden_schools.kept_elsewhere(connection, about.code, period, then.at, as_at):
        if la_code in areas:
            found[areas.index(la_code)] |= phase_of == phase
    before, after = ({name: np.nan_to_num(sums[name]) for name in ("n", "d")} for sums in (then.sums, now))
    return found & ((before["n"] != after["n"]) | (before["d"] != after["d"]))


def _changed(
    about: About, layout: Layout, then: Shown, now: Mapping[str, np.ndarray], fewest_before: float
) -> tuple[np.ndarray, np.ndarray]:
    """told_by_change for a whole table of areas."""
    found, went = np.zeros(now["d"].shape, dtype=bool), np.zeros(now["d"].shape)
    if not tells_of_schools(about):
        return found, went
    before, after = ({name: np.nan_to_num(sums[name]) for name in FIGURES} for sums in (then.sums, now))
    changed = (before["n"] != after["n"]) | (before["d"] != after["d"])
    changed[-1] &= about.england
    before, after = ({name: sums[name][changed] for name in FIGURES} for sums in (before, after))
    found[changed], went[changed] = told_by_change(about, before, after, fewest_before)
    # What protected the figure of a school that went, perhaps in its other staff groups, is still there.
    by_group = len(found), -1, len(layout.groups)
    few_went = found & (went > 0)
    found |= (went > 0) & np.repeat(few_went.reshape(by_group).any(axis=2), len(layout.groups), axis=1)
    return found, went


def of_others(code: str, periods: list[str], *, now: bool) -> Select:
    """What others published for areas, with its counts: PUBLISHED; what counts now, or what counted once."""
    o = observation.c
    # Word for word the conditions of the partial indexes.
    counts = "level <> 'school' AND to_version IS NULL" if now else "level <> 'school' AND to_version IS NOT NULL"
    query = select(*(o[name] for name in (*PUBLISHED, *STOOD)))
    return query.where(text(counts), o.indicator == code, o.period.in_(periods), o.denominator.is_not(None))


def of_published(connection: Connection, about: About, periods: list[str], version: int) -> Past:
    """The same for figures that others published for areas: rows as in of_others, with STOOD."""
    rows = pd.concat([bulk.frame(connection, of_others(about.code, periods, now=now)) for now in (True, False)])
    rows["to_version"] = rows["to_version"].astype(float).fillna(version)
    rows = rows[rows["from_version"] < version]
    return Past(rows, _withheld(connection, about.code, periods, version), about.fewest_people)


def published(about: About, layout: Layout, past: Past, period: str) -> list[Version]:
    """The versions of a period's published figures that were shown before, in order."""
    rows, cells = (part[part["period"] == period] for part in (past.rows, past.cells))
    made = []
    for at in sorted(set(rows["from_version"]) | set(cells["from_version"])):
        version = as_published(about, layout, _stood(rows, at))
        _hide(layout, version.hide, cells, at)
        made.append(version)
    return made


def as_published(about: About, layout: Layout, rows: pd.DataFrame) -> Version:
    """A table of published figures (PUBLISHED), nothing of it hidden yet."""
    n, d = np.full(layout.shape, np.nan), np.full(layout.shape, np.nan)
    area, column = pd.Index(layout.areas).get_indexer(pd.Index(rows["unit_code"])), layout.column(rows)
    n[area, column], d[area, column] = rows["numerator"].astype(float), rows["denominator"].astype(float)
    own = (d < about.fewest_people) & (about.denominator_counts == "people")
    n = np.where(np.isnan(n) & (d > 0), d / 2, n)  # not given, neither none nor all, and the same in each version
    # A total over areas that is not here is no sum of what is.
    untold = layout.untold(d, england=True)
    untold[len(layout.las) :] |= np.isnan(d[len(layout.las) :])
    return Version(n, d, np.zeros(layout.shape, dtype=bool), own, untold)
