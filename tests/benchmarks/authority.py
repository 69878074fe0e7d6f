"""Choosing a borough on the Local authority page, over the same page held in memory, at both sizes."""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from tests.benchmarks.client import Session, open_session
from tests.benchmarks.figure import Measured, median
from tests.benchmarks.servers import DASHBOARD, HELD, WARM, Server, serve

PAGE, QUERY, BOX = "local-authority", "la=Camden&region=London", "Borough or local authority"
# Of every region and kind; none is chosen twice.
BOROUGHS = (
    "Islington", "Leeds", "Kent", "Hackney", "Barnet", "Cumbria", "Brent", "Devon", "Bury", "Bolton", "Essex",
    "Gateshead", "Dorset", "Norfolk", "Enfield", "Medway", "Oldham", "Rutland", "Sandwell", "Slough",
)  # fmt: skip
SETTLE = 5


def measure(default: Path, national: Path, say: Callable[[Measured], None]) -> None:
    """Both figures; the servers first get ready, as after a start."""
    asyncio.run(_measure(default, national, say))


async def _measure(default: Path, national: Path, say: Callable[[Measured], None]) -> None:
    with ExitStack() as stack:
        held = stack.enter_context(serve(HELD, default))
        servers = [stack.enter_context(serve(DASHBOARD, database)) for database in (default, national)]
        for server in (held, *servers):
            server.rest(WARM)
        memory, ours, large = [await _tab(server) for server in (held, *servers)]
        drawn = [(await tab.rerun()).drawn() for tab in (memory, ours)]
        if drawn[0] != drawn[1]:
            raise RuntimeError("the page held in memory does not draw what the page draws")
        waited: list[list[float]] = [[], [], []]
        for borough in BOROUGHS:
            waited[0].append((await memory.rerun()).seconds)
            waited[1].append((await ours.rerun(**{BOX: borough})).seconds)
            waited[2].append((await large.rerun(**{BOX: borough})).seconds)
    floor, chosen, national_size = (1000 * median(seconds) for seconds in waited)
    say(_figure("Choosing a borough, over the same page held in memory", chosen, floor, len(drawn[0])))
    say(_figure("the same at 22,000 schools", national_size, floor, len(drawn[0])))


def _figure(name: str, ours: float, floor: float, elements: int) -> Measured:
    return Measured(name, ours / floor, 1.5, detail=f"{ours:.0f} over {floor:.0f} ms, {elements} elements")


async def _tab(server: Server) -> Session:
    session = await open_session(server.port, page=PAGE, query=QUERY)
    for _ in range(SETTLE):
        await session.rerun()
    return session
