"""A database that cannot be used: the right class, one plain sentence with a remedy, no password, and nothing lost."""

import errno
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine, create_engine, insert, select, text
from sqlalchemy.exc import OperationalError

from data_access import bulk, errors, schema
from data_access.engine import database_url, get_engine, reading, shown, translate, writing
from data_access.imports import import_file
from data_access.migrate import migrate, ready
from data_access.settings import PROJECT, settings
from seed_data.fill import fill
from tests.conftest import Postgresql, sqlite_url
from tests.data_access.files import CAMDEN, line, mapping, write


@pytest.fixture(autouse=True)
def _short_wait(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("CPD_DATABASE_TIMEOUT", "0.2")
    settings.cache_clear()
    yield
    settings.cache_clear()


def said(error: pytest.ExceptionInfo[errors.DataAccessError]) -> str:
    """The error's text, which is one sentence and its remedy."""
    text_of = str(error.value)
    assert error.value.sentence.endswith(".")
    assert error.value.remedy.endswith(".")
    assert "\n" not in text_of
    assert "Traceback" not in text_of
    assert "secret" not in text_of
    return text_of


def test_a_missing_file(tmp_path: Path) -> None:
    engine = get_engine(sqlite_url(tmp_path / "none" / "cpd.db"))
    with pytest.raises(errors.DatabaseMissing) as error:
        ready(engine)
    assert "make database" in said(error)
    assert not (tmp_path / "none").exists()  # looking made nothing


def test_an_empty_database(empty: Engine) -> None:
    with empty.connect():  # SQLite makes the file
        pass
    with pytest.raises(errors.DatabaseMissing) as error:
        ready(empty)
    assert "empty" in said(error)


def test_a_database_without_data(empty: Engine) -> None:
    migrate(empty)
    with pytest.raises(errors.DatabaseUnfilled) as error:
        ready(empty)
    assert "no data yet" in said(error)


@pytest.mark.parametrize(
    ("revision", "kind", "says"),
    [("0000", errors.DatabaseNewer, "newer version"), (None, errors.DatabaseOlder, "older version")],
)
def test_another_revision(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, revision: str | None, kind: type, says: str
) -> None:
    if revision:
        with writing(engine) as connection:
            connection.execute(text("update alembic_version set version_num = :revision"), {"revision": revision})
    else:  # the program moves on; the database stays
        monkeypatch.setattr("data_access.migrate.HEAD", "9999")
    with pytest.raises(kind) as error:
        ready(engine)
    assert says in said(error)
    if revision:
        with pytest.raises(errors.DatabaseNewer):
            migrate(engine)
    with reading(engine) as connection:
        assert connection.scalar(select(schema.data_version.c.number).limit(1)) is not None


def test_a_database_without_its_version(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("delete from alembic_version"))
    with pytest.raises(errors.DatabaseDamaged) as error:
        ready(engine)
    assert "does not say which version made it" in said(error)


def test_tables_that_are_missing(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("drop table published_fact"))
    with pytest.raises(errors.DatabaseOlder) as error, reading(engine) as connection:
        connection.execute(select(schema.published_fact))
    assert "lacks tables" in said(error)


def test_a_locked_file_is_said_soon_and_readers_go_on(small_copy: Path, tmp_path: Path) -> None:
    engine = get_engine(sqlite_url(small_copy))
    version = ready(engine)
    other = sqlite3.connect(small_copy, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(errors.DatabaseLocked) as error:
            import_file(engine, write(tmp_path / "new.csv", [line(CAMDEN, 7, 50)]), None, mapping())
        assert "Another program is writing" in said(error)
        with pytest.raises(errors.DatabaseLocked):
            migrate(engine)
        assert ready(engine) == version
    finally:
        other.rollback()
        other.close()
    assert import_file(engine, tmp_path / "new.csv", None, mapping()).data_version == version + 1


def test_a_damaged_file(tmp_path: Path) -> None:
    file = tmp_path / "cpd.db"
    file.write_bytes(b"this is no database at all " * 400)
    for attempt in (ready, migrate):
        with pytest.raises(errors.DatabaseDamaged) as error:
            attempt(get_engine(sqlite_url(file)))
        assert "backup" in said(error)
    assert file.read_bytes().startswith(b"this is no")


def test_a_file_damaged_inside(small_copy: Path) -> None:
    content = bytearray(small_copy.read_bytes())
    content[4096 * 3 : 4096 * 200] = b"\x99" * (4096 * 197)
    small_copy.write_bytes(content)
    with pytest.raises(errors.DatabaseDamaged) as error:
        read_everything(get_engine(sqlite_url(small_copy)))
    assert "backup" in said(error)


def read_everything(engine: Engine) -> None:
    ready(engine)
    with reading(engine) as connection:
        for table in schema.metadata.tables.values():
            connection.execute(select(table)).all()


def test_a_read_only_database(small_copy: Path, tmp_path: Path) -> None:
    """A file that says so to SQLite; as root, permissions alone do not stop writing."""
    engine = get_engine(sqlite_url(small_copy))
    version = ready(engine)
    with engine.connect() as connection:  # the pool hands the same connection out again
        connection.execute(text("PRAGMA query_only = ON"))
    with pytest.raises(errors.DatabaseReadOnly) as error, writing(engine) as connection:
        connection.execute(insert(schema.priority).values(code="x", number=9, title="x", short="x"))
    assert "write access" in said(error)
    engine.dispose()
    small_copy.chmod(stat.S_IREAD)
    assert ready(engine) == version


def test_a_read_only_role_on_postgresql(postgresql: Postgresql) -> None:
    engine = postgresql.make(postgresql.filled())
    reader = create_engine(engine.url, connect_args={"options": "-c default_transaction_read_only=on"})
    with pytest.raises(errors.DatabaseReadOnly) as error, writing(reader) as connection:
        connection.execute(insert(schema.priority).values(code="x", number=9, title="x", short="x"))
    reader.dispose()
    assert "write access" in said(error)


def test_a_full_disk(small_copy: Path, tmp_path: Path) -> None:
    engine = get_engine(sqlite_url(small_copy))
    version = ready(engine)
    with engine.connect() as connection:  # the pool hands the same connection out again
        connection.execute(text(f"PRAGMA max_page_count = {connection.scalar(text('PRAGMA page_count'))}"))
    with pytest.raises(errors.DiskFull) as error, writing(engine) as connection:
        connection.execute(text("create table filler as select a.* from observation a, (select 1 union select 2)"))
    assert "Free some space" in said(error)
    engine.dispose()
    assert ready(engine) == version
    with reading(engine) as connection:
        assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
        assert connection.scalar(text("select count(*) from sqlite_master where name = 'filler'")) == 0


def test_a_full_disk_beneath_python(small_database: Path) -> None:
    engine = get_engine(sqlite_url(small_database))
    with pytest.raises(errors.DiskFull), writing(engine):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("nonsense", "not a database address"),
        ("", "not a database address"),
        ("mysql://root:secret@localhost/cpd", "not used here"),
        ("sqlite://", "names no file"),
        ("postgresql+asyncpg://u:secret@h/cpd", "not used here"),
    ],
)
def test_a_wrong_address(monkeypatch: pytest.MonkeyPatch, address: str, says: str) -> None:
    monkeypatch.setenv("CPD_DATABASE_URL", address)
    settings.cache_clear()
    with pytest.raises(errors.SettingWrong) as error:
        database_url()
    assert says in said(error)
    assert "CPD_DATABASE_URL" in said(error)


