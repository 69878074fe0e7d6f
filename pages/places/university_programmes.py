"""University programmes: what does accredited CPD cost and give?"""

import streamlit as st

from exports.views import university_findings, university_programmes
from pages.parts import filters, programme_consortium, programme_list, show
from pages.parts.plain import unmarked

FIGURES = (
    university_findings.programme_fees,
    university_findings.programme_savings,
    university_findings.programme_completion,
    university_findings.completion_cost,
    university_findings.programme_ways,
    university_findings.programme_themes,
)
REGISTER = "pages/places/partnerships.py"

now = filters.shown()
st.title("What does accredited CPD cost and give?")
st.caption(programme_list.line(now))
found = university_programmes.programmes(now)
if found.empty:
    st.info(
        f"No university programme of the register had begun for {unmarked(now.area)} by then. Choose a wider area or a "
        "later period, or enter one with its partnership.",
        icon=":material/info:",
    )
else:
    show.sentences([unmarked(sentence) for sentence in university_programmes.said(now)], "")
    programme_list.worked(now)
    for make in FIGURES:
        figure = make(now)
        if figure is not None:
            show.figure(figure, make.__name__, version=now.version)
    programme_list.listed(now)
programme_consortium.view(now)
st.page_link(REGISTER, label="Enter, change or take out programmes with their partnership", icon=":material/edit:")
