"""Palettes, the complete Vega-Lite config, and dark mode. Nothing is left to a default of someone else's."""

from collections.abc import Mapping
from typing import Any, Final

from charts.figure import Spec

SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"
# Quoted, because a family name with a part that starts with a digit is not a CSS identifier: unquoted, text vanishes.
FONT: Final = "'Source Sans 3', 'Source Sans', sans-serif"

TEXT: Final = "#0b0c0c"
MUTED: Final = "#505a5f"  # secondary text: 7.0:1 on white
GRID: Final = "#e3e6e8"
RULE: Final = "#8a9297"  # axis lines and ticks: 3.2:1 on white
PAPER: Final = "#ffffff"
LINK: Final = "#1d70b8"

SERIES: Final = ("#12436D", "#28A197", "#801650", "#F46A25")
SEQUENTIAL: Final = ("#12436D", "#2073BC", "#6BACE6")
PALEST: Final = "#D6E6F5"  # fourth class below the three sequential colours
FOCUS: Final = "#12436D"
OTHERS: Final = "#BFBFBF"
OTHERS_EDGE: Final = "#6b7377"  # outline that lifts a small grey mark above 3:1
NO_VALUE: Final = "#f0f1f2"
BAND: Final = "#e9ebec"
BAND_INNER: Final = "#cdd3d6"

HALO: Final = {"stroke": PAPER, "strokeWidth": 4, "strokeJoin": "round"}  # lifts a text off what lies behind it

STATUS: Final = {"on_track": "#00625A", "at_risk": "#9C3B00", "off_track": "#801650", "none": "#505A5F"}
STATUS_CELL: Final = {"on_track": "#E4F2F0", "at_risk": "#FCE0CB", "off_track": "#F2CBDD", "none": "#F3F4F5"}
COMPARISON: Final = {
    "Better": STATUS["on_track"],
    "Similar": SERIES[0],
    "Worse": STATUS["off_track"],
    "Higher": SERIES[0],
    "Lower": SERIES[0],
    "Not compared": STATUS["none"],
}

# Light to dark, colour by colour: every colour of this module that a spec may hold.
DARK: Final = {
    TEXT: "#f3f4f5",
    MUTED: "#b8c0c5",
    GRID: "#2c333a",
    RULE: "#8b959c",
    PAPER: "#0e1117",
    LINK: "#7db8ec",
    "#12436D": "#7DB8EC",
    "#2073BC": "#4A95D9",
    "#6BACE6": "#2C6AA8",
    PALEST: "#1D3C5C",
    "#28A197": "#4CC4B9",
    "#801650": "#F08DBF",
    "#F46A25": "#FF9A62",
    OTHERS: "#5b646b",
    OTHERS_EDGE: "#a7b0b5",
    NO_VALUE: "#23282e",
    BAND: "#242a31",
    BAND_INNER: "#3a434c",
    STATUS["on_track"]: "#6FD6CB",
    STATUS["at_risk"]: "#FFB27D",
    STATUS["none"]: "#B8C0C6",
    STATUS_CELL["on_track"]: "#12322F",
    STATUS_CELL["at_risk"]: "#47280F",
    STATUS_CELL["off_track"]: "#4D1A36",
    STATUS_CELL["none"]: "#1E2329",
}


def config() -> dict[str, Any]:
    """The whole look of a chart, so that neither Streamlit's theme nor Vega's defaults show through."""
    text = {"labelColor": TEXT, "titleColor": TEXT, "labelFontSize": 13, "titleFontSize": 13, "titleFontWeight": 600}
    return {
        "background": PAPER,
        "font": FONT,
        "padding": 4,
        "view": {"stroke": None, "fill": None},
        "axis": {
            **text,
            "domain": False,
            "domainColor": RULE,
            "gridColor": GRID,
            "gridWidth": 1,
            "labelFlush": False,
            "labelPadding": 6,
            "labelFont": FONT,
            "tickColor": RULE,
            "ticks": False,
            "titleFont": FONT,
            "titlePadding": 8,
        },
        "header": {**text, "labelFont": FONT, "titleFont": FONT},
        "legend": {
            **text,
            "labelFont": FONT,
            "labelLimit": 0,
            "labelOffset": 6,
            "orient": "top",
            "direction": "horizontal",
            "offset": 12,
            "columnPadding": 18,
            "rowPadding": 6,
            "symbolSize": 170,
            "symbolStrokeWidth": 0,
            "titleFont": FONT,
            "titleAnchor": "start",
            "titleLimit": 0,
        },
        "title": {
            "anchor": "start",
            "color": TEXT,
            "font": FONT,
            "fontSize": 22,
            "fontWeight": 700,
            "subtitleColor": MUTED,
            "subtitleFont": FONT,
            "subtitleFontSize": 14,
        },
        "text": {"color": TEXT, "font": FONT, "fontSize": 13},
        "point": {"filled": True, "opacity": 1},
        "rule": {"color": RULE},
        "line": {"strokeWidth": 2.5},
        "geoshape": {"stroke": PAPER},
        "range": {"category": list(SERIES), "ordinal": list(SEQUENTIAL), "ramp": list(SEQUENTIAL)},
    }


def finish(spec: Spec, height: int, illustrative: bool = False) -> Spec:
    """A complete top-level spec: schema, theme, as wide as its container, `height` pixels of plot.

    illustrative: says so at the foot of the drawing itself, so that no way of taking it away loses it.
    """
    foot = {"text": "Illustrative data", "orient": "bottom", "anchor": "end", "fontSize": 11, "fontWeight": "normal"}
    said = {"title": foot | {"color": MUTED, "offset": 4}} if illustrative else {}
    return {
        **said,
        "$schema": SCHEMA,
        "width": "container",
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        **spec,
        "config": config(),
    }


def in_dark(spec: Spec) -> Spec:
    """A copy of a spec for dark mode: known colours swapped, background transparent; nothing else changes."""
    swapped: Spec = recoloured(spec, DARK)
    swapped["config"] = {**swapped.get("config", {}), "background": "transparent"}
    return swapped


def recoloured(spec: Spec, colours: Mapping[str, str]) -> Spec:
    """A copy of a spec with every colour that is a key of `colours` changed for its value."""
    known = {before.lower(): after for before, after in colours.items()}
    made: Spec = _swap(spec, known)
    return made


def _swap(node: Any, known: Mapping[str, str]) -> Any:
    if isinstance(node, dict):
        return {key: _swap(value, known) for key, value in node.items()}
    if isinstance(node, list):
        return [_swap(value, known) for value in node]
    if isinstance(node, str) and node.startswith("#"):
        return known.get(node.lower(), node)
    return node
