"""Timeline of the plan: one row an action under its line, with its milestones and the day on which it is judged."""

from datetime import UTC, date, datetime
from typing import Any, Final

import pandas as pd

from charts.figure import Context, Figure, Spec, headline, records, slugify
from charts.marks import ACTION_SHAPES
from charts.rows import by_width, expr, label_layers, row_y
from charts.theme import GRID, MUTED, NO_VALUE, PAPER, RULE, SERIES, STATUS, TEXT, finish
from measures import lateness, words

ROW_STEP: Final = 25
LABEL_WIDTH: Final = by_width(150, "min(460, width * 0.41)")
WORDS_WIDTH: Final = by_width(96, 196)
STATES: Final = {
    "done": STATUS["on_track"],
    "under_way": SERIES[0],
    "late": STATUS["off_track"],
    "not_started": PAPER,
    "stopped": NO_VALUE,
}
MARKS: Final = {
    "done": STATUS["on_track"],
    "under_way": SERIES[0],
    "late": STATUS["off_track"],
    "not_started": MUTED,
    "stopped": MUTED,
}
ABOVE: Final = 2  # rows over the first: the years, then the day
HALF_BAR: Final = 0.22  # of a row
MOST_NAMED: Final = 12  # late actions that the alt text names


def timeline(actions: pd.DataFrame, day: date, span: tuple[date, date], context: Context) -> Figure:
    """The actions with what was promised of them, and how late each is on `day`.

    actions: measures.lateness.with_lateness of data_access.plan.actions, in the order to show; span: the first and last
    day of the strategy, widened where an action needs it. The context's place says which actions these are.
    """
    rows, drawn = _rows(actions)
    late = actions[actions["late"]]
    found = headline(lateness.finding(len(late), len(actions)))
    first, last = _span(actions, day, span)
    return Figure(
        slug=slugify("plan", context.place, day.isoformat()),
        headline=found,
        subtitle=" · ".join(part for part in (context.place, f"judged on {words.day(day)}") if part),
        source=context.source_line(),
        context=context,
        alt=_alt(actions, late, found, day, first, last),
        spec=_spec(rows, drawn, day, (first, last), context.illustrative),
        twin=lambda: table(actions),
        notes=f"{lateness.rule(day)} Bars run from start to due day; diamonds are milestones, filled where reached.",
    )


def table(actions: pd.DataFrame) -> pd.DataFrame:
    """The actions as people read them, one a row, in their order."""
    return pd.DataFrame(
        {
            "Line": actions["line"] + " " + actions["line_title"],
            "Action": actions["code"] + " " + actions["title"],
            "Owner": actions["owner_name"],
            "With": actions["partner"].map(lambda partner: partner or ""),
            "Start": actions["starts"].map(_day),
            "Due": actions["due"].map(_day),
            "Status": [lateness.STATUSES[status] for status in actions["status"]],
            "Days late": actions["days_late"],
            "Milestones": ["; ".join(lateness.step_words(step) for step in steps) for steps in actions["milestones"]],
            "Note": actions["note"],
        }
    ).reset_index(drop=True)


def _day(value: date | None) -> str:
    return words.day(value) if value else "not set"


def _rows(actions: pd.DataFrame) -> tuple[list[dict[str, Any]], pd.DataFrame]:
    """Label rows, a bold one where the line changes; and the actions with the row that each stands in."""
    rows: list[dict[str, Any]] = []
    at: list[int] = []
    line = ""
    for record in actions.to_dict("records"):
        if record["line"] != line:
            line = record["line"]
            rows.append({"row": ABOVE + len(rows), "text": f"{line} {record['line_title']}", "bold": True})
        at.append(ABOVE + len(rows))
        rows.append({"row": ABOVE + len(rows), "text": f"{record['code']} {record['title']}"})
    return rows, actions.assign(row=at)


def _span(actions: pd.DataFrame, day: date, span: tuple[date, date]) -> tuple[date, date]:
    days = [given for name in ("starts", "due") for given in actions[name] if given]
    days += [step.due for steps in actions["milestones"] for step in steps]
    return min([*days, span[0]]), max([*days, day, span[1]])


