"""The pack of one meeting, the same for every format: its views, and what goes around them."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from charts.figure import slugify
from data_access import meetings, queries
from data_access.engine import get_engine, reading
from data_access.errors import DataAccessError, UnknownCode
from exports import agenda, definitions, minutes, shown
from exports.agenda import Pinned
from exports.office.parts import Section
from exports.pack import chapters, natives
from exports.pack.parts import Pack, View
from exports.pack.told import Told
from exports.views import data
from measures import words

LATEST = "latest"
LONGEST = 80  # characters of a title in a file name


class PackRefused(DataAccessError):
    """There is nothing to make a pack of."""


def numbered(meeting: str) -> int:
    """The number of a meeting, given as such or as 'latest': the next one, or the last. Raises UnknownCode."""
    if meeting.strip().lower() == LATEST:
        with reading(get_engine()) as connection:
            return meetings.latest(connection)
    if not meeting.strip().isdecimal():
        raise UnknownCode(f"“{meeting[:40]}” is not the number of a meeting.", "Give its number, or latest.")
    return int(meeting)


@dataclass(frozen=True)
class _Read:
    """A meeting (a row of data_access.meetings.meetings), the one before it, what was noted in each, member → name."""

    meeting: pd.Series
    noted: pd.DataFrame
    before: pd.Series | None
    promised: pd.DataFrame | None
    members: dict[str, str]

    @property
    def over(self) -> bool:
        return bool(pd.notna(self.meeting["data_version"]))


def pack(meeting_id: int, *, address: str = "", made_on: date | None = None) -> Pack:
    """The pack of a meeting. address: where the dashboard is served, '' where that is not known.

    Of a meeting that is over everything is of the data version that it saw; views may be fixed to one of their own.
    Raises UnknownCode where there is no such meeting, PackRefused where its agenda is empty.
    """
    current, read, pinned = data.current_version(), _read(meeting_id), agenda.views(meeting_id)
    meeting, server = read.meeting, address.rstrip("/")
    if not pinned:
        raise PackRefused(
            f"The agenda of “{meeting['title']}” is empty, so there is no pack to make.",
            "Pin a chart to the meeting from its page, then make the pack again.",
        )
    version = int(meeting["data_version"]) if read.over else current
    known = data.reference(version)
    views, codes = [], set[str]()
    for each in pinned:
        told = None if each.figure is None else Told(each.figure, each.version)
        codes |= set() if told is None else set(told.indicators["code"])
        views.append(_view(each, told, server))
    present = [read.members.get(code, code) for code in meeting["present"]]
    illustrative = bool(meeting["illustrative"]) or known.illustrative
    said = f"{version}, {words.day(known.made_at)}"
    return Pack(
        title=str(meeting["title"]),
        held=" · ".join(part for part in (words.day(meeting["held_on"]), meeting["place"]) if part),
        present=words.joined(present),
        about=minutes.about(meeting)[1:],
        version=said,
        made_on=words.day(made_on or date.today()),
        illustrative=illustrative,
        kind_words=known.kind_words,
        source=f"Data version {said}{' · Illustrative data' if illustrative else ''}",
        stem=stem(meeting),
        views=views,
        sections=_sections(read, views, version),
        definitions=definitions.table(known.indicators[known.indicators["code"].isin(codes)]),
        links={"The meeting in the dashboard": f"{server}/meeting?meeting={meeting_id}"} if server else {},
    )


def stem(meeting: pd.Series) -> str:
    """The name of a meeting's pack without ending: 'national-advisory-group_2012-03-07'."""
    return slugify(str(meeting["title"])[:LONGEST], str(meeting["held_on"]))


def _read(meeting_id: int) -> _Read:
    with reading(get_engine()) as connection:
        before = meetings.before(connection, meeting_id)
        members = queries.nag_members(connection)
        return _Read(
            meeting=meetings.one(connection, meeting_id),
            noted=meetings.decisions(connection, meeting_id),
            before=before,
            promised=None if before is None else meetings.decisions(connection, int(before["id"])),
            members=dict(zip(members["code"], members["name"], strict=True)),
        )


def _view(each: Pinned, told: Told | None, server: str) -> View:
    """A view of the agenda with its native forms; where it cannot be made any more, with the sentence that says so."""
    forms = natives.forms(told) if told else []
    tables, drawn = natives.tables(told, forms) if told else ([], False)
    trouble = each.trouble.partition(" Known: ")[0]
    return View(
        number=each.number,
        headline=each.headline,
        presenter=each.presenter,
        note=each.note,
        version=each.version,
        at=f"{server}{each.link}" if server and each.link else "",
        figure=each.figure,
        forms=forms,
        tables=tables,
        drawn=drawn,
        why=f"This view cannot be shown: {trouble}" if trouble else "",
    )


def _sections(read: _Read, views: list[View], version: int) -> list[Section]:
    now = shown.understood({}, version)
    none = "Nothing was noted in this meeting." if read.over else "Nothing has been decided yet: it is still to come."
    made = [
        chapters.agenda(views),
        *chapters.changes(now, read.before, read.meeting),
        chapters.promises(now, read.meeting),
        chapters.decisions(read.noted, "Decisions and actions", read.members, none),
    ]
    if read.promised is not None and read.before is not None:
        heading = f"Decided on {words.day(read.before['held_on'])}"
        made.append(chapters.decisions(read.promised, heading, read.members, "Nothing was noted in that meeting."))
    return made
