"""Sign-in for everything that is no page: the API, files, uploads, slides, outlines are for those who signed in.

Pages are gated in their run (pages.parts.signed); their shell, with no figure in it, is anybody's.
"""

import json
import logging
from collections.abc import Callable, Sequence
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from anyio.to_thread import run_sync
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from exports.service.limits import UPLOAD

if TYPE_CHECKING:
    from data_access.access import Who

# Without sign-in: Streamlit's own shell and scripts, the sign-in itself, and what a proxy or a watcher asks.
ANYBODY = (
    "/static/",
    "/favicon",
    "/_stcore/health",
    "/_stcore/host-config",
    "/auth/",
    "/healthz",
    "/readyz",
    "/metrics",
)
CALLBACK, LOGIN, LOGOUT = "/oauth2callback", "/auth/login", "/auth/logout"
WANTED = "cpd_wanted"  # the cookie that keeps for ten minutes which page somebody wanted when asked to sign in
PROVIDER_DOWN = (
    '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" '
    'content="width=device-width, initial-scale=1"><title>Sign-in is not possible now</title></head>\n<body><main>'
    "<h1>Sign-in is not possible now: the provider does not answer.</h1>"
    "<p>Try again in a minute. Whoever has signed in "
    'goes on.</p><p><a href="/">Back</a></p></main></body></html>\n'
)
SHARED = (b"access-control-allow-origin", b"access-control-expose-headers", b"cross-origin-resource-policy")


def secrets() -> dict[str, Any] | None:
    """Streamlit's secrets for `st.login`, from our settings; None where nobody signs in, or settings are missing."""
    from data_access.settings import settings

    wanted = settings()
    if not wanted.sign_in_provider:
        return None
    return {
        "auth": {
            "redirect_uri": wanted.sign_in_address.rstrip("/") + CALLBACK,
            "cookie_secret": wanted.cookie_secret.get_secret_value(),
            "client_id": wanted.sign_in_client,
            "client_secret": wanted.sign_in_secret.get_secret_value(),
            "server_metadata_url": wanted.sign_in_provider,
        }
    }


class SignedIn:
    """Pure ASGI middleware: no answer but to somebody who may have it, where sign-in is on."""

    def __init__(self, app: ASGIApp, pages: Sequence[str]):
        self.app = app
        self.pages = {f"/{page}" for page in pages}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on in the name of whoever signed in, or refuse it."""
        from data_access.settings import settings

        if scope["type"] != "http" or not settings().sign_in_provider:
            await self.app(scope, receive, send)
        elif scope["path"] == LOGIN:
            await self._to_provider(scope, receive, send)
        elif scope["path"] == CALLBACK:
            await self.app(scope, receive, _returning(Request(scope), send))
        elif scope["path"] == LOGOUT and _from_elsewhere(Request(scope)):
            await RedirectResponse("/", 303)(scope, receive, send)  # nobody signs somebody else out by a link
        elif scope["path"] == LOGOUT:
            await run_sync(_signed_out, scope)
            await self.app(scope, receive, send)
        elif scope["path"] in self.pages or scope["path"].startswith(ANYBODY):
            await self.app(scope, receive, send)
        else:
            await self._for_somebody(scope, receive, send)

    async def _to_provider(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Streamlit's own answer, unless the provider does not answer: then a page that says so."""
        failed = False

        async def sending(message: Message) -> None:
            nonlocal failed
            failed = failed or (message["type"] == "http.response.start" and message["status"] >= 400)
            if not failed:
                await send(message)

        await self.app(scope, receive, _remembering(Request(scope), sending))
        if failed:
            headers = {"Cache-Control": "no-store"}
            await HTMLResponse(PROVIDER_DOWN, 503, headers)(scope, receive, send)

    async def _for_somebody(self, scope: Scope, receive: Receive, send: Send) -> None:
        who = await run_sync(_who, scope)
        if isinstance(who, Response):
            await who(scope, receive, send)
            return
        from data_access import access

        with access.acting_as(who):
            await self.app(scope, receive, _private(send))


def _who(scope: Scope) -> "Who | Response":
    """Who asks, or the refusal."""
    from data_access import access, accounts
    from data_access.errors import DataAccessError, NotAllowed, NotSignedIn
    from pages.parts import signed

    if _embedded(Request(scope)):
        return _refusal(403, "Pages of other servers show nothing of this dashboard.", "Open it here.")
    try:
        accounts.check_settings()
        said = accounts.claims_of(claims(Request(scope)))
        here = accounts.viewer_of(said)
        signed.came(said)
        with access.acting_as(here):
            access.require(access.Right.read)
            if scope["path"].startswith(UPLOAD):
                _require_use_of_files()
    except NotSignedIn as error:
        return _refusal(401, error.sentence, error.remedy)
    except NotAllowed as error:
        return _refusal(403, error.sentence, error.remedy)
    except DataAccessError as error:
        return _refusal(503, error.sentence, error.remedy)
    return lambda: accounts.viewer_of(said)


