"""The table twin of a chart: the same figures, named for people, with raw numbers for a spreadsheet.

And the sentences that go with a chart: the area in focus for its alt text, low coverage for its notes.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from charts.figure import Record, number_or_none, text_or_blank
from measures import sentences, words
from measures.comparison import compare

RAW_COLUMNS = {
    "value": "Value (number)",
    "lower": "Lower 95%",
    "upper": "Upper 95%",
    "expected": "Expected (number)",
    "target": "Target (number)",
    "coverage": "Coverage (fraction)",
    "numerator": "Numerator",
    "denominator": "Denominator",
    "symbol": "Symbol",
}
WIDER = {"lower_998": "Lower 99.8%", "upper_998": "Upper 99.8%"}  # where the frame has them
COVERAGE = ["coverage", "units", "expected_units"]
NAMED = 5  # areas or periods of low coverage that a note names; more are counted


def by_code(indicators: pd.DataFrame | Record) -> dict[str, Record]:
    """Indicator records by code, from a frame of them or from one record."""
    if isinstance(indicators, pd.DataFrame):
        return {str(row["code"]): row for row in indicators.to_dict("records")}  # type: ignore[misc]
    return {str(indicators["code"]): indicators}


def twin(values: pd.DataFrame, indicators: pd.DataFrame | Record, lead: Sequence[str]) -> pd.DataFrame:
    """Values frame -> table; `lead` names the first columns, from 'Indicator', 'Area', 'Period'.

    Then Value, 95% interval, Expected, Target, Status with its reason, Coverage with its mark where it is low, as text,
    and the raw numbers (RAW_COLUMNS, and WIDER where the frame has them). A missing number is shown by its symbol; the
    raw columns keep it empty.
    """
    raw = RAW_COLUMNS | {column: title for column, title in WIDER.items() if column in values}
    known = by_code(indicators)
    rows = []
    for row in values.to_dict("records"):
        record = known[str(row["indicator"])]
        unit = str(record["unit"])
        symbol = text_or_blank(row.get("symbol"))
        leads = {"Indicator": record["short_title"], "Area": row.get("area"), "Period": row.get("period")}
        rows.append(
            {name: leads[name] for name in lead}
            | {
                "Value": words.number(number_or_none(row["value"]), unit, symbol),
                "95% interval": words.interval(number_or_none(row["lower"]), number_or_none(row["upper"]), unit),
                "Expected": words.number(number_or_none(row.get("expected")), unit),
                "Target": words.number(number_or_none(row.get("target")), unit),
                "Status": words.status_text(
                    text_or_blank(row.get("status")) or "none", text_or_blank(row.get("reason"))
                ),
                "Coverage": sentences.coverage_mark(row, record),
            }
            | {title: _rounded(row.get(column)) for column, title in raw.items()}
        )
    columns = [*lead, "Value", "95% interval", "Expected", "Target", "Status", "Coverage", *raw.values()]
    return pd.DataFrame(rows, columns=columns)


def compared(values: pd.DataFrame, benchmark: float | None, indicator: Record) -> list[str]:
    """Each row's interval against one benchmark, in the words of measures.comparison."""
    marks = pd.Series(benchmark, index=values.index, dtype=float)
    better = pd.Series(text_or_blank(indicator["better"]) or None, index=values.index, dtype=object)
    return [str(word) for word in compare(values["lower"], values["upper"], marks, better)]


def in_focus(values: pd.DataFrame, indicator: Record, england: Record | None, focus: str | None) -> str:
    """' Camden: 61.2%, 4 points above England …': the end of an alt text; England's where none is in focus.

    values: one indicator and period, one row an area; england: its row of the same; focus: an area_code.
    """
    own = values[values["area_code"] == focus]
    if len(own):
        nation = [] if england is None else [sentences.Benchmark("England", number_or_none(england["value"]))]
        return f" {sentences.say(own.iloc[0], indicator, benchmarks=nation)}."
    return "" if england is None else f" {sentences.say(england, indicator)}."


def coverage_marks(values: pd.DataFrame, indicator: Record) -> list[str]:
    """Coverage of each row as tooltips say it: '91%', or '30%, low coverage: 12 of 40 schools'."""
    return [sentences.coverage_mark(row, indicator) for row in values[COVERAGE].to_dict("records")]


def tooltip_words(
    values: pd.DataFrame, indicator: Record, against: Sequence[str] | None
) -> tuple[pd.DataFrame, dict[str, str]]:
    """What a tooltip says of each row, as columns, and the title of each: value, interval, status, coverage.

    values: one indicator, one row an area; against: each row's comparison with England, where there is one.
    """
    unit = str(indicator["unit"])
    rows = values.to_dict("records")
    said = [words.number(number_or_none(row["value"]), unit, text_or_blank(row["symbol"])) for row in rows]
    intervals = [words.interval(number_or_none(row["lower"]), number_or_none(row["upper"]), unit) for row in rows]
    judged = [
        words.status_text(text_or_blank(row["status"]) or "none", text_or_blank(row["reason"]))[2:] for row in rows
    ]
    columns = {"said": said, "interval": intervals, "judged": judged, "reporting": coverage_marks(values, indicator)}
    titles = {"area": "Area", "said": "Value", "interval": "95% interval", "judged": "Status", "reporting": "Coverage"}
    if against is not None:
        columns["against"] = list(against)
        titles["against"] = "Compared with England"
    return pd.DataFrame(columns, index=values.index), titles


def missing_note(missing: pd.DataFrame, most: int | None = None) -> str:
    """'No value: Camden, Barnet (c, suppressed to protect confidentiality).'; '' where none is missing.

    missing: the rows without a value, with area and, where the frame has it, symbol; more than `most` of one symbol are
    only counted.
    """
    if missing.empty:
        return ""
    symbols = missing["symbol"].fillna("") if "symbol" in missing else pd.Series("", index=missing.index)
    named, counted = [], False
    for symbol, group in missing.groupby(symbols, sort=True):
        why = words.SYMBOL_WORDS.get(str(symbol))
        many = most is not None and len(group) > most
        counted |= many
        names = words.plural(len(group), "area") if many else ", ".join(group["area"])
        named.append(names + (f" ({symbol}, {why})" if why else ""))
    return f"No value: {'; '.join(named)}{', marked in the table' if counted else ''}."


def low_note(values: pd.DataFrame, indicator: Record, named_by: str) -> str:
    """'Low coverage: Camden (12 of 40 schools).' for a chart's notes; '' where none is low.

    named_by: the column that tells the rows apart, 'area' or 'period'; more than NAMED rows are only counted.
    """
    rows = values[[named_by, *COVERAGE]].to_dict("records")
    low = [row for row in rows if sentences.low_coverage(row, indicator)]
    if not low:
        return ""
    if len(low) > NAMED:
        return f"Low coverage: {words.plural(len(low), named_by)}, marked in the table."
    counts = [sentences.reporting_words(row, indicator) for row in low]
    names = [f"{row[named_by]} ({count})" if count else row[named_by] for row, count in zip(low, counts, strict=True)]
    return f"Low coverage: {words.joined(names)}."


def _rounded(value: Any) -> Any:
    """Four decimals are more than any figure here is good for; a missing number stays missing."""
    return round(value, 4) if isinstance(value, float) else value
