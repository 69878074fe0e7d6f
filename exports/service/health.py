"""Whether the service lives, and whether it can show figures."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


def alive(_request: Request) -> Response:
    """200 as long as this process answers, whatever the database does."""
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


def ready(_request: Request) -> Response:
    """200 with the data version where pages can be shown; 503 with the sentence that says why not."""
    from data_access import access, migrate
    from data_access.engine import get_engine
    from data_access.errors import DataAccessError

    try:
        with access.acting_as(access.SERVICE):
            said, status = {"status": "ok", "data_version": migrate.ready(get_engine())}, 200
    except DataAccessError as error:
        said, status = {"status": "unavailable", "error": str(error)}, 503
    return JSONResponse(said, status, headers={"Cache-Control": "no-store"})


def routes() -> list[Route]:
    """Both."""
    return [Route("/healthz", alive), Route("/readyz", ready)]
