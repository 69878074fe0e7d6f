"""The whole database as one file, and back: the same file from SQLite and PostgreSQL, and for either.

A zip: `about.json` says what it is, beside it one member a table; each of its lines is a JSON array of rows. It needs
no program of PostgreSQL's own, which would have to be as new as the server. It holds what is suppressed, too: keep it
as safe as the database.
"""

import json
import logging
import os
import sqlite3
import time
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from sqlalchemy import Connection, Engine, Table, inspect, select, text

from data_access import access, audit, edits, migrate, roles
from data_access.access import Right
from data_access.engine import (
    DRIVER_ERRORS,
    current_version,
    get_engine,
    has_tables,
    reading,
    shown,
    sqlite_file,
    take_time,
    translate,
    writing,
)
from data_access.errors import BackupRefused, DatabaseLocked, DatabaseProblem
from data_access.partnerships import tables  # noqa: F401 (makes its tables known)
from data_access.register_tables import metadata
from data_access.settings import settings
from measures.words import plural

log = logging.getLogger("cpd.backup")
WHAT: Final = "CPD strategy dashboard: backup"
LAYOUT: Final = 1  # rises where an older program could not read the file
ABOUT: Final = "about.json"
LONGEST_ABOUT: Final = 1_000_000  # bytes
BLOCK: Final = 10_000  # rows
OLD: Final = "alembic_version"


class TableAbout(BaseModel):
    """One table of a backup: its columns, rows, and the SHA-256 of its member."""

    name: str
    columns: list[str]
    rows: int
    sha256: str


class About(BaseModel):
    """What a backup says of itself; made_at in UTC."""

    what: str
    layout: int
    revision: str
    data_version: int
    edit: int
    made_at: datetime
    tables: list[TableAbout]

    def __str__(self) -> str:
        rows = sum(table.rows for table in self.tables)
        return (
            f"data version {self.data_version}, edit {self.edit}, schema {self.revision}, "
            f"{plural(rows, 'row')} in {plural(len(self.tables), 'table')}"
        )


def write(engine: Engine, file: Path, *, replace: bool = False) -> About:
    """Write one consistent state to a file, whole or not at all; others read and write meanwhile.

    Raises BackupRefused where the file is there already or cannot be written, DatabaseProblem where there is nothing
    to keep or, where people sign in, the audit cannot be written to.
    """
    migrate.ready(engine, exact=True)
    if file.exists() and not replace:
        raise BackupRefused(f"{file} is there already.", "Choose another name, or give --replace.")
    part = file.with_name(f".{file.name}.part")
    with _whole(file, part):
        # Only its owner may read it: it holds single schools.
        with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as out:
            with (
                zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
                reading(engine, primary=True) as now,
            ):
                take_time(now)
                about = About(
                    what=WHAT,
                    layout=LAYOUT,
                    revision=migrate.HEAD,
                    data_version=current_version(now),
                    edit=edits.current(now),
                    made_at=datetime.now(UTC),
                    tables=[_write_table(archive, now, table) for table in metadata.sorted_tables],
                )
                archive.writestr(ABOUT, about.model_dump_json(indent=1))
            out.flush()
            os.fsync(out.fileno())
        _note(engine)
        part.replace(file)
    return about


def _note(engine: Engine) -> None:
    """Into the audit: every school leaves. As audit.schools_left, in the database that is backed up."""
    try:
        with writing(engine, Right.read) as connection:
            audit.write(connection, audit.Did.exported_schools, "every school, backup")
    except DatabaseProblem as error:
        if access.sign_in_is_on():
            raise
        log.error("A backup could not be written into the audit: %s", error)


