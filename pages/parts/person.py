"""Who is at it: the name that the history keeps, asked for once a session and never guessed."""

import streamlit as st

NEEDED = "Say your name first: it stands in the history."


def name() -> str:
    """The name that was given in this session, or ''."""
    return st.session_state.get("my_name", "")


def ask(key: str) -> str:
    """A field for the name, which begins with what was said elsewhere in this session."""
    st.session_state.setdefault(key, name())
    said = st.text_input("Your name", key=key, max_chars=120, placeholder="For the history")
    st.session_state["my_name"] = said.strip()
    return name()
