"""Names of the regions on a map, where there is room for them."""

from typing import Any, Final

from charts.figure import Spec
from charts.rows import by_width, expr
from charts.theme import TEXT

LONDON: Final = "E12000007"
# Longitude and latitude of names that their region's centre of gravity would put across a border.
LABEL_PLACES: Final = {LONDON: (1.95, 51.5), "E12000008": (-0.85, 51.12), "E12000002": (-2.58, 53.78)}


def name_layers(names: list[dict[str, Any]]) -> list[Spec]:
    """Short names with their values on the map; where there is no room inside (London), beside it with a leader."""
    position = {axis: {"field": axis, "type": "quantitative"} for axis in ("longitude", "latitude")}
    layers: list[Spec] = []
    for name in names:
        data = {"values": [{key: name[key] for key in ("longitude", "latitude", "text")}]}
        mark: Spec = {
            "type": "text",
            "color": name["ink"],
            "fontWeight": 600,
            "lineHeight": 15,
            "dy": -7,
            "fontSize": expr(by_width(11, 13)),
        }
        if name["from"]:
            ends = {
                "longitude": name["from"][0],
                "latitude": name["from"][1],
                "to_x": name["longitude"] - 0.08,
                "to_y": name["latitude"],
            }
            to = {"longitude2": {"field": "to_x"}, "latitude2": {"field": "to_y"}}
            leader: Spec = {"type": "rule", "color": TEXT, "strokeWidth": 1}
            layers.append({"data": {"values": [ends]}, "mark": leader, "encoding": {**position, **to}})
            mark |= {"align": "left", "color": TEXT}
        text = {"text": {"field": "text", "type": "nominal"}}
        layers.append({"data": data, "mark": mark, "encoding": {**position, **text}})
    return layers
