"""The slides of a meeting with thirty views, at the national size: the first time, again, and from key to key."""

import shutil
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.benchmarks import databases, pack
from tests.benchmarks.figure import Measured, median
from tests.benchmarks.servers import DASHBOARD, WARM, serve
from tests.browser import slides
from tests.browser.screen import CHROMIUM

ROOM = {"width": 1920, "height": 1080}
WALKS = 5
MB = 1_000_000


def measure(national: Path, folder: Path, say: Callable[[Measured], None]) -> None:
    """A copy of the database holds the meeting, which is not the next one: nothing of it is made ready."""
    own = databases.copy(national, folder / "slides.db")
    number = pack.hold(own)
    with serve(DASHBOARD, own) as server:
        server.rest(WARM)
        address = f"http://127.0.0.1:{server.port}/present/{number}"
        first, size = _fetched(address)
        again, _ = _fetched(address)
        say(Measured("Slides of 30 views, the first time, 22,000 schools", first, 15, unit=" s"))
        say(Measured("the same again", again, 1, unit=" s", detail=f"{size / MB:.1f} MB"))
        slowest, usual = _after_the_key(address)
        detail = f"of each slide the best of {WALKS}; a slide mostly {usual:.0f} ms"
        say(Measured("Slowest slide after its key", slowest, 100, unit=" ms", detail=detail))


def _fetched(address: str) -> tuple[float, int]:
    """Seconds until all of the page is there, and its bytes before compression."""
    started = time.perf_counter()
    with urllib.request.urlopen(address, timeout=300) as answer:
        size = len(answer.read())
    return time.perf_counter() - started, size


def _after_the_key(address: str) -> tuple[float, float]:
    """Milliseconds until a slide is painted: the slowest slide at its best, and the median of all."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
        page = browser.new_page(viewport=ROOM)  # type: ignore[arg-type]
        page.goto(address)
        slides.listen(page)
        walks = [slides.walk(page) for _ in range(WALKS)]
        browser.close()
    return max(min(each) for each in zip(*walks, strict=True)), median(time for walk in walks for time in walk)
