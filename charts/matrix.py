"""Matrix: how each of a few areas stands to the reference, on every indicator at once."""

from math import ceil
from textwrap import wrap
from typing import Any, Final

import pandas as pd

from charts import chance
from charts.differences import COLOURS, REFERENCE, SHAPES, clear_words, difference_words, place_words
from charts.figure import Context, Figure, Spec, headline, number_or_none, records, slugify, text_or_blank
from charts.rows import by_width, expr, grouped, label_layers, row_y
from charts.tables import by_code
from charts.theme import BAND, TEXT, finish
from measures import sentences, words
from measures.differences import SAME

ROW_STEP: Final = 30
LABEL_WIDTH: Final = by_width(140, 236)
HEAD_CHARACTERS: Final = 12  # of a line of a column's name
HEAD_LINE: Final = 15
ROOMY: Final = 84  # pixels of a column from which on its figures and whole names fit
GLYPHS: Final = {"Better": "▲", "Similar": "●", "Worse": "▼", "Higher": "▲", "Lower": "▼", "Not compared": "○"}


def matrix(values: pd.DataFrame, indicators: pd.DataFrame, areas: pd.DataFrame, context: Context) -> Figure:
    """A mark and a value in each cell, one row an indicator under bold priority headers, one column an area.

    values      values frame of one period with a row for every pair of indicator and area, and relation, gap,
                gap_lower, gap_upper, clear, judged (measures.differences.difference from the reference), and rank,
                ranked, tied (its place in its level)
    indicators  indicator frame in the order to show, grouped by priority
    areas       area_code, area, short, in the order to show
    context     its comparator is the reference
    """
    names = list(areas["area"])
    lines = max((len(wrap(name, HEAD_CHARACTERS)) for name in names), default=1)
    above = ceil((HEAD_LINE * lines + 6) / ROW_STEP)  # rows that the names of the columns take
    rows = [{**row, "row": row["row"] + above} for row in grouped(indicators)]
    row_of = {row["code"]: row["row"] for row in rows if "code" in row}
    column_of = {code: index for index, code in enumerate(areas["area_code"])}
    shown = values[values["indicator"].isin(list(row_of)) & values["area_code"].isin(list(column_of))]
    shown = shown.assign(row=shown["indicator"].map(row_of), c=shown["area_code"].map(column_of))
    shown = shown.sort_values(["row", "c"], kind="stable", ignore_index=True)
    y = row_y(len(rows) + above)
    finding = _finding(shown, names, context.comparator)
    spec: Spec = {
        "params": [
            {"name": "column", "expr": f"(width - {LABEL_WIDTH}) / {max(len(names), 1)}"},
            {"name": "roomy", "expr": f"column >= {ROOMY}"},
        ],
        "layer": [
            *_bands(rows, y),
            *_cells(shown, indicators, names, y),
            *label_layers(rows, y, f"{LABEL_WIDTH} - 10"),
            *_heads(areas, ROW_STEP * above),
        ],
    }
    return Figure(
        slug=slugify("comparison", *names[:3], context.period_label),
        headline=finding,
        subtitle=context.subtitle(words.plural(len(indicators), "indicator")),
        source=context.source_line(),
        context=context,
        alt=f"Table of symbols for {words.plural(len(row_of), 'indicator')} in {words.plural(len(names), 'area')}, "
        f"{context.period_label}, against {context.comparator}. {finding}. {_counts(shown)}.",
        spec=finish(spec, ROW_STEP * (len(rows) + above), context.illustrative),
        twin=lambda: _table(shown, indicators, context.comparator),
        notes=_notes(shown, context.comparator),
    )


