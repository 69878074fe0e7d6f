"""Other files in: the school register, targets, statistical neighbours and boundaries; all or nothing, with history."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection, Engine, select

from data_access import quality, queries, summaries
from data_access.engine import current_version
from data_access.errors import ImportRefused
from data_access.files import boundaries, neighbours, register, targets
from data_access.files.checked import Checked
from data_access.files.table import Table
from data_access.imports import Provenance, Report, add_periods, carry_out, next_import, record, who
from data_access.known import places
from data_access.periods import from_code
from data_access.schema import boundary, local_authority, neighbour, school, target
from data_access.steps import Step
from data_access.versions import change, next_version


def import_reference(
    engine: Engine,
    file: Table | Path,
    layout: str,
    said: Provenance,
    *,
    sha256: str,
    dry_run: bool = False,
    by: str | None = None,
    step: Step = lambda _what, _done: None,
) -> Report:
    """Load a file of a layout that is not observations: 'register', 'targets', 'neighbours' or 'boundaries'.

    file: a table, or for boundaries the GeoJSON's path. Raises ImportRefused with every problem, ImportCancelled, or
    DatabaseProblem; then nothing was written.
    """

    def work(connection: Connection) -> Report:
        step("Reading and checking", 0.1)
        checked = _read(connection, file, layout)
        if checked.problems:
            raise ImportRefused(checked.problems)
        step("Loading", 0.4)
        return _write(connection, checked, file.name, layout, said, sha256, by or who(), step)

    return carry_out(engine, work, step, dry_run=dry_run)


def _read(connection: Connection, file: Table | Path, layout: str) -> Checked:
    known = places(connection)
    if isinstance(file, Path):
        return boundaries.read(file, known)
    if layout == "targets":
        region_of = dict(connection.execute(select(local_authority.c.code, local_authority.c.region_code)).all())
        return targets.read(file, indicators=queries.indicators(connection), places=known, region_of=region_of)
    return (register if layout == "register" else neighbours).read(file, known)


def _write(
    connection: Connection,
    checked: Checked,
    name: str,
    layout: str,
    said: Provenance,
    sha256: str,
    by: str,
    step: Step,
) -> Report:
    rows, version = checked.rows.reset_index(drop=True), current_version(connection) + 1
    count = WRITERS[layout](connection, rows, version, next_import(connection), said)
    gone = [f"{count['removed']:,} that the file no longer has count no more."] if count["removed"] else []
    report = Report(
        file=name,
        layout=layout,
        rows=len(rows) + sum(checked.ignored.values()),
        observations=len(rows),
        new=count["new"],
        revised=count["revised"],
        unchanged=count["unchanged"],
        ignored=dict(checked.ignored),
        notes=[*checked.notes, *gone],
    )
    if not count["new"] + count["revised"] + count["removed"]:
        return report
    next_version(connection, f"Imported {name}")
    number = record(connection, report, sha256, said, version, by)
    step("Checking what came in", 0.9)
    checks = quality.of_targets(connection, version) if layout == "targets" else []
    quality.keep(connection, number, checks)
    return replace(report, checks=checks, import_id=number, data_version=version)


def _write_targets(
    connection: Connection, rows: pd.DataFrame, version: int, import_id: int, _said: Provenance
) -> Counter[str]:
    add_periods(connection, [from_code(str(code)) for code in rows["period"].unique()])
    return change(connection, target, rows, version, import_id=import_id)


def _write_neighbours(
    connection: Connection, rows: pd.DataFrame, version: int, import_id: int, _said: Provenance
) -> Counter[str]:
    """An authority's neighbours are replaced as a set."""
    within = neighbour.c.la_code.in_(rows["la_code"].unique().tolist())
    return change(connection, neighbour, rows, version, import_id=import_id, within=within, whole=True)


def _write_boundaries(
    connection: Connection, rows: pd.DataFrame, version: int, import_id: int, _said: Provenance
) -> Counter[str]:
    return change(connection, boundary, rows, version, import_id=import_id)


def _write_schools(
    connection: Connection, rows: pd.DataFrame, version: int, import_id: int, said: Provenance
) -> Counter[str]:
    """Schools that the file lacks stay: registers of later years leave out those that closed."""
    before = {row.urn: row for row in connection.execute(select(school.c.urn, school.c.la_code, school.c.phase))}
    rows = rows.assign(illustrative=said.kind == "illustrative")
    count = change(connection, school, rows, version, import_id=import_id)
    if not count["new"] + count["revised"]:
        return count
    moved: set[str] = set()
    for row in rows.itertuples():
        old = before.get(str(row.urn))
        if old is not None and (old.la_code, old.phase) != (row.la_code, row.phase):
            moved |= {old.la_code, str(row.la_code)}
    if moved:
        summaries.regroup(connection, version, moved)
    summaries.refresh_expected(connection, version, set(rows["la_code"]))
    return count


WRITERS: dict[str, Callable[[Connection, pd.DataFrame, int, int, Provenance], Counter[str]]] = {
    "register": _write_schools,
    "targets": _write_targets,
    "neighbours": _write_neighbours,
    "boundaries": _write_boundaries,
}
