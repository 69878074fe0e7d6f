"""All measures of a page from the summaries, over reading the rows of these summaries and nothing else."""

import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection, select

from data_access import bulk, queries
from data_access.engine import get_engine, reading
from data_access.schema import summary
from data_access.settings import PROJECT
from data_access.values import area_values
from measures.comparison import a_year_ago, compare, quartile, rank
from measures.sums import SUMS
from measures.trends import with_trend
from tests.benchmarks.figure import Measured, median

TURNS = 15
BOUNDS = {"region": 2.0, "la": 3.0}
TITLES = {"region": "All measures of England and the regions", "la": "All measures of all authorities"}
TREND = ["trend_points", "trend_confidence"]


def measure(database: Path, say: Callable[[Measured], None]) -> None:
    """In a process of its own, without the garbage that other figures left."""
    command = [sys.executable, "-m", __name__, str(database)]
    answer = subprocess.run(command, cwd=PROJECT, check=True, timeout=600, capture_output=True, text=True)
    for level, (ours, theirs, rows) in json.loads(answer.stdout.splitlines()[-1]).items():
        detail = f"{1000 * ours:.0f} over {1000 * theirs:.0f} ms for {rows:,} figures"
        say(Measured(f"{TITLES[level]}, over reading the summaries", ours / theirs, BOUNDS[level], detail=detail))


def main() -> None:
    """Processor time of both, turn and turn about, and how many figures there are, as JSON by level."""
    gc.freeze()  # garbage is collected as in the service
    engine = get_engine(f"sqlite:///{sys.argv[1]}")
    found = {}
    with reading(engine) as connection:
        about = queries.indicators(connection)  # the pages keep it
        for level in BOUNDS:
            ours, theirs, rows = [], [], 0
            for _ in range(TURNS):
                theirs.append(_seconds(lambda: summaries(connection)))
                started = time.process_time()
                rows = measures(connection, level, about)
                ours.append(time.process_time() - started)
            found[level] = median(ours), median(theirs), rows
    print(json.dumps(found))


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def summaries(connection: Connection) -> pd.DataFrame:
    """The rows that the figures are made of: all staff, all phases, every authority, indicator and period."""
    s = summary.c
    named = [s[name] for name in ("indicator", "period", "la_code", "expected_units", *SUMS, "hidden")]
    return bulk.frame(connection, select(*named).where(s.staff_group == "all", s.phase == "all"))


def measures(connection: Connection, level: str, about: pd.DataFrame) -> int:
    """Everything from value and intervals to comparison, rank and trend; returns how many figures."""
    figures = area_values(connection, "england", level, about=about)
    england, rows = (figures[figures["level"] == name] for name in ("england", level))
    keys = ["indicator", "period"]
    benchmark = rows[keys].merge(england[[*keys, "value"]], on=keys, how="left")["value"]
    compare(rows["lower"], rows["upper"], benchmark, rows["better"])
    by = rows.groupby(keys, sort=False).ngroup()
    rank(rows["value"], rows["better"], by)
    quartile(rows["value"], rows["better"], by)
    before = a_year_ago(rows)
    compare(rows["lower"], rows["upper"], before["value_before"], rows["better"])
    with_trend(figures.join(about.set_index("code")[TREND], on="indicator"))
    return len(figures)


if __name__ == "__main__":
    main()
