"""Many small charts in one drawing: two beside each other on a phone, up to four on a wide page.

Vega-Lite's own facets cannot follow the width of their container, so each point is placed by an expression of it; the
height of the whole is the same either way, since half as many rows are twice as high.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from textwrap import wrap
from typing import Any, Final

import pandas as pd

from charts.figure import Spec, records
from charts.labels import AXIS_FORMATS, nice_domain
from charts.rows import by_width, expr
from charts.theme import FOCUS, GRID, MUTED, OTHERS_EDGE, RULE, TEXT

ACROSS: Final = {1: 1, 2: 2, 3: 3, 4: 4, 5: 3, 6: 3, 9: 3}  # panels beside each other on a wide page; 4 otherwise
NARROW_ROW: Final = 200  # pixels of a row of two on a phone
LEAST: Final = 260  # pixels of the whole
TITLE_WIDTH: Final = 22  # characters of a line of a panel's title
LINE: Final = 15
FOOT: Final = 34  # pixels below a plot: its years, and air above the next panel
LEFT, RIGHT = by_width(34, 46), by_width(6, 18)
MOST_YEARS: Final = 4  # of more, only the first and the last are named
OWN, NATION, OTHER = "own", "england", "other"
NAMES: Final = {"i": "i", "g": "g", "value": "v", "lower": "l", "upper": "u", "series": "s", "role": "r"}
SAID: Final = ["period", "said", "interval", "judged", "reporting"]  # in the tooltips of a panel's own area
DRAWN: Final = [OTHER, NATION, OWN]  # the last on top
COLOURS: Final = {OWN: FOCUS, NATION: OTHERS_EDGE, OTHER: RULE}
THICK, THIN = 2.5, 1
DASHES: Final = {OWN: [1, 0], NATION: [5, 3], OTHER: [1, 0]}


@dataclass(frozen=True)
class Panel:
    """One small chart.

    title    its name, wrapped to lines of TITLE_WIDTH; below: a line under it
    periods  codes from first to last
    rows     period, value, lower, upper (NaN where none is drawn), series (name), role (OWN | NATION | OTHER), symbol
    domain   ends of its scale
    """

    title: str
    below: str
    unit: str
    periods: list[str]
    rows: pd.DataFrame
    domain: tuple[float, float]

    @property
    def lines(self) -> list[str]:
        """The title, wrapped."""
        return wrap(self.title, TITLE_WIDTH)


def height(count: int) -> int:
    """Pixels of the whole for so many panels."""
    return max(LEAST, ceil(count / 2) * NARROW_ROW) if count > 1 else LEAST


def layout(panels: Sequence[Panel], legend: dict[str, str]) -> Spec:
    """Params and layers of all panels; legend: what each role that is drawn is called."""
    count = len(panels)
    across = ACROSS.get(count, 4)
    narrow = min(count, 2)
    head = LINE * (max((len(panel.lines) for panel in panels), default=1) + 1) + 12
    params: list[Spec] = [
        {"name": "across", "expr": by_width(narrow, across)},
        {"name": "wide", "expr": "width / across"},
        {"name": "high", "expr": f"height / {by_width(ceil(count / max(narrow, 1)), ceil(count / across))}"},
        {"name": "low", "value": [panel.domain[0] for panel in panels]},
        {"name": "top", "value": [panel.domain[1] for panel in panels]},
        {"name": "last", "value": [max(len(panel.periods) - 1, 0) for panel in panels]},
    ]
    points = [row for number, panel in enumerate(panels) for row in _points(number, panel)]
    layers = [
        *_scales(panels, head),
        *_titles(panels),
        _lines(points, head, legend),
        _intervals(points, head),
        _dots(points, head),
    ]
    if gaps := [row for number, panel in enumerate(panels) for row in _gaps(number, panel)]:
        layers.append(_symbols(gaps))
    return {"params": params, "layer": layers}


def _place(head: int, **values: str) -> list[Spec]:
    """Pixels of each row: x from i, and each name of `values` from the field it names."""
    inner = f"(wide - {LEFT} - {RIGHT})"
    left = f"(datum.p % across) * wide + {LEFT}"
    pad = by_width(16, 24)
    step = f"(last[datum.p] ? datum.i / last[datum.p] * ({inner} - 2 * {pad}) : {inner} / 2 - {pad})"
    plot = f"(high - {head} - {FOOT})"
    share = "(top[datum.p] - datum.{0}) / (top[datum.p] - low[datum.p])"
    placed: list[Spec] = [
        {"calculate": left, "as": "left"},
        {"calculate": f"datum.left + {inner}", "as": "right"},
        {"calculate": f"datum.left + {pad} + {step}", "as": "x"},
        {"calculate": "floor(datum.p / across) * high", "as": "above"},
    ]
    for name, field in values.items():
        placed.append({"calculate": f"datum.above + {head} + {share.format(field)} * {plot}", "as": name})
    return placed


def _at(field: str) -> Spec:
    """A channel in pixels."""
    return {"field": field, "type": "quantitative", "scale": None}


def _points(number: int, panel: Panel) -> list[dict[str, Any]]:
    """p(anel), i (place in time), v(alue), l(ower), u(pper), s(eries), r(ole), and g, which a gap in time changes."""
    place = {period: index for index, period in enumerate(panel.periods)}
    known = panel.rows.dropna(subset=["value"])
    known = known.assign(over=known["role"].map(DRAWN.index), p=number, i=known["period"].map(place).astype(float))
    known = known.sort_values(["over", "series", "i"], kind="stable", ignore_index=True)
    known["g"] = (known["i"].diff() != 1).cumsum()
    return records(known[["p", *NAMES, *(said for said in SAID if said in known)]].rename(columns=NAMES))


def _gaps(number: int, panel: Panel) -> list[dict[str, Any]]:
    """The symbol of each missing period of the panel's own area."""
    place = {period: index for index, period in enumerate(panel.periods)}
    own = panel.rows[(panel.rows["role"] == OWN) & panel.rows["value"].isna()]
    return [
        {"p": number, "i": place[period], "text": symbol or "–"}
        for period, symbol in zip(own["period"], own["symbol"].fillna(""), strict=True)
    ]


