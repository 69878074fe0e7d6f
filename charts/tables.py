"""The table twin of a chart: the same figures, named for people, with raw numbers for a spreadsheet."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from charts.figure import Record, number_or_none, text_or_blank
from measures import words

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


def by_code(indicators: pd.DataFrame | Record) -> dict[str, Record]:
    """Indicator records by code, from a frame of them or from one record."""
    if isinstance(indicators, pd.DataFrame):
        return {str(row["code"]): row for row in indicators.to_dict("records")}  # type: ignore[misc]
    return {str(indicators["code"]): indicators}


def twin(values: pd.DataFrame, indicators: pd.DataFrame | Record, lead: Sequence[str]) -> pd.DataFrame:
    """Values frame -> table; `lead` names the first columns, from 'Indicator', 'Area', 'Period'.

    Then Value, 95% interval, Expected, Target, Status, Coverage as text, and the raw numbers (RAW_COLUMNS).
    A missing number is shown by its symbol; the raw columns keep it empty.
    """
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
                "Coverage": words.share(number_or_none(row.get("coverage"))),
            }
            | {title: _rounded(row.get(column)) for column, title in RAW_COLUMNS.items()}
        )
    columns = [*lead, "Value", "95% interval", "Expected", "Target", "Status", "Coverage", *RAW_COLUMNS.values()]
    return pd.DataFrame(rows, columns=columns)


def _rounded(value: Any) -> Any:
    """Four decimals are more than any figure here is good for; a missing number stays missing."""
    return round(value, 4) if isinstance(value, float) else value
