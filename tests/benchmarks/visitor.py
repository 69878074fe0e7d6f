"""People who look around: each opens a page, reads, chooses in a filter or goes to another page, and leaves."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from random import Random

from tests.benchmarks.client import Run, Session, open_session

THOUGHT = 10.0  # seconds between two clicks, on average: between half of it and half as much again
CLICKS = 12  # after which somebody leaves, and another comes
NEWCOMER = 1.0  # seconds between one who leaves and the next
PAGES = (
    *("", "priorities", "plan", "evidence", "meeting", "regions", "local-authority", "compare", "schools"),
    *("partnerships", "university-programmes", "data", "charts", "definitions"),
)
REGION, AUTHORITY, ALL = "Region", "Borough or local authority", "All"
FILTERS = {
    "Period": ("2010/11", "2011/12"),
    REGION: ("All regions", "London", "North East"),
    AUTHORITY: (ALL, "Camden", "Sutton", "Leeds"),
    "Phase": ("All phases", "Primary"),
    "Staff group": ("All staff", "Teachers"),
}
OTHERS = [name for name in FILTERS if name not in (REGION, AUTHORITY)]


@dataclass
class Seen:
    """What all of them met: seconds of each redraw by page, and each error in a sentence."""

    seconds: list[tuple[str, float]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def slowest(self, share: float = 0.95) -> list[tuple[str, float, int]]:
        """(page, the share's percentile of its redraws in seconds, how many), the slowest page first."""
        by_page: dict[str, list[float]] = {}
        for page, seconds in self.seconds:
            by_page.setdefault(page, []).append(seconds)
        found = [(page or "overview", percentile(took, share), len(took)) for page, took in by_page.items()]
        return sorted(found, key=lambda each: -each[1])


def percentile(values: list[float], share: float) -> float:
    """The smallest value that so large a share of all does not exceed; infinite where there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("inf")


async def crowd(ports: Sequence[int], people: int, seconds: float, seen: Seen) -> None:
    """So many at once, who arrive one after the other within the time of one thought, until the seconds are over.

    ports: of the replicas, of which each keeps to one.
    """
    until = time.monotonic() + seconds
    chairs = ((ports[number % len(ports)], number, THOUGHT * number / people) for number in range(people))
    await asyncio.gather(*(_chair(*chair, until, seen) for chair in chairs))


async def see_everything(port: int) -> int:
    """Each page with each of their choices, once, by one after the other; returns how many views that were."""
    others = list(product(*(FILTERS[name] for name in OTHERS)))
    for chosen, place in product(others, places()):
        session = await open_session(port)
        await session.rerun()
        for name, option in (*zip(OTHERS, chosen, strict=True), *place):
            session.chosen = {}
            await session.rerun(**{name: option})
        for page in PAGES:
            await session.go(page)
        await session.socket.close()
    return len(others) * len(places()) * len(PAGES)


def places() -> list[tuple[tuple[str, str], ...]]:
    """(filter, option) one after the other, for each place of a map that choices of theirs lead to.

    An authority brings its region, which stays when all its authorities are chosen again.
    """
    regions, authorities = FILTERS[REGION], [name for name in FILTERS[AUTHORITY] if name != ALL]
    whole = [((AUTHORITY, name), (AUTHORITY, ALL)) for name in authorities]
    return [*(((REGION, name),) for name in regions), *(((AUTHORITY, name),) for name in authorities), *whole]


async def _chair(port: int, number: int, wait: float, until: float, seen: Seen) -> None:
    """One after the other; the same people in every run."""
    dice = Random(number)
    await asyncio.sleep(wait)
    while time.monotonic() < until:
        try:
            await _visit(port, dice, until, seen)
        except Exception as error:  # whatever went wrong is what is counted
            seen.errors.append(f"{type(error).__name__}: {error}"[:300])
        await asyncio.sleep(NEWCOMER)


async def _visit(port: int, dice: Random, until: float, seen: Seen) -> None:
    page = dice.choice(PAGES)
    session = await open_session(port, page=page)
    try:
        _note(seen, page, await session.rerun())
        for _ in range(CLICKS):
            await asyncio.sleep(dice.uniform(THOUGHT / 2, THOUGHT * 3 / 2))
            if time.monotonic() > until:
                return
            if dice.random() < 0.5:
                page = dice.choice([other for other in PAGES if other != page])
                run = await session.go(page)
            else:
                run = await _choose(session, dice)
            _note(seen, page, run)
    finally:
        await session.socket.close()


async def _choose(session: Session, dice: Random) -> Run:
    """Choose in one filter; the server keeps what the others say, or changes it with this one."""
    session.chosen = {}
    name = dice.choice(list(FILTERS))
    return await session.rerun(**{name: dice.choice(FILTERS[name])})


def _note(seen: Seen, page: str, run: Run) -> None:
    """A redraw without a title is not the page."""
    if not run.title():
        raise RuntimeError(f"the page /{page} came without its title")
    seen.seconds.append((page, run.seconds))
