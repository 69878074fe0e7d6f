"""The agenda of a meeting: its views in order with what each shows; changed, moved and taken away by keyboard, too."""

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from charts.figure import HEADLINE_WORDS
from data_access import meetings as stored
from data_access.engine import get_engine
from data_access.errors import ChangedMeanwhile
from exports import agenda
from exports.agenda import Pinned
from pages.parts import editing, meetings
from pages.parts.pin import THEN
from pages.parts.plain import escaped


def view(meeting: pd.Series) -> None:
    """The list, and below it what can be done to one view of it while the meeting is not over."""
    views = agenda.views(int(meeting["id"]))
    if not views:
        editing.said()
        st.info("Nothing is on the agenda yet. Open any chart's menu, “Download or pin”, and pin it to this meeting.")
        return
    for each in views:
        _one(each)
    if meetings.is_open(meeting):
        st.subheader("Change the agenda")
        _changes(int(meeting["id"]), views, meetings.name_asked())
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


def _changes(number: int, views: tuple[Pinned, ...], place: DeltaGenerator) -> None:
    there = {each.item: each for each in views}
    item = editing.chosen(
        "View", {key: f"{each.number}. {each.headline}" for key, each in there.items()}, "view_chosen"
    )
    chosen, engine = there[item], get_engine()
    now = {key: each.seen for key, each in there.items()}
    before = editing.drawn(f"agenda_{number}", now)
    with st.container(horizontal=True):
        up = st.button("Move up", icon=":material/arrow_upward:", key="view_up", disabled=chosen.number == 1)
        down = st.button(
            "Move down", icon=":material/arrow_downward:", key="view_down", disabled=chosen.number == len(views)
        )
        change = st.button("Change", icon=":material/edit:", key="view_change")
        away = st.button("Take away", icon=":material/delete:", key="view_away")
    if up or down:
        other = chosen.number - 2 if up else chosen.number
        order = [key for key in there if key != item]
        order.insert(other, item)
        moved = f"“{chosen.headline}” is now view {other + 1}."
        editing.attempt(place, lambda by: _move(number, order, by, as_drawn=before == now), moved)
    if away:
        seen = before.get(item, chosen.seen)
        gone = f"“{chosen.headline}” was taken away."
        editing.attempt(place, lambda by: stored.unpin(engine, item, by, seen=seen), gone)
    if change:
        editing.begin("view", item, chosen.seen, _values(chosen))
    form = editing.opened("view")
    if form is not None and form.key == item:
        _form(chosen, form, place)


def _move(number: int, order: list[int], by: str, *, as_drawn: bool) -> None:
    if not as_drawn:
        raise ChangedMeanwhile(
            "Nothing was moved: somebody changed the agenda meanwhile.", "Look at it, then move again."
        )
    stored.reorder(get_engine(), number, order, by)


def _values(chosen: Pinned) -> dict[str, object]:
    pinned = "" if chosen.headline == chosen.own_headline else chosen.headline
    figures = _fixed(chosen.version) if chosen.fixed else THEN
    return {"headline": pinned, "note": chosen.note, "presenter": chosen.presenter, "figures": figures}


def _fixed(version: int) -> str:
    return f"Fixed to data version {version}"


def _form(chosen: Pinned, form: editing.Editing, place: DeltaGenerator) -> None:
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
        save = editing.saved()
    if save:
        values = {"headline": headline.strip(), "note": note.strip(), "presenter": presenter.strip()}
        values_now = values | {"data_version": chosen.version if figures == fixed else None}
        engine = get_engine()
        editing.attempt(
            place,
            lambda by: stored.change_item(engine, chosen.item, values_now, by, seen=form.seen),
            "The view was changed.",
            anew=lambda: chosen.seen,
        )
