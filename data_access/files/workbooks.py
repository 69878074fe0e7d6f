"""Workbooks (.xlsx) as tables: one sheet of data, perhaps one called meta, values and no formulas."""

import posixpath
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

from data_access.errors import ImportRefused, Problem
from data_access.files import archives, refusal, sheets, taken_out
from data_access.files.archives import MB, damaged
from data_access.files.refusal import refused
from data_access.files.table import Table
from data_access.files.template import HOW
from data_access.files.text import survey_bytes

BLOCK_ROWS, BLOCK_CELLS, BLOCK_TEXT = 100_000, 1_000_000, 16 * MB
MAX_SHARED, MAX_SMALL, MAX_STYLES = 32 * MB, 8 * MB, 100_000
PIECE = 65_536
SAVE_AS = "Save as .xlsx or CSV UTF-8."


@dataclass(frozen=True)
class _Source:
    """One sheet of a workbook, whose header is known."""

    path: Path
    name: str
    member: str
    header: int
    columns: list[str]


def open_workbook(path: Path, name: str) -> tuple[Table, Table | None, str | None]:
    """The data of a workbook, its sheet called meta if it has one, and the mapping of one that was taken out here.

    Raises ImportRefused.
    """
    sha256, size = survey_bytes(path, name)
    filled: dict[str, tuple[str, sheets.Row]] = {}
    with _opened(path, name) as archive:
        book = _book(archive, name)
        members = _sheets(archive, name)
        ours = members.keys() >= taken_out.SHEETS
        for title, member in members.items():
            rows = _rows(archive, member, name, book)
            # On the sheets of ours a title and what to read stand above the table, each in one cell.
            first = next((row for row in rows if not ours or len(row.cells) > 1), None)
            if first is not None and title != HOW:
                filled[title] = member, first
    if ours:
        lacking = sorted(taken_out.SHEETS - filled.keys())
        if lacking:
            raise refused(name, None, f"the sheet {lacking[0]} holds no table.", taken_out.SAVE_AGAIN)
        filled = {title: filled[title] for title in filled if title in taken_out.SHEETS}
        wanted = (taken_out.FIGURES, taken_out.COLUMNS, taken_out.MAPPING)
        shown = (name, *(f"{name}, sheet {title}" for title in wanted[1:]))
        tables = [
            _table(path, book, (sha256, size), *filled[title], said) for title, said in zip(wanted, shown, strict=True)
        ]
        return taken_out.read(*tables)
    metas = [title for title in filled if title.strip().lower() == "meta"]
    others = [title for title in filled if title not in metas]
    if not others:
        raise refused(name, 1, "the file is empty.", "Export it again.")
    if len(others) > 1 or len(metas) > 1:
        titles = ", ".join(f"“{title}”" for title in list(filled)[:10])
        remedy = "Leave one sheet with the data, and one called meta if there is one."
        raise refused(name, None, f"the workbook has more than one sheet: {titles}.", remedy)

    data = _table(path, book, (sha256, size), *filled[others[0]], name)
    meta = _table(path, book, (sha256, size), *filled[metas[0]], f"{name}, sheet {metas[0]}") if metas else None
    return data, meta, None


def open_sheets(path: Path, name: str, but: tuple[str, ...]) -> list[Table]:
    """Each sheet that holds anything, but those of some titles, as a table of its own. Raises ImportRefused."""
    said = survey_bytes(path, name)
    found = []
    with _opened(path, name) as archive:
        book = _book(archive, name)
        for title, member in _sheets(archive, name).items():
            header = next(_rows(archive, member, name, book), None)
            if header is not None and title not in but:
                found.append((title, member, header))
    if not found:
        raise refused(name, 1, "the file is empty.", "Export it again.")
    return [_table(path, book, said, member, header, f"{name}, sheet {title}") for title, member, header in found]


def _table(path: Path, book: sheets.Book, said: tuple[str, int], member: str, header: sheets.Row, shown: str) -> Table:
    """The table of one sheet. said: the file's fingerprint and size; shown: what to call it."""
    width = max(header.cells) + 1
    columns = refusal.check_header(shown, header.number, [header.cells.get(at, "") for at in range(width)])
    source = _Source(path, shown, member, header.number, columns)
    if header.formulas:
        raise ImportRefused(list(_faults(source, header)))
    with _opened(path, shown) as archive:
        if not any(row.number > header.number for row in _rows(archive, member, shown, book)):
            raise refused(shown, None, "the file has no rows below its header.", "Export it again.")
    return Table(shown, columns, "XLSX", "", *said, lambda: _blocks(source))


def _opened(path: Path, name: str) -> zipfile.ZipFile:
    archive = archives.open_archive(path, name)
    infos = archives.check_members(archive, name, archives.WORKBOOK_MEMBERS, archives.WORKBOOK_BYTES)
    members = {info.filename for info in infos}
    if any(member.endswith("vbaProject.bin") for member in members) or name.lower().endswith(".xlsm"):
        raise refused(name, None, "the workbook holds macros.", SAVE_AS)
    if "xl/workbook.xml" not in members:
        raise refused(name, None, "the file is no workbook that can be read here.", SAVE_AS)
    return archive


