"""Coverage table: who reported, place by place over time, or indicator by indicator in one period."""

from typing import Any, Final

import numpy as np
import pandas as pd

from charts.figure import Context, Figure, Spec, headline, records, slugify
from charts.labels import period_span
from charts.rows import by_width, expr, label_layers, row_y
from charts.theme import MUTED, NO_VALUE, PALEST, PAPER, RULE, SEQUENTIAL, TEXT, finish
from measures import words

ROW_STEP: Final = 24
LABEL_WIDTH: Final = by_width(140, 232)
MOST_WITH_NUMBERS: Final = 12  # columns: in narrower cells no number fits
LONGEST_ACROSS: Final = 8  # characters of a column's label before all of them stand upright
SLANT_ROOM: Final = 6  # rows that upright labels take
NONE, NOWHERE = "None reported (×)", "Not collected (–)"
# Least coverage → words; darker is more. The darkest two carry white numbers.
CLASSES: Final = ((0.9, "90% or more"), (0.75, "75% to under 90%"), (0.5, "50% to under 75%"), (0.0, "Under 50%"))
LABELS: Final = [label for _, label in CLASSES] + [NONE, NOWHERE]
COLOURS: Final = [*SEQUENTIAL, PALEST, NO_VALUE, PAPER]


def over_time(frame: pd.DataFrame, context: Context) -> Figure:
    """One indicator's coverage: a row for each area, under its region where there are several; a column a period.

    frame: as data_access.coverage.grid gives it (short_title, area_code, area, region, period, period_position, units,
    expected_units, coverage, symbol, why), in the order to show.
    """
    title = str(frame["short_title"].iloc[0]) if len(frame) else ""
    periods = frame.drop_duplicates("period").sort_values("period_position")["period"].tolist()
    columns = [{"code": code, "name": code, "text": _lines(code)} for code in periods]
    several = frame["region"].nunique() > 1 and not frame["area"].eq(frame["region"]).all()
    rows = _rows(frame.assign(group=frame["region"] if several else ""), "area_code", "area")
    return _figure(
        frame.assign(row_key=frame["area_code"], column_key=frame["period"]),
        rows,
        columns,
        context,
        axes=("Area", "Period"),
        subtitle=context.subtitle(f"Coverage of {words.inline(title)}" if title else "Coverage", period_span(periods)),
        slug=slugify("coverage", title, context.place),
        finding=_latest(frame, periods),
        counted=f"{words.plural(frame['area_code'].nunique(), 'area')} by {words.plural(len(periods), 'period')}",
    )


def by_indicator(frame: pd.DataFrame, context: Context) -> Figure:
    """One period's coverage: a row for each indicator, a column for each area; the same columns, and short."""
    places = frame.drop_duplicates("area_code")
    columns = [
        {"code": code, "name": name, "text": short}
        for code, name, short in places[["area_code", "area", "short"]].itertuples(index=False, name=None)
    ]
    return _figure(
        frame.assign(row_key=frame["indicator"], column_key=frame["area_code"]),
        _rows(frame.assign(group=""), "indicator", "short_title"),
        columns,
        context,
        axes=("Indicator", "Area"),
        subtitle=context.subtitle("Coverage of every indicator"),
        slug=slugify("coverage", context.place, context.period_label),
        finding=_lowest(frame),
        counted=f"{words.plural(frame['indicator'].nunique(), 'indicator')} in {words.plural(len(columns), 'area')}",
    )


def _lines(period: str) -> list[str] | str:
    """A term's label in two lines: 'Sum', '2011/12'."""
    year, _, rest = period.partition(" ")
    return [rest[:3].capitalize(), year] if rest else year


def _rows(frame: pd.DataFrame, code: str, name: str) -> list[dict[str, Any]]:
    """Label rows in the frame's order, a bold one where the group changes."""
    rows: list[dict[str, Any]] = []
    group = ""
    listed = frame.drop_duplicates(code)[["group", code, name]]
    for of_group, key, text in listed.itertuples(index=False, name=None):
        if of_group != group:
            group = of_group
            rows.append({"row": len(rows), "text": group, "bold": True})
        rows.append({"row": len(rows), "text": text, "code": key})
    return rows


