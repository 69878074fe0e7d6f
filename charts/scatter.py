"""Two indicators of the same areas against each other."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from charts.figure import Context, Figure, Record, Spec, headline, number_or_none, records, slugify, text_or_blank
from charts.labels import AXIS_FORMATS, nice_domain
from charts.rows import by_width, expr
from charts.tables import missing_note
from charts.theme import FOCUS, HALO, MUTED, OTHERS, OTHERS_EDGE, PAPER, TEXT, finish
from measures import sentences, words
from measures.association import Association, association

HEIGHT: Final = 460
NAMED: Final = 40  # areas up to which all may be named
RIGHT: Final = 0.72  # of the scale, from which on names stand at the left of their dots


def scatter(
    pairs: pd.DataFrame,
    across: Record,
    up: Record,
    context: Context,
    *,
    england: tuple[float | None, float | None] = (None, None),
    stressed: Sequence[str] = (),
    named: bool = False,
) -> Figure:
    """A dot for each area that has both figures, England's as lines.

    pairs     area_code, area, and twice, with the endings _x and _y: value, lower, upper, symbol, coverage, units,
              expected_units
    across    the definition of the indicator of _x; up: of _y
    england   England's figures of both, None where it has none
    stressed  area_codes of areas to stress and name; named: name all others, too, where there are NAMED at most
    """
    known = pairs.dropna(subset=["value_x", "value_y"]).reset_index(drop=True)
    found = association(known["value_x"], known["value_y"])
    finding = _finding(found, across, up)
    titles = [str(about["short_title"]) for about in (across, up)]
    both = f"{titles[0]} and {words.inline(titles[1])}"
    return Figure(
        slug=slugify(*titles, context.place, context.period_label),
        headline=finding,
        subtitle=context.subtitle(both),
        source=context.source_line(),
        context=context,
        alt=f"Scatter plot of {words.plural(len(known), 'area')}: {words.inline(titles[0])} across, "
        f"{words.inline(titles[1])} upwards. {finding}. {_correlation(found)}".strip(),
        spec=finish(_spec(known, across, up, england, stressed, named), HEIGHT, context.illustrative),
        twin=lambda: _table(pairs, across, up),
        notes=_notes(pairs, found, england),
    )


def _axis(name: str, about: Record, numbers: Sequence[float | None]) -> tuple[Spec, tuple[float, float]]:
    unit = str(about["unit"])
    domain = nice_domain([number for number in numbers if number is not None], unit)
    return {
        "field": f"value_{name}",
        "type": "quantitative",
        "scale": {"domain": list(domain), "nice": False, "zero": False},
        "axis": {
            "title": str(about["short_title"]),
            "labelExpr": AXIS_FORMATS[unit],
            "tickCount": expr(by_width(4, 7)),
            "grid": True,
        },
    }, domain


def _spec(
    known: pd.DataFrame,
    across: Record,
    up: Record,
    england: tuple[float | None, float | None],
    stressed: Sequence[str],
    named: bool,
) -> Spec:
    x, wide = _axis("x", across, [*known["value_x"], england[0]])
    y, _ = _axis("y", up, [*known["value_y"], england[1]])
    units = {"x": str(across["unit"]), "y": str(up["unit"])}
    rows = known[["area_code", "area", "value_x", "value_y"]].copy()
    titles = {"area": "Area"}
    for end, about in (("x", across), ("y", up)):
        rows[f"said_{end}"] = [words.number(value, units[end]) for value in known[f"value_{end}"]]
        rows[f"interval_{end}"] = [
            words.interval(low, high, units[end])
            for low, high in zip(known[f"lower_{end}"], known[f"upper_{end}"], strict=True)
        ]
        titles |= {f"said_{end}": str(about["short_title"]), f"interval_{end}": "95% interval"}
    own = rows["area_code"].isin(list(stressed))
    tooltip = [{"field": field, "type": "nominal", "title": title} for field, title in titles.items()]
    dot: Spec = {"type": "point", "filled": True, "opacity": 1, "size": 90, "strokeWidth": 1.25}
    layers = _england(england, units, x, y)
    for frame, fill, edge, size in ((rows[~own], OTHERS, OTHERS_EDGE, 80), (rows[own], FOCUS, PAPER, 150)):
        if len(frame):
            layers.append(
                {
                    "data": {"values": records(frame)},
                    "mark": dot | {"fill": fill, "stroke": edge, "size": size},
                    "encoding": {"x": x, "y": y, "tooltip": tooltip},
                }
            )
    turn = wide[0] + RIGHT * (wide[1] - wide[0])
    listed = rows if named and len(rows) <= NAMED else rows[own]
    for side, frame in (("left", listed[listed["value_x"] <= turn]), ("right", listed[listed["value_x"] > turn])):
        layers += _names(frame, side, stressed, x, y)
    return {"layer": layers}


def _england(england: tuple[float | None, float | None], units: dict[str, str], x: Spec, y: Spec) -> list[Spec]:
    """England's figures as lines across and up, each named at its end."""
    layers: list[Spec] = []
    line: Spec = {"type": "rule", "color": MUTED, "strokeWidth": 1.5, "strokeDash": [5, 4]}
    text: Spec = {"type": "text", "color": MUTED, "fontWeight": 600, "fontSize": expr(by_width(11, 13))}
    for end, at in zip(("x", "y"), england, strict=True):
        if at is None:
            continue
        data = {"values": [{f"value_{end}": at, "text": f"England {words.number(at, units[end])}"}]}
        place = {"x": x} if end == "x" else {"y": y}
        ends = {"y": 0, "y2": expr("height")} if end == "x" else {"x": 0, "x2": expr("width")}
        label = {"align": "left", "dx": 5, "y": 8} if end == "x" else {"align": "right", "x": expr("width"), "dy": -10}
        layers.append({"data": data, "mark": line | ends, "encoding": place})
        encoding = place | {"text": {"field": "text", "type": "nominal"}}
        layers.append({"data": data, "mark": text | label, "encoding": encoding})
    return layers


