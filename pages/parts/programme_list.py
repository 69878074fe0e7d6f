"""University programmes on their page: what is shown, how a saving comes about, and the list."""

import streamlit as st

from exports.shown import Shown
from exports.views import data, university_programmes
from pages.parts import filters, show
from pages.parts.plain import unmarked

ROW = 35  # pixels of a row of a table


def line(now: Shown) -> str:
    """What the page shows, in words."""
    made_at = data.reference(now.version).made_at
    as_at = f"as at the end of {now.period_label}"
    version = f"data version {now.version}, {filters.day(made_at)}"
    return " · ".join([university_programmes.line(now), as_at, version])


def worked(now: Shown) -> None:
    """How a saving comes about, with the published example."""
    with st.expander("How a saving comes about", key="saving_worked", type="compact"):
        show.sentences([unmarked(sentence) for sentence in university_programmes.worked(now)], "")


def listed(now: Shown) -> None:
    """Every programme, one row each."""
    found = university_programmes.listed(now)
    st.markdown("## Programme by programme")
    st.caption(
        "A programme is listed for every area that one of its partners lies in. Counts that would tell of a few people "
        "are not said."
    )
    st.dataframe(
        found,
        hide_index=True,
        key="programme_list",
        height=min(520, ROW * (len(found) + 1) + 3),
        column_config={"Programme": st.column_config.TextColumn(pinned=True, width=300)},
        alt=f"University programmes for {now.area}",
    )
