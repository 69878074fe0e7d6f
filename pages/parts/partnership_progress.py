"""Does it go with progress? Authorities with and without active partnership work, matched on baseline."""

import streamlit as st

from exports.shown import Shown
from exports.views import partnership_progress
from measures import cautions, words
from measures.with_without import LIMITS
from pages.parts import show

ROW = 35  # pixels of a row of a table


def view(now: Shown) -> None:
    """The view."""
    st.info(f"**An association, not an effect.** {cautions.CHOSEN} {cautions.ASSOCIATION}", icon=":material/info:")
    figure = partnership_progress.with_and_without(now)
    if figure is None:
        st.info(partnership_progress.why_none(now))
    else:
        show.figure(figure, "with_and_without", version=now.version)
    _who(now)


def _who(now: Shown) -> None:
    if not partnership_progress.has_moved(now):
        return
    there = partnership_progress.groups(now)
    area, many = partnership_progress.among(now).area, len(there.at_work)
    st.markdown("## Who has active partnership work?")
    st.caption(
        f"Of {area}, {words.plural(many, 'authority', 'authorities')} with it and {len(there.without)} without: a "
        "partnership of the authority's own area, not of a region or all England, that went on at "
        f"{words.day(there.first)} and held at least {LIMITS.activities} activities after it, up to "
        f"{words.day(there.last)}."
    )
    found = partnership_progress.who(now)
    if len(found):
        st.dataframe(
            found,
            hide_index=True,
            key="with_partnership_work",
            height=min(390, ROW * (len(found) + 1) + 3),
            alt=f"Authorities of {area} with active partnership work, and their partnerships",
        )
