"""The databases that are measured: SQLite files below var/, which git ignores, or in a folder for one run."""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from unittest import mock

from data_access.engine import get_engine
from data_access.settings import PROJECT
from seed_data import illustrative
from seed_data.fill import fill
from tests.benchmarks.servers import environment

NATIONAL, NATIONAL_SCHOOLS = PROJECT / "var" / "bench-22000.db", 22_000
MAKING = 900  # seconds


def make(file: Path, *options: str) -> None:
    """What `make database` does, to a file."""
    command = [sys.executable, "-m", "seed_data", *options]
    subprocess.run(command, cwd=PROJECT, env=environment(file), check=True, timeout=MAKING, stdout=subprocess.DEVNULL)


def without_observations(file: Path) -> Path:
    """The default database before its first file: strategy, places and schools."""
    engine = get_engine(f"sqlite:///{file}")
    with mock.patch.object(illustrative, "data_sets", return_value=iter(())):
        fill(engine)
    engine.dispose()
    return file


def copy(file: Path, to: Path) -> Path:
    """A copy of a database that nobody writes to, its write-ahead log included."""
    with closing(sqlite3.connect(file)) as there:
        there.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(shutil.copy(file, to))


def national(like: Path) -> Path:
    """The national size, made once and used again while its tables are those of the database `like`."""
    if not NATIONAL.exists() or tables(NATIONAL) != tables(like):
        for part in (NATIONAL, *NATIONAL.parent.glob(NATIONAL.name + "-*")):
            part.unlink(missing_ok=True)
        print(f"Making {NATIONAL.name}, once: a minute or two …", flush=True)
        make(NATIONAL, "--schools", str(NATIONAL_SCHOOLS))
    return NATIONAL


def tables(file: Path) -> tuple[list[tuple[str, ...]], bool]:
    """Every table and index as it was created, and whether any observation is there."""
    with closing(sqlite3.connect(file)) as connection:
        made = connection.execute("select type, name, coalesce(sql, '') from sqlite_master order by 1, 2").fetchall()
        filled = connection.execute("select exists (select 1 from observation)").fetchone()[0]
    return made, bool(filled)
