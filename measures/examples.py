"""Measures worked through with real numbers: steps that a reader can redo from what is printed, and get the same.

Each function takes published rows (data_access.values.COLUMNS; value, lower, upper, baseline, expected and target in
percent) and returns lines of text. A step reads 'what = arithmetic = result'; other lines are sentences. Inputs are
printed with six significant digits, so that the printed result follows from them but for its last digit.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import floor, log10, sqrt
from typing import Final

import numpy as np
import pandas as pd

from measures import words
from measures.comparison import compare, quartile, rank
from measures.gaps import funnel_limits
from measures.thresholds import shown
from measures.trends import NO_CHANGE

Z: Final = {0.95: "1.96", 0.998: "3.09"}
SIGNIFICANT: Final = 6


def plain(value: float) -> str:
    """A number to calculate with: '34,120', '0.814896', '5,432.12'; negative ones with a true minus."""
    if value == 0:
        return "0"
    places = max(0, SIGNIFICANT - 1 - floor(log10(abs(value))))
    text = f"{abs(value):,.{places}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"−{text}" if value < 0 else text


def has_all_parts(rows: pd.DataFrame) -> pd.Series:
    """True for the percentages that can be worked through: a value between 0 and 100 with its counts and interval."""
    parts = rows[["value", "lower", "upper", "numerator", "denominator", "n_eff"]].notna().all(axis=1)
    return parts & (rows["unit"] == "percent") & (rows["value"] > 0) & (rows["value"] < 100)


def value(row: pd.Series) -> list[str]:
    """From the pooled counts to the value."""
    n, d = plain(row["numerator"]), plain(row["denominator"])
    return [f"Value = 100 × {n} ÷ {d} = {_percent(row['value'])}"]


def interval(row: pd.Series) -> list[str]:
    """From the counts and the effective number to the 95 % limits: deff, v, and Wilson's middle and half width."""
    n, d, n_eff = (float(row[name]) for name in ("numerator", "denominator", "n_eff"))
    share, z = n / d, Z[0.95]
    r, effective = plain(share), plain(n_eff)
    shrink = 1 + 1.96**2 / n_eff
    middle = (share + 1.96**2 / (2 * n_eff)) / shrink
    half = 1.96 / shrink * sqrt(share * (1 - share) / n_eff + 1.96**2 / (4 * n_eff**2))
    deff = d / n_eff
    alike = (
        f"The {plain(d)} say as much as {words.number(n_eff, 'rate')} drawn one by one would (n_eff)"
        if deff > 1
        else "No more spread than chance alone would give: each counts in full (n_eff)"
    )
    return [
        f"R = {plain(n)} ÷ {plain(d)} = {share:.5f}",
        f"deff = {plain(d)} ÷ {effective} = {deff:,.2f}",
        f"{alike}.",
        f"√v = √({r} × (1 − {r}) ÷ {effective}) = {sqrt(share * (1 - share) / n_eff):.5f}",
        f"Middle = ({r} + {z}² ÷ (2 × {effective})) ÷ (1 + {z}² ÷ {effective}) = {middle:.5f}",
        f"Half = {z} ÷ (1 + {z}² ÷ {effective}) × √({r} × (1 − {r}) ÷ {effective} + {z}² ÷ (4 × {effective}²)) "
        f"= {half:.5f}",
        f"Lower limit = 100 × ({middle:.5f} − {half:.5f}) = {_percent(row['lower'])}",
        f"Upper limit = 100 × ({middle:.5f} + {half:.5f}) = {_percent(row['upper'])}",
    ]


def expected(row: pd.Series, line: Sequence[tuple[float, float]]) -> list[str]:
    """The expected value on the stretch of the trajectory that the row's period lies on.

    line: (position in years, value) of the baseline, any stored points and the target, in order.
    """
    at = float(row["period_position"])
    stretches = list(pairwise(line))
    (start, low), (end, high) = next((pair for pair in stretches if at <= pair[1][0]), stretches[-1])
    gone = min(max(at, start), end) - start
    return [
        f"Expected = {plain(low)} + ({plain(high)} − {plain(low)}) × {plain(gone)} ÷ {plain(end - start)} "
        f"= {_percent(row['expected'])}",
        f"From {_percent(low)} to {_percent(high)} in {_years(end - start)}, of which {_years(gone)} are over.",
    ]


