"""What stands around every page: the banner, notices, and the one sentence shown where a page cannot be."""

import logging
from pathlib import Path

import streamlit as st

from data_access.errors import DataAccessError, DatabaseMissing, DatabaseUnfilled
from pages.parts import data, filters, preparing

log = logging.getLogger("cpd.pages")
ICON = Path(__file__).parent / "icon.png"
ILLUSTRATIVE = "Illustrative data: the figures are invented; they say nothing about any real place or school."
STYLE = """<style>
.st-key-narrow_only { display: none; }
@media (max-width: 640px) { .st-key-narrow_only { display: flex; } .st-key-wide_only { display: none; } }
</style>"""


def top() -> None:
    """The banner of illustrative data, of an earlier state, and what was not understood in the address."""
    st.html(STYLE)
    known = data.reference(filters.shown().version)
    if known.illustrative:
        st.caption(f":material/info: {ILLUSTRATIVE}")
    if st.session_state["looking_back"]:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.info(
                f"Shown as it stood on {filters.day(known.made_at)}, data version {known.version}.",
                icon=":material/history:",
            )
            st.button("Show what counts now", on_click=filters.look_at_now, type="tertiary")
    if st.session_state["as_at_fault"]:
        st.warning(st.session_state["as_at_fault"], icon=":material/help:")
    for notice in st.session_state.get("notices", []):
        st.warning(notice, icon=":material/help:")


def foot() -> None:
    """The attribution of the outlines."""
    st.caption("Boundaries: Natural Earth (public domain). Codes: Open Government Licence v3.0.")


def refuse(error: DataAccessError) -> None:
    """One sentence and its remedy, on the page and in the log; the cause where filling the database failed."""
    if preparing.failure is not None and isinstance(error, DatabaseMissing | DatabaseUnfilled):
        error = preparing.failure
    log.error("%s", error)
    st.error(f"**{error.sentence}** {error.remedy}", icon=":material/error:")


def broken(error: Exception) -> bool:
    """What a reader sees of a fault of ours: a sentence, never a traceback, which goes to the log."""
    log.error("A page failed", exc_info=error)
    st.error(
        "**This page could not be shown.** Reload it; if that does not help, tell whoever runs this service: "
        "the log says why."
    )
    return True
