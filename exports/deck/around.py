"""What the slides say around the views: what changed since the last meeting, and how the plan stands."""

from collections.abc import Iterable

import pandas as pd

from data_access import meetings
from data_access.engine import get_engine, reading
from exports import shown
from exports.deck.content import Told
from exports.office.parts import Said, Section
from exports.pack import chapters
from exports.views import data


def since_and_plan(number: int) -> tuple[list[Told], list[Told]]:
    """Both, of one meeting; of one that is over as it saw them. Raises UnknownCode."""
    current = data.current_version()
    with reading(get_engine()) as connection:
        meeting, before = meetings.one(connection, number), meetings.before(connection, number)
    now = shown.understood({}, current if pd.isna(meeting["data_version"]) else int(meeting["data_version"]))
    sections = chapters.changes(now, before)
    changes = [Told(section.heading, tuple(_changed(section, first=at == 0))) for at, section in enumerate(sections)]
    plan = chapters.promises(now, meeting)
    return changes, [Told(plan.heading, tuple(_promised(plan)))]


def _changed(section: Section, *, first: bool) -> Iterable[str]:
    """A priority's changes; what is set against what is said once, at the beginning."""
    if first:
        yield _marked(section.lead[0])
    if section.finding:
        yield f"**{section.finding}**"
    for name, found in section.groups.items():
        yield from (f"{name}: {_marked(said)}" for said in found)
    yield from map(_marked, section.lead[1:])


def _promised(section: Section) -> Iterable[str]:
    yield f"**{section.finding}**"
    for row in section.tables[-1].frame.to_dict("records") if len(section.tables) > 1 else []:
        yield f"**{row['Action']}** ({row['Owner']}), due {row['Due']}: {row['Status']}"
    yield from map(_marked, section.lead)


def _marked(said: Said) -> str:
    return f"**{said.about}**: {said.text}" if said.about else said.text