def status(row: pd.Series) -> list[str]:
    """Value, and where need be its limit on the better side, against the expected value."""
    said = words.status_text(row["status"], row["reason"])
    if row["status"] == "none":
        return [f"{said}."]
    side, short, reached = ("lower", ">", "≤") if row["better"] == "lower" else ("upper", "<", "≥")
    mark = plain(row["expected"])
    if row["status"] == "on_track":
        return [f"Value {plain(row['value'])} {reached} expected {mark}: {said}."]
    far = reached if row["status"] == "at_risk" else short
    return [
        f"Value {plain(row['value'])} {short} expected {mark}, {side} limit {plain(row[side])} {far} {mark}: {said}."
    ]


def progress(row: pd.Series) -> list[str]:
    """The share of the way from baseline to target."""
    start = plain(row["baseline"])
    way = f"({plain(row['value'])} − {start}) ÷ ({plain(row['target'])} − {start})"
    return [f"Progress = 100 × {way} = {words.share(row['progress'])}"]


def comparison(row: pd.Series, benchmark: str, mark: float) -> list[str]:
    """Where the interval lies beside a benchmark's value, and the word for it."""
    lower, upper, benchmarks = (pd.Series([end], dtype=float) for end in (row["lower"], row["upper"], mark))
    said = compare(lower, upper, benchmarks, pd.Series([row["better"]], dtype=object))[0]
    lies = "wholly above" if row["lower"] > mark else "wholly below" if row["upper"] < mark else "around"
    return [
        f"The interval of {row['area']}, {plain(row['lower'])} to {plain(row['upper'])}, lies {lies} {benchmark}'s "
        f"{plain(mark)}: {said}."
    ]


def neighbours(rows: pd.DataFrame, area: str, reported: int, asked: int, mean: float) -> list[str]:
    """The plain mean of the neighbours' values; rows: the neighbours', with area and value, those without one, too."""
    there = rows.dropna(subset=["value"])
    total = " + ".join(plain(figure) for figure in there["value"])
    return [
        f"Of the {asked} neighbours of {area}, {reported} have a figure: {words.joined(list(there['area']))}.",
        f"Mean = ({total}) ÷ {reported} = {_percent(mean)}",
    ]


def trend(points: pd.DataFrame, marker: pd.Series, critical: float) -> list[str]:
    """χ² for trend over the points used, in order (period_label, numerator, denominator, n_eff), with its marker.

    marker: their row of measures.trends.with_trend; critical: what χ² must exceed. Effective counts have two
    decimals, four where they are few.
    """
    counted, base, effective = (points[name].to_numpy(dtype=float) for name in ("numerator", "denominator", "n_eff"))
    places = 2 if effective.min() >= 100 else 4
    n = effective.round(places)
    x = (counted * n / base).round(places)
    t = np.arange(1, len(points) + 1)
    labels = [str(label) for label in points["period_label"]]

    def exact(figure: float) -> str:
        return f"{figure:,.{places}f}"

    def total(name: str, terms: list[str], result: float) -> str:
        return f"{name} = {' + '.join(terms)} = {exact(result)}"

    sums = {"N": n.sum(), "X": x.sum(), "Σxt": (x * t).sum(), "Σnt": (n * t).sum(), "Σnt²": (n * t**2).sum()}
    big_n, big_x, xt, nt, ntt = (exact(figure) for figure in sums.values())
    statistic = float(marker["trend_statistic"])
    sign = ">" if statistic > critical else "≤"
    lines = [
        f"x of {labels[i]} (t {i + 1}) = {plain(counted[i])} × {exact(n[i])} ÷ {plain(base[i])} = {exact(x[i])}"
        for i in range(len(points))
    ]
    lines += [
        total("N", [exact(each) for each in n], sums["N"]),
        total("X", [exact(each) for each in x], sums["X"]),
        total("Σxt", [f"{at} × {exact(each)}" for at, each in zip(t, x, strict=True)], sums["Σxt"]),
        total("Σnt", [f"{at} × {exact(each)}" for at, each in zip(t, n, strict=True)], sums["Σnt"]),
        total("Σnt²", [f"{at}² × {exact(each)}" for at, each in zip(t, n, strict=True)], sums["Σnt²"]),
        f"χ² = {big_n} × ({big_n} × {xt} − {big_x} × {nt})² ÷ "
        f"({big_x} × ({big_n} − {big_x}) × ({big_n} × {ntt} − {nt}²)) = {statistic:,.1f}",
    ]
    if marker["trend"] == NO_CHANGE and statistic > critical:
        why = ", but without one of the points the slope would turn"
    else:
        why = " and the slope keeps its sign without any one point" if statistic > critical else ""
    return [*lines, f"χ² {statistic:,.1f} {sign} {critical:.4f}{why}: {marker['trend']}."]


