"""Files in: read, check, load, summarise; in one transaction, all or nothing. Seeding comes the same way."""

import getpass
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection, Engine, func, insert, select, update

from data_access import bulk, summaries
from data_access.definitions import IndicatorDefinition
from data_access.engine import current_version, writing
from data_access.errors import ImportRefused, Problem
from data_access.files import ees
from data_access.files.mapping import Mapping
from data_access.files.tidy import KEY, Tidied, tidy
from data_access.periods import Period, from_code
from data_access.places import ENGLAND_CODE, Places
from data_access.schema import (
    data_version,
    import_,
    indicator,
    local_authority,
    local_authority_change,
    observation,
    outcome,
    period,
    region,
    school,
    staff_group,
    target,
)
from measures.sums import with_ancestors


@dataclass(frozen=True)
class Report:
    """What an import did, or would do: counts of rows and of observations by what became of them."""

    file: str
    rows: int
    observations: int
    new: int
    revised: int
    unchanged: int
    new_indicators: list[str]
    new_schools: int
    ignored: dict[str, int]
    data_version: int | None  # None for a dry run

    def __str__(self) -> str:
        lines = [
            f"{self.file}: {self.rows:,} rows read, {self.observations:,} observations "
            f"({self.new:,} new, {self.revised:,} revised, {self.unchanged:,} unchanged)."
        ]
        if self.new_indicators:
            lines.append(f"New indicators: {', '.join(self.new_indicators)}.")
        if self.new_schools:
            lines.append(f"New schools: {self.new_schools:,}.")
        lines += [f"Left out: {count:,} {reason}." for reason, count in self.ignored.items() if count]
        done = (
            "Dry run: nothing was written."
            if self.data_version is None
            else f"Loaded as data version {self.data_version}."
        )
        return "\n".join([*lines, done])


class _DryRun(Exception):
    """Leaves the transaction without writing."""


def import_file(engine: Engine, file: Path, meta: Path | None, mapping: Mapping, *, dry_run: bool = False) -> Report:
    """Load an EES file in one transaction; with dry_run, report what would happen and write nothing.

    Raises ImportRefused with every problem found, or DatabaseProblem; in both cases nothing was written.
    """
    found = ees.read(file, meta, mapping)
    problems = ees.unmapped_filters(found, meta, mapping)
    if problems:
        raise ImportRefused(problems)
    report = None
    try:
        with writing(engine) as connection:
            report = load(connection, found, mapping)
            if dry_run:
                raise _DryRun
    except _DryRun:
        assert report is not None
        return Report(**{**report.__dict__, "data_version": None})
    return report


def load(connection: Connection, file: ees.Read, mapping: Mapping) -> Report:
    """Check a read file against the database and write it, as part of the caller's transaction."""
    new_indicators = [
        item.define for item in mapping.indicators if item.define is not None and not _known(connection, item.indicator)
    ]
    problems = _mapping_problems(connection, file, mapping, {definition.code for definition in new_indicators})
    if problems:
        raise ImportRefused(problems)
    for definition in new_indicators:
        add_indicator(connection, definition, mapping.source)
    units = {row.code: row.unit for row in connection.execute(select(indicator.c.code, indicator.c.unit))}
    tidied = tidy(file, mapping, places(connection), units)
    if tidied.problems:
        raise ImportRefused(tidied.problems)
    return _write(connection, file, mapping, tidied, [definition.code for definition in new_indicators])


def _known(connection: Connection, code: str) -> bool:
    return connection.execute(select(indicator.c.code).where(indicator.c.code == code)).first() is not None


