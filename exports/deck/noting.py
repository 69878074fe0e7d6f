"""What is typed while slides are shown: a decision or an action, into the minutes of the meeting."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from data_access import meetings, queries
from data_access.engine import get_engine, reading
from data_access.errors import DataAccessError

LONGEST: Final = 20_000  # bytes of a request
FIELDS: Final = ("kind", "text", "by", "owner", "due", "item")
OWNER: Final = 120  # characters, as the minutes hold them


class NoteRefused(DataAccessError):
    """What was typed cannot be noted as it is."""


def understood(body: bytes) -> dict[str, Any]:
    """The note in the JSON of a request: kind, text, by, owner, due, item. Raises NoteRefused."""
    try:
        given = json.loads(body)
    except ValueError as error:
        raise _unreadable() from error
    if not isinstance(given, dict):
        raise _unreadable()
    note: dict[str, Any] = {name: given.get(name) for name in FIELDS}
    texts = ("kind", "text", "by", "owner", "due")
    if any(not isinstance(note[name], str | None) for name in texts) or not isinstance(note["item"], int | None):
        raise _unreadable()
    note |= {name: (note[name] or "").strip() for name in texts}
    if not note["by"]:
        raise NoteRefused("Your name is missing.", "Type it: it stands in the history.")
    try:
        note["due"] = date.fromisoformat(note["due"]) if note["due"] else None
    except ValueError as error:
        raise NoteRefused("The day is not a date.", "Write it as 2012-03-07.") from error
    return note


def keep(number: int, note: Mapping[str, Any]) -> int:
    """Write a note into the minutes of a meeting; returns its number, the same one where it is sent a second time.

    Raises MeetingRefused, UnknownCode, NoteRefused.
    """
    values = _values(number, note)
    with reading(get_engine()) as connection:
        rows = meetings.decisions(connection, number).astype(object)
    for row in rows.where(rows.notna(), None).to_dict("records"):
        if (row["kind"], row["text"]) == (note["kind"], note["text"]) and all(row[k] == v for k, v in values.items()):
            return int(row["id"])  # the answer to it was lost on the way, so the browser sends it again
    return meetings.decide(get_engine(), number, note["kind"], note["text"], note["by"], **values)


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
