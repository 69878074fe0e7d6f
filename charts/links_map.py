"""Links between places that share partnerships: arcs on a deck for pages, lines on a figure for files."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

import pandas as pd
import pydeck

from charts.classes import rgb
from charts.figure import Context, Figure, Spec, headline, slugify
from charts.points import discs, of_layers
from charts.theme import DARK, NO_VALUE, RULE, SERIES, finish
from measures import words

HEIGHT: Final = 560
THIN: Final = 0.8  # pixels of a link of one partnership
MORE: Final = 0.7  # pixels for each more
MOST_WIDE: Final = 5.0
POINTED_AT: Final = 2000  # links up to which each says what it is: of more, no hand hits one, and words weigh most
SEGMENTS: Final = 8  # of an arc, which is seen from above: more are not seen, and take a machine without a card seconds
OPACITY: Final = 90  # of 255: where many links cross, each is still seen
DISC: Final = 3.5  # pixels


def deck(
    geojson_url: str,
    features: Sequence[Mapping[str, Any]],
    links: pd.DataFrame,
    view: pydeck.ViewState,
    *,
    dark: bool = False,
) -> pydeck.Deck:
    """The map of a page: an arc for each pair of places, wider for more partnerships; a disc for each place.

    geojson_url  the regions, which are fetched to be filled
    features     the same as GeoJSON, for their outlines
    links        one, other, partnerships, one_name, other_name, from_x, from_y, to_x, to_y

    Of many links each is a line, which is an arc seen from above. Outlines are such lines, too: each kind of layer
    takes a machine without a graphics card up to a second.
    """

    def ink(colour: str) -> list[int]:
        return rgb(DARK.get(colour, colour) if dark else colour)

    areas = pydeck.Layer(
        "GeoJsonLayer",
        data=geojson_url,
        id="areas",
        get_fill_color=ink(NO_VALUE),
        stroked=False,
        pickable=False,
    )
    outlines = pydeck.Layer(
        "LineLayer",
        data=_outlines(features),
        id="outlines",
        get_source_position="f",
        get_target_position="t",
        get_color=ink(RULE),
        get_width=0.7,
        pickable=False,
    )
    columns = ["one_name", "other_name", "partnerships", "from_x", "from_y", "to_x", "to_y"]
    few = len(links) <= POINTED_AT
    rows = [
        {
            **({"says": f"{one} and {other}: {words.plural(n, 'partnership')}"} if few else {}),
            "f": [round(a, 3), round(b, 3)],
            "t": [round(c, 3), round(d, 3)],
            "w": round(_width(n), 1),
        }
        for one, other, n, a, b, c, d in links[columns].sort_values("partnerships").itertuples(index=False, name=None)
    ]
    colour = [*ink(SERIES[0]), OPACITY]
    shape = (
        {"get_source_color": colour, "get_target_color": colour, "get_height": 0.35, "num_segments": SEGMENTS}
        if few
        else {"get_color": colour}
    )
    lines = pydeck.Layer(
        "ArcLayer" if few else "LineLayer",
        data=rows,
        id="links",
        get_source_position="f",
        get_target_position="t",
        get_width="w",
        pickable=few,
        auto_highlight=few,
        **shape,
    )
    froms, tos = links[["from_x", "from_y"]], links[["to_x", "to_y"]]
    ends = sorted({*froms.itertuples(index=False, name=None), *tos.itertuples(index=False, name=None)})
    places = discs("places", [{"place": list(at)} for at in ends], ink(SERIES[2]), DISC)
    return of_layers([areas, outlines, lines, places], view, "{says}")


def _outlines(features: Sequence[Mapping[str, Any]]) -> list[dict[str, list[float]]]:
    """Every side of the regions, once, as from and to."""
    sides = set()
    for feature in features:
        shape = feature["geometry"]
        polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        for ring in (ring for polygon in polygons for ring in polygon):
            corners = [(round(x, 3), round(y, 3)) for x, y in ring]
            sides |= {(min(pair), max(pair)) for pair in pairwise(corners)}
    return [{"f": list(one), "t": list(other)} for one, other in sorted(sides) if one != other]


def _width(partnerships: int) -> float:
    """Pixels of a link of so many partnerships."""
    return min(MOST_WIDE, THIN + MORE * (partnerships - 1))


def links_map(links: pd.DataFrame, features: Sequence[Mapping[str, Any]], context: Context, *, alone: int) -> Figure:
    """The same map with its outlines inside, for files; its table twin lists the pairs.

    links     as of `deck`, most partnerships first
    features  outlines of the regions as GeoJSON
    alone     how many partnerships have all their placed members in one place, which no line shows
    """
    finding = _finding(links)
    said = [f"{row.one_name} and {row.other_name} {row.partnerships}" for row in links.head(5).itertuples()]
    return Figure(
        slug=slugify("links", context.place, context.period_label),
        headline=finding,
        subtitle=context.subtitle("Pairs of local authorities whose members share partnerships"),
        source=context.source_line(),
        context=context,
        alt=f"Map of England with a line for each of {words.plural(len(links), 'pair')} of local authorities that "
        f"share partnerships. {finding}.{' Most: ' + '; '.join(said) + '.' if said else ''}",
        spec=finish(_spec(links, features), HEIGHT, context.illustrative),
        twin=lambda: _table(links),
        notes="A line joins the middles of two authorities that have members in one partnership, wider for more. "
        f"{words.plural(alone, 'partnership has', 'partnerships have')} members in one authority only.",
    )


def _spec(links: pd.DataFrame, features: Sequence[Mapping[str, Any]]) -> Spec:
    shapes = [{"type": "Feature", "geometry": feature["geometry"], "properties": {}} for feature in features]
    layers: list[Spec] = [
        {
            "data": {"values": shapes},
            "mark": {"type": "geoshape", "fill": NO_VALUE, "stroke": RULE, "strokeWidth": 0.7},
        }
    ]
    if len(links):
        rows = [
            {"a": round(a, 3), "b": round(b, 3), "c": round(c, 3), "d": round(d, 3), "n": _width(n)}
            for a, b, c, d, n in links[["from_x", "from_y", "to_x", "to_y", "partnerships"]]
            .sort_values("partnerships")
            .itertuples(index=False, name=None)
        ]
        layers.append(
            {
                "data": {"values": rows},
                "mark": {"type": "rule", "color": SERIES[0], "opacity": OPACITY / 255},
                "encoding": {
                    "longitude": {"field": "a", "type": "quantitative"},
                    "latitude": {"field": "b", "type": "quantitative"},
                    "longitude2": {"field": "c"},
                    "latitude2": {"field": "d"},
                    "size": {"field": "n", "type": "quantitative", "scale": None},
                },
            }
        )
    return {"projection": {"type": "mercator"}, "layer": layers}


def _finding(links: pd.DataFrame) -> str:
    if links.empty:
        return "No partnership joins two authorities"
    top = links.iloc[0]
    most = words.plural(int(top["partnerships"]), "partnership")
    if (links["partnerships"] == top["partnerships"]).sum() > 1:  # several share as many: none is the first
        return f"{words.plural(len(links), 'pair')} of authorities share up to {most}"
    return headline(
        f"{top['one_name']} and {top['other_name']} share most: {most}",
        f"{words.plural(len(links), 'pair')} of authorities share partnerships",
    )


def _table(links: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Authority": links["one_name"].to_numpy(),
            "And": links["other_name"].to_numpy(),
            "Partnerships shared": links["partnerships"].to_numpy(),
        }
    )
