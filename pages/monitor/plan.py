"""Plan: who promised what, and is it done?"""

import streamlit as st

from pages.parts import filters, plan_board, plan_review

VIEWS = {"Actions": plan_board.view, "Reviews": plan_review.view}

st.title("Who promised what, and is it done?")
FIRST = next(iter(VIEWS))
filters.understand("part", list(VIEWS), "part of this page", FIRST)
if "part" not in st.session_state and "part" not in st.query_params:
    st.session_state["part"] = FIRST
part = st.segmented_control(
    "Part of this page",
    list(VIEWS),
    required=True,
    key="part",
    bind="query-params",
    label_visibility="collapsed",
    on_change=filters.forget_notices,
)
VIEWS[part or FIRST](filters.shown())
