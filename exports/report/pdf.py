"""The report as PDF/UA-1: tagged, with real text, bookmarks and alt text. Layout: report.typ beside this file."""

from pathlib import Path
from typing import Any, Final

from exports.drawing import chart_svg
from exports.office import typeset
from exports.office.parts import Chart, Section, Table
from exports.report.parts import Report

TEMPLATE: Final = Path(__file__).with_name("report.typ")
# Pixels: at the width of a page or half of one, text in the drawings is about as large as beside them.
WIDE, HALF = 780, 420
FRESH = ("priority_1", "priority_2", "priority_3", "others", "changes", "partnerships")  # on a page of its own
LISTED = ("others", "partnerships", "coverage", "sources")  # sentences under one another
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
    "Against the mean of its neighbours": 1.45, "Status": 1.1, "Partnership": 2, "Kind": 1.4, "Lead": 1.4,
}  # fmt: skip
HEADING = 100  # characters that a heading takes the room of
LONG = 12  # rows from which a table is set smaller


def document(report: Report) -> bytes:
    """The report as the bytes of a PDF; raises DocumentFailed where anything of it is not as it should be."""
    return typeset.document(TEMPLATE, _content(report), report.area)


def _content(report: Report) -> dict[str, Any]:
    """What the template asks for; text as it is, since nothing of it is read as markup."""
    return {
        "title": report.title,
        "keywords": [report.area, report.period_label],
        "running": f"{report.area} · {report.period_label}",
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
        "lead": [typeset.said(each) for each in section.lead],
        "groups": [] if section.key in FITTED else _columns(section),
        "charts": [_chart(chart, width) for chart in section.charts if chart.spec is not None],
        "tables": [] if defined else [_table(table) for table in section.tables],
        "glance": _glance(section.glance) if section.glance else {},
        "definitions": typeset.definitions(section.tables[0].frame) if defined and section.tables else {},
    }


def _columns(section: Section) -> list[list[dict[str, Any]]]:
    """The groups of sentences in columns: each in its own, or where there are many, in two of about equal length."""
    many = len(section.groups) > 2
    groups = [
        {"heading": name, "items": [typeset.said(each) for each in items], "listed": not many}
        for name, items in section.groups.items()
    ]
    if not many:
        return [[group] for group in groups]
    sizes = [sum(len(str(each)) for each in items) + HEADING for items in section.groups.values()]
    half = next(at for at in range(len(sizes) + 1) if 2 * sum(sizes[:at]) >= sum(sizes))
    return [groups[:half], groups[half:]]


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
    long = len(table.frame) > LONG
    return typeset.table(table.frame, table.title, table.note, WIDTHS, inset=2 if long else 3)


def _glance(table: Table) -> dict[str, Any]:
    """The title, and priority → rows of indicator, value and status."""
    groups = table.frame.groupby("Priority", sort=False)
    rows = {str(name): group.drop(columns="Priority").astype(str).to_numpy().tolist() for name, group in groups}
    return {"title": table.title, "groups": rows}
