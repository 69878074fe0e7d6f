"""Definitions: what does this mean?"""

import streamlit as st

from exports.definitions import STATUS_RULES
from exports.views import data
from measures import words
from pages.parts import define, filters, methods, plain, thresholds
from seed_data import reference as files

now = filters.shown()
known = data.reference(now.version)

st.title("What does this mean?")
with st.container(horizontal=True, vertical_alignment="center"):
    st.caption("Every indicator, method, symbol and term used on the pages.", width="content")
    st.page_link(
        "pages/monitor/evidence.py",
        label="Published facts",
        icon=":material/fact_check:",
        query_params={"sheet": "Published facts"},
    )
indicators, explained, terms, access = st.tabs(
    ["Indicators", "Methods and symbols", "Glossary", "Accessibility"], key="part", on_change="rerun"
)

with indicators:
    sought = st.text_input("Find an indicator", placeholder="Part of its title", key="sought")
    shown = known.indicators[known.indicators["title"].str.contains(sought, case=False, regex=False)]
    if shown.empty:
        st.info(f"No indicator's title holds “{plain.unmarked(sought)}”. Try a shorter word.")
    for group, members in shown.groupby(shown["priority_short"].fillna("Context"), sort=False):
        st.header(group)
        for about in members.to_dict("records"):
            title = f"{about['outcome']} · {about['short_title']}" if about["outcome"] else about["short_title"]
            with st.expander(title, key=f"about_{about['code']}", on_change="rerun", type="compact") as box:
                if box.open:
                    define.definition(about)
                    source = known.sources[known.sources["indicator"] == about["code"]]
                    define.target_and_source(about, source, data.targets(now.version))
with explained:
    if explained.open:  # its examples are worked out from the figures that are shown
        methods.show(now)
    st.markdown("## Thresholds")
    st.table(thresholds.table(now.version), hide_index=True)
    st.markdown("## Symbols")
    st.table(
        [{"Symbol": symbol, "Meaning": meaning} for symbol, meaning in words.SYMBOL_WORDS.items()], hide_index=True
    )
    st.markdown("## Status")
    st.table(
        [
            {"Mark": words.STATUS_SYMBOLS[s], "Status": words.STATUS_WORDS[s], "When": when}
            for s, when in STATUS_RULES.items()
        ],
        hide_index=True,
    )
with terms:
    st.table([{"Term": entry["term"], "Meaning": entry["meaning"]} for entry in files.glossary()], hide_index=True)
with access:
    st.markdown((files.HERE / "strategy" / "accessibility.md").read_text(encoding="utf-8"))
