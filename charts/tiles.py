"""A tile map: each local authority one equal square, near where it lies, so that small ones can be read.

Tiles stay square at any width: their side is the parameter `step`, and the chart's height follows it.
"""

import json
from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from charts.classes import NO_VALUE_TEXT, class_colours, class_of, dark_labels
from charts.figure import Context, Figure, Record, Spec, number_or_none, text_or_blank
from charts.map_words import Classes, classes_of, colour_scale, described, on_track_words
from charts.rows import expr
from charts.tables import compared, tooltip_words
from charts.theme import PAPER, RULE, TEXT
from measures import words

LARGEST: Final = 60  # side of a tile in pixels where there is room for more
TALLEST: Final = 920  # height of the whole map in pixels
GAP: Final = 2  # between tiles
ROOM: Final = 38  # side from which on a tile has room for its value
NOTE: Final = "Each local authority is one equal square, near where it lies."
LINES: Final = "Lines part the regions."

# Short names of the fields that each tile carries, so that 152 of them stay small.
FIELDS: Final = {"said": "v", "interval": "i", "judged": "s", "reporting": "r", "against": "e", "counts": "n"}

_SQUARE: Final = "M-1,-1L1,-1L1,1L-1,1Z"
_CORNERS: Final = "M-1,-0.3L-0.3,-1M-1,-0.65L-0.65,-1M0.3,1L1,0.3M0.65,1L1,0.65"  # hatched, with the middle left free


