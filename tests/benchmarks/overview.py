"""The overview through the real runtime: rerun, size of a redraw, redraws a second."""

import asyncio
import time
from collections.abc import Callable
from contextlib import ExitStack
from itertools import product
from pathlib import Path

from tests.benchmarks.client import Session, open_session
from tests.benchmarks.figure import Measured, median
from tests.benchmarks.servers import DASHBOARD, HELD, NAIVE, WARM, Server, serve

ROUNDS, SETTLE = 60, 5
SESSIONS, SECONDS, TURNS = 20, 4, 6
LIMIT = 150_000
BEFORE = (("London", "North East", "South West"), ("All phases", "Primary"), ("2010/11", "2011/12"))
# Each a change that redraws the page; between them every list of the sidebar is used.
REDRAWS = (
    {"Period": "2010/11"},
    {"Staff group": "Teachers"},
    {"Phase": "Primary"},
    {"Region": "London"},
    {"Borough or local authority": "Camden"},
)


def measure(default: Path, national: Path, say: Callable[[Measured], None]) -> None:
    """Every figure that needs a server."""
    asyncio.run(_measure(default, national, say))


async def _measure(default: Path, national: Path, say: Callable[[Measured], None]) -> None:
    with ExitStack() as stack:
        overview = stack.enter_context(serve(DASHBOARD, default))
        held = stack.enter_context(serve(HELD, default))
        large = stack.enter_context(serve(DASHBOARD, national))
        for server in (overview, held, large):
            server.rest(WARM)
        for measured in await rerun(overview, held, large):
            say(measured)
    with serve(DASHBOARD, default) as overview:
        say(await size(overview))
    with serve(DASHBOARD, default) as overview, serve(NAIVE, default) as naive:
        overview.rest(WARM)
        say(await throughput(overview, naive))


async def rerun(overview: Server, held: Server, large: Server) -> list[Measured]:
    """The same view again, one server after the other in turn: seconds as a browser waits, and processor time.

    Both dashboards have been in use before: a rerun must not slow down as the caches fill.
    """
    servers = (overview, held, large)
    for server in (overview, large):
        await browse(server)
    sessions = [await open_session(server.port) for server in servers]
    drawn = [[(await session.rerun()).drawn() for _ in range(SETTLE)][-1] for session in sessions]
    if any(elements != drawn[0] for elements in drawn):
        raise RuntimeError("the page held in memory does not draw what the overview draws")
    waited: list[list[float]] = [[] for _ in servers]
    before = [server.cpu_seconds() for server in servers]
    for _ in range(ROUNDS):
        for session, seconds in zip(sessions, waited, strict=True):
            seconds.append((await session.rerun()).seconds)
    used = [server.cpu_seconds() - start for server, start in zip(servers, before, strict=True)]
    ours, memory, big = (1000 * median(seconds) for seconds in waited)
    cpu, cpu_memory, cpu_big = (1000 * seconds / ROUNDS for seconds in used)
    return [
        Measured(
            "Overview rerun, over the same page held in memory",
            ours / memory,
            1.5,
            detail=f"{ours:.0f} ms over {memory:.0f} ms, {len(drawn[0])} elements",
        ),
        Measured(
            "the same in processor time",
            cpu / cpu_memory if cpu_memory else 0.0,
            1.5,
            detail=f"{cpu:.0f} ms over {cpu_memory:.0f} ms",
        ),
        Measured(
            "Overview rerun, 22,000 schools over the default data set",
            big / ours,
            1.2,
            detail=f"{big:.0f} ms over {ours:.0f} ms; processor {cpu_big:.0f} over {cpu:.0f} ms",
        ),
    ]


async def browse(server: Server) -> None:
    """What readers have looked at before, in a tab of its own."""
    session = await open_session(server.port)
    await session.rerun()
    for region, phase, period in product(*BEFORE):
        await session.rerun(Region=region, Phase=phase, Period=period)


async def size(overview: Server) -> Measured:
    """The largest redraw in payload bytes, before compression, to a browser that holds none of it yet."""
    sizes: dict[str, int] = {}
    for change in REDRAWS:
        session = await open_session(overview.port, caching=False)
        await session.rerun()
        name = ", ".join(change.values())
        sizes[name] = (await session.rerun(**change)).bytes
    largest = max(sizes, key=lambda name: sizes[name])
    return Measured(
        "Bytes of the largest redraw of the overview",
        sizes[largest] / 1000,
        LIMIT / 1000,
        unit=" kB",
        detail="; ".join(f"{name} {size / 1000:.0f}" for name, size in sizes.items()),
    )


async def throughput(overview: Server, naive: Server) -> Measured:
    """Redraws a second with many tabs, each between two periods, the two pages in turn."""
    ours, theirs = await redraws(overview, naive)
    return Measured(
        f"Redraws a second, {SESSIONS} sessions, over charts rebuilt under streamlit run",
        ours / theirs,
        4,
        at_least=True,
        detail=f"{ours:.1f} a second over {theirs:.1f}",
    )


async def redraws(*servers: Server) -> list[float]:
    """Of each server, how many a second: many tabs, each between two periods where there are any, servers in turn."""
    found: list[list[float]] = [[] for _ in servers]
    tabs = [[await _tab(server.port) for _ in range(SESSIONS)] for server in servers]
    for _ in range(TURNS):
        for sessions, seconds in zip(tabs, found, strict=True):
            until = time.perf_counter() + SECONDS
            started = time.perf_counter()
            done = sum(await asyncio.gather(*(_redraw(session, until) for session in sessions)))
            seconds.append(done / (time.perf_counter() - started))
    return [median(seconds) for seconds in found]


async def _tab(port: int) -> Session:
    session = await open_session(port)
    await session.rerun()
    for period in ("2011/12", "2010/11"):
        await session.rerun(**_period(session, period))
    return session


def _period(session: Session, period: str) -> dict[str, str]:
    """Nothing can be chosen on an empty page."""
    return {"Period": period} if "Period" in session.selects else {}


async def _redraw(session: Session, until: float) -> int:
    done = 0
    while time.perf_counter() < until:
        await session.rerun(**_period(session, ("2011/12", "2010/11")[done % 2]))
        done += 1
    return done
