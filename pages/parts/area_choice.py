"""Which areas a page compares: chosen by typing or as a ready set, in the address as ?areas=Camden&areas=London."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from exports.kept import kept
from exports.shown import Shown, area_names
from exports.views import data
from pages.parts import area_sets, filters, plain, several
from pages.parts.area_sets import MOST, AreaSet

KEY, USUAL, AGAINST = "areas", "areas_usual", "against"


@dataclass(frozen=True)
class Areas:
    """All areas of all levels.

    frame  area_code, area, short, level, region_code; England, regions, authorities by name; indexed by area
    names  anything that an address may call one, in lower case → its name
    """

    frame: pd.DataFrame
    names: dict[str, str]


@kept(4)
def known(version: int) -> Areas:
    """The areas of a data version."""
    return Areas(data.areas(version), area_names(version))


@kept(200)
def sets(now: Shown) -> list[AreaSet]:
    """The ready sets for the area that the sidebar says."""
    there = data.reference(now.version)
    if now.la is None:
        return area_sets.of_regions(now.region_name, there.regions)
    return area_sets.of_authority(now.la, there.authorities, data.neighbours(now.version), data.similar(now.version))


def usual(now: Shown) -> list[str]:
    """What is compared where nobody has chosen: the sidebar's area with what contains it; nothing for England."""
    if now.la is not None:
        return [now.area, str(now.region_name), "England"]
    return [] if now.region is None else [now.area, "England"]


def _take(areas: list[str]) -> None:
    st.session_state[KEY] = areas
    filters.forget_notices()


def _follow(now: Shown) -> None:
    """Start with the usual areas, and go with the sidebar as long as nothing else was chosen."""
    before, wanted = st.session_state.get(USUAL), usual(now)
    chosen = st.session_state.get(KEY, st.query_params.get_all(KEY) or None)
    if chosen is None or (chosen == before and chosen != wanted):
        st.session_state[KEY] = wanted
    st.session_state[USUAL] = wanted


def choose(now: Shown) -> list[str]:
    """Draw the choice and its ready sets; the names chosen, in order."""
    there = known(now.version)
    several.understand(KEY, there.names, MOST, "area", "areas")
    _follow(now)
    chosen: list[str] = st.multiselect(
        f"Areas to compare, up to {MOST}",
        list(there.frame["area"]),
        key=KEY,
        bind="query-params",
        max_selections=MOST,
        select_all=False,
        placeholder="Type part of a name: a borough, a region, England",
        on_change=filters.forget_notices,
    )
    ready = sets(now)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for made in ready:
            st.button(made.label, key=f"set_{made.label}", on_click=_take, args=(made.areas,))
    st.caption(_about(now, chosen, ready))
    return chosen


def _about(now: Shown, chosen: list[str], ready: list[AreaSet]) -> str:
    """The rule of the set that is shown, of each where several are the same, or what the buttons are."""
    if rules := [f"{made.label}: {made.rule}" for made in ready if made.areas == chosen]:
        return plain.escaped(" ".join(rules))
    if now.la is None:
        return "Ready sets. Choose a borough in the sidebar for its region, its neighbours and each kind of authority."
    return f"Ready sets for {now.area}, of at most {MOST} areas; where more would fit, those most like it come first."


def reference(now: Shown, areas: list[str]) -> str:
    """Draw what the areas are compared with: one of them, else England; its name. In the address as ?against=."""
    options = [*areas, *([] if "England" in areas else ["England"])]
    names = {said: name for said, name in known(now.version).names.items() if name in options}
    several.understand(AGAINST, names, 1, "area among those compared", "areas among those compared")
    if st.session_state.get(AGAINST) not in (None, *options):
        st.session_state[AGAINST] = options[0]
    return str(
        st.selectbox("Compared with", options, key=AGAINST, bind="query-params", on_change=filters.forget_notices)
    )


def which(priorities: list[str], own: str) -> str:
    """Draw which indicators are compared: those of a priority, or the reader's own; in the address as ?show=."""
    options = [*priorities, own]
    if "indicators" in st.query_params and "show" not in st.query_params and "show" not in st.session_state:
        st.query_params["show"] = own
        st.rerun()
    filters.understand("show", options, "choice of indicators", options[0])
    if "show" not in st.session_state and "show" not in st.query_params:
        st.session_state["show"] = options[0]
    chosen = st.segmented_control(
        "Indicators of",
        options,
        required=True,
        key="show",
        bind="query-params",
        wrap=True,
        on_change=filters.forget_notices,
    )
    return str(chosen or options[0])
