"""The gap between two groups of staff, area by area, with its interval."""

from typing import Any

import pandas as pd

from charts import chance
from charts.figure import Context, Figure, Record, Spec, headline, records, slugify, text_or_blank
from charts.labels import nice_domain
from charts.marks import STATUS_SHAPES
from charts.rows import by_width, expr, label_layers, row_y
from charts.tables import coverage_marks
from charts.theme import FOCUS, MUTED, TEXT, finish
from measures import words
from measures.gaps import group_gap

STEP = 28
HEAD_ROWS = 1  # a first row for which group is higher on which side
LABEL_WIDTH = by_width(146, 190)
VALUE_WIDTH = by_width(52, 60)
SIGNED = {
    "percent": "(datum.value > 0 ? '+' : '') + datum.label",
    "gbp": "(datum.value > 0 ? '+£' : datum.value < 0 ? '−£' : '£') + format(abs(datum.value), ',')",
    "rate": "(datum.value > 0 ? '+' : '') + datum.label",
}
CLEAR, CHANCE = "Clear gap", "May be chance"


def between_groups(
    first: pd.DataFrame,
    second: pd.DataFrame,
    indicator: Record,
    context: Context,
    *,
    names: tuple[str, str],
    focus: str | None = None,
) -> Figure:
    """Dot plot of first − second by area, widest first and England last, with 95% whiskers and a line at no gap.

    first, second  values frames of the two groups, the same areas in the same order: regions and England, one indicator
                   and period
    names          what the groups are called within a sentence: ('teachers', 'support staff')
    focus          area_code of the area to stress
    """
    unit = str(indicator["unit"])
    both = _both(first, second, indicator)
    known = both.dropna(subset=["gap"]).sort_values(["england", "gap"], ascending=[True, False], ignore_index=True)
    finding = _finding(known[~known["england"]], names)
    title = words.inline(str(indicator["short_title"]))
    areas = words.plural(int((~known["england"]).sum()), "region")
    return Figure(
        slug=slugify(str(indicator["short_title"]), context.place, context.period_label, *names),
        headline=finding,
        subtitle=context.subtitle(str(indicator["title"])),
        source=context.source_line(),
        context=context,
        alt=f"Dot plot of the gap between {names[0]} and {names[1]} on {title} in {areas}. {finding}."
        + _said(both, unit, names, focus),
        spec=finish(
            {"layer": _layers(known, unit, names, focus)}, STEP * (len(known) + HEAD_ROWS), context.illustrative
        ),
        twin=lambda: _table(both, known, unit, names),
        notes=_notes(both, known, unit),
    )


def _both(first: pd.DataFrame, second: pd.DataFrame, indicator: Record) -> pd.DataFrame:
    """One row an area: gap, gap_lower, gap_upper, clear, one, other (values), symbols and coverage of both."""
    one, other = first.reset_index(drop=True), second.reset_index(drop=True)
    return group_gap(one, other).assign(
        area_code=one["area_code"],
        area=one["area"],
        england=one["level"] == "england",
        one=one["value"],
        other=other["value"],
        one_symbol=one["symbol"],
        other_symbol=other["symbol"],
        one_coverage=coverage_marks(one, indicator),
        other_coverage=coverage_marks(other, indicator),
    )


