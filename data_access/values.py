"""Published figures: sums from the database, through the measures, suppressed where they must be.

Everything that shows a figure (page, chart, table, file, command) gets it from here.
"""

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from data_access import access, bulk, cells, pooled, queries, versions
from data_access.access import Viewer
from data_access.errors import UnknownCode
from data_access.places import ENGLAND_CODE
from data_access.schema import local_authority, observation, period, school, summary
from data_access.withheld_schools import of_schools
from measures.disclosure import publish
from measures.intervals import scale_of, with_interval
from measures.status import with_status
from measures.sums import pool_upwards, with_ancestors
from measures.trajectory import expected

COLUMNS = [
    "level", "area_code", "area", "region_code", "indicator", "period", "period_position", "staff_group", "phase",
    "value", "lower", "upper", "lower_998", "upper_998", "numerator", "denominator", "units", "expected_units",
    "coverage", "n_eff", "baseline", "expected", "target", "progress", "status", "reason", "symbol", "published_rate",
    "unit", "better", "minimum_coverage",
]  # fmt: skip
CELL = ["indicator", "period", "area_code"]
NEAREST = ["la", "region", "england"]
MISSING_WORDS = {
    "z": "not collected here",
    "x": "not reported",
    "c": "suppressed",
    "u": "low reliability",
    "low": "rounds to zero",
}


def area_values(
    connection: Connection,
    *levels: str,
    staff_group: str = "all",
    phase: str = "all",
    indicator: str | None = None,
    as_at: int | None = None,
) -> pd.DataFrame:
    """Published figures of every area of one or more levels ('england' | 'region' | 'la'), in one pass.

    One row an area × indicator × period, by level as asked. as_at: the data version at which they stood; None: now.

    Columns: COLUMNS; value, its limits at 95 % and (_998) at 99.8 %, baseline, expected, target in the indicator's
    unit (percent 0 to 100); coverage and progress as fractions; status and symbols as in measures.words; NaN where
    missing, with symbol and reason. Every indicator in scope has a row for every period it was collected in, whether or
    not the area reported.
    """
    as_at = versions.earlier(connection, as_at)
    about = queries.indicators(connection, as_at)
    if indicator is not None:
        about = about[about["code"] == indicator]
    choice = {"staff_group": staff_group, "phase": phase}
    frame = pooled.cells(connection, levels, about, **choice, indicator=indicator, as_at=as_at)
    return _measured(connection, frame.assign(**choice), as_at)


def school_values(
    connection: Connection,
    indicator: str,
    *,
    la_code: str | None = None,
    staff_group: str = "all",
    phase: str = "all",
    as_at: int | None = None,
    viewer: Viewer | None = None,
) -> pd.DataFrame:
    """Published figures of single schools for one indicator, all periods: COLUMNS, one row a school × period.

    Schools that did not report have a row with symbol 'x'. viewer: who asks, None for whoever uses this service; there
    are no rows of schools that they may not see.
    """
    allowed = viewer or access.viewer()
    as_at = versions.earlier(connection, as_at)
    about = queries.indicators(connection, as_at)
    about = about[about["code"] == indicator]
    if about.empty:
        raise UnknownCode(f"“{indicator}” is not a known indicator.", "Use the code of one.")
    there = versions.table(school, as_at).c
    registered = select(
        there.urn.label("area_code"),
        there.name.label("area"),
        there.la_code,
        there.phase,
        local_authority.c.region_code,
    ).join(local_authority, local_authority.c.code == there.la_code)
    registered = registered.where(allowed.among(there.la_code))
    o = observation.c
    reported = select(o.period, o.unit_code, o.staff_group, o.numerator, o.denominator, o.symbol).where(
        o.indicator == indicator, o.level == "school"
    )
    if la_code is not None:
        registered = registered.where(there.la_code == la_code)
        reported = reported.where(o.unit_code.in_(select(there.urn).where(there.la_code == la_code)))
    if allowed.schools_of is not None:
        reported = reported.where(o.unit_code.in_(select(there.urn).where(allowed.among(there.la_code))))
    if phase != "all":
        registered = registered.where(there.phase == phase)
    areas = bulk.frame(connection, registered.order_by(there.urn)).drop(columns="phase")
    parents = dict(connection.execute(select(queries.staff_group.c.code, queries.staff_group.c.parent)).all())
    rows = pooled.each(connection, reported, as_at)
    sums = _of_each_school(rows, about["staff_groups"].iloc[0], parents)
    if not sums.empty:
        sums["hidden"] = _withheld_schools(connection, sums, about.iloc[0], la_code, parents, as_at)
        sums = sums[sums["staff_group"] == staff_group]
    sums = sums.drop(columns="staff_group")
    said = rows.loc[rows["staff_group"] == staff_group, ["period", "unit_code", "symbol"]]
    keys = ["period", "area_code"]
    frame = (
        pooled.collected(connection, indicator, as_at)
        .merge(areas, how="cross")
        .merge(sums, on=keys, how="left")
        .merge(said.rename(columns={"unit_code": "area_code", "symbol": "given_symbol"}), on=keys, how="left")
    )
    position = dict(connection.execute(select(period.c.code, period.c.position)).all())
    frame = frame.assign(
        level="school",
        staff_group=staff_group,
        phase=phase,
        position=frame["period"].map(position).astype(float),
        expected_units=1.0,
        hidden=frame["hidden"].fillna(frame["units"] > 0).astype(bool) if "hidden" in frame else False,
        **{name: about[name].iloc[0] for name in pooled.DESCRIBED},
        **dict.fromkeys(pooled.GIVEN, np.nan),
    )
    made = _measured(connection, frame, as_at)
    return made.sort_values(["area", "indicator", "period_position"], ignore_index=True)


