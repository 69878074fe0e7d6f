"""`python -m tests.benchmarks.one_import URL FILE`: one import in a process of its own; prints what it took."""

import json
import resource
import sys
import time
from pathlib import Path

# What a running service has loaded already: a second of its own.
import pandera.backends.pandas.builtin_checks
import pandera.pandas  # noqa: F401

from data_access.engine import get_engine
from data_access.imports import import_file
from tests.benchmarks.national_file import leaves, mapping


def main() -> None:
    """Import and say what it took."""
    engine = get_engine(sys.argv[1])
    groups = leaves(engine)
    started = time.perf_counter()
    report = import_file(engine, Path(sys.argv[2]), None, mapping(groups))
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": seconds, "peak": peak, "observations": report.observations, "rows": report.rows}))


if __name__ == "__main__":
    main()
