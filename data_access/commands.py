"""Commands that change something or help to: look, propose, import, undo, threshold, backup,
restore, template. `__main__` adds those that print.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from sqlalchemy import Connection, Engine, select

from data_access import access, areas, backup, bulk, history, incoming, queries, thresholds, undo
from data_access.engine import current_version, get_engine, reading, shown, writing
from data_access.errors import DataAccessError, ImportCancelled
from data_access.files import targets, template
from data_access.files.mapping import Mapping, read_mapping
from data_access.files.recognise import COUNTED
from data_access.files.spreadsheets import csv_bytes, workbook
from data_access.imports import Provenance, who
from data_access.migrate import ready
from data_access.partnerships import computed
from data_access.places import ENGLAND_CODE
from data_access.schema import school
from data_access.steps import Step
from measures.thresholds import OVERALL
from measures.words import plural

cli = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

FileIn = Annotated[Path, typer.Argument(help="CSV, XLSX, a zip of a CSV with its meta file and mapping, or GeoJSON.")]
MetaIn = Annotated[Path | None, typer.Option(help="Its .meta.csv, where it has one.")]
By = Annotated[str | None, typer.Option(help="Who does it; by default the user of this process.")]


class Kind(StrEnum):
    """What figures are."""

    published = "published"
    illustrative = "illustrative"


def database() -> Engine:
    """The engine on a database that can be used; raises the DatabaseProblem that says why it cannot."""
    engine = get_engine()
    ready(engine)
    return engine


def save(file: Path, content: bytes) -> None:
    """Write a file; raises DataAccessError where it cannot be written."""
    try:
        file.write_bytes(content)
    except OSError as error:
        raise DataAccessError(f"{file} cannot be written.", "Check the folder and its permissions.") from error


@contextmanager
def progress() -> Iterator[Step]:
    """A bar on a terminal, nothing elsewhere; Ctrl-C becomes ImportCancelled, and the transaction rolls back."""
    try:
        if not sys.stdout.isatty():
            yield lambda _what, _done: None
            return
        with typer.progressbar(length=100, show_eta=False) as bar:

            def step(what: str, done: float) -> None:
                bar.label = what
                bar.update(max(0, round(done * 100) - bar.pos))
                bar.render_progress()

            yield step
    except KeyboardInterrupt as stop:
        raise ImportCancelled from stop


@cli.command()
def look(file: FileIn, meta: MetaIn = None) -> None:
    """Say what a file holds; the database is not asked."""
    with progress() as step:
        seen = incoming.look(file, meta, step)
    typer.echo("\n".join(_described(seen)))


def _described(seen: incoming.Incoming) -> Iterator[str]:
    found = seen.found
    if found is None:
        yield f"{seen.path.name}: {seen.layout}."
        return
    separator = f", separated by {found.separator!r}" if found.separator else ""
    yield f"{found.name}: {found.layout} layout, {plural(found.rows, 'row')}, {found.encoding}{separator}."
    if found.levels:
        yield "Levels: " + "; ".join(
            f"{level} {plural(rows, 'row')}" + ("" if held else " (not held here)")
            for level, (rows, held) in found.levels.items()
        )
    if found.periods:
        yield "Periods: " + "; ".join(f"{period.label} {plural(rows, 'row')}" for period, rows in found.periods.items())
    yield "Columns:"
    for column in found.columns:
        cells = [plural(column.numbers, "number")] if column.numbers else []
        cells += [f"{count:,} {symbol}" for symbol, count in column.symbols.items()]
        cells += [f"{column.texts:,} texts"] if column.texts else []
        cells += [f"{column.blanks:,} blank"] if column.blanks else []
        label = f" “{column.label}”" if column.label else ""
        role = f" ({column.role})" if column.role != "unknown" else ""
        distinct = f"{column.distinct:,}{' or more' if column.distinct == COUNTED else ''} distinct"
        yield f"  {column.name}{role}{label}: {distinct}; {', '.join(cells)}"
    yield from (f"Note: {note}" for note in found.notes)
    if seen.mapping is not None:
        yield f"It carries a mapping: {seen.mapping.data_set}."


@cli.command()
def propose(
    file: FileIn,
    meta: MetaIn = None,
    out: Annotated[Path | None, typer.Option(help="Write the mapping here; else it is printed.")] = None,
) -> None:
    """Write the mapping to begin with: saved for such a file, or made from its names and figures."""
    with progress() as step:
        seen = incoming.look(file, meta, step)
    if seen.layout != "EES":
        raise DataAccessError(f"A file of layout {seen.layout} needs no mapping.", "Import it as it is.")
    with reading(database()) as connection:
        made = incoming.proposal(connection, seen)
    if out is None:
        typer.echo(made.as_yaml(), nl=False)
        return
    save(out, made.as_yaml().encode())
    left = f"Still to fill: {', '.join(made.missing)}." if made.missing else "Nothing is missing; read it once."
    typer.echo(f"Wrote {out}. {left}")


@cli.command("import")
def import_(
    file: FileIn,
    meta: MetaIn = None,
    mapping: Annotated[
        Path | None, typer.Option(help="YAML that says which column is what; else the zip's own, or one saved before.")
    ] = None,
    source: Annotated[str | None, typer.Option(help="Who published it, where no mapping says so.")] = None,
    licence: Annotated[str | None, typer.Option(help="How it may be used, where no mapping says so.")] = None,
    kind: Annotated[Kind | None, typer.Option(help="What its figures are, where no mapping says so.")] = None,
    by: By = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and report; write nothing.")] = False,
    save_mapping: Annotated[bool, typer.Option("--save-mapping", help="Keep the mapping for such files.")] = False,
) -> None:
    """Load a file, all of it or none of it."""
    engine = database()
    given = read_mapping(mapping) if mapping else None
    with progress() as step:
        seen = incoming.look(file, meta, step)
        columns = [column.name for column in seen.found.columns] if seen.found else []
        if given is None and seen.layout == "EES":
            with reading(engine) as connection:
                given = seen.mapping or history.mapping_for(connection, columns)
        given = _said(given, source, licence, kind)
        said = Provenance(source, licence, kind or Kind.published) if source and licence else None
        if said is None and given is not None:
            said = Provenance(given.source, given.licence, given.kind)
        report = incoming.bring_in(engine, seen, mapping=given, said=said, dry_run=dry_run, by=by, step=step)
    typer.echo(str(report))
    if save_mapping and given is not None and not dry_run and seen.layout == "EES":
        with writing(engine, access.Right.load) as connection:
            history.save_mapping(connection, given, columns, by or who())
        typer.echo(f"The mapping {given.data_set} is kept for files with these columns.")


def _said(mapping: Mapping | None, source: str | None, licence: str | None, kind: Kind | None) -> Mapping | None:
    """The mapping with what the command line says in its stead."""
    if mapping is None:
        return None
    said = {"source": source and source[:200], "licence": licence and licence[:200], "kind": kind and kind.value}
    return mapping.model_copy(update={name: value for name, value in said.items() if value})


@cli.command("from-partnerships")
def from_partnerships(
    period: Annotated[str, typer.Argument(help="A school year (2011/12) or a term (2011/12 summer).")],
    by: By = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and report; write nothing.")] = False,
) -> None:
    """Load the indicators that the partnership register gives, for authorities of which it holds all."""
    engine = database()
    with reading(engine) as connection:
        areas.check(period, queries.periods(connection)["code"], "period")
        found = computed.compute(connection, period)
        names = queries.authorities(connection).set_index("code")["name"].to_dict()
    with progress() as step:
        reports = computed.load(engine, period, dry_run=dry_run, by=by or who(), step=step)
    for report in reports:
        typer.echo(str(report))
    for row in found.rows[found.rows["why"] != ""].itertuples():
        typer.echo(f"No figure: {row.indicator}, {names[row.la_code]}, {row.period}: {row.why}")
    if found.rows.empty:
        typer.echo(f"{computed.NOBODY_SAID} {computed.SAY_IT}")


@cli.command("undo")
def undo_(number: Annotated[int, typer.Argument(help="The import's, as `history` lists it.")], by: By = None) -> None:
    """Take an import back: what counted before it counts again."""
    typer.echo(str(undo.undo(database(), number, by or who())))


@cli.command()
def threshold(
    name: Annotated[str, typer.Argument(help="The threshold's, as `thresholds` lists it.")],
    value: Annotated[str | None, typer.Argument(help="A number; a share as 60% or 0.6.")] = None,
    indicator: Annotated[str, typer.Option(help="For one indicator; by default for all.")] = OVERALL,
    usual: Annotated[bool, typer.Option("--usual", help="Back to the usual value, or to what holds for all.")] = False,
    by: By = None,
) -> None:
    """Set a limit behind judgements, markers or suppression, for all indicators or for one."""
    if usual == (value is not None):
        raise DataAccessError("A threshold is set to a value or back to usual.", "Give either a number or --usual.")
    wanted = None if value is None else thresholds.from_words(value)
    engine = database()
    with reading(engine) as connection:
        before = current_version(connection)
    version = thresholds.set_threshold(engine, name, wanted, indicator=indicator, by=by or who())
    typer.echo(f"Set as data version {version}." if version != before else "It is so already: nothing was changed.")


@cli.command("backup")
def backup_(
    file: Annotated[Path, typer.Argument(help="The file to write; it holds single schools: keep it safe.")],
    replace: Annotated[bool, typer.Option("--replace", help="Write over a file that is there.")] = False,
) -> None:
    """Write the whole database to one file; others go on reading and writing."""
    about = backup.write(database(), file, replace=replace)
    typer.echo(f"Wrote {file}: {about}.")


@cli.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `backup` wrote, on SQLite or PostgreSQL.")],
    replace: Annotated[bool, typer.Option("--replace", help="Put it in the place of the data that are there.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read the file to its end; write nothing.")] = False,
) -> None:
    """Make the database what it was when the file was written, all of it or nothing."""
    if dry_run:
        about = backup.check(file)
        typer.echo(f"{file} is whole, of {about.made_at:%Y-%m-%d %H:%M} UTC: {about}. Dry run: nothing was written.")
        return
    engine = get_engine()
    about = backup.restore(engine, file, replace=replace)
    typer.echo(f"Restored {shown(engine)} as it was on {about.made_at:%Y-%m-%d %H:%M} UTC: {about}.")
    typer.echo("Restart the service where it runs: it keeps what it has read.")


@cli.command("template")
def template_(
    what: Annotated[str, typer.Argument(metavar="INDICATOR", help="An indicator's code, or `targets`.")],
    out: Annotated[Path, typer.Option(help="Where to write it: .csv or .xlsx.")],
    area: Annotated[str | None, typer.Option(help="One local authority: code or name.")] = None,
) -> None:
    """Write a plain file to fill in, with its places."""
    if out.suffix not in (".csv", ".xlsx"):
        raise DataAccessError(f"{out.name} is neither .csv nor .xlsx.", "Name the file so that it ends in one of them.")
    as_workbook = out.suffix == ".xlsx"
    with reading(database()) as connection:
        known = queries.indicators(connection)
        if what == "targets":
            made = targets.template(known)
            content = workbook({"data": made}) if as_workbook else csv_bytes(made)
        else:
            areas.check(what, known["code"], "indicator")
            row = known.set_index("code", drop=False).loc[what]
            about = {str(name): value for name, value in row.items()}
            periods = list(queries.periods(connection)["code"])
            write = template.as_xlsx if as_workbook else template.as_csv
            content = write(about, _units(connection, about, area), periods)
    save(out, content)
    typer.echo(f"Wrote {out}.")


def _units(connection: Connection, about: template.About, area: str | None) -> pd.DataFrame:
    """code and name of the places that an indicator is asked of: schools, authorities, or England and its regions."""
    las = queries.authorities(connection)
    if about["scope"] != "England":
        las = las[las["region"] == about["scope"]]
    if area is not None:
        las = las[las["code"] == areas.resolve(connection, "la", area)]
    if las.empty:
        raise DataAccessError(f"{about['code']} is collected in {about['scope']} only.", "Choose an area in it.")
    if about["collected_from"] == "school":
        query = select(school.c.urn.label("code"), school.c.name).where(school.c.la_code.in_(las["code"].tolist()))
        return bulk.frame(connection, query.order_by(school.c.la_code, school.c.urn))
    if about["collected_from"] == "published" and area is None and about["scope"] == "England":
        england = pd.DataFrame([{"code": ENGLAND_CODE, "name": "England"}])
        return pd.concat([england, queries.regions(connection)[["code", "name"]]], ignore_index=True)
    return las[["code", "name"]]
