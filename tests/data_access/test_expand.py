"""Migrations while others serve: run once, wait briefly, add only; older programs go on."""

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from data_access import backup, errors, migrate
from data_access.engine import get_engine, reading, writing
from data_access.settings import settings
from data_access.values import area_values
from tests.conftest import Postgresql, sqlite_url

RULE_SINCE = "0008"


@pytest.fixture
def short_wait(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("CPD_DATABASE_TIMEOUT", "0.5")
    settings.cache_clear()
    yield
    settings.cache_clear()


def older_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program as it was before the newest migration."""
    names = sorted(migrate.known())
    monkeypatch.setattr(migrate, "HEAD", names[-2])
    monkeypatch.setattr(migrate, "known", lambda: frozenset(names[:-1]))


def test_an_older_program_serves_on(engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    version = migrate.ready(engine)
    older_program(monkeypatch)
    assert migrate.ready(engine) == version
    with reading(engine) as connection:
        assert len(area_values(connection, "la", indicator="reviewed")) > 100
    for refused in (lambda: migrate.migrate(engine), lambda: backup.write(engine, tmp_path / "x.backup")):
        with pytest.raises(errors.DatabaseNewer, match="newer version"):
            refused()
    assert list(tmp_path.glob("*.backup")) == []


@pytest.mark.parametrize("name", ["9999-breaks", "0000", "abcd", "00091"])
def test_an_older_program_refuses_what_breaks_it(small_copy: Path, name: str) -> None:
    engine = get_engine(sqlite_url(small_copy))
    with writing(engine) as connection:
        connection.execute(text("update alembic_version set version_num = :name"), {"name": name})
    with pytest.raises(errors.DatabaseNewer, match="newer version"):
        migrate.ready(engine)


def shape(engine: Engine) -> dict[str, dict[str, dict[str, Any]]]:
    """table → column → what it is."""
    found = inspect(engine)
    return {t: {c["name"]: dict(c) for c in found.get_columns(t)} for t in found.get_table_names()}


def broken_by(before: dict, after: dict) -> list[str]:
    """What a program that knows `before` would stumble over in `after`."""
    wrong = []
    for table, columns in before.items():
        now = after.get(table, {})
        for name, column in columns.items():
            if name not in now:
                wrong.append(f"{table}.{name} is gone")
            elif str(now[name]["type"]) != str(column["type"]) or (column["nullable"] and not now[name]["nullable"]):
                wrong.append(f"{table}.{name} is another")
        wrong += [
            f"{table}.{name} must be given"
            for name, column in now.items()
            if name not in columns and not column["nullable"] and column["default"] is None
        ]
    return wrong


def test_migrations_only_add(tmp_path: Path) -> None:
    engine = get_engine(sqlite_url(tmp_path / "steps.db"))
    scripts = sorted(ScriptDirectory.from_config(migrate.config()).walk_revisions(), key=lambda each: each.revision)
    checked = []
    for script in scripts:
        before = shape(engine) if script.down_revision else {}
        with writing(engine) as connection:
            migrate.upgrade(connection, script.revision)
        if script.revision >= RULE_SINCE and re.fullmatch(r"\d{4}", script.revision):
            assert broken_by(before, shape(engine)) == [], script.revision
            checked.append(script.revision)
    assert checked[0] == RULE_SINCE


def test_the_rule_sees_what_breaks_it() -> None:
    column = {"type": "TEXT", "nullable": True, "default": None}
    before = {"a": {"x": column, "y": column}, "b": {"x": column}}
    after = {"a": {"x": column | {"nullable": False}, "z": column | {"nullable": False}}}
    assert len(broken_by(before, after)) == 4
    assert broken_by(before, before | {"c": {"x": column | {"nullable": False}}}) == []


@pytest.mark.postgresql
def test_those_that_start_together_migrate_once(postgresql: Postgresql) -> None:
    first = postgresql.make()
    others = [get_engine(f"{first.url.render_as_string(False)}&application_name=r{number}") for number in range(3)]
    said: list[str] = []

    def start(engine: Engine) -> None:
        try:
            migrate.migrate(engine)
        except errors.DataAccessError as error:
            said.append(str(error))

    threads = [threading.Thread(target=start, args=[engine]) for engine in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == []
    with first.connect() as connection:
        assert connection.execute(text("select version_num from alembic_version")).scalars().all() == [migrate.HEAD]
    for engine in others:
        engine.dispose()
    postgresql.drop(first)


@pytest.mark.postgresql
def test_a_migration_does_not_queue_behind_a_long_read(
    postgresql: Postgresql, monkeypatch: pytest.MonkeyPatch, short_wait: None
) -> None:
    """It needs a table that somebody reads for long: it gives up soon, whole, and other readers go on."""
    engine = postgresql.make(postgresql.filled())
    version = migrate.ready(engine)
    monkeypatch.setattr(
        migrate, "upgrade", lambda connection: connection.execute(text("alter table region add column more text"))
    )
    with reading(engine) as long:
        long.execute(text("select * from region")).all()
        began = time.monotonic()
        with pytest.raises(errors.DatabaseLocked, match="Wait for it to finish"):
            migrate.migrate(engine)
        assert time.monotonic() - began < 5
        assert migrate.ready(engine) == version
    migrate.migrate(engine)
    with reading(engine) as connection:
        assert connection.execute(text("select more from region")).first() == (None,)
    postgresql.drop(engine)
