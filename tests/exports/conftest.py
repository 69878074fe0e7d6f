"""Reports and a pack of the whole illustrative data set: what they are made from is read once for all tests."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import Engine

from data_access.engine import get_engine
from data_access.migrate import ready
from data_access.settings import settings
from exports import kept
from exports.pack import content as pack_content
from exports.pack import files as pack_files
from exports.pack.parts import Pack
from exports.report import content, files, material
from exports.report.material import Material
from exports.report.parts import Report
from exports.views import data
from tests.aside import Aside, put_aside, put_back
from tests.conftest import sqlite_url
from tests.exports import pack_meeting

ADDRESS = "https://dashboard.example.org"
DAY = date(2012, 3, 3)


@pytest.fixture(scope="session")
def report_engine(full_database: Path) -> Engine:
    """The engine on the whole data set; reads only."""
    return get_engine(sqlite_url(full_database))


@pytest.fixture(scope="session")
def materials(full_database: Path) -> Callable[..., Material]:
    """materials('2011/12') reads what reports are made from, once for each period."""

    @cache
    def made(period: str) -> Material:
        with pytest.MonkeyPatch.context() as patch:
            read = material.read(ready(look_at(full_database, patch)), period)
        look_away()
        return read

    return made


@pytest.fixture(scope="session")
def reports(materials: Callable[..., Material]) -> Callable[..., Report]:
    """reports('202', '2009/10') makes the content of a report."""
    return cache(lambda code, period="2011/12": content.report(materials(period), code, address=ADDRESS, made_on=DAY))


@pytest.fixture(scope="session")
def made(reports: Callable[..., Report]) -> Callable[..., bytes]:
    """made('202', 'pdf') makes one file of a report."""
    return cache(lambda code, kind, period="2011/12": files.make(reports(code, period), kind))


@dataclass(frozen=True)
class Packed:
    """The pack of tests.exports.pack_meeting, the engine of its database, its number, its files by kind.

    kept: what was kept when it was made.
    """

    engine: Engine
    number: int
    pack: Pack
    files: dict[str, bytes]
    kept: Aside


def look_at(database: Path, patch: pytest.MonkeyPatch) -> Engine:
    """Let everything read a database, as a fresh process would."""
    patch.setenv("CPD_DATABASE_URL", sqlite_url(database))
    look_away()
    return get_engine()


def look_away() -> None:
    """Let go of everything that was read."""
    for forget in (settings.cache_clear, get_engine.cache_clear, kept.forget):
        forget()


@pytest.fixture
def looking_at(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], Engine]]:
    """looking_at(file) lets everything read a SQLite file, until the test ends; what was kept before is kept again."""
    aside = put_aside()
    yield lambda database: look_at(database, monkeypatch)
    look_away()
    put_back(aside)


@pytest.fixture(scope="module")
def at_small(small_database: Path) -> Iterator[Engine]:
    """Everything reads the small database, which nobody changes; what is kept is kept from test to test."""
    with pytest.MonkeyPatch.context() as patch:
        yield look_at(small_database, patch)
    look_away()


@pytest.fixture
def afresh() -> Iterator[None]:
    """Nothing is kept at first, and nothing of the test's afterwards: for a test under other rules."""
    aside = put_aside()
    kept.forget()
    yield
    put_back(aside)


def read_frames(version: int, period: str = "2011/12", groups: Sequence[str] = ("all",), phase: str = "all") -> None:
    """Keep what most figures are made from, and no figure."""
    for level in ("england", "region", "la"):
        for group in groups:
            data.beside(version, level, group, phase, period)


@pytest.fixture(scope="session")
def packed(full_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Packed:
    """The pack with a view of each kind, made once."""
    database = Path(shutil.copy(full_database, tmp_path_factory.mktemp("pack") / "cpd.db"))
    with pytest.MonkeyPatch.context() as patch:
        engine = look_at(database, patch)
        number = pack_meeting.hold(engine)
        made = pack_content.pack(number, address=ADDRESS, made_on=DAY)
        files_of = {kind: pack_files.document(made, kind) for kind in pack_files.KINDS}
        aside = put_aside()
    look_away()
    return Packed(engine, number, made, files_of, aside)


@pytest.fixture
def at_pack(packed: Packed, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """Everything reads the pack's database, which nobody changes; what the pack was made from is kept."""
    engine = look_at(Path(str(packed.engine.url.database)), monkeypatch)
    put_back(packed.kept)
    yield engine
    look_away()
