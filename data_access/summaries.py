"""Summaries: the six additive sums per indicator, period, LA, staff group and phase, from observations."""

from collections.abc import Callable, Collection, Mapping

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Row, Select, and_, exists, select

from data_access import bulk, cells, queries, withholding
from data_access.periods import from_code
from data_access.schema import indicator, local_authority, observation, region, school, staff_group, summary
from data_access.versions import change
from measures.sums import SUMS, pool_upwards, six_sums, with_ancestors

COLUMNS = ["staff_group", "indicator", "period", "la_code", "phase", "units", "expected_units", *SUMS[1:]]
PERIODS_AT_ONCE = 12  # memory grows with the periods summarised together
PHASES = ["primary", "secondary", "special"]


def remake(
    connection: Connection,
    touched: pd.DataFrame,
    observations: pd.DataFrame | None,
    version: int,
    las: Collection[str] | None = None,
    step: Callable[[float], None] = lambda _: None,
) -> int:
    """Make the summaries of the touched (indicator, period) pairs anew, as of `version`; returns how many were made.

    observations: every current observation of those pairs, at the levels that it holds, and of these authorities; else
    they are read.
    las: the local authorities whose figures changed; None: any. What was there before is kept as it counted.
    step: how far it is, 0 to 1.
    """
    register = bulk.frame(connection, _register())
    areas = bulk.frame(
        connection,
        select(local_authority.c.code, region.c.name.label("region")).join(
            region, region.c.code == local_authority.c.region_code
        ),
    )
    parents = {row.code: row.parent for row in connection.execute(select(staff_group.c.code, staff_group.c.parent))}
    rules = {about["code"]: about for about in queries.indicators(connection).to_dict("records")}
    made = 0
    groups = touched.groupby("indicator", observed=True)
    for at, (code, pairs) in enumerate(groups):
        step(at / len(groups))
        about = connection.execute(select(indicator).where(indicator.c.code == code)).one()
        periods = sorted(pairs["period"].astype(str).unique())
        if about.collected_from == "published":
            withholding.decide_published(connection, cells.about(rules[code]), periods, version, parents)
            continue
        there = set(
            connection.execute(
                select(summary.c.period).where(
                    summary.c.indicator == code, summary.c.staff_group == "all", summary.c.phase == "all"
                )
            ).scalars()
        )
        scoped = areas["code"] if about.scope == "England" else areas.loc[areas["region"] == about.scope, "code"]
        # A period that is new has a row for every authority: those that did not report are expected, too.
        known, new = ([code for code in periods if (code in there) == was] for was in (True, False))
        few = len(areas) // max(1, len(las)) if las is not None else 1
        for some, only in [*((part, las) for part in _parts(known, few)), *((part, None) for part in _parts(new))]:
            mine = sorted(scoped if only is None else scoped[scoped.isin(list(only))])
            rows = _rows(connection, about, some, mine, register, parents, observations, whole=only is None)
            # Every staff group is named since the primary key begins with it.
            s = summary.c
            within = and_(s.staff_group.in_(list(parents)), s.indicator == code, s.period.in_(some))
            if only is not None:
                within = and_(within, summary.c.la_code.in_(mine))
            rows = withholding.decide(connection, cells.about(rules[code]), rows, version, parents)
            change(connection, summary, rows[[*COLUMNS, "hidden"]], version, within=within, whole=True)
            made += len(rows)
    return made


def decide_anew(connection: Connection, codes: Collection[str], version: int) -> None:
    """Decide for some indicators, as of `version`, which of their cells may be shown: the rules have changed."""
    parents = {row.code: row.parent for row in connection.execute(select(staff_group.c.code, staff_group.c.parent))}
    rules = {about["code"]: about for about in queries.indicators(connection).to_dict("records")}
    for code in codes:
        if code not in rules:
            continue
        if rules[code]["collected_from"] == "published":
            given = select(observation.c.period).where(observation.c.indicator == code, observation.c.level != "school")
            periods = sorted(connection.execute(given.distinct()).scalars())
            withholding.decide_published(connection, cells.about(rules[code]), periods, version, parents, anew=True)
        else:
            withholding.decide_anew(connection, cells.about(rules[code]), version, parents)


