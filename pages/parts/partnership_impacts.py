"""Impacts and challenges of partnerships on a page, and what those did who surmounted a challenge."""

from datetime import date

import streamlit as st

from data_access.evidence import today
from exports.kept import kept
from exports.shown import Shown
from exports.views import partnership_findings, partnerships
from exports.views.evidence import edit_shown
from measures import words
from measures.partnership_words import CHALLENGES, LEVELS
from measures.stalls import told
from pages.parts import filters, show
from pages.parts.plain import escaped

ALL = "All levels"
WAYS = 3  # that others had, told of each challenge


def view(now: Shown) -> None:
    """The matrix of impacts, the challenges by state, and what others did about each."""
    if partnerships.register(now).partnerships.empty:
        st.info(f"No partnership in the register bears on {escaped(now.area)} by then. Choose a wider area.")
        return
    show.figure(partnership_findings.impact_matrix(now, _level()), "impact_matrix", version=now.version)
    show.figure(partnership_findings.challenge_states(now), "challenge_states", version=now.version)
    _done(now)


def _level() -> str | None:
    """Ask for the level whose impacts are shown; None for all levels."""
    labels = {ALL: None, **{said: code for code, said in LEVELS.items()}}
    filters.understand("impacts", list(labels), "level of impact", ALL, LEVELS)
    said = st.selectbox(
        "Impact on",
        list(labels),
        key="impacts",
        width=240,
        bind="query-params",
        on_change=filters.forget_notices,
    )
    return labels[said]


def _done(now: Shown) -> None:
    st.markdown("## What others did about each")
    said = _remedies(now, edit_shown(now.version), today())
    st.markdown(said or "No partnership that surmounted a challenge by then says what it did.")
    if said:
        st.caption("From all partnerships of the register in England, as noted by then, the latest first.")


@kept(20)
def _remedies(now: Shown, number: int, latest: date) -> str:
    """What those did who surmounted a challenge, as a list; '' where nobody says."""
    known = partnership_findings.known(now)
    said = []
    for code, title in CHALLENGES.items():
        count = len({partner for each in known.remedies[code] for partner in each.by})
        if count:
            ways = "; ".join(escaped(each.said(known.names)) for each in told(known.remedies, [code], WAYS))
            said.append(f"- **{title}**, surmounted by {words.plural(count, 'partnership')}: {ways}")
    return "\n".join(said)
