"""The plan's actions: which are shown, on a timeline or as a list, what each line's outcomes show, and one of them."""

from datetime import date

import pandas as pd
import streamlit as st

from exports import plan as files
from exports.shown import Shown
from exports.views import behind, data, plan
from exports.views.plan import State, Which
from measures import words
from pages.parts import plain, plan_choice, plan_form, show, take, whence

PRIORITIES = "pages/monitor/priorities.py"


def view(now: Shown) -> None:
    """The filters, the timeline with its files, what the outcomes show, and one action with its form and history."""
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
    _timeline(now, state, which, found)
    _outcomes(now, state)
    _one(state)


def _timeline(now: Shown, state: State, which: Which, found: pd.DataFrame) -> None:
    if found.empty:
        st.info("No action passes these filters. Choose another owner, priority or lateness.")
        return
    with st.container(key="wide_only_plan"):
        made = plan.plan_timeline(
            now, which.owner, which.priority, which.late, str(state.version) if state.as_agreed else None
        )
        show.figure(made, "timeline", version=now.version)
    with st.container(key="narrow_only_plan"):
        plan_choice.narrow_list(state, which)
    with st.container(horizontal=True):
        for kind, make in (("xlsx", files.xlsx), ("csv", files.csv)):
            take.download(
                f"The plan ({kind.upper()})",
                data=lambda make=make: make(now, state, which, date.today().isoformat()),
                file_name=files.file_name(now, state, which, kind),
                mime=files.KINDS[kind],
                icon=":material/download:",
                key=f"plan_{kind}",
                on_click="ignore",
            )


def _outcomes(now: Shown, state: State) -> None:
    """Each action line beside what the indicators of its priority show, with the way to that priority."""
    st.header("What the outcomes show")
    st.caption(
        "Each action line serves a priority. Beside what was done of it stands how many of that priority’s indicators "
        "are on track: actions can be done before their outcomes show."
    )
    st.table(plan.by_line(now, state), hide_index=True)
    whence.button("by_line", now.version, behind.own, now)
    with st.container(horizontal=True):
        for short in data.reference(now.version).priorities["short"]:
            st.page_link(PRIORITIES, label=short, icon=":material/flag:", query_params={"priority": short})


def _one(state: State) -> None:
    st.header("One action")
    code = plan_choice.action(state)
    plan_choice.action_box(state, code)
    if code is None:
        st.caption("Choose an action to see its milestones and history, and to change what is said of it.")
        return
    row = plan.actions(state.edit).set_index("code", drop=False).loc[code].to_dict()
    plan_choice.one(row)
    if not state.open:
        st.caption("An earlier state is shown. Show the plan as it stands to change this action.")
    elif not row["ended"]:
        plan_form.edit(row)
    plan_choice.history(state, code)
