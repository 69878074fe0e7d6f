"""Spine chart: every indicator of one area against England, its region and the range of local authorities."""

from typing import Any

import pandas as pd

from charts.figure import Context, Figure, Spec, headline, number_or_none, records, slugify
from charts.marks import COMPARISON_SHAPES, COMPARISON_WORDS
from charts.rows import by_width, expr, grouped, label_layers, row_y
from charts.tables import twin
from charts.theme import BAND, BAND_INNER, COMPARISON, MUTED, SERIES, TEXT, finish
from measures import words

STEP = 26
HEAD_ROWS = 1  # a first row for the words 'Worse than England' and 'Better than England'
LABEL_WIDTH = by_width(138, 232)
TEXT_WIDTH = by_width(52, 170)  # the area's value; on a wide chart England's value too


def spine(
    own: pd.DataFrame,
    england: pd.DataFrame,
    region: pd.DataFrame | None,
    las: pd.DataFrame,
    indicators: pd.DataFrame,
    context: Context,
    *,
    neighbours: pd.DataFrame | None = None,
) -> Figure:
    """One row an indicator under priority headers; right of the central line (England) is always better.

    own         values frame of the area; a column `comparison` with England ('better', 'similar', 'worse', 'higher',
                'lower', 'not_compared') is used where given, else worked out from the interval
    england     values frame of England, same period; region likewise, or None
    las         values frame of all local authorities, same period: their range and quartiles are the bands
    indicators  indicator frame in the order to show, grouped by priority
    neighbours  a frame of columns indicator, value: the mean of the statistical neighbours
    """
    rows = grouped(indicators)
    for row in rows:
        row["row"] += HEAD_ROWS
    row_of = {row["code"]: row["row"] for row in rows if "code" in row}
    places = _standardised(own, england, region, las, indicators, neighbours)
    places["row"] = [row_of[code] for code in places["indicator"]]
    count = len(rows) + HEAD_ROWS
    y = row_y(count)
    x: Spec = {
        "field": "own",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [-1.05, 1.05], "range": [expr(LABEL_WIDTH), expr(f"width - {TEXT_WIDTH}")], "zero": False,
                  "nice": False},
    }
    name = str(own["area"].iloc[0]) if len(own) else context.place
    layers = [*_bands(x, y), *_marks(x, y), *_texts(y), *label_layers(rows, y, f"{LABEL_WIDTH} - 10"), *_head(x)]
    spec = finish(
        {
            "data": {"values": records(places)},
            "params": [{"name": "words", "value": COMPARISON_WORDS}],
            "layer": layers,
        },
        STEP * count,
    )
    finding = _finding(places, name)
    shown = own[own["indicator"].isin(list(row_of))]
    return Figure(
        slug=slugify("spine", name, context.period_label),
        headline=finding,
        subtitle=context.subtitle("Every indicator against England"),
        source=context.source_line(),
        alt=f"Spine chart of {words.plural(len(row_of), 'indicator')} for {name}, {context.period_label}, "
        f"against England and the range of local authorities. {_counts(places)}.",
        spec=spec,
        table=_table(shown, places, indicators, row_of),
        notes="Pale band: lowest to highest local authority; darker band: middle half. Upright tick: region."
        + (" Diamond: mean of statistical neighbours." if neighbours is not None else ""),
    )


