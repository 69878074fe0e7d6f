"""The HTTP API through its own routes: one indicator over the bare SQL, everything over writing the same rows."""

import asyncio
import csv
import gc
import io
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select
from starlette.applications import Starlette

from data_access.engine import get_engine, reading
from data_access.schema import summary
from data_access.settings import PROJECT
from exports.api.answers import routes
from exports.api.columns import VALUES
from exports.views import data
from measures.sums import SUMS
from tests.benchmarks.figure import Measured, median
from tests.benchmarks.servers import environment

TURNS, WHOLE = 5, 3
GROUPS = ("all", "teachers", "support_staff")
PHASES = ("all", "primary")
ALL = "/api/v1/values.csv?level=la"
SEVERAL = ALL + "".join(
    f"&{name}={value}" for name, values in (("staff_group", GROUPS), ("phase", PHASES)) for value in values
)


def measure(database: Path, say: Callable[[Measured], None]) -> None:
    """In a process of its own, for its peak of memory."""
    command = [sys.executable, "-m", __name__]
    answer = subprocess.run(
        command, cwd=PROJECT, env=environment(database), check=True, timeout=600, capture_output=True, text=True
    )
    found = json.loads(answer.stdout.splitlines()[-1])
    sql, again, first, rows = found["one"]
    for turn, took in (("the first time", first), ("asked before", again)):
        detail = f"{1000 * took:.1f} over {1000 * sql:.1f} ms for {rows} figures, {turn}"
        say(Measured("API, one indicator of all authorities, over the bare SQL", took / sql, 3, detail=detail))
    ours, theirs, rows = found["all"]
    detail = f"{rows / ours:,.0f} over {rows / theirs:,.0f} rows a second, {rows:,} rows"
    say(Measured("API, everything as CSV, speed over Python's csv", theirs / ours, 0.5, at_least=True, detail=detail))
    small, large = found["memory"]
    detail = f"{large:.0f} over {small:.0f} MB: {len(GROUPS) * len(PHASES)} times the rows"
    say(Measured("API, peak memory of several selections over that of one", large / small, 1.25, detail=detail))


async def get(app: Starlette, address: str, take: Callable[[bytes], object]) -> int:
    """One request as a server makes it; take gets each piece of the body. Returns the status."""
    where, _, query = address.partition("?")
    scope = {"type": "http", "method": "GET", "path": where, "query_string": query.encode(), "headers": []}
    scope |= {"root_path": "", "scheme": "http", "server": ("localhost", 80), "http_version": "1.1"}
    status: list[int] = []

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(3600)  # the client neither says more nor goes away
        return {}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            status.append(message["status"])
        else:
            take(message["body"])

    await app(scope, receive, send)
    return status[0]


async def one(app: Starlette) -> tuple[float, float, float, int]:
    """Seconds of processor time: the rows of one indicator by SQL, its answer again and the first time; its rows."""
    version = data.current_version()
    data.history(version, "la", "all", "all")  # as pages have it
    s = summary.c
    named = [s[name] for name in ("indicator", "period", "la_code", "expected_units", *SUMS, "hidden")]
    by_sql, again, first, rows = [], [], [], 0
    codes = data.reference(version).indicators["code"].tolist()
    for turn in range(TURNS):
        for code in codes:
            query = select(*named).where(s.staff_group == "all", s.phase == "all", s.indicator == code)
            started = time.process_time()
            with reading(get_engine()) as connection:
                found = connection.execute(query).all()
            by_sql.append(time.process_time() - started)
            body: list[bytes] = []
            started = time.process_time()
            status = await get(app, f"/api/v1/values?level=la&indicator={code}", body.append)
            (again if turn else first).append(time.process_time() - started)
            figures = json.loads(b"".join(body))["values"]
            if status != 200 or len(figures) < min(len(found), 1000):
                raise RuntimeError(f"{code}: {len(figures)} figures, {len(found)} sums, status {status}")
            rows = max(rows, len(figures))
    return median(by_sql), median(again), median(first), rows


async def everything(app: Starlette) -> tuple[float, float, int]:
    """Seconds of processor time to answer with every figure of all authorities, and to write the same rows."""
    ours: list[float] = []
    body: list[bytes] = []
    for _ in range(WHOLE):
        body.clear()
        started = time.process_time()
        await get(app, ALL, body.append)
        ours.append(time.process_time() - started)
    read = list(csv.reader(io.StringIO(b"".join(body).decode())))
    rows = [list(_values(row)) for row in read[1:]]
    theirs = []
    for _ in range(WHOLE):
        started = time.process_time()
        csv.writer(io.StringIO()).writerows(rows)
        theirs.append(time.process_time() - started)
    return median(ours), median(theirs), len(rows)


def _values(row: list[str]) -> Iterator[float | str]:
    """The cells as the values that they stand for: writing a number takes longer than writing its text."""
    for cell, (kind, _) in zip(row, VALUES.values(), strict=True):
        yield float(cell) if cell and kind == "number" else cell


def peak() -> float:
    """The most memory that this process has had so far, in MB."""
    said = Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()
    return int(said[0]) / 1000


async def run() -> dict[str, Any]:
    """All of it; memory first, before anything else could take more."""
    app = Starlette(routes=routes())
    small = 0.0
    for address in (ALL, SEVERAL):
        await get(app, address, len)
        small = small or peak()
    return {"memory": (small, peak()), "one": await one(app), "all": await everything(app)}


if __name__ == "__main__":
    gc.disable()  # as the dashboard does while it starts
    gc.freeze()
    gc.enable()
    print(json.dumps(asyncio.run(run())))
