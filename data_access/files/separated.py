"""Tables in text files: header, separator, and rows in blocks, each row known by the line on which it begins."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from data_access.errors import ImportRefused, Problem
from data_access.files import refusal, text
from data_access.files.refusal import refused
from data_access.files.table import Table

SEPARATORS = [",", ";", "\t", "|"]  # the first one wins a tie
MAX_ROW = 4 << 20
BLOCK_ROWS, BLOCK_BYTES = 100_000, 24 << 20
PIECE_CELLS = 2_000_000  # blank lines are short but make whole rows: a piece handed to the parser makes no more cells
BLANK_CELLS = 100_000_000
# Written after the last line. Where the parser does not find it as a line of its own, a quotation mark is not closed.
END = "\0"
NOT_CLOSED = "a quotation mark is not closed."
# How a cell can begin that holds a formula once its blanks are trimmed.
SUSPECT = {*refusal.FORMULA_SIGNS, *(chr(code) for code in range(0x3001) if chr(code).isspace())}
CLOSE_IT = "Close it, or remove it."
EVEN = "Give every line as many values as the header."


@dataclass(frozen=True)
class _Source:
    """A text file whose header is known. lines: how many the header takes, blank ones above it included."""

    path: Path
    name: str
    known: text.Survey
    separator: str
    columns: list[str]
    width: int
    lines: int

    def below(self) -> Iterator[str]:
        """The text below the header, then END on a line of its own."""
        skip, last = self.lines, "\n"
        for piece in text.texts(self.path, self.name, self.known):
            last = piece[-1]
            while skip and piece:
                at = piece.find("\n")
                piece, skip = (piece[at + 1 :], skip - 1) if at >= 0 else ("", skip)
            if piece:
                yield piece
        yield f"{END}\n" if last == "\n" else f"\n{END}\n"


def open_text(path: Path, name: str) -> Table:
    """A text file as a table; raises ImportRefused where its header or its bytes are those of no table."""
    known = text.survey(path, name)
    source = _header(path, name, known)
    notes = [] if known.ended else [text.NOT_WHOLE]
    if known.encoding == "Windows-1252":
        notes.append(text.ODD_ENCODING)
    if (left := source.width - len(source.columns)) > 0:
        notes.append(f"Left out {left} blank column{'s' if left > 1 else ''} at the end, without a name.")
    blank = f' \t\n"{source.separator}{END}'
    if not any(piece.strip(blank) for piece in source.below()):
        raise refused(name, None, "the file has no rows below its header.", "Export it again.")
    return Table(
        name, source.columns, known.encoding, source.separator, known.sha256, known.size,
        lambda: _blocks(source), notes,
    )  # fmt: skip


def _header(path: Path, name: str, known: text.Survey) -> _Source:
    pieces = text.texts(path, name, known)
    head = next(pieces, "")
    whole = next(pieces, None) is None
    found = {separator: _first_row(head, separator) for separator in SEPARATORS}
    separator = max(SEPARATORS, key=lambda mark: len(found[mark][0]))
    cells, lines = found[separator]
    taken = sum(len(line) for line in head.split("\n", lines)[:lines]) + lines
    if not cells and whole:
        raise refused(name, 1, "the file is empty.", "Export it again.")
    if not cells or (taken >= len(head) and not whole):
        message = "the header does not end within the first million characters."
        raise refused(name, 1, message, "Check that the file is a table with a header.")
    columns = refusal.check_header(name, lines, cells)
    return _Source(path, name, known, separator, columns, len(cells), lines)


def _first_row(head: str, separator: str) -> tuple[list[str], int]:
    """The first row that is not blank, trimmed, and the number of lines down to its end."""
    reader = csv.reader(io.StringIO(head), delimiter=separator)
    try:
        for values in reader:
            if any(value.strip() for value in values):
                return [value.strip() for value in values], reader.line_num
    except csv.Error:
        pass
    return [], 0


class _Feed(io.RawIOBase):
    """What the parser reads from: one piece a call, cut short where it holds very many lines."""

    def __init__(self, source: _Source):
        self._pieces = self._cut(source)

    @staticmethod
    def _cut(source: _Source) -> Iterator[bytes]:
        rows, blank = max(1, PIECE_CELLS // source.width), 0
        for piece in source.below():
            blank += piece.count("\n\n")
            if blank * source.width > BLANK_CELLS:
                raise refused(source.name, None, "the file has too many blank lines.", "Remove the blank lines.")
            content = piece.encode()
            ends = np.flatnonzero(np.frombuffer(content, np.uint8) == 10)[rows - 1 :: rows] + 1
            for start, end in zip([0, *ends], [*ends, len(content)], strict=True):
                if end > start:
                    yield content[start:end]

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return next(self._pieces, b"")


def _batches(source: _Source) -> Iterator[pa.RecordBatch]:
    """The rows as they stand, blank ones too, in small batches; raises the first fault that the parser meets."""
    ended = False

    def uneven(row: pa_csv.InvalidRow) -> str:
        nonlocal ended
        ended = row.text == END
        return "skip" if ended else "error"

    names = [str(number) for number in range(source.width)]
    # MAX_ROW is more than the longest piece, a million characters of up to three bytes.
    yield from pa_csv.open_csv(
        pa.PythonFile(_Feed(source), mode="r"),
        read_options=pa_csv.ReadOptions(column_names=names, block_size=MAX_ROW, use_threads=False),
        parse_options=pa_csv.ParseOptions(
            delimiter=source.separator, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=uneven
        ),
        convert_options=pa_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
    )
    if not ended:
        raise pa.ArrowInvalid(NOT_CLOSED)


def _blocks(source: _Source) -> Iterator[pd.DataFrame]:
    line = source.lines + 1
    try:
        for table in _gathered(_batches(source)):
            frame, line = _frame(source, table, line)
            if not frame.empty:
                yield frame
    except pa.ArrowException:
        raise _faults(source) from None


def _gathered(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.Table]:
    """The small batches put together into blocks, each column in one piece."""
    held: list[pa.RecordBatch] = []
    rows = size = 0
    for batch in batches:
        held.append(batch)
        rows, size = rows + len(batch), size + batch.nbytes
        if rows >= BLOCK_ROWS or size >= BLOCK_BYTES:
            yield pa.Table.from_batches(held).combine_chunks()
            held, rows, size = [], 0, 0
    if rows:
        yield pa.Table.from_batches(held).combine_chunks()


def _frame(source: _Source, table: pa.Table, line: int) -> tuple[pd.DataFrame, int]:
    """A block as a frame of trimmed text without its blank rows, and the line after it; line: the one it begins on."""
    taken = 1 + sum(pc.count_substring(column, "\n").to_numpy() for column in table.columns)
    begins = line + np.cumsum(taken) - taken
    trimmed = [pc.utf8_trim_whitespace(column) for column in table.columns]
    filled = np.zeros(len(table), dtype=bool)
    for number, column in enumerate(trimmed):
        there = pc.not_equal(column, "").to_numpy()
        filled |= there
        formulas = any(pc.any(pc.starts_with(column, sign)).as_py() for sign in refusal.FORMULA_SIGNS)
        if formulas or (number >= len(source.columns) and there.any()):
            raise _faults(source)
    named = dict(zip(source.columns, trimmed, strict=False))
    frame = pa.table(named).to_pandas()
    frame.index = begins - 2
    return (frame if filled.all() else frame[filled]), int(line + taken.sum())


class _Lines:
    """The lines below the header for a careful second reading; `begun` is the line on which the present row begins."""

    def __init__(self, source: _Source):
        self._pieces = source.below()
        self.begun = self.line = source.lines + 1
        self._length = 0

    def next_row(self) -> None:
        """Say that a row has been read to its end."""
        self.begun, self._length = self.line, 0

    def __iter__(self) -> Iterator[str]:
        rest = ""
        for piece in self._pieces:
            *whole, rest = (rest + piece).split("\n")
            for line in whole:
                self._length += len(line) + 1
                if self._length > MAX_ROW:
                    raise csv.Error(NOT_CLOSED)
                self.line += 1
                yield line + "\n"


def _faults(source: _Source) -> ImportRefused:
    """Every fault from the beginning, up to the number that a refusal lists, by a slower and exact reading."""
    problems: list[Problem] = []
    lines, width, named = _Lines(source), source.width, len(source.columns)

    def uneven(values: list[str], message: str, remedy: str) -> None:
        shown = source.separator.join(values).replace(END, "").strip()[:60]
        problems.append(Problem(source.name, lines.begun, None, shown, message, remedy))

    try:
        for values in csv.reader(lines, delimiter=source.separator):
            if values == [END] or len(problems) >= ImportRefused.LIMIT:
                break
            if values and END in values[-1]:
                uneven(values, NOT_CLOSED, CLOSE_IT)
            elif values and len(values) != width:
                count = "1 value" if len(values) == 1 else f"{len(values)} values"
                uneven(values, f"this line has {count} and the header has {width}.", EVEN)
            elif width > named or not SUSPECT.isdisjoint(value[:1] for value in values):
                for number, value in enumerate(value.strip() for value in values):
                    if value and number >= named:
                        problems.append(refusal.nameless(source.name, lines.begun, number + 1, value))
                    elif value.startswith(refusal.FORMULA_SIGNS):
                        problems.append(refusal.formula(source.name, lines.begun, source.columns[number], value))
            lines.next_row()
    except csv.Error:
        uneven([], "this row does not end: " + NOT_CLOSED, CLOSE_IT)
    if not problems:
        uneven([], "the file is no table.", refusal.SAVE_AS_CSV)
    return ImportRefused(problems)
