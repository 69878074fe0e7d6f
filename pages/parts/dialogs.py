"""Which dialog stands open: one at a time, from run to run, but on the page where it was asked for only."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import streamlit as st

# Where each remembers in session state what it was asked; of two, the first here is drawn.
NAMES: Final = ("pinning", "bundling", "sharing", "whence")

_keep_focus = st.components.v2.component(
    "cpd_keep_focus", js=Path(__file__).with_name("keep_focus.js").read_text(encoding="utf-8")
)


def asked(name: str, page: str, close: Callable[[], None]) -> Any | None:
    """What a dialog was asked, where it is to be drawn; it is closed on another page. page: its address."""
    others = NAMES[: NAMES.index(name)]
    if st.session_state.get(name) is None or any(st.session_state.get(other) is not None for other in others):
        return None
    if st.session_state.setdefault(f"{name}_page", page) != page:
        close()
    return st.session_state.get(name)


def forget(name: str, *more: str) -> None:
    """Forget what a dialog was asked, and what else it keeps in session state."""
    for key in (name, f"{name}_page", *more):
        st.session_state.pop(key, None)


def keep_focus(name: str) -> None:
    """Keep the keyboard in the dialog while it makes a file; at its end."""
    _keep_focus(key=f"{name}_focus")