def _from_elsewhere(request: Request) -> bool:
    """True where the browser says that another server's page, a link there included, has it ask."""
    return request.headers.get("sec-fetch-site") in ("cross-site", "same-site")


def _embedded(request: Request) -> bool:
    """True where such a page has its reader's browser ask for more than a page or file to go to, as for a picture."""
    to_go_to = request.headers.get("sec-fetch-dest") == "document"
    return _from_elsewhere(request) and not to_go_to and "authorization" not in request.headers


def _require_use_of_files() -> None:
    """Raise NotAllowed unless whoever asks may bring in a file of some page: of figures, evidence or partnerships."""
    from data_access import access, audit
    from data_access.errors import NotAllowed

    here = access.viewer()
    if not (here.may(access.Right.load) or here.may(access.Right.edit)):
        audit.refused(here.account, "send a file")
        raise NotAllowed("Your role does not let you send files.", "Ask the administrator of this service.")


def claims(request: Request) -> dict[str, Any]:
    """What the provider said of who asks: in Streamlit's signed cookie, or in a token that a program sends.

    Raises NotSignedIn.
    """
    from data_access.errors import NotSignedIn
    from pages.parts import bearer

    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return bearer.claims(token.strip())
    said = _cookie(request)
    if not said.get("is_logged_in"):
        raise NotSignedIn
    return said


def _cookie(request: Request) -> dict[str, Any]:
    """What Streamlit's cookie says; {} where there is none, or its signature is wrong."""
    from streamlit.auth_util import get_cookie_with_chunks
    from streamlit.web.server.server_util import get_cookie_secret
    from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
    from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

    def single(name: str) -> bytes | None:
        given = request.cookies.get(name)
        return decode_signed_value(get_cookie_secret(), name, given.encode("latin-1", "replace")) if given else None

    try:
        said = json.loads(get_cookie_with_chunks(single, USER_COOKIE_NAME) or b"{}")
    except ValueError:
        return {}
    return said if isinstance(said, dict) and get_cookie_secret() else {}


def _signed_out(scope: Scope) -> None:
    """End the account's sign-ins everywhere: tabs that are open know of no cookie."""
    from data_access import accounts
    from data_access.errors import DataAccessError, NotSignedIn

    try:
        said = accounts.claims_of(_cookie(Request(scope)))
        accounts.sign_out(said.account, said.issued_at)
    except NotSignedIn:
        return
    except DataAccessError as error:  # the cookie goes all the same
        logging.getLogger("cpd.signed").error("A sign-out could not be kept: %s", error)


def _refusal(status: int, sentence: str, remedy: str) -> Response:
    headers = {"Cache-Control": "no-store"} | ({"WWW-Authenticate": "Bearer"} if status == 401 else {})
    said = {"type": "about:blank", "status": status, "detail": sentence, "remedy": remedy}
    return JSONResponse(said, status, headers, "application/problem+json")


def _private(send: Send) -> Send:
    """No cache that others share keeps the answer, and no page of another server reads it; files stay in none."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message.setdefault("headers", []))
            for name in SHARED:
                del headers[name.decode()]
            headers["cache-control"] = headers.get("cache-control", "private, no-store").replace("public", "private")
        await send(message)

    return sending


def local(address: str, host: str) -> str:
    """The path and query of an address on this server, where it is one of ours; else ''."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.netloc != host or parts.scheme not in ("http", "https"):
        return ""
    path = parts.path or "/"
    if path.startswith("//") or "\\" in path or not address.isascii() or not address.isprintable():
        return ""
    return f"{path}?{parts.query}" if parts.query else path


def _remembering(request: Request, send: Send) -> Send:
    """Keep which page somebody came from: Streamlit sends them to the first one after sign-in."""
    wanted = local(request.headers.get("referer", ""), request.headers.get("host", ""))

    def add(headers: MutableHeaders) -> None:
        if wanted and len(wanted) < 2000:
            made: SimpleCookie = SimpleCookie()
            made[WANTED] = wanted
            made[WANTED].update({"path": "/", "httponly": True, "samesite": "lax", "max-age": 600})
            headers.append("set-cookie", made[WANTED].OutputString())

    return _at_start(send, add)


def _returning(request: Request, send: Send) -> Send:
    """Send who has signed in to the page they wanted."""
    host = request.headers.get("host", "")
    wanted = local(f"http://{host}{request.cookies.get(WANTED, '')}", host) if request.cookies.get(WANTED) else ""

    def change(headers: MutableHeaders) -> None:
        if wanted and headers.get("location") == "/":
            headers["location"] = wanted
            headers.append("set-cookie", f"{WANTED}=; Path=/; Max-Age=0; HttpOnly; SameSite=lax")

    return _at_start(send, change)


def _at_start(send: Send, change: Callable[[MutableHeaders], None]) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            change(MutableHeaders(raw=message.setdefault("headers", [])))
        await send(message)

    return sending
