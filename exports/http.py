"""What leaves over HTTP beside the pages: outlines, a health check, slides, the API, and every answer's headers.

The rooms behind it are imported where they are asked for: the server listens before they are loaded.
"""

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from exports.api import answers as api
from exports.deck import answers
from exports.service import health, metrics

OUTLINES = "/geography/{name}.geojson"


def outlines_url(name: str, version: int) -> str:
    """The address, on this server, of the outlines of 'regions' or 'local_authorities' at a data version."""
    return f"{OUTLINES.format(name=name)}?version={version}"


def _outlines(request: Request) -> Response:
    from data_access.engine import get_engine
    from data_access.errors import DataAccessError
    from data_access.migrate import ready
    from exports import outlines

    try:
        current = ready(get_engine())
        given = request.query_params.get("version", "")
        version = int(given) if given.isdecimal() and len(given) < 10 else current
        content = outlines.geojson(request.path_params["name"], min(version, current))
    except KeyError:
        return JSONResponse({"error": "There are outlines of regions and local_authorities only."}, status_code=404)
    except DataAccessError as error:
        return JSONResponse({"error": str(error)}, status_code=503)
    return Response(content, media_type="application/geo+json", headers={"Cache-Control": "public, max-age=86400"})


def _index(_request: Request) -> Response:
    return HTMLResponse(index_html(), headers={"Cache-Control": "no-cache"})


def routes(page_paths: Sequence[str]) -> list[Route]:
    """Our routes beside Streamlit's: every page's address, outlines of the maps, health check, slides, the API."""
    pages = [Route(f"/{path}", _index) for path in page_paths]
    own = [Route(OUTLINES.replace("{name}", "{name:str}"), _outlines)]
    return [*pages, *own, *health.routes(), *metrics.routes(), *answers.routes(), *api.routes()]


@lru_cache
def index_html() -> str:
    """Streamlit's page shell with our title, told where its server is.

    Without that it first looks for a server below each page's own address, and the browser logs an error for each miss.
    """
    shell = (Path(str(files("streamlit"))) / "static" / "index.html").read_text(encoding="utf-8")
    told = "<script>window.__streamlit = { BACKEND_BASE_URL: window.location.origin }</script>"
    return shell.replace("<title>Streamlit</title>", f"<title>CPD strategy dashboard</title>{told}")


@lru_cache
def content_policy() -> str:
    """The content security policy: this server and nothing else; the shell's inline scripts by their hashes."""
    inline = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", index_html(), flags=re.DOTALL)
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in inline)
    return (
        f"default-src 'none'; script-src 'self' blob: 'wasm-unsafe-eval' {hashes}; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
        "frame-src 'self'; worker-src 'self' blob:; manifest-src 'self'; media-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
    )


# What every answer carries unless it says otherwise itself.
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def _of_https(cookie: bytes) -> bytes:
    """A cookie that browsers send over https only: Streamlit's do not say so, since they may be of http."""
    said = [part.strip().lower() for part in cookie.split(b";")[1:]]
    return cookie if b"secure" in said else cookie + b"; Secure"


class SecurityHeaders:
    """Pure ASGI middleware that adds the policy to every answer that has no stricter one of its own."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; add the headers as the answer starts."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        secure = scope["scheme"] == "https" or Headers(scope=scope).get("x-forwarded-proto") == "https"

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message.setdefault("headers", []))
                headers.setdefault("content-security-policy", content_policy())
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if secure:
                    headers.setdefault("strict-transport-security", "max-age=31536000")
                    headers.raw[:] = [
                        (name, _of_https(value) if name == b"set-cookie" else value) for name, value in headers.raw
                    ]
                if "frame-ancestors *" in headers["content-security-policy"]:
                    del headers["x-frame-options"]
            await send(message)

        await self.app(scope, receive, with_headers)
