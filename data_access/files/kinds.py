"""What a file is, by its first bytes and not by its name."""

import re
from pathlib import Path

from data_access.errors import ImportRefused
from data_access.files.archives import open_archive
from data_access.files.refusal import SAVE_AS_CSV, refused

SUFFIXES = {
    ".csv": "text", ".txt": "text", ".tsv": "text", ".tab": "text", ".zip": "zip", ".xlsx": "xlsx",
    ".json": "json", ".geojson": "json",
}  # fmt: skip
WORDS = {"text": "text", "zip": "a zip file", "xlsx": "a workbook", "json": "JSON"}
REMEDIES = {
    "text": "Call it .csv if it holds the table.",
    "zip": "Call it .zip, or unpack it.",
    "xlsx": "Call it .xlsx, or save the table as CSV UTF-8.",
    "json": "Call it .geojson if it is a map, or save the table as CSV UTF-8.",
}
# The first bytes of files that are not taken here, and what a person calls them.
OTHERS = {
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "an old workbook (.xls) or a workbook with a password",
    b"\x1f\x8b": "a gzip file",
    b"7z\xbc\xaf": "a 7z file",
    b"Rar!": "a RAR file",
    b"BZh": "a bzip2 file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"PAR1": "a Parquet file",
    b"SQLite format 3": "a database",
    b"{\\rtf": "a Rich Text document",
}
HEAD = 65_536


def kind_of(path: Path, name: str | None = None) -> str:
    """'text', 'zip', 'xlsx', 'json' or 'unknown', by content.

    Raises ImportRefused where the file cannot be read, is empty, or is not what the end of its name says.
    """
    name = name or path.name
    head = first_bytes(path, name)
    kind, words = _recognise(path, head)
    suffix = Path(name).suffix.lower()
    wanted = SUFFIXES.get(suffix)
    if wanted is not None and wanted != kind:
        if kind == "unknown" and wanted == "text" and words == "not text":
            raise refused(name, 1, "the file is not text.", SAVE_AS_CSV)
        but = "is neither that nor text" if words == "not text" else f"is {words}"
        what = ", not text" if wanted == "text" else ""
        message = f"the file is called {suffix} but {but}{what}."
        raise refused(name, 1 if wanted == "text" else None, message, REMEDIES.get(kind, _remedy(words)))
    return kind


def first_bytes(path: Path, name: str) -> bytes:
    """The beginning of a file; raises ImportRefused where there is none to be read."""
    try:
        if path.exists() and not path.is_file():
            raise refused(name, None, "the file cannot be read.", "Check its path and its permissions.")
        with path.open("rb") as file:
            head = file.read(HEAD)
    except FileNotFoundError as error:
        raise refused(name, None, "the file does not exist.", "Check its path.") from error
    except (OSError, ValueError) as error:
        raise refused(name, None, "the file cannot be read.", "Check its path and its permissions.") from error
    if not head:
        raise refused(name, 1, "the file is empty.", "Export it again.")
    return head


def refuse_unknown(path: Path, name: str) -> ImportRefused:
    """The refusal of a file of a kind that is not taken here; it names the kind."""
    _, words = _recognise(path, first_bytes(path, name))
    if words == "not text":
        return refused(name, 1, "the file is not text.", SAVE_AS_CSV)
    return refused(name, None, f"the file is {words}, and that is not taken here.", _remedy(words))


def _remedy(words: str) -> str:
    return "Save it as .xlsx without a password, or as CSV UTF-8." if "workbook" in words else SAVE_AS_CSV


def _recognise(path: Path, head: bytes) -> tuple[str, str]:
    """The kind, and what a person calls it."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _recognise_archive(path, head)
    for begins, words in OTHERS.items():
        if head.startswith(begins):
            return "unknown", words
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text", WORDS["text"]
    if b"\0" in head:
        return "unknown", "not text"
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if re.match(rb'\{\s*["}]|\[\s*[\[{"\]]', start):
        return "json", WORDS["json"]
    if re.match(rb"<(!doctype html|html|head|body|table)\b", start, re.IGNORECASE):
        return "unknown", "a web page"
    if start.startswith(b"<?xml"):
        return "unknown", "XML"
    return "text", WORDS["text"]


def _recognise_archive(path: Path, head: bytes) -> tuple[str, str]:
    """A workbook is a zip file too; half a workbook has lost its list of members, but not its first ones."""
    try:
        with open_archive(path, path.name) as archive:
            members = set(archive.namelist())
    except Exception:  # what is wrong with it is said when it is opened
        begun = re.search(rb"\[Content_Types\]\.xml|xl/|docProps/|_rels/\.rels", head)
        return ("xlsx", WORDS["xlsx"]) if begun else ("zip", WORDS["zip"])
    if "xl/workbook.bin" in members:
        return "unknown", "a binary workbook (.xlsb)"
    if any(member.startswith("word/") for member in members):
        return "unknown", "a Word document"
    if any(member.startswith("ppt/") for member in members):
        return "unknown", "a presentation"
    if {"mimetype", "content.xml"} <= members:
        return "unknown", "an OpenDocument workbook or text"
    return ("xlsx", WORDS["xlsx"]) if "[Content_Types].xml" in members else ("zip", WORDS["zip"])
