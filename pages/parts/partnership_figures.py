"""Figures that the register gives where it is complete: who says so, what it gives, and the way to load it."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data_access.access import Right
from data_access.engine import get_engine
from data_access.errors import DataAccessError
from data_access.partnerships import complete, computed
from exports.shown import Shown
from exports.views import partnerships, register_figures
from measures.partnership_words import HELD_WHOLE
from pages.parts import editing, frame, person
from pages.parts.plain import escaped

REPORTS = "register_reports"
ROW = 35  # pixels of a row of a table
EXPLAINED = (
    "Five indicators of the second priority can be counted from this register, where it holds all clusters, or all "
    "networks of CPD leaders, of an authority. Somebody has to say that it does; Definitions says how each is counted."
)


def view(now: Shown) -> None:
    """The view."""
    place = editing.said()
    st.caption(EXPLAINED)
    _gives(now, place)
    _complete(now, place)


# What it gives -------------------------------------------------------------------------------------------


def _gives(now: Shown, place: DeltaGenerator) -> None:
    st.markdown(f"## What the register gives for {now.period_label}")
    try:
        found = register_figures.beside(now)
    except DataAccessError as error:
        st.info(f"{error.sentence} {error.remedy}")
        return
    if found.empty:
        st.info(f"Of no authority in {now.area} somebody said that the register is complete then. Say so below.")
    else:
        st.markdown(register_figures.in_words(now))
        st.dataframe(
            found,
            hide_index=True,
            key="register_figures",
            height=min(520, ROW * (len(found) + 1) + 3),
            column_config={
                "Authority": st.column_config.TextColumn(pinned=True, width=120),
                "Register": st.column_config.TextColumn(width=140),
                "Why there is none": st.column_config.TextColumn(width=420),
            },
            alt=f"Figures that the partnership register gives for {now.area}, beside those that stand now",
        )
        st.caption("z: nothing to count. Where the register gives none, what stands now stays.")
    if not frame.looking_back() and not register_figures.computed_figures(now).loaded.empty:
        _load(now, place)


def _load(now: Shown, place: DeltaGenerator) -> None:
    st.markdown("### Take these figures into the dashboard")
    st.caption(
        f"Those of all England come in as one import an indicator, with “{computed.SOURCE}” as their source; Data, "
        "History shows them and can undo each. What is there already is not loaded again."
    )
    person.ask("register_figures_by", Right.load)
    with st.container(horizontal=True):
        check = st.button("Check", key="register_figures_check", icon=":material/fact_check:")
        load = st.button("Load", key="register_figures_load", icon=":material/upload:", type="primary")

    def bring(dry_run: bool, by: str) -> None:
        with st.spinner("Comparing with what is there …"):
            reports = computed.load(get_engine(), now.period, dry_run=dry_run, by=by)
        st.session_state[REPORTS] = [str(report) for report in reports]

    if check:
        try:
            bring(True, person.name())
        except DataAccessError as error:
            place.error(f"**{escaped(error.sentence)}** {escaped(error.remedy)}", icon=":material/error:")
    elif load:
        done = "The figures of the register were taken in, where they differ from what stood."
        editing.attempt(place, lambda by: bring(False, by), done, then=lambda: None)
    for report in st.session_state.pop(REPORTS, []):
        first, *rest = map(escaped, report.split("\n"))
        st.markdown("\n".join([first, "", *(f"- {line}" for line in rest)]))


# Where it is complete ------------------------------------------------------------------------------------


def _complete(now: Shown, place: DeltaGenerator) -> None:
    found, told = register_figures.said_complete(now), register_figures.statements(now)
    st.markdown("## Where the register is complete")
    if found.empty:
        st.markdown(f"Nobody has said so of {now.area}.")
    else:
        height = min(390, ROW * (len(told) + 1) + 3)
        st.dataframe(told, hide_index=True, key="register_complete", height=height, alt="Where it is complete")
    if frame.looking_back():
        return
    with st.expander("Say that it is complete", key="register_say", on_change="rerun", type="compact") as box:
        if box.open:
            _say(now, place)
    if len(found):
        with st.expander("Take a statement back", key="register_unsay", on_change="rerun", type="compact") as box:
            if box.open:
                said = zip(told["Authority"], told["School year"], told["What the register holds"], strict=True)
                labels = dict(zip(found["id"].astype(int), map(" · ".join, said), strict=True))
                key = editing.chosen("Statement", labels, "register_statement")
                seen = int(found.loc[found["id"] == key, "from_edit"].iloc[0])
                person.ask("register_unsay_by")
                if st.button("Take it back", key="register_unsay_go", icon=":material/undo:"):
                    done = "The statement was taken back. Figures that were taken in stay until they are undone."
                    editing.attempt(
                        place,
                        lambda by: complete.take_back(get_engine(), key, by, seen=seen),
                        done,
                        then=lambda: None,
                    )


def _say(now: Shown, place: DeltaGenerator) -> None:
    names = partnerships.there(now.version)
    years, year = list(names.years), now.period[:7]
    with st.form("register_say_form", enter_to_submit=False, border=False):
        las = list(names.authorities)
        la = st.selectbox(
            "Authority",
            las,
            index=las.index(now.la) if now.la else None,
            format_func=lambda code: names.authorities[code],
            key="register_say_la",
            placeholder="Choose",
            filter_mode="contains",
        )
        period = st.selectbox(
            "School year",
            years,
            index=years.index(year) if year in years else len(years) - 1,
            format_func=lambda code: names.years[code],
            key="register_say_year",
        )
        what = st.selectbox(
            "The register holds", list(HELD_WHOLE), format_func=lambda code: HELD_WHOLE[code], key="register_say_what"
        )
        person.ask("register_say_by")
        go = st.form_submit_button("Say so", type="primary", icon=":material/save:")
    if go:
        said = "It is said; what the register gives then stands above."
        editing.attempt(
            place,
            lambda by: complete.say(get_engine(), la or "", period or "", what or "", by),
            said,
            then=lambda: None,
        )