def _mapping_problems(connection: Connection, file: ees.Read, mapping: Mapping, new: set[str]) -> list[Problem]:
    parents = {row.code: row.parent for row in connection.execute(select(staff_group.c.code, staff_group.c.parent))}
    groups = set(parents)
    names = set(connection.execute(select(region.c.name)).scalars())
    collected = select(indicator.c.code, indicator.c.staff_groups).where(indicator.c.collected_from != "published")
    of_indicator = {
        row.code: set(with_ancestors(row.staff_groups.split("|"), parents)) for row in connection.execute(collected)
    }
    outcomes = set(connection.execute(select(outcome.c.code)).scalars())
    problems = []
    name = f"mapping of {file.name}"
    for item in mapping.indicators:
        if item.indicator not in new and not _known(connection, item.indicator):
            problems.append(
                Problem(
                    name,
                    None,
                    "indicator",
                    item.indicator,
                    "there is no such indicator.",
                    "Correct it, or add define: to make it.",
                )
            )
        used = {item.staff_group} if item.staff_group else set()
        if item.define is not None:
            used |= set(item.define.staff_groups)
            if item.define.outcome is not None and item.define.outcome not in outcomes:
                problems.append(
                    Problem(
                        name,
                        None,
                        "outcome",
                        item.define.outcome,
                        "there is no such outcome.",
                        "Use 1a to 3h, or leave it out.",
                    )
                )
            if item.define.scope != "England" and item.define.scope not in names:
                problems.append(
                    Problem(
                        name, None, "scope", item.define.scope, "there is no such region.", "Use England or a region."
                    )
                )
        for rule in mapping.filters.values():
            if not item.staff_group and rule.role == "staff_group" and isinstance(rule.values, dict):
                used |= set(rule.values.values())
        known = (
            groups if item.define is not None and item.indicator in new else of_indicator.get(item.indicator, groups)
        )
        problems += [
            Problem(
                name,
                None,
                "staff_group",
                group,
                f"{item.indicator} is not collected for this staff group.",
                f"Use one of {', '.join(sorted(known))}, or leave its rows out.",
            )
            for group in sorted((used & groups) - known)
        ]
        problems += [
            Problem(
                name,
                None,
                "staff_group",
                group,
                "there is no such staff group.",
                f"Use one of {', '.join(sorted(groups))}.",
            )
            for group in sorted(used - groups)
        ]
    return problems


def places(connection: Connection) -> Places:
    """The codes that a file's places are looked up in."""
    la = {
        row.ons_code: row.code for row in connection.execute(select(local_authority.c.code, local_authority.c.ons_code))
    }
    held = frozenset(la.values())
    changes = connection.execute(select(local_authority_change)).all()
    recoded: dict[str, str] = {}
    successors: dict[str, str] = {}
    for change in changes:
        if change.kind == "recoded":
            recoded |= {change.to_code: change.from_code, change.to_ons_code: change.from_code}
        else:
            successors |= dict.fromkeys((change.to_code, change.to_ons_code), change.to_name)
    return Places(
        la_codes=held,
        la_by_ons=la,
        recoded={code: to for code, to in recoded.items() if to in held},
        successors={code: name for code, name in successors.items() if code not in held},
        regions=frozenset(connection.execute(select(region.c.code)).scalars()),
        schools=frozenset(connection.execute(select(school.c.urn)).scalars()),
    )


def add_indicator(connection: Connection, definition: IndicatorDefinition, source: str) -> None:
    """Add an indicator with its target and trajectory points; part of the caller's transaction."""
    position = connection.execute(select(func.coalesce(func.max(indicator.c.position), 0))).scalar_one() + 1
    fields = definition.model_dump(
        exclude={"target", "trajectory", "illustrative_baseline", "reviewed", "staff_groups"}
    )
    connection.execute(
        insert(indicator).values(
            **fields, staff_groups="|".join(definition.staff_groups), source=source, position=position
        )
    )
    points = [*definition.trajectory, *([definition.target] if definition.target else [])]
    level, area = "england", ENGLAND_CODE
    if definition.scope != "England":
        level, area = (
            "region",
            connection.execute(select(region.c.code).where(region.c.name == definition.scope)).scalar_one(),
        )
    for point in points:
        # A year's target of a termly indicator is what its summer term should show.
        named = point.period if definition.frequency == "year" or " " in point.period else f"{point.period} summer"
        add_periods(connection, [from_code(named)])
        connection.execute(
            insert(target).values(
                indicator=definition.code, area_level=level, area_code=area, period=named, value=point.value
            )
        )


