"""The figures that stand behind a chart: the rows of the kept frames that it is drawn from, by the chart's origin."""

from collections.abc import Callable
from urllib.parse import parse_qs

import pandas as pd

from exports import shown
from exports.kept import kept
from exports.shown import ENGLAND, Shown
from exports.views import data
from exports.views.figures import (
    area_rows,
    compared_level,
    history_of,
    level_rows,
    of_priority,
    own_rows,
    shown_rows,
    year_before,
)
from measures import words

CELL = ["indicator", "area_code", "period", "staff_group", "phase"]
ROW = [*CELL, "level", "area", "period_position", "value", "symbol", "unit"]
Asked = dict[str, list[str]]


@kept(60)
def of(origin: str, version: int) -> pd.DataFrame:
    """The figures that the chart of an origin (exports.views.registry) shows: ROW, each once, the chosen area's first.

    No row for a chart of what people entered, such as the plan.
    """
    asked = parse_qs(origin)
    rows = _VIEWS.get(asked["view"][0])
    now = shown.understood({key: values[0] for key, values in asked.items()}, version)
    return pd.DataFrame(columns=ROW) if rows is None else listed(rows(now, asked), now)


def listed(rows: pd.DataFrame, now: Shown, first: str | None = None) -> pd.DataFrame:
    """Rows of data_access.values.COLUMNS as ROW, each once, in the order of the strategy's indicators.

    Those of the chosen area, or of the one whose code is `first`, come before the others.
    """
    place = {code: at for at, code in enumerate(data.reference(now.version).indicators["code"])}
    made = rows[ROW].drop_duplicates(CELL)
    made = made.assign(other=made["area_code"] != (first or now.area_code), place=made["indicator"].map(place))
    return made.sort_values(["other", "place"], kind="stable", ignore_index=True)[ROW]


def told(rows: pd.DataFrame, version: int) -> pd.DataFrame:
    """The same rows in words: Area, Indicator, Period, Staff group, Figure."""
    known = data.reference(version)
    outcome = known.indicators["outcome"].fillna("").astype(str)
    names = (outcome + " " + known.indicators["short_title"]).str.strip()
    titles = dict(zip(known.indicators["code"], names, strict=True))
    staff = known.staff_groups.set_index("code")["title"]
    values = zip(rows["value"], rows["unit"], rows["symbol"], strict=True)
    return pd.DataFrame(
        {
            "Area": rows["area"],
            "Indicator": rows["indicator"].map(titles),
            "Period": rows["period"].map(known.period_labels),
            "Staff group": rows["staff_group"].map(staff),
            "Figure": [words.number(value, unit, symbol) for value, unit, symbol in values],
        }
    ).astype(object)


# What pages say in sentences, cards and tables --------------------------------------------------------------


def own(now: Shown, priority: str | None = None) -> pd.DataFrame:
    """The chosen area's figures, those of the year before below them; of a priority's indicators, or of all."""
    earlier = year_before(now)
    before = [] if earlier is None else [_own(now, now.level, earlier)]
    return listed(_of_priority(now, pd.concat([own_rows(now), *before]), priority), now)


def one(now: Shown, indicator: str) -> pd.DataFrame:
    """An indicator's figures in the chosen area, its region and England, those of the year before below them."""
    periods = [now.period, *([earlier] if (earlier := year_before(now)) else [])]
    parts = [
        data.at(now.version, level, now.staff_group, now.phase, period)
        for period in periods
        for level in dict.fromkeys([now.level, "region", "england"])
    ]
    rows = pd.concat(parts)
    areas = [now.area_code, now.region, ENGLAND]
    return listed(rows[(rows["indicator"] == indicator) & rows["area_code"].isin(areas)], now)


def compared(now: Shown, priority: str | None = None) -> pd.DataFrame:
    """The figures of the areas compared (regions, or authorities of one), those of the year before below them."""
    level, earlier = compared_level(now), year_before(now)
    parts = [shown_rows(now, level)]
    if earlier is not None:
        before = data.at(now.version, level, now.staff_group, now.phase, earlier)
        parts.append(before[before["area_code"].isin(parts[0]["area_code"])])
    return listed(_of_priority(now, pd.concat(parts), priority), now)


def phases(now: Shown) -> pd.DataFrame:
    """The chosen area's figures in each phase."""
    parts = [data.at(now.version, now.level, now.staff_group, phase, now.period) for phase in shown.PHASES.values()]
    rows = pd.concat(parts)
    return listed(rows[rows["area_code"] == now.area_code], now)


