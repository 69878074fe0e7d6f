"""Processes that draw charts: drawing lets no other thread run in its process, so none of it is done in a server's own.

A process that dies is replaced; the chart that it was drawing is lost, and said to be.
"""

import logging
import os
import pickle
import queue
import subprocess
import sys
from collections import deque
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass, replace
from typing import TypeVar

import pandas as pd

from charts.figure import Figure
from data_access.settings import PROJECT

log = logging.getLogger("cpd.bundle")
MOST = 4  # processes; each takes some 200 MB
Key = TypeVar("Key")
Told = dict[str, str]


@dataclass(frozen=True)
class Held:
    """A table twin that is made already: what makes a figure's cannot go to another process."""

    table: pd.DataFrame

    def __call__(self) -> pd.DataFrame:
        """The table."""
        return self.table


def usual() -> int:
    """As many processes as this one may use processors, four at most."""
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(MOST, there))


class Workers:
    """A context: the processes live as long as it does, and not longer.

    kinds: of chart_files.KINDS; calm: True where others on this machine come first.
    """

    def __init__(self, kinds: Sequence[str], count: int | None = None, *, calm: bool = False):
        self.kinds, self.count, self.calm = list(kinds), count or usual(), calm
        self._idle: queue.SimpleQueue[subprocess.Popen | None] = queue.SimpleQueue()
        self._all: list[subprocess.Popen] = []
        self._over = False

    def __enter__(self) -> "Workers":
        for _ in range(self.count):
            self._idle.put(None)  # each begins when it is first needed
        return self

    def __exit__(self, *_: object) -> None:
        self._over = True
        for process in self._all:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(OSError):  # what was still to be written has no reader
                        pipe.close()

    def drawn(self, figures: Iterable[tuple[Key, Figure | None, Told]]) -> Generator[tuple[Key, list[bytes] | None]]:
        """The files of each figure, in order: one a kind; None where there is no figure, or it could not be drawn.

        Of what is asked for only a few are held at once, however many there are.
        """
        pending: deque[tuple[Key, Future[list[bytes] | None] | None]] = deque()
        with ThreadPoolExecutor(self.count) as pool:
            try:
                for key, figure, told in figures:
                    pending.append(
                        (key, None if figure is None else pool.submit(copy_context().run, self._draw, figure, told))
                    )
                    while len(pending) >= 2 * self.count:
                        yield _result(*pending.popleft())
                while pending:
                    yield _result(*pending.popleft())
            finally:
                for _, future in pending:
                    if future is not None:
                        future.cancel()
                if pending:
                    self.__exit__()  # or the pool would wait for what nobody wants any more

    def _draw(self, figure: Figure, told: Told) -> list[bytes] | None:
        process = self._idle.get() or self._begin()
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            needs_table = {"csv", "xlsx"} & set(self.kinds)
            sent = replace(figure, twin=Held(figure.table if needs_table else pd.DataFrame()))
            pickle.dump((sent, self.kinds, told), process.stdin)
            process.stdin.flush()
            answer = pickle.load(process.stdout)
        except (OSError, EOFError, pickle.UnpicklingError):
            self._idle.put(None)
            if not self._over:
                log.error("A process that draws ended while it drew %s", figure.slug)
            return None
        self._idle.put(process)
        if isinstance(answer, str):
            log.error("%s could not be drawn: %s", figure.slug, answer)
            return None
        return list(answer)

    def _begin(self) -> subprocess.Popen:
        if self._over:
            raise EOFError
        process = subprocess.Popen(
            [sys.executable, "-m", "exports.bundle.worker", *(["--calm"] if self.calm else [])],
            cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            start_new_session=True,  # so that Ctrl-C is for the one who asked
        )  # fmt: skip
        self._all.append(process)
        return process


def _result(key: Key, future: Future[list[bytes] | None] | None) -> tuple[Key, list[bytes] | None]:
    return key, None if future is None else future.result()
