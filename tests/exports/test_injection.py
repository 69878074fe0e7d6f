"""Hostile words in every parameter, path and header that the service reads: one plain sentence, obeyed nowhere."""

import io
import json
import logging
import re
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest
from lxml import etree
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from data_access.settings import settings
from exports.api import openapi
from exports.chart_choice import LONGEST
from exports.http import SecurityHeaders, routes
from exports.service import logs
from exports.service.limits import Limits
from exports.service.watched import Watched
from exports.views import registry
from pages.parts.navigation import ADDRESSES
from pages.parts.sign_in import SignedIn
from tests.hostile import HOST, UNSEEN, WORDS

pytestmark = pytest.mark.usefixtures("at_small")
# What an address needs beside the parameter that is tried.
NEEDED = {"chart.svg": {"view": "ranked"}, "chart.png": {"view": "ranked"}, "provenance.json": {}}
DRAWN = {"view": "built", "indicators": "reviewed", "period": "2011/12"}
HEADERS = [
    "host", "x-forwarded-host", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-prefix", "forwarded", "origin",
    "referer", "cookie", "authorization", "x-request-id", "user-agent", "accept-encoding", "if-none-match", "range",
    "content-type", "sec-fetch-site", "x-evil",
]  # fmt: skip


@pytest.fixture(scope="module")
def client() -> TestClient:
    """Everything that is answered beside the pages, behind what every request passes."""
    stack = [Middleware(SecurityHeaders), Middleware(Watched), Middleware(Limits, upload=1000),
             Middleware(SignedIn, pages=ADDRESSES)]  # fmt: skip
    return TestClient(Starlette(routes=routes(ADDRESSES), middleware=stack), raise_server_exceptions=False)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the service writes of it, as it writes it."""
    written, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(written), root.level
    handler.setFormatter(logs._Text("%(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
    root.setLevel("INFO")
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


def plain(answer: object, about: object) -> None:
    """A refusal in a sentence, or an answer; its headers hold nothing that was sent."""
    assert answer.status_code in (200, 304, 400, 401, 403, 404, 405, 413, 414), (about, answer.text[:300])
    said = str([(name, value) for name, value in answer.headers.items()])
    assert not re.search(r"evil|alert|\\r|\\n", said), (about, said)
    if answer.headers.get("content-type") == "application/problem+json":
        told = json.loads(answer.content)
        assert told["detail"].endswith("."), about
        assert len(told["detail"]) < 300, about
        assert not UNSEEN.search(told["detail"]), (about, told["detail"])


def one_line_each(written: str) -> None:
    """Each line begins as a record does; none as what was sent would have it."""
    for line in written.splitlines():
        assert re.match(r"(INFO|WARNING|ERROR) (cpd|httpx)[.\w]*: ", line), line
        assert not UNSEEN.search(line), line


def parameters() -> list[tuple[str, str, dict[str, str]]]:
    """Address, parameter and what else the address needs, of all that the API describes; of a table in one format."""
    views = {option: name for name, view in registry.all_views().items() for option in view.options}
    found = []
    paths = openapi.document()["paths"]
    for path, methods in paths.items():
        name = path.rpartition("/")[2]
        if name.endswith((".json", ".csv", ".parquet")) and path.rpartition(".")[0] in paths:
            continue
        for parameter in methods["get"].get("parameters", []):
            needed = {"view": views[parameter["name"]]} if parameter["name"] in views else NEEDED.get(name, {})
            found.append((path, parameter["name"], needed if name in NEEDED else {}))
    return found


def test_hostile_words_in_every_parameter_of_the_api(client: TestClient, log: io.StringIO) -> None:
    tried = parameters()
    assert len(tried) > 50
    for at, (path, name, needed) in enumerate(tried):
        if name in LONGEST or (path.endswith("png") and name != "scale"):
            continue  # see the next test; and as the other drawing, but for its size
        for word in list(WORDS.values())[at % 3 :: 3]:  # the next parameter has others: all are read alike
            answer = client.get(f"{path}?{urlencode(needed | {name: word})}")
            plain(answer, (path, name, word))
            if answer.status_code == 200:
                harmless_drawing(answer.content)
    for word in WORDS.values():
        plain(client.get(f"/api/v1/values?{urlencode({word: 'x'})}"), word)
    one_line_each(log.getvalue())


def harmless_drawing(svg: bytes) -> None:
    """A drawing that runs nothing and leads nowhere else."""
    for element in etree.fromstring(svg).iter():
        assert etree.QName(element).localname not in ("script", "foreignObject", "image", "use"), svg[:300]
        for name, value in element.attrib.items():
            assert not name.startswith("on"), (name, value)
            assert HOST not in value or name in ("aria-label", "aria-roledescription"), (name, value)


def test_hostile_words_on_a_chart_are_drawn_as_words(client: TestClient) -> None:
    words = [word[:80] for word in WORDS.values() if word.isprintable()]
    for at in range(0, len(words), 3):
        written = dict(zip(("title", "subtitle", "note"), words[at:], strict=False))
        answer = client.get(f"/api/v1/chart.svg?{urlencode(DRAWN | written)}")
        plain(answer, written)
        if answer.status_code == 200:
            harmless_drawing(answer.content)


@pytest.mark.parametrize(
    "path",
    ["/api/v1/{}", "/api/{}.csv", "/geography/{}.geojson", "/geography/regions.geojson?version={}", "/present/{}",
     "/present/2/slides/{}", "/present/2/slides/1?part={}", "/present/2/slides/1?region={}", "/{}"],
)  # fmt: skip
def test_hostile_words_in_paths(client: TestClient, log: io.StringIO, path: str) -> None:
    for word in WORDS.values():
        answer = client.get(path.format(quote(word, safe="")))
        plain(answer, (path, word))
        if "html" in answer.headers["content-type"]:
            assert not re.search(r"<(script|img|svg)[^>]*(evil|alert|onload)|<script>alert", answer.text), word
    one_line_each(log.getvalue())


@pytest.mark.parametrize("signed", [False, True])
def test_hostile_words_in_headers(
    client: TestClient, log: io.StringIO, monkeypatch: pytest.MonkeyPatch, signed: bool
) -> None:
    if signed:
        monkeypatch.setattr(settings(), "sign_in_provider", "http://localhost:1/.well-known/openid-configuration")
        monkeypatch.setattr(settings(), "sign_in_client", "cpd")
        monkeypatch.setattr(settings(), "sign_in_secret", SecretStr("secret"))
        monkeypatch.setattr(settings(), "cookie_secret", SecretStr("signs the cookies of the tests, and is long"))
    for name in HEADERS:
        for word in WORDS.values():
            value = {"authorization": f"Bearer {word}", "cookie": f"_streamlit_user={word}"}.get(name, word)
            answer = client.get("/api/v1/periods.json", headers=[(name.encode(), value.encode())])
            plain(answer, (name, word))
            assert not signed or answer.status_code == 401
    one_line_each(log.getvalue())


def test_a_drawing_keeps_the_host_that_it_was_asked_at_as_words(client: TestClient) -> None:
    for word in WORDS.values():
        answer = client.get("/api/v1/chart.svg?view=trajectory&indicator=reviewed", headers=[(b"host", word.encode())])
        plain(answer, word)
        if answer.status_code == 200:
            etree.fromstring(answer.content)
