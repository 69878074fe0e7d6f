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
from measures import partnerships_since, words
from pages.parts import filters, meetings, plain, whence

PARTNERSHIPS = "pages/places/partnerships.py"


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
    _partnerships(now, before, meeting)
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


def _partnerships(now: Shown, before: pd.Series, meeting: pd.Series) -> None:
    found = since.partnerships(now, before, meeting)
    st.header("Partnerships")
    st.markdown(f"**{found.changes.counts}**")
    lines = []
    for title, told in found.changes.groups.items():
        lines.append(f"{title}\n")
        lines += [f"- **{plain.escaped(name)}**: {plain.escaped(said)}" if name else f"- {said}" for name, said in told]
        lines.append("")
    st.markdown("\n".join(lines) or partnerships_since.NOTHING)
    st.caption(plain.escaped(f"{found.against}.{since.INVENTED if found.invented else ''}"))
    st.page_link(PARTNERSHIPS, label="Who works with whom", icon=":material/handshake:")


def _changes(each: Since) -> None:
    parts = (("Moved", each.moved), ("Status turned", each.turned), ("Revised", each.revised), ("Other", each.other))
    for title, lines in parts:
        if lines:
            st.markdown(f"{title}\n" + "\n".join(f"- {line}" for line in lines))
    st.table(each.table, hide_index=True)
