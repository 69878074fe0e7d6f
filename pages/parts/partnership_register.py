"""The partnership register on a page: filtered, listed, one partnership whole, its files.

The partnership that is chosen stands in the address as ?partnership=CODE.
"""

import pandas as pd
import streamlit as st

from exports.shown import Shown
from exports.views import data, partnerships
from measures import words
from measures.partnership_words import KINDS, STATES
from pages.parts import (
    editing,
    evidence_list,
    filters,
    frame,
    partnership_choice,
    partnership_file,
    partnership_form,
    partnership_sheet,
    whence,
)

ANY_KIND, ANY_STATE, ANY_OUTCOME = "All kinds", "All", "All outcomes"
NONE_CHOSEN = ""
LIST = "partnership_list"
ROW = 35  # pixels of a row of a table


def line(now: Shown) -> str:
    """What the page shows, in words."""
    made_at = data.reference(now.version).made_at
    as_at = f"as at the end of {now.period_label}"
    return " · ".join([partnerships.summary(now), as_at, f"data version {now.version}, {filters.day(made_at)}"])


def view(now: Shown) -> None:
    """The filters, the list, the partnership that is chosen, and the files."""
    place = editing.said()
    found = _filtered(now)
    _listed(now, found)
    if frame.looking_back():
        st.info("This is an earlier state. Show what counts now to add or change entries.", icon=":material/history:")
    else:
        partnership_form.enter(now)
    code = partnership_choice.chosen(now)
    partnership_form.form(now, code, place)
    if code and editing.opened("partnerships") is None:
        partnership_sheet.whole(now, code)
    partnership_file.downloads(now, found)
    if not frame.looking_back():
        partnership_file.bring_in()
    partnership_file.latest_edits()


def _filtered(now: Shown) -> pd.DataFrame:
    """Draw the filters; what bears on the chosen area and passes them, as exports.views.partnerships.listed."""
    choices = {
        "partnership_kind": ("Kind", {NONE_CHOSEN: ANY_KIND, **KINDS}, 300),
        "state": ("State", {NONE_CHOSEN: ANY_STATE, **STATES}, 160),
        "outcome": ("Outcome", {NONE_CHOSEN: ANY_OUTCOME, **evidence_list.outcome_labels(now)}, 380),
    }
    asked = {}
    for key, (title, labels, _) in choices.items():
        codes = {code: said for code, said in labels.items() if code}
        filters.understand(key, list(labels.values()), title.lower(), labels[NONE_CHOSEN], codes)
    with st.container(horizontal=True):
        for key, (title, labels, width) in choices.items():
            said = st.selectbox(
                title,
                list(labels.values()),
                key=key,
                width=width,
                bind="query-params",
                on_change=filters.forget_notices,
            )
            asked[key] = {label: code for code, label in labels.items()}[said]
    return partnerships.listed(now, asked["partnership_kind"], asked["state"], asked["outcome"])


def _listed(now: Shown, found: pd.DataFrame) -> None:
    everyone = len(partnerships.register(now).partnerships)
    total = words.plural(everyone, "partnership")
    st.markdown(f"## {f'{len(found):,} of {total}' if len(found) < everyone else total}")
    if found.empty:
        why = "No partnership passes these filters. Change the kind, the state or the outcome."
        nothing = f"No partnership in the register bears on {now.area} by then. Choose a wider area, or add one."
        st.info(why if everyone else nothing)
        return
    st.caption("Choose a row to read of the partnership.")
    codes = found["Code"].tolist()
    st.dataframe(
        found,
        hide_index=True,
        key=LIST,
        on_select=lambda: _row_picked(codes),
        selection_mode="single-row",
        height=min(520, ROW * (len(found) + 1) + 3),
        column_config={"Partnership": st.column_config.TextColumn(pinned=True, width=300)},
        alt=f"Partnerships that bear on {now.area}, one of which can be chosen",
    )
    whence.of_sheet(now, "partnerships", LIST)


def _row_picked(codes: list[str]) -> None:
    rows = st.session_state[LIST]["selection"]["rows"]
    if rows and rows[0] < len(codes):
        partnership_choice.choose(codes[rows[0]])
