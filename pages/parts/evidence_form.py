"""Enter, change and take away evidence: what was typed stays in the form until it is saved or given up."""

from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from data_access import evidence as registered
from data_access.engine import get_engine, reading
from data_access.errors import ChangedMeanwhile, DataAccessError
from data_access.evidence import EARLIEST, LONGEST, TITLES
from data_access.places import ENGLAND_CODE
from exports.shown import Shown
from exports.views import data, evidence
from measures.changes import in_words
from measures.strength import KINDS
from pages.parts import filters, person, taking_away
from pages.parts.plain import escaped

OPEN, SAID, ASKED = "evidence_form", "evidence_said", "evidence_away"
EMPTY: dict[str, Any] = dict.fromkeys(LONGEST, "") | {
    "kind": next(iter(KINDS)),
    "began": None,
    "ended": None,
    "invited": None,
    "responded": None,
    "compared": False,
    "outcomes": [],
    "areas": [],
    "illustrative": False,
}


def said() -> None:
    """What was done in the run before."""
    if SAID in st.session_state:
        st.success(st.session_state.pop(SAID), icon=":material/check:")


def enter(now: Shown) -> None:
    """The button that opens an empty form, which begins with the chosen area."""
    st.button(
        "Add an entry",
        icon=":material/add:",
        key="evidence_add",
        on_click=_begin_new,
        args=(now.area_code,),
        disabled=is_open(),
    )


def _begin_new(area_code: str) -> None:
    _begin(EMPTY | {"areas": [] if area_code == ENGLAND_CODE else [area_code]}, None, 0)


def ways(about: dict[str, Any]) -> None:
    """The buttons that change an entry or take it away. about: a row of the register."""
    with st.container(horizontal=True):
        seen = int(about["from_edit"])
        st.button(
            "Change this entry",
            icon=":material/edit:",
            key="evidence_change",
            on_click=_begin,
            args=({name: about[name] for name in TITLES}, about["code"], seen),
        )
        st.button(
            "Take it away",
            icon=":material/delete:",
            key="evidence_remove",
            on_click=lambda: st.session_state.update({ASKED: (about["code"], about["title"], seen)}),
        )


def _key(name: str) -> str:
    return f"{OPEN}_{name}"


def _begin(values: dict[str, Any], code: str | None, seen: int) -> None:
    """Open the form. code: of the entry to change, None for a new one; seen: the edit that it came with."""
    filters.forget_notices()
    st.session_state[OPEN] = {"code": code, "seen": seen, "fault": None}
    for name, value in values.items():
        st.session_state[_key(name)] = value


def _give_up() -> None:
    del st.session_state[OPEN]


def is_open() -> bool:
    """Whether somebody is entering or changing something in this session."""
    return OPEN in st.session_state


def form(now: Shown) -> None:
    """The form that is open, with what was refused above it."""
    about = st.session_state[OPEN]
    st.markdown(f"## {'Change ' + about['code'] if about['code'] else 'A new entry'}")
    if about["fault"]:
        st.error(about["fault"], icon=":material/error:")
    with st.form(_key("whole"), enter_to_submit=False):
        values = _fields(now)
        by = person.ask(_key("name"))
        with st.container(horizontal=True):
            save = st.form_submit_button("Save", type="primary", icon=":material/save:")
            st.form_submit_button("Give up", on_click=_give_up)
    if save:
        about["fault"] = person.NEEDED if not by else _saved(about, values, by)
        if about["fault"] is None:
            _give_up()
        st.rerun()


def _text(name: str, help_text: str, *, long: bool = False) -> str:
    make = st.text_area if long else st.text_input
    return make(TITLES[name], key=_key(name), help=f"{help_text} At most {LONGEST[name]:,} characters.")


def _day(name: str, help_text: str) -> date | None:
    return st.date_input(
        TITLES[name],
        key=_key(name),
        min_value=EARLIEST,
        max_value=registered.today(),
        format="DD/MM/YYYY",
        help=help_text,
    )


def _count(name: str, help_text: str) -> int | None:
    return st.number_input(TITLES[name], min_value=0, step=1, key=_key(name), help=help_text)


def _several(name: str, labels: dict[str, str], help_text: str) -> list[str]:
    return st.multiselect(
        TITLES[name],
        list(labels),
        format_func=lambda code: labels.get(code, code),
        key=_key(name),
        help=help_text,
        filter_mode="contains",
        select_all=False,
    )


