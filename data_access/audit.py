"""Who signed in, loaded, undid, edited, took figures of schools away, or was refused: only ever added to.

It names accounts and numbers of imports, edits and authorities, nothing else of a person. Triggers in the database
refuse to change or delete a row.
"""

import logging
import time
from datetime import UTC, datetime
from enum import StrEnum

import pandas as pd
from sqlalchemy import Connection, func, insert, select

from data_access import access, bulk
from data_access.access import SERVICE, Right
from data_access.engine import get_engine, writing
from data_access.errors import DataAccessError
from data_access.register_tables import audit

log = logging.getLogger("cpd.audit")
HERE = "this machine"  # whoever uses a service without sign-in, or runs a command
LONGEST = 200  # characters of what it was about
AGAIN = 60  # seconds in which the same refusal to the same account is written once
_lately: dict[tuple[str, str], float] = {}


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
    connection.execute(
        insert(audit).values(
            id=int(connection.execute(select(func.coalesce(func.max(audit.c.id), 0))).scalar_one()) + 1,
            made_at=datetime.now(UTC),
            account=(account if account is not None else access.viewer().account) or HERE,
            did=did.value,
            about=about[:LONGEST],
            issued_at=issued_at,
        )
    )


def schools_left(about: str) -> None:
    """Note that figures of single schools are taken away, before they are. about: of which, and how.

    Where people sign in, a database that cannot keep it raises DatabaseProblem, and nothing is to leave.
    """
    account = access.viewer().account
    try:
        with access.acting_as(SERVICE), writing(get_engine(), Right.read) as connection:
            write(connection, Did.exported_schools, about, account=account)
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
        with access.acting_as(SERVICE), writing(get_engine(), Right.read) as connection:
            write(connection, Did.refused, about, account=account)
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
        query = query.where(a.account == account.strip().casefold())
    frame = bulk.frame(connection, query)
    return frame.assign(made_at=pd.to_datetime(frame["made_at"], utc=True))
