"""Differences between two groups of areas, matched in pairs: a dot with its interval an indicator, around 0."""

from typing import Final

import pandas as pd

from charts import chance
from charts.figure import Context, Figure, Spec, headline, records, slugify
from charts.labels import nice_domain
from charts.rows import by_width, expr, label_layers, row_y
from charts.theme import FOCUS, MUTED, PAPER, TEXT, finish
from measures import cautions, words
from measures.with_without import LIMITS, Compared

STEP: Final = 34
LABEL_WIDTH = by_width(138, 236)
TEXT_WIDTH = by_width(70, 128)
CLEAR, CHANCE = "Interval leaves out 0", "May be chance"
KINDS: Final = [CLEAR, CHANCE]


def paired_differences(
    found: dict[str, Compared], indicators: pd.DataFrame, context: Context, *, since: str, own: list[str]
) -> Figure:
    """How much further each indicator moved for the better in areas with partnership work than in their pairs without.

    found       indicator's code → measures.with_without.compared, movements in percentage points, positive: better
    indicators  code, outcome, short_title, in order
    since       the label of the period from which movement counts
    own         titles of those indicators that count partnership work itself
    """
    rows = pd.DataFrame(
        [
            {"row": at, "text": f"{about.outcome} {about.short_title}", **vars(found[str(about.code)])}
            for at, about in enumerate(indicators.itertuples())
        ]
    )
    rows["enough"], rows["clear"] = rows["difference"].notna(), (rows["lower"] > 0) | (rows["upper"] < 0)
    drawn = rows[rows["enough"]]
    finding = _finding(drawn)
    measure = f"Movement since {since}, authorities with active partnership work minus their pairs without"
    return Figure(
        slug=slugify("with and without partnership work", context.place, context.period_label),
        headline=finding,
        subtitle=context.subtitle(measure),
        source=context.source_line(),
        context=context,
        alt=f"Dots with 95% intervals of the difference in movement on {words.plural(len(drawn), 'indicator')}, "
        f"matched on baseline. {finding}. " + " ".join(f"{row.text}: {_said(row)}." for row in drawn.itertuples()),
        spec=finish({"layer": _layers(rows, drawn)}, STEP * (len(rows) + 1), context.illustrative),
        twin=lambda: _table(rows),
        notes=_notes(rows, drawn, own),
        cautions=(cautions.ASSOCIATION, chance.differences(len(drawn))),
    )


def _finding(drawn: pd.DataFrame) -> str:
    clear = int(drawn["clear"].sum())
    if not clear:
        return "Association only: no indicator differs clearly with partnership work"
    differ = "indicator differs" if len(drawn) == 1 else "indicators differ"
    return headline(f"Association only: {clear} of {len(drawn)} {differ} with partnership work")


def _signed(value: float) -> str:
    """'+3.1', '−0.4', '0.0'."""
    size = f"{abs(value):.1f}"
    return size if size == "0.0" else f"{'+' if value > 0 else '−'}{size}"


def _said(row) -> str:  # type: ignore[no-untyped-def]
    """'+3.1 points (−0.2 to +6.4), 42 pairs', or why there is none."""
    if not row.enough:
        return f"too few pairs ({row.pairs})"
    limits = f"{_signed(row.lower)} to {_signed(row.upper)}"
    return f"{_signed(row.difference)} points ({limits}), {words.plural(row.pairs, 'pair')}"


