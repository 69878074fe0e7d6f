"""Commands on the database: `python -m data_access` lists them. Here: what prints or writes figures and history."""

import io
import json
import logging
import sys
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from sqlalchemy import Connection

from data_access import access, areas, audit, edits, history, plan, quality, queries, thresholds, values, versions
from data_access import account_commands as _account_commands  # noqa: F401 (adds its commands)
from data_access import publish as publishing
from data_access import revisions as revising
from data_access.commands import cli, database, save
from data_access.engine import current_version, get_engine, reading, shown
from data_access.errors import DataAccessError, ImportRefused, NotAllowed, UnknownCode
from data_access.files.spreadsheets import as_text
from data_access.migrate import migrate as bring_up_to_date
from measures import lateness, words

VALUE_COLUMNS = [
    "area_code", "area", "period", "value", "lower", "upper", "numerator", "denominator", "coverage",
    "expected", "target", "status", "symbol",
]  # fmt: skip
# What is printed as text; as CSV or JSON there is more.
HISTORY = [
    "id", "imported_at", "imported_by", "file_name", "layout", "new", "revised", "unchanged", "checks", "undone_at",
]  # fmt: skip
REVISED = [
    "what", "indicator", "area", "period", "value_before", "value_after", "change", "symbol_before", "symbol_after",
]  # fmt: skip
COVERED = ["indicator", "area_code", "area", "period", "units", "expected_units", "coverage", "symbol"]
PLANNED = ["code", "owner_name", "starts", "due", "status", "days_late", "milestones_late", "title"]
SHOWN_ROWS = 10


class Level(StrEnum):
    """Levels that have figures."""

    england = "england"
    region = "region"
    la = "la"
    school = "school"


class AreaLevel(StrEnum):
    """Levels above the school."""

    england = "england"
    region = "region"
    la = "la"


class Format(StrEnum):
    """Ways to print a table."""

    text = "text"
    csv = "csv"
    json = "json"


AsAt = Annotated[str | None, typer.Option(help="As the figures stood: a data version's number, or a date's evening.")]
How = Annotated[Format, typer.Option(help="How to print.")]
Number = Annotated[int, typer.Argument(help="The import's, as `history` lists it.")]


def _as_at(connection: Connection, given: str | None) -> int | None:
    return None if given is None else versions.resolve(connection, given)


@cli.command("values")
def values_(
    indicator: Annotated[str, typer.Option(help="Indicator code.")],
    level: Annotated[Level, typer.Option(help="Level of the areas.")],
    period: Annotated[str, typer.Option(help="A year (2011/12) or a term (2011/12 summer).")],
    area: Annotated[
        str | None, typer.Option(help="One area: code or name; for schools, a URN or their local authority.")
    ] = None,
    staff_group: Annotated[str, typer.Option(help="Staff group code.")] = "all",
    phase: Annotated[str, typer.Option(help="all, primary, secondary or special.")] = "all",
    as_at: AsAt = None,
    format: How = Format.csv,
) -> None:
    """Print published figures: the same that the pages show."""
    with reading(database()) as connection:
        version = _as_at(connection, as_at)
        about = queries.indicators(connection, version).set_index("code")
        areas.check(indicator, about.index, "indicator")
        areas.check(staff_group, queries.staff_groups(connection)["code"], "staff group")
        areas.check(phase, ["all", "primary", "secondary", "special"], "phase")
        areas.check(period, queries.periods(connection)["code"], "period")
        la_code: str | None = None
        if level is Level.school:
            la_code = areas.authority_of(connection, area) if area else None
            _may_see(connection, la_code)
            frame = values.school_values(
                connection, indicator, la_code=la_code, staff_group=staff_group, phase=phase, as_at=version
            )
            wanted = area if area is not None and area in set(frame["area_code"]) else None
        else:
            frame = values.area_values(
                connection, level.value, staff_group=staff_group, phase=phase, indicator=indicator, as_at=version
            )
            wanted = areas.resolve(connection, level.value, area) if area else None
    chosen = values.at_period(frame, period, about["frequency"])
    if wanted is not None:
        chosen = chosen[chosen["area_code"] == wanted]
    if chosen.empty:
        raise UnknownCode(
            f"{indicator} has no figures for {period} at this level.", "Choose another period, level or area."
        )
    if level is Level.school:
        audit.schools_left(f"schools of {la_code or 'all that may be seen'}, printed")
    _print(chosen[VALUE_COLUMNS], format)


def _may_see(connection: Connection, la_code: str | None) -> None:
    """Raise NotAllowed where the schools of an authority, or any schools at all, may not be seen."""
    allowed = access.viewer()
    if la_code is not None:
        names = queries.authorities(connection).set_index("code")["name"]
        allowed.check(la_code, str(names[la_code]))
    elif allowed.schools_of == frozenset():
        raise NotAllowed("No schools are shown here.", "Ask whoever runs this service (setting CPD_SCHOOLS_OF).")


