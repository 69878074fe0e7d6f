"""Area figures by hand: observation rows into Python lists, pooled school by school, no summary, no numpy."""

from collections import defaultdict
from math import nan

from sqlalchemy import Connection, text

from tests.measures.slow import Figure, figure, pooled

ENGLAND = "E92000001"


def slow_values(
    connection: Connection, level: str, indicator: str, group: str, phase: str
) -> dict[tuple[str, str], tuple[Figure, float, float, int, int]]:
    """(area, period) → figure, numerator, denominator, units that reported, units expected."""
    unit, source, scope, groups = connection.execute(
        text("select unit, collected_from, scope, staff_groups from indicator where code = :code"), {"code": indicator}
    ).one()
    parents = dict(connection.execute(text("select code, parent from staff_group")).all())
    collected = groups.split("|")
    tree = {
        code: parent for code, parent in parents.items() if any(is_above(code, leaf, parents) for leaf in collected)
    }
    if group not in tree:
        return {}
    region = {}
    for code, region_code, name in connection.execute(
        text("select la.code, r.code, r.name from local_authority la join region r on r.code = la.region_code")
    ):
        if scope in ("England", name):
            region[code] = region_code
    units = {code: (code, "all") for code in region}
    if source == "school":
        rows = connection.execute(text("select urn, la_code, phase from school"))
        units = {urn: (la, of) for urn, la, of in rows if la in region}
    if phase != "all":
        units = {code: place for code, place in units.items() if place[1] == phase}
    given: dict[tuple[str, str], dict[str, tuple[float, float]]] = defaultdict(dict)
    periods = set()
    for period, code, of_group, n, d in connection.execute(
        text(
            "select period, unit_code, staff_group, numerator, denominator from observation "
            "where indicator = :code and level = :level and to_version is null"
        ),
        {"code": indicator, "level": source},
    ):
        periods.add(period)
        if n is not None and d is not None:
            given[code, period][of_group] = (n, d)
    cells: dict[tuple[str, str], list[tuple[float, float]]] = {}
    expected: dict[str, int] = defaultdict(int)
    for code, (la, _) in units.items():
        area = {"la": la, "region": region[la], "england": ENGLAND}[level]
        expected[area] += 1
        for period in periods:
            counts = given.get((code, period), {})
            n = pooled({node: c[0] for node, c in counts.items()}, group, tree)
            d = pooled({node: c[1] for node, c in counts.items()}, group, tree)
            cells.setdefault((area, period), []).append((n, d))
    made = {}
    for (area, period), schools in cells.items():
        kept = [(n, d) for n, d in schools if d > 0]
        total = (sum(n for n, _ in kept), sum(d for _, d in kept)) if kept else (nan, nan)
        made[area, period] = (figure(schools, unit), *total, len(kept), expected[area])
    return made


def is_above(code: str, leaf: str | None, parents: dict[str, str | None]) -> bool:
    """Whether a node is the leaf itself or stands above it."""
    while leaf is not None:
        if leaf == code:
            return True
        leaf = parents[leaf]
    return False
