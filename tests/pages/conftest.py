"""The dashboard without a browser, on a small filled database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit import config
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from data_access import access
from data_access.engine import get_engine
from data_access.settings import PROJECT, settings
from exports import kept
from tests.aside import at_a_copy
from tests.conftest import sqlite_url

SECRET = "a secret of the tests that is long enough to sign with"
FILES = {
    "overview": None,
    "priorities": "pages/monitor/priorities.py",
    "plan": "pages/monitor/plan.py",
    "evidence": "pages/monitor/evidence.py",
    "meeting": "pages/monitor/meeting.py",
    "regions": "pages/places/regions.py",
    "local-authority": "pages/places/local_authority.py",
    "schools": "pages/places/schools.py",
    "partnerships": "pages/places/partnerships.py",
    "university-programmes": "pages/places/university_programmes.py",
    "compare": "pages/places/compare.py",
    "charts": "pages/reference/charts.py",
    "definitions": "pages/reference/definitions.py",
}


def _forget() -> None:
    settings.cache_clear()
    get_engine.cache_clear()
    st.cache_resource.clear()
    kept.forget()


@pytest.fixture(scope="session", autouse=True)
def _database(small_database: Path) -> Iterator[None]:
    """CPD_DATABASE_URL names a filled database for all tests of this folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CPD_DATABASE_URL", sqlite_url(small_database))
        _forget()
        yield
    _forget()


@pytest.fixture(scope="session", autouse=True)
def _read_once() -> Iterator[None]:
    """What Streamlit's server reads once, its tests would read again: installed packages a page, scripts a run."""
    scripts = ScriptCache()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        patch.setattr("streamlit.testing.v1.app_test.ScriptCache", lambda: scripts)
        yield


def opened(name: str, **address: str) -> AppTest:
    """The page that an address leads to, by the front door and as on a cold start: opened('regions', la='Camden')."""
    at = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60)
    if name != "overview":
        at._page_hash = calc_hash(name)  # switch_page() knows the pages only after a run, which would draw another one
    for key, value in address.items():
        at.query_params[key] = value
    return at.run()


@contextmanager
def behind_pages(copy: Path, **environment: str) -> Iterator[None]:
    """Pages read and write a copy of the shared database; what is kept of that serves both."""
    try:
        with at_a_copy(copy, **environment):
            st.cache_resource.clear()
            yield
    finally:
        st.cache_resource.clear()


@pytest.fixture
def own_database(small_copy: Path) -> Iterator[None]:
    """A database of the test's own, to be written to."""
    with behind_pages(small_copy):
        yield


@pytest.fixture
def signing_in() -> Iterator[None]:
    """A service on which people sign in."""
    before = config.get_option("server.cookieSecret")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CPD_SIGN_IN_PROVIDER", "https://provider.example/.well-known/openid-configuration")
        patch.setenv("CPD_SIGN_IN_CLIENT", "cpd")
        patch.setenv("CPD_SIGN_IN_SECRET", "secret")
        patch.setenv("CPD_COOKIE_SECRET", SECRET)
        settings.cache_clear()
        config.set_option("server.cookieSecret", SECRET)
        yield
    settings.cache_clear()
    config.set_option("server.cookieSecret", before)
    access.sessions_are_told_by(lambda: None)


@pytest.fixture
def open_page() -> Callable[..., AppTest]:
    """Opens a page: open_page('regions', la='Camden')."""
    return opened


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """Every file that a page offers: its label and what makes it."""
    found: list[tuple[str, Any]] = []
    real = st.download_button

    def button(label: str, data: Any, **how: Any) -> bool:
        found.append((label, data))
        return real(label, data=data, **how)

    monkeypatch.setattr(st, "download_button", button)
    return found
