"""The charts that the chart builder makes, by kind: each from the frames and the drawings that other pages use.

A maker takes what is shown and what was chosen, and gives the figure with what would mislead about it; None where there
is nothing to draw.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from charts import bars, chance, dots, funnel, heat, lines, maps, scatter, tiles
from charts.figure import Context, Figure, number_or_none
from charts.tables import low_note
from exports.chart_choice import MOST, Choice
from exports.shown import ENGLAND, Shown, understood
from exports.views import compared, comparisons, data, figures
from measures import cautions, sentences, words
from measures.gaps import funnel_limits
from seed_data import reference as files

Made = tuple[Figure, list[str]] | None
SUFFIXED: Final = ["value", "lower", "upper", "symbol", "coverage", "units", "expected_units"]


@dataclass(frozen=True)
class Series:
    """One indicator of one staff group: its name among the others, what is shown of it, its code."""

    name: str
    now: Shown
    indicator: str


def indicators_of(now: Shown, asked: Choice) -> list[str]:
    """The codes of the indicators chosen; where none is: every one of a table of indicators, else the first."""
    if asked.indicators:
        return list(asked.indicators)
    known = data.reference(now.version)
    return (
        list(known.of_strategy["code"]) if asked.kind in ("heat", "spine") else [str(known.indicators["code"].iloc[0])]
    )


def area_names(now: Shown, asked: Choice) -> list[str]:
    """The names of the areas chosen; where none is, all of a level: of authorities, those of the region shown."""
    if asked.areas:
        return list(asked.areas)
    known, level = data.areas(now.version), _level(now, asked)
    there = known[known["level"] == level]
    if level == "la" and now.region:
        there = there[there["region_code"] == now.region]
    return list(there["area"])


def _level(now: Shown, asked: Choice) -> str:
    return asked.each or figures.compared_level(now)


def _of_group(now: Shown, group: str) -> Shown:
    titles = data.reference(now.version).staff_groups.set_index("code")["title"]
    return replace(now, staff_group=group, staff_label="all staff" if group == "all" else str(titles[group]))


def _series(now: Shown, asked: Choice) -> tuple[list[Series], list[str]]:
    """Staff groups × indicators of the first one's unit, and what was left out of them, in sentences."""
    about = data.reference(now.version).indicators.set_index("code")
    codes = indicators_of(now, asked)
    alike = [code for code in codes if about["unit"][code] == about["unit"][codes[0]]]
    other = [str(about["short_title"][code]) for code in codes if code not in alike]
    groups = [_of_group(now, group) for group in asked.groups] or [now]
    found = []
    for code in alike:
        for group in groups:
            parts = [str(about["short_title"][code])] if len(alike) > 1 else []
            label = group.staff_label[:1].upper() + group.staff_label[1:]
            parts += [words.inline(label) if parts else label] if len(groups) > 1 else []
            found.append(Series(", ".join(parts), group, code))
    return found, [f"Left out, in another unit: {words.joined(other)}."] if other else []


def _measure(now: Shown, series: Sequence[Series]) -> str:
    """What all series show: the title of the one indicator, else the short ones of all."""
    codes = list(dict.fromkeys(each.indicator for each in series))
    if len(codes) == 1:
        return str(figures.record(now, codes[0])["title"])
    return words.joined([str(figures.record(now, code)["short_title"]) for code in codes])


def _rows(now: Shown, names: Sequence[str], indicators: Sequence[str]) -> pd.DataFrame:
    """Figures of areas of any level in the period shown, in the order of the names."""
    levels = data.areas(now.version).loc[list(names), "level"].unique()
    parts = [data.at(now.version, level, now.staff_group, now.phase, now.period) for level in levels]
    return _picked(parts, names, indicators)


def _picked(parts: Sequence[pd.DataFrame], names: Sequence[str], indicators: Sequence[str]) -> pd.DataFrame:
    parts = [rows[rows["indicator"].isin(list(indicators)) & rows["area"].isin(list(names))] for rows in parts]
    place = {name: number for number, name in enumerate(names)}
    rows = pd.concat(parts, ignore_index=True)
    return rows.sort_values("area", key=lambda areas: areas.map(place), kind="stable", ignore_index=True)


