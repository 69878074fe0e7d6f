"""Who reported: reporting and expected units of every area, indicator and period, and who stopped."""

import numpy as np
import pandas as pd
from sqlalchemy import Connection, func, select, text

from data_access import areas, bulk, queries, versions
from data_access.errors import UnknownCode
from data_access.schema import local_authority, observation, summary
from data_access.values import at_period
from measures.words import inline

COLUMNS = [
    "indicator", "short_title", "collected_from", "area_code", "area", "short", "region_code", "region", "period",
    "period_kind", "period_position", "units", "expected_units", "coverage", "symbol", "why",
]  # fmt: skip
GAPS = [
    "indicator", "short_title", "area_code", "area", "region", "period", "last_period", "last_units", "sentence",
]  # fmt: skip
CELL = ["indicator", "period", "area_code"]


def grid(
    connection: Connection,
    *,
    indicator: str | None = None,
    period: str | None = None,
    level: str = "la",
    region: str | None = None,
    as_at: int | None = None,
) -> pd.DataFrame:
    """One row (COLUMNS) for each indicator, area and period in which the indicator was collected, in their order.

    level: 'region' | 'la'; region: a region's code, only it or its authorities. With a period, every indicator has a
    row for it; for a year, a termly indicator answers with its latest term. coverage = units / expected_units, NaN
    where nothing was expected: symbol 'z' and why says so; symbol 'x': expected, but nothing was reported. Of an
    indicator that is published for areas, not pooled, one figure is expected from each area. Read from summaries and
    areas' figures only, so the cost does not grow with the number of schools. Raises UnknownCode.
    """
    as_at = versions.earlier(connection, as_at)
    about = queries.indicators(connection, as_at)
    times = queries.periods(connection)
    _check(connection, about, times, indicator, period, level, region)
    if indicator is not None:
        about = about[about["code"] == indicator]
    # For a year, its terms too: which of them answers is seen below.
    wanted = None
    if period is not None:
        wanted = [code for code in times["code"] if code == period or code.startswith(f"{period} ")]
    parts = [of_kind(connection, about, level, wanted, as_at) for of_kind in (_pooled, _published)]
    found = pd.concat([part for part in parts if not part.empty] or parts[:1], ignore_index=True)
    places = _places(connection, level)
    collected = found[["indicator", "period"]].drop_duplicates()
    frame = collected.merge(places, how="cross").merge(found, on=CELL, how="left")
    frame = frame.join(_described(about), on="indicator").join(_times(times), on="period")
    if period is not None:
        frame = at_period(frame, period, about.set_index("code")["frequency"])
        frame = pd.concat([frame, _uncollected(frame, about, places, times, period)], ignore_index=True)
    if region is not None:
        frame = frame[frame["region_code"] == region]
    return _said(frame, about)


def gaps(frame: pd.DataFrame) -> pd.DataFrame:
    """Who has not reported that reported before, newest and then by area: GAPS, one row an area, indicator and period.

    frame: of `grid`, with several periods. last_period: the latest earlier one of the same kind for which the area
    reported, last_units: how many of its units did; sentence: the same in words.
    """
    rows = frame.sort_values("period_position", kind="stable")
    reported = rows["units"] > 0
    series = [rows[name] for name in ("indicator", "area_code", "period_kind")]
    last = rows[["period", "units"]].where(reported).groupby(series).ffill()
    silent = (rows["symbol"] == "x") & last["period"].notna()
    made = rows[silent].assign(last_period=last["period"][silent], last_units=last["units"][silent].astype(int))
    made["sentence"] = [
        f"{area} reported {inline(title)} for {before}, but not for {now}."
        for area, title, before, now in zip(
            made["area"], made["short_title"], made["last_period"], made["period"], strict=True
        )
    ]
    order = made.sort_values(["period_position", "area", "short_title"], ascending=[False, True, True], kind="stable")
    return order[GAPS].reset_index(drop=True)


def _check(
    connection: Connection,
    about: pd.DataFrame,
    times: pd.DataFrame,
    indicator: str | None,
    period: str | None,
    level: str,
    region: str | None,
) -> None:
    if level not in ("region", "la"):
        raise UnknownCode(f"“{level}” is not a level of coverage.", "Use region or la.")
    if indicator is not None:
        areas.check(indicator, about["code"], "indicator")
    if period is not None:
        areas.check(period, times["code"], "period")
    if region is not None:
        areas.check(region, queries.regions(connection)["code"], "region")