def _figure(
    frame: pd.DataFrame,
    rows: list[dict[str, Any]],
    columns: list[dict[str, Any]],
    context: Context,
    *,
    axes: tuple[str, str],
    subtitle: str,
    slug: str,
    finding: str,
    counted: str,
) -> Figure:
    """frame: with row_key and column_key, which say where each cell goes. axes: what a row and a column are."""
    tooltip = _tooltip(*axes)
    cells = _cells(frame, rows, columns)
    upright = any(isinstance(column["text"], str) and len(column["text"]) > LONGEST_ACROSS for column in columns)
    above = SLANT_ROOM if upright else 1
    drawn = [row | {"row": row["row"] + above} for row in rows]
    y = row_y(len(rows) + above)
    x: Spec = {
        "field": "c",
        "type": "quantitative",
        "axis": None,
        "scale": {
            "domain": [-0.5, max(len(columns), 1) - 0.5],
            "range": [expr(LABEL_WIDTH), expr("width")],
            "nice": False,
            "zero": False,
        },
    }
    spec = finish(
        {
            "data": {"values": records(cells.assign(row=cells["row"] + above))},
            "params": [
                {"name": "columns", "value": [column["name"] for column in columns]},
                {"name": "rows", "value": [""] * above + [row["text"] for row in rows]},
                {"name": "labels", "value": LABELS},
            ],
            # Names are looked up rather than repeated in each cell.
            "transform": [
                {"calculate": "labels[datum.k]", "as": "class"},
                {"calculate": "rows[datum.row]", "as": "of"},
                {"calculate": "columns[datum.c]", "as": "in"},
                {"calculate": "datum.c - 0.47", "as": "left"},
                {"calculate": "datum.c + 0.47", "as": "right"},
                {"calculate": "datum.row - 0.46", "as": "above"},
                {"calculate": "datum.row + 0.46", "as": "below"},
            ],
            "layer": [
                _fills(y, x, tooltip),
                _texts(y, x, tooltip, len(columns) <= MOST_WITH_NUMBERS),
                *label_layers(drawn, y, f"{LABEL_WIDTH} - 10"),
                _column_labels(columns, x, upright),
            ],
        },
        height=ROW_STEP * (len(rows) + above),
        illustrative=context.illustrative,
    )
    return Figure(
        slug=slug,
        headline=finding,
        subtitle=subtitle,
        source=context.source_line(),
        context=context,
        alt=f"Table of coverage for {counted}. {finding}. {_counts(cells)}.",
        spec=spec,
        twin=lambda: _table(frame),
        notes="Coverage: reporting schools or authorities as a share of those expected. × means that nobody reported, "
        "– that nothing was collected: neither is zero.",
    )


def _cells(frame: pd.DataFrame, rows: list[dict[str, Any]], columns: list[dict[str, Any]]) -> pd.DataFrame:
    """One short record per cell: row, c(olumn), k (its class), t(ext), s(aid in the tooltip)."""
    row_of = {row["code"]: row["row"] for row in rows if "code" in row}
    column_of = {column["code"]: at for at, column in enumerate(columns)}
    share = frame["coverage"].to_numpy(dtype=float)
    with np.errstate(invalid="ignore"):
        steps = [share >= least for least, _ in CLASSES[:-1]]
    symbol = frame["symbol"].to_numpy()
    kind = np.select([symbol == "z", symbol == "x", *steps], [5, 4, 0, 1, 2], 3)
    number = [words.share(value).removesuffix("%") for value in share]
    units = frame[["units", "expected_units"]].fillna(0).astype(int).to_numpy().tolist()
    said = [
        why or f"{share_text}% ({now:,} of {of:,})"
        for why, share_text, (now, of) in zip(frame["why"], number, units, strict=True)
    ]
    return pd.DataFrame(
        {
            "row": frame["row_key"].map(row_of).to_numpy(dtype=int),
            "c": frame["column_key"].map(column_of).to_numpy(dtype=int),
            "k": kind,
            "t": np.select([kind == 5, kind == 4], ["–", "×"], np.array(number, dtype=object)),
            "s": said,
        }
    )


def _tooltip(down: str, across: str) -> list[Spec]:
    named = {"of": down, "in": across, "s": "Coverage"}
    return [{"field": field, "title": title, "type": "nominal"} for field, title in named.items()]


