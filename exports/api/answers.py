"""The addresses below /api/v1: tables, charts, the document that describes them; refusals as problem+json (RFC 9457).

What makes the answers is imported when it is asked for: the server listens before it is loaded.
"""

import hashlib
import json
import logging
from collections.abc import Callable
from functools import cache, wraps
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from exports.service import logs

log = logging.getLogger("cpd.api")

ROOT: Final = "/api/v1"
TABLES: Final = ("indicators", "areas", "periods", "values")
KINDS: Final = ("json", "csv", "parquet")
METHODS: Final = ["GET", "HEAD"]
OTHERS: Final = [*METHODS, "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY"]
POLICY: Final = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
# A drawing opened by itself, or framed by a page of the intranet, needs its own style and nothing else.
DRAWING: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors *"
ROOMS: Final = ("data_access", "measures", "charts", "exports")


def routes() -> list[Route]:
    """The routes of the API; the last answers for whatever else lies below /api."""
    made = [
        Route(f"{ROOT}/{name}{suffix}", _told(_table(name, suffix.removeprefix(".") or "json")), methods=METHODS)
        for name in TABLES
        for suffix in ("", *(f".{kind}" for kind in KINDS))
    ]
    made += [Route(f"{ROOT}/chart.{kind}", _told(_chart(kind)), methods=METHODS) for kind in ("svg", "png")]
    made.append(Route(f"{ROOT}/provenance.json", _told(_origin), methods=METHODS))
    made.append(Route(f"{ROOT}/openapi.json", _told(_document), methods=METHODS))
    known = {route.path for route in made}

    def other(request: Request) -> Response:
        if request.url.path in known:
            answer = problem(405, "Figures are only read here.", "Use GET.", request)
            answer.headers["Allow"] = ", ".join(METHODS)
            return answer
        remedy = f"{ROOT}/openapi.json lists what there is."
        return problem(404, f"There is nothing at {request.url.path[:80]}.", remedy, request)

    return [*made, *(Route(path, other, methods=OTHERS) for path in ("/api", "/api/{rest:path}"))]


def problem(status: int, sentence: str, remedy: str, request: Request) -> Response:
    """A refusal: the sentence and the remedy that a page would show."""
    said = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": logs.visible(sentence),  # which may repeat what was asked
        "remedy": remedy,
    }
    headers = _headers(request) | {"Cache-Control": "no-store"}
    return Response(json.dumps(said, ensure_ascii=False), status, headers, "application/problem+json")