def ticks(domain: tuple[float, float], unit: str) -> list[float]:
    """Six round numbers at most, from the scale's lower end to its upper one where a step reaches it."""
    low, high = domain
    size = next(
        step
        for step in (10.0**power * times for power in range(-4, 9) for times in (1, 2, 5))
        if (high - low) / step <= 5 + 1e-9
    )
    first = ceil(low / size - 1e-9)
    return [round(at * size, 6) for at in range(first, int(high / size + 1e-9) + 1)]


def _scales(panels: Sequence[Panel], head: int) -> list[Spec]:
    """Grid lines with their numbers, and the years below."""
    lines = [
        {"p": number, "v": at, "label": f"{at:,.10g}", "unit": panel.unit}
        for number, panel in enumerate(panels)
        for at in ticks(panel.domain, panel.unit)
    ]
    years = [row for number, panel in enumerate(panels) for row in _years(number, panel.periods)]
    said = " : ".join(f"datum.unit === '{unit}' ? {how}" for unit, how in AXIS_FORMATS.items()) + " : datum.label"
    text: Spec = {"type": "text", "color": TEXT, "fontSize": expr(by_width(11, 12.5)), "baseline": "middle"}
    foot = [
        *_place(head),
        {"calculate": f"datum.above + high - {FOOT - 12}", "as": "y"},
        {"calculate": by_width("slice(datum.year, 2)", "datum.year"), "as": "text"},
    ]
    return [
        {
            "data": {"values": lines},
            "transform": [*_place(head, y="v"), {"calculate": said, "as": "text"}],
            "layer": [
                {
                    "mark": {"type": "rule", "color": GRID, "strokeWidth": 1},
                    "encoding": {"x": _at("left"), "x2": {"field": "right"}, "y": _at("y")},
                },
                {
                    "mark": text | {"align": "right", "dx": -6},
                    "encoding": {"x": _at("left"), "y": _at("y"), "text": {"field": "text", "type": "nominal"}},
                },
            ],
        },
        {
            "data": {"values": years},
            "transform": foot,
            "mark": text | {"align": "center"},
            "encoding": {"x": _at("x"), "y": _at("y"), "text": {"field": "text", "type": "nominal"}},
        },
    ]


def _years(number: int, periods: list[str]) -> list[dict[str, Any]]:
    """Each academic year in the middle of its terms; of many, the first and the last."""
    places: dict[str, list[int]] = {}
    for index, period in enumerate(periods):
        places.setdefault(period.partition(" ")[0], []).append(index)
    listed = list(places)
    shown = listed if len(listed) <= MOST_YEARS else [listed[0], listed[-1]]
    return [{"p": number, "i": sum(places[year]) / len(places[year]), "year": year} for year in shown]


