"""Any file that a person brings: looked at, then brought in the way that its layout needs."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection, Engine

from data_access import happened, history, queries
from data_access.engine import reading
from data_access.errors import ImportRefused, Problem
from data_access.files import template, template_checks
from data_access.files.mapping import Mapping, parse_mapping
from data_access.files.opening import Opened, kind_of, open_files
from data_access.files.propose import Proposal, propose
from data_access.files.recognise import Recognition, recognise
from data_access.files.table import Table
from data_access.files.text import survey_bytes
from data_access.imports import Provenance, Report, import_table, prepare
from data_access.reference_imports import import_reference
from data_access.steps import Step


@dataclass(frozen=True)
class Incoming:
    """A file that was looked at. layout: 'EES', 'template', 'register', 'targets', 'neighbours' or 'boundaries'.

    opened and found are None for boundaries; mapping is what the zip carried.
    """

    path: Path
    layout: str
    sha256: str
    opened: Opened | None
    found: Recognition | None
    mapping: Mapping | None


def look(path: Path, meta: Path | None = None, step: Step = lambda _what, _done: None) -> Incoming:
    """Read a file to its end and say what it is; raises ImportRefused where it cannot be taken at all."""
    if kind_of(path) == "json":
        return Incoming(path, "boundaries", survey_bytes(path, path.name)[0], None, None, None)
    opened = open_files(path, meta)
    found = recognise(opened.data, opened.meta, lambda rows: step(f"Looking: {rows:,} rows", 0.0))
    if found.problems:
        raise ImportRefused(found.problems)
    carried = parse_mapping(opened.mapping, f"mapping in {path.name}") if opened.mapping else None
    return Incoming(path, found.layout, opened.data.sha256, opened, found, carried)


def proposal(connection: Connection, incoming: Incoming) -> Proposal:
    """The mapping to begin with: the one that the file carries, one saved for such a file, or one from its names."""
    assert incoming.found is not None
    saved = incoming.mapping or history.mapping_for(connection, [c.name for c in incoming.found.columns])
    return propose(incoming.found, queries.indicators(connection), queries.staff_groups(connection), saved)


def bring_in(
    engine: Engine,
    incoming: Incoming,
    *,
    mapping: Mapping | None = None,
    said: Provenance | None = None,
    dry_run: bool = False,
    by: str | None = None,
    step: Step = lambda _what, _done: None,
) -> Report:
    """Load the file in one transaction; with dry_run, do the same and write nothing.

    An EES file needs its mapping, every other file its provenance. Raises ImportRefused, ImportCancelled or
    DatabaseProblem; then nothing was written.
    """
    with happened.an_import(counts=not dry_run):
        if incoming.layout == "EES":
            mapping = mapping or incoming.mapping
            if mapping is None:
                raise _lacks(incoming, "the file needs a mapping.", "Give one; `propose` writes a first one.")
            assert incoming.opened is not None
            data, meta = incoming.opened.data, incoming.opened.meta
            return import_table(engine, data, meta, mapping, dry_run=dry_run, by=by, step=step)
        if said is None:
            raise _lacks(incoming, "who published the file and its licence are not known.", "Give source and licence.")
        if incoming.layout == "template":
            assert incoming.opened is not None
            data, mapping = _from_template(engine, incoming.opened.data, said)
            return import_table(engine, data, None, mapping, dry_run=dry_run, by=by, step=step)
        file: Table | Path = incoming.opened.data if incoming.opened else incoming.path
        return import_reference(
            engine, file, incoming.layout, said, sha256=incoming.sha256, dry_run=dry_run, by=by, step=step
        )


def _lacks(incoming: Incoming, message: str, remedy: str) -> ImportRefused:
    return ImportRefused([Problem(incoming.path.name, None, None, None, message, remedy)])


def _from_template(engine: Engine, table: Table, said: Provenance) -> tuple[Table, Mapping]:
    """A filled-in template in the EES layout, with its mapping; raises ImportRefused."""
    with reading(engine) as connection:
        known = queries.indicators(connection).set_index("code", drop=False)
    code = template_checks.indicator_of(table)
    about = {str(key): value for key, value in known.loc[code].items()} if code in known.index else None
    problems = template_checks.check(table, about)
    if about is None or any(problem.row in (None, 1) for problem in problems):
        raise ImportRefused(problems)
    first = next(table.blocks())
    columns = list(template.as_ees(first.head(1))[0].columns)
    made = Table(
        table.name, columns, table.encoding, table.separator, table.sha256, table.size,
        lambda: _in_ees(table, made), table.notes, layout="template", called=template.COLUMN_OF,
    )  # fmt: skip
    mapping = template.mapping(about, said.source, said.licence, said.kind)
    if problems:
        raise ImportRefused(_with_figures(engine, made, mapping, problems))
    return made, mapping


def _with_figures(engine: Engine, made: Table, mapping: Mapping, problems: list[Problem]) -> list[Problem]:
    """The problems of a template and those of its places and figures, so that all can be mended at once."""
    said = {(problem.row, problem.column) for problem in problems}
    try:
        with reading(engine) as connection:
            prepare(connection, made, None, mapping)
    except ImportRefused as refused:
        problems = problems + [more for more in refused.problems if more.row and (more.row, more.column) not in said]
    return sorted(problems, key=lambda problem: problem.row or 0)


def _in_ees(table: Table, made: Table) -> Iterator[pd.DataFrame]:
    made.left_out.clear()
    for block in table.blocks():
        rows, left_out = template.as_ees(block)
        made.left_out.update(left_out)
        yield rows