def _parts(periods: list[str], times: int = 1) -> list[list[str]]:
    """The periods in parts that are summarised together, `times` as many where so much fewer authorities are."""
    size = PERIODS_AT_ONCE * max(1, times)
    return [periods[start : start + size] for start in range(0, len(periods), size)]


def _register() -> Select:
    return select(school.c.urn, school.c.la_code, school.c.phase, school.c.opened, school.c.closed)


def _rows(
    connection: Connection,
    about: Row,
    periods: list[str],
    las: list[str],
    register: pd.DataFrame,
    parents: Mapping[str, str | None],
    observations: pd.DataFrame | None,
    *,
    whole: bool,
) -> pd.DataFrame:
    """The summary rows (COLUMNS) of one indicator for some periods and authorities."""
    level = about.collected_from
    mine = None
    if observations is not None:
        mine = observations[(observations["indicator"] == about.code) & (observations["level"] == level)]
        mine = mine[mine["period"].isin(periods)]
    # A caller that holds nothing at this level holds the figures of another one.
    if mine is None or not set(periods) <= set(mine["period"]):
        mine = _read(connection, about.code, periods, level, None if whole else las)
    # A period of which nothing is left, after an undo, is one in which nothing was collected.
    o = observation.c
    periods = [
        code
        for code in periods
        if (mine["period"] == code).any()
        or connection.execute(
            select(
                exists().where(o.indicator == about.code, o.period == code, o.level == level, o.to_version.is_(None))
            )
        ).scalar()
    ]
    nodes = with_ancestors(about.staff_groups.split("|"), parents)
    if not periods or not las:
        return pd.DataFrame(columns=COLUMNS)
    if level == "school":
        rows = of_schools(mine, register[register["la_code"].isin(las)], periods, nodes, parents)
    else:
        phases = set(
            connection.execute(select(summary.c.phase).where(summary.c.indicator == about.code).distinct()).scalars()
        )
        rows = of_authorities(mine, las, periods, nodes, parents, phases)
    return rows.assign(indicator=about.code)


def _read(connection: Connection, code: str, periods: list[str], level: str, las: list[str] | None) -> pd.DataFrame:
    o = observation.c
    query = select(o.period, o.unit_code, o.staff_group, o.phase, o.numerator, o.denominator).where(
        o.indicator == code, o.period.in_(periods), o.level == level, o.to_version.is_(None)
    )
    if las is not None:
        units = select(school.c.urn).where(school.c.la_code.in_(las)) if level == "school" else las
        query = query.where(o.unit_code.in_(units))
    return bulk.frame(connection, query)


def expected_schools(register: pd.DataFrame, periods: list[str], cell: np.ndarray, cells: int) -> np.ndarray:
    """How many schools of each cell were open in each period: periods × cells, one after the other.

    register: with opened and closed (dates, None where not known: always open); cell: each school's.
    """
    return np.concatenate([np.bincount(cell[there], minlength=cells) for there in were_open(register, periods)])


def were_open(register: pd.DataFrame, periods: list[str]) -> np.ndarray:
    """Which schools were open in each period: periods × schools.

    register: with opened and closed (dates, None where not known: always open).
    """
    opened, closed = (_in_years(register[name]) if name in register else None for name in ("opened", "closed"))
    found = np.ones((len(periods), len(register)), dtype=bool)
    for there, code in zip(found, periods, strict=True):
        period = from_code(code)
        begins = period.position - (1 / 3 if period.kind == "term" else 1.0)
        if opened is not None:
            there &= ~(opened >= period.position)
        if closed is not None:
            there &= ~(closed <= begins)
    return found


def _in_years(dates: pd.Series) -> np.ndarray:
    """Dates in academic years, as the positions of periods are: 1 September 2009 is 2009.0; NaN where there is none."""
    when = pd.to_datetime(dates)
    return (when.dt.year + (when.dt.month - 9) / 12 + (when.dt.day - 1) / 372).to_numpy(dtype=float)


