"""Partnerships, or kinds of them, by impact: how clear it is; each partnership's rating, or how many have which."""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from charts.figure import Context, Figure, Spec, drawable, slugify
from charts.marks import STATUS_SHAPES
from charts.rows import IS_NARROW, broken_up, by_width, expr, label_layers, row_y
from charts.theme import MUTED, PALEST, RULE, SEQUENTIAL, TEXT, finish
from measures import words
from measures.partnership_impacts import TOO_SOON, by_kind, columns_of
from measures.partnership_words import IMPACT_RATINGS, KINDS, LEVELS

STEP: Final = {True: 32, False: 40}  # pixels of a row, of named partnerships or of kinds
TALL: Final = 42  # pixels of a row where a name takes three lines on a narrow chart
HEADS: Final = {True: 34, False: 96}  # pixels that the names of levels, or of impacts, take
LABEL_WIDTH: Final = by_width(128, "min(330, width * 0.34)")
RATED: Final = [IMPACT_RATINGS[code] for code in ("clear", "emerging", "none")]
# Dark, middle and pale, which stay apart in greyscale; of single ratings a disc, half a disc and a ring.
FILLS: Final = [SEQUENTIAL[0], SEQUENTIAL[2], PALEST]
SHAPES: Final = [STATUS_SHAPES[code] for code in ("on_track", "at_risk", "off_track")]
COLOURS: Final = [SEQUENTIAL[0], SEQUENTIAL[1], MUTED]
HALF: Final = 0.44  # of a column, on either side of its middle
BY_LEVEL: Final = (
    "Each level shows the best rated of its impacts, of which some levels have more than others; "
    "“too soon to say” of pupils is none."
)


def impact_matrix(
    rated: pd.DataFrame, names: Mapping[str, str], kinds: Mapping[str, int], context: Context, level: str | None = None
) -> Figure:
    """One row a partnership, or one a kind where names is empty, one column a level, or an impact of the level.

    rated  as measures.partnership_impacts.ratings gives it for the level
    names  a partnership's code → its name, in the order to show; {} for kinds
    kinds  a kind's code → how many partnerships there are of it, in the order to show
    """
    columns, single = columns_of(level), bool(names)
    lines = dict(names) if single else {code: f"{KINDS[code]} ({count})" for code, count in kinds.items()}
    three = single and any(len(broken_up(text, 3).get("lines", [])) > 2 for text in lines.values())
    step, heads = TALL if three else STEP[single], HEADS[level is None]
    above = heads / step
    row_of = {code: at + above for at, code in enumerate(lines)}
    rows = [{"row": row_of[code], "text": text} for code, text in lines.items()]
    y, draw = row_y(len(rows) + above), _Columns(list(columns.values()))
    cells = _single(rated, row_of, columns, draw, y) if single else _counted(rated, row_of, columns, draw, y)
    layers = [
        *_lines(row_of, y),
        *cells,
        *label_layers(rows, y, f"{LABEL_WIDTH} - 4", lines=3 if three else 2),
    ]
    height = int(step * (len(rows) + above))
    layers.append(draw.heads(level is None, y, above))
    of = f"Impact on {_on(level)}" if level else "Impact by level"
    finding = _finding(rated, level)
    by = words.plural(len(lines), "partnership") if single else words.plural(len(lines), "kind of partnership", "kinds")
    return Figure(
        slug=slugify("impacts of partnerships", level or "", context.place, context.period_label),
        headline=finding,
        subtitle=context.subtitle(
            f"{of}, {'rated by each partnership' if single else 'partnerships by rating; clear ones of those rated'}"
        ),
        source=context.source_line(),
        context=context,
        alt=f"Table of {by} by {words.plural(len(columns), 'level' if level is None else 'impact')}, {context.place}. "
        f"{finding}. {_each(rated, columns)}",
        spec=finish({"layer": layers}, height, context.illustrative),
        twin=lambda: _table(rated, lines, columns, single),
        notes=" ".join(_notes(level, single)),
    )


class _Columns:
    """Where the columns stand, right of the labels."""

    def __init__(self, titles: list[str]):
        self.titles = titles

    def x(self, field: str) -> Spec:
        """Horizontal position, in columns."""
        scale = {
            "domain": [-0.5, len(self.titles) - 0.5],
            "range": [expr(LABEL_WIDTH), expr("width")],
            "nice": False,
            "zero": False,
        }
        return {"field": field, "type": "quantitative", "axis": None, "scale": scale}

    def heads(self, short: bool, y: Spec, above: float) -> Spec:
        """The titles above the columns; those of impacts in lines, on a narrow chart upright."""
        values = [
            {"c": at, "row": above - 0.62, "lines": [title] if short else _broken(title)}
            for at, title in enumerate(self.titles)
        ]
        mark: Spec = {"type": "text", "fontWeight": 600, "color": TEXT, "lineHeight": 12}
        mark |= {"fontSize": expr(by_width(11, 13)), "text": expr("datum.lines")}
        if short:
            mark |= {"baseline": "bottom"}
        else:
            mark |= {
                "angle": expr(f"{IS_NARROW} ? 270 : 0"),
                "align": expr(f"{IS_NARROW} ? 'left' : 'center'"),
                "baseline": expr(f"{IS_NARROW} ? 'middle' : 'bottom'"),
                "dx": 0,
                "dy": expr(f"{IS_NARROW} ? -6 * (length(datum.lines) - 1) : -12 * (length(datum.lines) - 1)"),
            }
        return {"data": {"values": values}, "mark": mark, "encoding": {"x": self.x("c"), "y": y}}


