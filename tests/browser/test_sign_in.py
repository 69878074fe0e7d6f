"""Sign-in with a real provider process: who gets in, where they land, what they get, and when it ends."""

import json
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from data_access import access, accounts, backup
from data_access.engine import get_engine, reading
from data_access.register_tables import audit
from tests import filled as databases
from tests import nginx
from tests.browser.screen import NARROW, PAGES, WIDE, Watch, settled, until
from tests.browser.server import Server, free_port
from tests.browser.test_accessibility import _violations
from tests.browser.test_replicas import COOKIE, Service
from tests.conftest import Postgresql, sqlite_url
from tests.exports.test_service import half_open

ACCOUNTS = {
    "officer": {"email": "Officer@example.org", "roles": ["la_officer:202"]},
    "chair": {"email": "chair@example.org", "roles": ["viewer", "editor"]},
    "guest": {"email": "guest@example.org"},
}
CLOSED = 60_000.0  # milliseconds within which an open page closes
CAMDEN = "Which schools in Camden should I talk to?"


class Provider:
    """An OpenID provider as a process of its own."""

    def __init__(self) -> None:
        self.url = f"http://localhost:{(port := free_port())}"
        users = [f"--user-claims={json.dumps({'sub': sub, **said})}" for sub, said in ACCOUNTS.items()]
        command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *users]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.metadata = f"{self.url}/.well-known/openid-configuration"

    def answers(self) -> bool:
        """True once it does."""
        try:
            with urllib.request.urlopen(self.metadata, timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def end(self) -> None:
        """Kill it."""
        self._process.kill()
        self._process.wait()


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    """The provider of this module."""
    made = Provider()
    end = time.monotonic() + 30
    while not made.answers():
        assert time.monotonic() < end, "the provider does not answer"
        time.sleep(0.1)
    yield made
    made.end()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of this module's own."""
    return databases.filled(tmp_path_factory.mktemp("signed") / "cpd.db")


def of_sign_in(provider: Provider, address: str) -> dict[str, str]:
    """The settings of a dashboard at an address on which people sign in."""
    return {
        "CPD_SIGN_IN_PROVIDER": provider.metadata,
        "CPD_SIGN_IN_CLIENT": "cpd",
        "CPD_SIGN_IN_SECRET": "secret-of-the-client",
        "CPD_COOKIE_SECRET": "signs the cookies of the tests, and is long",
        "CPD_SIGN_IN_ADDRESS": address,
    }


@pytest.fixture(scope="module")
def service(provider: Provider, file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A dashboard on which people sign in."""
    settings = of_sign_in(provider, "{url}")
    with Server(f"sqlite:///{file}", tmp_path_factory.mktemp("log") / "server.log", **settings) as running:
        yield running
        assert "secret-of-the-client" not in running.log


@pytest.fixture
def visitor(browser: Browser, service: Server) -> Iterator[Callable[..., Page]]:
    """Makes pages of browsers in which nobody has signed in."""
    made: list[BrowserContext] = []

    def make(viewport: dict[str, int] = WIDE, dark: bool = False) -> Page:
        look = "dark" if dark else "light"
        context = browser.new_context(base_url=service.url, viewport=viewport, color_scheme=look)  # type: ignore[arg-type]
        context.route(re.compile(r"^https://"), lambda route: route.abort())  # the provider's page asks for a style
        made.append(context)
        return context.new_page()

    yield make
    for context in made:
        context.close()


def sign_in(page: Page, who: str, address: str) -> Page:
    """Go to an address, sign in as somebody at the provider, and come back."""
    page.goto(address)
    page.get_by_role("button", name="Sign in").click()
    page.locator("input[name=sub]").fill(who)
    page.locator("[type=submit]").first.click()
    page.wait_for_url(re.compile(re.escape(address.partition("?")[0])))
    return settled(page)


def audited(file: Path, account: str) -> list[str]:
    """What the audit says of an account, oldest first."""
    with reading(get_engine(f"sqlite:///{file}")) as connection:
        a = audit.c
        rows = connection.execute(select(a.did, a.about).where(a.account == account).order_by(a.id)).all()
    return [f"{row.did}: {row.about}" for row in rows]


def test_every_address_asks_to_sign_in_and_shows_nothing(visitor: Callable[..., Page], service: Server) -> None:
    page = visitor()
    watch = Watch(page)
    for address in ("schools", "", "access"):  # the first one on a cold start; tests.pages has each page for each role
        page.goto(f"/{address}?la=Camden")
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        said = page.locator("body").inner_text().split()
        assert len(said) < 20, said
    assert not watch.errors, watch.errors
    for path in ("/api/v1/areas.json", "/present/latest", "/geography/regions.geojson", "/_stcore/upload_file/a/b"):
        assert service.get(path)[0] == 401


@pytest.mark.parametrize(("viewport", "dark"), [(WIDE, False), (NARROW, True)])
def test_the_door_is_accessible(visitor: Callable[..., Page], viewport: dict[str, int], dark: bool) -> None:
    page = visitor(viewport, dark)
    page.goto("/plan")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert _violations(page) == []


def test_an_officer_lands_where_they_wanted_and_sees_their_own(
    visitor: Callable[..., Page], service: Server, file: Path, tmp_path: Path
) -> None:
    page = sign_in(visitor(), "officer", "/schools?la=Camden")
    watch = Watch(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(CAMDEN)
    expect(
        page.get_by_text("Signed in as officer@example.org: may see areas and the schools of Camden.")
    ).to_be_visible()
    with page.expect_download() as begun:
        page.get_by_role("button", name=re.compile("Schools to chase")).click()
    taken = begun.value.path()
    assert "Example " in pd.read_excel(taken, sheet_name="Schools to chase", header=None).to_csv()
    link = begun.value.url
    assert not watch.errors
    page.goto("/schools?la=Leeds")
    expect(page.get_by_text("The schools of Leeds are shown to its own officers only.")).to_be_visible()
    page.goto("/access")
    expect(page.get_by_text("Your role does not let you give roles or read the audit.")).to_be_visible()
    asked = page.context.request
    own, other = (asked.get(f"/api/v1/values.json?level=school&la={name}").status for name in ("Camden", "Leeds"))
    assert (own, other) == (200, 403)
    anybody = visitor().context.request
    assert anybody.get(link).status == 401
    said = audited(file, "officer@example.org")
    assert said[0] == "signed in: "
    assert set(said[1:]) == {
        "exported schools: schools of 202, to chase",
        "exported schools: schools of 202, API",
        "was refused: see the schools of 383",
        "was refused: give roles or read the audit",
    }


def test_a_page_that_stands_open_closes_when_its_reader_signs_out_or_loses_the_role(
    visitor: Callable[..., Page], file: Path
) -> None:
    engine = get_engine(f"sqlite:///{file}")
    with access.acting_as(access.SERVICE):
        accounts.give(engine, "guest@example.org", "viewer", None, by="test")
    guest = sign_in(visitor(), "guest", "/regions")
    expect(guest.get_by_role("heading", level=1)).to_have_text(PAGES["regions"][1])
    chair = sign_in(visitor(), "chair", "/plan")
    slides = chair.context.new_page()
    slides.goto("/present/2")
    expect(slides.locator("h1")).to_have_text(re.compile("Advisory group"))
    slides.keyboard.press("d")
    slides.locator("#note-text").fill("Begun before")
    other = visitor()  # the same account in another browser
    sign_in(other, "chair", "/priorities")
    with access.acting_as(access.SERVICE), reading(engine) as connection:
        row = accounts.roles(connection).iloc[0]
    with access.acting_as(access.SERVICE):
        accounts.withdraw(engine, int(row["id"]), seen=int(row["seen"]), by="test")
    other.get_by_role("button", name="Sign out").click()
    for page in (guest, chair, slides):  # nobody touches them
        expect(page.get_by_role("heading", level=1)).to_have_text("CPD strategy dashboard", timeout=CLOSED)
        assert len(page.locator("body").inner_text().split()) < 30
    expect(guest.get_by_text("The account guest@example.org has no role here.")).to_be_visible()
    expect(chair.get_by_text("You have signed out.")).to_be_visible()
    assert chair.context.request.get("/api/v1/periods.json").status == 401
    sign_in(slides, "chair", "/plan")
    slides.goto("/present/2")
    expect(slides.locator("#note-text")).to_have_value("Begun before")
    assert audited(file, "chair@example.org")[-2].startswith("signed out")


def test_an_editor_saves_as_their_account_whatever_else_is_said(visitor: Callable[..., Page], file: Path) -> None:
    page = sign_in(visitor(), "chair", "/meeting?meeting=2")
    expect(page.get_by_text("Signed in as chair@example.org")).to_be_visible()
    expect(page.get_by_label("Your name")).to_have_count(0)
    headers = {"sec-fetch-site": "same-origin", "content-type": "application/json"}
    note = {"kind": "decision", "text": "Agreed", "by": "Somebody Else", "owner": "", "due": "", "into": ""}
    answer = page.context.request.post("/present/2/notes", data={**note, "item": None}, headers=headers)
    assert answer.status == 201, answer.text()
    assert any(said.startswith("edited: edit ") for said in audited(file, "chair@example.org"))


def test_behind_nginx_sign_in_is_of_https_from_end_to_end(
    browser: Browser, provider: Provider, file: Path, tmp_path: Path
) -> None:
    """nginx speaks http to the replica: addresses and cookies are those of https all the same."""
    port = free_port()
    folder = nginx.configured(tmp_path, [port, port])
    address = f"https://localhost:{nginx.port(folder)}"
    signed = of_sign_in(provider, address)
    with (
        Server(f"sqlite:///{file}", tmp_path / "server.log", port=port, **signed) as replica,
        nginx.run(folder),
        browser.new_context(base_url=address, viewport=WIDE, ignore_https_errors=True) as context,  # type: ignore[arg-type]
    ):
        page, asked = context.new_page(), list[str]()
        page.on("request", lambda request: asked.append(request.url))
        sign_in(page, "officer", "/schools?la=Camden")
        expect(page.get_by_role("heading", level=1)).to_have_text(CAMDEN)
        sent_back_to = {parse_qs(urlsplit(url).query)["redirect_uri"][0] for url in asked if "redirect_uri=" in url}
        assert sent_back_to == {f"{address}/oauth2callback"}
        assert not [url for url in asked if url.startswith(replica.url)]
        cookies = {cookie["name"]: cookie for cookie in context.cookies(address)}
        assert [name for name in cookies if name.startswith("_streamlit_user")]
        for name, cookie in cookies.items():
            assert (cookie["secure"], cookie["sameSite"]) == (True, "Lax"), name
            assert cookie["httpOnly"] or name == "_streamlit_xsrf", name
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("button", name="End session").click()  # the provider's
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        assert page.url.startswith(address)
        assert page.context.request.get("/api/v1/periods.json").status == 401


def test_signing_out_on_one_replica_closes_what_stands_open_on_the_other(
    browser: Browser, provider: Provider, small_database: Path, postgresql: Postgresql, tmp_path: Path
) -> None:
    """As deployed, with nginx and PostgreSQL. A thousand connections that begin no request keep nobody out."""
    engine = postgresql.make()
    backup.write(get_engine(sqlite_url(small_database)), tmp_path / "small.backup")
    backup.restore(engine, tmp_path / "small.backup")
    url = engine.url.render_as_string(hide_password=False)
    ports = [free_port(), free_port()]
    folder = nginx.configured(tmp_path, ports)
    address = f"https://localhost:{nginx.port(folder)}"
    signed = of_sign_in(provider, address)
    look = {"base_url": address, "viewport": WIDE, "ignore_https_errors": True}
    try:
        with (
            Server(url, tmp_path / "1.log", port=ports[0], **signed) as one,
            Server(url, tmp_path / "2.log", port=ports[1], **signed) as two,
            nginx.run(folder),
            browser.new_context(**look) as first,  # type: ignore[arg-type]
            browser.new_context(**look) as second,  # type: ignore[arg-type]
        ):
            behind = Service(folder, url, [one, two])
            for number, context in enumerate((first, second)):
                context.add_cookies([{"name": COOKIE, "value": behind.cookie(number), "url": address}])
            stays = sign_in(first.new_page(), "officer", "/plan")
            leaves = sign_in(second.new_page(), "officer", "/plan")
            expect(stays.get_by_role("heading", level=1)).to_have_text(PAGES["plan"][1])
            with half_open(nginx.port(folder), 1000):
                assert behind.get("/healthz")[0] == 200
            leaves.get_by_role("button", name="Sign out").click()
            expect(stays.get_by_role("heading", level=1)).to_have_text("CPD strategy dashboard", timeout=CLOSED)
            assert first.request.get("/api/v1/periods.json").status == 401
    finally:
        postgresql.drop(engine)


def test_who_has_signed_in_goes_on_while_the_provider_is_down(visitor: Callable[..., Page], provider: Provider) -> None:
    inside, outside = sign_in(visitor(), "officer", "/regions"), visitor()
    provider.end()
    until(outside, lambda: not provider.answers(), "the provider ends")
    inside.goto("/priorities")
    expect(inside.get_by_role("heading", level=1)).to_have_text(PAGES["priorities"][1])
    outside.goto("/plan")
    outside.get_by_role("button", name="Sign in").click()
    expect(outside.get_by_role("heading", level=1)).to_contain_text("the provider does not answer")
    outside.get_by_role("link", name="Back").click()
    expect(outside.get_by_role("button", name="Sign in")).to_be_visible()
