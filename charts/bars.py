"""Bars of areas, and bars or dots of areas in several series: staff groups, or indicators of one unit."""

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from charts.dots import LABEL_WIDTH, VALUE_WIDTH, found, in_order, references
from charts.figure import Context, Figure, Record, Spec, headline, number_or_none, records, slugify, text_or_blank
from charts.labels import AXIS_FORMATS, along_value, nice_domain
from charts.rows import by_width, expr, label_layers, row_y
from charts.tables import by_code, in_focus, low_note, missing_note, twin
from charts.theme import FOCUS, MUTED, OTHERS, OTHERS_EDGE, PALEST, SEQUENTIAL, TEXT, finish
from measures import sentences, words

MOST_SERIES: Final = 4
# From dark to pale, so that they stay apart in greyscale; each with an edge that lifts a pale one off the paper.
FILLS: Final = (*SEQUENTIAL, PALEST)
SHAPES: Final = ("circle", "square", "diamond", "triangle-up")
TOP_ROWS: Final = 1  # rows above the first area, for the label of England
GAP: Final = 0.6  # of a row, between areas that have several
STEP, THIN, MANY = 28, 20, 30  # pixels of a row; of one where there are MANY


def bars(
    values: pd.DataFrame,
    series: Sequence[str],
    indicators: pd.DataFrame,
    context: Context,
    *,
    measure: str,
    england: Record | None = None,
    stressed: Sequence[str] = (),
    order: str = "best",
    numbers: bool = True,
    from_zero: bool = True,
    dots: bool = False,
) -> Figure:
    """A row for each area, or one for each of its series, with 95% intervals.

    values      values frame of one period, indicators of one unit, with `series`, the name of each row's series
    series      the names in the order to show, MOST_SERIES at most; the first one orders the areas
    indicators  the definitions of the indicators in values; measure: what all show, for the subtitle
    england     England's row, whose value is a line; only of one series
    stressed    area_codes of the areas to stress; order: one of charts.dots.ORDERS
    numbers     write each value at the right
    from_zero   the scale begins at zero; dots: dots in place of bars, on a scale that need not
    """
    unit = str(indicators["unit"].iloc[0])
    first = values[values["series"] == series[0]].set_index("area_code", drop=False)
    best = first.dropna(subset=["value"]).sort_values("value", ascending=indicators["better"].iloc[0] == "lower")
    areas = in_order(best, first, order)
    rest = values[~values["area_code"].isin(areas["area_code"])].dropna(subset=["value"])  # not of the first series
    codes = [*areas["area_code"], *dict.fromkeys(rest["area_code"])]
    shown = values[values["area_code"].isin(codes) & values["series"].isin(list(series))].dropna(subset=["value"])
    national = None if england is None else number_or_none(england["value"])
    looks = (stressed, numbers, from_zero and not dots, dots)
    spec, step_rows = _spec(shown, codes, series, by_code(indicators), unit, national, *looks)
    step = THIN if step_rows > MANY or len(series) > 1 else STEP
    about = indicators.iloc[0]
    finding = (
        found(best.reset_index(drop=True), about, stressed[0] if stressed else None)
        if len(series) == 1
        else _widest(shown, series, unit)
    )
    kind = "Dot plot" if dots else "Bar chart"
    return Figure(
        slug=slugify(
            *list(indicators["short_title"])[:2],
            context.place,
            context.period_label,
            "dots" if dots else "bars",
        ),
        headline=finding,
        subtitle=context.subtitle(measure),
        source=context.source_line(),
        context=context,
        alt=f"{kind} of {words.plural(len(codes), 'area')}"
        + (f", {words.joined(list(series))}" if len(series) > 1 else f" on {measure}")
        + f". {finding}."
        + (in_focus(first, about, england, stressed[0] if stressed else None) if len(series) == 1 else ""),
        spec=finish(spec, round(step_rows * step), context.illustrative),
        twin=lambda: _table(values, codes, series, indicators),
        notes=_notes(values, series, indicators),
    )


