"""The dashboard without a browser, on a small filled database."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from data_access.engine import get_engine
from data_access.settings import PROJECT, settings
from exports import kept
from tests.conftest import sqlite_url

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


@pytest.fixture
def open_page() -> Callable[..., AppTest]:
    """Opens a page by the front door: open_page('regions', la='Camden')."""

    def make(name: str, **address: str) -> AppTest:
        at = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60)
        for key, value in address.items():
            at.query_params[key] = value
        at.run()
        file = FILES[name]
        return at if file is None else at.switch_page(file).run()

    return make
