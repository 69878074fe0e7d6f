"""A chart for a screen that is read from six metres: larger type, darker colours, no higher than a slide allows."""

import re
from typing import Any, Final

from charts.figure import Spec
from charts.rows import IS_NARROW
from charts.theme import MUTED, SEQUENTIAL, SERIES, STATUS, config, recoloured

WIDTH: Final = 560  # pixels: on fewer, labels would have no room beside a plot
TYPE: Final = 16  # pixels of the smallest type on a chart of that width
IN_PANELS: Final = 14  # the same on a chart of several panels
ON_MAP, BESIDE_MAP = 13, 14  # for names within a map's shapes, and for its legend
LINE: Final = 1.1  # height of a line, of the size of type
ROW: Final = 21  # pixels that a row of a chart of rows keeps
LOWEST: Final = 0.8  # of its height on a page: below that, labels that were set apart would touch
LOWEST_MAP: Final = 300  # pixels
SMALLEST_TILE: Final = 24  # pixels: in smaller ones no name could be read
WIDER: Final = 1.45  # a phone's column of labels, so that larger type has room in it
# Light from a projector washes colours out: text keeps 7:1 on white, and white 7:1 on every dark fill.
DARKER: Final = {
    MUTED: "#3a4247",
    SEQUENTIAL[0]: "#0b2c4c",
    SEQUENTIAL[1]: "#1a5a96",
    STATUS["at_risk"]: "#873300",
    SERIES[1]: "#17695f",
    SERIES[3]: "#a33d05",
}
_SIZES: Final = ("fontSize", "labelFontSize", "titleFontSize")
_COLUMN: Final = re.compile(rf"({IS_NARROW} \? )(\d{{3}}|9\d)(?= :)")


def for_room(spec: Spec, height: float, *, narrow: bool = False, panels: bool = False) -> Spec:
    """A copy of a spec, `height` pixels of plot high, with larger type and dark colours, for a width of WIDTH or more.

    narrow: laid out as on a phone, with wider columns of labels, rather than as on a wide page; panels: several charts
    in one. What a drawing says at its own foot is left out: a slide says it at its foot.
    """
    if is_map(spec):
        size, around = ON_MAP, BESIDE_MAP
    else:
        size = around = IN_PANELS if panels else TYPE
    larger: Spec = _larger(recoloured(spec, DARKER), size, narrow)
    larger.pop("title", None)
    settings = recoloured(config(), DARKER)
    legend = settings["legend"] | {"offset": 8, "columnPadding": 14 if around == TYPE else 8}
    larger["config"] = _larger(settings | {"legend": legend}, around, narrow)
    rows = _tile_rows(spec)
    if rows:
        for each in larger["params"]:
            each |= {"expr": f"min({each['expr']}, {height / rows:g})"} if each["name"] == "step" else {}
    return larger | {"height": height}


def lowest(spec: Spec) -> float:
    """The least height in pixels of plot at which a chart can still be read."""
    if is_map(spec):
        return LOWEST_MAP
    count = _rows(spec)
    return min(spec["height"], ROW * count if count else LOWEST * spec["height"])


def is_map(spec: Spec) -> bool:
    """True where places are drawn, as outlines or as tiles: such a chart may be of any height."""
    mark = spec.get("mark")
    outlines = isinstance(mark, dict) and mark.get("type") == "geoshape"
    return outlines or bool(_tile_rows(spec)) or any(is_map(layer) for layer in spec.get("layer", []))


def _tile_rows(spec: Spec) -> float:
    """How many rows of tiles a tile map has (its height is 'step * rows'); 0 for another chart."""
    found = [each["expr"] for each in spec.get("params", []) if each["name"] == "height"]
    return float(found[0].removeprefix("step * ")) if found else 0


def _rows(node: Any) -> float | None:
    """How many rows a chart has whose vertical positions are rows (charts.rows.row_y); None for another chart."""
    if isinstance(node, list):
        return next((count for each in node if (count := _rows(each)) is not None), None)
    if not isinstance(node, dict):
        return None
    place = node.get("y")
    if isinstance(place, dict) and place.get("field") == "row" and place.get("scale", {}).get("reverse"):
        return float(place["scale"]["domain"][1]) + 0.5
    return next((count for key in ("encoding", "layer") if (count := _rows(node.get(key))) is not None), None)


def _larger(node: Any, size: float, narrow: bool) -> Any:
    if isinstance(node, list):
        return [_larger(value, size, narrow) for value in node]
    if isinstance(node, str):
        return _laid_out(node, narrow)
    if not isinstance(node, dict):
        return node
    # A legend stands in one row: two would leave less to the plot.
    made = {key: _larger(value, size, narrow and key != "columns") for key, value in node.items()}
    for key in _SIZES:
        if key in made:
            made[key] = _at_least(made[key], size)
    if "lineHeight" in made:
        made["lineHeight"] = _at_least(made["lineHeight"], size * LINE)
    return made


def _laid_out(text: str, narrow: bool) -> str:
    """An expression of a chart's width, as it counts on a narrow or a wide one; a label stays on one line."""
    text = text.replace(f"{IS_NARROW} && isArray(", "false && isArray(")
    if narrow:
        text = _COLUMN.sub(lambda found: f"{found[1]}{WIDER * int(found[2]):.0f}", text)
    return text.replace(IS_NARROW, "true" if narrow else "false")


def _at_least(given: Any, size: float) -> Any:
    """A size of type, a number or an expression, but not below `size`; in a tile what the tile allows, or none."""
    if isinstance(given, dict) and "expr" in given:
        if "clamp(step" in given["expr"]:
            return {"expr": f"step < {SMALLEST_TILE} ? 0 : {given['expr']}"}
        return {"expr": f"max({size:g}, {given['expr']})"}
    return max(size, given) if isinstance(given, int | float) else given
