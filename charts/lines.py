"""Several series over time on one scale: areas, staff groups, or indicators of one unit."""

from collections.abc import Sequence
from textwrap import wrap
from typing import Any, Final

import pandas as pd

from charts.figure import Context, Figure, Spec, headline, records, slugify
from charts.labels import apart, by_period, by_value, end_labels, nice_domain, period_order, period_span
from charts.rows import by_width, expr
from charts.tables import by_code, twin
from charts.theme import FOCUS, HALO, OTHERS_EDGE, SERIES, finish
from measures import sentences, words

MOST: Final = 8  # lines: of more, no eye keeps them apart
HEIGHT, FEW_HEIGHT, FEW = 420, 320, 4  # pixels of plot; of that of so few lines
LABEL_ROOM = by_width(146, 200)  # pixels right of the last period, for the names of the lines
CHARACTERS: Final = 20  # of a line of a name
# Each series differs from the others in shape and dash, too: colours alone are lost in greyscale.
SHAPES: Final = ("circle", "square", "diamond", "triangle-up")
DASHES: Final[tuple[list[int], ...]] = ([], [8, 4])
BETWEEN: Final = 15  # pixels between the middles of two values written at one period
WHISKERS: Final = 3  # series with intervals drawn; those of more would hide each other


def over_time(
    values: pd.DataFrame,
    series: Sequence[str],
    indicators: pd.DataFrame,
    context: Context,
    *,
    measure: str,
    focus: Sequence[str] = (),
    numbers: bool = False,
    from_zero: bool = False,
) -> Figure:
    """A line for each series with its name at the end; a period without a value breaks it.

    values      values frame, all periods, of indicators of one unit, with `series`, the name of each row's line
    series      the names in the order to show, MOST at most
    indicators  the definitions of the indicators in values
    measure     what all lines show, for the subtitle
    focus       series to stress; the others are grey then
    numbers     write each value beside its point
    from_zero   the scale begins at zero
    """
    unit = str(indicators["unit"].iloc[0])
    values = values[values["series"].isin(list(series))].sort_values("period_position")
    periods = period_order(values)
    whiskers = len(series) <= WHISKERS
    height = FEW_HEIGHT if len(series) <= FEW else HEIGHT
    drawn = [*values["value"], *([*values["lower"], *values["upper"]] if whiskers else []), *([0] if from_zero else [])]
    domain = nice_domain(drawn, unit)
    x = by_period(periods, LABEL_ROOM)
    y = by_value(domain, unit)
    layers: list[Spec] = []
    labels: list[tuple[float, list[str], str, int]] = []
    for number, name in enumerate(series):
        own, look = values[values["series"] == name], _look(number, name, focus)
        layers += _line(own, by_code(indicators), unit, x, y, look, periods, whiskers)
        known = own.dropna(subset=["value"])
        if len(known):
            last = float(known["value"].iloc[-1])
            text = wrap(f"{name} {words.number(last, unit)}", CHARACTERS)
            labels.append((last, text, look["colour"], look["weight"]))
    layers += _numbers(values, series, focus, unit, x, y, domain, height) if numbers else []
    layers += end_labels(labels, y, domain, height, LABEL_ROOM)
    finding = _finding(values, series, unit)
    return Figure(
        slug=slugify(*list(indicators["short_title"])[:2], context.place, "over time"),
        headline=finding,
        subtitle=context.subtitle(measure, period_span(periods)),
        source=context.source_line(),
        context=context,
        alt=f"Line chart of {words.plural(len(series), 'series', 'series')} by period: {words.joined(list(series))}. "
        f"{finding}. {_said(values, series, unit)}",
        spec=finish({"layer": layers}, height, context.illustrative),
        twin=lambda: _table(values, series, indicators),
        notes=_notes(values, whiskers),
    )


