"""Which figures of single schools may not be shown, read with all that was shown of them before."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Connection, FromClause, and_, select

from data_access import bulk, cells, pooled, queries, school_rows, versions
from data_access.access import Viewer
from data_access.schema import school, school_past, summary, summary_past, threshold, threshold_past, withheld
from data_access.thresholds import SUPPRESSING
from data_access.withheld_schools import State, of_schools
from measures.thresholds import OVERALL

TABLE = ["indicator", "period", "la_code"]


def hidden(
    connection: Connection,
    sums: pd.DataFrame,
    there: pd.DataFrame,
    about: pd.DataFrame,
    parents: Mapping[str, str | None],
    las: list[str] | None,
    as_at: int | None,
    allowed: Viewer,
) -> np.ndarray:
    """Which of the schools' figures may not be shown: withheld_schools.of_schools."""
    rules = {row["code"]: cells.about(row) for row in about.to_dict("records")}
    some = allowed.schools_of is not None
    # Of what counts no people, nothing is kept from those who see all.
    guarded = [code for code, rule in rules.items() if some or rule.denominator_counts == "people"]
    asked = _Asked(guarded, sums["period"].unique().tolist(), sums["staff_group"].unique().tolist(), las, allowed)
    register = there.rename(columns={"area_code": "urn"})
    now = State(sums, register, _shown(connection, asked, as_at), _kept(connection, asked, as_at), rules)
    la_of = sums["area_code"].map(dict(zip(there["area_code"], there["la_code"], strict=True)))
    tables = sums.assign(la_code=la_of)[TABLE].drop_duplicates()
    former = _former(connection, las, as_at)
    if las is not None:
        asked = replace(asked, las=sorted({*las, *former["la_code_before"]}))
    before = _before(connection, asked, about, parents, tables, as_at)
    came_from = {str(la): set(of) for la, of in former.groupby("la_code")["la_code_before"]}
    return of_schools(now, parents, some=some, before=before, came_from=came_from)


def _former(connection: Connection, las: list[str] | None, as_at: int | None, then: int | None = None) -> pd.DataFrame:
    """The schools of some authorities that were another one's: area_code, phase, la_code, la_code_before.

    then: at that earlier version; None: at any.
    """
    now, p = versions.table(school, as_at).c, school_past.c
    query = select(now.urn.label("area_code"), now.phase, now.la_code, p.la_code.label("la_code_before"))
    query = query.join(school_past, p.urn == now.urn).where(p.la_code != now.la_code)
    if las is not None:
        query = query.where(now.la_code.in_(las))
    if as_at is not None:
        query = query.where(p.to_version <= as_at)
    if then is not None:
        query = query.where(p.from_version <= then, p.to_version > then)
    return bulk.frame(connection, query.distinct())


def kept(
    connection: Connection, code: str, period: str, la_code: str, then: int, as_at: int | None
) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """The cells (phase, staff group) of an authority of which a school was kept at a version that has no figure later.

    And those of which one was kept that still has one. Kept from those who may see all schools; 'all' phases, too.
    as_at: the later version, None: now.
    """
    named = ["area_code", "phase", "staff_group"]
    before, now = (
        pd.MultiIndex.from_frame(figures[named].astype(object))
        for figures in (
            _figures(connection, code, period, [la_code], then, kept=True),
            _figures(connection, code, period, [la_code], as_at, kept=False),
        )
    )
    gone, left = (
        {(phase, group) for _, own, group in before[mine] for phase in (own, "all")}
        for mine in (~before.isin(now), before.isin(now))
    )
    return gone, left


def kept_elsewhere(
    connection: Connection, code: str, period: str, then: int, as_at: int | None
) -> set[tuple[str, str]]:
    """The authorities and phases with a school that was kept, for whatever group, at a version as another authority's.

    As kept.
    """
    moved = _former(connection, None, as_at, then)
    if moved.empty:
        return set()
    before = _figures(connection, code, period, moved["la_code_before"].unique().tolist(), then, kept=True)
    came = moved[moved["area_code"].isin(before["area_code"])]
    return {(la, of) for la, phase in zip(came["la_code"], came["phase"], strict=True) for of in (phase, "all")}


def _figures(
    connection: Connection, code: str, period: str, las: list[str], at: int | None, *, kept: bool
) -> pd.DataFrame:
    """area_code, phase and staff_group of figures of authorities' schools; kept: of those that are kept from all."""
    everyone = Viewer(None)
    parents = dict(connection.execute(select(queries.staff_group.c.code, queries.staff_group.c.parent)).all())
    about = queries.indicators(connection, at)
    about = about[about["code"] == code]
    there = bulk.frame(connection, school_rows.register(at, las, everyone))
    observed = school_rows.observed(connection, about, [period], there["area_code"].tolist())
    sums = school_rows.sums(pooled.each(connection, observed, at), about, parents)
    if kept:
        sums = sums[hidden(connection, sums, there, about, parents, las, at, everyone)]
    return sums.merge(there, on="area_code")


