"""Who may see the figures of single schools, checked by the queries."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine

from data_access import access
from data_access.access import Viewer
from data_access.engine import reading
from data_access.errors import NotAllowed, SettingWrong
from data_access.settings import PROJECT, settings
from data_access.values import school_values
from tests.conftest import sqlite_url


@pytest.mark.parametrize(
    ("said", "allowed"),
    [("all", None), ("none", frozenset()), ("202", {"202"}), (" 202, 203,", {"202", "203"}), ("ALL", None)],
)
def test_the_setting_says_whose_schools(monkeypatch: pytest.MonkeyPatch, said: str, allowed: set[str] | None) -> None:
    monkeypatch.setattr(settings(), "schools_of", said)
    assert access.viewer().schools_of == allowed


@pytest.mark.parametrize("said", ["", ",", "Camden", "20", "2020", "202;203", "²02"])
def test_a_setting_that_names_no_authority_is_refused(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setattr(settings(), "schools_of", said)
    with pytest.raises(SettingWrong, match="CPD_SCHOOLS_OF"):
        access.viewer()


@pytest.mark.parametrize(
    ("codes", "asked", "authorities"),
    [
        ({"202"}, None, {"Camden"}),
        ({"202"}, "202", {"Camden"}),
        ({"202"}, "383", set()),
        ({"202", "383"}, None, {"Camden", "Leeds"}),
        (set(), None, set()),
    ],
)
def test_no_figure_of_other_schools_comes(
    reader: Engine, codes: set[str], asked: str | None, authorities: set[str]
) -> None:
    with reading(reader) as connection:
        frame = school_values(connection, "reviewed", la_code=asked, viewer=Viewer(frozenset(codes)))
    assert {name.rpartition(", ")[2] for name in frame["area"]} == authorities


def test_what_is_not_allowed_is_said(reader: Engine) -> None:
    viewer = Viewer(frozenset({"202"}))
    viewer.check("202", "Camden")
    with pytest.raises(NotAllowed, match="schools of Leeds are shown to its own officers only"):
        viewer.check("383", "Leeds")


def test_the_setting_holds_where_nobody_says_who_asks(reader: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "schools_of", "202")
    with reading(reader) as connection:
        own, other = (school_values(connection, "reviewed", la_code=code) for code in ("202", "383"))
    assert len(own) > 0
    assert other.empty


@pytest.mark.parametrize(
    ("setting", "arguments", "says"),
    [
        ("202", ["--area", "203"], "The schools of Greenwich are shown to its own officers only."),
        ("none", [], "No schools are shown here."),
        ("Camden", ["--area", "202"], "CPD_SCHOOLS_OF does not say whose schools are shown."),
    ],
)
def test_the_command_says_so(small_database: Path, setting: str, arguments: list[str], says: str) -> None:
    asked = ["values", "--indicator", "reviewed", "--level", "school", "--period", "2011/12", *arguments]
    environment = os.environ | {"CPD_DATABASE_URL": sqlite_url(small_database), "CPD_SCHOOLS_OF": setting}
    command = [sys.executable, "-m", "data_access", *asked]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert says in done.stderr
    assert not done.stdout
