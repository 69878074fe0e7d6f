"""What counted when: data versions, and every table as it stood at one of them.

A table with a past (X, X_past) is changed only through `change`, which keeps what it replaces.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta

import pandas as pd
from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
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
from data_access.schema import data_version, observation

PAST = {
    name: schema.metadata.tables[f"{name}_past"]
    for name in (
        "summary",
        "school",
        "target",
        "neighbour",
        "boundary",
        "indicator",
        "threshold",
        "context",
        "withheld",
    )
}
KEPT = ("import_id", "from_version")
FILLED = -1  # in place of an import: what the database was filled with


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
    if given.isascii() and given.isdecimal() and len(given) < 10:
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
    if "to_version" in now.c:
        counts = counts.where(or_(now.c.to_version.is_(None), now.c.to_version > version))
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
        _keep(connection, now, pd.concat([there.iloc[at[touched]], gone]), version)
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


def _keep(connection: Connection, now: Table, rows: pd.DataFrame, version: int) -> None:
    """Write rows that count no more into the past; those made in the same version never counted."""
    bulk.insert(connection, PAST[now.name], rows[rows["from_version"] < version].assign(to_version=version))


def take_back(
    connection: Connection,
    now: Table,
    import_id: int,
    version: int,
    *,
    group: Sequence[str] = (),
    stay: Collection[str] = (),
) -> tuple[int, int]:
    """Take an import's rows back from a table with a past, as of `version`; returns how many went and how many came.

    All that an import brought is known from the rows that were its own when it was made. So each key, or each set of
    keys alike in `group` where these are replaced as a set, gets what the latest import that stands said of it, or else
    what the database was filled with. stay: values of the first column of the key that are not to go.
    """
    key, columns = [column.name for column in now.primary_key.columns], [column.name for column in now.columns]
    alike = list(group or key)
    there, own, standing = _each_import_s_own(connection, now, key, import_id)
    touched = own.loc[own["owner"] == import_id, alike].drop_duplicates()
    if touched.empty:
        return 0, 0
    wanted = own[own["owner"].isin(standing)].merge(touched, on=alike)
    wanted = wanted[wanted["owner"] == wanted.groupby(alike)["owner"].transform("max")]
    current = there.merge(touched, on=alike)
    current_key, wanted_key = _index(current, key), _index(wanted, key)
    gone = current[~current_key.isin(wanted_key) & ~current[key[0]].isin(list(stay)).to_numpy()]
    fresh = wanted[~_index(wanted, [*key, "owner"]).isin(_index(current, [*key, "owner"]))]
    known = _index(fresh, key).isin(current_key)
    replaced = current[current_key.isin(_index(fresh, key))]
    _keep(connection, now, pd.concat([gone, replaced])[columns], version)
    _delete(connection, now, key, gone)
    for owner, rows in fresh[known].groupby("owner"):
        number = None if owner == FILLED else int(str(owner))
        _update(connection, now, key, rows.drop(columns=[*KEPT, "owner"]), version, number)
    bulk.insert(connection, now, fresh.loc[~known, columns].assign(from_version=version))
    return int((current["owner"] == import_id).sum()), len(fresh)


def _each_import_s_own(
    connection: Connection, now: Table, key: list[str], undone: int
) -> tuple[pd.DataFrame, pd.DataFrame, set[int]]:
    """The table as it stands, what each import brought, and the imports that stand without the undone one; with owner.

    owner: the import that a row came with, FILLED for what the database was filled with.
    """
    i = schema.import_.c
    imports = bulk.frame(connection, select(i.id, i.data_version, i.undone_version))
    made = dict(zip(imports["id"], imports["data_version"], strict=True))
    standing = {FILLED, *(int(number) for number in imports.loc[imports["undone_version"].isna(), "id"])} - {undone}
    past = bulk.frame(connection, select(PAST[now.name])).drop(columns="to_version")
    there, past = (
        rows.assign(owner=rows["import_id"].astype(float).fillna(FILLED).astype(int))
        for rows in (bulk.frame(connection, select(now)), past)
    )
    every = pd.concat([there, past], ignore_index=True).sort_values("from_version", kind="stable")
    own = every[(every["owner"] == FILLED) | (every["from_version"] == every["owner"].map(made))]
    return there, own.drop_duplicates([*key, "owner"]), standing


def _index(rows: pd.DataFrame, columns: list[str]) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(rows[columns].astype(object))
