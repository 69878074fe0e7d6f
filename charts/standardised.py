"""The figures behind a spine chart: every indicator on one scale, with England in the middle."""

import numpy as np
import pandas as pd

from measures import words
from measures.comparison import compare

BAND = ["low", "first", "third", "high"]
POSITIONS = ["own", "region", "neighbours", "from", "to", *BAND]


def standardised(
    own: pd.DataFrame,
    england: pd.DataFrame,
    region: pd.DataFrame | None,
    spread: pd.DataFrame,
    indicators: pd.DataFrame,
    neighbours: pd.DataFrame | None,
) -> pd.DataFrame:
    """One row an indicator: positions between -1 and 1 with England at 0 and better to the right, and texts.

    The scale of a row is the distance from England to the local authority furthest from it, so 0 and the wider end of
    the band fall at the same place in each row; an area outside the band is drawn at its edge.
    """
    none = own.iloc[:0]
    frames = {"england": england, "region": region, "neighbours": neighbours}
    mine = own.set_index("indicator").reindex(indicators["code"])
    values = {
        name: (none if frame is None else frame).set_index("indicator")["value"].reindex(indicators["code"])
        for name, frame in frames.items()
    }
    band = spread.reindex(indicators["code"])
    numbers = {"own": mine["value"], "from": mine["lower"], "to": mine["upper"], **values}
    numbers |= {name: band[name] for name in BAND}
    here = {name: column.to_numpy(dtype=float) for name, column in numbers.items()}
    units, symbols = indicators["unit"].tolist(), mine["symbol"].astype(object).where(mine["symbol"].notna(), "")
    return pd.DataFrame(
        {
            "indicator": indicators["code"].to_numpy(),
            "title": indicators["short_title"].to_numpy(),
            **_places(here, indicators["better"].to_numpy(dtype=object)),
            "status": mine["status"].astype(object).where(mine["status"].notna(), "none").to_numpy(),
            "comparison": _comparison(mine, here["england"], indicators["better"]),
            "value": [
                words.number(v, unit, symbol) for v, unit, symbol in zip(here["own"], units, symbols, strict=True)
            ],
            "nation": [words.number(v, unit) for v, unit in zip(here["england"], units, strict=True)],
            "area_text": [words.number(v, unit) for v, unit in zip(here["region"], units, strict=True)],
            "interval": [
                words.interval(low, high, unit) for low, high, unit in zip(here["from"], here["to"], units, strict=True)
            ],
        }
    )


def _places(here: dict[str, np.ndarray], better: np.ndarray) -> dict[str, np.ndarray]:
    """POSITIONS: NaN without England, or where the number itself is missing."""
    apart = {name: here[name] - here["england"] for name in POSITIONS}
    known = ~np.isnan(apart["low"])
    reach = np.where(known, np.fmax(np.abs(apart["low"]), np.abs(apart["high"])), 0.0)
    # Where no authority lies apart from England, the figures themselves say how far the row reaches.
    others = np.nan_to_num(np.abs(np.stack([apart[name] for name in ("own", "region", "neighbours", "from", "to")])))
    reach = np.where(reach > 0, reach, others.max(axis=0))
    reach = np.where(reach > 0, reach, 1.0) * np.where(better == "lower", -1.0, 1.0)
    return {name: np.clip(distance / reach, -1.0, 1.0) for name, distance in apart.items()}


def _comparison(mine: pd.DataFrame, england: np.ndarray, better: pd.Series) -> list[str]:
    """In the words of measures.comparison: the frame's own column `comparison` where it has one, else worked out."""
    found = compare(mine["lower"], mine["upper"], pd.Series(england), better)
    given = mine["comparison"].tolist() if "comparison" in mine else [None] * len(mine)
    return [said if isinstance(said, str) else str(word) for said, word in zip(given, found, strict=True)]
