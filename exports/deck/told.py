"""What stands between the views: since the last meeting, and how the plan stands. Said as the pack says it."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from exports.office.parts import Said, Section
from exports.pack import chapters
from exports.shown import Shown


@dataclass(frozen=True)
class Told:
    """A heading with its sentences; **words** between two pairs of asterisks are bold.

    against: what they compare, for the foot of the slide.
    """

    heading: str
    sentences: tuple[str, ...]
    against: str = ""


def since(now: Shown, before: pd.Series | None, meeting: pd.Series) -> list[Told]:
    """By priority: what moved, turned or was revised since the meeting before; then what partnerships did.

    As exports.pack.chapters.changes says.
    """
    made: list[Told] = []
    for section in chapters.changes(now, before, meeting):
        groups = [f"{name}: {_bold(said)}" for name, found in section.groups.items() for said in found]
        # Without a meeting before there is nothing to compare with, and the first sentence says so.
        lead, against = (section.lead, "") if before is None else (section.lead[1:], section.lead[0].text.rstrip("."))
        said = [f"**{section.finding}**"] if section.finding else []
        made.append(Told(section.heading, (*said, *map(_bold, lead), *groups), against))
    return made


def plan(now: Shown, meeting: pd.Series) -> list[Told]:
    """By action line, then what is late, as on the day of the meeting (exports.pack.chapters.promises)."""
    section = chapters.promises(now, meeting)
    lines, *late = [table.frame.to_dict("records") for table in section.tables]
    by_line = [
        f"**{row['Action line']}**: {row['Actions']} actions, {row['Done']} done, {row['Late']} late" for row in lines
    ]
    made = [Told(f"{section.heading}: {section.finding}", (*map(_bold, _without_rule(section)), *by_line))]
    for rows in late:
        behind = [f"**{row['Action']}**: {row['Owner']}, due {row['Due']}. {row['Status']}" for row in rows]
        made.append(Told("Late actions and milestones", tuple(behind)))
    return made


def _without_rule(section: Section) -> Sequence[Said]:
    """How many have which status, and that it is illustrative; the rule of lateness is for those who read."""
    return [section.lead[0], *section.lead[2:]]


def _bold(said: Said) -> str:
    return f"**{said.about}**: {said.text}" if said.about else said.text