def _broken(title: str) -> list[str]:
    """A title in two lines of about the same length."""
    parts = title.split()
    ways = [(" ".join(parts[:at]), " ".join(parts[at:])) for at in range(1, len(parts))]
    return list(min(ways, key=lambda way: max(map(len, way)))) if ways else [title]


def _lines(row_of: Mapping[str, float], y: Spec) -> list[Spec]:
    """A fine line below each row."""
    if not row_of:
        return []
    rule = {"type": "rule", "color": RULE, "strokeWidth": 0.5, "opacity": 0.5}
    return [{"data": {"values": [{"row": row + 0.5} for row in row_of.values()]}, "mark": rule, "encoding": {"y": y}}]


def _single(
    rated: pd.DataFrame, row_of: Mapping[str, float], columns: Mapping[str, str], draw: _Columns, y: Spec
) -> list[Spec]:
    """A mark with its word for each rating; a dot where there is none."""
    order = list(columns)
    there = {(row["partnership"], row["column"]): row for row in rated.to_dict("records")}
    values, none = [], []
    for code, row in row_of.items():
        for at, column in enumerate(order):
            cell = there.get((code, column))
            if cell is None:
                none.append({"row": row, "c": at, "said": "–"})
                continue
            more = f", the best of {cell['of']} impacts rated" if cell["of"] > 1 else ""
            said = IMPACT_RATINGS[cell["rating"]]
            values.append({"row": row, "c": at, "rating": said, "said": said + more, "column": columns[column]})
    tooltip = [{"field": "column", "title": "Impact"}, {"field": "said", "title": "Rating"}]
    beside = f"{IS_NARROW} || {len(order)} > 5"  # no room for a word beside the mark
    domain = {"domain": RATED}
    encoding: Spec = {
        "x": draw.x("c"),
        "y": y,
        "shape": {"field": "rating", "type": "nominal", "scale": domain | {"range": SHAPES}, "legend": {"title": None}},
        "color": {
            "field": "rating",
            "type": "nominal",
            "scale": domain | {"range": COLOURS},
            "legend": {"title": None},
        },
        "tooltip": tooltip,
    }
    point: Spec = {
        "type": "point",
        "filled": True,
        "size": 170,
        "strokeWidth": 0,
        "xOffset": expr(f"{beside} ? 0 : -34"),
    }
    text: Spec = {"type": "text", "align": "left", "baseline": "middle", "color": TEXT, "dx": -22, "fontSize": 13}
    word = {**text, "text": expr(f"{beside} ? '' : datum.rating")}
    layers: list[Spec] = []
    if values:
        words_encoding = {"x": draw.x("c"), "y": y, "tooltip": tooltip}
        layers.append(
            {
                "data": {"values": drawable(values)},
                "layer": [{"mark": point, "encoding": encoding}, {"mark": word, "encoding": words_encoding}],
            }
        )
    return [*layers, *_nothing(none, draw, y)]