def _context(
    now: Shown, asked: Choice, rows: pd.DataFrame, series: Sequence[Series], comparator: str = "", place: str = ""
) -> Context:
    """The words of a figure; the returns of areas that may contain each other are not added up."""
    codes = list(dict.fromkeys(each.indicator for each in series))
    named = compared.place_words(list(asked.areas)) if asked.areas else figures.place_words(now, _level(now, asked))
    made = figures.context(
        now, rows, codes[0] if len(codes) == 1 else None, place=place or named, comparator=comparator
    )
    if asked.areas:
        made = replace(made, coverage_text=compared.coverage(rows))
    groups = list(dict.fromkeys(each.now.staff_label for each in series))
    if len(groups) > 1:
        phase = "" if now.phase == "all" else f", {now.phase} schools"
        made = replace(made, staff_label=words.joined([words.inline(group) for group in groups]) + phase)
    return made


def _codes(now: Shown, names: Sequence[str]) -> list[str]:
    return list(data.areas(now.version).loc[list(names), "area_code"])


def _stressed(now: Shown, asked: Choice) -> list[str]:
    """The codes of the areas to stress: those marked, else the one that the page is about."""
    return _codes(now, asked.mark) or ([] if now.area_code == ENGLAND else [now.area_code])


def _low(now: Shown, rows: pd.DataFrame) -> str:
    """How many of the figures rest on too few returns."""
    known = rows.dropna(subset=["value"])
    about = {code: figures.record(now, code) for code in known["indicator"].unique()}
    low = sum(sentences.low_coverage(row, about[row["indicator"]]) for row in known.to_dict("records"))
    return cautions.low_coverage(low, len(known))


def _sizes(now: Shown, names: Sequence[str]) -> str:
    return cautions.unlike_sizes(set(data.areas(now.version).loc[list(names), "level"]))


def _rows_of_areas(now: Shown, asked: Choice) -> Made:
    """Ranked dots and bars: areas in rows, of one series or several."""
    series, said = _series(now, asked)
    names, most = area_names(now, asked), bars.MOST_SERIES
    said.append(cautions.left_out(most, len(series), "series"))
    series = series[:most]
    parts = [_rows(each.now, names, [each.indicator]).assign(series=each.name) for each in series]
    rows = pd.concat(parts, ignore_index=True)
    if rows.empty:
        return None
    first, alone = series[0], len(series) == 1
    about, england = figures.record(now, first.indicator), figures.england_row(first.now, first.indicator)
    context = _context(first.now, asked, rows, series, "England" if alone and england is not None else "")
    stressed = _stressed(now, asked)
    if asked.kind == "dots" and alone:
        own = [code for code in stressed if code in set(rows["area_code"])]
        looks = {"order": asked.order, "numbers": asked.numbers}
        focus, also = (own[0], own[1:]) if own else (None, [])
        made = dots.ranked(rows, about, context, england=england, focus=focus, also=also, **looks)  # type: ignore[arg-type]
    else:
        known = data.reference(now.version).indicators
        made = bars.bars(
            rows,
            [each.name for each in series],
            known[known["code"].isin(rows["indicator"])],
            context,
            measure=_measure(now, series),
            england=england if alone else None,
            stressed=stressed,
            order=asked.order,
            numbers=asked.numbers,
            from_zero=asked.from_zero,
            dots=asked.kind == "dots",
        )
    known_rows = rows.dropna(subset=["value"])
    ranked = known_rows[known_rows["series"] == first.name].sort_values("value")
    if asked.kind == "bars":
        national = number_or_none(england["value"]) if alone and england is not None else None
        scale = bars.scale_of(known_rows, national, str(about["unit"]), asked.from_zero)
        said.append("" if bars.begin(scale) == 0 else cautions.NOT_FROM_ZERO)
    if asked.order in ("best", "worst"):
        said.append(cautions.uncertain_order(ranked["lower"], ranked["upper"]))
    said.append(low_note(ranked, about, "area") if alone else _low(now, rows))
    said.append(_sizes(now, list(known_rows["area"].unique())))
    return made, said


