"""Who signed in, loaded, undid, edited, took figures of schools away, or was refused: only ever added to.

It names accounts and numbers of imports, edits and authorities, nothing else of a person. Triggers in the database
refuse to change or delete a row. What is part of a change is written with it; what stands alone, a sign-in, a sign-out,
a file of schools, a refusal, waits for no import (docs/decisions/0019).
"""

import atexit
import logging
import threading
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, func, insert, select

from data_access import access, bulk
from data_access.access import SERVICE, Right
from data_access.engine import WRITERS, adding, get_engine
from data_access.errors import DataAccessError, DatabaseLocked, DatabaseProblem
from data_access.register_tables import audit

log = logging.getLogger("cpd.audit")
HERE = "this machine"  # whoever uses a service without sign-in, or runs a command
LONGEST = 200  # characters of what it was about
AGAIN = 60  # seconds in which the same refusal to the same account is written once
SOON = 0.5  # seconds that whoever is here waits for another writer
LATER = 10.0  # seconds that a row which waits does, before it is tried again
REST = 5.0  # seconds before that where it is not another writer who is in the way
MOST_NAMED = 20  # authorities that one row names
MOST = 1000  # rows that wait in this process at most; sign-outs wait in any case
_lately: dict[tuple[str, str], float] = {}
_waiting: list[tuple[Engine, dict[str, Any]]] = []  # oldest first; a row stays until it is written
_joining, _turn = threading.Lock(), threading.Lock()  # held to join those that wait; to write one of them


class Did(StrEnum):
    """What an account did."""

    signed_in = "signed in"
    signed_out = "signed out"
    loaded = "loaded"
    undid = "undid"
    set_threshold = "set a threshold"
    edited = "edited"
    gave_role = "gave a role"
    took_role = "took a role"
    exported_schools = "exported schools"
    refused = "was refused"


def write(
    connection: Connection, did: Did, about: str = "", *, account: str | None = None, issued_at: int | None = None
) -> None:
    """Add a row, part of the caller's transaction. issued_at: which sign-in, by the provider's clock."""
    _insert(connection, _row(did, about, account if account is not None else access.viewer().account, issued_at))


def _row(did: Did, about: str, account: str, issued_at: int | None) -> dict[str, Any]:
    said = {"account": account or HERE, "did": did.value, "about": about[:LONGEST], "issued_at": issued_at}
    return {"made_at": datetime.now(UTC)} | said


def _insert(connection: Connection, row: dict[str, Any]) -> None:
    number = int(connection.execute(select(func.coalesce(func.max(audit.c.id), 0))).scalar_one()) + 1
    while not _free(connection, number):
        number += 1
    connection.execute(insert(audit).values(id=number, **row))


def _free(connection: Connection, number: int) -> bool:
    """Whether no row has this number, nor will have it by another open transaction: it is this one's from now on.

    An import has its row for minutes before anybody else sees it; who took the same number would wait for its end.
    """
    if connection.dialect.name != "postgresql":
        return True  # one writer
    if not connection.execute(select(func.pg_try_advisory_xact_lock(WRITERS, number))).scalar_one():
        return False
    return connection.execute(select(audit.c.id).where(audit.c.id == number)).first() is None


# Rows of their own ---------------------------------------------------------------------------------------


def keep(did: Did, about: str = "", *, account: str, issued_at: int | None = None) -> None:
    """Write a row in a transaction of its own, whatever else is being written.

    Where SQLite is being written to by others, the row waits in this process and is written as soon as they are done.
    So does a sign-out, which counts here from then on, while any database cannot be written to. Else raises
    DatabaseProblem.
    """
    engine, row = get_engine(), _row(did, about, account, issued_at)
    one_writer = engine.dialect.name == "sqlite"
    if not (one_writer and _waiting):
        try:
            _write(engine, row, SOON)
            return
        except DatabaseProblem as error:
            if did is not Did.signed_out and not (one_writer and isinstance(error, DatabaseLocked)):
                raise
    _join(engine, row)


