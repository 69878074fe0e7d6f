"""Many people at once: `python -m tests.benchmarks.load [SECONDS]` (make load); status 1 where a bound is broken."""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.benchmarks import databases
from tests.benchmarks.client import Session, open_session
from tests.benchmarks.figure import Measured, median
from tests.benchmarks.overview import redraws
from tests.benchmarks.servers import DASHBOARD, EMPTY, EMPTY_PLAIN, NAIVE, WARM, Server, serve
from tests.benchmarks.visitor import CLICKS, THOUGHT, Seen, crowd, percentile, see_everything

PEOPLE, SECONDS = 100, 300.0
IDLE, FIRST = 150, 50  # sessions that are open and do nothing; those before, which fill what all share and what is free
LOOKED_AT = ("priorities", "regions")  # after the overview, where there are more pages than one
LOOK = 2.0  # seconds between two looks at the memory
LONG = 1800.0  # seconds from which on it is found out whether memory grows
GROWTH, FREED = 2.0, 150.0  # percent; seconds after which Streamlit has let go of sessions whose browser left
STEADY = FREED + CLICKS * THOUGHT * 1.5  # seconds until the first have left and are let go of, as many as come
Say = Callable[[Measured], None]


def main() -> int:
    """Print each figure as it is found; returns the exit status."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    found: list[Measured] = []

    def say(measured: Measured) -> None:
        found.append(measured)
        print(measured, flush=True)

    load = ", ".join(f"{part:.1f}" for part in os.getloadavg())
    print(f"{os.cpu_count()} processors; load before the start {load}")
    with tempfile.TemporaryDirectory(prefix="cpd-load-") as temporary:
        database = Path(temporary) / "default.db"
        databases.make(database)
        measure(database, say)
        with serve(DASHBOARD, database) as one, serve(DASHBOARD, database) as other:
            one.rest(WARM)
            other.rest(WARM)
            asyncio.run(look_around([one, other], min(seconds, SECONDS), say))
            if seconds >= LONG:
                asyncio.run(grow(one, seconds, say))
    over = [measured.name for measured in found if not measured.ok]
    print(f"Over: {'; '.join(over)}." if over else "Every bound is kept.")
    return 1 if over else 0


def measure(database: Path, say: Say) -> None:
    """What is compared side by side: redraws a second, and memory of sessions that do nothing."""
    with (
        serve(DASHBOARD, database) as ours,
        serve(EMPTY_PLAIN, database) as empty,
        serve(NAIVE, database) as naive,
    ):
        ours.rest(WARM)
        a_second = asyncio.run(redraws(ours, empty, naive))
    for theirs, what, bound in (
        (a_second[1], "an empty page under streamlit run", 0.9),
        (a_second[2], "charts rebuilt under streamlit run", 6.0),
    ):
        detail = f"{a_second[0]:.1f} a second over {theirs:.1f}"
        say(Measured(f"Redraws a second, over {what}", a_second[0] / theirs, bound, at_least=True, detail=detail))
    with serve(DASHBOARD, database) as ours, serve(EMPTY, database) as empty:
        ours.rest(WARM)
        asyncio.run(idle(ours, empty, say))


async def idle(ours: Server, empty: Server, say: Say) -> None:
    """Resident memory of each of many open tabs, and what is left of it for the next ones when they have gone."""
    each, full = [], []
    for server in (ours, empty):
        first = [await _tab(server.port) for _ in range(FIRST)]
        before = server.resident()
        tabs = [await _tab(server.port) for _ in range(IDLE)]
        full.append(server.resident())
        each.append((full[-1] - before) / IDLE)
        for tab in (*first, *tabs):
            await tab.socket.close()
    detail = f"{each[0]:.2f} over {each[1]:.2f} MB, {IDLE} sessions"
    say(Measured("Memory of an idle session, above an empty app's", each[0] - each[1], 0.5, unit=" MB", detail=detail))
    await asyncio.sleep(FREED)
    await (await _tab(ours.port)).socket.close()  # Streamlit lets go of the old ones when the next one leaves
    await asyncio.sleep(LOOK)
    tabs = [await _tab(ours.port) for _ in range(FIRST + IDLE)]
    grown = (ours.resident() - full[0]) / len(tabs)
    detail = f"{grown:+.3f} MB for each of {len(tabs)} that came when as many had gone"
    name = "Memory of a session in the place of one that left, over the first"
    say(Measured(name, grown / each[0], 0.2, detail=detail))


async def _tab(port: int) -> Session:
    session = await open_session(port)
    await session.rerun()
    for address in LOOKED_AT:
        if address in session.hashes:
            await session.go(address)
    return session


async def look_around(replicas: Sequence[Server], seconds: float, say: Say) -> None:
    """A hundred people for so long, whose views are new: what they waited for, and what went wrong.

    replicas: one for each of two processors, as docs/deploy.md has it; each person keeps to one.
    """
    seen, started = Seen(), time.monotonic()
    used, own = [each.cpu_seconds() for each in replicas], time.process_time()
    await crowd([each.port for each in replicas], PEOPLE, seconds, seen)
    took, lasted = [seconds for _, seconds in seen.seconds], time.monotonic() - started
    _say_errors(seen, say)
    shares = [(each.cpu_seconds() - before) / lasted for each, before in zip(replicas, used, strict=True)]
    busy = f"replicas {', '.join(f'{share:.0%}' for share in shares)}"
    busy += f", visitors {(time.process_time() - own) / lasted:.0%}"
    detail = f"half within {median(took):.2f} s; {len(took)} redraws in {lasted:.0f} s; {busy} of a processor"
    say(Measured("Redraw that 95 % of theirs do not exceed", percentile(took, 0.95), 2, unit=" s", detail=detail))
    for page, at_most, redrawn in seen.slowest():
        print(f"    {page:<24} 95 % within {at_most:.2f} s of {redrawn}")


async def grow(server: Server, seconds: float, say: Say) -> None:
    """Whether memory grows in so long, once all their views were made and as many sessions are let go of as come."""
    began = time.monotonic()
    views = await see_everything(server.port)
    print(f"    {views} views made in {time.monotonic() - began:.0f} s; {server.resident():.0f} MB", flush=True)
    seen, looks, started = Seen(), [], time.monotonic()

    async def watch() -> None:
        await asyncio.sleep(STEADY)
        while True:
            looks.append((time.monotonic() - started, server.resident()))
            await asyncio.sleep(LOOK)

    watching = asyncio.create_task(watch())
    await crowd([server.port], PEOPLE, STEADY + seconds, seen)
    watching.cancel()
    _say_errors(seen, say)
    (first, before), (last, after), redrawn = looks[0], looks[-1], len(seen.seconds)
    grown = statistics.linear_regression(*zip(*looks, strict=True)).slope * (last - first)
    detail = f"{grown:+.1f} MB in {last - first:.0f} s, from {before:.0f} to {after:.0f} MB; {redrawn} redraws"
    say(Measured("Growth of memory", 100 * grown / before, GROWTH, unit=" %", detail=detail))


def _say_errors(seen: Seen, say: Say) -> None:
    errors = "; ".join(sorted(set(seen.errors))[:3])
    say(Measured(f"Errors that {PEOPLE} people met", len(seen.errors), 0, detail=errors))


if __name__ == "__main__":
    sys.exit(main())
