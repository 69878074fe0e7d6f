"""Filled databases: made once and kept beside pytest's own things until the code, the data or the day is another."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from hashlib import sha256
from pathlib import Path

from data_access.settings import PROJECT

KEPT = PROJECT / ".pytest_cache" / "filled"
WAIT = 600.0  # seconds, for another process that fills, too


def filled(copy: Path, schools: int | None = None) -> Path:
    """Copy a SQLite database that `python -m seed_data` filled, with so many schools; returns the copy.

    Processes that ask at once wait for the first: it fills for all.
    """
    kept = KEPT / f"{_made_from()}-{schools or 'all'}.db"
    if not kept.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        # A database of its own is a lock that every system has, and that ends with the process that holds it.
        with closing(sqlite3.connect(KEPT / f"{schools or 'all'}.lock", timeout=WAIT, isolation_level=None)) as lock:
            lock.execute("BEGIN EXCLUSIVE")
            if not kept.exists():
                _forget_others()
                _fill(kept.with_suffix(".part"), schools)
                kept.with_suffix(".part").replace(kept)
    return Path(shutil.copy(kept, copy))


def _fill(file: Path, schools: int | None) -> None:
    command = [sys.executable, "-m", "seed_data", *(["--schools", str(schools)] if schools else [])]
    environ = {**os.environ, "CPD_DATABASE_URL": f"sqlite:///{file}"}
    done = subprocess.run(command, cwd=PROJECT, env=environ, capture_output=True, text=True, timeout=WAIT)
    assert done.returncode == 0, done.stdout + done.stderr
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _made_from() -> str:
    """A short name for all that a filled database depends on: files, libraries and, since it holds dates, the day."""
    found = sha256(f"{date.today()} {sys.version}".encode())
    for room in ("data_access", "measures", "seed_data"):
        for file in sorted((PROJECT / room).rglob("*")):
            if file.is_file() and file.suffix != ".pyc":
                found.update(str(file.relative_to(PROJECT)).encode() + file.read_bytes())
    found.update((PROJECT / "requirements.txt").read_bytes())
    return found.hexdigest()[:16]


def _forget_others() -> None:
    """Remove what was made from other files, or another day; each takes 80 MB."""
    for file in KEPT.iterdir():
        if file.suffix != ".lock" and not file.name.startswith(_made_from()):
            file.unlink(missing_ok=True)
