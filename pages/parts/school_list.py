"""The chosen authority's schools on a page: searched, filtered and sorted, on a map and in a table that choose one.

The school that is chosen stands in the address as ?school=URN, which is where every part of the page reads it.
"""

from functools import partial

import pandas as pd
import pydeck
import streamlit as st

from charts import maps, school_map
from exports.http import outlines_url
from exports.kept import kept
from exports.shown import Shown
from exports.views import data, figures
from measures import words
from measures.response import RESPONSES
from pages.parts import filters, legend, plain, schools, show, whence
from pages.parts.map import HEIGHT, WIDTH

ANY_CLUSTER, NO_CLUSTER, ANY_RESPONSE = "All clusters", "No cluster", "All responses"
NONE_CHOSEN = ""
ROW = 35  # pixels of a row of a table
SORTS = {
    "Name": ("", True),
    "Fewest returns in": ("share_in", True),
    "Most returns in": ("share_in", False),
    "Fewest on track": ("share_on_track", True),
    "Most on track": ("share_on_track", False),
}
MAP, LIST = "schools_map", "schools_list"


# The school that is chosen -------------------------------------------------------------------------------


def chosen(now: Shown) -> str | None:
    """The URN of the school that the address names, None where it names none.

    What is not a school of the authority falls back to none, with a line that says so; a school that was chosen before
    another authority was is let go without one.
    """
    given = st.query_params.get("school")
    if given is None:
        return None
    urns = set(schools.register(now)["urn"])
    urn = given.strip()
    if urn in urns:
        st.session_state["school_of"] = (now.la, urn)
        return urn
    was_elsewhere = st.session_state.get("school_of", (now.la, ""))
    if was_elsewhere[1] != urn or was_elsewhere[0] == now.la:
        said = given if len(given) <= 40 else f"{given[:40]}…"
        st.session_state.setdefault("notices", []).append(
            f"“{plain.unmarked(said)}” is not a known school of {now.la_name}; no school is chosen."
        )
    del st.query_params["school"]
    return st.rerun()


def _choose(urn: str | None) -> None:
    """Put a school into the address, or take it out; for callbacks."""
    filters.forget_notices()
    if urn:
        st.query_params["school"] = urn
    elif "school" in st.query_params:
        del st.query_params["school"]


def choice(now: Shown, urn: str | None) -> None:
    """The box to choose a school in by typing part of its name or its URN."""
    there = schools.register(now)
    names = dict(zip(there["urn"], there["name"] + " (" + there["urn"] + ")", strict=True))
    st.session_state["school_choice"] = urn or NONE_CHOSEN
    st.selectbox(
        "School",
        [NONE_CHOSEN, *names],
        format_func=lambda code: names.get(code, "None chosen"),
        key="school_choice",
        on_change=lambda: _choose(st.session_state["school_choice"]),
        help="Type part of a name, or a URN.",
    )


# Which schools -------------------------------------------------------------------------------------------


def filtered(now: Shown) -> pd.DataFrame:
    """Draw the filters; the schools of schools.overview that pass them, in the order asked for."""
    found = schools.overview(now)
    clusters = [
        ANY_CLUSTER,
        *sorted(set(found["cluster"]) - {""}),
        *([NO_CLUSTER] if "" in set(found["cluster"]) else []),
    ]
    responses = [ANY_RESPONSE, *RESPONSES.values()]
    filters.understand("cluster", clusters, "cluster", ANY_CLUSTER)
    filters.understand("response", responses, "response", ANY_RESPONSE)
    filters.understand("sort", list(SORTS), "order", "Name")
    again = {"bind": "query-params", "on_change": filters.forget_notices}
    with st.container(horizontal=True):
        sought = st.text_input("Search", key="find", placeholder="Part of a name, or a URN", width=300, **again)
        cluster = st.selectbox("Cluster", clusters, key="cluster", width=260, **again)
        answer = st.selectbox("Response", responses, key="response", width=165, **again)
        order = st.selectbox("Sort by", list(SORTS), key="sort", width=165, **again)
    text = sought.strip().lower()
    holds = found["name"].str.lower().str.contains(text, regex=False) | found["urn"].str.contains(text, regex=False)
    kept = holds.astype(bool)
    if cluster != ANY_CLUSTER:
        kept &= found["cluster"] == ("" if cluster == NO_CLUSTER else cluster)
    if answer != ANY_RESPONSE:
        kept &= found["response"].map(RESPONSES) == answer
    by, ascending = SORTS[order]
    # Those that are alike stay in the order of their names.
    return found[kept].sort_values(by, ascending=ascending, kind="stable") if by else found[kept]


