"""How many partnerships places share: a matrix of rows by columns, darker where they share more."""

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from charts.figure import Context, Figure, Spec, headline, slugify
from charts.rows import by_width, expr, label_layers, row_y
from charts.theme import MUTED, NO_VALUE, PALEST, PAPER, RULE, SEQUENTIAL, TEXT, finish
from measures import words

STEP: Final = 26
ABOVE: Final = 1.2  # rows that the names of the columns take
LABEL_WIDTH: Final = by_width(112, 220)
FILLS: Final = (NO_VALUE, PALEST, SEQUENTIAL[2], SEQUENTIAL[1], SEQUENTIAL[0])


def shared_matrix(
    pairs: pd.DataFrame, rows: Sequence[tuple[str, str]], columns: Sequence[tuple[str, str, str]], context: Context
) -> Figure:
    """A cell for each row and column with how many partnerships they share.

    pairs    measures.network_links.shared, of rows' and columns' codes, in either order
    rows     code, name; columns: code, name, short name
    """
    there = {(one, other): int(n) for one, other, n in pairs.itertuples(index=False)}
    there |= {(other, one): n for (one, other), n in there.items()}
    names, titles = dict(rows), {code: name for code, name, _ in columns}
    cells = {(row, column): there.get((row, column), 0) for row in names for column in titles}
    apart = {pair: n for pair, n in cells.items() if pair[0] != pair[1]}
    ends = _ends(max(apart.values(), default=0))
    y = row_y(len(rows) + ABOVE)
    values = [
        {
            "row": r + ABOVE,
            "above": r + ABOVE - 0.47,
            "below": r + ABOVE + 0.47,
            "c": c,
            "left": c - 0.47,
            "right": c + 0.47,
            "n": cells[row, column] or "–",
            "fill": NO_VALUE if row == column else _fill(cells[row, column], ends),
            "ink": PAPER if row != column and _fill(cells[row, column], ends) in SEQUENTIAL[:2] else TEXT,
            "pair": f"{names[row]} alone" if row == column else f"{names[row]} and {titles[column]}",
            "said": words.plural(cells[row, column], "partnership"),
        }
        for r, (row, _) in enumerate(rows)
        for c, (column, _, _) in enumerate(columns)
    ]
    labels = [{"row": r + ABOVE, "text": name} for r, (_, name) in enumerate(rows)]
    heads = [{"row": 0.2, "c": c, "text": short} for c, (_, _, short) in enumerate(columns)]
    finding = _finding(apart, names, titles)
    return Figure(
        slug=slugify("shared partnerships", context.place, context.period_label),
        headline=finding,
        subtitle=context.subtitle("Partnerships that have members in both places"),
        source=context.source_line(),
        context=context,
        alt=f"Table of counts of partnerships shared by {words.plural(len(rows), 'place')} and "
        f"{words.plural(len(columns), 'region')}. {finding}. {_strongest(apart, names, titles)}",
        spec=finish(
            {"layer": _layers(values, labels, heads, len(columns), y)},
            int(STEP * (len(rows) + ABOVE)),
            context.illustrative,
        ),
        twin=lambda: pd.DataFrame(
            [{"Place": names[row]} | {titles[c]: cells[row, c] for c in titles} for row in names]
        ),
        notes=("On the slope: all partnerships that a place has members in. " if set(names) & set(titles) else "")
        + "– none shared. Members count at their school or authority; universities and national bodies have no place.",
    )


def _ends(most: int) -> list[int]:
    """The upper ends of the classes of counts above nothing."""
    return [max(1, round(most * part)) for part in (0.25, 0.5, 0.75, 1)]


def _fill(count: int, ends: list[int]) -> str:
    return FILLS[0] if not count else FILLS[1 + next(at for at, end in enumerate(ends) if count <= end)]


def _layers(
    values: list[dict[str, Any]], labels: list[dict[str, Any]], heads: list[dict[str, Any]], columns: int, y: Spec
) -> list[Spec]:
    x: Spec = {
        "field": "c",
        "type": "quantitative",
        "axis": None,
        "scale": {
            "domain": [-0.5, columns - 0.5],
            "range": [expr(LABEL_WIDTH), expr("width")],
            "nice": False,
            "zero": False,
        },
    }
    tooltip = [{"field": f, "type": "nominal", "title": t} for f, t in {"pair": "Places", "said": "Shared"}.items()]
    text: Spec = {"type": "text", "baseline": "middle", "fontSize": expr(by_width(11, 13))}
    return [
        {
            "data": {"values": values},
            "layer": [
                {
                    "mark": {"type": "rect", "stroke": RULE, "strokeWidth": 0.5},
                    "encoding": {
                        "x": {**x, "field": "left"},
                        "x2": {"field": "right"},
                        "y": {**y, "field": "above"},
                        "y2": {"field": "below"},
                        "fill": {"field": "fill", "type": "nominal", "scale": None},
                        "tooltip": tooltip,
                    },
                },
                {
                    "mark": text,
                    "encoding": {
                        "x": x,
                        "y": y,
                        "text": {"field": "n", "type": "nominal"},
                        "color": {"field": "ink", "type": "nominal", "scale": None},
                    },
                },
            ],
        },
        {
            "data": {"values": heads},
            "mark": text | {"fontWeight": 600, "color": MUTED},
            "encoding": {"x": x, "y": y, "text": {"field": "text", "type": "nominal"}},
        },
        *label_layers(labels, y, f"{LABEL_WIDTH} - 10"),
    ]


def _pairs(apart: dict[tuple[str, str], int]) -> list[tuple[int, str, str]]:
    """Each pair that shares any, once, most first."""
    found: dict[frozenset[str], tuple[int, str, str]] = {}
    for (one, other), n in apart.items():
        if n:
            found.setdefault(frozenset((one, other)), (n, one, other))
    return sorted(found.values(), key=lambda each: (-each[0], each[1], each[2]))


def _finding(apart: dict[tuple[str, str], int], names: dict[str, str], titles: dict[str, str]) -> str:
    pairs = _pairs(apart)
    if not pairs:
        return "No partnership joins two of these places"
    n, one, other = pairs[0]
    if sum(count == n for count, *_ in pairs) > 1:  # several share as many: none is the first
        return f"Two of these places share at most {words.plural(n, 'partnership')}"
    return headline(
        f"{names[one]} and {titles[other]} share most: {words.plural(n, 'partnership')}",
        f"At most {words.plural(n, 'partnership')} shared by two places",
    )


def _strongest(apart: dict[tuple[str, str], int], names: dict[str, str], titles: dict[str, str]) -> str:
    said = [f"{names[one]} and {titles[other]} {n}" for n, one, other in _pairs(apart)[:5]]
    return f"Most: {'; '.join(said)}." if said else "None is shared."
