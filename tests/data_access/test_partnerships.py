"""The partnership register: entered, changed, taken away, brought in, with history; what cannot be is refused."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Engine, select, update

from data_access import edits
from data_access.engine import get_engine, reading, writing
from data_access.errors import ChangedMeanwhile, ImportRefused, UnknownCode
from data_access.files.opening import open_table
from data_access.files.spreadsheets import csv_bytes, workbook
from data_access.partnerships import checks, entries, files, incoming
from data_access.partnerships.checks import RegisterRefused
from data_access.partnerships.fields import ACTIVITIES, BY_CODE, CHALLENGES, ENGAGEMENT, MEMBERS, PARTNERSHIPS, SHEETS
from data_access.partnerships.incoming import Taken
from data_access.schema import school
from measures.partnership_words import WORKING_GROUPS
from tests.conftest import sqlite_url

NEW = {
    "name": "A network of <b>CPD</b> leaders",
    "kind": "cpd_leader_network",
    "purpose": "To learn\nfrom each other.",
    "areas": ["202"],
    "began": date(2010, 9, 1),
    "working_models": ["seminar_or_conference"],
    "outcomes": ["2b"],
}
LEAD = {"kind": "la", "organisation": "202", "role": "lead", "joined": date(2010, 9, 1)}
MEETING = {"kind": "meeting", "held_on": date(2011, 1, 10), "title": "First meeting", "attended": 1}


@pytest.fixture
def lone(small_copy: Path) -> Iterator[Engine]:
    """A database of the test's own, on SQLite alone: for what does not depend on the database."""
    made = get_engine(sqlite_url(small_copy))
    yield made
    made.dispose()


def made(engine: Engine, **values: Any) -> str:
    return str(entries.add(engine, PARTNERSHIPS, NEW | values, "Ann"))


def read(engine: Engine, sheet: str, of: str | None = None) -> pd.DataFrame:
    with reading(engine) as connection:
        return entries.rows(connection, BY_CODE[sheet], of=of)


def latest(engine: Engine) -> int:
    with reading(engine) as connection:
        return edits.current(connection)


def test_a_partnership_and_its_parts_are_entered_changed_and_taken_away(engine: Engine) -> None:
    code = made(engine)
    number = entries.add(engine, MEMBERS, LEAD, "Ann", to=code)
    entries.add(engine, ACTIVITIES, MEETING, "Ann", to=code)
    row = read(engine, "partnerships", code).iloc[0]
    assert row["name"] == NEW["name"], "markup is text, kept as it was typed"
    assert row["areas"] == ["202"]
    assert row["ended"] is None
    (member,) = read(engine, "members", code).to_dict("records")
    ends = LEAD | {"left": date(2011, 7, 20)}
    assert entries.change(engine, MEMBERS, number, ends, "Ben", seen=member["from_edit"])
    seen = int(read(engine, "members", code)["from_edit"].iloc[0])
    assert not entries.change(engine, MEMBERS, number, ends, "Ben", seen=seen), "it says so already"
    with pytest.raises(ChangedMeanwhile, match="Ben changed it"):
        entries.change(engine, MEMBERS, number, LEAD, "Cleo", seen=member["from_edit"])
    with reading(engine) as connection:
        states = entries.history(connection, MEMBERS, number)
        assert entries.rows(connection, MEMBERS, member["from_edit"], code)["left"].tolist() == [None]
    assert states["left"].tolist() == [date(2011, 7, 20), None]
    assert states["made_by"].tolist() == ["Ben", "Ann"]
    entries.take_away(engine, PARTNERSHIPS, code, "Ann", seen=int(row["from_edit"]))
    for sheet in SHEETS:
        assert read(engine, sheet.code, code).empty
    with reading(engine) as connection:
        reasons = entries.changes(connection, of=code)["reason"].tolist()
        assert len(entries.rows(connection, MEMBERS, edits.current(connection) - 1, code)) == 1, "what it was is kept"
    assert reasons[0] == f"Taken away: {NEW['name']}"
    assert made(engine) != code, "a code is used once"


