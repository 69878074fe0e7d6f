"""Commands on accounts: which roles they have, who did what. `python -m data_access` lists them."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from data_access import access, accounts, areas, audit
from data_access.access import Role
from data_access.commands import By, cli, database, save
from data_access.engine import reading
from data_access.errors import UnknownCode
from data_access.files.spreadsheets import csv_bytes
from data_access.imports import who

Account = Annotated[str, typer.Argument(help="As the provider names it in the claim CPD_SIGN_IN_ACCOUNT.")]
RoleName = Annotated[Role, typer.Argument(help="What it is here.")]
Authority = Annotated[str | None, typer.Option(help="An officer's local authority: code or name.")]
MOST = 100_000  # rows of the audit in a file


@cli.command("give-role")
def give_role(account: Account, role: RoleName, la: Authority = None, by: By = None) -> None:
    """Give an account a role; the first administrator gets it here."""
    engine = database()
    with reading(engine) as connection:
        la_code = areas.resolve(connection, "la", la) if la else None
    given = accounts.give(engine, account, role.value, la_code, by=by or who())
    typer.echo("Given; it counts at once." if given else "It has that role already: nothing was changed.")


@cli.command("take-role")
def take_role(account: Account, role: RoleName, la: Authority = None, by: By = None) -> None:
    """Take a role from an account; it counts no more at once."""
    engine = database()
    with reading(engine) as connection:
        la_code = areas.resolve(connection, "la", la) if la else None
        there = accounts.roles(connection)
    same = (there["account"] == access.named(account)) & (there["role"] == role.value)
    found = there[same & (there["la_code"].eq(la_code) if la_code else there["la_code"].isna())]
    if found.empty:
        raise UnknownCode(f"{account} does not have that role here.", "`roles` lists what each account has.")
    accounts.withdraw(engine, int(found["id"].iloc[0]), seen=int(found["seen"].iloc[0]), by=by or who())
    typer.echo("Taken; it counts no more.")


@cli.command()
def roles() -> None:
    """List the roles that accounts were given here; the provider may give others."""
    with reading(database()) as connection:
        found = accounts.roles(connection)
    typer.echo(_listed(found[["account", "role", "la_code", "made_at", "made_by"]]))


@cli.command("sign-out")
def sign_out(account: Account) -> None:
    """End every sign-in of an account, in all browsers, within a minute."""
    accounts.end_all(database(), account)
    typer.echo("Ended.")


@cli.command("audit")
def audit_(
    out: Annotated[Path | None, typer.Option(help="A CSV file to write instead of printing the latest.")] = None,
) -> None:
    """Say who signed in, loaded, undid, edited, took figures of schools away, or was refused."""
    with reading(database()) as connection:
        found = audit.entries(connection, limit=MOST if out else 50)
    if out:
        save(out, csv_bytes(found))
    typer.echo(f"Wrote {out}: {len(found):,} rows." if out else _listed(found))


def _listed(frame: pd.DataFrame) -> str:
    plain = frame.assign(made_at=frame["made_at"].dt.strftime("%Y-%m-%d %H:%M"))
    plain = plain.astype(object).where(plain.notna(), "")
    return plain.to_string(index=False) if len(plain) else "Nothing to list."
