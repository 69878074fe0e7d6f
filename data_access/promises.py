"""What is promised in a meeting goes into the plan in the same step: as an action of its own, or onto one there is."""

from datetime import date

from sqlalchemy import Connection, Engine

from data_access import meetings, plan
from data_access.engine import writing
from data_access.errors import UnknownCode
from measures import words


def promise(
    engine: Engine,
    number: int,
    text: str,
    by: str,
    *,
    into: str,
    owner: str | None = None,
    due: date | None = None,
    agenda_item: int | None = None,
) -> str:
    """Note an action in a meeting and write it into the plan; returns the code of the plan's action.

    into: the code of an action line ('2.2'), in which the text becomes a new action with its owner and due day; or of
    an action ('2.2.2'), whose note then says what was promised on the day of the meeting. All or nothing. Raises
    MeetingRefused, PlanRefused, UnknownCode.
    """
    with writing(engine) as connection:
        held_on = meetings.one(connection, number)["held_on"]
        if into in set(plan.lines(connection)["code"]):
            new = plan.NewAction(into, text, plan.Promise(owner=owner, due=due))
            code = plan.add(connection, new, by=by, reason=f"Promised in the meeting of {words.day(held_on)}")
        else:
            code = into
            _onto(connection, code, f"Meeting of {words.day(held_on)}: {text}", by)
        said = {"owner": owner, "due": due, "agenda_item": agenda_item, "action": code}
        meetings.decide_within(connection, number, "action", text, by, **said)
    return code


def places(connection: Connection) -> dict[str, str]:
    """Where in the plan a promise may stand, code → title: a new action in a line, or an action that is there."""
    lines, actions = plan.lines(connection), plan.in_force(plan.actions(connection))
    titles = {code: f"New action in {code} {title}" for code, title in zip(lines["code"], lines["title"], strict=True)}
    return titles | {code: f"{code} {title}" for code, title in zip(actions["code"], actions["title"], strict=True)}


def _onto(connection: Connection, code: str, sentence: str, by: str) -> None:
    """Write a sentence below an action's note."""
    there = plan.actions(connection)
    found = there[there["code"] == code]
    if found.empty:
        raise UnknownCode(f"There is no action {code[:20]}.", "Choose one of the plan.")
    row = found.iloc[0]
    said = plan.Promise(
        owner=row["owner"],
        starts=row["starts"],
        due=row["due"],
        status=row["status"],
        note="\n".join(part for part in (row["note"], sentence) if part),
        milestones=row["milestones"],
        illustrative=bool(row["illustrative"]),
    )
    plan.save(connection, code, said, by=by, seen=int(row["seen"]), reason="Promised in a meeting")
