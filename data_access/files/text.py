"""Text files read piece by piece: fingerprint, encoding and line breaks, in memory that does not grow with the file."""

import codecs
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from data_access.errors import ImportRefused
from data_access.files.refusal import SAVE_AS_CSV, refused

PIECE = 1 << 20
MAX_LINE = 1 << 20
MAX_BYTES = 2 << 30
CODECS = {"UTF-8": "utf-8-sig", "UTF-16": "utf-16", "Windows-1252": "cp1252"}
NOT_WHOLE = "The last line does not end: make sure that the file is whole."
ODD_ENCODING = "Read as Windows-1252: check names with accents."


@dataclass(frozen=True)
class Survey:
    """What one look at all bytes says. size: in bytes; ended: whether the last line ends with a line break."""

    sha256: str
    size: int
    encoding: str
    ended: bool


def survey(path: Path, name: str) -> Survey:
    """The file's fingerprint and encoding; raises ImportRefused where it is too large or no text."""
    try:
        with path.open("rb") as file:
            return _survey(file, name)
    except FileNotFoundError as error:
        raise refused(name, None, "the file does not exist.", "Check its path.") from error
    except OSError as error:
        raise refused(name, None, "the file cannot be read.", "Check its path and its permissions.") from error


def survey_bytes(path: Path, name: str) -> tuple[str, int]:
    """The fingerprint and size in bytes of a file of any kind; raises ImportRefused where it is too large."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, io.SEEK_END)
            if size > MAX_BYTES:
                raise refused(name, None, "the file is larger than 2 GB.", "Split the table into smaller files.")
            file.seek(0)
            return hashlib.file_digest(file, "sha256").hexdigest(), size
    except OSError as error:
        raise refused(name, None, "the file cannot be read.", "Check its path and its permissions.") from error


def _survey(file: io.BufferedReader, name: str) -> Survey:
    digest, size, last, guess = hashlib.sha256(), 0, b"", _Guess()
    wide = file.peek(2)[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    while piece := file.read(PIECE):
        digest.update(piece)
        size += len(piece)
        if size > MAX_BYTES:
            raise refused(name, None, "the file is larger than 2 GB.", "Split the table into smaller files.")
        if not wide:
            if b"\0" in piece:
                raise _nul(name, guess.lines + piece.count(b"\n", 0, piece.index(b"\0")) + 1)
            guess.take(piece)
        last = piece[-2:]
    if wide:
        return Survey(digest.hexdigest(), size, "UTF-16", last.strip(b"\0") in (b"\n", b"\r"))
    guess.take(b"", final=True)
    return Survey(digest.hexdigest(), size, guess.encoding(name), last[-1:] in (b"\n", b"\r"))


class _Guess:
    """Counts what tells UTF-8 from Windows-1252: wide characters that are good UTF-8, and bytes that are not."""

    def __init__(self) -> None:
        self.lines = self.good = self.bad = 0
        self.first: tuple[int, str] | None = None
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("surrogateescape")

    def take(self, piece: bytes, final: bool = False) -> None:
        """Count one piece more."""
        text = self._decoder.decode(piece, final)
        if not text.isascii():
            narrow = len(text.encode("ascii", "ignore"))
            bad = len(text) - len(text.encode("utf-8", "ignore").decode())
            self.good += len(text) - narrow - bad
            self.bad += bad
            if bad and self.first is None:
                self.first = self._place(text)
        self.lines += text.count("\n")

    def _place(self, text: str) -> tuple[int, str]:
        at = re.search("[\udc80-\udcff]", text).start()  # type: ignore[union-attr]
        begun = max(text.rfind(mark, 0, at) for mark in "\n,;\t|") + 1
        cell = re.split("[\r\n,;\t|]", text[begun : begun + 60])[0]
        shown = cell.encode("utf-8", "surrogateescape").decode("cp1252", "replace").strip()
        return self.lines + text.count("\n", 0, at) + 1, shown

    def encoding(self, name: str) -> str:
        """UTF-8, or Windows-1252; raises ImportRefused for UTF-8 that is damaged in places."""
        if self.first is None:
            return "UTF-8"
        if self.good > self.bad:
            row, cell = self.first
            raise refused(name, row, "the file is not UTF-8 text.", "Save it as CSV UTF-8.", cell)
        return "Windows-1252"


def _nul(name: str, row: int) -> ImportRefused:
    return refused(name, row, "the file is not text: this line holds a NUL character.", SAVE_AS_CSV)


def texts(path: Path, name: str, known: Survey) -> Iterator[str]:
    """The file's text from the beginning in pieces of up to a million characters; every line break is \\n.

    Raises ImportRefused for a NUL character, a line of more than a million characters, bytes that are no characters,
    or a file that is no longer the one of the survey.
    """
    digest, lines, line_length = hashlib.sha256(), 0, 0
    inner = codecs.getincrementaldecoder(CODECS[known.encoding])()
    decoder = io.IncrementalNewlineDecoder(inner, translate=True)
    try:
        with path.open("rb") as file:
            while True:
                piece = file.read(PIECE)
                digest.update(piece)
                text = decoder.decode(piece, final=not piece)
                if "\0" in text:
                    raise _nul(name, lines + text.count("\n", 0, text.index("\0")) + 1)
                # A piece is no longer than a line may be, so only the line that it continues can be too long.
                first, last = text.find("\n"), text.rfind("\n")
                if line_length + (len(text) if first < 0 else first) > MAX_LINE:
                    message = "this line is longer than a million characters."
                    raise refused(name, lines + 1, message, "Check that the file is a table, one row a line.")
                line_length = line_length + len(text) if first < 0 else len(text) - last - 1
                lines += text.count("\n")
                if text:
                    yield text
                if not piece:
                    break
    except UnicodeDecodeError as error:
        raise refused(name, lines + 1, "the file is not text.", SAVE_AS_CSV) from error
    except OSError as error:
        raise refused(name, None, "the file cannot be read.", "Check its path and its permissions.") from error
    if digest.hexdigest() != known.sha256:
        raise refused(name, None, "the file changed while it was read.", "Wait until it is whole, then import again.")
