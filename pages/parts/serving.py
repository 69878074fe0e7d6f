"""How the service starts: it answers at once, and gets ready while the browser fetches the page's frame.

Nothing heavy is imported here, so that the server listens in a second.
"""

import gc
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
from streamlit import config
from streamlit import logger as streamlit_log

FIRST_PAGE = 5  # seconds after the start in which nothing should compete with it
LONGEST_FILL = 300  # seconds
# Objects made between two looks for garbage, and how many looks pass before one goes deeper: a redraw makes thousands
# of them, and most are gone by themselves at its end.
LOOKS = 10_000, 4, 2
_started, _ready = threading.Event(), threading.Event()


def wait_until_ready() -> None:
    """Return when the database is as ready as it will be; at once where no server is starting."""
    if _started.is_set():
        _ready.wait(LONGEST_FILL)


def upload_limit() -> int:
    """Bytes that a file may have which somebody brings in, with what the browser sends around it."""
    return (int(config.get_option("server.maxUploadSize")) + 1) * 1024 * 1024


def one_log() -> None:
    """Let Streamlit's loggers, and the server's that it takes over, write through ours: in its format, masked."""

    def through_ours(logger: logging.Logger) -> None:
        logger.handlers[:], logger.propagate = [], True

    streamlit_log.setup_formatter = through_ours  # asked for each new logger, and for all when options are read
    streamlit_log.update_formatter()


def broken(error: Exception) -> bool:
    """What a reader sees of a fault of ours: see frame.broken."""
    from pages.parts import frame

    return frame.broken(error)


def _prepare() -> None:
    from data_access import access

    with access.acting_as(access.SERVICE):
        try:
            from pages.parts import preparing

            preparing.database()
        finally:
            _ready.set()
        from pages.parts import warm

        warm.up()


async def _get_ready() -> None:
    """Prepare, then keep the garbage collector off what lives for good; later read what the second click asks for.

    Streamlit would collect after each rerun, through all that the caches hold: reruns would slow down as these fill.
    Python's own runs stay.
    """
    try:
        await anyio.to_thread.run_sync(_prepare)
    finally:
        config.set_option("runner.postScriptGC", False)
        gc.freeze()
        gc.set_threshold(*LOOKS)
        gc.enable()
    await anyio.sleep(FIRST_PAGE)
    from data_access import access
    from data_access.settings import settings
    from exports import turns
    from pages.parts import warm

    if not settings().make_ready:
        return
    turns.behind_readers()
    with access.acting_as(access.SERVICE):
        await anyio.to_thread.run_sync(warm.slides)
        await anyio.to_thread.run_sync(warm.authorities)
    # What was made ready lives for good, too. Looked through each time, it would take half a second, and so much makes
    # Python look so seldom that what closed sessions leave piles up.
    gc.collect()
    gc.freeze()


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[dict[str, bool]]:
    """Serve while getting ready."""
    _started.set()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_get_ready)
        yield {"started": True}
        tasks.cancel_scope.cancel()
