"""Reads, one query a function: what the strategy says, which places and periods there are, where figures come from."""

import json

import pandas as pd
from sqlalchemy import Connection, or_, select

from data_access import bulk, versions
from data_access.register_tables import action
from data_access.schema import (
    action_line,
    boundary,
    case_study,
    data_version,
    import_,
    indicator,
    local_authority,
    nag_member,
    outcome,
    period,
    priority,
    published_fact,
    region,
    staff_group,
    strategy,
    target,
    threshold,
)
from measures.thresholds import resolve


def indicators(connection: Connection, as_at: int | None = None) -> pd.DataFrame:
    """Every indicator in the order of the strategy, one row each, with its outcome's words; context last.

    as_at: an earlier data version, here as in every function that has it; None: now.

    Columns: those of the table, staff_groups as a list, outcome_title, priority, priority_short, priority_number, and
    the thresholds that apply (measures.thresholds).
    """
    i = versions.table(indicator, as_at).c
    query = (
        select(
            *i,
            outcome.c.title.label("outcome_title"),
            priority.c.code.label("priority"),
            priority.c.short.label("priority_short"),
            priority.c.number.label("priority_number"),
        )
        .outerjoin(outcome, outcome.c.code == i.outcome)
        .outerjoin(priority, priority.c.code == outcome.c.priority)
    )
    if as_at is None:
        query = query.where(i.to_version.is_(None))
    frame = bulk.frame(connection, query).drop(columns=["from_version", "to_version"])
    frame["staff_groups"] = frame["staff_groups"].str.split("|")
    for name in ("outcome", "better", "outcome_title", "priority", "priority_short"):
        frame[name] = frame[name].astype(object).where(frame[name].notna(), None)  # no direction is None, never NaN
    frame = frame.join(resolve(thresholds(connection, as_at), list(frame["code"])), on="code")
    return frame.sort_values(["priority_number", "outcome", "position"], na_position="last", ignore_index=True)


def thresholds(connection: Connection, as_at: int | None = None) -> pd.DataFrame:
    """The thresholds that are not as usual: name, indicator ('' for all), value."""
    t = versions.table(threshold, as_at).c
    return bulk.frame(connection, select(t.name, t.indicator, t.value).order_by(t.name, t.indicator))


def priorities(connection: Connection) -> pd.DataFrame:
    """The three priorities: code, number, title, short."""
    return bulk.frame(connection, select(priority).order_by(priority.c.number))


def outcomes(connection: Connection) -> pd.DataFrame:
    """The 20 outcomes: code, priority, title."""
    return bulk.frame(connection, select(outcome).order_by(outcome.c.code))


def action_lines(connection: Connection) -> pd.DataFrame:
    """The 38 actions: line, line_title, priority, code, title, partner, due."""
    query = (
        select(
            action_line.c.code.label("line"),
            action_line.c.title.label("line_title"),
            action_line.c.priority,
            action.c.code,
            action.c.title,
            action.c.partner,
            action.c.due,
        )
        .join(action, action.c.action_line == action_line.c.code)
        .order_by(action.c.code)
    )
    return bulk.frame(connection, query)


def nag_members(connection: Connection) -> pd.DataFrame:
    """The members of the national advisory group: code, name."""
    return bulk.frame(connection, select(nag_member).order_by(nag_member.c.name))


def published_facts(connection: Connection) -> pd.DataFrame:
    """Real figures with their source, one a row: title, value, unit, period, scope, source, note."""
    return bulk.frame(connection, select(published_fact).order_by(published_fact.c.title))


def case_studies(connection: Connection) -> pd.DataFrame:
    """The strategy's case studies by priority: columns of the table, features separated by |."""
    return bulk.frame(
        connection,
        select(case_study)
        .join(priority, priority.c.code == case_study.c.priority)
        .order_by(priority.c.number, case_study.c.title),
    )


def about_strategy(connection: Connection) -> dict[str, object]:
    """Name, owner, starts, ends, baseline_year, final_year, review."""
    return dict(connection.execute(select(strategy)).mappings().one())


def regions(connection: Connection) -> pd.DataFrame:
    """The nine regions: code, name, short; in official order."""
    return bulk.frame(connection, select(region).order_by(region.c.position))


def authorities(connection: Connection) -> pd.DataFrame:
    """The 152 local authorities: code, ons_code, name, region_code, region, longitude, latitude; by name."""
    query = (
        select(local_authority, region.c.name.label("region"))
        .join(region, region.c.code == local_authority.c.region_code)
        .order_by(local_authority.c.name)
    )
    return bulk.frame(connection, query)


def staff_groups(connection: Connection) -> pd.DataFrame:
    """The staff-group tree: code, title, parent; in order."""
    return bulk.frame(connection, select(staff_group).order_by(staff_group.c.position))


def periods(connection: Connection) -> pd.DataFrame:
    """Every period: code, label, kind, academic_year, position; earliest first."""
    return bulk.frame(connection, select(period).order_by(period.c.position, period.c.kind.desc()))


def targets(connection: Connection, as_at: int | None = None) -> pd.DataFrame:
    """Targets and stored trajectory points: indicator, area_level, area_code, period, value, position."""
    t = versions.table(target, as_at).c
    query = select(t.indicator, t.area_level, t.area_code, t.period, t.value, period.c.position)
    query = query.join(period, period.c.code == t.period)
    return bulk.frame(connection, query.order_by(t.indicator, t.area_level, t.area_code, period.c.position))


def boundaries(connection: Connection, as_at: int | None = None) -> dict[str, str]:
    """Outlines of local authorities that were imported: code → GeoJSON geometry as text."""
    b = versions.table(boundary, as_at).c
    return dict(connection.execute(select(b.la_code, b.geometry)).all())


def sources(connection: Connection, as_at: int | None = None) -> pd.DataFrame:
    """Where each indicator's latest figures come from: indicator, source, licence, kind, file_name, imported_at."""
    i = import_.c
    query = select(import_).where(i.undone_version.is_(None)).order_by(i.id)
    if as_at is not None:
        standing = or_(i.undone_version.is_(None), i.undone_version > as_at)
        query = select(import_).where(i.data_version <= as_at, standing).order_by(i.id)
    latest: dict[str, dict[str, object]] = {}
    for row in connection.execute(query).mappings():
        for item in json.loads(row["mapping"]).get("indicators", []):
            latest[item["indicator"]] = {
                name: row[name] for name in ("source", "licence", "kind", "file_name", "imported_at")
            }
    columns = ["indicator", "source", "licence", "kind", "file_name", "imported_at"]
    return pd.DataFrame([{"indicator": code} | about for code, about in latest.items()], columns=columns)


def made_at(connection: Connection, version: int) -> pd.Timestamp:
    """When a data version was made."""
    return pd.Timestamp(
        connection.execute(select(data_version.c.made_at).where(data_version.c.number == version)).scalar_one()
    )
