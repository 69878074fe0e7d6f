"""The figures of single places: one indicator across areas, groups and time; one area beside others."""

from dataclasses import replace

import pandas as pd

from charts import dots, funnel, gap, group_gap, maps, spine, strips, trend, two_groups
from charts.figure import Figure
from exports.kept import kept
from exports.shown import Shown
from exports.views import data
from exports.views.figures import (
    MANY,
    area_rows,
    context,
    england_row,
    features,
    history_of,
    level_rows,
    of_priority,
    own_rows,
    place_words,
    record,
    short_names,
)
from exports.views.registry import view
from measures import sentences, words
from measures.gaps import funnel_limits

GROUPS = {
    "teachers": "teachers",
    "support_staff": "support staff",
    "early_career_teachers": "early career teachers",
    "experienced_teachers": "experienced teachers",
}
PAIRS = (("teachers", "support_staff"), ("early_career_teachers", "experienced_teachers"))


@view(200, "regions")
def value_map(now: Shown, level: str, indicator: str) -> Figure:
    """Map of one indicator's values."""
    rows, england = level_rows(now, level, indicator), england_row(now, indicator)
    return maps.map_figure(
        rows,
        record(now, indicator),
        context(now, rows, indicator, place=place_words(now, level), comparator="" if england is None else "England"),
        features(level, now.version, now.region),
        level=level,
        short=short_names(now, level),
        england=england,
        focus=now.la if level == "la" else now.region,
    )


@view(MANY, "regions")
def ranked(now: Shown, level: str, indicator: str, ends: str | None = None) -> Figure:
    """Ranked dots with intervals, England's line and the target; ends: of many areas, so many first and last ones."""
    rows, england = level_rows(now, level, indicator), england_row(now, indicator)
    target = None if england is None or pd.isna(england["target"]) else float(england["target"])
    made = context(
        now, rows, indicator, place=place_words(now, level), comparator="England" if england is not None else ""
    )
    return dots.ranked(
        rows,
        record(now, indicator),
        made,
        england=england,
        focus=now.la if level == "la" else now.region,
        target=target,
        ends=int(ends) if ends else None,
    )


@view(200, "regions")
def funnel_plot(now: Shown, indicator: str) -> Figure | None:
    """Authorities against their effective sample; None where the indicator is no proportion or England has no value."""
    england = england_row(now, indicator)
    if record(now, indicator)["unit"] != "percent" or england is None or pd.isna(england["value"]):
        return None
    rows = level_rows(now, "la", indicator)
    made = context(now, rows, indicator, place=place_words(now, "la"), comparator="England")
    return funnel.funnel(rows, record(now, indicator), made, england=england, limits=funnel_limits, focus=now.la)


@view(200, "regions")
def gap_over_time(now: Shown, indicator: str) -> Figure:
    """Best and worst region, England, and the 90/10 spread of authorities, over time."""
    rows = history_of(now, "region", indicator)
    made = context(
        now, rows[rows["period"] == rows["period"].iloc[-1]], indicator, place="the nine regions", comparator="England"
    )
    return gap.gap_over_time(
        rows,
        record(now, indicator),
        made,
        england=history_of(now, "england", indicator),
        las=history_of(now, "la", indicator),
    )


@view(MANY, "local-authority")
def trajectory(now: Shown, indicator: str) -> Figure:
    """The chosen area against its trajectory, with England, up to the chosen period."""
    return path(now, indicator)


def path(now: Shown, indicator: str, since: str = "", *, numbers: bool = False, from_zero: bool = False) -> Figure:
    """The same from a period on (its code; '': from the first), drawn as charts.trend.trajectory is told."""
    rows = between(now, history_of(now, now.level, indicator, now.area_code), since)
    england = between(now, history_of(now, "england", indicator), since) if now.level != "england" else None
    comparator = "its trajectory and England" if now.level != "england" else "its trajectory"
    own = own_rows(now)
    made = context(now, own[own["indicator"] == indicator], indicator, comparator=comparator)
    markers = data.trends(now.version, now.level, now.staff_group, now.phase, now.period)
    marker = markers[(markers["indicator"] == indicator) & (markers["area_code"] == now.area_code)]
    said = sentences.trend_marked(marker.iloc[0], noun(rows)) if len(marker) and len(rows) else ""
    looks = {"numbers": numbers, "from_zero": from_zero}
    return trend.trajectory(rows, record(now, indicator), made, england=england, marker=said, **looks)


def between(now: Shown, rows: pd.DataFrame, since: str = "") -> pd.DataFrame:
    """The rows of the periods from `since` (a code; '': the first there is) to the chosen one."""
    position = data.reference(now.version).periods.set_index("code")["position"]
    rows = rows[rows["period_position"] <= position[now.period]]
    return rows[rows["period_position"] >= position[since]] if since else rows


def noun(rows: pd.DataFrame) -> str:
    """What a series counts in: 'term' or 'year'."""
    return "term" if " " in str(rows["period"].iloc[-1]) else "year"


@view(MANY, "local-authority")
def spine_chart(now: Shown, priority: str | None = None) -> Figure | None:
    """Every indicator, or those of one priority, of the chosen authority against England; None where none is chosen."""
    if now.la is None:
        return None
    return spine_of(now, of_priority(now, priority))


