"""What single schools are measured from: the sums that each reported, and which of them may not be shown."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, exists, select, true

from data_access import bulk, cells, pooled, queries, versions
from data_access.access import Viewer
from data_access.schema import (
    indicator,
    local_authority,
    observation,
    period,
    region,
    school,
    school_past,
    summary,
    summary_past,
    threshold,
    threshold_past,
    withheld,
)
from data_access.summaries import were_open
from data_access.thresholds import SUPPRESSING
from data_access.withheld_schools import State, of_schools
from measures.sums import SUMS, pool_upwards, with_ancestors
from measures.thresholds import OVERALL

KEY = ["indicator", "period", "area_code"]
TABLE = ["indicator", "period", "la_code"]
WHOSE = ["area_code", "area", "region_code", "la_code"]


def of_each(
    connection: Connection,
    about: pd.DataFrame,
    *,
    la_code: str | None,
    staff_group: str,
    phase: str,
    allowed: Viewer,
    as_at: int | None,
) -> pd.DataFrame:
    """One row a school × indicator in its scope × period that it was collected in: the columns of pooled.cells.

    about: data_access.queries.indicators, those wanted; la_code: an authority, only its schools. By school's name,
    indicator and time. expected_units is 1, or NaN where nothing was due from the school: it was not open, or the
    indicator is not collected for the staff group. What is read grows with the schools asked for, not with all.
    """
    las = None if la_code is None else [la_code]
    there = bulk.frame(connection, _register(as_at, las, allowed))
    pairs = pooled.with_time(connection, _collected(connection, about, as_at), about)
    parents = dict(connection.execute(select(queries.staff_group.c.code, queries.staff_group.c.parent)).all())
    everyone = la_code is None and allowed.schools_of is None
    urns, times = None if everyone else there["area_code"].tolist(), pairs["period"].unique().tolist()
    rows = pooled.each(connection, _observed(connection, about, times, urns), as_at)
    sums = _sums(rows, about, parents)
    sums["hidden"] = _hidden(connection, sums, there, about, parents, las, as_at, allowed)
    sums = sums[sums["staff_group"] == staff_group]

    schools = there if phase == "all" else there[there["phase"] == phase]
    schools = schools.sort_values(["area", "area_code"], ignore_index=True)
    place, pair = pooled.Numbers(schools["area_code"]), pooled.Numbers(pairs["indicator"], pairs["period"])
    size = len(schools) * len(pairs)
    numbers = {name: np.full(size, np.nan) for name in SUMS}
    hidden, symbol = np.zeros(size, dtype=bool), np.full(size, None, dtype=object)

    def at(found: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Which rows of what was found are asked for, and where each of these goes."""
        where, of = place.of(found["area_code"]), pair.of(found["indicator"], found["period"])
        kept = (where >= 0) & (of >= 0)
        return kept, (where * len(pairs) + of)[kept]

    kept, flat = at(sums)
    for name in SUMS:
        numbers[name][flat] = sums[name].to_numpy(dtype=float)[kept]
    hidden[flat] = sums["hidden"].to_numpy(dtype=bool)[kept]
    said = rows[rows["staff_group"] == staff_group]
    kept, flat = at(said)
    nobody = (said["denominator"].to_numpy(dtype=float) == 0)[kept]
    symbol[flat] = np.where(nobody, "z", said["symbol"].to_numpy(dtype=object)[kept])

    # A school that reported was there, whatever the register says; one that has nobody of the group owes nothing.
    due = _due(schools, pairs, about, staff_group, parents).ravel() | ~np.isnan(numbers["units"])
    due[flat[nobody]] = False
    scope = pairs["scope"].to_numpy(dtype=object)
    of_scope = (scope == "England") | (scope == schools["region"].to_numpy(dtype=object)[:, None])
    asked = np.flatnonzero(of_scope)
    made = [
        schools[WHOSE].take(asked // max(1, len(pairs))).reset_index(drop=True),
        pairs.drop(columns="scope").take(asked % max(1, len(pairs))).reset_index(drop=True),
        pd.DataFrame({"expected_units": np.where(due, 1.0, np.nan)[asked]}),
        pd.DataFrame({name: column[asked] for name, column in numbers.items()}),
        pd.DataFrame({"given_symbol": pd.Series(symbol[asked], dtype=object), "hidden": hidden[asked]}),
    ]
    given = dict.fromkeys(pooled.GIVEN, np.nan)
    return pd.concat(made, axis=1).assign(level="school", staff_group=staff_group, phase=phase, **given)


def _register(as_at: int | None, las: list[str] | None, allowed: Viewer) -> Select:
    """The schools of some authorities, or of all, that may be seen: WHOSE, phase, region (its name), opened, closed."""
    there = versions.table(school, as_at).c
    return (
        select(
            there.urn.label("area_code"),
            there.name.label("area"),
            there.la_code,
            there.phase,
            there.opened,
            there.closed,
            local_authority.c.region_code,
            region.c.name.label("region"),
        )
        .join(local_authority, local_authority.c.code == there.la_code)
        .join(region, region.c.code == local_authority.c.region_code)
        .where(allowed.among(there.la_code), true() if las is None else there.la_code.in_(las))
        .order_by(there.urn)
    )


def _collected(connection: Connection, about: pd.DataFrame, as_at: int | None) -> pd.DataFrame:
    """Which of the indicators was collected in which period: indicator, period; one look at the key for each."""
    s = versions.table(summary, as_at).c
    there = exists().where(
        s.staff_group == "all", s.phase == "all", s.indicator == indicator.c.code, s.period == period.c.code
    )
    codes = about["code"].tolist()
    query = select(indicator.c.code.label("indicator"), period.c.code.label("period")).join(period, true())
    return bulk.frame(connection, query.where(indicator.c.code.in_(codes), there))


def _observed(connection: Connection, about: pd.DataFrame, periods: list[str], urns: list[str] | None) -> Select:
    """What the schools, None: all, reported; in the order of the index, so that one authority's are found by it."""
    o = observation.c
    query = select(o.indicator, o.period, o.unit_code.label("area_code"), o.staff_group, o.numerator, o.denominator)
    query = query.add_columns(o.symbol).where(
        o.indicator.in_(about["code"].tolist()), o.period.in_(periods), o.level == "school"
    )
    return query if urns is None else query.where(bulk.among(connection, o.unit_code, urns))


def _sums(rows: pd.DataFrame, about: pd.DataFrame, parents: Mapping[str, str | None]) -> pd.DataFrame:
    """KEY, staff_group and SUMS of each school for every node of the staff tree, where it reported people."""
    given_for = about.set_index("code")["staff_groups"].str.join("|")
    of_rows = rows["indicator"].map(given_for)
    found = [
        _of_nodes(rows[(of_rows == given).to_numpy()], with_ancestors(given.split("|"), parents), parents)
        for given in dict.fromkeys(given_for)
    ]
    return pd.concat([part for part in found if not part.empty] or found[:1], ignore_index=True)


def _of_nodes(rows: pd.DataFrame, nodes: list[str], parents: Mapping[str, str | None]) -> pd.DataFrame:
    """The same of indicators that are collected for the same staff groups."""
    unit, first = pooled.numbered(*(rows[name] for name in KEY))
    node = pd.Categorical(rows["staff_group"], categories=nodes).codes.astype(int)
    known = rows["numerator"].notna().to_numpy() & rows["denominator"].notna().to_numpy() & (node >= 0)
    n, d = (
        pool_upwards(rows[name].to_numpy(dtype=float)[known], unit[known], node[known], len(first), nodes, parents)
        for name in ("numerator", "denominator")
    )
    at, column = np.nonzero(np.nan_to_num(d) > 0)
    n, d = n[at, column], d[at, column]
    found: dict[str, object] = {name: rows[name].to_numpy(dtype=object)[first[at]] for name in KEY}
    found |= {"staff_group": np.array(nodes, dtype=object)[column]}
    return pd.DataFrame(found | {"units": np.ones(len(n)), "n": n, "d": d, "nn": n * n, "nd": n * d, "dd": d * d})


def _hidden(
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


def kept_elsewhere(
    connection: Connection, code: str, period: str, then: int, as_at: int | None
) -> set[tuple[str, str]]:
    """The authorities and phases with a school that was kept, for whatever group, at a version as another authority's.

    Kept from those who may see all schools; 'all' phases, too. as_at: the later version, None: now.
    """
    moved = _former(connection, None, as_at, then)
    if moved.empty:
        return set()
    parents = dict(connection.execute(select(queries.staff_group.c.code, queries.staff_group.c.parent)).all())
    about = queries.indicators(connection, then)
    las, everyone = moved["la_code_before"].unique().tolist(), Viewer(None)
    there = bulk.frame(connection, _register(then, las, everyone))
    query = _observed(connection, about[about["code"] == code], [period], there["area_code"].tolist())
    sums = _sums(pooled.each(connection, query, then), about[about["code"] == code], parents)
    hidden = _hidden(connection, sums, there, about[about["code"] == code], parents, las, then, everyone)
    came = moved[moved["area_code"].isin(sums.loc[hidden, "area_code"])]
    return {(la, of) for la, phase in zip(came["la_code"], came["phase"], strict=True) for of in (phase, "all")}


def kept(
    connection: Connection, code: str, period: str, la_code: str, then: int, as_at: int | None
) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """The cells (phase, staff group) of an authority of which a school was kept at a version that has no figure later.

    And those of which one was kept that still has one. Kept from those who may see all schools; 'all' phases, too.
    as_at: the later version, None: now.
    """
    parents = dict(connection.execute(select(queries.staff_group.c.code, queries.staff_group.c.parent)).all())
    everyone, named = Viewer(None), ["area_code", "phase", "staff_group"]
    found = []
    for at in (then, as_at):
        about = queries.indicators(connection, at)
        about = about[about["code"] == code]
        there = bulk.frame(connection, _register(at, [la_code], everyone))
        rows = pooled.each(connection, _observed(connection, about, [period], there["area_code"].tolist()), at)
        sums = _sums(rows, about, parents)
        if at == then:
            sums = sums[_hidden(connection, sums, there, about, parents, [la_code], at, everyone)]
        found.append(pd.MultiIndex.from_frame(sums.merge(there, on="area_code")[named].astype(object)))
    before, now = found
    gone, left = (
        {(phase, group) for _, own, group in before[mine] for phase in (own, "all")}
        for mine in (~before.isin(now), before.isin(now))
    )
    return gone, left


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
        there = bulk.frame(connection, _register(version, of_these.las, asked.allowed))
        there = there[there["la_code"].isin(tables["la_code"])]
        mine = about[about["code"].isin(tables["indicator"])]
        if other:
            mine = queries.indicators(connection, version)
            mine = mine[mine["code"].isin(tables["indicator"])]
        query = _observed(connection, mine, tables["period"].unique().tolist(), there["area_code"].tolist())
        rows = pooled.each(connection, query, version)
        if rows.empty:
            continue  # the table came later
        sums = _sums(rows, mine, parents)
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


def _due(
    schools: pd.DataFrame,
    pairs: pd.DataFrame,
    about: pd.DataFrame,
    staff_group: str,
    parents: Mapping[str, str | None],
) -> np.ndarray:
    """Schools × pairs: True where a figure is due: the school was open, and the indicator has the group."""
    asked = {
        row["code"]: staff_group in with_ancestors(row["staff_groups"], parents) for row in about.to_dict("records")
    }
    for_group = pairs["indicator"].map(asked).to_numpy(dtype=bool)
    periods = sorted(pairs["period"].unique())
    there = were_open(schools, periods)[pd.Index(periods).get_indexer(pd.Index(pairs["period"]))]
    return there.T & for_group
