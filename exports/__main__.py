"""Commands that write files: `report`, `pack`, `figures` as tables, `bundle` of one chart for many places."""

import io
import logging
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from data_access import access, areas, queries, versions
from data_access.engine import get_engine, reading
from data_access.errors import DataAccessError, NotAllowed, SettingWrong, UnknownCode
from data_access.migrate import ready
from data_access.steps import Step
from exports import chart_files
from exports.bundle import making, planned
from exports.office import writing
from exports.pack import content as packs
from exports.pack import files as pack_files
from exports.report import content, files, material
from exports.tables import files as tables
from measures import words

cli = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


@cli.callback()
def _commands() -> None:
    """Write what leaves the dashboard as files."""


@cli.command()
def report(
    out: Annotated[Path, typer.Option(help="The folder to write to.")],
    format: Annotated[
        list[str] | None, typer.Option(help="pdf, pptx or xlsx, one or several; by default all three.")
    ] = None,
    area: Annotated[str | None, typer.Option(help="One local authority: code or name.")] = None,
    region: Annotated[str | None, typer.Option(help="All local authorities of a region: code or name.")] = None,
    period: Annotated[str | None, typer.Option(help="A year or a term; by default the strategy's last year.")] = None,
    as_at: Annotated[
        str | None, typer.Option(help="As the figures stood: a data version's number, or a date's evening.")
    ] = None,
    staff_group: Annotated[str, typer.Option(help="Staff group code.")] = "all",
    phase: Annotated[str, typer.Option(help="all, primary, secondary or special.")] = "all",
    address: Annotated[str, typer.Option(help="Where the dashboard is served, for links to it.")] = "",
) -> None:
    """Make the report of one local authority, or of all of a region, as PDF, PowerPoint and workbook."""
    kinds = list(dict.fromkeys(format or files.KINDS))
    _check(out, kinds, address, "a report", files.KINDS)
    current = ready(get_engine())
    chosen, version = _chosen(area, region), _version(current, as_at)
    read = material.read(version, period, staff_group, phase)
    written: list[Path] = []
    try:
        with _progress(list(chosen), written) as codes:
            for code in codes:
                made = content.report(read, code, address=address, earlier=version != current)
                for kind in kinds:
                    written.append(writing.write(out, files.file_name(made, kind), files.make(made, kind)))
    except KeyboardInterrupt:
        typer.echo(f"Stopped; {len(written)} finished files are in {out}.", err=True)
        sys.exit(130)
    if len(chosen) == 1:
        for file in written:
            typer.echo(f"Wrote {file}.")
    else:
        typer.echo(f"Wrote {len(written)} files for {len(chosen)} authorities to {out}, of data version {version}.")


@cli.command()
def pack(
    out: Annotated[Path, typer.Option(help="The folder to write to.")],
    meeting: Annotated[
        str, typer.Option(help="The meeting's number, or latest: the next one, else the last.")
    ] = "latest",
    format: Annotated[list[str] | None, typer.Option(help="pptx or pdf, or both, which is the default.")] = None,
    address: Annotated[str, typer.Option(help="Where the dashboard is served, for links to it.")] = "",
) -> None:
    """Make the pack of a meeting, as PowerPoint and PDF."""
    kinds = list(dict.fromkeys(format or pack_files.KINDS))
    _check(out, kinds, address, "a pack", pack_files.KINDS)
    ready(get_engine())
    made = packs.pack(packs.numbered(meeting), address=address)
    for kind in kinds:
        file = writing.write(out, pack_files.file_name(made, kind), pack_files.document(made, kind))
        typer.echo(f"Wrote {file}.")


@cli.command()
def bundle(
    view: Annotated[str, typer.Option(help="The chart, as an address says it: “view=trajectory&indicator=reviewed”.")],
    over: Annotated[str, typer.Option(help=f"What is varied: {', '.join(planned.OVER)}.")],
    out: Annotated[Path, typer.Option(help="The folder to write to.")],
    region: Annotated[
        str | None, typer.Option(help="Of authorities: those of a region; by default of England.")
    ] = None,
    priority: Annotated[str | None, typer.Option(help="Of indicators: those of a priority; by default all.")] = None,
    format: Annotated[
        list[str] | None, typer.Option(help=f"{words.joined(list(chart_files.KINDS))}, one or several; by default png.")
    ] = None,
    as_at: Annotated[
        str | None, typer.Option(help="As the figures stood: a data version's number, or a date's evening.")
    ] = None,
    address: Annotated[str, typer.Option(help="Where the dashboard is served, for links to it.")] = "",
    processes: Annotated[
        int | None, typer.Option(min=1, max=64, help="How many draw at once; by default one a processor, four at most.")
    ] = None,
) -> None:
    """Make one chart for every authority, region or indicator, as one zip with a contents file."""
    kinds = list(dict.fromkeys(format or ["png"]))
    _check(out, kinds, address, "a chart", chart_files.KINDS)
    for given, of, option in ((region, "la", "region"), (priority, "indicator", "priority")):
        if given is not None and over != of and over in planned.OVER:
            raise UnknownCode(f"--{option} goes with --over {of}.", f"Leave it out, or give --over {of}.")
    current = ready(get_engine())
    version = _version(current, as_at)
    asked = planned.plan(view, over, region or priority, version, earlier=version != current)
    try:
        with _steps(len(asked.items), "Charts") as step:
            made = making.make(asked, kinds, out, step, address=address, count=processes)
    except KeyboardInterrupt:
        typer.echo("Stopped; nothing was written.", err=True)
        sys.exit(130)
    for entry in made.missing:
        typer.echo(f"Without {entry.name}: {entry.why}", err=True)
    typer.echo(f"Wrote {made.path}: {words.plural(made.charts, 'chart')} of data version {version}.")


