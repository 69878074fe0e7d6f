"""Meeting: take us through it."""

import streamlit as st

from pages.parts import agenda, filters, frame, meetings, minutes, noted, pack, since

VIEWS = {
    "Agenda": agenda.view,
    "Since last meeting": since.view,
    "In the room": noted.view,
    "Minutes": minutes.view,
}
FIRST = next(iter(VIEWS))

st.title("Take us through it")
if frame.looking_back():
    frame.always_now()
meeting = meetings.choice()
if meeting is not None:
    meetings.about(meeting)
    with st.container(horizontal=True):
        st.link_button("Present", f"/present/{meeting['id']}", icon=":material/slideshow:", type="primary")
        pack.buttons(meeting)
    filters.understand("what", list(VIEWS), "view", FIRST)
    if "what" not in st.session_state and "what" not in st.query_params:
        st.session_state["what"] = FIRST
    view = st.segmented_control(
        "View",
        list(VIEWS),
        required=True,
        key="what",
        bind="query-params",
        label_visibility="collapsed",
        on_change=filters.forget_notices,
    )
    VIEWS[view or FIRST](meeting)