def _counted(
    rated: pd.DataFrame, row_of: Mapping[str, float], columns: Mapping[str, str], draw: _Columns, y: Spec
) -> list[Spec]:
    """A bar in each cell, in parts by rating, and above it how many of those rated are clear."""
    at = {code: place for place, code in enumerate(columns)}
    bars, texts, there = [], [], set()
    for cell in by_kind(rated).to_dict("records"):
        row, c, every = row_of[cell["kind"]], at[cell["column"]], cell["rated"]
        said = ", ".join(f"{cell[code]} {title.lower()}" for code, title in IMPACT_RATINGS.items())
        about = {"row": row, "column": columns[cell["column"]], "said": f"{every} rated: {said}"}
        there.add((cell["kind"], cell["column"]))
        texts.append(about | {"c": c, "clear": cell["clear"], "rated": every})
        left = c - HALF
        for code in ("clear", "emerging", "none"):
            right = left + 2 * HALF * cell[code] / every
            if cell[code]:
                bars.append(about | {"left": left, "right": right, "rating": IMPACT_RATINGS[code]})
            left = right
    none = [
        {"row": row, "c": at[column], "said": "–"}
        for kind, row in row_of.items()
        for column in columns
        if (kind, column) not in there
    ]
    if not bars:
        return _nothing(none, draw, y)
    tooltip = [{"field": "column", "title": "Impact"}, {"field": "said", "title": "Partnerships"}]
    fill: Spec = {
        "field": "rating",
        "type": "nominal",
        "scale": {"domain": RATED, "range": FILLS},
        "legend": {"title": None, "symbolType": "square", "symbolStrokeColor": MUTED, "symbolStrokeWidth": 1},
    }
    edges: list[Spec] = [
        {"calculate": "datum.row + 0.1", "as": "above"},
        {"calculate": "datum.row + 0.36", "as": "below"},
    ]
    bar: Spec = {
        "data": {"values": drawable(bars)},
        "transform": edges,
        "mark": {"type": "rect", "stroke": RULE, "strokeWidth": 0.5},
        "encoding": {
            "x": draw.x("left"),
            "x2": {"field": "right"},
            "y": {**y, "field": "above"},
            "y2": {"field": "below"},
            "fill": fill,
            "tooltip": tooltip,
        },
    }
    short = "toString(datum.clear)" if len(columns) > 5 else "datum.clear + '/' + datum.rated"
    text: Spec = {
        "data": {"values": drawable(texts)},
        "transform": [{"calculate": "datum.row - 0.16", "as": "line"}],
        "mark": {
            "type": "text",
            "baseline": "middle",
            "color": TEXT,
            "fontSize": expr(by_width(11, 13)),
            "text": expr(f"{IS_NARROW} ? {short} : datum.clear + ' of ' + datum.rated"),
        },
        "encoding": {"x": draw.x("c"), "y": {**y, "field": "line"}, "tooltip": tooltip},
    }
    return [bar, text, *_nothing(none, draw, y)]


def _nothing(none: list[dict[str, Any]], draw: _Columns, y: Spec) -> list[Spec]:
    if not none:
        return []
    mark = {"type": "text", "baseline": "middle", "color": MUTED, "text": "–"}
    return [{"data": {"values": none}, "mark": mark, "encoding": {"x": draw.x("c"), "y": y}}]


def _on(level: str | None) -> str:
    """Whom: 'the LA', 'schools'."""
    if level is None:
        return "anyone"
    return {"la": "the LA", "adviser": "the adviser", "beyond": "others beyond"}.get(level, LEVELS[level].lower())


def _finding(rated: pd.DataFrame, level: str | None) -> str:
    rated = rated[rated["column"] != TOO_SOON]
    if rated.empty:
        return f"No partnership rated its impact on {_on(level)}" if level else "No partnership rated its impacts"
    count = rated["partnership"].nunique()
    clear = rated.loc[rated["rating"] == "clear", "partnership"].nunique()
    if level:
        return f"Clear impact on {_on(level)} in {clear} of {words.plural(count, 'partnership')}"
    return f"{clear} of {words.plural(count, 'partnership')} rated {'has' if count == 1 else 'have'} a clear impact"


def _each(rated: pd.DataFrame, columns: Mapping[str, str]) -> str:
    """How many are clear and emerging in each column, for the alt text."""
    said = []
    for code, title in columns.items():
        mine = rated.loc[rated["column"] == code, "rating"]
        counts = f"{(mine == 'clear').sum()} clear, {(mine == 'emerging').sum()} emerging" if len(mine) else "not rated"
        said.append(f"{title}: {counts}")
    return f"{'; '.join(said)}."


def _notes(level: str | None, single: bool) -> list[str]:
    notes = ["– not rated."]
    notes += [BY_LEVEL] if level is None else []
    if not single:
        notes.append("Bars: the shares rated clear, emerging and none.")
    return [*notes, "Partnerships rate themselves; those that ended are included."]


def _table(rated: pd.DataFrame, lines: Mapping[str, str], columns: Mapping[str, str], single: bool) -> pd.DataFrame:
    """One row a partnership or kind, one column a level or impact, in words."""
    if single:
        there = {(row["partnership"], row["column"]): IMPACT_RATINGS[row["rating"]] for row in rated.to_dict("records")}
    else:
        there = {
            (row["kind"], row["column"]): ", ".join(f"{row[code]} {title.lower()}" for code, title in _WORST_LAST)
            for row in by_kind(rated).to_dict("records")
        }
    first = "Partnership" if single else "Kind"
    rows = [
        {first: text, **{title: there.get((code, column), "not rated") for column, title in columns.items()}}
        for code, text in lines.items()
    ]
    return pd.DataFrame(rows, columns=[first, *columns.values()])


_WORST_LAST: Final = [(code, IMPACT_RATINGS[code]) for code in ("clear", "emerging", "none")]
