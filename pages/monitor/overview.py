"""Overview: are we on track, where not, what changed?"""

import streamlit as st

from charts import classes as bins
from exports.views import behind, figures, tiles
from pages.parts import filters, map, map_kind, show, summary, whence

now = filters.shown()

st.title("Are we on track?")
st.caption(filters.line(coverage=figures.coverage(now)))
if now.is_term:
    st.info("Indicators collected once a year have no figure for a term. Choose a year to see all of them.")

summary.priorities(now)

left, right = st.columns([5, 3], gap="large")
with left:
    with st.container(key="wide_only"):
        show.figure(figures.status_heat(now), "heat", version=now.version)
    with st.container(key="narrow_only"):
        show.brief(figures.region_list, now)
        whence.of_origin(figures.status_heat(now).origin, "region_list", now.version)
    since = figures.year_before(now) or "the year before"
    show.sentences(figures.movers(now), f"No clear change since {since}.", under="Biggest movers")
    whence.button("movers", now.version, behind.compared, now)
with right:
    if map_kind.chosen("overview"):
        show.figure(tiles.share_tiles(now), "tiles", version=now.version, on_select=show.pick("tiles", "la"))
    else:
        level = {"Regions": "region", "Local authorities": "la"}[
            st.segmented_control(
                "Map of",
                ["Regions", "Local authorities"],
                default="Local authorities" if now.region else "Regions",
                key=f"map_of_{bool(now.region)}",
                required=True,
                label_visibility="collapsed",
            )
        ]
        shares, figure = figures.shares(now, level), figures.share_map(now, level)
        show.figure(
            figure,
            f"map_{level}",
            version=now.version,
            draw=map.draw(now, level, shares, bins.share_classes(), figure.alt, f"overview_map_{level}"),
        )
    show.sentences(figures.gaps(now), "No clear gap between areas in this period.", under="Widest gaps")
    whence.button("gaps", now.version, behind.compared, now)
