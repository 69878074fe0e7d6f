"""Areas in order of their value, each with its interval, England and the target as lines."""

import json
from collections.abc import Sequence
from typing import Final

import pandas as pd

from charts import chance
from charts.figure import Context, Figure, Record, Spec, headline, number_or_none, ordinal, records, slugify
from charts.labels import AXIS_FORMATS, along_value, nice_domain
from charts.rows import by_width, expr, label_layers, row_y
from charts.tables import compared, in_focus, low_note, missing_note, tooltip_words, twin
from charts.theme import FOCUS, MUTED, OTHERS, OTHERS_EDGE, SERIES, TEXT, finish
from measures import words
from measures.comparison import quartile, rank

LABEL_WIDTH = by_width(164, 220)
VALUE_WIDTH = by_width(52, 64)
TOP_ROWS = 2  # rows above the first area, for the labels of England and the target
ORDERS: Final = {"best": "Best first", "worst": "Worst first", "name": "By name", "chosen": "As chosen"}
MANY = 30  # areas from which on rows are thin and the axis is on top, where a reader of a long list begins


def ranked(
    values: pd.DataFrame,
    indicator: Record,
    context: Context,
    *,
    england: Record | None = None,
    focus: str | None = None,
    target: float | None = None,
    ends: int | None = None,
    also: Sequence[str] = (),
    order: str = "best",
    numbers: bool = True,
) -> Figure:
    """Dot plot of areas in order, with 95% whiskers; a click on a dot sets the selection `pick` (area_code).

    values   values frame of one indicator and period, one row an area (regions, or up to 152 local authorities)
    england  England's row of the same; its value is drawn as a line, and its target where `target` is not given
    focus    area_code of the area to stress
    ends     draw only so many of the first and of the last areas, and the one in focus; the words are about all
    also     codes of more areas to stress
    order    one of ORDERS; 'chosen' is the order of values
    numbers  write each value at the right
    """
    unit = str(indicator["unit"])
    known = values.dropna(subset=["value"]).sort_values("value", ascending=indicator["better"] == "lower")
    known, best = in_order(known, values, order), known.reset_index(drop=True)
    national = number_or_none(england["value"]) if england is not None else None
    if target is None and england is not None:
        target = number_or_none(england["target"])
    against = compared(known, national, indicator) if national is not None else None
    drawn, stressed = _drawn(known, ends, focus), [code for code in (focus, *also) if code]
    count = len(drawn) + TOP_ROWS
    step = 20 if len(drawn) > MANY else 28
    domain = nice_domain([*drawn["value"], *drawn["lower"], *drawn["upper"], *_present(national, target)], unit)
    y = row_y(count)
    x = along_value(domain, AXIS_FORMATS[unit], LABEL_WIDTH, f"{VALUE_WIDTH} - 8", top=len(drawn) > MANY)
    layers = [
        *references(national, target, unit, x, y, count, domain),
        *_areas(drawn, indicator, x, y, stressed, numbers, against and [against[at] for at in drawn.index]),
        *label_layers(_labels(drawn, stressed), y, f"{LABEL_WIDTH} - 12"),
    ]
    # The palette is a parameter, so that dark mode finds its colours as whole strings.
    palette = {"name": "palette", "value": {"focus": FOCUS, "others": OTHERS, "edge": OTHERS_EDGE}}
    pick = {"name": "pick", "select": {"type": "point", "fields": ["area_code"]}, "views": ["areas"]}
    spec: Spec = {"params": [palette, pick] if len(known) else [palette], "layer": layers}
    finding = found(best, indicator, focus)
    missing = values[values["value"].isna()]
    return Figure(
        slug=slugify(str(indicator["short_title"]), context.place, context.period_label),
        headline=finding,
        subtitle=context.subtitle(str(indicator["title"])),
        source=context.source_line(),
        context=context,
        alt=f"Dot plot of {words.plural(len(known), 'area')} ranked on {indicator['short_title']}. {finding}"
        + (f"; England {words.number(national, unit)}." if national is not None and focus else ".")
        + in_focus(values, indicator, england, focus),
        spec=finish(spec, count * step, context.illustrative),
        twin=lambda: _table(known, missing, indicator, against),
        notes=_notes(known, missing, indicator, against, len(drawn)),
    )


