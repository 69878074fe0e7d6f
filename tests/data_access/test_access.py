"""Who may see the figures of single schools, checked by the queries."""

import pytest
from sqlalchemy import Engine

from data_access import access
from data_access.access import Viewer
from data_access.engine import reading
from data_access.errors import NotAllowed, SettingWrong
from data_access.settings import settings
from data_access.values import school_values


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
