"""A difference from a reference in the words and marks of charts and tables."""

from typing import Any, Final

import pandas as pd

from charts.figure import number_or_none, ordinal, text_or_blank
from charts.marks import COMPARISON_SHAPES
from charts.theme import COMPARISON, TEXT
from measures import sentences, words
from measures.differences import SAME

REFERENCE: Final = "Reference"
SHAPES: Final = COMPARISON_SHAPES | {REFERENCE: "M-0.8,-0.8L0.8,-0.8L0.8,0.8L-0.8,0.8Z"}
COLOURS: Final = COMPARISON | {REFERENCE: TEXT}


def value_words(row: dict[Any, Any], unit: str) -> str:
    """'61.2% (58.0% to 64.4%)'; where there is none its symbol with the reason."""
    value, symbol = number_or_none(row["value"]), text_or_blank(row["symbol"])
    if value is None:
        return f"{symbol}: {sentences.missing_words(row)}" if symbol else sentences.missing_words(row)
    return f"{words.number(value, unit)} ({words.interval(row['lower'], row['upper'], unit)})"


def signed(gap: float, unit: str) -> str:
    """'6.2 above', '£12 below', 'the same': a difference short enough for a row; percent in points."""
    size = words.number(abs(gap), "gbp" if unit == "gbp" else "rate")
    if size == words.number(0.0, "gbp" if unit == "gbp" else "rate"):
        return "the same"
    return f"{size} {'above' if gap > 0 else 'below'}"


def difference_words(row: dict[Any, Any], unit: str) -> str:
    """'4.2 above (1.1 to 7.3)', 'reference', '–': limits below 0 have a minus."""
    if row["relation"] == SAME:
        return "reference"
    if pd.isna(row["gap"]):
        return "–"
    if pd.isna(row["gap_lower"]) or pd.isna(row["gap_upper"]):
        return f"{signed(row['gap'], unit)} (no interval)"
    money = "gbp" if unit == "gbp" else "rate"
    low, high = (
        ("−" if limit < 0 else "") + words.number(abs(limit), money) for limit in (row["gap_lower"], row["gap_upper"])
    )
    return f"{signed(row['gap'], unit)} ({low} to {high})"


def clear_words(row: dict[Any, Any]) -> str:
    """'Clear: better', 'May be chance', '–'."""
    if row["relation"] == SAME:
        return "–"
    if row["judged"] == "Not compared":
        return "Not compared"
    return f"Clear: {row['judged'].lower()}" if row["clear"] else "May be chance"


def place_words(row: dict[Any, Any]) -> str:
    """'12th of 149 authorities', '3rd= of 9 regions', '–' for England and without a value."""
    if row["level"] == "england" or pd.isna(row["rank"]):
        return "–"
    many = words.plural(
        int(row["ranked"]), *(("region",) if row["level"] == "region" else ("authority", "authorities"))
    )
    return f"{ordinal(int(row['rank']))}{'=' if row['tied'] else ''} of {many}"


def gap_words(row: dict[Any, Any], unit: str) -> str:
    """What stands at the end of a row: '4.2 above', '–' where there is nothing to set it against."""
    return "–" if pd.isna(row["gap"]) else signed(row["gap"], unit)
