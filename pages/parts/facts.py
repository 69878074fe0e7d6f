"""Published facts on a page: a table where there is room, a list on a phone."""

import pandas as pd
import streamlit as st

from pages.parts.plain import escaped


def view(facts: pd.DataFrame) -> None:
    """Both, of which one is shown. facts: as exports.views.data.published_facts gives them."""
    with st.container(key="wide_only_facts"):
        st.table(facts.map(escaped), hide_index=True)
    with st.container(key="narrow_only_facts"):
        st.markdown("\n".join(f"- {_line(fact)}" for fact in facts.to_dict("records")))


def _line(fact: dict) -> str:
    """'**Training schools**: 244 schools, 2009, England. TDA strategy 2009-12.'"""
    told = ", ".join(escaped(fact[name]) for name in ("Figure", "When", "Where", "Note") if fact[name])
    return f"**{escaped(fact['What'])}**: {told}. {escaped(fact['Source'])}."
