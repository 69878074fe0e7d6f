"""The kinds of file that figures leave in: what each holds at most, and how each is made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from data_access import audit
from data_access.engine import get_engine, reading
from data_access.publish import GATHERING, ZIP, Published, Room, TooLarge, published, write_zip
from data_access.steps import Step, silent
from exports.views import data
from measures.words import day, joined

SHEET_ROWS: Final = 1_048_576  # of any spreadsheet program, headings counted
ABOVE: Final = 5  # rows above a table's own: title, kind of data, what to read, source, headings
INSTEAD: Final = "Take CSV or Parquet, which hold more. "


@dataclass(frozen=True)
class Kind:
    """A kind of file: what a button calls it, its media type, what it is good for, what it holds at most."""

    label: str
    media: str
    about: str
    room: Room


KINDS: Final = {
    "zip": Kind(
        "CSV",
        "application/zip",
        "A zip with the figures in the layout of DfE's explore education statistics, their meta file, CSVW metadata "
        "for other programs, and the mapping with which they can be brought in again.",
        ZIP,
    ),
    "xlsx": Kind(
        "XLSX",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "An accessible workbook with cover, contents, notes and one table a sheet; it can be brought in again.",
        Room(250_000, "an accessible workbook (XLSX)", "Take ODS, CSV or Parquet, which hold more. "),
    ),
    "ods": Kind(
        "ODS",
        "application/vnd.oasis.opendocument.spreadsheet",
        "The same workbook as OpenDocument, with the same sheets and words.",
        Room(1_000_000, "a workbook (ODS)", INSTEAD),
    ),
    "parquet": Kind(
        "Parquet",
        "application/vnd.apache.parquet",
        "For R, Python and databases: typed columns, symbols beside them, source and licence in the schema.",
        Room(ZIP.most, "one file"),
    ),
}


def taken(
    kind: str, stem: str, selection: Mapping[str, Any], address: str = "", step: Step = silent
) -> tuple[int, bytes]:
    """How many rows a selection has, and its file of one of KINDS.

    selection: what data_access.publish.published takes, with the data version as `as_at`; address: of the dashboard, ''
    where it is not known; step: hears how far it is, and may raise to stop it. Raises UnknownCode and TooLarge.
    """
    with reading(get_engine()) as connection:
        found = published(connection, **selection, room=KINDS[kind].room, step=step)
    if found.schools:
        audit.schools_left(f"{found.schools}, {kind} file")
    known = data.reference(selection["as_at"])
    about = {
        "Data version": f"{known.version}, {day(known.made_at)}",
        "Exported": date.today().isoformat(),
        "Dashboard": address,
    }
    step("Writing the file", GATHERING)
    return len(found.data), make(found, kind, stem, about)


def make(found: Published, kind: str, stem: str, about: Mapping[str, str]) -> bytes:
    """The selection as a file of one of KINDS. stem: its name without ending; about: what else it says of itself.

    Raises TooLarge where a sheet cannot hold its rows; what its cells are, was looked at when it was gathered.
    """
    if kind == "zip":
        return write_zip(found, stem)
    if kind == "parquet":
        from exports.tables import parquet  # each loads what only it needs

        return parquet.document(found, about)
    if len(found.data) > SHEET_ROWS - ABOVE:
        raise TooLarge(
            f"A sheet holds {SHEET_ROWS:,} rows, and this selection has {len(found.data):,}.",
            f"{INSTEAD}Or choose fewer periods, areas, staff groups or phases.",
        )
    from exports.office import accessible, ods
    from exports.tables import sheets

    return (ods if kind == "ods" else accessible).book(*sheets.book(found, about))


def endings() -> str:
    """'.zip, .xlsx, .ods and .parquet'."""
    return joined([f".{kind}" for kind in KINDS])
