"""Maps: a pydeck deck for pages, and the same map as a figure for files. Nothing is fetched from elsewhere."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import pydeck

from charts.classes import class_of, dark_labels, rgb
from charts.figure import Context, Figure, Record, Spec, number_or_none, text_or_blank
from charts.geometry import Bounds, fit, middle_of
from charts.map_names import LABEL_PLACES, LONDON, name_layers
from charts.map_words import Classes, classes_of, colour_scale, described
from charts.points import TOOLTIP
from charts.theme import DARK, NO_VALUE, PAPER, RULE, TEXT
from measures import words

HEIGHT: Final = 560


def view_for(bounds: Bounds, width_px: int, height_px: int) -> pydeck.ViewState:
    """The view that shows west, south, east, north whole, with a margin, in a frame of the given size."""
    longitude, latitude, zoom = fit(bounds, width_px, height_px)
    # By name, because pydeck puts longitude first.
    return pydeck.ViewState(longitude=longitude, latitude=latitude, zoom=zoom, pitch=0, bearing=0)


class _Deck(pydeck.Deck):
    """A deck that is written down once: a page asks for its JSON at each redraw."""

    def to_json(self) -> str:
        if "written" not in self.__dict__:
            self.__dict__["written"] = super().to_json()
        return str(self.__dict__["written"])


def deck(
    geojson_url: str,
    level: str,
    features_order: Sequence[str],
    colours: Mapping[str, str],
    view: pydeck.ViewState,
    *,
    dark: bool = False,
    tooltip_html: str = "<b>{name}</b>",
) -> pydeck.Deck:
    """A map of areas by the address of their outlines, which are not in it: 1 kB for regions, 3 kB for all LAs.

    geojson_url     GeoJSON whose features carry properties `i` (place in features_order), `code` and `name`
    level           'region' or 'la': names the layer, so that a selection can be read as its id
    features_order  area codes in the order of `i`
    colours         colour '#rrggbb' by area code; an area left out is grey, near to the page
    dark            for a dark page, as colours are then, too
    """
    nothing, rule = (DARK.get(colour, colour) if dark else colour for colour in (NO_VALUE, RULE))
    fills = [rgb(colours.get(code, nothing)) for code in features_order]
    # pydeck puts '@@=' before a string: deck.gl then evaluates it for each feature. The parentheses are needed: its
    # parser takes a bare array literal and the index after it for two expressions, and paints everything black.
    fill = f"({json.dumps(fills, separators=(',', ':'))})[properties.i]"
    layer = pydeck.Layer(
        "GeoJsonLayer",
        data=geojson_url,
        id=f"areas-{level}",
        get_fill_color=fill,
        filled=True,
        stroked=False,  # with outlines in a pickable layer, clicks fail where picking runs in software
        pickable=True,
        auto_highlight=True,
    )
    # Outlines in a layer of their own that cannot be picked: neighbours of one colour stay apart, clicks still work.
    lines = pydeck.Layer(
        "GeoJsonLayer",
        data=geojson_url,
        id=f"lines-{level}",
        filled=False,
        stroked=True,
        pickable=False,
        get_line_color=rgb(rule),
        line_width_min_pixels=0.7,
        line_width_max_pixels=0.7,
    )
    # No base map: map_style must not even be passed, since None would fetch one.
    return _Deck(
        layers=[layer, lines],
        initial_view_state=view,
        map_provider=None,
        tooltip={"html": tooltip_html, "style": TOOLTIP},
    )


def map_figure(
    values: pd.DataFrame,
    indicator: Record,
    context: Context,
    features: Sequence[Mapping[str, Any]],
    *,
    level: str,
    shares: bool = False,
    short: Mapping[str, str] | None = None,
    england: Record | None = None,
    focus: str | None = None,
    also: Sequence[str] = (),
) -> Figure:
    """The map as a figure with its outlines inside: for files, where nothing can be fetched.

    values    values frame of one indicator and period, one row an area. With `shares`, a frame of area_code, area,
              value (0-100: share of indicators on track), on_track, judged instead; `indicator` then only names it
    features  GeoJSON features with properties.code; those without a row in values are drawn as having no value
    short     short labels by area_code, written on the map where given (regions)
    england   England's row of the same, which each area is compared with in the table; not with `shares`
    focus     area_code of the area that the alt text ends with, else England where it is given; not with `shares`
    also      area_codes of areas with a thick outline
    """
    unit = "percent" if shares else str(indicator["unit"])
    classes = classes_of(values, unit, shares)
    by_area = {str(row["area_code"]): row for row in values.to_dict("records")}
    return described(
        {"projection": {"type": "mercator"}, "layer": _layers(by_area, features, classes, unit, short, also)},
        HEIGHT,
        values,
        indicator,
        context,
        level=level,
        shares=shares,
        england=england,
        focus=focus,
    )


def _layers(
    by_area: Mapping[str, Mapping[Any, Any]],
    features: Sequence[Mapping[str, Any]],
    classes: Classes,
    unit: str,
    short: Mapping[str, str] | None,
    stressed: Sequence[str],
) -> list[Spec]:
    shapes: list[dict[str, Any]] = []
    names: list[dict[str, Any]] = []
    for feature in features:
        code = str(feature["properties"]["code"])
        row = by_area.get(code, {})
        value = number_or_none(row.get("value"))
        name = str(row.get("area") or feature["properties"].get("name", code))
        said = words.number(value, unit, text_or_blank(row.get("symbol")))
        shapes.append(
            {
                "type": "Feature",
                "geometry": feature["geometry"],
                "kind": class_of(value, classes),
                "area": name,
                "said": said,
            }
        )
        if short and code in short:
            middle = middle_of(feature)
            longitude, latitude = LABEL_PLACES.get(code, middle)
            dark = class_of(value, classes) in dark_labels(classes)
            names.append(
                {
                    "longitude": longitude,
                    "latitude": latitude,
                    "text": [short[code], said],
                    "ink": PAPER if dark else TEXT,
                    "from": middle if code == LONDON else None,
                }
            )
    layers: list[Spec] = [
        {
            "data": {"values": shapes},
            "mark": {"type": "geoshape", "stroke": RULE, "strokeWidth": 0.6},
            "encoding": {
                "color": colour_scale(classes, [shape["kind"] for shape in shapes]),
                "tooltip": [
                    {"field": "area", "type": "nominal", "title": "Area"},
                    {"field": "said", "type": "nominal", "title": "Value"},
                ],
            },
        }
    ]
    outlined = [
        {"type": "Feature", "geometry": feature["geometry"]}
        for feature in features
        if feature["properties"]["code"] in stressed
    ]
    if outlined:
        mark = {"type": "geoshape", "filled": False, "stroke": TEXT, "strokeWidth": 2.5}
        layers.append({"data": {"values": outlined}, "mark": mark})
    return [*layers, *name_layers(names)]
