"""One form at a time that changes what others may change, too; what it began with is kept until it is saved."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data_access.errors import ChangedMeanwhile, DataAccessError
from pages.parts import person
from pages.parts.plain import escaped


@dataclass(frozen=True)
class Editing:
    """What is being changed: 'view', 'noted', …; its number or code; the edit that it came with when it was opened."""

    what: str
    key: int | str
    seen: int


def begin(what: str, key: int | str, seen: int, values: Mapping[str, object]) -> None:
    """Open a form: its fields, whose keys begin with `what`, hold these values. Before they are drawn."""
    st.session_state["editing"] = Editing(what, key, seen)
    for name, value in values.items():
        st.session_state[f"{what}_{name}"] = value


def opened(what: str) -> Editing | None:
    """The form of this kind that is open."""
    form: Editing | None = st.session_state.get("editing")
    return form if form is not None and form.what == what else None


def end() -> None:
    """Close the form."""
    st.session_state.pop("editing", None)


def saved() -> bool:
    """The buttons at the foot of a form: true once it is to be saved; leaving it as it was ends the editing."""
    with st.container(horizontal=True):
        save = st.form_submit_button("Save", type="primary", icon=":material/save:")
        leave = st.form_submit_button("Leave as it was")
    if leave:
        end()
        st.rerun()
    return save


def field(what: str, name: str) -> str:
    """The key of a field of a form."""
    return f"{what}_{name}"


def chosen(label: str, labels: Mapping[int, str], key: str) -> int:
    """Which of several rows is to be changed; it stays chosen when its label becomes another."""
    kept = f"{key}_row"
    if st.session_state.get(kept) not in labels:
        st.session_state[kept] = next(iter(labels))
    st.session_state[key] = st.session_state[kept]

    def keep() -> None:
        st.session_state[kept] = st.session_state[key]

    st.selectbox(
        label,
        list(labels),
        format_func=lambda row: labels[row],
        key=key,
        filter_mode="contains",
        on_change=keep,
    )
    return int(st.session_state[key])


def drawn(key: str, rows: dict[int, int]) -> dict[int, int]:
    """The rows, by number, with the edits that they came with when they were drawn last: what the reader decided upon.

    rows: with those of now, kept for the next run.
    """
    before: dict[int, int] = st.session_state.get(key, rows)
    st.session_state[key] = rows
    return before


def said() -> DeltaGenerator:
    """The place where is said what was done in the run before, and in this one why something was not.

    It is there whether or not there is something to say, so that nothing below is mounted anew and loses the focus.
    """
    place = st.container()
    if "done" in st.session_state:
        place.success(st.session_state.pop("done"), icon=":material/check:")
    return place


def attempt(
    place: DeltaGenerator,
    do: Callable[[str], object],
    done: str,
    *,
    then: Callable[[], object] = end,
    anew: Callable[[], int] | None = None,
) -> None:
    """Do something in the name that was given, then say `done` in a new run; where it is refused, say why in `place`.

    What was typed stays where it is refused. anew: the edit with which the row stands now, asked where somebody changed
    it meanwhile: who saves again has been told.
    """
    by = person.name()
    if not by:
        place.warning(person.NEEDED, icon=":material/edit:")
        return
    try:
        do(by)
    except DataAccessError as error:
        place.error(f"**{escaped(error.sentence)}** {escaped(error.remedy)}", icon=":material/error:")
        form: Editing | None = st.session_state.get("editing")
        if isinstance(error, ChangedMeanwhile) and anew is not None and form is not None:
            st.session_state["editing"] = replace(form, seen=anew())
        return
    then()
    st.session_state["done"] = done
    st.rerun()
