"""The page of roles and audit, as an administrator uses it."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import SecretStr
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from data_access import access
from data_access.access import RIGHTS, Role, Viewer
from data_access.errors import DatabaseProblem
from data_access.settings import PROJECT, settings
from exports.views import data
from pages.parts import signed
from tests.pages.conftest import opened

ADMIN = {"is_logged_in": True, "sub": "1", "email": "admin@example.org", "roles": ["administrator"]}


@pytest.fixture
def page(own_database: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The page, on a service on which an administrator has signed in."""
    monkeypatch.setattr(settings(), "sign_in_provider", "https://provider.example/.well-known/openid-configuration")
    monkeypatch.setattr(settings(), "sign_in_client", "cpd")
    monkeypatch.setattr(settings(), "sign_in_secret", SecretStr("secret"))
    monkeypatch.setattr(settings(), "cookie_secret", SecretStr("x" * 32))
    at = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60)
    at._page_hash = calc_hash("access")
    at.user = ADMIN | {"iat": int(time.time()), "exp": int(time.time()) + 600}  # type: ignore[attr-defined]
    yield at.run()
    access.sessions_are_told_by(lambda: None)


def _table(at: AppTest, column: str) -> Any:
    return next(frame.value for frame in at.dataframe if column in frame.value.columns)


def _press(at: AppTest, label: str) -> None:
    next(each for each in at.button if each.label == label).click().run()


def test_a_role_is_given_seen_and_taken(page: AppTest) -> None:
    next(each for each in page.text_input if each.label.startswith("Account")).input("Officer@Example.org")
    next(each for each in page.selectbox if each.label == "Role").select_index(1)
    _press(page, "Give it")
    assert "for one local authority" in page.error[0].value  # an officer of none
    next(each for each in page.selectbox if each.label.startswith("Local authority,")).select("202")
    _press(page, "Give it")
    assert not page.error
    row = _table(page, "Role").iloc[0]
    said = ("officer@example.org", "Local-authority officer, Camden", "admin@example.org")
    assert tuple(row[["Account", "Role", "Given by"]]) == said
    latest = _table(page, "Did").iloc[0]
    assert (latest["Account"], latest["Did"]) == ("admin@example.org", "gave a role")
    assert latest["About"].endswith("Gave officer@example.org the role la_officer:202")
    _press(page, "Take it")
    assert not page.error
    assert "0 accounts" in " ".join(each.value for each in page.subheader)


@pytest.mark.parametrize("account", ["x' or 1=1 --", "nobody@example.org"])
def test_the_audit_is_narrowed(page: AppTest, account: str) -> None:
    assert len(_table(page, "Did"))
    page.text_input(key="audit_account").input(account).run()
    assert not page.exception
    assert "The audit holds nothing of the kind." in [each.value for each in page.markdown]


def test_where_nobody_signs_in_it_says_so_and_shows_nothing() -> None:
    at = opened("access")
    assert "Nobody signs in here" in at.info[0].value
    assert not at.error
    assert [*at.dataframe, *at.main.selectbox, *at.main.text_input, *at.main.button] == []


@pytest.mark.parametrize(
    ("schools_of", "role", "said"),
    [
        (set(), Role.viewer, "may see areas"),
        ({"383", "202"}, Role.la_officer, "may see areas and the schools of Camden and Leeds"),
        ({"202", "999"}, Role.la_officer, "may see areas and the schools of 999 and Camden"),
        (None, Role.administrator, "may see areas and every school, load figures, edit, give roles"),
    ],
)
def test_what_somebody_may_is_said_in_words(schools_of: set[str] | None, role: Role, said: str) -> None:
    assert signed.roles(Viewer(None if schools_of is None else frozenset(schools_of), RIGHTS[role], "a")) == said


def test_authorities_go_by_their_code_while_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> int:
        raise DatabaseProblem("The database is away.", "Wait.")

    monkeypatch.setattr(data, "current_version", away)
    officer = Viewer(frozenset({"202"}), RIGHTS[Role.la_officer], "a")
    assert signed.roles(officer) == "may see areas and the schools of 202"
