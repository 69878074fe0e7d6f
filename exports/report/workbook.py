"""The report as an accessible workbook, as the Government Analysis Function asks: one table a sheet, cover, notes."""

import re
from io import BytesIO
from typing import Final

import gptables
import pandas as pd

from data_access.files.spreadsheets import as_text
from exports.office.parts import Table
from exports.report import content
from exports.report.parts import Report

# What each sheet is called, by the beginning of its table's title.
LABELS: Final = {
    "Summary by priority": "Summary",
    "All indicators: value": "Indicators",
    "All indicators compared": "Compared",
    "All indicators over time": "Over time",
    "What changed": "Changes",
    "Statistical neighbours": "Neighbours",
    "Share of the schools": "Schools coverage",
    "Definitions": "Definitions",
}
WIDEST: Final = 60  # characters of a column
ALONE: Final = "This worksheet contains one table."
ONE_TABLE: Final = f"{ALONE} Symbols in brackets, such as [c], are explained on the notes worksheet."
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def document(report: Report) -> bytes:
    """The report as the bytes of an XLSX file. Text that a spreadsheet would compute stays text."""
    file = BytesIO()
    sheets = {"Notes": _notes(report)} | {
        _label(table): _sheet(table, report, at) for at, table in enumerate(report.sheets)
    }
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    book = gptables.GPWorkbook(file, options=options)
    book.add_worksheet("Cover", gridlines="hide_all").write_cover(_cover(report))
    contents = book.make_table_of_contents(sheets, instructions=ALONE)
    for label, table in {"Contents": contents, **sheets}.items():
        sheet = book.add_worksheet(label, gridlines="hide_all")
        sheet.write_gptable(table, True, [])
        for column in _long(table.table):
            sheet.set_column(column, column, WIDEST)
    book.set_properties(
        {
            "title": report.title,
            "subject": report.shown,
            "author": "CPD strategy dashboard",
            "comments": report.kind_words,
            "keywords": f"{report.area}, {report.period_label}",
        }
    )
    book.close()
    return file.getvalue()


def _long(frame: pd.DataFrame) -> list[int]:
    """The columns, by number, whose texts are wrapped."""
    return [at for at, name in enumerate(frame) if frame[name].map(lambda value: len(str(value))).max() > WIDEST]


def _wrapping(frame: pd.DataFrame) -> list[dict]:
    """The format of these columns."""
    return [{"column": {"columns": [at], "format": {"text_wrap": True, "valign": "top"}}} for at in _long(frame)]


def _label(table: Table) -> str:
    return next(label for start, label in LABELS.items() if table.title.startswith(start))


def _plain(text: object) -> str:
    """Text that XML can hold and in which gptables sees no reference to a note."""
    return _NOT_XML.sub("\ufffd", str(text)).replace("$$", "$ $")


def _cell(text: str) -> str:
    """Text for a cell, which must hold a letter or a digit; '[z]' for a dash."""
    plain = _plain(text)
    if any(character.isalnum() for character in plain):
        return plain
    return "[z]" if plain.strip() in ("", "–") else f"{plain} (as given)"


def _cover(report: Report) -> gptables.Cover:
    sources = report.section("sources")
    listed = [f"{item}" for item in sources.lead]
    return gptables.Cover(
        title=_plain(report.title),
        intro=[_plain(report.shown), _plain(report.kind_words)],
        about=[
            "Numbers are rounded as on the dashboard's pages; where there is none, a symbol in brackets stands for it.",
            *map(_plain, listed),
            _plain(f"Data version {report.version}. Report made on {report.made_on}."),
            _plain(report.source),
        ],
        contact=[_plain(f"{name}: {address}") for name, address in report.links.items()] or None,
    )


def _sheet(table: Table, report: Report, at: int) -> gptables.GPTable:
    frame = table.frame.reset_index(drop=True).astype(object)
    frame = frame.map(lambda value: _cell(value) if isinstance(value, str) else value)
    # A cell that someone edits is read anew: an apostrophe, unseen, keeps it text.
    quoted = [
        {"cell": {"cells": (row + 1, column), "format": {"quote_prefix": True}}}
        for column, name in enumerate(frame.columns)
        for row, value in enumerate(frame[name])
        if isinstance(value, str) and as_text(value) != value
    ]
    kind = " Illustrative data." if report.illustrative else ""
    return gptables.GPTable(
        table=frame,
        table_name=f"table_{at + 1}",
        title=f"{_plain(report.area)}, {_plain(report.period_label)}: {table.title}",
        subtitles=[_plain(f"{table.note}{kind}").strip()] if table.note or kind else [],
        instructions=ONE_TABLE,
        source=_plain(report.source),
        index_columns={2: 0},
        additional_formatting=[*_wrapping(frame), *quoted],
    )


def _notes(report: Report) -> gptables.GPTable:
    """The symbols, statuses and methods, one a row."""
    rows = [(f"[{row['Symbol']}]", row["Meaning"]) for row in content.symbols().frame.to_dict("records")]
    rows += [(row["Status"], row["When"]) for row in content.statuses().frame.to_dict("records")]
    methods = report.section("methods").groups
    rows += [(name, " ".join(item.text for item in items)) for name, items in methods.items() if "Symbols" not in name]
    frame = pd.DataFrame({"Note": [what for what, _ in rows], "Meaning": [_plain(meaning) for _, meaning in rows]})
    return gptables.GPTable(
        table=frame,
        table_name="notes",
        title="Notes: symbols, judgements and methods",
        instructions=ALONE,
        index_columns={2: 0},
    )
