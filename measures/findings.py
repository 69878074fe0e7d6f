"""Findings across many rows, ordered by size and only where they are clear: gaps, movers, what needs attention."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from measures import sentences, words

CERTAIN = 1_000.0  # more than any shortfall measured in ways from baseline to target


@dataclass(frozen=True)
class Finding:
    """One finding: its indicator and area, and the sentence that says it (bold marks as in Markdown)."""

    indicator: str
    area_code: str
    sentence: str


def yardstick(regions: pd.DataFrame) -> pd.Series:
    """Indicator → the regions' median way from baseline to target: what makes sizes in different units comparable.

    regions: figures of one period with indicator, baseline, target. NaN where there is no way to go.
    """
    way = (regions["target"] - regions["baseline"]).abs().groupby(regions["indicator"]).median()
    return way.where(way > 0)


def widest_gaps(rows: pd.DataFrame, indicators: pd.DataFrame, way: pd.Series, most: int = 5) -> list[Finding]:
    """The widest clear gaps between best and worst area, one an indicator, measured by the way to the target.

    rows: figures of one period and one level, with indicator, area_code, area, value, lower, upper; indicators: code,
    short_title, unit, better; way: see yardstick. A gap is clear where the two intervals do not meet.
    """
    about = indicators.set_index("code")
    found: list[tuple[float, Finding]] = []
    for code, group in rows.dropna(subset=["value", "lower", "upper"]).groupby("indicator", sort=False):
        item = about.loc[code]
        if len(group) < 2 or item["better"] is None or pd.isna(item["better"]):
            continue
        ordered = group.sort_values("value", ascending=item["better"] == "lower")
        best, worst = ordered.iloc[0], ordered.iloc[-1]
        low, high = sorted((best, worst), key=lambda row: row["value"])
        if high["lower"] <= low["upper"]:
            continue
        gap = abs(best["value"] - worst["value"])
        size = gap / way.get(code, np.nan)
        apart = f"{words.difference(gap, item['unit'])} {_behind(item)} {best['area']}"
        text = f"**{item['short_title']}**: {worst['area']} {apart}"
        found.append((size, Finding(str(code), str(worst["area_code"]), text)))
    return _largest(found, most)


def biggest_movers(
    now: pd.DataFrame, before: pd.DataFrame, indicators: pd.DataFrame, way: pd.Series, since: str, most: int = 5
) -> list[Finding]:
    """The biggest clear changes of any area since another period; frames and way as in widest_gaps."""
    keys = ["indicator", "area_code"]
    both = now.merge(before[[*keys, "value", "lower", "upper"]], on=keys, suffixes=("", "_before")).dropna(
        subset=["value", "lower_before", "lower"]
    )
    clear = both[(both["lower"] > both["upper_before"]) | (both["upper"] < both["lower_before"])]
    about = indicators.set_index("code")
    size = (clear["value"] - clear["value_before"]).abs() / clear["indicator"].map(way).astype(float)
    best = clear.assign(size=size).sort_values("size", ascending=False).drop_duplicates("indicator")
    found = []
    for row in best.to_dict("records"):
        item = about.loc[row["indicator"]]
        change = row["value"] - row["value_before"]
        worse = item["better"] is not None and (change < 0) == (item["better"] == "higher")
        text = (
            f"**{item['short_title']}**, {row['area']}: {'up' if change > 0 else 'down'} "
            f"{words.difference(change, item['unit'])} since {since}{', the wrong way' if worse else ''}"
        )
        found.append((row["size"], Finding(row["indicator"], row["area_code"], text)))
    return _largest(found, most)


def attention(
    rows: pd.DataFrame,
    indicators: pd.DataFrame,
    way: pd.Series,
    most: int = 5,
    *,
    final_period: str = sentences.FINAL_PERIOD,
) -> tuple[list[Finding], list[Finding]]:
    """What needs attention and what goes well in one area, each ordered by size against the way to go.

    rows: one area's figures of one period; final_period: when the target is due. Attention: off track, then at risk.
    Going well: on track and clearly above.
    """
    about = indicators.set_index("code")
    judged = rows[rows["status"] != "none"]
    judged = judged.assign(
        size=(judged["value"] - judged["expected"]).abs() / judged["indicator"].map(way).astype(float)
    )
    behind: list[tuple[float, Finding]] = []
    well: list[tuple[float, Finding]] = []
    for row in judged.to_dict("records"):
        item = about.loc[row["indicator"]]
        size, value = row["size"], words.number(row["value"], item["unit"])
        status = sentences.status_words(row, item, final_period=final_period)
        if row["status"] == "on_track":
            # With "lower is better" the good side is below the path.
            if row["lower"] > row["expected"] if item["better"] == "higher" else row["upper"] < row["expected"]:
                path = sentences.Benchmark(
                    f"the {words.number(row['expected'], item['unit'])} expected", row["expected"]
                )
                said = f"{value}, {sentences.comparison_words(row, item, path)}; {status}"
                well.append((size, _finding(row, item, said)))
            continue
        # Every certain shortfall stands before any that may be chance.
        behind.append(
            (size if row["status"] == "at_risk" else size + CERTAIN, _finding(row, item, f"{value}; {status}"))
        )
    return _largest(behind, most), _largest(well, most)


def _finding(row: dict[Hashable, Any], item: pd.Series, said: str) -> Finding:
    return Finding(row["indicator"], row["area_code"], f"**{item['short_title']}**: {said}")


def _behind(item: pd.Series) -> str:
    if item["unit"] == "gbp":
        return "dearer than" if item["better"] == "lower" else "below"
    return "behind"


def _largest(found: list[tuple[float, Finding]], most: int) -> list[Finding]:
    there = [pair for pair in found if not np.isnan(pair[0])]
    return [finding for _, finding in sorted(there, key=lambda pair: -pair[0])[:most]]
