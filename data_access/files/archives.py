"""Zip files opened safely: what their list of members claims is checked before anything is unpacked."""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from data_access.errors import ImportRefused
from data_access.files.refusal import refused

MB = 1 << 20
ZIP_MEMBERS, ZIP_BYTES = 20, 2048 * MB
WORKBOOK_MEMBERS, WORKBOOK_BYTES = 1_000, 500 * MB
RATIO, RATIO_FROM = 200, 10 * MB
LIST_BYTES = MB
TAIL = 22 + 65_535  # the longest possible end of a zip file: its end record and a comment
SAVE_AGAIN = "Download or save it again."


def open_archive(path: Path, name: str) -> zipfile.ZipFile:
    """A zip file whose list of members is small and whole; raises ImportRefused."""
    try:
        _check_end(path, name)
        return zipfile.ZipFile(path)
    except FileNotFoundError as error:
        raise refused(name, None, "the file does not exist.", "Check its path.") from error
    except OSError as error:
        raise refused(name, None, "the file cannot be read.", "Check its path and its permissions.") from error
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, UnicodeDecodeError) as error:
        raise damaged(name) from error


def damaged(name: str) -> ImportRefused:
    """The refusal of a zip file or workbook that cannot be read to its end."""
    return refused(name, None, "the file is damaged or not whole.", SAVE_AGAIN)


def _check_end(path: Path, name: str) -> None:
    """The list of members is read into memory at once, so its length is checked first."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - TAIL))
        tail = file.read(TAIL)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise damaged(name)
    length = struct.unpack("<L", tail[at + 12 : at + 16])[0]
    if length > LIST_BYTES or tail[max(0, at - 20) : at].startswith(b"PK\x06\x07"):
        raise refused(name, None, "the file holds too many members.", "Leave the table and its meta file only.")


def check_members(archive: zipfile.ZipFile, name: str, most: int, most_bytes: int) -> list[zipfile.ZipInfo]:
    """The members that are files; raises ImportRefused for one that could leave the folder or fill the machine."""
    infos = archive.infolist()
    if len(infos) > most:
        message = f"the file holds {len(infos):,} members, and at most {most:,} are taken."
        raise refused(name, None, message, "Leave the table and its meta file only.")
    for info in infos:
        _check_member(info, name)
    if sum(info.file_size for info in infos) > most_bytes:
        message = f"the file is larger than {most_bytes // MB:,} MB when unpacked."
        raise refused(name, None, message, "Split the table into smaller files.")
    outside = Path(str(archive.filename)).stat().st_size
    if sum(info.compress_size for info in infos) > outside:
        raise damaged(name)
    return [info for info in infos if not info.is_dir()]


def _check_member(info: zipfile.ZipInfo, name: str) -> None:
    member = info.orig_filename
    if (
        re.match(r"[A-Za-z]:|/", member)
        or not {"\\", "\0"}.isdisjoint(member)
        or ".." in member.split("/")
        or not member.strip("/ ")
    ):
        message = "the name of this member leads out of the zip file."
        raise refused(name, None, message, "Zip the files again, without folders.", member[:60])
    if info.flag_bits & 0x1:
        raise refused(name, None, "the file has a password.", "Save it without a password.", member[:60])
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise refused(name, None, "the file is packed in an unusual way.", "Zip it again in the usual way.")
    if info.file_size > RATIO_FROM and info.file_size > RATIO * info.compress_size:
        message = f"this member grows more than {RATIO} times when unpacked."
        raise refused(name, None, message, "Send the table itself, not zipped.", member[:60])


def pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, size: int = MB) -> Iterator[bytes]:
    """A member's content in pieces, never more of it than its checked length; raises ImportRefused where broken."""
    try:
        with archive.open(info) as member:
            while piece := member.read(size):
                yield piece
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError) as error:
        raise damaged(name) from error


def unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, to: Path) -> Path:
    """One member written to a file; raises ImportRefused where it is broken or there is no room."""
    content = pieces(archive, info, name)
    try:
        with to.open("wb") as file:
            for piece in content:
                file.write(piece)
    except OSError as error:
        raise refused(name, None, "there is no room to unpack the file.", "Free some disk space.") from error
    return to
