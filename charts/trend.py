"""One area over time against the path it was expected to take."""

from textwrap import wrap
from typing import Any

import pandas as pd

from charts.figure import Context, Figure, Record, Spec, headline, number_or_none, records, slugify
from charts.labels import by_period, by_value, end_labels, nice_domain, period_order, period_span
from charts.rows import by_width, expr
from charts.tables import coverage_marks, low_note, twin
from charts.theme import FOCUS, HALO, MUTED, OTHERS_EDGE, SERIES, finish
from measures import sentences, words

HEIGHT = 320
LABEL_ROOM = by_width(112, 190)  # pixels right of the last period, for the direct labels
STATUS_SAID = {"on_track": "is on track", "at_risk": "is at risk", "off_track": "is off track"}


def trajectory(
    area: pd.DataFrame,
    indicator: Record,
    context: Context,
    *,
    england: pd.DataFrame | None = None,
    marker: str = "",
    numbers: bool = False,
    from_zero: bool = False,
) -> Figure:
    """Values of one area by period with 95% intervals, its expected path and target, and England behind it.

    area      values frame of one area and indicator; a period without a value breaks the line and shows its symbol
    england   values frame of England, left out where the area is England
    marker    the trend marker in words, '' where it is not known
    numbers   write each value of the area beside its point; from_zero: the scale begins at zero
    """
    unit = str(indicator["unit"])
    area = area.sort_values("period_position")
    name = str(area["area"].iloc[0]) if len(area) else context.place
    if england is not None:
        england = england.sort_values("period_position")
        england = None if england.empty or name == "England" else england
    periods = period_order(area, england)
    present = [*area["value"], *area["lower"], *area["upper"], *area["expected"], *area["target"].tail(1)]
    present += [0.0] if from_zero else []
    domain = nice_domain([*present, *(england["value"] if england is not None else [])], unit)
    x = by_period(periods, LABEL_ROOM)
    y = by_value(domain, unit)
    layers = _layers(area, england, indicator, x, y, domain, periods, name)
    layers += _numbers(area, unit, x, y) if numbers else []
    spec = finish({"layer": layers}, HEIGHT, context.illustrative)
    last = _latest(area)
    finding = _finding(area, name, unit)
    return Figure(
        slug=slugify(str(indicator["short_title"]), name, "trend"),
        headline=finding,
        subtitle=context.subtitle(str(indicator["title"]), period_span(periods)),
        source=context.source_line(),
        context=context,
        alt=f"Line chart of {indicator['short_title']} in {name} by period"
        + (", with England" if england is not None else "")
        + f". {finding}"
        + (
            f"; expected {words.number(last['expected'], unit)}"
            if last and last["expected"] == last["expected"]
            else ""
        )
        + "."
        + (f" Trend: {marker}." if marker else "")
        + _said(area, england, indicator),
        spec=spec,
        twin=lambda: twin(area if england is None else pd.concat([area, england]), indicator, ["Area", "Period"]),
        notes=" ".join(part for part in (f"Trend: {marker}." if marker else "", _notes(area, indicator)) if part),
    )


def _layers(
    area: pd.DataFrame,
    england: pd.DataFrame | None,
    indicator: Record,
    x: Spec,
    y: Spec,
    domain: tuple[float, float],
    periods: list[str],
    name: str,
) -> list[Spec]:
    unit = str(indicator["unit"])
    layers: list[Spec] = []
    expected = area.dropna(subset=["expected"])
    path = records(expected[["period", "expected"]].rename(columns={"expected": "value"}))
    layers.append(_line(path, x, y, MUTED, 2, [6, 4]))
    target = number_or_none(area["target"].iloc[-1]) if len(area) else None
    if target is not None:
        layers.append(
            {
                "data": {"values": [{"value": target}]},
                "mark": {"type": "rule", "color": SERIES[2], "strokeWidth": 2, "strokeDash": [2, 3]},
                "encoding": {"y": y, "x": {"value": 0}, "x2": {"value": expr(f"width - {LABEL_ROOM} + 8")}},
            }
        )
    if england is not None:
        layers += _series(england, indicator, x, y, OTHERS_EDGE, 2, False, periods)
    layers += _series(area, indicator, x, y, FOCUS, 3, True, periods)
    layers += _gaps(area, x, periods)
    layers += end_labels(_named(area, england, unit, name, target), y, domain, HEIGHT, LABEL_ROOM)
    return layers


