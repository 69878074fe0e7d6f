"""A real PostgreSQL that is killed and started again, slow, full, or at the wrong hour: nothing half written, and the
next try works without a restart of the dashboard."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from data_access import backup, edits, errors, versions
from data_access.engine import current_version, get_engine, reading, take_time, writing
from data_access.imports import import_file
from data_access.migrate import ready
from data_access.settings import settings
from tests.conftest import Postgresql, sqlite_url
from tests.data_access.files import CAMDEN, line, mapping, write
from tests.data_access.test_imports import everything, unchanged
from tests.postgresql_server import Killable


@pytest.fixture(scope="module")
def server(small_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killable]:
    """A server of these tests' own, with a filled database."""
    made = Killable()
    try:
        file = tmp_path_factory.mktemp("faults") / "small.backup"
        backup.write(get_engine(sqlite_url(small_database)), file)
        engine = get_engine(made.url())
        backup.restore(engine, file)
        yield made
        engine.dispose()
    finally:
        made.remove()


@pytest.fixture
def ours(server: Killable) -> Engine:
    """The dashboard's engine, made once and never again."""
    return get_engine(server.url())


def broken(error: pytest.ExceptionInfo[errors.DataAccessError]) -> bool:
    """Whether a refusal is one plain sentence with its remedy."""
    said = str(error.value)
    return "does not answer" in said and error.value.remedy.endswith(".") and "\n" not in said


@pytest.mark.postgresql
def test_killed_during_a_read(server: Killable, ours: Engine) -> None:
    version = ready(ours)
    with pytest.raises(errors.DatabaseUnreachable) as error, reading(ours) as connection:
        _after(server.kill, lambda: connection.execute(text("select 1")))
    assert broken(error)
    with pytest.raises(errors.DatabaseUnreachable) as error:
        ready(ours)
    assert broken(error)
    server.start()
    assert ready(ours) == version


def _after(fault: Callable[[], None], then: Callable[[], Any]) -> None:
    fault()
    then()


@pytest.mark.postgresql
def test_restarted_between_reads_nobody_notices(server: Killable, ours: Engine) -> None:
    version = ready(ours)
    server.stop()
    server.start()
    assert ready(ours) == version


@pytest.mark.postgresql
@pytest.mark.parametrize("where", ["Writing", "last moment"])
def test_killed_during_an_import(server: Killable, ours: Engine, tmp_path: Path, where: str) -> None:
    before, version = everything(ours), ready(ours)
    file = write(tmp_path / "new.csv", [line(CAMDEN, 7 if where == "Writing" else 8, 50)])
    killed = []

    def step(what: str, done: float) -> None:
        if not killed and what.startswith("Writing") and (done == 1.0 or where == "Writing"):
            killed.append(what)
            server.kill()

    with pytest.raises(errors.DatabaseUnreachable) as error:
        import_file(ours, file, None, mapping(), step=step)
    assert broken(error)
    assert killed
    server.start()
    assert unchanged(before, ours)
    assert import_file(ours, file, None, mapping()).data_version == version + 1


def _edit(engine: Engine, then: Callable[[Connection], Any]) -> None:
    with writing(engine) as connection:
        edits.begin(connection, "someone", "Will not be")
        then(connection)


@pytest.mark.postgresql
def test_killed_during_an_edit(server: Killable, ours: Engine) -> None:
    with reading(ours) as connection:
        before = edits.current(connection)
    with pytest.raises(errors.DatabaseUnreachable) as error:
        _edit(ours, lambda _: server.kill())
    assert broken(error)
    server.start()
    with reading(ours) as connection:
        assert edits.current(connection) == before
    with writing(ours) as connection:
        assert edits.begin(connection, "someone", "Again") == before + 1


@pytest.mark.postgresql
def test_a_full_disk_beneath_postgresql(server: Killable, ours: Engine) -> None:
    """The server meets a real "no space left on device" in the middle of an edit."""
    before = everything(ours)
    with pytest.raises(errors.DiskFull) as error:
        _edit(ours, lambda now: now.execute(text("copy (select * from observation) to '/dev/full'")))
    assert "Free some space" in error.value.remedy
    assert unchanged(before, ours)


