"""How each measure is made, in words, with an example worked through from the figures that are shown."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st
from scipy.stats import chi2

from exports import definitions
from exports.kept import kept
from exports.shown import Shown
from exports.views import behind, data, figures
from measures import examples, words
from measures.comparison import neighbour_mean
from measures.gaps import best_and_worst, group_gap
from measures.trends import with_trend
from pages.parts import thresholds, whence

GROUPS = {"teachers": "teachers", "support_staff": "support staff"}
LIMITS = ["trend_points", "trend_confidence"]
NONE = "No figure of what is shown has all the parts of this example: choose another period, phase or staff group."


@dataclass(frozen=True)
class Example:
    """What is worked through, and its steps."""

    about: str
    steps: list[str]


def sections(version: int) -> dict[str, str]:
    """Heading → text of seed_data/strategy/methods.md, with the thresholds that hold for all."""
    return definitions.methods(thresholds.for_all(version))


def show(now: Shown) -> None:
    """Each section with its example."""
    made = worked(now)
    st.caption("Each example is worked out from figures that the pages show.")
    whence.button("examples", now.version, behind.everywhere, now)
    for heading, text in sections(now.version).items():
        st.markdown(f"## {heading}\n\n{text}")
        if heading in made:
            _show(made[heading])


def _show(example: Example | None) -> None:
    if example is None:
        st.caption(NONE)
        return
    steps = "\n".join(f"- {step}" for step in example.steps)
    with st.container(border=True):
        st.markdown(f"**Worked example: {example.about}**\n\n{steps}")


@kept(60)
def worked(now: Shown) -> dict[str, Example | None]:
    """Heading → its example from the figures of what is shown; None where no figure has all its parts."""
    england = _in_order(now, "england")
    row = _first(england)
    made: dict[str, Example | None] = {"Trend": _trend(now), "Gap between groups": _groups(now)}
    made["Confidentiality"] = _suppressed(now)
    regions = _in_order(now, "region")
    made |= dict.fromkeys(
        ["How a figure is made", "How sure it is", "Coverage", "Progress", "Expected value and status"]
    ) | dict.fromkeys(["Comparison with a benchmark", "Gap between areas", "Funnel limits", "Rank and quartile"])
    made["Statistical neighbours"] = _neighbours(now)
    if row is None:
        return made
    about, title = _record(now, row), _said(now, row)
    made["How a figure is made"] = Example(title, examples.value(row))
    made["How sure it is"] = Example(title, examples.interval(row))
    made["Coverage"] = Example(title, examples.coverage(row, about["minimum_coverage"]))
    line = _line(now, row)
    if line:
        made["Expected value and status"] = Example(title, [*examples.expected(row, line), *examples.status(row)])
        if pd.notna(row["progress"]):
            made["Progress"] = Example(title, examples.progress(row))
    mine = regions[(regions["indicator"] == row["indicator"]) & examples.has_all_parts(regions)]
    ends = best_and_worst(mine, row["better"])
    if ends is None:
        return made
    first, areas = mine.sort_values("area").iloc[0], f"{about['short_title']}, the regions, {_when(now, row)}"
    beside = f"{first['area']} and England, {about['short_title']}, {_when(now, row)}"
    made["Comparison with a benchmark"] = Example(beside, examples.comparison(first, "England", row["value"]))
    made["Funnel limits"] = Example(beside, examples.funnel(first, row["value"]))
    made["Gap between areas"] = Example(areas, examples.spread(mine, *ends))
    made["Rank and quartile"] = Example(areas, examples.place(mine, first["area_code"], row["better"]))
    return made


def _in_order(now: Shown, level: str) -> pd.DataFrame:
    """A level's figures of the strategy: of people in schools first, whose interval has most to show, then in order."""
    known = data.reference(now.version).of_strategy
    of_people = (known["collected_from"] == "school") & (known["denominator_counts"] == "people")
    ordered = [*known.loc[of_people, "code"], *known.loc[~of_people, "code"]]
    rows = figures.area_rows(now, level)
    rows = rows[rows["indicator"].isin(ordered)]
    return rows.assign(_order=rows["indicator"].map(ordered.index)).sort_values(["_order", "area"])


def _first(rows: pd.DataFrame) -> pd.Series | None:
    """The first percentage with all its parts, trajectory included where one has it."""
    there = rows[examples.has_all_parts(rows)]
    whole = there[there[["baseline", "expected", "target"]].notna().all(axis=1)]
    there = whole if len(whole) else there
    return there.iloc[0] if len(there) else None


