"""The audit says of pages, programs and browsers of the API alike that an account signed in: once, and at no cost."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from data_access import access, accounts, audit
from data_access.accounts import Claims
from data_access.engine import get_engine, reading
from data_access.settings import PROJECT, settings
from pages.parts import bearer, signed
from tests.pages.test_access_matrix import client, cookie, said

PERIODS = "/api/v1/periods.json"
began: list[datetime] = []  # when the test did


@pytest.fixture
def asked(own_database: None, signing_in: None, monkeypatch: pytest.MonkeyPatch) -> list[Claims]:
    """What the audit is asked to keep, in a process that knows of no sign-in yet."""
    found: list[Claims] = []
    keep = accounts.came

    def came(claims: Claims) -> None:
        found.append(claims)
        keep(claims)

    monkeypatch.setattr(accounts, "came", came)
    monkeypatch.setattr(signed, "_kept", {}, raising=False)
    began[:] = [datetime.now(UTC)]
    return found


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """later(60) lets a minute pass for those who remember."""
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(signed, "time", SimpleNamespace(monotonic=lambda: clock.now), raising=False)
    return lambda seconds: setattr(clock, "now", clock.now + seconds)


@pytest.fixture
def one_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each cookie of the test is of the same sign-in."""
    now = time.time()
    monkeypatch.setattr("tests.pages.test_access_matrix.time", SimpleNamespace(time=lambda: now))


def kept(account: str) -> int:
    """How many sign-ins of an account since the test began the audit holds: what was copied may hold others' before."""
    with access.acting_as(access.SERVICE), reading(get_engine()) as connection:
        found = audit.entries(connection, account=f"{account}@example.org", did=audit.Did.signed_in)
    return int((found["made_at"] >= began[0]).sum())


def page(role: str) -> AppTest:
    """The first page, as somebody with a role opens it."""
    at = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60)
    at.user = said(role)  # type: ignore[attr-defined]
    return at.run()


def test_a_browser_that_asks_the_api_only_is_kept_once(asked: list[Claims], one_sign_in: None) -> None:
    for _ in range(5):
        assert client().get(PERIODS, headers=cookie("viewer")).status_code == 200
    assert kept("viewer") == len(asked) == 1
    assert not page("viewer").error
    assert kept("viewer") == len(asked) == 1


def test_a_program_is_kept_once_for_each_sign_in(asked: list[Claims], monkeypatch: pytest.MonkeyPatch) -> None:
    robot = said("viewer") | {"email": "Robot@example.org"}
    issued = int(time.time())
    monkeypatch.setattr(bearer, "claims", lambda sent: robot | {"iat": issued + int(sent)})
    for sent in ("1", "1", "2", "1", "2"):
        assert client().get(PERIODS, headers={"authorization": f"Bearer {sent}"}).status_code == 200
    assert kept("robot") == len(asked) == 2


def test_who_has_no_role_or_is_out_is_kept_as_on_a_page(asked: list[Claims]) -> None:
    assert client().get(PERIODS, headers=cookie("no role")).status_code == 403
    assert kept("no-role") == 1
    assert client().get(PERIODS, headers=cookie("nobody")).status_code == 401
    assert len(asked) == 1


@contextmanager
def writer() -> Iterator[None]:
    """Somebody else who is writing to the database, and takes their time."""
    file = settings().database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def test_a_locked_database_refuses_nobody_and_has_the_sign_ins_afterwards(
    asked: list[Claims], one_sign_in: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CPD_DATABASE_TIMEOUT", "0.2")
    settings.cache_clear()
    get_engine.cache_clear()
    with writer():
        for _ in range(3):
            assert client().get(PERIODS, headers=cookie("viewer")).status_code == 200
        assert not page("editor").error
    until = time.monotonic() + 30
    while (kept("viewer"), kept("editor")) != (1, 1):
        assert time.monotonic() < until, "the sign-ins that waited are not written"
        time.sleep(0.05)
    assert len(asked) == 2  # one of each: nobody waits for the lock again and again


def test_what_is_remembered_of_sign_ins_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(accounts, "came", lambda claims: asked.append(claims.account))
    monkeypatch.setattr(signed, "_kept", {})
    monkeypatch.setattr(signed, "MOST", 3)
    for account in ("a", "b", "c", "d", "d", "c", "a"):
        signed.came(Claims(account, 1, 2, ()))
        assert len(signed._kept) <= 3
    assert asked == ["a", "b", "c", "d", "a"]