def _titles(panels: Sequence[Panel]) -> list[Spec]:
    """The name of each panel in bold, and the line below it."""
    names = [{"p": number, "text": panel.lines} for number, panel in enumerate(panels)]
    below = [{"p": number, "n": len(panel.lines), "text": panel.below} for number, panel in enumerate(panels)]
    text: Spec = {"type": "text", "align": "left", "baseline": "line-top", "lineHeight": LINE}
    layers: list[Spec] = []
    for rows, y, mark in (
        (names, "datum.above + 2", {"fontWeight": 700, "color": TEXT}),
        (below, f"datum.above + 2 + {LINE} * datum.n", {"color": MUTED}),
    ):
        layers.append(
            {
                "data": {"values": rows},
                "transform": [
                    {"calculate": "(datum.p % across) * wide + 4", "as": "x"},
                    {"calculate": "floor(datum.p / across) * high", "as": "above"},
                    {"calculate": y, "as": "y"},
                ],
                "mark": text | mark | {"fontSize": expr(by_width(12.5, 14))},
                "encoding": {"x": _at("x"), "y": _at("y"), "text": {"field": "text", "type": "nominal"}},
            }
        )
    return layers


def _lines(points: list[dict[str, Any]], head: int, legend: dict[str, str]) -> Spec:
    """A line for each series; the panel's own is drawn last, on top."""
    roles = [role for role in (OWN, NATION, OTHER) if role in legend]
    key: Spec = {
        "title": None,
        "labelExpr": f"({json.dumps({role: legend[role] for role in roles})})[datum.value]",
        "symbolType": "stroke",
        "symbolStrokeWidth": 2.5,
        "columns": expr(by_width(1, 3)),
    }

    def scaled(values: dict[str, Any]) -> Spec:
        scale = {"domain": roles, "range": [values[role] for role in roles]}
        return {"field": "r", "type": "nominal", "scale": scale, "legend": key}

    return {
        "data": {"values": points},
        "transform": _place(head, y="v"),
        "layer": [
            {"transform": [{"filter": f"datum.r === '{OTHER}'"}], "mark": {"type": "line", "strokeWidth": THIN}},
            {"transform": [{"filter": f"datum.r !== '{OTHER}'"}], "mark": {"type": "line", "strokeWidth": THICK}},
        ],
        "encoding": {
            "x": _at("x"),
            "y": _at("y"),
            "order": {"field": "i", "type": "quantitative"},
            "detail": [{"field": name, "type": "nominal"} for name in ("p", "s", "g")],
            "color": scaled(COLOURS),
            "strokeDash": scaled(DASHES),
        },
    }


def _intervals(points: list[dict[str, Any]], head: int) -> Spec:
    rows = [row for row in points if row["r"] == OWN and "l" in row and "u" in row]
    return {
        "data": {"values": [{name: row[name] for name in ("p", "i", "l", "u")} for row in rows]},
        "transform": _place(head, y="l", y2="u"),
        "mark": {"type": "rule", "color": FOCUS, "strokeWidth": 1.5},
        "encoding": {"x": _at("x"), "y": _at("y"), "y2": {"field": "y2"}},
    }


def _dots(points: list[dict[str, Any]], head: int) -> Spec:
    own = [row for row in points if row["r"] == OWN]
    titles = {"s": "Area", "period": "Period", "said": "Value", "interval": "95% interval"}
    titles |= {"judged": "Status", "reporting": "Coverage"}
    names = ("p", "i", "v", *titles)
    return {
        "data": {"values": [{name: row[name] for name in names if name in row} for row in own]},
        "transform": _place(head, y="v"),
        "mark": {"type": "point", "filled": True, "size": expr(by_width(28, 45)), "color": FOCUS, "opacity": 1},
        "encoding": {
            "x": _at("x"),
            "y": _at("y"),
            "tooltip": [{"field": field, "type": "nominal", "title": title} for field, title in titles.items()],
        },
    }


def _symbols(gaps: list[dict[str, Any]]) -> Spec:
    """Missing periods' symbols at the foot of the plot."""
    return {
        "data": {"values": gaps},
        "transform": [*_place(0), {"calculate": f"datum.above + high - {FOOT} - 10", "as": "y"}],
        "mark": {"type": "text", "color": MUTED, "fontSize": 13, "fontWeight": 600},
        "encoding": {"x": _at("x"), "y": _at("y"), "text": {"field": "text", "type": "nominal"}},
    }


def domain_of(rows: pd.DataFrame, unit: str) -> tuple[float, float]:
    """A scale that holds every value and interval."""
    return nice_domain([*rows["value"], *rows["lower"], *rows["upper"]], unit)