@cli.command()
def publish(
    indicator: Annotated[list[str], typer.Option(help="Indicator code; may be given several times, as the rest.")],
    level: Annotated[list[Level], typer.Option(help="Level of the areas.")],
    out: Annotated[Path, typer.Option(help="The zip to write.")],
    period: Annotated[list[str] | None, typer.Option(help="A year or a term; by default every one.")] = None,
    staff_group: Annotated[list[str] | None, typer.Option(help="Staff group code; by default all.")] = None,
    phase: Annotated[list[str] | None, typer.Option(help="Phase; by default all.")] = None,
    area: Annotated[list[str] | None, typer.Option(help="Region or local authority: code or name.")] = None,
    as_at: AsAt = None,
) -> None:
    """Write published figures in the EES layout with their meta file and mapping: `import` takes them back."""
    if out.suffix != ".zip":
        raise DataAccessError(f"{out.name} is no zip.", "Name the file so that it ends in .zip.")
    with reading(database()) as connection:
        version = _as_at(connection, as_at)
        if Level.school in level:
            _may_see(connection, None)
        made = publishing.published(
            connection,
            indicators=indicator,
            levels=[each.value for each in level],
            periods=period,
            staff_groups=staff_group or ["all"],
            phases=phase or ["all"],
            areas=[areas.region_or_authority(connection, given) for given in area] if area else None,
            as_at=version,
        )
        number = version or current_version(connection)
    if made.schools:
        audit.schools_left(f"{made.schools}, zip file")
    save(out, publishing.write_zip(made, out.stem))
    rows = words.plural(len(made.data), "row")
    typer.echo(f"Wrote {out}: {rows}, {made.mapping.kind} figures of data version {number}.")


@cli.command("history")
def history_(format: How = Format.text) -> None:
    """List every import, newest first, those that were undone, too."""
    with reading(database()) as connection:
        found = history.imports(connection)
    _print(found[HISTORY] if format is Format.text else found, format)


@cli.command()
def show(number: Number) -> None:
    """Print one import: what it brought, what was left out, its checks and its mapping."""
    with reading(database()) as connection:
        about = history.one(connection, number)
        found = quality.checks(connection, number)
    left, mapping = about.pop("ignored"), about.pop("mapping")
    codes = about.pop("indicators")
    for name, value in about.items():
        if not pd.isna(value):  # type: ignore[call-overload]
            typer.echo(f"{name}: {_said(value)}")
    typer.echo(f"indicators: {', '.join(codes)}")  # type: ignore[arg-type]
    for line in left:  # type: ignore[attr-defined]
        typer.echo(f"left out: {line}")
    for check in found:
        typer.echo(f"{check.severity}: {check.sentence}")
    if mapping:
        typer.echo(f"mapping:\n{mapping}", nl=False)


@cli.command()
def checks(number: Number) -> None:
    """Print what the checks of an import found, with the first rows of each."""
    with reading(database()) as connection:
        history.one(connection, number)  # raises where there is no such import
        found = quality.checks(connection, number)
        printed = [check.rows.head(SHOWN_ROWS) for check in found]
        schools = quality.schools_in(connection, pd.concat(printed)) if printed else ""
    if schools:
        audit.schools_left(f"{schools}, rows of a check, printed")
    for check, rows in zip(found, printed, strict=True):
        typer.echo(f"{check.severity}: {check.sentence}")
        if len(rows):
            typer.echo(rows.to_string(index=False, na_rep=""))
        more = check.count - check.left_out - len(rows)
        if more:
            typer.echo(f"… and {more:,} more.")
        if check.left_out:
            typer.echo(f"… and {words.plural(check.left_out, 'row')} about schools that are not shown here.")
    if not found:
        typer.echo("Nothing was found.")


@cli.command("versions")
def versions_(format: How = Format.text) -> None:
    """List the data versions, newest first."""
    with reading(database()) as connection:
        _print(history.versions(connection), format)


@cli.command()
def revisions(
    before: Annotated[str, typer.Argument(help="A data version's number, or a date.")],
    after: Annotated[str, typer.Argument(help="A later one.")],
    level: Annotated[AreaLevel, typer.Option(help="Level of the areas.")] = AreaLevel.england,
    indicator: Annotated[str | None, typer.Option(help="Indicator code; by default every one.")] = None,
    format: How = Format.text,
) -> None:
    """Print the published figures that differ between two data versions, and what made them differ."""
    with reading(database()) as connection:
        pair = [versions.resolve(connection, given) for given in (before, after)]
        found = revising.between(connection, pair[0], pair[1], level=level.value, indicator=indicator)
        acts = revising.summary(connection, *pair)
    if format is not Format.text:
        _print(found, format)
        return
    _print(acts, format)
    typer.echo(", ".join(f"{(found['what'] == what).sum():,} {what}" for what in revising.WHAT) + ".")
    if len(found):
        _print(found[REVISED], format)


