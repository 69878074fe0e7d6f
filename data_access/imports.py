"""Observations in: read, check, load, summarise; in one transaction, all or nothing. Seeding comes the same way."""

import getpass
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection, Engine, func, insert, select, update

from data_access import access, audit, bulk, observations, quality, summaries
from data_access.already_published import left_as_it_is
from data_access.definitions import IndicatorDefinition
from data_access.engine import current_version, reading, writing
from data_access.errors import ImportRefused
from data_access.files import ees, opening
from data_access.files.mapping import Mapping
from data_access.files.table import Table
from data_access.files.tidy import Tidied, Tidier
from data_access.known import definitions_beside, mapping_problems, places
from data_access.periods import Period, from_code
from data_access.places import ENGLAND_CODE
from data_access.quality import Check
from data_access.schema import import_, indicator, indicator_past, period, region, school, target, threshold
from data_access.steps import Step, silent
from data_access.versions import change, next_version

# What the rows of a layout are, where they are not observations.
NOUNS = {"register": "schools", "targets": "targets", "neighbours": "neighbours", "boundaries": "outlines"}
IDLE = "Of the unchanged, {:,} say only what is shown here already, or that it is suppressed: what is held stays."


@dataclass(frozen=True)
class Provenance:
    """Who published a file and how its figures may be used, where no mapping says so."""

    source: str
    licence: str
    kind: str  # 'published' | 'illustrative'


@dataclass(frozen=True)
class Report:
    """What an import did, or would do: counts of rows and of what became of them."""

    file: str
    layout: str
    rows: int
    observations: int
    new: int
    revised: int
    unchanged: int
    new_indicators: list[str] = field(default_factory=list)
    new_schools: int = 0
    ignored: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    import_id: int | None = None  # None where nothing was written
    data_version: int | None = None
    dry_run: bool = False

    def __str__(self) -> str:
        what = NOUNS.get(self.layout, "observations")
        lines = [
            f"{self.file}: {self.rows:,} rows read, {self.observations:,} {what} "
            f"({self.new:,} new, {self.revised:,} revised, {self.unchanged:,} unchanged)."
        ]
        if self.new_indicators:
            lines.append(f"New indicators: {', '.join(self.new_indicators)}.")
        if self.new_schools:
            lines.append(f"New schools: {self.new_schools:,}.")
        lines += [f"Left out: {count:,} {reason}." for reason, count in self.ignored.items() if count]
        lines += self.notes
        lines += [f"{check.severity.capitalize()}: {check.sentence}" for check in self.checks]
        return "\n".join([*lines, self.done])

    @property
    def done(self) -> str:
        """What was written, in a sentence."""
        if self.dry_run:
            return "Dry run: nothing was written."
        if self.data_version is None:
            return "All of it is there already: nothing was changed."
        return f"Loaded as data version {self.data_version}."


class _DryRun(Exception):
    """Leaves the transaction without writing."""


@dataclass
class Prepared:
    """A file read and checked against the database as it was at a data version, ready to be written."""

    table: Table
    mapping: Mapping
    tidied: Tidied
    definitions: list[IndicatorDefinition]
    notes: list[str]
    version: int


def import_file(
    engine: Engine,
    file: Path,
    meta: Path | None,
    mapping: Mapping,
    *,
    dry_run: bool = False,
    by: str | None = None,
    step: Step = silent,
) -> Report:
    """Load an EES file in one transaction; with dry_run, do the same and write nothing.

    Raises ImportRefused with every problem found, ImportCancelled, or DatabaseProblem; then nothing was written.
    """
    opened = opening.open_files(file, meta)
    return import_table(engine, opened.data, opened.meta, mapping, dry_run=dry_run, by=by, step=step)


def import_table(
    engine: Engine,
    data: Table,
    meta: Table | None,
    mapping: Mapping,
    *,
    dry_run: bool = False,
    by: str | None = None,
    step: Step = silent,
) -> Report:
    """The same for a table that is open already. The file is read before the database is locked."""
    with reading(engine) as connection:
        prepared = prepare(connection, data, meta, mapping, step)

    def work(connection: Connection) -> Report:
        # Another import may have come between.
        current = current_version(connection) == prepared.version
        ready = prepared if current else prepare(connection, data, meta, mapping, step)
        return write(connection, ready, by or who(), step)

    return carry_out(engine, work, step, dry_run=dry_run)


def carry_out(engine: Engine, work: Callable[[Connection], Report], step: Step, *, dry_run: bool) -> Report:
    """Do an import's work in one write transaction; with dry_run, roll it back and report the same."""
    report = None
    try:
        with writing(engine, access.Right.load) as connection:
            report = work(connection)
            if dry_run:
                raise _DryRun
            step("Writing to the disk", 1.0)
    except _DryRun:
        assert report is not None
        return replace(report, data_version=None, import_id=None, dry_run=True)
    return report


