"""One figure is made at a time: several at once hold each other up, and all who only look at what is there.

Python lets one thread at a time run. What is made from frames gives way thousands of times on its way, and has to wait
each time for those that do the same: ten views at once take each other ten times as long, and every other redraw, too.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

LONG = 2.0  # seconds, after which a turn is over though its figure is not made yet


class Turns:
    """Turns that threads take one after the other; what is made within a turn is part of it."""

    def __init__(self, long: float = LONG) -> None:
        self._long, self._changed, self._mine = long, threading.Condition(), threading.local()
        self._number, self._until = 0, 0.0  # of the latest turn, and when it is over at the latest

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
            with self._changed:
                if self._number == number:
                    self._until = 0.0
                    self._changed.notify()

    def _take(self) -> int:
        with self._changed:
            while (left := self._until - time.monotonic()) > 0:
                self._changed.wait(left)
            self._number, self._until = self._number + 1, time.monotonic() + self._long
            return self._number
