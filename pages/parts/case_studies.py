"""Case studies on a page: chosen by feature and priority, on a map and as a list.

The one that is chosen stands in the address as ?case=CODE.
"""

import pandas as pd
import pydeck
import streamlit as st

from charts import case_map, maps
from exports.http import outlines_url
from exports.kept import kept
from exports.shown import Shown
from exports.views import data, evidence, figures
from measures import words
from pages.parts import filters, legend, show
from pages.parts.map import HEIGHT, WIDTH
from pages.parts.plain import unmarked
from seed_data import reference as files

ANY_FEATURE, ANY_PRIORITY = "All features", "All priorities"
MAP = "case_map"


def view(now: Shown) -> None:
    """The filters, the map with its table twin, and the case studies one under another."""
    feature, priority = _filters(now)
    found = evidence.cases_with(now.version, feature, priority)
    given = st.query_params.get("case")
    chosen = given if given in set(found["code"]) else None
    left, right = st.columns([2, 3], gap="large")
    with left:
        figure = evidence.case_map(now, feature, priority)
        show.figure(figure, MAP, version=now.version, draw=lambda: _map(now, tuple(found["code"]), chosen, figure.alt))
    with right:
        _list(now, found, chosen)


def _filters(now: Shown) -> tuple[str | None, str | None]:
    """Draw the filters; the codes of the feature and the priority that were chosen, None for any."""
    features, priorities = files.effective_features(), data.reference(now.version).priorities
    shorts = dict(zip(priorities["code"], priorities["short"], strict=True))
    asked = []
    with st.container(horizontal=True):
        for key, title, codes, first, width in (
            ("feature", "Feature of effective development", features, ANY_FEATURE, 380),
            ("priority", "Priority", shorts, ANY_PRIORITY, 200),
        ):
            labels = [first, *codes.values()]
            filters.understand(key, labels, key, first, codes)
            said = st.selectbox(
                title, labels, key=key, width=width, bind="query-params", on_change=filters.forget_notices
            )
            asked.append({label: code for code, label in codes.items()}.get(said))
    return asked[0], asked[1]


def _map(now: Shown, codes: tuple[str, ...], chosen: str | None, alt: str) -> None:
    deck = _deck(now.version, codes, chosen, show.dark())
    st.pydeck_chart(deck, height=HEIGHT, key=MAP, on_select=_picked, selection_mode="single-object", alt=alt)
    shorts = data.reference(now.version).priorities["short"]
    legend.discs(list(zip(shorts, case_map.COLOURS, case_map.HOLES, strict=True)))


@kept(40)
def _deck(version: int, codes: tuple[str, ...], chosen: str | None, dark: bool) -> pydeck.Deck:
    everyone = evidence.case_studies(version)
    return case_map.deck(
        outlines_url(figures.LEVELS["region"], version),
        everyone[everyone["code"].isin(codes)],
        list(data.reference(version).priorities["code"]),
        maps.view_for(files.bounds()["england"], WIDTH, HEIGHT),
        chosen=chosen,
        dark=dark,
    )


def _picked() -> None:
    picked = st.session_state[MAP]["selection"]["objects"].get("cases", [])
    if picked:
        st.query_params["case"] = picked[0]["code"]


def _list(now: Shown, found: pd.DataFrame, chosen: str | None) -> None:
    """One case study under another, the chosen one open; then the features that none shows."""
    features, everyone = files.effective_features(), evidence.case_studies(now.version)
    if found.empty:
        st.info("No case study shows this. Choose another feature or priority.")
    for case in found.to_dict("records"):
        mine = case["code"] == chosen
        label = f"{unmarked(case['title'])} · {unmarked(case['place'])}"
        # Another key once it is chosen: what is open stays as readers left it, but the chosen one opens.
        with st.expander(label, expanded=mine, key=f"case_{case['code']}_{mine}"):
            st.markdown(unmarked(case["summary"]))
            st.markdown("\n".join(f"- {features[code]}" for code in case["features"]))
            st.caption(f"{case['priority_short']} · {unmarked(case['area'])} · Source: {case['source']}")
    shown = {code for codes in everyone["features"] for code in codes}
    missing = [words.inline(title) for code, title in features.items() if code not in shown]
    if missing:
        st.caption(f"No case study shows yet: {words.joined(missing)}.")