def spine_of(now: Shown, indicators: pd.DataFrame, measure: str = "") -> Figure:
    """Some indicators of the chosen authority or region against England: their definitions, what they are together."""
    region, own = area_rows(now, "region"), own_beside(now)
    beside = {"neighbour_value": "value", "neighbours_reported": "reported", "neighbours_asked": "asked"}
    neighbours = own.reindex(columns=["indicator", *beside]).rename(columns=beside).dropna()
    within = region[region["area_code"] == now.region] if now.level == "la" else None
    others = [
        "England",
        *([str(now.region_name)] if now.level == "la" else []),
        *(["its statistical neighbours"] if len(neighbours) else []),
    ]
    return spine.spine(
        own_rows(now),
        area_rows(now, "england"),
        within,
        data.spread(now.version, now.staff_group, now.phase, now.period),
        indicators,
        context(now, own_rows(now), comparator=words.joined(others)),
        neighbours=neighbours if len(neighbours) else None,
        measure=measure,
    )


@view(MANY, "local-authority")
def trend_strips(now: Shown, priority: str) -> Figure:
    """Every indicator of a priority over time in the chosen area, up to the chosen period."""
    known = data.reference(now.version)
    until = known.periods.set_index("code")["position"][now.period]
    of = (now.version, now.staff_group, now.phase)
    rows = data.of_area(of[0], now.level, *of[1:], now.area_code)
    england = data.of_area(of[0], "england", *of[1:], "E92000001") if now.level != "england" else rows.iloc[:0]
    rows, england = (frame[frame["period_position"] <= until] for frame in (rows, england))
    markers = data.trends(of[0], now.level, *of[1:], now.period)
    comparator = "its expected path" + ("" if now.level == "england" else " and England")
    return strips.trend_strips(
        rows,
        england,
        of_priority(now, priority),
        markers[markers["area_code"] == now.area_code],
        context(now, own_rows(now), comparator=comparator),
    )


@view(MANY, "local-authority")
def groups_here(now: Shown, first: str, second: str) -> Figure:
    """Two staff groups in the chosen area, indicator by indicator."""
    known, names = data.reference(now.version), (GROUPS[first], GROUPS[second])
    rows = [data.at(now.version, now.level, group, now.phase, now.period) for group in (first, second)]
    one, other = (frame[frame["area_code"] == now.area_code] for frame in rows)
    phase = "" if now.phase == "all" else f"{now.phase} schools"
    made = replace(context(now, pd.concat([one, other])), staff_label=phase)
    return two_groups.two_groups(one, other, known.of_strategy, made, names=names)


@kept(MANY)
def own_beside(now: Shown) -> pd.DataFrame:
    """The chosen area's own figures with what they are set against, one row an indicator: data.beside."""
    rows = data.beside(now.version, now.level, now.staff_group, now.phase, now.period)
    return rows[rows["area_code"] == now.area_code]


@view(200, "regions")
def between_groups(now: Shown, indicator: str, first: str, second: str) -> Figure | None:
    """The gap between two staff groups in each region and England; None where no figure tells both apart."""
    one, other = (_of_group(now, indicator, group) for group in (first, second))
    keys = ["area_code", "period"]
    both = one[keys].merge(other[keys])
    one, other = (both.merge(rows, on=keys) for rows in (one, other))
    if (one["value"].isna() | other["value"].isna()).all():
        return None
    names = (GROUPS[first], GROUPS[second])
    made = context(now, pd.concat([one, other]), indicator, place="the nine regions")
    phase = "" if now.phase == "all" else f", {now.phase} schools"
    made = replace(made, staff_label=f"{names[0]} minus {names[1]}{phase}")
    return group_gap.between_groups(one, other, record(now, indicator), made, names=names, focus=now.region)


def _of_group(now: Shown, indicator: str, group: str) -> pd.DataFrame:
    """One staff group's figures of an indicator in the regions, then England."""
    levels = (data.at(now.version, level, group, now.phase, now.period) for level in ("region", "england"))
    rows = pd.concat(list(levels), ignore_index=True)
    return rows[rows["indicator"] == indicator]


@kept(200)
def no_gap(now: Shown, indicator: str, first: str, second: str) -> str:
    """Why two staff groups cannot be set against each other, in a sentence."""
    known, about = data.reference(now.version), record(now, indicator)
    both = f"{GROUPS[first]} and {GROUPS[second]}"
    if all(_collected(known, about["staff_groups"], group) for group in (first, second)):
        return f"No gap between {both} is shown: no region has a figure for both in {now.period_label}."
    titles = known.staff_groups.set_index("code")["title"]
    asked = words.joined([words.inline(titles[code]) for code in about["staff_groups"]])
    return f"No gap between {both} is shown: this indicator is collected for {asked}."


def _collected(known: data.Reference, groups: list[str], wanted: str) -> bool:
    """True where a staff group, or a part of it, is among those that an indicator is collected for."""
    parents = known.staff_groups.set_index("code")["parent"].to_dict()
    for code in groups:
        while isinstance(code, str):
            if code == wanted:
                return True
            code = parents[code]
    return False
