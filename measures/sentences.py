"""A measured row as a sentence: one way of saying it for pages, alt text, files and packs.

'Camden: 61.2%, 4 points above England, not a clear difference; on track for 75.0% by 2011/12'
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from measures import words
from measures.comparison import compare
from measures.differences import AROUND, SEPARATE, WITHIN
from measures.thresholds import THRESHOLDS
from measures.trends import FEW, NO_CHANGE

Record = Mapping[Any, Any] | pd.Series

FINAL_PERIOD: Final = "2011/12"
ARROWS: Final = {1.0: "↗", -1.0: "↘"}  # by the sign of a slope
REPORTERS: Final = {"school": "school", "la": "authority"}  # who reports, by an indicator's collected_from
MISSING: Final = words.SYMBOL_WORDS | {"z": "not collected here", "x": "not reported"}


@dataclass(frozen=True)
class Benchmark:
    """What a value is set against.

    name   within a sentence: 'England', 'London', 'the mean of 8 of 10 neighbours', 'a year ago'
    value  in the indicator's unit; None or NaN where the benchmark has no figure
    said   the word of measures.comparison where it is known already; worked out from the row's interval otherwise
    """

    name: str
    value: float | None
    said: str = ""


def say(row: Record, about: Record, *, benchmarks: Sequence[Benchmark] = (), final_period: str = FINAL_PERIOD) -> str:
    """One row in words, without a full stop: area, value or why there is none, benchmarks, status, low coverage.

    row           a record of data_access.values.COLUMNS, whole or in part: what it lacks is not said
    about         the indicator's record: unit, better, and where there collected_from and minimum_coverage
    benchmarks    in the order to be said; one that is the row's own area is left out
    final_period  when the target is due, '' to leave it unsaid
    """
    area = _text(row, "area") or "This area"
    value = _number(row, "value")
    if value is None:
        return f"{area}: {missing_words(row)}"
    others = [benchmark for benchmark in benchmarks if benchmark.name != area]
    first, *more = [comparison_words(row, about, benchmark) for benchmark in others] or [""]
    said = f"{area}: {words.number(value, _unit(row, about))}"
    parts = [f"{said}, {first}" if first else said, *more]
    if _text(row, "status"):
        parts.append(status_words(row, about, final_period=final_period))
    if low_coverage(row, about) and not _is_low_reason(row):
        parts.append(_low(row, about))
    return "; ".join(parts)


def missing_words(row: Record) -> str:
    """Why a row has no value: 'suppressed to protect confidentiality', 'not reported'; 'no figure' where unknown."""
    return MISSING.get(_text(row, "symbol"), "no figure")


def comparison_words(row: Record, about: Record, benchmark: Benchmark) -> str:
    """'4 points above England (better)', '£12 below a year ago, not a clear difference', 'the same as London'.

    A row without interval is '…, not compared (no interval)'; a benchmark without figure is named, too.
    """
    value, mark = _number(row, "value"), _finite(benchmark.value)
    if value is None:
        return ""
    if mark is None:
        return f"not compared with {benchmark.name} (no figure there)"
    apart = _apart(value, mark, _unit(row, about))
    if not apart:
        return f"the same as {benchmark.name}"
    placed = f"{apart} {benchmark.name}"
    said = benchmark.said or _compared(row, about, mark)
    if said == "Not compared":
        why = "published without interval" if _number(row, "published_rate") else "no interval"
        return f"{placed}, not compared ({why})"
    return f"{placed}, not a clear difference" if said == "Similar" else f"{placed} ({said.lower()})"


def status_words(row: Record, about: Record, *, final_period: str = FINAL_PERIOD) -> str:
    """'on track for 75.0% by 2011/12', 'off track: 6 points below the 70.0% expected', 'no judgement: no target'."""
    status = _text(row, "status") or "none"
    unit, value, target = _unit(row, about), _number(row, "value"), _number(row, "target")
    said = words.STATUS_WORDS[status].lower()
    if status == "none":
        reason, counted = _text(row, "reason"), reporting_words(row, about)
        if _is_low_reason(row) and counted:
            reason = f"low coverage, {counted}"
        return f"{said}: {reason}" if reason else said
    if status == "on_track":
        if target is None:
            return said
        by = f" by {final_period}" if final_period else ""
        # "On track for 30%" would puzzle whoever has just read 35%.
        reached = value is not None and (value <= target if _text(about, "better") == "lower" else value >= target)
        due = f"{words.number(target, unit)}{by}"
        return f"{said}: target of {due} reached" if reached else f"{said} for {due}"
    expected = _number(row, "expected")
    if value is None or expected is None:
        return said
    # A shortfall too small to show is still one: the side it falls on is the worse one.
    short = _apart(value, expected, unit) or f"just {'above' if value > expected else 'below'}"
    chance = ", which may be chance" if status == "at_risk" else ""
    return f"{said}: {short} the {words.number(expected, unit)} expected{chance}"


def difference_rules(relations: Sequence[str], reference: str) -> str:
    """How differences from a reference area are measured, in sentences; '' where there is none.

    relations: those of measures.differences among the areas set against it, in any order and number.
    """
    there = set(relations)
    parts = []
    if SEPARATE in there:
        parts.append("The interval of a difference is made from both areas' 95% intervals.")
    if WITHIN in there:
        parts.append(
            f"An area within {reference} is not independent of it: the area's own interval is set against the value of "
            f"{reference}."
        )
    if AROUND in there:
        parts.append(
            f"An area that contains {reference} is not independent of it: the interval of {reference} is set against "
            "that area's value."
        )
    return " ".join(parts)


def interval_words(row: Record, unit: str = "") -> str:
    """'95% interval 58.0% to 64.4%', or 'no interval'. unit: where the row does not say its own."""
    said = words.interval(_number(row, "lower"), _number(row, "upper"), _text(row, "unit") or unit)
    return said if said == "no interval" else f"95% interval {said}"


def coverage_words(units: float | None, expected: float | None, noun: str = "return") -> str:
    """'31 of 33 schools reporting'; returns, which add up over indicators, as a share: '91% of returns in'.

    units, expected: how many reported, and how many should have; '' where nothing is expected or either is unknown.
    """
    there, due = _finite(units), _finite(expected)
    if there is None or not due:
        return ""
    return (
        f"{words.share(there / due)} of returns in" if noun == "return" else f"{_counted(there, due, noun)} reporting"
    )


def reporting_words(row: Record, about: Record) -> str:
    """'12 of 40 schools', '1 of 1 authority'; '' where either is unknown, or the indicator is published, not collected.

    about: as in say.
    """
    units, expected = _number(row, "units"), _number(row, "expected_units")
    noun = REPORTERS.get(_text(about, "collected_from") or "school")
    return "" if units is None or not expected or noun is None else _counted(units, expected, noun)


def low_coverage(row: Record, about: Record) -> bool:
    """True where a smaller share of the returns is in than the indicator asks for (minimum_coverage, a fraction)."""
    coverage, least = _number(row, "coverage"), _number(about, "minimum_coverage")
    return coverage is not None and coverage < (THRESHOLDS["minimum_coverage"].usual if least is None else least)


def coverage_mark(row: Record, about: Record) -> str:
    """Coverage as a share, with its mark where it is low: '91%', '30%, low coverage: 12 of 40 schools', '–'."""
    share = words.share(_number(row, "coverage"))
    return f"{share}, {_low(row, about)}" if low_coverage(row, about) else share


def trend_words(marker: str, points: int, noun: str = "period") -> str:
    """'Improving over 5 terms', 'No significant change over 5 years', 'Too few points for a trend: 1 term'.

    marker: the trend marker's words; points: how many periods it looked at; noun: one of them.
    """
    counted = words.plural(int(points), noun)
    return f"{marker} for a trend: {counted}" if marker == "Too few points" else f"{marker} over {counted}"


def trend_marked(marker: Record, noun: str = "period") -> str:
    """'↗ Improving over 5 terms', '– Too few points for a trend: 3 years'; the arrow is the slope's.

    marker: trend, trend_points_used, slope_sign, of measures.trends; noun: one of its periods.
    """
    said = trend_words(marker["trend"], marker["trend_points_used"], noun)
    if marker["trend"] == FEW:
        return f"– {said}"
    return f"{'→' if marker['trend'] == NO_CHANGE else ARROWS[marker['slope_sign']]} {said}"


def _compared(row: Record, about: Record, mark: float) -> str:
    lower, upper, benchmark = (
        pd.Series([end], dtype=float) for end in (_number(row, "lower"), _number(row, "upper"), mark)
    )
    return str(compare(lower, upper, benchmark, pd.Series([_text(about, "better") or None], dtype=object))[0])


def _apart(value: float, mark: float, unit: str) -> str:
    """'4 points above', '£12 below'; '' where no difference is left after rounding."""
    size = words.difference(value - mark, unit)
    if size == words.difference(0, unit):
        return ""
    return f"{size} {'above' if value > mark else 'below'}"


def _is_low_reason(row: Record) -> bool:
    return _text(row, "reason").startswith("coverage below")


def _low(row: Record, about: Record) -> str:
    counted = reporting_words(row, about)
    return f"low coverage: {counted}" if counted else "low coverage"


def _counted(there: float, due: float, noun: str) -> str:
    many = f"{noun[:-1]}ies" if noun.endswith("y") else None
    return f"{there:,.0f} of {words.plural(round(due), noun, many)}"


def _unit(row: Record, about: Record) -> str:
    return _text(about, "unit") or _text(row, "unit")


def _number(record: Record, name: str) -> float | None:
    return _finite(record.get(name))


def _finite(value: Any) -> float | None:
    """A float; None where it is missing in any of the ways of a frame, or infinite."""
    if value is None or pd.isna(value) or not math.isfinite(value):
        return None
    return float(value)


def _text(record: Record, name: str) -> str:
    value = record.get(name)
    return "" if value is None or pd.isna(value) else str(value)