def _standardised(
    own: pd.DataFrame,
    england: pd.DataFrame,
    region: pd.DataFrame | None,
    las: pd.DataFrame,
    indicators: pd.DataFrame,
    neighbours: pd.DataFrame | None,
) -> pd.DataFrame:
    """One row an indicator: positions between -1 and 1 with England at 0 and better to the right, and texts.

    The scale of a row is the distance from England to the local authority furthest from it, so 0 and the wider end of
    the band fall at the same place in each row; an area outside the band is drawn at its edge.
    """
    values = {
        "own": own.set_index("indicator"),
        "england": england.set_index("indicator"),
        "region": (region if region is not None else own.iloc[:0]).set_index("indicator"),
        "neighbours": (neighbours if neighbours is not None else own.iloc[:0]).set_index("indicator"),
    }
    spread = las.dropna(subset=["value"]).groupby("indicator")["value"].quantile([0, 0.25, 0.75, 1]).unstack()
    rows = []
    for record in indicators.to_dict("records"):
        code, unit = record["code"], str(record["unit"])
        here = {key: _value(frame, code) for key, frame in values.items()}
        base = here["england"]
        ends = [float(v) for v in spread.loc[code]] if code in spread.index else []
        distances = [abs(v - base) for v in [*ends, *(v for v in here.values() if v is not None)]] if base else []
        scale = max([abs(v - base) for v in ends], default=0.0) if base is not None else 0.0
        scale = scale or max(distances, default=0.0) or 1.0
        sign = -1 if record["better"] == "lower" else 1

        def place(value: float | None) -> float | None:
            if value is None or base is None:  # noqa: B023 - called within this turn of the loop only
                return None
            return max(-1.0, min(1.0, sign * (value - base) / scale))  # noqa: B023

        low, first, third, high = [place(v) for v in ends] if ends else [None] * 4
        mine = own[own["indicator"] == code]
        rows.append(
            {
                "indicator": code,
                "title": record["short_title"],
                "own": place(here["own"]),
                "region": place(here["region"]),
                "neighbours": place(here["neighbours"]),
                "low": low,
                "first": first,
                "third": third,
                "high": high,
                "comparison": _comparison(mine, base, record["better"]),
                "value": words.number(here["own"], unit, str(mine["symbol"].iloc[0] or "") if len(mine) else ""),
                "nation": words.number(base, unit),
                "area_text": words.number(here["region"], unit),
                "interval": words.interval(
                    number_or_none(mine["lower"].iloc[0]) if len(mine) else None,
                    number_or_none(mine["upper"].iloc[0]) if len(mine) else None,
                    unit,
                ),
            }
        )
    return pd.DataFrame(rows)


def _value(frame: pd.DataFrame, code: str) -> float | None:
    return number_or_none(frame.loc[code, "value"]) if code in frame.index else None


def _comparison(mine: pd.DataFrame, england: float | None, better: str | None) -> str:
    """As given, else from the interval: wholly above or below England's value, oriented; otherwise similar."""
    if mine.empty:
        return "not_compared"
    row = mine.iloc[0]
    if isinstance(row.get("comparison"), str):
        return str(row["comparison"])
    lower, upper = number_or_none(row["lower"]), number_or_none(row["upper"])
    if england is None or lower is None or upper is None:
        return "not_compared"
    if lower <= england <= upper:
        return "similar"
    above = lower > england
    if better not in ("higher", "lower"):
        return "higher" if above else "lower"
    return "better" if above == (better == "higher") else "worse"


def _bands(x: Spec, y: Spec) -> list[Spec]:
    pairs = [("low", "high", BAND, 14), ("first", "third", BAND_INNER, 14)]
    bands: list[Spec] = [
        {
            "transform": [{"filter": f"isValid(datum.{start})"}],
            "mark": {"type": "bar", "color": colour, "height": height},
            "encoding": {"x": {**x, "field": start}, "x2": {"field": end}, "y": y},
        }
        for start, end, colour, height in pairs
    ]
    line: Spec = {
        "data": {"values": [{"own": 0}]},
        "mark": {"type": "rule", "color": TEXT, "strokeWidth": 1.5, "y": STEP * HEAD_ROWS, "y2": expr("height")},
        "encoding": {"x": x},
    }
    return [*bands, line]


