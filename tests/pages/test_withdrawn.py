"""Rights that are withdrawn between making and fetching: what was made before is neither offered nor given."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from data_access import access, accounts, audit
from data_access.engine import get_engine, reading
from data_access.errors import NotAllowed
from data_access.settings import PROJECT
from pages.parts import chart_menu, copying, progress

Roles = list[tuple[str, str | None]]
ACCOUNT = "officer@example.org"
CAMDEN, GREENWICH = ("la_officer", "202"), ("la_officer", "203")
DEMOTIONS: dict[str, tuple[Roles, Roles]] = {
    "an analyst who becomes an officer": ([("national_analyst", None)], [CAMDEN]),
    "an officer who loses one of two": ([CAMDEN, GREENWICH], [CAMDEN]),
}
each_demotion = pytest.mark.parametrize(("before", "after"), DEMOTIONS.values(), ids=list(DEMOTIONS))


@pytest.fixture(autouse=True)
def _waiting(own_database: None, signing_in: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A service on which people sign in, and files are waited for."""
    monkeypatch.setattr(progress, "SOON", 30.0)
    monkeypatch.setattr(chart_menu, "button", chart_menu.contents)  # as if each were open


def become(roles: Roles) -> None:
    """Give the account these roles in place of what it has."""
    engine = get_engine()
    with access.acting_as(access.SERVICE):
        with reading(engine) as connection:
            there = accounts.roles(connection)
        for row in there[there["account"] == ACCOUNT].itertuples():
            accounts.withdraw(engine, int(row.id), seen=int(row.seen), by="a test")
        for role, la_code in roles:
            accounts.give(engine, ACCOUNT, role, la_code, by="a test")


def signed_in(page: str, **address: str) -> AppTest:
    """A page as the account opens it."""
    at = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60)
    at._page_hash = calc_hash(page)
    for key, value in address.items():
        at.query_params[key] = value
    said = {"is_logged_in": True, "sub": "1", "email": ACCOUNT, "iat": int(time.time()), "exp": int(time.time()) + 600}
    at.user = said  # type: ignore[attr-defined]
    at.run()
    assert not at.exception, at.exception[0].message
    assert not at.error, at.error[0].value
    return at


def audited(did: audit.Did) -> list[str]:
    """What the audit says that the account did of one kind, oldest first."""
    with access.acting_as(access.SERVICE), reading(get_engine()) as connection:
        return audit.entries(connection, did=did.value, account=ACCOUNT)["about"].tolist()[::-1]


def content(made: Callable[[], bytes]) -> bytes:
    """What somebody gets who clicks."""
    assert callable(made), "it lies ready for whoever has its address"
    return made()


@each_demotion
def test_a_file_taken_out_is_not_given_under_other_rights(
    offered: list[tuple[str, Any]], before: Roles, after: Roles
) -> None:
    become(before)
    at = signed_in("data", view="Take out")
    at.multiselect(key="out_levels").set_value(["school"]).run()
    at.multiselect(key="out_periods").set_value(["2011/12"]).run()
    next(button for button in at.button if button.label == "Make the file").click().run()
    assert at.get("download_button")
    label, made = offered[-1]
    assert label.startswith("Download ")
    assert content(made).startswith(b"PK")
    assert len(audited(audit.Did.exported_schools)) == 1
    become(after)
    with pytest.raises(NotAllowed, match="role has changed"):
        content(made)
    offered.clear()
    at.run()
    assert not at.exception
    assert (at.get("download_button"), offered) == ([], [])


@each_demotion
def test_a_chart_of_schools_is_not_given_to_who_may_see_them_no_more(
    offered: list[tuple[str, Any]], before: Roles, after: Roles
) -> None:
    become(before)
    at = signed_in("schools", la="Greenwich")
    made = [data for label, data in offered if label in ("CSV", "XLSX", "Vega-Lite")]
    assert made
    for each in made:
        assert content(each)
    exported = audited(audit.Did.exported_schools)
    assert exported == [f"schools of 203, chart as {kind}" for kind in ("csv", "xlsx", "vl.json")]
    become(after)
    for each in made:
        with pytest.raises(NotAllowed, match="schools of Greenwich"):
            content(each)
    offered.clear()
    at.run()
    assert "The schools of Greenwich are shown to its own officers only." in at.error[0].value
    assert offered == []
    assert audited(audit.Did.exported_schools) == exported


def test_who_may_have_no_image_is_told_why(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(copying, "_copy", lambda **given: asked.append(given))
    monkeypatch.setattr(st, "session_state", {})

    def draw() -> bytes:
        access.Viewer(frozenset({"202"})).check("203", "Greenwich")
        return b"an image"

    copying.buttons("/schools", draw, "map")
    asked[0]["on_asked_change"]()
    copying.buttons("/schools", draw, "map")
    assert asked[1]["data"]["image"] == ""
    assert asked[1]["data"]["refused"].startswith("The schools of Greenwich are shown to its own officers only. ")