def _look(number: int, name: str, focus: Sequence[str]) -> dict[str, Any]:
    """Colour, width, dash and shape of a line, and the weight of its name."""
    shape, dash = SHAPES[number % len(SHAPES)], DASHES[number // len(SHAPES) % len(DASHES)]
    if focus:
        stressed = name in focus
        colour = FOCUS if stressed else OTHERS_EDGE
        return {
            "colour": colour,
            "width": 3 if stressed else 1.5,
            "dash": dash,
            "shape": shape,
            "weight": 700 if stressed else 400,
        }
    colour = SERIES[number % len(SERIES)]
    return {"colour": colour, "width": 2.5, "dash": dash, "shape": shape, "weight": 600}


def _line(
    own: pd.DataFrame,
    known: dict[str, Any],
    unit: str,
    x: Spec,
    y: Spec,
    look: dict[str, Any],
    periods: list[str],
    whiskers: bool,
) -> list[Spec]:
    """Line, whiskers and points; `part` numbers the runs between gaps, which no line crosses."""
    own = own.dropna(subset=["value"])
    place = own["period"].map({period: index for index, period in enumerate(periods)}).astype(float)
    shown = own[["series", "period", "value", "lower", "upper"]].assign(
        part=(place.diff() != 1).cumsum(),
        said=[words.number(value, unit) for value in own["value"]],
        interval=[words.interval(low, high, unit) for low, high in zip(own["lower"], own["upper"], strict=True)],
        reporting=[sentences.coverage_mark(row, known[row["indicator"]]) for row in own.to_dict("records")],
    )
    rows, colour = records(shown), look["colour"]
    dash = {"strokeDash": look["dash"]} if look["dash"] else {}
    titles = {"series": "Series", "period": "Period", "said": "Value", "interval": "95% interval"}
    titles |= {"reporting": "Coverage"}
    layers: list[Spec] = [
        {
            "mark": {"type": "line", "color": colour, "strokeWidth": look["width"], **dash},
            "encoding": {"x": x, "y": y, "detail": {"field": "part", "type": "nominal"}},
        },
        {
            "mark": {"type": "point", "filled": True, "shape": look["shape"], "size": 80, "color": colour},
            "encoding": {
                "x": x,
                "y": y,
                "tooltip": [{"field": field, "type": "nominal", "title": title} for field, title in titles.items()],
            },
        },
    ]
    if whiskers and any("lower" in row for row in rows):
        layers.insert(
            1,
            {
                "transform": [{"filter": "isValid(datum.lower) && isValid(datum.upper)"}],
                "mark": {"type": "rule", "color": colour, "strokeWidth": 1.5},
                "encoding": {"x": x, "y": {**y, "field": "lower"}, "y2": {"field": "upper"}},
            },
        )
    return [{"data": {"values": rows}, "layer": layers}] if rows else []


def _numbers(
    values: pd.DataFrame,
    series: Sequence[str],
    focus: Sequence[str],
    unit: str,
    x: Spec,
    y: Spec,
    domain: tuple[float, float],
    height: int,
) -> list[Spec]:
    """The values right of their points, apart from each other; not the last of a line, which its name says."""
    pixel = (domain[1] - domain[0]) / height
    known = values.dropna(subset=["value"])
    ends = known.groupby("series")["period_position"].transform("max")
    layers: list[Spec] = []
    for _, rows in known[known["period_position"] < ends].groupby("period"):
        places = apart(list(rows["value"]), BETWEEN * pixel, domain[0] + 8 * pixel, domain[1] - 8 * pixel)
        for row, at in zip(rows.to_dict("records"), places, strict=True):
            colour = _look(list(series).index(row["series"]), row["series"], focus)["colour"]
            mark: Spec = {"type": "text", "align": "left", "dx": 9, "baseline": "middle", "color": colour}
            mark |= {"fontSize": expr(by_width(12, 13)), "fontWeight": 600}
            data = {"values": [{"period": row["period"], "value": at, "text": words.number(row["value"], unit)}]}
            encoding = {"x": x, "y": y, "text": {"field": "text", "type": "nominal"}}
            layers += [{"data": data, "mark": mark | look, "encoding": encoding} for look in (HALO, {})]
    return layers


def _changes(values: pd.DataFrame, series: Sequence[str]) -> pd.DataFrame:
    """Of each series with two values: name, since (its first period), change to its last value, clear.

    Clear: both have intervals, and these do not overlap.
    """
    found = []
    for name in series:
        known = values[values["series"] == name].dropna(subset=["value"])
        if len(known) > 1:
            first, last = known.iloc[0], known.iloc[-1]
            clear = bool(first["lower"] > last["upper"] or last["lower"] > first["upper"])  # never without intervals
            found.append((name, str(first["period"]), float(last["value"] - first["value"]), clear))
    return pd.DataFrame(found, columns=["name", "since", "change", "clear"])


def _finding(values: pd.DataFrame, series: Sequence[str], unit: str) -> str:
    """Which line moved most of those that moved clearly."""
    changes = _changes(values, series)
    if changes.empty:
        return "No line has figures for two periods"
    clear = changes[changes["clear"]]
    if clear.empty:
        return headline(f"No clear change since {changes['since'].iloc[0]}")
    most = clear.iloc[int(clear["change"].abs().argmax())]
    moved = f"{'up' if most['change'] > 0 else 'down'} {words.difference(most['change'], unit)}"
    name, since = most["name"], most["since"]
    only = len(changes) == 1
    return headline(
        f"{name} {moved} since {since}" if only else f"{name} moved most: {moved} since {since}",
        f"{name} {moved}" if only else f"{name} moved most: {moved}",
        f"The widest clear move is {moved}",
    )


def _said(values: pd.DataFrame, series: Sequence[str], unit: str) -> str:
    """'Camden 61.2% in 2011/12; …', the latest value of each line."""
    parts = []
    for name in series:
        known = values[values["series"] == name].dropna(subset=["value"])
        last = None if known.empty else known.iloc[-1]
        parts.append(
            f"{name}: no value" if last is None else f"{name} {words.number(last['value'], unit)} in {last['period']}"
        )
    return f"{'; '.join(parts)}."


def _table(values: pd.DataFrame, series: Sequence[str], indicators: pd.DataFrame) -> pd.DataFrame:
    place = {name: number for number, name in enumerate(series)}
    rows = values.assign(_at=values["series"].map(place)).sort_values(["_at", "period_position"], kind="stable")
    table = twin(rows, indicators, ["Indicator", "Area", "Period"])
    table.insert(0, "Series", rows["series"].to_list())
    return table


def _notes(values: pd.DataFrame, whiskers: bool) -> str:
    parts = []
    if values["lower"].notna().any():
        parts.append("Bars show 95% intervals." if whiskers else "95% intervals are in the table.")
    missing = values[values["value"].isna()]
    for symbol, rows in missing.groupby(missing["symbol"].fillna("")):
        named = [f"{name} {period}" for name, period in zip(rows["series"], rows["period"], strict=True)]
        listed = words.joined(named) if len(named) <= 4 else words.plural(len(named), "figure")
        parts.append(f"{symbol or '–'}: {sentences.MISSING.get(str(symbol), 'no figure')} ({listed}).")
    return " ".join(parts)