def _fields(now: Shown) -> dict[str, Any]:
    """Draw the fields; what they say, as data_access.evidence takes it."""
    outcomes = {row.code: f"{row.code} {row.title}" for row in data.reference(now.version).outcomes.itertuples()}
    values: dict[str, Any] = {"title": _text("title", "What it is called.")}
    # A row of columns each, so that Tab goes along the rows.
    left, right = st.columns(2)
    with left:
        values["kind"] = st.selectbox(
            TITLES["kind"], list(KINDS), format_func=lambda kind: KINDS[kind], key=_key("kind")
        )
    with right:
        values["organisation"] = _text("organisation", "Who did the work.")
    left, right = st.columns(2)
    with left:
        values["began"] = _day("began", "The first day of the work.")
    with right:
        values["ended"] = _day("ended", "The last day of the work. Empty: it goes on.")
    left, right = st.columns(2)
    with left:
        values["invited"] = _count("invited", "How many people, schools or records there should be. Empty: not stated.")
    with right:
        values["responded"] = _count("responded", "How many answered, took part or are held. Empty: not stated.")
    values["method"] = _text("method", "How it was done.", long=True)
    values["sample"] = _text("sample", "Who was asked, and how they were chosen.")
    values["found"] = _text("found", "What it found, in two or three sentences.", long=True)
    values["outcomes"] = _several("outcomes", outcomes, "Type part of a title.")
    names = evidence.area_names(now.version)
    values["areas"] = _several("areas", names, "England, regions, local authorities. Type part of a name.")
    values["source"] = _text("source", "Where the whole of it can be read.")
    values["compared"] = st.checkbox(
        "An evaluation with a comparison group", key=_key("compared"), help="A group that did without."
    )
    values["illustrative"] = st.checkbox("Illustrative: this entry is invented", key=_key("illustrative"))
    return values


def _saved(about: dict[str, Any], values: dict[str, Any], by: str) -> str | None:
    """Save what the form says; None where it was, else why not, as Markdown."""
    try:
        if about["code"] is None:
            code = registered.add(get_engine(), values, by)
            st.session_state[SAID] = f"{code} was entered."
        else:
            code = about["code"]
            changed = registered.change(get_engine(), code, values, by, seen=about["seen"])
            st.session_state[SAID] = f"{code} was changed." if changed else f"{code} says this already."
    except registered.EvidenceRefused as error:
        return f"**{error.sentence}**\n\n" + "\n".join(f"- {escaped(str(fault))}" for fault in error.faults)
    except ChangedMeanwhile as error:
        return f"**{escaped(error.sentence)}** {_look_again(about, values)}"
    except DataAccessError as error:
        return f"**{escaped(error.sentence)}** {escaped(error.remedy)}"
    st.query_params["evidence"] = code
    return None


def _look_again(about: dict[str, Any], values: dict[str, Any]) -> str:
    """What the entry says now where it differs from the form; saving again then goes over that."""
    with reading(get_engine()) as connection:
        there = registered.register(connection)
    mine = there[there["code"] == about["code"]]
    if mine.empty:
        about["code"] = None
        return "Your text is still in the form: saving again enters it anew."
    row = mine.iloc[0].to_dict()
    about["seen"] = int(row["from_edit"])
    lines = [
        f"- **{title}** is now: {escaped(in_words(row[name]))}"
        for name, title in TITLES.items()
        if in_words(row[name]) != in_words(values[name])
    ]
    remedy = "Your text is still in the form. Take over what you want to keep, then save again."
    return f"{remedy}\n\n" + "\n".join(lines)


# Take away -----------------------------------------------------------------------------------------------


def away() -> None:
    """The question whether an entry is to be taken away, where it was asked for."""
    if ASKED in st.session_state:
        _confirm(*st.session_state[ASKED])


def _answered() -> None:
    st.session_state.pop(ASKED, None)


@st.dialog("Take this entry away?", icon=":material/delete:", on_dismiss=_answered)
def _confirm(code: str, title: str, seen: int) -> None:
    take = partial(registered.take_away, get_engine(), code, seen=seen)
    if taking_away.taken(f"**{code} {escaped(title)}**", "evidence", take, _answered):
        st.session_state[SAID] = f"{code} was taken away."
        st.query_params.pop("evidence", None)
        st.rerun()
