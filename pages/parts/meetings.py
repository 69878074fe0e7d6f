"""Which meeting the page is about, in the address as ?meeting=2; what there is to say of it; planning a new one."""

from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data_access import meetings, queries
from data_access.engine import get_engine, reading
from exports import minutes
from exports.kept import kept
from measures import words
from pages.parts import editing, person
from pages.parts.plain import escaped

DAYS: dict[str, Any] = {"min_value": date(2000, 1, 1), "max_value": date(2049, 12, 31), "format": "DD/MM/YYYY"}
USUAL_DISTANCE = timedelta(weeks=12)


def choice() -> pd.Series | None:
    """The meeting that was chosen: a row of data_access.meetings.meetings; by default the next, None without any."""
    with reading(get_engine()) as connection:
        every = meetings.meetings(connection)
        usual = None if every.empty else meetings.latest(connection)
    if usual is None:
        st.info("There is no meeting yet. Plan one, then pin charts to it from any page.")
        _plan(date.today())
        return None
    labels = {
        int(row["id"]): f"{words.day(row['held_on'])} · {row['title']}{'' if is_open(row) else ' · over'}"
        for _, row in every.iterrows()
    }
    asked = st.query_params.get("meeting", str(usual))
    known = {str(number): number for number in labels}
    if asked not in known:
        st.warning(f"“{escaped(asked[:40])}” is not a known meeting. The next one is shown.", icon=":material/help:")
    st.session_state["meeting_choice"] = number = known.get(asked, usual)
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    left.selectbox(
        "Meeting", list(labels), format_func=lambda key: labels[key], key="meeting_choice", on_change=_to_address
    )
    with right.popover("Plan a meeting", icon=":material/event:", width="stretch"):
        _plan(every["held_on"].max() + USUAL_DISTANCE)
    return every[every["id"] == number].iloc[0]


def is_open(meeting: pd.Series) -> bool:
    """True until the meeting is over."""
    return bool(pd.isna(meeting["data_version"]))


@kept(2)
def members() -> dict[str, str]:
    """A member's code → its name."""
    with reading(get_engine()) as connection:
        found = queries.nag_members(connection)
    return dict(zip(found["code"], found["name"], strict=True))


def about(meeting: pd.Series) -> None:
    """When, where, who leads; which figures the meeting sees or saw; that it is invented where it is."""
    st.markdown(" ".join(escaped(line) for line in minutes.about(meeting)))


def name_asked() -> DeltaGenerator:
    """The field for the reader's name, which whatever is changed here needs; the place where answers are given."""
    person.ask("meeting_name")
    return editing.said()


def change(meeting: pd.Series, place: DeltaGenerator) -> None:
    """Title, day, place, chair and who is present, changed on demand."""
    number, seen = int(meeting["id"]), int(meeting["from_edit"])
    form = editing.opened("about")
    there = [members().get(code, code) for code in meeting["present"]]
    st.markdown(f"**Present:** {escaped(words.joined(there))}" if there else "Nobody is noted as present.")
    if form is None or form.key != number:
        if st.button("Who is present, and what is said of the meeting", icon=":material/edit:", key="about_open"):
            values = {name: meeting[name] for name in ("title", "held_on", "place", "chair", "present")}
            editing.begin("about", number, seen, values)
            st.rerun()
        return
    with st.form("about_form"):
        present = st.multiselect(
            "Present", list(members()), format_func=lambda code: members()[code], key=editing.field("about", "present")
        )
        values = _fields("about")
        save = editing.saved()
    if save:
        engine = get_engine()
        editing.attempt(
            place,
            lambda by: meetings.change_meeting(engine, number, values | {"present": present}, by, seen=form.seen),
            "The meeting was changed.",
            anew=lambda: seen,
        )


def _to_address() -> None:
    st.query_params["meeting"] = str(st.session_state["meeting_choice"])
    editing.end()


def _plan(day: date) -> None:
    for name, value in (("title", ""), ("held_on", day), ("place", ""), ("chair", "")):
        st.session_state.setdefault(editing.field("plan", name), value)
    place = st.container()
    with st.form("plan_meeting", border=False):
        values = _fields("plan")
        person.ask("plan_name")
        planned = st.form_submit_button("Plan it", type="primary", icon=":material/event:")
    if planned:
        engine = get_engine()
        editing.attempt(
            place,
            lambda by: st.query_params.update(meeting=str(meetings.plan_meeting(engine, values, by))),
            "The meeting was planned. Pin charts to it from any page.",
            then=lambda: [st.session_state.pop(editing.field("plan", name), None) for name in values],
        )


def _fields(what: str) -> dict[str, object]:
    title = st.text_input("Title", key=editing.field(what, "title"), max_chars=meetings.LONGEST["title"])
    held_on = st.date_input("Held on", key=editing.field(what, "held_on"), **DAYS)
    place = st.text_input("Place", key=editing.field(what, "place"), max_chars=meetings.LONGEST["place"])
    chair = st.text_input("Chair", key=editing.field(what, "chair"), max_chars=meetings.LONGEST["chair"])
    return {"title": title.strip(), "held_on": held_on, "place": place.strip(), "chair": chair.strip()}