def _drawn(known: pd.DataFrame, ends: int | None, focus: str | None) -> pd.DataFrame:
    """The areas to draw, with their place among all as index."""
    if ends is None or len(known) <= 2 * ends + 1:
        return known
    place = pd.Series(known.index)
    return known[((place < ends) | (place >= len(known) - ends) | (known["area_code"] == focus)).to_numpy()]


def in_order(known: pd.DataFrame, values: pd.DataFrame, order: str) -> pd.DataFrame:
    """The areas with a value (known: best first) in one of ORDERS, numbered from 0; values: all as chosen."""
    if order == "name":
        known = known.sort_values("area")
    elif order == "worst":
        known = known.iloc[::-1]
    elif order == "chosen":
        known = known.loc[[at for at in values.index if at in known.index]]
    return known.reset_index(drop=True)


def _present(*numbers: float | None) -> list[float]:
    return [number for number in numbers if number is not None]


def _labels(known: pd.DataFrame, stressed: Sequence[str]) -> list[dict[str, object]]:
    """Areas that are stressed are bold, as group headers elsewhere."""
    return [
        {"row": row + TOP_ROWS, "text": area, "bold": code in stressed}
        for row, (area, code) in enumerate(zip(known["area"], known["area_code"], strict=True))
    ]


def _areas(
    known: pd.DataFrame,
    indicator: Record,
    x: Spec,
    y: Spec,
    stressed: Sequence[str],
    numbers: bool,
    against: list[str] | None,
) -> list[Spec]:
    known = known.reset_index(drop=True)
    rows = known[["area_code", "area", "value", "lower", "upper"]].copy()
    rows["row"] = range(TOP_ROWS, len(known) + TOP_ROWS)
    told, titles = tooltip_words(known, indicator, against)
    rows = rows.join(told)
    in_focus = f"indexof({json.dumps(list(stressed))}, datum.area_code) >= 0"
    edge, fill = f"{in_focus} ? palette.focus : palette.edge", f"{in_focus} ? palette.focus : palette.others"
    said: Spec = {"type": "text", "align": "right", "baseline": "middle", "x": expr("width")}
    said |= {"fontSize": expr(by_width(12, 14)), "fontWeight": expr(f"{in_focus} ? 700 : 400"), "color": TEXT}
    dot: Spec = {"type": "point", "filled": True, "opacity": 1, "size": expr(by_width(80, 110)), "cursor": "pointer"}
    written: Spec = {"mark": said, "encoding": {"y": y, "text": {"field": "said", "type": "nominal"}}}
    return [
        {
            "data": {"values": records(rows)},
            "layer": [
                {
                    "transform": [{"filter": "isValid(datum.lower) && isValid(datum.upper)"}],
                    "mark": {"type": "rule", "strokeWidth": 2.5, "stroke": expr(edge)},
                    "encoding": {"y": y, "x": {**x, "field": "lower"}, "x2": {"field": "upper"}},
                },
                {
                    "name": "areas",
                    "mark": dot | {"fill": expr(fill), "stroke": expr(edge), "strokeWidth": 1.5},
                    "encoding": {
                        "y": y,
                        "x": x,
                        "tooltip": [{"field": f, "type": "nominal", "title": t} for f, t in titles.items()],
                    },
                },
                *([written] if numbers else []),
            ],
        }
    ]


