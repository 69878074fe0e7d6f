"""The agenda of a meeting: its views in order with what each shows; changed, moved and taken away by keyboard, too."""

import pandas as pd
import streamlit as st

from charts.figure import HEADLINE_WORDS
from data_access import meetings as stored
from data_access.engine import get_engine
from exports import agenda
from exports.agenda import Pinned
from pages.parts import editing, meetings
from pages.parts.pin import THEN
from pages.parts.plain import escaped


def view(meeting: pd.Series) -> None:
    """The list, and below it what can be done to one view of it while the meeting is not over."""
    views = agenda.views(int(meeting["id"]))
    if not views:
        st.info("Nothing is on the agenda yet. Open any chart's menu, “Download or pin”, and pin it to this meeting.")
        return
    for each in views:
        _one(each)
    if meetings.is_open(meeting):
        st.subheader("Change the agenda")
        meetings.name_asked()
        _changes(int(meeting["id"]), views)
        st.caption("To add a view, open the menu of any chart, “Download or pin”, and pin it to this meeting.")


def _one(each: Pinned) -> None:
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{each.number}. {escaped(each.headline)}**")
        if each.trouble:
            st.warning(escaped(each.trouble), icon=":material/help:")
        st.caption(escaped(" · ".join(part for part in (each.what, figures_of(each)) if part)))
        by = f"{escaped(each.presenter)}: " if each.presenter else ""
        link = f"[Open its page]({each.link})" if each.link else ""
        st.markdown(f"{by}{escaped(each.note)} {link}")


def figures_of(each: Pinned) -> str:
    """Which figures a view shows: 'fixed to data version 15', 'what counts, now data version 17'."""
    return f"fixed to data version {each.version}" if each.fixed else f"what counts, now data version {each.version}"


def _changes(number: int, views: tuple[Pinned, ...]) -> None:
    there = {each.item: each for each in views}
    if st.session_state.get("view_chosen") not in there:
        st.session_state["view_chosen"] = views[0].item
    item = st.selectbox(
        "View",
        list(there),
        format_func=lambda key: f"{there[key].number}. {there[key].headline}",
        key="view_chosen",
    )
    chosen, engine = there[item], get_engine()
    with st.container(horizontal=True):
        up = st.button("Move up", icon=":material/arrow_upward:", key="view_up", disabled=chosen.number == 1)
        down = st.button(
            "Move down", icon=":material/arrow_downward:", key="view_down", disabled=chosen.number == len(views)
        )
        change = st.button("Change", icon=":material/edit:", key="view_change")
        away = st.button("Take away", icon=":material/delete:", key="view_away")
    if up or down:
        order = list(there)
        at = order.index(item)
        other = at - 1 if up else at + 1
        order[at], order[other] = order[other], order[at]
        editing.attempt(
            lambda by: stored.reorder(engine, number, order, by), f"“{chosen.headline}” is now view {other + 1}."
        )
    if away:
        editing.attempt(
            lambda by: stored.unpin(engine, item, by, seen=chosen.seen), f"“{chosen.headline}” was taken away."
        )
    if change:
        editing.begin("view", item, chosen.seen, _values(chosen))
    form = editing.opened("view")
    if form is not None and form.key == item:
        _form(chosen, form)


def _values(chosen: Pinned) -> dict[str, object]:
    pinned = "" if chosen.headline == chosen.own_headline else chosen.headline
    figures = _fixed(chosen.version) if chosen.fixed else THEN
    return {"headline": pinned, "note": chosen.note, "presenter": chosen.presenter, "figures": figures}


def _fixed(version: int) -> str:
    return f"Fixed to data version {version}"


def _form(chosen: Pinned, form: editing.Editing) -> None:
    longest = stored.LONGEST
    with st.form("view_form"):
        headline = st.text_input(
            "Headline",
            key=editing.field("view", "headline"),
            max_chars=longest["headline"],
            placeholder=chosen.own_headline,
            help=f"The chart's own where you leave it blank. At most {HEADLINE_WORDS} words read well.",
        )
        note = st.text_area("Presenter's note", key=editing.field("view", "note"), max_chars=longest["note"])
        presenter = st.text_input("Presenter", key=editing.field("view", "presenter"), max_chars=longest["presenter"])
        fixed = _fixed(chosen.version)
        figures = st.radio("Figures", [THEN, fixed], key=editing.field("view", "figures"))
        with st.container(horizontal=True):
            save = st.form_submit_button("Save", type="primary", icon=":material/save:")
            leave = st.form_submit_button("Leave as it was")
    if leave:
        editing.end()
        st.rerun()
    if save:
        values = {"headline": headline.strip(), "note": note.strip(), "presenter": presenter.strip()}
        values_now = values | {"data_version": chosen.version if figures == fixed else None}
        engine = get_engine()
        editing.attempt(
            lambda by: stored.change_item(engine, chosen.item, values_now, by, seen=form.seen),
            "The view was changed.",
            anew=lambda: chosen.seen,
        )