def _record(now: Shown, row: pd.Series) -> pd.Series:
    return figures.record(now, row["indicator"])


def _when(now: Shown, row: pd.Series) -> str:
    known = data.reference(now.version).periods
    return str(known.set_index("code")["label"][row["period"]])


def _said(now: Shown, row: pd.Series) -> str:
    return f"{row['area']}, {_record(now, row)['short_title']}, {_when(now, row)}"


def _line(now: Shown, row: pd.Series) -> list[tuple[float, float]]:
    """The trajectory of an England row: its baseline, then the points set for England."""
    known = data.reference(now.version)
    points = data.targets(now.version)
    points = points[(points["indicator"] == row["indicator"]) & (points["area_level"] == "england")]
    if points.empty or pd.isna(row["expected"]):
        return []
    start = known.periods.set_index("code")["position"][str(known.strategy["baseline_year"])]
    later = [(point.position, point.value) for point in points.sort_values("position").itertuples()]
    beyond = row["baseline"] >= row["target"] if row["better"] == "higher" else row["baseline"] <= row["target"]
    if beyond and len(later) == 1:
        later = [(later[0][0], row["baseline"])]
    return [(start, row["baseline"]), *later]


def _trend(now: Shown) -> Example | None:
    """England's first percentage with enough comparable points up to the period that is shown."""
    known = data.reference(now.version)
    about = known.of_strategy.set_index("code", drop=False)
    rows = data.history(now.version, "england", now.staff_group, now.phase)
    position = known.periods.set_index("code")["position"]
    rows = rows[rows["indicator"].isin(about.index) & (rows["period_position"] <= position[now.period] + 1e-6)]
    rows = rows.join(about[LIMITS], on="indicator")
    rows = rows[examples.has_all_parts(rows) & (rows["coverage"] >= rows["minimum_coverage"])]
    term = rows["period"].str.contains(" ")
    rows = rows[term == (rows["indicator"].map(about["frequency"]) == "term")].sort_values("period_position")
    for code in about["code"]:
        needed = int(about["trend_points"][code])
        points = rows[rows["indicator"] == code].tail(needed)
        if len(points) == needed:
            labels = points["period"].map(known.periods.set_index("code")["label"])
            marker = with_trend(points).iloc[0]
            critical = float(chi2.ppf(about["trend_confidence"][code], 1))
            steps = examples.trend(points.assign(period_label=labels), marker, critical)
            return Example(f"England, {about['short_title'][code]}", steps)
    return None


def _groups(now: Shown) -> Example | None:
    """England's first percentage that teachers and support staff both have."""
    one, other = (
        data.at(now.version, "england", group, now.phase, now.period).set_index("indicator", drop=False)
        for group in GROUPS
    )
    one, other = (rows[examples.has_all_parts(rows)] for rows in (one, other))
    for code in data.reference(now.version).of_strategy["code"]:
        if code in one.index and code in other.index:
            found = group_gap(one.loc[[code]], other.loc[[code]]).iloc[0]
            names = (GROUPS["teachers"], GROUPS["support_staff"])
            row = one.loc[code]
            return Example(_said(now, row), examples.gap(row, other.loc[code], names, found))
    return None


def _neighbours(now: Shown) -> Example | None:
    """The first authority with a figure, of the first indicator that it and a neighbour have one for."""
    rows, sets = _in_order(now, "la"), data.neighbours(now.version)
    there = rows[examples.has_all_parts(rows) & rows["area_code"].isin(sets["la_code"])]
    if there.empty:
        return None
    row = there.iloc[0]
    figures_there = rows[rows["indicator"] == row["indicator"]]
    mine = sets[sets["la_code"] == row["area_code"]]
    found = neighbour_mean(figures_there, mine).iloc[0]
    if not found["neighbours_reported"]:
        return None
    beside = figures_there.set_index("area_code").reindex(mine["neighbour_code"])
    reported, asked = int(found["neighbours_reported"]), int(found["neighbours_asked"])
    steps = examples.neighbours(beside, row["area"], reported, asked, found["neighbour_value"])
    return Example(_said(now, row), steps)


def _suppressed(now: Shown) -> Example | None:
    """How many figures of authorities are suppressed; no more than how many."""
    rows = figures.area_rows(now, "la")
    if rows.empty:
        return None
    about = f"all figures of local authorities, {words.inline(now.staff_label)}, {now.period_label}"
    return Example(about, examples.suppressed(rows))