def _told(answer: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """Answer every refusal as a problem; a fault of ours, too, which the log has in full."""

    @wraps(answer)
    def wrapper(request: Request) -> Response:
        from data_access.errors import (
            DataAccessError,
            DatabaseProblem,
            NotAllowed,
            NotSignedIn,
            SettingWrong,
            UnknownCode,
        )
        from exports.api.parameters import NotUnderstood

        statuses = {
            NotUnderstood: 400,
            NotSignedIn: 401,
            NotAllowed: 403,
            UnknownCode: 404,
            DatabaseProblem: 503,
            SettingWrong: 503,
        }
        try:
            return answer(request)
        except DataAccessError as error:
            status = next((status for kind, status in statuses.items() if isinstance(error, kind)), 503)
            return problem(status, error.sentence, error.remedy, request)
        except Exception:
            log.exception("The API could not answer %s", request.url)
            return problem(500, "This could not be answered.", "Report it, with the address that was asked.", request)

    return wrapper


def _table(name: str, kind: str) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        from data_access import access
        from exports.api import made, parameters
        from exports.api.formats import MEDIA

        given = parameters.read(request.query_params.multi_items(), parameters.TABLES[name])
        version = _version(given.get("as_at"))
        asked = made.Asked(name, kind, tuple(sorted(given.items())), version, access.viewer())
        headers = _headers(request) | {"ETag": _tag(version, asked.viewer if asked.schools else None)}
        if _is_held(request, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        if kind != "json":
            headers["Content-Disposition"] = f'attachment; filename="{name}_v{version}.{kind}"'
        found = made.whole(asked)
        if found is None:
            return StreamingResponse(made.pieces(asked), 200, headers, MEDIA[kind])
        body, more = found
        links = {"prev": asked.page - 1, "next": asked.page + 1 if more else 0}
        if asked.limit is not None and (
            said := [_link(request, rel, page, version) for rel, page in links.items() if page]
        ):
            headers["Link"] = ", ".join(said)
        return Response(body, 200, headers, MEDIA[kind])

    return answer


def _chart(kind: str) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        from exports.api import charts, parameters

        known = charts.parameters(kind, request.query_params.get("view"))
        asked = parameters.read(request.query_params.multi_items(), known)
        version = _version(asked.get("as_at"))
        headers = _headers(request) | {
            "Content-Security-Policy": DRAWING,
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
        if charts.edited(asked):
            headers["Cache-Control"] = "no-store"
        else:
            headers["ETag"] = _tag(version)
            if _is_held(request, headers["ETag"]):
                return Response(status_code=304, headers=headers)
        server = f"{request.url.scheme}://{request.url.netloc}"
        return Response(charts.image(kind, asked, version, server), 200, headers, charts.KINDS[kind])

    return answer


def _origin(request: Request) -> Response:
    from exports.api import origin, parameters
    from exports.api.formats import MEDIA

    asked = parameters.read(request.query_params.multi_items(), parameters.ORIGIN)
    version = _version(asked.get("as_at"))
    headers = _headers(request) | {"ETag": _tag(version)}
    body = origin.told(str(parameters.one(asked, parameters.FIGURE)), version)  # refused before what is held is asked
    if _is_held(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, 200, headers, MEDIA["json"])


def _document(request: Request) -> Response:
    from exports.api import openapi

    return Response(json.dumps(openapi.document(), ensure_ascii=False), 200, _headers(request), "application/json")


def _version(as_at: tuple[str, ...] | None) -> int:
    """The data version that is asked for; raises UnknownCode, or DatabaseProblem where there are no data."""
    from exports.views import data

    current = data.current_version()
    return current if as_at is None else data.version_at(as_at[0])


def _headers(request: Request) -> dict[str, str]:
    """Scripts of any page may read what anybody may see; never what is shown to some only: figures of schools."""
    if "school" in request.query_params.getlist("level"):
        return {"Content-Security-Policy": POLICY, "Cache-Control": "private, no-store"}
    return {
        "Content-Security-Policy": POLICY,
        "Cache-Control": "public, no-cache",
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "ETag, Link",
    }


def _tag(version: int, who: object = None) -> str:
    """The ETag of what is said of a data version: by this program, of this database, to those who see as much."""
    from exports.views import data

    of = f"{_program()} {data.reference(version).made_at} {who}"
    return f'W/"{version}-{hashlib.sha256(of.encode()).hexdigest()[:10]}"'


@cache
def _program() -> str:
    """What the program is, by its own text: another release may answer differently from the same data."""
    here = Path(__file__).resolve().parents[2]
    read = hashlib.sha256()
    for file in sorted(file for room in ROOMS for file in (here / room).rglob("*.py")):
        read.update(file.read_bytes())
    return read.hexdigest()


def _is_held(request: Request, tag: str) -> bool:
    """True where the client says that it holds this state."""
    held = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
    return tag.removeprefix("W/") in held or "*" in held


def _link(request: Request, rel: str, page: int, version: int) -> str:
    """A page beside this one, of the same data version: new figures in between move no row to another page."""
    others = [(name, value) for name, value in request.query_params.multi_items() if name not in ("page", "as_at")]
    query = urlencode([*others, ("as_at", version), ("page", page)], safe="/")
    return f'<{request.url.path}?{query}>; rel="{rel}"'