@pytest.fixture
def hasty(postgresql: Postgresql, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An engine with little patience and few connections."""
    for name, value in {"DATABASE_TIMEOUT": "0.5", "STATEMENT_TIMEOUT": "0.2", "DATABASE_CONNECTIONS": "2"}.items():
        monkeypatch.setenv(f"CPD_{name}", value)
    settings.cache_clear()
    made = get_engine(f"{postgresql.uri}&application_name=hasty")
    yield made
    made.dispose()
    settings.cache_clear()


@pytest.mark.postgresql
def test_a_read_that_takes_too_long_is_broken_off(hasty: Engine) -> None:
    with pytest.raises(errors.QueryBrokenOff, match="took too long") as error, reading(hasty) as connection:
        connection.execute(text("select pg_sleep(5)"))
    assert "CPD_STATEMENT_TIMEOUT" in error.value.remedy
    with writing(hasty) as connection:
        connection.execute(text("select pg_sleep(0.4)"))
    with reading(hasty) as connection:
        take_time(connection)
        connection.execute(text("select pg_sleep(0.4)"))
        assert connection.scalar(text("show application_name")) == "hasty"
    with reading(hasty) as connection:
        assert connection.scalar(text("show statement_timeout")) == "200ms"
        assert connection.scalar(text("show idle_in_transaction_session_timeout")) == "10min"


@pytest.mark.postgresql
def test_no_connection_left_is_said_soon(hasty: Engine) -> None:
    began = time.monotonic()
    with reading(hasty) as one, reading(hasty) as other:
        assert one.scalar(text("select 1")) == other.scalar(text("select 1"))
        with pytest.raises(errors.DatabaseLocked, match="in use") as error:
            ready(hasty)
    assert "CPD_DATABASE_CONNECTIONS" in error.value.remedy
    assert time.monotonic() - began < 10
    with reading(hasty) as connection:
        assert connection.scalar(text("select 1")) == 1


def _written(engine: Engine, then: Callable[[Connection], Any]) -> None:
    with writing(engine) as connection:
        then(connection)


@pytest.mark.postgresql
def test_a_writer_that_lost_its_server_lets_the_next_one_write(postgresql: Postgresql, hasty: Engine) -> None:
    """Its connection is ended from outside: the writers' lock goes with it."""
    end = text("select pg_terminate_backend(:number)")

    def ended(connection: Connection) -> None:
        number = connection.scalar(text("select pg_backend_pid()"))
        with postgresql.engines[0].connect() as administrator:
            administrator.execute(end, {"number": number})
        connection.execute(text("select 1"))

    with pytest.raises(errors.DatabaseUnreachable):
        _written(hasty, ended)
    with writing(hasty) as connection:
        assert connection.scalar(text("select 1")) == 1


@pytest.mark.parametrize("years", [-20, 20])
def test_a_clock_that_jumps(engine: Engine, monkeypatch: pytest.MonkeyPatch, years: int) -> None:
    """Versions and edits go by their numbers; the hour is only shown, and looked back by."""
    version = ready(engine)

    class Jumped(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + timedelta(days=365 * years)

    with monkeypatch.context() as wrong:
        wrong.setattr("data_access.versions.datetime", Jumped)
        wrong.setattr("data_access.edits.datetime", Jumped)
        with writing(engine) as connection:
            assert versions.next_version(connection, "At the wrong hour") == version + 1
            jumped = edits.begin(connection, "someone", "At the wrong hour")
    with writing(engine) as connection:
        assert versions.next_version(connection, "At the right hour") == version + 2
        assert edits.begin(connection, "someone", "At the right hour") == jumped + 1
    with reading(engine) as connection:
        assert current_version(connection) == ready(engine) == version + 2
        assert edits.current(connection) == jumped + 1
        assert versions.resolve(connection, datetime.now(UTC).date().isoformat()) == version + 2
        assert versions.resolve(connection, str(version + 1)) == version + 1
