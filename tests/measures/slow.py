"""The slow, obvious second implementation: measures.md written down for lists of school rows, one school at a time."""

from itertools import pairwise
from math import isnan, nan, sqrt
from statistics import NormalDist
from typing import NamedTuple

SCALE = {"percent": 100, "rate": 1, "gbp": 1}


class Figure(NamedTuple):
    """What one area shows."""

    value: float
    lower: float
    upper: float
    n_eff: float
    deff: float


def z(level: float) -> float:
    """Φ⁻¹(0.5 + level/2)."""
    return NormalDist().inv_cdf(0.5 + level / 2)


def wilson(x: float, n: float, level: float) -> tuple[float, float]:
    """Wilson 1927, by hand."""
    q, p = z(level), x / n
    middle = (p + q * q / (2 * n)) / (1 + q * q / n)
    half = q / (1 + q * q / n) * sqrt(p * (1 - p) / n + q * q / (4 * n * n))
    return middle - half, middle + half


def figure(schools: list[tuple[float, float]], unit: str, level: float = 0.95) -> Figure:
    """The area's figure from each school's (numerator, denominator)."""
    schools = [(n, d) for n, d in schools if not isnan(n) and not isnan(d) and d > 0]
    k = len(schools)
    if k == 0:
        return Figure(nan, nan, nan, nan, nan)
    total_n, total_d = sum(n for n, _ in schools), sum(d for _, d in schools)
    ratio = total_n / total_d
    # Each school's residual from the line through the origin: the ratio estimator as Cochran writes it.
    v = k / (k - 1) * sum((n - ratio * d) ** 2 for n, d in schools) / total_d**2 if k > 1 else nan
    if unit != "percent":
        half = z(level) * sqrt(v) if k > 1 else nan
        return Figure(ratio, ratio - half, ratio + half, nan, nan)
    if k == 1:
        deff = 1.0
    elif ratio in (0, 1):
        deff = total_d / min(total_d, k)
    else:
        deff = max(1, v / (ratio * (1 - ratio) / total_d))
    n_eff = total_d / deff
    low, high = wilson(ratio * n_eff, n_eff, level)
    return Figure(100 * ratio, 100 * low, 100 * high, n_eff, deff)


def six(schools: list[tuple[float, float]]) -> dict[str, float]:
    """The six additive sums."""
    kept = [(n, d) for n, d in schools if not isnan(n) and not isnan(d) and d > 0]
    return {
        "units": len(kept),
        "n": sum(n for n, _ in kept),
        "d": sum(d for _, d in kept),
        "nn": sum(n * n for n, _ in kept),
        "nd": sum(n * d for n, d in kept),
        "dd": sum(d * d for _, d in kept),
    }


def on_the_line(
    baseline: float, start: float, points: list[tuple[float, float]], better: str | None, at: float
) -> float:
    """The trajectory's value at a point in time."""
    if better is None or not points or isnan(baseline):
        return nan
    points = sorted(points)
    target = points[-1][1]
    if len(points) == 1 and (baseline >= target if better == "higher" else baseline <= target):
        return baseline
    line = [(start, baseline), *points]
    if at <= start:
        return baseline
    for (x0, y0), (x1, y1) in pairwise(line):
        if at <= x1:
            return y0 + (y1 - y0) * (at - x0) / (x1 - x0)
    return target


def judge(row: dict) -> tuple[str, str]:
    """Status and reason, one rule after another as the table of measures.md has them."""
    if row["missing"]:
        return "none", row["missing"]
    if isnan(row["value"]):
        return "none", "no figure"
    if row["is_baseline"]:
        return "none", "baseline period"
    if row["better"] is None:
        return "none", "no direction"
    if isnan(row["target"]):
        return "none", "no target"
    if isnan(row["baseline"]):
        return "none", "no baseline"
    if isnan(row["upper"]):
        return "none", "no interval"
    if row["coverage"] < 0.5:
        return "none", "coverage below 50%"
    if row["better"] == "higher":
        if row["value"] >= row["expected"]:
            return "on_track", ""
        return ("at_risk" if row["upper"] >= row["expected"] else "off_track"), ""
    if row["value"] <= row["expected"]:
        return "on_track", ""
    return ("at_risk" if row["lower"] <= row["expected"] else "off_track"), ""


def versus(low: float, high: float, mark: float, better: str | None) -> str:
    """A value against a benchmark."""
    if isnan(low) or isnan(high) or isnan(mark):
        return "Not compared"
    if low > mark:
        return {"higher": "Better", "lower": "Worse", None: "Higher"}[better]
    if high < mark:
        return {"higher": "Worse", "lower": "Better", None: "Lower"}[better]
    return "Similar"


def place(values: list[float], better: str, at: int) -> float:
    """Rank: one more than how many are better."""
    if isnan(values[at]):
        return nan
    return 1 + sum(v > values[at] if better == "higher" else v < values[at] for v in values if not isnan(v))


def pooled(given: dict[str, float], node: str, parents: dict[str, str | None]) -> float:
    """A node's count: what was given for it, else the sum of its children."""
    if node in given:
        return given[node]
    parts = [pooled(given, child, parents) for child, parent in parents.items() if parent == node]
    parts = [part for part in parts if not isnan(part)]
    return sum(parts) if parts else nan
