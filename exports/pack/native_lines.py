"""Views over time as line charts: one, or a small one for each area or indicator."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from charts.labels import nice_domain
from exports import frames
from exports.office.parts import Chart
from exports.pack.parts import Form
from exports.pack.told import Told, column, limits

ENGLAND, EXPECTED = "England", "Expected"
CROWDED = 7  # periods from which on their names are shorter still
OTHERS = ("other", "another")
MOST = 8  # small charts on one slide
BARS = "Lines up and down show 95% intervals."


def trajectory(told: Told) -> list[Form]:
    """The area with its interval, England, and the expected path."""
    parts = {str(area): rows for area, rows in told.table.groupby("Area", sort=False)}
    own = next(iter(parts))
    made = _chart(told.figure.headline, parts, own, told.unit, expected=True)
    chart = replace(made, alt=told.figure.alt, headed=False, legend=True)
    return [Form([chart], notes=f"Dashes: where it was expected. {BARS}")]


def by_area(told: Told) -> list[Form]:
    """A small chart an area, each with England, all on one scale."""
    parts = {str(area): rows for area, rows in told.table.groupby("Area", sort=False)}
    shown = [area for area in told.asked["areas"] if area in parts]
    of = [{area: parts[area], **({ENGLAND: parts[ENGLAND]} if ENGLAND in parts else {})} for area in shown]
    small = [_chart(_latest(area, parts[area]), each, area, told.unit) for area, each in zip(shown, of, strict=True)]
    frames_of = [frame for chart in small for frame in (chart.values, chart.lower, chart.upper) if frame is not None]
    numbers = [value for frame in frames_of for value in frame.to_numpy(dtype=float).ravel()]
    domain = nice_domain(numbers, told.unit)
    charts = [replace(chart, domain=domain) for chart in small]
    return grid(charts, "Dots: the area. Squares: England. One scale for all.")


def by_indicator(told: Told) -> list[Form]:
    """A small chart an indicator, one area stressed, each on its own scale."""
    focus = told.option("focus")
    small = []
    for title, rows in told.table.groupby("Indicator", sort=False):
        parts = {str(area): part for area, part in rows.groupby("Area", sort=False)}
        if focus in parts:
            ordered = {focus: parts[focus], **parts}
            name = _latest(told.label(str(title)), parts[focus])
            small.append(_chart(name, ordered, focus, str(told.by_title[str(title)]["unit"])))
    others = [area for area in told.asked["areas"] if area not in (focus, ENGLAND)]
    said = f"Dots: {focus}. " + ("" if focus == ENGLAND else "Squares: England. ")
    return grid(small, said + (f"Dashes: {', '.join(others)}." if others else ""))


def trend_strips(told: Told) -> list[Form]:
    """A small chart an indicator of a priority: the area, its expected path, England."""
    return grid(over_time(told, told.table), strips_notes(told))


def over_time(told: Told, table: pd.DataFrame) -> list[Chart]:
    """A small chart for each indicator that the area shown has rows of in a table twin: it, its path, England."""
    own, small = told.now.area, []
    for title, rows in table.groupby("Indicator", sort=False):
        parts = {str(area): part for area, part in rows.groupby("Area", sort=False)}
        if own in parts:
            name = _latest(told.label(str(title)), parts[own], judged=True)
            unit = str(told.by_title[str(title)]["unit"])
            small.append(_chart(name, {own: parts[own], **parts}, own, unit, expected=True))
    return small


def strips_notes(told: Told) -> str:
    """How to read these."""
    own = told.now.area
    nation = "" if own == ENGLAND else " Squares: England."
    return f"Dots: {own}. Dashes: the expected path.{nation} Each on a scale of its own."


def gap_over_time(told: Told) -> list[Form]:
    """Best and worst region, England, and the middle 80% of authorities between two dotted lines."""
    rows, periods = told.table, [frames.short_period(period) for period in told.table["Period"]]
    values, lower, upper = {}, {}, {}
    for end in ("Best", "Worst"):
        values[f"{end} region"] = column(rows, f"{end} value", periods)
        lower[f"{end} region"], upper[f"{end} region"] = limits(rows, f"{end} 95% interval", periods)
    values[ENGLAND] = column(rows, ENGLAND, periods)
    low, high = limits(rows, "Middle 80% of local authorities", periods)
    values |= {"A tenth of authorities below": low, "A tenth of authorities above": high}
    roles = ("own", "second", "beside", "limit", "limit")
    there = [(name, role) for (name, part), role in zip(values.items(), roles, strict=True) if part.notna().any()]
    chart = Chart(
        title=told.figure.headline,
        alt=told.figure.alt,
        kind="lines",
        unit=told.unit,
        values=pd.DataFrame({name: values[name] for name, _ in there}),
        lower=pd.DataFrame(lower),
        upper=pd.DataFrame(upper),
        roles=[role for _, role in there],
    )
    ends = rows.iloc[[0, -1]] if len(rows) > 1 else rows
    named = [
        f"{row['Period']} best {row['Best region']}, worst {row['Worst region']}" for row in ends.to_dict("records")
    ]
    return [Form([chart], notes=f"{'; '.join(named)}. {BARS}")]


def _chart(title: str, parts: Mapping[str, pd.DataFrame], own: str, unit: str, *, expected: bool = False) -> Chart:
    """One area beside others over time. parts: area → its rows of the table, the own one among them."""
    periods = sorted({period for rows in parts.values() for period in rows["Period"]})  # autumn, spring, summer, too
    values, roles, others = {}, [], 0
    for area, rows in {own: parts[own], **parts}.items():
        values[area] = column(rows, "Value", rows["Period"]).reindex(periods)
        roles.append("own" if area == own else "beside" if area == ENGLAND else OTHERS[others % 2])
        others += roles[-1] in OTHERS
    path = column(parts[own], EXPECTED, parts[own]["Period"]).reindex(periods)
    if expected and path.notna().any():
        values[EXPECTED] = path
        roles.append("expected")
    ends = [end.reindex(periods) for end in limits(parts[own], "95% interval", parts[own]["Period"])]
    frame = pd.DataFrame(values).rename(index=frames.short_period if len(periods) < CROWDED else frames.shortest_period)
    said = "; ".join(f"{row['Period']} {row['Value']}" for row in parts[own].to_dict("records"))
    return Chart(
        title=title,
        alt=f"Line chart of {title}. {own}: {said}.",
        kind="lines",
        unit=unit,
        values=frame,
        lower=pd.DataFrame({own: ends[0].to_numpy()}, index=frame.index),
        upper=pd.DataFrame({own: ends[1].to_numpy()}, index=frame.index),
        roles=roles,
        headed=True,
        legend=False,
    )


def _latest(name: str, rows: pd.DataFrame, *, judged: bool = False) -> str:
    """'1b Needs agreed in review: 84.6%', with '◐ At risk' where it is judged."""
    last = rows.iloc[-1]
    status = f", {str(last['Status']).partition(':')[0]}" if judged else ""
    return f"{name}: {last['Value']}{status}"


def grid(small: list[Chart], notes: str) -> list[Form]:
    """The charts in rows, MOST a slide at most."""
    parts = -(-len(small) // MOST)
    size = -(-len(small) // parts) if parts else 1
    pages = [small[at : at + size] for at in range(0, len(small), size)]
    return [Form(page, columns=_columns(len(page)), notes=f"{notes} {BARS}") for page in pages]


def _columns(charts: int) -> int:
    return 1 if charts == 1 else 2 if charts <= 4 else 3 if charts <= 6 else 4
