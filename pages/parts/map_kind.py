"""The choice between the geographic map and the tile map."""

from contextlib import suppress

import streamlit as st
from streamlit.errors import StreamlitAPIException

from pages.parts import filters

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
