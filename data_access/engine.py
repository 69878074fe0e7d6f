"""The one engine, its transactions, and the words for everything a database can do wrong."""

import errno
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as AllInUse

from data_access import access, errors, happened, once
from data_access.replica import Replica
from data_access.settings import settings

log = logging.getLogger("cpd.database")

# What a driver may raise, wrapped by SQLAlchemy or, from COPY and PRAGMA, bare.
DRIVER_ERRORS = (DBAPIError, AllInUse, sqlite3.Error, psycopg.Error, OSError)
WRITERS = 20092012  # PostgreSQL's advisory lock that a writer holds; SQLite has one of its own
RECYCLED = 1800  # seconds after which a connection to PostgreSQL is made anew: what lies between may drop old ones
FORGOTTEN = 600, 3600  # seconds after which PostgreSQL ends a transaction that waits for us: of a reader, of a writer
_in_a_write: ContextVar[bool] = ContextVar("in_a_write", default=False)
MAKE = "Run `make database` to create, migrate and fill it."


def database_url(text_url: str | None = None, setting: str = "CPD_DATABASE_URL") -> URL:
    """The database's address, from CPD_DATABASE_URL unless given; raises SettingWrong where it cannot be one."""
    given = text_url or settings().database_url
    remedy = f"Set {setting} to sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME, or unset it."
    try:
        url = make_url(given)
    except ArgumentError as error:
        raise errors.SettingWrong(f"{setting} is not a database address.", remedy) from error
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "postgresql+psycopg"):
        raise errors.SettingWrong(f"{setting} names a kind of database ({url.drivername}) not used here.", remedy)
    if url.drivername == "sqlite" and not url.database:
        raise errors.SettingWrong(f"{setting} names no file.", remedy)
    return url


@lru_cache
def get_engine(text_url: str | None = None) -> Engine:
    """The engine of this process, made once for each address; no connection is opened yet."""
    url = database_url(text_url)
    wait = settings().database_timeout
    try:
        if url.drivername != "sqlite":
            return _postgresql(url)
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
        asked = connection.get_execution_options()
        patience = round(asked.get("wait", wait) * 1000)
        file = connection.connection.driver_connection
        assert isinstance(file, sqlite3.Connection)
        file.execute(f"PRAGMA busy_timeout = {patience}")  # each time: the pool hands connections on
        connection.exec_driver_sql("BEGIN IMMEDIATE" if asked.get("write", False) else "BEGIN")

    return engine


def _postgresql(url: URL) -> Engine:
    """Connections that are tried before use, so that a restart of the server is not noticed, and that give up."""
    wait = max(2, round(settings().database_timeout))
    limits = f"-c statement_timeout={round(settings().statement_timeout * 1000)}"
    limits += f" -c idle_in_transaction_session_timeout={FORGOTTEN[0] * 1000}"
    said = {name: value for name, value in url.query.items() if isinstance(value, str)}
    return create_engine(
        url.difference_update_query(["options", "application_name"]),
        pool_size=settings().database_connections,
        max_overflow=0,
        pool_timeout=wait,
        pool_pre_ping=True,
        pool_recycle=RECYCLED,
        pool_use_lifo=True,  # what a busy hour opened is left to be recycled
        connect_args={
            "connect_timeout": wait,
            "application_name": said.get("application_name", "cpd"),
            "options": f"{limits} {said.get('options', '')}".strip(),
            "keepalives_idle": 30,  # a server that vanished is noticed within a minute, not within hours
            "keepalives_interval": 10,
            "keepalives_count": 3,
        },
    )


@lru_cache
def _replica(read_url: str, primary: URL) -> Replica:
    url = database_url(read_url, "CPD_DATABASE_READ_URL")
    if url.drivername == "sqlite" or primary.drivername == "sqlite":
        raise errors.SettingWrong(
            "CPD_DATABASE_READ_URL is for a read replica of PostgreSQL.", "Unset it where the database is SQLite."
        )
    engine = _postgresql(url)
    return Replica(engine, shown(engine))


