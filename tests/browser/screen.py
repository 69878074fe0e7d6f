"""What the tests do with a page: watch it, wait for it, read it, use its filters, maps and downloads."""

import io
import re
import time
from collections.abc import Callable, Sequence
from math import log, pi, radians, tan
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pandas as pd
from playwright.sync_api import ConsoleMessage, Download, Locator, Page, Request, Response, expect

from charts.maps import view_for
from pages.parts.map import HEIGHT, WIDTH

# What Debian's Chromium needs to draw WebGL maps without a screen, and to keep to itself. All else is drawn without the
# emulated graphics card, which takes half as long again.
CHROMIUM = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--enable-unsafe-swiftshader",
]
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
PAGES = {
    "overview": ("/", "Are we on track?"),
    "priorities": ("/priorities?priority=coherence", "How is this priority doing, outcome by outcome?"),
    "plan": ("/plan?action=1.2.1", "Who promised what, and is it done?"),
    "plan-reviews": ("/plan?part=Reviews", "Who promised what, and is it done?"),
    "evidence": ("/evidence", "How do we know?"),
    "evidence-register": ("/evidence?sheet=Register&evidence=E07", "How do we know?"),
    "meeting": ("/meeting?meeting=2", "Take us through it"),
    "meeting-since": ("/meeting?what=Since last meeting", "Take us through it"),
    "meeting-room": ("/meeting?what=In the room", "Take us through it"),
    "meeting-over": ("/meeting?meeting=1&what=Minutes", "Take us through it"),
    "regions": ("/regions", "Which regions and authorities lead or lag?"),
    "local-authority": ("/local-authority", "How is my borough doing?"),
    "camden": ("/local-authority?la=Camden", "How is Camden doing?"),
    "schools": ("/schools?la=Camden&school=9000004", "Which schools in Camden should I talk to?"),
    "partnerships": ("/partnerships?partnership=P0018", "Who works with whom, and does it last?"),
    "university-programmes": ("/university-programmes?region=North East", "What does accredited CPD cost and give?"),
    "compare": ("/compare?la=Camden", "How do areas compare?"),
    "charts": (
        "/charts?kind=bars&groups=teachers&groups=support_staff&indicators=reviewed",
        "Which chart do you need?",
    ),
    "data": ("/data", "What is in here, and how do I add to it?"),
    "access": ("/access", "Who may what, and who did what?"),
    "definitions": ("/definitions", "What does this mean?"),
}
WAIT = 20_000.0
_DRAWN = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    if (!app || app.dataset.testScriptState !== 'notRunning' || app.dataset.testConnectionState !== 'CONNECTED')
        return false;
    if (document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]')) return false;
    return [...document.querySelectorAll('[data-testid="stVegaLiteChart"]')]
        .every(chart => !chart.offsetParent || chart.querySelector('.marks'));
}"""


class Watch:
    """What went wrong on a page, and whom it asked."""

    def __init__(self, page: Page):
        self.asked: set[str] = set()
        self.errors: list[str] = []
        self.warnings: list[str] = []
        page.on("request", self._request)
        page.on("websocket", lambda socket: self.asked.add(urlsplit(socket.url).netloc))
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(f"page error: {error}"))
        page.on("response", self._response)

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob", "about"):
            self.asked.add(parts.netloc)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            kept = self.errors if message.type == "error" else self.warnings
            kept.append(f"console {message.type}: {message.text}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.errors.append(f"{response.status} {response.url}")


def settled(page: Page) -> Page:
    """Wait until Streamlit is idle and every chart that is not hidden is drawn."""
    page.wait_for_function(_DRAWN, timeout=WAIT, polling=50)  # not with each frame: that has all of them drawn
    return page


def visit(page: Page, address: str, title: str | None = None) -> Page:
    """Go to an address and wait for its page; title: of its first heading."""
    page.goto(address)
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(title, timeout=WAIT) if title else expect(heading).to_be_visible(timeout=WAIT)
    return settled(page)


def parameters(page: Page) -> dict[str, str]:
    """The parameters of the page's address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def says(page: Page, name: str, value: str) -> bool:
    """True once the page's address says a parameter; False where it does not within some seconds."""
    try:
        expect(page).to_have_url(re.compile(rf"[?&]{name}={value}(&|$)"), timeout=4000)
    except AssertionError:
        return False
    return True


