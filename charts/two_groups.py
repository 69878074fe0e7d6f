"""Two groups of staff side by side in one area, indicator by indicator, and how clear the gap between them is."""

import pandas as pd

from charts import chance
from charts.figure import Context, Figure, Spec, headline, records, slugify, text_or_blank
from charts.group_gap import gap_interval
from charts.labels import AXIS_FORMATS
from charts.rows import by_width, expr, grouped, label_layers, row_y
from charts.tables import by_code
from charts.theme import COMPARISON, FOCUS, OTHERS_EDGE, PAPER, TEXT, finish
from measures import sentences, words
from measures.gaps import group_gap

STEP = 28
LABEL_WIDTH = by_width(138, 236)
TEXT_WIDTH = by_width(74, 220)
CLEAR, CHANCE, UNKNOWN = "clear", "may be chance", "not compared"
SHAPES = ["circle", "diamond"]


def two_groups(
    first: pd.DataFrame,
    second: pd.DataFrame,
    indicators: pd.DataFrame,
    context: Context,
    *,
    names: tuple[str, str],
) -> Figure:
    """Dumbbells on one scale of 0 to 100 %: a dot for the first group, a diamond for the second, widest gap first.

    first, second  values frames of the two groups in one area, same period
    indicators     indicator frame; those collected for both groups are shown, of them those in percent drawn
    names          what the groups are called within a sentence: ('teachers', 'support staff')
    """
    both = _both(first, second, indicators)
    known = both.dropna(subset=["gap"])
    drawn = known[known["unit"] == "percent"].copy()
    order = drawn.assign(size=drawn["gap"].abs()).sort_values(["priority_number", "size"], ascending=[True, False])
    rows = grouped(indicators.set_index("code", drop=False).loc[order["indicator"]])
    place = {row["code"]: row["row"] for row in rows if "code" in row}
    drawn["row"] = drawn["indicator"].map(place).astype(float)
    y = row_y(max(1, len(rows)))
    finding = _finding(known, names, context.place)
    return Figure(
        slug=slugify(*names, context.place, context.period_label),
        headline=finding,
        subtitle=context.subtitle(f"{names[0].capitalize()} and {names[1]}"),
        source=context.source_line(),
        context=context,
        alt=f"Dots of {names[0]} and {names[1]} on {words.plural(len(drawn), 'indicator')} in {context.place}. "
        f"{finding}." + "".join(f" {row.title}: {row.words}." for row in known.itertuples()),
        spec=finish(
            {"layer": [*_marks(drawn, y, names), *label_layers(rows, y, f"{LABEL_WIDTH} - 10", lines=2)]},
            STEP * max(1, len(rows)),
            context.illustrative,
        ),
        twin=lambda: _table(both, names),
        notes=_notes(both, known),
    )


