"""The report of one authority in three formats, and of a whole region: seconds, and memory that does not grow."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from data_access.settings import PROJECT
from tests.benchmarks.figure import Measured
from tests.benchmarks.servers import environment

MB = 1 << 20
GROWTH = 1.25  # what the peak of 33 may be over that of one: the layouts that typst keeps level off


def measure(database: Path, folder: Path, say: Callable[[Measured], None]) -> None:
    """Whole processes, from the command to its last file."""
    seconds, alone = report(database, folder / "one", "--area", "202")
    say(Measured("One report in three formats", seconds, 10, unit=" s", detail=f"peak {alone / MB:.0f} MB"))
    seconds, many = report(database, folder / "region", "--region", "London")
    say(Measured("The reports of London's 33 authorities", seconds, 240, unit=" s", detail=f"peak {many / MB:.0f} MB"))
    say(Measured("Peak memory of 33 reports over that of one", many / alone, GROWTH))


def report(database: Path, folder: Path, *of: str) -> tuple[float, float]:
    """Seconds and peak memory in bytes of a run of the command."""
    folder.mkdir()
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "exports", "report", *of, "--out", str(folder)],
        cwd=PROJECT, env=environment(database), stdout=subprocess.DEVNULL,
    )  # fmt: skip
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    files = len(list(folder.iterdir()))
    if status or files % 3:
        raise RuntimeError(f"the command ended with status {status} and {files} files")
    return seconds, used.ru_maxrss * 1024
