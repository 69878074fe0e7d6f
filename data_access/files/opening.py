"""Files that people upload, opened safely: what is taken becomes a Table, everything else is refused in plain words."""

import shutil
import tempfile
import weakref
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pandas as pd

from data_access.errors import ImportRefused
from data_access.files import archives
from data_access.files.kinds import kind_of, refuse_unknown
from data_access.files.refusal import refused
from data_access.files.separated import open_text
from data_access.files.table import Table
from data_access.files.text import survey_bytes
from data_access.files.workbooks import open_sheets, open_workbook

__all__ = ["Opened", "kind_of", "open_files", "open_table"]

MAPPING_BYTES = 1 << 20
# Members of a zip that are no tables and do no harm: said in the notes, never unpacked.
ASIDE = {".txt", ".md", ".pdf", ".html", ".docx"}


class _Folder:
    """A temporary folder, removed when nothing holds this object any more, or when Python ends."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="cpd-opened-"))
        self._finalizer = weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


@dataclass
class Opened:
    """A data file with what came with it: its meta table, and the text of a YAML mapping from the same file.

    What a zip held stays unpacked in a temporary folder as long as this object or one of its tables lives.
    """

    data: Table
    meta: Table | None
    mapping: str | None
    _folder: _Folder | None = field(default=None, repr=False)


def open_table(path: Path, name: str | None = None) -> Table:
    """One text file or workbook as a table; name: what the user calls it, if not the path's name.

    Raises ImportRefused where it is neither, and `blocks()` does so where the rows below are none.
    """
    name = name or path.name
    kind = kind_of(path, name)
    if kind == "text":
        return open_text(path, name)
    if kind == "xlsx":
        return open_workbook(path, name)[0]
    raise _no_table(path, name, kind)


def open_tables(path: Path, name: str | None = None, but: tuple[str, ...] = ()) -> list[Table]:
    """Every sheet of a workbook but those of some titles, or the one table of a text file. Raises ImportRefused."""
    name = name or path.name
    return open_sheets(path, name, but) if kind_of(path, name) == "xlsx" else [open_table(path, name)]


def open_files(path: Path, meta: Path | None = None) -> Opened:
    """A CSV with or without a meta file, a workbook, or a zip of a CSV with its meta file and mapping.

    Raises ImportRefused; a meta path goes with a CSV or a workbook, not with a zip.
    """
    kind = kind_of(path)
    if kind == "zip":
        if meta is not None:
            message = "a meta file was given beside a zip file."
            raise refused(meta.name, None, message, "Put it into the zip, or give the CSV itself.")
        return _open_zip(path)
    if kind == "xlsx":
        data, sheet, mapping = open_workbook(path, path.name)
        if meta is not None and sheet is not None:
            message = "a meta file was given, and the workbook has a meta sheet too."
            raise refused(meta.name, None, message, "Leave one of the two.")
        return Opened(data, open_table(meta) if meta is not None else sheet, mapping)
    if kind == "text":
        return Opened(open_text(path, path.name), open_table(meta) if meta is not None else None, None)
    raise _no_table(path, path.name, kind)


def _no_table(path: Path, name: str, kind: str) -> ImportRefused:
    if kind == "zip":
        return refused(name, None, "a zip file is no table.", "Unpack it, or send it as the data file.")
    if kind == "json":
        return refused(name, None, "JSON is no table.", "Save the table as CSV UTF-8.")
    return refuse_unknown(path, name)


def _open_zip(path: Path) -> Opened:
    sha256, _ = survey_bytes(path, path.name)
    with archives.open_archive(path, path.name) as archive:
        infos = archives.check_members(archive, path.name, archives.ZIP_MEMBERS, archives.ZIP_BYTES)
        data, meta, mapping, aside = _choose(infos, path.name)
        folder = _Folder()
        opened = [_member(archive, info, path, folder, sha256) if info else None for info in (data, meta)]
        text = _mapping(archive, mapping, path.name) if mapping else None
    table = opened[0]
    assert table is not None
    if aside:
        table.notes.append(f"Left out of the zip: {', '.join(aside)}.")
    return Opened(table, opened[1], text, folder)


def _choose(
    infos: list[zipfile.ZipInfo], name: str
) -> tuple[zipfile.ZipInfo, zipfile.ZipInfo | None, zipfile.ZipInfo | None, list[str]]:
    """Data, meta file, mapping, and the names of what is left out."""
    found: dict[str, list[zipfile.ZipInfo]] = {"data": [], "meta": [], "mapping": [], "aside": [], "other": []}
    for info in infos:
        base = Path(info.filename).name.lower()
        if info.filename.startswith("__MACOSX/") or base.startswith(".") or base in ("thumbs.db", "desktop.ini"):
            continue
        if base.endswith(".csv-metadata.json"):  # CSVW, which the meta file says, too
            continue
        if base.endswith(".csv"):
            part = "meta" if base.endswith(".meta.csv") else "data"
        else:
            suffix = Path(base).suffix
            part = "mapping" if suffix in (".yaml", ".yml") else "aside" if suffix in ASIDE else "other"
        found[part].append(info)
    remedy = "Leave one .csv, its .meta.csv and perhaps a .yaml mapping."
    if found["other"]:
        names = ", ".join(info.filename[:60] for info in found["other"])
        raise refused(name, None, f"the zip holds what is not taken here: {names}.", remedy)
    if not found["data"]:
        raise refused(name, None, "the zip holds no CSV with data.", remedy)
    for part, word in (("data", "CSV with data"), ("meta", "meta file"), ("mapping", "mapping")):
        if len(found[part]) > 1:
            names = ", ".join(info.filename[:60] for info in found[part])
            raise refused(name, None, f"the zip holds more than one {word}: {names}.", remedy)
    aside = [info.filename[:60] for info in found["aside"]]
    first = {part: found[part][0] if found[part] else None for part in ("meta", "mapping")}
    return found["data"][0], first["meta"], first["mapping"], aside


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path, folder: _Folder, sha256: str) -> Table:
    """A table from a member, with the fingerprint of the zip; its blocks keep the folder alive."""
    shown = Path(info.filename).name
    file = archives.unpack(archive, info, path.name, folder.path / f"{len(list(folder.path.iterdir()))}.csv")
    table = open_table(file, shown)
    return replace(table, sha256=sha256, _blocks=partial(_blocks, table, folder))


def _blocks(table: Table, folder: _Folder) -> Iterator[pd.DataFrame]:
    """The table's blocks; whoever holds this function holds the folder."""
    yield from table.blocks()


def _mapping(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> str:
    if info.file_size > MAPPING_BYTES:
        raise refused(name, None, "the mapping is larger than 1 MB.", "Check that it is a mapping.", info.filename[:60])
    try:
        return b"".join(archives.pieces(archive, info, name)).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refused(name, None, "the mapping is not UTF-8 text.", "Save it as UTF-8.", info.filename[:60]) from error