def _trend(now: Shown, asked: Choice) -> Made:
    """One area's path, or several lines: areas × indicators × staff groups."""
    series, said = _series(now, asked)
    names = list(asked.areas) or [now.area]
    if len(series) == len(names) == 1:
        return _path(series[0], names[0], asked)
    parts, order = [], []
    for name in names:
        for each in series:
            label = f"{name}, {words.inline(each.name)}" if len(names) > 1 and each.name else each.name or name
            order.append(label)
            at = _at(each.now, name)
            rows = figures.history_of(at, at.level, each.indicator, at.area_code)
            parts.append(comparisons.between(now, rows, asked.since).assign(series=label))
    drawn = order[: lines.MOST]
    rows = pd.concat(parts, ignore_index=True)
    rows = rows[rows["series"].isin(drawn)]
    if rows.empty:
        return None
    known = data.reference(now.version).indicators
    latest = rows.sort_values("period_position").groupby("series").tail(1)
    made = lines.over_time(
        rows,
        drawn,
        known[known["code"].isin(rows["indicator"])],
        _context(series[0].now, replace(asked, areas=tuple(names)), latest, series),
        measure=_measure(now, series),
        focus=[name for name in drawn if name.split(",")[0] in asked.mark or name in asked.mark],
        numbers=asked.numbers,
        from_zero=asked.from_zero,
    )
    said.append(cautions.left_out(len(drawn), len(order), "lines"))
    said += [cautions.few_periods(rows.dropna(subset=["value"])["period"].nunique()), _low(now, rows)]
    return made, said


def _path(one: Series, name: str, asked: Choice) -> Made:
    at = _at(one.now, name)
    rows = comparisons.between(at, figures.history_of(at, at.level, one.indicator, at.area_code), asked.since)
    if rows.empty:
        return None
    made = comparisons.path(at, one.indicator, asked.since, numbers=asked.numbers, from_zero=asked.from_zero)
    known = rows.dropna(subset=["value"])
    low = low_note(known, figures.record(at, one.indicator), "period")
    return made, [cautions.few_periods(known["period"].nunique()), low]


def _at(now: Shown, name: str) -> Shown:
    """The same of another area."""
    known = data.areas(now.version).loc[name]
    place = {"region": name} if known["level"] == "region" else {"la": name} if known["level"] == "la" else {}
    there = understood(place, now.version)
    return replace(now, region=there.region, region_name=there.region_name, la=there.la, la_name=there.la_name)


def _heat(now: Shown, asked: Choice) -> Made:
    """Areas × indicators by status."""
    names, most = area_names(now, asked), MOST["areas"]
    left_out = cautions.left_out(most, len(names), "areas")
    columns = list(dict.fromkeys([*names[:most], *([] if asked.areas else ["England"])]))
    codes = indicators_of(now, asked)
    rows = _rows(now, columns, codes)
    known = data.reference(now.version).indicators
    about = known[known["code"].isin(rows["indicator"])]
    if rows.empty:
        return None
    series = [Series("", now, code) for code in codes]
    made = heat.status_table(
        rows,
        about,
        data.areas(now.version).loc[columns],
        replace(
            _context(now, asked, rows, series, "each area's own trajectory"), coverage_text=compared.coverage(rows)
        ),
        highlight=_stressed(now, asked),
        measure=_together(asked, about),
    )
    by_chance = chance.off_track(int((rows["status"] != "none").sum()))
    return replace(made, notes=f"{made.notes} {by_chance}".strip()), [left_out, _low(now, rows)]


def _together(asked: Choice, about: pd.DataFrame) -> str:
    """What chosen indicators are called together; '' of every one."""
    return words.plural(len(about), "indicator") if asked.indicators else ""


def _spine(now: Shown, asked: Choice) -> Made:
    """One authority or region against England; None of England itself."""
    at = _at(now, asked.areas[0] if asked.areas else now.area)
    known = data.reference(now.version).indicators
    about = known[known["code"].isin(indicators_of(now, asked))]
    own = figures.own_rows(at)
    own = own[own["indicator"].isin(about["code"])]
    if at.level == "england" or own.empty:
        return None
    return comparisons.spine_of(at, about, _together(asked, about)), [_low(now, own)]


