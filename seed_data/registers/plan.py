"""The illustrative plan: who owns which action, its days and status, and one yearly review, as edits of their own."""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from data_access import edits, plan
from data_access.register_tables import action, plan_version
from measures.lateness import Milestone
from seed_data import reference

BY = "Illustrative data"


@lru_cache
def content() -> dict[str, Any]:
    """The file: version, actions, review, steps."""
    return reference.read(Path(__file__).parent / "plan.yaml")


def fill(connection: Connection) -> None:
    """Give the strategy's actions their illustrative owners, days and status, and hold the review of 2010."""
    agreed(connection)
    progress(connection)


def agreed(connection: Connection) -> None:
    """The plan of 2009 as version 1, what was done until the review of 2010, and that review as version 2."""
    given, review = content(), content()["review"]
    number = _step(connection, "agreed", _at_start(given))
    first = {"number": 1, "edit": number, "illustrative": True}
    connection.execute(insert(plan_version).values(given["version"] | first))
    day = review["agreed_on"]
    at_review = [_promised(row, day, row.get("at_review", "not_started")) for row in given["actions"]]
    _step(connection, "before_review", at_review)
    seen = _seen(connection)
    said = plan.Review(
        agreed_on=day,
        title=review["title"],
        note=review["note"],
        seen=1,
        endings=tuple(plan.Ending(row["code"], row["why"], seen[row["code"]]) for row in review["ended"]),
        new=tuple(
            plan.NewAction(
                row["line"],
                row["title"],
                _new(row),
            )
            for row in review["new"]
        ),
    )
    plan.review(connection, said, by=BY, illustrative=True)


def progress(connection: Connection) -> None:
    """What was done after the review, up to summer 2012."""
    given = content()
    ended = {row["code"] for row in given["review"]["ended"]}
    there = plan.actions(connection)
    codes = dict(zip(there["title"], there["code"], strict=True))
    rows = [row for row in given["actions"] if row["code"] not in ended]
    rows += [row | {"code": codes[row["title"]]} for row in given["review"]["new"]]
    _step(
        connection, "since", [_promised(row, date.max, row["status"]) | {"note": row.get("note", "")} for row in rows]
    )


def _new(row: dict[str, Any]) -> plan.Promise:
    return plan.Promise(
        row["owner"], row["starts"], row["due"], milestones=_milestones(row, row["starts"]), illustrative=True
    )


def _at_start(given: dict[str, Any]) -> list[dict[str, Any]]:
    day = given["version"]["agreed_on"]
    return [_promised(row, day, row.get("at_start", "not_started")) for row in given["actions"]]


def _step(connection: Connection, name: str, rows: list[dict[str, Any]]) -> int:
    """Write what is said of the actions as one edit; returns its number."""
    seen = _seen(connection)
    number = edits.begin(connection, BY, content()["steps"][name])
    for row in rows:
        values = {key: value for key, value in row.items() if key != "code"}
        edits.change(connection, action, row["code"], values, number, seen=seen[row["code"]])
    return number


def _seen(connection: Connection) -> dict[str, int]:
    return {row.code: row.from_edit for row in connection.execute(select(action.c.code, action.c.from_edit))}


def _promised(row: dict[str, Any], until: date, status: str) -> dict[str, Any]:
    """What is said of an action on a day."""
    return {
        "code": row["code"],
        "owner": row["owner"],
        "starts": row["starts"],
        "due": row["due"],
        "status": status,
        "milestones": plan.as_json(_milestones(row, until)),
        "illustrative": True,
    }


def _milestones(row: dict[str, Any], until: date) -> tuple[Milestone, ...]:
    """An action's milestones, those reached until a day as reached."""
    return tuple(
        Milestone(step["title"], step["due"], done if (done := step.get("done")) and done <= until else None)
        for step in row.get("milestones", [])
    )
