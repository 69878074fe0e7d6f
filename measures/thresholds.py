"""The limits behind judgements, markers and suppression: their usual values, and which apply to an indicator.

All of them are data: a database may hold other values, for all indicators or for one (data_access.thresholds).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Threshold:
    """One limit: what it is called, what it does, its usual value, and the values that it may have."""

    title: str
    meaning: str
    usual: float
    lowest: float
    highest: float
    unit: str = ""  # '%': kept as a fraction


THRESHOLDS: Final = {
    "fewest_people": Threshold(
        "Fewest people in a figure", "A figure about fewer people than this is suppressed.", 10, 0, 1000, "people"
    ),
    "fewest_units": Threshold(
        "Fewest schools behind a figure",
        "A figure for an area that rests on fewer schools than this is suppressed.",
        3,
        1,
        50,
        "schools",
    ),
    "minimum_coverage": Threshold(
        "Least coverage",
        "Where a smaller share of the returns is in, the figure is marked low coverage and not judged.",
        0.5,
        0,
        1,
        "%",
    ),
    "trend_points": Threshold(
        "Points of a trend",
        "A trend marker needs this many comparable points, and uses the latest.",
        5,
        3,
        20,
        "points",
    ),
    "trend_confidence": Threshold(
        "Confidence of a trend",
        "A trend is named Improving or Worsening from this confidence on.",
        0.998,
        0.5,
        0.9999,
        "%",
    ),
    "neighbours": Threshold(
        "Statistical neighbours", "How many authorities an authority is compared with.", 10, 3, 30, "authorities"
    ),
}
OVERALL = ""  # in place of an indicator: for all that have no value of their own


def shown(name: str, value: float) -> str:
    """A threshold's value in words: '50%', '99.8%', '12'."""
    return f"{100 * value:.6g}%" if THRESHOLDS[name].unit == "%" else f"{value:.10g}"


def resolve(rows: pd.DataFrame, indicators: list[str]) -> pd.DataFrame:
    """The thresholds of each indicator: a row an indicator (its index), a column a threshold.

    rows: name, indicator ('' for all), value; what they do not say is as usual.
    """
    names, at = list(THRESHOLDS), {code: number for number, code in enumerate(indicators)}
    values = np.tile([THRESHOLDS[name].usual for name in names], (len(indicators), 1))
    # Those for all first, since an indicator's own go before them.
    for name, code, value in rows.sort_values("indicator")[["name", "indicator", "value"]].itertuples(index=False):
        if name in THRESHOLDS and (code == OVERALL or code in at):
            values[slice(None) if code == OVERALL else at[code], names.index(name)] = value
    return pd.DataFrame(values, index=indicators, columns=names)