def _layers(known: pd.DataFrame, unit: str, names: tuple[str, str], focus: str | None) -> list[Spec]:
    y = row_y(len(known) + HEAD_ROWS)
    low, high = nice_domain([*known["gap"], *known["gap_lower"], *known["gap_upper"], 0.0], "gap")
    x: Spec = {
        "field": "gap",
        "type": "quantitative",
        "title": None,
        "scale": {
            "domain": [min(low, 0.0), max(high, 0.0)],
            "range": [expr(LABEL_WIDTH), expr(f"width - {VALUE_WIDTH} - 8")],
            "nice": False,
            "zero": False,
        },
        "axis": {"labelExpr": SIGNED[unit], "tickCount": expr(by_width(3, 6)), "grid": True},
    }
    rows = known.assign(
        row=range(HEAD_ROWS, len(known) + HEAD_ROWS),
        said=[_signed(gap, unit) for gap in known["gap"]],
        interval=_intervals(known, unit),
        first=[words.number(value, unit) for value in known["one"]],
        second=[words.number(value, unit) for value in known["other"]],
        judged=known["clear"].map({True: CLEAR, False: CHANCE}),
    )
    titles = {"area": "Area", "said": "Gap", "interval": "95% interval", "judged": "Against chance"}
    titles |= {"first": names[0].capitalize(), "second": names[1].capitalize()}
    titles |= {"one_coverage": f"Coverage, {names[0]}", "other_coverage": f"Coverage, {names[1]}"}
    kinds = [CLEAR, CHANCE]
    shape = {"domain": kinds, "range": [STATUS_SHAPES["on_track"], STATUS_SHAPES["off_track"]]}
    legend: Spec = {"title": None, "columns": 2}
    zero: Spec = {"type": "rule", "color": TEXT, "strokeWidth": 1.5, "y": STEP * HEAD_ROWS, "y2": expr("height")}
    value: Spec = {"type": "text", "align": "right", "baseline": "middle", "x": expr("width")}
    drawn = ["row", "gap", "gap_lower", "gap_upper", *titles]
    layers: list[Spec] = [
        {"data": {"values": [{"gap": 0}]}, "mark": zero, "encoding": {"x": x}},
        {
            "data": {"values": records(rows[drawn])},
            "layer": [
                {
                    "transform": [{"filter": "isValid(datum.gap_lower) && isValid(datum.gap_upper)"}],
                    "mark": {"type": "rule", "strokeWidth": 2.5, "color": MUTED},
                    "encoding": {"y": y, "x": {**x, "field": "gap_lower"}, "x2": {"field": "gap_upper"}},
                },
                {
                    "mark": {"type": "point", "filled": True, "opacity": 1, "strokeWidth": 0, "size": 130},
                    "encoding": {
                        "y": y,
                        "x": x,
                        "shape": {"field": "judged", "type": "nominal", "scale": shape, "legend": legend},
                        "color": {"value": FOCUS},
                        "tooltip": [{"field": f, "type": "nominal", "title": t} for f, t in titles.items()],
                    },
                },
                {
                    "mark": value | {"fontSize": expr(by_width(12, 14)), "color": TEXT},
                    "encoding": {"y": y, "text": {"field": "said", "type": "nominal"}},
                },
            ],
        },
        *label_layers(_labels(rows, focus), y, f"{LABEL_WIDTH} - 12"),
    ]
    return [*layers, *_head(names)]


def _labels(rows: pd.DataFrame, focus: str | None) -> list[dict[str, Any]]:
    """England and the area in focus are bold."""
    return [
        {"row": row, "text": area, "bold": nation or code == focus}
        for row, area, nation, code in zip(rows["row"], rows["area"], rows["england"], rows["area_code"], strict=True)
    ]


def _head(names: tuple[str, str]) -> list[Spec]:
    """Which group is higher on which side, at both ends of the first row; of a narrow chart the names only."""
    first, second = (name.capitalize() for name in names)
    layers: list[Spec] = []
    for align, at, short in (("left", "0", f"← {second}"), ("right", "width", f"{first} →")):
        whole = short.replace(second, f"{second} higher") if align == "left" else short.replace(" →", " higher →")
        mark: Spec = {"type": "text", "x": expr(at), "y": STEP * HEAD_ROWS / 2, "align": align, "baseline": "middle"}
        mark |= {"color": MUTED, "fontSize": expr(by_width(12, 13)), "text": expr(by_width(f"'{short}'", f"'{whole}'"))}
        layers.append({"data": {"values": [{}]}, "mark": mark})
    return layers


def _signed(gap: float, unit: str) -> str:
    """'+6.2', '−1.4', '+£12', '0.0': a gap at the end of its row; percent in points."""
    size = words.number(abs(gap), "gbp" if unit == "gbp" else "rate")
    if size == words.number(0.0, "gbp" if unit == "gbp" else "rate"):
        return size
    return f"{'−' if gap < 0 else '+'}{size}"


def _plain(gap: float, unit: str) -> str:
    """'6.2', '−1.4': without the plus, which a spreadsheet would take for the beginning of a formula."""
    return _signed(gap, unit).removeprefix("+")


