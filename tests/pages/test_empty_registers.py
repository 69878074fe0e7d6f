"""Pages on a database whose registers nobody has filled: as after an upgrade from a version that had none."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete
from streamlit.testing.v1 import AppTest

from data_access import register_tables as registers
from data_access.engine import get_engine, writing
from data_access.partnerships.fields import SHEETS
from data_access.partnerships.tables import complete
from exports import entered, kept, shown
from exports.views import data
from pages.parts.navigation import ADDRESSES

# Parts before what they are parts of.
TABLES = (
    complete,
    *[sheet.table for sheet in reversed(SHEETS)],
    registers.decision,
    registers.agenda_item,
    registers.meeting,
    registers.evidence,
)
VIEWS = (
    ("Register", {"outcome": "2b"}),
    ("Impacts and challenges", {}),
    ("Stalling", {}),
    ("Does it last?", {}),
    ("Networks", {}),
    ("Health check", {}),
    ("Does it go with progress?", {}),
    ("Figures", {}),
)


@pytest.fixture
def emptied(own_database: None) -> None:
    with writing(get_engine()) as connection:
        for table in TABLES:
            connection.execute(delete(table))
    kept.forget()


def test_every_page_and_view_opens_on_empty_registers(emptied: None, open_page: Callable[..., AppTest]) -> None:
    asked = [(address or "overview", {}) for address in ADDRESSES]
    asked += [("partnerships", {"show": view, **more}) for view, more in VIEWS]
    for page, given in asked:
        at = open_page(page, la="Camden", **given)
        assert not at.exception, (page, given)
        assert at.title, (page, given)
    version = data.current_version()
    found = entered.of(f"view=evidence_matrix&priority=culture&period={shown.understood({}, version).period}", version)
    assert found.sentence.startswith("0 entries")
