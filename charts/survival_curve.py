"""How long partnerships last: product-limit curves of one or two groups, with intervals and how many are followed."""

from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from charts.figure import Context, Figure, Spec, drawable, headline, slugify
from charts.labels import end_labels
from charts.rows import by_width, expr
from charts.theme import MUTED, SERIES, finish
from measures import survival, words

HEIGHT: Final = 380
LABEL_ROOM: Final = by_width(84, 150)  # pixels right of the curves, for their names
LEFT: Final = by_width(74, 90)  # pixels left of them, for the axis and the names of the lines of counts
LOOKS: Final[tuple[tuple[str, list[int]], ...]] = (
    (SERIES[0], []),
    (SERIES[3], [7, 4]),
)  # colour and dash: apart in greyscale, too
BELOW: Final = 9.0  # of the scale, between the lines of counts
YEARS: Final = (24, 12, 6)  # months at which groups are compared: the longest that all are seen for
CLEAR: Final = 0.05


@dataclass(frozen=True)
class Group:
    """A curve. days: how long each has lasted; estimate: measures.survival.curve; seen: days it can be read for."""

    name: str
    days: Any
    estimate: pd.DataFrame
    seen: int


def curves(groups: list[Group], context: Context, *, what: str, chance: float | None, few: str) -> Figure:
    """One curve, or two with how likely their difference is by chance (measures.survival.difference).

    what: the kind of partnership, in words; few: what is too little to draw, in a sentence, '' for nothing.
    """
    end = max(group.seen for group in groups)
    step = next(each for each in (6, 12, 24, 60, 120) if survival.months(end) / each <= 7)
    ticks = list(range(0, survival.months(end) + 1, step))
    at = _compared_at(groups)
    finding = _finding(groups, at, chance)
    return Figure(
        slug=slugify("how long partnerships last", what, context.place, context.period_label),
        headline=finding,
        subtitle=context.subtitle(f"Share that still goes on, by months since it began: {what}"),
        source=context.source_line(),
        context=context,
        alt=f"Falling step lines of the share of partnerships that still go on by months since they began, {what}. "
        f"{finding}. {' '.join(_said(group) for group in groups)}",
        spec=finish({"layer": _layers(groups, ticks, end)}, HEIGHT, context.illustrative),
        twin=lambda: _table(groups, step),
        notes=_notes(groups, chance, few),
    )


def _compared_at(groups: list[Group]) -> int | None:
    """The months after which the groups are compared; None where they are not seen for half a year."""
    seen = min(survival.months(group.seen) for group in groups)
    return next((month for month in YEARS if month <= seen), None)


def _percent(group: Group, month: float) -> str:
    return f"{100 * survival.at(group.estimate, month * survival.MONTH)[0]:.0f}%"


def _finding(groups: list[Group], at: int | None, chance: float | None) -> str:
    span = {24: "2 years", 12: "1 year", 6: "6 months"}
    if at is None:
        return "Partnerships have not been followed for long yet"
    if len(groups) == 1:
        alone = "" if groups[0].name == "All" else f"{groups[0].name.lower()} "
        return headline(f"{_percent(groups[0], at)} of {alone}partnerships last longer than {span[at]}")
    one, other = groups
    if chance is None or chance >= CLEAR:
        return headline(f"No clear difference between {one.name.lower()} and {other.name.lower()} partnerships")
    shares = [survival.at(group.estimate, at * survival.MONTH)[0] for group in groups]
    best = one if shares[0] >= shares[1] else other
    rest = other if best is one else one
    return headline(
        f"{best.name} last longer: {_percent(best, at)} reach {span[at]}, {rest.name.lower()} {_percent(rest, at)}",
        f"{best.name} partnerships last longer",
    )


def _said(group: Group) -> str:
    return f"{group.name}: of {len(group.days):,}, {survival.half_life_words(group.estimate, group.seen)}."


def _rows(group: Group) -> list[dict[str, Any]]:
    """The corners of a curve, up to where it can be read; in months and percent."""
    shown = group.estimate[group.estimate["day"] <= group.seen]
    last = shown.iloc[-1].to_dict() | {"day": group.seen}
    return drawable(
        {
            "group": group.name,
            "month": row["day"] / survival.MONTH,
            "value": 100 * row["share"],
            "lower": 100 * row["lower"],
            "upper": 100 * row["upper"],
            "share": f"{100 * row['share']:.0f}%",
            "interval": words.interval(100 * row["lower"], 100 * row["upper"], "percent"),
            "after": words.plural(survival.months(row["day"]), "month"),
        }
        for row in [*shown.to_dict("records"), last]
    )


