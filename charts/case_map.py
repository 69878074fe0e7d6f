"""Case studies as points on England's regions, by priority: a deck for pages, a figure for files.

Each priority has a mark of its own, a disc with a hole, so that no colour is needed to tell them apart.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import pydeck

from charts.classes import rgb
from charts.figure import Context, Figure, Spec, headline, records, slugify
from charts.points import discs, of_layers, ring
from charts.rows import by_width, expr
from charts.theme import DARK, NO_VALUE, PAPER, RULE, SERIES, TEXT, finish
from measures import words

HEIGHT: Final = 560
RADIUS: Final = 9  # pixels
COLOURS: Final = (SERIES[0], "#9C3B00", SERIES[2])  # of the priorities in order
HOLES: Final = (0.0, 0.4, 0.75)  # of the disc's radius


def deck(
    geojson_url: str,
    cases: pd.DataFrame,
    priorities: Sequence[str],
    view: pydeck.ViewState,
    *,
    chosen: str | None = None,
    dark: bool = False,
) -> pydeck.Deck:
    """The map of a page; a click on a point gives its code.

    geojson_url  outlines of the regions, which are fetched
    cases        code, title, place, priority, longitude, latitude; those without a place have no point
    priorities   the codes of all priorities, in order: says which mark each has
    chosen       the code of the case study to ring
    """

    def ink(colour: str) -> list[int]:
        return rgb(DARK.get(colour, colour) if dark else colour)

    areas = pydeck.Layer(
        "GeoJsonLayer",
        data=geojson_url,
        id="areas",
        get_fill_color=ink(NO_VALUE),
        get_line_color=ink(RULE),
        line_width_min_pixels=0.7,
        line_width_max_pixels=0.7,
        stroked=True,
        pickable=False,
    )
    points = [
        {
            "code": row["code"],
            "title": row["title"],
            "where": row["place"],
            "priority": row["priority"],
            "place": [row["longitude"], row["latitude"]],
            "colour": ink(COLOURS[priorities.index(row["priority"])]),
        }
        for row in cases.dropna(subset=["longitude", "latitude"]).to_dict("records")
    ]
    mine = [point for point in points if point["code"] == chosen]
    layers = [areas]
    if mine:
        layers += [discs("chosen", mine, ink(TEXT), RADIUS + 5), discs("chosen-inside", mine, ink(PAPER), RADIUS + 3)]
    # The only layer that can be picked has no outlines: with them clicks fail where picking runs in software.
    layers.append(discs("cases", points, "colour", RADIUS, pickable=True))
    for priority, hole in zip(priorities, HOLES, strict=True):
        with_hole = [{"place": point["place"]} for point in points if hole and point["priority"] == priority]
        if with_hole:
            layers.append(discs(f"holes-{priority}", with_hole, ink(PAPER), RADIUS * hole))
    return of_layers(layers, view, "{title}\n{where}")


def map_figure(
    cases: pd.DataFrame,
    priorities: Mapping[str, str],
    features: Sequence[Mapping[str, Any]],
    context: Context,
    tags: Mapping[str, str],
    *,
    what: str,
    of: int,
) -> Figure:
    """The same map with its outlines inside, for files; its table twin lists the case studies.

    cases       as of `deck`, with priority_short, features (a list of codes), summary, source
    priorities  code → short title, in order
    features    outlines of the regions as GeoJSON
    tags        a feature of effective professional development → what it is called
    what        the feature and priority that these were chosen by, '' where they are all
    of          how many case studies there are in all
    """
    finding = _finding(cases, of)
    counts = cases["priority_short"].value_counts()
    said = [f"{counts[short]} for {words.inline(short)}" for short in priorities.values() if short in counts]
    return Figure(
        slug=slugify("case studies", what, "map"),
        headline=finding,
        subtitle=context.subtitle(f"Case studies by priority: {what}" if what else "Case studies by priority"),
        source=context.source_line(),
        context=context,
        alt=f"Map of England with {words.plural(len(cases), 'case study', 'case studies')} at "
        f"{'its place' if len(cases) == 1 else 'their places'}. {finding}{': ' if said else ''}{words.joined(said)}.",
        spec=finish(_spec(cases, priorities, features), HEIGHT, context.illustrative),
        twin=lambda: _table(cases, tags),
        notes="A point stands at the middle of its local authority or region.",
    )


def _spec(cases: pd.DataFrame, priorities: Mapping[str, str], features: Sequence[Mapping[str, Any]]) -> Spec:
    shapes = [{"type": "Feature", "geometry": feature["geometry"], "properties": {}} for feature in features]
    layers: list[Spec] = [
        {
            "data": {"values": shapes},
            "mark": {"type": "geoshape", "fill": NO_VALUE, "stroke": RULE, "strokeWidth": 0.7},
        }
    ]
    placed = cases.dropna(subset=["longitude", "latitude"])
    if len(placed):
        domain = list(priorities.values())
        legend: Spec = {"title": None, "columns": expr(by_width(1, 3))}
        told = {"title": "Case study", "place": "Place", "priority_short": "Priority"}
        channels: dict[str, list[str]] = {"shape": [ring(hole) for hole in HOLES], "color": list(COLOURS)}
        layers.append(
            {
                "data": {"values": records(placed[["title", "place", "priority_short", "longitude", "latitude"]])},
                "mark": {"type": "point", "filled": True, "opacity": 1, "strokeWidth": 0, "size": 190},
                "encoding": {
                    "longitude": {"field": "longitude", "type": "quantitative"},
                    "latitude": {"field": "latitude", "type": "quantitative"},
                    **{
                        channel: {
                            "field": "priority_short",
                            "type": "nominal",
                            "scale": {"domain": domain, "range": marks},
                            "legend": legend,
                        }
                        for channel, marks in channels.items()
                    },
                    "tooltip": [{"field": field, "title": title, "type": "nominal"} for field, title in told.items()],
                },
            }
        )
    return {"projection": {"type": "mercator"}, "layer": layers}


def _finding(cases: pd.DataFrame, of: int) -> str:
    """How many there are, and the feature that most of them show."""
    if cases.empty:
        return "No case study shows this"
    everyone = words.plural(of, "case study", "case studies")
    if len(cases) < of:
        return headline(f"{len(cases)} of {everyone} {'shows' if len(cases) == 1 else 'show'} this")
    return headline(f"{everyone} in {words.plural(cases['place'].nunique(), 'place')}")


def _table(cases: pd.DataFrame, tags: Mapping[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Case study": cases["title"],
            "Place": cases["place"],
            "Area": cases["area"],
            "Priority": cases["priority_short"],
            "Features": ["; ".join(tags[code] for code in codes) for codes in cases["features"]],
            "What it shows": cases["summary"],
            "Source": cases["source"],
        }
    ).reset_index(drop=True)
