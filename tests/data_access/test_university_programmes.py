"""University programmes in the register: what is refused, what comes in and out, and the invented ones."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert

from data_access import schema
from data_access.engine import get_engine, reading, writing
from data_access.files.opening import open_tables
from data_access.files.spreadsheets import workbook
from data_access.partnerships import checks, entries, files, incoming
from data_access.partnerships.checks import RegisterRefused
from data_access.partnerships.fields import MEMBERS, PARTNERSHIPS, PROGRAMMES
from data_access.partnerships.incoming import Taken
from measures.partnership_words import PROGRAMME_KINDS
from measures.telling import tell
from tests.conftest import sqlite_url
from tests.data_access.test_partnerships import LEAD, NEW

UNIVERSITY = {"kind": "university", "organisation": "A university", "role": "partner", "joined": date(2010, 9, 1)}
GOOD = {
    "title": "Masters 2010/12",
    "award": "masters",
    "university": "a University",
    "partners": ["camden"],
    "began": date(2010, 9, 14),
    "ended": date(2012, 7, 13),
    "standard_fee": 5995,
    "partner_fee": 2400,
    "payer": "school",
    "participants": 40,
    "completed": 30,
    "promoted": 0,
    "themes": ["location"],
}


@pytest.fixture
def lone(small_copy: Path) -> Iterator[Engine]:
    """A database of the test's own, on SQLite alone."""
    made = get_engine(sqlite_url(small_copy))
    yield made
    made.dispose()


def partnership(engine: Engine, **values: Any) -> str:
    """A new partnership of an authority with a university."""
    code = str(entries.add(engine, PARTNERSHIPS, NEW | {"kind": PROGRAMME_KINDS[0]} | values, "Ann"))
    for member in (LEAD, UNIVERSITY):
        entries.add(engine, MEMBERS, member, "Ann", to=code)
    return code


WRONG = [
    ({"title": ""}, "Programme: it is empty"),
    ({"award": "phd"}, "“phd” is not in the list"),
    ({"payer": "nobody"}, "Who pays the fee: “nobody” is not in the list"),
    ({"delivered": 101}, "Delivered by the partner .*101 is no possible count"),
    ({"standard_fee": -5}, "-5 is no possible count"),
    ({"ended": date(2010, 9, 1)}, "Programme ends: 2010-09-01 is before programme began"),
    ({"began": date(2010, 8, 1)}, "before the partnership did"),
    ({"participants": 9, "completed": None, "promoted": None}, "Participants: fewer than 10 people would be told of"),
    ({"completed": 41}, "41 are more than the 40 participants"),
    ({"promoted": 41}, "41 are more than the 40 participants"),
    ({"completed": 5}, "Completed the award: it would tell of fewer than 10 people"),
    (
        {"completed": 39},
        "Completed the award: it would tell of fewer than 10 people whom it leaves out. Leave it empty",
    ),
    ({"promoted": 1}, "Promoted during it or since: it would tell"),
    ({"participants": None}, "30 of how many"),
    ({"partners": ["Atlantis"]}, "“Atlantis” is no school or authority"),
    ({"partners": ["203"]}, "203 built “Masters 2010/12” and is no school or authority among the members"),
    ({"university": "Another one"}, "Another one gives “Masters 2010/12” and is no university among the members"),
    ({"evidence": "Ask ann@example.org"}, "e-mail address"),
]


def test_what_cannot_be_is_refused_and_what_would_tell_of_a_few_people(lone: Engine) -> None:
    code = partnership(lone)
    for wrong, said in WRONG:
        with pytest.raises(RegisterRefused, match=said):
            entries.add(lone, PROGRAMMES, GOOD | wrong, "Ann", to=code)
    dearer = {"standard_fee": 900, "partner_fee": 2400}
    entries.add(lone, PROGRAMMES, GOOD | dearer, "Ann", to=code)
    with pytest.raises(RegisterRefused, match="in the register already"):
        entries.add(lone, PROGRAMMES, GOOD, "Ann", to=code)
    other = partnership(lone, kind="federation", name="Another")
    with pytest.raises(RegisterRefused, match=r"of the kind Federation\. Only a programme with a university or a"):
        entries.add(lone, PROGRAMMES, GOOD, "Ann", to=other)
    ended = partnership(lone, name="A third", ended=date(2010, 9, 5))
    with pytest.raises(RegisterRefused, match="after the partnership ended"):
        entries.add(lone, PROGRAMMES, GOOD, "Ann", to=ended)