def _layers(groups: list[Group], ticks: list[int], end: int) -> list[Spec]:
    bottom = -BELOW * (len(groups) + 1.3)
    x: Spec = {
        "field": "month",
        "type": "quantitative",
        "scale": {
            "domain": [0, end / survival.MONTH],
            "range": [expr(LEFT), expr(f"width - {LABEL_ROOM}")],
            "nice": False,
        },
        "axis": {"values": ticks, "title": "Months since it began", "ticks": True, "titleAnchor": "middle"},
    }
    y: Spec = {
        "field": "value",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [bottom, 100], "nice": False, "zero": False},
        "axis": {"values": [0, 25, 50, 75, 100], "labelExpr": "datum.label + '%'", "grid": True},
    }
    titles = {"group": "Group", "after": "After", "share": "Still going on", "interval": "95% interval"}
    tooltip = [{"field": field, "type": "nominal", "title": title} for field, title in titles.items()]
    layers: list[Spec] = []
    labels = []
    for (colour, dash), group in zip(LOOKS, groups, strict=False):
        rows = _rows(group)
        band = {"type": "area", "interpolate": "step-after", "color": colour, "opacity": 0.16}
        line: Spec = {"type": "line", "interpolate": "step-after", "color": colour, "strokeWidth": 2.5}
        line |= {"strokeDash": dash} if dash else {}
        steps: Spec = {"type": "point", "filled": True, "size": 160, "opacity": 0}  # wide and unseen, to point at
        layers.append(
            {
                "data": {"values": rows},
                "layer": [
                    {
                        "transform": [{"filter": "isValid(datum.lower)"}],
                        "mark": band,
                        "encoding": {"x": x, "y": {**y, "field": "lower"}, "y2": {"field": "upper"}},
                    },
                    {"mark": line, "encoding": {"x": x, "y": y}},
                    {"mark": steps, "encoding": {"x": x, "y": y, "tooltip": tooltip}},
                ],
            }
        )
        name = f"{group.name} {rows[-1]['share']}"
        labels.append((float(rows[-1]["value"]), name.rsplit(" ", 1), colour, 600))
    layers += end_labels(labels, y, (bottom, 100.0), HEIGHT, LABEL_ROOM)
    return [*layers, *_counts(groups, ticks, x, y)]


def _counts(groups: list[Group], ticks: list[int], x: Spec, y: Spec) -> list[Spec]:
    """Below the curves, a line for each: how many are still followed at each tick."""
    heights = [-BELOW * (number + 1.6) for number in range(len(groups))]
    counts = [
        {"month": month, "value": height, "text": f"{survival.followed(group.days, round(month * survival.MONTH)):,}"}
        for height, group in zip(heights, groups, strict=True)
        for month in ticks
    ]
    names = [{"value": height, "text": group.name} for height, group in zip(heights, groups, strict=True)]
    names.append({"value": -BELOW * 0.7, "text": "Followed:"})
    mark: Spec = {"type": "text", "baseline": "middle", "fontSize": 12, "color": MUTED}
    text = {"field": "text", "type": "nominal"}
    return [
        {"data": {"values": counts}, "mark": mark, "encoding": {"x": x, "y": y, "text": text}},
        {
            "data": {"values": names},
            "mark": mark | {"align": "left", "x": 0},
            "encoding": {"y": y, "text": text},
        },
    ]


def _table(groups: list[Group], step: int) -> pd.DataFrame:
    rows = []
    for group in groups:
        for month in range(0, survival.months(group.seen) + 1, step):
            share, lower, upper = survival.at(group.estimate, month * survival.MONTH)
            there = group.estimate[group.estimate["day"] <= month * survival.MONTH]
            rows.append(
                {
                    "Group": group.name,
                    "Months since it began": month,
                    "Still going on": f"{100 * share:.1f}%",
                    "95% interval": words.interval(100 * lower, 100 * upper, "percent"),
                    "Still followed": survival.followed(group.days, round(month * survival.MONTH)),
                    "Ended by then": int(there["ended"].sum()),
                }
            )
    return pd.DataFrame(rows)


def _notes(groups: list[Group], chance: float | None, few: str) -> str:
    parts = [
        "Kaplan-Meier estimate; shaded: 95% interval at each month (log-log), not for the whole line. One that still "
        "goes on counts as far as it has come. A line ends where fewer than "
        f"{survival.FOLLOWED} are followed."
    ]
    parts += [f"{group.name}: none has ended." for group in groups if len(group.estimate) == 1]
    if len(groups) == 2:
        if chance is not None:
            said = f"{100 * chance:.0f}%" if chance >= 0.01 else "fewer than 1%"
            parts.append(f"A difference as large would come by chance in {said} of cases (log-rank test).")
        parts.append("Those that are funded differ in other ways, too: money need not be why.")
    return " ".join([*parts, few]).strip()
