"""Long work that its asker does not wait for, in a thread of its own; and the files that people send for it.

A job tells how far it is and can be cancelled. It does not end with the tab that began it; it ends with the service,
and what it had not finished writing is then not there at all.
"""

import logging
import re
import shutil
import tempfile
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Generic, TypeVar

from data_access import access
from data_access.errors import DataAccessError, ImportCancelled
from data_access.steps import Step

log = logging.getLogger("cpd.jobs")
R = TypeVar("R")
_UNSAFE = re.compile(r"[^\w .()&+-]")
LONGEST_STEM = 50
_running: list["Job"] = []
_lock = threading.Lock()


class JobFailed(DataAccessError):
    """A fault of ours: the log says which."""

    def __init__(self) -> None:
        super().__init__(
            "This could not be done; nothing was changed.",
            "Try again; if that does not help, tell whoever runs this service: the log says why.",
        )


class Job(Generic[R]):
    """One piece of work. what: as a person says it ('Loading absence.csv'); doing and done: how far it is.

    Once finished, either result or error is set; the error is a sentence in any case.
    """

    def __init__(self, what: str, work: Callable[[Step], R]):
        self.what, self.doing, self.done = what, "Starting", 0.0
        self.result: R | None = None
        self.error: DataAccessError | None = None
        self._work: Callable[[Step], R] | None = work
        self._for = access.acting()  # in its own thread it goes on for whoever began it, as long as they may
        self._cancelled, self._finished = threading.Event(), threading.Event()
        self._begun = time.monotonic()

    def start(self) -> "Job[R]":
        """Begin; returns at once."""
        with _lock:
            _running.append(self)
        threading.Thread(target=self._run, name="cpd-job", daemon=True).start()
        return self

    def cancel(self) -> None:
        """Ask it to stop at its next step; it may have finished before it hears of that."""
        self._cancelled.set()

    def wait(self, seconds: float) -> bool:
        """Wait until it is finished, at most so long; True where it is."""
        return self._finished.wait(seconds)

    @property
    def seconds(self) -> float:
        """How long ago it began."""
        return time.monotonic() - self._begun

    @property
    def finished(self) -> bool:
        """True once there is a result or an error."""
        return self._finished.is_set()

    @property
    def cancelling(self) -> bool:
        """True where it was asked to stop."""
        return self._cancelled.is_set()

    def _step(self, doing: str, done: float) -> None:
        if self._cancelled.is_set():
            raise ImportCancelled
        # Some work is done twice where someone else wrote meanwhile: it never looks as if it went back.
        self.doing, self.done = doing, max(self.done, min(1.0, done))

    def _run(self) -> None:
        try:
            assert self._work is not None
            self._step("Starting", 0.0)
            with access.acting_as(self._for):
                self.result = self._work(self._step)
        except DataAccessError as error:
            self.error = error
        except Exception:
            log.exception("%s failed", self.what)
            self.error = JobFailed()
        finally:
            self._work = None  # it may hold a file that can go now
            with _lock:
                _running.remove(self)
            self._finished.set()


def running() -> list[Job]:
    """The jobs of this process that are not finished, of whichever session."""
    with _lock:
        return list(_running)


class Received:
    """A file that a person sent, in a folder of its own that goes when nothing holds this object any more.

    name: a harmless form of what they call it, also the name of the file at path; size: in bytes.
    """

    def __init__(self, name: str, content: BinaryIO):
        folder = Path(tempfile.mkdtemp(prefix="cpd-received-"))
        self._remove = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self.name = harmless(name)
        self.path = folder / self.name
        with self.path.open("wb") as file:
            shutil.copyfileobj(content, file, 1 << 20)
        self.size = self.path.stat().st_size

    def forget(self) -> None:
        """Remove it now."""
        self._remove()


def harmless(name: str) -> str:
    """A file's name without folders and odd characters, and short enough for every disk; its ending stays."""
    last = re.split(r"[/\\]", name)[-1]
    stem, dot, suffix = _UNSAFE.sub("_", last).strip(" .").rpartition(".")
    if not dot:
        stem, suffix = suffix, ""
    short = stem[:LONGEST_STEM].strip(" .") or "file"
    return f"{short}.{suffix[:10]}" if suffix else short