def test_a_server_that_does_not_answer() -> None:
    engine = get_engine("postgres://someone:secret@127.0.0.1:9/cpd")
    for attempt in (ready, migrate):
        with pytest.raises(errors.DatabaseUnreachable) as error:
            attempt(engine)
        assert "does not answer" in said(error)
    assert "secret" not in shown(engine)


def test_a_wrong_password(postgresql: Postgresql) -> None:
    """As the server words it; the tests' own server asks for no password."""
    words = 'connection failed: FATAL:  password authentication failed for user "someone"'
    error = OperationalError("select 1", None, Exception(words))
    found = translate(error, get_engine("postgresql://someone:secret@127.0.0.1:9/cpd"))
    assert type(found) is errors.DatabaseUnreachable
    assert "user and password" in str(found)
    with pytest.raises(errors.DatabaseUnreachable, match="does not answer"):
        ready(get_engine(postgresql.url("no_such_database")))


def test_errors_of_bulk_inserts_are_in_plain_words(engine: Engine) -> None:
    frame = pd.DataFrame({"urn": ["1" * 8], "name": ["x"], "la_code": ["000"], "phase": ["all"]})
    with pytest.raises(errors.DatabaseProblem, match="breaks its rules"), writing(engine) as connection:
        bulk.insert(connection, schema.school, frame.assign(illustrative=True))


def test_a_fill_that_was_killed_is_completed_by_the_next(tmp_path: Path) -> None:
    """Killed where it cannot clean up, in the middle of its one transaction."""
    file = tmp_path / "cpd.db"
    command = [sys.executable, "-u", "-m", "seed_data", "--schools", "160"]
    environment = os.environ | {"CPD_DATABASE_URL": sqlite_url(file)}
    process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    lines = [next(process.stdout) for _ in range(5)]
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert "rows" in lines[-1]
    with pytest.raises(errors.DatabaseUnfilled):
        ready(get_engine(sqlite_url(file)))
    again = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=True)
    assert "Filled" in again.stdout
    version = ready(get_engine(sqlite_url(file)))
    assert fill(get_engine(sqlite_url(file))) is False
    assert ready(get_engine(sqlite_url(file))) == version


def test_the_commands_say_it_too(tmp_path: Path) -> None:
    asked = ["data_access", "values", "--indicator", "reviewed", "--level", "england", "--period", "2011/12"]
    for address, module in (
        (sqlite_url(tmp_path / "none.db"), asked),
        ("mysql://root:secret@h/x", ["seed_data"]),
        ("postgresql://root:secret@127.0.0.1:9/x", ["seed_data"]),
    ):
        done = subprocess.run(
            [sys.executable, "-m", *module], cwd=PROJECT, env=os.environ | {"CPD_DATABASE_URL": address},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 1
        assert len(done.stderr.strip().splitlines()) == 1
        assert "Traceback" not in done.stderr
        assert "secret" not in done.stderr
