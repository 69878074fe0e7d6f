"""From the start of the server to the first page drawn, on a machine that has the requirements."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks import databases
from tests.benchmarks.client import open_session
from tests.benchmarks.figure import Measured, median
from tests.benchmarks.servers import DASHBOARD, serve

TURNS = 3


def measure(database: Path, say: Callable[[Measured], None]) -> None:
    """database: where none is yet; it is filled afterwards."""
    say(Measured("First page on an empty database", start(database, fill=True), 20, unit=" s"))
    say(Measured("First page on a later start", median([start(database) for _ in range(TURNS)]), 5, unit=" s"))


def start(database: Path, *, fill: bool = False) -> float:
    """Seconds from the command to the end of the first run of the overview.

    `make run` fills its default database within the server; here, where the database is another, a process of its own
    does that first, which takes a little longer.
    """
    started = time.perf_counter()
    if fill:
        databases.make(database)
    with serve(DASHBOARD, database) as server:
        asyncio.run(_first_page(server.port))
        return time.perf_counter() - started


async def _first_page(port: int) -> None:
    await (await open_session(port)).rerun()
