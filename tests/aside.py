"""What is kept of one database, laid aside while a test reads another, so that the next test need not make it again."""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from data_access.engine import get_engine
from data_access.settings import settings
from exports import kept
from tests.conftest import sqlite_url

Aside = list[tuple[OrderedDict[Any, Any], OrderedDict[Any, Any]]]


def put_aside() -> Aside:
    """All that is kept now, for `put_back`; it stays kept, too."""
    everything = [forget.__self__ for forget in kept._all]  # each is the clear of a dictionary
    return [(found, found.copy()) for found in everything]


def put_back(aside: Aside) -> None:
    """Keep what was put aside, and nothing else."""
    kept.forget()
    for found, held in aside:
        found.update(held)


@contextmanager
def at_a_copy(copy: Path, **environment: str) -> Iterator[Engine]:
    """Let everything read and write a copy, byte for byte, of the database that is read now; yields its engine.

    What is kept of the one is true of the other until something is written, which has another data version or edit
    number. Afterwards it is kept again, without what was made meanwhile.
    """
    aside = put_aside()
    try:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in {"CPD_DATABASE_URL": sqlite_url(copy), **environment}.items():
                patch.setenv(name, value)
            _open_anew()
            engine = get_engine()
            yield engine
            engine.dispose()
    finally:
        _open_anew()
        put_back(aside)


def _open_anew() -> None:
    settings.cache_clear()
    get_engine.cache_clear()
