"""Which cells of the summaries may be shown: decided when they are made, over areas × phases × staff groups at once.

A cell that was shown before with the same figures is known for good, so it cannot protect another; one that was hidden
before stays hidden for as long as its figures stay. What a cell that was shown becomes when one school's figure about
too few people comes or goes is hidden, too: the change would be that figure (shown_before). Cells of authorities say so
in `summary.hidden`, those of regions and England are rows of `withheld`, as are figures that others published. So are
cells of authorities that rest on few schools, where these may not tell them either, for the sake of what they protect.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from sqlalchemy import Connection, and_, select

from data_access import bulk, shown_before
from data_access.cells import CELL, FIGURES, KEY, PHASES, About, Layout
from data_access.schema import local_authority, summary, summary_past, withheld, withheld_past
from data_access.shown_before import as_published, as_version, tells_of_schools, told_by_change, too_few
from data_access.versions import change, table
from measures.protection import protect, protect_after, protect_twice, protect_twice_after
from measures.recovery import as_one
from measures.sums import with_ancestors


def decide(
    connection: Connection, about: About, rows: pd.DataFrame, version: int, parents: Mapping[str, str | None]
) -> pd.DataFrame:
    """The summary rows of an indicator as they are about to stand, with hidden; rows: KEY, FIGURES and more.

    Part of the caller's transaction, before the rows are written. What it means for regions, England and authorities
    that the rows are not about is written here.
    """
    made = rows.assign(hidden=too_few(about, *(rows[name].to_numpy(dtype=float) for name in ("d", "units"))))
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
    more = (shown & too_few(about, *(there[name].to_numpy(dtype=float) for name in ("d", "units")))).any()
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
    if not left or not tells_of_schools(about):
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
        told, went = told_by_change(about, before, after, 0.0)
        found |= set(both.loc[told | (went > 0), "period"])
    return sorted(found)


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
    """Every row of whole periods with hidden, and what is withheld written; there: the rows before."""
    regions = bulk.frame(connection, select(local_authority.c.code, local_authority.c.region_code))
    regions = regions[regions["code"].isin(rows["la_code"].unique())].sort_values("code")
    of_rows = {*rows["staff_group"].unique(), *rows["phase"].unique()}
    groups = [group for group in parents if group in of_rows]
    phases = [phase for phase in PHASES if phase in of_rows]
    layout = Layout(regions, groups, phases, parents)
    above, hidden = [], np.zeros(len(rows), dtype=bool)
    period_of, periods = pd.factorize(rows["period"], sort=True)
    past = shown_before.of_summaries(connection, about, list(periods), there, version)
    area, column, given = *layout.place(rows), rows[FIGURES].to_numpy(dtype=float)
    nothing = np.zeros(layout.shape, dtype=bool)
    for number, period in enumerate(periods):
        at = np.flatnonzero(period_of == number)
        figures = layout.table(given[at], area[at], column[at])
        now = as_version(about, layout, figures, nothing)
        before = shown_before.tables(about, layout, past, str(period))
        of = layout.region_of, layout.ways
        if before:
            before = shown_before.with_what_schools_tell(connection, about, layout, str(period), before, past)
            since = shown_before.apart(connection, about, layout, str(period), before, figures, past.fewest_people)
            now, apart = shown_before.after_schools_went(now, since), since.changes
            england, share = about.england, about.share
            *versions, now = as_one([*(then.table for then in before), now], since.known)
            hide, kept = protect_twice_after(
                now, versions, *of, layout.equations, england=england, share=share, milder=milder, apart=apart
            )
        else:
            of_all = now.n, now.d, now.own, nothing, now.seen
            hide, kept = protect_twice(*of_all, *of, england=about.england, share=about.share, untold=now.untold)
        hidden[at] = hide[area[at], column[at]]
        las = len(layout.las)
        hide[:las] = kept[:las]  # these say so themselves, but not whether their schools may tell
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
    connection: Connection,
    about: About,
    periods: list[str],
    version: int,
    parents: Mapping[str, str | None],
    *,
    anew: bool = False,
) -> None:
    """Decide which figures that others published for areas may be shown; anew: the rules have changed, nothing else.

    Where more has to be hidden than is, what was hidden before stays so; else only what still has to be.
    """
    given = bulk.frame(connection, shown_before.of_others(about.code, periods, now=True))
    past = shown_before.of_published(connection, about, periods, version)
    regions = bulk.frame(connection, select(local_authority.c.code, local_authority.c.region_code))
    groups = with_ancestors(sorted({*given["staff_group"], *past.rows["staff_group"]}), parents)
    found = [pd.DataFrame(columns=[*CELL, "area_code"])]
    layout = Layout(regions.sort_values("code"), groups, [*PHASES], parents)
    of = layout.region_of, layout.ways
    for period, rows in given.groupby("period"):
        now = as_published(about, layout, rows)
        before = shown_before.published(about, layout, past, str(period))
        untold = layout.untold(now.d, england=True)
        elsewhere = now.untold & ~untold  # totals that are not here may be told there
        if before:
            milder = anew and not (now.own & ~before[-1].hide).any()
            hide = protect_after(
                now, before, *of, layout.equations, share=about.share, milder=milder, told_elsewhere=elsewhere
            )
        else:
            hide = protect(now.n, now.d, now.own, now.hide, *of, share=about.share, untold=untold)
        found.append(_cells(layout, hide, about.code, str(period)))
    within = and_(
        withheld.c.staff_group.in_(list(parents)),
        withheld.c.phase.in_(list(PHASES)),
        withheld.c.indicator == about.code,
        withheld.c.period.in_(periods),
    )
    change(connection, withheld, pd.concat(found, ignore_index=True), version, within=within, whole=True)


def of_areas(
    connection: Connection, staff_group: str, phase: str, indicators: list[str] | None, as_at: int | None
) -> pd.DataFrame:
    """The cells of regions and England that may not be shown: indicator, period, area_code."""
    w = table(withheld, as_at).c
    query = select(w.indicator, w.period, w.area_code).where(w.staff_group == staff_group, w.phase == phase)
    return bulk.frame(connection, query if indicators is None else query.where(w.indicator.in_(indicators)))
