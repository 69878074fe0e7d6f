"""Points on a map: discs that differ by the hole in them, so that no colour is needed to tell them apart."""

from functools import cached_property
from typing import Any

import pydeck

from charts.marks import DISC
from charts.theme import TEXT

TOOLTIP = {"fontFamily": "inherit", "backgroundColor": TEXT, "color": "#ffffff", "fontSize": "14px"}


def ring(hole: float) -> str:
    """A disc with a hole as a path in Vega's unit square; hole: its radius as a share of the disc's, 0 for none."""
    # The inner outline runs the other way round: with one fill, it is a hole.
    inner = f"M0,-{hole}A{hole},{hole},0,0,0,0,{hole}A{hole},{hole},0,0,0,0,-{hole}Z"
    return DISC + inner if hole else DISC


def discs(
    name: str, points: list[dict[str, Any]], colour: str | list[int], radius: float, pickable: bool = False
) -> pydeck.Layer:
    """Discs of one size in pixels at each point's `place`; colour: one for all, or the field that holds it."""
    return pydeck.Layer(
        "ScatterplotLayer",
        data=points,
        id=name,
        get_position="place",
        get_fill_color=colour,
        get_radius=1,
        radius_min_pixels=radius,
        radius_max_pixels=radius,
        stroked=False,
        pickable=pickable,
    )


class Map(pydeck.Deck):
    """A map that is written down once: pages draw the same one again and again."""

    @cached_property
    def _json(self) -> str:
        return str(super().to_json())

    def to_json(self) -> str:
        """The map as text."""
        return self._json


def of_layers(layers: list[pydeck.Layer], view: pydeck.ViewState, tooltip: str) -> pydeck.Deck:
    """The map of some layers. tooltip: '{field}' of a point, shown as text, never as HTML: names come from files."""
    # No map_style, since even None would fetch a base map.
    return Map(layers=layers, initial_view_state=view, map_provider=None, tooltip={"text": tooltip, "style": TOOLTIP})
