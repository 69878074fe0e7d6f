"""What counted when: data versions, and every table as it stood at one of them.

A table with a past (X, X_past) is changed only through `change`, which keeps what it replaces.
"""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pandas as pd
from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Table,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    text,
    union_all,
    update,
)

from data_access import bulk, schema
from data_access.engine import current_version
from data_access.errors import UnknownCode
from data_access.schema import data_version, indicator, observation

PAST = {
    name: schema.metadata.tables[f"{name}_past"] for name in ("summary", "school", "target", "neighbour", "boundary")
}
KEPT = ("import_id", "from_version")


def next_version(connection: Connection, reason: str) -> int:
    """A new data version, for a change made in this transaction."""
    number = current_version(connection) + 1
    connection.execute(insert(data_version).values(number=number, made_at=datetime.now(UTC), reason=reason))
    return number


def resolve(connection: Connection, given: str) -> int:
    """The data version that a number or a date (2012-03-31: the end of that day, UTC) names; raises UnknownCode."""
    given = given.strip()
    v = data_version.c
    kept = select(func.max(v.number)).where(v.kept)
    remedy = "Use a data version's number or a date such as 2012-03-31; the Data page lists them."
    if given.isdigit() and len(given) < 10:
        number = connection.execute(kept.where(v.number == int(given))).scalar()
        if number is None:
            raise UnknownCode(f"Data version {given} is not one that can be shown.", remedy)
        return int(number)
    try:
        day = date.fromisoformat(given)
    except ValueError as error:
        raise UnknownCode(f"“{given[:40]}” is neither a data version nor a date.", remedy) from error
    end = datetime.combine(day, time(), UTC) + timedelta(days=1) if day < date.max else datetime.max.replace(tzinfo=UTC)
    number = connection.execute(kept.where(v.made_at < end)).scalar()
    if number is None:
        raise UnknownCode(f"There were no data yet on {given}.", remedy)
    return int(number)


def earlier(connection: Connection, version: int | None) -> int | None:
    """The version to look back to: None where it is the current one, which needs no looking back."""
    return None if version is None or version == current_version(connection) else version


def table(now: Table, version: int | None) -> FromClause:
    """A table as it stood at a data version, with the table's columns; None: as it stands."""
    if version is None:
        return now
    past = PAST[now.name]
    counts = select(*now.c).where(now.c.from_version <= version)
    counted = select(*(past.c[name] for name in now.c.keys())).where(  # noqa: SIM118
        past.c.from_version <= version, past.c.to_version > version
    )
    return union_all(counts, counted).subquery(f"{now.name}_then")


def observations(version: int | None) -> list[list[ColumnElement[bool]]]:
    """The conditions for the observations that counted at a data version; None: that count now.

    One list of conditions for each query to run: those that count now and those that counted once have an index each.
    """
    o = observation.c
    now: list[ColumnElement[bool]] = [text("to_version IS NULL")]  # type: ignore[list-item]
    if version is None:
        return [now]
    return [[*now, o.from_version <= version], [o.to_version > version, o.from_version <= version]]


def indicators(version: int | None) -> list[ColumnElement[bool]]:
    """The conditions for the indicators that there were at a data version."""
    i = indicator.c
    if version is None:
        return [i.to_version.is_(None)]
    return [i.from_version <= version, or_(i.to_version.is_(None), i.to_version > version)]


