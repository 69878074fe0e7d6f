"""Evidence by outcome and kind: how much there is, how strong the strongest of it is, and where there is none."""

from typing import Any, Final

import pandas as pd

from charts.figure import Context, Figure, Spec, records, slugify
from charts.rows import IS_NARROW, by_width, expr, grouped, label_layers, row_y
from charts.theme import MUTED, PALEST, PAPER, RULE, SEQUENTIAL, TEXT, finish
from measures import words
from measures.strength import AGE_RULE, KINDS, STRENGTHS, strongest

ROW_STEP: Final = 27
ABOVE: Final = 1.5  # rows that the names of the kinds take
LABEL_WIDTH: Final = by_width(150, "max(300, width - 440)")
BROKEN: Final = {"focus_group": ["Focus", "group"], "administrative": ["Adminis-", "trative"]}  # where it is narrow
NO_EVIDENCE: Final = "No evidence"
# Darker is stronger; the darkest carries pale figures.
FILLS: Final = {"strong": SEQUENTIAL[0], "moderate": SEQUENTIAL[2], "limited": PALEST}


def evidence_matrix(evidence: pd.DataFrame, outcomes: pd.DataFrame, context: Context) -> Figure:
    """A count in each cell, one row an outcome under bold priority headers, one column a kind of evidence.

    evidence  as measures.evidence.by_outcome gives it: a row for each outcome without any, too
    outcomes  code, title, priority_short, in the order to show, grouped by priority
    context   its place is the area that the evidence bears on
    """
    named = outcomes.assign(outcome=outcomes["code"], short_title=outcomes["title"])
    rows = [row | {"row": row["row"] + ABOVE} for row in grouped(named)]
    row_of = {row["code"]: row["row"] for row in rows if "code" in row}
    there = evidence[(evidence["code"] != "") & evidence["outcome"].isin(list(row_of))]
    cells, bare = _cells(there, row_of), [code for code in row_of if code not in set(there["outcome"])]
    titles = dict(zip(outcomes["code"], outcomes["title"], strict=True))
    y = row_y(len(rows) + ABOVE)
    spec: Spec = {
        "layer": [
            *_counts(cells, titles, y),
            *_bare([row_of[code] for code in bare], y),
            *label_layers(rows, y, f"{LABEL_WIDTH} - 10"),
            _heads(),
        ]
    }
    finding = _finding(there, len(row_of), len(bare))
    return Figure(
        slug=slugify("evidence by outcome", context.place, context.period_label),
        headline=finding,
        subtitle=context.subtitle("Evidence by outcome and kind, shaded by the strongest of each"),
        source=context.source_line(),
        context=context,
        alt=f"Table of counts of evidence for {words.plural(len(row_of), 'outcome')} by "
        f"{words.plural(len(KINDS), 'kind')}, {context.place}. {finding}. {_gaps(bare, there)}",
        spec=finish(spec, int(ROW_STEP * (len(rows) + ABOVE)), context.illustrative),
        twin=lambda: _table(there, outcomes),
        notes=f"S, M, L: the strongest is strong, moderate, limited. – none of this kind. {AGE_RULE}",
    )


def _cells(there: pd.DataFrame, row_of: dict[str, float]) -> pd.DataFrame:
    """One row for each kind of each outcome that has any evidence: outcome, kind, row, c(olumn), count, strength."""
    found = there.groupby(["outcome", "kind"])["strength"].agg(["size", strongest])
    every = pd.MultiIndex.from_product([[code for code in row_of if code in set(there["outcome"])], list(KINDS)])
    made = found.reindex(every).rename_axis(["outcome", "kind"]).reset_index()
    return made.assign(
        row=made["outcome"].map(row_of),
        c=made["kind"].map({kind: at for at, kind in enumerate(KINDS)}),
        count=made["size"].fillna(0).astype(int),
        strength=made["strongest"].fillna("").astype(object),
    )


def _counts(cells: pd.DataFrame, titles: dict[str, str], y: Spec) -> list[Spec]:
    """A shaded cell for each kind that there is, with its count and its strength in a word, or its first letter."""
    rows = [
        {
            "row": cell["row"],
            "c": cell["c"],
            "count": cell["count"],
            "strength": STRENGTHS.get(cell["strength"]),
            "outcome": f"{cell['outcome']} {titles[cell['outcome']]}",
            "kind": KINDS[cell["kind"]],
            "said": _said(cell["count"], cell["strength"]),
        }
        for cell in cells.to_dict("records")
    ]
    named = {"outcome": "Outcome", "kind": "Kind", "said": "Evidence"}
    tooltip: list[Spec] = [{"field": field, "title": title, "type": "nominal"} for field, title in named.items()]
    scale = {"domain": list(STRENGTHS.values()), "range": [FILLS[level] for level in STRENGTHS]}
    legend = {"title": None, "columns": expr(by_width(3, 6)), "symbolType": "square", "symbolStrokeColor": MUTED}
    fills: Spec = {
        "transform": [{"filter": "datum.count > 0"}],
        "mark": {"type": "rect", "cornerRadius": 2, "stroke": RULE, "strokeWidth": 0.5},
        "encoding": {
            **_sides(y),
            "fill": {
                "field": "strength",
                "type": "nominal",
                "scale": scale,
                "legend": legend | {"symbolStrokeWidth": 1},
            },
            "tooltip": tooltip,
        },
    }
    strength = f"{IS_NARROW} ? slice(datum.strength, 0, 1) : lower(datum.strength)"
    texts: Spec = {
        "transform": [{"calculate": "(datum.left + datum.right) / 2", "as": "middle"}],
        "mark": {
            "type": "text",
            "baseline": "middle",
            "fontWeight": 600,
            "text": expr(f"datum.count ? datum.count + ' ' + ({strength}) : '–'"),
        },
        "encoding": {
            "x": _x("middle"),
            "y": y,
            "color": {
                "condition": [
                    {"test": "datum.strength === 'Strong'", "value": PAPER},
                    {"test": "!datum.count", "value": MUTED},
                ],
                "value": TEXT,
            },
            "tooltip": tooltip,
        },
    }
    # A scale of nothing cannot be drawn.
    return (
        [{"data": {"values": records(pd.DataFrame(rows))}, "transform": _EDGES, "layer": [fills, texts]}]
        if rows
        else []
    )


