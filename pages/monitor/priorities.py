"""Priorities: how is this priority doing, outcome by outcome?"""

import pandas as pd
import streamlit as st

from exports.views import behind, figures, priorities
from pages.parts import filters, outcome, partnerships_here, plain, priority_choice, show, whence

now = filters.shown()

st.title("How is this priority doing, outcome by outcome?")
priority = priority_choice.choose(now)
st.caption(filters.line(coverage=figures.coverage(now)))
if now.is_term:
    st.info("Indicators collected once a year have no figure for a term. Choose a year to see all of them.")

standing = priorities.standing(now, priority)
found = priorities.outcomes(now, priority)
st.markdown(f"## {standing.headline}")
if standing.told:
    st.markdown(standing.told)
left, right = st.columns([3, 2], gap="large")
with left:
    st.table(
        pd.DataFrame(
            {
                "Outcome": [f"[{one.code} {plain.unmarked(one.title)}](#{outcome.anchor(one.code)})" for one in found],
                "On track": [one.on_track for one in found],
                "Evidence": [one.evidence_words for one in found],
            }
        ),
        hide_index=True,
        alt="The outcomes of this priority: indicators on track, and the evidence",
    )
    whence.button("outcomes", now.version, behind.own, now, priority)
with right:
    st.subheader("Furthest behind")
    show.sentences(standing.behind, standing.nothing)
    whence.button("behind", now.version, behind.own, now, priority)
    st.subheader("Action lines")
    lines = priorities.lines_for(now, priority)
    show.sentences(
        [f"{line['line']} {plain.unmarked(line['title'])}: {priorities.line_words(line)}" for line in lines],
        "No action line of the plan serves this priority.",
    )
    partnerships_here.of_priority(now, priority)
st.caption(priorities.how_to_read(now))

for one in found:
    outcome.whole(now, one)
