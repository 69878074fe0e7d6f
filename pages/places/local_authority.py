"""Local authority: how is my borough against England, its region, its statistical neighbours and a year ago?"""

import streamlit as st

from pages.parts import benchmarks, comparisons, data, figures, filters, plain, show

NARROW = 640  # pixels, above which the other table is shown

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
    st.header("Needs attention")
    show.sentences(behind, "No indicator is behind its path.")
with right:
    st.header("Going well")
    show.sentences(well, "No indicator is clearly ahead of its path.")

st.header("Every indicator against England")
show.figure(comparisons.spine_chart(now), "spine", version=now.version, level=3)

st.header("Against England, region, neighbours and last year")
priorities = data.reference(now.version).priorities
chosen = st.segmented_control(
    "Priority", list(priorities["short"]), default=priorities["short"].iloc[0], required=True, key="beside_priority"
)
priority = dict(zip(priorities["short"], priorities["code"], strict=True))[chosen]
beside = benchmarks.table(now, priority)
about = f"{chosen}: each indicator of {now.la_name} against England, its region, its neighbours and a year ago"
if beside.empty:
    st.info(f"No indicator of {chosen} has a row for {now.la_name} in {now.period_label}. Choose another period.")
else:
    with st.container(key="wide_only"):
        st.table(beside, hide_index=True, alt=about)
    with st.container(key="narrow_only"):
        # A width of its own, and the names for index, which stay in sight while a phone scrolls the rest.
        st.table(beside.set_index("Indicator"), width=NARROW, alt=about)
    st.caption(benchmarks.caption(now))

st.header("Statistical neighbours")
closest, basis = benchmarks.neighbours(now)
if closest.empty:
    st.info("No statistical neighbours: none were imported, and there is no context to compute them from.")
else:
    st.caption(f"Authorities most like {now.la_name}, whatever their results. {plain.escaped(basis)}")
    st.table(closest, hide_index=True)

st.header("Over time")
indicator = filters.indicator()
left, right = st.columns(2, gap="large")
with left:
    show.figure(comparisons.trajectory(now, indicator), "trajectory", version=now.version, level=3)
with right:
    show.figure(
        comparisons.ranked(now, "la", indicator),
        "ranked_la",
        version=now.version,
        level=3,
        on_select=show.pick("ranked_la", "la"),
    )

st.header("Which returns are in?")
st.caption("Share of the schools in the register that answered, by phase and kind of collection.")
st.table(figures.response(now), hide_index=True)

st.download_button(
    f"All figures for {now.la_name} (CSV)",
    data=lambda: figures.everything(now),
    file_name=figures.file_stem(now) + ".csv",
    mime="text/csv",
    icon=":material/download:",
    on_click="ignore",
)
