"""Who asks, and what they may: checked where the database is read and written, not by hiding a widget.

Without sign-in everyone who uses a service may the same, and the setting CPD_SCHOOLS_OF says whose schools they see.
With sign-in the roles of an account say it (data_access.accounts), asked anew for each request, redraw and write.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from sqlalchemy import ColumnElement, false, true

from data_access.errors import NotAllowed, NotSignedIn, SettingWrong
from data_access.settings import settings


class Role(StrEnum):
    """What an account is here; it may have several."""

    viewer = "viewer"
    la_officer = "la_officer"
    national_analyst = "national_analyst"
    editor = "editor"
    administrator = "administrator"


class Right(StrEnum):
    """What is asked for at the database's door."""

    read = "read"
    load = "load"
    edit = "edit"
    administer = "administer"


RIGHTS = {
    Role.viewer: frozenset({Right.read}),
    Role.la_officer: frozenset({Right.read}),
    Role.national_analyst: frozenset({Right.read, Right.load}),
    Role.editor: frozenset({Right.read, Right.edit}),
    Role.administrator: frozenset(Right),
}
ALL_SCHOOLS = frozenset({Role.national_analyst, Role.administrator})
# What each right is for, and whom it takes, as a refusal says it.
WHAT = {
    Right.read: "see figures",
    Right.load: "load or undo figures and set thresholds",
    Right.edit: "edit the plan, the evidence, partnerships or meetings",
    Right.administer: "give roles or read the audit",
}


@dataclass(frozen=True)
class Viewer:
    """schools_of: the 3-digit codes of the local authorities whose schools may be seen; None: of all.

    account: who signed in; '' without sign-in.
    """

    schools_of: frozenset[str] | None
    rights: frozenset[Right] = frozenset(Right)
    account: str = ""

    def may_see(self, la_code: str) -> bool:
        """True where the schools of this authority may be seen."""
        return self.schools_of is None or la_code in self.schools_of

    def among(self, la_code: ColumnElement) -> ColumnElement[bool]:
        """The condition that a row is of an authority whose schools may be seen."""
        if self.schools_of is None:
            return true()
        return la_code.in_(sorted(self.schools_of)) if self.schools_of else false()

    def check(self, la_code: str, name: str) -> None:
        """Raise NotAllowed, which names the authority, unless its schools may be seen."""
        if not self.may_see(la_code):
            _heard(self.account, f"see the schools of {la_code}")
            raise NotAllowed(
                f"The schools of {name} are shown to its own officers only.",
                f"Choose your own authority, or {ask_whom('CPD_SCHOOLS_OF')}.",
            )

    def may(self, right: Right) -> bool:
        """True where this right is held."""
        return right in self.rights


Who = Callable[[], Viewer]
# The program itself: what is made ready before anybody asks, and what is asked about those who ask.
SERVICE = Viewer(None)
_acting: ContextVar[Who | None] = ContextVar("acting", default=None)
_hear_refusals: list[Callable[[str, str], None]] = []
_session: list[Callable[[], Who | None]] = []


def sessions_are_told_by(session: Callable[[], Who | None]) -> None:
    """Say what knows who asks where nobody acts explicitly: the front does, of the browser session it runs for.

    session: gives what tells who asks, each time anew, in any thread; None where it runs for no session.
    """
    _session[:] = [session]


@contextmanager
def acting_as(who: Who | Viewer) -> Iterator[None]:
    """Within it, in this thread, this is who asks; a function is asked each time, so that a right can end."""
    token = _acting.set((lambda: who) if isinstance(who, Viewer) else who)
    try:
        yield
    finally:
        _acting.reset(token)


def acting() -> Who:
    """What tells who asks now: to go on on their behalf in another thread, as long as they may."""
    chosen = _acting.get()
    if chosen is not None:
        return chosen
    if not sign_in_is_on():
        return everybody
    for session in _session:
        if (found := session()) is not None:
            return found
    return _nobody


def named(account: str) -> str:
    """An account's name as it is kept: providers write the same e-mail address in small and capital letters."""
    given = account.strip()
    return given.lower() if settings().sign_in_account == "email" else given


def _nobody() -> Viewer:
    raise NotSignedIn


def viewer() -> Viewer:
    """Who asks; raises NotSignedIn where nobody has signed in and one must, SettingWrong where settings are wrong."""
    return acting()()


def require(right: Right) -> None:
    """Raise NotSignedIn or NotAllowed unless whoever asks has this right."""
    asking = viewer()
    if right in asking.rights:
        return
    _heard(asking.account, WHAT[right])
    if not asking.rights:
        raise NotAllowed(
            f"The account {asking.account} has no role here.", "Ask the administrator of this service for one."
        )
    raise NotAllowed(f"Your role does not let you {WHAT[right]}.", "Ask the administrator of this service.")


def require_administrator() -> None:
    """Raise NotSignedIn or NotAllowed unless whoever asks gives roles and reads the audit.

    Where nobody signs in that is whoever runs commands: a role that anybody could give would count once people sign in.
    """
    if _acting.get() is None and not sign_in_is_on():
        raise NotAllowed(
            "Nobody signs in here, so nobody is an administrator.",
            "`python -m data_access roles`, `give-role`, `take-role` and `audit` do it on the machine that runs this.",
        )
    require(Right.administer)


def _heard(account: str, what: str) -> None:
    """Tell those who keep account of refusals."""
    for hear in _hear_refusals:
        hear(account, what)


def refusals_are_heard_by(hear: Callable[[str, str], None]) -> None:
    """Say who keeps account of what is refused: an account, and what it asked for."""
    _hear_refusals[:] = [hear]


def signed(by: str) -> str:
    """The name that the history keeps: of the account where somebody signed in, else as it was given."""
    return viewer().account or by


def sign_in_is_on() -> bool:
    """True as soon as a provider is configured."""
    return bool(settings().sign_in_provider)


def ask_whom(setting: str) -> str:
    """What a refusal advises."""
    if sign_in_is_on():
        return "ask the administrator of this service"
    return f"ask whoever runs this service (setting {setting})"


def everybody() -> Viewer:
    """Whoever uses a service without sign-in, or runs a command: who has the database's password may all it may.

    Raises SettingWrong where the setting names no authorities.
    """
    return _everybody(settings().schools_of)


@lru_cache
def _everybody(said: str) -> Viewer:
    given = said.strip().lower()
    if given in ("all", "none"):
        return Viewer(None if given == "all" else frozenset())
    codes = frozenset(code.strip() for code in given.split(",") if code.strip())
    if not codes or not all(len(code) == 3 and code.isdecimal() for code in codes):
        raise SettingWrong(
            "CPD_SCHOOLS_OF does not say whose schools are shown.",
            "Set it to all, none, or 3-digit codes of local authorities such as 202,203.",
        )
    return Viewer(codes)
