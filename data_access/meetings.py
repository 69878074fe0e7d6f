"""Meetings of the national advisory group: their agenda of pinned views, what was decided, what was promised.

A meeting that is over keeps the data version that it saw; its agenda and minutes are then closed.
"""

from collections.abc import Mapping
from datetime import date

import pandas as pd
from sqlalchemy import Connection, Engine, Table, func, select

from data_access import bulk, edits
from data_access.engine import current_version, writing
from data_access.errors import DataAccessError, UnknownCode
from data_access.register_tables import agenda_item, decision, meeting

LONGEST = {"title": 160, "place": 160, "chair": 120, "headline": 160, "note": 4000, "presenter": 120, "text": 2000}
MEMBERS = "|"


class MeetingRefused(DataAccessError):
    """What was asked of a meeting cannot be done."""


def meetings(connection: Connection, edit: int | None = None) -> pd.DataFrame:
    """Every meeting, latest first: id, title, held_on, place, chair, present (a list), data_version, illustrative.

    edit: as they stood after it, here as in every function that has it; None: now. data_version is missing until the
    meeting is over. from_edit: what `seen` is in changes.
    """
    there = edits.table(meeting, edit)
    frame = bulk.frame(connection, select(there).order_by(there.c.held_on.desc(), there.c.id.desc()))
    return frame.assign(present=frame["present"].map(_listed), data_version=frame["data_version"].astype("Int64"))


def one(connection: Connection, number: int, edit: int | None = None) -> pd.Series:
    """A meeting's row of `meetings`; raises UnknownCode."""
    frame = meetings(connection, edit)
    found = frame[frame["id"] == number]
    if found.empty:
        raise UnknownCode(f"There is no meeting {number}.", "The Meeting page lists them.")
    return found.iloc[0]


def latest(connection: Connection) -> int:
    """The number of the next meeting: the earliest that is not over, else the last; raises UnknownCode."""
    frame = meetings(connection)
    if frame.empty:
        raise UnknownCode("There is no meeting yet.", "Plan one on the Meeting page.")
    to_come = frame[frame["data_version"].isna()]
    return int((to_come.iloc[-1] if len(to_come) else frame.iloc[0])["id"])


def before(connection: Connection, number: int) -> pd.Series | None:
    """The meeting that was over last when this one was held, or is to be; None where there is none."""
    this, frame = one(connection, number), meetings(connection)
    earlier = frame[(frame["held_on"] < this["held_on"]) & frame["data_version"].notna()]
    return None if earlier.empty else earlier.iloc[0]


def agenda(connection: Connection, number: int, edit: int | None = None) -> pd.DataFrame:
    """The pinned views of a meeting in order: id, position, origin, data_version, headline, note, presenter, from_edit.

    origin: what makes the figure (exports.views.registry). data_version: missing where it shows what counts then.
    """
    there = edits.table(agenda_item, edit)
    query = select(there).where(there.c.meeting == number).order_by(there.c.position, there.c.id)
    frame = bulk.frame(connection, query)
    return frame.assign(data_version=frame["data_version"].astype("Int64"))


def decisions(connection: Connection, number: int, edit: int | None = None) -> pd.DataFrame:
    """What was noted in a meeting, in order: id, agenda_item, kind, text, owner, due, action, from_edit."""
    there = edits.table(decision, edit)
    return bulk.frame(connection, select(there).where(there.c.meeting == number).order_by(there.c.id))


def plan_meeting(engine: Engine, values: Mapping[str, object], by: str) -> int:
    """Put a meeting into the calendar (title, held_on, place, chair); returns its number. Raises MeetingRefused."""
    _check(values, needs=("title", "held_on"))
    with writing(engine) as connection:
        number = edits.begin(connection, by, f"Planned the meeting “{values['title']}”")
        return edits.add(connection, meeting, values, number)


def change_meeting(engine: Engine, number: int, values: Mapping[str, object], by: str, *, seen: int) -> None:
    """Change what is said of a meeting (present: a list of members' codes). Raises MeetingRefused, ChangedMeanwhile."""
    _check(values)
    stored = {
        name: MEMBERS.join(value) if name == "present" and isinstance(value, list) else value
        for name, value in values.items()
    }
    with writing(engine) as connection:
        edit = edits.begin(connection, by, "Changed the meeting")
        edits.change(connection, meeting, number, stored, edit, seen=seen)


def close(engine: Engine, number: int, by: str, *, seen: int) -> int:
    """The meeting is over: the figures that it saw are kept with it; returns their data version.

    Views that were to show what counts are fixed to it. Raises MeetingRefused, ChangedMeanwhile.
    """
    with writing(engine) as connection:
        _open(connection, number)
        version = current_version(connection)
        edit = edits.begin(connection, by, "Closed the meeting")
        edits.change(connection, meeting, number, {"data_version": version}, edit, seen=seen)
        for item in agenda(connection, number).to_dict("records"):
            if pd.isna(item["data_version"]):
                fixed = {"data_version": version}
                edits.change(connection, agenda_item, item["id"], fixed, edit, seen=item["from_edit"])
    return version


