"""Views that set areas, groups or indicators side by side as bars with their intervals."""

from collections.abc import Sequence

import pandas as pd

from charts.labels import nice_domain
from exports.office.parts import Chart, Table
from exports.pack.parts import Form
from exports.pack.told import PERCENT, Told, column, limits, number
from exports.views.figures import england_row
from measures import words

ENGLAND = "England"
INTERVAL = "95% interval"
ONE, TWO = 16, 44  # bars that fit one chart, and two side by side; of more, dots without names
LINES = "Lines show 95% intervals."
LEGEND = "● on track, ◐ at risk, ○ off track, – no judgement."


def ranked(told: Told) -> list[Form]:
    """Areas in order with England among them; beyond TWO, dots with England as a line."""
    rows = told.table
    rows = rows[[number(cell) == number(cell) for cell in rows["Value"]]]
    nation = england_row(told.now, told.option("indicator"))
    mark = float("nan") if nation is None else number(words.number(nation["value"], told.unit))
    focus = told.now.la_name if told.option("level") == "la" else told.now.region_name
    if len(rows) > TWO:
        return [_dots(told, rows, mark)]
    own = [{"name": row["Area"], "said": row["Value"], "of": "own"} for row in rows.to_dict("records")]
    value = column(rows, "Value", range(len(rows)))
    lower, upper = limits(rows, INTERVAL, range(len(rows)))
    frame = pd.DataFrame(own).assign(value=value, lower=lower, upper=upper)
    if focus in set(frame["name"]):
        frame["of"] = ["own" if name == focus else "beside" for name in frame["name"]]
    if mark == mark:
        said = {"name": ENGLAND, "said": words.number(mark, told.unit), "of": "reference", "value": mark}
        said |= dict(zip(("lower", "upper"), _limits(nation, told.unit), strict=True))
        falls = value.iloc[0] >= value.iloc[-1] if len(value) else True
        frame = pd.concat([frame, pd.DataFrame([said])]).sort_values("value", ascending=not falls, kind="stable")
    target = next((cell for cell in rows["Target"] if number(cell) == number(cell)), "")
    notes = [*(["White: England."] if mark == mark else []), *([f"Target: {target}."] if target else []), LINES]
    return [_in_columns(told, frame, " ".join(notes))]


def ranking(told: Told) -> list[Form]:
    """The areas compared in order, and their differences from the reference as a table."""
    rows, reference = told.table, told.option("reference")
    name = "Value (95% interval)"
    frame = pd.DataFrame({"name": rows["Area"], "said": [str(cell).partition(" (")[0] for cell in rows[name]]})
    frame["value"] = column(rows, name, frame.index)
    frame["lower"], frame["upper"] = limits(rows, name, frame.index)
    frame["of"] = ["reference" if area == reference else "own" for area in rows["Area"]]
    chart = _bars(told, frame.dropna(subset=["value"]), told.figure.headline, None)
    difference = f"Difference from {reference} (95% interval)"
    table = rows[["Area", difference, "Is it clear?", "Status"]]
    set_against = Table(f"Differences from {reference}", table, widths=(1.1, 1.6, 1.2, 1.2))
    return [Form([chart, set_against], columns=2, shares=(1, 1), notes=f"White: {reference}. {LINES}")]


def between_groups(told: Told) -> list[Form]:
    """The gap between two groups by region with its interval, and both groups' figures as a table."""
    rows = told.table
    frame = pd.DataFrame({"name": rows["Area"], "said": rows["Gap"]})
    frame["value"] = column(rows, "Gap", frame.index)
    frame["lower"], frame["upper"] = limits(rows, INTERVAL, frame.index)
    frame["of"] = ["reference" if area == ENGLAND else "own" for area in rows["Area"]]
    known = frame.dropna(subset=["value"])
    ends = nice_domain([0.0, *known["value"], *known["lower"], *known["upper"]], "gap")
    domain = (min(0.0, ends[0]), max(0.0, ends[1]))
    chart = _bars(told, known, told.figure.headline, domain, unit="gbp" if told.unit == "gbp" else "gap")
    table = Table("Both groups", rows[[*rows.columns[:3], "Against chance"]], widths=(1.8, 1, 1, 1.3))
    return [Form([chart, table], columns=2, shares=(1.15, 1), notes=f"White: England. {LINES}")]


def groups_here(told: Told) -> list[Form]:
    """Two groups' percentages, indicator by indicator, and the gaps as a table."""
    rows = told.table
    first, second = rows.columns[1], rows.columns[3]
    percent = rows[[told.by_title[title]["unit"] == PERCENT for title in rows["Indicator"]]]
    index = [told.label(title) for title in percent["Indicator"]]
    ends = {group: limits(percent, f"{group}, 95% interval", index) for group in (first, second)}
    chart = Chart(
        title=told.figure.headline,
        alt=told.figure.alt,
        kind="bars",
        unit=PERCENT,
        values=pd.DataFrame({group: column(percent, group, index) for group in (first, second)}),
        lower=pd.DataFrame({group: low for group, (low, _) in ends.items()}),
        upper=pd.DataFrame({group: high for group, (_, high) in ends.items()}),
    )
    table = rows[["Indicator", first, second, "Against chance"]]
    set_against = Table("Gaps between the groups", table, widths=(2.2, 0.9, 0.9, 1.3))
    return [Form([chart, set_against], columns=2, shares=(1.1, 1), notes=LINES)]