@cli.command()
def coverage(
    indicator: Annotated[str | None, typer.Option(help="Indicator code; by default every one.")] = None,
    period: Annotated[str | None, typer.Option(help="A year or a term; by default every one.")] = None,
    level: Annotated[AreaLevel, typer.Option(help="Level of the areas: region or la.")] = AreaLevel.la,
    region: Annotated[str | None, typer.Option(help="One region: code or name.")] = None,
    as_at: AsAt = None,
    format: How = Format.text,
) -> None:
    """Print who reported: units that did, of those expected."""
    from data_access import coverage as covering

    with reading(database()) as connection:
        within = areas.resolve(connection, "region", region) if region else None
        version = _as_at(connection, as_at)
        found = covering.grid(
            connection, indicator=indicator, period=period, level=level.value, region=within, as_at=version
        )
    _print(found[COVERED] if format is Format.text else found, format)


@cli.command("thresholds")
def thresholds_(as_at: AsAt = None, format: How = Format.text) -> None:
    """List the limits behind judgements, markers and suppression, and where an indicator has its own."""
    with reading(database()) as connection:
        _print(thresholds.listed(connection, _as_at(connection, as_at)), format)


@cli.command("plan")
def plan_(
    version: Annotated[int | None, typer.Option(help="A plan version, as it was agreed.")] = None,
    on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Judged on this day; else the strategy's last, a version's, or today."),
    ] = None,
    late: Annotated[bool, typer.Option("--late", help="Only actions that are late.")] = False,
    as_at: AsAt = None,
    format: How = Format.text,
) -> None:
    """List the plan's actions: owner, days, status, and how late each is."""
    with reading(database()) as connection:
        given = _as_at(connection, as_at)
        edit = None if versions.earlier(connection, given) is None else edits.at(connection, int(given or 0))
        ends = queries.about_strategy(connection)["ends"]
        day = lateness.reference_day(ends, date.today())  # type: ignore[arg-type]
        if version is not None:
            agreed = {str(row["number"]): row for row in plan.versions(connection, edit).to_dict("records")}
            areas.check(str(version), agreed, "plan version")
            edit, day = agreed[str(version)]["edit"], agreed[str(version)]["agreed_on"]
        day = on.date() if on else day
        found = lateness.with_lateness(plan.in_force(plan.actions(connection, edit)), day)
    finding = lateness.finding(int(found["late"].sum()), len(found))
    found = found[found["late"]] if late else found
    found["milestones"] = ["; ".join(lateness.step_words(step) for step in steps) for steps in found["milestones"]]
    found = found.map(lambda value: value.isoformat() if isinstance(value, date) else value)
    _print(found[PLANNED] if format is Format.text else found, format)
    if format is Format.text:
        typer.echo(f"{finding} on {words.day(day)}.")


@cli.command()
def migrate() -> None:
    """Create the schema, or bring it up to date; data stay."""
    engine = get_engine()
    bring_up_to_date(engine)
    typer.echo(f"{shown(engine)} is up to date.")


def _said(value: object) -> object:
    return value.strftime("%Y-%m-%d %H:%M") if isinstance(value, pd.Timestamp) else value


def _print(frame: pd.DataFrame, format: Format) -> None:
    if format is Format.csv:
        frame.map(as_text).to_csv(sys.stdout, index=False)
        return
    plain = frame.copy()
    for name in plain.columns[[pd.api.types.is_datetime64_any_dtype(column) for _, column in plain.items()]]:
        plain[name] = plain[name].dt.strftime("%Y-%m-%d %H:%M" if format is Format.text else "%Y-%m-%dT%H:%M:%SZ")
    # NaN is no JSON: a missing figure is null, with its symbol beside it.
    plain = plain.astype(object).where(plain.notna(), None)
    if format is Format.json:
        typer.echo(json.dumps(plain.to_dict("records"), ensure_ascii=False, indent=1))
        return
    numbers = plain.map(lambda value: f"{value:.6g}" if isinstance(value, float) else "" if value is None else value)
    typer.echo(numbers.to_string(index=False) if len(numbers) else "Nothing to list.")


def main(arguments: list[str] | None = None) -> None:
    """Run a command; an error is one sentence and exit status 1, never a traceback."""
    logging.basicConfig(level=logging.CRITICAL)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # names of files may hold what is no text
    try:
        with access.acting_as(access.everybody):
            cli(args=arguments, standalone_mode=True)
    except ImportRefused as refused:
        for problem in refused.problems:
            typer.echo(str(problem), err=True)
        if refused.count > len(refused.problems):
            typer.echo(f"… and {refused.count - len(refused.problems):,} more.", err=True)
        typer.echo(str(refused), err=True)
        sys.exit(1)
    except DataAccessError as error:
        typer.echo(str(error), err=True)
        sys.exit(1)
    except OSError as error:
        typer.echo(f"The output cannot be written ({error.strerror}). Check where it goes.", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        typer.echo("Stopped; nothing was changed.", err=True)
        sys.exit(130)


if __name__ == "__main__":
    main()
