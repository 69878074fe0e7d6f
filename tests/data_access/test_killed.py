"""An import that is killed, or meets another one, leaves the database as it was; readers see one state whole."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine, select

from data_access import errors, schema, settings
from data_access.engine import current_version, get_engine, reading, writing
from data_access.errors import ImportCancelled
from data_access.files.mapping import to_yaml
from data_access.imports import Report, import_file
from data_access.migrate import ready
from data_access.settings import PROJECT
from data_access.values import area_values
from tests.data_access.files import BARNET, CAMDEN, line, mapping, write
from tests.data_access.importing_child import POINTS
from tests.data_access.test_imports import everything, unchanged


def url_of(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def start(engine: Engine, tmp_path: Path, point: str) -> "subprocess.Popen[str]":
    """The import of a file that supersedes some figures of every authority, in a process of its own."""
    with reading(engine) as connection:
        codes = connection.execute(
            select(schema.local_authority.c.code).order_by(schema.local_authority.c.code)
        ).scalars()
        places = [["", "", code, "", ""] for code in codes]
    rows = [
        line(place, 7, 50, period=period) for place in places for period in ("200910", "201011", "201112", "201213")
    ]
    file = write(tmp_path / "new.csv", rows)
    (tmp_path / "map.yaml").write_text(to_yaml(mapping()), encoding="utf-8")
    command = [sys.executable, "-m", "tests.data_access.importing_child", url_of(engine), str(file)]
    return subprocess.Popen(
        [*command, str(tmp_path / "map.yaml"), point],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
    )


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_leaves_the_database_as_before(engine: Engine, tmp_path: Path, point: str) -> None:
    if engine.dialect.name == "postgresql" and point not in ("half the rows", "half the summaries", "last moment"):
        pytest.skip("three points are enough for the second database: the code is the same")
    before = everything(engine)
    child = start(engine, tmp_path, point)
    assert child.wait(120) == -signal.SIGKILL, "the import was over before the trap"
    assert unchanged(before, engine)
    ready(engine)


def test_after_a_kill_the_same_import_can_be_run_again(engine: Engine, tmp_path: Path) -> None:
    assert start(engine, tmp_path, "half the summaries").wait(120) == -signal.SIGKILL
    assert start(engine, tmp_path, "nowhere").wait(120) == 0
    i = schema.import_.c
    with reading(engine) as connection:
        assert connection.execute(select(i.file_name).order_by(i.id.desc())).scalar() == "new.csv"


def test_a_reader_during_an_import_sees_the_old_state_whole(engine: Engine, tmp_path: Path) -> None:
    with reading(engine) as connection:
        before = area_values(connection, "la", indicator="duplicated_offers")
        version = current_version(connection)
    seen: dict[str, pd.DataFrame] = {}

    def look(what: str, _done: float) -> None:
        """Read in the middle of the import, from another connection."""
        if what not in seen:
            with reading(engine) as connection:
                assert current_version(connection) == version
                seen[what] = area_values(connection, "la", indicator="duplicated_offers")

    rows = [line(CAMDEN, 7, 50), line(BARNET, 9, 60)]
    import_file(engine, write(tmp_path / "new.csv", rows), None, mapping(), step=look)
    assert {"Loading", "Summarising", "Checking what came in", "Writing to the disk"} <= set(seen)
    for state in seen.values():
        pd.testing.assert_frame_equal(state, before)
    with reading(engine) as connection:
        assert not area_values(connection, "la", indicator="duplicated_offers").equals(before)


def test_a_reading_transaction_sees_one_state_while_another_writes(engine: Engine, tmp_path: Path) -> None:
    with reading(engine) as connection:
        before = area_values(connection, "la", indicator="duplicated_offers")
        import_file(engine, write(tmp_path / "new.csv", [line(CAMDEN, 7, 50)]), None, mapping())
        pd.testing.assert_frame_equal(area_values(connection, "la", indicator="duplicated_offers"), before)


@pytest.mark.parametrize("at", ["Reading", "Comparing", "Loading", "Summarising", "Checking", "Writing"])
def test_a_cancelled_import_leaves_nothing(engine: Engine, tmp_path: Path, at: str) -> None:
    before = everything(engine)

    def stop(what: str, _done: float) -> None:
        if what.startswith(at):
            raise ImportCancelled

    with pytest.raises(ImportCancelled, match="nothing was changed"):
        import_file(engine, write(tmp_path / "new.csv", [line(CAMDEN, 7, 50)]), None, mapping(), step=stop)
    assert unchanged(before, engine)


def test_a_second_importer_waits_for_the_first(engine: Engine, tmp_path: Path) -> None:
    """Two at once, on different figures and on the same: both are in, one after the other."""
    files = [write(tmp_path / f"{n}.csv", [line(CAMDEN, n, 50), line(BARNET, n, 60)]) for n in (7, 8)]
    reports: list[Report] = []
    meet = threading.Barrier(2)

    def bring(file: Path) -> None:
        meet.wait()
        reports.append(import_file(engine, file, None, mapping()))

    threads = [threading.Thread(target=bring, args=(file,)) for file in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    first, second = sorted(reports, key=lambda report: report.data_version or 0)
    assert second.data_version == (first.data_version or 0) + 1
    assert second.revised == 2
    with reading(engine) as connection:
        o = schema.observation.c
        now = select(o.numerator).where(
            o.indicator == "duplicated_offers", o.period == "2011/12", o.to_version.is_(None)
        )
        assert set(connection.execute(now.where(o.unit_code.in_(["202", "302"]))).scalars()) == {float(second.file[0])}


def test_an_importer_that_waits_too_long_is_told(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CPD_DATABASE_TIMEOUT", "0.5")
    settings.settings.cache_clear()
    get_engine.cache_clear()
    impatient = get_engine(url_of(engine))
    try:
        with writing(engine), pytest.raises(errors.DatabaseLocked, match=r"Another program is writing.*Wait"):
            import_file(impatient, write(tmp_path / "new.csv", [line(CAMDEN, 7, 50)]), None, mapping())
    finally:
        impatient.dispose()
        settings.settings.cache_clear()
        get_engine.cache_clear()


def test_the_lock_of_a_killed_importer_is_free_at_once(engine: Engine, tmp_path: Path) -> None:
    child = start(engine, tmp_path, "wait")
    assert child.stdout is not None
    assert child.stdout.readline() == "holding\n"
    child.kill()
    child.wait(10)
    assert import_file(engine, write(tmp_path / "b.csv", [line(CAMDEN, 7, 50)]), None, mapping()).import_id
