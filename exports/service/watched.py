"""Each request gets an id, a line in the log and a place in the counts."""

import logging
import re
import time
from typing import Final
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from exports.service import logs, metrics

log = logging.getLogger("cpd.requests")
NAME: Final = "x-request-id"
_HARMLESS: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Watched:
    """Pure ASGI middleware, within the security headers: also the last to catch a fault of ours."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, then say what became of it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get(NAME, "")
        number = given if _HARMLESS.fullmatch(given) else uuid4().hex
        token, started, status = logs.request_id.set(number), time.perf_counter(), 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(raw=message.setdefault("headers", []))[NAME] = number
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except Exception:
            log.exception("A request could not be answered")
            if scope["type"] == "http" and not status:
                sentence = f"This could not be answered. Tell whoever runs this service, with the number {number}."
                await PlainTextResponse(sentence, 500)(scope, receive, sending)
        finally:
            seconds = time.perf_counter() - started
            if scope["type"] == "http":
                metrics.answered(scope["method"], scope["path"], status, seconds)
            said = {
                "method": scope.get("method", "WEBSOCKET"),
                # No line of its own for whoever sends a line's end, and no secret that stands in an address.
                "path": logs.masked(scope["path"][:200].encode("unicode_escape").decode()),
                "status": status,
                "ms": round(seconds * 1000, 1),
            }
            log.info("%(method)s %(path)s %(status)s", said, extra={"said": said})
            logs.request_id.reset(token)
