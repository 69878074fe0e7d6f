"""Spine chart: every indicator of one area against England, its region and the range of local authorities."""

from typing import Any

import pandas as pd

from charts import chance
from charts.figure import Context, Figure, Record, Spec, headline, number_or_none, records, slugify, text_or_blank
from charts.marks import COMPARISON_SHAPES, STATUS_SHAPES
from charts.rows import by_width, every_indicator, expr, grouped, label_layers, row_y
from charts.standardised import standardised
from charts.tables import by_code, twin
from charts.theme import BAND, BAND_INNER, COMPARISON, MUTED, STATUS, TEXT, finish
from measures import sentences, words

STEP = 26
HEAD_ROWS = 1  # a first row for the words 'Worse than England' and 'Better than England'
LABEL_WIDTH = by_width(138, 232)
TEXT_WIDTH = by_width(76, 216)  # the area's value and status mark; on a wide chart England's value too


def spine(
    own: pd.DataFrame,
    england: pd.DataFrame,
    region: pd.DataFrame | None,
    spread: pd.DataFrame,
    indicators: pd.DataFrame,
    context: Context,
    *,
    neighbours: pd.DataFrame | None = None,
    measure: str = "",
) -> Figure:
    """One row an indicator under priority headers; right of the central line (England) is always better.

    own         values frame of the area; a column `comparison` (words of measures.comparison) is used where given,
                else it is worked out against England
    england     values frame of England, same period; region likewise, or None
    spread      measures.gaps.spread of all local authorities, same period: their range and middle half are the bands
    indicators  indicator frame, grouped by priority, within which the worst is shown first
    neighbours  a frame of columns indicator, value, reported, asked: the mean of the statistical neighbours, and of how
                many of them
    measure     what the indicators are called together; '' where they are every one
    """
    places = standardised(own, england, region, spread, indicators, neighbours)
    rows = grouped(_worst_first(indicators, places))
    for row in rows:
        row["row"] += HEAD_ROWS
    row_of = {row["code"]: row["row"] for row in rows if "code" in row}
    places["row"] = [row_of[code] for code in places["indicator"]]
    beside = _beside(neighbours, indicators)
    places["beside"] = [beside.get(code) for code in places["indicator"]]
    places[["judged", "reporting"]] = _judged(own, indicators, list(places["indicator"]))
    count = len(rows) + HEAD_ROWS
    y = row_y(count)
    x: Spec = {
        "field": "own",
        "type": "quantitative",
        "axis": None,
        "scale": {
            "domain": [-1.05, 1.05],
            "range": [expr(LABEL_WIDTH), expr(f"width - {TEXT_WIDTH}")],
            "zero": False,
            "nice": False,
        },
    }
    name = str(own["area"].iloc[0]) if len(own) else context.place
    layers = [
        *_bands(x, y),
        *_marks(x, y, places),
        *_texts(y, set(places["status"])),
        *label_layers(rows, y, f"{LABEL_WIDTH} - 10", lines=2),
        *_head(x),
    ]
    spec = finish(
        {
            "data": {"values": records(places)},
            "layer": layers,
        },
        STEP * count,
        context.illustrative,
    )
    finding = _finding(places, name)
    furthest = _furthest(own, england, indicators, places)
    shown = own[own["indicator"].isin(list(row_of))]
    return Figure(
        slug=slugify("spine", name, context.period_label),
        headline=finding,
        subtitle=context.subtitle(f"{measure or every_indicator(indicators)} against England"),
        source=context.source_line(),
        context=context,
        alt=f"Spine chart of {words.plural(len(row_of), 'indicator')} for {name}, {context.period_label}, "
        f"against England and the range of local authorities. {_counts(places)}.{furthest}",
        spec=spec,
        twin=lambda: _table(shown, places, indicators, row_of),
        notes=_notes(shown, places, region is not None, neighbours is not None),
    )


