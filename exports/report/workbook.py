"""The report as an accessible workbook, as the Government Analysis Function asks: one table a sheet, cover, notes."""

from typing import Final

import gptables

from exports.office import accessible
from exports.office.accessible import plain
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
    "Partnerships that bear": "Partnerships",
    "Stall warnings": "Stall warnings",
    "Definitions": "Definitions",
}


def document(report: Report) -> bytes:
    """The report as the bytes of an XLSX file. Text that a spreadsheet would compute stays text."""
    sheets = {"Notes": _notes(report)} | {
        _label(table): _sheet(table, report, at) for at, table in enumerate(report.sheets)
    }
    properties = {
        "title": report.title,
        "subject": report.shown,
        "comments": report.kind_words,
        "keywords": f"{report.area}, {report.period_label}",
    }
    return accessible.book(_cover(report), sheets, properties)


def _label(table: Table) -> str:
    return next(label for start, label in LABELS.items() if table.title.startswith(start))


def _cover(report: Report) -> gptables.Cover:
    sources = report.section("sources")
    listed = [f"{item}" for item in sources.lead]
    return gptables.Cover(
        title=plain(report.title),
        intro=[plain(report.shown), plain(report.kind_words)],
        about=[
            "Numbers are rounded as on the dashboard's pages; where there is none, a symbol in brackets stands for it.",
            *map(plain, listed),
            plain(f"Data version {report.version}. Report made on {report.made_on}."),
            plain(report.source),
        ],
        contact=[plain(f"{name}: {address}") for name, address in report.links.items()] or None,
    )


def _sheet(table: Table, report: Report, at: int) -> gptables.GPTable:
    kind = " Illustrative data." if report.illustrative else ""
    return accessible.sheet(
        table.frame,
        f"table_{at + 1}",
        f"{report.area}, {report.period_label}: {table.title}",
        subtitles=[f"{table.note}{kind}".strip()] if table.note or kind else [],
        source=report.source,
    )


def _notes(report: Report) -> gptables.GPTable:
    """The symbols, statuses and methods, one a row."""
    rows = {f"[{row['Symbol']}]": row["Meaning"] for row in content.symbols().frame.to_dict("records")}
    rows |= {row["Status"]: row["When"] for row in content.statuses().frame.to_dict("records")}
    methods = report.section("methods").groups
    rows |= {name: " ".join(item.text for item in items) for name, items in methods.items() if "Symbols" not in name}
    return accessible.notes(rows, "Notes: symbols, judgements and methods")