def _places(connection: Connection, level: str) -> pd.DataFrame:
    """area_code, area, short, region_code, region, in the order to show: of regions, and by name within them."""
    regions = queries.regions(connection).rename(columns={"code": "region_code", "name": "region"})
    if level == "region":
        return regions.assign(area_code=regions["region_code"], area=regions["region"]).drop(columns="position")
    las = queries.authorities(connection)
    made = pd.DataFrame(
        {"area_code": las["code"], "area": las["name"], "short": las["name"], "region_code": las["region_code"]}
    )
    # Authorities come by name, so each region's are in that order.
    return regions[["region_code", "region"]].merge(made, on="region_code")


def _described(about: pd.DataFrame) -> pd.DataFrame:
    return about.set_index("code")[["short_title", "collected_from", "scope"]]


def _times(times: pd.DataFrame) -> pd.DataFrame:
    named = times.rename(columns={"kind": "period_kind", "position": "period_position"})
    return named.set_index("code")[["period_kind", "period_position"]]


def _pooled(
    connection: Connection, about: pd.DataFrame, level: str, wanted: list[str] | None, as_at: int | None
) -> pd.DataFrame:
    """Units of what is pooled: CELL, units, expected_units."""
    s = versions.table(summary, as_at).c
    area = s.la_code if level == "la" else local_authority.c.region_code
    query = select(
        s.indicator,
        s.period,
        area.label("area_code"),
        func.sum(s.units).label("units"),
        func.sum(s.expected_units).label("expected_units"),
    )
    if level == "region":
        query = query.join(local_authority, local_authority.c.code == s.la_code)
    query = query.where(s.staff_group == "all", s.phase == "all", s.indicator.in_(about["code"].tolist()))
    if wanted is not None:
        query = query.where(s.period.in_(wanted))
    frame = bulk.frame(connection, query.group_by(s.indicator, s.period, area))
    return frame.astype({"units": float, "expected_units": float})


def _published(
    connection: Connection, about: pd.DataFrame, level: str, wanted: list[str] | None, as_at: int | None
) -> pd.DataFrame:
    """The same of what is published for areas: one unit expected of each, in periods in which any has a figure."""
    codes = about.loc[about["collected_from"] == "published", "code"].tolist()
    o = observation.c
    query = select(o.indicator, o.period, o.unit_code.label("area_code"), o.value, o.numerator).where(
        text("level <> 'school'"), o.level == level, o.staff_group == "all", o.phase == "all", o.indicator.in_(codes)
    )
    if wanted is not None:
        query = query.where(o.period.in_(wanted))
    parts = [bulk.frame(connection, query.where(*conditions)) for conditions in versions.observations(as_at)]
    rows = pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]
    there = (rows["value"].notna() | rows["numerator"].notna()).astype(float)
    given = rows[CELL].assign(units=there)
    codes_of = _places(connection, level)[["area_code"]]
    every = given[["indicator", "period"]].drop_duplicates().merge(codes_of, how="cross")
    return every.merge(given, on=CELL, how="left").fillna({"units": 0.0}).assign(expected_units=1.0)


def _uncollected(
    frame: pd.DataFrame, about: pd.DataFrame, places: pd.DataFrame, times: pd.DataFrame, period: str
) -> pd.DataFrame:
    """Rows of the indicators that were not collected in the period at all."""
    missing = about.loc[~about["code"].isin(frame["indicator"]), ["code"]].rename(columns={"code": "indicator"})
    made = missing.assign(period=period).merge(places, how="cross")
    made = made.join(_described(about), on="indicator").join(_times(times), on="period")
    return made.assign(units=np.nan, expected_units=np.nan)


def _said(frame: pd.DataFrame, about: pd.DataFrame) -> pd.DataFrame:
    """The rows with coverage, symbol and why, in order: of indicators, periods, places."""
    in_scope = (frame["scope"] == "England") | (frame["scope"] == frame["region"])
    made = frame.assign(**{name: frame[name].where(in_scope) for name in ("units", "expected_units")})
    nothing = ~(made["expected_units"] > 0)
    made["coverage"] = made["units"] / made["expected_units"].where(~nothing)
    silent = ~nothing & ~(made["units"] > 0)
    made["symbol"] = np.select([nothing, silent], ["z", "x"], "")
    made["why"] = np.select(
        [~in_scope, made["units"].isna() & nothing, nothing, silent],
        ["not collected here", "not collected in this period", "nothing expected here", "not reported"],
        "",
    )
    place = {code: at for at, code in enumerate(about["code"])}
    made = made.assign(_order=made["indicator"].map(place)).sort_values(["_order", "period_position"], kind="stable")
    return made[COLUMNS].reset_index(drop=True)
