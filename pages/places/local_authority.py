"""Local authority: how is my borough against England, its region, its statistical neighbours and a year ago?"""

import streamlit as st

from exports.views import against, behind, comparisons, data, figures
from pages.parts import (
    filters,
    frame,
    partnerships_here,
    plain,
    priority_choice,
    report,
    revised,
    show,
    summary,
    take,
    whence,
)

NARROW = 640  # pixels, above which the other table is shown

now = filters.shown()

if now.la is None:
    st.title("How is my borough doing?")
    st.caption(filters.line())
    st.info("Choose a borough or local authority in the sidebar, or from this list.", icon=":material/location_city:")
    filters.authority_list()
    raise frame.Enough

st.title(f"How is {now.la_name} doing?")
st.caption(filters.line(coverage=figures.coverage(now)) + f" · {now.region_name}")
report.buttons(now)
with st.container(horizontal=True, vertical_alignment="center"):
    take.download(
        "All figures (CSV)",
        data=lambda: figures.everything(now),
        file_name=figures.file_stem(now) + ".csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )
    st.page_link("pages/places/compare.py", label=f"Compare {now.la_name}", icon=":material/compare_arrows:")
    st.page_link("pages/places/schools.py", label="Its schools", icon=":material/school:")

summary.priorities(now)
short, well = figures.attention(now)
left, right = st.columns(2, gap="large")
with left:
    st.header("Needs attention")
    show.sentences(short, "No indicator is behind its path.")
    whence.button("attention", now.version, behind.own, now)
with right:
    st.header("Going well")
    show.sentences(well, "No indicator is clearly ahead of its path.")
    whence.button("well", now.version, behind.own, now)

st.header("Every indicator against England")
show.figure(comparisons.spine_chart(now), "spine", version=now.version, level=3)

st.header("One priority at a time")
priority = priority_choice.choose(now)
chosen = str(data.reference(now.version).priorities.set_index("code")["short"][priority])
beside = against.table(now, priority)
if beside.empty:
    st.info(f"No indicator of {chosen} has a row for {now.la_name} in {now.period_label}. Choose another period.")
else:
    show.figure(comparisons.trend_strips(now, priority), "strips", version=now.version, level=3)
    st.subheader("Against England, region, neighbours and last year")
    about = f"{chosen}: each indicator of {now.la_name} against England, its region, its neighbours and a year ago"
    with st.container(key="wide_only"):
        st.table(beside, hide_index=True, alt=about)
    with st.container(key="narrow_only"):
        # A width of its own, and the names for index, which stay in sight while a phone scrolls the rest.
        st.table(beside.set_index("Indicator"), width=NARROW, alt=about)
    st.caption(against.caption(now))
    whence.of_origin(comparisons.spine_chart(now, priority).origin, "against", now.version)

st.header("Teachers and support staff")
show.figure(comparisons.groups_here(now, "teachers", "support_staff"), "groups", version=now.version, level=3)

st.header("One indicator")
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

left, right = st.columns(2, gap="large")
with left:
    st.header("Statistical neighbours")
    closest, basis = against.neighbours(now)
    if closest.empty:
        st.info("No statistical neighbours: none were imported, and there is no context to compute them from.")
    else:
        st.caption(f"Authorities most like {now.la_name}, whatever their results. {plain.escaped(basis)}")
        st.table(closest, hide_index=True)
with right:
    st.header("Which returns are in?")
    st.caption("Share of the schools in the register that answered, by phase and kind of collection.")
    st.table(figures.response(now), hide_index=True)
    whence.button("response", now.version, behind.phases, now)

partnerships_here.here(now)

st.header("What changed since the data version before?")
revised.here(now)
