"""A filled dashboard and a browser that notices every request to another host and every console error."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

from tests import filled as databases
from tests.browser.screen import CHROMIUM, WAIT, WIDE, Watch
from tests.browser.server import Server

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs a browser."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass(frozen=True)
class Filled:
    """A filled database."""

    file: Path

    @property
    def url(self) -> str:
        """Its address."""
        return f"sqlite:///{self.file}"


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """A database filled as `make run` fills it; not to be written to."""
    return Filled(databases.filled(tmp_path_factory.mktemp("served") / "cpd.db"))


@pytest.fixture(scope="session")
def server(filled: Filled, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A dashboard that all tests share."""
    with Server(filled.url, tmp_path_factory.mktemp("log") / "server.log") as running:
        running.lasting = True
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium where it is installed, else Playwright's own."""
    with sync_playwright() as playwright:
        expect.set_options(timeout=WAIT)  # machines that run tests are shared: a page may take its time
        running = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
        yield running
        running.close()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers of the test's own, which end after the test's pages: serve(url, plain=False, **environment)."""
    with ExitStack() as running:

        def start(url: str, **how: Any) -> Server:
            return running.enter_context(Server(url, tmp_path / "server.log", **how))

        yield start


@pytest.fixture(scope="session")
def contexts() -> dict[tuple[Any, ...], BrowserContext]:
    """Browsers' profiles that tests use one after the other: what a page loads is compiled once in each."""
    return {}


@pytest.fixture
def new_page(
    browser: Browser, serve: Callable[..., Server], contexts: dict[tuple[Any, ...], BrowserContext]
) -> Iterator[Callable[..., Page]]:
    """Makes watched pages; after the test none may have asked another host or, unless lenient, logged an error.

    Calls: new_page(server, viewport=WIDE, dark=False, lenient=False). Each page of a test has a profile of its own,
    which the test finds empty. Depends on serve, so that pages are closed first.
    """
    used: dict[tuple[Any, ...], Page] = {}
    own: list[BrowserContext] = []
    watched: list[tuple[str, Watch, bool]] = []

    def make(server: Server, viewport: dict[str, int] = WIDE, dark: bool = False, lenient: bool = False) -> Page:
        def profile() -> BrowserContext:
            return browser.new_context(
                base_url=server.url,
                viewport=viewport,  # type: ignore[arg-type]
                color_scheme="dark" if dark else "light",
                accept_downloads=True,
            )

        if server.lasting:
            look = (*viewport.values(), dark)
            key = next((*look, number) for number in count() if (*look, number) not in used)
            contexts[key] = contexts.get(key) or profile()
            page = used[key] = contexts[key].new_page()
        else:
            own.append(profile())
            page = own[-1].new_page()
        watched.append((f"localhost:{server.port}", Watch(page), lenient))
        return page

    yield make
    for context in own:
        context.close()
    for key, page in used.items():
        if not _emptied(page):
            contexts.pop(key).close()
    for host, watch, lenient in watched:
        assert watch.asked <= {host}, f"Other hosts were asked: {watch.asked - {host}}"
        assert lenient or not watch.errors, "\n".join(watch.errors)


def _emptied(page: Page) -> bool:
    """Leave a page's profile as a new one; False where the page cannot say that it kept nothing."""
    context = page.context
    try:
        context.set_offline(False)
        context.clear_permissions()
        context.clear_cookies()
        page.evaluate("localStorage.clear(), sessionStorage.clear()")
        for each in context.pages:
            each.close()
    except Error:
        return False
    return True


@pytest.fixture
def page(new_page: Callable[..., Page], server: Server) -> Page:
    """A light page of 1440 x 900 on the shared dashboard."""
    return new_page(server)