def add_periods(connection: Connection, wanted: list[Period]) -> None:
    """Add the periods that are not there yet."""
    there = set(connection.execute(select(period.c.code)).scalars())
    rows = [made.__dict__ for made in wanted if made.code not in there]
    if rows:
        connection.execute(insert(period), rows)


def next_version(connection: Connection, reason: str) -> int:
    """A new data version, for a change made in this transaction."""
    number = current_version(connection) + 1
    connection.execute(insert(data_version).values(number=number, made_at=datetime.now(UTC), reason=reason))
    return number


def _write(
    connection: Connection, file: ees.Read, mapping: Mapping, tidied: Tidied, new_indicators: list[str]
) -> Report:
    add_periods(connection, list(tidied.periods.values()))
    if not tidied.new_schools.empty:
        bulk.insert(connection, school, tidied.new_schools.assign(illustrative=mapping.kind == "illustrative"))
    rows = tidied.observations
    version = next_version(connection, f"Imported {file.name}")
    number = connection.execute(select(func.coalesce(func.max(import_.c.id), 0))).scalar_one() + 1
    connection.execute(
        insert(import_).values(
            id=number,
            file_name=file.name[:200],
            sha256=file.sha256,
            imported_by=_who(),
            imported_at=datetime.now(UTC),
            rows=len(file.rows),
            observations=len(rows),
            ignored="\n".join(f"{count} {reason}" for reason, count in tidied.ignored.items() if count),
            source=mapping.source,
            licence=mapping.licence,
            kind=mapping.kind,
            data_version=version,
            mapping=mapping.model_dump_json(exclude_defaults=True),
        )
    )
    touched = rows[["indicator", "period"]].drop_duplicates()
    outcome_of = supersede(connection, rows, touched, version)
    bulk.insert(connection, observation, rows.assign(import_id=number, from_version=version))
    alone = outcome_of["revised"] + outcome_of["unchanged"] == 0 and not outcome_of["others"]
    summaries.remake(connection, touched, rows if alone else None)
    if not tidied.new_schools.empty:
        summaries.refresh_expected(connection)
    return Report(
        file=file.name,
        rows=len(file.rows),
        observations=len(rows),
        new=len(rows) - outcome_of["revised"] - outcome_of["unchanged"],
        revised=outcome_of["revised"],
        unchanged=outcome_of["unchanged"],
        new_indicators=new_indicators,
        new_schools=len(tidied.new_schools),
        ignored={reason: count for reason, count in tidied.ignored.items() if count},
        data_version=version,
    )


def _who() -> str:
    """The user of this process; some containers have a number and no name."""
    try:
        return getpass.getuser()[:120]
    except (KeyError, OSError):
        return "unknown"


def supersede(connection: Connection, rows: pd.DataFrame, touched: pd.DataFrame, version: int) -> Counter[str]:
    """Close, as of `version`, the current observations that the rows replace; counts revised, unchanged and others.

    `others` are current observations of the touched indicators and periods that stay.
    """
    found: Counter[str] = Counter(revised=0, unchanged=0, others=0)
    o = observation.c
    for code, pairs in touched.groupby("indicator", observed=True):
        there = bulk.frame(
            connection,
            select(o.id, *(o[name] for name in KEY), o.numerator, o.denominator, o.value, o.symbol).where(
                o.indicator == code, o.period.in_(pairs["period"].astype(str).tolist()), o.to_version.is_(None)
            ),
        )
        if there.empty:
            continue
        mine = rows[rows["indicator"] == code].astype(dict.fromkeys(KEY, object))
        both = there.merge(mine, on=KEY, suffixes=("", "_new"))
        same = pd.Series(True, index=both.index)
        for name in ("numerator", "denominator", "value", "symbol"):
            old, new = both[name], both[f"{name}_new"]
            same &= (old == new) | (old.isna() & new.isna())
        found["unchanged"] += int(same.sum())
        found["revised"] += int((~same).sum())
        found["others"] += len(there) - len(both)
        ids = both["id"].tolist()
        for start in range(0, len(ids), 500):
            connection.execute(update(observation).where(o.id.in_(ids[start : start + 500])).values(to_version=version))
    return found