def of_schools(
    observations: pd.DataFrame,
    register: pd.DataFrame,
    periods: list[str],
    nodes: list[str],
    parents: Mapping[str, str | None],
) -> pd.DataFrame:
    """Summary rows of a school-collected indicator: every LA × phase with schools, whether or not any reported.

    observations: period, unit_code (URN), staff_group, numerator, denominator; register: urn, la_code, phase and, where
    known, opened and closed: a school is expected in the periods in which it was open.
    """
    las = sorted(register["la_code"].unique())
    urns = pd.Index(register["urn"])
    cell_of_school = (
        pd.Categorical(register["la_code"], categories=las).codes.astype(int) * len(PHASES)
        + pd.Categorical(register["phase"], categories=PHASES).codes
    )
    grid = len(las) * len(PHASES)

    school_row = urns.get_indexer(pd.Index(observations["unit_code"]))
    observations, school_row = observations[school_row >= 0], school_row[school_row >= 0]  # others are out of scope
    period_row = pd.Categorical(observations["period"].astype(str), categories=periods).codes.astype(int)
    unit = period_row * len(urns) + school_row
    cell = np.repeat(np.arange(len(periods)) * grid, len(urns)) + np.tile(cell_of_school, len(periods))
    leaves = _every_node(observations, unit, len(periods) * len(urns), cell, len(periods) * grid, nodes, parents)

    index = pd.MultiIndex.from_product([periods, las, PHASES], names=["period", "la_code", "phase"]).to_frame(
        index=False
    )
    index["expected_units"] = expected_schools(register, periods, cell_of_school, grid)
    made = pd.concat(
        [pd.concat([index, sums], axis=1).assign(staff_group=node) for node, sums in leaves.items()], ignore_index=True
    )
    # A school that reported was there, whatever the register says.
    made["expected_units"] = np.maximum(made["expected_units"], made["units"])
    made = made[np.tile(np.bincount(cell_of_school, minlength=grid) > 0, len(periods) * len(leaves))]
    together = made.groupby(["staff_group", "period", "la_code"], as_index=False)[["expected_units", *SUMS]].sum()
    return pd.concat([made, together.assign(phase="all")], ignore_index=True)


def of_authorities(
    observations: pd.DataFrame,
    las: list[str],
    periods: list[str],
    nodes: list[str],
    parents: Mapping[str, str | None],
    phases_before: Collection[str] = (),
) -> pd.DataFrame:
    """Summary rows of an LA-collected indicator: each LA is one unit; phases as reported, and all phases together.

    phases_before: phases that any authority reported before.
    """
    tree: dict[str, str | None] = {"all": None} | dict.fromkeys(PHASES, "all")
    reported = sorted(set(observations["phase"].astype(str)) | {"all", *phases_before})
    phases = with_ancestors(reported, tree)
    la_row = pd.Index(las).get_indexer(pd.Index(observations["unit_code"]))
    observations = observations[la_row >= 0]
    la_row = la_row[la_row >= 0]
    cells = len(periods) * len(las)
    unit = pd.Categorical(observations["period"].astype(str), categories=periods).codes.astype(int) * len(las) + la_row
    index = pd.MultiIndex.from_product([periods, las], names=["period", "la_code"]).to_frame(index=False)
    found = []
    # Pool over phases first, each staff group by itself, so that a phase total that was given wins over its parts.
    pooled: dict[str, dict[str, np.ndarray]] = {}
    for name in ("numerator", "denominator"):
        table = np.full((cells, len(nodes), len(phases)), np.nan)
        for position, group in enumerate(nodes):
            rows = (observations["staff_group"] == group).to_numpy()
            columns = pd.Categorical(observations["phase"].astype(str)[rows], categories=phases).codes.astype(int)
            counts = observations[name].to_numpy(dtype=float)[rows]
            table[:, position, :] = pool_upwards(counts, unit[rows], columns, cells, phases, tree)
        pooled[name] = {phase: table[:, :, i] for i, phase in enumerate(phases)}
    for phase in phases:
        n, d = (_children_into(pooled[name][phase], nodes, parents) for name in ("numerator", "denominator"))
        for position, node in enumerate(nodes):
            sums = six_sums(np.arange(cells), cells, n[:, position], d[:, position])
            found.append(pd.concat([index, sums], axis=1).assign(staff_group=node, phase=phase, expected_units=1))
    return pd.concat(found, ignore_index=True)


