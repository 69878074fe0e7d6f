"""What people edit: the plan, the evidence, meetings, partnerships.

Each edit is one numbered change; what it replaces is kept.

An editor hands back the edit that the row came with when it was read (`seen`). Where somebody changed the row
meanwhile, nothing is written and the editor is told who did and when.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

import pandas as pd
from sqlalchemy import ColumnElement, Connection, FromClause, Table, delete, func, insert, select, union_all, update

from data_access import access, audit, bulk
from data_access.engine import current_version
from data_access.errors import ChangedMeanwhile
from data_access.register_tables import edit


def current(connection: Connection) -> int:
    """The number of the latest edit: what pages keep of registers is kept by it; 0 before the first."""
    return int(connection.execute(select(func.coalesce(func.max(edit.c.number), 0))).scalar_one())


def at(connection: Connection, version: int) -> int:
    """The latest edit that had been made when a data version was no longer the current one."""
    seen = select(func.coalesce(func.max(edit.c.number), 0)).where(edit.c.data_version <= version)
    return int(connection.execute(seen).scalar_one())


def begin(connection: Connection, by: str, reason: str, did: audit.Did = audit.Did.edited) -> int:
    """A new edit, for changes made in this transaction; returns its number.

    by: the name that the history keeps; of whoever signed in it is the account, whatever was typed.
    """
    number = current(connection) + 1
    connection.execute(
        insert(edit).values(
            number=number,
            made_at=datetime.now(UTC),
            made_by=access.signed(by)[:120],
            reason=reason,
            data_version=current_version(connection),
        )
    )
    # What an edit of roles says names accounts and roles; what others say may name anybody, and stays with the edit.
    audit.write(connection, did, f"edit {number}" if did is audit.Did.edited else f"edit {number}: {reason}")
    return number


def table(now: Table, number: int | None) -> FromClause:
    """A table as it stood after an edit, with the table's columns; None: as it stands."""
    if number is None:
        return now
    past = past_of(now)
    counts = select(*now.c).where(now.c.from_edit <= number)
    counted = select(*(past.c[column.name] for column in now.columns)).where(
        past.c.from_edit <= number, past.c.to_edit > number
    )
    return union_all(counts, counted).subquery(f"{now.name}_then")


def add(connection: Connection, now: Table, row: Mapping[str, object], number: int) -> int:
    """Insert a row with edit `number`; where its key is a number, the next free one. Returns that, or 0."""
    made, given = _key(now), dict(row)
    if made.name == "id" and "id" not in given:
        given["id"] = next_id(connection, now)
    connection.execute(insert(now).values(**given, from_edit=number))
    found = given[made.name]
    return found if isinstance(found, int) else 0


def add_many(connection: Connection, now: Table, rows: pd.DataFrame, number: int) -> None:
    """Insert rows, each with the next free number as its id, with edit `number`. rows: the other columns."""
    first = next_id(connection, now)
    bulk.insert(connection, now, rows.assign(id=range(first, first + len(rows)), from_edit=number))


def next_id(connection: Connection, now: Table) -> int:
    """The next number that no row of a table has or had."""
    taken = [select(func.coalesce(func.max(each.c.id), 0)) for each in (now, past_of(now))]
    return 1 + max(int(connection.execute(query).scalar_one()) for query in taken)


def change(
    connection: Connection, now: Table, key: str | int, values: Mapping[str, object], number: int, *, seen: int
) -> bool:
    """Give the row of a key new values with edit `number`, keeping what it was; False where they are what it holds.

    seen: the edit that the row came with when it was read. Raises ChangedMeanwhile where that is no longer so.
    """
    row = _unchanged(connection, now, key, seen)
    if all(row[name] == value for name, value in values.items()):
        return False
    _keep(connection, now, row, number)
    connection.execute(update(now).where(_key(now) == key).values(**values, from_edit=number))
    return True


def remove(connection: Connection, now: Table, key: str | int, number: int, *, seen: int) -> None:
    """Take a row away with edit `number`, keeping what it was. Raises ChangedMeanwhile."""
    _keep(connection, now, _unchanged(connection, now, key, seen), number)
    connection.execute(delete(now).where(_key(now) == key))


def history(connection: Connection, now: Table, key: str | int) -> pd.DataFrame:
    """How a row stood after each of its edits, newest first: the table's columns, made_at (UTC), made_by, reason."""
    past = past_of(now)
    columns = [column.name for column in now.columns]
    rows = union_all(
        select(*now.c).where(_key(now) == key),
        select(*(past.c[name] for name in columns)).where(past.c[_key(now).name] == key),
    ).subquery("each")
    query = (
        select(*rows.c, edit.c.made_at, edit.c.made_by, edit.c.reason)
        .join(edit, edit.c.number == rows.c.from_edit)
        .order_by(edit.c.number.desc())
    )
    frame = bulk.frame(connection, query)
    return frame.assign(made_at=pd.to_datetime(frame["made_at"], utc=True))


def made(connection: Connection, numbers: Collection[int]) -> pd.DataFrame:
    """Edits by their numbers, newest first: number, made_at (UTC), made_by, reason."""
    asked = [int(number) for number in numbers]
    query = select(edit.c.number, edit.c.made_at, edit.c.made_by, edit.c.reason).where(edit.c.number.in_(asked))
    frame = bulk.frame(connection, query.order_by(edit.c.number.desc()))
    return frame.assign(made_at=pd.to_datetime(frame["made_at"], utc=True))


def past_of(now: Table) -> Table:
    """The twin that keeps what the rows of a table said before."""
    return now.metadata.tables[f"{now.name}_past"]


def _key(now: Table) -> ColumnElement:
    (column,) = now.primary_key.columns
    return column


def _unchanged(connection: Connection, now: Table, key: str | int, seen: int) -> dict[str, object]:
    """The row of a key as it stands, where it still came with edit `seen`."""
    row = connection.execute(select(now).where(_key(now) == key)).mappings().first()
    if row is not None and row["from_edit"] == seen:
        return dict(row)
    latest = row["from_edit"] if row is not None else _taken_away(connection, now, key)
    who = connection.execute(select(edit.c.made_by, edit.c.made_at).where(edit.c.number == latest)).first()
    did = "changed it" if row is not None else "took it away"
    when = pd.to_datetime(who.made_at, utc=True) if who else None
    said = f"{who.made_by} {did} on {when:%d %B %Y at %H:%M} UTC" if who else "it is not there"
    raise ChangedMeanwhile(
        f"Nothing was saved: {said}.", "Your text is still in the form: look at the change, then save again."
    )


def _taken_away(connection: Connection, now: Table, key: str | int) -> int | None:
    past = past_of(now)
    gone = select(func.max(past.c.to_edit)).where(past.c[_key(now).name] == key)
    return connection.execute(gone).scalar()


def _keep(connection: Connection, now: Table, row: Mapping[str, object], number: int) -> None:
    if row["from_edit"] != number:  # what was made in the same edit never counted
        connection.execute(insert(past_of(now)).values(**row, to_edit=number))
