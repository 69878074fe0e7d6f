"""Requests that are too long are refused before they are read: in their address, and in their body."""

from typing import Final

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ADDRESS: Final = 8_000  # bytes of path and query
BODY: Final = 100_000  # bytes of any request but an upload
UPLOAD: Final = "/_stcore/upload_file/"
TOO_LONG: Final = "The address is too long. Choose fewer things at once."
TOO_LARGE: Final = "What was sent is too large; nothing was kept of it."


class _TooLarge(Exception):
    """More came than is taken."""


def _from_ourselves(headers: Headers) -> bool:
    """True unless a browser says that a page of another server asks."""
    origin = headers.get("origin")
    return origin is None or origin.partition("://")[2] == headers.get("host")


class Limits:
    """Pure ASGI middleware. upload: bytes that a file may have with what the browser sends around it."""

    def __init__(self, app: ASGIApp, upload: int):
        self.app, self.upload = app, upload

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is short enough."""
        if scope["type"] == "websocket" and not _from_ourselves(Headers(scope=scope)):
            # Streamlit would refuse it, too, but first ask a host elsewhere what this machine's address is.
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if len(scope["raw_path"] or b"") + len(scope["query_string"]) > ADDRESS:
            await PlainTextResponse(TOO_LONG, 414)(scope, receive, send)
            return
        most = self.upload if scope["path"].startswith(UPLOAD) else BODY
        said = Headers(scope=scope).get("content-length", "0")
        if not said.isdecimal() or int(said[:15]) > most:
            await PlainTextResponse(TOO_LARGE, 413)(scope, receive, send)
            return
        came, begun = 0, False

        async def receiving() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > most:
                raise _TooLarge
            return message

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receiving, sending)
        except _TooLarge:
            if not begun:
                await PlainTextResponse(TOO_LARGE, 413)(scope, receive, send)
