"""Two replicas behind the real nginx, over a real PostgreSQL: each browser keeps to its own, files go up and down,
what is new reaches both, and one that dies costs its users a reload."""

import csv
import io
import ssl
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from data_access import backup
from data_access.engine import get_engine
from data_access.files.mapping import to_yaml
from data_access.settings import PROJECT
from tests import nginx
from tests.browser.screen import WAIT, WIDE, content, download, settled
from tests.browser.server import Server, environment
from tests.conftest import Postgresql, sqlite_url
from tests.data_access.files import CAMDEN, line, mapping, write

REACHES = 5.0  # seconds in which every replica has what is new
COOKIE = "cpd_replica"


@dataclass
class Service:
    """What runs, and how to ask it."""

    folder: Path
    database_url: str
    replicas: list[Server]

    @property
    def url(self) -> str:
        """nginx's address with TLS."""
        return f"https://localhost:{nginx.port(self.folder)}"

    def get(self, path: str, cookie: str = "", url: str = "") -> tuple[int, dict[str, str], str]:
        """Status, headers and text of an address behind nginx."""
        asked = urllib.request.Request(
            (url or self.url) + path, headers={"Cookie": f"{COOKIE}={cookie}"} if cookie else {}
        )
        try:
            with OPENER.open(asked, timeout=30) as answer:
                return answer.status, dict(answer.headers), answer.read().decode(errors="replace")
        except urllib.error.HTTPError as error:
            return error.code, dict(error.headers), error.read().decode(errors="replace")

    def of(self, cookie: str) -> int:
        """Which replica a browser with this cookie is on, by what nginx writes when it has answered."""
        log, before = self.folder / "access.log", 0
        if log.exists():
            before = log.stat().st_size
        self.get("/healthz", cookie)
        until = time.monotonic() + WAIT / 1000
        while True:
            for told in log.read_text(encoding="utf-8")[before:].splitlines(keepends=True):
                if told.startswith(f"{cookie} ") and told.endswith("\n"):
                    return [replica.port for replica in self.replicas].index(int(told.strip().split(":")[-1]))
            assert time.monotonic() < until, "nginx does not say who answered"
            time.sleep(0.02)

    def cookie(self, replica: int) -> str:
        """The cookie of a browser on a replica."""
        return next(f"browser{number}" for number in range(40) if self.of(f"browser{number}") == replica)


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Follow nothing."""


_UNCHECKED = ssl.create_default_context()
_UNCHECKED.check_hostname, _UNCHECKED.verify_mode = False, ssl.CERT_NONE  # a certificate of the test's own
OPENER = urllib.request.build_opener(urllib.request.HTTPSHandler(context=_UNCHECKED), _Stay)


@pytest.fixture(scope="module")
def service(
    small_database: Path, postgresql: Postgresql, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("replicas")
    engine = postgresql.make()
    backup.write(get_engine(sqlite_url(small_database)), folder / "small.backup")
    backup.restore(engine, folder / "small.backup")
    url = engine.url.render_as_string(hide_password=False)
    try:
        with Server(url, folder / "1.log") as one, Server(url, folder / "2.log") as two:
            nginx.configured(folder, [one.port, two.port])
            with nginx.run(folder):
                yield Service(folder, url, [one, two])
    finally:
        postgresql.drop(engine)


@pytest.fixture
def opened(service: Service, browser: Browser) -> Iterator[Any]:
    """opened(cookie, path): a page of a browser that has this cookie."""
    contexts: list[BrowserContext] = []

    def make(cookie: str, path: str) -> Page:
        context = browser.new_context(base_url=service.url, viewport=WIDE, ignore_https_errors=True)  # type: ignore[arg-type]
        contexts.append(context)
        context.add_cookies([{"name": COOKIE, "value": cookie, "url": service.url}])
        page = context.new_page()
        page.goto(path)
        settled(page)
        return page

    yield make
    for context in contexts:
        context.close()


def test_the_door(service: Service) -> None:
    """TLS only, one cookie for each browser, and nothing for those who run it."""
    status, headers, text = service.get("/")
    assert (status, "CPD strategy dashboard" in text) == (200, True)
    assert "max-age" in headers["Strict-Transport-Security"]
    given = headers["Set-Cookie"]
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(given.split("; "))
    cookie = given.split(";")[0].split("=")[1]
    assert "Set-Cookie" not in service.get("/", cookie)[1]
    assert len({service.of(cookie) for _ in range(4)}) == 1
    assert {service.get(path)[0] for path in ("/metrics", "/readyz")} == {404}
    plain = next(each for each in (service.folder / "nginx.conf").read_text().split("listen ")[1:] if ";" in each[:20])
    status, headers, _ = service.get("/data", url=f"http://{plain.split(';')[0]}")
    assert (status, headers["Location"].startswith("https://")) == (301, True)
    assert service.cookie(0) != service.cookie(1)


def test_files_go_up_and_down_on_both(service: Service, opened: Any, tmp_path: Path) -> None:
    """Uploads and downloads are requests of their own: beside the page's replica they would fail."""
    file = write(tmp_path / "mine.csv", [line(CAMDEN, 7, 50)])
    for replica in (0, 1):
        page = opened(service.cookie(replica), "/data")
        page.locator("input[type=file]").first.set_input_files(file)
        expect(page.get_by_role("heading", name="What its columns mean")).to_be_visible()
        page.goto("/regions?indicator=reviewed")
        settled(page)
        assert len(content(download(page, "ranked_region", "csv"))) > 100


