"""The three priorities of the chosen area, one card each."""

import streamlit as st

from charts import cards
from exports.kept import kept
from exports.shown import Shown
from exports.views import behind, data, figures
from pages.parts import priority_choice, show, whence

PAGE = "pages/monitor/priorities.py"


def priorities(now: Shown) -> None:
    """Cards: how many indicators are on track, how far on the way, what changed, which is furthest behind; a link."""
    for column, (short, card) in zip(st.columns(3, border=True), _cards(now, show.dark()), strict=True):
        with column:
            st.html(card)
            asked = {priority_choice.KEY: short}
            label, icon = f"{short}, outcome by outcome", ":material/arrow_forward:"
            st.page_link(PAGE, label=label, icon=icon, query_params=asked)
    whence.button("cards", now.version, behind.own, now)


@kept(200)
def _cards(now: Shown, dark: bool) -> list[tuple[str, str]]:
    """Each priority's short title and its card as HTML."""
    found = figures.summaries(now)
    worst, before = figures.furthest_behind(found), figures.year_before(now)
    known = data.reference(now.version).priorities
    return [
        (str(short), cards.card(short, *found[code], before or "", dark=dark, furthest=code == worst))
        for code, short in zip(known["code"], known["short"], strict=True)
    ]
