"""`python -m seed_data [--schools N]`: create, migrate and fill the database, once; a second run changes nothing."""

import logging
import time
from typing import Annotated

import typer

from data_access import access
from data_access.engine import get_engine, shown
from data_access.errors import DataAccessError
from seed_data.fill import DEFAULT_SCHOOLS, fill


def main(
    schools: Annotated[
        int, typer.Option(help="How many illustrative schools; 22000 is the national size.")
    ] = DEFAULT_SCHOOLS,
) -> None:
    """Create, migrate and fill the database that CPD_DATABASE_URL names (var/cpd.db unless set)."""
    logging.basicConfig(level=logging.CRITICAL)
    started = time.monotonic()
    try:
        engine = get_engine()
        with access.acting_as(access.everybody):
            filled = fill(engine, schools, lambda line: typer.echo(f"  {line}"))
    except DataAccessError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    if filled:
        typer.echo(f"Filled {shown(engine)} with illustrative data in {time.monotonic() - started:.1f} s.")
    else:
        typer.echo(f"{shown(engine)} is ready; nothing was changed.")


if __name__ == "__main__":
    typer.run(main)
