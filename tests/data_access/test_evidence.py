"""The evidence register: entered, changed and taken away with its history; what cannot be is refused, all at once."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from data_access import edits, evidence
from data_access.engine import reading, writing
from data_access.errors import ChangedMeanwhile
from data_access.evidence import EvidenceRefused
from data_access.register_tables import edit
from data_access.versions import next_version

GOOD: dict[str, Any] = {
    "title": "How governors see development",
    "kind": "survey",
    "organisation": "A governor service",
    "began": date(2011, 3, 1),
    "ended": date(2011, 3, 31),
    "method": "Questionnaire",
    "sample": "Governors",
    "invited": 200,
    "responded": 130,
    "compared": False,
    "found": "Most back it.",
    "outcomes": ["1e", "2f"],
    "areas": ["202", "E12000007"],
    "source": "Report, 2011",
    "illustrative": False,
}


def entry(engine: Engine, code: str, number: int | None = None) -> dict[str, Any] | None:
    """One entry as it stood after an edit, None where it is not there."""
    with reading(engine) as connection:
        frame = evidence.register(connection, number)
    mine = frame[frame["code"] == code]
    return None if mine.empty else mine.iloc[0].to_dict()


def latest(engine: Engine) -> int:
    with reading(engine) as connection:
        return edits.current(connection)


def test_an_entry_comes_back_as_it_was_entered_with_the_next_code(engine: Engine) -> None:
    code = evidence.add(engine, GOOD, "Ann")
    assert code == "E27"
    there = entry(engine, code)
    assert there is not None
    assert {name: there[name] for name in GOOD} == GOOD
    assert evidence.add(engine, GOOD | {"ended": None, "invited": None, "responded": None}, "Ann") == "E28"
    open_one = entry(engine, "E28")
    assert open_one is not None
    assert [open_one[name] for name in ("ended", "invited", "responded")] == [None, None, None]


def test_a_change_keeps_what_was_and_says_who_did_it(engine: Engine) -> None:
    code = evidence.add(engine, GOOD, "Ann")
    first = latest(engine)
    assert evidence.change(engine, code, GOOD | {"responded": 150, "areas": ["E92000001"]}, "Ben", seen=first)
    now, then = entry(engine, code), entry(engine, code, first)
    assert now is not None
    assert then is not None
    assert (now["responded"], now["areas"]) == (150, ["E92000001"])
    assert (then["responded"], then["areas"]) == (130, ["202", "E12000007"])
    with reading(engine) as connection:
        history = evidence.history(connection, code)
        changes = evidence.changes(connection)
    assert history[["responded", "made_by"]].to_numpy().tolist() == [[150, "Ben"], [130, "Ann"]]
    assert changes["reason"].tolist() == [
        "Evidence E27 changed: How governors see development",
        "Evidence entered: How governors see development",
        "Illustrative evidence, invented to show the register at work",
    ]
    assert changes["made_by"].tolist() == ["Ben", "Ann", "This program"]


def test_the_same_values_leave_no_edit(engine: Engine) -> None:
    code = evidence.add(engine, GOOD, "Ann")
    seen = latest(engine)
    assert not evidence.change(engine, code, GOOD | {"title": f"  {GOOD['title']} "}, "Ben", seen=seen)
    assert latest(engine) == seen


def test_the_second_of_two_editors_is_told_and_overwrites_nothing(engine: Engine) -> None:
    code = evidence.add(engine, GOOD, "Ann")
    seen = latest(engine)
    evidence.change(engine, code, GOOD | {"responded": 150}, "Ben", seen=seen)
    for values in (GOOD | {"responded": 160}, GOOD | {"responded": 150}):
        with pytest.raises(ChangedMeanwhile, match="Ben changed it on"):
            evidence.change(engine, code, values, "Cat", seen=seen)
    there = entry(engine, code)
    assert there is not None
    assert there["responded"] == 150
    assert latest(engine) == seen + 1, "the refused edit left no number"


def test_what_is_taken_away_is_kept_and_its_code_is_not_used_again(engine: Engine) -> None:
    code = evidence.add(engine, GOOD, "Ann")
    seen = latest(engine)
    evidence.take_away(engine, code, "Ben", seen=seen)
    assert entry(engine, code) is None
    assert entry(engine, code, seen) is not None
    with pytest.raises(ChangedMeanwhile, match="Ben took it away on"):
        evidence.change(engine, code, GOOD, "Cat", seen=seen)
    with pytest.raises(ChangedMeanwhile, match="Ben took it away on"):
        evidence.take_away(engine, code, "Cat", seen=seen)
    assert evidence.add(engine, GOOD, "Ann") == "E28"
    with reading(engine) as connection:
        assert evidence.changes(connection)["reason"].tolist()[1] == f"Evidence {code} taken away: {GOOD['title']}"


def test_an_earlier_data_version_shows_the_register_of_its_time(engine: Engine) -> None:
    with writing(engine) as connection:
        before = next_version(connection, "Figures") - 1
    code = evidence.add(engine, GOOD, "Ann")
    with reading(engine) as connection:
        then, now = (evidence.register(connection, edits.at(connection, version)) for version in (before, before + 1))
    assert code not in set(then["code"])
    assert len(then) == 26
    assert code in set(now["code"])


TOMORROW = evidence.today() + timedelta(days=1)
BAD: list[tuple[dict[str, Any], str]] = [
    ({"responded": 201}, "Answered: 201 are more than the 200 who were asked."),
    ({"ended": date(2011, 2, 28)}, "Ended: 2011-02-28 is before it began"),
    ({"began": TOMORROW, "ended": None}, "Began: .* is in the future."),
    ({"ended": TOMORROW}, "Ended: .* is in the future."),
    ({"began": None}, "Began: it is empty."),
    ({"began": date(1066, 10, 14)}, "Began: 1066-10-14 is too long ago."),
    ({"outcomes": ["1e", "9z"]}, "Outcomes: “9z” is not a known outcome."),
    ({"outcomes": []}, "Outcomes: none is named."),
    ({"outcomes": ["1e", "1e"]}, "Outcomes: an outcome is named twice."),
    ({"areas": ["999"]}, "Areas: “999” is not a known area."),
    ({"areas": []}, "Areas: none is named."),
    ({"found": " \n\t "}, "What it found: it is empty."),
    ({"title": "\x00"}, "Title: it is empty."),
    ({"title": "x" * 201}, "Title: it has 201 characters."),
    ({"method": "x" * 2001}, "Method: it has 2,001 characters."),
    ({"found": "x" * 2001}, "What it found: it has 2,001 characters."),
    ({"source": "x" * 301}, "Source: it has 301 characters."),
    ({"title": "=1+1"}, "Title: it begins with =, as a formula does."),
    ({"kind": "rumour"}, "Kind: “rumour” is no kind."),
    ({"invited": 0, "responded": 0}, "Asked: 0 is no possible count."),
    ({"invited": -4, "responded": None}, "Asked: -4 is no possible count."),
    ({"invited": 10**12}, "Asked: 1,000,000,000,000 is no possible count."),
    ({"compared": True}, "Comparison group: only an evaluation has one."),
]


@pytest.mark.parametrize(("wrong", "said"), BAD, ids=[said for _, said in BAD])
def test_what_cannot_be_is_refused_with_what_to_do(reader: Engine, wrong: dict[str, Any], said: str) -> None:
    with reading(reader) as connection:
        there = evidence.known(connection)
    with pytest.raises(EvidenceRefused, match=said) as refused:
        evidence.checked(GOOD | wrong, there, evidence.today())
    assert refused.value.sentence == "Nothing was saved."
    assert len(refused.value.faults) == 1
    assert refused.value.faults[0].remedy.endswith(".")


def test_every_fault_is_said_at_once_in_the_order_of_the_form(reader: Engine) -> None:
    before = latest(reader)
    with pytest.raises(EvidenceRefused) as refused:
        evidence.add(reader, GOOD | {"areas": ["x"], "title": "", "responded": 500}, "Ann")
    assert [fault.field for fault in refused.value.faults] == ["title", "responded", "areas"]
    assert latest(reader) == before
    with reading(reader) as connection:
        assert connection.execute(select(edit.c.number).where(edit.c.made_by == "Ann")).first() is None


def test_names_and_findings_are_kept_as_typed_but_for_control_characters(engine: Engine) -> None:
    odd = "Zoë’s “study”\nof 50 % <b>£</b> | 2"
    code = evidence.add(engine, GOOD | {"found": f"\x07{odd}\x00 ", "title": "-1+1"}, "Ann")
    there = entry(engine, code)
    assert there is not None
    assert (there["found"], there["title"]) == (odd, "-1+1")
