"""Layout of charts with one labelled row per area or indicator.

Labels are text marks inside the plot, not axis labels: Vega cannot give an axis a width that depends on the chart's,
and inside the plot `width` is the container's width, so labels of every group share one left edge and fit a phone.
"""

from textwrap import wrap
from typing import Any, Final

import pandas as pd

from charts.figure import Spec, text_or_blank
from charts.theme import TEXT

NARROW: Final = 560  # pixels of chart width below which labels and type shrink
LINE: Final = 13  # pixels between the lines of a label of two
BREAK_AT: Final = 22  # characters of a line of it, at most 128 pixels of the small type

# Expressions over the chart's own width, usable as {"expr": ...} in any mark or scale below.
IS_NARROW: Final = f"width < {NARROW}"


def by_width(narrow: float | str, wide: float | str) -> str:
    """A Vega expression: one number on a narrow chart, another on a wide one."""
    return f"({IS_NARROW} ? {narrow} : {wide})"


def expr(text: str) -> dict[str, str]:
    """An expression reference."""
    return {"expr": text}


def row_y(count: float) -> Spec:
    """Vertical position by the field `row` (0 at the top), in the middle of each of `count` equal rows."""
    return {
        "field": "row",
        "type": "quantitative",
        "scale": {"domain": [-0.5, count - 0.5], "reverse": True, "nice": False, "zero": False},
        "axis": None,
    }


def label_layers(rows: list[dict[str, Any]], y: Spec, limit: str, *, lines: int = 1) -> list[Spec]:
    """Left-aligned row labels from `row`, `text`, `bold`: plain ones cut at `limit` pixels, bold headers run on.

    lines: into how many a narrow chart breaks a long label, for rows of at least lines × LINE pixels; a label that is
    pointed at is then said in full.
    """
    layers: list[Spec] = []
    for bold in (False, True):
        named = [row for row in rows if bool(row.get("bold")) is bold]
        values = [{"row": row["row"], "text": row["text"]} for row in named]
        mark: Spec = {"type": "text", "align": "left", "baseline": "middle", "x": 0, "color": TEXT}
        if bold:
            mark |= {"fontSize": expr(by_width(14, 15)), "fontWeight": 700}
        else:
            mark |= {"fontSize": expr(by_width(12, 14)), "limit": expr(limit), "lineHeight": LINE}
        encoding: Spec = {"y": y, "text": {"field": "text", "type": "nominal"}}
        if lines > 1 and not bold:
            for value in values:
                value |= broken_up(value["text"], lines)
            broken = f"{IS_NARROW} && isArray(datum.lines)"
            mark |= {
                "text": expr(f"{broken} ? datum.lines : datum.text"),
                "dy": expr(f"{broken} ? {-LINE / 2} * (length(datum.lines) - 1) : 0"),
            }
            encoding = {"y": y, "tooltip": {"field": "text", "type": "nominal"}}
        if values:
            layers.append({"data": {"values": values}, "mark": mark, "encoding": encoding})
    return layers


def broken_up(text: str, most: int) -> dict[str, list[str]]:
    """{'lines': [...]} of a label that takes several, the last with all the rest of it; {} of a short one."""
    made = wrap(text, BREAK_AT)
    made = made if len(made) <= most else [*made[: most - 1], " ".join(made[most - 1 :])]
    return {"lines": made} if len(made) > 1 else {}


def grouped(indicators: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows for a frame of indicators in its own order: a bold header where the priority changes, then its indicators.

    Each row has `row`, `text`, and either `bold` or the indicator's `code`.
    """
    rows: list[dict[str, Any]] = []
    before: str | None = None
    for record in indicators.to_dict("records"):
        header = priority_name(record["priority_short"])
        if header != before:
            before = header
            rows.append({"row": len(rows), "text": header, "bold": True})
        text = f"{record['outcome']} {record['short_title']}"
        rows.append({"row": len(rows), "text": text, "code": record["code"]})
    return rows


def every_indicator(indicators: pd.DataFrame) -> str:
    """'Every indicator', or 'Every indicator of Learning culture' where all are of one priority."""
    priorities = list(indicators["priority_short"].dropna().unique())
    return f"Every indicator of {priorities[0]}" if len(priorities) == 1 else "Every indicator"


def priority_name(priority_short: Any) -> str:
    """The header an indicator stands under; some serve no priority."""
    return text_or_blank(priority_short) or "Other indicators"
