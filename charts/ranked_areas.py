"""A few areas of any level in order, each with its interval, against one of them or England."""

from textwrap import wrap
from typing import Any, Final

import pandas as pd

from charts import chance
from charts.differences import (
    COLOURS,
    REFERENCE,
    SHAPES,
    clear_words,
    difference_words,
    gap_words,
    place_words,
    value_words,
)
from charts.figure import Context, Figure, Record, Spec, headline, number_or_none, records, slugify, text_or_blank
from charts.labels import AXIS_FORMATS, along_value, nice_domain
from charts.rows import by_width, expr, row_y
from charts.tables import coverage_marks, low_note
from charts.theme import MUTED, TEXT, finish
from measures import sentences, words
from measures.comparison import rank
from measures.differences import SAME

STEP: Final = 40
HEAD_ROWS: Final = 1  # above the first area, for the name of the reference's line
LABEL_WIDTH = by_width(118, 160)
VALUE_WIDTH = by_width(84, 110)
LABEL_CHARACTERS: Final = 18  # of a line of a label


def ranked_areas(
    values: pd.DataFrame, indicator: Record, context: Context, *, reference: Record | None, name: str
) -> Figure:
    """Dot plot of areas, best first: marks say how each stands to the reference, whose value is a line.

    values     values frame of one indicator and period, one row an area in the order chosen, with rank, ranked and tied
               (its place in its level), and relation, gap, gap_lower, gap_upper, clear, judged
               (measures.differences.difference from the reference)
    reference  the reference's row of the same, None where it has none; name: what the reference is called
    """
    unit, rows = str(indicator["unit"]), in_order(values, indicator)
    known = rows.dropna(subset=["value"])
    finding = _finding(known, name)
    title = words.inline(str(indicator["short_title"]))
    return Figure(
        slug=slugify(str(indicator["short_title"]), *list(values["area"])[:3], context.period_label),
        headline=finding,
        subtitle=context.subtitle(str(indicator["title"])),
        source=context.source_line(),
        context=context,
        alt=f"Dot plot of {words.plural(len(known), 'area')} in order on {title}. {finding}. {_said(rows, unit)}",
        spec=finish(
            {"layer": _layers(known, indicator, reference)}, STEP * (len(known) + HEAD_ROWS), context.illustrative
        ),
        twin=lambda: table(rows, indicator, name),
        notes=_notes(rows, indicator, name),
    )


def in_order(values: pd.DataFrame, indicator: Record) -> pd.DataFrame:
    """The rows, best first, with place (1 is best; NaN without a value) and shared (whether another has the same)."""
    rows = values.assign(place=rank(values["value"], indicator["better"]))
    rows = rows.sort_values("place", kind="stable", ignore_index=True)
    return rows.assign(shared=rows["place"].notna() & rows.duplicated("place", keep=False))


def table(rows: pd.DataFrame, indicator: Record, name: str) -> pd.DataFrame:
    """The ranked table: words for people, `(number)` columns for a spreadsheet; rows as ranked_areas orders them."""
    return people(rows, indicator, name).assign(
        **{
            "Value (number)": rows["value"].round(4),
            "Lower 95%": rows["lower"].round(4),
            "Upper 95%": rows["upper"].round(4),
            "Difference (number)": rows["gap"].round(4),
            "Difference, lower 95%": rows["gap_lower"].round(4),
            "Difference, upper 95%": rows["gap_upper"].round(4),
        }
    )


def people(rows: pd.DataFrame, indicator: Record, name: str) -> pd.DataFrame:
    """The columns of the ranked table that are in words."""
    unit, listed = str(indicator["unit"]), rows.to_dict("records")
    return pd.DataFrame(
        {
            "Rank": [_rank(row) for row in listed],
            "Area": [row["area"] for row in listed],
            "Value (95% interval)": [value_words(row, unit) for row in listed],
            f"Difference from {name} (95% interval)": [difference_words(row, unit) for row in listed],
            "Is it clear?": [clear_words(row) for row in listed],
            "Place in its level": [place_words(row) for row in listed],
            "Status": [words.status_text(row["status"], text_or_blank(row["reason"])) for row in listed],
            "Coverage": [sentences.coverage_mark(row, indicator) for row in listed],
        }
    )