def _worst_first(indicators: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    groups = indicators["priority"].ne(indicators["priority"].shift()).cumsum()
    position = indicators["code"].map(places.set_index("indicator")["own"]).astype(float)
    ordered = indicators.assign(group=groups, position=position).sort_values(["group", "position"], kind="stable")
    return ordered.drop(columns=["group", "position"])


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


def _marks(x: Spec, y: Spec, places: pd.DataFrame) -> list[Spec]:
    """Region, neighbours, interval and the area itself, in that order; what no row has is left out."""
    shape = {"domain": list(COMPARISON_SHAPES), "range": list(COMPARISON_SHAPES.values())}
    colour = {"domain": list(COMPARISON), "range": list(COMPARISON.values())}
    legend: Spec = {
        "title": None,
        "columns": expr(by_width(2, 4)),
        "values": ["Better", "Similar", "Worse", "Not compared"],
    }
    titles = {
        "title": "Indicator",
        "value": "Value",
        "interval": "95% interval",
        "nation": "England",
        "area_text": "Region",
        "beside": "Statistical neighbours",
        "comparison": "Compared with England",
        "judged": "Status",
        "reporting": "Coverage",
    }
    if places["beside"].isna().all():
        del titles["beside"]
    layers: dict[str, Spec] = {
        "region": {
            "transform": [{"filter": "isValid(datum.region)"}],
            "mark": {"type": "tick", "color": TEXT, "thickness": 2, "size": 16, "orient": "vertical"},
            "encoding": {"x": {**x, "field": "region"}, "y": y},
        },
        "neighbours": {
            "transform": [{"filter": "isValid(datum.neighbours)"}],
            "mark": {
                "type": "point",
                "shape": "diamond",
                "filled": False,
                "stroke": TEXT,
                "strokeWidth": 1.5,
                "size": expr(by_width(45, 80)),
            },
            "encoding": {"x": {**x, "field": "neighbours"}, "y": y},
        },
        "from": {
            "transform": [{"filter": "isValid(datum.from)"}],
            "mark": {"type": "rule", "color": TEXT, "strokeWidth": 1.25},
            "encoding": {"x": {**x, "field": "from"}, "x2": {"field": "to"}, "y": y},
        },
        "own": {
            "transform": [{"filter": "isValid(datum.own)"}],
            "mark": {"type": "point", "filled": True, "size": expr(by_width(110, 150)), "opacity": 1, "strokeWidth": 0},
            "encoding": {
                "x": x,
                "y": y,
                "shape": {"field": "comparison", "type": "nominal", "scale": shape, "legend": legend},
                "color": {"field": "comparison", "type": "nominal", "scale": colour, "legend": legend},
                "tooltip": [{"field": f, "type": "nominal", "title": t} for f, t in titles.items()],
            },
        },
    }
    # A layer without rows would be an empty picture to a screen reader.
    return [layer for field, layer in layers.items() if places[field].notna().any()]


def _texts(y: Spec, present: set[str]) -> list[Spec]:
    """The values at the right; a narrow chart has room for the area's own only."""
    own: Spec = {"type": "text", "align": "right", "x": expr(by_width("width - 24", "width - 142")), "fontWeight": 600}
    nation: Spec = {"type": "text", "align": "right", "x": expr("width - 26"), "color": MUTED}
    size = {"fontSize": expr(by_width(12, 14)), "baseline": "middle"}
    hidden = {"opacity": expr(by_width(0, 1))}
    return [
        {"mark": own | size, "encoding": {"y": y, "text": {"field": "value", "type": "nominal"}}},
        {
            "transform": [{"calculate": "'England ' + datum.nation", "as": "nation_text"}],
            "mark": nation | size | hidden,
            "encoding": {"y": y, "text": {"field": "nation_text", "type": "nominal"}},
        },
        *(_status(status, y) for status in words.STATUS_ORDER if status in present),
    ]


def _status(status: str, y: Spec) -> Spec:
    """The mark of one status at the right edge of its rows."""
    mark = {"type": "point", "shape": STATUS_SHAPES[status], "color": STATUS[status], "filled": True, "opacity": 1}
    return {
        "transform": [{"filter": f"datum.status === '{status}'"}],
        "mark": mark | {"size": 90, "strokeWidth": 0, "x": expr("width - 8")},
        "encoding": {"y": y},
    }


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


def _judged(own: pd.DataFrame, indicators: pd.DataFrame, codes: list[str]) -> list[tuple[str, str]]:
    """Status with its reason, and coverage, of each indicator in words."""
    rows, known = _by_indicator(own), by_code(indicators)
    return [
        (
            words.status_text(text_or_blank(row.get("status")) or "none", text_or_blank(row.get("reason")))[2:],
            sentences.coverage_mark(row, known[code]),
        )
        for code in codes
        for row in [rows.get(code, {})]
    ]


def _beside(neighbours: pd.DataFrame | None, indicators: pd.DataFrame) -> dict[str, str]:
    """Indicator → '57.1%, mean of 8 of 10' statistical neighbours."""
    known = by_code(indicators)
    rows = [] if neighbours is None else neighbours.to_dict("records")
    return {
        row["indicator"]: f"{words.number(row['value'], str(known[row['indicator']]['unit']))}, "
        f"mean of {row['reported']:.0f} of {row['asked']:.0f}"
        for row in rows
        if row["indicator"] in known
    }


def _by_indicator(values: pd.DataFrame) -> dict[str, Record]:
    return {str(row["indicator"]): row for row in values.to_dict("records")}  # type: ignore[misc]


def _furthest(own: pd.DataFrame, england: pd.DataFrame, indicators: pd.DataFrame, places: pd.DataFrame) -> str:
    """The indicator furthest on the worse side of England, in a sentence; '' where none is worse."""
    worse = places[places["comparison"] == "Worse"].dropna(subset=["own"])
    if worse.empty:
        return ""
    furthest = worse.sort_values("own").iloc[0]
    code = furthest["indicator"]
    nation = number_or_none(england.set_index("indicator")["value"].get(code))
    mark = sentences.Benchmark("England", nation, furthest["comparison"])
    said = sentences.say(_by_indicator(own)[code], by_code(indicators)[code], benchmarks=[mark])
    return f" Furthest behind, {words.inline(str(furthest['title']))}: {said}."


def _counts(places: pd.DataFrame) -> str:
    counts = places["comparison"].value_counts()
    found = [f"{counts[said]} {said.lower()}" for said in COMPARISON_SHAPES if said in counts]
    return words.joined(found) if found else "No indicators"


def _finding(places: pd.DataFrame, name: str) -> str:
    if places.empty or (places["comparison"] == "Not compared").all():
        return headline(f"{name} cannot be compared with England yet", "No comparison with England yet")
    better, worse = int((places["comparison"] == "Better").sum()), int((places["comparison"] == "Worse").sum())
    if not better and not worse:
        return headline(f"{name} is similar to England throughout", "Similar to England throughout")
    found = f"{words.plural(better, 'indicator')} better than England, {worse} worse"
    return headline(f"{name}: {found}", found)


def _notes(shown: pd.DataFrame, places: pd.DataFrame, region: bool, neighbours: bool) -> str:
    parts = ["Pale band: lowest to highest local authority; darker band: middle half; thin line: 95% interval."]
    parts += ["Upright tick: region."] if region else []
    parts += ["Diamond: mean of statistical neighbours."] if neighbours else []
    parts += ["At the right: filled on track, half filled at risk, ring off track, dash no judgement."]
    counted = int((places["comparison"] != "Not compared").sum())
    parts += [by_chance] if (by_chance := chance.compared(counted, "indicators compared")) else []
    symbols = sorted(set(shown.loc[shown["value"].isna(), "symbol"].dropna()) - {""})
    parts += [f"{symbol}: {words.SYMBOL_WORDS.get(symbol, 'no value')}." for symbol in symbols]
    return " ".join(parts)


def _table(shown: pd.DataFrame, places: pd.DataFrame, indicators: pd.DataFrame, row_of: dict[str, int]) -> pd.DataFrame:
    shown = shown.sort_values("indicator", key=lambda codes: codes.map(row_of))
    table = twin(shown, indicators, ["Indicator"])
    found = places.set_index("indicator").reindex(shown["indicator"])
    table.insert(3, "England", found["nation"].to_list())
    table.insert(4, "Region", found["area_text"].to_list())
    table.insert(5, "Compared with England", found["comparison"].to_list())
    if found["beside"].notna().any():
        table.insert(6, "Statistical neighbours", found["beside"].fillna("–").to_list())
    return table
