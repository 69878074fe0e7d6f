"""The gap between the best and the worst area over time, with England between them."""

from textwrap import wrap
from typing import Any

import pandas as pd

from charts.figure import Context, Figure, Record, Spec, headline, records, slugify
from charts.labels import AXIS_FORMATS, by_period, end_labels, nice_domain, period_order, period_span
from charts.rows import by_width
from charts.theme import BAND, BAND_INNER, FOCUS, MUTED, SERIES, finish
from measures import sentences, words

HEIGHT = 320
LABEL_ROOM = by_width(112, 200)


def gap_over_time(
    regions: pd.DataFrame,
    indicator: Record,
    context: Context,
    *,
    england: pd.DataFrame | None = None,
    las: pd.DataFrame | None = None,
) -> Figure:
    """Band from worst to best region by period, England as a line; the middle 80 % of local authorities if given.

    regions, england, las   values frames of one indicator over the same periods
    """
    unit = str(indicator["unit"])
    ends = _ends(regions, indicator)
    nation = (england if england is not None else regions.iloc[:0]).dropna(subset=["value"])
    nation = nation.sort_values("period_position")
    spread = _spread(las)
    periods = period_order(regions, england, las)
    shown = [*ends.filter(regex="^(best|worst)(_lower|_upper)?$").to_numpy().ravel(), *nation["value"]]
    numbers = [*shown, *spread["low"], *spread["high"]]
    domain = nice_domain(numbers, unit)
    x = by_period(periods, LABEL_ROOM)
    y: Spec = {
        "field": "value",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": list(domain), "nice": False, "zero": False},
        "axis": {"labelExpr": AXIS_FORMATS[unit], "tickCount": 5},
    }
    layers = _layers(ends, nation, spread, unit, x, y, domain)
    finding = _finding(ends, unit)
    last = ends.iloc[-1] if len(ends) else None
    said = ""
    if last is not None:
        said = (
            f" In {last['period']} {last['best_area']} was best and {last['worst_area']} worst, "
            f"{words.difference(last['gap'], unit)} apart."
        )
    if len(nation):
        said += f" {nation['period'].iloc[-1]}, {sentences.say(nation.iloc[-1], indicator)}."
    return Figure(
        slug=slugify(str(indicator["short_title"]), context.place, "gap"),
        headline=finding,
        subtitle=context.subtitle(str(indicator["title"]), period_span(periods)),
        source=context.source_line(),
        context=context,
        alt=f"Band between best and worst region on {indicator['short_title']} by period"
        f"{', with England' if len(nation) else ''}. {finding}.{said}",
        spec=finish({"layer": layers}, HEIGHT, context.illustrative),
        twin=lambda: _table(ends, nation, spread, indicator),
        notes=" ".join(_notes(ends, spread)),
    )


def _notes(ends: pd.DataFrame, spread: pd.DataFrame) -> list[str]:
    bars = ["Bars show 95% intervals."] if ends[["best_lower", "worst_lower"]].notna().any(axis=None) else []
    return bars + (["Pale band: middle 80% of local authorities."] if len(spread) else [])


def _ends(regions: pd.DataFrame, indicator: Record) -> pd.DataFrame:
    """One row a period: gap, areas (how many have a value); of the best and the worst value, area, lower, upper and
    coverage in words, as best, best_area, best_lower …
    """
    rows = []
    for (_, period), group in regions.dropna(subset=["value"]).groupby(["period_position", "period"], sort=True):
        order = group.sort_values("value", ascending=indicator["better"] == "lower")
        best, worst = order.iloc[0], order.iloc[-1]
        rows.append(
            {
                "period": period,
                **_end("best", best, indicator),
                **_end("worst", worst, indicator),
                "gap": abs(float(best["value"]) - float(worst["value"])),
                "areas": len(order),
            }
        )
    parts = [f"{end}{part}" for end in ("best", "worst") for part in ("", "_area", "_lower", "_upper", "_coverage")]
    return pd.DataFrame(rows, columns=["period", *parts, "gap", "areas"])


def _end(end: str, row: pd.Series, indicator: Record) -> dict[str, Any]:
    return {
        end: float(row["value"]),
        f"{end}_area": row["area"],
        f"{end}_lower": row["lower"],
        f"{end}_upper": row["upper"],
        f"{end}_coverage": sentences.coverage_mark(row, indicator),
    }


def _spread(las: pd.DataFrame | None) -> pd.DataFrame:
    """One row a period: low and high, the tenth and ninetieth percentile of local authorities."""
    if las is None or las["value"].isna().all():
        return pd.DataFrame(columns=["period", "low", "high"])
    grouped = las.dropna(subset=["value"]).groupby(["period_position", "period"], sort=True)["value"]
    low, high = grouped.quantile(0.1), grouped.quantile(0.9)
    return pd.DataFrame({"period": low.index.get_level_values("period"), "low": low.values, "high": high.values})


