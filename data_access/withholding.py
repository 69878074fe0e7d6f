"""Which cells of the summaries may be shown: decided when they are made, over areas × phases × staff groups at once.

A cell that was shown before with the same figures is known for good, so it cannot protect another; one that was hidden
before stays hidden for as long as its figures stay. What a cell that was shown becomes when one school's figure about
too few people comes or goes is hidden, too: the change would be that figure. Cells of authorities say so in
`summary.hidden`, those of regions and England are rows of `withheld`, as are figures that others published.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from sqlalchemy import Connection, and_, literal, select, text

from data_access import bulk
from data_access.cells import CELL, FIGURES, KEY, PHASES, About, Layout
from data_access.schema import local_authority, observation, summary, summary_past, withheld, withheld_past
from data_access.versions import change, table
from measures.disclosure import sensitive
from measures.protection import protect, protect_after
from measures.recovery import Version
from measures.sums import one_unit, with_ancestors


def decide(
    connection: Connection, about: About, rows: pd.DataFrame, version: int, parents: Mapping[str, str | None]
) -> pd.DataFrame:
    """The summary rows of an indicator as they are about to stand, with hidden; rows: KEY, FIGURES and more.

    Part of the caller's transaction, before the rows are written. What it means for regions, England and authorities
    that the rows are not about is written here.
    """
    made = rows.assign(hidden=_sensitive(about, *(rows[name].to_numpy(dtype=float) for name in ("d", "units"))))
    periods = _to_be_looked_at(connection, about, made)
    mine = made["period"].isin(periods)
    if not mine.any():
        return made
    there = _standing(connection, about.code, parents, periods)
    theirs = _others(there, made)
    decided = _decide(connection, about, pd.concat([made[mine], theirs], ignore_index=True), there, version, parents)
    made.loc[mine, "hidden"] = decided["hidden"].to_numpy()[: int(mine.sum())]
    after = decided.iloc[int(mine.sum()) :]
    changed = after[after["hidden"].to_numpy() != theirs["hidden"].fillna(False).to_numpy(dtype=bool)]
    _rewrite(connection, about.code, changed, version)
    return made


def decide_anew(connection: Connection, about: About, version: int, parents: Mapping[str, str | None]) -> None:
    """Decide all cells of an indicator anew: the rules have changed.

    Where more has to be hidden than is, what was hidden before stays so; else only what still has to be.
    """
    there = _standing(connection, about.code, parents, None)
    if there.empty:
        return
    shown = ~there["hidden"].fillna(True).to_numpy(dtype=bool)
    more = (shown & _sensitive(about, *(there[name].to_numpy(dtype=float) for name in ("d", "units")))).any()
    decided_before = there if there["hidden"].notna().any() else there.iloc[:0]
    decided = _decide(connection, about, there, decided_before, version, parents, milder=not more)
    before = there["hidden"].to_numpy()
    _rewrite(connection, about.code, decided[decided["hidden"].to_numpy() != before], version)


def _rewrite(connection: Connection, code: str, rows: pd.DataFrame, version: int) -> None:
    """Write other decisions about rows that stay as they are."""
    if rows.empty:
        return
    s = summary.c
    within = and_(
        s.staff_group.in_(rows["staff_group"].unique().tolist()),
        s.indicator == code,
        s.period.in_(rows["period"].unique().tolist()),
    )
    columns = [column.name for column in summary.columns if column.name != "from_version"]
    change(connection, summary, rows[columns], version, within=within)


def _sensitive(about: About, d: np.ndarray, units: np.ndarray) -> np.ndarray:
    """True for the cells that may not be shown for their own sake; where nothing was reported there is none."""
    of_people, of_schools = about.denominator_counts == "people", about.collected_from == "school"
    return (units > 0) & sensitive(d, units, of_people, of_schools, about.fewest_people, about.fewest_units)


def _one_school_s(
    about: About, before: Mapping[str, np.ndarray], after: Mapping[str, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """True where the change of a cell may be one school's alone, and tells its figure about too few people.

    It does where the school comes or goes; and where it had enough people and now has too few, for those who saw its
    figure then. Where it had too few and now has enough, its new figure is kept from them: withheld_schools. And where
    one school went, however large.
    """
    was, now = one_unit(before, after)
    few_before, few_now = ((d > 0) & (d < about.fewest_people) for d in (was, now))
    return np.where(now == 0, few_before, few_now & ~few_before), (now == 0) & (was > 0)


def _to_be_looked_at(connection: Connection, about: About, rows: pd.DataFrame) -> list[str]:
    """The periods in which anything is or was hidden that these rows may have to do with, or now has to be."""
    code = about.code
    found = set(rows.loc[rows["hidden"], "period"])
    periods = sorted(set(rows["period"]) - found)
    las, groups = sorted(rows["la_code"].unique()), sorted(rows["staff_group"].unique())
    for one in (summary, summary_past):
        t = one.c
        query = select(t.period).where(t.staff_group.in_(groups), t.indicator == code, t.period.in_(periods))
        found |= set(connection.execute(query.where(t.la_code.in_(las), t.hidden).distinct()).scalars())
    for one in (withheld, withheld_past):
        t = one.c
        query = select(t.period).where(t.staff_group.in_(groups), t.phase.in_(list(PHASES)), t.indicator == code)
        found |= set(connection.execute(query.where(t.period.in_(periods)).distinct()).scalars())
    left = [period for period in periods if period not in found]
    if not left or not _tells_of_schools(about):
        return sorted(found)
    for one in (summary, summary_past):
        t = one.c
        query = select(*(t[name] for name in (*KEY, *FIGURES))).where(
            t.staff_group.in_(groups), t.indicator == code, t.period.in_(left), t.la_code.in_(las), t.hidden.is_(False)
        )
        both = bulk.frame(connection, query).merge(rows, on=KEY, suffixes=("_before", ""))
        before, after = (
            {name: both[f"{name}{end}"].to_numpy(dtype=float) for name in FIGURES} for end in ("_before", "")
        )
        found |= set(both.loc[_one_school_s(about, before, after)[0], "period"])
    return sorted(found)


def _tells_of_schools(about: About) -> bool:
    """Whether the change of a cell can be a school's figure about people."""
    return about.collected_from == "school" and about.denominator_counts == "people"


