"""The slow, obvious second implementation: measures.md written down for lists of school rows, one school at a time.

A school row is a dict: unit, la, region, phase, and its numerator n and denominator d (NaN where it did not report).
"""

from itertools import pairwise
from math import isnan, nan, sqrt
from statistics import NormalDist, median
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
    if isnan(row["expected"]):
        return "none", "no expected value"
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


def within(rows: list[dict], **where: str) -> list[dict]:
    """The school rows of a place or phase: within(rows, la="202", phase="primary")."""
    return [row for row in rows if all(row[name] == value for name, value in where.items())]


def area_figure(rows: list[dict], unit: str, level: float = 0.95, **where: str) -> Figure:
    """What an area shows, from all school rows."""
    return figure([(row["n"], row["d"]) for row in within(rows, **where)], unit, level)


def coverage(rows: list[dict], **where: str) -> float:
    """How many of the schools reported."""
    expected = within(rows, **where)
    reported = [row for row in expected if not isnan(row["n"]) and not isnan(row["d"]) and row["d"] > 0]
    return len(reported) / len(expected) if expected else nan


def inherited(
    targets: dict[str, list[tuple[float, float]]], la: str | None, region: str | None, england: str
) -> list[tuple[float, float]]:
    """The points set for the authority, else those for its region, else England's."""
    for place in (la, region, england):
        if place is not None and place in targets:
            return targets[place]
    return []


def of_the_way(value: float, baseline: float, target: float) -> float:
    """Progress, a fraction."""
    return nan if target == baseline else (value - baseline) / (target - baseline)


def priority(rows: list[dict]) -> tuple[dict[str, int], float]:
    """How many have each status, and the median progress of those that had a way to go."""
    counts = dict.fromkeys(("on_track", "at_risk", "off_track", "none"), 0)
    ways = []
    for row in rows:
        counts[row["status"]] += 1
        beyond = row["baseline"] <= row["target"] if row["better"] == "lower" else row["baseline"] >= row["target"]
        if not beyond and row["reason"] != "baseline period" and not isnan(row["progress"]):
            ways.append(row["progress"])
    return counts, median(ways) if ways else nan


def quarter(values: list[float], better: str, at: int) -> float:
    """Quartile: by how large a share of the areas is ahead."""
    ranked, there = place(values, better, at), sum(not isnan(v) for v in values)
    if isnan(ranked):
        return nan
    return next(q for q in (1, 2, 3, 4) if 4 * (ranked - 1) < q * there)


def trend(
    points: list[dict],
    unit: str,
    better: str | None,
    needed: int = 5,
    limit: float = 9.549535706083241,
    least: float = 0.5,
) -> tuple[str, int, float, float]:
    """Word, points used, χ² or z², sign: one series' points, each with period, position, figure (Figure) and coverage.

    limit: the quantile of χ² with one degree of freedom; that of 99.8 % is given.
    """
    kept = []
    for point in sorted(points, key=lambda p: p["position"]):
        shown = point["figure"]
        if isnan(shown.value) or isnan(shown.lower) or isnan(shown.upper) or point["coverage"] < least:
            continue
        if unit == "percent" and isnan(shown.n_eff):
            continue
        if unit != "percent" and (shown.upper - shown.lower) / (2 * z(0.95)) <= 1e-9 * abs(shown.value):
            continue
        kept.append(point)
    terms = [p for p in kept if " " in p["period"]]
    years = [p for p in kept if " " not in p["period"]]
    kept = (terms if len(terms) > len(years) else years)[-needed:]
    if len(kept) < needed:
        return "Too few points", len(kept), nan, nan
    if unit == "percent":
        series = [(t, p["figure"].n_eff, p["figure"].value / 100) for t, p in enumerate(kept, 1)]
        everyone = all(y <= 0 for _, _, y in series) or all(y >= 1 for _, _, y in series)
        statistic = nan if everyone else chi_square_for_trend([(t, y * n, n) for t, n, y in series])
        steady = all(sign_of_slope(series) == sign_of_slope([s for s in series if s is not out]) for out in series)
    else:
        errors = [(p["figure"].upper - p["figure"].lower) / (2 * z(0.95)) for p in kept]
        series = [(t, 1 / e**2, p["figure"].value) for t, (p, e) in enumerate(zip(kept, errors, strict=True), 1)]
        weights = sum(w for _, w, _ in series)
        middle = sum(w * t for t, w, _ in series) / weights
        squares = sum(w * (t - middle) ** 2 for t, w, _ in series)
        slope = sum(w * (t - middle) * y for t, w, y in series) / squares
        statistic, steady = (slope / sqrt(1 / squares)) ** 2, True
    sign = sign_of_slope(series)
    if isnan(statistic) or statistic <= limit or not steady or sign == 0:
        return "No significant change", needed, statistic, sign
    if better is None:
        return ("Increasing" if sign > 0 else "Decreasing"), needed, statistic, sign
    return ("Improving" if (sign > 0) == (better == "higher") else "Worsening"), needed, statistic, sign


