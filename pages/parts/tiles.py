"""The tile map beside the geographic one: which of the two is shown, and the figures that the tiles make."""

from contextlib import suppress

import pandas as pd
import streamlit as st
from streamlit.errors import StreamlitAPIException

from charts.figure import Figure
from charts.tiles import tile_map
from pages.parts import figures, filters
from pages.parts.figures import context, england_row, kept, level_rows, place_words, record
from pages.parts.filters import Shown
from seed_data import reference as files

KINDS = ["Map", "Tiles"]


def chosen(page: str) -> bool:
    """Draw the choice between map and tiles, which stands in the address as ?map=; True where it is tiles.

    page: the page's name. On another page the control is another one, which would begin with the map.
    """
    filters.understand("map", KINDS, "kind of map", KINDS[0])
    moved = st.session_state.get("map_page", page) != page
    st.session_state["map_page"] = page
    if moved and st.session_state.get("map") == KINDS[1] and "map" not in st.query_params:
        # Refused while the other page's control still holds the address: the map is shown then.
        with suppress(StreamlitAPIException):
            st.query_params["map"] = KINDS[1]
        st.rerun()
    kind = st.segmented_control(
        "Kind of map",
        KINDS,
        default=KINDS[0],
        key="map",
        bind="query-params",
        required=True,
        label_visibility="collapsed",
    )
    return kind == KINDS[1]


@kept(200)
def value_tiles(now: Shown, indicator: str) -> Figure | None:
    """Tile map of one indicator's values: all authorities, or those of the chosen region; None where none has a row."""
    rows, england = level_rows(now, "la", indicator), england_row(now, indicator)
    if rows.empty:
        return None
    made = context(now, rows, indicator, place=place_words(now, "la"), comparator="" if england is None else "England")
    return tile_map(rows, record(now, indicator), made, _placed(now), england=england, focus=now.la)


@kept(200)
def share_tiles(now: Shown) -> Figure:
    """Tile map of the share of indicators on track: all authorities, or those of the chosen region."""
    made = context(now, figures.area_rows(now, "la"), place=place_words(now, "la"))
    return tile_map(figures.shares(now, "la"), figures.ON_TRACK, made, _placed(now), shares=True, focus=now.la)


def _placed(now: Shown) -> pd.DataFrame:
    tiles = files.tiles()
    return tiles[tiles["region_code"] == now.region] if now.region else tiles