WRONG = [
    (PARTNERSHIPS, {"name": ""}, "Name: it is empty"),
    (PARTNERSHIPS, {"name": "=1+1"}, "as a formula does"),
    (PARTNERSHIPS, {"purpose": "x" * 50_000}, "50,000 characters. Shorten it to 2,000"),
    (PARTNERSHIPS, {"purpose": "Write to ann@example.org"}, "e-mail address"),
    (PARTNERSHIPS, {"kind": "club"}, "“club” is not in the list"),
    (PARTNERSHIPS, {"areas": ["999"]}, "“999” is not in the list"),
    (PARTNERSHIPS, {"outcomes": ["9z"]}, "“9z” is not in the list"),
    (PARTNERSHIPS, {"began": None}, "Began: it is empty"),
    (PARTNERSHIPS, {"began": date(2090, 1, 1)}, "in the future"),
    (PARTNERSHIPS, {"ended": date(2010, 8, 31)}, "before began"),
    (PARTNERSHIPS, {"funding": 500}, "nobody who pays"),
    (PARTNERSHIPS, {"funding": -1, "funder": "A fund"}, "no possible count"),
    (MEMBERS, {"left": date(2010, 8, 31)}, "Left: 2010-08-31 is before joined"),
    (MEMBERS, {"joined": date(2010, 8, 1)}, "before the partnership began"),
    (MEMBERS, {"organisation": "Atlantis"}, "is no local authority"),
    (MEMBERS, {"kind": "school", "organisation": "123456"}, "no school has the URN"),
    (MEMBERS, {"kind": "university", "organisation": NEW["name"]}, "is its own member"),
    (ACTIVITIES, {"held_on": date(2010, 8, 31)}, "before the partnership began"),
    (ACTIVITIES, {"attended": 2}, "has 2 members there, of the 1 that there were"),
    (CHALLENGES, {"noted_on": date(2010, 9, 30)}, "before open since"),
    (ENGAGEMENT, {"learn": 6}, "Learn: 6 are more than the 4"),
]
GOOD = {
    "partnerships": NEW,
    "members": LEAD,
    "activities": MEETING,
    "challenges": {
        "challenge": "workload",
        "state": "open",
        "opened_on": date(2010, 10, 1),
        "noted_on": date(2010, 11, 1),
    },
    "engagement": {
        "la_code": "202",
        "period": "2010/11",
        "eligible": 9,
        "know": 8,
        "reason_to_use": 6,
        "collaborate": 4,
        "learn": 4,
        "contribute": 0,
    },
}


def test_what_cannot_be_is_refused_and_nothing_is_written(lone: Engine) -> None:
    code = made(lone)
    entries.add(lone, MEMBERS, LEAD, "Ann", to=code)
    before = latest(lone)
    for sheet, wrong, said in WRONG:
        with pytest.raises(RegisterRefused, match=said):
            entries.add(lone, sheet, GOOD[sheet.code] | wrong, "Ann", to=None if sheet.whole else code)
    with pytest.raises(RegisterRefused, match="while another still does"):
        entries.add(lone, MEMBERS, {**LEAD, "kind": "university", "organisation": "A university"}, "Ann", to=code)
    with pytest.raises(UnknownCode, match="no partnership P9999"):
        entries.add(lone, MEMBERS, LEAD, "Ann", to="P9999")
    assert latest(lone) == before
    for sheet in (ACTIVITIES, CHALLENGES, ENGAGEMENT):
        entries.add(lone, sheet, GOOD[sheet.code], "Ann", to=code)
    with pytest.raises(RegisterRefused, match="in the register already"):
        entries.add(lone, CHALLENGES, GOOD["challenges"], "Ann", to=code)


def test_a_lead_may_follow_another_and_a_closed_school_may_have_been_a_member(lone: Engine) -> None:
    code = made(lone)
    entries.add(lone, MEMBERS, LEAD | {"left": date(2011, 7, 20)}, "Ann", to=code)
    entries.add(lone, MEMBERS, LEAD | {"organisation": "203", "joined": date(2011, 7, 20)}, "Ann", to=code)
    with writing(lone) as connection:
        urn = connection.execute(select(school.c.urn).limit(1)).scalar_one()
        connection.execute(update(school).where(school.c.urn == urn).values(closed=date(2011, 8, 31)))
    pupil = {"kind": "school", "organisation": urn, "role": "partner"}
    entries.add(lone, MEMBERS, pupil | {"joined": date(2011, 1, 10)}, "Ann", to=code)
    with pytest.raises(RegisterRefused, match="closed on 2011-08-31, before it joined"):
        entries.add(lone, MEMBERS, pupil | {"joined": date(2011, 9, 10), "role": "host"}, "Ann", to=code)


# Files ---------------------------------------------------------------------------------------------------


def table(engine: Engine, sheet: str) -> pd.DataFrame:
    with reading(engine) as connection:
        return files.table(BY_CODE[sheet], entries.rows(connection, BY_CODE[sheet]), checks.known(connection))


def bring_in(engine: Engine, folder: Path, xlsx: bool = False, **frames: pd.DataFrame) -> Taken:
    opened = []
    for name, frame in frames.items():
        file = folder / f"{name}.{'xlsx' if xlsx else 'csv'}"
        file.write_bytes(workbook({name: frame}) if xlsx else csv_bytes(frame))
        opened.append(open_table(file))
    return incoming.bring_in(engine, opened, "Ann")


