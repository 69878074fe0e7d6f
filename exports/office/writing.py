"""Files written whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from data_access.errors import DataAccessError


class CannotWrite(DataAccessError):
    """The folder is not there, or may not be written to."""


def check_folder(folder: Path) -> None:
    """Raise CannotWrite unless files can be made in the folder."""
    if not folder.is_dir():
        what = "is no folder" if folder.exists() else "is not there"
        raise CannotWrite(f"{folder} {what}.", "Make the folder first, or name another one.")
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise _refused(folder, error) from error


def write(folder: Path, name: str, content: bytes) -> Path:
    """Write a file, whole or not at all."""
    with whole(folder, name) as file:
        file.write(content)
    return folder / name


@contextmanager
def whole(folder: Path, name: str) -> Iterator[BinaryIO]:
    """A file to write to, of a name of its own first and renamed in the end: nobody ever finds half of one.

    Raises CannotWrite where the folder or the disk does not take it; what is raised inside leaves nothing behind.
    """
    part = ""
    try:
        handle, part = tempfile.mkstemp(prefix=".", suffix=".part", dir=folder)
        with os.fdopen(handle, "w+b") as file:
            yield file
        os.chmod(part, 0o666 & ~_umask())
        os.replace(part, folder / name)
    except OSError as error:
        raise _refused(folder, error) from error
    finally:
        with suppress(OSError):
            os.unlink(part)


def _umask() -> int:
    """What this process takes from the permissions of its files; it can only be read by setting it."""
    there = os.umask(0)
    os.umask(there)
    return there


def _refused(folder: Path, error: OSError) -> CannotWrite:
    return CannotWrite(f"{folder} cannot be written to ({error.strerror}).", "Check the folder and its permissions.")
