"""The pages in their sections, with their addresses."""

from pathlib import Path

import streamlit as st

ROOM = Path(__file__).resolve().parent.parent

PAGES = {
    "Monitor": [st.Page(ROOM / "monitor" / "overview.py", title="Overview", icon=":material/dashboard:", default=True)],
    "Places": [
        st.Page(ROOM / "places" / "regions.py", title="Regions", icon=":material/map:", url_path="regions"),
        st.Page(
            ROOM / "places" / "local_authority.py",
            title="Local authority",
            icon=":material/location_city:",
            url_path="local-authority",
        ),
    ],
    "Reference": [
        st.Page(
            ROOM / "reference" / "definitions.py",
            title="Definitions",
            icon=":material/menu_book:",
            url_path="definitions",
        )
    ],
}
