"""Write down every call of Streamlit that the dashboard makes in a run, and make the same calls again."""

import gc
import runpy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from types import MethodType
from typing import Any
from unittest import mock
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data_access.settings import PROJECT
from tests.benchmarks import links

DASHBOARD = str(PROJECT / "dashboard.py")
AROUND = ("set_page_config", "navigation")


@dataclass(frozen=True)
class Call:
    """A command, where it was drawn (None: wherever `with` stands), its arguments and the numbers of its containers."""

    name: str
    at: int | None
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    made: list[int]


@dataclass
class Recorder:
    """The calls of one run; containers are known by number, since each run makes its own."""

    calls: list[Call] = field(default_factory=list)
    numbers: dict[int, int] = field(default_factory=dict)
    containers: list[DeltaGenerator] = field(default_factory=list)
    depth: int = 0

    def number(self, container: DeltaGenerator) -> int:
        """The container's number, a new one at its first sight."""
        if id(container) not in self.numbers:
            self.numbers[id(container)] = len(self.containers)
            self.containers.append(container)
        return self.numbers[id(container)]

    def write_down(self, name: str, original: Callable[..., Any], *, method: bool) -> Callable[..., Any]:
        """The command, which also writes its call down; calls that Streamlit makes of its own are left out."""

        @wraps(original)
        def wrapper(*given: Any, **kwargs: Any) -> Any:
            self.depth += 1
            try:
                result = original(*given, **kwargs)
            finally:
                self.depth -= 1
            if self.depth == 0:
                made = result if isinstance(result, list) else [result]
                numbers = [self.number(one) for one in made if isinstance(one, DeltaGenerator)]
                if name == "__exit__":
                    given = (*given[:1], None, None, None)
                at, args = (self.number(given[0]), given[1:]) if method else (None, given)
                self.calls.append(Call(name, at, args, kwargs, [] if name == "__enter__" else numbers))
            return result

        return wrapper

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Write down what is called meanwhile."""
        commands = [name for name, value in vars(st).items() if _is_command(value)]
        patches = [
            mock.patch.object(st, name, self.write_down(name, getattr(st, name), method=False))
            for name in (*commands, *AROUND)
        ]
        patches += [
            mock.patch.object(
                DeltaGenerator, name, self.write_down(name, getattr(DeltaGenerator, name), method=True), create=True
            )
            for name in (*commands, "__enter__", "__exit__")
        ]
        for patch in patches:
            patch.start()
        try:
            yield
        finally:
            for patch in patches:
                patch.stop()


def _is_command(value: object) -> bool:
    return isinstance(value, MethodType) and isinstance(value.__self__, DeltaGenerator)


@dataclass
class Held:
    """The calls of one page at one address, and the containers that no run makes: the sidebar."""

    calls: list[Call]
    shared: dict[int, DeltaGenerator]


HELD: dict[str, Held] = {}  # by the address's query
ASKED = "held_query"
links.as_from_the_dashboard()


def draw() -> None:
    """The page: for real at first, from memory ever after."""
    # A rerun no longer says with which query the tab was opened.
    asked = st.session_state.setdefault(ASKED, urlencode(st.query_params.to_dict()))
    if asked in HELD:
        again(HELD[asked].calls, HELD[asked].shared)
        return
    recorder = Recorder()
    with recorder.listening():
        runpy.run_path(DASHBOARD, run_name="__main__")
    made = {number for call in recorder.calls for number in call.made}
    shared = {n: box for n, box in enumerate(recorder.containers) if n not in made}
    HELD[asked] = Held(recorder.calls, shared)
    gc.collect()
    gc.freeze()


def again(calls: list[Call], shared: dict[int, DeltaGenerator]) -> None:
    """Make the calls once more, in containers of this run."""
    containers = dict(shared)
    for call in calls:
        command = getattr(st if call.at is None else containers[call.at], call.name)
        result = command(*call.args, **call.kwargs)
        if call.made:
            containers |= zip(call.made, result if isinstance(result, list) else [result], strict=True)