def _children_into(table: np.ndarray, nodes: list[str], parents: Mapping[str, str | None]) -> np.ndarray:
    row, node = np.nonzero(~np.isnan(table))
    return pool_upwards(table[row, node], row, node, len(table), nodes, parents)


def _every_node(
    observations: pd.DataFrame,
    unit: np.ndarray,
    units: int,
    cell: np.ndarray,
    cells: int,
    nodes: list[str],
    parents: Mapping[str, str | None],
) -> dict[str, pd.DataFrame]:
    """Staff-group node → its six sums for every cell; cell says which cell each unit falls in."""
    node = pd.Categorical(observations["staff_group"].astype(str), categories=nodes).codes.astype(int)
    counts = observations["numerator"].to_numpy(dtype=float), observations["denominator"].to_numpy(dtype=float)
    # A unit whose numerator or denominator is a symbol gives neither to the pool.
    known = ~np.isnan(counts[0]) & ~np.isnan(counts[1]) & (node >= 0)
    n, d = (pool_upwards(values[known], unit[known], node[known], units, nodes, parents) for values in counts)
    return {name: six_sums(cell, cells, n[:, i], d[:, i]) for i, name in enumerate(nodes)}


def refresh_expected(connection: Connection, version: int, las: Collection[str] | None = None) -> None:
    """Set expected units of school-collected summaries to the register as it stands now; las: whose schools changed."""
    s = summary.c
    register = bulk.frame(connection, _register() if las is None else _register().where(school.c.la_code.in_(las)))
    collected = s.indicator.in_(select(indicator.c.code).where(indicator.c.collected_from == "school"))
    within = collected if las is None else and_(collected, s.la_code.in_(las))
    there = bulk.frame(connection, select(*(s[name] for name in (*COLUMNS, "hidden"))).where(within))
    if there.empty or register.empty:
        return
    authorities = sorted(register["la_code"].unique())
    cell = pd.Categorical(register["la_code"], categories=authorities).codes.astype(int) * len(PHASES)
    cell = cell + pd.Categorical(register["phase"], categories=PHASES).codes
    periods = sorted(there["period"].unique())
    index = pd.MultiIndex.from_product([periods, authorities, PHASES], names=["period", "la_code", "phase"])
    grid = len(authorities) * len(PHASES)
    expected = pd.Series(expected_schools(register, periods, cell, grid), index, name="expected").reset_index()
    ever = np.tile(np.bincount(cell, minlength=grid) > 0, len(periods))
    together = expected.groupby(["period", "la_code"], as_index=False)["expected"].sum().assign(phase="all")
    wanted = pd.concat([expected[ever], together], ignore_index=True)
    # A first school of its phase makes a new cell, in every series that the authority is part of.
    series = there.loc[there["phase"] == "all", ["staff_group", "indicator", "period", "la_code"]]
    rows = series.merge(wanted, on=["period", "la_code"]).merge(
        there.drop(columns="expected_units"), on=["staff_group", "indicator", "period", "la_code", "phase"], how="left"
    )
    rows[["units", *SUMS[1:]]] = rows[["units", *SUMS[1:]]].fillna(0.0)
    rows["units"] = rows["units"].astype(int)
    rows["hidden"] = rows["hidden"].fillna(False).astype(bool)  # nothing was reported in a new cell
    rows["expected_units"] = np.maximum(rows["expected"], rows["units"])
    change(connection, summary, rows[[*COLUMNS, "hidden"]], version, within=within, whole=True)


def regroup(connection: Connection, version: int, las: Collection[str]) -> None:
    """Make everything of school-collected indicators anew for authorities whose schools came, went or moved."""
    s = summary.c
    pairs = bulk.frame(
        connection, select(s.indicator, s.period).where(s.staff_group == "all", s.phase == "all").distinct()
    )
    remake(connection, pairs, None, version, las)
    refresh_expected(connection, version, las)