def _pieces(archive: zipfile.ZipFile, member: str, name: str, most: int | None = None) -> Iterator[bytes]:
    try:
        info = archive.getinfo(member)
    except KeyError as error:
        raise damaged(name) from error
    if most is not None and info.file_size > most:
        message = f"{posixpath.basename(member)} in the workbook is larger than {most // MB} MB."
        raise refused(name, None, message, "Save the table as CSV UTF-8.")
    return archives.pieces(archive, info, name, PIECE)


def _elements(archive: zipfile.ZipFile, member: str, name: str, take: Callable[[str, dict[str, str]], None]) -> None:
    """Call `take` with each element of one of the small members."""
    try:
        for _ in sheets.stream(_pieces(archive, member, name, MAX_SMALL), name, take):
            pass
    except (KeyError, ValueError) as error:
        raise damaged(name) from error


def _targets(archive: zipfile.ZipFile, name: str) -> dict[str, tuple[str, str]]:
    """Relation → its type's last word and the member that it leads to."""
    found: dict[str, tuple[str, str]] = {}

    def take(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship":
            target = attributes["Target"]
            member = target[1:] if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            found[attributes["Id"]] = attributes["Type"].rpartition("/")[2], member

    _elements(archive, "xl/_rels/workbook.xml.rels", name, take)
    return found


def _sheets(archive: zipfile.ZipFile, name: str) -> dict[str, str]:
    """The title of each sheet → its member, in the workbook's order, charts left out."""
    targets, found = _targets(archive, name), dict[str, str]()

    def take(tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            kind, member = targets[next((value for key, value in attributes.items() if key.endswith(":id")), "")]
            if kind == "worksheet":
                found[attributes["name"]] = member
        if len(found) > 100:
            raise refused(name, None, "the workbook has more than 100 sheets.", "Leave the one with the data.")

    _elements(archive, "xl/workbook.xml", name, take)
    return found


def _book(archive: zipfile.ZipFile, name: str) -> sheets.Book:
    book, formats, styles, inside = sheets.Book(), dict[int, str](), list[int](), False

    def calendar(tag: str, attributes: dict[str, str]) -> None:
        if tag == "workbookPr":
            book.from_1904 = attributes.get("date1904") in ("1", "true")

    def style(tag: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        if tag == "numFmt" and "formatCode" in attributes:
            formats[int(attributes["numFmtId"])] = attributes["formatCode"]
        elif tag in ("cellXfs", "cellStyleXfs", "cellStyles"):
            inside = tag == "cellXfs"
        elif tag == "xf" and inside:
            styles.append(int(attributes.get("numFmtId", 0)))
        if len(styles) + len(formats) > MAX_STYLES:
            raise refused(name, None, "the workbook has too many styles.", "Save the table as CSV UTF-8.")

    _elements(archive, "xl/workbook.xml", name, calendar)
    members = set(archive.namelist())
    for kind, member in _targets(archive, name).values():
        if kind == "sharedStrings" and member in members:
            book.strings = sheets.shared_strings(_pieces(archive, member, name, MAX_SHARED), name)
        elif kind == "styles" and member in members:
            _elements(archive, member, name, style)
    for number, code in enumerate(styles):
        shown = formats.get(code) or BUILTIN_FORMATS.get(code, "General")
        if is_timedelta_format(shown):
            book.spans.add(number)
        elif is_date_format(shown):
            book.dates.add(number)
    return book


def _rows(archive: zipfile.ZipFile, member: str, name: str, book: sheets.Book) -> Iterator[sheets.Row]:
    return sheets.rows(_pieces(archive, member, name), name, book)


def _blocks(source: _Source) -> Iterator[pd.DataFrame]:
    """The rows below the header; after the first fault only faults are looked for, and raised at the end."""
    problems: list[Problem] = []
    lines: list[int] = []
    values: list[list[str]] = []
    size = 0
    width = len(source.columns)
    with _opened(source.path, source.name) as archive:
        for row in _rows(archive, source.member, source.name, _book(archive, source.name)):
            if row.number <= source.header:
                continue
            problems += _faults(source, row)
            if len(problems) >= ImportRefused.LIMIT:
                break
            if problems:
                continue
            lines.append(row.number - 2)
            values.append([row.cells.get(at, "") for at in range(width)])
            size += sum(map(len, row.cells.values()))
            if len(lines) >= BLOCK_ROWS or len(lines) * width >= BLOCK_CELLS or size >= BLOCK_TEXT:
                yield pd.DataFrame(values, columns=source.columns, index=lines, dtype=str)
                lines, values, size = [], [], 0
    if problems:
        raise ImportRefused(problems)
    if lines:
        yield pd.DataFrame(values, columns=source.columns, index=lines, dtype=str)


def _faults(source: _Source, row: sheets.Row) -> Iterator[Problem]:
    for at, value in row.cells.items():
        if at >= len(source.columns):
            yield refusal.nameless(source.name, row.number, at + 1, value)
        elif at in row.formulas or value.startswith(refusal.FORMULA_SIGNS):
            yield refusal.formula(source.name, row.number, source.columns[at], row.formulas.get(at, value))