# Map and table -------------------------------------------------------------------------------------------


def map_and_table(now: Shown, found: pd.DataFrame, urn: str | None) -> None:
    """Both, beside each other; a click on a point or a row chooses the school."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        shown = schools.map_figure(now)
        rows = partial(schools.behind, now)
        show.figure(shown, MAP, version=now.version, draw=lambda: _map(now, found, urn, shown.alt), rows=rows)
    with right:
        total = len(schools.overview(now))
        everyone = words.plural(total, "school")
        counted = f"{len(found)} of {everyone}" if len(found) < total else everyone
        st.markdown(f"## {counted}")
        st.caption(
            "By priority: indicators on track, of those that can be judged by the school’s own figures. "
            "Choose a row to see the school."
        )
        _table(now, found)
        whence.button(LIST, now.version, schools.behind, now)


def _map(now: Shown, found: pd.DataFrame, urn: str | None, alt: str) -> None:
    if school_map.bounds_of(schools.outline(now), schools.overview(now)) is None:
        st.info("No school here has a known place, so there is no map: the table lists all of them.")
        return
    deck = _deck(now, tuple(found["urn"]), urn, show.dark())
    st.pydeck_chart(deck, height=HEIGHT, key=MAP, on_select=_point_picked, selection_mode="single-object", alt=alt)
    present = [key for key in RESPONSES if key in set(found["response"])]
    legend.discs([(RESPONSES[key], school_map.COLOURS[key], school_map.HOLES[key]) for key in present])


@kept(60, of_schools=True)
def _deck(now: Shown, urns: tuple[str, ...], chosen: str | None, dark: bool) -> pydeck.Deck:
    everyone = schools.overview(now)
    bounds = school_map.bounds_of(schools.outline(now), everyone)
    assert bounds is not None
    return school_map.deck(
        outlines_url("local_authorities", now.version),
        [each["code"] for each in figures.features("la", now.version)],
        str(now.la),
        everyone[everyone["urn"].isin(urns)],
        maps.view_for(bounds, WIDTH, HEIGHT),
        chosen=chosen,
        dark=dark,
    )


def _point_picked() -> None:
    picked = st.session_state[MAP]["selection"]["objects"].get("schools", [])
    if picked:
        _choose(picked[0]["urn"])


def _table(now: Shown, found: pd.DataFrame) -> None:
    if found.empty:
        st.info("No school passes these filters. Change the search, the cluster, the response, or the phase.")
        return
    urns = found["urn"].tolist()
    st.dataframe(
        schools.table(now, found)[_order(now)],
        hide_index=True,
        key=LIST,
        on_select=lambda: _row_picked(urns),
        selection_mode="single-row",
        height=min(520, ROW * (len(found) + 1) + 3),
        column_config={"School": st.column_config.TextColumn(pinned=True, width=190)},
        alt=f"Schools of {now.la_name} with their returns and their status by priority, one of which can be chosen",
    )


def _order(now: Shown) -> list[str]:
    """The columns as they are looked for: response and status first, the rest after."""
    priorities = data.reference(now.version).priorities["short"]
    return ["School", "Returns in", *priorities, "Phase", "Cluster", "URN"]


def _row_picked(urns: list[str]) -> None:
    rows = st.session_state[LIST]["selection"]["rows"]
    if rows and rows[0] < len(urns):
        _choose(urns[rows[0]])
