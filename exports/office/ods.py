"""An accessible workbook as OpenDocument (ODS): the same sheets and words as accessible.book makes for XLSX.

Written row by row into the file, since the libraries for it hold a whole sheet as objects. What a sheet needs of the
format is little: ISO/IEC 26300, table, text and office elements.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from io import BytesIO
from typing import Final

import gptables
import pandas as pd

from exports.office.accessible import ALONE, WIDEST

MEDIA: Final = "application/vnd.oasis.opendocument.spreadsheet"
NARROWEST: Final = 9  # characters of a column
_SPACES: Final = re.compile(r"^ | $|  +")
_NAMES: Final = " ".join(
    f'xmlns:{prefix}="{name}"'
    for prefix, name in {
        **{
            part: f"urn:oasis:names:tc:opendocument:xmlns:{part}:1.0"
            for part in ("office", "table", "text", "style", "meta")
        },
        "number": "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0",
        "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
        "dc": "http://purl.org/dc/elements/1.1/",
        "xlink": "http://www.w3.org/1999/xlink",
    }.items()
)
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>'
_FONT: Final = 'fo:font-family="Arial" fo:language="en" fo:country="GB"'
# Name of a cell's style → properties of its cell and of its text.
_STYLES: Final = {
    "title": ("", 'fo:font-size="16pt" fo:font-weight="bold"'),
    "subtitle": ("", 'fo:font-size="14pt" fo:font-weight="bold"'),
    "text": ('fo:wrap-option="wrap" style:vertical-align="top"', 'fo:font-size="12pt"'),
    "line": ("", 'fo:font-size="12pt"'),
    "heading": ('fo:wrap-option="wrap" style:vertical-align="top"', 'fo:font-size="12pt" fo:font-weight="bold"'),
}
_MANIFEST: Final = (
    f'{_HEAD}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
    f'manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:version="1.3" '
    f'manifest:media-type="{MEDIA}"/>'
    + "".join(
        f'<manifest:file-entry manifest:full-path="{name}.xml" manifest:media-type="text/xml"/>'
        for name in ("content", "styles", "meta")
    )
    + "</manifest:manifest>"
)


def book(cover: gptables.Cover, sheets: Mapping[str, gptables.GPTable], properties: Mapping[str, str]) -> bytes:
    """The bytes of an ODS file with the same sheets as accessible.book. Text is text, numbers are numbers."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), MEDIA)  # first, and not packed, so that others know the file
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        archive.writestr("meta.xml", _meta(properties))
        archive.writestr("styles.xml", _default())
        with archive.open("content.xml", "w", force_zip64=True) as content:
            for part in _content(cover, sheets):
                content.write(part.encode())
    return file.getvalue()


def _meta(properties: Mapping[str, str]) -> str:
    named = {"title": "dc:title", "subject": "dc:subject", "comments": "dc:description", "keywords": "meta:keyword"}
    said = "".join(f"<{tag}>{_escaped(properties[name])}</{tag}>" for name, tag in named.items() if name in properties)
    return (
        f'{_HEAD}<office:document-meta {_NAMES} office:version="1.3"><office:meta>{said}'
        "<dc:creator>CPD strategy dashboard</dc:creator><dc:language>en-GB</dc:language>"
        "</office:meta></office:document-meta>"
    )


def _default() -> str:
    return (
        f'{_HEAD}<office:document-styles {_NAMES} office:version="1.3"><office:styles>'
        f'<style:default-style style:family="table-cell"><style:text-properties {_FONT}/></style:default-style>'
        "</office:styles></office:document-styles>"
    )


def _content(cover: gptables.Cover, sheets: Mapping[str, gptables.GPTable]) -> Iterator[str]:
    every = {label: _Sheet(label, table, f"n{at}-") for at, (label, table) in enumerate(sheets.items())}
    yield f'{_HEAD}<office:document-content {_NAMES} office:version="1.3"><office:automatic-styles>'
    for name, (cell, text) in _STYLES.items():
        yield _style(name, cell, text)
    widths = {WIDEST, *range(NARROWEST, WIDEST + 1)}
    for width in sorted(widths):
        yield (
            f'<style:style style:name="w{width}" style:family="table-column">'
            f'<style:table-column-properties style:column-width="{width * 0.24:.2f}cm"/></style:style>'
        )
    for one in every.values():
        yield from one.formats()
    yield "</office:automatic-styles><office:body><office:spreadsheet>"
    yield from _cover(cover)
    if len(every) > 2:
        yield from _contents(sheets)
    for one in every.values():
        yield from one.rows()
    yield "<table:database-ranges>"
    for one in every.values():
        yield one.range()
    yield "</table:database-ranges></office:spreadsheet></office:body></office:document-content>"


def _style(name: str, cell: str, text: str, number: str = "") -> str:
    data = f' style:data-style-name="{number}"' if number else ""
    inside = f"<style:table-cell-properties {cell}/>" if cell else ""
    return (
        f'<style:style style:name="{name}" style:family="table-cell"{data}>{inside}'
        f"<style:text-properties {text}/></style:style>"
    )


def _cover(cover: gptables.Cover) -> Iterator[str]:
    parts = {"Introductory information": cover.intro, "About these data": cover.about, "Contact": cover.contact}
    yield _begin("Cover", [WIDEST + 20])
    yield _row([cover.title], "title")
    for heading, lines in parts.items():
        if lines:
            yield _row([heading], "subtitle")
            yield from (_row([line], "text") for line in lines)
    yield "</table:table>"


