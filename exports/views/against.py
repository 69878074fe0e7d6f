"""One area against its benchmarks, kept by what is shown: exports.benchmarks."""

import pandas as pd

from exports import benchmarks
from exports.kept import kept
from exports.shown import Shown
from exports.views import data
from exports.views.comparisons import own_beside
from exports.views.figures import MANY, area_rows, final_period, record


@kept(MANY)
def sentence(now: Shown, indicator: str) -> str:
    """The chosen area's figure of one indicator beside its benchmarks, as a sentence; '' where it has no row."""
    rows = own_beside(now)
    rows = rows[rows["indicator"] == indicator]
    about = record(now, indicator)
    return benchmarks.sentence(rows, _marks(now, rows), about, str(now.region_name), final_period(now))


def _marks(now: Shown, rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Benchmark → its values for the chosen area's rows; those alone that an area of its level has."""
    region = area_rows(now, "region")
    return benchmarks.marks(
        rows,
        area_rows(now, "england") if now.level != "england" else None,
        region[region["area_code"] == now.region] if now.level == "la" else None,
    )


@kept(MANY)
def table(now: Shown, priority: str) -> pd.DataFrame:
    """The chosen authority's indicators of a priority beside its benchmarks: one row each, all in words."""
    known = data.reference(now.version)
    mine = known.of_strategy[known.of_strategy["priority"] == priority]
    rows = mine[["code"]].merge(own_beside(now), left_on="code", right_on="indicator")
    return benchmarks.table(rows, mine, _marks(now, rows), str(now.region_name))


@kept(MANY)
def caption(now: Shown) -> str:
    """How to read the table, and how many of a column's words chance alone would make."""
    rows = own_beside(now)
    rows = rows[rows["indicator"].isin(data.reference(now.version).of_strategy["code"])]
    return benchmarks.caption(rows, _marks(now, rows)["england"])


@kept(MANY)
def neighbours(now: Shown) -> tuple[pd.DataFrame, str]:
    """The chosen authority's statistical neighbours as a table, closest first, and where the set comes from."""
    rows = data.neighbours(now.version)
    regions = data.reference(now.version).authorities.set_index("code")["region"]
    return benchmarks.neighbours(rows[rows["la_code"] == now.la], regions)
