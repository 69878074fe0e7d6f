"""What every file of a chart says of itself: the same words in the same order, whatever its format."""

import re

import pandas as pd

from charts.figure import Figure
from measures import words


def facts(figure: Figure, link: str = "", exported: str = "") -> dict[str, str]:
    """What a figure shows, name → words, in order: title, measure, place, period, source and so on; '' where none.

    link: the address that shows it; exported: the date of the export, '2012-03-03'. A figure that does not know what it
    shows one by one (context) says its source line whole.
    """
    told = {"Title": figure.headline, "Measure": figure.subtitle, "Note": figure.notes}
    about = figure.context
    if about is None:
        told |= {"Source": figure.source}
    else:
        told |= {
            "Shown for": about.place,
            "Shown period": about.period_label,
            "Staff group": about.staff_label,
            "Comparator": about.comparator,
            "Source": about.source,
            "Reporting": about.coverage_text,
        }
    told |= {"Symbols": symbols(figure.table), "Link": link}
    if about is not None:
        told |= {
            "Data version": f"{about.data_version}, {about.date_text}",
            "Kind of data": "Illustrative data" if about.illustrative else "Published data",
        }
    return told | {"Exported": exported}


def symbols(table: pd.DataFrame) -> str:
    """The symbols that a table twin uses, explained: 'c: suppressed to protect confidentiality; ● on track'."""
    texts = [table.iloc[:, at] for at in range(table.shape[1]) if not pd.api.types.is_numeric_dtype(table.iloc[:, at])]
    cells = {cell for column in texts for cell in column if isinstance(cell, str)}
    stand = {re.split(r"[\s:]", cell, maxsplit=1)[0] for cell in cells if len(cell) < 4 or re.match(r"\w+: ", cell)}
    said = [f"{symbol}: {meaning}" for symbol, meaning in words.SYMBOL_WORDS.items() if symbol in stand]
    for status, symbol in words.STATUS_SYMBOLS.items():
        if status != "none" and any(symbol in cell for cell in cells):
            said.append(f"{symbol} {words.STATUS_WORDS[status].lower()}")
    return "; ".join(said)
