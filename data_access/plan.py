"""The implementation plan: its actions as they stand or stood, what people promise of them, and its yearly review."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import Connection, insert, select

from data_access import bulk, edits, queries
from data_access.errors import ChangedMeanwhile, DataAccessError, UnknownCode
from data_access.register_tables import action, edit, plan_version
from data_access.schema import action_line
from measures import words
from measures.lateness import OVER, STATUSES, Milestone

LONGEST_OWNER, LONGEST_NOTE, LONGEST_TITLE = 120, 2000, 200
NO_OWNER = "No owner named"


class PlanRefused(DataAccessError):
    """What was said of the plan cannot be; nothing was written."""


@dataclass(frozen=True)
class Promise:
    """What is said of an action.

    owner: the code or name of a member, or a partner's name; None: nobody yet. illustrative: some of it is invented.
    """

    owner: str | None = None
    starts: date | None = None
    due: date | None = None
    status: str = "not_started"
    note: str = ""
    milestones: tuple[Milestone, ...] = ()
    illustrative: bool = False


@dataclass(frozen=True)
class Ending:
    """An action that a review ends, why, and the edit that the action came with when it was read."""

    code: str
    why: str
    seen: int


@dataclass(frozen=True)
class NewAction:
    """An action that a review adds to an action line."""

    line: str
    title: str
    promise: Promise = Promise()


@dataclass(frozen=True)
class Review:
    """A yearly review: what ends, what is new. seen: the plan version that it revises, 0 for the first plan."""

    agreed_on: date
    title: str
    note: str
    seen: int
    endings: tuple[Ending, ...] = ()
    new: tuple[NewAction, ...] = ()


# Read ----------------------------------------------------------------------------------------------------


def actions(connection: Connection, number: int | None = None) -> pd.DataFrame:
    """Every action as it stood after an edit (None: now), those that ended, too, in the order of their codes.

    Columns: line, line_title, priority, code, title, partner (of the strategy's text), owner, owner_name (NO_OWNER
    where there is none), starts, due, status, note, milestones (a tuple of Milestones), plan (the version it came
    with), ended, ended_why, illustrative, seen (the edit it came with). What is not known is None.
    """
    there = edits.table(action, number).c
    query = select(
        action_line.c.title.label("line_title"),
        action_line.c.priority,
        *(column for column in there if column.name != "from_edit"),
        there.from_edit.label("seen"),
    ).join(action_line, action_line.c.code == there.action_line)
    found = bulk.frame(connection, query).rename(columns={"action_line": "line"}).astype(object)
    found = found.where(found.notna(), None)
    found = found.iloc[sorted(range(len(found)), key=lambda at: _in_order(found["code"].iloc[at]))]
    names = member_names(connection)
    return found.assign(
        owner_name=[_named(owner, names) for owner in found["owner"]],
        milestones=found["milestones"].map(milestones),
    ).reset_index(drop=True)


def in_force(found: pd.DataFrame) -> pd.DataFrame:
    """The actions of `actions` that no review has ended."""
    return found[found["ended"].isna()]


def lines(connection: Connection) -> pd.DataFrame:
    """The nine action lines: code, priority, title."""
    return bulk.frame(connection, select(action_line).order_by(action_line.c.code))


def versions(connection: Connection, number: int | None = None) -> pd.DataFrame:
    """The plan versions, newest first, that there were after an edit (None: now).

    Columns: number, agreed_on, title, note, edit (after which its actions stood so), illustrative, made_at (UTC),
    made_by.
    """
    query = (
        select(plan_version, edit.c.made_at, edit.c.made_by)
        .join(edit, edit.c.number == plan_version.c.edit)
        .order_by(plan_version.c.number.desc())
    )
    found = bulk.frame(connection, query if number is None else query.where(plan_version.c.edit <= number))
    return found.assign(made_at=pd.to_datetime(found["made_at"], utc=True))


def member_names(connection: Connection) -> dict[str, str]:
    """A member's code → its name."""
    members = queries.nag_members(connection)
    return dict(zip(members["code"], members["name"], strict=True))


def milestones(text: str) -> tuple[Milestone, ...]:
    """The milestones that a row of the table holds as JSON."""
    return tuple(
        Milestone(step["title"], date.fromisoformat(step["due"]), step["done"] and date.fromisoformat(step["done"]))
        for step in json.loads(text)
    )


