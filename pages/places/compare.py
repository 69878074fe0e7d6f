"""Compare: my borough beside those I choose, up to eight areas of any level."""

import streamlit as st

from exports.views import compared, data, figures
from pages.parts import area_choice, define, filters, frame, several, show, whence

OWN_CHOICE = "My own choice"
NARROW = 960  # pixels, which a phone scrolls, the names in sight

now = filters.shown()

st.title("How do areas compare?")
areas = tuple(area_choice.choose(now))
if not areas:
    st.info("Choose areas above by typing part of a name, or take a ready set.", icon=":material/compare_arrows:")
    raise frame.Enough
place = compared.place_words(list(areas))

priorities = data.reference(now.version).priorities
codes = dict(zip(priorities["short"], priorities["code"], strict=True))
left, right = st.columns([3, 2], gap="large", vertical_alignment="top")
with left:
    chosen = area_choice.which(list(codes), OWN_CHOICE)
with right:
    reference = area_choice.reference(now, list(areas))
if chosen == OWN_CHOICE:
    labels, names = filters.indicator_labels(now.version)
    several.understand("indicators", names, compared.AT_MOST, "indicator", "indicators")
    picked = st.multiselect(
        f"Indicators, up to {compared.AT_MOST}",
        list(labels),
        key="indicators",
        bind="query-params",
        max_selections=compared.AT_MOST,
        select_all=False,
        placeholder="Type part of a name",
        on_change=filters.forget_notices,
    )
    indicators = tuple(labels[label] for label in picked)
else:
    indicators = compared.of_priority(now, codes[chosen])

rows = compared.beside(now, areas, indicators, reference)
st.caption(filters.line(place=place, coverage=compared.coverage(rows)))
st.header(f"Every indicator against {reference}")
overview = compared.overview(now, areas, indicators, reference)
if not indicators:
    st.info("Choose indicators above.")
elif overview is None:
    st.info(f"None of these indicators has a figure for {place} in {now.period_label}. Choose another period.")
else:
    with st.container(key="wide_only"):
        show.figure(overview, "matrix", version=now.version, level=3)
    with st.container(key="narrow_only"):
        listed = compared.overview_list(now, areas, indicators, reference)
        st.markdown(f"### {overview.headline}")
        st.caption(f"{overview.subtitle} · ▲ better, ● similar, ▼ worse, ○ not compared")
        st.table(listed.set_index("Indicator"), width=120 + 84 * len(areas), alt=overview.alt)
        st.caption(f"{overview.notes} {overview.source}")
        whence.of_origin(overview.origin, "matrix_list", now.version)
    if absent := compared.absent(now, areas, indicators, reference):
        st.caption(f"No figure in {now.period_label}: {', '.join(absent)}.")

st.header("One indicator")
indicator = filters.indicator()
about = figures.record(now, indicator)
ranking = compared.ranking(now, areas, indicator, reference)
if ranking is None:
    st.info(define.none_here(about, place, now.period_label))
else:
    show.figure(ranking, "ranking", version=now.version, level=3)
    ranked, said = compared.ranked_table(now, areas, indicator, reference), f"Ranked table: {ranking.headline}"
    with st.container(key="wide_only_ranked"):
        st.table(ranked, hide_index=True, alt=said)
    with st.container(key="narrow_only_ranked"):
        st.table(ranked.set_index("Area"), width=NARROW, alt=said)
    whence.of_origin(ranking.origin, "ranked", now.version)
    show.figure(compared.by_area(now, areas, indicator, reference), "by_area", version=now.version, level=3)

st.header("Every indicator over time")
focus = now.area if now.area in areas else areas[0]
over_time = compared.by_indicator(now, areas, indicators, focus)
if over_time is None:
    st.info("No indicator to show: choose indicators above.")
else:
    show.figure(over_time, "by_indicator", version=now.version, level=3)
