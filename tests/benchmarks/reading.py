"""The overview's data from the database, over reading every observation with pandas and grouping it."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
from sqlalchemy import text

from data_access.engine import get_engine, reading
from data_access.settings import PROJECT
from exports.views import data
from tests.benchmarks.figure import Measured, median
from tests.benchmarks.servers import environment

TURNS, TIMES = 2, 5
KEYS = ["indicator", "period"]


def measure(database: Path) -> Measured:
    """In a process of its own, which gives back the memory that pandas takes."""
    command = [sys.executable, "-m", __name__]
    answer = subprocess.run(
        command, cwd=PROJECT, env=environment(database), check=True, timeout=600, capture_output=True, text=True
    )
    ours, theirs, rows = json.loads(answer.stdout.splitlines()[-1])
    return Measured(
        "Reading the overview's data, over pandas reading everything",
        ours / theirs,
        1 / 50,
        detail=f"{1000 * ours:.0f} ms over {theirs:.1f} s for {rows:,} observations: 1/{theirs / ours:.0f}",
    )


def overview() -> dict[str, pd.DataFrame]:
    """What the overview asks the database for, through the functions of the pages, past their cache."""
    version = data.current_version()
    data.reference.__wrapped__(version)
    return {level: data.history.__wrapped__(version, level, "all", "all") for level in ("england", "region")}


def everything() -> tuple[dict[str, pd.DataFrame], int]:
    """The same shares from every current observation: numerators and denominators by indicator, period and area."""
    with reading(get_engine()) as connection:
        rows = pd.read_sql(text("select * from observation where to_version is null"), connection)
        schools = pd.read_sql(text("select urn, la_code from school"), connection)
        authorities = pd.read_sql(text("select code, region_code from local_authority"), connection)
    count = len(rows)
    rows = rows[rows["level"].isin(["school", "la"])].dropna(subset=["numerator", "denominator"])
    la = rows["unit_code"].map(schools.set_index("urn")["la_code"]).fillna(rows["unit_code"])
    rows = rows.assign(area_code=la.map(authorities.set_index("code")["region_code"]))
    sums = ["numerator", "denominator"]
    return {
        "england": rows.groupby(KEYS, as_index=False)[sums].sum().assign(area_code="E92000001"),
        "region": rows.groupby([*KEYS, "area_code"], as_index=False)[sums].sum(),
    }, count


def check(ours: dict[str, pd.DataFrame], theirs: dict[str, pd.DataFrame]) -> None:
    """Both must have found the same figures, else the comparison says nothing."""
    for level, frame in ours.items():
        both = frame.dropna(subset=["numerator"]).merge(theirs[level], on=[*KEYS, "area_code"], suffixes=("", "_all"))
        far = (both["numerator"] - both["numerator_all"]).abs() > 1e-6 * both["numerator_all"].abs()
        if both.empty or far.any():
            raise RuntimeError(f"{int(far.sum())} of {len(both)} figures at level {level} differ")


def main() -> None:
    """Turn and turn about; prints seconds of both and how many observations there are, as JSON."""
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(TURNS):
        for _ in range(TIMES):
            started = time.perf_counter()
            found = overview()
            ours.append(time.perf_counter() - started)
        started = time.perf_counter()
        grouped, rows = everything()
        theirs.append(time.perf_counter() - started)
        check(found, grouped)
    print(json.dumps([median(ours), median(theirs), rows]))


if __name__ == "__main__":
    main()
