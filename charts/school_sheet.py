"""One school beside its authority, the authority's schools of its phase, and England: a line an indicator."""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from charts.figure import Context, Figure, Record, Spec, headline, number_or_none, records, slugify, text_or_blank
from charts.marks import STATUS_SHAPES
from charts.rows import by_width, expr, grouped, label_layers, row_y
from charts.tables import by_code, twin
from charts.theme import FOCUS, MUTED, OTHERS_EDGE, SERIES, STATUS, TEXT, finish
from measures import sentences, words

STEP: Final = 28
LABEL_WIDTH: Final = by_width(140, 232)
TEXT_WIDTH: Final = by_width(78, 96)  # the school's value and its status mark
BENCHMARKS: Final = ("la", "phase", "england")


def sheet(
    own: pd.DataFrame,
    benchmarks: Mapping[str, tuple[str, pd.Series]],
    indicators: pd.DataFrame,
    context: Context,
    *,
    over_time: Mapping[str, str],
    trends: Mapping[str, str],
) -> Figure:
    """One row an indicator under priority headers, in their order.

    own         values frame of the school for one period, one row an indicator
    benchmarks  'la', 'phase' and 'england' → its name and its values by indicator
    indicators  indicator frame, grouped by priority; those without a row of the school are left out
    over_time   indicator → the school's values of every period, in words; trends likewise its trend marker

    Percentages share one scale; of a rate or £ the values are written out instead. What a school itself does or does
    not is said as Yes or No.
    """
    mine = {str(row["indicator"]): row for row in own.to_dict("records")}
    shown = indicators[indicators["code"].isin(mine)]
    rows = grouped(shown)
    row_of = {row["code"]: row["row"] for row in rows if "code" in row}
    places = _places(own, benchmarks, by_code(shown), row_of)
    y = row_y(max(1, len(rows)))
    x: Spec = {
        "field": "value",
        "type": "quantitative",
        "title": None,
        "scale": {
            "domain": [0, 100],
            "range": [expr(LABEL_WIDTH), expr(f"width - {TEXT_WIDTH}")],
            "nice": False,
            "zero": False,
        },
        "axis": {"values": [0, 50, 100], "labelExpr": "datum.label + '%'", "grid": True},
    }
    layers = [
        *_marks(places, x, y, benchmarks),
        *_texts(places, y),
        *label_layers(rows, y, f"{LABEL_WIDTH} - 10"),
    ]
    school = str(own["area"].iloc[0]) if len(own) else context.place
    finding = _finding(own, school)
    table = _table(own, benchmarks, shown, row_of, over_time, trends)
    return Figure(
        slug=slugify("school", school, context.period_label),
        headline=finding,
        subtitle=context.subtitle("Each indicator collected from schools"),
        source=context.source_line(),
        context=context,
        alt=f"Dot plot of {words.plural(len(row_of), 'indicator')} of {school}, {context.period_label}, beside "
        f"{words.joined([name for name, _ in benchmarks.values()])}. {finding}.{_furthest(own, shown)}",
        spec=finish(
            {"data": {"values": records(places)}, "layer": layers}, STEP * max(1, len(rows)), context.illustrative
        ),
        twin=lambda: table,
        notes=_notes(own, benchmarks),
    )


def is_yes_or_no(about: Record) -> bool:
    """True for what a school itself does or does not, which its own figure says as 100% or 0%."""
    return about["unit"] == "percent" and text_or_blank(about.get("denominator_counts")) == "schools"


def said(row: Mapping[Any, Any], about: Record) -> str:
    """A school's own value: '61.2%', 'Yes', 'c'."""
    value = number_or_none(row["value"])
    if value is not None and is_yes_or_no(about) and value in (0.0, 100.0):
        return "Yes" if value else "No"
    return words.number(value, str(about["unit"]), text_or_blank(row["symbol"]))