def gap_interval(low: float, high: float, unit: str) -> str:
    """'3.1 to 9.3', in points for percent; 'no interval' where there is none."""
    return "no interval" if pd.isna(low) or pd.isna(high) else f"{_plain(low, unit)} to {_plain(high, unit)}"


def _intervals(rows: pd.DataFrame, unit: str) -> list[str]:
    return [gap_interval(low, high, unit) for low, high in zip(rows["gap_lower"], rows["gap_upper"], strict=True)]


def _finding(regions: pd.DataFrame, names: tuple[str, str]) -> str:
    if regions.empty:
        return "No region has a figure for both groups"
    clear, total = regions[regions["clear"]], len(regions)
    if clear.empty:
        return headline(
            f"No clear gap between {names[0]} and {names[1]}", "No region has a clear gap between the two groups"
        )
    count = f"{len(clear)} of {words.plural(total, 'region')}"
    if (clear["gap"] > 0).all() or (clear["gap"] < 0).all():
        above, below = names if (clear["gap"] > 0).all() else names[::-1]
        return headline(
            f"{above.capitalize()} clearly above {below} in {count}",
            f"{above.capitalize()} clearly ahead in {count}",
            f"A clear gap in {count}",
        )
    return headline(f"A clear gap, either way, in {count}")


def _said(both: pd.DataFrame, unit: str, names: tuple[str, str], focus: str | None) -> str:
    """' London: teachers 61.2%, support staff 55.0%, 6.2 points apart …': the area in focus, else England."""
    chosen = both[both["area_code"] == focus] if focus else both[both["england"]]
    if chosen.empty:
        return ""
    row = chosen.iloc[0]
    values = (("one", names[0]), ("other", names[1]))
    parts = [f"{name} {words.number(row[side], unit, text_or_blank(row[f'{side}_symbol']))}" for side, name in values]
    if pd.notna(row["gap"]):
        judged = "a clear gap" if row["clear"] else "which may be chance"
        parts.append(f"{words.difference(row['gap'], unit)} apart, {judged}")
    return f" {row['area']}: {', '.join(parts)}."


def _notes(both: pd.DataFrame, known: pd.DataFrame, unit: str) -> str:
    parts = ["Gaps in percentage points."] if unit == "percent" and len(known) else []
    if known["gap_lower"].notna().any():
        parts.append("Bars show 95% intervals, which take the groups for independent.")
    regions = int(known.loc[~known["england"], "gap_lower"].notna().sum())
    if regions:
        many = words.plural(regions, "region")
        parts.append(f"Of {many}, {chance.about(regions, 0.95)} would show a clear gap by chance alone.")
    missing = both[both["gap"].isna()]
    named = []
    for row in missing.to_dict("records"):
        symbols = [words.SYMBOL_WORDS[row[side]] for side in ("one_symbol", "other_symbol") if row[side]]
        named.append(row["area"] + (f" ({symbols[0]})" if symbols else ""))
    parts += [f"No gap: {', '.join(named)}."] if named else []
    return " ".join(parts)


def _table(both: pd.DataFrame, known: pd.DataFrame, unit: str, names: tuple[str, str]) -> pd.DataFrame:
    """A row an area; the text columns for people, `(number)` columns for a spreadsheet."""
    rows = pd.concat([known, both[both["gap"].isna()]]) if both["gap"].isna().any() else known
    first, second = (name.capitalize() for name in names)
    clear = [
        "–" if pd.isna(low) else CLEAR if clear else CHANCE
        for low, clear in zip(rows["gap_lower"], rows["clear"], strict=True)
    ]
    said = {
        title: [
            words.number(v, unit, text_or_blank(s)) for v, s in zip(rows[side], rows[f"{side}_symbol"], strict=True)
        ]
        for side, title in (("one", first), ("other", second))
    }
    return pd.DataFrame(
        {
            "Area": rows["area"],
            **said,
            "Gap": ["–" if pd.isna(gap) else _plain(gap, unit) for gap in rows["gap"]],
            "95% interval": _intervals(rows, unit),
            "Against chance": clear,
            f"{first}, coverage": rows["one_coverage"],
            f"{second}, coverage": rows["other_coverage"],
            "Gap (number)": rows["gap"].round(4),
            "Lower 95%": rows["gap_lower"].round(4),
            "Upper 95%": rows["gap_upper"].round(4),
        }
    ).reset_index(drop=True)
