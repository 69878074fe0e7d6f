"""What Prometheus reads at /metrics, where CPD_METRICS is true. Labels are from short lists: no address makes one."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from data_access import happened

ROOMS: Final = ("api", "present", "geography", "static", "media", "_stcore", "auth", "healthz", "readyz", "metrics")
KNOWN_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")
SECONDS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10)
registry = CollectorRegistry()
requests = Counter(
    "cpd_requests", "Requests by room, method and status.", ["room", "method", "status"], registry=registry
)
request_seconds = Histogram("cpd_request_seconds", "Time to answer.", ["room"], buckets=SECONDS, registry=registry)
redraw_seconds = Histogram("cpd_redraw_seconds", "Time of a page's run.", ["page"], buckets=SECONDS, registry=registry)
sessions = Gauge("cpd_sessions", "Browser sessions that are open.", registry=registry)
data_version = Gauge(
    "cpd_data_version", "The data version that pages show; 0 where the database does not answer.", registry=registry
)
database_problems = Counter(
    "cpd_database_problems", "Reads and writes that the database could not do, by kind.", ["kind"], registry=registry
)
imports = Counter("cpd_imports", "Files brought in, by what became of them.", ["outcome"], registry=registry)
_open_sessions: list[Callable[[], int]] = []


def sessions_are_counted_by(count: Callable[[], int]) -> None:
    """Say who knows how many browser sessions are open: the front."""
    _open_sessions[:] = [count]


def room(path: str) -> str:
    """The part of the service that an address lies in, from a short list."""
    first = path.strip("/").partition("/")[0]
    return first if first in ROOMS else "page"


def answered(method: str, path: str, status: int, seconds: float) -> None:
    """Count an answer."""
    place = room(path)
    requests.labels(place, method if method in KNOWN_METHODS else "other", str(status)).inc()
    request_seconds.labels(place).observe(seconds)


def _happened(what: str, how: str) -> None:
    """Count what the room of the database tells: kinds and outcomes are its own words, few of each."""
    (imports if what == happened.IMPORT else database_problems).labels(how).inc()


happened.are_heard_by(_happened)


@contextmanager
def redraw(page: str) -> Iterator[None]:
    """Time a page's run, however it ends. page: its address, from the navigation's list."""
    started = time.perf_counter()
    try:
        yield
    finally:
        redraw_seconds.labels(page or "overview").observe(time.perf_counter() - started)


def _metrics(_request: Request) -> Response:
    from data_access import access, migrate
    from data_access.engine import get_engine
    from data_access.errors import DataAccessError
    from data_access.settings import settings

    if not settings().metrics:
        return PlainTextResponse("There are no metrics here: CPD_METRICS turns them on.", 404)
    sessions.set(sum(count() for count in _open_sessions))
    try:
        with access.acting_as(access.SERVICE):
            data_version.set(migrate.ready(get_engine()))
    except DataAccessError:
        data_version.set(0)
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def routes() -> list[Route]:
    """The one address."""
    return [Route("/metrics", _metrics)]