def _of_each_school(rows: pd.DataFrame, groups: list[str], parents: dict[str, str | None]) -> pd.DataFrame:
    """SUMS of each school by period and node of the staff tree, where it reported people."""
    nodes = with_ancestors(groups, parents)
    unit, keys = pd.factorize(pd.MultiIndex.from_frame(rows[["period", "unit_code"]]))
    node = pd.Categorical(rows["staff_group"], categories=nodes).codes.astype(int)
    known = rows["numerator"].notna().to_numpy() & rows["denominator"].notna().to_numpy() & (node >= 0)
    n, d = (
        pool_upwards(rows[name].to_numpy(dtype=float)[known], unit[known], node[known], len(keys), nodes, parents)
        for name in ("numerator", "denominator")
    )
    at, column = np.nonzero(np.nan_to_num(d) > 0)
    n, d = n[at, column], d[at, column]
    keys = keys[at] if len(keys) else pd.MultiIndex.from_arrays([[], []])
    return pd.DataFrame(
        {"period": keys.get_level_values(0), "area_code": keys.get_level_values(1), "units": 1.0, "n": n, "d": d}
        | {"nn": n * n, "nd": n * d, "dd": d * d, "staff_group": np.array(nodes, dtype=object)[column]}
    )


def _withheld_schools(
    connection: Connection,
    sums: pd.DataFrame,
    about: pd.Series,
    la_code: str | None,
    parents: dict[str, str | None],
    as_at: int | None,
) -> np.ndarray:
    """Which of the schools' figures may not be shown: withheld_schools.of_schools."""
    there, s = versions.table(school, as_at).c, versions.table(summary, as_at).c
    registered = select(there.urn, there.la_code, there.phase)
    shown = select(s.staff_group, s.period, s.la_code, s.phase).where(
        s.staff_group.in_(sums["staff_group"].unique().tolist()), s.indicator == about["code"], s.hidden.is_(False)
    )
    if la_code is not None:
        registered, shown = registered.where(there.la_code == la_code), shown.where(s.la_code == la_code)
    rules = cells.about(about.to_dict())
    return of_schools(sums, bulk.frame(connection, registered), bulk.frame(connection, shown), rules, parents)


def _measured(connection: Connection, frame: pd.DataFrame, as_at: int | None) -> pd.DataFrame:
    """From sums to published figures with baseline, expected value, target, status and progress.

    frame: as from pooled.cells, with staff_group and phase.
    """
    frame = with_interval(frame, further={"_998": 0.998})
    frame["coverage"] = frame["units"] / frame["expected_units"]
    frame = _with_published_rates(frame)
    symbol, absent = frame["symbol"].to_numpy(dtype=object), np.where(frame["expected_units"].isna(), "z", "x")
    unsaid = frame["value"].isna().to_numpy() & (symbol == "")
    frame = publish(frame.assign(symbol=np.where(unsaid, absent, symbol)), frame["hidden"])
    frame = _with_trajectory(connection, frame, as_at)
    missing = frame["value"].isna()
    words = frame.loc[missing, "symbol"].map(MISSING_WORDS).reindex(frame.index, fill_value="").fillna("")
    frame = with_status(frame.assign(missing=words))
    renamed = frame.rename(columns={"n": "numerator", "d": "denominator", "position": "period_position"})
    return renamed[COLUMNS]