def load(connection: Connection, data: Table, meta: Table | None, mapping: Mapping) -> Report:
    """Check a table against the database and write it, as part of the caller's transaction: for filling a database.

    Quality is not checked: what fills a database is invented.
    """
    return write(connection, prepare(connection, data, meta, mapping), who(), checked=False)


def prepare(connection: Connection, data: Table, meta: Table | None, mapping: Mapping, step: Step = silent) -> Prepared:
    """Read a table to the end and check all of it; raises ImportRefused with every problem found."""
    definitions = [
        item.define for item in mapping.indicators if item.define is not None and not _known(connection, item.indicator)
    ]
    problems = ees.header_problems(data, mapping)
    notes = list(data.notes)
    filters: list[str] = []
    if meta is not None:
        described, found, said = ees.read_meta(meta, data)
        problems += found
        notes += said
        filters = [column for column in described.filters if column not in mapping.filters]
    problems += mapping_problems(connection, data.name, mapping, {definition.code for definition in definitions})
    found, said = definitions_beside(connection, mapping, data.name)
    problems += found
    notes += said
    if problems:
        raise ImportRefused(problems)
    units = {row.code: row.unit for row in connection.execute(select(indicator.c.code, indicator.c.unit))}
    units |= {definition.code: definition.unit for definition in definitions}
    tidier = Tidier(data.name, mapping, places(connection), units, data.called)
    values: dict[str, set[str]] = {column: set() for column in filters if column in data.columns}
    for block in data.blocks():
        tidier.take(block)
        for column, seen in values.items():
            seen |= set(block[column].unique()[:1000])
        step(f"Reading and checking: {tidier.read:,} rows", 0.0)
    tidied = tidier.finish()
    tidied.ignored.update(data.left_out)
    for column, seen in values.items():
        if len(seen) > 1:
            tidied.problems.add(
                1,
                column,
                None,
                f"this filter has {len(seen)} values and the mapping does not say which to take.",
                "Add it to the mapping's filters.",
            )
    if tidied.rows == 0:
        tidied.problems.clear()
        tidied.problems.add(None, None, None, "the file has no rows below its header.", "Export it again.")
    if tidied.problems:
        raise ImportRefused(tidied.problems)
    return Prepared(data, mapping, tidied, definitions, notes + tidied.notes, current_version(connection))


def _known(connection: Connection, code: str) -> bool:
    found = select(indicator.c.code).where(indicator.c.code == code, indicator.c.to_version.is_(None))
    return connection.execute(found).first() is not None


def who() -> str:
    """The user of this process; some containers have a number and no name."""
    try:
        return getpass.getuser()[:120]
    except (KeyError, OSError):
        return "unknown"


def add_indicator(
    connection: Connection, definition: IndicatorDefinition, source: str, version: int = 1, import_id: int | None = None
) -> None:
    """Add an indicator with its target and trajectory points, or bring back one whose import was undone."""
    position = connection.execute(select(func.coalesce(func.max(indicator.c.position), 0))).scalar_one() + 1
    fields = definition.model_dump(
        exclude={"target", "trajectory", "illustrative_baseline", "reviewed", "staff_groups", "disclosure_threshold"}
    )
    fields |= {"staff_groups": "|".join(definition.staff_groups), "source": source}
    withdrawn = bulk.frame(connection, select(indicator).where(indicator.c.code == definition.code))
    if len(withdrawn):
        bulk.insert(connection, indicator_past, withdrawn)
        again = update(indicator).where(indicator.c.code == definition.code)
        connection.execute(again.values(**fields, from_version=version, to_version=None))
    else:
        connection.execute(insert(indicator).values(**fields, position=position, from_version=version))
    if definition.disclosure_threshold is not None:
        own = {"name": "fewest_people", "indicator": definition.code, "value": float(definition.disclosure_threshold)}
        of_it = threshold.c.indicator == definition.code
        change(connection, threshold, pd.DataFrame([own]), version, import_id=import_id, within=of_it)
    points = [*definition.trajectory, *([definition.target] if definition.target else [])]
    level, area = "england", ENGLAND_CODE
    if definition.scope != "England":
        level, area = (
            "region",
            connection.execute(select(region.c.code).where(region.c.name == definition.scope)).scalar_one(),
        )
    # A year's target of a termly indicator is what its summer term should show.
    summer = " summer" if definition.frequency == "term" else ""
    named = [point.period if " " in point.period else point.period + summer for point in points]
    add_periods(connection, [from_code(code) for code in named])
    rows = pd.DataFrame({"period": named, "value": [point.value for point in points]})
    rows = rows.assign(indicator=definition.code, area_level=level, area_code=area)
    if points:
        of_it = target.c.indicator == definition.code
        change(connection, target, rows, version, import_id=import_id, within=of_it)


