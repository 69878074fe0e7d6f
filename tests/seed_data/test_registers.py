"""The illustrative registers: whole, plausible, flagged, and quickly written."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from data_access import edits, plan
from data_access.engine import reading
from measures.lateness import OVER, STATUSES
from seed_data import reference
from seed_data.registers import plan as register

CODES = [action["code"] for line in reference.strategy()["action_lines"] for action in line["actions"]]


def test_every_action_of_the_strategy_has_an_owner_and_days() -> None:
    assert [row["code"] for row in register.content()["actions"]] == CODES
    members = {member["code"] for member in reference.strategy()["nag_members"]}
    owners = {row["owner"] for row in register.content()["actions"]}
    assert members <= owners, "every member owns an action"


@pytest.mark.parametrize("row", register.content()["actions"] + register.content()["review"]["new"], ids=str)
def test_what_is_said_of_an_action_can_be(row: dict[str, Any]) -> None:
    about = reference.strategy()["strategy"]
    assert date(2009, 1, 1) <= row["starts"] < row["due"] <= about["ends"]
    for key in ("at_start", "at_review", "status"):
        assert row.get(key, "not_started") in STATUSES
    steps = register._milestones(row, date.max)
    plan.check(plan.Promise(row["owner"], row["starts"], row["due"], milestones=steps), "It")
    assert all(step.done is None or step.done <= about["ends"] for step in steps)
    if row.get("status") == "done":
        assert all(step.done for step in steps), "what is done has no open milestone"


def test_the_plan_is_filled_as_two_versions_and_what_came_after(reader: Engine) -> None:
    with reading(reader) as connection:
        found, versions = plan.actions(connection), plan.versions(connection)
        assert edits.at(connection, 1) < edits.current(connection), "progress came after the first figures"
    assert versions["number"].tolist() == [2, 1]
    assert versions["illustrative"].all()
    ended = found[found["ended"].notna()]
    assert sorted(ended["code"]) == ["1.1.3", "1.1.7", "3.2.4"]
    assert set(ended["status"]) <= set(OVER)
    assert sorted(found.loc[found["plan"] == 2, "code"]) == ["1.1.8", "2.2.5", "3.2.7"]
    assert found["illustrative"].all()
