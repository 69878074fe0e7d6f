"""Who is at it: the name that the history keeps. The account where people sign in; else asked for, never guessed."""

import streamlit as st

from data_access import access
from data_access.access import WHAT, Right

NEEDED = "Say your name first: it stands in the history."


def name() -> str:
    """The account that signed in, or the name that was given in this session, or ''."""
    return access.viewer().account or st.session_state.get("my_name", "")


def given(typed: str | None) -> str:
    """The account that signed in, or the name as it was typed, which other fields then begin with."""
    st.session_state["my_name"] = (typed or "").strip()
    return name()


def may(right: Right) -> bool:
    """Whether the reader's role lets them; says so where it does not."""
    if access.viewer().may(right):
        return True
    st.info(f"Nothing can be saved here: your role does not let you {WHAT[right]}.", icon=":material/lock:")
    return False


def ask(key: str, right: Right = Right.edit) -> str:
    """A field for the name, which begins with what was said elsewhere in this session; none for who has signed in.

    Says so where the reader's role does not let them save.
    """
    may(right)
    if account := access.viewer().account:
        return account
    st.session_state.setdefault(key, name())
    return given(st.text_input("Your name", key=key, max_chars=120, placeholder="For the history"))
