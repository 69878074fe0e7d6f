"""Commands on the database: `python -m data_access import | values | migrate`."""

import json
import logging
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from data_access import areas, queries, values
from data_access.engine import get_engine, reading, shown
from data_access.errors import DataAccessError, ImportRefused, UnknownCode
from data_access.files.mapping import read_mapping
from data_access.imports import import_file
from data_access.migrate import migrate as bring_up_to_date
from data_access.migrate import ready

cli = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
VALUE_COLUMNS = [
    "area_code", "area", "period", "value", "lower", "upper", "numerator", "denominator", "coverage",
    "expected", "target", "status", "symbol",
]  # fmt: skip


class Level(StrEnum):
    """Levels that have figures."""

    england = "england"
    region = "region"
    la = "la"
    school = "school"


class Format(StrEnum):
    """Ways to print a table."""

    csv = "csv"
    json = "json"


@cli.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A CSV in the DfE explore-education-statistics layout.")],
    meta: Annotated[Path, typer.Option(help="Its .meta.csv.")],
    mapping: Annotated[Path, typer.Option(help="YAML that says which column is what.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and report; write nothing.")] = False,
) -> None:
    """Load a file, all of it or none of it."""
    engine = get_engine()
    ready(engine)
    typer.echo(str(import_file(engine, file, meta, read_mapping(mapping), dry_run=dry_run)))


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
    format: Annotated[Format, typer.Option(help="How to print.")] = Format.csv,
) -> None:
    """Print published figures: the same that the pages show."""
    engine = get_engine()
    ready(engine)
    with reading(engine) as connection:
        about = queries.indicators(connection).set_index("code")
        areas.check(indicator, about.index, "indicator")
        areas.check(staff_group, queries.staff_groups(connection)["code"], "staff group")
        areas.check(phase, ["all", "primary", "secondary", "special"], "phase")
        areas.check(period, queries.periods(connection)["code"], "period")
        if level is Level.school:
            la_code = areas.authority_of(connection, area) if area else None
            frame = values.school_values(connection, indicator, la_code=la_code, staff_group=staff_group, phase=phase)
            wanted = area if area is not None and area in set(frame["area_code"]) else None
        else:
            frame = values.area_values(
                connection, level.value, staff_group=staff_group, phase=phase, indicator=indicator
            )
            wanted = areas.resolve(connection, level.value, area) if area else None
    chosen = values.at_period(frame, period, about["frequency"])
    if wanted is not None:
        chosen = chosen[chosen["area_code"] == wanted]
    if chosen.empty:
        raise UnknownCode(
            f"{indicator} has no figures for {period} at this level.", "Choose another period, level or area."
        )
    _print(chosen[VALUE_COLUMNS], format)


def _print(frame: pd.DataFrame, format: Format) -> None:
    if format is Format.csv:
        frame.to_csv(sys.stdout, index=False)
        return
    # NaN is no JSON: a missing figure is null, with its symbol beside it.
    records = frame.astype(object).where(frame.notna(), None).to_dict("records")
    typer.echo(json.dumps(records, ensure_ascii=False, indent=1))


@cli.command()
def migrate() -> None:
    """Create the schema, or bring it up to date; data stay."""
    engine = get_engine()
    bring_up_to_date(engine)
    typer.echo(f"{shown(engine)} is up to date.")


def main() -> None:
    """Run a command; an error is one sentence and exit status 1, never a traceback."""
    logging.basicConfig(level=logging.CRITICAL)
    try:
        cli(standalone_mode=True)
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


if __name__ == "__main__":
    main()