def _contents(sheets: Mapping[str, gptables.GPTable]) -> Iterator[str]:
    yield _begin("Contents", [20, WIDEST])
    yield _row(["Table of contents"], "title")
    yield _row([ALONE], "line")
    yield f"<table:table-header-rows>{_row(['Sheet name', 'Table description'], 'heading')}</table:table-header-rows>"
    for label, table in sheets.items():
        link = f"""<text:a xlink:type="simple" xlink:href="#'{escape(label)}'.A1">{_escaped(label)}</text:a>"""
        cell = f'<table:table-cell table:style-name="text" office:value-type="string"><text:p>{link}</text:p>'
        yield f"<table:table-row>{cell}</table:table-cell>{_cell(table.title, 'text')}</table:table-row>"
    yield "</table:table>"


class _Sheet:
    """One table with the words above it. prefix: of the names of its number formats, which no other sheet has."""

    def __init__(self, label: str, table: gptables.GPTable, prefix: str):
        self.label, self.table, self.prefix = label, table.table, prefix
        self.name = table.table_name
        self.above = [
            (table.title, "title"),
            *((text, "subtitle") for text in table.subtitles or []),
            (table.instructions, "line"),
            *([(table.source, "line")] if table.source else []),
        ]
        self.shown = {
            at: said["column"]["format"]["num_format"]
            for said in table.additional_formatting
            if "num_format" in said.get("column", {}).get("format", {})
            for at in said["column"]["columns"]
        }

    def formats(self) -> Iterator[str]:
        """The styles of the columns whose numbers are shown rounded."""
        for at, shown in self.shown.items():
            decimals = len(shown.partition(".")[2])
            least = shown.partition(".")[2].count("0")
            grouping = ' number:grouping="true"' if "," in shown else ""
            yield (
                f'<number:number-style style:name="{self.prefix}d{at}"><number:number number:min-integer-digits="1" '
                f'number:decimal-places="{decimals}" number:min-decimal-places="{least}"{grouping}/>'
                "</number:number-style>"
            )
            yield _style(f"{self.prefix}{at}", *_STYLES["line"], number=f"{self.prefix}d{at}")

    def rows(self) -> Iterator[str]:
        """The sheet, row by row."""
        frame = self.table
        yield _begin(self.label, [_width(frame, at) for at in range(frame.shape[1])])
        yield from (_row([text], style) for text, style in self.above)
        yield f"<table:table-header-rows>{_row(list(frame.columns), 'heading')}</table:table-header-rows>"
        styles = [f"{self.prefix}{at}" if at in self.shown else "" for at in range(frame.shape[1])]
        plain = ["text" if _width(frame, at) >= WIDEST else "line" for at in range(frame.shape[1])]
        for row in frame.itertuples(index=False, name=None):
            cells = (
                _cell(cell, style if style and not isinstance(cell, str) else usual)
                for cell, style, usual in zip(row, styles, plain, strict=True)
            )
            yield f"<table:table-row>{''.join(cells)}</table:table-row>"
        yield "</table:table>"

    def range(self) -> str:
        """The table's name and place, as a spreadsheet's range."""
        top, bottom = len(self.above) + 1, len(self.above) + 1 + len(self.table)
        where = f"'{self.label}'.A{top}:'{self.label}'.{_letters(self.table.shape[1])}{bottom}"
        return (
            f'<table:database-range table:name="{escape(str(self.name))}" table:contains-header="true" '
            f'table:target-range-address="{escape(where)}"/>'
        )


def _letters(number: int) -> str:
    """1 → 'A', 27 → 'AA'."""
    said = ""
    while number:
        number, rest = divmod(number - 1, 26)
        said = chr(65 + rest) + said
    return said


def _width(frame: pd.DataFrame, at: int) -> int:
    """Characters of a column, by its heading's words and its first thousand cells."""
    longest = frame.iloc[:1000, at].map(lambda cell: len(str(cell)) if isinstance(cell, str) else 8).max()
    word = max((len(part) for part in str(frame.columns[at]).split()), default=0)
    return min(max(int(longest) + 1, word + 1, NARROWEST), WIDEST)


def _begin(label: str, widths: Sequence[int]) -> str:
    columns = "".join(f'<table:table-column table:style-name="w{min(width, WIDEST)}"/>' for width in widths)
    return f'<table:table table:name="{escape(label)}">{columns}'


def _row(cells: Sequence[object], style: str) -> str:
    return f"<table:table-row>{''.join(_cell(cell, style) for cell in cells)}</table:table-row>"


def _cell(value: object, style: str) -> str:
    if isinstance(value, int | float):
        said = f'office:value-type="float" office:value="{value!r}"><text:p>{value!r}</text:p>'
    else:
        lines = "".join(f"<text:p>{_escaped(line)}</text:p>" for line in str(value).split("\n"))
        said = f'office:value-type="string">{lines}'
    return f'<table:table-cell table:style-name="{style}" {said}</table:table-cell>'


def _escaped(text: str) -> str:
    """Text for a paragraph: spaces at its ends, and more than one at once, would be lost."""
    return _SPACES.sub(lambda found: f'<text:s text:c="{len(found[0])}"/>', escape(text))
