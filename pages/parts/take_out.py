"""Take out: a selection of the published figures as a file that can be brought in again elsewhere."""

import pandas as pd
import streamlit as st

from charts.figure import slugify
from data_access import access, publish
from data_access.engine import get_engine, reading
from data_access.errors import DataAccessError
from exports.views import data
from measures import words
from measures.sums import with_ancestors
from pages.parts import filters
from pages.parts.plain import escaped, size

LEVELS = {"england": "England", "region": "Regions", "la": "Local authorities", "school": "Schools"}
PHASES = {"all": "All phases", "primary": "Primary", "secondary": "Secondary", "special": "Special"}


def view() -> None:
    """The selection, how large it is, and its file."""
    now = filters.shown()
    known = data.reference(now.version)
    st.header("Take figures out")
    st.markdown(
        "A zip with the figures in the layout of DfE's explore education statistics, their meta file, CSVW metadata "
        "for other programs, and the mapping with which they can be brought in again. What is suppressed on the "
        "pages is suppressed in it."
    )
    titles = {
        row.code: f"{row.outcome} {row.short_title}" if row.outcome else row.short_title
        for row in known.indicators.itertuples()
    }
    indicators = st.multiselect(
        "Indicators", list(titles), format_func=lambda code: titles[code], key="out_indicators",
        default=list(titles)[:1],
    )  # fmt: skip
    schools = data.school_counts(now.version, access.viewer())
    left, right = st.columns(2)
    with left:
        levels = st.multiselect(
            "Levels",
            [level for level in LEVELS if level != "school" or schools],
            format_func=lambda code: LEVELS[code],
            key="out_levels",
            default=["england", "region"],
        )
        labels = dict(zip(known.periods["code"], known.periods["label"], strict=True))
        periods = st.multiselect(
            "Periods",
            list(reversed(labels)),
            format_func=lambda code: labels[code],
            key="out_periods",
            placeholder="All",
        )
        areas = _areas(known)
    with right:
        groups = _groups(known, indicators)
        staff = st.multiselect(
            "Staff groups", list(groups), format_func=lambda code: groups[code], key="out_staff",
            default=["all"] if "all" in groups else None,
            help="Those for which every chosen indicator is collected.",
        )  # fmt: skip
        phases = st.multiselect(
            "Phases", list(PHASES), format_func=lambda code: PHASES[code], key="out_phases", default=["all"]
        )
    blank = [
        name
        for name, given in (("indicator", indicators), ("level", levels), ("staff group", staff), ("phase", phases))
        if not given
    ]
    if blank:
        st.info(f"Choose at least one {', one '.join(blank)}.")
        return
    fitting, places = _periods(known, indicators, periods), _places(known, schools, levels, areas)
    most = len(fitting) * len(staff) * len(phases) * places
    parts = ((fitting, "period"), (range(places), "place"), (staff, "staff group"), (phases, "phase"))
    said = words.joined([words.plural(len(part), name) for part, name in parts])
    st.caption(f"At most {words.plural(most, 'row')}: {said}. Each indicator has six columns.")
    selection = {
        "indicators": indicators,
        "levels": levels,
        "periods": periods or None,
        "staff_groups": staff,
        "phases": phases,
        "areas": areas or None,
        "as_at": now.version,
    }
    _file(
        selection,
        slugify(*indicators[:2], "and more" if len(indicators) > 2 else "", *[LEVELS[level] for level in levels]),
    )
    st.page_link("pages/reference/definitions.py", label="What the indicators mean", icon=":material/menu_book:")


def _file(selection: dict, stem: str) -> None:
    """Make it when asked, then offer it."""
    if st.button("Make the file", type="primary", icon=":material/folder_zip:"):
        st.session_state.pop("taken_out", None)
        try:
            with st.spinner("Making the file …"), reading(get_engine()) as connection:
                found = publish.published(connection, **selection)
            made = publish.write_zip(found, stem)
        except DataAccessError as error:
            st.warning(f"**{escaped(error.sentence)}** {escaped(error.remedy)}", icon=":material/help:")
        else:
            st.session_state["taken_out"] = (selection, len(found.data), made)
    kept = st.session_state.get("taken_out")
    if kept and kept[0] == selection:
        st.download_button(
            f"Download {words.plural(kept[1], 'row')} ({size(len(kept[2]))})",
            data=kept[2],
            file_name=f"{stem}.zip",
            mime="application/zip",
            icon=":material/download:",
            key="out_zip",
            on_click="ignore",
        )


def _areas(known: data.Reference) -> list[str]:
    names = dict(zip(known.regions["code"], known.regions["name"], strict=True))
    names |= dict(zip(known.authorities["code"], known.authorities["name"], strict=True))
    now = filters.shown()
    if "out_areas" not in st.session_state:
        st.session_state["out_areas"] = [code for code in [now.la or now.region] if code]
    return st.multiselect(
        "Areas, with what lies in them", list(names), format_func=lambda code: names[code], key="out_areas",
        placeholder="All of England",
    )  # fmt: skip


def _groups(known: data.Reference, indicators: list[str]) -> dict[str, str]:
    """The staff groups for which all of the indicators are collected: code → title."""
    parents = {
        str(row.code): None if pd.isna(row.parent) else str(row.parent) for row in known.staff_groups.itertuples()
    }
    titles = dict(zip(known.staff_groups["code"], known.staff_groups["title"], strict=True))
    about = known.indicators.set_index("code")
    for code in indicators:
        if about.loc[code, "collected_from"] != "published":
            collected = with_ancestors(about.loc[code, "staff_groups"], parents)
            titles = {group: title for group, title in titles.items() if group in collected}
    return titles


def _periods(known: data.Reference, indicators: list[str], chosen: list[str]) -> list[str]:
    """The chosen periods, or all, of a kind in which one of the indicators is collected."""
    kinds = set(known.frequency[indicators])
    fitting = known.periods.loc[known.periods["kind"].isin(kinds), "code"]
    return [code for code in fitting if not chosen or code in chosen]


def _places(known: data.Reference, schools: dict[str, int], levels: list[str], areas: list[str]) -> int:
    """How many places the selection has at most; schools: how many each authority has."""
    regions = known.regions["code"]
    las = known.authorities
    if areas:
        regions = regions[regions.isin(areas)]
        las = las[las["code"].isin(areas) | las["region_code"].isin(areas)]
    of_las = sum(schools.get(code, 0) for code in las["code"])
    each = {"england": 1, "region": len(regions), "la": len(las), "school": of_las}
    return sum(each[level] for level in levels)
