"""In the room: who is present, and what is decided or promised, typed as it is said."""

from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data_access import meetings as stored
from data_access import promises
from data_access.engine import get_engine, reading
from exports import agenda, minutes
from exports.agenda import Pinned
from pages.parts import editing, meetings
from pages.parts.plain import escaped

KINDS = {"decision": "Decision", "action": "Action"}
FIELDS = ("kind", "text", "owner", "due", "agenda_item")


def view(meeting: pd.Series) -> None:
    """What was noted so far, the form to note more, and who is there."""
    number = int(meeting["id"])
    views = agenda.views(number)
    with reading(get_engine()) as connection:
        rows = stored.decisions(connection, number).astype(object)
    rows = rows.where(rows.notna(), None)
    if not meetings.is_open(meeting):
        st.info("This meeting is over: what was noted is closed.")
        _list(rows, views)
        return
    place = meetings.name_asked()
    meetings.change(meeting, place)
    st.subheader("Note what was said")
    _note(number, views, place)
    st.subheader("Noted so far")
    _list(rows, views)
    if len(rows):
        _changes(rows, views, place)


def _list(rows: pd.DataFrame, views: tuple[Pinned, ...]) -> None:
    at = {each.item: each.number for each in views}
    for kind, title in KINDS.items():
        lines = [minutes.in_words(row, at, meetings.members()) for _, row in rows[rows["kind"] == kind].iterrows()]
        st.markdown(f"**{title}s**")
        st.markdown("\n".join(f"{place}. {escaped(line)}" for place, line in enumerate(lines, 1)) or "None yet.")


def _note(number: int, views: tuple[Pinned, ...], place: DeltaGenerator) -> None:
    """The form for the next one; it is empty again once what it held is noted."""
    what = f"new{st.session_state.get('noted_so_far', 0)}"
    with st.form("note"):
        values = _fields(what, views)
        values["action"] = _in_the_plan(f"{what}_action")
        noted = st.form_submit_button("Note it", type="primary", icon=":material/add:")
    if noted:
        editing.attempt(
            place,
            lambda by: _write(number, values, by),
            f"{KINDS[values['kind']]} noted.",
            then=lambda: st.session_state.update(noted_so_far=st.session_state.get("noted_so_far", 0) + 1),
        )


def _write(number: int, values: dict[str, Any], by: str) -> None:
    """Note what the form says; an action that has a place in the plan goes there, too."""
    said = {name: values[name] for name in ("owner", "due", "agenda_item")}
    if values["kind"] == "action" and values["action"] and values["text"]:
        promises.promise(get_engine(), number, values["text"], by, into=values["action"], **said)
    else:
        stored.decide(get_engine(), number, values["kind"], values["text"], by, **said)


def _changes(rows: pd.DataFrame, views: tuple[Pinned, ...], place: DeltaGenerator) -> None:
    there = {int(row["id"]): row for _, row in rows.iterrows()}
    labels = {key: f"{place}. {KINDS[row['kind']]}: {row['text']}" for place, (key, row) in enumerate(there.items(), 1)}
    key = editing.chosen("Change or strike", labels, "noted_chosen")
    row, engine = there[key], get_engine()
    before = editing.drawn("noted_drawn", {number: int(each["from_edit"]) for number, each in there.items()})
    with st.container(horizontal=True):
        change = st.button("Change", icon=":material/edit:", key="noted_change")
        strike = st.button("Strike", icon=":material/delete:", key="noted_strike")
    if strike:
        seen = before.get(key, int(row["from_edit"]))
        editing.attempt(place, lambda by: stored.strike(engine, key, by, seen=seen), "It was struck.")
    if change:
        editing.begin("noted", key, int(row["from_edit"]), _values(row))
    form = editing.opened("noted")
    if form is None or form.key != key:
        return
    with st.form("noted_form"):
        values = _fields("noted", views)
        save = editing.saved()
    if save:
        editing.attempt(
            place,
            lambda by: stored.change_decision(engine, key, values, by, seen=form.seen),
            "It was changed.",
            anew=lambda: int(row["from_edit"]),
        )


def _values(row: pd.Series) -> dict[str, Any]:
    """A row as the form's fields hold it."""
    return {name: row[name] for name in FIELDS} | {"owner": meetings.members().get(row["owner"], row["owner"])}


def _fields(what: str, views: tuple[Pinned, ...]) -> dict[str, Any]:
    """The fields of the form; what they say, as data_access.meetings holds it."""
    about, members = {each.item: each for each in views}, meetings.members()
    kind = st.radio("Kind", list(KINDS), format_func=lambda each: KINDS[each], horizontal=True, key=f"{what}_kind")
    text = st.text_area("What was said", key=f"{what}_text", max_chars=stored.LONGEST["text"], height=90)
    left, right = st.columns(2)
    owner = left.selectbox(
        "Owner",
        list(members.values()),
        index=None,
        accept_new_options=True,
        placeholder="Choose a member, or type a name",
        key=f"{what}_owner",
        filter_mode="contains",
    )
    due = right.date_input("Due", value=None, key=f"{what}_due", **meetings.DAYS)
    item = st.selectbox(
        "About view",
        list(about),
        index=None,
        format_func=lambda each: f"{about[each].number}. {about[each].headline}",
        placeholder="None in particular",
        key=f"{what}_agenda_item",
        filter_mode="contains",
    )
    codes = {name: code for code, name in members.items()}
    return {
        "kind": kind,
        "text": text.strip(),
        "owner": codes.get(owner, owner) if owner else None,
        "due": due,
        "agenda_item": item,
    }


def _in_the_plan(key: str) -> str | None:
    """Where in the plan a promise is to stand: an action line, an action, or nowhere."""
    with reading(get_engine()) as connection:
        titles = promises.places(connection)
    chosen: str | None = st.selectbox(
        "Of an action: into the plan",
        list(titles),
        index=None,
        format_func=lambda code: titles[code],
        placeholder="Not into the plan",
        key=key,
        filter_mode="contains",
        help="A new action takes the words, owner and due day from here. An action that is there gets a note.",
    )
    return chosen
