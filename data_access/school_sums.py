"""What single schools are measured from: the sums that each reported, and which of them may not be shown."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from sqlalchemy import Connection, exists, select, true

from data_access import bulk, hidden_schools, pooled, queries, school_rows, versions
from data_access.access import Viewer
from data_access.schema import indicator, period, summary
from data_access.summaries import were_open
from measures.sums import SUMS, with_ancestors

WHOSE = ["area_code", "area", "region_code", "la_code"]


def of_each(
    connection: Connection,
    about: pd.DataFrame,
    *,
    la_code: str | None,
    staff_group: str,
    phase: str,
    allowed: Viewer,
    as_at: int | None,
) -> pd.DataFrame:
    """One row a school × indicator in its scope × period that it was collected in: the columns of pooled.cells.

    about: data_access.queries.indicators, those wanted; la_code: an authority, only its schools. By school's name,
    indicator and time. expected_units is 1, or NaN where nothing was due from the school: it was not open, or the
    indicator is not collected for the staff group. What is read grows with the schools asked for, not with all.
    """
    las = None if la_code is None else [la_code]
    there = bulk.frame(connection, school_rows.register(as_at, las, allowed))
    pairs = pooled.with_time(connection, _collected(connection, about, as_at), about)
    parents = dict(connection.execute(select(queries.staff_group.c.code, queries.staff_group.c.parent)).all())
    everyone = la_code is None and allowed.schools_of is None
    urns, times = None if everyone else there["area_code"].tolist(), pairs["period"].unique().tolist()
    rows = pooled.each(connection, school_rows.observed(connection, about, times, urns), as_at)
    sums = school_rows.sums(rows, about, parents)
    sums["hidden"] = hidden_schools.hidden(connection, sums, there, about, parents, las, as_at, allowed)
    sums = sums[sums["staff_group"] == staff_group]

    schools = there if phase == "all" else there[there["phase"] == phase]
    schools = schools.sort_values(["area", "area_code"], ignore_index=True)
    place, pair = pooled.Numbers(schools["area_code"]), pooled.Numbers(pairs["indicator"], pairs["period"])
    size = len(schools) * len(pairs)
    numbers = {name: np.full(size, np.nan) for name in SUMS}
    hidden, symbol = np.zeros(size, dtype=bool), np.full(size, None, dtype=object)

    def at(found: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Which rows of what was found are asked for, and where each of these goes."""
        where, of = place.of(found["area_code"]), pair.of(found["indicator"], found["period"])
        kept = (where >= 0) & (of >= 0)
        return kept, (where * len(pairs) + of)[kept]

    kept, flat = at(sums)
    for name in SUMS:
        numbers[name][flat] = sums[name].to_numpy(dtype=float)[kept]
    hidden[flat] = sums["hidden"].to_numpy(dtype=bool)[kept]
    said = rows[rows["staff_group"] == staff_group]
    kept, flat = at(said)
    nobody = (said["denominator"].to_numpy(dtype=float) == 0)[kept]
    symbol[flat] = np.where(nobody, "z", said["symbol"].to_numpy(dtype=object)[kept])

    # A school that reported was there, whatever the register says; one that has nobody of the group owes nothing.
    due = _due(schools, pairs, about, staff_group, parents).ravel() | ~np.isnan(numbers["units"])
    due[flat[nobody]] = False
    scope = pairs["scope"].to_numpy(dtype=object)
    of_scope = (scope == "England") | (scope == schools["region"].to_numpy(dtype=object)[:, None])
    asked = np.flatnonzero(of_scope)
    made = [
        schools[WHOSE].take(asked // max(1, len(pairs))).reset_index(drop=True),
        pairs.drop(columns="scope").take(asked % max(1, len(pairs))).reset_index(drop=True),
        pd.DataFrame({"expected_units": np.where(due, 1.0, np.nan)[asked]}),
        pd.DataFrame({name: column[asked] for name, column in numbers.items()}),
        pd.DataFrame({"given_symbol": pd.Series(symbol[asked], dtype=object), "hidden": hidden[asked]}),
    ]
    given = dict.fromkeys(pooled.GIVEN, np.nan)
    return pd.concat(made, axis=1).assign(level="school", staff_group=staff_group, phase=phase, **given)


def _collected(connection: Connection, about: pd.DataFrame, as_at: int | None) -> pd.DataFrame:
    """Which of the indicators was collected in which period: indicator, period; one look at the key for each."""
    s = versions.table(summary, as_at).c
    there = exists().where(
        s.staff_group == "all", s.phase == "all", s.indicator == indicator.c.code, s.period == period.c.code
    )
    codes = about["code"].tolist()
    query = select(indicator.c.code.label("indicator"), period.c.code.label("period")).join(period, true())
    return bulk.frame(connection, query.where(indicator.c.code.in_(codes), there))


def _due(
    schools: pd.DataFrame,
    pairs: pd.DataFrame,
    about: pd.DataFrame,
    staff_group: str,
    parents: Mapping[str, str | None],
) -> np.ndarray:
    """Schools × pairs: True where a figure is due: the school was open, and the indicator has the group."""
    asked = {
        row["code"]: staff_group in with_ancestors(row["staff_groups"], parents) for row in about.to_dict("records")
    }
    for_group = pairs["indicator"].map(asked).to_numpy(dtype=bool)
    periods = sorted(pairs["period"].unique())
    there = were_open(schools, periods)[pd.Index(periods).get_indexer(pd.Index(pairs["period"]))]
    return there.T & for_group
