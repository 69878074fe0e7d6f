"""Who has signed in, for the pages: Streamlit's own sign-in configured from our settings, its gate, and its watch."""

import logging
import math
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from data_access import access, accounts
from data_access.access import Viewer
from data_access.accounts import Claims
from data_access.errors import DataAccessError, NotAllowed, NotSignedIn
from exports.views import data
from measures import words
from pages.parts import frame, plain

log = logging.getLogger("cpd.signed")
ASK_AGAIN = 20  # seconds, after which an open page asks whether its reader may still see it
SEEN = "seen_as"  # session state: as whom the page on the screen was made
TRY_AGAIN = 60.0  # seconds, after which the audit is asked once more to keep a sign-in that it could not
MOST = 10_000  # sign-ins that are remembered as kept; what is forgotten is looked up in the audit again
_kept: dict[tuple[str, int], float] = {}  # a sign-in, and when the audit is asked again to keep it
_keeping = threading.Lock()


def session() -> access.Who | None:
    """What tells who asks in the browser session that this thread runs for; None in other threads."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return None
    said = st.user.to_dict()
    return lambda: viewer_of(said)


def viewer_of(said: Mapping[str, Any]) -> Viewer:
    """Who a provider's claims name, as they may now; raises NotSignedIn."""
    return accounts.viewer_of(accounts.claims_of(said))


def gate() -> Viewer | None:
    """Who asks; None where the page says why nothing else is shown. The first thing of every run."""
    access.sessions_are_told_by(session)
    if not access.sign_in_is_on():
        return access.viewer()
    try:
        accounts.check_settings()
        claims = accounts.claims_of(st.user.to_dict())
        here = accounts.viewer_of(claims)
        came(claims)
        access.require(access.Right.read)
    except DataAccessError as error:
        _refuse(error)
        return None
    st.session_state[SEEN] = here
    return here


def came(claims: Claims) -> None:
    """Have the audit say that an account signed in: by a page or by a request, one row for each sign-in.

    A database that cannot take it now refuses nobody: it is asked again a while later.
    """
    sign_in, now = (claims.account, claims.issued_at), time.monotonic()
    with _keeping:
        if now < _kept.get(sign_in, -math.inf):
            return
        _kept.pop(sign_in, None)
        while len(_kept) >= MOST:
            del _kept[next(iter(_kept))]
        _kept[sign_in] = now + TRY_AGAIN  # other requests do not wait for the same row
    try:
        accounts.came(claims)
    except DataAccessError as error:
        log.error("A sign-in could not be written into the audit: %s", error)
        return
    with _keeping:
        if sign_in in _kept:
            _kept[sign_in] = math.inf


def _refuse(error: DataAccessError) -> None:
    """Nothing but the sentence, and the way to sign in, or to sign in as somebody else."""
    st.session_state.pop(SEEN, None)
    frame.style()
    st.title("CPD strategy dashboard")
    if isinstance(error, NotSignedIn):
        st.write(error.sentence if st.user.get("is_logged_in") else "Sign in with your organisation's account.")
        st.button("Sign in", type="primary", icon=":material/login:", on_click=_sign_in, key="sign_in")
        return
    log.error("%s", error)
    st.error(f"**{error.sentence}** {error.remedy}", icon=":material/error:")
    if isinstance(error, NotAllowed):
        st.button("Sign in with another account", icon=":material/login:", on_click=_sign_in, key="sign_in")


def _sign_in() -> None:
    st.login()


@contextmanager
def to_its_end(here: Viewer) -> Iterator[None]:
    """A page's run. However it ends, early or by an error, what was drawn says who sees it and is watched."""
    try:
        yield
    except frame.Enough:
        pass
    except DataAccessError as error:
        frame.refuse(error)
    except Exception:
        _foot(here)
        raise
    _foot(here)


def _foot(here: Viewer) -> None:
    frame.foot()
    who(here)


def who(here: Viewer) -> None:
    """As whom the page is shown, with the way out, where people sign in."""
    if not access.sign_in_is_on():
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f":material/account_circle: Signed in as {plain.escaped(here.account)}: {roles(here)}.")
        st.button("Sign out", icon=":material/logout:", type="tertiary", on_click=st.logout, key="sign_out")
    _watch()


def roles(here: Viewer) -> str:
    """What somebody may, in words."""
    see = "see areas"
    if here.schools_of is None:
        see += " and every school"
    elif here.schools_of:
        see += f" and the schools of {words.joined(_names(here.schools_of))}"
    said = {access.Right.load: "load figures", access.Right.edit: "edit", access.Right.administer: "give roles"}
    return "may " + ", ".join([see, *(text for right, text in said.items() if here.may(right))])


def _names(codes: Iterable[str]) -> list[str]:
    """Authorities by name; by code where the database names none, or cannot be asked."""
    named: dict[str, str] = {}
    with suppress(DataAccessError):
        named = data.reference(data.current_version()).authorities.set_index("code")["name"].to_dict()
    return sorted(named.get(code, code) for code in codes)


@st.fragment(run_every=ASK_AGAIN)
def _watch() -> None:
    """An open page asks by itself: it closes soon after its reader signed out elsewhere or lost a role."""
    try:
        same = access.viewer() == st.session_state.get(SEEN)
    except NotAllowed:
        same = False
    except DataAccessError:
        return  # the database does not answer: the next click says so
    if not same:
        st.rerun()