def _places(
    own: pd.DataFrame,
    benchmarks: Mapping[str, tuple[str, pd.Series]],
    about: Mapping[str, Record],
    row_of: Mapping[str, int],
) -> pd.DataFrame:
    """One row an indicator: row, value, lower, upper and benchmarks as percentages, and everything in words."""
    found = []
    for row in own[own["indicator"].isin(list(row_of))].to_dict("records"):
        record = about[str(row["indicator"])]
        unit, shares = str(record["unit"]), record["unit"] == "percent"
        place: dict[str, Any] = {
            "row": row_of[str(row["indicator"])],
            "title": record["short_title"],
            "said": said(row, record),
            "interval": words.interval(number_or_none(row["lower"]), number_or_none(row["upper"]), unit),
            "status": text_or_blank(row["status"]) or "none",
            "judged": words.status_text(text_or_blank(row["status"]) or "none", text_or_blank(row["reason"]))[2:],
        }
        if shares:
            place["value"] = row["value"]
            if not is_yes_or_no(record):
                place |= {"lower": row["lower"], "upper": row["upper"]}
        written = []
        for key, (name, values) in benchmarks.items():
            value = number_or_none(values.get(row["indicator"]))
            place[f"{key}_said"] = words.number(value, unit)
            if shares:
                place[key] = value
            else:
                written.append(f"{name} {words.number(value, unit)}")
        if written:
            place |= {"long": " · ".join(written), "short": written[-1]}
        found.append(place)
    columns = ["row", "title", "said", "interval", "status", "judged", "value", "lower", "upper", "long", "short"]
    columns += [name for key in benchmarks for name in (key, f"{key}_said")]
    return pd.DataFrame(found, columns=columns)


def _marks(places: pd.DataFrame, x: Spec, y: Spec, benchmarks: Mapping[str, tuple[str, pd.Series]]) -> list[Spec]:
    """England as a tick, the authority as a diamond, its phase as a triangle, the school as a disc with interval."""
    size = expr(by_width(55, 90))
    outlined: Spec = {"type": "point", "filled": False, "opacity": 1, "strokeWidth": 1.75, "size": size}
    marks: dict[str, Spec] = {
        "england": {"type": "tick", "color": MUTED, "thickness": 3, "size": 18, "orient": "vertical"},
        "la": outlined | {"shape": "diamond", "stroke": SERIES[2]},
        "phase": outlined | {"shape": "triangle-up", "stroke": OTHERS_EDGE},
    }
    titles = {"title": "Indicator", "said": "School", "interval": "95% interval", "judged": "Status"}
    titles |= {f"{key}_said": name for key, (name, _) in benchmarks.items()}
    tooltip = [{"field": field, "title": title, "type": "nominal"} for field, title in titles.items()]
    layers: list[Spec] = [
        {
            "transform": [{"filter": f"isValid(datum.{key})"}],
            "mark": marks[key],
            "encoding": {"x": {**x, "field": key}, "y": y, "tooltip": tooltip},
        }
        for key in ("england", "la", "phase")
        if key in benchmarks and places[key].notna().any()
    ]
    if places["lower"].notna().any():
        layers.append(
            {
                "transform": [{"filter": "isValid(datum.lower)"}],
                "mark": {"type": "rule", "strokeWidth": 2, "stroke": FOCUS},
                "encoding": {"x": {**x, "field": "lower"}, "x2": {"field": "upper"}, "y": y},
            }
        )
    if places["value"].notna().any():
        layers.append(
            {
                "transform": [{"filter": "isValid(datum.value)"}],
                "mark": {
                    "type": "point",
                    "filled": True,
                    "opacity": 1,
                    "size": expr(by_width(90, 120)),
                    "color": FOCUS,
                },
                "encoding": {"x": x, "y": y, "tooltip": tooltip},
            }
        )
    return layers