def _rank(row: dict[Any, Any]) -> str:
    return "–" if pd.isna(row["place"]) else f"{row['place']:.0f}{'=' if row['shared'] else ''}"


def _layers(known: pd.DataFrame, indicator: Record, reference: Record | None) -> list[Spec]:
    unit = str(indicator["unit"])
    mark = None if reference is None else number_or_none(reference["value"])
    domain = nice_domain([*known["value"], *known["lower"], *known["upper"], *([] if mark is None else [mark])], unit)
    count = len(known) + HEAD_ROWS
    y = row_y(count)
    x = along_value(domain, AXIS_FORMATS[unit], LABEL_WIDTH, f"{VALUE_WIDTH} - 12")
    layers = [] if mark is None or reference is None else _line(mark, str(reference["area"]), unit, domain, x, y, count)
    return [*layers, *_areas(known, indicator, x, y), *_labels(known, y)]


def _line(at: float, name: str, unit: str, domain: tuple[float, float], x: Spec, y: Spec, count: int) -> list[Spec]:
    """The reference as a vertical line, named above the first area."""
    left = at - domain[0] > 0.5 * (domain[1] - domain[0])
    text: Spec = {"type": "text", "align": "right" if left else "left", "dx": -6 if left else 6, "color": MUTED}
    text |= {"fontWeight": 600, "fontSize": expr(by_width(12, 14)), "baseline": "middle"}
    row = {"value": at, "row": 0, "above": -0.4, "below": count - 0.5, "text": f"{name} {words.number(at, unit)}"}
    rule: Spec = {"type": "rule", "color": MUTED, "strokeWidth": 1.5}
    return [
        {
            "data": {"values": [row]},
            "layer": [
                {"mark": rule, "encoding": {"x": x, "y": {**y, "field": "above"}, "y2": {"field": "below"}}},
                {"mark": text, "encoding": {"x": x, "y": y, "text": {"field": "text", "type": "nominal"}}},
            ],
        }
    ]


def _areas(known: pd.DataFrame, indicator: Record, x: Spec, y: Spec) -> list[Spec]:
    unit, listed = str(indicator["unit"]), known.to_dict("records")
    rows = known[["area", "value", "lower", "upper"]].assign(
        row=range(HEAD_ROWS, len(known) + HEAD_ROWS),
        said=[words.number(value, unit) for value in known["value"]],
        interval=[words.interval(low, high, unit) for low, high in zip(known["lower"], known["upper"], strict=True)],
        apart=[difference_words(row, unit) for row in listed],
        short=["reference" if row["relation"] == SAME else gap_words(row, unit) for row in listed],
        kind=[REFERENCE if row["relation"] == SAME else row["judged"] for row in listed],
        judged=[clear_words(row) for row in listed],
        status=[words.status_text(row["status"], text_or_blank(row["reason"]))[2:] for row in listed],
        reporting=coverage_marks(known, indicator),
    )
    kinds = [kind for kind in SHAPES if kind in set(rows["kind"])]
    shape = {"domain": kinds, "range": [SHAPES[kind] for kind in kinds]}
    colour = {"domain": kinds, "range": [COLOURS[kind] for kind in kinds]}
    legend: Spec = {"title": None, "columns": expr(by_width(2, 4))}
    # A scale of nothing cannot be drawn.
    marked: Spec = (
        {}
        if not kinds
        else {
            "shape": {"field": "kind", "type": "nominal", "scale": shape, "legend": legend},
            "color": {"field": "kind", "type": "nominal", "scale": colour, "legend": legend},
        }
    )
    titles = {"area": "Area", "said": "Value", "interval": "95% interval", "apart": "Difference", "judged": "Clear?"}
    titles |= {"status": "Status", "reporting": "Coverage"}
    text: Spec = {"type": "text", "align": "right", "baseline": "middle", "x": expr("width")}
    size = {"fontSize": expr(by_width(12, 14))}
    return [
        {
            "data": {"values": records(rows)},
            "layer": [
                {
                    "transform": [{"filter": "isValid(datum.lower) && isValid(datum.upper)"}],
                    "mark": {"type": "rule", "strokeWidth": 2.5, "color": MUTED},
                    "encoding": {"y": y, "x": {**x, "field": "lower"}, "x2": {"field": "upper"}},
                },
                {
                    "mark": {"type": "point", "filled": True, "opacity": 1, "size": 130, "strokeWidth": 0},
                    "encoding": {
                        "y": y,
                        "x": x,
                        **marked,
                        "tooltip": [{"field": f, "type": "nominal", "title": t} for f, t in titles.items()],
                    },
                },
                {
                    "mark": text | size | {"color": TEXT, "fontWeight": 600, "dy": -8},
                    "encoding": {"y": y, "text": {"field": "said", "type": "nominal"}},
                },
                {
                    "mark": text | size | {"color": MUTED, "dy": 8},
                    "encoding": {"y": y, "text": {"field": "short", "type": "nominal"}},
                },
            ],
        }
    ]


