"""Reports of the whole illustrative data set: what they are made from is read once for all tests of a process."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import Engine

from data_access.engine import get_engine
from data_access.migrate import ready
from data_access.settings import settings
from exports import kept
from exports.report import content, files, material
from exports.report.material import Material
from exports.report.parts import Report
from tests.conftest import sqlite_url

READERS = ("exports.frames", "exports.report.material", "exports.__main__")
ADDRESS = "https://dashboard.example.org"
DAY = date(2012, 3, 3)


@pytest.fixture
def look_at(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], None]]:
    """look_at(file) makes a SQLite file the database that exports show, until the test ends."""

    def forget() -> None:
        for each in (settings.cache_clear, get_engine.cache_clear, kept.forget):
            each()

    def look(file: Path) -> None:
        monkeypatch.setenv("CPD_DATABASE_URL", sqlite_url(file))
        forget()

    yield look
    forget()


@pytest.fixture(scope="session")
def report_engine(full_database: Path) -> Engine:
    """The engine on the whole data set; reads only."""
    return get_engine(sqlite_url(full_database))


@pytest.fixture(scope="session")
def materials(report_engine: Engine) -> Callable[..., Material]:
    """materials('2011/12') reads what reports are made from, once for each period."""

    @cache
    def read(period: str) -> Material:
        with pytest.MonkeyPatch.context() as patch:
            for module in READERS[:2]:
                patch.setattr(f"{module}.get_engine", lambda: report_engine)
            return material.read(ready(report_engine), period)

    return read


@pytest.fixture(scope="session")
def reports(materials: Callable[..., Material]) -> Callable[..., Report]:
    """reports('202', '2009/10') makes the content of a report."""
    return cache(lambda code, period="2011/12": content.report(materials(period), code, address=ADDRESS, made_on=DAY))


@pytest.fixture(scope="session")
def made(reports: Callable[..., Report]) -> Callable[..., bytes]:
    """made('202', 'pdf') makes one file of a report."""
    return cache(lambda code, kind, period="2011/12": files.make(reports(code, period), kind))