@dataclass(frozen=True)
class _Asked:
    """Whose summaries to look at: of these indicators, periods and staff groups; las None: of all authorities."""

    codes: list[str]
    periods: list[str]
    groups: list[str]
    las: list[str] | None
    allowed: Viewer

    def among(self, rows: FromClause) -> ColumnElement[bool]:
        """The condition that a row of summaries, or of withheld cells, is one of them."""
        s = rows.c
        la_code = s.la_code if "la_code" in s else s.area_code
        mine = self.allowed.among(la_code) if self.las is None else la_code.in_(self.las)
        return and_(s.staff_group.in_(self.groups), s.indicator.in_(self.codes), s.period.in_(self.periods), mine)


def _shown(connection: Connection, asked: _Asked, as_at: int | None) -> pd.DataFrame:
    """The cells of authorities that are shown: withheld_schools.SHOWN."""
    there = versions.table(summary, as_at)
    s = there.c
    query = select(s.indicator, s.period, s.la_code, s.phase, s.staff_group)
    return bulk.frame(connection, query.where(asked.among(there), s.hidden.is_(False)))


def _kept(connection: Connection, asked: _Asked, as_at: int | None) -> pd.DataFrame:
    """The cells of authorities that rest on too few schools, which may not tell them either: as _shown."""
    there = versions.table(withheld, as_at)
    w = there.c
    query = select(w.indicator, w.period, w.area_code.label("la_code"), w.phase, w.staff_group)
    return bulk.frame(connection, query.where(asked.among(there)))


def _before(
    connection: Connection,
    asked: _Asked,
    about: pd.DataFrame,
    parents: Mapping[str, str | None],
    now: pd.DataFrame,
    as_at: int | None,
) -> list[State]:
    """The earlier versions of the tables (TABLE) that changed, and those that other thresholds showed; most did not.

    now: the tables that there are.
    """
    p = summary_past.c
    query = select(p.indicator, p.period, p.la_code, p.to_version).where(asked.among(summary_past)).distinct()
    changed = bulk.frame(connection, query if as_at is None else query.where(p.to_version <= as_at))
    # Other thresholds may have shown other schools of each, also of those that are as they were.
    every = pd.concat([now, changed[TABLE]]).drop_duplicates()
    other = [
        every[every["indicator"].isin(codes)].assign(to_version=at)
        for at, codes in _thresholds_changed(connection, asked.codes, as_at).items()
    ]
    changed = pd.concat([changed, *other]).drop_duplicates()
    made = []
    for changed_at, tables in changed.groupby("to_version"):
        version = int(str(changed_at)) - 1
        las = tables["la_code"].unique().tolist()
        of_these = asked if len(las) > 1 else replace(asked, las=las)
        there = bulk.frame(connection, school_rows.register(version, of_these.las, asked.allowed))
        there = there[there["la_code"].isin(tables["la_code"])]
        mine = about[about["code"].isin(tables["indicator"])]
        if other:
            mine = queries.indicators(connection, version)
            mine = mine[mine["code"].isin(tables["indicator"])]
        query = school_rows.observed(connection, mine, tables["period"].unique().tolist(), there["area_code"].tolist())
        rows = pooled.each(connection, query, version)
        if rows.empty:
            continue  # the table came later
        sums = school_rows.sums(rows, mine, parents)
        la_of = sums["area_code"].map(dict(zip(there["area_code"], there["la_code"], strict=True)))
        sums = sums.assign(la_code=la_of).merge(tables[TABLE], on=TABLE)
        shown, kept = _shown(connection, of_these, version), _kept(connection, of_these, version)
        rules = {row["code"]: cells.about(row) for row in mine.to_dict("records")}
        made.append(State(sums, there.rename(columns={"area_code": "urn"}), shown, kept, rules))
    return made


def _thresholds_changed(connection: Connection, codes: list[str], as_at: int | None) -> dict[int, list[str]]:
    """The data versions, up to one, at which a threshold behind suppression changed, and for which indicators."""
    found: dict[int, set[str]] = {}
    for one, columns in ((threshold, ("from_version",)), (threshold_past, ("from_version", "to_version"))):
        t = one.c
        query = select(t.indicator, *(t[name] for name in columns)).where(
            t.name.in_(SUPPRESSING), t.indicator.in_([OVERALL, *codes])
        )
        for code, *versions_ in connection.execute(query):
            for at in versions_:
                found.setdefault(int(at), set()).update(codes if code == OVERALL else [code])
    return {at: sorted(found[at]) for at in sorted(found) if at > 1 and (as_at is None or at <= as_at)}
