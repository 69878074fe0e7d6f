"""Before the first page: make the default database ready, warm the caches, freeze what will not be garbage."""

import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import anyio
from streamlit import config

from data_access.engine import get_engine, sqlite_file
from data_access.errors import DataAccessError, DatabaseMissing, DatabaseOlder, DatabaseUnfilled
from data_access.migrate import ready
from data_access.settings import DEFAULT_DATABASE
from pages.parts import warm

log = logging.getLogger("cpd.serving")
FIRST_PAGE = 5  # seconds after the start in which nothing should compete with it
# Why the database could not be made ready when the service started: the cause behind "there is no database".
failure: DataAccessError | None = None


def prepare() -> None:
    """Make, migrate and fill the default database where that is needed, then read what every first page needs.

    A database that CPD_DATABASE_URL names is never changed by serving it: its page says what to run.
    """
    global failure
    try:
        engine = get_engine()
        try:
            ready(engine)
        except (DatabaseMissing, DatabaseUnfilled, DatabaseOlder):
            if sqlite_file(engine) != DEFAULT_DATABASE:
                raise
            from seed_data.fill import fill

            print(f"Making {DEFAULT_DATABASE} ready; the first time this takes some ten seconds …", flush=True)
            fill(engine)
        warm.up()
    except DataAccessError as error:
        # Pages say the same sentence; the service stays up so that they can.
        failure = error
        log.error("%s", error)


async def _prepare_more() -> None:
    """What the second click asks for, read while the first page is being looked at."""
    await anyio.sleep(FIRST_PAGE)
    with suppress(DataAccessError):
        await anyio.to_thread.run_sync(warm.authorities)


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[dict[str, bool]]:
    """Prepare in a thread; then keep the garbage collector off what lives for good.

    Streamlit would run it after each rerun, through all that the caches hold: reruns would slow down as these fill.
    Python's own runs stay.
    """
    await anyio.to_thread.run_sync(prepare)
    config.set_option("runner.postScriptGC", False)
    gc.collect()
    gc.freeze()
    gc.enable()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_prepare_more)
        yield {"prepared": True}
        tasks.cancel_scope.cancel()
