"""The minutes of a meeting on the page and as files, and its end."""

import pandas as pd
import streamlit as st

from data_access import meetings as stored
from data_access.engine import get_engine
from exports import minutes
from pages.parts import editing, meetings, take
from pages.parts.plain import escaped


def view(meeting: pd.Series) -> None:
    """The minutes as they stand, their files, and the way to close the meeting."""
    if not meetings.is_open(meeting):
        editing.said()
    made = minutes.minutes(int(meeting["id"]))
    with st.container(horizontal=True):
        for kind, (label, make) in {
            "html": ("Minutes to print (HTML)", minutes.html),
            "md": ("Minutes as text (Markdown)", minutes.markdown),
        }.items():
            take.download(
                label,
                data=make(made),
                file_name=f"{made.stem}.{kind}",
                mime=minutes.KINDS[kind],
                icon=":material/download:",
                key=f"minutes_{kind}",
                on_click="ignore",
            )
    for section in made.sections:
        st.subheader(section.heading)
        lines = [
            f"{place}. {escaped(line)}" if section.numbered else f"- {escaped(line)}"
            for place, line in enumerate(section.lines, 1)
        ]
        st.markdown("\n".join(lines) or section.none)
    if meetings.is_open(meeting):
        _close(meeting)


def _close(meeting: pd.Series) -> None:
    number, seen = int(meeting["id"]), int(meeting["from_edit"])
    st.subheader("End of the meeting")
    st.markdown(
        "Closing keeps the figures as they stand with the meeting: its views go on showing them, whatever comes in "
        "later. The agenda and the minutes cannot be changed any more."
    )
    place = meetings.name_asked()
    sure = st.checkbox("The meeting is over and the minutes are right", key="close_sure")
    if st.button("Close the meeting", icon=":material/lock:", key="close", disabled=not sure):
        engine = get_engine()
        editing.attempt(
            place,
            lambda by: stored.close(engine, number, by, seen=seen),
            "The meeting is closed: its figures are kept.",
            then=lambda: st.query_params.update(meeting=str(number)),
        )
