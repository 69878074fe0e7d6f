"""Does it last? Plans and what helps, those silent longest, and how long partnerships have lasted."""

import streamlit as st

from exports.shown import Shown
from exports.views import partnership_lasting
from measures.partnership_words import KINDS
from pages.parts import filters, show, whence

ALL_KINDS = "All kinds"
ROW = 35  # pixels of a row of a table


def view(now: Shown) -> None:
    """The view."""
    figure = partnership_lasting.set_up_to_last(now)
    if figure is None:
        st.info(f"No partnership of the register goes on for {now.area} then. Choose a wider area or a later period.")
    else:
        show.figure(figure, "set_up_to_last", version=now.version)
        _silent(now)
    _how_long(now)
    _published(now)


def _silent(now: Shown) -> None:
    found = partnership_lasting.silent(now)
    st.markdown("## Silent longest")
    st.caption("Partnerships that go on, by the day of their last activity in the register.")
    st.dataframe(
        found,
        hide_index=True,
        key="silent_longest",
        height=min(390, ROW * (len(found) + 1) + 3),
        column_config={"Partnership": st.column_config.TextColumn(pinned=True, width=270)},
        alt=f"Partnerships for {now.area} that have been silent longest",
    )
    whence.of_sheet(now, "activities", "silent_longest")


def _how_long(now: Shown) -> None:
    filters.understand("partnership_kind", [ALL_KINDS, *KINDS.values()], "kind", ALL_KINDS, KINDS)
    st.markdown("## How long do they last?")
    said = st.selectbox(
        "Kind",
        [ALL_KINDS, *KINDS.values()],
        key="partnership_kind",
        width=300,
        bind="query-params",
        on_change=filters.forget_notices,
    )
    kind = {title: code for code, title in KINDS.items()}.get(said)
    figure = partnership_lasting.partnerships_last(now, kind)
    if figure is None:
        st.info(partnership_lasting.too_few(now, kind))
    else:
        show.figure(figure, "partnerships_last", version=now.version, level=3)
        show.sentences(partnership_lasting.in_words(now, kind), "")
    kinds = partnership_lasting.by_kind(now)
    if len(kinds):
        with st.expander("Kind by kind", key="lasting_by_kind", on_change="rerun", type="compact") as box:
            if box.open:
                st.table(kinds, hide_index=True)


def _published(now: Shown) -> None:
    found = partnership_lasting.beside_published(now)
    if len(found):
        st.markdown("## Beside what was published")
        st.caption(
            "The partnership projects of local authorities in this register, and those that were evaluated in 2004/05. "
            "The published figures are real; this register's are illustrative where its entries are."
        )
        st.table(found, hide_index=True)
