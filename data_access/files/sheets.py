"""The XML inside a workbook read as a stream: no entities, no deep nesting, nothing kept but the rows at hand."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import time, timedelta
from xml.parsers import expat

from openpyxl.utils.datetime import CALENDAR_MAC_1904, WINDOWS_EPOCH, from_excel
from openpyxl.utils.escape import unescape

from data_access.files.archives import damaged
from data_access.files.refusal import MAX_COLUMNS, refused, too_many_columns

MAX_DEPTH = 50
MAX_NAMES = 20_000
MAX_TOKEN = 1 << 20
MAX_ROW_TEXT = 1 << 20
MAX_ROWS, WIDEST = 1_048_576, 16_384  # of any sheet, blank cells counted
MAX_STRINGS = 1_000_000
SAVE_AS = "Save it as a new .xlsx, or the table as CSV UTF-8."


def stream(
    pieces: Iterator[bytes],
    name: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] = lambda tag: None,
    text: Callable[[str], None] = lambda part: None,
) -> Iterator[None]:
    """Parse XML piece by piece, and yield after each piece; tags come without their prefix.

    Raises ImportRefused where it is no XML, defines entities, or is built to exhaust the reader.
    """
    depth = fed = 0
    parser = expat.ParserCreate()

    def started(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise damaged(name)
        start(tag.rpartition(":")[2], attributes)

    def ended(tag: str) -> None:
        nonlocal depth
        depth -= 1
        end(tag.rpartition(":")[2])

    def declared(*_: object) -> None:
        raise refused(name, None, "the workbook defines entities, which no table needs.", SAVE_AS)

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = started, ended, text
    parser.StartDoctypeDeclHandler = declared
    try:
        for piece in pieces:
            parser.Parse(piece)
            fed += len(piece)
            if fed - max(parser.CurrentByteIndex, 0) > MAX_TOKEN or len(parser.intern) > MAX_NAMES:
                raise damaged(name)
            yield
        parser.Parse(b"", True)
        yield
    except expat.ExpatError as error:
        raise damaged(name) from error


@dataclass
class Book:
    """What the cells of a workbook refer to. dates, spans: the styles that mean a date, or a length of time."""

    strings: list[str] = field(default_factory=list)
    dates: set[int] = field(default_factory=set)
    spans: set[int] = field(default_factory=set)
    from_1904: bool = False


def shared_strings(pieces: Iterator[bytes], name: str) -> list[str]:
    """The texts that cells refer to by number."""
    strings: list[str] = []
    parts: list[str] = []
    inside = phonetic = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal inside, phonetic
        inside = tag == "t" and not phonetic
        phonetic = phonetic or tag == "rPh"

    def end(tag: str) -> None:
        nonlocal inside, phonetic
        inside = False
        phonetic = phonetic and tag != "rPh"
        if tag == "si":
            strings.append(_text(parts))
            parts.clear()
            if len(strings) > MAX_STRINGS:
                raise refused(name, None, "the workbook holds more than a million texts.", SAVE_AS)

    for _ in stream(pieces, name, start, end, lambda part: parts.append(part) if inside else None):
        pass
    return strings


def _text(parts: list[str]) -> str:
    text = "".join(parts)
    return unescape(text).strip() if "_x" in text else text.strip()


@dataclass
class Row:
    """One row that holds something. number: as the workbook counts; cells, formulas: by column, 0 is the first."""

    number: int
    cells: dict[int, str] = field(default_factory=dict)
    formulas: dict[int, str] = field(default_factory=dict)


class _Reader:
    """Turns the events of one sheet into rows."""

    def __init__(self, book: Book, name: str):
        self.book, self.name = book, name
        self.rows: list[Row] = []
        self.row = Row(0)
        self.last = 0
        self.column, self.kind, self.style, self.size = -1, "n", 0, 0
        self.inside = ""
        self.phonetic = False
        self.value: list[str] = []
        self.formula: list[str] | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "row":
            number = int(attributes.get("r", self.last + 1))
            if not self.last < number <= MAX_ROWS:
                raise damaged(self.name)
            self.row, self.last, self.column, self.size = Row(number), number, -1, 0
        elif tag == "c":
            self.column = _column(attributes["r"]) if "r" in attributes else self.column + 1
            if self.column >= WIDEST:
                raise too_many_columns(self.name, self.last, f"more than {WIDEST:,}")
            self.kind, self.style = attributes.get("t", "n"), int(attributes.get("s", 0))
            self.value, self.formula = [], None
        elif tag == "f":
            self.formula = []
        elif tag == "rPh":
            self.phonetic = True
        self.inside = tag if tag in ("f", "v") or (tag == "t" and not self.phonetic) else ""

    def text(self, part: str) -> None:
        if self.inside:
            self._grow(len(part))
            (self.formula if self.inside == "f" and self.formula is not None else self.value).append(part)

    def end(self, tag: str) -> None:
        self.inside = ""
        if tag == "c":
            self._cell()
        elif tag == "row" and (self.row.cells or self.row.formulas):
            self.rows.append(self.row)
        elif tag == "rPh":
            self.phonetic = False

    def _grow(self, by: int) -> None:
        self.size += by
        if self.size > MAX_ROW_TEXT:
            message = "this row holds more than a million characters."
            raise refused(self.name, self.last, message, "Check that the sheet is a table.")

    def _cell(self) -> None:
        if self.formula is not None:
            formula = "=" + "".join(self.formula)
        value = self._value("".join(self.value)) if self.value else ""
        if not value and self.formula is None:
            return
        if not 0 <= self.column < MAX_COLUMNS:
            raise too_many_columns(self.name, self.last, f"more than {MAX_COLUMNS:,}")
        if self.formula is not None:
            self.row.formulas[self.column] = formula
        self.row.cells[self.column] = value or formula

    def _value(self, text: str) -> str:
        if self.kind == "s":
            shared = self.book.strings[int(text)]
            self._grow(len(shared))
            return shared
        if self.kind == "b":
            return "TRUE" if text.strip() == "1" else "FALSE"
        return self._number(text.strip()) if self.kind == "n" else _text([text])

    def _number(self, text: str) -> str:
        dated, span = self.style in self.book.dates, self.style in self.book.spans
        if text.isdecimal() and not dated and not span:
            return text
        number = float(text)
        if dated or span:
            try:
                moment = from_excel(number, CALENDAR_MAC_1904 if self.book.from_1904 else WINDOWS_EPOCH, span)
            except (ValueError, OverflowError):
                moment = None
            if moment is not None:
                shown = str(moment) if isinstance(moment, timedelta) else moment.isoformat()
                return shown if isinstance(moment, time) else shown.removesuffix("T00:00:00")
        return str(int(number)) if number.is_integer() and abs(number) < 1e16 else repr(number)


def _column(reference: str) -> int:
    """0 for A1, 27 for AB1; larger than any column for what is no reference."""
    letters = re.match(r"([A-Z]{1,3})\d", reference)
    number = 0
    for letter in letters.group(1) if letters else "ZZZZ":
        number = number * 26 + ord(letter) - 64
    return number - 1


def rows(pieces: Iterator[bytes], name: str, book: Book) -> Iterator[Row]:
    """The rows of a sheet that hold anything, in order; raises ImportRefused where the sheet is none."""
    reader = _Reader(book, name)
    try:
        for _ in stream(pieces, name, reader.start, reader.end, reader.text):
            yield from reader.rows
            reader.rows.clear()
    except (ValueError, IndexError, OverflowError) as error:
        raise damaged(name) from error