def _moment(day: date | None) -> int | None:
    """A day as Vega counts time: thousandths of a second, without a zone."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000) if day else None


def _spec(
    rows: list[dict[str, Any]], drawn: pd.DataFrame, day: date, span: tuple[date, date], illustrative: bool
) -> Spec:
    y = row_y(len(rows) + ABOVE)
    x: Spec = {
        "type": "quantitative",
        "axis": None,
        "scale": {
            "zero": False,
            "domain": [_moment(span[0]), _moment(span[1])],
            "range": [expr(LABEL_WIDTH), expr(f"width - {WORDS_WIDTH} - 8")],
            "nice": False,
        },
    }
    layers = [
        *_years(span, x, y),
        *_day_rule(day, span, x, y),
        *_bars(_records(drawn), x, y),
        _steps(drawn, x, y),
        *_words(_records(drawn), y),
        *label_layers(rows, y, f"{LABEL_WIDTH} - 12"),
    ]
    return finish({"layer": layers}, height=ROW_STEP * (len(rows) + ABOVE), illustrative=illustrative)


def _years(span: tuple[date, date], x: Spec, y: Spec) -> list[Spec]:
    """Where each academic year begins: a line, and its month above."""
    begin = [date(year, 9, 1) for year in range(span[0].year, span[1].year + 1)]
    begin = [each for each in begin if span[0] <= each <= span[1]]
    values = [{"day": _moment(each), "row": 0, "text": f"{each:%b %Y}", "year": f"{each:%Y}"} for each in begin]
    at = {**x, "field": "day"}
    label: Spec = {"type": "text", "fontSize": expr(by_width(11, 12)), "color": TEXT, "baseline": "middle"}
    label |= {"text": expr(by_width("datum.year", "datum.text"))}
    return [
        {"data": {"values": values}, "mark": {"type": "rule", "color": GRID}, "encoding": {"x": at}},
        {
            "data": {"values": values},
            "mark": label,
            "encoding": {"x": at, "y": y},
        },
    ]


def _day_rule(day: date, span: tuple[date, date], x: Spec, y: Spec) -> list[Spec]:
    """The day on which lateness is judged, named on the side that has room."""
    right = (day - span[0]) < (span[1] - day)
    values = [{"day": _moment(day), "row": 1, "text": words.day(day)}]
    at = {**x, "field": "day"}
    label: Spec = {"type": "text", "baseline": "middle", "fontWeight": 600, "fontSize": 12, "color": TEXT}
    label |= {"align": "left", "dx": 5} if right else {"align": "right", "dx": -5}
    return [
        {
            "data": {"values": values},
            "mark": {"type": "rule", "strokeDash": [5, 4], "color": TEXT, "strokeWidth": 1.5},
            "encoding": {"x": at, "y": {"value": ROW_STEP}, "y2": {"value": expr("height")}},
        },
        {
            "data": {"values": values},
            "mark": label,
            "encoding": {"x": at, "y": y, "text": {"field": "text", "type": "nominal"}},
        },
    ]


def _records(drawn: pd.DataFrame) -> list[dict[str, Any]]:
    late = drawn["late"]
    return records(
        pd.DataFrame(
            {
                "row": drawn["row"],
                "starts": drawn["starts"].map(_moment),
                "due": drawn["due"].map(_moment),
                "state": drawn["status"].where(~late, "late"),
                "status": drawn["status"],
                "said": [
                    lateness.said(*row)
                    for row in drawn[["status", "days_late", "milestones_late"]].itertuples(index=False, name=None)
                ],
                "action": drawn["code"] + " " + drawn["title"],
                "owner": drawn["owner_name"],
                "from": drawn["starts"].map(_day),
                "to": drawn["due"].map(_day),
            }
        )
    )


TOOLTIP: Final = [
    {"field": field, "title": title, "type": "nominal"}
    for field, title in {
        "action": "Action", "owner": "Owner", "from": "Start", "to": "Due", "said": "Status",
    }.items()
]  # fmt: skip


def _scaled(field: str, ranges: dict[str, str]) -> Spec:
    """An encoding that gives each value of a field its own colour or shape."""
    scale = {"domain": list(ranges), "range": list(ranges.values())}
    return {"field": field, "type": "nominal", "scale": scale, "legend": None}


def _bars(rows: list[dict[str, Any]], x: Spec, y: Spec) -> list[Spec]:
    """A bar from start to due; where one of the days is not set, a short tick at the other."""
    whole = [row for row in rows if "starts" in row and "due" in row]
    half = [row | {"day": row.get("due", row.get("starts"))} for row in rows if ("starts" in row) != ("due" in row)]
    edge = _scaled("state", STATES | {"not_started": MUTED, "stopped": RULE})
    layers: list[Spec] = []
    if whole:
        layers.append(
            {
                "data": {"values": whole},
                "transform": [
                    {"calculate": f"datum.row - {HALF_BAR}", "as": "above"},
                    {"calculate": f"datum.row + {HALF_BAR}", "as": "below"},
                ],
                "mark": {"type": "rect", "cornerRadius": 2, "strokeWidth": 1},
                "encoding": {
                    "x": {**x, "field": "starts"},
                    "x2": {"field": "due"},
                    "y": {**y, "field": "above"},
                    "y2": {"field": "below"},
                    "fill": _scaled("state", STATES),
                    "stroke": edge,
                    "tooltip": TOOLTIP,
                },
            }
        )
    if half:
        layers.append(
            {
                "data": {"values": half},
                "mark": {"type": "tick", "orient": "vertical", "size": 15, "thickness": 3},
                "encoding": {"x": {**x, "field": "day"}, "y": y, "color": edge, "tooltip": TOOLTIP},
            }
        )
    return layers


def _steps(drawn: pd.DataFrame, x: Spec, y: Spec) -> Spec:
    """Milestones on their due days: filled where reached, hollow where not."""
    values = [
        {
            "row": row,
            "due": _moment(step.due),
            "reached": step.done is not None,
            "milestone": step.title,
            "to": words.day(step.due),
            "when": words.day(step.done) if step.done else "not reached",
        }
        for row, steps in zip(drawn["row"], drawn["milestones"], strict=True)
        for step in steps
    ]
    return {
        "data": {"values": values},
        "mark": {"type": "point", "shape": "diamond", "size": 75, "filled": True, "strokeWidth": 1.5},
        "encoding": {
            "x": {**x, "field": "due"},
            "y": y,
            "fill": {"condition": {"test": "datum.reached", "value": TEXT}, "value": PAPER},
            "stroke": {"condition": {"test": "datum.reached", "value": PAPER}, "value": TEXT},
            "tooltip": [
                {"field": "milestone", "title": "Milestone", "type": "nominal"},
                {"field": "to", "title": "Due", "type": "nominal"},
                {"field": "when", "title": "Reached", "type": "nominal"},
            ],
        },
    }


def _words(rows: list[dict[str, Any]], y: Spec) -> list[Spec]:
    """Symbol and words of each status at the right, in bold where late."""
    rows = [row | {"short": _short(row["said"])} for row in rows]
    at = f"width - {WORDS_WIDTH}"
    colour, shape = _scaled("state", MARKS), _scaled("status", ACTION_SHAPES)
    layers: list[Spec] = [
        {
            "data": {"values": rows},
            "mark": {"type": "point", "filled": True, "size": 110, "x": expr(f"{at} + 8"), "strokeWidth": 0},
            "encoding": {"y": y, "shape": shape, "color": colour, "tooltip": TOOLTIP},
        }
    ]
    for late in (False, True):
        values = [row for row in rows if (row["state"] == "late") is late]
        mark: Spec = {"type": "text", "align": "left", "baseline": "middle", "x": expr(f"{at} + 21")}
        mark |= {"fontSize": expr(by_width(11, 13)), "limit": expr(f"{WORDS_WIDTH} - 21")}
        mark |= {"fontWeight": 600 if late else 400, "color": MARKS["late"] if late else TEXT}
        mark |= {"text": expr(by_width("datum.short", "datum.said"))}
        if values:
            layers.append({"data": {"values": values}, "mark": mark, "encoding": {"y": y}})
    return layers


def _short(said: str) -> str:
    """'92 days late' of 'Under way, 92 days late', for a chart without room for both."""
    return said.partition(", ")[2] or said


def _alt(actions: pd.DataFrame, late: pd.DataFrame, found: str, day: date, first: date, last: date) -> str:
    shown = f"{words.plural(len(actions), 'action')} in {words.plural(actions['line'].nunique(), 'action line')}"
    parts = [f"Timeline of {shown}, {words.day(first)} to {words.day(last)}", f"{found} on {words.day(day)}"]
    if len(actions):
        parts.append(lateness.counted(list(actions["status"])))
    if len(late):
        worst = late.sort_values("days_late", ascending=False, kind="stable").head(MOST_NAMED)
        named = [
            f"{code} by {words.plural(days, 'day')}"
            for code, days in zip(worst["code"], worst["days_late"], strict=True)
        ]
        parts.append(f"Late: {words.joined(named)}" + (", and others" if len(late) > MOST_NAMED else ""))
    return ". ".join(part[0].upper() + part[1:] for part in parts) + "."