def _with_published_rates(frame: pd.DataFrame) -> pd.DataFrame:
    """Where nothing was pooled but a figure was published for the area itself, that figure, without interval."""
    value, rate, given_n, given_d, n, d = (
        frame[name].to_numpy(dtype=float) for name in ("value", "rate", "given_n", "given_d", "n", "d")
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        of_counts = np.where(given_d > 0, scale_of(frame["unit"]) * given_n / given_d, np.nan)
    given = np.where(np.isnan(rate), of_counts, rate)
    use = np.isnan(value) & ~np.isnan(given)
    symbol = frame["given_symbol"].to_numpy(dtype=object)
    return frame.assign(
        published_rate=use,
        value=np.where(use, given, value),
        n=np.where(use, given_n, n),
        d=np.where(use, given_d, d),
        symbol=np.where(np.isnan(value) & ~use & pd.notna(symbol), symbol, ""),
    )


def _with_trajectory(connection: Connection, frame: pd.DataFrame, as_at: int | None) -> pd.DataFrame:
    """Adds position, baseline, expected, target, is_baseline; from published values only, so nothing leaks."""
    base_year = str(queries.about_strategy(connection)["baseline_year"])
    start = connection.execute(select(period.c.position).where(period.c.code == base_year)).scalar_one()
    base_period = np.where(frame["frequency"] == "term", f"{base_year} summer", base_year)
    number, codes = pd.factorize(frame["indicator"])
    place, places = pd.factorize(frame["area_code"])
    starts = np.full((len(codes), len(places)), np.nan)
    first = (frame["period"] == base_period).to_numpy()
    starts[number[first], place[first]] = frame["value"].to_numpy(dtype=float)[first]
    frame["baseline"] = starts[number, place]
    frame["is_baseline"] = frame["position"] <= start
    points: dict[tuple[str, str, str], list[tuple[float, float]]] = {}
    for row in queries.targets(connection, as_at).to_dict("records"):
        key = (row["area_level"], row["indicator"], row["area_code"])
        points.setdefault(key, []).append((row["position"], row["value"]))
    # The target set for the area, else for its region, else for England: the nearest set whole, never mixed.
    first_of_each = frame[["area_code", "la_code", "region_code"]].iloc[np.unique(place, return_index=True)[1]]
    chain = first_of_each.to_numpy(dtype=object)  # a row a place
    of_indicator = {code: np.flatnonzero(number == at) for at, code in enumerate(codes)}
    baseline, when = frame["baseline"].to_numpy(dtype=float), frame["position"].to_numpy(dtype=float)
    path, goal, better = (
        np.full(len(frame), np.nan),
        np.full(len(frame), np.nan),
        frame["better"].to_numpy(dtype=object),
    )
    for (_, code, area), line in sorted(points.items(), key=lambda item: NEAREST.index(item[0][0])):
        rows = of_indicator.get(code, np.empty(0, dtype=int))
        rows = rows[np.isnan(goal[rows])]
        if area != ENGLAND_CODE:
            rows = rows[(chain == area).any(axis=1)[place[rows]]]
        if len(rows):
            path[rows] = expected(baseline[rows], when[rows], start, line, better[rows[0]])
            goal[rows] = sorted(line)[-1][1]
    return frame.assign(expected=path, target=goal)


def at_period(frame: pd.DataFrame, code: str, frequency: pd.Series) -> pd.DataFrame:
    """The rows of area_values that answer for a period: one an area × indicator.

    code: a period's code; frequency: 'year' | 'term' by indicator. For a year, a termly indicator answers with its
    latest term of that year, unless it has a figure for the year itself. For a term, a yearly indicator has no figure.
    """
    exact = frame[frame["period"] == code]
    if " " in code:
        return exact
    terms = frame[frame["period"].str.startswith(code + " ") & (frame["indicator"].map(frequency) == "term")]
    terms = terms[~terms["indicator"].isin(exact["indicator"])]
    latest = terms.groupby("indicator")["period_position"].transform("max")
    return pd.concat([exact, terms[terms["period_position"] == latest]], ignore_index=True)