def _scatter(now: Shown, asked: Choice) -> Made:
    """The first two indicators chosen; None of fewer."""
    if len(asked.indicators) < 2:
        return None
    names, codes = area_names(now, asked), asked.indicators[:2]
    of = [_rows(now, names, [code])[["area_code", "area", *SUFFIXED]] for code in codes]
    pairs = of[0].merge(of[1], on=["area_code", "area"], suffixes=("_x", "_y"))
    if pairs.empty:
        return None
    across, up = (figures.record(now, code) for code in codes)
    nation = [figures.england_row(now, code) for code in codes]
    points = tuple(None if row is None else number_or_none(row["value"]) for row in nation)
    series = [Series("", now, code) for code in codes]
    rows = _rows(now, names, codes)
    made = scatter.scatter(
        pairs,
        across,
        up,
        _context(now, asked, rows, series, "England" if any(row is not None for row in nation) else ""),
        england=points,  # type: ignore[arg-type]
        stressed=_stressed(now, asked),
        named=asked.numbers,
    )
    known = pairs.dropna(subset=["value_x", "value_y"])
    more = cautions.left_out(2, len(asked.indicators), "indicators")
    low = _low(now, rows)
    return made, [cautions.ASSOCIATION, cautions.few_areas(len(known)), low, _sizes(now, list(known["area"])), more]


def _one_only(asked: Choice) -> str:
    return cautions.left_out(1, max(1, len(asked.indicators)), "indicators")


def _funnel(now: Shown, asked: Choice) -> Made:
    """Authorities by their effective sample; None where the indicator is no proportion or England has no value."""
    code = indicators_of(now, asked)[0]
    about, england = figures.record(now, code), figures.england_row(now, code)
    rows = figures.level_rows(now, "la", code)
    if about["unit"] != "percent" or england is None or pd.isna(england["value"]) or rows.empty:
        return None
    made = figures.context(now, rows, code, place=figures.place_words(now, "la"), comparator="England")
    stressed = _stressed(now, asked)
    focus = stressed[0] if stressed else None
    looks = {"england": england, "limits": funnel_limits, "focus": focus, "also": stressed[1:]}
    placed = rows.dropna(subset=["value", "n_eff"])
    low = low_note(placed[placed["n_eff"] > 0], about, "area")
    return funnel.funnel(rows, about, made, **looks), [low, _one_only(asked)]  # type: ignore[arg-type]


def _map(now: Shown, asked: Choice) -> Made:
    """Regions or authorities by their value."""
    code, level = indicators_of(now, asked)[0], _level(now, asked)
    about, england = figures.record(now, code), figures.england_row(now, code)
    rows = figures.level_rows(now, level, code)
    if rows.empty:
        return None
    against = "" if england is None else "England"
    made = figures.context(now, rows, code, place=figures.place_words(now, level), comparator=against)
    stressed = _stressed(now, asked)
    drawn = maps.map_figure(
        rows,
        about,
        made,
        figures.features(level, now.version, now.region),
        level=level,
        short=figures.short_names(now, level),
        england=england,
        focus=stressed[0] if stressed else None,
        also=stressed,
    )
    return drawn, [low_note(rows.dropna(subset=["value"]), about, "area"), _one_only(asked)]


def _tiles(now: Shown, asked: Choice) -> Made:
    """Authorities as squares."""
    code = indicators_of(now, asked)[0]
    about, england = figures.record(now, code), figures.england_row(now, code)
    rows = figures.level_rows(now, "la", code)
    if rows.empty:
        return None
    placed = files.tiles()
    placed = placed[placed["region_code"] == now.region] if now.region else placed
    against = "" if england is None else "England"
    made = figures.context(now, rows, code, place=figures.place_words(now, "la"), comparator=against)
    stressed = _stressed(now, asked)
    focus = stressed[0] if stressed else None
    drawn = tiles.tile_map(rows, about, made, placed, england=england, focus=focus, also=stressed[1:])
    return drawn, [low_note(rows.dropna(subset=["value"]), about, "area"), _one_only(asked)]


MAKERS: Final[dict[str, Callable[[Shown, Choice], Made]]] = {
    "dots": _rows_of_areas,
    "bars": _rows_of_areas,
    "trend": _trend,
    "heat": _heat,
    "spine": _spine,
    "scatter": _scatter,
    "funnel": _funnel,
    "map": _map,
    "tiles": _tiles,
}
