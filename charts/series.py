"""Small lines over time, each on a scale of its own, and what they say: parts of charts.strips and charts.outcome.

Rows are dictionaries (charts.figure.plain) of COLUMNS, in order of time.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from charts.figure import Record, Spec, drawable, number_or_none, text_or_blank
from charts.labels import period_span
from charts.theme import BAND_INNER, FOCUS, MUTED, OTHERS_EDGE
from measures import sentences, words

Row = dict[str, Any]
NUMBERS: Final = ("value", "lower", "upper", "expected")
COLUMNS: Final = [
    "indicator", "area", "area_code", "period", "period_position", *NUMBERS, "target", "unit", "status", "reason",
    "symbol", "coverage", "units", "expected_units",
]  # fmt: skip


def scaled(own: list[Row], nation: list[Row], foot: Mapping[str, float], high: float) -> tuple[list[Row], list[Row]]:
    """The area's and England's rows with vertical positions (y_value, y_lower, y_upper, y_expected).

    foot: indicator → where its line's lowest figure lies, counted downwards; high: from there to its highest. Each
    indicator is scaled by its own figures and England's.
    """
    found: dict[str, list[float]] = {}
    for rows, names in ((own, NUMBERS), (nation, NUMBERS[:1])):
        for row in rows:
            numbers = [row[name] for name in names if not words.is_missing(row[name])]
            found.setdefault(row["indicator"], []).extend(numbers)
    ends = {code: (min(numbers), max(numbers)) for code, numbers in found.items() if numbers}

    def placed(row: Row, names: tuple[str, ...]) -> Row:
        low, top = ends.get(row["indicator"], (0.0, 1.0))
        size, bottom = (top - low) or 1.0, foot[row["indicator"]]
        return row | {
            f"y_{name}": None if words.is_missing(row[name]) else bottom - high * (row[name] - low) / size
            for name in names
        }

    return [placed(row, NUMBERS) for row in own], [placed(row, NUMBERS[:1]) for row in nation]


def lines(own: list[Row], nation: list[Row], about: Mapping[str, Record], x: Spec, y: Spec) -> list[Spec]:
    """Layers of scaled rows: 95 % band, expected path (dashed), England, the area's line and its points; x: of `at`."""

    def line(rows: list[Row], column: str, mark: Spec, other: str | None = None) -> list[Spec]:
        values = _runs(rows, column, other)
        encoding: Spec = {"x": x, "y": {**y, "field": "y"}, "detail": {"field": "run", "type": "nominal"}}
        encoding |= {"y2": {"field": "y2"}} if other else {}
        return [{"data": {"values": values}, "mark": mark, "encoding": encoding}] if values else []

    def stroke(colour: str, width: float) -> Spec:
        return {"type": "line", "color": colour, "strokeWidth": width}

    return [
        *line(own, "y_lower", {"type": "area", "color": BAND_INNER, "opacity": 0.7}, "y_upper"),
        *line(own, "y_expected", stroke(MUTED, 1.5) | {"strokeDash": [4, 3]}),
        *line(nation, "y_value", stroke(OTHERS_EDGE, 1.5)),
        *line(own, "y_value", stroke(FOCUS, 2.5)),
        *_points([row for row in own if row["y_value"] is not None], about, x, y),
    ]


def _runs(rows: list[Row], column: str, other: str | None) -> list[Row]:
    """run, at, y (and y2) where there is a number: a line is not drawn across a period that has none."""
    found, runs = [], dict.fromkeys([row["indicator"] for row in rows], 0)
    for row in rows:
        if row[column] is None:
            runs[row["indicator"]] += 1
        elif other is None or row[other] is not None:
            run = f"{row['indicator']}-{runs[row['indicator']]}"
            values = {"at": row["period_position"], "y": row[column]} | ({"y2": row[other]} if other else {})
            found.append({"run": run, **values})
    return drawable(found)


def _points(known: list[Row], about: Mapping[str, Record], x: Spec, y: Spec) -> list[Spec]:
    if not known:
        return []
    rows = [
        {
            "indicator": row["indicator"],
            "area": row["area"],
            "period": row["period"],
            "at": row["period_position"],
            "y": row["y_value"],
            "said": words.number(row["value"], row["unit"]),
            "interval": words.interval(row["lower"], row["upper"], row["unit"]),
            "path": words.number(row["expected"], row["unit"]),
            "judged": words.status_text(row["status"], text_or_blank(row["reason"]))[2:],
            "reporting": sentences.coverage_mark(row, about[row["indicator"]]),
        }
        for row in known
    ]
    titles = {"period": "Period", "said": "Value", "interval": "95% interval", "path": "Expected"}
    titles |= {"judged": "Status", "reporting": "Coverage"}
    return [
        {
            "data": {"values": drawable(rows)},
            "mark": {"type": "point", "filled": True, "color": FOCUS, "size": 42, "opacity": 1},
            "encoding": {
                "x": x,
                "y": {**y, "field": "y"},
                "tooltip": [{"field": field, "type": "nominal", "title": title} for field, title in titles.items()],
            },
        }
    ]


def said(
    latest: list[Row], about: Mapping[str, Record], markers: Iterable[Mapping[str, Any]], own: list[Row]
) -> list[dict[str, str]]:
    """For each indicator: code, title, value, status, and how it moved since its first figure, with its marker.

    latest: one row an indicator; own: all periods of the same.
    """
    first: dict[str, Row] = {}
    for row in own:
        if not words.is_missing(row["value"]):
            first.setdefault(row["indicator"], row)
    marks = {mark["indicator"]: mark for mark in markers}
    end = max((row["period_position"] for row in own), default=0.0)
    found = []
    for row in latest:
        code, noun = row["indicator"], "term" if " " in row["period"] else "year"
        mark = marks.get(code)
        found.append(
            {
                "code": code,
                "title": str(about[code]["short_title"]),
                "value": words.number(number_or_none(row["value"]), row["unit"], text_or_blank(row["symbol"])),
                "status": str(row["status"]),
                "move": _moved(row, first.get(code, row), end),
                "trend": sentences.trend_words(mark["trend"], mark["trend_points_used"], noun) if mark else "",
            }
        )
    return found


def _moved(row: Row, start: Row, end: float) -> str:
    """'up 3.1 points since 2009/10', 'no earlier figure', why there is none, or of which earlier period it is."""
    if words.is_missing(row["value"]):
        return words.SYMBOL_WORDS.get(text_or_blank(row["symbol"]), "no figure")
    if row["period_position"] < end:
        return f"in {row['period']}"
    if start["period"] == row["period"]:
        return "no earlier figure"
    change = row["value"] - start["value"]
    size = words.difference(change, row["unit"])
    if size == words.difference(0, row["unit"]):
        return f"unchanged since {start['period']}"
    return f"{'up' if change > 0 else 'down'} {size} since {start['period']}"


def span(own: list[Row]) -> str:
    """'2009/10 to 2011/12': the periods of the rows; '' where there is none."""
    when = {row["period"]: row["period_position"] for row in own}
    return period_span(sorted(when, key=lambda period: when[period])) or ""
