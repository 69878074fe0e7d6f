"""Numbers, symbols and short phrases, said the same way on every page, chart and file."""

import math
import re
from datetime import date
from typing import Final

STATUS_WORDS: Final = {
    "on_track": "On track",
    "at_risk": "At risk",
    "off_track": "Off track",
    "none": "No judgement",
}
STATUS_SYMBOLS: Final = {"on_track": "●", "at_risk": "◐", "off_track": "○", "none": "–"}
STATUS_ORDER: Final = ("on_track", "at_risk", "off_track", "none")

SYMBOL_WORDS: Final = {
    "z": "not applicable",
    "x": "not available",
    "c": "suppressed to protect confidentiality",
    "low": "rounds to zero",
    "u": "low reliability",
    "k": "rounds to zero (older files)",
    ".": "not applicable (older files)",
    ":": "not available (older files)",
    "~": "rounds to zero (older files)",
}

DIGITS: Final = {"percent": 1, "rate": 1, "gbp": 0}  # decimals that a reader sees
_NUMBER: Final = r"([−-]?)£?(\d[\d,]*(?:\.\d+)?)"
UNIT_WORDS: Final = {"percent": "%", "rate": "", "gbp": "£"}


def is_missing(value: float | None) -> bool:
    """True for None and NaN: the two ways a missing number arrives from a frame."""
    return value is None or (isinstance(value, float) and math.isnan(value))


def number(value: float | None, unit: str, symbol: str = "") -> str:
    """A value as a reader sees it: '61.2%', '£148', '4.1'; its symbol, or '–', where missing.

    Percent has one decimal, pounds none, a rate one; thousands are separated.
    """
    if value is None or is_missing(value):
        return symbol or "–"
    if unit == "percent":
        return f"{value:,.1f}%"
    if unit == "gbp":
        return f"£{value:,.0f}" if value >= 0 else f"−£{-value:,.0f}"
    return f"{value:,.1f}"


def numbers_in(text: str) -> list[float]:
    """The numbers that a cell of `number`, `interval` or both says: '61.2%' → [61.2], '−£1,148' → [-1148.0], 'c' → [].

    For a chart of a table's figures, which so are the very ones that a reader sees.
    """
    if not re.match(_NUMBER, text):
        return []
    return [
        float(f"{'-' if sign else ''}{digits.replace(',', '')}")
        for sign, digits in re.findall(rf"(?<!\w){_NUMBER}", text)
    ]


def rounded(value: float, unit: str) -> float:
    """A number as `number` says it, for a cell or a native chart that holds numbers."""
    return round(value, DIGITS[unit])


def difference(value: float, unit: str) -> str:
    """The size of a difference without its sign: '4.2 points', '1 point', '£12', '0.4'."""
    size = abs(value)
    if unit == "percent":
        text = f"{size:.1f}".removesuffix(".0")
        return f"{text} point" if text == "1" else f"{text} points"
    if unit == "gbp":
        return f"£{size:,.0f}"
    return f"{size:,.1f}"


def interval(lower: float | None, upper: float | None, unit: str) -> str:
    """A 95 % interval in words: '58.0% to 64.4%', or 'no interval'."""
    if lower is None or upper is None or is_missing(lower) or is_missing(upper):
        return "no interval"
    return f"{number(lower, unit)} to {number(upper, unit)}"


def share(fraction: float | None) -> str:
    """A coverage or progress fraction as a whole percentage: '91%'; '–' where missing."""
    if fraction is None or is_missing(fraction):
        return "–"
    return f"{fraction:.0%}".replace("-", "−")


def plural(count: int, one: str, many: str | None = None) -> str:
    """'1 school', '2 schools', '0 schools'."""
    return f"{count:,} {one if count == 1 else (many or one + 's')}"


def day(moment: date) -> str:
    """'3 March 2012'."""
    return f"{moment.day} {moment:%B %Y}"


def joined(parts: list[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    if len(parts) < 2:
        return "".join(parts)
    return ", ".join(parts[:-1]) + " and " + parts[-1]


def status_text(status: str, reason: str = "") -> str:
    """Symbol and words together, with the reason where there is no judgement: '– No judgement: baseline year'."""
    text = f"{STATUS_SYMBOLS[status]} {STATUS_WORDS[status]}"
    return f"{text}: {reason}" if status == "none" and reason else text


def inline(title: str) -> str:
    """A title within a sentence: 'Peer observation' → 'peer observation', but 'PD needs met' stays."""
    return title if title[1:2].isupper() or title[1:2] == "" else title[0].lower() + title[1:]


def short_name(area: str) -> str:
    """An authority's name where there is no room for it: 'Cam', 'KC'."""
    short = "".join(word[0] for word in area.split() if word[0].isupper())[:3]
    return short if len(short) > 1 else area[:3]
