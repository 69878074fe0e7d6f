"""Every chart as a file: each view, for England, a region and an authority, and each kind that can be built."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from charts.figure import Figure
from data_access.settings import PROJECT
from exports import chart_choice, chart_files, shown
from exports.facts import facts
from exports.views import data, registry
from tests.benchmarks.figure import Measured
from tests.benchmarks.servers import environment

BOUNDS = {"svg": 0.3, "csv": 0.3, "png": 1.5, "print.png": 1.5}
PLACES: tuple[dict[str, str], ...] = ({}, {"region": "London"}, {"la": "Camden"})
PERIOD = "2011/12"
TURNS = 2
INDICATORS = ("reviewed", "inclusive_policy")
# What a view must be asked beside its place.
OPTIONS: dict[str, object] = {
    "indicator": "reviewed",
    "indicators": INDICATORS,
    "level": "la",
    "priority": "coherence",
    "areas": ("Camden", "London", "England"),
    "outcome": "1b",
    "first": "teachers",
    "second": "support_staff",
    "reference": "England",
    "focus": "Camden",
}
WHOLE = {"status_heat", "spine_chart", "evidence_matrix", "case_map", "plan_timeline"}  # a priority shows part of these


def measure(database: Path, say: Callable[[Measured], None]) -> None:
    """The slowest chart of each kind of file, in a process of its own."""
    answer = subprocess.run(
        [sys.executable, "-m", __name__], cwd=PROJECT, env=environment(database), check=True, timeout=1800,
        capture_output=True, text=True,
    )  # fmt: skip
    found = json.loads(answer.stdout.splitlines()[-1])
    for kind, bound in BOUNDS.items():
        slowest = max(found, key=lambda name: found[name][kind][0])
        cpu, wall = found[slowest][kind]
        detail = f"{slowest}, {wall:.2f} s by the clock; of {len(found)} charts"
        say(Measured(f"Processor time of the slowest chart as {kind}", cpu, bound, unit=" s", detail=detail))


def figures() -> Iterator[tuple[str, Figure]]:
    """Each chart with a name for it; those that have nothing to show left out."""
    version = data.current_version()
    for place in PLACES:
        now = shown.understood({"period": PERIOD, **place}, version)
        for view in registry.all_views().values():
            for what, options in _built(place) if view.name == registry.BUILT else [("", _options(view))]:
                figure = view.fresh(now, **options)
                if figure is not None:
                    yield f"{view.name} {what}({now.area})", figure


def _options(view: registry.View) -> dict[str, object]:
    asked = {key: OPTIONS[key] for key in view.options if key in OPTIONS}
    return {key: value for key, value in asked.items() if key != "priority" or view.name not in WHOLE}


def _built(place: dict[str, str]) -> Iterator[tuple[str, dict[str, object]]]:
    """Every kind of chart that can be built, in every size; for England also of all its authorities."""
    for size in chart_choice.SIZES:
        for kind in chart_choice.KINDS:
            options = {"kind": kind, "size": size, "indicators": INDICATORS if kind == "scatter" else ()}
            yield f"{kind} {size} ", options
            if not place and "each" in chart_choice.USES[kind]:
                yield f"{kind} {size} la ", options | {"each": "la"}


def times(figure: Figure) -> dict[str, tuple[float, float]]:
    """Seconds of processor time and by the clock for each kind of file, the better of some turns."""
    told = facts(figure, "https://cpd.example/regions", "2012-03-03")
    found = {}
    for kind in BOUNDS:
        turns = []
        for _ in range(TURNS):
            cpu, wall = time.process_time(), time.perf_counter()
            chart_files.make(figure, kind, told)
            turns.append((time.process_time() - cpu, time.perf_counter() - wall))
        found[kind] = min(turns)
    return found


if __name__ == "__main__":
    charts = list(figures())
    times(charts[0][1])  # the library starts
    print(json.dumps({name: times(figure) for name, figure in charts}))
