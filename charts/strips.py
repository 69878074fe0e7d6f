"""Every indicator of a priority over time, one strip a row: the area against its expected path and England."""

import numpy as np
import pandas as pd

from charts import series
from charts.figure import Context, Figure, Spec, headline, plain, slugify, text_or_blank
from charts.marks import STATUS_SHAPES
from charts.rows import by_width, expr, label_layers, row_y
from charts.tables import by_code, twin
from charts.theme import BAND_INNER, MUTED, STATUS, TEXT, finish
from measures import words

STEP = 62
FOOT_ROWS = 0.4  # below the last, for the names of the years
INSIDE = 0.76  # of a row's height, what its strip takes
MARKER = ["indicator", "trend", "trend_points_used"]
LABEL_WIDTH = by_width(138, 236)
TEXT_WIDTH = by_width(82, 292)


def trend_strips(
    rows: pd.DataFrame,
    england: pd.DataFrame,
    indicators: pd.DataFrame,
    markers: pd.DataFrame,
    context: Context,
) -> Figure:
    """One row an indicator, each on a scale of its own: value with its 95 % band, expected path (dashed), England.

    rows, england  values frames of the area and of England, all periods; no England where the area is England
    indicators     those of a priority, in the order of the rows
    markers        trend markers of the area: indicator, trend, trend_points_used
    """
    shown = indicators[indicators["code"].isin(rows.loc[rows["value"].notna(), "indicator"])]
    place = dict(zip(shown["code"], range(len(shown)), strict=True))
    own, nation = (frame[frame["indicator"].isin(place)].sort_values("period_position") for frame in (rows, england))
    count = len(shown) + FOOT_ROWS
    y = row_y(count)
    foot, about = {code: row + INSIDE / 2 for code, row in place.items()}, by_code(shown)
    mine, theirs = plain(own, series.COLUMNS), plain(nation, series.COLUMNS)
    latest = own.drop_duplicates("indicator", keep="last")
    said = series.said(plain(latest, series.COLUMNS), about, plain(markers, MARKER), mine)
    years = sorted({position for position in own["period_position"] if float(position).is_integer()})
    x: Spec = {
        "field": "at",
        "type": "quantitative",
        "axis": None,
        "scale": {
            "domain": [float(own["period_position"].min()), float(own["period_position"].max())]
            if len(own)
            else [0, 1],
            "range": [expr(f"{LABEL_WIDTH} + 8"), expr(f"width - {TEXT_WIDTH} - 10")],
            "zero": False,
            "nice": False,
        },
    }
    labels = [{"row": place[row.code], "text": f"{row.outcome} {row.short_title}"} for row in shown.itertuples()]
    layers = [
        *series.lines(*series.scaled(mine, theirs, foot, INSIDE), about, x, y),
        *_texts(said, y, place),
        *label_layers(labels, y, f"{LABEL_WIDTH} - 10", lines=2),
        *_years(years, count, x, y),
    ]
    name = str(own["area"].iloc[0]) if len(own) else context.place
    priority = text_or_blank(indicators["priority_short"].iloc[0]) if len(indicators) else "no priority"
    finding = _finding(latest, name)
    return Figure(
        slug=slugify("trends", priority, name, context.period_label),
        headline=finding,
        subtitle=context.subtitle(f"Every indicator of {priority} over time", series.span(mine)),
        source=context.source_line(),
        context=context,
        alt=f"Small charts of {words.plural(len(shown), 'indicator')} in {name} over time. {finding}."
        + "".join(f" {row['title']}: {row['value']}, {row['move']}." for row in said),
        spec=finish({"layer": layers}, round(STEP * count), context.illustrative),
        twin=lambda: twin(
            pd.concat([own, nation]).sort_values(["indicator", "area", "period_position"], key=_in_order(place)),
            shown,
            ["Indicator", "Area", "Period"],
        ),
        notes=_notes(own, len(nation) > 0),
    )


def _in_order(place: dict[str, int]):  # type: ignore[no-untyped-def]
    return lambda column: column.map(place) if column.name == "indicator" else column


