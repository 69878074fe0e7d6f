"""Local authority: how is my borough against England and its region?"""

import streamlit as st

from pages.parts import figures, filters, show

now = filters.shown()

if now.la is None:
    st.title("How is my borough doing?")
    st.caption(filters.line())
    st.info("Choose a borough or local authority in the sidebar, or from this list.", icon=":material/location_city:")
    filters.authority_list()
    st.stop()

st.title(f"How is {now.la_name} doing?")
st.caption(filters.line(coverage=figures.coverage(now)) + f" · {now.region_name}")

behind, well = figures.attention(now)
left, right = st.columns(2, gap="large")
with left:
    st.subheader("Needs attention")
    show.sentences(behind, "No indicator is behind its path.")
with right:
    st.subheader("Going well")
    show.sentences(well, "No indicator is clearly ahead of its path.")

st.subheader("Every indicator against England")
show.figure(figures.spine_chart(now), "spine", version=now.version)

st.subheader("Over time")
indicator = filters.indicator()
left, right = st.columns(2, gap="large")
with left:
    show.figure(figures.trajectory(now, indicator), "trajectory", version=now.version)
with right:
    show.figure(
        figures.ranked(now, "la", indicator), "ranked_la", version=now.version, on_select=show.pick("ranked_la", "la")
    )

st.subheader("Which returns are in?")
st.caption("Schools that answered, of those in the register, by phase; the lowest first.")
st.table(figures.response(now), hide_index=True)

st.download_button(
    f"All figures for {now.la_name} (CSV)",
    data=lambda: figures.everything(now),
    file_name=figures.file_stem(now) + ".csv",
    mime="text/csv",
    icon=":material/download:",
    on_click="ignore",
)