def everywhere(now: Shown) -> pd.DataFrame:
    """The figures of the strategy's indicators in the chosen area, the regions and England."""
    return listed(_heat(now, {}), now)


def named(keys: pd.DataFrame, level: str, version: int) -> pd.DataFrame:
    """The figures, of all staff and phases, that a table names by indicator, area_code, area and period, in its order.

    What a data version does not hold has a row with the symbol z.
    """
    rows = data.history(version, level, "all", "all")[ROW].drop(columns="area")
    made = keys[["indicator", "area_code", "area", "period"]].merge(
        rows, on=["indicator", "area_code", "period"], how="left"
    )
    units = data.reference(version).indicators.set_index("code")["unit"]
    unit = made["unit"].astype(object).where(made["unit"].notna(), made["indicator"].map(units).fillna("rate"))
    made = made.assign(unit=unit, level=level).fillna({"staff_group": "all", "phase": "all", "symbol": "z"})
    return made[ROW].drop_duplicates(CELL, ignore_index=True)


def _of_priority(now: Shown, rows: pd.DataFrame, priority: str | None) -> pd.DataFrame:
    return rows[rows["indicator"].isin(of_priority(now, priority)["code"])]


def _own(now: Shown, level: str, period: str) -> pd.DataFrame:
    rows = data.at(now.version, level, now.staff_group, now.phase, period)
    return rows[rows["area_code"] == now.area_code]


# What each kind of chart shows ------------------------------------------------------------------------------


def _england(now: Shown) -> pd.DataFrame:
    return area_rows(now, "england")


def _one(asked: Asked, option: str) -> str | None:
    return asked.get(option, [None])[0]


def _heat(now: Shown, asked: Asked) -> pd.DataFrame:
    rows = pd.concat([own_rows(now), area_rows(now, "region"), _england(now)])
    return _of_priority(now, rows, _one(asked, "priority"))


def _share(now: Shown, asked: Asked) -> pd.DataFrame:
    return _of_priority(now, shown_rows(now, _one(asked, "level") or "la"), None)


def _areas(now: Shown, asked: Asked) -> pd.DataFrame:
    """One indicator in the areas of a level, and in England."""
    code, rows = str(_one(asked, "indicator")), _england(now)
    return pd.concat([level_rows(now, _one(asked, "level") or "la", code), rows[rows["indicator"] == code]])


def _gap(now: Shown, asked: Asked) -> pd.DataFrame:
    """One indicator over time in the regions, England and the authorities."""
    code = str(_one(asked, "indicator"))
    return pd.concat([history_of(now, level, code) for level in ("region", "england", "la")])


def _over_time(now: Shown, asked: Asked) -> pd.DataFrame:
    """The chosen area and England, latest period first; of an indicator, or of those of a priority."""
    of_now = now.staff_group, now.phase
    rows = pd.concat(
        [
            data.of_area(now.version, now.level, *of_now, now.area_code),
            data.of_area(now.version, "england", *of_now, ENGLAND),
        ]
    )
    code = _one(asked, "indicator")
    rows = _of_priority(now, rows, _one(asked, "priority")) if code is None else rows[rows["indicator"] == code]
    until = data.reference(now.version).periods.set_index("code")["position"][now.period]
    return rows[rows["period_position"] <= until].sort_values("period_position", ascending=False, kind="stable")


def _spine(now: Shown, asked: Asked) -> pd.DataFrame:
    region, las = area_rows(now, "region"), area_rows(now, "la")
    listed_near = data.neighbours(now.version)
    near = listed_near.loc[listed_near["la_code"] == now.la, "neighbour_code"]
    parts = [own_rows(now), _england(now), region[region["area_code"] == now.region], las[las["area_code"].isin(near)]]
    return _of_priority(now, pd.concat(parts), _one(asked, "priority"))


def _groups(now: Shown, asked: Asked) -> pd.DataFrame:
    """Two staff groups: of one indicator in the regions and England, or of all in the chosen area."""
    code = _one(asked, "indicator")
    levels = (now.level,) if code is None else ("region", "england")
    rows = pd.concat(
        [
            data.at(now.version, level, str(_one(asked, group)), now.phase, now.period)
            for level in levels
            for group in ("first", "second")
        ]
    )
    return rows[rows["area_code"] == now.area_code] if code is None else rows[rows["indicator"] == code]