def _texts(said: list[dict[str, str]], y: Spec, place: dict[str, int]) -> list[Spec]:
    """At the right: the latest value and its status; a wide chart has room for the move and the marker, too."""
    rows = [row | {"row": place[row["code"]], "lines": [row["move"], row["trend"]]} for row in said]
    if not rows:
        return []
    value: Spec = {"type": "text", "align": "right", "fontWeight": 600, "baseline": "middle", "color": TEXT}
    value |= {"x": expr(by_width("width - 24", "width - 226")), "fontSize": expr(by_width(12, 14))}
    more: Spec = {"type": "text", "align": "left", "baseline": "middle", "color": MUTED, "fontSize": 12.5}
    more |= {"x": expr("width - 214"), "dy": -8, "lineHeight": 16, "opacity": expr(by_width(0, 1))}
    layers: list[Spec] = [
        {"data": {"values": rows}, "mark": value, "encoding": {"y": y, "text": {"field": "value", "type": "nominal"}}},
        {"data": {"values": rows}, "mark": more, "encoding": {"y": y, "text": {"field": "lines", "type": "nominal"}}},
    ]
    for status in words.STATUS_ORDER:
        mine = [row for row in rows if row["status"] == status]
        mark = {"type": "point", "shape": STATUS_SHAPES[status], "color": STATUS[status], "filled": True, "opacity": 1}
        mark |= {"size": 90, "strokeWidth": 0, "x": expr("width - 8")}
        layers += [{"data": {"values": mine}, "mark": mark, "encoding": {"y": y}}] if mine else []
    return layers


def _years(years: list[float], count: float, x: Spec, y: Spec) -> list[Spec]:
    """The names of the years below the last strip, and a thin line up from each."""
    if not years:
        return []
    first, last, foot = years[0], years[-1], count - 0.5 - FOOT_ROWS
    rows = [{"at": at, "row": foot, "top": -0.5, "text": f"{at - 1:.0f}/{at % 100:02.0f}"} for at in years]
    line: Spec = {"type": "rule", "color": BAND_INNER, "strokeWidth": 1}
    name: Spec = {"type": "text", "baseline": "middle", "dy": 12, "color": MUTED, "fontSize": expr(by_width(11, 13))}
    # A narrow chart has room for the first and the last.
    name["opacity"] = expr(by_width(f"datum.at === {first} || datum.at === {last} ? 1 : 0", 1))
    name["align"] = expr(f"datum.at === {first} ? 'left' : datum.at === {last} ? 'right' : 'center'")
    return [
        {
            "data": {"values": rows},
            "mark": line,
            "encoding": {"x": x, "y": {**y, "field": "top"}, "y2": {"field": "row"}},
        },
        {"data": {"values": rows}, "mark": name, "encoding": {"x": x, "y": y, "text": {"field": "text"}}},
    ]


def _finding(latest: pd.DataFrame, name: str) -> str:
    if latest.empty:
        return "No indicator has a value to show"
    latest = latest[latest["period_position"] == latest["period_position"].max()]
    judged = latest[latest["status"] != "none"]
    if judged.empty:
        return headline(f"{name}: no indicator can be judged yet", "No indicator can be judged yet")
    on = int((judged["status"] == "on_track").sum())
    return headline(
        f"{name}: {on} of {words.plural(len(judged), 'indicator')} on the expected path",
        f"{on} of {len(judged)} on the expected path",
    )


def _notes(own: pd.DataFrame, england: bool) -> str:
    parts = ["Each strip has a scale of its own, from its lowest to its highest figure."]
    parts += ["Blue line: the area; shaded: 95% interval."] if own["lower"].notna().any() else ["Blue line: the area."]
    parts += ["Dashed: the expected path."] if own["expected"].notna().any() else []
    parts += ["Grey line: England."] if england else []
    gaps = own[own["value"].isna()]
    symbols = sorted(set(gaps["symbol"].dropna()) - {""})
    parts += [f"Missing figures, {symbol}: {words.SYMBOL_WORDS.get(symbol, 'no value')}." for symbol in symbols]
    low = own[own["value"].notna() & np.less(own["coverage"], own["minimum_coverage"])]
    parts += [f"Low coverage in {words.plural(len(low), 'figure')}, marked in the table."] if len(low) else []
    parts += ["At the right: filled on track, half filled at risk, ring off track, dash no judgement."]
    return " ".join(parts)