def _names(frame: pd.DataFrame, side: str, stressed: Sequence[str], x: Spec, y: Spec) -> list[Spec]:
    layers: list[Spec] = []
    for bold in (False, True):
        rows = frame[frame["area_code"].isin(list(stressed)) == bold]
        if rows.empty:
            continue
        text: Spec = {"type": "text", "align": side, "dx": 9 if side == "left" else -9, "baseline": "middle"}
        text |= {"fontSize": expr(by_width(12, 13)), "fontWeight": 700 if bold else 400, "color": TEXT}
        data = {"values": records(rows[["area", "value_x", "value_y"]])}
        encoding = {"x": x, "y": y, "text": {"field": "area", "type": "nominal"}}
        layers += [{"data": data, "mark": text | look, "encoding": encoding} for look in (HALO, {})]
    return layers


def _finding(found: Association, across: Record, up: Record) -> str:
    if pd.isna(found.correlation):
        return "Too few areas to see an association"
    first, second = (words.inline(str(about["short_title"])) for about in (across, up))
    if not found.clear:
        return headline(f"No clear association of {first} and {second}", "No clear association between the two")
    much = "high" if found.correlation > 0 else "low"
    return headline(
        f"Areas high on {first} tend to be {much} on {second}",
        f"Where one is high the other tends to be {much}",
    )


def _correlation(found: Association) -> str:
    if pd.isna(found.correlation):
        return ""
    low, high, middle = (f"{number:.2f}".replace("-", "−") for number in (found.lower, found.upper, found.correlation))
    return f"Rank correlation {middle} (95% interval {low} to {high}) of {words.plural(found.areas, 'area')}."


def _table(pairs: pd.DataFrame, across: Record, up: Record) -> pd.DataFrame:
    table = pd.DataFrame({"Area": pairs["area"]})
    for end, about in (("x", across), ("y", up)):
        unit, title = str(about["unit"]), str(about["short_title"])
        own = pairs[[column for column in pairs if str(column).endswith(f"_{end}")]]
        rows = own.rename(columns=lambda name: name[:-2]).to_dict("records")
        table[title] = [words.number(number_or_none(row["value"]), unit, text_or_blank(row["symbol"])) for row in rows]
        table[f"{title}, 95% interval"] = [words.interval(row["lower"], row["upper"], unit) for row in rows]
        table[f"{title}, coverage"] = [sentences.coverage_mark(row, about) for row in rows]
        table[f"{title} (number)"] = [round(float(row["value"]), 4) for row in rows]
    return table


def _notes(pairs: pd.DataFrame, found: Association, england: tuple[float | None, float | None]) -> str:
    parts = [_correlation(found)] if pd.notna(found.correlation) else []
    parts += ["Dashed: England."] if any(at is not None for at in england) else []
    missing = pairs[pairs["value_x"].isna() | pairs["value_y"].isna()]
    symbol = missing["symbol_x"].where(missing["value_x"].isna(), missing["symbol_y"])
    parts += [absent] if (absent := missing_note(missing.assign(symbol=symbol), 10)) else []
    return " ".join(parts)