def _bare(rows: list[float], y: Spec) -> list[Spec]:
    """A frame across all kinds for each outcome without any evidence, which says so."""
    if not rows:
        return []
    mark: Spec = {"type": "rect", "fill": None, "stroke": TEXT, "strokeWidth": 1.5, "cornerRadius": 2}
    text: Spec = {"type": "text", "baseline": "middle", "fontWeight": 700, "text": NO_EVIDENCE}
    return [
        {
            "data": {"values": [{"row": row, "c": 0, "last": len(KINDS) - 1} for row in rows]},
            "transform": [*_EDGES, {"calculate": "datum.last / 2", "as": "middle"}],
            "layer": [
                {"mark": mark | {"strokeDash": [5, 3]}, "encoding": _sides(y)},
                {"mark": text, "encoding": {"x": _x("middle"), "y": y}},
            ],
        }
    ]


# A cell reaches from `left` to `right`, or over all columns to `last`.
_EDGES: Final[list[Spec]] = [
    {"calculate": "datum.c - 0.48", "as": "left"},
    {"calculate": "(isValid(datum.last) ? datum.last : datum.c) + 0.48", "as": "right"},
    {"calculate": "datum.row - 0.44", "as": "above"},
    {"calculate": "datum.row + 0.44", "as": "below"},
]


def _x(field: str) -> Spec:
    """Horizontal position in columns, right of the labels."""
    return {
        "field": field,
        "type": "quantitative",
        "axis": None,
        "scale": {
            "domain": [-0.5, len(KINDS) - 0.5],
            "range": [expr(LABEL_WIDTH), expr("width")],
            "nice": False,
            "zero": False,
        },
    }


def _sides(y: Spec) -> Spec:
    return {"x": _x("left"), "x2": {"field": "right"}, "y": {**y, "field": "above"}, "y2": {"field": "below"}}


def _heads() -> Spec:
    """The kinds above their columns, in two lines where there is no room for one."""
    values = [
        {"c": at, "text": title, "lines": BROKEN.get(kind, [title])} for at, (kind, title) in enumerate(KINDS.items())
    ]
    mark: Spec = {"type": "text", "baseline": "top", "y": 6, "lineHeight": 14, "fontSize": expr(by_width(11, 13))}
    return {
        "data": {"values": values},
        "mark": mark | {"fontWeight": 600, "text": expr(f"{IS_NARROW} ? datum.lines : datum.text")},
        "encoding": {"x": _x("c")},
    }


def _said(count: int, strength: str) -> str:
    """'3, at best moderate', '1, strong', 'none of this kind'."""
    if not count:
        return "none of this kind"
    return f"{count}, {strength}" if count == 1 else f"{count}, at best {strength}"


def _finding(there: pd.DataFrame, total: int, bare: int) -> str:
    """How many outcomes have no evidence, and how many have only limited evidence."""
    if there.empty:
        return "No evidence bears on any outcome here"
    weak = int((there.groupby("outcome")["strength"].agg(strongest) == "limited").sum())
    if bare:
        found = f"{bare} of {total} outcomes {'has' if bare == 1 else 'have'} no evidence"
        return f"{found}, {weak} only limited" if weak else found
    if weak:
        return f"All {total} outcomes have evidence, {weak} only limited"
    return f"All {total} outcomes have moderate or strong evidence"


def _gaps(bare: list[str], there: pd.DataFrame) -> str:
    """The outcomes without evidence and those with limited evidence only, for the alt text."""
    best = there.groupby("outcome")["strength"].agg(strongest) if len(there) else pd.Series(dtype=object)
    weak = [str(code) for code in best[best == "limited"].index]
    said = [
        f"Without evidence: {words.joined(bare)}." if bare else "",
        f"Limited only: {words.joined(weak)}." if weak else "",
    ]
    return " ".join(part for part in said if part) or "No outcome is without evidence or has limited evidence only."


def _table(there: pd.DataFrame, outcomes: pd.DataFrame) -> pd.DataFrame:
    """One row an outcome: what there is of each kind, how many in all, and the strongest."""
    rows = []
    for about in outcomes.to_dict("records"):
        mine = there[there["outcome"] == about["code"]]
        row: dict[str, Any] = {"Outcome": f"{about['code']} {about['title']}", "Priority": about["priority_short"]}
        for kind, title in KINDS.items():
            levels = mine.loc[mine["kind"] == kind, "strength"]
            row[title] = _said(len(levels), strongest(levels)) if len(levels) else "none"
        best = strongest(mine["strength"])
        rows.append(row | {"In all": len(mine), "Strongest": STRENGTHS[best] if best else NO_EVIDENCE})
    return pd.DataFrame(rows)
