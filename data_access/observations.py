"""Observations into the database and out of what counts: compared, superseded, confirmed, taken back.

Memory stays bounded: what is there is read a few periods of one indicator at a time, what is new is written in pieces.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from sqlalchemy import Connection, and_, exists, func, literal, select, union_all, update

from data_access import bulk
from data_access.files.tidy import KEY, VALUES
from data_access.schema import confirmation, import_, local_authority, observation, school

PIECE = 100_000  # rows written at once
FEW = 30  # local authorities: up to so many, what is there is looked up by school, not read whole
REST = [name for name in KEY if name not in ("indicator", "period")]
NUMBERS = ["numerator", "denominator", "value"]
SUPPRESSED = "c"


@dataclass
class Compared:
    """What a file's observations are beside those that count now.

    rows: how many they are; fresh: positions of those to be written; instead: for each of these the id that it
    replaces, -1 where it is new; silent: for each, whether it is suppressed where a number is held, and gives no number
    that is not; confirmed: ids that the file holds, too. alone: True where nothing else is known to count for the same
    indicators and periods; las: the authorities that the file is about; covered: True where the file's rows are all
    that will count for these authorities, indicators and periods.
    """

    rows: int
    fresh: np.ndarray
    instead: np.ndarray
    silent: np.ndarray
    confirmed: np.ndarray
    alone: bool
    las: set[str]
    covered: bool

    @property
    def replaced(self) -> np.ndarray:
        """The ids that are replaced."""
        return self.instead[self.instead >= 0]

    @property
    def count(self) -> Counter[str]:
        """How many rows are new, revised, unchanged."""
        revised = len(self.replaced)
        return Counter(new=len(self.fresh) - revised, revised=revised, unchanged=self.rows - len(self.fresh))

    def without(self, idle: np.ndarray) -> "Compared":
        """The same, where some of the fresh rows (True in idle) hold nothing new: what is held for them stays."""
        if not idle.any():
            return self
        held = self.instead[idle]
        return replace(
            self,
            fresh=self.fresh[~idle],
            instead=self.instead[~idle],
            silent=self.silent[~idle],
            confirmed=np.concatenate([self.confirmed, held[held >= 0]]),
            covered=False,
        )


def pairs(rows: pd.DataFrame) -> Iterator[tuple[str, str, np.ndarray]]:
    """Indicator, period and the positions of their rows, one pair after the other."""
    indicator, period = rows["indicator"].cat, rows["period"].cat
    number = indicator.codes.to_numpy().astype(np.int32) * len(period.categories) + period.codes.to_numpy()
    order = np.argsort(number, kind="stable")
    found, first = np.unique(number[order], return_index=True)
    for at, positions in zip(found, np.split(order, first[1:]), strict=True):
        yield (
            str(indicator.categories[at // len(period.categories)]),
            str(period.categories[at % len(period.categories)]),
            positions,
        )


def authorities_of(connection: Connection, rows: pd.DataFrame) -> set[str]:
    """The local authorities whose sums the rows' schools and authorities take part in."""
    used = rows["unit_code"].cat.remove_unused_categories().cat.categories.tolist()
    # Of a school and an authority, only the one of the two that the code is a code of is found.
    of_schools = select(school.c.la_code).where(bulk.among(connection, school.c.urn, used)).distinct()
    themselves = select(local_authority.c.code).where(bulk.among(connection, local_authority.c.code, used))
    return {str(code) for query in (of_schools, themselves) for code in connection.execute(query).scalars()}


def compare(connection: Connection, rows: pd.DataFrame, step: Callable[[float], None] = lambda _: None) -> Compared:
    """Set the rows (tidy.COLUMNS) beside the observations that count now. step: how far it is, 0 to 1."""
    o = observation.c
    used = [str(code) for code in rows["indicator"].cat.categories]
    there = {
        code
        for code in used
        if connection.execute(select(exists().where(o.indicator == code, o.to_version.is_(None)))).scalar()
    }
    las = authorities_of(connection, rows)
    if not there:
        new, none = np.full(len(rows), -1), np.zeros(len(rows), dtype=bool)
        return Compared(len(rows), np.arange(len(rows)), new, none, np.empty(0, dtype=np.int64), True, las, True)
    few = las if len(las) <= FEW else None
    fresh, instead, silent, confirmed = [], [], [], []
    done, alone, covered = 0, few is None, few is not None
    for code, periods, positions in _together(rows, few):
        done += len(positions)
        step(done / len(rows))
        mine = rows.iloc[positions]
        now = _current(connection, code, periods, few, mine) if code in there else pd.DataFrame()
        ids, same, quiet = _beside(now, mine)
        alone &= now.empty
        covered &= int((ids >= 0).sum()) == len(now)
        fresh.append(positions[~same])
        instead.append(ids[~same])
        silent.append(quiet[~same])
        confirmed.append(ids[same])
    # In the order of the file, which its rows' places in the indexes mostly follow.
    fresh_rows = np.concatenate(fresh)
    order = np.argsort(fresh_rows, kind="stable")
    of_fresh = np.concatenate(instead)[order], np.concatenate(silent)[order]
    return Compared(len(rows), fresh_rows[order], *of_fresh, np.concatenate(confirmed), alone, las, alone or covered)