def test_what_is_loaded_beside_them_reaches_both(service: Service, tmp_path: Path) -> None:
    """Both have answered from the old version before, so that what they keep of it is tried, too."""
    file = write(tmp_path / "new.csv", [line(CAMDEN, 9, 50)])
    (tmp_path / "map.yaml").write_text(to_yaml(mapping()), encoding="utf-8")
    cookies = [service.cookie(0), service.cookie(1)]
    before = [_version(replica) for replica in service.replicas]
    assert "18" not in [_camden(service, cookie) for cookie in cookies]
    done = subprocess.run(
        [sys.executable, "-m", "data_access", "import", str(file), "--mapping", str(tmp_path / "map.yaml")],
        cwd=PROJECT, env=environment(service.database_url), capture_output=True, text=True, check=False,
    )  # fmt: skip
    written = time.monotonic()
    assert done.returncode == 0, done.stderr
    while [_camden(service, cookie) for cookie in cookies] != ["18", "18"]:
        assert time.monotonic() - written < REACHES
    assert [_version(replica) for replica in service.replicas] == [each + 1 for each in before]


def _camden(service: Service, cookie: str) -> str:
    """What a browser's replica says of Camden; empty where it has no value."""
    status, _, text = service.get("/api/v1/values.csv?indicator=duplicated_offers&level=la&period=2011/12", cookie)
    assert status == 200, text[:300]
    return next((row["value"] for row in csv.DictReader(io.StringIO(text)) if "Camden" in row.values()), "")


def _version(replica: Server) -> int:
    status, told = replica.health()
    assert status == 200, told
    return int(str(told["data_version"]))


def test_a_replica_that_dies_under_load_costs_a_reload(service: Service, opened: Any) -> None:
    """Kept last: one replica is gone afterwards."""
    cookies = [service.cookie(0), service.cookie(1)]
    pages = [opened(cookie, "/overview?region=London") for cookie in cookies]
    statuses: list[int] = []
    stop = threading.Event()

    def load(cookie: str) -> None:
        while not stop.is_set():
            statuses.append(service.get("/api/v1/indicators.csv", cookie)[0])
            time.sleep(0.1)

    threads = [threading.Thread(target=load, args=[cookie]) for cookie in cookies]
    for thread in threads:
        thread.start()
    try:
        time.sleep(0.5)
        service.replicas[0]._process.kill()
        for page in pages:
            page.reload()
            expect(page.get_by_role("heading", level=1)).to_have_text("Are we on track?")
            settled(page)
            expect(page.get_by_role("combobox", name="Region").first).to_have_value("London")
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert len(statuses) > 4
    assert set(statuses) == {200}
    assert service.of(cookies[0]) == service.of(cookies[1]) == 1
