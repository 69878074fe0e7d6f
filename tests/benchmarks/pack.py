"""The pack of a meeting with thirty views: seconds and size of each format."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from data_access import meetings
from data_access.engine import get_engine
from data_access.settings import PROJECT
from tests.benchmarks.figure import Measured
from tests.benchmarks.servers import environment

MB = 1_000_000
REGIONS = ("region=London", "region=North East", "region=South West")
INDICATORS = ("reviewed", "inclusive_policy", "needs_met", "practice_improved", "impact_evaluated")
CAMDEN = "region=London&la=Camden"


def measure(database: Path, folder: Path, say: Callable[[Measured], None]) -> None:
    """Whole processes, from the command to its file; a copy of the database holds the meeting."""
    own = Path(shutil.copy(database, folder / "meeting.db"))
    number = hold(own)
    for kind, name in (("pptx", "PowerPoint"), ("pdf", "PDF")):
        seconds, size = pack(own, folder / f"pack-{kind}", number, kind)
        say(Measured(f"Pack of 30 views as {name}", seconds, 15, unit=" s"))
        say(Measured(f"Size of that {name} file", size / MB, 10, unit=" MB"))


def origins() -> list[str]:
    """Thirty views of every kind that meetings use, none like another."""
    of_each = [
        view
        for indicator in INDICATORS
        for view in (
            f"view=ranked&level=region&indicator={indicator}",
            f"view=gap_over_time&indicator={indicator}",
            f"view=value_map&level=la&indicator={indicator}",
        )
    ]
    of_places = [f"view={name}&{place}" for place in REGIONS for name in ("status_heat", "share_tiles")]
    rest = [
        "view=share_map&level=la",
        "view=value_tiles&indicator=reviewed",
        "view=ranked&level=la&indicator=reviewed",
        "view=funnel_plot&indicator=reviewed",
        "view=between_groups&indicator=reviewed&first=teachers&second=support_staff",
        f"view=spine_chart&{CAMDEN}",
        f"view=trajectory&indicator=inducted&{CAMDEN}",
        f"view=trend_strips&priority=culture&{CAMDEN}",
        "view=by_area&indicator=reviewed&areas=Camden&areas=Kent&areas=London&reference=England",
    ]
    return [f"{view}&period=2011/12" for view in (*of_each, *of_places, *rest)]


def hold(database: Path) -> int:
    """Plan a meeting and pin its views; returns its number."""
    engine = get_engine(f"sqlite:///{database}")
    number = meetings.plan_meeting(engine, {"title": "Thirty views", "held_on": date(2012, 11, 7)}, "Benchmark")
    for origin in origins():
        meetings.pin(engine, number, origin, "Benchmark", note="What to say of it.", presenter="Chair")
    engine.dispose()
    return number


def pack(database: Path, folder: Path, number: int, kind: str) -> tuple[float, int]:
    """Seconds of a run of the command, and the bytes of its file."""
    folder.mkdir()
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "exports", "pack", "--meeting", str(number), "--out", str(folder), "--format", kind],
        cwd=PROJECT, env=environment(database), stdout=subprocess.DEVNULL, check=True, timeout=600,
    )  # fmt: skip
    seconds = time.perf_counter() - started
    (file,) = folder.iterdir()
    return seconds, file.stat().st_size
