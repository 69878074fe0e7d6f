"""What single schools reported: who is in the register, their figures, and the sums for every staff group."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Select, select, true

from data_access import bulk, pooled, versions
from data_access.access import Viewer
from data_access.schema import local_authority, observation, region, school
from measures.sums import pool_upwards, with_ancestors

KEY = ["indicator", "period", "area_code"]


def register(as_at: int | None, las: list[str] | None, allowed: Viewer) -> Select:
    """The schools of some authorities, or of all, that may be seen.

    area_code (URN), area, la_code, phase, opened, closed, region_code, region (its name).
    """
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


def observed(connection: Connection, about: pd.DataFrame, periods: list[str], urns: list[str] | None) -> Select:
    """What the schools, None: all, reported; in the order of the index, so that one authority's are found by it."""
    o = observation.c
    query = select(o.indicator, o.period, o.unit_code.label("area_code"), o.staff_group, o.numerator, o.denominator)
    query = query.add_columns(o.symbol).where(
        o.indicator.in_(about["code"].tolist()), o.period.in_(periods), o.level == "school"
    )
    return query if urns is None else query.where(bulk.among(connection, o.unit_code, urns))


def sums(rows: pd.DataFrame, about: pd.DataFrame, parents: Mapping[str, str | None]) -> pd.DataFrame:
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
