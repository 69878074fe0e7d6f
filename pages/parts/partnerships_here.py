"""What there is of partnership work for the chosen area, on the pages about places and about priorities."""

from urllib.parse import urlencode

import streamlit as st

from exports import shown
from exports.shown import Shown
from exports.views import partnerships_here, university_programmes
from measures import words
from measures.partnerships_here import Here
from pages.parts import whence
from pages.parts.plain import escaped, unmarked

PAGE = "pages/places/partnerships.py"
PROGRAMMES = "pages/places/university_programmes.py"


def here(now: Shown) -> None:
    """On a page about a place: its sentences, those that may stall, and the ways to the page."""
    found = partnerships_here.here(now)
    st.header("Partnerships")
    st.markdown(unmarked(found.going))
    if found.stalling:
        st.markdown(_stalling(now, found))
    if found.alone:
        st.markdown(unmarked(found.alone))
    with st.container(horizontal=True, vertical_alignment="center"):
        _way("Who works with whom", "handshake", show="Register")
        if found.first:
            _way("Which may stall, and why", "hourglass_bottom", show="Stalling")
        _way("Networks, and schools in none", "hub", show="Networks")
        if len(university_programmes.programmes(now)):
            st.page_link(PROGRAMMES, label="What accredited programmes cost", icon=":material/history_edu:")
        whence.of_sheet(now, "partnerships", "partnerships_here")


def _stalling(now: Shown, found: Here) -> str:
    """How many may stall, and the first of them by name, each with the way to it."""
    if not found.first:
        return unmarked(found.stalling)
    named = [
        f"[{escaped(each.name)}]({address(now, each.code)}) "
        f"({escaped('; '.join(words.inline(rule) for rule in each.rules))})"
        for each in found.first
    ]
    return f"**{found.stalling}**: {words.joined(named)}."


def address(now: Shown, code: str) -> str:
    """Where the register shows a partnership, with the filters as they are."""
    asked = {"show": "Register", "partnership": code} | shown.address(now)
    if "as_at" in st.query_params:
        asked["as_at"] = st.query_params["as_at"]
    return f"/partnerships?{urlencode(asked, safe='/')}"


def of_priority(now: Shown, priority: str) -> None:
    """On the page of a priority: what partnership work bears on its outcomes, and the way to it."""
    st.subheader("Partnerships")
    st.markdown(unmarked(partnerships_here.of_priority(now, priority)))
    with st.container(horizontal=True, vertical_alignment="center"):
        _way("Who works with whom", "handshake", show="Register")
        whence.of_sheet(now, "partnerships", "partnerships_of_priority")


def of_outcome(now: Shown, outcome: str) -> None:
    """Of one outcome: the sentence, and the way to those that bear on it."""
    count, said = partnerships_here.of_outcome(now, outcome)
    st.markdown(unmarked(said))
    if count:
        _way("These partnerships", "handshake", show="Register", state="Going on", outcome=outcome)


def _way(label: str, icon: str, **asked: str) -> None:
    st.page_link(PAGE, label=label, icon=f":material/{icon}:", query_params=asked)
