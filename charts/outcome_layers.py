"""The drawn parts of charts.outcome: lines over time, dots of areas, and the words of each row."""

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import wrap
from typing import Any, Final

from charts import series
from charts.figure import Record, Spec, drawable, text_or_blank
from charts.marks import STATUS_SHAPES
from charts.rows import BREAK_AT, LINE, by_width, expr
from charts.series import Row
from charts.theme import BAND_INNER, FOCUS, MUTED, OTHERS, OTHERS_EDGE, SERIES, STATUS, TEXT
from measures import sentences, words

# Pixels: the headings above all rows, the height of a row, what of it keeps it from the next, and places within it.
HEAD, STEP, BETWEEN = 30, 106, 14
TITLE, LINE_TOP, LINE_FOOT, DOTS, FOOT = 10, 26, 68, 47, 84
TICK: Final = 13  # half the height of England's and the target's tick among the dots
LEFT_END, RIGHT_START = by_width("width * 0.48", "width * 0.47"), by_width("width * 0.54", "width * 0.53")
TOLD: Final = {
    "area": "Area",
    "said": "Value",
    "interval": "95% interval",
    "judged": "Status",
    "against": "Compared with England",
    "reporting": "Coverage",
}


@dataclass(frozen=True)
class Scale:
    """What the dots of an indicator stand on: the lowest and highest of them, England and the target (None: none)."""

    low: float
    high: float
    england: float | None
    target: float | None

    def share(self, value: float) -> float:
        """Where a value lies, 0 to 1; in the middle of a scale without length."""
        return (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5


@dataclass(frozen=True)
class Said:
    """The words of one row; ends: the lowest and the highest area, each as a narrow and a wide chart name it."""

    code: str
    title: str
    value: str
    status: str
    moved: str
    told: str
    against: str
    ends: list[tuple[str, str]]


def x_of(start: str, end: str, domain: list[float]) -> Spec:
    """Horizontal position by the field `at`, between two expressions of the chart's width."""
    scale = {"domain": domain, "range": [expr(start), expr(end)], "nice": False, "zero": False}
    return {"field": "at", "type": "quantitative", "axis": None, "scale": scale}


def y_of(height: int) -> Spec:
    """Vertical position by the field `y`, in pixels from the top."""
    scale = {"domain": [0, height], "reverse": True, "nice": False, "zero": False}
    return {"field": "y", "type": "quantitative", "axis": None, "scale": scale}


def over_time(
    own: list[Row], england: list[Row], about: Mapping[str, Record], top: Mapping[str, int], y: Spec
) -> list[Spec]:
    """The area's line in the left half of each row, with its expected path and England's line."""
    if not own:
        return []
    when = [row["period_position"] for row in own]
    x = x_of("5", f"{LEFT_END} - 5", [min(when), max(when)])
    foot = {code: at + LINE_FOOT for code, at in top.items()}
    return series.lines(*series.scaled(own, england, foot, LINE_FOOT - LINE_TOP), about, x, y)


def dots(
    around: list[Row],
    focus: str,
    scales: Mapping[str, Scale],
    about: Mapping[str, Record],
    top: Mapping[str, int],
    y: Spec,
) -> list[Spec]:
    """A thin line a row, on it England and the target as ticks and the areas as dots, that in focus last, on top.

    around: rows with values, and `against`, the word of measures.comparison of each against England.
    """
    x = x_of(f"{RIGHT_START} + 7", "width - 7", [0, 1])
    lines = [{"at": 0, "end": 1, "y": at + DOTS} for at in top.values()]
    layers: list[Spec] = [
        {
            "data": {"values": lines},
            "mark": {"type": "rule", "color": BAND_INNER, "strokeWidth": 1},
            "encoding": {"x": x, "x2": {"field": "end"}, "y": y},
        }
    ]
    for name, look in (
        ("england", {"color": MUTED}),
        ("target", {"color": SERIES[2], "strokeDash": [4, 3]}),
    ):
        known = [(top[code] + DOTS, scale, getattr(scale, name)) for code, scale in scales.items()]
        ticks = [
            {"at": scale.share(value), "y": middle - TICK, "foot": middle + TICK}
            for middle, scale, value in known
            if value is not None
        ]
        encoding: Spec = {"x": x, "y": y, "y2": {"field": "foot"}}
        mark: Spec = {"type": "rule", "strokeWidth": 2.5, **look}
        layers += [{"data": {"values": ticks}, "mark": mark, "encoding": encoding}] if ticks else []
    for own in (False, True):
        mine = [_dot(row, scales, about, top) for row in around if (row["area_code"] == focus) == own]
        mark = {"type": "point", "filled": True, "opacity": 1, "strokeWidth": 1.25, "size": expr(by_width(60, 95))}
        mark |= {"fill": FOCUS, "stroke": FOCUS} if own else {"fill": OTHERS, "stroke": OTHERS_EDGE}
        tooltip = [{"field": field, "type": "nominal", "title": title} for field, title in TOLD.items()]
        encoding = {"x": x, "y": y, "tooltip": tooltip}
        layers += [{"data": {"values": drawable(mine)}, "mark": mark, "encoding": encoding}] if mine else []
    return layers


def _dot(row: Row, scales: Mapping[str, Scale], about: Mapping[str, Record], top: Mapping[str, int]) -> Row:
    code = row["indicator"]
    return {
        "at": scales[code].share(row["value"]),
        "y": top[code] + DOTS,
        "area_code": row["area_code"],
        "area": row["area"],
        "said": words.number(row["value"], row["unit"]),
        "interval": words.interval(row["lower"], row["upper"], row["unit"]),
        "judged": words.status_text(row["status"], text_or_blank(row["reason"]))[2:],
        "against": row["against"],
        "reporting": sentences.coverage_mark(row, about[code]),
    }


def texts(said: list[Said], top: Mapping[str, int], y: Spec) -> list[Spec]:
    """The words of each row, and its status mark; a narrow chart says less."""
    bold: Spec = {"fontWeight": 600, "fontSize": expr(by_width(13, 15)), "color": TEXT}
    quiet: Spec = {"color": MUTED, "fontSize": expr(by_width(11.5, 13))}
    value, right = by_width("width - 22", f"{LEFT_END} - 28"), f"{RIGHT_START} + 3"
    nothing = ("No figure", "No figure of any of these areas")
    tops = [top[row.code] for row in said]
    columns: list[tuple[int, str, str, Spec, list[tuple[Any, str]]]] = [
        (TITLE, "0", f"{value} - 62", bold, [(row.title, row.title) for row in said]),
        (TITLE, value, "70", bold | {"align": "right"}, [(row.value, row.value) for row in said]),
        (TITLE, right, "width * 0.45", quiet, [("", row.against) for row in said]),
        (FOOT, "0", LEFT_END, quiet, [(wrap(row.moved, BREAK_AT), row.told) for row in said]),
        (FOOT, right, "width * 0.23", quiet, [row.ends[0] if row.ends else nothing for row in said]),
        (
            FOOT,
            "width - 3",
            "width * 0.23",
            quiet | {"align": "right"},
            [row.ends[1] if len(row.ends) > 1 else ("", "") for row in said],
        ),
    ]
    layers = []
    for below, x, limit, look, named in columns:
        values = [
            {"y": at + below, "narrow": narrow, "wide": wide}
            for at, (narrow, wide) in zip(tops, named, strict=True)
            if narrow or wide
        ]
        mark: Spec = {"type": "text", "align": "left", "baseline": "middle", "x": expr(x), "limit": expr(limit), **look}
        mark["lineHeight"] = LINE
        mark["text"] = expr(by_width("datum.narrow", "datum.wide"))
        layers += [{"data": {"values": values}, "mark": mark, "encoding": {"y": y}}] if values else []
    return [*layers, *_statuses(said, top, y)]


def _statuses(said: list[Said], top: Mapping[str, int], y: Spec) -> list[Spec]:
    layers = []
    for status in words.STATUS_ORDER:
        mine = [{"y": top[row.code] + TITLE} for row in said if row.status == status]
        mark = {"type": "point", "shape": STATUS_SHAPES[status], "color": STATUS[status], "filled": True, "opacity": 1}
        mark |= {"size": expr(by_width(90, 120)), "strokeWidth": 0}
        mark |= {"x": expr(by_width("width - 9", f"{LEFT_END} - 12"))}
        layers += [{"data": {"values": mine}, "mark": mark, "encoding": {"y": y}}] if mine else []
    return layers


def heads(span: str, areas: str, y: Spec) -> list[Spec]:
    """What the left and the right half show, above both."""
    layers: list[Spec] = []
    areas = f"{areas[:1].upper()}{areas[1:]}"
    left = ("Over time", f"Over time, {span}" if span else "Over time")
    for x, (narrow, wide) in (("0", left), (f"{RIGHT_START} + 3", (areas, areas))):
        mark: Spec = {"type": "text", "align": "left", "baseline": "middle", "x": expr(x), "color": MUTED}
        mark |= {"fontWeight": 600, "fontSize": expr(by_width(12, 13)), "limit": expr("width * 0.46")}
        mark["text"] = expr(by_width("datum.narrow", "datum.wide"))
        data = {"values": [{"y": 8, "narrow": narrow, "wide": wide}]}
        layers.append({"data": data, "mark": mark, "encoding": {"y": y}})
    return layers