def replica_of(engine: Engine) -> Replica | None:
    """The read replica of the database that CPD_DATABASE_URL names, where there is one; of others there is none."""
    read_url = settings().database_read_url
    if not read_url or engine.url != get_engine().url:
        return None
    return _replica(read_url, engine.url)


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
    if isinstance(error, AllInUse):
        return errors.DatabaseLocked(
            "All connections to the database are in use.", "Reload in a moment, or raise CPD_DATABASE_CONNECTIONS."
        )
    if state == "57014":
        return errors.QueryBrokenOff(
            "The database took too long to answer, and the question was broken off.",
            "Ask for less at once, or raise CPD_STATEMENT_TIMEOUT.",
        )
    if state == "40001" or "conflict with recovery" in said:
        return errors.QueryBrokenOff(
            "The database broke the question off because the rows that it reads were changing.", "Reload."
        )
    if "locked" in said or "busy" in said or state == "55P03":
        return errors.DatabaseLocked(
            f"Another program is writing to the database ({where}).", "Wait for it to finish, then reload."
        )
    if "readonly" in said or "read-only" in said or "permission denied" in said or state == "42501":
        return errors.DatabaseReadOnly(
            f"The database ({where}) may not be written to.",
            "Give this user write access, then try again; `migrate` and `restore` are for the database's owner.",
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


def _told(error: Exception, engine: Engine) -> errors.DatabaseProblem:
    """The problem that a driver's error is: logged in full, counted by its kind."""
    log.error("%s", error)
    problem = translate(error, engine)
    happened.tell(happened.PROBLEM, type(problem).__name__)
    return problem


def _is_there(engine: Engine) -> None:
    """Raise DatabaseMissing where SQLite would make a new file."""
    file = sqlite_file(engine)
    if file is not None and not file.exists():
        raise errors.DatabaseMissing(f"There is no database at {file}.", MAKE)


@contextmanager
def reading(engine: Engine, *, primary: bool = False) -> Iterator[Connection]:
    """A connection with one read transaction, which sees one state whole; driver errors leave as DatabaseProblem.

    A read replica answers, where there is one that is not behind what this process has seen; but not with `primary`,
    for what must hold the latest state (a backup, who may see what). Raises NotAllowed where whoever asks may not read
    here (data_access.access).
    """
    access.require(access.Right.read)
    _is_there(engine)
    replica = None if primary or _in_a_write.get() else replica_of(engine)
    found = replica.connect() if replica else None
    try:
        with found or engine.connect() as connection:
            if engine.dialect.name == "postgresql" and found is None:
                # There each statement would see what others committed meanwhile.
                connection.execution_options(isolation_level="REPEATABLE READ")
                if replica:
                    replica.saw(connection)
            yield connection
    except DRIVER_ERRORS as error:
        if replica and found is not None:
            replica.failed(error)
        raise _told(error, engine) from error


@contextmanager
def writing(engine: Engine, right: access.Right = access.Right.edit) -> Iterator[Connection]:
    """One write transaction, one at a time: committed at the end, rolled back whole on any error.

    A second writer waits for CPD_DATABASE_TIMEOUT seconds, then is told (DatabaseLocked). Raises NotAllowed where
    whoever asks does not have the right.
    """
    access.require(right)
    replica, mark = replica_of(engine), ""
    token = _in_a_write.set(True)
    try:
        file = sqlite_file(engine)
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
        with engine.connect().execution_options(write=True) as connection, connection.begin():
            if engine.dialect.name == "postgresql":
                wait = max(1, round(settings().database_timeout * 1000))
                connection.execute(text(f"SET LOCAL lock_timeout = {wait}"))
                connection.execute(text(f"SELECT pg_advisory_xact_lock({WRITERS})"))
                take_time(connection)
            yield connection
            mark = replica.mark(connection) if replica else ""
        if replica:
            replica.wrote(mark)
    except DRIVER_ERRORS as error:
        raise _told(error, engine) from error
    finally:
        _in_a_write.reset(token)
        once.forget()


@contextmanager
def adding(engine: Engine, right: access.Right, *, wait: float) -> Iterator[Connection]:
    """One small write transaction beside the one writer: for new rows of their own, which no other row depends on.

    PostgreSQL lets it pass while an import writes. SQLite has one writer: it is waited for so many seconds, then the
    caller is told (DatabaseLocked). Raises NotAllowed where whoever asks does not have the right.
    """
    access.require(right)
    _is_there(engine)
    try:
        with engine.connect().execution_options(write=True, wait=wait) as connection, connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(text(f"SET LOCAL lock_timeout = {max(1, round(wait * 1000))}"))
            yield connection
    except DRIVER_ERRORS as error:
        raise _told(error, engine) from error
    finally:
        once.forget()


def take_time(connection: Connection) -> None:
    """Let this transaction take minutes, in the database and in between: an import, a backup."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text(f"SET LOCAL idle_in_transaction_session_timeout = {FORGOTTEN[1] * 1000}"))


def has_tables(connection: Connection) -> bool:
    """True where any table of ours stands."""
    return inspect(connection).has_table("indicator")


def current_version(connection: Connection) -> int:
    """The data version: rises by one with each change to the data; 0 before the first."""
    return int(connection.execute(text("select coalesce(max(number), 0) from data_version")).scalar_one())