def pin(engine: Engine, number: int, origin: str, by: str, **values: object) -> int:
    """Add a view at the end of a meeting's agenda (headline, note, presenter, data_version); returns its number.

    Raises MeetingRefused, UnknownCode.
    """
    _check(values)
    with writing(engine) as connection:
        _open(connection, number)
        last = select(func.coalesce(func.max(agenda_item.c.position), 0)).where(agenda_item.c.meeting == number)
        position = int(connection.execute(last).scalar_one()) + 1
        edit = edits.begin(connection, by, "Pinned a view")
        row = {"meeting": number, "position": position, "origin": origin, **values}
        return edits.add(connection, agenda_item, row, edit)


def change_item(engine: Engine, item: int, values: Mapping[str, object], by: str, *, seen: int) -> None:
    """Change a pinned view's headline, note, presenter or data_version. Raises MeetingRefused, ChangedMeanwhile."""
    _check(values)
    with writing(engine) as connection:
        _open(connection, _meeting_of(connection, agenda_item, item))
        edits.change(connection, agenda_item, item, values, edits.begin(connection, by, "Changed a view"), seen=seen)


def reorder(engine: Engine, number: int, items: list[int], by: str) -> None:
    """Put the views of a meeting into this order. Raises MeetingRefused where the agenda has others by now."""
    with writing(engine) as connection:
        _open(connection, number)
        there = agenda(connection, number)
        if set(there["id"]) != set(items):
            raise MeetingRefused("The agenda changed meanwhile; the order is as it was.", "Look at it and move again.")
        edit = edits.begin(connection, by, "Moved a view")
        seen = dict(zip(there["id"], there["from_edit"], strict=True))
        for position, item in enumerate(items, 1):
            edits.change(connection, agenda_item, item, {"position": position}, edit, seen=seen[item])


def unpin(engine: Engine, item: int, by: str, *, seen: int) -> None:
    """Take a view from the agenda. Raises MeetingRefused, ChangedMeanwhile."""
    with writing(engine) as connection:
        _open(connection, _meeting_of(connection, agenda_item, item))
        edits.remove(connection, agenda_item, item, edits.begin(connection, by, "Took a view away"), seen=seen)


def decide(engine: Engine, number: int, kind: str, text: str, by: str, **values: object) -> int:
    """Note what was decided ('decision') or promised ('action': owner, due, action of the plan); returns its number.

    agenda_item: the view it was said about. Raises MeetingRefused.
    """
    with writing(engine) as connection:
        return decide_within(connection, number, kind, text, by, **values)


def decide_within(connection: Connection, number: int, kind: str, text: str, by: str, **values: object) -> int:
    """The same within a transaction."""
    _check({"text": text, **values}, needs=("text",))
    if kind not in ("decision", "action"):
        raise MeetingRefused(f"“{kind}” is neither a decision nor an action.", "Choose one of the two.")
    _open(connection, number)
    edit = edits.begin(connection, by, f"Noted: {text[:120]}")
    return edits.add(connection, decision, {"meeting": number, "kind": kind, "text": text, **values}, edit)


def change_decision(engine: Engine, noted: int, values: Mapping[str, object], by: str, *, seen: int) -> None:
    """Change what was noted. Raises MeetingRefused, ChangedMeanwhile."""
    _check(values)
    with writing(engine) as connection:
        _open(connection, _meeting_of(connection, decision, noted))
        edits.change(connection, decision, noted, values, edits.begin(connection, by, "Changed a note"), seen=seen)


def strike(engine: Engine, noted: int, by: str, *, seen: int) -> None:
    """Take away what was noted. Raises MeetingRefused, ChangedMeanwhile."""
    with writing(engine) as connection:
        _open(connection, _meeting_of(connection, decision, noted))
        edits.remove(connection, decision, noted, edits.begin(connection, by, "Struck a note"), seen=seen)


def _listed(text: str) -> list[str]:
    return [code for code in text.split(MEMBERS) if code]


def _meeting_of(connection: Connection, table: Table, key: int) -> int:
    found = connection.execute(select(table.c.meeting).where(table.c.id == key)).scalar()
    if found is None:
        raise MeetingRefused("It was taken away meanwhile.", "Reload the page to see the meeting as it stands.")
    return int(found)


def _open(connection: Connection, number: int) -> None:
    """Raise UnknownCode where there is no such meeting, MeetingRefused where it is over."""
    if pd.notna(one(connection, number)["data_version"]):
        raise MeetingRefused("This meeting is over; its agenda and minutes are closed.", "Choose the next meeting.")


def _check(values: Mapping[str, object], needs: tuple[str, ...] = ()) -> None:
    for name in needs:
        if not str(values.get(name) or "").strip():
            raise MeetingRefused(f"The {name.replace('_', ' ')} is missing.", "Fill it in, then save again.")
    for name, value in values.items():
        if isinstance(value, str) and len(value) > LONGEST.get(name, 4000):
            raise MeetingRefused(
                f"The {name} is longer than {LONGEST[name]:,} characters.", "Shorten it, then save again."
            )
        if name in ("held_on", "due") and value is not None and not isinstance(value, date):
            raise MeetingRefused("The day is not a date.", "Write it as 2012-03-07.")
