"""Evidence: how do we know?"""

import streamlit as st

from exports import evidence as files
from exports.views import data, evidence
from measures.strength import AGE_RULE
from pages.parts import case_studies, evidence_file, evidence_form, evidence_list, facts, filters, frame, show

# View → the parameters of an address that mean it, where the address names no view.
VIEWS = {
    "Gaps": set(),
    "Register": {"evidence", "outcome", "kind", "strength"},
    "Case studies": {"case", "feature", "priority"},
    "Published facts": set(),
}
FIRST = "Gaps"

now = filters.shown()
st.title("How do we know?")
filters.understand("sheet", list(VIEWS), "view", FIRST)
if "sheet" not in st.session_state and "sheet" not in st.query_params:
    asked = set(st.query_params)
    st.session_state["sheet"] = next((name for name, meant in VIEWS.items() if meant & asked), FIRST)
view = st.segmented_control(
    "View",
    list(VIEWS),
    required=True,
    key="sheet",
    bind="query-params",
    label_visibility="collapsed",
    on_change=filters.forget_notices,
)

if view in ("Gaps", "Register"):
    st.caption(evidence_list.line(now))
if view == "Gaps":
    show.figure(evidence.evidence_matrix(now), "evidence_matrix", version=now.version)
    st.markdown("## What makes evidence strong")
    st.table(files.rules(), hide_index=True)
    st.caption(
        f"{AGE_RULE} The rule sees who answered, not whether the right people were asked: "
        "the method of each entry says that."
    )
elif view == "Register":
    editable = not frame.looking_back()
    evidence_form.said()
    found = evidence_list.filtered(now)
    evidence_list.listed(now, found)
    with st.container(horizontal=True):
        evidence_list.downloads(now, found)
        if editable:
            evidence_form.enter(now)
    if editable and evidence_form.is_open():
        evidence_form.form(now)
    else:
        evidence_list.entry(now)
    if editable:
        evidence_form.away()
        evidence_file.bring_in()
    else:
        st.info("This is an earlier state. Show what counts now to add or change entries.", icon=":material/history:")
    evidence_list.latest_edits()
elif view == "Case studies":
    st.caption("Real cases that the strategy tells, all of England whatever the sidebar says.")
    case_studies.view(now)
else:
    st.caption("Real figures that others published; they are not part of the illustrative data.")
    facts.view(data.published_facts(now.version))