def waiting(did: Did, account: str) -> set[int]:
    """Which sign-ins of an account have such a row that waits to be written: their issued_at."""
    rows = [row for _, row in list(_waiting)]
    return {row["issued_at"] for row in rows if (row["did"], row["account"]) == (did.value, account)}


def _write(engine: Engine, row: dict[str, Any], wait: float) -> None:
    with access.acting_as(SERVICE), adding(engine, Right.read, wait=wait) as connection:
        _insert(connection, row)


def _join(engine: Engine, row: dict[str, Any]) -> None:
    """Let a row wait; DatabaseLocked where too many do."""
    with _joining:
        if len(_waiting) >= MOST and row["did"] != Did.signed_out:
            raise DatabaseLocked(
                "Another program is writing to the database, and the audit waits for it.",
                "Wait for it to finish, then try again.",
            )
        first = not _waiting
        _waiting.append((engine, row))
    log.warning("To be written into the audit as soon as the database can be written to: %s", _said(row))
    if first:
        threading.Thread(target=_work_off, name="cpd-audit", daemon=True).start()


def _work_off() -> None:
    """Write what waits, until nothing does."""
    while True:
        rest = 0.0
        try:
            _write_first(LATER)
        except DatabaseLocked:
            rest = SOON
        except DatabaseProblem:
            rest = REST
        except Exception:
            log.exception("A row that waits could not be written into the audit")
            rest = REST
        with _joining:
            if not _waiting:
                return
        time.sleep(rest)


def _write_first(wait: float) -> None:
    with _turn:
        if _waiting:
            _write(*_waiting[0], wait)
            del _waiting[0]


@atexit.register
def _end() -> None:
    """Before the process ends write what waits; the log keeps what cannot be."""
    try:
        while _waiting:
            _write_first(SOON)
    except Exception:
        for _, row in _waiting:
            log.error("Not written into the audit, which the database did not take until the end: %s", _said(row))


def _said(row: dict[str, Any]) -> str:
    return f"{row['made_at']:%Y-%m-%d %H:%M:%S} {row['account']} {row['did']} {row['about']}".strip()


def schools_of(authorities: Iterable[str]) -> str:
    """'schools of 202, 203' or 'schools of 33 authorities'; '' of none. authorities: their codes, as often as there."""
    codes = sorted(set(authorities))
    if len(codes) > MOST_NAMED:
        return f"schools of {len(codes)} authorities"
    return f"schools of {', '.join(codes)}" if codes else ""


def schools_left(about: str) -> None:
    """Note that figures of single schools are taken away, before they are. about: of which, and how.

    Where people sign in, a database that cannot keep it raises DatabaseProblem, and nothing is to leave.
    """
    account = access.viewer().account
    try:
        keep(Did.exported_schools, about, account=account)
    except DataAccessError as error:
        if access.sign_in_is_on():
            raise
        log.error("An export of schools could not be written into the audit: %s", error)


def refused(account: str, about: str) -> None:
    """Note that something was refused; a database that cannot be written to does not undo the refusal."""
    if not account:
        return  # whoever uses a service without sign-in, or has not signed in: the log of requests has it
    now = time.monotonic()
    for key, at in list(_lately.items()):
        if now - at > AGAIN:
            _lately.pop(key, None)
    if (account, about) in _lately or len(_lately) > 10_000:
        return
    _lately[account, about] = now
    try:
        keep(Did.refused, about, account=account)
    except DataAccessError as error:
        log.error("A refusal could not be written into the audit: %s", error)


access.refusals_are_heard_by(refused)


def entries(
    connection: Connection, *, did: str | None = None, account: str | None = None, limit: int = 500
) -> pd.DataFrame:
    """The latest rows, newest first: id, made_at (UTC), account, did, about. Raises NotAllowed."""
    access.require_administrator()
    a = audit.c
    query = select(a.id, a.made_at, a.account, a.did, a.about).order_by(a.id.desc()).limit(limit)
    if did:
        query = query.where(a.did == did)
    if account:
        query = query.where(a.account == access.named(account))
    frame = bulk.frame(connection, query)
    return frame.assign(made_at=pd.to_datetime(frame["made_at"], utc=True))
