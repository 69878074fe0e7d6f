"""Rows a second of an import from file to commit, over a bare executemany of the rows that it wrote."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from data_access.engine import get_engine
from data_access.files.mapping import Mapping
from data_access.imports import import_file
from seed_data import illustrative, reference, schools
from seed_data.fill import DEFAULT_SCHOOLS
from tests.benchmarks.databases import copy
from tests.benchmarks.figure import Measured, median

NAME = "illustrative_school_survey_year_by-role"
TURNS, AT_LEAST = 3, 100_000


def measure(bare: Path, folder: Path) -> Measured:
    """bare: a database without observations, which stays as it is."""
    file, meta, mapping = write_file(folder)
    ours, theirs, rows = [], [], []
    for turn in range(TURNS):
        target = copy(bare, folder / f"import-{turn}.db")
        engine = get_engine(f"sqlite:///{target}")
        started = time.perf_counter()
        import_file(engine, file, meta, mapping)
        ours.append(time.perf_counter() - started)
        engine.dispose()
        rows = written(target)
        theirs.append(executemany(copy(bare, folder / f"bare-{turn}.db"), target, rows))
    if len(rows) < AT_LEAST:
        raise RuntimeError(f"{NAME} holds {len(rows):,} observations, too few to measure with")
    ratio = median(theirs) / median(ours)
    speed = len(rows) / median(ours)
    return Measured(
        "Import, rows a second over a bare executemany",
        ratio,
        1 / 3,
        at_least=True,
        detail=f"{speed:,.0f} a second over {len(rows) / median(theirs):,.0f}, {len(rows):,} observations",
    )


def write_file(folder: Path) -> tuple[Path, Path, Mapping]:
    """The largest illustrative file of the default size, as seeding writes it."""
    authorities = reference.authorities()
    register = schools.invent(authorities, DEFAULT_SCHOOLS)
    titles = {group["code"]: group["title"] for group in reference.strategy()["staff_groups"]}
    made = illustrative.data_sets(reference.indicators(), authorities, register.schools, titles)
    chosen = next(data_set for data_set in made if data_set.name == NAME)
    return (*chosen.write(folder), chosen.mapping)


def written(database: Path) -> list[tuple[object, ...]]:
    """Every observation, in the order of its writing."""
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute("select * from observation order by id").fetchall()


def executemany(database: Path, model: Path, rows: list[tuple[object, ...]]) -> float:
    """Seconds to insert ready rows and commit, with the table's indexes and foreign keys, set up as the dashboard does.

    model: a database with the import that the rows refer to.
    """
    with closing(sqlite3.connect(database)) as connection:
        for pragma in ("foreign_keys = ON", "synchronous = NORMAL", "cache_size = -65536"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("ATTACH ? AS model", [str(model)])
        connection.execute('INSERT INTO main."import" SELECT * FROM model."import"')
        connection.commit()
        marks = ", ".join("?" * len(rows[0]))
        started = time.perf_counter()
        connection.executemany(f"INSERT INTO observation VALUES ({marks})", rows)
        connection.commit()
        return time.perf_counter() - started
