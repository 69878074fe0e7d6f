"""A database that cannot be shown: one sentence with its remedy, on the page and in the log; nothing lost."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from data_access.engine import get_engine
from data_access.migrate import migrate
from tests.browser.conftest import Filled
from tests.browser.screen import WAIT
from tests.browser.server import Server

SAID = {
    "missing": ("There is no database at", "Run `make database`"),
    "empty": ("is empty.", "Run `make database`"),
    "unfilled": ("holds no data yet.", "Run `make database`"),
    "older": ("lacks tables that this version needs.", "Run `make database`"),
    "newer": ("was made by a newer version of this dashboard.", "Install that version"),
    "damaged": ("is not a readable database.", "Restore it from a backup"),
    "locked": ("Another program is writing to the database", "Wait for it to finish, then reload."),
    "wrong address": ("CPD_DATABASE_URL is not a database address.", "Set CPD_DATABASE_URL to"),
    "unreachable": ("does not answer.", "Check that it is running"),
}


@contextmanager
def _database(kind: str, filled: Path, folder: Path) -> Iterator[str]:
    """The address of a database that is wrong in one way."""
    file = folder / "cpd.db"
    if kind == "wrong address":
        yield "not an address"
        return
    if kind == "unreachable":
        yield "postgresql://nobody:secret-word@127.0.0.1:9/cpd"
        return
    if kind == "empty":
        file.touch()
    if kind == "unfilled":
        engine = get_engine(f"sqlite:///{file}")
        migrate(engine)
        engine.dispose()
    if kind == "damaged":
        file.write_bytes(b"This is a letter, not a database. " * 200)
    if kind in ("older", "newer", "locked"):
        shutil.copy(filled, file)
    holder = sqlite3.connect(file, isolation_level=None) if kind in ("older", "newer", "locked") else None
    if kind == "newer":
        assert holder is not None
        holder.execute("update alembic_version set version_num = '9999-breaks'")
    if kind == "older":
        assert holder is not None
        holder.execute("drop table alembic_version")
    if kind == "locked":
        assert holder is not None
        holder.execute("pragma locking_mode = exclusive")
        holder.execute("begin exclusive")
        holder.execute("update alembic_version set version_num = version_num")
    yield f"sqlite:///{file}"
    if holder is not None:
        holder.close()


@pytest.mark.parametrize("kind", SAID)
def test_one_sentence_with_its_remedy_on_page_and_in_log(
    new_page: Callable[..., Page], serve: Callable[..., Server], filled: Filled, tmp_path: Path, kind: str
) -> None:
    sentence, remedy = SAID[kind]
    with _database(kind, filled.file, tmp_path) as url:
        server = serve(url, CPD_DATABASE_TIMEOUT="0.5")
        status, health = server.health()
        assert status == 503
        assert sentence in str(health["error"])
        page = new_page(server)
        page.goto("/regions?la=Camden")
        alert = page.get_by_role("alert")
        expect(alert).to_have_count(1, timeout=WAIT)
        expect(alert).to_contain_text(sentence)
        expect(alert).to_contain_text(remedy.replace("`", ""))
        expect(page.get_by_text("Traceback")).to_have_count(0)
        log = server.log
        assert "Traceback" not in log
        assert any(sentence in line and remedy in line for line in log.splitlines()), log
        assert "secret-word" not in log + alert.inner_text() + str(health)
    assert (tmp_path / "cpd.db").exists() is (kind not in ("missing", "wrong address", "unreachable"))


def test_page_comes_back_when_the_database_does(
    new_page: Callable[..., Page], serve: Callable[..., Server], filled: Filled, tmp_path: Path
) -> None:
    file = tmp_path / "cpd.db"
    server = serve(f"sqlite:///{file}")
    page = new_page(server)
    page.goto("/")
    expect(page.get_by_role("alert")).to_contain_text("There is no database at", timeout=WAIT)
    shutil.copy(filled.file, file)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Are we on track?", timeout=WAIT)
    assert server.health()[0] == 200