def _layers(rows: pd.DataFrame, drawn: pd.DataFrame) -> list[Spec]:
    y = row_y(len(rows) + 1)  # the last row is for what left and right mean
    x: Spec = {
        "field": "difference",
        "type": "quantitative",
        "title": None,
        "scale": {
            "domain": list(nice_domain([0.0, *drawn["lower"], *drawn["upper"]], "rate")),
            "range": [expr(f"{LABEL_WIDTH} + 6"), expr(f"width - {TEXT_WIDTH} - 8")],
            "nice": False,
            "zero": False,
        },
        "axis": {"grid": True, "orient": "top", "tickCount": expr(by_width(4, 8)), "labelExpr": _AXIS},
    }
    told = drawn.assign(
        kind=[CLEAR if clear else CHANCE for clear in drawn["clear"]],
        said=[_signed(value) for value in drawn["difference"]],
        told=[_said(row) for row in drawn.itertuples()],
        many=[words.plural(pairs, "pair") for pairs in drawn["pairs"]],
    )
    columns = ["row", "text", "difference", "lower", "upper", "kind", "said", "told", "many"]
    zero: Spec = {"type": "rule", "color": TEXT, "strokeWidth": 1.25}
    ends = {"difference": 0, "above": -0.5, "below": len(rows) - 0.5}
    side: Spec = {"type": "text", "baseline": "middle", "color": MUTED, "fontSize": expr(by_width(11, 13))}
    last = {"difference": 0, "row": len(rows)}
    value: Spec = {"type": "text", "align": "right", "baseline": "middle", "x": expr("width")}
    few = rows[~rows["enough"]].assign(
        said=[f"{row.pairs} pairs: too few" for row in rows[~rows["enough"]].itertuples()]
    )
    titles = {"text": "Indicator", "told": "Difference (95% interval)", "kind": "Clear?"}
    scale = {"domain": KINDS, "range": [FOCUS, PAPER]}
    return [
        {
            "data": {"values": [ends]},
            "mark": zero,
            "encoding": {"x": x, "y": {**y, "field": "above"}, "y2": {"field": "below"}},
        },
        {
            "data": {"values": [last]},
            "layer": [
                {"mark": side | {"align": "left", "dx": 8, "text": "further with it →"}, "encoding": {"x": x, "y": y}},
                {"mark": side | {"align": "right", "dx": -8, "text": "← without it"}, "encoding": {"x": x, "y": y}},
            ],
        },
        {
            "data": {"values": records(told[columns])},
            "layer": [
                {
                    "mark": {"type": "rule", "strokeWidth": 2.5, "color": MUTED},
                    "encoding": {"y": y, "x": {**x, "field": "lower"}, "x2": {"field": "upper"}},
                },
                {
                    "mark": {"type": "point", "opacity": 1, "size": 110, "stroke": FOCUS, "strokeWidth": 2},
                    "encoding": {
                        "x": x,
                        "y": y,
                        "fill": {
                            "field": "kind",
                            "type": "nominal",
                            "scale": scale,
                            "legend": {"title": None, "symbolStrokeColor": FOCUS, "symbolStrokeWidth": 2},
                        },
                        "tooltip": [
                            {"field": field, "type": "nominal", "title": title} for field, title in titles.items()
                        ],
                    },
                },
                {
                    "mark": value | {"fontSize": expr(by_width(12, 14)), "fontWeight": 600, "color": TEXT, "dy": -7},
                    "encoding": {"y": y, "text": {"field": "said", "type": "nominal"}},
                },
                {
                    "mark": value | {"fontSize": expr(by_width(11, 13)), "color": MUTED, "dy": 8},
                    "encoding": {"y": y, "text": {"field": "many", "type": "nominal"}},
                },
            ],
        },
        {
            "data": {"values": records(few[["row", "said"]])},
            "mark": value | {"fontSize": expr(by_width(11, 13)), "color": MUTED},
            "encoding": {"y": y, "text": {"field": "said", "type": "nominal"}},
        },
        *label_layers(records(rows[["row", "text"]]), y, f"{LABEL_WIDTH} - 10", lines=2),
    ]


_AXIS: Final = "(datum.value > 0 ? '+' : datum.value < 0 ? '−' : '') + abs(datum.value)"


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    def apart(value: float) -> str:
        return "–" if pd.isna(value) else _signed(value) if abs(value) >= 0.05 else f"{value:.2f}".replace("-", "−")

    return pd.DataFrame(
        {
            "Indicator": rows["text"],
            "Difference in points (95% interval)": [_said(row) if row.enough else "–" for row in rows.itertuples()],
            "Clear?": [
                ("Clear" if row.clear else "May be chance") if row.enough else f"Too few pairs: {LIMITS.pairs} at least"
                for row in rows.itertuples()
            ],
            "Pairs": rows["pairs"],
            "With, not matched": rows["of"] - rows["pairs"],
            "Without, not matched": rows["beside"] - rows["pairs"],
            "Baselines apart before (SD)": [apart(value) for value in rows["apart_before"]],
            "Baselines apart after (SD)": [apart(value) for value in rows["apart_after"]],
            "Difference (number)": rows["difference"].round(4),
            "Lower 95%": rows["lower"].round(4),
            "Upper 95%": rows["upper"].round(4),
        }
    )


def _notes(rows: pd.DataFrame, drawn: pd.DataFrame, own: list[str]) -> str:
    parts = [
        cautions.ASSOCIATION,
        "Each authority with active partnership work is set beside one without whose baseline is alike (within "
        f"{LIMITS.caliper:g} standard deviations); right of 0: it moved further for the better.",
    ]
    if len(drawn):
        before, after = (drawn[name].abs().max() for name in ("apart_before", "apart_after"))
        parts.append(
            f"Mean baselines of the two groups lay up to {before:.2f} standard deviations apart before matching, up to "
            f"{after:.2f} after it."
        )
        parts.append(chance.differences(len(drawn)))
    parts += [f"{words.joined(own)} {'counts' if len(own) == 1 else 'count'} partnership work itself."] if own else []
    return " ".join(parts)
