"""A read replica on a real streaming PostgreSQL: it answers what it has, and never less than was seen or written."""

import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, insert, text

from data_access import edits, engine, errors, history, versions
from data_access.engine import current_version, get_engine, reading, replica_of, writing
from data_access.migrate import migrate, ready
from data_access.migrations import HEAD
from data_access.register_tables import edit
from data_access.replica import Replica
from data_access.settings import settings
from tests.conftest import sqlite_url
from tests.data_access.files import mapping
from tests.postgresql_server import Killable

pytestmark = pytest.mark.postgresql
PATIENCE = 20.0


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[Killable, Path]]:
    """A server with an empty schema of ours and its replica."""
    server = Killable()
    try:
        primary = get_engine(server.url())
        migrate(primary)
        with writing(primary) as connection:
            versions.next_version(connection, "Begun")
        primary.dispose()
        yield server, server.follower()
    finally:
        server.remove()


@pytest.fixture
def primary(pair: tuple[Killable, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The configured database, with a fresh process's memory of its replica, which is not behind."""
    server, data = pair
    monkeypatch.setenv("CPD_DATABASE_URL", server.url())
    monkeypatch.setenv("CPD_DATABASE_READ_URL", server.url(data=data))
    for cached in (settings, get_engine, engine._replica):
        cached.cache_clear()
    made = get_engine()
    until(lambda: server.ask("select pg_last_wal_replay_lsn() >= '{}'".format(
        server.ask("select pg_current_wal_lsn()")), data=data))  # fmt: skip
    yield made
    made.dispose()
    configured(made).engine.dispose()
    for cached in (settings, get_engine, engine._replica):
        cached.cache_clear()


def configured(primary: Engine) -> Replica:
    """The replica of the configured database."""
    found = replica_of(primary)
    assert found is not None
    return found


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def from_replica(connection: Connection) -> bool:
    return bool(connection.execute(text("select pg_is_in_recovery()")).scalar())


def asked(primary: Engine) -> tuple[bool, int]:
    """Whether the replica answered, and the data version that was read."""
    with reading(primary) as connection:
        return from_replica(connection), current_version(connection)


def stopped_within(primary: Engine, stop: Callable[[], None]) -> None:
    with reading(primary) as connection:
        assert from_replica(connection)
        stop()
        connection.execute(text("select 1"))


def test_the_replica_answers_what_is_only_read(primary: Engine) -> None:
    assert asked(primary)[0] is True
    assert ready(primary) == asked(primary)[1]
    with reading(primary, primary=True) as connection:
        assert not from_replica(connection)
    with writing(primary) as connection:
        assert not from_replica(connection)
        with reading(primary) as beside:
            assert not from_replica(beside)


def test_another_database_has_no_replica(primary: Engine, small_database: Path) -> None:
    assert replica_of(get_engine(sqlite_url(small_database))) is None


@pytest.mark.parametrize("what", ["data version", "edit", "something without a number"])
def test_what_was_written_is_read_at_once(primary: Engine, pair: tuple[Killable, Path], what: str) -> None:
    """Held back, the replica is passed over; caught up, it answers again."""
    server, data = pair
    before = asked(primary)[1]
    server.ask("select pg_wal_replay_pause()", data=data)
    until(lambda: server.ask("select pg_get_wal_replay_pause_state()", data=data) == "paused")
    try:
        with writing(primary) as connection:
            if what == "data version":
                versions.next_version(connection, "Held back")
            elif what == "edit":
                edits.begin(connection, "someone", "Held back")
            else:
                history.save_mapping(connection, mapping(), ["a", "b"], "someone")
        assert asked(primary) == (False, before + (what == "data version"))
        assert server.ask("select coalesce(max(number), 0) from data_version", data=data) == before
    finally:
        server.ask("select pg_wal_replay_resume()", data=data)
    until(lambda: asked(primary)[0])
    assert asked(primary)[1] == before + (what == "data version")


def test_what_others_wrote_and_was_seen_is_not_unseen(primary: Engine, pair: tuple[Killable, Path]) -> None:
    """Seen on the primary while the replica was away, an edit of another process is there when it is back, behind."""
    server, data = pair
    server.ask("select pg_wal_replay_pause()", data=data)
    try:
        number = int(str(server.ask("select coalesce(max(number), 0) + 1 from edit")))
        with primary.begin() as connection:  # as another process would: this one's memory knows nothing of it
            connection.execute(insert(edit).values(number=number, made_at=text("now()"), made_by="x", reason="x",
                                                   data_version=1))  # fmt: skip
        assert asked(primary)[0] is True  # nothing of it was seen: the replica may answer
        replica = configured(primary)
        replica.failed(ConnectionError("away"))
        assert asked(primary)[0] is False
        replica._rests_until = 0.0
        assert asked(primary)[0] is False
    finally:
        server.ask("select pg_wal_replay_resume()", data=data)
    until(lambda: asked(primary)[0])
    with reading(primary) as connection:
        assert edits.current(connection) == number


def test_a_replica_that_is_down_costs_a_line_in_the_log(
    primary: Engine, pair: tuple[Killable, Path], caplog: pytest.LogCaptureFixture
) -> None:
    server, data = pair
    version = asked(primary)[1]
    with caplog.at_level(logging.WARNING, "cpd.database"):
        with pytest.raises(errors.DatabaseProblem):
            stopped_within(primary, lambda: server.stop(data))
        assert [asked(primary) for _ in range(3)] == [(False, version)] * 3
        configured(primary)._rests_until = 0.0
        assert asked(primary) == (False, version)
        assert [record.message for record in caplog.records if "primary does instead" in record.message][1:] == []
        assert "does not answer; the primary does instead" in caplog.text
        server.start(data)
        configured(primary)._rests_until = 0.0
        assert asked(primary) == (True, version)
    assert "answers again" in caplog.text


def test_a_migration_that_has_not_reached_the_replica_leaves_it_out_until_it_has(
    primary: Engine, pair: tuple[Killable, Path], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A new program begins as soon as the primary is migrated; what the log says of a lasting lag, it says once."""
    server, data = pair
    monkeypatch.setattr("data_access.replica.SHORT", 0.1)
    server.ask("update alembic_version set version_num = '0007'")
    until(lambda: server.ask("select version_num from alembic_version", data=data) == "0007")
    server.ask("select pg_wal_replay_pause()", data=data)
    until(lambda: server.ask("select pg_get_wal_replay_pause_state()", data=data) == "paused")
    try:
        server.ask(f"update alembic_version set version_num = '{HEAD}'")
        with caplog.at_level(logging.WARNING, "cpd.database"):
            version = ready(primary)
            assert not caplog.records  # a moment's lag is no news
            time.sleep(0.15)
            assert [asked(primary) for _ in range(3)] == [(False, version)] * 3
            (behind,) = [record.message for record in caplog.records]
            assert behind.endswith("is behind; the primary answers instead.")
            server.ask("select pg_wal_replay_resume()", data=data)
            until(lambda: asked(primary)[0])
            asked(primary)
    finally:
        server.ask("select pg_wal_replay_resume()", data=data)
    assert [record.message.endswith("has caught up.") for record in caplog.records] == [False, True]


def test_a_replica_of_sqlite_is_refused(monkeypatch: pytest.MonkeyPatch, small_database: Path) -> None:
    monkeypatch.setenv("CPD_DATABASE_URL", sqlite_url(small_database))
    monkeypatch.setenv("CPD_DATABASE_READ_URL", "postgresql://u:secret@h/x")
    settings.cache_clear()
    get_engine.cache_clear()
    with pytest.raises(errors.SettingWrong, match="CPD_DATABASE_READ_URL") as error:
        replica_of(get_engine())
    assert "secret" not in str(error.value)
    settings.cache_clear()
    get_engine.cache_clear()
