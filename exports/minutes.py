"""The minutes of a meeting: who was there, what each view showed, what was decided and promised; as text or HTML."""

from dataclasses import dataclass
from html import escape

import pandas as pd

from charts.figure import slugify
from data_access import meetings, queries
from data_access.engine import get_engine, reading
from exports import agenda
from exports.agenda import Pinned
from exports.kept import kept
from exports.views import data
from measures import words

ILLUSTRATIVE = "Illustrative: this meeting, its decisions and its actions are invented."
KINDS = {"md": "text/markdown", "html": "text/html"}
STYLE = """body { font: 12pt/1.5 Arial, sans-serif; color: #0b0c0c; max-width: 42rem; margin: 2rem auto; padding: 1rem }
h1 { font-size: 1.6rem; line-height: 1.25 } h2 { font-size: 1.2rem; margin-top: 2rem } li { margin: .4rem 0 }
@media print { body { margin: 0; max-width: none } h2 { break-after: avoid } li { break-inside: avoid } }"""


@dataclass(frozen=True)
class Section:
    """A heading with its lines, plain text; none: what stands there where there is no line."""

    heading: str
    lines: tuple[str, ...]
    none: str
    numbered: bool = False


@dataclass(frozen=True)
class Minutes:
    """A meeting in words: title, what there is to say of it as a whole, sections; stem: the name of its files."""

    title: str
    about: tuple[str, ...]
    sections: tuple[Section, ...]
    stem: str


def minutes(number: int) -> Minutes:
    """The minutes of a meeting as they stand. Raises UnknownCode where there is no such meeting."""
    return _minutes(number, agenda.current_edit(), data.current_version())


@kept(20)
def _minutes(number: int, edit: int, current: int) -> Minutes:
    with reading(get_engine()) as connection:
        meeting = meetings.one(connection, number)
        noted = meetings.decisions(connection, number)
        members = queries.nag_members(connection)
    names = dict(zip(members["code"], members["name"], strict=True))
    views = agenda.views(number)
    at = {view.item: view.number for view in views}
    present = tuple(names.get(code, code) for code in meeting["present"])
    return Minutes(
        meeting["title"],
        about(meeting),
        (
            Section("Present", present, "Nobody is noted as present."),
            Section("Agenda", tuple(shown(view) for view in views), "There was no agenda.", numbered=True),
            Section("Decisions", _noted(noted, "decision", at, names), "Nothing was decided.", numbered=True),
            Section("Actions", _noted(noted, "action", at, names), "No action was agreed.", numbered=True),
        ),
        slugify("Minutes", meeting["held_on"].isoformat()),
    )


def about(meeting: pd.Series) -> tuple[str, ...]:
    """When and where a meeting (a row of data_access.meetings.meetings) is, who leads it, which figures it sees."""
    where = f", {meeting['place']}" if meeting["place"] else ""
    lines = [f"{words.day(meeting['held_on'])}{where}."]
    if meeting["chair"]:
        lines.append(f"Chair: {meeting['chair']}.")
    lines.append(figures_seen(meeting))
    return (*lines, ILLUSTRATIVE) if meeting["illustrative"] else tuple(lines)


def figures_seen(meeting: pd.Series) -> str:
    """Which figures a meeting saw, and what has come in since; or that it is still to come."""
    current = data.current_version()
    if pd.isna(meeting["data_version"]):
        return f"The meeting is not over: it sees the figures that count, now data version {current}."
    seen = int(meeting["data_version"])
    since = words.plural(current - seen, "change")
    changed = f"; {since} to the data since" if seen < current else ", which still counts"
    return f"The meeting is over: it saw data version {seen}{changed}."


def shown(view: Pinned) -> str:
    """'Induction needs a push (Ofsted). Structured induction · England · 2011/12. Data version 15.'"""
    by = f" ({view.presenter})" if view.presenter else ""
    return f"{view.headline}{by}. {view.what or view.trouble.rstrip('.')}. Data version {view.version}."


def _noted(noted: pd.DataFrame, kind: str, at: dict[int, int], names: dict[str, str]) -> tuple[str, ...]:
    rows = noted[noted["kind"] == kind].astype(object)
    rows = rows.where(rows.notna(), None)
    return tuple(in_words(row, at, names) for _, row in rows.iterrows())


def in_words(row: pd.Series, at: dict[int, int], names: dict[str, str]) -> str:
    """What was noted, with owner, due day, action of the plan and view; nothing that is None is said.

    at: an agenda item → its number on the agenda; names: a member's code → its name.
    """
    ends = (".", "!", "?")
    parts = [row["text"] if row["text"].endswith(ends) else f"{row['text']}."]
    if row["owner"]:
        parts.append(f"Owner: {names.get(row['owner'], row['owner'])}.")
    if row["due"]:
        parts.append(f"Due: {words.day(row['due'])}.")
    if row["action"]:
        parts.append(f"Action {row['action']} of the plan.")
    if row["agenda_item"] in at:
        parts.append(f"On view {at[row['agenda_item']]}.")
    return " ".join(parts)


def markdown(made: Minutes) -> bytes:
    """The minutes as a Markdown file, which reads as plain text, too."""
    lines = [f"# {made.title}", "", *made.about]
    for section in made.sections:
        lines += ["", f"## {section.heading}", ""]
        for place, line in enumerate(section.lines, 1):
            lines.append(f"{place}. {_one_line(line)}" if section.numbered else f"- {_one_line(line)}")
        if not section.lines:
            lines.append(section.none)
    return ("\n".join(lines) + "\n").encode()


def html(made: Minutes) -> bytes:
    """The minutes as a page of its own to print or open in a word processor: headings, lists, no script."""
    parts = [f"<h1>{escape(made.title)}</h1>", *(f"<p>{escape(line)}</p>" for line in made.about)]
    for section in made.sections:
        parts.append(f"<h2>{escape(section.heading)}</h2>")
        listed = "".join(f"<li>{escape(line)}</li>" for line in section.lines)
        tag = "ol" if section.numbered else "ul"
        parts.append(f"<{tag}>{listed}</{tag}>" if listed else f"<p>{escape(section.none)}</p>")
    head = f'<meta charset="utf-8"><title>{escape(made.title)}</title><style>{STYLE}</style>'
    body = "\n".join(["<main>", *parts, "</main>"])
    return f'<!DOCTYPE html>\n<html lang="en-GB"><head>{head}</head>\n<body>\n{body}\n</body></html>\n'.encode()


def _one_line(text: str) -> str:
    return " ".join(text.split())
