"""Bars of counts out of a whole, one row a thing that is counted, in groups under bold headers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from charts.figure import Context, Figure, Spec, slugify
from charts.rows import by_width, expr, label_layers, row_y
from charts.theme import FOCUS, OTHERS, OTHERS_EDGE, TEXT, finish
from measures import words

STEP, LONG_STEP = 26, 32
LABEL_WIDTH: Final = by_width(150, 230)
NUMBER_WIDTH: Final = by_width(84, 110)


@dataclass(frozen=True)
class Counted:
    """A row. group: its header; of: the whole; known: False where it counts what nothing is said of, drawn grey."""

    group: str
    text: str
    count: int
    of: int
    known: bool = True
    interval: tuple[float, float] | None = None  # of the share, in percent

    @property
    def said(self) -> str:
        """'29 (23%)'; '0' of nothing."""
        return f"{self.count:,} ({100 * self.count / self.of:.0f}%)" if self.of else f"{self.count:,}"


def counted_bars(
    rows: Sequence[Counted],
    context: Context,
    *,
    finding: str,
    measure: str,
    what: str,
    notes: str = "",
    alt: str = "",
    long: bool = False,
) -> Figure:
    """A bar for each row, as long as its share of the whole; rows of one group stand together.

    finding: the headline; measure: what is counted, for the subtitle; what: for the file's name; alt: more of it in
    sentences; long: labels that a phone breaks into two lines.
    """
    labels: list[dict[str, Any]] = []
    values: list[dict[str, Any]] = []
    for row in rows:
        if not labels or row.group not in [each["text"] for each in labels if each.get("bold")]:
            labels.append({"row": len(labels), "text": row.group, "bold": True})
        at = len(labels)
        labels.append({"row": at, "text": row.text})
        values.append(
            {
                "row": at,
                "above": at - 0.32,
                "below": at + 0.32,
                "value": 100 * row.count / row.of if row.of else 0,
                "text": row.text,
                "said": row.said,
                "fill": FOCUS if row.known else OTHERS,
                **({"lower": row.interval[0], "upper": row.interval[1]} if row.interval else {}),
            }
        )
    y = row_y(len(labels))
    x: Spec = {
        "field": "value",
        "type": "quantitative",
        "scale": {
            "domain": [0, 100],
            "range": [expr(LABEL_WIDTH), expr(f"width - {NUMBER_WIDTH}")],
            "nice": False,
        },
        "axis": {"values": [0, 50, 100], "labelExpr": "datum.label + '%'", "title": None, "grid": True},
    }
    tooltip = [{"field": f, "type": "nominal", "title": t} for f, t in {"text": "What", "said": "Count"}.items()]
    said: Spec = {"type": "text", "align": "right", "baseline": "middle", "x": expr("width"), "color": TEXT}
    spec: Spec = {
        "layer": [
            {
                "data": {"values": values},
                "layer": [
                    {
                        "mark": {"type": "rect", "stroke": OTHERS_EDGE, "strokeWidth": 1},
                        "encoding": {
                            "x": x,
                            "x2": {"datum": 0},
                            "y": {**y, "field": "above"},
                            "y2": {"field": "below"},
                            "fill": {"field": "fill", "type": "nominal", "scale": None},
                            "tooltip": tooltip,
                        },
                    },
                    {
                        "mark": said | {"fontSize": expr(by_width(12, 14))},
                        "encoding": {"y": y, "text": {"field": "said", "type": "nominal"}},
                    },
                ],
            },
            *label_layers(labels, y, f"{LABEL_WIDTH} - 12", lines=2 if long else 1),
        ]
    }
    if any(row.interval for row in rows):
        spec["layer"][0]["layer"] += _whiskers(x, y)
    several = len({row.group for row in rows}) > 1
    listed = "; ".join(f"{row.group + ', ' if several else ''}{row.text} {row.said}" for row in rows)
    return Figure(
        slug=slugify(what, context.place, context.period_label),
        headline=finding,
        subtitle=context.subtitle(measure),
        source=context.source_line(),
        context=context,
        alt=f"Bars of counts. {finding}. {listed}." + (f" {alt}" if alt else ""),
        spec=finish(spec, (LONG_STEP if long else STEP) * len(labels), context.illustrative),
        twin=lambda: _table(rows),
        notes=notes,
    )


def _whiskers(x: Spec, y: Spec) -> list[Spec]:
    """The intervals, with a light edge that lifts a dark line off a dark bar."""
    rule: Spec = {
        "transform": [{"filter": "isValid(datum.lower)"}],
        "encoding": {"y": y, "x": {**x, "field": "lower"}, "x2": {"field": "upper"}},
    }
    return [
        {**rule, "mark": {"type": "rule", "color": "#ffffff", "strokeWidth": 3.5}},
        {**rule, "mark": {"type": "rule", "color": TEXT, "strokeWidth": 1.25}},
    ]


def _table(rows: Sequence[Counted]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "About": row.group,
                "What": row.text,
                "Count": row.count,
                "Of": row.of,
                "Share": f"{100 * row.count / row.of:.1f}%" if row.of else "–",
                **({"95% interval": words.interval(*row.interval, "percent")} if row.interval else {}),
            }
            for row in rows
        ]
    )
