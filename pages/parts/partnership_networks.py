"""Networks: how far they take their members, where they meet, who is in none, and who is linked with whom."""

import pydeck
import streamlit as st

from charts import links_map, maps
from exports.http import outlines_url
from exports.kept import kept
from exports.shown import Shown
from exports.views import figures, partnership_networks
from exports.views.evidence import edit_shown
from pages.parts import filters, show, whence
from pages.parts.map import HEIGHT, WIDTH
from pages.parts.plain import unmarked
from seed_data import reference as files

ALL_NETWORKS = "All networks"
MAP = "partnership_links"


def view(now: Shown) -> None:
    """The view."""
    _ladder(now)
    meet = partnership_networks.networks_meet(now)
    if meet is not None:
        show.figure(meet, "networks_meet", version=now.version)
    _web(now)
    _links(now)


def _ladder(now: Shown) -> None:
    there = partnership_networks.networks(now)
    labels = {code: f"{name} ({code})" for code, name in there.items()}
    filters.understand("network", [ALL_NETWORKS, *labels.values()], "network", ALL_NETWORKS, labels)
    said = st.selectbox(
        "Network",
        [ALL_NETWORKS, *labels.values()],
        key="network",
        width=420,
        bind="query-params",
        on_change=filters.forget_notices,
    )
    network = {label: code for code, label in labels.items()}.get(said)
    figure = partnership_networks.engagement_ladder(now, network)
    if figure is None:
        st.info(
            f"No network says how far it has taken its members in {now.area} by then. Choose a wider area or a later "
            "period, or add engagement in the register."
        )
        return
    show.figure(figure, "engagement_ladder", version=now.version)
    with st.expander("Network by network, area by area", key="ladder_by", on_change="rerun", type="compact") as box:
        if box.open:
            split = st.segmented_control(
                "A row for each", partnership_networks.SPLITS, required=True, default="Network"
            )
            st.dataframe(
                partnership_networks.ladder_by(now, split or "Network"),
                hide_index=True,
                key="ladder_rows",
                alt=f"Share of those eligible at each step, with 95% intervals, by {(split or 'Network').lower()}",
            )


def _web(now: Shown) -> None:
    found, brokers = partnership_networks.web(now)
    if not found.members:
        return
    st.markdown("## Who holds it together")
    apart = "all hang together" if found.parts == 1 else f"they form {found.parts:,} groups that share no member"
    st.markdown(
        f"Through partnerships that they share, {found.reach:,} of {found.members:,} members can reach each other; "
        f"{apart}."
    )
    show.sentences([unmarked(sentence) for sentence in brokers], "No member's leaving would part the others.")
    whence.of_sheet(now, "members", "brokers")
    if len(found.brokers) > len(brokers):
        st.caption(
            f"The {len(brokers)} of {len(found.brokers):,} whose leaving would part most. Organisations of one name "
            "count as one."
        )


def _links(now: Shown) -> None:
    figure = partnership_networks.partnership_links(now)
    if figure is None:
        st.info(f"No partnership joins two local authorities for {now.area} then.")
    else:
        show.figure(figure, MAP, version=now.version, draw=lambda: _map(now, figure.alt))
    shared = partnership_networks.shared_partnerships(now)
    if shared is not None:
        show.figure(shared, "shared_partnerships", version=now.version)


def _map(now: Shown, alt: str) -> None:
    st.pydeck_chart(_deck(now, edit_shown(now.version), show.dark()), height=HEIGHT, key=MAP, alt=alt)


@kept(20)
def _deck(now: Shown, number: int, dark: bool) -> pydeck.Deck:
    return links_map.deck(
        outlines_url(figures.LEVELS["region"], now.version),
        figures.features("region", now.version),
        partnership_networks.links(now),
        maps.view_for(files.bounds()[now.region or "england"], WIDTH, HEIGHT),
        dark=dark,
    )
