"""Challenges of partnerships, and how many of them are open, being worked on and surmounted."""

from typing import Any, Final

import pandas as pd

from charts.figure import Context, Figure, Spec, headline, slugify
from charts.rows import by_width, expr, label_layers, row_y
from charts.theme import MUTED, PALEST, PAPER, RULE, SEQUENTIAL, TEXT, finish
from measures import words
from measures.partnership_impacts import LATER, STATES
from measures.partnership_words import CHALLENGES

STEP: Final = 30
LABEL_WIDTH: Final = by_width(132, 230)
TOTAL_WIDTH: Final = 34  # pixels right of the bars, for how many there are
FILLS: Final = {"open": SEQUENTIAL[0], "being_worked_on": SEQUENTIAL[2], "surmounted": PALEST, LATER: PAPER}
LEAST_SHARE: Final = 0.07  # of the longest bar, below which a part has no room for its count


def challenge_states(counts: pd.DataFrame, context: Context) -> Figure:
    """A bar for each challenge in parts by state, those open most often first.

    counts: as measures.partnership_impacts.challenges gives it.
    """
    there = counts[counts.sum(axis=1) > 0].sort_values(["open", "being_worked_on"], ascending=False, kind="stable")
    states = {code: said for code, said in STATES.items() if code != LATER or there[LATER].any()}
    rows = [{"row": at, "text": CHALLENGES[code], "code": code} for at, code in enumerate(there.index)]
    finding = _finding(there)
    y = row_y(max(1, len(rows)))
    layers = [*_bars(there, states, y), *label_layers(rows, y, f"{LABEL_WIDTH} - 8", lines=2)]
    if not rows:
        said: Spec = {"type": "text", "align": "left", "x": 0, "color": TEXT, "text": finding}
        layers = [{"data": {"values": [{"row": 0}]}, "mark": said, "encoding": {"y": y}}]
    return Figure(
        slug=slugify("challenges of partnerships", context.place, context.period_label),
        headline=finding,
        subtitle=context.subtitle("Partnerships that go on and noted the challenge, by its state"),
        source=context.source_line(),
        context=context,
        alt=f"Bars of {words.plural(len(rows), 'challenge')} by state, {context.place}. {finding}.{_each(there)}",
        spec=finish({"layer": layers}, STEP * max(1, len(rows)), context.illustrative),
        twin=lambda: _table(there, states),
        notes="The number at the right: all that noted it."
        + (" Noted only later: its state was first noted after the period." if LATER in states else ""),
    )


def _bars(there: pd.DataFrame, states: dict[str, str], y: Spec) -> list[Spec]:
    if there.empty:
        return []
    most = int(there.sum(axis=1).max())
    parts: list[dict[str, Any]] = []
    totals = []
    for at, (code, row) in enumerate(there.iterrows()):
        left = 0
        for state, said in states.items():
            count = int(row[state])
            if count:
                room = count / most >= LEAST_SHARE
                parts.append(
                    {
                        "row": at,
                        "left": left,
                        "right": left + count,
                        "middle": left + count / 2,
                        "state": said,
                        "count": count,
                        "text": str(count) if room else "",
                        "challenge": CHALLENGES[str(code)],
                    }
                )
            left += count
        totals.append({"row": at, "left": left, "text": str(left)})

    def x(field: str) -> Spec:
        scale = {"domain": [0, most], "range": [expr(LABEL_WIDTH), expr(f"width - {TOTAL_WIDTH}")], "nice": False}
        return {"field": field, "type": "quantitative", "axis": None, "scale": scale}

    fill: Spec = {
        "field": "state",
        "type": "nominal",
        "scale": {"domain": list(states.values()), "range": [FILLS[code] for code in states]},
        "legend": {
            "title": None,
            "symbolType": "square",
            "symbolStrokeColor": MUTED,
            "symbolStrokeWidth": 1,
            "columns": expr(by_width(2, 4)),
        },
    }
    tooltip = [{"field": name, "title": name.capitalize()} for name in ("challenge", "state", "count")]
    edges: list[Spec] = [
        {"calculate": "datum.row - 0.34", "as": "above"},
        {"calculate": "datum.row + 0.34", "as": "below"},
    ]
    sides = {"x": x("left"), "x2": {"field": "right"}, "y": {**y, "field": "above"}, "y2": {"field": "below"}}
    dark = {"condition": {"test": f"datum.state === '{STATES['open']}'", "value": PAPER}, "value": TEXT}
    bars: Spec = {
        "data": {"values": parts},
        "transform": edges,
        "layer": [
            {
                "mark": {"type": "rect", "stroke": RULE, "strokeWidth": 0.5},
                "encoding": {**sides, "fill": fill, "tooltip": tooltip},
            },
            {
                "mark": {"type": "text", "baseline": "middle", "fontWeight": 600},
                "encoding": {
                    "x": x("middle"),
                    "y": y,
                    "text": {"field": "text", "type": "nominal"},
                    "color": dark,
                    "tooltip": tooltip,
                },
            },
        ],
    }
    end: Spec = {
        "data": {"values": totals},
        "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 6, "color": TEXT},
        "encoding": {"x": x("left"), "y": y, "text": {"field": "text", "type": "nominal"}},
    }
    return [bars, end]


def _finding(there: pd.DataFrame) -> str:
    if there.empty:
        return "No challenge of a partnership is noted"
    most = int(there["open"].max())
    if not most:
        return "No challenge is open"
    codes = [str(code) for code in there.index[there["open"] == most]]
    named = words.joined([words.inline(CHALLENGES[code]) for code in codes])
    return headline(f"Open most often: {named} ({most})", f"{len(codes)} challenges are open most often ({most} each)")


def _each(there: pd.DataFrame) -> str:
    """The open ones with their counts, for the alt text."""
    opened = there[there["open"] > 0]["open"]
    said = [f"{words.inline(CHALLENGES[str(code)])} {count}" for code, count in opened.items()]
    return f" Open: {'; '.join(said)}." if said else ""


def _table(there: pd.DataFrame, states: dict[str, str]) -> pd.DataFrame:
    """One row a challenge: how many partnerships in each state, and in all."""
    made = there[list(states)].rename(columns=states)
    made.insert(0, "Challenge", [CHALLENGES[str(code)] for code in there.index])
    return made.assign(**{"In all": there.sum(axis=1)}).reset_index(drop=True)