def _in_order(code: str) -> list[int]:
    return [int(part) for part in code.split(".")]


def _named(owner: str | None, names: dict[str, str]) -> str:
    return NO_OWNER if owner is None else names.get(owner, owner)


# Save ----------------------------------------------------------------------------------------------------


def save(connection: Connection, code: str, said: Promise, *, by: str, seen: int, reason: str = "") -> bool:
    """Write what is said of an action as an edit of its own; False where it says so already.

    seen: the edit that the action came with when it was read. Raises PlanRefused, UnknownCode, or ChangedMeanwhile
    where somebody else changed the action since; then nothing is written.
    """
    _check_name(by)
    check(said, f"Action {code}")
    there = connection.execute(select(action).where(action.c.code == code)).mappings().first()
    if there is None:
        raise UnknownCode(f"There is no action {code[:20]}.", "Choose one of the plan.")
    if there["ended"] is not None:
        raise PlanRefused(f"Action {code} ended on {words.day(there['ended'])}.", "Take it up anew in the next review.")
    values = _values(connection, said)
    if there["from_edit"] == seen and all(there[name] == value for name, value in values.items()):
        return False
    number = edits.begin(connection, by.strip(), reason.strip() or f"Action {code}")
    return edits.change(connection, action, code, values, number, seen=seen)


def review(connection: Connection, said: Review, *, by: str, illustrative: bool = False) -> int:
    """Record a yearly review as one edit: what ends, what is new, and the number of the plan that results, returned.

    An action that ends without being done is stopped. Raises PlanRefused, UnknownCode, or ChangedMeanwhile where
    another version was recorded, or an action that ends was changed, since they were read; then the caller's
    transaction is to be rolled back.
    """
    _check_name(by)
    before = versions(connection)
    _check_review(said, before, set(lines(connection)["code"]))
    version = said.seen + 1
    number = edits.begin(connection, by.strip(), f"Plan version {version}: {said.title.strip()}")
    for ending in said.endings:
        _end(connection, ending, said.agreed_on, number)
    for new in said.new:
        _insert(connection, new, version, number)
    connection.execute(
        insert(plan_version).values(
            number=version,
            agreed_on=said.agreed_on,
            title=said.title.strip(),
            note=said.note.strip(),
            edit=number,
            illustrative=illustrative,
        )
    )
    return version


def _end(connection: Connection, ending: Ending, day: date, number: int) -> None:
    status = connection.execute(select(action.c.status).where(action.c.code == ending.code)).scalar()
    values = {"ended": day, "ended_why": ending.why.strip()} | ({} if status in OVER else {"status": "stopped"})
    try:
        edits.change(connection, action, ending.code, values, number, seen=ending.seen)
    except ChangedMeanwhile as error:
        raise ChangedMeanwhile(f"Action {ending.code}: {error.sentence}", error.remedy) from error


def add(connection: Connection, new: NewAction, *, by: str, reason: str) -> str:
    """Take an action into the plan in force between two reviews; returns its code. Raises PlanRefused, UnknownCode."""
    _check_name(by)
    _check_new(new, set(lines(connection)["code"]))
    there = versions(connection)
    version = 1 if there.empty else int(there["number"].iloc[0])
    return _insert(connection, new, version, edits.begin(connection, by.strip(), reason))


def _insert(connection: Connection, new: NewAction, version: int, number: int) -> str:
    code = next_code(connection, new.line)
    row = {"code": code, "action_line": new.line, "title": new.title.strip(), "plan": version}
    edits.add(connection, action, row | _values(connection, new.promise), number)
    return code


def next_code(connection: Connection, line: str) -> str:
    """The code of a new action of a line: the next number in it, those that ended counted."""
    codes = connection.execute(select(action.c.code).where(action.c.action_line == line)).scalars()
    return f"{line}.{1 + max((_in_order(code)[-1] for code in codes), default=0)}"


def _values(connection: Connection, said: Promise) -> dict[str, object]:
    """What is said of an action as its columns hold it."""
    return {
        "owner": _owner(connection, said.owner),
        "starts": said.starts,
        "due": said.due,
        "status": said.status,
        "note": said.note.strip(),
        "milestones": as_json(said.milestones),
        "illustrative": said.illustrative,
    }