def chi_square_for_trend(points: list[tuple[float, float, float]]) -> float:
    """χ² of (t, x, n), as measures.md prints it."""
    of_all, x = sum(n for _, _, n in points), sum(x for _, x, _ in points)
    xt, nt, ntt = (
        sum(x * t for t, x, _ in points),
        sum(n * t for t, _, n in points),
        sum(n * t * t for t, _, n in points),
    )
    return of_all * (of_all * xt - x * nt) ** 2 / (x * (of_all - x) * (of_all * ntt - nt**2))


def sign_of_slope(points: list[tuple[float, float, float]]) -> float:
    """−1, 0 or 1 of the weighted slope through (t, weight, y)."""
    weights = sum(w for _, w, _ in points)
    rising = weights * sum(w * t * y for t, w, y in points)
    falling = sum(w * t for t, w, _ in points) * sum(w * y for _, w, y in points)
    if abs(rising - falling) <= 1e-9 * abs(rising):
        return 0.0
    return 1.0 if rising > falling else -1.0


def gap_between(first: Figure, second: Figure, unit: str) -> tuple[float, float, float]:
    """first − second with its 95 % limits: square-and-add from the two intervals (Newcombe 1998, method 10)."""
    gap = first.value - second.value
    if any(isnan(x) for x in (gap, first.lower, first.upper, second.lower, second.upper)):
        return gap, nan, nan
    if unit != "percent":
        half = sqrt(((first.upper - first.lower) / 2) ** 2 + ((second.upper - second.lower) / 2) ** 2)
        return gap, gap - half, gap + half
    down = sqrt((first.value - first.lower) ** 2 + (second.upper - second.value) ** 2)
    up = sqrt((first.upper - first.value) ** 2 + (second.value - second.lower) ** 2)
    return gap, gap - down, gap + up


def area_difference(
    one: tuple[str, str, str | None], first: Figure, other: tuple[str, str, str | None], second: Figure, unit: str
) -> tuple[float, float, float]:
    """first − second of two areas (level, code, region) with its 95 % limits.

    Of a part and its whole, the whole is a fixed value and the part alone has an interval.
    """

    def lies_in(part: tuple[str, str, str | None], whole: tuple[str, str, str | None]) -> bool:
        if whole[0] == "england":
            return part[0] != "england"
        return whole[0] == "region" and part[0] == "la" and part[2] == whole[1]

    gap = first.value - second.value
    if one[1] == other[1] or isnan(gap):
        return gap, nan, nan
    if lies_in(one, other):
        return gap, first.lower - second.value, first.upper - second.value
    if lies_in(other, one):
        return gap, first.value - second.upper, first.value - second.lower
    return gap_between(first, second, unit)


def funnel(p: float, n: float, level: float) -> tuple[float, float]:
    """The limits around p for n people, as fractions."""
    half = z(level) * sqrt(p * (1 - p) / n)
    return max(0.0, p - half), min(1.0, p + half)


def mean_of_neighbours(values: dict[str, float], listed: list[str]) -> tuple[float, int, int]:
    """Mean of the neighbours' values that are there, how many those are, and how many were asked."""
    there = [values[code] for code in listed if code in values and not isnan(values[code])]
    return (sum(there) / len(there) if there else nan), len(there), len(listed)


def value_a_year_ago(rows: list[dict], row: dict) -> float:
    """The value of the row for the same indicator and area, a year earlier."""
    for other in rows:
        same = all(other[name] == row[name] for name in ("indicator", "area_code"))
        kind = (" " in other["period"]) == (" " in row["period"])
        if same and kind and abs(other["period_position"] + 1 - row["period_position"]) < 1e-6:
            return other["value"]
    return nan


class Told(NamedTuple):
    """What there is to tell of one indicator since an earlier state; words of `moved` as in `versus`."""

    period_before: str | None
    period: str | None
    moved: str
    turned: bool
    revised: bool
    came: bool
    went: bool


def told_since(
    then: dict[str, tuple[Figure, str]],
    now: dict[str, tuple[Figure, str]],
    order: list[str],
    unit: str,
    better: str | None,
) -> Told:
    """Look at one period after the other. then, now: period → figure and status; order: the periods that count."""
    before = [period for period in order if period in then and not isnan(then[period][0].value)]
    after = [period for period in order if period in now and not isnan(now[period][0].value)]
    old, new = (before[-1] if before else None), (after[-1] if after else None)
    again = now[old][0].value if old is not None and old in now else nan
    moved = ""
    if old is not None and new is not None and old != new:
        base = now[old][0] if old in now else Figure(nan, nan, nan, nan, nan)
        _, low, high = gap_between(now[new][0], base, unit)
        moved = versus(low, high, 0.0, better)
    statuses = [then[old][1] if old else "none", now[new][1] if new else "none"]
    return Told(
        old,
        new,
        moved,
        turned="none" not in statuses and statuses[0] != statuses[1],
        revised=old is not None and not isnan(again) and abs(again - then[old][0].value) > 1e-9 * abs(again),
        came=old is None and new is not None,
        went=old is not None and isnan(again),
    )
