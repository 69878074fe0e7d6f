"""Which priority a page shows: chosen above it, and in the address as ?priority= or by one of its outcomes."""

import streamlit as st

from exports.shown import Shown
from exports.views import data
from pages.parts import filters

KEY = "priority"


def choose(now: Shown) -> str:
    """Draw the choice of a priority; its code. Where ?priority= says none, ?outcome= opens that of the outcome."""
    known = data.reference(now.version)
    names = dict(zip(known.priorities["code"], known.priorities["short"], strict=True))
    labels = list(names.values())
    filters.understand(KEY, labels, KEY, labels[0], names)
    if st.session_state.get(KEY) not in labels and KEY not in st.query_params:
        of = dict(zip(known.outcomes["code"], known.outcomes["priority"], strict=True))
        filters.understand("outcome", list(of), "outcome", labels[0])
        asked = of.get(st.query_params.get("outcome", ""))
        st.session_state[KEY] = names[asked] if asked else labels[0]
    chosen = st.segmented_control(
        "Priority", labels, required=True, key=KEY, bind="query-params", label_visibility="collapsed"
    )
    return {label: code for code, label in names.items()}[chosen or labels[0]]