def _line(rows: list[dict[str, Any]], x: Spec, y: Spec, colour: str, width: float, dash: list[int] | None) -> Spec:
    mark: Spec = {"type": "line", "color": colour, "strokeWidth": width, "invalid": "break-paths-show-path-domains"}
    return {
        "data": {"values": rows},
        "mark": mark | ({"strokeDash": dash} if dash else {}),
        "encoding": {"x": x, "y": y},
    }


def _series(
    frame: pd.DataFrame,
    indicator: Record,
    x: Spec,
    y: Spec,
    colour: str,
    width: float,
    whiskers: bool,
    periods: list[str],
) -> list[Spec]:
    """Line, points and whiskers; `part` numbers the runs between gaps, so that no line crosses a missing period."""
    unit = str(indicator["unit"])
    known = frame.dropna(subset=["value"]).copy()
    place = known["period"].map({period: index for index, period in enumerate(periods)}).astype(float)
    known["part"] = (place.diff() != 1).cumsum()
    known["said"] = [words.number(v, unit) for v in known["value"]]
    known["interval"] = [words.interval(a, b, unit) for a, b in zip(known["lower"], known["upper"], strict=True)]
    known["path"] = [words.number(v, unit) for v in known["expected"]]
    known["judged"] = [
        words.status_text(s, r)[2:] for s, r in zip(known["status"], known["reason"].fillna(""), strict=True)
    ]
    known["reporting"] = coverage_marks(known, indicator)
    columns = ["area", "period", "value", "lower", "upper", "part", "said", "interval", "path", "judged", "reporting"]
    rows = records(known[columns])
    line = _line(rows, x, y, colour, width, None)
    line["encoding"] = {**line["encoding"], "detail": {"field": "part", "type": "nominal"}}
    layers = [line]
    if whiskers:
        whisker: Spec = {"type": "errorbar", "ticks": {"size": 12, "color": colour, "thickness": 2}}
        layers.append(
            {
                "data": {"values": [row for row in rows if "lower" in row]},
                "mark": whisker | {"rule": {"color": colour, "strokeWidth": 2}},
                "encoding": {"x": x, "y": {**y, "field": "lower"}, "y2": {"field": "upper"}},
            }
        )
    titles = {
        "area": "Area",
        "period": "Period",
        "said": "Value",
        "interval": "95% interval",
        "path": "Expected",
        "judged": "Status",
        "reporting": "Coverage",
    }
    layers.append(
        {
            "data": {"values": rows},
            "mark": {"type": "point", "filled": True, "size": 90 if whiskers else 50, "color": colour},
            "encoding": {
                "x": x,
                "y": y,
                "tooltip": [{"field": f, "type": "nominal", "title": t} for f, t in titles.items()],
            },
        }
    )
    return layers


def _numbers(area: pd.DataFrame, unit: str, x: Spec, y: Spec) -> list[Spec]:
    """The value of each of the area's points, beside its whisker; not of the last, which its name says."""
    known = area.dropna(subset=["value"]).iloc[:-1]
    rows = [
        {"period": period, "value": value, "text": words.number(value, unit)}
        for period, value in zip(known["period"], known["value"], strict=True)
    ]
    mark: Spec = {
        "type": "text",
        "align": "left",
        "dx": 9,
        "dy": -11,
        "color": FOCUS,
        "fontSize": 13,
        "fontWeight": 600,
    }
    encoding: Spec = {"x": x, "y": y, "text": {"field": "text", "type": "nominal"}}
    looks: list[Spec] = [HALO, {}] if rows else []
    return [{"data": {"values": rows}, "mark": mark | look, "encoding": encoding} for look in looks]


