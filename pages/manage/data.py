"""Data: what is in here, is it sound, how do I add to it?"""

import streamlit as st

from pages.parts import bring_in, covered, filters, history, plain, revised, take_out

VIEWS = {
    "Bring in": bring_in.view,
    "History": history.view,
    "Revisions": revised.view,
    "Coverage": covered.view,
    "Checks": history.standing_checks,
    "Take out": take_out.view,
}

plain.legible()
st.title("What is in here, and is it sound?")
st.caption(filters.line())
if "view" not in st.session_state and st.query_params.get("view") not in VIEWS:
    st.session_state["view"] = next(iter(VIEWS))
view = st.segmented_control(
    "View", list(VIEWS), required=True, key="view", bind="query-params", label_visibility="collapsed"
)
VIEWS[view or next(iter(VIEWS))]()