def spine_chart(told: Told) -> list[Form]:
    """The authority's percentages beside England's with their status; then the other indicators as a table."""
    rows = told.table
    percent = rows[[told.by_title[title]["unit"] == PERCENT for title in rows["Indicator"]]]
    shown = percent[[number(cell) == number(cell) for cell in percent["Value"]]]
    own = told.now.area
    index = [
        f"{str(row['Status'])[:1]} {told.label(row['Indicator'])}, {row['Value']}" for row in shown.to_dict("records")
    ]
    lower, upper = limits(shown, INTERVAL, index)
    values = pd.DataFrame({own: column(shown, "Value", index), ENGLAND: column(shown, ENGLAND, index)})
    half = -(-len(values) // 2)
    charts = [
        Chart(
            title=f"{told.figure.headline}, part {at}",
            alt=told.figure.alt,
            kind="bars",
            unit=PERCENT,
            values=part,
            lower=lower.loc[part.index].to_frame(own),
            upper=upper.loc[part.index].to_frame(own),
        )
        for at, part in enumerate((values.iloc[:half], values.iloc[half:]), 1)
        if len(part)
    ]
    columns = ["Indicator", "Value", INTERVAL, ENGLAND, "Compared with England", "Status"]
    rest = rows[~rows["Indicator"].isin(shown["Indicator"])]
    table = rest[columns].assign(Indicator=[told.label(title) for title in rest["Indicator"]])
    listed = Table("Other indicators", table, widths=(2.2, 0.9, 1.5, 0.9, 1.4, 2))
    made = [Form(charts, columns=2, notes=f"{LINES} {LEGEND}")] if charts else []
    return [*made, *([Form([listed], about="In other units, or without a value")] if len(rest) else [])]


def _limits(row: pd.Series | None, unit: str) -> list[float]:
    """The limits of a row of values as a reader sees them; NaN where there are none."""
    found = [] if row is None else words.numbers_in(words.interval(row["lower"], row["upper"], unit))
    return found or [float("nan")] * 2


def _in_columns(told: Told, frame: pd.DataFrame, notes: str) -> Form:
    """The bars in one chart, or in two on one scale where there are many."""
    headline = told.figure.headline
    if len(frame) <= ONE:
        return Form([_bars(told, frame, headline, None)], notes=notes)
    half = -(-len(frame) // 2)
    domain = (0.0, nice_domain([0.0, *frame["value"], *frame["upper"]], told.unit)[1])
    parts = (frame.iloc[:half], frame.iloc[half:])
    ends = None if told.unit == PERCENT else domain
    charts = [_bars(told, part, f"{headline}, part {at}", ends) for at, part in enumerate(parts, 1)]
    return Form(charts, columns=2, notes=notes)


def _bars(
    told: Told, frame: pd.DataFrame, title: str, domain: tuple[float, float] | None, *, unit: str | None = None
) -> Chart:
    """One series of bars. frame: name, said, value, lower, upper, of (a role), in the order to show."""
    index = [f"{row['name']}, {row['said']}" for row in frame.to_dict("records")]
    name = str(told.indicators["short_title"].iloc[0])
    roles: Sequence[str] = list(frame["of"])
    return Chart(
        title=title,
        alt=told.figure.alt,
        kind="bars",
        unit=unit or told.unit,
        values=pd.DataFrame({name: frame["value"].to_list()}, index=index, dtype=float),
        lower=pd.DataFrame({name: frame["lower"].to_list()}, index=index, dtype=float),
        upper=pd.DataFrame({name: frame["upper"].to_list()}, index=index, dtype=float),
        marked={label: role for label, role in zip(index, roles, strict=True) if role != "own"},
        domain=domain,
    )


def _dots(told: Told, rows: pd.DataFrame, mark: float) -> Form:
    index = list(rows["Area"])
    name = str(told.indicators["short_title"].iloc[0])
    lower, upper = limits(rows, INTERVAL, index)
    values = pd.DataFrame({name: column(rows, "Value", index)})
    if mark == mark:
        values[ENGLAND] = mark
    chart = Chart(
        title=told.figure.headline,
        alt=told.figure.alt,
        kind="dots",
        unit=told.unit,
        values=values,
        lower=lower.to_frame(name),
        upper=upper.to_frame(name),
        roles=("point", "reference"),
    )
    first, last = rows.iloc[0], rows.iloc[-1]
    ends = f"First {first['Area']}, {first['Value']}; last {last['Area']}, {last['Value']}"
    return Form([chart], notes=f"{len(rows)} areas from the left, each named in the chart's figures. {ends}. {LINES}")
