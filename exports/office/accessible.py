"""An accessible workbook, as the Government Analysis Function asks: cover, contents, notes, one table a sheet."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from types import MappingProxyType
from typing import Final

import gptables
import pandas as pd
from gptables.core.wrappers import GPWorksheet

from data_access.files.spreadsheets import as_text, xml_text

WIDEST: Final = 60  # characters of a column
ALONE: Final = "This worksheet contains one table."
ONE_TABLE: Final = f"{ALONE} Symbols in brackets, such as [c], are explained on the notes worksheet."


def book(cover: gptables.Cover, sheets: Mapping[str, gptables.GPTable], properties: Mapping[str, str]) -> bytes:
    """The bytes of an XLSX file: the cover, the contents where there are more than two sheets, and the sheets.

    properties: title, subject, comments, keywords of the file. Text that a spreadsheet would compute stays text.
    """
    file = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    made = _Book(file, options=options)
    made.add_worksheet("Cover", gridlines="hide_all").write_cover(cover)
    every = dict(sheets)
    if len(sheets) > 2:
        every = {"Contents": made.make_table_of_contents(every, instructions=ALONE), **every}
    for label, table in every.items():
        sheet = made.add_worksheet(label, gridlines="hide_all")
        sheet.write_gptable(table, True, [])
        for column in _long(table.table):
            sheet.set_column(column, column, WIDEST)
    made.set_properties({"author": "CPD strategy dashboard", **properties})
    made.close()
    return file.getvalue()


class _Sheet(GPWorksheet):
    """A sheet whose numbers are those that it was given: the library writes 16 digits, and some need 17."""

    def _xml_number_element(self, number: float, attributes: Sequence[tuple[str, object]] = ()) -> None:
        said = "".join(f' {name}="{value}"' for name, value in attributes)
        self.fh.write(f"<c{said}><v>{number!r}</v></c>")


class _Book(gptables.GPWorkbook):
    """A workbook of such sheets."""

    def add_worksheet(self, name: str | None = None, gridlines: str = "hide_all") -> GPWorksheet:
        """A sheet as the library makes it."""
        made = super().add_worksheet(name, gridlines)
        made.__class__ = _Sheet  # the library names its class where it makes one
        return made


def sheet(
    frame: pd.DataFrame,
    name: str,
    title: str,
    *,
    subtitles: Sequence[str] = (),
    source: str | None = None,
    shown: Mapping[str, str] = MappingProxyType({}),
) -> gptables.GPTable:
    """One table for a sheet of its own; name: of the table in the file, such as 'table_1'.

    frame: texts and numbers; no cell may be empty: a symbol in brackets stands for what is not there. shown: column →
    how its numbers are shown, as a spreadsheet says it ('0.0').
    """
    frame = frame.reset_index(drop=True).astype(object)
    frame = frame.map(lambda value: cell(value) if isinstance(value, str) else value)
    # A cell that someone edits is read anew: an apostrophe, unseen, keeps it text.
    quoted = [
        {"cell": {"cells": (row + 1, column), "format": {"quote_prefix": True}}}
        for column, name_of in enumerate(frame.columns)
        for row, value in enumerate(frame[name_of])
        if isinstance(value, str) and as_text(value) != value
    ]
    return gptables.GPTable(
        table=frame,
        table_name=name,
        title=plain(title),
        subtitles=[plain(text) for text in subtitles],
        instructions=ONE_TABLE,
        source=plain(source) if source else None,
        index_columns={2: 0},
        additional_formatting=[*_wrapping(frame), *_rounding(frame, shown), *quoted],
    )


def notes(rows: Mapping[str, str], title: str) -> gptables.GPTable:
    """The sheet of notes: what each symbol, judgement or method means."""
    return gptables.GPTable(
        table=pd.DataFrame({"Note": list(rows), "Meaning": [plain(meaning) for meaning in rows.values()]}),
        table_name="notes",
        title=title,
        instructions=ALONE,
        index_columns={2: 0},
    )


def plain(text: object) -> str:
    """Text that XML can hold and in which gptables sees no reference to a note."""
    return xml_text(str(text)).replace("$$", "$ $")


def cell(text: str) -> str:
    """Text for a cell, which must hold a letter or a digit; '[z]' for a dash."""
    said = plain(text)
    if any(character.isalnum() for character in said):
        return said
    return "[z]" if said.strip() in ("", "–") else f"{said} (as given)"


def _long(frame: pd.DataFrame) -> list[int]:
    """The columns, by number, whose texts are wrapped."""
    return [at for at, name in enumerate(frame) if frame[name].map(lambda value: len(str(value))).max() > WIDEST]


def _wrapping(frame: pd.DataFrame) -> list[dict]:
    """The format of these columns."""
    return [{"column": {"columns": [at], "format": {"text_wrap": True, "valign": "top"}}} for at in _long(frame)]


def _rounding(frame: pd.DataFrame, shown: Mapping[str, str]) -> list[dict]:
    """The format of the columns whose numbers are shown rounded."""
    return [
        {"column": {"columns": [frame.columns.get_loc(name)], "format": {"num_format": said}}}
        for name, said in shown.items()
    ]
