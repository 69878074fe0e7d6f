"""Published figures: sums from the database, through the measures, suppressed where they must be.

Everything that shows a figure (page, chart, table, file, command) gets it from here.
"""

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Select, func, select, text

from data_access import bulk, cells, queries, versions, withholding
from data_access.errors import UnknownCode
from data_access.places import ENGLAND_CODE
from data_access.schema import local_authority, observation, period, school, summary
from data_access.withheld_schools import of_schools
from measures.disclosure import publish
from measures.intervals import SCALE, with_interval
from measures.status import with_status
from measures.sums import SUMS, pool_upwards, with_ancestors
from measures.thresholds import THRESHOLDS
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
    level: str,
    *,
    staff_group: str = "all",
    phase: str = "all",
    indicator: str | None = None,
    as_at: int | None = None,
) -> pd.DataFrame:
    """Published figures of every area of a level ('england' | 'region' | 'la'): one row an area × indicator × period.

    as_at: the data version at which they stood; None: now.

    Columns: COLUMNS; value, its limits at 95 % and (_998) at 99.8 %, baseline, expected, target in the indicator's
    unit (percent 0 to 100); coverage and progress as fractions; status and symbols as in measures.words; NaN where
    missing, with symbol and reason. Every indicator in scope has a row for every period it was collected in, whether or
    not the area reported.
    """
    as_at = versions.earlier(connection, as_at)
    about = queries.indicators(connection, as_at)
    if indicator is not None:
        about = about[about["code"] == indicator]
    areas = _areas(connection, level)
    sums = _sums(connection, level, staff_group, phase, indicator, as_at)
    collected = _collected(connection, indicator, as_at)
    given = _published(connection, level, staff_group, phase, indicator, as_at)
    collected = pd.concat([collected, given[["indicator", "period"]]]).drop_duplicates()
    position = dict(connection.execute(select(period.c.code, period.c.position)).all())
    pairs = collected.merge(about[["code", "scope"]], left_on="indicator", right_on="code")
    pairs = pairs.assign(position=pairs["period"].map(position)).sort_values(["indicator", "position"])
    frame = _grid(pairs, areas.sort_values("area"), sums, given)
    frame[["staff_group", "phase"]] = staff_group, phase
    hidden = withholding.of_areas(connection, staff_group, phase, None if indicator is None else [indicator], as_at)
    withheld = pd.MultiIndex.from_frame(frame[CELL].astype(object)).isin(
        pd.MultiIndex.from_frame(hidden[CELL].astype(object))
    )
    frame["hidden"] = np.where(withheld, True, frame["hidden"] if level == "la" else False)
    return _measured(connection, frame, about, level, as_at)


def school_values(
    connection: Connection,
    indicator: str,
    *,
    la_code: str | None = None,
    staff_group: str = "all",
    phase: str = "all",
    as_at: int | None = None,
) -> pd.DataFrame:
    """Published figures of single schools for one indicator, all periods: COLUMNS, one row a school × period.

    Schools that did not report have a row with symbol 'x'. Only for those allowed to see schools' figures.
    """
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
    o = observation.c
    reported = select(o.period, o.unit_code, o.staff_group, o.numerator, o.denominator, o.symbol).where(
        o.indicator == indicator, o.level == "school"
    )
    if la_code is not None:
        registered = registered.where(there.la_code == la_code)
        reported = reported.where(o.unit_code.in_(select(there.urn).where(there.la_code == la_code)))
    if phase != "all":
        registered = registered.where(there.phase == phase)
    areas = bulk.frame(connection, registered.order_by(there.urn)).drop(columns="phase")
    parents = dict(connection.execute(select(queries.staff_group.c.code, queries.staff_group.c.parent)).all())
    rows = _each(connection, reported, as_at)
    sums = _of_each_school(rows, about["staff_groups"].iloc[0], parents)
    if not sums.empty:
        sums["hidden"] = _withheld_schools(connection, sums, about.iloc[0], la_code, parents, as_at)
        sums = sums[sums["staff_group"] == staff_group]
    sums = sums.drop(columns="staff_group")
    said = rows.loc[rows["staff_group"] == staff_group, ["period", "unit_code", "symbol"]]
    keys = ["period", "area_code"]
    frame = (
        _collected(connection, indicator, as_at)
        .merge(areas, how="cross")
        .merge(sums, on=keys, how="left")
        .merge(said.rename(columns={"unit_code": "area_code", "symbol": "given_symbol"}), on=keys, how="left")
    )
    frame = frame.assign(
        staff_group=staff_group,
        phase=phase,
        expected_units=1,
        rate=np.nan,
        given_n=np.nan,
        given_d=np.nan,
    )
    made = _measured(connection, frame.reset_index(drop=True), about, "school", as_at)
    return made.sort_values(["area", "indicator", "period_position"], ignore_index=True)


