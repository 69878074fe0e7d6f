"""One chart for every authority as PNG: seconds, and memory that does not grow with how many there are."""

import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from data_access.settings import PROJECT
from tests.benchmarks.figure import Measured
from tests.benchmarks.servers import environment

MB = 1_000_000
PAGE = 4096
TREND = "view=trajectory&indicator=reviewed&period=2011/12"
FEW = {"region": "South East", "charts": 19}  # of authorities
ALL = 152
LOOK = 0.2  # seconds between two looks at the memory


def measure(database: Path, folder: Path, say: Callable[[Measured], None]) -> None:
    """Whole processes, from the command to the zip; memory of all of them together."""
    charts, _, few = bundle(database, folder / "few", "--region", str(FEW["region"]))
    if charts != FEW["charts"]:
        raise RuntimeError(f"{FEW['region']} has {charts} charts")
    charts, seconds, many = bundle(database, folder / "all")
    if charts != ALL:
        raise RuntimeError(f"there are {charts} charts")
    detail = f"{seconds / charts:.2f} s each, peak {many / MB:.0f} MB of all processes"
    say(Measured(f"A bundle of {ALL} PNGs", seconds, 180, unit=" s", detail=detail))
    detail = f"{many / MB:.0f} over {few / MB:.0f} MB"
    say(Measured(f"Peak memory of {ALL} PNGs over that of {FEW['charts']}", many / few, 1.25, detail=detail))


def bundle(database: Path, folder: Path, *of: str) -> tuple[int, float, float]:
    """How many charts the zip of a run of the command holds; its seconds, and the most memory that it had, in bytes."""
    folder.mkdir()
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "exports", "bundle", "--view", TREND, "--over", "la", *of, "--out", str(folder)],
        cwd=PROJECT, env=environment(database), stdout=subprocess.DEVNULL,
    )  # fmt: skip
    seen = [0]
    watch = threading.Thread(target=_watch, args=(process, seen))
    watch.start()
    status = process.wait(900)
    seconds = time.perf_counter() - started
    watch.join()
    if status:
        raise RuntimeError(f"the command ended with status {status}")
    (file,) = folder.iterdir()
    with zipfile.ZipFile(file) as archive:
        return sum(name.endswith(".png") for name in archive.namelist()), seconds, seen[0]


def _watch(process: subprocess.Popen, seen: list[int]) -> None:
    """Keep the most memory that a process and its children have together, until it ends."""
    while process.poll() is None:
        pids = [process.pid, *_children(process.pid)]
        seen[0] = max(seen[0], sum(_resident(pid) for pid in pids))
        time.sleep(LOOK)


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(child) for child in task.read_text().split()]
        except OSError:
            continue  # the thread has ended meanwhile
    return found


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0
