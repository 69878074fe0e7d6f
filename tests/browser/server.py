"""A dashboard as a process of its own, on a free port, over a database of the tests' choosing."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from data_access.settings import PROJECT

PATIENCE = 60.0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(database_url: str, **more: str) -> dict[str, str]:
    """Ours, with another database."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CPD_")}
    # Pages are made when a test asks for them: many servers share the machine.
    return {**kept, "CPD_DATABASE_URL": database_url, "CPD_MAKE_READY": "false", **more}


def fill(database_url: str) -> None:
    """Create and fill the database as `make run` does."""
    subprocess.run(
        [sys.executable, "-m", "seed_data"],
        cwd=PROJECT,
        env=environment(database_url),
        check=True,
        capture_output=True,
        timeout=PATIENCE,
    )


class Server:
    """`python -m exports.service`, or `streamlit run dashboard.py` where plain; a context manager.

    lasting: true for one that serves more than one test. told: options for uvicorn, in place of ours. {url} in a
    setting is the server's own address.
    """

    lasting = False

    def __init__(
        self,
        database_url: str,
        log: Path,
        *,
        plain: bool = False,
        told: Sequence[str] = (),
        port: int = 0,
        **environ: str,
    ):
        self.port = port or free_port()
        self.url = f"http://localhost:{self.port}"
        self._log = log
        self._environ = environment(
            database_url, **{name: value.replace("{url}", self.url) for name, value in environ.items()}
        )
        run = ["streamlit", "run", "dashboard.py", "--server.port", str(self.port)]
        serve = ["uvicorn", "dashboard:app", *told] if told else ["exports.service"]
        self._command = [sys.executable, "-m", *(run if plain else [*serve, "--port", str(self.port)])]

    def __enter__(self) -> "Server":
        self.started = time.monotonic()
        with self._log.open("wb") as out:
            self._process = subprocess.Popen(
                self._command, cwd=PROJECT, env=self._environ, stdout=out, stderr=subprocess.STDOUT
            )
        while self.health()[0] == 0:
            assert self._process.poll() is None, f"The server ended by itself:\n{self.log}"
            assert time.monotonic() - self.started < PATIENCE, f"The server does not answer:\n{self.log}"
            self._pause()
        self.start_seconds = time.monotonic() - self.started
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.kill()  # at once: in peace it would wait for the tabs that are still open
        self._process.wait()

    def _pause(self) -> None:
        """A tenth of a second, or less where the process ends."""
        try:
            self._process.wait(0.1)
        except subprocess.TimeoutExpired:
            return

    @property
    def log(self) -> str:
        """What the server has written so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def get(self, path: str) -> tuple[int, str, dict[str, str]]:
        """Status, text and headers of an address; status 0 where nobody listens."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=30) as answer:
                return answer.status, answer.read().decode(), dict(answer.headers)
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(), dict(error.headers)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return 0, "", {}

    def health(self) -> tuple[int, dict[str, object]]:
        """Status of the service, and what it says of its database."""
        status, text, _ = self.get("/readyz")
        return status, json.loads(text) if status else {}