def _chosen(now: Shown, asked: Asked) -> pd.DataFrame:
    """Areas that were chosen with the one they are set against: at the period, then in every other one."""
    others = (*asked.get("reference", []), *asked.get("focus", []), "England")
    names = list(dict.fromkeys([*asked.get("areas", []), *others]))
    codes = asked.get("indicators") or asked.get("indicator") or []
    levels = data.areas(now.version).loc[names, "level"].unique()
    rows = pd.concat([data.history(now.version, level, now.staff_group, now.phase) for level in levels])
    rows = rows[rows["area"].isin(names) & rows["indicator"].isin(codes)]
    return rows.assign(other=rows["period"] != now.period).sort_values("other", kind="stable")


def _outcome(now: Shown, asked: Asked) -> pd.DataFrame:
    """An outcome's indicators in the chosen area over time, in England, and in the areas that it stands among."""
    known = data.reference(now.version).of_strategy
    rows = pd.concat([_over_time(now, {}), shown_rows(now, "la") if now.la else area_rows(now, "region")])
    return rows[rows["indicator"].isin(known.loc[known["outcome"] == _one(asked, "outcome"), "code"])]


def _moved(now: Shown, asked: Asked) -> pd.DataFrame:
    """The second priority's indicators in the authorities compared, at the period and in the baseline year."""
    of_now, start = (now.staff_group, now.phase), str(data.reference(now.version).strategy["baseline_year"])
    rows = pd.concat([data.at(now.version, "la", *of_now, period) for period in (now.period, start)])
    everywhere = now.region is None or now.la is not None
    return _of_priority(now, rows if everywhere else rows[rows["region_code"] == now.region], "coherence")


def _built(now: Shown, asked: Asked) -> pd.DataFrame:
    """What a chart of the chart builder may show: its areas, those of its level and England; the period first."""
    every = data.reference(now.version)
    usual = every.of_strategy["code"] if _one(asked, "kind") in ("heat", "spine") else every.indicators["code"].head(1)
    chosen = asked.get("indicators") or list(usual)
    level, names = _one(asked, "each") or compared_level(now), [*asked.get("areas", []), now.area, "England"]
    known = data.areas(now.version)
    inside = known[
        (known["level"] == level) & ((level != "la") | (now.region is None) | (known["region_code"] == now.region))
    ]
    codes = {*inside["area_code"], *known.loc[[name for name in names if name in known.index], "area_code"]}
    rows = pd.concat(
        [
            data.history(now.version, each, group, now.phase)
            for group in asked.get("groups") or [now.staff_group]
            for each in ("england", "region", "la")
        ]
    )
    rows = rows[rows["indicator"].isin(chosen) & rows["area_code"].isin(codes)]
    return rows.assign(other=rows["period"] != now.period).sort_values("other", kind="stable")


_VIEWS: dict[str, Callable[[Shown, Asked], pd.DataFrame]] = {
    "status_heat": _heat,
    "share_map": _share,
    "share_tiles": _share,
    "value_map": _areas,
    "value_tiles": _areas,
    "ranked": _areas,
    "funnel_plot": _areas,
    "gap_over_time": _gap,
    "trajectory": _over_time,
    "trend_strips": _over_time,
    "spine_chart": _spine,
    "groups_here": _groups,
    "between_groups": _groups,
    "overview": _chosen,
    "ranking": _chosen,
    "by_area": _chosen,
    "by_indicator": _chosen,
    "outcome_rows": _outcome,
    "with_and_without": _moved,
    "built": _built,
}
# Charts of what people entered, each with a source and a history of its own: no figure of an indicator.
ENTERED = {
    "plan_timeline": "plan",
    "evidence_matrix": "evidence",
    "case_map": "evidence",
    "impact_matrix": "partnerships",
    "challenge_states": "partnerships",
    "set_up_to_last": "partnerships",
    "partnerships_last": "partnerships",
    "engagement_ladder": "partnerships",
    "networks_meet": "partnerships",
    "shared_partnerships": "partnerships",
    "partnership_links": "partnerships",
    "programme_fees": "partnerships",
    "programme_savings": "partnerships",
    "programme_completion": "partnerships",
    "completion_cost": "partnerships",
    "programme_ways": "partnerships",
    "programme_themes": "partnerships",
}
