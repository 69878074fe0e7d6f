"""Plan: who promised what, and is it done?"""

from datetime import date

import streamlit as st

from exports import plan as files
from exports.views import data, plan
from measures import words
from pages.parts import filters, plain, plan_choice, plan_form, plan_review, show
from pages.parts.navigation import ADDRESSES

PRIORITIES = "pages/monitor/priorities.py"
VIEWS = ["Actions", "Reviews"]

now = filters.shown()
st.title("Who promised what, and is it done?")
filters.understand("part", VIEWS, "part of this page", VIEWS[0])
if "part" not in st.session_state and "part" not in st.query_params:
    st.session_state["part"] = VIEWS[0]
part = st.segmented_control(
    "Part of this page", VIEWS, required=True, key="part", bind="query-params", label_visibility="collapsed"
)
if part == "Reviews":
    plan_review.view(now)
    st.stop()

with st.container(horizontal=True):
    state = plan_choice.state(now)
    which = plan_choice.which(now, state)
found = plan.chosen(state, which)
st.caption(
    plain.unmarked(
        f"{plan.place_words(now, which)} · {state.in_words} · judged on {words.day(state.day)} · "
        f"data version {now.version}"
    )
)
if found["illustrative"].any():
    st.caption(
        "Owners, days, milestones, status and notes are invented. "
        "What the actions are, and with whom, is the strategy’s."
    )

if found.empty:
    st.info("No action passes these filters. Choose another owner, priority or lateness.")
else:
    with st.container(key="wide_only_plan"):
        made = plan.plan_timeline(
            now, which.owner, which.priority, which.late, str(state.version) if state.as_agreed else None
        )
        show.figure(made, "timeline", version=now.version)
    with st.container(key="narrow_only_plan"):
        plan_choice.narrow_list(state, which)
    with st.container(horizontal=True):
        for kind, make in (("xlsx", files.xlsx), ("csv", files.csv)):
            st.download_button(
                f"The plan ({kind.upper()})",
                data=lambda make=make: make(now, state, which, date.today().isoformat()),
                file_name=files.file_name(now, state, which, kind),
                mime=files.KINDS[kind],
                icon=":material/download:",
                key=f"plan_{kind}",
                on_click="ignore",
            )

st.header("What the outcomes show")
st.caption(
    "Each action line serves a priority. Beside what was done of it stands how many of that priority’s indicators are "
    "on track: actions can be done before their outcomes show."
)
st.table(plan.by_line(now, state), hide_index=True)
if "priorities" in ADDRESSES:
    with st.container(horizontal=True):
        for short in data.reference(now.version).priorities["short"]:
            st.page_link(PRIORITIES, label=short, icon=":material/flag:", query_params={"priority": short})

st.header("One action")
code = plan_choice.action(state)
plan_choice.action_box(state, code)
if code is None:
    st.caption("Choose an action to see its milestones and history, and to change what is said of it.")
else:
    row = plan.actions(state.edit).set_index("code", drop=False).loc[code].to_dict()
    plan_choice.one(row)
    if not state.open:
        st.caption("An earlier state is shown. Show the plan as it stands to change this action.")
    elif not row["ended"]:
        plan_form.edit(row)
    plan_choice.history(state, code)
