"""Accounts: what a provider says of one, which roles it has here, and whether its sign-in still counts.

Roles come from the provider's claim and from our own table; an account may all that any of them lets it. Ours can be
withdrawn at once; what the provider withdraws counts from the next sign-in, which `sign_out` can force.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, func, select

from data_access import access, areas, audit, bulk, edits, queries
from data_access.access import ALL_SCHOOLS, RIGHTS, SERVICE, Right, Role, Viewer
from data_access.engine import adding, get_engine, reading, writing
from data_access.errors import DataAccessError, NotSignedIn
from data_access.once import once
from data_access.register_tables import account_role, edit
from data_access.register_tables import audit as audit_table
from data_access.settings import settings

LONGEST = 120  # characters of an account's name


class RoleRefused(DataAccessError):
    """A role that cannot be given or taken as asked."""


@dataclass(frozen=True)
class Claims:
    """What a provider said of an account when it signed in. issued_at, ends_at: seconds since 1970, of its clock."""

    account: str
    issued_at: int
    ends_at: float
    roles: tuple[str, ...]


def claims_of(said: Mapping[str, Any]) -> Claims:
    """The claims in an ID token, as the provider wrote them; raises NotSignedIn where they name nobody."""
    wanted = settings()
    account = said.get(wanted.sign_in_account)
    if not said.get("is_logged_in", True) or not said.get("sub"):
        raise NotSignedIn
    if not isinstance(account, str) or not account.strip() or len(account) > LONGEST:
        raise NotSignedIn(
            f"The provider does not say your {wanted.sign_in_account}.",
            "Ask whoever runs this service to correct that.",
        )
    if wanted.sign_in_account == "email" and said.get("email_verified", True) not in (True, "true"):
        raise NotSignedIn("The provider has not verified your e-mail address.", "Verify it there, then sign in again.")
    try:
        issued, ends = int(said["iat"]), float(said["exp"])
    except (KeyError, TypeError, ValueError) as error:
        raise NotSignedIn("The provider does not say how long your sign-in lasts.", "Sign in again.") from error
    if wanted.sign_in_hours:
        ends = issued + wanted.sign_in_hours * 3600
    given = said.get(wanted.sign_in_roles) or []
    roles = [given] if isinstance(given, str) else given if isinstance(given, list) else []
    return Claims(access.named(account), issued, ends, tuple(str(role) for role in roles))


def viewer_of(claims: Claims) -> Viewer:
    """Who an account is here now; raises NotSignedIn where its sign-in has ended."""
    if time.time() >= claims.ends_at:
        raise NotSignedIn("Your sign-in has ended.", "Sign in again.")
    return _viewer(claims.account, claims.issued_at, claims.roles)


@once
def _viewer(account: str, issued_at: int, said: tuple[str, ...]) -> Viewer:
    a, r = audit_table.c, account_role.c
    ended = audit.waiting(audit.Did.signed_out, account)  # asked first: what is written meanwhile waits no more
    with access.acting_as(SERVICE), reading(get_engine(), primary=True) as connection:
        out = connection.execute(
            select(func.max(a.issued_at)).where(a.account == account, a.did == audit.Did.signed_out.value)
        ).scalar()
        given = connection.execute(select(r.role, r.la_code).where(r.account == account)).all()
    if out is not None:
        ended.add(out)
    if any(until >= issued_at for until in ended):
        raise NotSignedIn("You have signed out.", "Sign in again.")
    return _with([*(_role(each) for each in said), *((role, la_code) for role, la_code in given)], account)


def _role(said: str) -> tuple[str, str | None]:
    """The role and the authority that a claim such as la_officer:202 says."""
    role, _, la_code = said.partition(":")
    return role.strip().lower(), la_code.strip() or None


def _with(given: list[tuple[str, str | None]], account: str) -> Viewer:
    """What these roles let an account do; names that are none of ours say nothing."""
    roles = {Role(role) for role, _ in given if role in set(Role)}
    rights = frozenset(right for role in roles for right in RIGHTS[role])
    if roles & ALL_SCHOOLS:
        return Viewer(None, rights, account)
    own = frozenset(la_code for role, la_code in given if role == Role.la_officer and la_code)
    return Viewer(own, rights, account)


def came(claims: Claims) -> None:
    """Write into the audit that an account signed in, once for each sign-in, whichever replica it is on."""
    if claims.issued_at in audit.waiting(audit.Did.signed_in, claims.account):
        return
    a = audit_table.c
    here = (a.account == claims.account, a.did == audit.Did.signed_in.value, a.issued_at == claims.issued_at)
    with access.acting_as(SERVICE), reading(get_engine(), primary=True) as connection:
        if connection.execute(select(a.id).where(*here)).first():
            return
    audit.keep(audit.Did.signed_in, account=claims.account, issued_at=claims.issued_at)


def sign_out(account: str, issued_at: int) -> None:
    """End every sign-in of an account up to this one: here at once, everywhere as soon as it is written."""
    if issued_at not in audit.waiting(audit.Did.signed_out, account):
        audit.keep(audit.Did.signed_out, account=account, issued_at=issued_at)


def end_all(engine: Engine, account: str) -> None:
    """End every sign-in of an account, as an administrator."""
    access.require_administrator()
    with adding(engine, Right.administer, wait=settings().database_timeout) as connection:
        a = audit_table.c
        latest = select(func.max(a.issued_at)).where(
            a.account == access.named(account), a.did == audit.Did.signed_in.value
        )
        # By the provider's clock, too, should that be ahead of ours.
        seen = connection.execute(latest).scalar() or 0
        audit.write(
            connection,
            audit.Did.signed_out,
            f"by {access.signed('this machine')}",
            account=access.named(account),
            issued_at=max(int(time.time()), seen),
        )


def roles(connection: Connection) -> pd.DataFrame:
    """Every role in our table: id, account, role, la_code (None but for officers), seen (its edit), made_at, made_by.

    Raises NotAllowed.
    """
    access.require_administrator()
    query = (
        select(account_role, edit.c.made_at, edit.c.made_by)
        .join(edit, edit.c.number == account_role.c.from_edit)
        .order_by(account_role.c.account, account_role.c.role, account_role.c.la_code)
    )
    frame = bulk.frame(connection, query).rename(columns={"from_edit": "seen"})
    codes = frame["la_code"].astype(object).where(frame["la_code"].notna(), None)
    return frame.assign(la_code=codes, made_at=pd.to_datetime(frame["made_at"], utc=True))


def give(engine: Engine, account: str, role: str, la_code: str | None, *, by: str) -> bool:
    """Give an account a role; False where it has it. la_code: of a local-authority officer, and of nobody else.

    Raises RoleRefused, UnknownCode, NotAllowed or DatabaseProblem.
    """
    account = access.named(account)
    if not account or len(account) > LONGEST:
        raise RoleRefused("The account has no name.", f"Type what the provider says in {settings().sign_in_account}.")
    areas.check(role, list(Role), "role")
    if (role == Role.la_officer) != bool(la_code):
        raise RoleRefused(
            "An officer's role is for one local authority, all others are for none.", "Choose the authority, or none."
        )
    access.require_administrator()
    with writing(engine, Right.administer) as connection:
        if la_code:
            areas.check(la_code, queries.authorities(connection)["code"], "local authority")
        r = account_role.c
        same = (r.account == account, r.role == role, r.la_code == la_code if la_code else r.la_code.is_(None))
        if connection.execute(select(r.id).where(*same)).first():
            return False
        number = edits.begin(connection, by, f"Gave {account} the role {_said(role, la_code)}", audit.Did.gave_role)
        edits.add(connection, account_role, {"account": account, "role": role, "la_code": la_code}, number)
    return True


def withdraw(engine: Engine, key: int, *, seen: int, by: str) -> None:
    """Take a role away; it counts no more from the next redraw of whoever has it.

    Raises ChangedMeanwhile, NotAllowed or DatabaseProblem; RoleRefused where nobody could give roles any more.
    """
    access.require_administrator()
    with writing(engine, Right.administer) as connection:
        r = account_role.c
        row = connection.execute(select(r.account, r.role, r.la_code).where(r.id == key)).first()
        if row is not None and row.account == access.viewer().account and row.role == Role.administrator:
            raise RoleRefused(
                "You cannot take your own role of administrator away.", "Let another administrator do it."
            )
        what = f"Took from {row.account} the role {_said(row.role, row.la_code)}" if row else "Took a role away"
        number = edits.begin(connection, by, what, audit.Did.took_role)
        edits.remove(connection, account_role, key, number, seen=seen)


def _said(role: str, la_code: str | None) -> str:
    return f"{role}:{la_code}" if la_code else role


def check_settings() -> None:
    """Raise SettingWrong where sign-in is begun to be configured, but not whole."""
    from data_access.errors import SettingWrong

    if not access.sign_in_is_on():
        return
    wanted = settings()
    needed = {
        "CPD_SIGN_IN_CLIENT": wanted.sign_in_client,
        "CPD_SIGN_IN_SECRET": wanted.sign_in_secret.get_secret_value(),
        "CPD_COOKIE_SECRET": wanted.cookie_secret.get_secret_value(),
    }
    missing = [name for name, value in needed.items() if not value]
    if missing:
        raise SettingWrong(f"Sign-in is configured without {' and '.join(missing)}.", "Set it, or unset the provider.")
    if len(wanted.cookie_secret.get_secret_value()) < 32:
        raise SettingWrong("CPD_COOKIE_SECRET is too short.", "Set 32 random characters or more.")
