"""What whoever runs the service asks of it: health, logs without secrets, bounded counts, limits."""

import json
import logging
import re
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import uvicorn
from pydantic import SecretStr, ValidationError
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from data_access.engine import get_engine, reading
from data_access.errors import DatabaseProblem, ImportRefused
from data_access.settings import Settings, settings
from exports.http import SecurityHeaders
from exports.service import __main__ as service
from exports.service import health, limits, logs, metrics
from exports.service.limits import Limits
from exports.service.watched import Watched
from tests.conftest import sqlite_url
from tests.data_access.test_reference_imports import TARGETS, bring

UPLOAD = 300_000


async def _echo(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


def _fails(_request: Request) -> Response:
    raise RuntimeError("a fault of ours, with the cookie _streamlit_user=abcdef12345")


def _cookies(_request: Request) -> Response:
    answer = PlainTextResponse("")
    answer.set_cookie("a", "1")
    answer.set_cookie("b", "1", secure=True)
    return answer


@pytest.fixture
def client() -> TestClient:
    """The service's own addresses, and three of the tests."""
    routes = [
        *health.routes(),
        *metrics.routes(),
        Route("/fails", _fails),
        Route("/cookies", _cookies),
        Route("/{rest:path}", _echo, methods=["GET", "POST", "PUT"]),
    ]
    stack = [Middleware(SecurityHeaders), Middleware(Watched), Middleware(Limits, upload=UPLOAD)]
    return TestClient(Starlette(routes=routes, middleware=stack), raise_server_exceptions=False)


def test_alive_is_no_question_of_the_database(
    client: TestClient, small_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file, ready in ((small_database, 200), (tmp_path / "none.db", 503)):
        monkeypatch.setattr("data_access.engine.get_engine", lambda file=file: get_engine(sqlite_url(file)))
        assert client.get("/healthz").json() == {"status": "ok"}
        answer = client.get("/readyz")
        assert answer.status_code == ready
        assert ("There is no database" in answer.json().get("error", "")) == (ready == 503)
    monkeypatch.setattr(settings(), "sign_in_provider", "https://provider.example")  # who watches does not sign in
    monkeypatch.setattr("data_access.engine.get_engine", lambda: get_engine(sqlite_url(small_database)))
    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize("given", ["abc-123", "A" * 64])
def test_a_harmless_request_id_is_kept(client: TestClient, given: str) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": given}).headers["x-request-id"] == given


@pytest.mark.parametrize("given", [b"", b"A" * 65, b"a b", b"a;rm", b"<b>", b"\xe2\x82\xac", b"a\tb", b'{"a":1}'])
def test_any_other_is_replaced(client: TestClient, given: bytes) -> None:
    made = client.get("/healthz", headers=[(b"x-request-id", given)]).headers["x-request-id"]
    assert len(made) == 32
    assert made.isalnum()


def test_a_fault_is_a_sentence_with_the_number_that_the_log_has(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client.get("/fails")
    assert answer.status_code == 500
    assert answer.headers["x-request-id"] in answer.text
    assert "RuntimeError" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "A request could not be answered" in caplog.text


def test_the_log_holds_no_secret(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(settings(), "sign_in_secret", SecretStr("client-secret-1"))
    monkeypatch.setattr(settings(), "cookie_secret", SecretStr("cookie-secret-2"))
    said = (
        "client-secret-1 cookie-secret-2 postgresql://cpd:pass-word-3@host/cpd Authorization: Bearer abc.def.ghi4 "
        "Cookie: _streamlit_user=cookie-value-5; x=1 /oauth2callback?code=code-6&state=s"
    )
    for form in (logs._Text(), logs._Json()):
        record = logging.LogRecord("cpd", logging.ERROR, "x.py", 1, "%s", (said,), None)
        written = form.format(record)
        for secret in ("secret-1", "secret-2", "word-3", "ghi4", "value-5", "code-6"):
            assert secret not in written
        assert "cpd:" in written
    logs.request_id.set("abc")
    logs.session.set(logs.short("session-7"))
    told = json.loads(logs._Json().format(logging.LogRecord("cpd", logging.INFO, "x.py", 1, "line\nnext", (), None)))
    assert (told["request"], told["message"]) == ("abc", "line\nnext")
    assert "session-7" not in told["session"]
    assert len(told["session"]) == 12


@pytest.mark.parametrize(
    "said",
    [
        "password=word-8 for user cpd",
        'password authentication failed, password "word-8"',
        "postgresql://cpd:pa@word-8@host/cpd",
        "the pass pa@word-8 alone",
        "the pass pa%40word-8 alone",
        "Cookie: session=word-8; other=word-8",
        "{'cookie': 'session=word-8', 'x': 1}",
        '_streamlit_user="word-8"',
        "_streamlit_xsrf=word-8",
        "Authorization: word-8",
        "Authorization: Token word-8",
        "authorization=Bearer word-8",
    ],
)
def test_however_a_secret_is_written_the_log_has_it_not(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setattr(settings(), "database_url", "postgresql://cpd:pa%40word-8@host/cpd")
    record = logging.LogRecord("cpd", logging.ERROR, "x.py", 1, "%s", (said,), None)
    record.said = {"path": said}
    for form in (logs._Text(), logs._Json()):
        assert "word-8" not in form.format(record)


def test_a_message_forges_no_line() -> None:
    record = logging.LogRecord("cpd", logging.ERROR, "x.py", 1, "%s", ("a\nERROR cpd: forged",), None)
    for form in (logs._Text(), logs._Json()):
        assert "\n" not in form.format(record)


def test_an_address_forges_no_line_and_tells_no_secret(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(settings(), "cookie_secret", SecretStr("cookie-secret-2"))
    with caplog.at_level(logging.INFO, logger="cpd.requests"):
        client.get("/x%0AERROR cpd: forged/cookie-secret-2")
    (line,) = [record.getMessage() for record in caplog.records if record.name == "cpd.requests"]
    assert "\n" not in line
    assert "cookie-secret-2" not in line


@pytest.fixture
def root_logger() -> Iterator[logging.Logger]:
    """The root logger, put back afterwards."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield root
    root.handlers[:] = before
    root.setLevel(level)


def test_the_settings_say_how_it_is_logged(
    root_logger: logging.Logger, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(settings(), "log_format", "json")
    monkeypatch.setattr(settings(), "log_level", "info")
    logs.begin()
    for name in ("uvicorn", "uvicorn.error"):  # what runs pages in tests leaves them at warnings
        logging.getLogger(name).setLevel(logging.NOTSET)
    logging.getLogger("uvicorn.error").info("Started")
    logging.getLogger("cpd.x").debug("not kept")
    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line)["logger"] == "uvicorn.error"


def test_metrics_are_off_until_asked_for_and_no_address_makes_a_series(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/metrics").status_code == 404
    monkeypatch.setattr(settings(), "metrics", True)
    client.get("/api/v1/areas.json")
    with metrics.redraw("regions"):
        pass
    before = client.get("/metrics").text
    assert 'cpd_redraw_seconds_count{page="regions"}' in before
    assert 'cpd_requests_total{method="GET",room="api",status="200"}' in before
    series = before.count("\n")
    for number in range(50):
        client.get(f"/hostile-{number}/../{number}")
        client.request(f"ODD{number}", "/x")
    assert client.get("/metrics").text.count("\n") < series + 60  # one room and one method more, with their buckets


def test_metrics_count_imports_and_what_the_database_could_not_do(
    client: TestClient, small_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "metrics", True)

    def counted() -> dict[str, float]:
        lines = re.findall(r"^(cpd_(?:imports|database_problems)_total\S+) (\S+)$", client.get("/metrics").text, re.M)
        return {name: float(value) for name, value in lines}

    before, engine = counted(), get_engine(sqlite_url(small_copy))
    for content, dry_run in ((TARGETS, True), (TARGETS, False)):
        bring(engine, tmp_path / "targets.csv", content, dry_run=dry_run)
    with pytest.raises(ImportRefused):
        bring(engine, tmp_path / "targets.csv", TARGETS.replace("202", "999"))
    with pytest.raises(DatabaseProblem), reading(engine) as connection:
        connection.execute(text("select secret from nowhere"))
    new = {name: value - before.get(name, 0) for name, value in counted().items()}
    assert {name: value for name, value in new.items() if value} == {
        'cpd_imports_total{outcome="done"}': 1,
        'cpd_imports_total{outcome="refused"}': 1,
        'cpd_database_problems_total{kind="DatabaseOlder"}': 1,
    }


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/present/2/notes", limits.BODY, 200),
        ("/present/2/notes", limits.BODY + 1, 413),
        ("/_stcore/upload_file/a/b", UPLOAD, 200),
        ("/_stcore/upload_file/a/b", UPLOAD + 1, 413),
        ("/_stcore/upload_filed", UPLOAD, 413),
        ("/api/v1/values?x=" + "y" * limits.ADDRESS, 0, 414),
    ],
)
@pytest.mark.parametrize("streamed", [False, True])
def test_what_is_too_long_is_refused(client: TestClient, path: str, size: int, status: int, streamed: bool) -> None:
    parts = [10_000] * (size // 10_000) + [size % 10_000]
    answer = client.put(path, content=(b"x" * part for part in parts) if streamed else b"x" * size)
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize("length", ["-1", "1e3", "9" * 400, "0x10"])
def test_a_length_that_is_no_number_is_refused(client: TestClient, length: str) -> None:
    assert client.post("/x", headers={"content-length": length}).status_code == 413


def test_behind_https_every_cookie_is_of_https(client: TestClient) -> None:
    behind = {"X-Forwarded-Proto": "https"}
    for headers, secure in (({}, 1), (behind, 2)):
        given = client.get("/cookies", headers=headers).headers.get_list("set-cookie")
        assert [cookie.partition("=")[0] for cookie in given] == ["a", "b"]
        assert sum("; secure" in cookie.lower() for cookie in given) == secure
        assert all(cookie.lower().count("secure") <= 1 for cookie in given)


@pytest.mark.parametrize("named", ["", "127.0.0.1", "10.0.0.0/8, ::1", "*"])
def test_only_proxies_that_are_named_are_believed(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    told: list[str] = []
    monkeypatch.setattr(service.Replica, "run", lambda self: told.append(self.config.forwarded_allow_ips))
    monkeypatch.setattr(uvicorn.Config, "load_app", lambda _self: None)
    monkeypatch.setattr(service, "few_heaps", lambda: None)
    monkeypatch.setattr(service.signal, "signal", lambda *_: None)
    monkeypatch.setattr(sys, "argv", ["exports.service"])
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "192.0.2.1")  # uvicorn's own, which no setting tells of
    monkeypatch.setattr(settings(), "proxies", Settings(proxies=named).proxies)
    service.main()
    assert told == [named]


@pytest.mark.parametrize("named", ["localhost", "nginx", "10.0.0.1/8", "*, 10.0.0.1", "10.0.0.1 10.0.0.2"])
def test_a_proxy_that_would_never_be_believed_is_a_wrong_setting(named: str) -> None:
    with pytest.raises(ValidationError, match="addresses or networks"):
        Settings(proxies=named)


def test_every_answer_is_guarded(client: TestClient) -> None:
    plain = client.get("/healthz").headers
    assert plain["x-frame-options"] == "DENY"
    assert "camera=()" in plain["permissions-policy"]
    assert "strict-transport-security" not in plain
    behind = client.get("/healthz", headers={"X-Forwarded-Proto": "https"}).headers
    assert behind["strict-transport-security"].startswith("max-age=")
    for odd in ("evil.example", "a\u00e9", "localhost:1\\@x"):
        answer = client.get("/healthz", headers={b"host": odd.encode("latin-1")})
        assert "evil" not in str(answer.headers)


@pytest.mark.parametrize(
    ("origin", "taken"),
    [("http://testserver", True), ("", True), ("https://evil.example", False), ("null", False), ("http://[x", False)],
)
def test_pages_of_other_servers_open_no_socket(origin: str, taken: bool) -> None:
    async def talks(scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.close"})

    client = TestClient(Limits(talks, upload=UPLOAD))
    headers = {"origin": origin} if origin else {}
    if taken:
        with client.websocket_connect("/_stcore/stream", headers=headers):
            return
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/_stcore/stream", headers=headers):
        pass


def half_open(port: int, count: int) -> ExitStack:
    """So many connections that begin a request and do not end it."""
    held = ExitStack()
    for _ in range(count):
        each = held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
        each.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
    return held