def gap(first: pd.Series, second: pd.Series, names: tuple[str, str], found: pd.Series) -> list[str]:
    """The gap between two groups with its interval; found: their row of measures.gaps.group_gap."""
    one, two = first, second
    apart = "excludes 0: the gap is clear" if found["clear"] else "holds 0: the gap may be chance"

    def limit(sign: str, plus: str, minus: str) -> str:
        squares = " + ".join(
            f"({plain(row['value'])} − {plain(row[side])})²" for row, side in ((one, plus), (two, minus))
        )
        return f"{plain(one['value'])} − {plain(two['value'])} {sign} √({squares})"

    return [
        f"Gap = {plain(one['value'])} − {plain(two['value'])} = {_signed(found['gap'])} points "
        f"({names[0]} minus {names[1]})",
        f"Lower limit = {limit('−', 'lower', 'upper')} = {_signed(found['gap_lower'])} points",
        f"Upper limit = {limit('+', 'upper', 'lower')} = {_signed(found['gap_upper'])} points",
        f"The interval {apart}.",
    ]


def spread(rows: pd.DataFrame, best: pd.Series, worst: pd.Series) -> list[str]:
    """The gap between best and worst of some areas."""
    return [
        f"Best minus worst of {len(rows.dropna(subset=['value']))}: {best['area']} and {worst['area']} "
        f"= {plain(max(best['value'], worst['value']))} − {plain(min(best['value'], worst['value']))} "
        f"= {_signed(abs(best['value'] - worst['value']))} points"
    ]


def funnel(row: pd.Series, middle: float) -> list[str]:
    """The limits around a middle (percent) for an area's effective number, at both levels."""
    share, n = middle / 100, float(row["n_eff"])
    p, effective = plain(share), plain(n)
    lines = []
    for level, z in Z.items():
        low, high = (100 * float(limit[0]) for limit in funnel_limits(share, np.array([n]), level))
        half = float(z) * sqrt(share * (1 - share) / n)
        ends = f"{_percent(100 * (share - half))} and {_percent(100 * (share + half))}"
        name = f"{100 * level:g}%"
        lines.append(f"{name} limits = 100 × ({p} ∓ {z} × √({p} × (1 − {p}) ÷ {effective})) = {ends}")
        if low <= 0 or high >= 100:
            lines.append(f"They stop at 0% and 100%: {_percent(low)} and {_percent(high)}.")
        outside = not low <= row["value"] <= high
        lines.append(
            f"{row['area']} has {_percent(row['value'])}: {'outside' if outside else 'within'} the {name} limits."
        )
    return lines


def place(rows: pd.DataFrame, area_code: str, better: str | None) -> list[str]:
    """An area's rank and quartile among the areas that have a value."""
    values = rows.set_index("area_code")["value"].dropna()
    ranks, quarters = rank(values, better), quartile(values, better)
    before, count = int(ranks[area_code]) - 1, len(values)
    area = str(rows.set_index("area_code")["area"][area_code])
    return [
        f"{before} of {count} areas have a better value than {area}.",
        f"Rank = {before} + 1 = {before + 1}",
        f"Quartile = ⌊{before} ÷ {count} × 4⌋ + 1 = {int(quarters[area_code])}",
    ]


def coverage(row: pd.Series, least: float) -> list[str]:
    """The share of returns that are in, beside the least that is judged (a fraction)."""
    units, due = plain(row["units"]), plain(row["expected_units"])
    enough = "is judged" if row["coverage"] >= least else "is marked low coverage and not judged"
    return [
        f"Coverage = 100 × {units} ÷ {due} = {words.share(row['coverage'])}",
        f"The least is {shown('minimum_coverage', least)}: the figure {enough}.",
    ]


def suppressed(rows: pd.DataFrame) -> list[str]:
    """How many cells of some rows are suppressed, and how many are for another reason empty: nothing but counts."""
    hidden = int((rows["symbol"] == "c").sum())
    empty = int(rows["value"].isna().sum()) - hidden
    return [f"Of {len(rows):,} figures {hidden:,} are suppressed (c); {empty:,} more are empty because none came in."]


def _percent(figure: float) -> str:
    return words.number(figure, "percent").replace("-", "−")


def _signed(figure: float) -> str:
    return f"{figure:.1f}".replace("-", "−")


def _years(length: float) -> str:
    return f"{length:.3g} year{'' if length == 1 else 's'}"
