"""Text leaves in spreadsheets as text: no cell of any file is a formula, whatever names and notes hold."""

import csv
from datetime import UTC, date, datetime
from io import BytesIO, StringIO

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from data_access.files.spreadsheets import as_text, csv_bytes, workbook

NASTY = ["=1+1", "+cmd|' /C calc'!A0", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1+1", "＝1+1", "\n@a", "-", "=", "--5"]
HARMLESS = ["Camden", "-5", "+44.5", "1e9", "", "2011/12", "O'Neill", "a=b", "'=1", "#N/A", "TRUE", "12-34"]
NAMES = st.one_of(st.sampled_from(NASTY + HARMLESS), st.text(max_size=20))


def opened(content: bytes) -> dict[str, Worksheet]:
    """The sheets of a workbook, opened again."""
    book = load_workbook(BytesIO(content))
    return {sheet.title: sheet for sheet in book.worksheets}


def rows(content: bytes) -> list[list[str]]:
    """The cells of a CSV file."""
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("value", NASTY)
def test_what_a_spreadsheet_would_compute_gets_an_apostrophe(value: str) -> None:
    assert as_text(value) == f"'{value}"


@pytest.mark.parametrize("value", [*HARMLESS, -5, 1.5, None, date(2011, 9, 1)])
def test_everything_else_stays_as_it_is(value: object) -> None:
    assert as_text(value) is value


def test_a_csv_file_begins_with_a_mark_and_keeps_numbers() -> None:
    frame = pd.DataFrame({"=name": ["=1+1", "Café"], "n": [-5, 7], "v": [-0.5, None]})
    content = csv_bytes(frame)
    assert content.startswith(b"\xef\xbb\xbf")
    assert rows(content) == [["'=name", "n", "v"], ["'=1+1", "-5", "-0.5"], ["Café", "7", ""]]


def test_a_category_and_columns_of_one_name_leave_as_text_too() -> None:
    frame = pd.DataFrame([["=1", "@a"]], columns=["x", "x"]).astype("category")
    assert rows(csv_bytes(frame)) == [["x", "x"], ["'=1", "'@a"]]
    assert rows(csv_bytes(frame.iloc[:0])) == [["x", "x"]]


@given(st.lists(NAMES, min_size=1, max_size=8), NAMES)
def test_no_text_in_a_csv_file_begins_a_formula_and_none_is_lost(values: list[str], name: str) -> None:
    found = rows(csv_bytes(pd.DataFrame({name: pd.Series(values, dtype=object), "other": "x"})))
    assert len(found) == len(values) + 1
    for cell, value in zip([row[0] for row in found], [name, *values], strict=True):
        kept = value.replace("\r\n", "\n").replace("\r", "\n")
        assert cell in (kept, f"'{kept}")
        assert as_text(cell) == cell


@given(st.lists(NAMES, min_size=1, max_size=8), NAMES, NAMES)
def test_no_cell_of_a_workbook_is_a_formula(values: list[str], name: str, title: str) -> None:
    frame = pd.DataFrame({name: pd.Series(values, dtype=object), "other": "x"})
    content = workbook({title: frame}, notes={name: title})
    sheets = opened(content)
    assert len(sheets) == 2
    for sheet in sheets.values():
        for row in sheet.iter_rows():
            assert {cell.data_type for cell in row} <= {"s", "inlineStr", "n"}
            assert all(cell.value is None or isinstance(cell.value, str) for cell in row)


def test_text_in_a_workbook_is_what_it_was() -> None:
    sheet = opened(workbook({"data": pd.DataFrame({"name": NASTY + HARMLESS})}))["data"]
    found = [sheet.cell(line + 2, 1).value or "" for line in range(len(NASTY + HARMLESS))]
    assert found == [value.replace("\r", "\n") for value in NASTY + HARMLESS]
    assert sheet["A2"].quotePrefix
    assert not sheet.cell(len(NASTY) + 2, 1).quotePrefix


def test_numbers_dates_and_blanks_stay_what_they_are() -> None:
    values = [1, -2.5, np.int64(3), np.float64(0.5), True, None, np.nan, pd.NaT, pd.NA, date(2011, 9, 1), float("inf")]
    odd = [date(1439, 1, 1), datetime(2011, 9, 1, tzinfo=UTC), 10**15, 'a "quoted"\x00 name\ud800']
    sheet = opened(workbook({"data": pd.DataFrame({"x": pd.Series(values + odd, dtype=object)})}))["data"]
    found = [sheet.cell(line + 2, 1).value for line in range(len(values + odd))]
    assert found[:9] == [1, -2.5, 3, 0.5, True, None, None, None, None]
    assert found[9] == datetime(2011, 9, 1)
    assert found[10:] == ["inf", "1439-01-01", "2011-09-01 00:00:00+00:00", str(10**15), 'a "quoted"\ufffd name\ufffd']


def test_the_header_is_bold_and_stays_in_view() -> None:
    sheet = opened(workbook({"data": pd.DataFrame({"name": ["x" * 200], "n": [1]})}))["data"]
    assert sheet["A1"].font.b
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["A"].width == 60
    assert sheet.column_dimensions["B"].width < 10


def test_more_rows_than_a_sheet_holds_are_refused_in_words() -> None:
    with pytest.raises(ValueError, match="make a CSV file"):
        workbook({"data": pd.DataFrame({"n": np.zeros(1_048_576)})})
