"""The pack of one meeting, the same for every format: its views made again, and what goes around them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pandas as pd

from charts.figure import Figure, headline, slugify, text_or_blank
from data_access import meetings, queries
from data_access.engine import get_engine, reading
from data_access.errors import DataAccessError, UnknownCode
from exports import definitions
from exports.office.parts import Section
from exports.pack import chapters, natives
from exports.pack.parts import Pack, View
from exports.pack.pinned import Pinned
from exports.views import data, registry
from measures import words

LATEST = "latest"
LONGEST = 80  # characters of a title in a file name
NOTHING = "There is no figure for what this view shows."


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


def pack(meeting_id: int, *, address: str = "", made_on: date | None = None) -> Pack:
    """The pack of a meeting. address: where the dashboard is served, '' where that is not known.

    Views show the data version that is fixed with them, or else the current one. Raises UnknownCode where there is no
    such meeting, PackRefused where its agenda is empty.
    """
    current = data.current_version()
    with reading(get_engine()) as connection:
        row, listed = meetings.one(connection, meeting_id), meetings.agenda(connection, meeting_id)
        noted, before = meetings.decisions(connection, meeting_id), meetings.before(connection, meeting_id)
        promised = None if before is None else meetings.decisions(connection, int(before["id"]))
        known_members = queries.nag_members(connection)
    if listed.empty:
        raise PackRefused(
            f"The agenda of “{row['title']}” is empty, so there is no pack to make.",
            "Pin a chart to the meeting from its page, then make the pack again.",
        )
    over = pd.notna(row["data_version"])
    version = int(row["data_version"]) if over else current
    members = dict(zip(known_members["code"], known_members["name"], strict=True))
    views, shown = _views(listed, version, address)
    known = data.reference(version)
    server = address.rstrip("/")
    illustrative = bool(row["illustrative"]) or known.illustrative
    said = f"{version}, {words.day(known.made_at)}"
    return Pack(
        title=str(row["title"]),
        held=" · ".join(part for part in (words.day(row["held_on"]), row["place"], _chair(row, members)) if part),
        present=chapters.names(row["present"], members),
        state=_state(over, said, current != version),
        version=said,
        made_on=words.day(made_on or date.today()),
        illustrative=illustrative,
        kind_words=known.kind_words,
        source=f"Data version {said}{' · Illustrative data' if illustrative else ''}",
        stem=slugify(str(row["title"])[:LONGEST], str(row["held_on"])),
        views=views,
        sections=_sections(views, noted, promised, before, members, over=over),
        definitions=definitions.table(shown),
        links={"The meeting in the dashboard": f"{server}/meeting?meeting={meeting_id}"} if server else {},
    )


def _views(listed: pd.DataFrame, version: int, address: str) -> tuple[list[View], pd.DataFrame]:
    """The views of an agenda, and the records of the indicators that they show, in the strategy's order."""
    views, codes = [], set()
    for number, item in enumerate(listed.to_dict("records"), 1):
        fixed = version if pd.isna(item["data_version"]) else int(item["data_version"])
        view = View(
            number=number,
            headline=text_or_blank(item["headline"]),
            presenter=text_or_blank(item["presenter"]),
            note=text_or_blank(item["note"]),
            version=fixed,
            at="",
        )
        try:
            figure = registry.again(str(item["origin"]), fixed)
        except DataAccessError as error:
            views.append(_gone(view, f"This view cannot be made any more: {error.sentence}"))
            continue
        if figure is None:
            views.append(_gone(view, NOTHING))
            continue
        pinned = Pinned(figure, fixed)
        codes |= set(pinned.indicators["code"])
        at = f"{address.rstrip('/')}{registry.link(str(item['origin']), fixed)}" if address else ""
        views.append(_made(replace(view, at=at), pinned))
    known = data.reference(version).indicators
    return views, known[known["code"].isin(codes)]


def _made(view: View, pinned: Pinned) -> View:
    figure: Figure = pinned.figure
    forms = natives.forms(pinned)
    tables, drawn = natives.tables(pinned, forms)
    return replace(
        view,
        headline=view.headline or figure.headline,
        figure=figure,
        forms=forms,
        tables=tables,
        drawn=drawn,
    )


def _gone(view: View, why: str) -> View:
    """A view that cannot be made any more."""
    return replace(view, headline=view.headline or headline("This view cannot be shown any more"), why=why)


def _chair(row: pd.Series, members: Mapping[str, str]) -> str:
    chair = text_or_blank(row["chair"])
    return f"Chair: {members.get(chair, chair)}" if chair else ""


def _state(over: bool, version: str, earlier: bool) -> str:
    """Which figures the pack shows."""
    if not over:
        return f"The meeting is to come: the figures are those of data version {version}."
    later = " Later figures may differ." if earlier else ""
    return f"The figures are those that the meeting saw, of data version {version}.{later}"


def _sections(
    views: Sequence[View],
    noted: pd.DataFrame,
    promised: pd.DataFrame | None,
    before: pd.Series | None,
    members: Mapping[str, str],
    *,
    over: bool,
) -> list[Section]:
    none = "Nothing was noted in this meeting." if over else "Nothing has been decided yet: the meeting is to come."
    made = [chapters.agenda(views), chapters.decisions(noted, "Decisions and actions", members, none)]
    if promised is not None and before is not None:
        heading = f"Decided on {words.day(before['held_on'])}"
        made.append(chapters.decisions(promised, heading, members, "Nothing was noted in that meeting."))
    return made
