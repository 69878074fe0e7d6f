"""Which actions are late on a day, by hand; and that a day more never makes one less late."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.periods import from_code, last_day
from measures.lateness import (
    OVER,
    STATUSES,
    Milestone,
    counted,
    finding,
    reference_day,
    rule,
    said,
    step_words,
    with_lateness,
)

DAY = date(2012, 8, 31)
DAYS = st.dates(date(2009, 1, 1), date(2013, 12, 31))


def one(status: str, due: date | None, *steps: Milestone, day: date = DAY) -> dict:
    frame = pd.DataFrame({"status": [status], "due": [due], "milestones": [steps]}, dtype=object)
    return with_lateness(frame, day).iloc[0].to_dict()


@pytest.mark.parametrize(
    ("status", "due", "days"),
    [
        ("under_way", date(2012, 8, 30), 1),
        ("not_started", date(2011, 8, 31), 366),
        ("under_way", DAY, 0),
        ("under_way", date(2012, 9, 1), 0),
        ("done", date(2010, 1, 1), 0),
        ("stopped", date(2010, 1, 1), 0),
        ("under_way", None, 0),
    ],
)
def test_late_is_what_is_neither_done_nor_stopped_and_was_due_before_the_day(
    status: str, due: date | None, days: int
) -> None:
    found = one(status, due)
    assert (found["late"], found["days_late"]) == (days > 0, days)
    assert found["lateness"] == ("late" if days else "in_time")


def test_a_milestone_is_late_until_it_is_reached_and_while_its_action_is_open() -> None:
    step = Milestone("Half of it", date(2012, 3, 30), date(2012, 5, 1))
    assert not one("under_way", DAY, step)["milestones_late"]
    assert one("under_way", DAY, step, day=date(2012, 4, 30))["milestones_late"] == 1
    assert not one("under_way", DAY, step, day=step.due)["milestones_late"]
    never = Milestone("The rest", date(2012, 3, 30))
    assert one("under_way", DAY, never)["lateness"] == "milestone"
    for over in OVER:
        assert one(over, DAY, never)["lateness"] == "in_time"


@given(st.sampled_from(list(STATUSES)), st.none() | DAYS, st.lists(DAYS), DAYS, st.integers(0, 400))
def test_a_later_day_never_makes_an_action_less_late(
    status: str, due: date | None, steps: list[date], day: date, more: int
) -> None:
    milestones = [Milestone("x", step) for step in steps]
    before = one(status, due, *milestones, day=day)
    after = one(status, due, *milestones, day=day + timedelta(more))
    assert after["days_late"] >= before["days_late"]
    assert after["milestones_late"] >= before["milestones_late"]
    assert status not in OVER or not after["late"]


def test_the_day_is_the_end_of_the_period_or_today() -> None:
    assert reference_day(DAY, date(2026, 1, 1)) == DAY
    assert reference_day(DAY, date(2010, 1, 1)) == date(2010, 1, 1)
    ends = {"2011/12": DAY, "2011/12 autumn": date(2011, 12, 31), "2011/12 spring": date(2012, 4, 30)}
    assert {code: last_day(from_code(code).position) for code in ends} == ends
    assert last_day(from_code("2012 May").position) == date(2012, 5, 31)
    assert "due before 31 August 2012." in rule(DAY)


def test_it_is_said_in_words() -> None:
    assert said("under_way", 1, 2) == "Under way, 1 day late"
    assert said("under_way", 0, 2) == "Under way, 2 milestones late"
    assert said("done", 0, 0) == "Done"
    assert finding(9, 38) == "9 of 38 actions are late"
    assert finding(1, 38) == "1 of 38 actions is late"
    assert finding(0, 38) == "No action of 38 is late"
    assert finding(0, 1) == "No action of 1 is late"
    assert (finding(1, 1), finding(9, 9)) == ("The one action shown is late", "All 9 actions shown are late")
    assert finding(0, 0) == "No action to show"
    assert counted(["done", "stopped", "done"]) == "2 done and 1 stopped"
    assert step_words(Milestone("Half", DAY)) == "Half, due 31 August 2012, not reached"
    assert step_words(Milestone("Half", DAY, DAY)).endswith("reached 31 August 2012")
