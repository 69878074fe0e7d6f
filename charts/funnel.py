"""Funnel plot: areas against their effective sample size, with the limits that chance alone would give."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from charts import chance
from charts.figure import Context, Figure, Record, Spec, headline, number_or_none, records, slugify
from charts.labels import AXIS_FORMATS, end_labels, nice_domain
from charts.rows import by_width, expr
from charts.tables import coverage_marks, in_focus, low_note, twin
from charts.theme import FOCUS, HALO, MUTED, OTHERS, OTHERS_EDGE, RULE, STATUS, TEXT, finish
from measures import words

Numbers = npt.NDArray[np.float64]
Limits = Callable[[float, Numbers, float], tuple[Numbers, Numbers]]

HEIGHT = 420
METHOD = "Limits: England p₀ ± z·√(p₀(1−p₀)/n), n the effective number, clipped to 0–100%."
LABEL_ROOM = by_width(106, 130)
STEPS = 60  # points per limit curve
NAMED = 8  # areas beyond the outer limits that are named in the chart; the rest are named in tooltips and the table
WORDS = {0: "Within the limits", 1: "Outside 95% limits", 2: "Outside 99.8% limits"}
SHAPES = {0: "circle", 1: "diamond", 2: "square"}
COLOURS = {0: OTHERS, 1: STATUS["at_risk"], 2: STATUS["off_track"]}


def funnel(
    values: pd.DataFrame,
    indicator: Record,
    context: Context,
    *,
    england: Record,
    limits: Limits,
    focus: str | None = None,
    also: Sequence[str] = (),
) -> Figure:
    """Areas by effective denominator and value; only for indicators with unit percent (ValueError otherwise).

    values   values frame of one indicator and period, one row an area; those without value or n_eff are left out
    england  England's row: its value is the centre
    limits   measures.gaps.funnel_limits: (share 0..1, effective denominators, level) -> (lower, upper), 0..1
    focus    area_code of the area to name and stress; also: those of more
    """
    if indicator["unit"] != "percent":
        raise ValueError("a funnel plot is for percentages only")
    centre = number_or_none(england["value"])
    known = values.dropna(subset=["value", "n_eff"])
    known = known[known["n_eff"] > 0].copy()
    if centre is None:
        known = known.iloc[:0]
    known["beyond"] = _beyond(known, centre, limits)
    top = float(known["n_eff"].max()) * 1.04 if len(known) else 100.0
    low_n = max(5.0, float(known["n_eff"].min()) * 0.7) if len(known) else 5.0
    curves = _curves(centre, limits, low_n, top) if centre is not None else pd.DataFrame()
    domain = nice_domain([*known["value"], *([centre] if centre is not None else [])], "percent")
    spec = finish(
        {"layer": _layers(known, indicator, curves, centre, domain, top, [focus, *also])}, HEIGHT, context.illustrative
    )
    finding = _finding(known)
    by_chance = (
        f"Of {words.plural(len(known), 'area')}, {chance.about(len(known), 0.95)} would fall outside the 95% "
        f"limits and {chance.about(len(known), 0.998)} outside the 99.8% limits by chance alone."
    )
    return Figure(
        slug=slugify(str(indicator["short_title"]), context.place, context.period_label, "funnel"),
        headline=finding,
        subtitle=context.subtitle(str(indicator["title"])),
        source=context.source_line(),
        context=context,
        alt=f"Funnel plot of {words.plural(len(known), 'area')} on {indicator['short_title']} around England at "
        f"{words.number(centre, 'percent')}. {finding}.{in_focus(values, indicator, england, focus)}",
        spec=spec,
        twin=lambda: _table(known, indicator),
        notes=" ".join(part for part in (by_chance, METHOD, low_note(known, indicator, "area")) if part)
        if len(known)
        else "",
    )


def _beyond(known: pd.DataFrame, centre: float | None, limits: Limits) -> list[int]:
    """0 within both limits, 1 outside 95 %, 2 outside 99.8 %."""
    if centre is None or known.empty:
        return [0] * len(known)
    counts = np.asarray(known["n_eff"], dtype=float)
    share = np.asarray(known["value"], dtype=float) / 100
    found = np.zeros(len(known), dtype=int)
    for level in (0.95, 0.998):
        lower, upper = limits(centre / 100, counts, level)
        found += ((share < lower) | (share > upper)).astype(int)
    return [int(n) for n in found]


def _curves(centre: float, limits: Limits, low: float, top: float) -> pd.DataFrame:
    sizes = np.geomspace(low, top, STEPS)  # closer together where the limits bend most
    parts = []
    for level, name in ((0.95, "95%"), (0.998, "99.8%")):
        lower, upper = limits(centre / 100, sizes, level)
        parts.append(pd.DataFrame({"n": sizes, "lower": lower * 100, "upper": upper * 100, "level": name}))
    return pd.concat(parts)


def _layers(
    known: pd.DataFrame,
    indicator: Record,
    curves: pd.DataFrame,
    centre: float | None,
    domain: tuple[float, float],
    top: float,
    stressed: Sequence[str | None],
) -> list[Spec]:
    x: Spec = {
        "field": "n",
        "type": "quantitative",
        "scale": {"domain": [0, top], "range": [0, expr(f"width - {LABEL_ROOM}")], "nice": False},
        "axis": {
            "title": "Effective number of responses",
            "format": ",.0f",
            "tickCount": expr(by_width(3, 7)),
            "grid": False,
            "domain": True,
        },
    }
    y: Spec = {
        "field": "value",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": list(domain), "nice": False, "zero": False},
        "axis": {"labelExpr": AXIS_FORMATS["percent"], "tickCount": 6},
    }
    layers: list[Spec] = []
    for level, dash in (("99.8%", [2, 3]), ("95%", [7, 4])):
        for side in ("lower", "upper"):
            part = curves[curves["level"] == level] if len(curves) else curves
            line: Spec = {"type": "line", "clip": True, "color": MUTED, "strokeWidth": 1.5, "strokeDash": dash}
            rows = records(part[["n", side]].rename(columns={side: "value"})) if len(part) else []
            layers.append({"data": {"values": rows}, "mark": line, "encoding": {"x": x, "y": y}})
    if centre is not None:
        rule: Spec = {"type": "rule", "color": RULE, "strokeWidth": 2}
        data = {"values": [{"value": centre, "n": 0, "end": top}]}
        layers.append({"data": data, "mark": rule, "encoding": {"x": x, "x2": {"field": "end"}, "y": y}})
        layers += end_labels(_named(curves, centre), y, domain, HEIGHT, LABEL_ROOM)
    return [*layers, *_points(known, indicator, x, y, stressed)]


def _named(curves: pd.DataFrame, centre: float) -> list[tuple[float, list[str], str, int]]:
    """England and both upper limits, named right of the plot."""
    ends = [(float(part["upper"].iloc[-1]), [f"{level} limits"], MUTED, 400) for level, part in curves.groupby("level")]
    return [*ends, (centre, [f"England {words.number(centre, 'percent')}"], TEXT, 600)]


def _points(known: pd.DataFrame, indicator: Record, x: Spec, y: Spec, stressed: Sequence[str | None]) -> list[Spec]:
    rows = known[["area_code", "area", "value", "beyond"]].copy()
    rows["n"] = known["n_eff"]
    rows["said"] = [words.number(v, "percent") for v in known["value"]]
    rows["judged"] = [WORDS[b] for b in known["beyond"]]
    rows["size"] = [f"{n:,.0f}" for n in known["n_eff"]]
    rows["reporting"] = coverage_marks(known, indicator)
    titles = {"area": "Area", "said": "Value", "judged": "Against chance", "size": "Effective number"}
    titles["reporting"] = "Coverage"
    shape = {"domain": list(WORDS.values()), "range": list(SHAPES.values())}
    colour = {"domain": list(WORDS.values()), "range": list(COLOURS.values())}
    legend: Spec = {"title": None, "columns": expr(by_width(1, 2))}
    points: Spec = {
        "data": {"values": records(rows)},
        "mark": {"type": "point", "filled": True, "size": 75, "opacity": 0.95, "stroke": OTHERS_EDGE, "strokeWidth": 1},
        "encoding": {
            "x": x,
            "y": y,
            "shape": {"field": "judged", "type": "nominal", "scale": shape, "legend": legend},
            "color": {"field": "judged", "type": "nominal", "scale": colour, "legend": legend},
            "tooltip": [{"field": f, "type": "nominal", "title": t} for f, t in titles.items()],
        },
    }
    far = rows[rows["beyond"] == 2].copy()
    far["away"] = (far["value"] - rows["value"].median()).abs()
    named = far.nlargest(NAMED, "away")
    named = named[~named["area_code"].isin(list(stressed))]
    right = named["n"] > rows["n"].max() * 0.75  # named on the left, so that no name leaves the plot
    chosen = rows[rows["area_code"].isin(list(stressed))]
    text: Spec = {"type": "text", "align": "left", "dx": 8, "baseline": "middle", "fontSize": 13, "color": TEXT}
    ring: Spec = {"type": "point", "filled": False, "size": 240, "stroke": FOCUS, "strokeWidth": 3, "opacity": 1}
    # A narrow chart has no room for names other than the one in focus: tooltips and the table have them.
    wide_only: Spec = {"opacity": expr(by_width(0, 1))}
    left: Spec = {"align": "right", "dx": -8}
    own: Spec = text | {"align": "center", "dx": 0, "dy": -18, "fontWeight": 700, "fontSize": 14, "color": FOCUS}
    marks = [(named[~right], text | wide_only), (named[right], text | wide_only | left)]
    marks += [(chosen, ring), (chosen, own | HALO), (chosen, own)]
    layers = [points]
    for frame, mark in marks:
        if len(frame):
            encoding: Spec = {"x": x, "y": y}
            if mark["type"] == "text":
                encoding["text"] = {"field": "area", "type": "nominal"}
            data = {"values": records(frame[["area", "value", "n"]])}
            layers.append({"data": data, "mark": mark, "encoding": encoding})
    return layers


def _finding(known: pd.DataFrame) -> str:
    if known.empty:
        return "No area can be placed in the funnel"
    beyond, outer = int((known["beyond"] > 0).sum()), int((known["beyond"] == 2).sum())
    if outer:
        verb = "differs" if outer == 1 else "differ"
        return f"{outer} of {words.plural(len(known), 'area')} {verb} from England beyond chance"
    if beyond > len(known) * 0.05:
        return headline(f"{beyond} of {words.plural(len(known), 'area')} outside the 95% limits")
    return "Differences between areas are no larger than chance"


def _table(known: pd.DataFrame, indicator: Record) -> pd.DataFrame:
    order = known.sort_values(["beyond", "value"], ascending=[False, False])
    table = twin(order, indicator, ["Area"])
    table.insert(1, "Against chance", [WORDS[b] for b in order["beyond"]])
    table["Effective number"] = order["n_eff"].to_list()
    return table
