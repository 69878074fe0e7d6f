"""Which partnership: chosen in a box, kept in the address as ?partnership=CODE."""

import streamlit as st

from exports.shown import Shown
from exports.views import partnerships
from pages.parts import editing, filters
from pages.parts.plain import escaped

NONE_CHOSEN = ""
CHOICE = "partnership_choice"


def choose(code: str) -> None:
    """Put a partnership into the address, or '' take it out; for callbacks."""
    filters.forget_notices()
    editing.end()
    if code:
        st.query_params["partnership"] = code
    elif "partnership" in st.query_params:
        del st.query_params["partnership"]


def chosen(now: Shown) -> str:
    """The box to choose a partnership in; the code that the address names, '' where none is."""
    names = partnerships.names(now)
    given = st.query_params.get("partnership", NONE_CHOSEN).strip()
    code = given.upper() if given.upper() in names else NONE_CHOSEN
    if given and not code:
        said = given if len(given) <= 40 else f"{given[:40]}…"
        st.warning(f"“{escaped(said)}” is not in the register now; none is chosen.", icon=":material/help:")
    st.session_state[CHOICE] = code
    st.selectbox(
        "Partnership",
        [NONE_CHOSEN, *names],
        format_func=lambda each: names.get(each, "None chosen"),
        key=CHOICE,
        on_change=lambda: choose(st.session_state[CHOICE]),
        help="Type part of its name, or its code.",
        filter_mode="contains",
    )
    return code