def _fills(y: Spec, x: Spec, tooltip: list[Spec]) -> Spec:
    legend = {"title": None, "columns": expr(by_width(2, 6)), "symbolType": "square", "symbolStrokeColor": RULE}
    return {
        "mark": {"type": "rect", "cornerRadius": 2, "stroke": {"expr": f"datum.k == 4 ? '{RULE}' : null"}},
        "encoding": {
            "x": {**x, "field": "left"},
            "x2": {"field": "right"},
            "y": {**y, "field": "above"},
            "y2": {"field": "below"},
            "fill": {
                "field": "class",
                "type": "nominal",
                "scale": {"domain": LABELS, "range": COLOURS},
                "legend": legend | {"symbolStrokeWidth": 1},
            },
            "tooltip": tooltip,
        },
    }


def _texts(y: Spec, x: Spec, tooltip: list[Spec], numbers: bool) -> Spec:
    """The number in each cell where it fits, and always the marks of what is missing."""
    layer: Spec = {
        "mark": {"type": "text", "baseline": "middle", "fontSize": expr(by_width(10, 13)), "fontWeight": 600},
        "encoding": {
            "x": x,
            "y": {**y, "field": "row"},
            "text": {"field": "t", "type": "nominal"},
            "color": {
                "condition": [{"test": "datum.k < 2", "value": PAPER}, {"test": "datum.k == 5", "value": MUTED}],
                "value": TEXT,
            },
            "tooltip": tooltip,
        },
    }
    return layer if numbers else layer | {"transform": [{"filter": "datum.k > 3"}]}


def _column_labels(columns: list[dict[str, Any]], x: Spec, upright: bool) -> Spec:
    mark: Spec = {"type": "text", "baseline": "middle", "fontSize": expr(by_width(11, 13))}
    if upright:
        mark |= {"angle": 270, "align": "left", "y": ROW_STEP * SLANT_ROOM - 6, "limit": ROW_STEP * SLANT_ROOM - 8}
    else:
        mark |= {"y": 10, "lineHeight": 13}
    values = [{"c": at, "text": column["text"]} for at, column in enumerate(columns)]
    return {
        "data": {"values": values},
        "mark": mark,
        "encoding": {"x": x, "text": {"field": "text", "type": "nominal"}},
    }


def _counts(cells: pd.DataFrame) -> str:
    counts = cells["k"].value_counts()
    parts = [f"{counts[at]} {label[0].lower() + label[1:]}" for at, label in enumerate(LABELS) if at in counts]
    return f"Cells: {words.joined(parts)}" if parts else "No cells"


def _table(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Indicator": frame["short_title"],
            "Area": frame["area"],
            "Region": frame["region"],
            "Period": frame["period"],
            "Reporting": frame["units"],
            "Expected": frame["expected_units"],
            "Coverage": [words.share(value) for value in frame["coverage"]],
            "Coverage (fraction)": frame["coverage"].astype(float).round(4),
            "Note": frame["why"],
        }
    ).reset_index(drop=True)


def _latest(frame: pd.DataFrame, periods: list[str]) -> str:
    """How many areas are silent in the latest period, else how many report less than half, else all is well."""
    now = frame[(frame["period"] == periods[-1]) & (frame["symbol"] != "z")] if periods else frame
    if now.empty:
        return "Nothing was collected here"
    said, of = f"for {periods[-1]}", words.plural(len(now), "area")
    silent, low = int((now["symbol"] == "x").sum()), int((now["coverage"] < 0.5).sum())
    if silent:
        return headline(f"{silent} of {of} did not report {said}", f"{silent} of {of} did not report")
    if low:
        return headline(f"{low} of {of} below half coverage {said}", f"{low} of {of} below half coverage")
    return headline(f"All {of} reported {said}", f"All {of} reported") if len(now) > 1 else f"It reported {said}"


def _lowest(frame: pd.DataFrame) -> str:
    """How many indicators some area did not report, else where coverage is lowest."""
    there = frame[frame["symbol"] != "z"]
    if there.empty:
        return "Nothing was collected here"
    silent = there.loc[there["symbol"] == "x", "indicator"].nunique()
    if silent:
        total = words.plural(there["indicator"].nunique(), "indicator")
        return f"{silent} of {total} lack some area's report"
    worst = there.sort_values("coverage", kind="stable").iloc[0]
    share, title = words.share(worst["coverage"]), words.inline(str(worst["short_title"]))
    return headline(f"Lowest coverage: {title}, {worst['area']}, {share}", f"Lowest coverage: {title}, {share}")
