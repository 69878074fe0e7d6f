"""The one engine, its transactions, and the words for everything a database can do wrong."""

import errno
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from data_access import access, errors, once
from data_access.settings import settings

log = logging.getLogger("cpd.database")

# What a driver may raise, wrapped by SQLAlchemy or, from COPY and PRAGMA, bare.
DRIVER_ERRORS = (DBAPIError, sqlite3.Error, psycopg.Error, OSError)
WRITERS = 20092012  # PostgreSQL's advisory lock that a writer holds; SQLite has one of its own
MAKE = "Run `make database` to create, migrate and fill it."


def database_url(text_url: str | None = None) -> URL:
    """The database's address, from CPD_DATABASE_URL unless given; raises SettingWrong where it cannot be one."""
    given = text_url or settings().database_url
    remedy = "Set CPD_DATABASE_URL to sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME, or unset it."
    try:
        url = make_url(given)
    except ArgumentError as error:
        raise errors.SettingWrong("CPD_DATABASE_URL is not a database address.", remedy) from error
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "postgresql+psycopg"):
        raise errors.SettingWrong(
            f"CPD_DATABASE_URL names a kind of database ({url.drivername}) not used here.", remedy
        )
    if url.drivername == "sqlite" and not url.database:
        raise errors.SettingWrong("CPD_DATABASE_URL names no file.", remedy)
    return url


@lru_cache
def get_engine(text_url: str | None = None) -> Engine:
    """The engine of this process, made once for each address; no connection is opened yet."""
    url = database_url(text_url)
    wait = settings().database_timeout
    try:
        if url.drivername != "sqlite":
            return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": max(2, round(wait))})
        engine = create_engine(url, connect_args={"timeout": wait})
    except (NoSuchModuleError, ArgumentError) as error:
        raise errors.SettingWrong("CPD_DATABASE_URL is not a database address.", "Correct or unset it.") from error

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        # Transactions are begun by us (below), so that DDL takes part in them and writers wait their turn.
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA cache_size = -65536")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def sqlite_file(engine: Engine) -> Path | None:
    """The file of a SQLite database; None for PostgreSQL."""
    return Path(engine.url.database) if engine.dialect.name == "sqlite" and engine.url.database else None


def shown(engine: Engine) -> str:
    """The database's name for a person: a file, or host and name; never a password."""
    file = sqlite_file(engine)
    return str(file) if file else f"{engine.url.database} on {engine.url.host or 'this machine'}"


def translate(error: Exception, engine: Engine) -> errors.DatabaseProblem:
    """The plain sentence and remedy for a driver's error."""
    driver = getattr(error, "orig", None) or error
    said, state = str(driver).lower(), str(getattr(driver, "sqlstate", None) or "")
    where = shown(engine)
    if (isinstance(error, OSError) and error.errno == errno.ENOSPC) or "disk is full" in said or state == "53100":
        return errors.DiskFull(
            "The disk that holds the database is full; nothing was changed.", "Free some space, then start again."
        )
    if "locked" in said or "busy" in said or state == "55P03":
        return errors.DatabaseLocked(
            f"Another program is writing to the database ({where}).", "Wait for it to finish, then reload."
        )
    if "readonly" in said or "read-only" in said or "permission denied" in said or state == "42501":
        return errors.DatabaseReadOnly(
            f"The database ({where}) may not be written to.", "Give this user write access, then try again."
        )
    if "not a database" in said or "malformed" in said:
        return errors.DatabaseDamaged(
            f"The file {where} is not a readable database.",
            "Restore it from a backup, or move it away and run `make database`.",
        )
    if "unable to open" in said or isinstance(error, FileNotFoundError):
        return errors.DatabaseMissing(f"There is no database at {where}.", MAKE)
    if "no such table" in said or "no such column" in said or state in ("42P01", "42703"):
        return errors.DatabaseOlder(f"The database ({where}) lacks tables that this version needs.", MAKE)
    if "password authentication failed" in said or state.startswith("28"):
        return errors.DatabaseUnreachable(
            f"The database ({where}) does not accept this user and password.", "Correct CPD_DATABASE_URL."
        )
    if state.startswith(("22", "23")) or "constraint failed" in said:
        return errors.DatabaseProblem(
            f"The database ({where}) refused a row that breaks its rules; nothing was changed.",
            "Report this, with the file that was being loaded.",
        )
    return errors.DatabaseUnreachable(
        f"The database ({where}) does not answer.",
        "Check that it is running and that CPD_DATABASE_URL is right, then reload.",
    )


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection with one read transaction, which sees one state whole; driver errors leave as DatabaseProblem.

    Raises NotAllowed where whoever asks may not read here (data_access.access).
    """
    access.require(access.Right.read)
    file = sqlite_file(engine)
    if file is not None and not file.exists():
        raise errors.DatabaseMissing(f"There is no database at {file}.", MAKE)
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                # There each statement would see what others committed meanwhile.
                connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection
    except DRIVER_ERRORS as error:
        log.error("%s", error)
        raise translate(error, engine) from error


@contextmanager
def writing(engine: Engine, right: access.Right = access.Right.edit) -> Iterator[Connection]:
    """One write transaction, one at a time: committed at the end, rolled back whole on any error.

    A second writer waits for CPD_DATABASE_TIMEOUT seconds, then is told (DatabaseLocked). Raises NotAllowed where
    whoever asks does not have the right.
    """
    access.require(right)
    try:
        file = sqlite_file(engine)
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
        with engine.connect().execution_options(write=True) as connection, connection.begin():
            if engine.dialect.name == "postgresql":
                wait = max(1, round(settings().database_timeout * 1000))
                connection.execute(text(f"SET LOCAL lock_timeout = {wait}"))
                connection.execute(text(f"SELECT pg_advisory_xact_lock({WRITERS})"))
            yield connection
    except DRIVER_ERRORS as error:
        log.error("%s", error)
        raise translate(error, engine) from error
    finally:
        once.forget()


def has_tables(connection: Connection) -> bool:
    """True where any table of ours stands."""
    return inspect(connection).has_table("indicator")


def current_version(connection: Connection) -> int:
    """The data version: rises by one with each change to the data; 0 before the first."""
    return int(connection.execute(text("select coalesce(max(number), 0) from data_version")).scalar_one())
