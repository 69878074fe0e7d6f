"""Since last meeting: what moved, which statuses turned, what was revised rather than changed, priority by priority."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from data_access import meetings as stored
from data_access.engine import get_engine, reading
from exports import since
from exports.shown import Shown
from exports.since import Since
from exports.views import behind, data
from measures import words
from pages.parts import filters, meetings, plain, whence


def view(meeting: pd.Series) -> None:
    """England, or the area that the sidebar says, at this meeting set against the meeting before."""
    with reading(get_engine()) as connection:
        before = stored.before(connection, int(meeting["id"]))
    if before is None:
        st.info(since.FIRST)
        return
    current = data.current_version()
    now = replace(filters.shown(), version=current if meetings.is_open(meeting) else int(meeting["data_version"]))
    then = int(before["data_version"])
    seen = f"data version {then}, which the meeting of {words.day(before['held_on'])} saw"
    st.caption(
        f"{plain.escaped(now.area)} · up to {now.period_label} · {now.staff_label} · data version {now.version}, "
        f"against {seen}. Choose a region in the sidebar to see its own."
    )
    for each in since.by_priority(now, then):
        _priority(now, each)
    st.caption(
        "Moved: the figure of a new period differs clearly from the one that was the latest then; what may be chance "
        "is left out. Revised: the figure of the same period is another now, because what was reported changed."
    )


def _priority(now: Shown, each: Since) -> None:
    st.header(each.title)
    st.markdown(f"**{each.counts}**")
    if each.quiet:
        st.markdown(since.NOTHING)
    else:
        _changes(each)
    whence.button(f"since_{each.code}", now.version, behind.own, now, each.code)


def _changes(each: Since) -> None:
    parts = (("Moved", each.moved), ("Status turned", each.turned), ("Revised", each.revised), ("Other", each.other))
    for title, lines in parts:
        if lines:
            st.markdown(f"{title}\n" + "\n".join(f"- {line}" for line in lines))
    st.table(each.table, hide_index=True)
