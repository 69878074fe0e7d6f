"""The service as a process: slow clients keep nobody out and are let go, and what is sent raw forges no header or line.

nginx and uvicorn have less patience here than in deploy/, so that the tests need none.
"""

import asyncio
import json
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.frames import Frame, Opcode

from tests import nginx
from tests.benchmarks.client import open_session
from tests.browser.server import Server
from tests.conftest import sqlite_url
from tests.hostile import UNSEEN, WORDS

SOON, PATIENCE = 2.0, 40.0  # seconds in which others are answered, and in which a slow one is let go
SLOW = 40  # clients
HEAD = b"POST /present/2/notes HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n"
SHAKE = (
    b"GET /_stcore/stream HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


@pytest.fixture(scope="module")
def server(small_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A service that counts, asks each browser every second whether it is there, and logs each request."""
    log = tmp_path_factory.mktemp("serving") / "server.log"
    told = ["--ws-ping-interval", "1", "--ws-ping-timeout", "1", "--no-access-log"]
    settings = {"CPD_METRICS": "true", "CPD_LOG_LEVEL": "info", "CPD_LOG_FORMAT": "json"}
    with Server(sqlite_url(small_database), log, told=told, **settings) as running:
        yield running


def others_are_answered(server: Server) -> None:
    started = time.monotonic()
    assert server.get("/healthz")[0] == 200
    assert time.monotonic() - started < SOON


def until(true: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.1)


def test_who_drips_a_request_is_cut_off_by_nginx_and_others_are_served(server: Server, tmp_path: Path) -> None:
    folder = nginx.configured(tmp_path, [server.port, server.port])
    file = folder / "nginx.conf"
    hasty, count = re.subn(r"(client_\w+_timeout) +\d+s", r"\1 1s", file.read_text(encoding="utf-8"))
    assert count == 2
    file.write_text(hasty, encoding="utf-8")
    unchecked = ssl.create_default_context()
    unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE  # a certificate of the test's own
    with nginx.run(folder), ExitStack() as held:
        clients = []
        for number in range(SLOW):
            plain = held.enter_context(socket.create_connection(("127.0.0.1", nginx.port(folder)), timeout=PATIENCE))
            clients.append(held.enter_context(unchecked.wrap_socket(plain, server_hostname="localhost")))
            # One half in the middle of a header, and goes on dripping; the other half in a body, and falls silent.
            clients[-1].sendall(HEAD + (b"X-Slow: " if number % 2 else b"\r\n{"))
        for _ in range(10):
            for client in clients[1::2]:
                with suppress(OSError):  # cut already
                    client.sendall(b"a")
            others_are_answered(server)
            time.sleep(0.2)
        for client in clients:
            with suppress(OSError):  # without a word, which is as good
                assert client.recv(100) == b"" or b"408" in client.recv(100)
    assert "/present" not in server.log  # none of it came as far as a replica


def test_who_never_reads_their_page_is_let_go_and_others_see_theirs(server: Server) -> None:
    def sessions() -> float:
        found = re.search(r"^cpd_sessions (\S+)$", server.get("/metrics")[1], flags=re.MULTILINE)
        assert found
        return float(found.group(1))

    message = BackMsg()
    message.rerun_script.query_string = "la=Camden"
    asked = Frame(Opcode.BINARY, message.SerializeToString()).serialize(mask=True)
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.connect(("127.0.0.1", server.port))
        deaf.sendall(SHAKE)
        until(lambda: sessions() == 1, "the session does not begin")
        for _ in range(20):
            with suppress(OSError):  # let go already
                deaf.sendall(asked)

        async def another() -> str:
            session = await open_session(server.port, page="regions")
            async with session.socket:
                return (await session.rerun()).title()

        assert asyncio.run(another()) == "Which regions and authorities lead or lag?"
        others_are_answered(server)
        until(lambda: sessions() == 0, "who never reads is not let go")


def test_what_is_sent_raw_forges_no_header_and_no_line(server: Server) -> None:
    names = ["Host", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Request-ID", "Origin", "Cookie",
             "Authorization", "Content-Length", "Transfer-Encoding", "Upgrade"]  # fmt: skip
    for name in names:
        for word in WORDS.values():
            with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as client:
                host = b"" if name == "Host" else b"Host: localhost\r\n"
                lines = f"{name}: {word}\r\nConnection: close\r\n\r\n".encode()
                client.sendall(b"GET /healthz HTTP/1.1\r\n" + host + lines)
                heard = client.recv(65_536)
            head = heard.partition(b"\r\n\r\n")[0].decode("latin-1").lower()
            assert re.match(r"http/1.1 (200|400|413|431) ", head), (name, word, head)
            assert not re.search(r"evil|set-cookie|alert", head), (name, word, head)
    for line in server.log.splitlines():
        assert {"level", "logger", "message"} <= set(json.loads(line)), line  # the server's and Streamlit's, too
        assert not UNSEEN.search(line), line
