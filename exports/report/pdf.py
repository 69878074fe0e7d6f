"""The report as PDF/UA-1: tagged, with real text, bookmarks and alt text. Layout: report.typ beside this file."""

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import pandas as pd
import typst
from PIL import ImageFont

from data_access.errors import DataAccessError
from exports.chart_files import FONTS, chart_svg
from exports.report.parts import Chart, Report, Said, Section, Table
from measures import words

TEMPLATE: Final = Path(__file__).with_name("report.typ")
AUTHOR: Final = "CPD strategy dashboard"
# Pixels: at the width of a page or half of one, text in the drawings is about as large as beside them.
WIDE, HALF = 780, 420
FRESH = ("priority_1", "priority_2", "priority_3", "others", "changes", "coverage")  # on a page of its own
LISTED = ("others", "coverage", "sources")  # sentences under one another
EARLY = ("others", "changes")  # groups of sentences before charts and tables
FITTED = (
    "priority_1",
    "priority_2",
    "priority_3",
)  # on one page each; groups of sentences that pages say elsewhere
# Relative widths of columns that hold more, or less, than others.
WIDTHS = {
    "Indicator": 1.35, "Value (95% interval)": 1.2, "Trend": 2, "Mark": 0.3, "When": 5, "Symbol": 0.4, "Meaning": 4,
    "Rank": 0.4, "Licence": 1.6, "Priority": 1.5, "Coverage": 1.5, "Behind": 1.2, "Place in England": 1.4,
    "Against the mean of its neighbours": 1.45, "Status": 1.1,
}  # fmt: skip
KEPT = 12  # documents for which typst keeps what it laid out, and a few
HEADING = 100  # characters that a heading takes the room of
LONG = 12  # rows from which a table is set smaller


class ReportFailed(DataAccessError):
    """A fault of ours: the document could not be made as it should be."""

    def __init__(self, report: Report, why: str):
        super().__init__(f"The PDF of {report.area} cannot be made.", f"Report this, with what was said: {why}")


def document(report: Report) -> bytes:
    """The report as the bytes of a PDF; raises ReportFailed where anything of it is not as it should be."""
    compiler = typst.Compiler(TEMPLATE, font_paths=[FONTS], ignore_system_fonts=True)
    try:
        made, warnings = compiler.compile_with_warnings(
            format="pdf",
            pdf_standards="ua-1",
            sys_inputs={"data": shown(json.dumps(_content(report), ensure_ascii=False))},
            timestamp=datetime.now(UTC).replace(microsecond=0),
        )
    except typst.TypstError as error:
        raise ReportFailed(report, error.message) from error
    finally:
        _forget()
    if warnings:
        raise ReportFailed(report, "; ".join(str(warning.message) for warning in warnings))
    assert isinstance(made, bytes)
    return made


def shown(text: str) -> str:
    """The text with a question mark for each character that the document's font lacks: PDF/UA allows no empty boxes."""
    drawn = {*words.STATUS_SYMBOLS.values()}
    lacking = {ord(each): "?" for each in {*text} - drawn if not each.isascii() and _lacks(each)}
    return text.translate(lacking)


@cache
def _lacks(character: str) -> bool:
    return _outline(character) == _outline("\uffff")


@cache
def _outline(character: str) -> bytes:
    font = ImageFont.truetype(str(FONTS / "SourceSans3-Regular.ttf"), 40)
    return bytes(font.getmask(character))


def _forget() -> None:
    """Let go of what was laid out: typst keeps it for some further documents, so that memory would grow with them."""
    for _ in range(KEPT):
        typst.compile(b"", format="svg", ignore_system_fonts=True)


def _content(report: Report) -> dict[str, Any]:
    """What the template asks for; text as it is, since nothing of it is read as markup."""
    return {
        "title": report.title,
        "area": report.area,
        "period": report.period_label,
        "author": AUTHOR,
        "shown": report.shown,
        "kind": report.kind_words,
        "illustrative": report.illustrative,
        "source": report.source,
        "version": report.version,
        "made_on": report.made_on,
        "links": list(report.links.items()),
        "sections": [_section(section) for section in report.sections],
    }


def _section(section: Section) -> dict[str, Any]:
    defined = section.key == "definitions"
    width = HALF if len(section.charts) == 2 else WIDE
    return {
        "heading": section.heading,
        "finding": section.finding,
        "fresh": section.key in FRESH,
        "fitted": section.key in FITTED,
        "listed": section.key in LISTED,
        "early": section.key in EARLY,
        "lead": [_said(each) for each in section.lead],
        "groups": [] if section.key in FITTED else _columns(section),
        "charts": [_chart(chart, width) for chart in section.charts if chart.spec is not None],
        "tables": [] if defined else [_table(table) for table in section.tables],
        "glance": _glance(section.glance) if section.glance else {},
        "definitions": _definitions(section.tables[0].frame) if defined and section.tables else {},
    }


def _columns(section: Section) -> list[list[dict[str, Any]]]:
    """The groups of sentences in columns: each in its own, or where there are many, in two of about equal length."""
    many = len(section.groups) > 2
    groups = [
        {"heading": name, "items": [_said(each) for each in items], "listed": not many}
        for name, items in section.groups.items()
    ]
    if not many:
        return [[group] for group in groups]
    sizes = [sum(len(str(each)) for each in items) + HEADING for items in section.groups.values()]
    half = next(at for at in range(len(sizes) + 1) if 2 * sum(sizes[:at]) >= sum(sizes))
    return [groups[:half], groups[half:]]


def _said(sentence: Said) -> dict[str, str]:
    return {"about": sentence.about, "text": sentence.text}


def _chart(chart: Chart, width: int) -> dict[str, str]:
    assert chart.spec is not None
    return {
        "title": chart.title,
        "subtitle": chart.subtitle,
        "alt": chart.alt,
        "notes": chart.drawn_notes,
        "source": chart.source,
        "svg": chart_svg(chart.spec, width),
    }


def _table(table: Table) -> dict[str, Any]:
    columns = list(table.frame.columns)
    long = len(table.frame) > LONG
    return {
        "title": table.title,
        "note": table.note,
        "columns": columns,
        "widths": [WIDTHS.get(name, 1) for name in columns],
        "rows": table.frame.astype(str).to_numpy().tolist(),
        "size": 8.5,
        "inset": 2 if long else 3,
    }


def _glance(table: Table) -> dict[str, Any]:
    """The title, and priority → rows of indicator, value and status."""
    groups = table.frame.groupby("Priority", sort=False)
    rows = {str(name): group.drop(columns="Priority").astype(str).to_numpy().tolist() for name, group in groups}
    return {"title": table.title, "groups": rows}


def _definitions(frame: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Priority → its indicators, with what is said of each."""
    said = ["Numerator", "Denominator", "Suppressed", "Collected", "Mind"]
    made: dict[str, list[dict[str, Any]]] = {}
    for row in frame.to_dict("records"):
        parts = [(name, f"{str(row[name]).rstrip('.')}.") for name in said if row[name]]
        entry = {"name": row["Indicator"], "what": row["What it says"], "parts": parts}
        made.setdefault(str(row["Priority"]), []).append(entry)
    return made