def _both(first: pd.DataFrame, second: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """One row an indicator collected for both groups, in the order of indicators: the gap, and both groups in words."""
    about = by_code(indicators)
    collected = [set(frame.loc[frame["symbol"] != "z", "indicator"]) for frame in (first, second)]
    wanted = [code for code in indicators["code"] if code in collected[0] & collected[1]]
    one, other = (
        frame.drop_duplicates("indicator").set_index("indicator").loc[wanted].reset_index() for frame in (first, second)
    )
    made = group_gap(one, other).assign(
        indicator=one["indicator"],
        unit=one["unit"],
        priority_number=[about[code]["priority_number"] for code in wanted],
        title=[str(about[code]["short_title"]) for code in wanted],
        one=one["value"],
        other=other["value"],
    )
    for name, frame in (("one", one), ("other", other)):
        records_of = frame.to_dict("records")
        made[f"{name}_said"] = [
            words.number(row["value"], row["unit"], text_or_blank(row["symbol"])) for row in records_of
        ]
        made[f"{name}_interval"] = [words.interval(row["lower"], row["upper"], row["unit"]) for row in records_of]
        made[f"{name}_coverage"] = [
            sentences.coverage_mark(row, about[code]) for row, code in zip(records_of, wanted, strict=True)
        ]
    made["said"] = [
        "" if pd.isna(gap) else words.difference(gap, unit) for gap, unit in zip(made["gap"], made["unit"], strict=True)
    ]
    made["judged"] = [
        UNKNOWN if pd.isna(low) else CLEAR if clear else CHANCE
        for low, clear in zip(made["gap_lower"], made["clear"], strict=True)
    ]
    made["words"] = [f"{row.one_said} against {row.other_said}, {row.judged}" for row in made.itertuples()]
    return made


def _marks(drawn: pd.DataFrame, y: Spec, names: tuple[str, str]) -> list[Spec]:
    x: Spec = {
        "field": "value",
        "type": "quantitative",
        "title": None,
        "scale": {
            "domain": [0, 100],
            "range": [expr(f"{LABEL_WIDTH} + 6"), expr(f"width - {TEXT_WIDTH} - 12")],
            "zero": False,
            "nice": False,
        },
        "axis": {
            "labelExpr": by_width(f"datum.value % 50 ? '' : {AXIS_FORMATS['percent']}", AXIS_FORMATS["percent"]),
            "values": [0, 25, 50, 75, 100],
            "grid": True,
            "orient": "top",
        },
    }
    columns = ["row", "title", "said", "judged", "one", "other"]
    rows = records(drawn[columns])
    dots = []
    for value, name in zip(("one", "other"), names, strict=True):
        part = drawn[["row", "title", f"{value}_said", f"{value}_interval", f"{value}_coverage", "words"]].assign(
            value=drawn[value], group=name.capitalize()
        )
        dots += records(part.rename(columns={f"{value}_{of}": of for of in ("said", "interval", "coverage")}))
    scale = {"domain": [name.capitalize() for name in names]}
    legend: Spec = {"title": None}
    titles = {"title": "Indicator", "group": "Staff group", "said": "Value", "interval": "95% interval"}
    titles |= {"words": "Together", "coverage": "Coverage"}
    gap: Spec = {"type": "text", "align": "right", "baseline": "middle", "x": expr("width"), "color": TEXT}
    clear = f"datum.judged === '{CLEAR}'"
    gap |= {
        "fontSize": expr(by_width(11.5, 13.5)),
        "fontWeight": expr(f"{clear} ? 700 : 400"),
        "text": expr(by_width("datum.said", "datum.said + ' apart, ' + datum.judged")),
    }
    return [
        {
            "data": {"values": rows},
            "layer": [
                {
                    "mark": {"type": "rule", "color": OTHERS_EDGE, "strokeWidth": expr(f"{clear} ? 3 : 1.25")},
                    "encoding": {"y": y, "x": {**x, "field": "one"}, "x2": {"field": "other"}},
                },
                {"mark": gap, "encoding": {"y": y}},
            ],
        },
        {
            "data": {"values": dots},
            "mark": {"type": "point", "filled": True, "opacity": 1, "size": 120, "stroke": PAPER, "strokeWidth": 1},
            "encoding": {
                "x": x,
                "y": y,
                "shape": {
                    "field": "group",
                    "type": "nominal",
                    "scale": {**scale, "range": SHAPES},
                    "legend": legend,
                },
                "color": {
                    "field": "group",
                    "type": "nominal",
                    "scale": {**scale, "range": [FOCUS, COMPARISON["Worse"]]},
                    "legend": legend,
                },
                "tooltip": [{"field": field, "type": "nominal", "title": title} for field, title in titles.items()],
            },
        },
    ]


def _finding(known: pd.DataFrame, names: tuple[str, str], place: str) -> str:
    if known.empty:
        return f"No indicator has both {names[0]} and {names[1]}"
    known = known[known["judged"] != UNKNOWN]
    clear = known[known["clear"]]
    if clear.empty:
        return headline(f"No clear gap between {names[0]} and {names[1]} in {place}", "No clear gap between the groups")
    ahead = int((clear["gap"] > 0).sum())
    behind = len(clear) - ahead
    of = words.plural(len(known), "indicator")
    if ahead and behind:
        return headline(
            f"Clear gaps on {len(clear)} of {of}, either way", f"{len(clear)} of {len(known)} gaps are clear"
        )
    higher = names[0] if ahead else names[1]
    return headline(
        f"{higher.capitalize()} clearly higher on {len(clear)} of {of}", f"{len(clear)} of {len(known)} gaps are clear"
    )


def _table(both: pd.DataFrame, names: tuple[str, str]) -> pd.DataFrame:
    first, second = (name.capitalize() for name in names)
    return pd.DataFrame(
        {
            "Indicator": both["title"],
            first: both["one_said"],
            f"{first}, 95% interval": both["one_interval"],
            second: both["other_said"],
            f"{second}, 95% interval": both["other_interval"],
            "Gap": [gap or "–" for gap in both["said"]],
            "Higher": [
                "–" if pd.isna(gap) else first if gap > 0 else second if gap < 0 else "neither" for gap in both["gap"]
            ],
            "Gap, 95% interval": [
                gap_interval(low, high, unit)
                for low, high, unit in zip(both["gap_lower"], both["gap_upper"], both["unit"], strict=True)
            ],
            "Against chance": [judged.capitalize() for judged in both["judged"]],
            f"Coverage of {names[0]}": both["one_coverage"],
            f"Coverage of {names[1]}": both["other_coverage"],
        }
    )


def _notes(both: pd.DataFrame, known: pd.DataFrame) -> str:
    parts = ["Thick line: the 95% interval of the gap leaves out 0."] if len(known) else []
    compared = int((known["judged"] != UNKNOWN).sum())
    parts += [by_chance] if (by_chance := chance.compared(compared, "gaps compared")) else []
    hidden = both[both["gap"].isna()]
    parts += [f"No gap for {words.joined([words.inline(title) for title in hidden['title']])}: see the table."] * bool(
        len(hidden)
    )
    other = known[known["unit"] != "percent"]
    parts += [f"Not in percent, so only in the table: {words.joined(list(other['title']))}."] * bool(len(other))
    return " ".join(parts)
