"""Summaries: the six additive sums per indicator, period, LA, staff group and phase, from observations."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from sqlalchemy import Connection, delete, func, select, update

from data_access import bulk
from data_access.schema import indicator, local_authority, observation, region, school, staff_group, summary
from measures.sums import SUMS, pool_upwards, six_sums, with_ancestors

COLUMNS = ["staff_group", "indicator", "period", "la_code", "phase", "units", "expected_units", *SUMS[1:]]
PHASES = ["primary", "secondary", "special"]


def remake(connection: Connection, touched: pd.DataFrame, observations: pd.DataFrame | None) -> int:
    """Make the summaries of the touched (indicator, period) pairs anew; returns how many rows were written.

    observations: every current observation of those pairs where the caller holds them all; else they are read.
    """
    register = bulk.frame(connection, select(school.c.urn, school.c.la_code, school.c.phase))
    areas = bulk.frame(
        connection,
        select(local_authority.c.code, region.c.name.label("region")).join(
            region, region.c.code == local_authority.c.region_code
        ),
    )
    parents = {row.code: row.parent for row in connection.execute(select(staff_group.c.code, staff_group.c.parent))}
    written = 0
    for code, pairs in touched.groupby("indicator", observed=True):
        about = connection.execute(select(indicator).where(indicator.c.code == code)).one()
        if about.collected_from == "published":
            continue
        periods = sorted(pairs["period"].astype(str).unique())
        if observations is None:
            mine = _read(connection, str(code), periods, about.collected_from)
        else:
            mine = observations[(observations["indicator"] == code) & (observations["level"] == about.collected_from)]
        connection.execute(delete(summary).where(summary.c.indicator == code, summary.c.period.in_(periods)))
        scoped = areas["code"] if about.scope == "England" else areas.loc[areas["region"] == about.scope, "code"]
        nodes = with_ancestors(about.staff_groups.split("|"), parents)
        if about.collected_from == "school":
            rows = of_schools(mine, register[register["la_code"].isin(scoped)], periods, nodes, parents)
        else:
            rows = of_authorities(mine, sorted(scoped), periods, nodes, parents)
        bulk.insert(connection, summary, rows.assign(indicator=code)[COLUMNS])
        written += len(rows)
    return written


def _read(connection: Connection, code: str, periods: list[str], level: str) -> pd.DataFrame:
    o = observation.c
    return bulk.frame(
        connection,
        select(o.period, o.unit_code, o.staff_group, o.phase, o.numerator, o.denominator).where(
            o.indicator == code, o.period.in_(periods), o.level == level, o.to_version.is_(None)
        ),
    )


def of_schools(
    observations: pd.DataFrame,
    register: pd.DataFrame,
    periods: list[str],
    nodes: list[str],
    parents: Mapping[str, str | None],
) -> pd.DataFrame:
    """Summary rows of a school-collected indicator: every LA × phase with schools, whether or not any reported.

    observations: period, unit_code (URN), staff_group, numerator, denominator; register: urn, la_code, phase.
    """
    las = sorted(register["la_code"].unique())
    urns = pd.Index(register["urn"])
    cell_of_school = (
        pd.Categorical(register["la_code"], categories=las).codes.astype(int) * len(PHASES)
        + pd.Categorical(register["phase"], categories=PHASES).codes
    )
    grid = len(las) * len(PHASES)
    expected = np.bincount(cell_of_school, minlength=grid)

    school_row = urns.get_indexer(pd.Index(observations["unit_code"]))
    observations, school_row = observations[school_row >= 0], school_row[school_row >= 0]  # others are out of scope
    period_row = pd.Categorical(observations["period"].astype(str), categories=periods).codes.astype(int)
    unit = period_row * len(urns) + school_row
    cell = np.repeat(np.arange(len(periods)) * grid, len(urns)) + np.tile(cell_of_school, len(periods))
    leaves = _every_node(observations, unit, len(periods) * len(urns), cell, len(periods) * grid, nodes, parents)

    index = pd.MultiIndex.from_product([periods, las, PHASES], names=["period", "la_code", "phase"]).to_frame(
        index=False
    )
    index["expected_units"] = np.tile(expected, len(periods))
    made = pd.concat(
        [pd.concat([index, sums], axis=1).assign(staff_group=node) for node, sums in leaves.items()], ignore_index=True
    )
    made = made[made["expected_units"] > 0]
    together = made.groupby(["staff_group", "period", "la_code"], as_index=False)[["expected_units", *SUMS]].sum()
    return pd.concat([made, together.assign(phase="all")], ignore_index=True)


def of_authorities(
    observations: pd.DataFrame, las: list[str], periods: list[str], nodes: list[str], parents: Mapping[str, str | None]
) -> pd.DataFrame:
    """Summary rows of an LA-collected indicator: each LA is one unit; phases as reported, and all phases together."""
    tree: dict[str, str | None] = {"all": None} | dict.fromkeys(PHASES, "all")
    reported = sorted(set(observations["phase"].astype(str)) | {"all"})
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


def refresh_expected(connection: Connection) -> None:
    """Set expected units of school-collected summaries to the register as it stands now."""
    counted = select(func.count()).select_from(school).where(school.c.la_code == summary.c.la_code)
    collected = select(indicator.c.code).where(indicator.c.collected_from == "school")
    of_phase = counted.where(school.c.phase == summary.c.phase).scalar_subquery()
    for everything in (True, False):
        connection.execute(
            update(summary)
            .where(summary.c.indicator.in_(collected), (summary.c.phase == "all") == everything)
            .values(expected_units=counted.scalar_subquery() if everything else of_phase)
        )
