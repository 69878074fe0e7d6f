"""Partnerships: who works with whom, and does it last?"""

import streamlit as st

from pages.parts import (
    filters,
    partnership_figures,
    partnership_health,
    partnership_impacts,
    partnership_lasting,
    partnership_networks,
    partnership_progress,
    partnership_register,
    partnership_stalling,
)

VIEWS = {
    "Register": partnership_register.view,
    "Impacts and challenges": partnership_impacts.view,
    "Stalling": partnership_stalling.view,
    "Does it last?": partnership_lasting.view,
    "Networks": partnership_networks.view,
    "Health check": partnership_health.view,
    "Does it go with progress?": partnership_progress.view,
    "Figures": partnership_figures.view,
}
FIRST = "Register"

now = filters.shown()
st.title("Who works with whom, and does it last?")
filters.understand("show", list(VIEWS), "view", FIRST)
if "show" not in st.session_state and "show" not in st.query_params:
    st.session_state["show"] = FIRST
view = st.segmented_control(
    "View",
    list(VIEWS),
    required=True,
    key="show",
    bind="query-params",
    label_visibility="collapsed",
    on_change=filters.forget_notices,
)
st.caption(partnership_register.line(now))
VIEWS[view or FIRST](now)
