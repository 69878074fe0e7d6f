"""What stands around every page: the banner, notices, and the one sentence shown where a page cannot be."""

import logging
from base64 import b64encode
from pathlib import Path

import streamlit as st

from data_access import access, former
from data_access.errors import DataAccessError, DatabaseMissing, DatabaseUnfilled
from exports.views import data
from measures import words
from pages.parts import filters, preparing

log = logging.getLogger("cpd.pages")
OPEN = ":material/lock_open: Nobody signs in here: whoever reaches this address may see and change what you may."
DATA, REVISIONS = "pages/manage/data.py", {"view": "Revisions"}
# In the page itself: no file that only those who signed in may fetch, and no look-up at each redraw.
ICON = "data:image/png;base64," + b64encode((Path(__file__).parent / "icon.png").read_bytes()).decode()
MIXED = "Illustrative data, except where a source says otherwise: the strategy's figures are invented."
ILLUSTRATIVE = "Illustrative data: the figures are invented; they say nothing about any real place or school."
STYLE = """<style>
[class*="st-key-narrow_only"] { display: none; }
@media (max-width: 640px) {
  [class*="st-key-narrow_only"] { display: flex; }
  [class*="st-key-wide_only"] { display: none; }
}
a:focus-visible { outline: 3px solid currentColor !important; outline-offset: -3px; }
.st-key-whence_sheet h2 { font-size: 1.4rem; }
.st-key-whence_sheet h3 { font-size: 1.1rem; }
[class*="st-key-yaml_"] textarea { font-family: monospace; }
</style>"""
# Streamlit writes white on the primary colour, which is pale in the dark theme: 2.1 to 1, where 4.5 is needed; and the
# button of an open menu in a darker shade of it: 4.3 to 1.
DARK_ON_PALE = """<style>
button[kind^="primary"]:not(:disabled) :is(p, span), a[kind="primary"] :is(p, span),
[data-tag] :is(span, button) { color: #0b0c0c; }
button[kind="tertiary"][aria-expanded="true"] :is(p, span) { color: #7db8ec; }
</style>"""
# Streamlit's own buttons on tables and charts, of which the audit would not hear.
ONLY_OURS = """<style>
button[kind="elementToolbar"]:is(
  [aria-label^="Download as "], [aria-label^="Show data"], [aria-label^="Copy Vega-Lite spec"]
) { display: none; }
</style>"""


class Enough(Exception):
    """A page has shown all that there is to show; unlike st.stop() it lets what stands around every page follow."""


def top() -> None:
    """The banner of illustrative data, of an earlier state, and what was not understood in the address.

    All in one block: where a notice comes or goes nothing below it moves to another place in the page, which would
    mount it anew, deaf to what was clicked meanwhile.
    """
    style()
    with st.container(key="top"):
        _above()


def style() -> None:
    """What Streamlit's theme cannot say."""
    st.html(STYLE + (DARK_ON_PALE if st.context.theme.type == "dark" else ""))


def only_our_downloads() -> None:
    """Hide Streamlit's own downloads on a page that shows single schools: ours ask who may, and are audited."""
    st.html(ONLY_OURS)


def _above() -> None:
    known = data.reference(filters.shown().version)
    if known.illustrative:
        st.caption(f":material/info: {MIXED if known.published else ILLUSTRATIVE}")
    if looking_back():
        st.session_state["banner"] = banner = st.empty()
        with banner.container():
            _earlier(known)
    if st.session_state["as_at_fault"]:
        st.warning(st.session_state["as_at_fault"], icon=":material/help:")
    for notice in st.session_state.get("notices", []):
        st.warning(notice, icon=":material/help:")
    now = filters.shown()
    if now.la and (line := former.became(known.changes, now.la, str(now.la_name))):
        st.caption(f":material/call_split: {line}")


def _earlier(known: data.Reference) -> None:
    """Which state is shown, and how much was done since."""
    since = words.plural(data.current_version() - known.version, "change")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(
            f"Shown as it stood on {filters.day(known.made_at)}, {known.made_at:%H:%M} UTC, "
            f"data version {known.version}; {since} since.",
            icon=":material/history:",
        )
        st.page_link(DATA, label="See the changes", icon=":material/difference:", query_params=REVISIONS)
        st.button("Show what counts now", on_click=filters.look_at_now, type="tertiary")


def looking_back() -> bool:
    """True where an earlier state is shown."""
    return bool(st.session_state["looking_back"])


def always_now() -> None:
    """Take the banner of an earlier state away and say that this view has none."""
    with st.session_state["banner"].container():
        st.caption(":material/update: This view always shows what counts now.")


def foot() -> None:
    """The attribution of the outlines; that nobody signs in, where that is so."""
    of_outlines = "Boundaries: Natural Earth (public domain). Codes: Open Government Licence v3.0."
    st.caption(of_outlines if access.sign_in_is_on() else f"{of_outlines}\n\n{OPEN}")


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
