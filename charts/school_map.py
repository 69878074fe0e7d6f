"""An authority's schools as points on its outline, by what they answered: a deck for pages, a figure for files.

Each kind of answer has a mark of its own, a disc with a hole that grows with what is missing, so that no colour is
needed to tell them apart.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import pydeck

from charts.classes import rgb
from charts.figure import Context, Figure, Spec, records, slugify
from charts.geometry import Bounds
from charts.points import discs, of_layers, ring
from charts.rows import by_width, expr
from charts.theme import DARK, NO_VALUE, PALEST, PAPER, RULE, SERIES, TEXT, finish
from measures import words
from measures.response import RESPONSES

HEIGHT: Final = 480
COLOURS: Final = {"all": SERIES[0], "part": "#9C3B00", "none": SERIES[2]}
HOLES: Final = {"all": 0.0, "part": 0.4, "none": 0.75}  # of the disc's radius
RADIUS: Final = 9  # pixels
MANY: Final = 60  # schools, above which points are smaller


def bounds_of(feature: Mapping[str, Any] | None, schools: pd.DataFrame) -> Bounds | None:
    """West, south, east, north around an authority's outline and its schools; None where neither is known."""
    x, y = (list(schools[name].dropna()) for name in ("longitude", "latitude"))
    if feature is not None:
        geometry = feature["geometry"]
        polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        points = [point for polygon in polygons for ring in polygon for point in ring]
        x, y = x + [point[0] for point in points], y + [point[1] for point in points]
    if not x or not y:
        return None
    # A single school, or a few in one street, are not all that one wants to see.
    west, south, east, north = min(x), min(y), max(x), max(y)
    wide, high = max(0.0, 0.02 - (east - west)) / 2, max(0.0, 0.015 - (north - south)) / 2
    return west - wide, south - high, east + wide, north + high


def deck(
    geojson_url: str,
    features_order: Sequence[str],
    la_code: str,
    schools: pd.DataFrame,
    view: pydeck.ViewState,
    *,
    chosen: str | None = None,
    dark: bool = False,
) -> pydeck.Deck:
    """The map of a page; a click on a point gives its urn. The outlines are fetched by their address, as in maps.deck.

    schools: urn, name, longitude, latitude, response, said (its tooltip); those without a place have no point.
    """

    def ink(colour: str) -> list[int]:
        return rgb(DARK.get(colour, colour) if dark else colour)

    fills = [ink(PALEST if code == la_code else NO_VALUE) for code in features_order]
    areas = pydeck.Layer(
        "GeoJsonLayer",
        data=geojson_url,
        id="areas",
        get_fill_color=f"({json.dumps(fills, separators=(',', ':'))})[properties.i]",
        get_line_color=ink(RULE),
        line_width_min_pixels=0.7,
        line_width_max_pixels=0.7,
        stroked=True,
        pickable=False,
    )
    placed = schools.dropna(subset=["longitude", "latitude"])
    points = [
        {
            "urn": row["urn"],
            "name": row["name"],
            "said": row["said"],
            "response": row["response"],
            "place": [row["longitude"], row["latitude"]],
            "colour": ink(COLOURS[row["response"]]),
        }
        for row in placed.to_dict("records")
    ]
    radius = RADIUS if len(points) <= MANY else RADIUS - 3
    layers = [areas]
    if chosen is not None:
        mine = [point for point in points if point["urn"] == chosen]
        layers.append(discs("chosen", mine, ink(TEXT), radius + 5))
        layers.append(discs("chosen-inside", mine, ink(PAPER), radius + 3))
    # The only layer that can be picked has no outlines: with them clicks fail where picking runs in software.
    layers.append(discs("schools", points, "colour", radius, pickable=True))
    for response, hole in HOLES.items():
        with_hole = [{"place": point["place"]} for point in points if hole and point["response"] == response]
        if with_hole:
            layers.append(discs(f"holes-{response}", with_hole, ink(PAPER), radius * hole))
    return of_layers(layers, view, "{name}\n{said}")


def map_figure(
    schools: pd.DataFrame, context: Context, feature: Mapping[str, Any] | None, table: pd.DataFrame
) -> Figure:
    """The same map with its outline inside, for files; its table twin is the table of the schools.

    schools: as of `deck`, all of them; feature: the authority's outline, None where there is none.
    """
    counts = schools["response"].value_counts()
    finding = _finding(counts, len(schools))
    placeless = int(schools["longitude"].isna().sum())
    said = [f"{counts[key]} {text[0].lower()}{text[1:]}" for key, text in RESPONSES.items() if key in counts]
    notes = [f"{words.plural(placeless, 'school')} without a known place: in the table only."] if placeless else []
    return Figure(
        slug=slugify("schools", context.place, context.period_label, "map"),
        headline=finding,
        subtitle=context.subtitle("Returns that each school owes"),
        source=context.source_line(),
        context=context,
        alt=f"Map of {words.plural(len(schools), 'school')} in {context.place} by the returns that are in. "
        f"{finding}: {words.joined(said)}.",
        spec=finish(_spec(schools, feature), HEIGHT, context.illustrative),
        twin=lambda: table,
        notes=" ".join(notes),
    )


def _spec(schools: pd.DataFrame, feature: Mapping[str, Any] | None) -> Spec:
    placed = schools.dropna(subset=["longitude", "latitude"])
    placed = placed.assign(answer=placed["response"].map(RESPONSES))
    present = [key for key in RESPONSES if key in set(placed["response"])]
    domain = [RESPONSES[key] for key in present]
    legend: Spec = {"title": None, "columns": expr(by_width(1, 3))}
    layers: list[Spec] = []
    if feature is not None:
        shapes = {"values": {"type": "Feature", "geometry": feature["geometry"], "properties": {}}}
        mark: Spec = {"type": "geoshape", "fill": PALEST, "stroke": RULE, "strokeWidth": 1}
        layers.append({"data": shapes, "mark": mark})
    if len(placed):
        told = {"name": "School", "said": "Returns"}
        point: Spec = {"type": "point", "filled": True, "opacity": 1, "strokeWidth": 0, "size": 170}
        layers.append(
            {
                "data": {"values": records(placed[["name", "said", "longitude", "latitude", "answer"]])},
                "mark": point,
                "encoding": {
                    "longitude": {"field": "longitude", "type": "quantitative"},
                    "latitude": {"field": "latitude", "type": "quantitative"},
                    "shape": {
                        "field": "answer",
                        "type": "nominal",
                        "scale": {"domain": domain, "range": [ring(HOLES[key]) for key in present]},
                        "legend": legend,
                    },
                    "color": {
                        "field": "answer",
                        "type": "nominal",
                        "scale": {"domain": domain, "range": [COLOURS[key] for key in present]},
                        "legend": legend,
                    },
                    "tooltip": [{"field": f, "title": t, "type": "nominal"} for f, t in told.items()],
                },
            }
        )
    return {"projection": {"type": "mercator"}, "layer": layers}


def _finding(counts: pd.Series, total: int) -> str:
    """'14 of 21 schools owe returns; 2 sent none'."""
    if not total:
        return "No school owes a return"
    silent, owing = int(counts.get("none", 0)), total - int(counts.get("all", 0))
    if not owing:
        return f"All {total} schools have every return in" if total > 1 else "The school has every return in"
    if total == 1:
        found = "The school owes returns"
    else:
        found = f"All {total} schools owe returns" if owing == total else f"{owing} of {total} schools owe returns"
    return f"{found}; {silent} sent none" if silent and total > 1 else found
