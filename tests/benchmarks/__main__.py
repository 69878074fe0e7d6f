"""`python -m tests.benchmarks`: measure everything in one run; exit status 1 where a bound is broken."""

import os
import sys
import tempfile
from pathlib import Path

from tests.benchmarks import (
    api,
    authority,
    bundle,
    charts,
    databases,
    importing,
    importing_large,
    measuring,
    overview,
    pack,
    partnerships,
    reading,
    reports,
    slides,
    starting,
)
from tests.benchmarks.figure import Measured


def main() -> int:
    """Print each figure as it is found; returns the exit status."""
    found: list[Measured] = []

    def say(measured: Measured) -> None:
        found.append(measured)
        print(measured, flush=True)

    load = ", ".join(f"{part:.1f}" for part in os.getloadavg())
    print(f"{os.cpu_count()} processors; load before the start {load}: seconds mean little where others are at work")
    print(f"{'figure':<68} {'measured':>10} {'bound':>10}")
    with tempfile.TemporaryDirectory(prefix="cpd-bench-") as temporary:
        folder = Path(temporary)
        default = folder / "default.db"
        starting.measure(default, say)
        national = databases.national(like=default)
        overview.measure(default, national, say)
        authority.measure(default, national, say)
        say(reading.measure(national))
        measuring.measure(default, say)
        api.measure(default, say)
        reports.measure(default, folder, say)
        pack.measure(default, folder, say)
        charts.measure(default, say)
        bundle.measure(default, folder, say)
        slides.measure(national, folder, say)
        partnerships.measure(national, folder, say)
        say(importing.measure(databases.without_observations(folder / "bare.db"), folder))
        importing_large.measure(folder, say)
    over = [measured.name for measured in found if not measured.ok]
    print(f"Over: {'; '.join(over)}." if over else "Every bound is kept.")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