@pytest.mark.parametrize("xlsx", [False, True], ids=["csv", "xlsx"])
def test_what_came_out_comes_in_again_and_changes_nothing(engine: Engine, tmp_path: Path, xlsx: bool) -> None:
    made(engine, name="-1+1", purpose="-5 is\n“less”; than, 0")
    before = latest(engine)
    there = {sheet.code: table(engine, sheet.code).tail(100) for sheet in SHEETS}
    assert all(len(frame) > 20 for frame in there.values())
    assert bring_in(engine, tmp_path, xlsx, **there) == Taken(0, 0, sum(map(len, there.values())))
    assert latest(engine) == before, "no edit was made"


def test_a_new_partnership_comes_in_with_its_members_by_name_in_one_edit(engine: Engine, tmp_path: Path) -> None:
    before = latest(engine)
    whole = table(engine, "partnerships").head(1).assign(Code="", Edit="", Name="All new", Began="01/09/2009")
    members = table(engine, "members")
    members = members[members["Kind"] == "Local authority"].head(1)
    members = members.assign(Number="", Edit="", Partnership="all NEW", Joined="2009-09-01", Organisation="camden")
    changed = table(engine, "outputs").head(1).assign(Title="Read again")
    assert bring_in(engine, tmp_path, whole=whole, members=members, outputs=changed) == Taken(2, 1, 0)
    there = read(engine, "partnerships").set_index("name").loc["All new"]
    assert read(engine, "members", there["code"])["organisation"].tolist() == ["202"]
    assert there["from_edit"] == before + 1 == latest(engine)


FAULTY = [
    ("members", {"Left": "31/08/2009"}, "is before joined"),
    ("members", {"Joined": "31/02/2011"}, "there is no such day"),
    ("members", {"Partnership": "Nobody"}, "no partnership, or more than one, is called so"),
    ("members", {"Role": "Chairman"}, "“Chairman” is not in the list"),
    ("members", {"Number": "999999"}, "there is no such row"),
    ("members", {"Edit": ""}, "needs that of its edit"),
    ("members", {"Contact name": "A. Person"}, "holds personal data"),
    ("members", {"E-mail": "x"}, "holds personal data"),
    ("activities", {"Members there": "500"}, "has 500 members there"),
    ("activities", {"Members there": "a few"}, "this is no whole number"),
    ("impacts", {"Number": "", "Edit": ""}, "has that row already"),
    ("partnerships", {"Support drop by drop": "perhaps"}, "neither yes nor no"),
]


def test_a_faulty_file_is_refused_whole(lone: Engine, tmp_path: Path) -> None:
    before = latest(lone)
    for sheet, wrong, said in FAULTY:
        with pytest.raises(ImportRefused) as refused:
            bring_in(lone, tmp_path, **{sheet: table(lone, sheet).head(3).assign(**wrong)})
        assert said in " ".join(map(str, refused.value.problems)), (sheet, wrong)
    with pytest.raises(ImportRefused) as refused:
        bring_in(lone, tmp_path, members=table(lone, "members").drop(columns="Role"))
    assert "for Members it lacks Role" in str(refused.value.problems[0])
    assert latest(lone) == before


def test_a_line_that_somebody_changed_meanwhile_is_refused(lone: Engine, tmp_path: Path) -> None:
    there = table(lone, "challenges").head(1).assign(State="Surmounted", **{"What was done": "A new day was found."})
    assert bring_in(lone, tmp_path, challenges=there) == Taken(0, 1, 0)
    with pytest.raises(ImportRefused) as refused:
        bring_in(lone, tmp_path, challenges=there.assign(State="Open"))
    assert "it was changed since this file was made: Ann changed it" in str(refused.value.problems[0])


def test_the_illustrative_projects_follow_the_published_pattern(reader: Engine) -> None:
    with reading(reader) as connection:
        there = entries.rows(connection, PARTNERSHIPS)
        codes = list(there["code"])
        assert entries.disagreements(connection, codes) == {}
        last = entries.rows(connection, ACTIVITIES)["held_on"].max()
    projects = there[there["kind"] == "la_partnership_project"]
    models = projects["working_models"].map(set)
    assert len(projects) == 26
    assert projects["areas"].str[0].nunique() == 26
    assert sum(bool(each & WORKING_GROUPS) for each in models) == 15
    assert sum("seminar_or_conference" in each for each in models) == 11
    assert sum("one_to_one_with_la_adviser" in each for each in models) == 5
    assert projects["plans"].value_counts()[["firm", "wish"]].tolist() == [11, 5], "16 were followed up"
    assert there["illustrative"].all()
    assert there["name"].str.startswith("Example").all()
    assert last <= date(2012, 9, 30), "the next meeting is still to come"