def references(
    national: float | None, target: float | None, unit: str, x: Spec, y: Spec, count: float, domain: tuple[float, float]
) -> list[Spec]:
    """England and the target as vertical lines, named above the first area, each in a row of its own."""
    named = [("England", national, MUTED, None), ("Target", target, SERIES[2], [5, 4])]
    lines = sorted([line for line in named if line[1] is not None], key=lambda line: -(line[1] or 0))
    layers: list[Spec] = []
    # The higher line is named in the top row; the lower one begins a row below and is named on its left, where the
    # rows above the first area leave the label column free: so no name is crossed by the other line.
    for row, (name, at, colour, dash) in enumerate(lines):
        right = row == 1 or ((at or 0) - domain[0]) > 0.5 * (domain[1] - domain[0])
        rule: Spec = {"type": "rule", "color": colour, "strokeWidth": 2} | ({"strokeDash": dash} if dash else {})
        text: Spec = {"type": "text", "align": "right" if right else "left", "dx": -6 if right else 6, "color": colour}
        text |= {"fontWeight": 600, "fontSize": expr(by_width(13, 14)), "baseline": "middle"}
        data = {
            "values": [
                {
                    "value": at,
                    "row": row,
                    "above": row - 0.4,
                    "below": count - 0.5,
                    "text": f"{name} {words.number(at, unit)}",
                }
            ]
        }
        layers.append(
            {
                "data": data,
                "layer": [
                    {"mark": rule, "encoding": {"x": x, "y": {**y, "field": "above"}, "y2": {"field": "below"}}},
                    {"mark": text, "encoding": {"x": x, "y": y, "text": {"field": "text", "type": "nominal"}}},
                ],
            }
        )
    return layers


def found(known: pd.DataFrame, indicator: Record, focus: str | None) -> str:
    """What a ranking finds, in a headline. known: the areas with a value, best first; focus: an area_code."""
    unit, lower_is_better = str(indicator["unit"]), indicator["better"] == "lower"
    if known.empty:
        return "No area has a value to show"
    if len(known) == 1:
        only = known.iloc[0]
        return headline(
            f"Only {only['area']} has a value: {words.number(only['value'], unit)}", "Only one area has a value"
        )
    if focus is not None and (known["area_code"] == focus).any():
        own = known[known["area_code"] == focus].iloc[0]
        place = int((known["value"] < own["value"]).sum() if lower_is_better else (known["value"] > own["value"]).sum())
        text = f"{own['area']} ranks {ordinal(place + 1)} of {len(known)}"
        return headline(f"{text} on {words.inline(str(indicator['short_title']))}", text)
    first, last = known.iloc[0], known.iloc[-1]
    size = words.difference(first["value"] - last["value"], unit)
    if first["value"] == last["value"]:
        return f"All {len(known)} areas stand at {words.number(first['value'], unit)}"
    return headline(
        f"{first['area']} leads; {last['area']} trails by {size}",
        f"{first['area']} leads; the last is {size} behind",
        f"Best and worst area are {size} apart",
    )


def _table(known: pd.DataFrame, missing: pd.DataFrame, indicator: Record, against: list[str] | None) -> pd.DataFrame:
    table = twin(pd.concat([known, missing]) if len(missing) else known, indicator, ["Area"])
    if against is not None:
        table.insert(3, "Compared with England", [*against, *["Not compared"] * len(missing)])
    better = str(indicator["better"])
    places, quarters = rank(known["value"], better), quartile(known["value"], better)
    tied = places.duplicated(keep=False)
    said = [f"{place:.0f}{'=' if shared else ''}" for place, shared in zip(places, tied, strict=True)]
    table.insert(1, "Rank", [*said, *["–"] * len(missing)])
    table.insert(2, "Quarter", [*(f"{quarter:.0f}" for quarter in quarters), *["–"] * len(missing)])
    return table


def _notes(known: pd.DataFrame, missing: pd.DataFrame, indicator: Record, against: list[str] | None, drawn: int) -> str:
    parts = [f"Drawn: the first and last of {len(known)} areas."] if drawn < len(known) else []
    parts += ["Bars show 95% intervals."] if known["lower"].notna().any() else []
    counted = sum(word != "Not compared" for word in against or [])
    parts += [by_chance] if (by_chance := chance.compared(counted, "areas compared")) else []
    parts += [low] if (low := low_note(known, indicator, "area")) else []
    parts += [absent] if (absent := missing_note(missing)) else []
    return " ".join(parts)
