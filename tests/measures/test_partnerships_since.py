"""What changed in the register between two days, and two states of what was known."""

from datetime import date, timedelta

import pandas as pd

from measures import partnerships_since, stalls
from measures.partnerships_since import BEGUN, CHECKED, ENDED, GONE, MOST, WARNED, WENT, Changes
from measures.stall_rules import rules
from tests.measures.test_stalls import BEGAN, ROLES_OPEN, Sheets, register, sheets

THEN, NOW = date(2012, 7, 18), date(2012, 10, 10)


def changes(before: Sheets, after: Sheets) -> Changes:
    """From one state to the other, on the two days."""
    then, now = register(_whole(before), THEN), register(_whole(after), NOW)
    return partnerships_since.changes(
        then, now, stalls.stalls(then, rules()).warnings, stalls.stalls(now, rules()).warnings, rules()
    )


def _whole(given: Sheets) -> Sheets:
    return given | {"partnerships": given["partnerships"].assign(plans="wish")}


def open_roles(since: date) -> list[dict]:
    """The three challenges that make one rule warn."""
    return [{"challenge": each, "opened_on": since, "noted_on": since} for each in ROLES_OPEN]


def checked(given: Sheets, *days: date) -> Sheets:
    """With health checks on these days, of one item each."""
    rows = [
        {"partnership": "P0001", "held_on": day, "item": "budget_agreed", "answer": "yes", "note": ""} for day in days
    ]
    return given | {"health_checks": pd.DataFrame(rows, dtype=object)}


def test_the_same_twice_tells_nothing() -> None:
    found = changes(sheets(), sheets())
    assert found.groups == {}
    assert found.counts == "1 partnership goes on; none gives a stall warning, none at the last meeting"


def test_one_that_began_and_one_that_was_only_entered_since_are_told_apart() -> None:
    after = sheets(codes=("P0001", "P0002", "P0003"))
    after["partnerships"].loc[1, "began"] = date(2012, 9, 1)
    assert changes(sheets(), after).groups == {
        BEGUN: (
            ("The P0002", "cluster of schools, since 1 September 2012"),
            ("The P0003", "cluster of schools, since 1 September 2009, entered since"),
        )
    }


def test_one_that_ended_and_one_that_was_taken_away() -> None:
    ended = changes(sheets(), sheets(ended=date(2012, 9, 28))).groups
    assert ended == {ENDED: (("The P0001", "on 28 September 2012; plans to go on had been: a wish"),)}
    assert changes(sheets(codes=("P0001", "P0002")), sheets()).groups == {
        GONE: (("The P0002", "it is not in the register any more"),)
    }
    # Entered since as one that had ended before: it did not end since.
    after = sheets(codes=("P0001", "P0002"))
    after["partnerships"].loc[1, "ended"] = date(2011, 1, 1)
    assert list(changes(sheets(), after).groups) == [BEGUN]


def test_warnings_come_and_go_with_their_facts() -> None:
    quiet, loud = sheets(), sheets(challenges=open_roles(date(2012, 9, 1)))
    ((name, told),) = changes(quiet, loud).groups[WARNED]
    assert name == "The P0001"
    assert told.startswith("unclear roles, poor communication and changes of personnel at once. Open are clarity of r")
    early = sheets(challenges=open_roles(date(2012, 1, 1)))
    gone = changes(early, quiet)
    assert gone.groups == {WENT: (("The P0001", "unclear roles, poor communication and changes of personnel at once"),)}
    assert gone.counts.endswith("none gives a stall warning, 1 at the last meeting")
    over = changes(early, sheets(challenges=open_roles(date(2012, 1, 1)), ended=date(2012, 9, 1)))
    assert over.groups[WENT][0][1].endswith("at once; it goes on no more")


def test_health_checks_that_are_new() -> None:
    old, new = date(2012, 1, 1), date(2012, 9, 20)
    found = changes(checked(sheets(), old), checked(sheets(), old, new)).groups
    assert list(found) == [CHECKED]
    assert found[CHECKED][0][1] == (
        "1 of 17 in place, 0 in progress, 0 not, on 20 September 2012. Since 1 January 2012, nothing changed."
    )


def test_of_many_the_first_are_told_and_the_rest_counted() -> None:
    many = tuple(f"P{at:04}" for at in range(1, MOST + 4))
    after = sheets(codes=many)
    after["partnerships"]["began"] = [BEGAN, *[THEN + timedelta(days=1)] * (MOST + 2)]
    told = changes(sheets(), after).groups[BEGUN]
    assert len(told) == MOST + 1
    assert told[-1] == ("", "and 2 more")