def as_json(steps: Iterable[Milestone]) -> str:
    """Milestones as a row of the table holds them, by their due days."""
    made = [
        {"title": step.title.strip(), "due": step.due.isoformat(), "done": step.done and step.done.isoformat()}
        for step in sorted(steps, key=lambda step: step.due)
    ]
    return json.dumps(made, ensure_ascii=False)


def _owner(connection: Connection, said: str | None) -> str | None:
    """A member's code for its code or name, however spelt; else the words that were said, None for none."""
    text = " ".join((said or "").split())
    for code, name in member_names(connection).items():
        if text.lower() in (code.lower(), name.lower()):
            return code
    return text or None


# Refuse --------------------------------------------------------------------------------------------------


def check(said: Promise, what: str) -> None:
    """Raise PlanRefused where what is said of an action cannot be; what: 'Action 1.1.1', to begin the sentence with."""
    if len(said.owner or "") > LONGEST_OWNER:
        raise PlanRefused(f"{what} has an owner of more than {LONGEST_OWNER} characters.", "Shorten the name.")
    if len(said.note.strip()) > LONGEST_NOTE:
        count = f"{len(said.note.strip()):,} characters, more than {LONGEST_NOTE:,}"
        raise PlanRefused(f"{what} has a note of {count}.", "Shorten it, or put the whole into the evidence.")
    if said.status not in STATUSES:
        raise PlanRefused(f"{what} has an unknown status.", f"Choose one of {words.joined(list(STATUSES.values()))}.")
    if said.starts and said.due and said.due < said.starts:
        days = f"{words.day(said.due)}, before it starts on {words.day(said.starts)}"
        raise PlanRefused(f"{what} would be due on {days}.", "Correct one of the two days.")
    for step in said.milestones:
        if not step.title.strip() or len(step.title) > LONGEST_TITLE:
            raise PlanRefused(f"{what} has a milestone without a title of 1 to {LONGEST_TITLE} characters.", "Name it.")
        if said.due and step.due > said.due:
            late = f"“{step.title.strip()}”, due on {words.day(step.due)}, after the action on {words.day(said.due)}"
            raise PlanRefused(f"{what} has a milestone, {late}.", "Bring it forward, or let the action be due later.")


def _check_name(by: str) -> None:
    if not by.strip():
        raise PlanRefused("Nobody's name was given.", "Say who you are: it stands in the history.")


def _check_review(said: Review, before: pd.DataFrame, known: set[str]) -> None:
    latest = 0 if before.empty else int(before["number"].iloc[0])
    if latest != said.seen:
        newest = before.iloc[0]
        day = words.day(newest["agreed_on"])
        raise ChangedMeanwhile(
            f"Nothing was saved: {newest['made_by']} recorded plan version {latest}, agreed on {day}, meanwhile.",
            "Your text is still in the form: look at that version, then record yours.",
        )
    if latest and said.agreed_on < before["agreed_on"].iloc[0]:
        day = words.day(before["agreed_on"].iloc[0])
        raise PlanRefused(f"The review would lie before plan version {latest}, agreed on {day}.", "Correct the day.")
    if not said.title.strip() or len(said.title.strip()) > 160:
        raise PlanRefused("The revised plan needs a title of 1 to 160 characters.", "Give it one.")
    if len(said.note.strip()) > LONGEST_NOTE:
        raise PlanRefused(f"The review's note is longer than {LONGEST_NOTE:,} characters.", "Shorten it.")
    for ending in said.endings:
        if not ending.why.strip() or len(ending.why.strip()) > LONGEST_NOTE:
            raise PlanRefused(
                f"It is not said why action {ending.code} ends.", f"Say why, in 1 to {LONGEST_NOTE:,} characters."
            )
    for new in said.new:
        _check_new(new, known)


def _check_new(new: NewAction, known: set[str]) -> None:
    if new.line not in known:
        raise UnknownCode(f"There is no action line {new.line[:20]}.", "Choose one of the nine.")
    if not new.title.strip() or len(new.title.strip()) > LONGEST_TITLE:
        raise PlanRefused(f"A new action needs a title of 1 to {LONGEST_TITLE} characters.", "Say what is to be done.")
    check(new.promise, f"The new action “{new.title.strip()}”")