def narrow(values: pd.DataFrame, indicators: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """The same as a table for a phone: an indicator a row, an area a column, '▲ 61.2%' in each cell."""
    found = values.set_index(["indicator", "area"])
    cells: dict[str, list[str]] = {"Indicator": []}
    for about in by_code(indicators).values():
        cells["Indicator"].append(f"{text_or_blank(about['outcome'])} {about['short_title']}".strip())
        for area in areas["area"]:
            row = found.loc[(about["code"], area)]
            value = words.number(number_or_none(row["value"]), str(about["unit"]), text_or_blank(row["symbol"]))
            plain = row["relation"] == SAME or pd.isna(row["value"])
            cells.setdefault(str(area), []).append(value if plain else f"{GLYPHS[row['judged']]} {value}")
    return pd.DataFrame(cells)


def _kind(row: dict[Any, Any]) -> str:
    if pd.isna(row["value"]):
        return ""
    return REFERENCE if row["relation"] == SAME else str(row["judged"])


def _bands(rows: list[dict[str, Any]], y: Spec) -> list[Spec]:
    """A thin line between indicators, so that an eye keeps to its row."""
    below = [{"row": row["row"] + 0.5} for row in rows]
    mark: Spec = {"type": "rule", "color": BAND, "strokeWidth": 1, "x": 0, "x2": expr("width")}
    return [{"data": {"values": below}, "mark": mark, "encoding": {"y": y}}]


def _cells(shown: pd.DataFrame, indicators: pd.DataFrame, names: list[str], y: Spec) -> list[Spec]:
    known, listed = by_code(indicators), shown.to_dict("records")
    units = [str(known[code]["unit"]) for code in shown["indicator"]]
    titles = [known[code]["short_title"] for code in shown["indicator"]]
    cells = pd.DataFrame(
        {
            "row": shown["row"],
            "c": shown["c"],
            "kind": [_kind(row) for row in listed],
            "title": titles,
            "area": shown["area"],
            "said": [
                words.number(number_or_none(row["value"]), unit, text_or_blank(row["symbol"]))
                for row, unit in zip(listed, units, strict=True)
            ],
            "interval": [
                words.interval(row["lower"], row["upper"], unit) for row, unit in zip(listed, units, strict=True)
            ],
            "apart": [difference_words(row, unit) for row, unit in zip(listed, units, strict=True)],
            "judged": [clear_words(row) if pd.notna(row["value"]) else sentences.missing_words(row) for row in listed],
            "reporting": [
                sentences.coverage_mark(row, known[code]) for row, code in zip(listed, shown["indicator"], strict=True)
            ],
        }
    )
    x: Spec = {"field": "x", "type": "quantitative", "scale": None}
    kinds = [kind for kind in SHAPES if kind in set(cells["kind"])]
    shape = {"domain": kinds, "range": [SHAPES[kind] for kind in kinds]}
    colour = {"domain": kinds, "range": [COLOURS[kind] for kind in kinds]}
    legend: Spec = {"title": None, "columns": expr(by_width(2, 5))}
    fields = {"title": "Indicator", "area": "Area", "said": "Value", "interval": "95% interval"}
    fields |= {"apart": "Difference", "judged": "Clear?", "reporting": "Coverage"}
    tooltip: list[Spec] = [{"field": f, "type": "nominal", "title": t} for f, t in fields.items()]
    middle = f"{LABEL_WIDTH} + (datum.c + 0.5) * column"
    value: Spec = {"type": "text", "baseline": "middle", "color": TEXT, "fontSize": 13}
    marks: Spec = {
        "transform": [{"filter": "datum.kind"}, {"calculate": f"{middle} - (roomy ? 32 : 0)", "as": "x"}],
        "mark": {"type": "point", "filled": True, "opacity": 1, "size": 110, "strokeWidth": 0},
        "encoding": {
            "x": x,
            "y": y,
            "shape": {"field": "kind", "type": "nominal", "scale": shape, "legend": legend},
            "color": {"field": "kind", "type": "nominal", "scale": colour, "legend": legend},
            "tooltip": tooltip,
        },
    }
    # A missing value's symbol stands where the mark would be, however narrow the column is.
    figures: Spec = {
        "transform": [
            {"filter": "roomy || !datum.kind"},
            {"calculate": f"{middle} + (roomy && datum.kind ? 30 : 0)", "as": "x"},
        ],
        "mark": value | {"align": expr("datum.kind ? 'right' : 'center'")},
        "encoding": {"x": x, "y": y, "text": {"field": "said", "type": "nominal"}, "tooltip": tooltip},
    }
    # A scale of nothing cannot be drawn.
    return [{"data": {"values": records(cells)}, "layer": [marks, figures] if kinds else [figures]}]


def _heads(areas: pd.DataFrame, room: int) -> list[Spec]:
    """Names above the columns, wrapped, their last lines side by side; short ones where columns are narrow."""
    rows: list[dict[str, Any]] = []
    for number, (area, short) in enumerate(zip(areas["area"], areas["short"], strict=True)):
        lines = wrap(area, HEAD_CHARACTERS)
        rows.append({"c": number, "text": lines, "n": len(lines), "short": short})
    mark: Spec = {"type": "text", "align": "center", "baseline": "line-top", "color": TEXT, "fontWeight": 600}
    return [
        {
            "data": {"values": rows},
            "transform": [
                {"calculate": f"{LABEL_WIDTH} + (datum.c + 0.5) * column", "as": "x"},
                {"calculate": f"{room - 4} - (roomy ? datum.n : 1) * {HEAD_LINE}", "as": "y"},
                {"calculate": "roomy ? datum.text : datum.short", "as": "name"},
            ],
            "mark": mark | {"fontSize": 13, "lineHeight": HEAD_LINE},
            "encoding": {
                "x": {"field": "x", "type": "quantitative", "scale": None},
                "y": {"field": "y", "type": "quantitative", "scale": None},
                "text": {"field": "name", "type": "nominal"},
            },
        }
    ]


def _compared(shown: pd.DataFrame) -> pd.DataFrame:
    return shown[(shown["relation"] != SAME) & (shown["judged"] != "Not compared")]


def _counts(shown: pd.DataFrame) -> str:
    counts = _compared(shown)["judged"].value_counts()
    parts = [f"{count} {str(word).lower()}" for word, count in counts.items()]
    return f"Cells: {words.joined(parts)}" if parts else "No cell can be compared"


def _finding(shown: pd.DataFrame, names: list[str], name: str) -> str:
    """Which area differs most from the reference, by the number of indicators with a clear difference."""
    compared = _compared(shown)
    if compared.empty:
        return headline(f"Nothing can be set against {name} here", "Nothing can be set against the reference here")
    count = compared.groupby("area")["clear"].agg(["sum", "size"]).reindex(names).dropna()
    most = int(count["sum"].max())
    if not most:
        return headline(f"No clear difference from {name}", "No clear difference from the reference")
    total = f"{int(compared['clear'].sum())} of {len(compared)} differences"
    first = count[count["sum"] == most]
    if len(first) > 1 or len(count) == 1:
        return headline(f"{total} from {name} are clear", f"{total} are clear")
    said = f"{first.index[0]} differs most"
    many = f"{most} of {words.plural(int(first['size'].iloc[0]), 'indicator')}"
    return headline(f"{said} from {name}: {many}", f"{said}: {many}", f"{total} are clear")


def _table(shown: pd.DataFrame, indicators: pd.DataFrame, name: str) -> pd.DataFrame:
    known, rows = by_code(indicators), []
    for row in shown.to_dict("records"):
        about = known[row["indicator"]]
        unit = str(about["unit"])
        rows.append(
            {
                "Indicator": about["short_title"],
                "Area": row["area"],
                "Value": words.number(number_or_none(row["value"]), unit, text_or_blank(row["symbol"])),
                "95% interval": words.interval(number_or_none(row["lower"]), number_or_none(row["upper"]), unit),
                f"Difference from {name} (95% interval)": difference_words(row, unit),
                "Is it clear?": clear_words(row) if pd.notna(row["value"]) else sentences.missing_words(row),
                "Place in its level": place_words(row),
                "Status": words.status_text(row["status"], text_or_blank(row["reason"])),
                "Coverage": sentences.coverage_mark(row, about),
                "Value (number)": _rounded(row["value"]),
                "Difference (number)": _rounded(row["gap"]),
            }
        )
    return pd.DataFrame(rows)


def _rounded(value: float) -> float:
    return round(float(value), 4)


def _notes(shown: pd.DataFrame, name: str) -> str:
    compared = _compared(shown)
    parts = [sentences.difference_rules(list(compared["relation"]), name), chance.differences(len(compared))]
    for symbol in sorted({text_or_blank(symbol) for symbol in shown.loc[shown["value"].isna(), "symbol"]} - {""}):
        parts.append(f"{symbol}: {sentences.MISSING.get(symbol, 'no figure')}.")
    return " ".join(part for part in parts if part)