def _spec(
    shown: pd.DataFrame,
    codes: Sequence[str],
    series: Sequence[str],
    known: dict[str, Any],
    unit: str,
    national: float | None,
    stressed: Sequence[str],
    numbers: bool,
    from_zero: bool,
    dots: bool,
) -> tuple[Spec, float]:
    """The drawing and how many rows high it is."""
    block = len(series) + (GAP if len(series) > 1 else 0)
    top = TOP_ROWS if national is not None else 0
    count = max(1.0, top + block * len(codes) - (GAP if len(series) > 1 else 0))
    domain = scale_of(shown, national, unit, from_zero)
    base = begin(domain)
    y = row_y(count)
    x = along_value(domain, AXIS_FORMATS[unit], LABEL_WIDTH, f"{VALUE_WIDTH} - 8", top=count > MANY)
    place = {code: top + block * number for number, code in enumerate(codes)}
    order = {name: number for number, name in enumerate(series)}
    row = shown["area_code"].map(place).astype(float) + shown["series"].map(order).astype(float)
    rows = shown[["area_code", "area", "series", "value", "lower", "upper"]].assign(
        row=row,
        above=row - (0.4 if len(series) > 1 else 0.32),
        below=row + (0.4 if len(series) > 1 else 0.32),
        base=base,
        said=[words.number(value, unit) for value in shown["value"]],
        interval=[words.interval(low, high, unit) for low, high in zip(shown["lower"], shown["upper"], strict=True)],
        reporting=[sentences.coverage_mark(each, known[each["indicator"]]) for each in shown.to_dict("records")],
        fill=_fills(shown, series, stressed),
    )
    names = shown.drop_duplicates("area_code").set_index("area_code")["area"]
    labels = [
        {"row": place[code] + (len(series) - 1) / 2, "text": names[code], "bold": code in stressed} for code in codes
    ]
    layers: list[Spec] = [{"data": {"values": records(rows)}, "layer": _marks(x, y, series, numbers, dots)}]
    if national is not None:
        layers += references(national, None, unit, x, y, count, domain)
    return {"layer": [*layers, *label_layers(labels, y, f"{LABEL_WIDTH} - 12")]}, count


def scale_of(shown: pd.DataFrame, national: float | None, unit: str, from_zero: bool) -> tuple[float, float]:
    """The ends of the scale for rows with a value and England's value."""
    present = [*shown["value"], *shown["lower"], *shown["upper"], *([national] if national is not None else [])]
    return nice_domain([*present, *([0.0] if from_zero else [])], unit)


def begin(domain: tuple[float, float]) -> float:
    """Where bars begin: at zero where the scale holds it, else at the end of the scale that is nearer to it."""
    return min(max(0.0, domain[0]), domain[1])


def _fills(shown: pd.DataFrame, series: Sequence[str], stressed: Sequence[str]) -> list[str]:
    """The colour of each row: of its series where there are several, else of areas stressed and others."""
    if len(series) > 1:
        return [FILLS[list(series).index(name)] for name in shown["series"]]
    return [FOCUS if code in stressed or not stressed else OTHERS for code in shown["area_code"]]


