"""A regional consortium of authorities and universities, beside the one that was published.

The consortium that is chosen stands in the address as ?consortium=NAME.
"""

import streamlit as st

from exports.shown import Shown
from exports.views import university_programmes
from pages.parts import filters

KEY = "consortium"
ROW = 35  # pixels of a row of a table


def view(now: Shown) -> None:
    """The choice, its counts beside those published, and its members."""
    there = university_programmes.consortia(now)
    st.markdown("## Consortia")
    if not there:
        st.info(f"No regional consortium with programmes bears on {now.area} by then.", icon=":material/info:")
        return
    names = list(there.values())
    filters.understand(KEY, names, "consortium", names[0], there)
    said = st.selectbox(
        "Consortium",
        names,
        key=KEY,
        width=420,
        bind="query-params",
        on_change=filters.forget_notices,
    )
    code = {name: each for each, name in there.items()}[said]
    st.table(university_programmes.consortium(now, code), hide_index=True)
    parts = university_programmes.consortium_parts(now, code)
    st.caption(
        "Its members, and what they built or gave. A programme of several authorities counts for each. The published "
        "figures are real; entries of this register are illustrative where they say so."
    )
    st.dataframe(
        parts,
        hide_index=True,
        key="consortium_members",
        height=min(640, ROW * (len(parts) + 1) + 3),
        column_config={"Member": st.column_config.TextColumn(pinned=True, width=260)},
        alt=f"Members of the consortium {said}",
    )