def add_periods(connection: Connection, wanted: list[Period]) -> None:
    """Add the periods that are not there yet."""
    there = set(connection.execute(select(period.c.code)).scalars())
    rows = [made.__dict__ for made in wanted if made.code not in there]
    if rows:
        connection.execute(insert(period), rows)


def write(connection: Connection, prepared: Prepared, by: str, step: Step = silent, *, checked: bool = True) -> Report:
    """Write a prepared file with its summaries and checks, as part of the caller's transaction.

    Where the same file was imported before and all of it still counts, nothing is written.
    """
    tidied, mapping = prepared.tidied, prepared.mapping
    rows = tidied.observations
    compared = observations.compare(connection, rows, lambda done: step("Comparing with what is there", done * 0.2))
    differ = len(compared.fresh)
    compared = left_as_it_is(connection, rows, compared, mapping)
    idle = differ - len(compared.fresh)
    report = Report(
        file=prepared.table.name,
        layout=prepared.table.layout,
        rows=tidied.rows + sum(prepared.table.left_out.values()),
        observations=len(rows),
        new=compared.count["new"],
        revised=compared.count["revised"],
        unchanged=compared.count["unchanged"],
        new_indicators=[definition.code for definition in prepared.definitions],
        new_schools=len(tidied.new_schools),
        ignored={reason: count for reason, count in tidied.ignored.items() if count},
        notes=[*prepared.notes, IDLE.format(idle)] if idle else prepared.notes,
    )
    if compared.count["unchanged"] == len(rows) and not prepared.definitions and _standing(connection, prepared):
        return report
    version = next_version(connection, f"Imported {prepared.table.name}")
    said = Provenance(mapping.source, mapping.licence, mapping.kind)
    number = record(connection, report, prepared.table.sha256, said, version, by)
    connection.execute(
        update(import_).where(import_.c.id == number).values(mapping=mapping.model_dump_json(exclude_defaults=True))
    )
    for definition in prepared.definitions:
        add_indicator(connection, definition, mapping.source, version, number)
    add_periods(connection, list(tidied.periods.values()))
    if not tidied.new_schools.empty:
        made = tidied.new_schools.assign(illustrative=mapping.kind == "illustrative", from_version=version)
        bulk.insert(connection, school, made.assign(import_id=number))
    observations.write(connection, rows, compared, number, version, lambda done: step("Loading", 0.2 + done * 0.5))
    touched = rows.iloc[compared.fresh][["indicator", "period"]].drop_duplicates()
    las = compared.las
    summaries.remake(
        connection,
        touched,
        rows if compared.covered else None,
        version,
        None if compared.alone else las,
        lambda done: step("Summarising", 0.7 + done * 0.2),
    )
    if not tidied.new_schools.empty:
        summaries.refresh_expected(connection, version, set(tidied.new_schools["la_code"]))
    step("Checking what came in", 0.9)
    checks = quality.of_import(connection, tidied, touched, las, version) if checked else []
    quality.keep(connection, number, checks)
    return replace(report, checks=checks, import_id=number, data_version=version)


def _standing(connection: Connection, prepared: Prepared) -> bool:
    """True where the same file with the same mapping was imported before and not undone."""
    i = import_.c
    said = prepared.mapping.model_dump_json(exclude_defaults=True)
    same = select(i.id).where(i.sha256 == prepared.table.sha256, i.mapping == said, i.undone_version.is_(None))
    return connection.execute(same).first() is not None


def record(connection: Connection, report: Report, sha256: str, said: Provenance, version: int, by: str) -> int:
    """Write an import into the history; returns its number."""
    number = next_import(connection)
    changed = {name: getattr(report, name) for name in ("new", "revised", "unchanged", "new_schools", "new_indicators")}
    connection.execute(
        insert(import_).values(
            id=number,
            file_name=report.file[:200].encode("utf-8", "replace").decode(),
            sha256=sha256,
            imported_by=access.signed(by)[:120],
            imported_at=datetime.now(UTC),
            rows=report.rows,
            observations=report.observations,
            ignored="\n".join(f"{count} {reason}" for reason, count in report.ignored.items()),
            source=said.source[:200],
            licence=said.licence[:200],
            kind=said.kind,
            data_version=version,
            mapping="{}",
            layout=report.layout,
            changed=json.dumps(changed),
        )
    )
    audit.write(connection, audit.Did.loaded, f"import {number}")
    return number


def next_import(connection: Connection) -> int:
    """The number that the next import of this transaction will have."""
    return int(connection.execute(select(func.coalesce(func.max(import_.c.id), 0))).scalar_one()) + 1
