"""Priorities: how is this priority doing, outcome by outcome?"""

import streamlit as st

from exports.views import figures, priorities
from pages.parts import filters, outcome, plain, priority_choice, show

now = filters.shown()

st.title("How is this priority doing, outcome by outcome?")
priority = priority_choice.choose(now)
st.caption(filters.line(coverage=figures.coverage(now)))
if now.is_term:
    st.info("Indicators collected once a year have no figure for a term. Choose a year to see all of them.")

title, said, behind = priorities.summary(now, priority)
evidence, lines = priorities.evidence_for(now, priority), priorities.lines_for(now, priority)
st.markdown(f"## {title}")
st.markdown(said)
left, right = st.columns([3, 2], gap="large")
with left:
    glance = priorities.glance(now, priority)
    named = [
        f"[{code} {plain.unmarked(text)}](#{outcome.anchor(code)})"
        for code, text in zip(glance["code"], glance["title"], strict=True)
    ]
    st.table(
        glance.drop(columns=["code", "title", "Behind"]).assign(Outcome=named).set_index("Outcome"),
        alt="The outcomes of this priority: indicators on track, and the evidence",
    )
with right:
    st.subheader("Furthest behind")
    show.sentences(behind, "No indicator is behind its path.")
    st.subheader("Action lines")
    st.markdown(
        "\n".join(
            f"- {line['line']} {plain.unmarked(line['title'])}: {priorities.line_words(line)}"
            for line in lines.to_dict("records")
        )
    )
st.caption(priorities.how_to_read(now))

for row in glance.itertuples():
    outcome.whole(now, str(row.code), str(row.title), evidence, lines)