def _standing(
    connection: Connection, code: str, parents: Mapping[str, str | None], periods: list[str] | None
) -> pd.DataFrame:
    """All summary rows of an indicator that stand."""
    s = summary.c
    query = select(summary).where(s.staff_group.in_(list(parents)), s.indicator == code)
    return bulk.frame(connection, query if periods is None else query.where(s.period.in_(periods)))


def _others(there: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that stand of authorities and staff groups that `rows` are not about."""
    ours = pd.MultiIndex.from_frame(rows[["period", "la_code"]].drop_duplicates().astype(object))
    return there[~pd.MultiIndex.from_frame(there[["period", "la_code"]].astype(object)).isin(ours)]


def _decide(
    connection: Connection,
    about: About,
    rows: pd.DataFrame,
    there: pd.DataFrame,
    version: int,
    parents: Mapping[str, str | None],
    *,
    milder: bool = False,
) -> pd.DataFrame:
    """Every row of whole periods with hidden, and the cells of regions and England written; there: the rows before."""
    regions = bulk.frame(connection, select(local_authority.c.code, local_authority.c.region_code))
    regions = regions[regions["code"].isin(rows["la_code"].unique())].sort_values("code")
    of_rows = {*rows["staff_group"].unique(), *rows["phase"].unique()}
    groups = [group for group in parents if group in of_rows]
    phases = [phase for phase in PHASES if phase in of_rows]
    layout = Layout(regions, groups, phases, parents)
    above, hidden = [], np.zeros(len(rows), dtype=bool)
    period_of, periods = pd.factorize(rows["period"], sort=True)
    past = _past(connection, about.code, list(periods), there, version)
    area, column, given = *layout.place(rows), rows[FIGURES].to_numpy(dtype=float)
    nothing = np.zeros(layout.shape, dtype=bool)
    for number, period in enumerate(periods):
        at = np.flatnonzero(period_of == number)
        figures = layout.table(given[at], area[at], column[at])
        now = _version(about, layout, figures, nothing)
        before, sums = _published(about, layout, past, str(period))
        of = layout.region_of, layout.ways
        if before:
            apart = [_apart(about, layout, then, figures) for then in sums]
            england, share = about.england, about.share
            hide = protect_after(
                now, before, *of, layout.equations, england=england, share=share, milder=milder, apart=apart
            )
        else:
            hide = protect(
                now.n, now.d, now.own, nothing, *of, england=about.england, share=about.share, untold=now.untold
            )
        hidden[at] = hide[area[at], column[at]]
        hide[: len(layout.las)] = False  # these say so themselves
        above.append(_cells(layout, hide, about.code, str(period)))
    within = and_(
        withheld.c.staff_group.in_(groups),
        withheld.c.phase.in_(list(PHASES)),
        withheld.c.indicator == about.code,
        withheld.c.period.in_(list(periods)),
    )
    change(connection, withheld, pd.concat(above, ignore_index=True), version, within=within, whole=True)
    return rows.assign(hidden=hidden)


def _cells(layout: Layout, hide: np.ndarray, code: str, period: str) -> pd.DataFrame:
    """Hidden cells as rows of `withheld`."""
    area, column = np.nonzero(hide)
    return pd.DataFrame(
        {
            "staff_group": layout.groups[column % len(layout.groups)],
            "phase": layout.phases[column // len(layout.groups)],
            "indicator": code,
            "period": period,
            "area_code": np.array(layout.areas, dtype=object)[area],
        }
    )


def decide_published(
    connection: Connection, about: About, periods: list[str], version: int, parents: Mapping[str, str | None]
) -> None:
    """Decide which figures that others published for areas may be shown."""
    o = observation.c
    query = select(o.period, o.unit_code, o.staff_group, o.phase, o.numerator, o.denominator).where(
        text("level <> 'school' AND to_version IS NULL"),  # word for word the partial index's condition
        o.indicator == about.code,
        o.period.in_(periods),
        o.denominator.is_not(None),
    )
    given = bulk.frame(connection, query)
    regions = bulk.frame(connection, select(local_authority.c.code, local_authority.c.region_code))
    groups, phases = with_ancestors(sorted(set(given["staff_group"])), parents), [*PHASES]
    found = [pd.DataFrame(columns=[*CELL, "area_code"])]
    layout = Layout(regions.sort_values("code"), groups, phases, parents)
    for period, rows in given.groupby("period"):
        n, d = np.full(layout.shape, np.nan), np.full(layout.shape, np.nan)
        area, column = pd.Index(layout.areas).get_indexer(pd.Index(rows["unit_code"])), layout.column(rows)
        n[area, column], d[area, column] = rows["numerator"].astype(float), rows["denominator"].astype(float)
        must = (d < about.fewest_people) & (about.denominator_counts == "people")
        nothing = np.zeros(layout.shape, dtype=bool)
        # A total that is not here may be told elsewhere.
        untold = layout.untold(d, england=True)
        hide = protect(n, d, must, nothing, layout.region_of, layout.ways, share=about.share, untold=untold)
        found.append(_cells(layout, hide, about.code, str(period)))
    within = and_(
        withheld.c.staff_group.in_(list(parents)),
        withheld.c.phase.in_(list(PHASES)),
        withheld.c.indicator == about.code,
        withheld.c.period.in_(periods),
    )
    change(connection, withheld, pd.concat(found, ignore_index=True), version, within=within, whole=True)


# What was shown and hidden before ------------------------------------------------------------------------


@dataclass(frozen=True)
class _Past:
    """Summary rows and withheld cells with the data versions, from…to, at which they stood."""

    rows: pd.DataFrame
    cells: pd.DataFrame


def _past(connection: Connection, code: str, periods: list[str], there: pd.DataFrame, version: int) -> _Past:
    """What stood before this version; nothing where no row stood, as when a database is filled or rules change."""
    if there.empty:
        return _Past(pd.DataFrame(), pd.DataFrame())
    s = summary_past.c
    named = [s[name] for name in (*KEY, *FIGURES, "hidden", "from_version", "to_version")]
    query = select(*named).where(
        s.staff_group.in_(sorted(there["staff_group"].unique())), s.indicator == code, s.period.in_(periods)
    )
    now = there[there["from_version"] < version].assign(to_version=version)
    rows = pd.concat([bulk.frame(connection, query), now[[column.name for column in named]]], ignore_index=True)
    cells = []
    for one, to in ((withheld, literal(version)), (withheld_past, withheld_past.c.to_version)):
        t = one.c
        query = select(*(t[name] for name in (*CELL, "area_code", "from_version")), to.label("to_version"))
        cells.append(bulk.frame(connection, query.where(t.indicator == code, t.period.in_(periods))))
    return _Past(rows[rows["from_version"] < version], pd.concat(cells, ignore_index=True))


def _published(
    about: About, layout: Layout, past: _Past, period: str
) -> tuple[list[Version], list[dict[str, np.ndarray]]]:
    """The versions of a period's table that were shown before, in order, and the sums behind each."""
    sums: list[dict[str, np.ndarray]] = []
    if past.rows.empty:
        return [], sums
    rows = past.rows[past.rows["period"] == period]
    cells = past.cells[past.cells["period"] == period] if len(past.cells) else past.cells
    made = list[Version]()
    for at in sorted(set(rows["from_version"]) | set(cells.get("from_version", ()))):
        stood = rows[(rows["from_version"] <= at) & (rows["to_version"] > at)]
        area, column = layout.place(stood)
        figures = layout.table(stood[FIGURES].to_numpy(dtype=float), area, column)
        hidden = np.zeros(layout.shape, dtype=bool)
        hidden[area, column] = stood["hidden"].fillna(False).to_numpy(dtype=bool)
        if len(cells):
            then = cells[(cells["from_version"] <= at) & (cells["to_version"] > at)]
            hidden[pd.Index(layout.areas).get_indexer(pd.Index(then["area_code"])), layout.column(then)] = True
        version = _version(about, layout, figures, hidden)
        if made:
            # What was hidden for one school's sake then must not become known now.
            last, same = made[-1], (figures["n"] == made[-1].n) & (figures["d"] == made[-1].d)
            again = (same & last.own) | (_apart(about, layout, sums[-1], figures) & ~last.hide)
            version = replace(version, own=version.own | (again & hidden))
        made.append(version)
        sums.append(figures)
    return made, sums


def _apart(about: About, layout: Layout, then: dict[str, np.ndarray], now: dict[str, np.ndarray]) -> np.ndarray:
    """The cells of a table whose change would tell a figure about too few people: _one_school_s."""
    found, went = np.zeros((2, *now["d"].shape), dtype=bool)
    if not _tells_of_schools(about):
        return found
    before, after = ({name: np.nan_to_num(sums[name]) for name in FIGURES} for sums in (then, now))
    changed = (before["n"] != after["n"]) | (before["d"] != after["d"])
    changed[-1] &= about.england
    before, after = ({name: sums[name][changed] for name in FIGURES} for sums in (before, after))
    found[changed], went[changed] = _one_school_s(about, before, after)
    # What protected the figure of a school that went, perhaps in its other staff groups, is still there.
    by_group = len(found), -1, len(layout.groups)
    found |= went & np.repeat((found & went).reshape(by_group).any(axis=2), len(layout.groups), axis=1)
    return found


def _version(about: About, layout: Layout, figures: dict[str, np.ndarray], hide: np.ndarray) -> Version:
    own = _sensitive(about, figures["d"], figures["units"])
    return Version(figures["n"], figures["d"], hide, own, layout.untold(figures["d"], about.england))


def of_areas(
    connection: Connection, staff_group: str, phase: str, indicators: list[str] | None, as_at: int | None
) -> pd.DataFrame:
    """The cells of regions and England that may not be shown: indicator, period, area_code."""
    w = table(withheld, as_at).c
    query = select(w.indicator, w.period, w.area_code).where(w.staff_group == staff_group, w.phase == phase)
    return bulk.frame(connection, query if indicators is None else query.where(w.indicator.in_(indicators)))
