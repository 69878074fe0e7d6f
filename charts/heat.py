"""Heat table: the status of every indicator in every area at once."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from charts.figure import Context, Figure, Spec, headline, number_or_none, records, slugify, text_or_blank
from charts.marks import STATUS_SHAPES
from charts.rows import by_width, every_indicator, expr, grouped, label_layers, priority_name, row_y
from charts.tables import by_code, twin
from charts.theme import STATUS, STATUS_CELL, TEXT, finish
from measures import sentences, words

ROW_STEP = 24
ENGLAND_GAP = 0.35  # of a column, so that England stands apart
LABEL_WIDTH = by_width(140, 232)


def status_table(
    values: pd.DataFrame,
    indicators: pd.DataFrame,
    areas: pd.DataFrame,
    context: Context,
    *,
    highlight: str | Sequence[str] | None = None,
    measure: str = "",
) -> Figure:
    """Status marks on pale cells, one row an indicator under bold priority headers, one column an area.

    values      values frame of one period; a pair of indicator and area that is not there stays blank
    indicators  indicator frame in the order to show, grouped by priority (columns as INDICATOR, with priority_short)
    areas       area_code, area, short ('LON'), level, in the order to show; level 'england' is set apart
    highlight   area_code of a column to frame, or several
    measure     what the indicators are called together; '' where they are every one
    """
    rows = grouped(indicators)
    row_of = {row["code"]: row["row"] for row in rows if "code" in row}
    columns = _columns(areas)
    column_of = {column["area_code"]: index for index, column in enumerate(columns)}
    shown = values[values["indicator"].isin(list(row_of)) & values["area_code"].isin(list(column_of))]

    y = row_y(len(rows))
    span = columns[-1]["at"] + 0.5 if columns else 1.0
    x: Spec = {
        "field": "at",
        "type": "quantitative",
        "axis": None,
        "scale": {
            "domain": [-0.5, span],
            "range": [expr(LABEL_WIDTH), expr("width")],
            "nice": False,
            "zero": False,
        },
    }
    framed = [highlight] if isinstance(highlight, str) else list(highlight or [])
    frame = [{"at": column["at"]} for column in columns if column["area_code"] in framed]
    layers = [
        _cells(y, x),
        _symbols(y, x),
        *label_layers(rows, y, f"{LABEL_WIDTH} - 10"),
        _column_labels(columns, x),
    ]
    if frame:
        layers.append(_frame(frame, x, len(rows)))
    spec = finish(
        {
            "data": {"values": _cell_rows(shown, indicators, row_of, column_of)},
            "params": [
                {"name": "columns", "value": [column["at"] for column in columns]},
                {"name": "areas", "value": [column["area"] for column in columns]},
                {"name": "titles", "value": [row["text"] for row in rows]},
                {"name": "words", "value": words.STATUS_WORDS},
                {"name": "cells", "value": STATUS_CELL},
            ],
            # Names are looked up rather than repeated in each of some 360 cells: half the size of the spec.
            "transform": [
                {"calculate": "columns[datum.c]", "as": "at"},
                {"calculate": "columns[datum.c] - 0.47", "as": "left"},
                {"calculate": "columns[datum.c] + 0.47", "as": "right"},
                {"calculate": "datum.row - 0.46", "as": "above"},
                {"calculate": "datum.row + 0.46", "as": "below"},
                {"calculate": "areas[datum.c]", "as": "area"},
                {"calculate": "titles[datum.row]", "as": "title"},
                {"calculate": "words[datum.s] + (datum.w ? ': ' + datum.w : '')", "as": "said"},
            ],
            "layer": layers,
        },
        height=ROW_STEP * len(rows),
        illustrative=context.illustrative,
    )
    finding = _finding(shown, indicators, areas)
    path = "their expected paths" if measure and len(indicators) > 1 else "its expected path"
    return Figure(
        slug=slugify("status", context.place, context.period_label),
        headline=finding,
        subtitle=context.subtitle(f"{measure or every_indicator(indicators)} against {path}"),
        source=context.source_line(),
        context=context,
        alt=f"Table of status symbols for {words.plural(len(row_of), 'indicator')} in "
        f"{words.plural(len(columns), 'area')}, {context.period_label}. {_counts(shown)}.",
        spec=spec,
        twin=lambda: twin(_ordered(shown, row_of, column_of), indicators, ["Indicator", "Area"]),
        notes="At risk: below the expected path, but the shortfall may be chance.",
    )


def _columns(areas: pd.DataFrame) -> list[dict[str, Any]]:
    columns: list[dict[str, Any]] = []
    for index, area in enumerate(areas.to_dict("records")):
        england = area["level"] == "england"
        at = index + (ENGLAND_GAP if england and index else 0.0)
        columns.append({str(k): v for k, v in area.items()} | {"at": at, "england": england})
    return columns


def _cell_rows(
    shown: pd.DataFrame, indicators: pd.DataFrame, row_of: dict[str, int], column_of: dict[str, int]
) -> list[dict[str, Any]]:
    """One short record per cell: row, c(olumn), s(tatus), v(alue), i(nterval), e(xpected), k (coverage), w(hy)."""
    known = by_code(indicators)
    cells = []
    for value in shown.to_dict("records"):
        about = known[value["indicator"]]
        unit = str(about["unit"])
        cells.append(
            {
                "row": row_of[value["indicator"]],
                "c": column_of[value["area_code"]],
                "s": value["status"],
                "v": words.number(number_or_none(value["value"]), unit, text_or_blank(value["symbol"])),
                "i": words.interval(number_or_none(value["lower"]), number_or_none(value["upper"]), unit),
                "e": words.number(number_or_none(value["expected"]), unit),
                "k": sentences.coverage_mark(value, about),
                "w": (text_or_blank(value["reason"]) or None) if value["status"] == "none" else None,
            }
        )
    return records(pd.DataFrame(cells))


def _legend() -> Spec:
    return {
        "title": None,
        "labelExpr": "words[datum.value] + (datum.value === 'at_risk' ? ' (may be chance)' : '')",
        "columns": expr(by_width(2, 4)),
    }


TOOLTIP: list[Spec] = [
    {"field": "title", "title": "Indicator", "type": "nominal"},
    {"field": "area", "title": "Area", "type": "nominal"},
    {"field": "v", "title": "Value", "type": "nominal"},
    {"field": "i", "title": "95% interval", "type": "nominal"},
    {"field": "e", "title": "Expected by now", "type": "nominal"},
    {"field": "said", "title": "Status", "type": "nominal"},
    {"field": "k", "title": "Coverage", "type": "nominal"},
]


def _cells(y: Spec, x: Spec) -> Spec:
    return {
        # By expression, not by a scale: a second colour scale without a legend would hide the symbols' legend.
        "mark": {"type": "rect", "cornerRadius": 2, "fill": expr("cells[datum.s]")},
        "encoding": {
            "x": {**x, "field": "left"},
            "x2": {"field": "right"},
            "y": {**y, "field": "above"},
            "y2": {"field": "below"},
            "tooltip": TOOLTIP,
        },
    }


def _symbols(y: Spec, x: Spec) -> Spec:
    shape = {"domain": list(STATUS_SHAPES), "range": list(STATUS_SHAPES.values())}
    colour = {"domain": list(STATUS), "range": list(STATUS.values())}
    return {
        "mark": {"type": "point", "filled": True, "size": expr(by_width(120, 170)), "opacity": 1, "strokeWidth": 0},
        "encoding": {
            "x": x,
            "y": y,
            "shape": {"field": "s", "type": "nominal", "scale": shape, "legend": _legend()},
            "color": {"field": "s", "type": "nominal", "scale": colour, "legend": _legend()},
            "tooltip": TOOLTIP,
        },
    }


def _column_labels(columns: list[dict[str, Any]], x: Spec) -> Spec:
    rows = [{"at": column["at"], "short": column["short"], "england": column["england"]} for column in columns]
    return {
        "data": {"values": rows},
        "mark": {
            "type": "text",
            "y": 12,
            "baseline": "middle",
            "fontSize": expr(by_width(11, 14)),
            "fontWeight": {"expr": "datum.england ? 700 : 400"},
        },
        "encoding": {"x": x, "text": {"field": "short", "type": "nominal"}},
    }


def _frame(frame: list[dict[str, Any]], x: Spec, count: int) -> Spec:
    return {
        "data": {"values": frame},
        "transform": [
            {"calculate": "datum.at - 0.5", "as": "left"},
            {"calculate": "datum.at + 0.5", "as": "right"},
        ],
        "mark": {"type": "rect", "fill": None, "stroke": TEXT, "strokeWidth": 2, "y": 0, "y2": ROW_STEP * count},
        "encoding": {"x": {**x, "field": "left"}, "x2": {"field": "right"}},
    }


def _ordered(shown: pd.DataFrame, row_of: dict[str, int], column_of: dict[str, int]) -> pd.DataFrame:
    order = shown.assign(_row=shown["indicator"].map(row_of), _column=shown["area_code"].map(column_of))
    return order.sort_values(["_row", "_column"])


def _counts(shown: pd.DataFrame) -> str:
    counts = shown["status"].value_counts()
    parts = [f"{counts.get(status, 0)} {words.STATUS_WORDS[status].lower()}" for status in words.STATUS_ORDER]
    return f"Cells: {words.joined(parts)}" if len(shown) else "No values"


def _finding(shown: pd.DataFrame, indicators: pd.DataFrame, areas: pd.DataFrame) -> str:
    """Which priority is furthest behind, by its share of judged indicators on track: in England, else in all areas."""
    if shown.empty:
        return "No values to show"
    england = areas.loc[areas["level"] == "england", "area_code"]
    ours = shown[shown["area_code"].isin(list(england))]
    where = "in England" if len(ours) else "across areas"
    ours = (ours if len(ours) else shown).merge(
        indicators[["code", "priority_short"]], left_on="indicator", right_on="code"
    )
    judged = ours[ours["status"] != "none"]
    if judged.empty:
        return "No status can be judged yet"
    on_track = (judged["status"] == "on_track").groupby(judged["priority_short"].map(priority_name))
    share = on_track.mean()
    worst = str(share.idxmin())
    on, of = int(on_track.sum()[worst]), int(on_track.count()[worst])
    if share.min() == 1:
        return f"All {len(judged)} indicators are on track {where}"
    if (share == share.min()).sum() > 1:
        total = int((judged["status"] == "on_track").sum())
        return f"{total} of {len(judged)} indicators on track {where}"
    return headline(f"{worst} lags: {on} of {of} on track {where}", f"{worst} lags: {on} of {of} on track")
