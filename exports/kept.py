"""Keep what a function made, by what it was asked: for pages, files and slides alike, whichever asks first."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from typing import ParamSpec, TypeVar

from data_access import access
from exports.turns import Turns

P = ParamSpec("P")
R = TypeVar("R")
_turns = Turns()
_all: list[Callable[[], None]] = []


def kept(entries: int, *, of_schools: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keep a function's latest results by its arguments, which are texts, numbers, tuples or `Shown`.

    entries: how many, those asked for longest ago going first. What two ask for at once is made once. Results are
    shared: nobody changes them. of_schools: they depend on whose schools may be seen, and are kept apart by that.
    """

    def decorate(make: Callable[P, R]) -> Callable[P, R]:
        found: OrderedDict[Hashable, R] = OrderedDict()
        making: dict[Hashable, threading.Lock] = {}
        lock = threading.Lock()

        @wraps(make)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
            access.require(access.Right.read)  # what is kept is for those only who may read it
            whose = access.viewer().schools_of if of_schools else None
            key = (whose, args, tuple(sorted(kwargs.items())))
            with lock:
                if key in found:
                    found.move_to_end(key)
                    return found[key]
                mine = making.setdefault(key, threading.Lock())
            # The turn first: who has it never waits for one that waits for it.
            with _turns.turn(), mine:
                with lock:
                    if key in found:
                        return found[key]
                try:
                    made = make(*args, **kwargs)
                    with lock:
                        found[key] = made
                        if len(found) > entries:
                            found.popitem(last=False)
                finally:
                    with lock:
                        making.pop(key, None)
            return made

        _all.append(found.clear)
        return wrapper

    return decorate


def forget() -> None:
    """Let go of everything that is kept: another database is looked at."""
    for clear in _all:
        clear()
