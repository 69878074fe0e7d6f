"""The pages in their sections, with their addresses."""

from copy import copy
from functools import cache
from pathlib import Path

import streamlit as st

ROOM = Path(__file__).resolve().parent.parent

# Section → (file, title, icon, address below the server's root).
SECTIONS = {
    "Monitor": [
        ("monitor/overview.py", "Overview", ":material/dashboard:", ""),
        ("monitor/priorities.py", "Priorities", ":material/flag:", "priorities"),
        ("monitor/plan.py", "Plan", ":material/checklist:", "plan"),
        ("monitor/evidence.py", "Evidence", ":material/fact_check:", "evidence"),
        ("monitor/meeting.py", "Meeting", ":material/groups:", "meeting"),
    ],
    "Places": [
        ("places/regions.py", "Regions", ":material/map:", "regions"),
        ("places/local_authority.py", "Local authority", ":material/location_city:", "local-authority"),
        ("places/compare.py", "Compare", ":material/compare_arrows:", "compare"),
        ("places/schools.py", "Schools", ":material/school:", "schools"),
        ("places/partnerships.py", "Partnerships", ":material/handshake:", "partnerships"),
        (
            "places/university_programmes.py",
            "University programmes",
            ":material/history_edu:",
            "university-programmes",
        ),
    ],
    "Manage": [
        ("manage/data.py", "Data", ":material/database:", "data"),
        ("manage/access.py", "Access", ":material/admin_panel_settings:", "access"),
    ],
    "Reference": [
        ("reference/charts.py", "Chart builder", ":material/insert_chart:", "charts"),
        ("reference/definitions.py", "Definitions", ":material/menu_book:", "definitions"),
    ],
}
ADDRESSES = [address for pages in SECTIONS.values() for _, _, _, address in pages]


def pages() -> dict[str, list]:
    """The pages for st.navigation, this run's own; the one without an address is the first."""
    return {section: [copy(page) for page in made] for section, made in _pages().items()}


@cache
def _pages() -> dict[str, list]:
    """Made once: each looks for its file, which takes a tenth of a small page. Asked first within a run."""
    return {
        section: [
            st.Page(ROOM / file, title=title, icon=icon, url_path=address or None, default=not address)
            for file, title, icon, address in entries
        ]
        for section, entries in SECTIONS.items()
    }