def _labels(known: pd.DataFrame, y: Spec) -> list[Spec]:
    """Names at the left, wrapped to two lines where they are long."""
    layers: list[Spec] = []
    names = [wrap(area, LABEL_CHARACTERS) for area in known["area"]]
    for count in sorted({len(lines) for lines in names}):
        values = [{"row": row + HEAD_ROWS, "text": lines} for row, lines in enumerate(names) if len(lines) == count]
        mark: Spec = {"type": "text", "align": "left", "baseline": "middle", "x": 0, "color": TEXT, "lineHeight": 15}
        mark |= {"fontSize": expr(by_width(12, 14)), "dy": -7.5 * (count - 1)}
        encoding = {"y": y, "text": {"field": "text", "type": "nominal"}}
        layers.append({"data": {"values": values}, "mark": mark, "encoding": encoding})
    return layers


def _finding(known: pd.DataFrame, name: str) -> str:
    others = known[known["relation"] != SAME]
    compared = others[others["judged"] != "Not compared"]
    if known.empty:
        return "No area has a value to show"
    if compared.empty:
        return headline(f"No area can be set against {name}", "No area can be set against the reference")
    apart = compared[compared["clear"]]
    if apart.empty:
        return headline(f"No area clearly differs from {name}", "No area clearly differs from the reference")
    above, below = int((apart["gap"] > 0).sum()), int((apart["gap"] < 0).sum())
    both = f"{above} clearly above and {below} clearly below {name}"
    one = f"{above or below} of {len(compared)} clearly {'above' if above else 'below'} {name}"
    return headline(
        both if above and below else one,
        f"{len(apart)} of {len(compared)} clearly differ from {name}",
        f"{len(apart)} of {len(compared)} clearly differ from the reference",
    )


def _said(rows: pd.DataFrame, unit: str) -> str:
    """'1 Camden 61.2%, reference; 2 London 58.0%, 3.2 below, clear: worse.' for the alt text."""
    parts = []
    for row in rows.to_dict("records"):
        value = number_or_none(row["value"])
        if value is None:
            parts.append(f"{row['area']}: {sentences.missing_words(row)}")
            continue
        said = f"{row['area']} {words.number(value, unit)}"
        more = "reference" if row["relation"] == SAME else f"{gap_words(row, unit)}, {clear_words(row).lower()}"
        parts.append(f"{said}, {more}")
    return f"{'; '.join(parts)}." if parts else ""


def _notes(rows: pd.DataFrame, indicator: Record, name: str) -> str:
    others = rows[(rows["relation"] != SAME) & (rows["judged"] != "Not compared")]
    parts = ["Differences in percentage points."] if indicator["unit"] == "percent" and len(others) else []
    parts += ["Bars show 95% intervals."] if rows["lower"].notna().any() else []
    if len(others):
        parts.append(sentences.difference_rules(list(others["relation"]), name))
        parts.append(chance.differences(len(others)))
    parts += [low] if (low := low_note(rows.dropna(subset=["value"]), indicator, "area")) else []
    missing = rows[rows["value"].isna()]
    why = [value_words(row, "") for row in missing.to_dict("records")]
    alike = missing.assign(why=why).groupby("why", sort=False)["area"]
    named = [f"{words.joined(list(areas))} ({said})" for said, areas in alike]
    parts += [f"No value: {'; '.join(named)}."] if named else []
    return " ".join(parts)
