"""What the slides of a meeting say, without how they look."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd

from data_access import meetings, promises, queries
from data_access.engine import get_engine, reading
from data_access.errors import UnknownCode
from exports import minutes, shown
from exports.deck import told, views
from exports.deck.views import Made
from exports.views import data
from measures import words

ILLUSTRATIVE: Final = "Illustrative data"
ILLUSTRATIVE_MEETING: Final = minutes.ILLUSTRATIVE.rstrip(".")
ROOM_FOR: Final = 14.5  # lines of text on a slide
BETWEEN: Final = 0.4  # of a line, between two sentences
LINE: Final = 74  # characters of one


@dataclass(frozen=True)
class Slide:
    """One slide. kind: 'cover', 'list', 'view' or 'noted'; foot: what stands at its foot.

    view, item, part, parts: of a pinned view, its number in the database and which of how many slides;
    open_to_regions: true where it can be shown for another region. note, presenter: for whoever presents, not for the
    room.
    """

    kind: str
    heading: str
    lines: tuple[str, ...] = ()
    foot: str = ""
    numbered_from: int | None = None
    view: Made | None = None
    item: int | None = None
    part: int = 0
    parts: int = 1
    note: str = ""
    presenter: str = ""
    open_to_regions: bool = False


@dataclass(frozen=True)
class Deck:
    """A meeting to present. open: notes can still be taken; names: of the members, for the owner of an action.

    places: code → title of the plan's action lines and actions, where a promise may go.
    """

    number: int
    title: str
    open: bool
    slides: tuple[Slide, ...]
    regions: tuple[str, ...]
    names: tuple[str, ...]
    places: dict[str, str]


@dataclass(frozen=True)
class _Read:
    """A meeting as the database has it, and the one before it that is over.

    names: of the members, by code; places: of the plan, where a promise may stand.
    version: the figures that it sees; then: 'As it stood on …' once it is over.
    """

    meeting: pd.Series
    before: pd.Series | None
    agenda: pd.DataFrame
    noted: pd.DataFrame
    names: dict[str, str]
    places: dict[str, str]
    current: int

    @property
    def over(self) -> bool:
        return bool(pd.notna(self.meeting["data_version"]))

    @property
    def version(self) -> int:
        return int(self.meeting["data_version"]) if self.over else self.current

    @property
    def then(self) -> str:
        return f"As it stood on {words.day(self.meeting['held_on'])}" if self.over else ""

    @property
    def foot(self) -> str:
        return _foot(self.then, ILLUSTRATIVE if data.reference(self.version).illustrative else "")


def _read(number: int) -> _Read:
    current = data.current_version()
    with reading(get_engine()) as connection:
        members = queries.nag_members(connection)
        return _Read(
            meetings.one(connection, number),
            meetings.before(connection, number),
            meetings.agenda(connection, number),
            meetings.decisions(connection, number),
            dict(zip(members["code"], members["name"], strict=True)),
            promises.places(connection),
            current,
        )


def deck(number: int) -> Deck:
    """The slides of a meeting in order. Raises UnknownCode where there is no such meeting, DatabaseProblem."""
    read = _read(number)
    now = shown.understood({}, read.version)
    pinned = [_pinned(row, read) for row in read.agenda.to_dict("records")]
    items = [_line(slides[0], row) for slides, row in zip(pinned, read.agenda.to_dict("records"), strict=True)]
    slides = (
        _cover(read),
        *lists("Agenda", items or ["No view is pinned yet."], read.foot, numbered=bool(items)),
        *_told(told.since(now, read.before, read.meeting), read.foot),
        *(slide for item in pinned for slide in item),
        *_told(told.plan(now, read.meeting), read.foot),
        *_noted_slides(read),
    )
    return Deck(
        number,
        read.meeting["title"],
        not read.over,
        slides,
        views.regions(read.version),
        tuple(read.names.values()),
        read.places,
    )


def one_by_one(number: int) -> Iterator[list[Slide]]:
    """The slides of each pinned view, drawn as they are asked for; a deck made afterwards finds them drawn."""
    read = _read(number)
    for row in read.agenda.to_dict("records"):
        yield _pinned(row, read)


def noted(number: int) -> tuple[Slide, ...]:
    """The slides of what has been noted in a meeting, as it stands now. Raises UnknownCode."""
    return _noted_slides(_read(number))


def in_region(number: int, item: int, part: int, region: str) -> Slide:
    """One slide of a pinned view made anew for a region. Raises UnknownCode."""
    read = _read(number)
    rows = read.agenda[read.agenda["id"] == item]
    if rows.empty:
        raise UnknownCode("This view was taken from the agenda.", "Reload the slides to see the agenda as it stands.")
    slides = _pinned(rows.iloc[0].to_dict(), read, region)
    return slides[min(part, len(slides) - 1)]


def lists(heading: str, sentences: Sequence[str], foot: str, *, numbered: bool = False) -> list[Slide]:
    """Sentences as slides with as many on each as there is room for."""
    pages: list[list[str]] = [[]]
    used = 0.0
    for sentence in sentences:
        takes = 1 + len(sentence) // LINE + BETWEEN
        if pages[-1] and used + takes > ROOM_FOR:
            pages.append([])
            used = 0.0
        pages[-1].append(sentence)
        used += takes
    made, first = [], 1
    for page in pages:
        made.append(Slide("list", heading, tuple(page), foot, numbered_from=first if numbered else None))
        first += len(page)
    return made


def _told(sections: Sequence[told.Told], foot: str) -> list[Slide]:
    made = [lists(each.heading, each.sentences, _foot(each.against, foot)) for each in sections]
    return [slide for slides in made for slide in slides]


def _line(slide: Slide, row: dict[Any, Any]) -> str:
    """A view on the agenda: its headline, and who presents it."""
    return f"{row['headline'] or slide.heading}" + (f" ({slide.presenter})" if slide.presenter else "")


def _noted_slides(read: _Read) -> tuple[Slide, ...]:
    """What was decided and promised, the latest first, since that is what the room has just heard."""
    rows, at = read.noted.astype(object), {item: place for place, item in enumerate(read.agenda["id"], 1)}
    rows = rows.where(rows.notna(), None)
    lines = [_noted(row, at, read.names) for _, row in rows.iloc[::-1].iterrows()]
    foot = _foot(read.then, ILLUSTRATIVE_MEETING if read.meeting["illustrative"] else "")
    made = lists("Decisions and actions so far", lines or ["Nothing has been noted yet."], foot)
    return tuple(replace(slide, kind="noted") for slide in made)


def _noted(row: pd.Series, at: dict[int, int], names: dict[str, str]) -> str:
    """'**Action**: Train leaders. Owner: Ofsted. Due: 1 June 2012.'"""
    return f"**{str(row['kind']).capitalize()}**: {minutes.in_words(row, at, names).replace('**', '')}"


def _cover(read: _Read) -> Slide:
    meeting = read.meeting
    present = words.joined([read.names.get(code, code) for code in meeting["present"]])
    where = f", {meeting['place']}" if meeting["place"] else ""
    lines = [f"{words.day(meeting['held_on'])}{where}"]
    lines += [f"Chair: {meeting['chair']}"] if meeting["chair"] else []
    lines += [f"Present: {present}"] if present else []
    lines += [minutes.figures_seen(meeting)] if read.over else []
    lines += [minutes.ILLUSTRATIVE] if meeting["illustrative"] else []
    return Slide("cover", meeting["title"], tuple(lines), read.foot)


def _pinned(row: dict[Any, Any], read: _Read, region: str = "") -> list[Slide]:
    """The slides of an agenda item, of another region where one is given."""
    at = read.version if pd.isna(row["data_version"]) else int(row["data_version"])
    then = read.then or (f"As it stood on {views.day_of(at)}" if at < read.current else "")
    origins = views.parts(str(row["origin"]), at)
    slides = []
    for part, origin in enumerate(origins):
        made = views.made(views.in_region(origin, region) if region else origin, at, f"i{row['id']}p{part}-")
        headline = str(row["headline"]) if made.trouble or (len(origins) == 1 and not region) else ""
        said = (made.trouble,) if made.trouble else made.said
        if headline and not made.trouble and headline.rstrip(".") != made.headline:
            said = (f"{made.headline}.", *said)[: views.SENTENCES]
        slides.append(
            Slide(
                kind="view",
                heading=headline or made.headline,
                lines=said,
                foot=_foot(then, made.source),
                view=made,
                item=int(row["id"]),
                part=part,
                parts=len(origins),
                note=str(row["note"]),
                presenter=str(row["presenter"]),
                open_to_regions=not made.trouble and views.open_to_regions(origin),
            )
        )
    return slides


def _foot(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
