"""A chart's table twin as an accessible workbook: cover, notes, one table."""

from collections.abc import Mapping

import gptables
import pandas as pd

from charts.figure import Figure
from exports.office import accessible
from exports.office.accessible import plain
from exports.report import content
from measures import words

NOTHING = "[z]"  # in place of a number that there is no symbol for


def xlsx(figure: Figure, told: Mapping[str, str]) -> bytes:
    """The table as the bytes of an XLSX file, its facts on the cover; a missing figure is a symbol in brackets."""
    kind = told.get("Kind of data", "")
    cover = gptables.Cover(
        title=plain(figure.headline),
        intro=[plain(text) for text in (figure.subtitle, kind) if text],
        about=[plain(f"{name}: {text}") for name, text in told.items() if text],
    )
    table = accessible.sheet(
        bracketed(figure.table),
        "table_1",
        figure.headline,
        subtitles=[text for text in (figure.subtitle, figure.notes, kind) if text],
        source=figure.source,
    )
    properties = {"title": figure.headline, "subject": figure.subtitle, "comments": figure.source, "keywords": kind}
    return accessible.book(cover, {"Notes": _notes(), "Table": table}, properties)


def bracketed(table: pd.DataFrame) -> pd.DataFrame:
    """The table with its symbols in brackets, in each cell that has no figure; so it needs no column of symbols.

    A table without rows says so in one: a sheet must not be empty.
    """
    if table.empty:
        return pd.DataFrame([["Nothing to show", *[NOTHING] * (table.shape[1] - 1)]], columns=table.columns)
    said = table["Symbol"].fillna("") if "Symbol" in table else pd.Series("", index=table.index)
    blank = said.map(lambda symbol: f"[{symbol}]" if symbol else NOTHING)
    made = table.drop(columns="Symbol", errors="ignore").astype(object)
    made = made.apply(lambda column: column.where(column.notna(), blank))
    return made.map(lambda cell: f"[{cell}]" if isinstance(cell, str) and cell in words.SYMBOL_WORDS else cell)


def _notes() -> gptables.GPTable:
    rows = {f"[{row['Symbol']}]": row["Meaning"] for row in content.symbols().frame.to_dict("records")}
    rows |= {row["Status"]: row["When"] for row in content.statuses().frame.to_dict("records")}
    return accessible.notes(rows, "Notes: symbols and judgements")