def _layers(
    ends: pd.DataFrame,
    nation: pd.DataFrame,
    spread: pd.DataFrame,
    unit: str,
    x: Spec,
    y: Spec,
    domain: tuple[float, float],
) -> list[Spec]:
    layers: list[Spec] = []
    for frame, low, high, colour in ((spread, "low", "high", BAND), (ends, "worst", "best", BAND_INNER)):
        band = records(frame[["period", low, high]])
        encoding: Spec = {"x": x, "y": {**y, "field": low}, "y2": {"field": high}}
        layers.append({"data": {"values": band}, "mark": {"type": "area", "color": colour}, "encoding": encoding})
        # A rule at each period too, so that a single period still shows its range.
        layers.append(
            {
                "data": {"values": band},
                "mark": {"type": "rule", "color": colour, "strokeWidth": 6},
                "encoding": encoding,
            }
        )
    lines = [
        ("best", _line("best", ends), FOCUS, 2.5, "circle"),
        ("worst", _line("worst", ends), SERIES[2], 2.5, "square"),
        ("nation", nation.assign(area="England"), MUTED, 2, "diamond"),
    ]
    labels: list[tuple[float, list[str], str, int]] = []
    for kind, frame, colour, width, shape in lines:
        if frame.empty:
            continue
        limits = zip(frame["lower"], frame["upper"], strict=True)
        rows = frame[["period", "value", "lower", "upper", "area"]].assign(
            said=[words.number(v, unit) for v in frame["value"]],
            interval=[words.interval(low, high, unit) for low, high in limits],
        )
        dash = {"strokeDash": [6, 4]} if kind == "nation" else {}
        mark: Spec = {"type": "line", "color": colour, "strokeWidth": width, **dash}
        mark |= {"point": {"shape": shape, "filled": True, "size": 90, "color": colour}}
        tooltip = [
            {"field": f, "type": "nominal", "title": t}
            for f, t in (("area", "Area"), ("period", "Period"), ("said", "Value"), ("interval", "95% interval"))
        ]
        line: Spec = {"mark": mark, "encoding": {"x": x, "y": y, "tooltip": tooltip}}
        whiskers: Spec = {
            "transform": [{"filter": "isValid(datum.lower) && isValid(datum.upper)"}],
            "mark": {"type": "rule", "color": colour, "strokeWidth": 2},
            "encoding": {"x": x, "y": {**y, "field": "lower"}, "y2": {"field": "upper"}},
        }
        bars = [] if kind == "nation" or rows["lower"].isna().all() else [whiskers]
        layers.append({"data": {"values": records(rows)}, "layer": [*bars, line]})
        last = rows.iloc[-1]
        prefix = {"best": ["Best:"], "worst": ["Worst:"], "nation": []}[kind]
        labels.append((float(last["value"]), [*prefix, *wrap(str(last["area"]), 17), str(last["said"])], colour, 600))
    return layers + end_labels(labels, y, domain, HEIGHT, LABEL_ROOM)


def _line(end: str, ends: pd.DataFrame) -> pd.DataFrame:
    """Period, value, lower, upper and area of one end, from _ends."""
    parts = {f"{end}_{part}": part for part in ("area", "lower", "upper")}
    return ends[["period", end, *parts]].rename(columns={end: "value", **parts})


def _finding(ends: pd.DataFrame, unit: str) -> str:
    if ends.empty:
        return "No region has a value to show"
    last = ends.iloc[-1]
    if last["areas"] < 2:
        return "Too few regions have a value for a gap"
    size = words.difference(last["gap"], unit)
    if len(ends) < 2:
        return headline(f"Regions are {size} apart")
    first = ends.iloc[0]
    if words.difference(last["gap"] - first["gap"], unit) == words.difference(0, unit):
        return f"Gap between regions unchanged at {size}"
    verb = "narrowed" if last["gap"] < first["gap"] else "widened"
    return headline(f"Gap between regions {verb} to {size}")


def _table(ends: pd.DataFrame, nation: pd.DataFrame, spread: pd.DataFrame, indicator: Record) -> pd.DataFrame:
    """A row a period; the text columns for people, `(number)` columns for a spreadsheet."""
    unit = str(indicator["unit"])
    england = nation.set_index("period")["value"]
    tenths = spread.set_index("period")
    rows = []
    for end in ends.to_dict("records"):
        period = end["period"]
        low = tenths["low"].get(period)
        high = tenths["high"].get(period)
        rows.append(
            {
                "Period": period,
                "Best region": end["best_area"],
                "Best value": words.number(end["best"], unit),
                "Best 95% interval": words.interval(end["best_lower"], end["best_upper"], unit),
                "Best coverage": end["best_coverage"],
                "Worst region": end["worst_area"],
                "Worst value": words.number(end["worst"], unit),
                "Worst 95% interval": words.interval(end["worst_lower"], end["worst_upper"], unit),
                "Worst coverage": end["worst_coverage"],
                "Gap": words.difference(end["gap"], unit),
                "England": words.number(england.get(period), unit),
                "Middle 80% of local authorities": words.interval(low, high, unit).replace("no interval", "–"),
                "Regions with a value": end["areas"],
                "Best value (number)": end["best"],
                "Worst value (number)": end["worst"],
                "Gap (number)": end["gap"],
            }
        )
    return pd.DataFrame(rows)
