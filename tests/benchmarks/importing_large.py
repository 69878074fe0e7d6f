"""Imports at national size: memory for 300,000 rows, speed for 9.5 million, and one authority's file afterwards."""

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from unittest import mock

from sqlalchemy import Engine

from data_access.engine import get_engine
from data_access.settings import PROJECT
from seed_data import illustrative
from seed_data.fill import fill
from tests.benchmarks import national_file
from tests.benchmarks.databases import NATIONAL_SCHOOLS, copy
from tests.benchmarks.figure import Measured, median

MB, CHUNK, LONGEST = 1 << 20, 500_000, 3600
TERMS_SMALL, TERMS_WHOLE = 2, 54  # 22,000 schools × 8 staff groups × terms: 352,000 and 9.5 million rows
SEEDS = (2, 3, 4)  # other figures each time
AUTHORITY = "319"  # Sutton, of the usual size: 139 of the 22,000 schools


def measure(folder: Path, say: Callable[[Measured], None]) -> None:
    """Some eight minutes and 4 GB of disk."""
    bare = folder / "national-bare.db"
    engine = get_engine(f"sqlite:///{bare}")
    with mock.patch.object(illustrative, "data_sets", return_value=iter(())):
        fill(engine, NATIONAL_SCHOOLS)
    file = folder / "national.csv"
    national_file.write(engine, file, TERMS_SMALL)
    small = run(copy(bare, folder / "national-small.db"), file)
    say(
        Measured(
            "Peak memory of a school-level import",
            small["peak"] / MB,
            600,
            unit=" MB",
            detail=f"{small['rows']:,.0f} rows, {small['seconds']:.1f} s",
        )
    )
    national_file.write(engine, file, TERMS_WHOLE)
    whole = copy(bare, folder / "national-whole.db")
    ours = run(whole, file)
    file.unlink()
    theirs = executemany(copy(bare, folder / "national-theirs.db"), whole)
    say(
        Measured(
            "Import of 9.5 million rows, over a bare executemany",
            theirs / ours["seconds"],
            1 / 3,
            at_least=True,
            detail=f"{ours['seconds']:.0f} over {theirs:.0f} s, peak {ours['peak'] / MB:,.0f} MB",
        )
    )
    one = [one_authority(engine, whole, file, seed) for seed in SEEDS]
    seconds = median([made["seconds"] for made in one])
    say(
        Measured(
            "One authority's file into that, over the whole",
            seconds / ours["seconds"],
            0.02,
            detail=f"{one[0]['rows']:,.0f} rows, {seconds:.1f} s, three times",
        )
    )
    engine.dispose()


def one_authority(engine: Engine, database: Path, file: Path, seed: int) -> dict[str, float]:
    """The import of one authority's file with figures of its own; stops where it re-made summaries of others."""
    national_file.write(engine, file, TERMS_WHOLE, la_code=AUTHORITY, seed=seed)
    made = run(database, file)
    others = summarised_beside(database)
    if others:
        raise RuntimeError(f"the file of {AUTHORITY} re-made summaries of {others}")
    return made


def run(database: Path, file: Path) -> dict[str, float]:
    """One import in a process of its own: seconds, peak (bytes), rows, observations."""
    command = [sys.executable, "-m", "tests.benchmarks.one_import", f"sqlite:///{database}", str(file)]
    done = subprocess.run(command, cwd=PROJECT, check=True, timeout=LONGEST, capture_output=True, text=True)
    return json.loads(done.stdout)


def executemany(database: Path, model: Path) -> float:
    """Seconds to insert the rows of `model`'s observations in one transaction, ready as tuples, and commit."""
    seconds = 0.0
    with closing(sqlite3.connect(database)) as connection, closing(sqlite3.connect(model)) as source:
        for pragma in ("foreign_keys = ON", "synchronous = NORMAL", "cache_size = -65536"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("ATTACH ? AS model", [str(model)])
        for table in ("import", "indicator", "period"):
            connection.execute(f'INSERT OR IGNORE INTO main."{table}" SELECT * FROM model."{table}"')
        connection.commit()
        rows = source.execute("select * from observation order by id")
        while chunk := rows.fetchmany(CHUNK):
            marks = ", ".join("?" * len(chunk[0]))
            started = time.perf_counter()
            connection.executemany(f"INSERT INTO observation VALUES ({marks})", chunk)
            seconds += time.perf_counter() - started
        started = time.perf_counter()
        connection.commit()
        return seconds + time.perf_counter() - started


def summarised_beside(database: Path) -> list[str]:
    """Authorities but the one whose summaries the last import re-made."""
    with closing(sqlite3.connect(database)) as connection:
        found = connection.execute(
            "select distinct la_code from summary where from_version = (select max(number) from data_version)"
        ).fetchall()
    codes = sorted(code for (code,) in found)
    if AUTHORITY not in codes:
        raise RuntimeError(f"the file of {AUTHORITY} changed none of its summaries")
    return [code for code in codes if code != AUTHORITY]
