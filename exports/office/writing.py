"""Files written whole or not at all."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

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
    """Write a file under a name of its own first and then rename it: nobody ever finds half of one."""
    part = ""
    try:
        handle, part = tempfile.mkstemp(prefix=".", suffix=".part", dir=folder)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(part, 0o666 & ~_umask())
        os.replace(part, folder / name)
    except OSError as error:
        raise _refused(folder, error) from error
    finally:
        with suppress(OSError):
            os.unlink(part)
    return folder / name


def _umask() -> int:
    """What this process takes from the permissions of its files; it can only be read by setting it."""
    there = os.umask(0)
    os.umask(there)
    return there


def _refused(folder: Path, error: OSError) -> CannotWrite:
    return CannotWrite(f"{folder} cannot be written to ({error.strerror}).", "Check the folder and its permissions.")
