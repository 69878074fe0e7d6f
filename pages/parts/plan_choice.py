"""Which state of the plan is shown, and which of its actions: chosen above the timeline, and in the address."""

from datetime import date

import pandas as pd
import streamlit as st

from exports.shown import Shown
from exports.views import data, plan
from exports.views.plan import State, Which
from measures import lateness
from measures.words import day
from pages.parts import filters, plain

ALL_OWNERS, ALL_PRIORITIES, ANY = "All owners", "All priorities", "Late or not"
AS_IT_STANDS = "As it stands"
NONE_CHOSEN = ""


def state(now: Shown) -> State:
    """Draw the choice of a plan version; the state of the plan that it names."""
    newest = plan.state(now)
    numbers = plan.plan_versions(newest.edit)["number"]
    labels = {f"Version {number}": str(number) for number in numbers}
    chosen = _box("Plan", "plan", [AS_IT_STANDS, *labels], AS_IT_STANDS, {each: name for name, each in labels.items()})
    return newest if chosen == AS_IT_STANDS else plan.state(now, labels[chosen])


def which(now: Shown, shown: State) -> Which:
    """Draw the filters of actions; what they say."""
    priorities = data.reference(now.version).priorities
    codes = dict(zip(priorities["short"], priorities["code"], strict=True))
    kinds = {label: code for code, label in lateness.LATE.items()}
    owner = _box("Owner", "owner", [ALL_OWNERS, *plan.owners(shown.edit)], ALL_OWNERS, {})
    called = {code: short for short, code in codes.items()}
    priority = _box("Priority", "priority", [ALL_PRIORITIES, *codes], ALL_PRIORITIES, called)
    late = _box("Lateness", "late", [ANY, *kinds], ANY, lateness.LATE)
    return Which(None if owner == ALL_OWNERS else owner, codes.get(priority), kinds.get(late))


def _box(label: str, key: str, options: list[str], usual: str, names: dict[str, str]) -> str:
    """A choice that stands in the address; what is no longer offered falls back to the usual one."""
    filters.understand(key, options, label.lower(), usual, names)
    if st.session_state.get(key, usual) not in options:
        st.session_state[key] = usual
    width = 300 if key == "owner" else 190
    chosen = st.selectbox(label, options, key=key, bind="query-params", on_change=filters.forget_notices, width=width)
    return chosen or usual


def action(shown: State) -> str | None:
    """The code of the action that the address names, None where it names none; what is none is said and let go."""
    given = st.query_params.get("action")
    if given is None:
        return None
    if given in set(plan.actions(shown.edit)["code"]):
        return given
    said = given if len(given) <= 40 else f"{given[:40]}…"
    st.session_state.setdefault("notices", []).append(f"“{plain.unmarked(said)}” is no action of this plan.")
    del st.query_params["action"]
    return st.rerun()


def _choose() -> None:
    filters.forget_notices()
    chosen = st.session_state["action_choice"]
    if chosen:
        st.query_params["action"] = chosen
    elif "action" in st.query_params:
        del st.query_params["action"]


def action_box(shown: State, code: str | None) -> None:
    """The box to choose an action in by typing part of its code or title; those that ended say so."""
    there = plan.actions(shown.edit)
    names = {
        row["code"]: f"{row['code']} {row['title']}" + (f" (ended {day(row['ended'])})" if row["ended"] else "")
        for row in there.to_dict("records")
    }
    st.session_state["action_choice"] = code or NONE_CHOSEN
    st.selectbox(
        "Action",
        [NONE_CHOSEN, *names],
        format_func=lambda each: names.get(each, "None chosen"),
        key="action_choice",
        on_change=_choose,
        help="Type part of its number or title.",
    )


def one(row: dict) -> None:
    """An action in words. row: of data_access.plan.actions."""
    partner = f", with {row['partner']} (as the strategy says)" if row["partner"] else ""
    lines = [
        f"**{plain.escaped(row['code'] + ' ' + row['title'])}**, of action line {row['line']}{plain.escaped(partner)}",
        f"{plain.escaped(row['owner_name'])} · {lateness.STATUSES[row['status']]} · "
        f"{_day(row['starts'], 'no start')} to {_day(row['due'], 'no due day')}",
        *(f"- {plain.escaped(lateness.step_words(step))}" for step in row["milestones"]),
    ]
    st.markdown("\n\n".join(lines[:2]) + "\n\n" + "\n".join(lines[2:]))
    if row["note"]:
        st.markdown(plain.escaped(row["note"]))
    if row["ended"]:
        st.info(f"This action ended on {day(row['ended'])}: {plain.escaped(row['ended_why'])}")


def history(shown: State, code: str) -> None:
    """Who changed what of an action and when, newest first."""
    st.markdown("### Who changed what")
    found = plan.history(shown.edit, code)
    st.table(
        pd.DataFrame(
            {
                "When (UTC)": found["made_at"].dt.strftime("%Y-%m-%d %H:%M"),
                "Who": found["made_by"].map(plain.unmarked),
                "What": found["changed"].map(plain.unmarked),
                "Why": found["reason"].map(plain.unmarked),
            }
        ),
        hide_index=True,
    )


def _day(value: date | None, none: str) -> str:
    return day(value) if value else none


def narrow_list(shown: State, which: Which) -> None:
    """For a phone: the actions one under another, each with its owner, due day and status in words."""
    found = plan.chosen(shown, which)
    st.markdown(f"## {lateness.finding(int(found['late'].sum()), len(found))}")
    for line, mine in found.groupby("line", sort=False):
        st.markdown(f"**{line} {plain.escaped(mine['line_title'].iloc[0])}**")
        st.markdown("\n".join(f"- {_in_a_line(row)}" for row in mine.to_dict("records")))


def _in_a_line(row: dict) -> str:
    said = lateness.said(row["status"], row["days_late"], row["milestones_late"])
    said = f"**{said}**" if row["late"] else said
    due = f"due {_day(row['due'], 'on no day yet')}"
    title, owner = plain.escaped(f"{row['code']} {row['title']}"), plain.escaped(row["owner_name"])
    return f"{title}  \n{owner} · {due} · {said}"
