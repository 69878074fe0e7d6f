"""How long a slide takes to be seen, in a browser."""

from playwright.sync_api import Page

# Milliseconds from each key's event until the browser has painted what it changed.
_TIMED = """() => {
    window.took = [];
    addEventListener('keydown', (event) => {
        const began = event.timeStamp;
        requestAnimationFrame(() => setTimeout(() => took.push(performance.now() - began)));
    });
}"""


def listen(page: Page) -> None:
    """From now on time every key; `took` in the page lists the milliseconds."""
    page.evaluate(_TIMED)


def best(page: Page, walks: int, enough: float) -> list[float]:
    """What `walk` gives, of each slide the best of some walks, no more than needed: others are at work here."""
    times = walk(page)
    for _ in range(walks - 1):
        if max(times) < enough:
            break
        times = [min(each) for each in zip(times, walk(page), strict=True)]
    return times


def walk(page: Page) -> list[float]:
    """Milliseconds that each slide after the first took to be seen, one by one."""
    page.evaluate("took.length = 0")
    for press in range(page.locator("section.slide").count()):
        page.keyboard.press("ArrowRight" if press else "Home")
        page.wait_for_function("wanted => took.length === wanted", arg=press + 1)
    times: list[float] = page.evaluate("took")
    return times[1:]
