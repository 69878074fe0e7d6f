"""One figure is made at a time: several at once hold each other up, and all who only look at what is there.

Python lets one thread at a time run. What is made from frames gives way thousands of times on its way, and has to wait
each time for those that do the same: ten views at once take each other ten times as long, and every other redraw, too.
A page asks for a dozen figures one after the other: were others let in between, all pages would end late.
"""

import heapq
import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count

LONG = 2.0  # seconds, after which a turn is over though its figure is not made yet
PAGE = 10.0  # seconds for which who began before others goes before them: a page, not a file of hundreds of charts
_began: ContextVar[float | None] = ContextVar("began", default=None)  # when a page, request or job first asked


def behind_readers() -> None:
    """What this thread makes from now on waits for everybody else: it is made before anybody asks."""
    _began.set(math.inf)


def _since() -> float:
    """From when on somebody counts as waiting."""
    now, began = time.monotonic(), _began.get()
    if began is None:
        _began.set(now)
    return now if began is None or now - began > PAGE else began


class Turns:
    """Turns that threads take, who began first going first; what is made within a turn is part of it."""

    def __init__(self, long: float = LONG) -> None:
        self._long, self._lock, self._mine = long, threading.Lock(), threading.local()
        self._number, self._until = 0, 0.0  # of the latest turn, and when it is over at the latest
        self._asked, self._waiting = count(), list[tuple[float, int, threading.Condition]]()  # a heap

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, have it until the block ends; who takes long lets the others begin, too."""
        if getattr(self._mine, "turn", False):
            yield
            return
        number = self._take()
        self._mine.turn = True
        try:
            yield
        finally:
            self._mine.turn = False
            with self._lock:
                if self._number == number:
                    self._until = 0.0
                    self._wake()

    def _take(self) -> int:
        with self._lock:
            me = (_since(), next(self._asked), threading.Condition(self._lock))
            heapq.heappush(self._waiting, me)
            try:
                while (left := self._left(me)) > 0:
                    me[2].wait(None if left == math.inf else left)
                self._number, self._until = self._number + 1, time.monotonic() + self._long
                return self._number
            finally:
                self._waiting.remove(me)
                heapq.heapify(self._waiting)
                self._wake()

    def _left(self, me: tuple[float, int, threading.Condition]) -> float:
        """Seconds that somebody still waits: for the turn that goes on, or, behind others, until they are woken."""
        return self._until - time.monotonic() if self._waiting[0] is me else math.inf

    def _wake(self) -> None:
        """Let the first one look whether the turn is over."""
        if self._waiting:
            self._waiting[0][2].notify()
