"""Start a server as people would, on a free port of this machine, and stop it again."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from data_access.settings import PROJECT

DASHBOARD, HELD, NAIVE = "dashboard:app", "tests.benchmarks.held_app:app", "tests/benchmarks/plain/naive_app.py"
EMPTY, EMPTY_PLAIN = "tests.benchmarks.empty_app:app", "tests/benchmarks/plain/empty_page.py"

WARM = 600.0  # seconds in which a server has made its pages ready, on a slow machine
LOOK, IDLE = 7.0, 0.15  # seconds between two looks at a server, and of processor time in which it still rests
RESTS = 5  # looks in a row: between two slides or authorities that it makes ready it rests, too


@dataclass(frozen=True)
class Server:
    """A running server: its port and process."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """Processor time that it has used so far, in its own code and in the system's; 0 where this cannot be told."""
        with suppress(OSError):
            fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return 0.0

    def resident(self) -> float:
        """Memory that it holds now, in MB of a million bytes; nothing else of the machine counts."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def rest(self, longest: float) -> None:
        """Wait until it has had nothing to do of its own for a while, at most so many seconds."""
        until, used, rested = time.monotonic() + longest, self.cpu_seconds(), 0
        while time.monotonic() < until and rested < RESTS:
            time.sleep(LOOK)
            before, used = used, self.cpu_seconds()
            rested = rested + 1 if used - before <= IDLE else 0


def environment(database: Path) -> dict[str, str]:
    """What a server, or a command, needs to use a database file."""
    return os.environ | {"CPD_DATABASE_URL": f"sqlite:///{database}", "PYTHONPATH": str(PROJECT)}


@contextmanager
def serve(what: str, database: Path, *, wait: float = 60) -> Iterator[Server]:
    """A module's ASGI app under uvicorn, or a script under `streamlit run`, until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    if what.endswith(".py"):
        command = ["streamlit", "run", what, "--server.port", str(port), "--server.address", "127.0.0.1"]
    elif what == DASHBOARD:
        command = ["exports.service", "--port", str(port)]
    else:
        command = ["uvicorn", what, "--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"]
        command += ["--no-access-log", "--no-server-header", "--timeout-keep-alive", "20", "--ws-max-size", "4194304"]
    process = subprocess.Popen(
        [sys.executable, "-m", *command], cwd=PROJECT, env=environment(database), stdout=subprocess.DEVNULL
    )
    try:
        _await_port(port, process, wait)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=10)


def _await_port(port: int, process: subprocess.Popen[bytes], wait: float) -> None:
    until = time.monotonic() + wait
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with status {process.returncode} before it answered")
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
    raise RuntimeError(f"the server did not answer within {wait:.0f} s")