def _texts(places: pd.DataFrame, y: Spec) -> list[Spec]:
    """The school's value and status at the right; in the plot what has no place on the scale."""
    size: Spec = {"fontSize": expr(by_width(12, 14)), "baseline": "middle"}
    value: Spec = {"type": "text", "align": "right", "x": expr("width - 24"), "fontWeight": 600, "color": TEXT}
    of_said = {"y": y, "text": {"field": "said", "type": "nominal"}}
    layers: list[Spec] = [{"mark": value | size, "encoding": of_said}] if len(places) else []
    written: Spec = {"type": "text", "align": "left", "x": expr(f"{LABEL_WIDTH} + 4"), "color": MUTED}
    # What does not show is cut as well, or the chart would keep room for it.
    for field, opacity, limit in (("long", by_width(0, 1), by_width(1, 600)), ("short", by_width(1, 0), "300")):
        if places[field].notna().any():
            layers.append(
                {
                    "transform": [{"filter": f"isValid(datum.{field})"}],
                    "mark": written | size | {"opacity": expr(opacity), "limit": expr(limit)},
                    "encoding": {"y": y, "text": {"field": field, "type": "nominal"}},
                }
            )
    for status in words.STATUS_ORDER:
        if (places["status"] == status).any():
            mark: Spec = {"type": "point", "shape": STATUS_SHAPES[status], "color": STATUS[status], "filled": True}
            layers.append(
                {
                    "transform": [{"filter": f"datum.status === '{status}'"}],
                    "mark": mark | {"size": 90, "strokeWidth": 0, "opacity": 1, "x": expr("width - 8")},
                    "encoding": {"y": y},
                }
            )
    return layers


def _finding(own: pd.DataFrame, school: str) -> str:
    judged = int((own["status"] != "none").sum())
    if not judged:
        return headline(f"{school}: nothing can be judged yet", "Nothing can be judged yet")
    found = f"{int((own['status'] == 'on_track').sum())} of {judged} on track"
    return headline(f"{school}: {found}", f"School: {found}")


def _furthest(own: pd.DataFrame, indicators: pd.DataFrame) -> str:
    """' Off track: …' for the alt text: what the marks at the right say."""
    off = set(own.loc[own["status"] == "off_track", "indicator"])
    named = [
        words.inline(title)
        for code, title in indicators[["code", "short_title"]].itertuples(index=False)
        if code in off
    ]
    return f" Off track: {words.joined(named)}." if named else ""


def _notes(own: pd.DataFrame, benchmarks: Mapping[str, tuple[str, pd.Series]]) -> str:
    drawn = {"la": "diamond", "phase": "triangle", "england": "upright line"}
    named = [f"{drawn[key]}: {name}" for key, (name, _) in benchmarks.items()]
    parts = [f"Disc: the school, with its 95% interval; {'; '.join(named)}."]
    parts += ["At the right: filled on track, half filled at risk, ring off track, dash no judgement."]
    symbols = sorted(set(own.loc[own["value"].isna(), "symbol"].dropna()) - {""})
    parts += [f"{symbol}: {sentences.MISSING.get(symbol, 'no value')}." for symbol in symbols]
    return " ".join(parts)


def _table(
    own: pd.DataFrame,
    benchmarks: Mapping[str, tuple[str, pd.Series]],
    indicators: pd.DataFrame,
    row_of: Mapping[str, int],
    over_time: Mapping[str, str],
    trends: Mapping[str, str],
) -> pd.DataFrame:
    """The table twin: what each indicator's line says, with the benchmarks, the trend and every period in words."""
    shown = own[own["indicator"].isin(list(row_of))].sort_values("indicator", key=lambda codes: codes.map(row_of))
    about, codes = by_code(indicators), list(shown["indicator"])
    table = twin(shown, indicators, ["Indicator"]).drop(columns=["Coverage", "Coverage (fraction)"])
    table["Value"] = [said(row, about[str(row["indicator"])]) for row in shown.to_dict("records")]
    table.insert(0, "Priority", [about[code]["priority_short"] for code in codes])
    at = list(table.columns).index("95% interval") + 1
    for name, values in benchmarks.values():
        units = [str(about[code]["unit"]) for code in codes]
        told = [words.number(number_or_none(values.get(code)), unit) for code, unit in zip(codes, units, strict=True)]
        table.insert(at, name[:1].upper() + name[1:], told)
        at += 1
    at = list(table.columns).index("Status") + 1
    table.insert(at, "Trend", [trends.get(code, "–") for code in codes])
    table.insert(at + 1, "Over time", [over_time.get(code, "–") for code in codes])
    return table
