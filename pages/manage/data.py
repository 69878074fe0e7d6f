"""Data: what is in here, and how do I add to it?"""

import streamlit as st

from pages.parts import bring_in, covered, filters, frame, history, revised, take_out

VIEWS = {
    "Bring in": bring_in.view,
    "History": history.view,
    "Revisions": revised.view,
    "Coverage": covered.view,
    "Checks": history.standing_checks,
    "Take out": take_out.view,
}
OF_NOW = {"Bring in", "History", "Checks"}  # whatever the sidebar looks back to

st.title("What is in here, and how do I add to it?")
FIRST = next(iter(VIEWS))
filters.understand("view", list(VIEWS), "view", FIRST)
if "view" not in st.session_state and "view" not in st.query_params:
    st.session_state["view"] = FIRST
chosen = st.session_state.get("view") or st.query_params.get("view") or FIRST
if chosen in OF_NOW and frame.looking_back():
    frame.always_now()
else:
    st.caption(filters.line())
view = st.segmented_control(
    "View",
    list(VIEWS),
    required=True,
    key="view",
    bind="query-params",
    label_visibility="collapsed",
    on_change=filters.forget_notices,
)
VIEWS[view or FIRST]()
