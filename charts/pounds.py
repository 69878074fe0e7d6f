"""Amounts in pounds, a row each in groups: as bars from nothing, or as dots beside what else would have been paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isinf
from typing import Any, Final

import pandas as pd

from charts.figure import Context, Figure, Spec, slugify
from charts.labels import AXIS_FORMATS, along_value, nice_domain
from charts.rows import by_width, expr, label_layers, row_y
from charts.theme import FOCUS, OTHERS, OTHERS_EDGE, PAPER, RULE, TEXT, finish
from measures.words import number

STEP: Final = 32
LABEL_WIDTH: Final = by_width(132, 280)
NUMBER_WIDTH, INTERVAL_WIDTH = by_width(70, 120), by_width(70, 190)
UNKNOWN: Final = "–"
MILLIONS: Final = f"abs(datum.value) < 1e6 ? {AXIS_FORMATS['gbp']} : '£' + format(datum.value / 1e6, '~r') + 'm'"


def pounds(value: float) -> str:
    """'£2,410', '−£12'."""
    return number(value, "gbp")


@dataclass(frozen=True)
class Amount:
    """A row. group: its header; value: £, None where it is not known; beside: £ of the other kind, drawn hollow.

    interval: 95% limits of value, the upper one infinite where it has none; why: said in place of an unknown value;
    muted: drawn grey, for what is not of the register.
    """

    group: str
    text: str
    value: float | None
    beside: float | None = None
    interval: tuple[float, float] | None = None
    why: str = "Not said"
    muted: bool = False

    @property
    def said(self) -> str:
        """'£2,410', '£2,410 of £5,830', '£3,523 (£3,330 to £3,757)', or why there is none."""
        if self.value is None:
            return self.why
        if self.interval is not None:
            return f"{pounds(self.value)} ({self.limits})"
        return pounds(self.value) + (f" of {pounds(self.beside)}" if self.beside is not None else "")

    @property
    def limits(self) -> str:
        """'£2,900 to £3,600', 'from £2,900: no upper limit', '–'."""
        if self.interval is None:
            return UNKNOWN
        low, high = self.interval
        return f"from {pounds(low)}: no upper limit" if isinf(high) else f"{pounds(low)} to {pounds(high)}"


def amounts(
    rows: Sequence[Amount],
    context: Context,
    *,
    finding: str,
    measure: str,
    what: str,
    names: tuple[str, str] | None = None,
    notes: str = "",
) -> Figure:
    """A bar for each row; with names, a dot for its value and a hollow diamond for what is beside it.

    finding: the headline; measure: for the subtitle; what: for the file's name; names: of value and beside.
    """
    labels, places = _labels(rows)
    known = [each for row in rows for each in (row.value, row.beside, *(row.interval or ())) if each is not None]
    domain = nice_domain([0.0, *(each for each in known if not isinf(each))], "gbp")
    room = INTERVAL_WIDTH if any(row.interval for row in rows) else NUMBER_WIDTH
    y = row_y(len(labels))
    x = along_value(domain, MILLIONS, LABEL_WIDTH, f"{room} - 10", (2, 5))
    marks = _bars(rows, places, x, y) if names is None else _dots(rows, places, names, domain, x, y)
    said: Spec = {"type": "text", "align": "right", "baseline": "middle", "x": expr("width"), "color": TEXT}
    # On a narrow chart a pair of numbers has no room: the second is drawn.
    short = f"{by_width('datum.short', 'datum.said')}"
    written: Spec = {
        "data": {
            "values": [
                {"row": at, "said": row.said, "short": row.why if row.value is None else pounds(row.value)}
                for row, at in zip(rows, places, strict=True)
            ]
        },
        "mark": said | {"fontSize": expr(by_width(12, 14)), "text": expr(short)},
        "encoding": {"y": y},
    }
    several = len({row.group for row in rows}) > 1
    listed = "; ".join(f"{row.group + ', ' if several else ''}{row.text} {row.said}" for row in rows)
    kind = "Bars of amounts" if names is None else f"Dots: {names[0].lower()}, and {names[1].lower()} beside it"
    return Figure(
        slug=slugify(what, context.place, context.period_label),
        headline=finding,
        subtitle=context.subtitle(measure),
        source=context.source_line(),
        context=context,
        alt=f"{kind}. {finding}. {listed}.",
        spec=finish(
            {"layer": [*marks, written, *label_layers(labels, y, f"{LABEL_WIDTH} - 12", lines=2)]},
            STEP * len(labels),
            context.illustrative,
        ),
        twin=lambda: _table(rows, names),
        notes=notes,
    )


def _labels(rows: Sequence[Amount]) -> tuple[list[dict[str, Any]], list[int]]:
    """The labels with their headers, and the place of each row among them."""
    labels: list[dict[str, Any]] = []
    places = []
    for row in rows:
        if row.group not in [each["text"] for each in labels if each.get("bold")]:
            labels.append({"row": len(labels), "text": row.group, "bold": True})
        places.append(len(labels))
        labels.append({"row": len(labels), "text": row.text})
    return labels, places


def _tooltip() -> list[Spec]:
    titles = {"text": "What", "told": "Amount", "limits": "95% interval"}
    return [{"field": name, "type": "nominal", "title": title} for name, title in titles.items()]


def _bars(rows: Sequence[Amount], places: list[int], x: Spec, y: Spec) -> list[Spec]:
    values = [
        {
            "above": at - 0.3,
            "below": at + 0.3,
            "value": row.value,
            "fill": OTHERS if row.muted else FOCUS,
            "text": row.text,
            "told": row.said,
            "limits": row.limits,
        }
        for row, at in zip(rows, places, strict=True)
        if row.value is not None
    ]
    encoding = {
        "x": x,
        "x2": {"datum": 0},
        "y": {**y, "field": "above"},
        "y2": {"field": "below"},
        "fill": {"field": "fill", "type": "nominal", "scale": None},
        "tooltip": _tooltip(),
    }
    mark = {"type": "rect", "stroke": OTHERS_EDGE, "strokeWidth": 1}
    return [{"data": {"values": values}, "mark": mark, "encoding": encoding}]


def _dots(
    rows: Sequence[Amount], places: list[int], names: tuple[str, str], domain: tuple[float, float], x: Spec, y: Spec
) -> list[Spec]:
    paired = list(zip(rows, places, strict=True))
    links = [
        {"row": at, "value": row.value, "other": row.beside}
        for row, at in paired
        if row.interval is None and row.value is not None and row.beside is not None
    ]
    whiskers = [
        {"row": at, "value": low, "other": min(high, domain[1]), "open": isinf(high)}
        for row, at in paired
        for low, high in [row.interval or (inf, inf)]
        if low < inf
    ]
    points = [
        {"row": at, "value": value, "series": name, "text": row.text, "told": row.said, "limits": row.limits}
        for row, at in paired
        for name, value in zip(names, (row.value, row.beside), strict=True)
        if value is not None
    ]

    def rule(values: list[dict[str, Any]], colour: str, width: float) -> Spec:
        return {
            "data": {"values": values},
            "mark": {"type": "rule", "color": colour, "strokeWidth": width},
            "encoding": {"y": y, "x": x, "x2": {"field": "other"}},
        }

    without_end: Spec = {
        "data": {"values": [each for each in whiskers if each["open"]]},
        "mark": {"type": "point", "shape": "triangle-right", "filled": True, "fill": FOCUS, "size": 90, "opacity": 1},
        "encoding": {"y": y, "x": {**x, "field": "other"}},
    }
    legend = {"title": None, "columns": expr(by_width(1, 2)), "symbolStrokeWidth": 1.5, "symbolSize": 110}

    def series(looks: tuple[str, str]) -> Spec:
        scale = {"domain": list(names), "range": list(looks)}
        return {"field": "series", "type": "nominal", "scale": scale, "legend": legend}

    dots: Spec = {
        "data": {"values": points},
        "mark": {"type": "point", "filled": True, "opacity": 1, "strokeWidth": 1.5, "size": expr(by_width(90, 120))},
        "encoding": {
            "y": y,
            "x": x,
            "shape": series(("circle", "diamond")),
            "fill": series((FOCUS, PAPER)),
            "stroke": series((FOCUS, OTHERS_EDGE)),
            "tooltip": _tooltip(),
        },
    }
    # A mark of nothing is an image without a name to whoever hears the page.
    layers = [rule(links, RULE, 1.5), rule(whiskers, FOCUS, 2.5), without_end, dots]
    return [layer for layer in layers if layer["data"]["values"]]


def _table(rows: Sequence[Amount], names: tuple[str, str] | None) -> pd.DataFrame:
    first, second = names or ("Amount", "")
    intervals = any(row.interval for row in rows)
    return pd.DataFrame(
        [
            {
                "About": row.group,
                "What": row.text,
                first: row.why if row.value is None else pounds(row.value),
                **({"95% interval": row.limits} if intervals else {}),
                **({second: UNKNOWN if row.beside is None else pounds(row.beside)} if names else {}),
            }
            for row in rows
        ]
    )
