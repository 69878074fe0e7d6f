"""What a file says that is published from here already: a file of the dashboard's own comes back in unchanged."""

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from data_access import queries
from data_access.access import Viewer
from data_access.files.mapping import Mapping
from data_access.files.tidy import KEY
from data_access.observations import NUMBERS, SUPPRESSED, Compared
from data_access.publish import DATA_SET, as_written
from data_access.values import area_values, school_values

CLOSE = 1e-9  # sums of the same figures differ by so much at most, as the order of adding them does


def left_as_it_is(connection: Connection, rows: pd.DataFrame, compared: Compared, mapping: Mapping) -> Compared:
    """`compared` without the rows (tidy.COLUMNS) that hold nothing new, though what is held for them differs.

    Of any file, those that are suppressed where a number is held that is suppressed here, too. Of a file that `publish`
    made, also those that say what is published now, pooled or not, and those that are suppressed where there is a
    number: in such a file c says only that it was not told.
    """
    ours = mapping.data_set == DATA_SET
    idle = compared.silent & ours
    asked = np.flatnonzero(~idle if ours else compared.silent)
    if len(asked):
        by_rate = {item.indicator for item in mapping.indicators if item.numerator is None}
        mine, silent = rows.iloc[compared.fresh[asked]], compared.silent[asked]
        only = next(iter(compared.las)) if len(compared.las) == 1 else None
        same, told = _beside(_published(connection, mine, only), mine, silent, by_rate)
        idle[asked] = same | (told & ours & (mine["symbol"] == SUPPRESSED).to_numpy())
    return compared.without(idle)


def _beside(
    published: pd.DataFrame, rows: pd.DataFrame, silent: np.ndarray, by_rate: set[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Which rows say what is published now, and for which there is a figure now.

    published: as from _published; silent: rows of which only the symbol counts; by_rate: indicators read as a rate.
    """
    now = published.reindex(pd.MultiIndex.from_frame(rows[KEY].astype(object)))
    told, marks = as_written(now)
    rate = rows["indicator"].isin(by_rate).to_numpy()
    same, complete = np.ones(len(rows), dtype=bool), np.ones(len(rows), dtype=bool)
    for name, read in zip(NUMBERS, (~rate, ~rate, rate), strict=True):
        old = np.where(told, now[name].to_numpy(dtype=float), np.nan)
        new = np.where(silent, np.nan, rows[name].to_numpy(dtype=float))
        same &= ~read | np.isclose(old, new, rtol=CLOSE, atol=0.0, equal_nan=True)
        complete &= ~read | ~np.isnan(new)
    return same & (complete | (marks == rows["symbol"].to_numpy(dtype=object))), told


def _published(connection: Connection, rows: pd.DataFrame, only: str | None) -> pd.DataFrame:
    """NUMBERS and symbol as published now of all that the rows may be about, by KEY; only: of one authority's schools.

    Of all schools, whoever uses this service: what is held does not depend on who brings a file.
    """
    known = queries.indicators(connection)
    rows = rows[rows["indicator"].isin(known["code"])].astype(dict.fromkeys(KEY, "object"))
    found = [pd.DataFrame(columns=[*KEY, *NUMBERS, "symbol"])]
    schools = rows["level"] == "school"
    for (code, group), some in rows[schools].groupby(["indicator", "staff_group"]):
        figures = school_values(connection, str(code), la_code=only, staff_group=str(group), viewer=Viewer(None))
        found.append(_cells(figures, some))
    for (group, phase), some in rows[~schools].groupby(["staff_group", "phase"]):
        levels, codes = some["level"].unique(), some["indicator"].unique()
        one = codes[0] if len(codes) == 1 else None
        figures = area_values(connection, *levels, staff_group=str(group), phase=str(phase), indicator=one, about=known)
        found.append(_cells(figures, some))
    return pd.concat(found, ignore_index=True).set_index(KEY)


def _cells(figures: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """KEY, NUMBERS and symbol of figures (values.COLUMNS) of the periods that the rows are about."""
    there = figures[figures["period"].isin(rows["period"])]
    return there.rename(columns={"area_code": "unit_code"})[[*KEY, *NUMBERS, "symbol"]]
