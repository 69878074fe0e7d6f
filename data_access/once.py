"""What a page asks of the database again and again in one run, its state, is asked once: until something is written."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
_answers: ContextVar[dict[Any, Any] | None] = ContextVar("answers", default=None)


@contextmanager
def a_run() -> Iterator[None]:
    """Within it, in this thread, functions marked by `once` answer again what they answered before."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def once(ask: Callable[P, R]) -> Callable[P, R]:
    """Mark a function of texts and numbers; outside a run it asks each time."""

    @wraps(ask)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        answers = _answers.get()
        if answers is None:
            return ask(*args, **kwargs)
        key = (ask, args, tuple(sorted(kwargs.items())))
        if key not in answers:
            answers[key] = ask(*args, **kwargs)
        return answers[key]

    return wrapper


def forget() -> None:
    """Ask anew from now on: something was written."""
    answers = _answers.get()
    if answers is not None:
        answers.clear()