def _gaps(area: pd.DataFrame, x: Spec, periods: list[str]) -> list[Spec]:
    """The symbol of each missing period at the foot of the plot."""
    gaps = area[area["value"].isna()]
    if gaps.empty:
        return []
    rows = [{"period": p, "text": s or "–"} for p, s in zip(gaps["period"], gaps["symbol"].fillna(""), strict=True)]
    return [
        {
            "data": {"values": rows},
            "mark": {"type": "text", "y": HEIGHT - 12, "color": MUTED, "fontSize": 14, "fontWeight": 600},
            "encoding": {"x": x, "text": {"field": "text", "type": "nominal"}},
        }
    ]


def _named(
    area: pd.DataFrame, england: pd.DataFrame | None, unit: str, name: str, target: float | None
) -> list[tuple[float, list[str], str, int]]:
    """The direct labels: area, England, end of the path, target; the last two share one where they meet."""
    named: list[tuple[float, str, str, int]] = []
    if last := _latest(area):
        named.append((last["value"], name, FOCUS, 700))
    if england is not None and (other := _latest(england)):
        named.append((other["value"], "England", MUTED, 600))
    path = area["expected"].dropna()
    end = float(path.iloc[-1]) if len(path) else None
    meet = end is not None and target is not None and abs(end - target) < 1e-9
    if end is not None and not meet:
        named.append((end, "Expected", MUTED, 600))
    if target is not None:
        named.append((target, "Target, expected" if meet else "Target", SERIES[2], 600))
    return [(at, [*wrap(text, 17), words.number(at, unit)], colour, weight) for at, text, colour, weight in named]


def _latest(frame: pd.DataFrame) -> dict[str, Any] | None:
    known = frame.dropna(subset=["value"])
    if known.empty:
        return None
    return {str(key): value for key, value in known.iloc[-1].to_dict().items()}


def _finding(area: pd.DataFrame, name: str, unit: str) -> str:
    last = _latest(area)
    if last is None:
        symbols = [s for s in area["symbol"].fillna("") if s]
        why = words.SYMBOL_WORDS.get(symbols[-1], "") if symbols else ""
        return headline(f"{name}: no value, {why}" if why else f"{name} has no value", f"{name} has no value")
    value = words.number(last["value"], unit)
    if area["value"].isna().iloc[-1]:
        return headline(f"{name} was last known at {value} in {last['period']}", f"{name} last known at {value}")
    if last["status"] in STATUS_SAID:
        return headline(f"{name} {STATUS_SAID[last['status']]} at {value}", f"{name}: {value}")
    return headline(f"{name} stands at {value}; no judgement yet", f"{name} stands at {value}", f"{name}: {value}")


def _said(area: pd.DataFrame, england: pd.DataFrame | None, indicator: Record) -> str:
    """The latest period in a sentence, beside England in the same one."""
    if area.empty:
        return ""
    last = area.iloc[-1]
    there = england[england["period"] == last["period"]]["value"] if england is not None else pd.Series(dtype=float)
    nation = [sentences.Benchmark("England", number_or_none(value)) for value in there]
    return f" {last['period']}, {sentences.say(last, indicator, benchmarks=nation)}."


def _notes(area: pd.DataFrame, indicator: Record) -> str:
    parts = ["Bars show 95% intervals."] if area["lower"].notna().any() else []
    known = area.dropna(subset=["value"])
    parts += [low] if (low := low_note(known, indicator, "period")) else []
    judged = known[known["status"] == "none"].tail(1)
    reasons = zip(judged["period"], judged["reason"].fillna(""), strict=True)
    parts += [f"No judgement in {period}: {reason}." for period, reason in reasons if reason]
    gaps = area[area["value"].isna()]
    for period, symbol in zip(gaps["period"], gaps["symbol"].fillna(""), strict=True):
        why = words.SYMBOL_WORDS.get(symbol)
        parts.append(f"{period}: {symbol}, {why}." if why else f"{period}: no value.")
    return " ".join(parts)
