"""What is typed while slides are shown: a decision or an action, into the minutes of the meeting."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from data_access import meetings, promises, queries
from data_access.engine import get_engine, reading
from data_access.errors import DataAccessError

LONGEST: Final = 20_000  # bytes of a request
TEXTS: Final = ("kind", "text", "by", "owner", "due", "into")
OWNER: Final = 120  # characters, as the minutes hold them


class NoteRefused(DataAccessError):
    """What was typed cannot be noted as it is."""


def understood(body: bytes) -> dict[str, Any]:
    """The note in the JSON of a request: kind, text, by, owner, due, into ('' or a place of the plan), item.

    Raises NoteRefused.
    """
    try:
        given = json.loads(body)
    except ValueError as error:
        raise _unreadable() from error
    if not isinstance(given, dict):
        raise _unreadable()
    note: dict[str, Any] = {name: given.get(name) for name in (*TEXTS, "item")}
    if any(not isinstance(note[name], str | None) for name in TEXTS) or not isinstance(note["item"], int | None):
        raise _unreadable()
    note |= {name: (note[name] or "").strip() for name in TEXTS}
    if not note["by"]:
        raise NoteRefused("Your name is missing.", "Type it: it stands in the history.")
    try:
        note["due"] = date.fromisoformat(note["due"]) if note["due"] else None
    except ValueError as error:
        raise NoteRefused("The day is not a date.", "Write it as 2012-03-07.") from error
    return note


def keep(number: int, note: Mapping[str, Any]) -> bool:
    """Write a note into the minutes of a meeting, and a promise into the plan where it has a place there.

    False where it stands there already: its answer was lost on the way, and the browser sent it again. Raises
    MeetingRefused, PlanRefused, UnknownCode, NoteRefused.
    """
    values, engine = _values(number, note), get_engine()
    with reading(engine) as connection:
        rows = meetings.decisions(connection, number).astype(object)
    said = {"kind": note["kind"], "text": note["text"], **values}
    there = rows.where(rows.notna(), None).to_dict("records")
    if any(all(row[name] == value for name, value in said.items()) for row in there):
        return False
    if note["kind"] == "action" and note["into"] and note["text"]:
        promises.promise(engine, number, note["text"], note["by"], into=note["into"], **values)
    else:
        meetings.decide(engine, number, note["kind"], note["text"], note["by"], **values)
    return True


def _values(number: int, note: Mapping[str, Any]) -> dict[str, Any]:
    """Owner (a member's code, or a partner by name), due and agenda_item, as the minutes hold them."""
    with reading(get_engine()) as connection:
        items = set(meetings.agenda(connection, number)["id"])
        members = queries.nag_members(connection)
    codes = {name.lower(): code for name, code in zip(members["name"], members["code"], strict=True)}
    if len(note["owner"]) > OWNER:
        raise NoteRefused(f"The owner is longer than {OWNER} characters.", "Shorten it, then save again.")
    return {
        "owner": codes.get(note["owner"].lower(), note["owner"]) or None,
        "due": note["due"],
        "agenda_item": note["item"] if note["item"] in items else None,
    }


def _unreadable() -> NoteRefused:
    return NoteRefused("The note could not be read.", "Reload the slides and type it again.")