def tile_map(
    values: pd.DataFrame,
    indicator: Record,
    context: Context,
    tiles: pd.DataFrame,
    *,
    shares: bool = False,
    england: Record | None = None,
    focus: str | None = None,
    also: Sequence[str] = (),
) -> Figure:
    """The map of local authorities as tiles; a click on one sets the selection `pick` (area_code).

    values   as for maps.map_figure: values frame of one indicator and period, one row an authority, or with `shares`
             area_code, area, value (0-100), on_track, judged; colours are those of that map
    tiles    a tile for each authority to be drawn: code, name, region_code, column, row, short; those without a row in
             values are drawn as having no value
    england  England's row of the same, which each authority is compared with; not with `shares`
    focus    area_code of the authority with a thick outline; also: those of more
    """
    classes = classes_of(values, str(indicator["unit"]), shares)
    placed = tiles.assign(column=tiles["column"] - tiles["column"].min(), row=tiles["row"] - tiles["row"].min())
    columns, rows = int(placed["column"].max()) + 1, int(placed["row"].max()) + 1
    largest = min(LARGEST, TALLEST // rows)
    told, titles = _told(values, indicator, england, shares)
    labels = list(class_colours(classes))
    drawn = _drawn(placed, values.join(told), classes, labels)
    lines = _borders(placed)
    return described(
        {
            "params": [
                {"name": "step", "expr": f"min(width / {columns}, {largest})"},
                {"name": "height", "expr": f"step * {rows}"},  # Vega's own: the height that is set is only the first
                {"name": "pick", "select": {"type": "point", "fields": ["area_code"]}, "views": ["tiles"]},
            ],
            "layer": [
                {
                    "data": {"values": drawn},
                    "transform": [{"calculate": f"{_js(labels)}[datum.k]", "as": "kind"}],
                    "layer": _layers(drawn, titles, lines, classes, [focus, *also], _places(columns, rows)),
                }
            ],
        },
        rows * largest,
        values,
        indicator,
        context,
        level="la",
        kind="Tile map",
        shares=shares,
        england=england,
        focus=focus,
        note=f"{NOTE} {LINES}" if lines else NOTE,
    )


def _told(
    values: pd.DataFrame, indicator: Record, england: Record | None, shares: bool
) -> tuple[pd.DataFrame, dict[str, str]]:
    """What the tooltip says of each row of values, and its titles; `said` is written on the tile, too."""
    if shares:
        rows = values.to_dict("records")
        said = [
            words.share(None if row["value"] is None or pd.isna(row["value"]) else row["value"] / 100) for row in rows
        ]
        counts = [on_track_words(row) for row in rows]
        titles = {"area": "Area", "said": "Share on track", "counts": "On track"}
        return pd.DataFrame({"said": said, "counts": counts}, index=values.index), titles
    against = None if england is None else compared(values, number_or_none(england["value"]), indicator)
    return tooltip_words(values, indicator, against)


def _drawn(placed: pd.DataFrame, values: pd.DataFrame, classes: Classes, labels: list[str]) -> list[dict[str, Any]]:
    """One row a tile: its place `x`, `y`, label `t`, class `k` by its place in labels, and FIELDS of its tooltip."""
    by_area = {str(row["area_code"]): row for row in values.to_dict("records")}
    told = {field: short for field, short in FIELDS.items() if field in values}
    rows = []
    for tile in placed.to_dict("records"):
        own = by_area.get(str(tile["code"]), {})
        place = {"area_code": tile["code"], "x": tile["column"], "y": tile["row"], "t": tile["short"]}
        kind = labels.index(class_of(number_or_none(own.get("value")), classes))
        said = {short: text_or_blank(own.get(field)) or "–" for field, short in told.items()}
        rows.append(place | {"k": kind, "area": tile["name"]} | said)
    return rows


def _js(labels: Sequence[str]) -> str:
    """A Vega array of texts."""
    return json.dumps(list(labels), ensure_ascii=False)


def _borders(placed: pd.DataFrame) -> list[dict[str, float]]:
    """Lines x, y to x2, y2 in tiles, between neighbouring tiles of two regions; straight runs are one line."""
    cells = zip(placed["column"].astype(int), placed["row"].astype(int), placed["region_code"], strict=True)
    region = {(column, row): str(code) for column, row, code in cells}
    down: dict[int, list[int]] = {}
    across: dict[int, list[int]] = {}
    for (column, row), own in sorted(region.items()):
        if region.get((column + 1, row), own) != own:
            down.setdefault(column + 1, []).append(row)
        if region.get((column, row + 1), own) != own:
            across.setdefault(row + 1, []).append(column)
    ends = [(x, x, *run) for x, rows in down.items() for run in _runs(rows)]
    ends += [(*run, y, y) for y, columns in across.items() for run in _runs(columns)]
    # A tile's place is its middle; the line lies on its edge.
    return [{"x": x - 0.5, "x2": x2 - 0.5, "y": y - 0.5, "y2": y2 - 0.5} for x, x2, y, y2 in ends]


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Runs of consecutive numbers as first and one after the last: [1, 2, 5] -> [(1, 3), (5, 6)]."""
    runs: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][1] == number:
            runs[-1] = (runs[-1][0], number + 1)
        else:
            runs.append((number, number + 1))
    return runs


def _places(columns: int, rows: int) -> dict[str, Spec]:
    """Positional channels x and y: places of tiles, from the top left; the map stands in the middle of the width."""
    half = f"step * {columns} / 2"
    ranges = {"x": [expr(f"width / 2 - {half}"), expr(f"width / 2 + {half}")], "y": [0, expr(f"step * {rows}")]}
    return {
        axis: {
            "field": axis,
            "type": "quantitative",
            "scale": {"domain": [-0.5, count - 0.5], "range": ranges[axis], "nice": False, "zero": False},
            "axis": None,
        }
        for axis, count in (("x", columns), ("y", rows))
    }


def _layers(
    drawn: list[dict[str, Any]],
    titles: dict[str, str],
    lines: list[dict[str, float]],
    classes: Classes,
    stressed: Sequence[str | None],
    at: dict[str, Spec],
) -> list[Spec]:
    size = expr(f"pow(step - {GAP}, 2)")
    fill = colour_scale(classes, [list(class_colours(classes))[row["k"]] for row in drawn])
    fill["legend"] = {key: value for key, value in fill["legend"].items() if key != "symbolType"}
    listed = fill["scale"]["domain"]
    # Shape and outline by the same field as the colour, so that all three share one legend.
    shapes = [_SQUARE + (_CORNERS if label == NO_VALUE_TEXT else "") for label in listed]
    told = [(FIELDS.get(field, field), title) for field, title in titles.items()]
    spoken = " + '; ".join(f"{title}: ' + datum.{field}" for field, title in told)
    mark: Spec = {"type": "point", "filled": True, "opacity": 1, "size": size, "strokeWidth": 0.8, "cursor": "pointer"}
    tile: Spec = {
        "name": "tiles",
        "mark": mark | {"description": expr(f"'{spoken}")},
        "encoding": {
            **at,
            "fill": fill,
            "shape": {**fill, "scale": {"domain": listed, "range": shapes}},
            "stroke": {**fill, "scale": {"domain": listed, "range": [RULE] * len(listed)}},
            "tooltip": [{"field": field, "type": "nominal", "title": title} for field, title in told],
        },
    }
    # A text is as light as the tile below it is dark. It is not in the way of the mouse, since it selects nothing.
    light = f"indexof({_js(dark_labels(classes))}, datum.kind) >= 0"
    ink = {"condition": {"test": light, "value": PAPER}, "value": TEXT}
    text: Spec = {"type": "text", "align": "center", "baseline": "middle", "aria": False}
    roomy = f"step >= {ROOM}"
    short = {
        **text,
        "text": expr("datum.t"),
        "fontSize": expr("clamp(step * 0.36, 9, 15)"),
        "fontWeight": 600,
        "dy": expr(f"{roomy} ? -step * 0.16 : 0"),
    }
    said = {**text, "text": expr(f"{roomy} ? datum.v : ''"), "fontSize": expr("clamp(step * 0.27, 10, 14)")}
    said["dy"] = expr("step * 0.22")
    layers = [tile]
    ends = {**at, "x2": {"field": "x2"}, "y2": {"field": "y2"}}
    for colour, width in ((PAPER, 5), (TEXT, 1.5)) if lines else ():  # a light edge lifts the line off dark tiles
        mark = {"type": "rule", "color": colour, "strokeWidth": width, "strokeCap": "square", "aria": False}
        layers.append({"data": {"values": lines}, "mark": mark, "encoding": ends})
    layers += [{"mark": mark, "encoding": {**at, "color": ink}} for mark in (short, said)]
    own = [{"x": row["x"], "y": row["y"]} for row in drawn if row["area_code"] in stressed]
    if own:
        mark = {"type": "point", "shape": "square", "filled": False, "opacity": 1, "size": size}
        mark |= {"color": TEXT, "strokeWidth": 3.5, "aria": False}
        layers.append({"data": {"values": own}, "mark": mark, "encoding": at})
    return layers
