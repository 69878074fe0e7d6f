"""What a change to the data did to published figures: two data versions set side by side."""

import json

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Connection, or_, select

from data_access import areas, bulk, queries, schema
from data_access.errors import UnknownCode
from data_access.schema import data_version, import_
from data_access.values import area_values
from measures.since import TOLERANCE

CELL = ["indicator", "area_code", "period"]
FIGURE = ["value", "numerator", "denominator", "units", "symbol"]
COLUMNS = [
    "indicator", "short_title", "area_code", "area", "period", "what", "value_before", "value_after", "change",
    "numerator_before", "numerator_after", "denominator_before", "denominator_after", "units_before", "units_after",
    "symbol_before", "symbol_after",
]  # fmt: skip
WHAT = ["revised", "new", "withdrawn"]
SUMMARY = ["version", "made_at", "reason", "new", "revised", "unchanged"]
LEVELS = ["england", "region", "la"]
NOTHING = ["", "z", "x"]  # symbols of a place of which nothing is held
FEW = 5  # indicators: up to so many are read one by one, not all at once


def between(
    connection: Connection, before: int, after: int, *, level: str, indicator: str | None = None
) -> pd.DataFrame:
    """Published figures (all staff, all phases) that differ between two data versions: COLUMNS, one row a figure.

    level: 'england' | 'region' | 'la'. what: 'revised' where both versions hold a figure or a symbol that stands for
    one; 'new' where nothing was held before (not collected or not reported), 'withdrawn' where nothing is held after.
    value_before, value_after and change (after less before) in the indicator's unit; units: how many schools or
    authorities reported. Revised come first, those that changed most at the top. Each version's figures go through
    disclosure control of their own: a figure suppressed in one is missing there, with symbol 'c', and has no change;
    but two figures that are shown can differ by one school's, if it is of enough people. Raises UnknownCode, also
    where before is later.
    """
    areas.check(level, LEVELS, "level")
    if before > after:
        raise UnknownCode(f"Data version {before} is later than {after}.", "Give the earlier one first.")
    changed = changed_indicators(connection, before, after)
    if indicator is not None:
        known = {*queries.indicators(connection, before)["code"], *queries.indicators(connection, after)["code"]}
        areas.check(indicator, sorted(known), "indicator")
        changed = [code for code in changed if code == indicator]
    rows = _side_by_side(connection, changed, level, before, after)
    order = rows.assign(
        what=rows["what"].map({name: place for place, name in enumerate(WHAT)}),
        size=-rows["change"].astype(float).abs(),
    ).sort_values(["what", "size", "indicator", "period", "area"], kind="stable")
    return rows.loc[order.index, COLUMNS].reset_index(drop=True)


def changed_indicators(connection: Connection, before: int, after: int) -> list[str]:
    """The indicators of which anything may differ between two data versions, in alphabetical order.

    Found without reading an observation: imports name their indicators, and what a school register changes is in the
    summaries.
    """
    i = import_.c
    acts = or_(_within(i.data_version, before, after), _within(i.undone_version, before, after))
    named = {
        str(item["indicator"])
        for content in connection.execute(select(i.mapping).where(acts)).scalars()
        for item in json.loads(content).get("indicators", [])
    }
    s, p = schema.summary.c, schema.summary_past.c
    now = select(s.indicator).where(s.staff_group == "all", s.phase == "all", _within(s.from_version, before, after))
    past = select(p.indicator).where(p.staff_group == "all", p.phase == "all", _within(p.to_version, before, after))
    for query in (now, past):
        named |= set(connection.execute(query.distinct()).scalars())
    return sorted(named)


def _within(column: ColumnElement[int], before: int, after: int) -> ColumnElement[bool]:
    return (column > before) & (column <= after)


def _side_by_side(connection: Connection, codes: list[str], level: str, before: int, after: int) -> pd.DataFrame:
    """The figures of some indicators that differ: COLUMNS."""
    sides = {
        name: _figures(connection, codes, level, version).add_suffix(f"_{name}")
        for name, version in (("before", before), ("after", after))
    }
    rows = sides["before"].join(sides["after"], how="outer").reset_index()
    held = {}
    for name in sides:
        symbol = rows[f"symbol_{name}"].astype(object)
        rows[f"symbol_{name}"] = symbol.where(symbol.notna(), "")
        held[name] = rows[f"value_{name}"].notna() | ~rows[f"symbol_{name}"].isin(NOTHING)
    same = rows["symbol_before"] == rows["symbol_after"]
    for name in ("value", "numerator", "denominator"):
        old, new = (rows[f"{name}_{side}"].to_numpy(dtype=float) for side in sides)
        same &= np.isclose(old, new, rtol=TOLERANCE, atol=0, equal_nan=True)
    rows["what"] = np.select([held["before"] & held["after"], held["after"]], WHAT[:2], WHAT[2])
    rows["change"] = (rows["value_after"] - rows["value_before"]).astype(float)
    rows["area"] = rows["area_after"].where(rows["area_after"].notna(), rows["area_before"])
    titles = pd.concat([queries.indicators(connection, version) for version in (before, after)])
    rows["short_title"] = rows["indicator"].map(dict(zip(titles["code"], titles["short_title"], strict=True)))
    return rows.loc[(held["before"] | held["after"]) & ~same, COLUMNS]


def _figures(connection: Connection, codes: list[str], level: str, version: int) -> pd.DataFrame:
    """What area_values says of the indicators at a version, by CELL: area and FIGURE."""
    if len(codes) > FEW:
        found = area_values(connection, level, as_at=version)
        found = found[found["indicator"].isin(codes)]
    else:
        each = [area_values(connection, level, indicator=code, as_at=version) for code in codes]
        filled = [part for part in each if not part.empty]
        found = pd.concat(filled) if filled else pd.DataFrame(columns=[*CELL, "area", *FIGURE])
    return found.set_index(CELL)[["area", *FIGURE]]


def summary(connection: Connection, before: int, after: int) -> pd.DataFrame:
    """What made each data version after `before`, up to `after`: SUMMARY, one row an import or undo, newest first.

    new, revised, unchanged: rows of the import's file; <NA> for an undo and for imports from before that was counted.
    made_at in UTC.
    """
    v, i = data_version.c, import_.c
    query = select(v.number.label("version"), v.made_at, v.reason, i.changed).outerjoin(
        import_, i.data_version == v.number
    )
    frame = bulk.frame(connection, query.where(_within(v.number, before, after)).order_by(v.number.desc()))
    counts = frame["changed"].map(lambda text: json.loads(text) if isinstance(text, str) else {})
    for name in ("new", "revised", "unchanged"):
        frame[name] = counts.map(lambda count, name=name: count.get(name)).astype("Int64")
    return frame.assign(made_at=pd.to_datetime(frame["made_at"], utc=True))[SUMMARY]
