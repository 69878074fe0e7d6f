"""The addresses below /present: a meeting's slides, one of them for another region, and notes from the room.

What makes them is imported when it is asked for: the server listens before it is loaded.
"""

import gzip
from collections.abc import Callable
from functools import wraps
from html import escape
from typing import Final
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

NUMBER: Final = 9  # digits of a meeting's number, at most
POLICY: Final = (
    "default-src 'none'; script-src {script}; style-src {style}; img-src data:; font-src data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
ERROR_PAGE: Final = (
    '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" '
    'content="width=device-width, initial-scale=1"><title>{sentence}</title></head>\n'
    "<body><main><h1>{sentence}</h1><p>{remedy}</p>"
    '<p><a href="/meeting">To the Meeting page</a></p></main></body></html>\n'
)


def routes() -> list[Route]:
    """The routes of the slides."""
    return [
        Route("/present/{meeting}", _deck),
        Route("/present/{meeting}/slides/{item}", _slide),
        Route("/present/{meeting}/notes", _note, methods=["POST"]),
        Route("/present/{meeting}/still", _still),
    ]


def _told(page: bool) -> Callable[[Callable[[Request], Response]], Callable[[Request], Response]]:
    """Answer errors of data_access with their sentence: as a page, or as a line of text for a page's script."""

    def decorate(answer: Callable[[Request], Response]) -> Callable[[Request], Response]:
        @wraps(answer)
        def wrapper(request: Request) -> Response:
            from data_access.errors import DataAccessError, NotAllowed, UnknownCode

            try:
                return answer(request)
            except DataAccessError as error:
                status = 404 if isinstance(error, UnknownCode) else 403 if isinstance(error, NotAllowed) else 503
                if not page:
                    return PlainTextResponse(str(error), status)
                said = ERROR_PAGE.format(sentence=escape(error.sentence), remedy=escape(error.remedy))
                policy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
                return HTMLResponse(said, status, {"Content-Security-Policy": policy, "Cache-Control": "no-store"})

        return wrapper

    return decorate


@_told(page=True)
def _deck(request: Request) -> Response:
    from exports.deck import content, page

    made = page.html(content.deck(_meeting(request)))
    script, style = page.hashes()
    headers = {
        "Content-Security-Policy": POLICY.format(script=script, style=style),
        "Cache-Control": "no-store",
        "Vary": "Accept-Encoding",
    }
    body = made.encode()
    if "gzip" in request.headers.get("accept-encoding", ""):
        body, headers["Content-Encoding"] = gzip.compress(body, 1), "gzip"
    return HTMLResponse(body, headers=headers)


@_told(page=False)
def _slide(request: Request) -> Response:
    from exports.deck import content, page

    item, part = (_number(text) for text in (request.path_params["item"], request.query_params.get("part", "0")))
    made = content.in_region(_meeting(request), item, part, request.query_params.get("region", ""))
    return HTMLResponse(page.section(made), headers={"Cache-Control": "no-store"})


async def _still(_request: Request) -> Response:
    """204 for those who may see slides; others are refused before they come here."""
    return Response(status_code=204)


async def _note(request: Request) -> Response:
    """201, or 200 where it came before, with the slides of what has been noted; 400 with why not; 403 to others."""
    from exports.deck import noting

    if not _from_ourselves(request):
        return PlainTextResponse("Notes are taken from this dashboard's own slides only.", 403)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return PlainTextResponse("A note comes as JSON.", 415)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > noting.LONGEST:
            return PlainTextResponse("The note is too long. Shorten it, then save again.", 413)
    return await run_in_threadpool(_noted, request, body)


def _noted(request: Request, body: bytes) -> Response:
    from data_access.errors import DataAccessError, DatabaseProblem, NotAllowed
    from exports.deck import content, noting, page

    try:
        number = _meeting(request)
        new = noting.keep(number, noting.understood(body))
        slides = "".join(page.section(slide) for slide in content.noted(number))
    except DatabaseProblem as error:
        return PlainTextResponse(str(error), 503)
    except NotAllowed as error:
        return PlainTextResponse(str(error), 403)
    except DataAccessError as error:
        return PlainTextResponse(str(error), 400)
    return JSONResponse({"slides": slides}, 201 if new else 200)


def _from_ourselves(request: Request) -> bool:
    """True where the browser says that a page of this server asks; what says nothing at all is refused."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None and site != "same-origin":
        return False
    if origin is not None:
        return urlsplit(origin).netloc == request.headers.get("host")
    return site is not None


def _meeting(request: Request) -> int:
    """The number of the meeting that an address names; 'latest' names the next one. Raises UnknownCode."""
    if request.path_params["meeting"] != "latest":
        return _number(request.path_params["meeting"])
    from data_access import meetings
    from data_access.engine import get_engine, reading
    from exports.views import data

    data.current_version()
    with reading(get_engine()) as connection:
        return meetings.latest(connection)


def _number(text: str) -> int:
    from data_access.errors import UnknownCode

    if not (text.isascii() and text.isdecimal() and len(text) <= NUMBER):
        raise UnknownCode(f"There is no “{text[:40]}” to present.", "The Meeting page lists the meetings.")
    return int(text)
