"""A lost database comes back from its backup the same, on both kinds; what is no whole backup changes nothing."""

import json
import shutil
import sqlite3
import stat
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine, Table, select, text

from data_access import access, audit, backup, errors, schema
from data_access.__main__ import main
from data_access.edits import begin
from data_access.engine import current_version, get_engine, reading, sqlite_file, writing
from data_access.imports import import_file
from data_access.migrate import HEAD, ready
from data_access.settings import settings
from data_access.values import area_values
from tests.conftest import sqlite_url
from tests.data_access.files import CAMDEN, line, mapping, write

REGION = {"code": "E12000007", "name": "London", "short": "LON", "position": 1}


@pytest.fixture(scope="module")
def thin(small_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table filled, and figures of one indicator: rows cost time."""
    file = Path(shutil.copy(small_database, tmp_path_factory.mktemp("thin") / "cpd.db"))
    with writing(get_engine(sqlite_url(file))) as connection:
        for table in ("observation", "summary"):
            connection.execute(text(f"delete from {table} where indicator <> 'duplicated_offers'"))
    return file


@pytest.fixture(scope="module")
def kept(thin: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The backup of a SQLite database."""
    file = tmp_path_factory.mktemp("kept") / "cpd.backup"
    backup.write(get_engine(sqlite_url(thin)), file)
    return file


def holds(engine: Engine) -> tuple[int, pd.DataFrame]:
    """What pages would show: the data version, and figures of the authorities."""
    with reading(engine) as connection:
        return current_version(connection), area_values(connection, "la", indicator="duplicated_offers")


def lose(engine: Engine) -> None:
    """The file deleted, with its journal left behind; on PostgreSQL everything dropped."""
    file = sqlite_file(engine)
    if file is None:
        with writing(engine) as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        return
    engine.dispose()
    file.unlink()
    file.with_name(f"{file.name}-wal").write_bytes(b"7\x7f\x06\x82 what was there before")


def test_a_database_that_was_lost_comes_back_the_same(empty: Engine, kept: Path, thin: Path, tmp_path: Path) -> None:
    """First a backup of SQLite into either kind, then that one's own, with what was written meanwhile."""
    about = backup.restore(empty, kept)
    version, before = holds(get_engine(sqlite_url(thin)))
    assert (about.data_version, about.revision) == (version, HEAD)
    assert holds(empty)[0] == version
    pd.testing.assert_frame_equal(holds(empty)[1], before)
    # Numbers that the database gives out go on where they were.
    report = import_file(empty, write(tmp_path / "new.csv", [line(CAMDEN, 7, 50)]), None, mapping())
    assert report.data_version == version + 1
    file = tmp_path / "own.backup"
    own = backup.write(empty, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    version, before = holds(empty)
    lose(empty)
    with pytest.raises(errors.DatabaseMissing):
        ready(empty)
    assert backup.restore(empty, file) == own
    assert ready(empty) == version
    pd.testing.assert_frame_equal(holds(empty)[1], before)
    again = backup.write(empty, file, replace=True).tables
    assert untouched(again) == untouched(own.tables)  # every table's rows, by their SHA-256


def untouched(tables: list[backup.TableAbout]) -> list[backup.TableAbout]:
    """Those that a backup and a restore add nothing to: all but the audit."""
    return [table for table in tables if table.name != "audit"]


def audited(engine: Engine) -> list[tuple[str, str, str]]:
    """The audit's rows, oldest first: account, did, about."""
    with access.acting_as(access.SERVICE), reading(engine) as connection:
        found = audit.entries(connection)
    return list(found[["account", "did", "about"]].iloc[::-1].itertuples(index=False, name=None))


def test_the_audit_says_that_every_school_left_and_from_when_a_restored_state_is(thin: Path, tmp_path: Path) -> None:
    engine, file = get_engine(sqlite_url(Path(shutil.copy(thin, tmp_path / "cpd.db")))), tmp_path / "a.backup"
    before = audited(engine)
    about = backup.write(engine, file)
    left = (audit.HERE, "exported schools", "every school, backup")
    with pytest.raises(errors.BackupRefused, match="is there already"):
        backup.write(engine, file)
    assert audited(engine) == [*before, left]
    backup.restore(engine, file, replace=True)
    when = f"the backup of {about.made_at:%Y-%m-%d %H:%M} UTC, data version {about.data_version}"
    assert audited(engine) == [*before, (audit.HERE, "loaded", when)]


def test_no_backup_leaves_where_people_sign_in_and_the_audit_cannot_say_so(
    thin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object) -> None:
        raise errors.DatabaseLocked("Another program is writing.", "Try again.")

    engine, file = get_engine(sqlite_url(Path(shutil.copy(thin, tmp_path / "cpd.db")))), tmp_path / "a.backup"
    monkeypatch.setattr("data_access.audit.write", locked)
    with access.acting_as(access.SERVICE):
        monkeypatch.setattr(settings(), "sign_in_provider", "https://provider.example")
        with pytest.raises(errors.DatabaseLocked):
            backup.write(engine, file)
        assert list(tmp_path.glob("*.backup*")) == []
        monkeypatch.setattr(settings(), "sign_in_provider", "")
        backup.write(engine, file)  # one machine, nobody signs in: the log has it
    assert file.exists()


def test_a_backup_is_one_state_while_others_write(
    empty: Engine, kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup.restore(empty, kept)
    one_table = backup._write_table
    written: list[int] = []

    def and_somebody_edits(archive: zipfile.ZipFile, connection: object, table: Table) -> backup.TableAbout:
        if table.name == "region":
            with writing(empty) as other:
                written.append(begin(other, "A. Person", "meanwhile"))
        return one_table(archive, connection, table)  # type: ignore[arg-type]

    monkeypatch.setattr(backup, "_write_table", and_somebody_edits)
    about = backup.write(empty, tmp_path / "a.backup")
    assert about.edit == written[0] - 1
    assert next(table.rows for table in about.tables if table.name == "edit") == about.edit
    # What is there is neither lost by a file cut short, nor replaced without a word.
    content = kept.read_bytes()
    short = tmp_path / "short.backup"
    with zipfile.ZipFile(kept) as whole, zipfile.ZipFile(short, "w", zipfile.ZIP_DEFLATED) as other:
        for name in whole.namelist():
            rows = whole.read(name)
            other.writestr(name, rows[: len(rows) // 2] if name.endswith("/edit.jsonl") else rows)
    for file, replace, says in ((kept, False, "holds data"), (short, True, "cut short")):
        with pytest.raises(errors.BackupRefused, match=says):
            backup.restore(empty, file, replace=replace)
        with reading(empty) as connection:
            assert connection.scalar(text("select max(number) from edit")) == written[0]
    with empty.connect() as reader:  # somebody who has the database open
        reader.execute(select(schema.region)).all()
        reader.rollback()
        backup.restore(empty, kept, replace=True)
        assert reader.scalar(text("select max(number) from edit")) == about.edit
    assert kept.read_bytes() == content


def made(file: Path, about: dict, **tables: str) -> Path:
    """A backup by hand."""
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in tables.items():
            archive.writestr(f"tables/{name}.jsonl", content)
        archive.writestr("about.json", json.dumps(about))
    return file


def of(revision: str = HEAD, layout: int = backup.LAYOUT, **tables: str) -> dict:
    """What a backup says of itself."""
    listed = [
        {"name": name, "columns": list(REGION), "rows": 1, "sha256": backup.sha256(content.encode()).hexdigest()}
        for name, content in tables.items()
    ]
    return {
        "what": backup.WHAT, "layout": layout, "revision": revision, "data_version": 1, "edit": 0,
        "made_at": "2026-11-28T10:00:00Z", "tables": listed,
    }  # fmt: skip


LONDON = json.dumps([list(REGION.values())]) + "\n"


def test_a_backup_of_an_older_version_is_brought_up_to_date(empty: Engine, tmp_path: Path) -> None:
    backup.restore(empty, made(tmp_path / "a.backup", of("0004", region=LONDON), region=LONDON))
    with reading(empty) as connection:
        assert connection.execute(select(schema.region.c.name)).scalars().all() == ["London"]
        assert connection.scalar(text("select version_num from alembic_version")) == HEAD


def cut_short(kept: Path, file: Path) -> None:
    file.write_bytes(kept.read_bytes()[:-1000])


def altered(kept: Path, file: Path) -> None:
    content = bytearray(kept.read_bytes())
    content[len(content) // 2] ^= 255
    file.write_bytes(content)


BAD: dict[str, tuple[Callable[[Path, Path], object], str]] = {
    "cut short": (cut_short, "damaged or was cut short"),
    "altered": (altered, "damaged or was cut short"),
    "no bytes": (lambda _, file: file.write_bytes(b""), "no backup of this dashboard"),
    "a text": (lambda _, file: file.write_text("code,name\n"), "no backup of this dashboard"),
    "another zip": (lambda _, file: zipfile.ZipFile(file, "w").writestr("a.csv", "a"), "no backup of this dashboard"),
    "another's about": (lambda _, file: made(file, {"what": "x"}), "no backup of this dashboard"),
    "a list": (lambda _, file: made(file, [1]), "no backup of this dashboard"),  # type: ignore[arg-type]
    "a newer schema": (lambda _, file: made(file, of("9999")), "newer version"),
    "a newer layout": (lambda _, file: made(file, of(layout=2)), "newer version"),
    "rows that changed": (lambda _, file: made(file, of(region=LONDON), region=LONDON * 2), "damaged"),
    "a row too short": (lambda _, file: made(file, of(region='[["a"]]\n'), region='[["a"]]\n'), "damaged"),
    "rows that are none": (lambda _, file: made(file, of(region="[7]\n"), region="[7]\n"), "damaged"),
    "a table missing": (lambda _, file: made(file, of(region=LONDON)), "damaged"),
    "an unknown table": (lambda _, file: made(file, of(x=LONDON), x=LONDON), "damaged"),
    "no file": (lambda _, file: None, "There is no file"),
    "a folder": (lambda _, file: file.mkdir(), "cannot be read"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_no_whole_backup_changes_nothing(kept: Path, tmp_path: Path, what: str) -> None:
    spoil, says = BAD[what]
    file, target = tmp_path / "bad.backup", tmp_path / "cpd.db"
    spoil(kept, file)
    with pytest.raises(errors.BackupRefused, match=says) as error:
        backup.restore(get_engine(sqlite_url(target)), file)
    assert error.value.remedy.endswith(".")
    assert "\n" not in str(error.value)
    assert {each.name for each in tmp_path.iterdir()} <= {"bad.backup"}


def test_rows_that_break_the_rules_change_nothing(empty: Engine, tmp_path: Path) -> None:
    twice = json.dumps([list(REGION.values())] * 2) + "\n"
    said = of(region=twice)
    said["tables"][0]["rows"] = 2
    with pytest.raises(errors.DatabaseProblem, match="breaks its rules"):
        backup.restore(empty, made(tmp_path / "a.backup", said, region=twice))
    with pytest.raises(errors.DatabaseMissing):
        ready(empty)


def test_the_commands(
    thin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = Path(shutil.copy(thin, tmp_path / "copy.db"))
    monkeypatch.setenv("CPD_DATABASE_TIMEOUT", "0.2")
    settings.cache_clear()
    get_engine.cache_clear()
    monkeypatch.setattr("data_access.commands.get_engine", lambda: get_engine(sqlite_url(copy)))
    file = tmp_path / "a.backup"

    def run(*arguments: object) -> tuple[int, str]:
        with pytest.raises(SystemExit) as done:
            main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return int(done.value.code or 0), said.out + said.err

    assert "data version 17, edit " in run("backup", file)[1]
    size = file.stat().st_size
    assert run("backup", file)[1].strip() == f"{file} is there already. Choose another name, or give --replace."
    assert "cannot be written (No such file or directory)" in run("backup", tmp_path / "none" / "a.backup")[1]
    status, said = run("restore", file, "--dry-run")
    assert (status, "is whole" in said, said.strip().endswith("nothing was written.")) == (0, True, True)
    get_engine(sqlite_url(copy)).dispose()  # what the audit got is in the file itself then, not in its log
    before = copy.read_bytes()
    assert "holds data; nothing was changed" in run("restore", file)[1]
    with closing(sqlite3.connect(copy, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        status, said = run("restore", file, "--replace")
    assert (status, "Another program is writing" in said) == (1, True)
    assert copy.read_bytes() == before
    copy.write_bytes(b"no database " * 1000)
    assert "is not a readable database" in run("restore", file, "--replace")[1]
    assert copy.read_bytes().startswith(b"no database")
    copy.unlink()
    status, said = run("restore", file)
    assert (status, "data version 17" in said, "Restart the service" in said) == (0, True, True)
    with monkeypatch.context() as full:
        full.setattr("data_access.backup.os.fsync", _full)
        assert "No space left" in run("backup", file, "--replace")[1]
    assert file.stat().st_size == size
    assert {each.name for each in tmp_path.iterdir()} <= {"a.backup", "copy.db", "copy.db-wal", "copy.db-shm"}
    settings.cache_clear()
    get_engine.cache_clear()


def _full(_file: int) -> None:
    raise OSError(28, "No space left on device")
