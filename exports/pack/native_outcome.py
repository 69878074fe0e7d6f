"""The indicators of an outcome: each over time, then each among the areas compared."""

import pandas as pd

from exports.office.parts import Chart
from exports.pack.native_bars import INTERVAL, LINES, ONE
from exports.pack.native_lines import ENGLAND, grid, over_time, strips_notes
from exports.pack.parts import Form
from exports.pack.told import Told, column, limits


def outcome_rows(told: Told) -> list[Form]:
    """Small line charts of the area and England, then the areas compared in order, a chart an indicator in both."""
    rows = told.table.drop_duplicates(["Indicator", "Area", "Period"])
    of_time = rows[rows["Area"].isin([told.now.area, ENGLAND])]
    among = [_among(told, str(title), mine) for title, mine in rows.groupby("Indicator", sort=False)]
    shown = [chart for chart in among if len(chart.values)]
    size = 2 if len(shown) in (2, 4) else 3
    pages = [shown[at : at + size] for at in range(0, len(shown), size)]
    return [
        *grid(over_time(told, of_time), strips_notes(told)),
        *(Form(page, columns=len(page), about="Among the areas compared", notes=_said(told, page)) for page in pages),
    ]


def _said(told: Told, charts: list[Chart]) -> str:
    """How to read the charts of one slide."""
    bars = any(chart.kind == "bars" for chart in charts)
    nation = "White: England. " if told.now.area != ENGLAND else ""
    return f"Dark: {told.now.area}. {nation}{LINES}" if bars else f"Names are in the charts' figures. {LINES}"


def _among(told: Told, title: str, rows: pd.DataFrame) -> Chart:
    """The areas with a value in the last period, highest first; more than ONE are named in the figures only."""
    latest = rows[rows["Period"] == rows["Period"].max()]
    latest = latest.assign(value=column(latest, "Value", latest.index)).dropna(subset=["value"])
    latest = latest.sort_values("value", ascending=False, kind="stable")
    many, own = len(latest) > ONE, told.now.area
    index = list(latest["Area"] if many else latest["Area"] + ", " + latest["Value"])
    lower, upper = limits(latest, INTERVAL, index)
    name = told.label(title)
    values = pd.DataFrame({name: latest["value"].to_list()}, index=index, dtype=float)
    if many and own in values.index:
        values[own] = values[name].where(values.index == own)
    known = {ENGLAND: "reference", own: "own"}
    roles = [known.get(area, "beside") for area in latest["Area"]]
    said = "; ".join(latest["Area"] + " " + latest["Value"])
    return Chart(
        title=name,
        alt=f"{'Dots' if many else 'Bars'} of {name}, highest first: {said}.",
        kind="dots" if many else "bars",
        unit=str(told.by_title[title]["unit"]),
        values=values,
        lower=lower.to_frame(name),
        upper=upper.to_frame(name),
        roles=("point", "chosen") if many else ("own",),
        marked={} if many else {label: role for label, role in zip(index, roles, strict=True) if role != "own"},
        headed=True,
    )