def change(
    connection: Connection,
    now: Table,
    rows: pd.DataFrame,
    version: int,
    *,
    import_id: int | None = None,
    within: ColumnElement[bool] | None = None,
    whole: bool = False,
) -> Counter[str]:
    """Make `rows` (the key and values of a table with a past) what counts from `version`; keep what they replace.

    within: where to look for rows that are there already. whole: rows within it that are not in `rows` go.
    Rows of an import replace even what they equal, so that each row names the latest import that held it. Returns how
    many were new, revised, unchanged and removed; where all are unchanged, nothing is written.
    """
    key = [column.name for column in now.primary_key.columns]
    values = [column.name for column in now.columns if column.name not in (*key, *KEPT)]
    query = select(now)
    there = bulk.frame(connection, query if within is None else query.where(within))
    count: Counter[str] = Counter(new=len(rows), revised=0, unchanged=0, removed=0)
    replaced = there.iloc[:0]
    if not there.empty:
        there_key = pd.MultiIndex.from_frame(there[key].astype(object))
        rows_key = pd.MultiIndex.from_frame(rows[key].astype(object))
        at = there_key.get_indexer(rows_key)
        known = at >= 0
        same = known.copy()
        before = there.iloc[at]
        for name in values:
            if name in rows:
                old, new = before[name].to_numpy(dtype=object), rows[name].to_numpy(dtype=object)
                same &= (old == new) | (pd.isna(old) & pd.isna(new))
        gone = there[~there_key.isin(rows_key)] if whole else there.iloc[:0]
        count = Counter(
            new=int((~known).sum()), revised=int((known & ~same).sum()), unchanged=int(same.sum()), removed=len(gone)
        )
        if not (count["new"] or count["revised"] or count["removed"]):
            return count
        touched = known if import_id is not None else known & ~same
        replaced = there.iloc[at[touched]]
        bulk.insert(connection, PAST[now.name], pd.concat([replaced, gone]).assign(to_version=version))
        _delete(connection, now, key, gone)
        _update(connection, now, key, rows[touched], version, import_id)
        rows = rows[~known]
    stamped = rows.assign(from_version=version)
    if "import_id" in now.c:
        stamped["import_id"] = import_id
        stamped["import_id"] = stamped["import_id"].astype(object)
    bulk.insert(connection, now, stamped)
    return count


def _delete(connection: Connection, now: Table, key: list[str], gone: pd.DataFrame) -> None:
    if gone.empty:
        return
    condition = [now.c[name] == bindparam(f"b_{name}") for name in key]
    connection.execute(delete(now).where(*condition), _named(gone[key], {name: f"b_{name}" for name in key}))


def _named(rows: pd.DataFrame, called: dict[str, str]) -> list[dict[str, object]]:
    """Rows as parameters of a statement, None for missing."""
    plain = rows.astype(object).where(rows.notna(), None).rename(columns=called)
    return [dict(zip(plain.columns, row, strict=True)) for row in plain.itertuples(index=False, name=None)]


def _update(
    connection: Connection, now: Table, key: list[str], rows: pd.DataFrame, version: int, import_id: int | None
) -> None:
    if rows.empty:
        return
    values = [name for name in rows.columns if name not in key]
    stamp: dict[str, object] = {"from_version": version}
    if "import_id" in now.c:
        stamp["import_id"] = import_id
    statement = (
        update(now)
        .where(*(now.c[name] == bindparam(f"b_{name}") for name in key))
        .values({name: bindparam(f"v_{name}") for name in values} | stamp)
    )
    named = {name: f"b_{name}" if name in key else f"v_{name}" for name in rows.columns}
    connection.execute(statement, _named(rows, named))


def restore(connection: Connection, now: Table, import_id: int, made: int, version: int) -> int:
    """Take an import's rows back from a table with a past, as of `version`; returns how many.

    What counted before counts again: rows that it replaced and, as its version `made`, rows that it removed.
    """
    past = PAST[now.name]
    key = [column.name for column in now.primary_key.columns]
    mine = bulk.frame(connection, select(now).where(now.c.import_id == import_id))
    standing = or_(past.c.import_id.is_(None), past.c.import_id.in_(_not_undone(import_id)))
    before = bulk.frame(connection, select(past).where(standing).order_by(past.c.to_version))
    before = before.drop_duplicates(key, keep="last")
    mine_key = pd.MultiIndex.from_frame(mine[key].astype(object))
    before_key = pd.MultiIndex.from_frame(before[key].astype(object))
    removed = before[(before["to_version"] == made) & ~before_key.isin(mine_key)].drop(columns="to_version")
    before = before[before_key.isin(mine_key)].drop(columns="to_version")
    if mine.empty and removed.empty:
        return 0
    bulk.insert(connection, past, mine.assign(to_version=version))
    _delete(connection, now, key, mine[~mine_key.isin(pd.MultiIndex.from_frame(before[key].astype(object)))])
    for number, rows in before.groupby("import_id", dropna=False):
        owner = None if pd.isna(number) else int(str(number).split(".")[0])
        _update(connection, now, key, rows.drop(columns=list(KEPT)), version, owner)
    bulk.insert(connection, now, removed.assign(from_version=version, import_id=removed["import_id"].astype(object)))
    return len(mine)


def _not_undone(but: int) -> Select:
    i = schema.import_.c
    return select(i.id).where(i.undone_version.is_(None), i.id != but)
