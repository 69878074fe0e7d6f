"""Stall warnings: each rests on its facts, at the limits too; the rules are data that is held to what it must be."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from data_access.engine import get_engine, reading
from data_access.partnerships import entries
from data_access.partnerships.fields import BY_CODE
from measures import partnership_state, stalls
from measures.partnership_state import Register
from measures.partnership_words import CHALLENGE_STATES, CHALLENGES, ROLES
from measures.stall_rules import FILE, RulesRefused, listed, read, rules
from tests.conftest import sqlite_url
from tests.measures.slow_stalls import expected

DAY, BEGAN = date(2012, 8, 31), date(2009, 9, 1)
RULES = {rule.code: rule for rule in rules()}
ROLES_OPEN = ["clarity_of_roles", "timely_communication", "personnel_changes"]
Sheets = dict[str, pd.DataFrame]


def sheets(
    members: list[dict] | None = None,
    activities: list[dict] | None = None,
    challenges: list[dict] | None = None,
    ended: date | None = None,
    codes: tuple[str, ...] = ("P0001",),
) -> Sheets:
    """The sheets of partnerships with these rows, which say only what matters."""

    def rows(given: list[dict] | None, usual: dict[str, Any]) -> pd.DataFrame:
        made = [{"id": at, "partnership": "P0001", **usual, **row} for at, row in enumerate(given or [], 1)]
        return pd.DataFrame(made, columns=["id", "partnership", *usual], dtype=object)

    member = {"kind": "school", "organisation": "1", "called": "A school", "role": "partner", "joined": BEGAN}
    about = {"kind": "school_cluster", "areas": ["202"], "began": BEGAN, "ended": ended}
    return {
        "partnerships": pd.DataFrame([{"code": code, "name": f"The {code}", **about} for code in codes], dtype=object),
        "members": rows(members, member | {"left": None}),
        "activities": rows(activities, {"kind": "meeting", "held_on": BEGAN, "title": "Meeting", "attended": None}),
        "outputs": rows(None, {"made_on": None}),
        "impacts": rows(None, {"noted_on": None}),
        "challenges": rows(
            challenges, {"challenge": "workload", "state": "open", "opened_on": BEGAN, "noted_on": BEGAN, "done": ""}
        ),
        "engagement": rows(None, {"period": ""}),
        "health_checks": rows(None, {"held_on": None}),
    }


def register(given: Sheets, day: date = DAY) -> Register:
    return partnership_state.on(given, day, "202", {})


def found(given: Sheets, day: date = DAY) -> dict[str, Any]:
    """The rules that warn → their facts."""
    made = stalls.stalls(register(given, day), rules()).warnings
    return dict(zip(made["rule"], made["facts"], strict=True))


def held(*gaps: int, until: int, **values: Any) -> list[dict]:
    """Activities so many days apart, the last of them `until` days before DAY."""
    day = DAY - timedelta(days=until + sum(gaps))
    days = [day := day + timedelta(days=gap) for gap in (0, *gaps)]
    return [{"held_on": each, **values} for each in days]


# The rules as data ---------------------------------------------------------------------------------------


def test_the_rules_hold_the_two_combinations_that_were_found_to_stall_projects() -> None:
    combined = [set(rule.challenges) for rule in rules() if rule.kind == "combination"]
    assert combined == [set(ROLES_OPEN), {"time_available", "senior_support", "different_priorities"}]
    assert [rule.kind for rule in rules()][2:] == ["silence", "thinning", "attendance", "departure"]
    assert listed().count("\n- **") == len(rules()) - 1


def test_every_limit_is_said_with_its_rule() -> None:
    for rule in rules():
        for name, value in rule.model_dump().items():
            if isinstance(value, int | float):
                assert f"{value:g}" in rule.said(), f"{rule.code}: {name}"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("times: 2", "times: 1", "greater than 1"),
        ("times: 2", "time: 2", "times: Field required"),
        ("least_days: 90", "least_days: -1", "greater than or equal to 0"),
        ("role: link_adviser", "role: wizard", "“wizard” is no role of the register"),
        ("[clarity_of_roles, timely", "[wizardry, timely", "“wizardry” is no challenge"),
        ("code: thinning", "code: silence", "The code silence stands twice"),
        ("kind: silence", "kind: noise", "does not match any of the expected tags"),
        ("points: 20", "points: 20: 20", "no YAML"),
    ],
)
def test_rules_that_cannot_be_are_refused_in_words(before: str, after: str, said: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert before in text
    with pytest.raises(RulesRefused, match=said):
        read(text.replace(before, after, 1))


# At the limits -------------------------------------------------------------------------------------------


def test_a_combination_warns_where_all_of_it_is_open_on_the_day() -> None:
    noted = [{"challenge": code, "opened_on": date(2012, 5, at)} for at, code in enumerate(ROLES_OPEN, 1)]
    facts = found(sheets(challenges=noted))["roles_and_communication"]
    assert facts == {code: date(2012, 5, at) for at, code in enumerate(ROLES_OPEN, 1)}
    assert found(sheets(challenges=noted), date(2012, 5, 2)) == {}, "one was not open yet"
    assert found(sheets(challenges=noted[:2])) == {}
    worked_on = [*noted[:2], noted[2] | {"state": "being_worked_on"}]
    assert found(sheets(challenges=worked_on)) == {}


@pytest.mark.parametrize(("gaps", "until", "warns"), [((45,) * 3, 90, True), ((45,) * 3, 89, False)])
def test_silence_is_held_to_the_least_days(gaps: tuple[int, ...], until: int, warns: bool) -> None:
    assert ("silence" in found(sheets(activities=held(*gaps, until=until)))) is warns


def test_silence_is_held_to_the_partnership_s_own_interval() -> None:
    facts = found(sheets(activities=held(50, 60, 70, until=120)))["silence"]
    assert facts == {"days": 120, "last": DAY - timedelta(days=120), "usual": 60.0, "intervals": 3}
    assert found(sheets(activities=held(50, 60, 70, until=119))) == {}
    assert found(sheets(activities=held(60, 60, until=400))) == {}, "too few intervals to know what is usual"
    twice = held(60, 60, until=400) * 2
    assert found(sheets(activities=twice)) == {}, "two activities of one day are no interval"


def test_meetings_thin_out_by_the_median() -> None:
    facts = found(sheets(activities=held(40, 40, 40, 80, 80, 30, until=1)))["thinning"]
    assert facts == {"recent": 80.0, "before": 40.0, "intervals": 3}
    assert found(sheets(activities=held(40, 40, 40, 79, 80, 30, until=1))) == {}
    assert found(sheets(activities=held(20, 20, 20, 59, 59, 59, until=1))) == {}, "under the least days"
    assert found(sheets(activities=held(40, 40, 80, 80, 80, until=1))) == {}, "too few before"


def attended(*counts: int | None, kind: str = "meeting") -> list[dict]:
    """Activities 30 days apart up to the day, with so many members there."""
    rows = held(*[30] * (len(counts) - 1), until=1, kind=kind)
    return [row | {"attended": count} for row, count in zip(rows, counts, strict=True)]


def test_attendance_falls_by_the_points_of_the_rule_exactly() -> None:
    ten = [{"organisation": str(at)} for at in range(10)]
    facts = found(sheets(ten, attended(7, 8, 9, 6, 6, 6)))["attendance"]
    assert facts == {"recent": (18, 30), "before": (24, 30), "activities": 3}, "80% to 60%, a fall of 20 points"
    assert found(sheets(ten, attended(7, 8, 9, 6, 6, 7))) == {}
    assert found(sheets(ten, attended(8, 8, 0, 0, 0))) == {}, "too few before"
    assert found(sheets(ten, attended(9, 9, 9, None, 0, 0))) == {}, "not counted is not nobody"
    assert found(sheets(ten, attended(9, 9, 9, 0, 0, 0, kind="visit"))) == {}, "a visit is to one school"


def test_attendance_is_of_those_who_were_members_that_day() -> None:
    left = DAY - timedelta(days=91)  # the day of the third but last activity: still there
    leaving = [{"organisation": str(at), "left": left if at > 3 else None} for at in range(8)]
    assert found(sheets(leaving, attended(8, 8, 8, 4, 4, 4))) == {}, "half of them left, the others come"
    twice = [{"organisation": "1"}, {"organisation": "1", "role": "host"}]
    assert found(sheets(twice, attended(1, 1, 1, 1, 1, 1))) == {}, "one organisation in two roles is one"


def link(left: date | None = None, joined: date = BEGAN, name: str = "A council") -> dict:
    return {"role": "link_adviser", "kind": "national_body", "called": name, "joined": joined, "left": left}


def test_the_link_adviser_left_and_none_followed() -> None:
    on_limit = DAY - timedelta(days=30)
    facts = found(sheets([link(on_limit)]))["link_left"]
    assert facts == {"organisation": "A council", "left": on_limit, "days": 30}
    assert found(sheets([link(on_limit + timedelta(days=1))])) == {}
    assert found(sheets([link(on_limit), link(joined=DAY, name="Another")])) == {}, "another followed"
    both = [link(on_limit), link(date(2011, 1, 1), name="An earlier one")]
    assert found(sheets(both))["link_left"]["organisation"] == "A council"
    assert found(sheets([{"left": on_limit}])) == {}, "a member of another role"
    assert "link_left" in found(sheets([link(on_limit), link(joined=DAY + timedelta(days=9))])), "it follows only later"


def test_partnerships_that_ended_do_not_warn_nor_are_they_judged() -> None:
    noted = [{"challenge": code} for code in ROLES_OPEN]
    rows = {"members": [link(date(2012, 1, 1))], "activities": held(30, 30, 30, until=200), "challenges": noted}
    assert set(found(sheets(**rows))) == {"roles_and_communication", "silence", "link_left"}
    made = stalls.stalls(register(sheets(**rows, ended=DAY)), rules())
    assert made.warnings.empty
    assert not any(made.judged.values())
    going = stalls.stalls(register(sheets(**rows, codes=("P0001", "P0002"))), rules())
    assert all(codes <= {"P0001"} for codes in going.judged.values()), "of the other nothing is noted"


# Against the raw rows ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def illustrative(small_database: Path) -> Sheets:
    """The sheets of the illustrative register."""
    engine: Engine = get_engine(sqlite_url(small_database))
    with reading(engine) as connection:
        made = {code: entries.rows(connection, sheet) for code, sheet in BY_CODE.items()}
    engine.dispose()
    return made | {"members": made["members"].assign(called=made["members"]["organisation"])}


@pytest.mark.parametrize("day", [date(2010, 8, 31), date(2011, 8, 31), DAY])
def test_each_warning_of_the_illustrative_register_follows_from_its_rows(illustrative: Sheets, day: date) -> None:
    inside = {code: "E92000001" for codes in illustrative["partnerships"]["areas"] for code in codes}
    inside.pop("E92000001", None)
    made = stalls.stalls(partnership_state.on(illustrative, day, "E92000001", inside), rules()).warnings
    assert set(zip(made["partnership"], made["rule"], strict=True)) == expected(illustrative, day, rules())
    if day == DAY:
        assert set(made["rule"]) == set(RULES), "the illustrative register shows each rule at work"


_days = st.dates(date(2011, 6, 1), date(2012, 10, 1))
_codes = st.sampled_from(["P0001", "P0002"])


def _row(**parts: st.SearchStrategy) -> Callable:
    return st.lists(st.fixed_dictionaries({"partnership": _codes, **parts}), max_size=14)


@settings(max_examples=30)
@given(
    members=_row(
        organisation=st.sampled_from("abcd"),
        role=st.sampled_from(list(ROLES)[:3]),
        joined=_days,
        left=st.none() | _days,
    ),
    activities=_row(held_on=_days, kind=st.sampled_from(["meeting", "visit"]), attended=st.none() | st.integers(0, 3)),
    challenges=_row(
        challenge=st.sampled_from([*ROLES_OPEN, "workload"]),
        state=st.sampled_from(list(CHALLENGE_STATES)),
        opened_on=_days,
    ),
    ended=st.none() | _days,
)
def test_no_warning_without_its_facts_and_none_is_missed(
    members: list[dict], activities: list[dict], challenges: list[dict], ended: date | None
) -> None:
    given_rows = sheets(members, activities, challenges, ended, ("P0001", "P0002"))
    made = stalls.stalls(register(given_rows), rules()).warnings
    assert set(zip(made["partnership"], made["rule"], strict=True)) == expected(given_rows, DAY, rules())
    assert made["said"].str.len().min() > 20 or made.empty
    assert not made.duplicated(["partnership", "rule"]).any()


# What others did -----------------------------------------------------------------------------------------


def test_what_others_did_is_theirs_known_by_the_day_and_most_done_first() -> None:
    rows = [
        {"partnership": "P0001", "done": "Ours."},
        {"partnership": "P0002", "done": "Cover\nwas paid for."},
        {"partnership": "P0003", "done": "Cover\nwas paid for."},
        {"partnership": "P0004", "done": "Too late.", "noted_on": DAY + timedelta(days=1)},
        {"partnership": "P0005", "done": "Not yet.", "state": "being_worked_on"},
        {"partnership": "P0006", "done": ""},
        {"partnership": "P0006", "challenge": "complexity", "done": "x" * 2000},
    ]
    surmounted = [{"state": "surmounted", **row} for row in rows]
    codes = tuple(f"P000{at}" for at in range(1, 7))
    known = stalls.remedies(register(sheets(challenges=surmounted, codes=codes)))
    assert set(known) == set(CHALLENGES)
    assert [each.by for each in known["workload"]] == [("P0002", "P0003"), ("P0001",)]
    names = {code: f"The {code}" for code in codes}
    first, second = stalls.told(known, ["workload", "complexity"], 2, but="P0001")
    assert first.said(names) == "“Cover was paid for.” (The P0002 and 1 other)"
    assert second.challenge == "complexity", "one of each challenge before a second of the first"
    assert len(second.said(names)) < 300
    assert stalls.told(known, ["complexity"], 2, but="P0006") == []