def test_a_member_that_a_programme_names_cannot_be_taken_away(lone: Engine) -> None:
    code = partnership(lone)
    entries.add(lone, PROGRAMMES, GOOD, "Ann", to=code)
    with reading(lone) as connection:
        members = entries.rows(connection, MEMBERS, of=code)
    row = members[members["kind"] == "university"].iloc[0]
    with pytest.raises(RegisterRefused, match="is no university among the members"):
        entries.take_away(lone, MEMBERS, int(row["id"]), "Ann", seen=int(row["from_edit"]))


def test_another_limit_of_people_counts_at_once(lone: Engine) -> None:
    code = partnership(lone)
    with writing(lone) as connection:
        row = {"name": "fewest_people", "indicator": "", "value": 20, "from_version": 1}
        connection.execute(insert(schema.threshold).values(row))
    with pytest.raises(RegisterRefused, match="fewer than 20 people"):
        entries.add(lone, PROGRAMMES, GOOD, "Ann", to=code)


def test_a_partnership_its_members_and_its_programme_come_in_one_workbook(engine: Engine, tmp_path: Path) -> None:
    code = partnership(engine)
    entries.add(engine, PROGRAMMES, GOOD, "Ann", to=code)
    made = {}
    with reading(engine) as connection:
        for sheet in (PARTNERSHIPS, MEMBERS, PROGRAMMES):
            rows = entries.rows(connection, sheet, of=code)
            made[sheet.title] = files.table(sheet, rows, checks.known(connection))
    file = tmp_path / "programmes.xlsx"
    file.write_bytes(workbook(made))
    assert incoming.bring_in(engine, open_tables(file), "Ann") == Taken(0, 0, 4)
    made["Partnerships"] = made["Partnerships"].assign(Code="", Edit="", Name="All new")
    for title in ("Members", "University programmes"):
        made[title] = made[title].assign(Number="", Edit="", Partnership="All new")
    file.write_bytes(workbook(made))
    assert incoming.bring_in(engine, open_tables(file), "Ann") == Taken(4, 0, 0)
    with reading(engine) as connection:
        there = entries.rows(connection, PROGRAMMES)
    new = there[there["partnership"] != code].iloc[-1]
    assert {name: new[name] for name in GOOD} == GOOD | {"partners": ["202"]}


def test_the_invented_ones_follow_the_published_consortium_and_tell_of_no_few(reader: Engine) -> None:
    with reading(reader) as connection:
        whole, members, programmes = (entries.rows(connection, each) for each in (PARTNERSHIPS, MEMBERS, PROGRAMMES))
    consortium = whole[(whole["kind"] == "regional_consortium") & (whole["name"].str.endswith("North East"))].iloc[0]
    mine = members[(members["partnership"] == consortium["code"]) & members["left"].isna()]
    assert mine["kind"].value_counts().to_dict() == {"la": 12, "university": 4}
    masters = programmes[(programmes["partnership"] == consortium["code"]) & (programmes["award"] == "masters")]
    on = date(2010, 10, 1)
    assert ((masters["began"] <= on) & (masters["ended"] > on)).sum() == 11, "as many as were published at the peak"
    assert len(programmes) > 60
    assert programmes["title"].str.startswith("Example").all()
    assert programmes["standard_fee"].isna().any()
    assert whole.set_index("code").loc[programmes["partnership"], "kind"].isin(PROGRAMME_KINDS).all()
    counted = programmes[["participants", "completed", "promoted"]].to_dict("records")
    assert not any(tell(each, 10) for each in counted)
