"""Ask the app's own routes, as a server would, without one."""

from dataclasses import dataclass
from typing import Any

import anyio
from starlette.applications import Starlette
from starlette.middleware import Middleware

from exports.http import SecurityHeaders, routes


@dataclass(frozen=True)
class Answer:
    """What the server answered; pieces: how many the body came in."""

    status: int
    headers: dict[str, str]
    body: bytes
    pieces: int

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


def app() -> Starlette:
    """Our routes with the headers that every answer gets."""
    return Starlette(routes=routes([]), middleware=[Middleware(SecurityHeaders)])


def ask(path: str, method: str = "GET", headers: dict[str, str] | None = None, body: bytes = b"") -> Answer:
    """One request to the app's own routes, with its headers."""
    sent: list[dict[str, Any]] = []
    received: list[bool] = []

    async def run() -> None:
        where, _, query = path.partition("?")
        given = [(name.encode(), value.encode()) for name, value in (headers or {"host": "localhost"}).items()]
        scope = {"type": "http", "method": method, "path": where, "query_string": query.encode(), "headers": given}
        scope |= {"root_path": "", "scheme": "http", "server": ("localhost", 80), "http_version": "1.1"}

        async def receive() -> dict[str, Any]:
            if received:
                await anyio.sleep_forever()  # the client neither says more nor goes away
            received.append(True)
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await app()(scope, receive, send)  # type: ignore[arg-type]

    anyio.run(run)
    found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    parts = [message.get("body", b"") for message in sent[1:]]
    return Answer(sent[0]["status"], found, b"".join(parts), sum(bool(part) for part in parts))