def _marks(x: Spec, y: Spec, series: Sequence[str], numbers: bool, dots: bool) -> list[Spec]:
    titles = {"area": "Area", "series": "Series", "said": "Value", "interval": "95% interval", "reporting": "Coverage"}
    tooltip = [{"field": field, "type": "nominal", "title": title} for field, title in titles.items()]
    several = len(series) > 1
    fills = list(FILLS[: len(series)])
    legend: Spec = {"title": None, "columns": expr(by_width(2, 4)), "symbolStrokeColor": OTHERS_EDGE}
    legend |= {"symbolStrokeWidth": 1} if dots else {"symbolStrokeWidth": 1, "symbolType": "square"}
    colour: Spec = {"field": "fill", "type": "nominal", "scale": None}
    if several:
        colour = {"field": "series", "type": "nominal", "legend": legend}
        colour |= {"scale": {"domain": list(series), "range": fills}}
    mark: Spec
    if dots:
        mark = {"type": "point", "filled": True, "opacity": 1, "size": expr(by_width(80, 110))}
        mark |= {"stroke": OTHERS_EDGE, "strokeWidth": 1}
        encoding: Spec = {"x": x, "y": y, "fill": colour, "tooltip": tooltip}
        if several:
            shapes = {"domain": list(series), "range": list(SHAPES[: len(series)])}
            encoding["shape"] = {"field": "series", "type": "nominal", "scale": shapes, "legend": legend}
    else:
        mark = {"type": "rect", "stroke": OTHERS_EDGE, "strokeWidth": 1 if several else 0}
        ends: Spec = {"y": {**y, "field": "above"}, "y2": {"field": "below"}}
        encoding = {"x": x, "x2": {"field": "base"}, **ends, "fill": colour, "tooltip": tooltip}
    whisker: Spec = {
        "transform": [{"filter": "isValid(datum.lower) && isValid(datum.upper)"}],
        "mark": {"type": "rule", "color": MUTED if dots else TEXT, "strokeWidth": 2 if dots else 1.25},
        "encoding": {"y": y, "x": {**x, "field": "lower"}, "x2": {"field": "upper"}},
    }
    marks = [whisker, {"mark": mark, "encoding": encoding}] if dots else [{"mark": mark, "encoding": encoding}, whisker]
    if not dots:
        # A dark whisker is lost in a dark bar: a light edge lifts it off.
        edge = {"type": "rule", "color": "#ffffff", "strokeWidth": 3.5}
        marks.insert(1, {**whisker, "mark": edge})
    if numbers:
        said: Spec = {"type": "text", "align": "right", "baseline": "middle", "x": expr("width"), "color": TEXT}
        said |= {"fontSize": expr(by_width(12, 14))}
        marks.append({"mark": said, "encoding": {"y": y, "text": {"field": "said", "type": "nominal"}}})
    return marks


def _widest(shown: pd.DataFrame, series: Sequence[str], unit: str) -> str:
    """Where the first two series lie furthest apart."""
    wide = shown.pivot_table("value", "area", "series", sort=False).reindex(columns=list(series[:2]))
    apart = (wide[series[0]] - wide[series[1]]).dropna()
    if apart.empty:
        return "No area has figures for two series"
    at = int(apart.abs().argmax())
    area = apart.index[at]
    if not apart.iloc[at]:
        return "The first two series are the same everywhere"
    size = words.difference(apart.iloc[at], unit)
    return headline(
        f"{series[0]} and {words.inline(series[1])} differ most in {area}: {size}",
        f"Widest difference in {area}: {size}",
        f"The widest difference is {size}",
    )


def _table(values: pd.DataFrame, codes: Sequence[str], series: Sequence[str], indicators: pd.DataFrame) -> pd.DataFrame:
    """Rows as drawn, then those without a value."""
    place = {code: number for number, code in enumerate(codes)}
    order = {name: number for number, name in enumerate(series)}
    rows = values.assign(
        _at=[place.get(code, len(place)) for code in values["area_code"]], _of=values["series"].map(order)
    ).sort_values(["_at", "area", "_of"], kind="stable")
    table = twin(rows, indicators, ["Area", "Indicator"])
    if len(series) > 1:
        table.insert(1, "Series", rows["series"].to_list())
    return table


def _notes(values: pd.DataFrame, series: Sequence[str], indicators: pd.DataFrame) -> str:
    known = values.dropna(subset=["value"])
    parts = ["Thin lines show 95% intervals."] if known["lower"].notna().any() else []
    if len(series) == 1:
        parts += [low] if (low := low_note(known, indicators.iloc[0], "area")) else []
        parts += [absent] if (absent := missing_note(values[values["value"].isna()], 10)) else []
        return " ".join(parts)
    missing = values[values["value"].isna()]
    for symbol in sorted({text_or_blank(symbol) for symbol in missing["symbol"]} - {""}):
        parts.append(f"{symbol}: {sentences.MISSING.get(symbol, 'no figure')}, marked in the table.")
    return " ".join(parts)
