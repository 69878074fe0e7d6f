"""Regions: which regions and local authorities lead or lag, for one indicator?"""

import streamlit as st

from charts import classes as bins
from exports.views import against, behind, comparisons, figures, tiles
from pages.parts import define, filters, map, map_kind, partnerships_here, show, whence

now = filters.shown()

st.title("Which regions and authorities lead or lag?")
indicator = filters.indicator()
about = figures.record(now, indicator)
level = figures.compared_level(now)
st.caption(filters.line(what=about["short_title"], coverage=figures.coverage(now)))
rows = figures.level_rows(now, level, indicator)
if rows.empty:
    st.info(define.none_here(about, now.area, now.period_label))
else:
    said = against.sentence(now, indicator)
    if said:
        st.markdown(said)
        whence.button("sentence", now.version, behind.one, now, indicator)
    as_tiles = map_kind.chosen("regions")
    left, right = st.columns([2, 3], gap="large")
    with left:
        if as_tiles:
            tiled = tiles.value_tiles(now, indicator)
            if tiled is None:
                st.info(define.none_here(about, "any local authority", now.period_label))
            else:
                show.figure(tiled, "tiles", version=now.version, on_select=show.pick("tiles", "la"))
        else:
            figure = comparisons.value_map(now, level, indicator)
            classes = bins.value_classes(list(rows["value"]), about["unit"])
            show.figure(
                figure,
                f"map_{level}",
                version=now.version,
                draw=map.draw(now, level, rows, classes, figure.alt, f"regions_map_{level}"),
            )
    with right:
        show.figure(
            comparisons.ranked(now, level, indicator),
            f"ranked_{level}",
            version=now.version,
            on_select=show.pick(f"ranked_{level}", level),
        )
    left, right = st.columns(2, gap="large")
    with left:
        funnel = comparisons.funnel_plot(now, indicator)
        if funnel is None:
            st.info("A funnel plot is drawn for percentages with a figure for England; this indicator has none.")
        else:
            show.figure(funnel, "funnel", version=now.version)
    with right:
        show.figure(comparisons.gap_over_time(now, indicator), "gap", version=now.version)
    for column, (first, second) in zip(st.columns(2, gap="large"), comparisons.PAIRS, strict=True):
        with column:
            between = comparisons.between_groups(now, indicator, first, second)
            if between is None:
                st.info(comparisons.no_gap(now, indicator, first, second))
            else:
                show.figure(between, f"between_{first}", version=now.version)
    with st.expander("What is this indicator?"):
        define.definition(about)
partnerships_here.here(now)
