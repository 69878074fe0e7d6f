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
    said = f"Dark: {told.now.area}. White: England. {LINES}"
    pages = [shown[at : at + 3] for at in range(0, len(shown), 3)]
    return [
        *grid(over_time(told, of_time), strips_notes(told)),
        *(Form(page, columns=len(page), about="Among the areas compared", notes=said) for page in pages),
    ]


def _among(told: Told, title: str, rows: pd.DataFrame) -> Chart:
    """The areas with a value in the last period, highest first; of more than ONE the names stand in the figures only."""
    latest = rows[rows["Period"] == rows["Period"].max()]
    latest = latest.assign(value=column(latest, "Value", latest.index)).dropna(subset=["value"])
    latest = latest.sort_values("value", ascending=False, kind="stable")
    many = len(latest) > ONE
    index = list(latest["Area"] if many else latest["Area"] + ", " + latest["Value"])
    lower, upper = limits(latest, INTERVAL, index)
    name, unit = told.label(title), str(told.by_title[title]["unit"])
    roles = [
        "own" if area == told.now.area else "reference" if area == ENGLAND else "beside" for area in latest["Area"]
    ]
    said = "; ".join(latest["Area"] + " " + latest["Value"])
    return Chart(
        title=name,
        alt=f"{'Dots' if many else 'Bars'} of {name}, highest first: {said}.",
        kind="dots" if many else "bars",
        unit=unit,
        values=pd.DataFrame({name: latest["value"].to_list()}, index=index, dtype=float),
        lower=lower.to_frame(name),
        upper=upper.to_frame(name),
        roles=("point",) if many else ("own",),
        marked={} if many else {label: role for label, role in zip(index, roles, strict=True) if role != "own"},
        headed=True,
    )
