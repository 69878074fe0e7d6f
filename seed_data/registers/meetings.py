"""The illustrative meetings: one that is over, and what the next one has on its agenda."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from data_access import edits
from data_access.engine import current_version
from data_access.meetings import MEMBERS
from data_access.register_tables import agenda_item, decision, meeting
from seed_data import reference

BY = "Illustrative data"


@lru_cache
def content() -> dict[str, Any]:
    """The file: past and next, each with what there is to say of the meeting, its agenda and what was noted."""
    return reference.read(Path(__file__).parent / "meetings.yaml")


def past(connection: Connection) -> int:
    """Write the meeting that is over, at the data version that counts; returns that version."""
    version = current_version(connection)
    number = edits.begin(connection, BY, "The meeting of summer 2012")
    _write(connection, content()["past"], number, version=version)
    return version


def to_come(connection: Connection, seen: int) -> None:
    """Write the next meeting and its agenda. seen: the data version that the meeting before saw."""
    _write(connection, content()["next"], edits.begin(connection, BY, "The agenda of autumn 2012"), before=seen)


def _write(
    connection: Connection, given: dict[str, Any], number: int, *, version: int | None = None, before: int | None = None
) -> None:
    about = {name: given[name] for name in ("title", "held_on", "place", "chair")}
    present = MEMBERS.join(given.get("present", []))
    row = about | {"present": present, "data_version": version, "illustrative": True}
    key = edits.add(connection, meeting, row, number)
    views = []
    for position, view in enumerate(given["agenda"], 1):
        fixed = before if view.get("then") else version
        said = {name: view.get(name, "") for name in ("headline", "note", "presenter")}
        item = {"meeting": key, "position": position, "origin": view["figures"], "data_version": fixed} | said
        views.append(edits.add(connection, agenda_item, item, number))
    for noted in given.get("noted", []):
        said = {name: noted.get(name) for name in ("kind", "text", "owner", "due", "action")}
        edits.add(connection, decision, said | {"meeting": key, "agenda_item": views[noted["about"] - 1]}, number)
