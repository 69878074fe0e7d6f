"""Run as a process that is killed: `python -m tests.data_access.importing_child URL FILE MAPPING POINT`.

POINT names where it kills itself, as a power cut would: nothing is caught, closed or rolled back by us.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from data_access import bulk, imports, observations, quality, schema, summaries
from data_access.engine import get_engine
from data_access.files.mapping import read_mapping

POINTS = ["reading", "first rows", "half the rows", "superseding", "summarising", "half the summaries", "checking",
          "last moment"]  # fmt: skip


def die(*_: object, **__: object) -> None:
    """The end, at once."""
    os.kill(os.getpid(), signal.SIGKILL)


def armed(point: str, step: str, done: float) -> None:
    """The step callback that dies at a step's name."""
    if (point, step) in {("last moment", "Writing to the disk"), ("reading", "Reading and checking: 0 rows")}:
        die()
    if point == "reading" and step.startswith("Reading"):
        die()
    if point == "half the rows" and step == "Loading" and done > 0.2:
        die()


def arm(point: str) -> None:
    """Put the trap where the import will step on it."""
    if point == "summarising":
        summaries.remake = die  # type: ignore[assignment]
    if point == "checking":
        quality.of_import = die  # type: ignore[assignment]
    if point == "superseding":
        observations.close = after(observations.close)
    if point in ("first rows", "half the summaries"):
        table = schema.observation if point == "first rows" else schema.summary
        insert = bulk.insert
        bulk.insert = lambda c, t, rows: (
            after(insert)(c, t, rows.head(len(rows) // 2)) if t is table else insert(c, t, rows)
        )


def after(work: Callable[..., Any]) -> Callable[..., Any]:
    """The work, done, and then the end."""

    def done(*arguments: object, **named: object) -> None:
        work(*arguments, **named)
        die()

    return done


def main() -> None:
    """Import until the trap."""
    url, file, mapping, point = sys.argv[1:]
    observations.PIECE = 500
    arm(point)
    if point == "wait":  # hold the writer's lock until killed
        from data_access.engine import writing

        with writing(get_engine(url)):
            print("holding", flush=True)
            time.sleep(60)
    imports.import_file(
        get_engine(url), Path(file), None, read_mapping(Path(mapping)), step=lambda what, done: armed(point, what, done)
    )


if __name__ == "__main__":
    main()
