"""How text leaves in every spreadsheet that is made here: as text, never as a formula.

A name that begins with '=' would be computed by whoever opens the file (OWASP: CSV injection).
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from io import BytesIO

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

_PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_FIRST_CONTROL = ("\t", "\r", "\n")
# Characters that XML, and so a workbook, cannot hold.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_TITLE = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
_MOST_ROWS = 1_048_575
_MOST_CHARACTERS = 32_767
_WIDEST = 60


def as_text(value: object) -> object:
    """The value, harmless in a CSV file: text that a spreadsheet would compute gets an apostrophe before it.

    Plain numbers such as '-5' stay as they are, and so does everything that is not text.
    """
    if not isinstance(value, str) or _PLAIN_NUMBER.fullmatch(value):
        return value
    dangerous = value.startswith(_FIRST_CONTROL) or value.lstrip().startswith(_FORMULA)
    return f"'{value}" if dangerous else value


def xml_text(text: str) -> str:
    """The text with a replacement mark in place of each character that XML, and so a workbook, cannot hold."""
    return _NOT_XML.sub("\ufffd", text)


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """The frame without its index as a CSV file: UTF-8 with a byte order mark, so that Excel reads names right."""
    made = frame.apply(lambda column: column if _holds_numbers(column) else column.astype(object).map(_csv_text))
    made.columns = pd.Index([_csv_text(str(name)) for name in frame.columns])
    return made.to_csv(index=False, lineterminator="\n").encode("utf-8-sig", errors="replace")


def _csv_text(value: object) -> object:
    """As as_text, with one kind of line break: the writer would not quote a bare carriage return."""
    made = as_text(value)
    return _one_line_break(made) if isinstance(made, str) else made


def _one_line_break(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _holds_numbers(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column)


def workbook(sheets: Mapping[str, pd.DataFrame], *, notes: Mapping[str, str] | None = None) -> bytes:
    """An XLSX file with one sheet a frame, without their indexes; the header row is bold and stays in view.

    notes: heading → text, as a last sheet "Notes". Text is text, numbers are numbers, nothing is a formula.
    Raises ValueError where a frame has more rows than a sheet can hold.
    """
    book = Workbook(write_only=True)
    for title, frame in sheets.items():
        _write(book.create_sheet(_NOT_IN_TITLE.sub(" ", title)[:31].strip() or "Sheet"), frame)
    if notes:
        _write(book.create_sheet("Notes"), pd.DataFrame({"About": list(notes), "Text": list(notes.values())}))
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _write(sheet: WriteOnlyWorksheet, frame: pd.DataFrame) -> None:
    if len(frame) > _MOST_ROWS:
        raise ValueError(f"{len(frame):,} rows are more than the {_MOST_ROWS:,} of a sheet: make a CSV file instead")
    sheet.freeze_panes = "A2"
    for at, name in enumerate(frame.columns):
        longest = frame.iloc[:1000, at].astype(object).map(lambda value: len(str(value))).max()
        width = max(len(str(name)), 0 if pd.isna(longest) else int(longest)) + 2
        sheet.column_dimensions[get_column_letter(at + 1)].width = min(width, _WIDEST)
    header = [_cell(sheet, str(name)) for name in frame.columns]
    for cell in header:
        cell.font = Font(bold=True)
    sheet.append(header)
    columns = [frame.iloc[:, at].astype(object) for at in range(frame.shape[1])]
    for row in zip(*columns, strict=True):
        sheet.append([_cell(sheet, value) for value in row])


def _cell(sheet: WriteOnlyWorksheet, value: object) -> WriteOnlyCell:
    """A cell that holds the value as what it is: blank, a number, a date, or text that nothing computes."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return WriteOnlyCell(sheet)
    if isinstance(value, bool | int | date | float) and not _too_much_for_excel(value):
        return WriteOnlyCell(sheet, value=value)
    text = xml_text(_one_line_break(str(value)))[:_MOST_CHARACTERS]
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"  # openpyxl takes '=1+1' for a formula and '#N/A' for an error
    if as_text(text) != text:
        cell.quotePrefix = True  # so that it stays text when someone edits the cell
    return cell


def _too_much_for_excel(value: bool | int | float | date) -> bool:
    """Infinite numbers, whole ones of over 15 digits, dates before 1900 and times with a zone become text."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return True
    if isinstance(value, date):
        return value.year < 1900
    return abs(value) == float("inf") or (isinstance(value, int) and abs(value) >= 10**15)
