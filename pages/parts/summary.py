"""The three priorities of the chosen area, one card each."""

import streamlit as st

from charts import cards
from exports.shown import Shown
from exports.views import behind, data, figures
from pages.parts import priority_choice, show, whence

PAGE = "pages/monitor/priorities.py"


def priorities(now: Shown) -> None:
    """Cards: how many indicators are on track, how far on the way, what changed, which is furthest behind; a link."""
    found = figures.summaries(now)
    worst, before = figures.furthest_behind(found), figures.year_before(now)
    for column, priority in zip(st.columns(3), data.reference(now.version).priorities.itertuples(), strict=True):
        current, earlier = found[priority.code]
        furthest = priority.code == worst
        with column.container(border=True, height="stretch"):
            st.html(cards.card(priority.short, current, earlier, before or "", dark=show.dark(), furthest=furthest))
            asked = {priority_choice.KEY: str(priority.short)}
            label, icon = f"{priority.short}, outcome by outcome", ":material/arrow_forward:"
            st.page_link(PAGE, label=label, icon=icon, query_params=asked)
    whence.button("cards", now.version, behind.own, now)