def until(page: Page, done: Callable[[], bool], what: str, seconds: float = 15) -> None:
    """Do something again and again until it works."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, f"{what}: not within {seconds:g} s"
        page.wait_for_timeout(100)


def filter_box(page: Page, label: str) -> Locator:
    """A filter, by its label."""
    return page.get_by_role("combobox", name=label, exact=True)


def choose(page: Page, label: str, typed: str, option: str, *, shown: str = "") -> None:
    """Type part of an option's name into a filter and take the option; shown: what the box says then, if another."""
    box = filter_box(page, label)
    box.click()
    box.fill(typed)
    page.get_by_role("option", name=option, exact=True).click()
    expect(box).to_have_value(shown or option)


def menu_of(page: Page, key: str) -> Locator:
    """The button of a figure's menu, by the figure's key."""
    return page.locator(f".st-key-{key}_menu").get_by_role("button")


def in_menu(page: Page, key: str, part: str) -> Locator:
    """A button of a figure's open menu: part: a kind of file (exports.chart_files.KINDS), or 'pin'."""
    return page.locator(f".st-key-{key}_{part.replace('.', '-')}").get_by_role("button")


def downloads(page: Page, key: str, kinds: Sequence[str]) -> list[Download]:
    """Take some of a figure's files through its menu, opened once, and leave the menu closed."""
    taken = []
    menu_of(page, key).click()
    for kind in kinds:
        button = in_menu(page, key, kind)
        with page.expect_download(timeout=WAIT) as caught:
            button.click()
        taken.append(caught.value)
    expect(page.locator("[role=dialog]:focus-within")).to_be_visible()  # else Escape is not for it
    page.keyboard.press("Escape")
    expect(button).to_be_hidden()
    expect(page.get_by_role("dialog")).to_have_count(0)
    settled(page)
    return taken


def download(page: Page, key: str, kind: str) -> Download:
    """Take one of them."""
    return downloads(page, key, [kind])[0]


def content(taken: Download) -> bytes:
    """The bytes of a download."""
    return Path(taken.path()).read_bytes()


def open_table(page: Page, key: str) -> Locator:
    """Open a figure's table twin; the table, or of a long one the accessible rows of the grid that are in sight."""
    twin = page.locator(f".st-key-{key}_table")
    twin.locator("summary").click()
    table = twin.locator("table")
    expect(table).to_be_attached(timeout=WAIT)
    settled(page)
    return table


def cells(table: Locator) -> pd.DataFrame:
    """What a table on screen says, as text."""
    header = [text.strip() for text in table.locator("thead th").all_text_contents()]
    rows = table.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.querySelectorAll('th, td')].map(cell => cell.textContent.trim()))"
    )
    return pd.DataFrame(rows, columns=header)


def csv(taken: Download) -> pd.DataFrame:
    """A downloaded CSV as text."""
    return pd.read_csv(io.BytesIO(content(taken)), dtype=str, encoding="utf-8-sig", keep_default_na=False)


def on_map(map_box: dict[str, float], bounds: tuple[float, float, float, float], place: tuple[float, float]) -> Any:
    """Where on the screen a longitude and latitude lie on a map that shows bounds."""
    view = view_for(bounds, WIDTH, HEIGHT)
    world = 512 * 2**view.zoom

    def north(latitude: float) -> float:
        return log(tan(pi / 4 + radians(latitude) / 2)) / (2 * pi)

    x = map_box["x"] + map_box["width"] / 2 + world * (place[0] - view.longitude) / 360
    y = map_box["y"] + map_box["height"] / 2 - world * (north(place[1]) - north(view.latitude))
    return x, y


def click_on_map(
    page: Page,
    bounds: tuple[float, float, float, float],
    place: tuple[float, float],
    name: str,
    label: str,
) -> None:
    """Click a place on the page's map once it answers the mouse with the area's name; the filter then says it.

    A click is given again where it was lost: a press that a busy machine makes longer than a quarter of a second is
    none for the map.
    """
    chart = page.get_by_test_id("stDeckGlJsonChart").locator("#deckgl-wrapper")
    chart.scroll_into_view_if_needed()
    tooltip = page.locator(".deck-tooltip")
    at: list[float] = []

    def found() -> bool:
        box = chart.bounding_box()
        assert box is not None
        at[:] = on_map(box, bounds, place)
        page.mouse.move(at[0] + 3, at[1] + 3)
        page.mouse.move(*at)
        return tooltip.is_visible() and tooltip.inner_text() == name

    def chosen() -> bool:
        until(page, found, f"the map says {name}")
        page.wait_for_timeout(300)  # the highlight under the mouse is drawn by software, too
        page.mouse.click(*at)
        try:
            expect(filter_box(page, label)).to_have_value(name, timeout=4000)
        except AssertionError:
            return False
        return True

    until(page, chosen, f"a click chooses {name}", 40)
