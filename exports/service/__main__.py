"""Serve the dashboard: python -m exports.service [--host HOST] [--port PORT]. Every start leads through here."""

import argparse
import ctypes
import os
import signal
import socket
import sys
from contextlib import suppress
from typing import Any, Final

import uvicorn

from data_access.settings import settings

# What uvicorn is told. Its own log of requests is not needed: ours has them.
OPTIONS: Final[dict[str, Any]] = {
    "log_level": "warning",
    "access_log": False,
    "server_header": False,
    "timeout_keep_alive": 20,  # seconds that a connection stays open for a next request
    "timeout_graceful_shutdown": 5,  # seconds that tabs which are still open hold up an end
    "limit_concurrency": 4000,  # connections, above which all get 503: the database needs file handles, too
    "ws_max_size": 4 << 20,  # bytes of a browser's message: it holds widgets, never files
    "ws_ping_interval": 20,  # seconds between two questions whether a browser is still there
    "ws_ping_timeout": 20,  # seconds, after which one that does not answer is let go
}
HEAPS: Final = 2
_M_ARENA_MAX: Final = -8  # glibc's name for it, of <malloc.h>


def few_heaps() -> None:
    """Let all threads share two heaps of the C library; nothing where that is not glibc.

    By itself it makes up to eight for each processor, and the threads of a hundred sessions leave free memory in all.
    To be called before there are threads.
    """
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, HEAPS)


class Replica(uvicorn.Server):
    """Tells systemd (Type=notify) once it takes connections, so that restarting one replica waits for it."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, then say so where the environment names who wants to know."""
        await super().startup(sockets)
        told = os.environ.get("NOTIFY_SOCKET", "")
        if self.started and told:
            with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
                systemd.sendto(b"READY=1", told.replace("@", "\0", 1) if told.startswith("@") else told)


def main() -> None:
    """Serve until told to end; status 3 where it cannot begin to."""
    few_heaps()
    given = argparse.ArgumentParser(prog="python -m exports.service", description="Serve the dashboard.")
    given.add_argument("--host", default="127.0.0.1", help="the address to listen on (%(default)s)")
    given.add_argument("--port", default=8501, type=int, help="the port to listen on (%(default)s)")
    asked = given.parse_args()
    believed = settings().proxies
    how = uvicorn.Config("dashboard:app", host=asked.host, port=asked.port, forwarded_allow_ips=believed, **OPTIONS)
    how.load_app()
    # uvicorn ends in peace, then sends itself the signal again, which would end Python before what is due at its end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with suppress(KeyboardInterrupt):
        Replica(how).run()


if __name__ == "__main__":
    main()