@cli.command()
def figures(
    indicator: Annotated[list[str], typer.Option(help="Indicator code; may be given several times, as the rest.")],
    level: Annotated[list[str], typer.Option(help="england, region, la or school.")],
    out: Annotated[Path, typer.Option(help=f"The file to write: {tables.endings()}.")],
    period: Annotated[list[str] | None, typer.Option(help="A year or a term; by default every one.")] = None,
    staff_group: Annotated[list[str] | None, typer.Option(help="Staff group code; by default all.")] = None,
    phase: Annotated[list[str] | None, typer.Option(help="Phase; by default all.")] = None,
    area: Annotated[list[str] | None, typer.Option(help="Region or local authority: code or name.")] = None,
    as_at: Annotated[
        str | None, typer.Option(help="As the figures stood: a data version's number, or a date's evening.")
    ] = None,
    address: Annotated[str, typer.Option(help="Where the dashboard is served, which the file then says.")] = "",
) -> None:
    """Write published figures as a workbook (XLSX, ODS), as Parquet, or as a zip of CSV, meta file and mapping."""
    kind = out.suffix.removeprefix(".").lower()
    if kind not in tables.KINDS:
        raise UnknownCode(f"{out.name} is of no kind that is made.", f"Let its name end in {tables.endings()}.")
    _check(out.parent, [], address, "figures", tables.KINDS)
    version = _version(ready(get_engine()), as_at)
    with reading(get_engine()) as connection:
        if "school" in level and access.viewer().schools_of == frozenset():
            raise NotAllowed("No schools are shown here.", "Ask whoever runs this service (setting CPD_SCHOOLS_OF).")
        areas_asked = [areas.region_or_authority(connection, given) for given in area] if area else None
    selection = {
        "indicators": indicator, "levels": level, "periods": period, "staff_groups": staff_group or ["all"],
        "phases": phase or ["all"], "areas": areas_asked, "as_at": version,
    }  # fmt: skip
    rows, made = tables.taken(kind, out.stem, selection, address)
    writing.write(out.parent, out.name, made)
    typer.echo(f"Wrote {out}: {words.plural(rows, 'row')} of data version {version}.")


def _check(out: Path, kinds: list[str], address: str, what: str, known: Iterable[str]) -> None:
    """Raise DataAccessError where the folder, a format or the address is not what it should be.

    what: the kind of document, known: its formats.
    """
    for kind in kinds:
        if kind not in known:
            raise UnknownCode(f"“{kind}” is not a format of {what}.", f"Choose from {words.joined(list(known))}.")
    if address and not address.startswith(("http://", "https://")):
        raise SettingWrong(f"“{address}” is no address of a dashboard.", "Begin it with http:// or https://.")
    writing.check_folder(out)


def _chosen(area: str | None, region: str | None) -> list[str]:
    """The codes of the authorities whose reports are made, by name; raises UnknownCode."""
    if (area is None) == (region is None):
        raise UnknownCode("It is not said whose report to make.", "Give either --area or --region.")
    with reading(get_engine()) as connection:
        known = queries.authorities(connection)
        if region is not None:
            wanted = known["region_code"] == areas.resolve(connection, "region", region)
            return [str(code) for code in known.loc[wanted, "code"]]
        given = str(area)
        regions = queries.regions(connection)
        if given.strip().lower() in {*regions["name"].str.lower(), *regions["code"].str.lower()}:
            raise UnknownCode(
                f"“{given}” is a region, not a local authority.", f"Give --region {given} for all of its authorities."
            )
        return [areas.resolve(connection, "la", given)]


def _version(current: int, as_at: str | None) -> int:
    """The data version asked for; raises UnknownCode."""
    if as_at is None:
        return current
    with reading(get_engine()) as connection:
        return versions.resolve(connection, as_at)


@contextmanager
def _progress(codes: list[str], written: list[Path]) -> Iterator[Iterator[str]]:
    """The codes, with one line on a terminal that says how many are done and how long the rest takes."""
    if len(codes) == 1 or not sys.stderr.isatty():
        yield iter(codes)
        return
    with typer.progressbar(codes, label="Reports", show_pos=True, show_eta=True, file=sys.stderr) as bar:
        yield iter(bar)


@contextmanager
def _steps(length: int, label: str) -> Iterator[Step]:
    """What is told how far one file is, with the same line on a terminal."""
    if not sys.stderr.isatty():
        yield lambda _what, _done: None
        return
    with typer.progressbar(length=length, label=label, show_pos=True, show_eta=True, file=sys.stderr) as bar:
        yield lambda _what, done: bar.update(max(0, round(done * length) - bar.pos))


def spread(arguments: list[str]) -> list[str]:
    """'--format pdf pptx' as '--format pdf --format pptx', which is how options with several values are read."""
    made: list[str] = []
    listing = False
    for argument in arguments:
        if argument.startswith("-"):
            listing = argument == "--format" or argument.startswith("--format=")
        elif listing and made[-1] != "--format":
            made.append("--format")
        made.append(argument)
    return made


def main(arguments: list[str] | None = None) -> None:
    """Run a command; an error is one sentence and exit status 1, never a traceback."""
    logging.basicConfig(level=logging.CRITICAL)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # names of files may hold what is no text
    try:
        with access.acting_as(access.everybody):
            cli(args=spread(sys.argv[1:] if arguments is None else arguments), standalone_mode=True)
    except DataAccessError as error:
        typer.echo(str(error), err=True)
        sys.exit(1)
    except OSError as error:
        typer.echo(f"The output cannot be written ({error.strerror}). Check where it goes.", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        typer.echo("Stopped; nothing was written.", err=True)
        sys.exit(130)


if __name__ == "__main__":
    main()
