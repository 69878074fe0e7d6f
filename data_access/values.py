"""Published figures: sums from the database, through the measures, suppressed where they must be.

Everything that shows a figure (page, chart, table, file, command) gets it from here.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from data_access import access, pooled, queries, school_sums, versions
from data_access.access import Viewer
from data_access.errors import UnknownCode
from data_access.places import ENGLAND_CODE
from data_access.schema import period
from measures.disclosure import publish
from measures.intervals import scale_of, with_interval
from measures.status import with_status
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
    about: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Published figures of every area of one or more levels ('england' | 'region' | 'la'), in one pass.

    One row an area × indicator × period, by level as asked. as_at: the data version at which they stood; None: now.
    about: data_access.queries.indicators of that version, where the caller holds it.

    Columns: COLUMNS; value, its limits at 95 % and (_998) at 99.8 %, baseline, expected, target in the indicator's
    unit (percent 0 to 100); coverage and progress as fractions; status and symbols as in measures.words; NaN where
    missing, with symbol and reason. Every indicator in scope has a row for every period it was collected in, whether or
    not the area reported.
    """
    as_at = versions.earlier(connection, as_at)
    about = queries.indicators(connection, as_at) if about is None else about
    if indicator is not None:
        about = about[about["code"] == indicator]
    choice = {"staff_group": staff_group, "phase": phase}
    frame = pooled.cells(connection, levels, about, **choice, indicator=indicator, as_at=as_at)
    # Repeated as text is kept: making each anew would take as long as measuring.
    same = {
        name: pd.array([value], dtype="str").take(np.zeros(len(frame), dtype=int)) for name, value in choice.items()
    }
    return _measured(connection, frame.assign(**same), as_at)


def school_values(
    connection: Connection,
    indicator: str | Sequence[str] | None,
    *,
    la_code: str | None = None,
    staff_group: str = "all",
    phase: str = "all",
    as_at: int | None = None,
    viewer: Viewer | None = None,
) -> pd.DataFrame:
    """Published figures of single schools, all periods: COLUMNS, one row a school × indicator × period.

    indicator: the code of one, several, or None for all that are collected from schools. Schools that did not report
    have a row with symbol 'x'; where nothing was due from them, 'z': see school_sums.of_each. viewer: who asks, None
    for whoever uses this service; there are no rows of schools that they may not see. Raises UnknownCode.
    """
    allowed = viewer or access.viewer()
    as_at = versions.earlier(connection, as_at)
    about = queries.indicators(connection, as_at)
    if indicator is None:
        about = about[about["collected_from"] == "school"]
    else:
        wanted = [indicator] if isinstance(indicator, str) else list(indicator)
        for code in wanted:
            if code not in set(about["code"]):
                raise UnknownCode(f"“{code}” is not a known indicator.", "Use the code of one.")
        about = about[about["code"].isin(wanted)]
    frame = school_sums.of_each(
        connection, about, la_code=la_code, staff_group=staff_group, phase=phase, allowed=allowed, as_at=as_at
    )
    return _measured(connection, frame, as_at)


def _measured(connection: Connection, frame: pd.DataFrame, as_at: int | None) -> pd.DataFrame:
    """From sums to published figures with baseline, expected value, target, status and progress.

    frame: as from pooled.cells, with staff_group and phase.
    """
    frame = with_interval(frame, further={"_998": 0.998})
    frame["coverage"] = frame["units"] / frame["expected_units"]
    frame = _with_published_rates(frame)
    symbol, absent = frame["symbol"].to_numpy(dtype=object), np.where(frame["expected_units"].isna(), "z", "x")
    unsaid = frame["value"].isna().to_numpy() & (symbol == "")
    frame = frame.assign(symbol=pd.Series(np.where(unsaid, absent, symbol), frame.index, dtype=object))
    frame = publish(frame, frame["hidden"])
    frame = _with_trajectory(connection, frame, as_at)
    code, symbols = pd.factorize(frame["symbol"])
    words = np.array([MISSING_WORDS.get(symbol, "") for symbol in symbols] + [""], dtype=object)[code]
    missing = pd.Series(np.where(frame["value"].isna(), words, ""), frame.index, dtype=object)
    frame = with_status(frame.assign(missing=missing))
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
        symbol=pd.Series(np.where(np.isnan(value) & ~use & pd.notna(symbol), symbol, ""), frame.index, dtype=object),
    )


def _with_trajectory(connection: Connection, frame: pd.DataFrame, as_at: int | None) -> pd.DataFrame:
    """Adds position, baseline, expected, target, is_baseline; from published values only, so nothing leaks."""
    base_year = str(queries.about_strategy(connection)["baseline_year"])
    start = connection.execute(select(period.c.position).where(period.c.code == base_year)).scalar_one()
    number, codes = pd.factorize(frame["indicator"])
    place, places = pd.factorize(frame["area_code"])
    starts = np.full((len(codes), len(places)), np.nan)
    termly, of = (frame["frequency"] == "term").to_numpy(), frame["period"]
    first = np.where(termly, of == f"{base_year} summer", of == base_year)
    starts[number[first], place[first]] = frame["value"].to_numpy(dtype=float)[first]
    frame["baseline"] = starts[number, place]
    frame["is_baseline"] = frame["position"] <= start
    points: dict[tuple[str, str, str], list[tuple[float, float]]] = {}
    set_for = queries.targets(connection, as_at)[["area_level", "indicator", "area_code", "position", "value"]]
    for *key, position, value in set_for.itertuples(index=False, name=None):
        points.setdefault(tuple(key), []).append((position, value))
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
