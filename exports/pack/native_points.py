"""The funnel plot as points and limits on two axes of numbers."""

from typing import Final

import numpy as np
import pandas as pd

from charts.funnel import NAMED, WORDS
from exports.office.parts import Scatter
from exports.pack.parts import Form
from exports.pack.told import PERCENT, Told, column, number
from exports.views.figures import england_row
from measures import words
from measures.gaps import funnel_limits

STEPS: Final = 40  # points of a limit's line


def funnel_plot(told: Told) -> list[Form]:
    """Authorities by effective number and value, in three groups by how far from England; the furthest are named."""
    rows = told.table
    points = pd.DataFrame({"group": rows["Against chance"], "name": rows["Area"]})
    points["x"] = rows["Effective number"].astype(float)
    points["y"] = column(rows, "Value", points.index)
    nation = england_row(told.now, told.option("indicator"))
    assert nation is not None  # without it there is no figure
    centre = number(words.number(nation["value"], PERCENT))
    outer = points[points["group"] == WORDS[2]]
    furthest = outer.loc[(outer["y"] - centre).abs().nlargest(NAMED).index]
    named = _apart(furthest, float(points["x"].max()))
    points["name"] = [name if at in named or name == told.now.la_name else "" for at, name in points["name"].items()]
    order = {word: place for place, word in WORDS.items()}
    points = points.sort_values("group", key=lambda groups: groups.map(order), kind="stable")
    chart = Scatter(
        title=told.figure.headline,
        alt=told.figure.alt,
        unit=PERCENT,
        points=points,
        lines=_lines(float(nation["value"]), centre, points["x"]),
        across="Effective number of responses",
    )
    return [Form([chart])]


def _apart(points: pd.DataFrame, across: float) -> set[object]:
    """The points, in their order, whose names would not touch that of another one. across: how far x goes."""
    kept: list[tuple[float, float]] = []
    found = set()
    for at, point in points.iterrows():
        if all(abs(point["x"] - x) > across / 5 or abs(point["y"] - y) > 3 for x, y in kept):
            kept.append((point["x"], point["y"]))
            found.add(at)
    return found


def _lines(exact: float, centre: float, numbers: pd.Series) -> dict[str, pd.DataFrame]:
    """England across the plot, and the limits that chance alone would give around it."""
    low, top = max(5.0, float(numbers.min()) * 0.7), float(numbers.max()) * 1.04
    made = {f"England {words.number(centre, PERCENT)}": pd.DataFrame({"x": [0, top], "y": [centre, centre]})}
    sizes = np.geomspace(low, top, STEPS)
    for level, name in ((0.95, "95% limit"), (0.998, "99.8% limit")):
        for side, limit in zip(("Lower", "Upper"), funnel_limits(exact / 100, sizes, level), strict=True):
            ends = pd.DataFrame({"x": sizes, "y": 100 * limit}).round(2)
            made[f"{side} {name}"] = ends
    return made