@contextmanager
def _whole(file: Path, part: Path) -> Iterator[None]:
    """Leave nothing half-made; OSError as a plain sentence about the file, not about the database."""
    try:
        yield
    except OSError as error:
        raise BackupRefused(
            f"{file} cannot be written ({error.strerror}).", "Check the folder, its permissions and the space left."
        ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _write_table(archive: zipfile.ZipFile, connection: Connection, table: Table) -> TableAbout:
    found, rows = sha256(), 0
    query = select(table).order_by(*table.primary_key.columns)
    result = connection.execute(query, execution_options={"stream_results": True, "yield_per": BLOCK})
    with archive.open(_member(table.name), "w", force_zip64=True) as member:
        for block in result.partitions():
            content = json.dumps(list(map(tuple, block)), default=_as_text, separators=(",", ":")).encode() + b"\n"
            found.update(content)
            member.write(content)
            rows += len(block)
    return TableAbout(name=table.name, columns=list(table.c.keys()), rows=rows, sha256=found.hexdigest())


def _member(table: str) -> str:
    return f"tables/{table}.jsonl"


def _as_text(value: object) -> str:
    """A day or a time as SQLite keeps it and PostgreSQL reads it; times in UTC."""
    if isinstance(value, datetime):
        utc = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
        return utc.isoformat(sep=" ", timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a backup has no way to write {type(value).__name__}")


@contextmanager
def _opened(file: Path) -> Iterator[tuple[zipfile.ZipFile, About]]:
    """A backup and what it says of itself; raises BackupRefused where it is damaged, of another kind, or newer."""
    broken = BackupRefused(
        f"{file} is damaged or was cut short; nothing was changed.", "Copy it again, or restore an older backup."
    )
    try:
        with zipfile.ZipFile(file) as archive:
            if ABOUT not in archive.namelist() or archive.getinfo(ABOUT).file_size > LONGEST_ABOUT:
                raise _another_kind(file)
            said = json.loads(archive.read(ABOUT))
            if not isinstance(said, Mapping) or said.get("what") != WHAT:
                raise _another_kind(file)
            if said.get("layout") != LAYOUT or said.get("revision") not in migrate.known():
                raise BackupRefused(
                    f"{file} was made by a newer version of this dashboard.", "Install that version, then restore."
                )
            yield archive, About.model_validate(said)
    except FileNotFoundError as error:
        raise BackupRefused(f"There is no file {file}.", "Check its name and folder.") from error
    except zipfile.BadZipFile as error:
        raise (broken if _begins_as_zip(file) else _another_kind(file)) from error
    except (zlib.error, EOFError, KeyError, ValueError, ValidationError, NotImplementedError) as error:
        raise broken from error
    except OSError as error:
        raise BackupRefused(
            f"{file} cannot be read ({error.strerror}).", "Check the file and its permissions."
        ) from error


def _another_kind(file: Path) -> BackupRefused:
    return BackupRefused(f"{file} is no backup of this dashboard.", "Give a file that `backup` wrote.")


def _begins_as_zip(file: Path) -> bool:
    with file.open("rb") as content:
        return content.read(4) == b"PK\x03\x04"


def _rows(archive: zipfile.ZipFile, table: TableAbout) -> Iterator[list[Any]]:
    """The rows of one table; raises ValueError at the end where they are not those that were written."""
    found, count = sha256(), 0
    with archive.open(_member(table.name)) as member:
        for line in member:
            found.update(line)
            for row in json.loads(line):
                count += 1
                if not isinstance(row, list) or len(row) != len(table.columns):
                    raise ValueError(f"{table.name}: row {count} is no row of it")
                yield row
    if (count, found.hexdigest()) != (table.rows, table.sha256):
        raise ValueError(f"{table.name}: not the rows that were written")


def check(file: Path) -> About:
    """Read a backup to its end; raises BackupRefused where it could not be restored."""
    with _opened(file) as (archive, about):
        for table in about.tables:
            for _row in _rows(archive, table):
                pass
        return about


def restore(engine: Engine, file: Path, *, replace: bool = False) -> About:
    """Make the database what it was, whole or not at all; an older schema is brought up to date.

    The old state, where there is one, stays until the new one is whole. Raises BackupRefused where the file cannot be
    restored, or where the database holds data and `replace` is not said.
    """
    target = sqlite_file(engine)
    check(file)  # before anything is touched: a damaged file then says so, not the database
    with _opened(file) as (archive, about):
        if target is None:
            with writing(engine, Right.administer) as connection:
                _may_go(connection, engine, replace)
                _drop(connection)
                _load(connection, archive, about)
        else:
            _beside(engine, target, archive, about, replace)
    migrate.migrate(engine)  # nothing to change; sets what no transaction can
    return about


def _may_go(connection: Connection, engine: Engine, replace: bool) -> None:
    """Raise where the database holds data that nobody said may go, or a newer schema than this program knows."""
    if not has_tables(connection):
        return
    revision = connection.execute(text(f"select version_num from {OLD}")).scalar()
    if revision is not None and revision not in migrate.known():
        raise migrate.newer(engine)
    if not replace and current_version(connection) > 0:
        raise BackupRefused(
            f"The database ({shown(engine)}) holds data; nothing was changed.",
            "Name an empty one in CPD_DATABASE_URL, or give --replace to put the backup in its place.",
        )


def _drop(connection: Connection) -> None:
    """Take our own tables away; whatever else lies in the database stays."""
    roles.let_go(connection)
    there = {OLD, *metadata.tables} & set(inspect(connection).get_table_names())
    if there:
        connection.execute(text("DROP TABLE " + ", ".join(f'"{name}"' for name in sorted(there))))


def _load(connection: Connection, archive: zipfile.ZipFile, about: About) -> None:
    """Make the tables as they were when the backup was written, fill them, and bring them up to date."""
    migrate.upgrade(connection, about.revision)
    postgresql = connection.dialect.name == "postgresql"
    connection.execute(text("SET LOCAL TIME ZONE 'UTC'" if postgresql else "PRAGMA defer_foreign_keys = ON"))
    there = inspect(connection)
    for table in about.tables:
        known = {column["name"] for column in there.get_columns(table.name)} if there.has_table(table.name) else set()
        if not known.issuperset(table.columns):
            raise ValueError(f"{table.name}: no table of schema {about.revision}")
        _insert(connection, table, _rows(archive, table))
        if postgresql and "id" in table.columns:
            connection.execute(
                text(f"select setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) from \"{table.name}\"")
            )
    migrate.upgrade(connection)
    # The audit goes back to what it was with all else: it says so itself.
    audit.write(
        connection,
        audit.Did.loaded,
        f"the backup of {about.made_at:%Y-%m-%d %H:%M} UTC, data version {about.data_version}",
    )


def _insert(connection: Connection, table: TableAbout, rows: Iterator[list[Any]]) -> None:
    names = ", ".join(f'"{name}"' for name in table.columns)
    if connection.dialect.name == "postgresql":
        cursor = connection.connection.cursor()
        with cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join("?" * len(table.columns))
    connection.connection.cursor().executemany(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', rows)  # type: ignore[arg-type]


def _beside(engine: Engine, target: Path, archive: zipfile.ZipFile, about: About, replace: bool) -> None:
    """Restore to a SQLite file beside the target; then it takes the target's place."""
    _target_may_go(engine, target, replace)
    part = target.with_name(f".{target.name}.restoring")
    part.unlink(missing_ok=True)
    made = get_engine(f"sqlite:///{part}")
    try:
        with writing(made, Right.administer) as connection:
            _load(connection, archive, about)
        made.dispose()
        _target_may_go(engine, target, replace)
        engine.dispose()
        if target.exists():
            _pour(part, target, engine)
        else:
            for left in ("-wal", "-shm"):  # of the file that was lost: SQLite would take them for the new one's
                target.with_name(target.name + left).unlink(missing_ok=True)
            part.replace(target)
    finally:
        made.dispose()
        for left in ("", "-journal"):
            part.with_name(part.name + left).unlink(missing_ok=True)


def _target_may_go(engine: Engine, target: Path, replace: bool) -> None:
    if target.exists():
        with reading(engine) as connection:
            _may_go(connection, engine, replace)


def _pour(part: Path, target: Path, engine: Engine) -> None:
    """Write a database into another one's file, in one transaction: whoever has it open goes on, with the new state."""
    wait = settings().database_timeout
    until = time.monotonic() + wait

    def busy(state: int, _left: int, _all: int) -> None:
        if state in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > until:
            raise DatabaseLocked(
                f"Another program is writing to the database ({shown(engine)}); nothing was changed.",
                "Stop the service, then restore.",
            )

    try:
        with closing(sqlite3.connect(part)) as new, closing(sqlite3.connect(target, timeout=wait)) as live:
            new.backup(live, progress=busy)
    except DRIVER_ERRORS as error:
        raise translate(error, engine) from error
