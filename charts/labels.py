"""Scales and labels worked out in advance: axis ends, and labels that keep a distance from each other."""

from collections.abc import Sequence
from math import floor, log10

import pandas as pd

from charts.figure import Spec
from charts.rows import by_width, expr

LINE = 16  # height of a line of a direct label, in pixels
AXIS_FORMATS = {
    "percent": "datum.label + '%'",
    "gbp": "'£' + datum.label",
    "rate": "datum.label",
}


def nice_domain(numbers: Sequence[float], unit: str, steps: int = 5) -> tuple[float, float]:
    """Round axis ends around the given numbers, with a little air; a percentage stays within 0 to 100."""
    present = [float(n) for n in numbers if not pd.isna(n)]
    if not present:
        return (0.0, 100.0 if unit == "percent" else 1.0)
    low, high = min(present), max(present)
    span = (high - low) or abs(high) * 0.2 or 1.0
    size = 10 ** floor(log10(span / steps))
    step = next(m * size for m in (1, 2, 5, 10) if m * size >= span / steps)
    bottom = floor((low - span * 0.04) / step) * step
    top = -floor(-(high + span * 0.04) / step) * step
    bottom = max(0.0, bottom) if low >= 0 else bottom
    return (bottom, min(100.0, top) if unit == "percent" else top)


def apart(positions: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """The positions, moved as little as needed so that neighbours are at least `gap` apart, within low and high."""
    order = sorted(range(len(positions)), key=lambda i: positions[i])
    moved = [positions[i] for i in order]
    for _ in range(50):  # settles in a few rounds for the handful of labels a chart has
        for i in range(len(moved) - 1):
            short = gap - (moved[i + 1] - moved[i])
            if short > 1e-9:
                moved[i] -= short / 2
                moved[i + 1] += short / 2
        shift = max(0.0, low - moved[0]) or min(0.0, high - moved[-1]) if moved else 0.0
        moved = [m + shift for m in moved]
    placed = dict(zip(order, moved, strict=True))
    return [placed[i] for i in range(len(positions))]


def end_labels(
    labels: Sequence[tuple[float, list[str], str, int]],
    y: Spec,
    domain: tuple[float, float],
    height: int,
    room: str,
) -> list[Spec]:
    """Direct labels right of the plot, from (value, lines, colour, weight), moved apart where they would touch.

    `room` is the expression for the pixels kept free at the right; `height` the plot's height in pixels.
    """
    pixel = (domain[1] - domain[0]) / height
    tallest = max((len(lines) for _, lines, _, _ in labels), default=1) * LINE
    half = tallest / 2 * pixel
    places = apart([at for at, *_ in labels], (tallest + 3) * pixel, domain[0] + half, domain[1] - half)
    layers: list[Spec] = []
    for (_, lines, colour, weight), at in zip(labels, places, strict=True):
        mark: Spec = {"type": "text", "align": "left", "x": expr(f"width - {room} + 14"), "color": colour}
        mark |= {"fontWeight": weight, "fontSize": expr(by_width(12.5, 15)), "lineHeight": LINE}
        # Several lines hang from their top, so half of them are lifted above the value.
        mark |= {"baseline": "line-top", "dy": -LINE / 2 * len(lines), "limit": expr(f"{room} - 15")}
        data = {"values": [{"value": at, "text": lines}]}
        layers.append({"data": data, "mark": mark, "encoding": {"y": y, "text": {"field": "text", "type": "nominal"}}})
    return layers


def period_order(*frames: pd.DataFrame | None) -> list[str]:
    """Period codes of all frames, in order of time."""
    parts = [frame[["period", "period_position"]] for frame in frames if frame is not None and len(frame)]
    if not parts:
        return []
    both = pd.concat(parts).drop_duplicates("period").sort_values("period_position")
    return [str(period) for period in both["period"]]


def period_span(periods: Sequence[str]) -> str | None:
    """'2009/10 to 2011/12', '2011/12', or None where there is none."""
    if not periods:
        return None
    return periods[0] if len(periods) == 1 else f"{periods[0]} to {periods[-1]}"


def by_value(domain: tuple[float, float], unit: str) -> Spec:
    """Vertical position by the field `value`, with an axis that says it in its unit."""
    return {
        "field": "value",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": list(domain), "nice": False, "zero": False},
        "axis": {"labelExpr": AXIS_FORMATS[unit], "tickCount": 5, "grid": True},
    }


def along_value(
    domain: tuple[float, float], says: str, left: str, right: str, ticks: tuple[int, int] = (3, 6), *, top: bool = False
) -> Spec:
    """Horizontal position by the field `value`, between room for names at the left and for numbers at the right.

    says: the axis's labelExpr; left, right: expressions for pixels; ticks: on a narrow chart and on a wide one.
    """
    ends = [expr(left), expr(f"width - {right}")]
    axis: Spec = {"labelExpr": says, "tickCount": expr(by_width(*ticks)), "grid": True}
    return {
        "field": "value",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": list(domain), "range": ends, "nice": False, "zero": False},
        "axis": axis | ({"orient": "top"} if top else {}),
    }


def by_period(periods: Sequence[str], label_room: str) -> Spec:
    """The x channel of lines over periods, with room at the right for their labels; label_room: by_width."""
    room = [expr("28"), expr(f"width - {label_room}")]
    scale = {"type": "point", "padding": 0, "domain": list(periods), "range": room}
    return {"field": "period", "type": "ordinal", "axis": period_axis(periods), "scale": scale}


def period_axis(periods: Sequence[str]) -> Spec:
    """An axis of academic years; terms are shortened, with their year below the last term shown of that year."""
    lines: dict[str, list[str]] = {}
    for index, period in enumerate(periods):
        year, _, term = period.partition(" ")
        if not term:
            lines[period] = [year]
            continue
        following = periods[index + 1] if index + 1 < len(periods) else ""
        lines[period] = [term[:3].capitalize(), "" if following.startswith(year) else year]
    return {
        "labelExpr": f"({_js(lines)})[datum.value]",
        "labelAngle": 0,
        "title": None,
        "labelOverlap": False,
        "grid": False,
        "labelLineHeight": 16,
    }


def _js(lines: dict[str, list[str]]) -> str:
    """A Vega object literal; periods hold no quotes."""
    return "{" + ", ".join(f"'{p}': [{', '.join(repr(t) for t in texts)}]" for p, texts in lines.items()) + "}"