def _marks(x: Spec, y: Spec) -> list[Spec]:
    shape = {"domain": list(COMPARISON_SHAPES), "range": list(COMPARISON_SHAPES.values())}
    colour = {"domain": list(COMPARISON), "range": list(COMPARISON.values())}
    legend: Spec = {
        "title": None,
        "labelExpr": "words[datum.value]",
        "columns": expr(by_width(2, 4)),
        "values": ["better", "similar", "worse", "not_compared"],
    }
    titles = {
        "title": "Indicator",
        "value": "Value",
        "interval": "95% interval",
        "nation": "England",
        "area_text": "Region",
        "said": "Compared with England",
    }
    return [
        {
            "transform": [{"filter": "isValid(datum.region)"}],
            "mark": {"type": "tick", "color": TEXT, "thickness": 2, "size": 16, "orient": "vertical"},
            "encoding": {"x": {**x, "field": "region"}, "y": y},
        },
        {
            "transform": [{"filter": "isValid(datum.neighbours)"}],
            "mark": {"type": "point", "shape": "diamond", "filled": False, "stroke": SERIES[2], "strokeWidth": 1.5,
                     "size": 80},
            "encoding": {"x": {**x, "field": "neighbours"}, "y": y},
        },
        {
            "transform": [
                {"filter": "isValid(datum.own)"},
                {"calculate": "words[datum.comparison]", "as": "said"},
            ],
            "mark": {"type": "point", "filled": True, "size": expr(by_width(110, 150)), "opacity": 1,
                     "strokeWidth": 0},
            "encoding": {
                "x": x,
                "y": y,
                "shape": {"field": "comparison", "type": "nominal", "scale": shape, "legend": legend},
                "color": {"field": "comparison", "type": "nominal", "scale": colour, "legend": legend},
                "tooltip": [{"field": f, "type": "nominal", "title": t} for f, t in titles.items()],
            },
        },
    ]


def _texts(y: Spec) -> list[Spec]:
    """The values at the right; a narrow chart has room for the area's own only."""
    own: Spec = {"type": "text", "align": "right", "x": expr(by_width("width", "width - 100")), "fontWeight": 600}
    nation: Spec = {"type": "text", "align": "right", "x": expr("width"), "color": MUTED}
    size = {"fontSize": expr(by_width(12, 14)), "baseline": "middle"}
    hidden = {"opacity": expr(by_width(0, 1))}
    return [
        {"mark": own | size, "encoding": {"y": y, "text": {"field": "value", "type": "nominal"}}},
        {
            "transform": [{"calculate": "'England ' + datum.nation", "as": "nation_text"}],
            "mark": nation | size | hidden,
            "encoding": {"y": y, "text": {"field": "nation_text", "type": "nominal"}},
        },
    ]


def _head(x: Spec) -> list[Spec]:
    """What left and right of the central line mean."""
    rows = [{"own": 0, "text": "← Worse", "side": -1}, {"own": 0, "text": "Better →", "side": 1}]
    layers: list[Spec] = []
    for row in rows:
        mark: Spec = {"type": "text", "y": STEP * HEAD_ROWS / 2, "baseline": "middle", "color": MUTED, "fontSize": 13}
        mark |= {"align": "right" if row["side"] == -1 else "left", "dx": 34 * int(str(row["side"]))}
        layers.append({"data": {"values": [row]}, "mark": mark, "encoding": {"x": x, "text": {"field": "text"}}})
    middle: Spec = {"type": "text", "y": STEP * HEAD_ROWS / 2, "baseline": "middle", "fontWeight": 700, "fontSize": 13}
    data: dict[str, Any] = {"values": [{"own": 0, "text": "England"}]}
    return [*layers, {"data": data, "mark": middle, "encoding": {"x": x, "text": {"field": "text"}}}]


def _counts(places: pd.DataFrame) -> str:
    counts = places["comparison"].value_counts()
    found = [f"{counts[key]} {said.lower()}" for key, said in COMPARISON_WORDS.items() if key in counts]
    return words.joined(found) if found else "No indicators"


def _finding(places: pd.DataFrame, name: str) -> str:
    if places.empty or (places["comparison"] == "not_compared").all():
        return headline(f"{name} cannot be compared with England yet", "No comparison with England yet")
    better, worse = int((places["comparison"] == "better").sum()), int((places["comparison"] == "worse").sum())
    if not better and not worse:
        return headline(f"{name} is similar to England throughout", "Similar to England throughout")
    return headline(
        f"{name}: {better} better than England, {worse} worse", f"{better} indicators better than England, {worse} worse"
    )


def _table(
    shown: pd.DataFrame, places: pd.DataFrame, indicators: pd.DataFrame, row_of: dict[str, int]
) -> pd.DataFrame:
    shown = shown.sort_values("indicator", key=lambda codes: codes.map(row_of))
    table = twin(shown, indicators, ["Indicator"])
    found = places.set_index("indicator").reindex(shown["indicator"])
    table.insert(3, "England", found["nation"].to_list())
    table.insert(4, "Region", found["area_text"].to_list())
    table.insert(5, "Compared with England", [COMPARISON_WORDS[c] for c in found["comparison"]])
    return table
