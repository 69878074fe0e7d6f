"""The pack as PDF/UA-1: a page a view with its drawing and its figures as text. Layout: pack.typ beside this file."""

from pathlib import Path
from typing import Any, Final

from exports.drawing import chart_svg
from exports.office import typeset
from exports.office.parts import Section, Table
from exports.pack.parts import Pack, View

TEMPLATE: Final = Path(__file__).with_name("pack.typ")
WIDE: Final = 780  # pixels: at the width of a page, text in the drawings is about as large as beside them
COLUMNS: Final = 8  # of a table from which on a page is turned
USUAL: Final = {"size": 8.0, "inset": 2.0}
DENSE: Final = {"size": 7.5, "inset": 1.2}
LONG: Final = 60  # rows of a table that is set in two columns
# Relative widths of columns that hold more, or less, than others.
WIDTHS: Final = {
    "Indicator": 1.5, "Area": 1.5, "95% interval": 1.2, "Status": 1.5, "Rank": 0.4, "Period": 1.1,
    "No.": 0.3, "What": 5, "Presenter": 1.5, "Kind": 0.7, "Owner": 1.5, "Due": 1, "Action": 3,
    "What it shows": 4, "Features": 2,
}  # fmt: skip


def document(pack: Pack) -> bytes:
    """The pack as the bytes of a PDF; raises DocumentFailed where anything of it is not as it should be."""
    return typeset.document(TEMPLATE, _content(pack), f"“{pack.title}”")


def _content(pack: Pack) -> dict[str, Any]:
    """What the template asks for; text as it is, since nothing of it is read as markup."""
    agenda, *sections = [_section(section) for section in pack.sections]
    return {
        "title": pack.title,
        "keywords": [pack.title, f"data version {pack.version}"],
        "running": pack.title,
        "held": pack.held,
        "present": pack.present,
        "about": list(pack.about),
        "made_on": pack.made_on,
        "kind": pack.kind_words,
        "illustrative": pack.illustrative,
        "source": pack.source,
        "links": list(pack.links.items()),
        "agenda": agenda,
        "views": [_view(view) for view in pack.views],
        "sections": sections,
        "definitions": typeset.definitions(pack.definitions) if len(pack.definitions) else {},
    }


def _view(view: View) -> dict[str, Any]:
    figure = view.figure
    widest = max((table.frame.shape[1] for table in view.tables), default=0)
    return {
        "heading": f"{view.number}. {view.headline}",
        "subtitle": figure.subtitle if figure else "",
        "svg": chart_svg(figure.spec, WIDE) if figure and view.drawn else "",
        "alt": figure.alt if figure else "",
        "notes": figure.notes if figure else "",
        "source": figure.source if figure else "",
        "why": view.why,
        "at": view.at,
        "wide": not view.drawn and widest >= COLUMNS,
        "columns": 2 if any(len(table.frame) > LONG for table in view.tables) else 1,
        "tables": [_table(table, dense=not view.drawn) for table in view.tables],
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "heading": section.heading,
        "finding": section.finding,
        "lead": [typeset.said(each) for each in section.lead],
        "groups": [
            [{"heading": name, "items": [typeset.said(each) for each in items], "listed": True}]
            for name, items in section.groups.items()
        ],
        "tables": [_table(table) for table in section.tables],
    }


def _table(table: Table, *, dense: bool = False) -> dict[str, Any]:
    """dense: for a view that is nothing but tables, so that they take one page where they can."""
    widths = dict(zip(table.frame.columns, table.widths, strict=True)) if table.widths else WIDTHS
    return typeset.table(table.frame, table.title, table.note, widths, **(DENSE if dense else USUAL))