def _together(rows: pd.DataFrame, few: set[str] | None) -> Iterator[tuple[str, list[str], np.ndarray]]:
    """Indicator, periods and the positions of their rows: as many periods at once as memory allows."""
    code, periods, found = "", list[str](), list[np.ndarray]()
    for indicator, period, positions in pairs(rows):
        if found and (few is None or indicator != code or sum(map(len, found)) + len(positions) > PIECE):
            yield code, periods, np.concatenate(found)
            periods, found = [], []
        code = indicator
        periods.append(period)
        found.append(positions)
    if found:
        yield code, periods, np.concatenate(found)


def _beside(now: pd.DataFrame, mine: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each row the id of what counts for its key now, -1 where nothing does; whether it is the same; or silent."""
    if now.empty:
        nothing = np.zeros(len(mine), dtype=bool)
        return np.full(len(mine), -1), nothing, nothing
    at = _key(now, mine).get_indexer(_key(mine, mine))
    known, before = at >= 0, now.iloc[at]
    ids = np.where(known, now["id"].to_numpy(dtype=np.int64)[at], -1)
    return ids, known & _same(before, mine), known & _silent(before, mine)


def _key(rows: pd.DataFrame, like: pd.DataFrame) -> pd.Index:
    """Period and REST as one number, by the categories of `like`; below 0 where it has none for them."""
    key, known = np.zeros(len(rows), dtype=np.int64), np.ones(len(rows), dtype=bool)
    for name in ("period", *REST):
        categories = like[name].cat.categories
        codes = rows[name].cat.codes.to_numpy() if rows is like else categories.get_indexer(pd.Index(rows[name]))
        known &= codes >= 0
        key = key * len(categories) + codes
    return pd.Index(np.where(known, key, -1 - np.arange(len(rows))))


def _same(before: pd.DataFrame, after: pd.DataFrame) -> np.ndarray:
    """Which rows hold the same numbers and symbol; what is missing in both is the same."""
    same = np.ones(len(after), dtype=bool)
    for name in NUMBERS:
        old, new = before[name].to_numpy(dtype=float, na_value=np.nan), after[name].to_numpy(dtype=float)
        same &= (old == new) | (np.isnan(old) & np.isnan(new))
    old, new = (rows["symbol"].astype(object).fillna("").to_numpy() for rows in (before, after))
    return same & (old == new)


def _silent(before: pd.DataFrame, after: pd.DataFrame) -> np.ndarray:
    """Which rows are suppressed where a number is held, and give no number that is not."""
    symbols = after["symbol"].cat
    silent = symbols.codes.to_numpy() == symbols.categories.get_loc(SUPPRESSED)
    if not silent.any():
        return silent
    lost = np.zeros(len(after), dtype=bool)
    for name in NUMBERS:
        old, new = before[name].to_numpy(dtype=float, na_value=np.nan), after[name].to_numpy(dtype=float)
        silent = silent & (np.isnan(new) | (old == new))
        lost |= np.isnan(new) & ~np.isnan(old)
    return silent & lost


def _current(
    connection: Connection, indicator: str, periods: list[str], few: set[str] | None, mine: pd.DataFrame
) -> pd.DataFrame:
    """The observations that count for some periods: id, period, REST, VALUES; of few authorities where given."""
    o = observation.c
    query = select(o.id, o.period, *(o[name] for name in (*REST, *VALUES))).where(
        o.indicator == indicator, o.period.in_(periods), o.to_version.is_(None)
    )
    if few is None:
        return bulk.frame(connection, query)
    parts = [
        bulk.frame(connection, query.where(o.level == level, condition))
        for level, condition in (
            ("school", o.unit_code.in_(select(school.c.urn).where(school.c.la_code.in_(few)))),
            ("la", o.unit_code.in_(few)),
            ("region", o.level == "region"),
            ("england", o.level == "england"),
        )
        if (mine["level"] == level).any()
    ]
    return pd.concat([part for part in parts if not part.empty] or parts[:1], ignore_index=True)


def write(
    connection: Connection,
    rows: pd.DataFrame,
    compared: Compared,
    import_id: int,
    version: int,
    step: Callable[[float], None] = lambda _: None,
) -> None:
    """Make the fresh rows count from `version`, close those they replace, and note those that are confirmed."""
    close(connection, compared.replaced, version)
    for start in range(0, len(compared.fresh), PIECE):
        step(start / len(compared.fresh))
        piece = rows.iloc[compared.fresh[start : start + PIECE]][[*KEY, *VALUES]]
        bulk.insert(connection, observation, piece.assign(import_id=import_id, from_version=version))
    for start in range(0, len(compared.confirmed), PIECE):
        piece = pd.DataFrame({"observation_id": compared.confirmed[start : start + PIECE]})
        bulk.insert(connection, confirmation, piece.assign(import_id=import_id))


def close(connection: Connection, ids: np.ndarray, version: int) -> None:
    """Let observations count no more from `version`."""
    for start in range(0, len(ids), PIECE):
        among = bulk.among(connection, observation.c.id, ids[start : start + PIECE].tolist())
        connection.execute(update(observation).where(among).values(to_version=version))


def take_back(connection: Connection, import_id: int, version: int) -> tuple[int, int]:
    """Close an import's observations; where another import that stands held a figure for the same key, it counts again.

    Returns how many were closed and how many came back.
    """
    o = observation.c
    closed = connection.execute(
        update(observation).where(o.import_id == import_id, o.to_version.is_(None)).values(to_version=version)
    ).rowcount
    mine, other = observation.alias("mine"), observation.alias("other")
    # Everyone who holds a row: the import it came with and those that confirmed it.
    held = union_all(
        select(other.c.id.label("observation_id"), other.c.import_id.label("holder"))
        .join(mine, and_(*(mine.c[name] == other.c[name] for name in KEY)))
        .where(mine.c.import_id == import_id, mine.c.to_version == version, other.c.to_version.is_not(None)),
        select(confirmation.c.observation_id, confirmation.c.import_id)
        .join(other, other.c.id == confirmation.c.observation_id)
        .join(mine, and_(*(mine.c[name] == other.c[name] for name in KEY)))
        .where(mine.c.import_id == import_id, mine.c.to_version == version),
    ).subquery("held")
    ranked = (
        select(
            held.c.observation_id,
            held.c.holder,
            func.row_number()
            .over(
                partition_by=[other.c[name] for name in KEY],
                order_by=[held.c.holder.desc(), other.c.id.desc()],
            )
            .label("place"),
        )
        .join(other, other.c.id == held.c.observation_id)
        .join(import_, import_.c.id == held.c.holder)
        .where(import_.c.undone_version.is_(None), held.c.holder != import_id)
        .subquery("ranked")
    )
    back = (
        select(*(o[name] for name in (*KEY, *VALUES)), ranked.c.holder, literal(version))
        .join(ranked, ranked.c.observation_id == o.id)
        .where(ranked.c.place == 1)
    )
    insert = observation.insert().from_select([*KEY, *VALUES, "import_id", "from_version"], back)
    return closed, connection.execute(insert, execution_options={"preserve_rowcount": True}).rowcount


def touched(connection: Connection, import_id: int, version: int) -> pd.DataFrame:
    """What taking an import back changed: indicator, period, la_code (of schools and authorities only)."""
    o = observation.c
    closed = (o.import_id == import_id, o.to_version == version)
    schools = select(o.indicator, o.period, school.c.la_code).join(school, school.c.urn == o.unit_code)
    authorities = select(o.indicator, o.period, o.unit_code.label("la_code"))
    found = [
        bulk.frame(connection, schools.where(*closed, o.level == "school").distinct()),
        bulk.frame(connection, authorities.where(*closed, o.level == "la").distinct()),
    ]
    return pd.concat(found, ignore_index=True)