def _grid(pairs: pd.DataFrame, areas: pd.DataFrame, *given: pd.DataFrame) -> pd.DataFrame:
    """A row for each area × pair in its scope, with what is given of it: by place, since merging on text takes long.

    pairs: indicator, period, scope; areas: area_code, region and more; given: CELL and columns of their own.
    """
    codes, periods, places = (
        pd.Index(column.unique()) for column in (pairs["indicator"], pairs["period"], areas["area_code"])
    )
    pair_at = np.full((len(codes) + 1, len(periods) + 1), -1)  # the last of each stands for what is not among them
    pair_at[codes.get_indexer(pairs["indicator"]), periods.get_indexer(pairs["period"])] = np.arange(len(pairs))
    made = areas.loc[areas.index.repeat(len(pairs))].reset_index(drop=True)
    for name in ("indicator", "period", "scope"):
        made[name] = np.tile(pairs[name].to_numpy(dtype=object), len(areas))
    for rows in given:
        pair = pair_at[codes.get_indexer(rows["indicator"]), periods.get_indexer(rows["period"])]
        place = places.get_indexer(rows["area_code"])
        # What was collected for a part only, or of an area that is none at this level, has no place.
        there = (pair >= 0) & (place >= 0)
        at = place[there] * len(pairs) + pair[there]
        for name in rows.columns.drop(CELL):
            text_like = name in ("hidden", "given_symbol")
            column = np.full(len(made), None if text_like else np.nan, dtype=object if text_like else float)
            column[at] = rows[name].to_numpy(dtype=column.dtype)[there]
            made[name] = column
    return made[(made["scope"] == "England") | (made["scope"] == made["region"])].reset_index(drop=True)


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


def _areas(connection: Connection, level: str) -> pd.DataFrame:
    """area_code, area, region_code, region (its name, for scope), la_code."""
    if level == "england":
        # An indicator of one region has no figure for England.
        return pd.DataFrame(
            [{"area_code": ENGLAND_CODE, "area": "England", "region_code": None, "region": "", "la_code": None}]
        )
    if level == "region":
        frame = queries.regions(connection)
        return pd.DataFrame(
            {
                "area_code": frame["code"],
                "area": frame["name"],
                "region_code": frame["code"],
                "region": frame["name"],
                "la_code": None,
            }
        )
    if level == "la":
        frame = queries.authorities(connection)
        return frame.rename(columns={"name": "area"}).assign(area_code=frame["code"], la_code=frame["code"])[
            ["area_code", "area", "region_code", "region", "la_code"]
        ]
    raise UnknownCode(f"“{level}” is not a level.", "Use england, region, la or school.")


def _sums(
    connection: Connection, level: str, staff_group: str, phase: str, indicator: str | None, as_at: int | None
) -> pd.DataFrame:
    """The six sums and expected units by indicator, period and area, for one staff group and phase."""
    s = versions.table(summary, as_at).c
    of_these = [s.staff_group == staff_group, s.phase == phase]
    if indicator is not None:
        of_these.append(s.indicator == indicator)
    named = ("expected_units", *SUMS)
    if level == "la":
        columns = [s.indicator, s.period, s.la_code.label("area_code"), *(s[name] for name in named), s.hidden]
        return bulk.frame(connection, select(*columns).where(*of_these))
    keys = [s.indicator, s.period]
    query = select(*keys, *(func.sum(s[name]).label(name) for name in named)).where(*of_these)
    if level == "england":
        return bulk.frame(connection, query.group_by(*keys)).assign(area_code=ENGLAND_CODE)
    region = local_authority.c.region_code
    query = query.add_columns(region.label("area_code")).join(local_authority, local_authority.c.code == s.la_code)
    return bulk.frame(connection, query.group_by(*keys, region))


def _collected(connection: Connection, indicator: str | None, as_at: int | None) -> pd.DataFrame:
    """Which indicator was collected in which period, pooled figures only: indicator, period."""
    s = versions.table(summary, as_at).c
    query = select(s.indicator, s.period).where(s.staff_group == "all", s.phase == "all").distinct()
    return bulk.frame(connection, query if indicator is None else query.where(s.indicator == indicator))


def _published(
    connection: Connection, level: str, staff_group: str, phase: str, indicator: str | None, as_at: int | None
) -> pd.DataFrame:
    """Figures published for the areas themselves: rate, given_n, given_d, given_symbol."""
    o = observation.c
    query = select(
        o.indicator,
        o.period,
        o.unit_code.label("area_code"),
        o.value.label("rate"),
        o.numerator.label("given_n"),
        o.denominator.label("given_d"),
        o.symbol.label("given_symbol"),
    ).where(
        text("level <> 'school'"),  # with the next, word for word the partial index's condition
        o.level == level,
        o.staff_group == staff_group,
        o.phase == phase,
    )
    return _each(connection, query if indicator is None else query.where(o.indicator == indicator), as_at)


def _each(connection: Connection, query: Select, as_at: int | None) -> pd.DataFrame:
    """A query of observations, for those that counted at a data version."""
    found = [bulk.frame(connection, query.where(*conditions)) for conditions in versions.observations(as_at)]
    return pd.concat([part for part in found if not part.empty] or found[:1], ignore_index=True)


def _measured(
    connection: Connection,
    frame: pd.DataFrame,
    about: pd.DataFrame,
    level: str,
    as_at: int | None,
) -> pd.DataFrame:
    """From sums to published figures with baseline, expected value, target, status and progress."""
    described = ["unit", "better", "frequency", "collected_from", "denominator_counts", *THRESHOLDS]
    at = pd.Index(about["code"]).get_indexer(frame["indicator"])
    frame = frame.assign(**{name: about[name].to_numpy()[at] for name in described})
    frame["level"] = level
    frame["parent"] = {"england": "", "region": ENGLAND_CODE}.get(level, "") if level != "la" else frame["region_code"]
    for name in (*SUMS, "expected_units", "rate", "given_n", "given_d"):
        frame[name] = frame[name].astype(float)
    frame = with_interval(frame)
    frame[["lower_998", "upper_998"]] = with_interval(frame, 0.998)[["lower", "upper"]]
    frame["coverage"] = frame["units"] / frame["expected_units"]
    frame = _with_published_rates(frame)
    nowhere = frame["value"].isna() & (frame["symbol"] == "")
    frame.loc[nowhere, "symbol"] = np.where(frame.loc[nowhere, "expected_units"].isna(), "z", "x")
    # What was not decided is not shown.
    frame = publish(
        frame, frame["hidden"].astype(object).where(frame["hidden"].notna(), frame["units"] > 0).astype(bool)
    )
    frame = _with_trajectory(connection, frame, as_at)
    frame["missing"] = frame["symbol"].map(MISSING_WORDS).fillna("").where(frame["value"].isna(), "")
    frame = with_status(frame)
    renamed = frame.rename(columns={"n": "numerator", "d": "denominator", "position": "period_position"})
    return renamed[COLUMNS]


def _with_published_rates(frame: pd.DataFrame) -> pd.DataFrame:
    """Where nothing was pooled but a figure was published for the area itself, that figure, without interval."""
    scale = frame["unit"].map(SCALE).astype(float)
    given = frame["rate"].where(frame["rate"].notna(), scale * frame["given_n"] / frame["given_d"])
    use = frame["value"].isna() & given.notna()
    frame["published_rate"] = use
    frame["value"] = frame["value"].where(~use, given)
    frame["n"], frame["d"] = frame["n"].where(~use, frame["given_n"]), frame["d"].where(~use, frame["given_d"])
    frame["symbol"] = (
        frame["given_symbol"].astype(object).where(frame["value"].isna() & frame["given_symbol"].notna(), "")
    )
    return frame


def _with_trajectory(connection: Connection, frame: pd.DataFrame, as_at: int | None) -> pd.DataFrame:
    """Adds position, baseline, expected, target, is_baseline; from published values only, so nothing leaks."""
    position = dict(connection.execute(select(period.c.code, period.c.position)).all())
    frame["position"] = frame["period"].map(position).astype(float)
    base_year = str(queries.about_strategy(connection)["baseline_year"])
    start = position[base_year]
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
    chain = [frame[name].to_numpy(dtype=object) for name in ("area_code", "la_code", "region_code") if name in frame]
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
            rows = rows[np.logical_or.reduce([within[rows] == area for within in chain])]
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
