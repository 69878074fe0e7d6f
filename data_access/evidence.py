"""The evidence register: read as it stands or stood, and edited with its history; what cannot be is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

import pandas as pd
from sqlalchemy import Connection, Engine, select, union

from data_access import bulk, edits, queries
from data_access.engine import writing
from data_access.errors import DataAccessError
from data_access.files.refusal import FORMULA_SIGNS
from data_access.places import ENGLAND_CODE
from data_access.register_tables import edit, evidence, evidence_past
from measures.strength import KINDS

# Column → what people call it, in the order in which they are asked for it.
TITLES: Final = {
    "title": "Title",
    "kind": "Kind",
    "organisation": "Organisation",
    "began": "Began",
    "ended": "Ended",
    "method": "Method",
    "sample": "Sample",
    "invited": "Asked",
    "responded": "Answered",
    "compared": "Comparison group",
    "found": "What it found",
    "outcomes": "Outcomes",
    "areas": "Areas",
    "source": "Source",
    "illustrative": "Illustrative",
}
LONGEST: Final = {"title": 200, "organisation": 160, "method": 2000, "sample": 200, "found": 2000, "source": 300}
MOST: Final = 10_000_000  # people, schools or records
EARLIEST: Final = date(1988, 9, 1)
_LISTS = ("outcomes", "areas")


@dataclass(frozen=True)
class Fault:
    """One thing wrong with an entry: which field (a key of TITLES), what, and what to do."""

    field: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{TITLES[self.field]}: {self.message} {self.remedy}"


class EvidenceRefused(DataAccessError):
    """An entry that cannot be as it is; `faults` says why, field by field."""

    def __init__(self, faults: list[Fault]):
        self.faults = faults
        super().__init__("Nothing was saved.", " ".join(str(fault) for fault in faults))


def register(connection: Connection, number: int | None = None) -> pd.DataFrame:
    """Every entry as it stood after an edit (None: as it stands), the latest work first.

    Columns: code, those of TITLES, from_edit. began and ended are dates (ended may be None), invited and responded
    whole numbers or None, outcomes and areas lists of codes.
    """
    there = edits.table(evidence, number)
    frame = bulk.frame(connection, select(there).order_by(there.c.began.desc(), there.c.code))
    return _as_lists(frame)


def changes(connection: Connection, most: int = 50) -> pd.DataFrame:
    """The latest edits of the register, newest first: made_at (UTC), made_by, reason."""
    touched = union(
        select(evidence.c.from_edit), select(evidence_past.c.from_edit), select(evidence_past.c.to_edit)
    ).subquery()
    query = (
        select(edit.c.made_at, edit.c.made_by, edit.c.reason)
        .where(edit.c.number.in_(select(touched)))
        .order_by(edit.c.number.desc())
        .limit(most)
    )
    frame = bulk.frame(connection, query)
    return frame.assign(made_at=pd.to_datetime(frame["made_at"], utc=True))


def history(connection: Connection, code: str) -> pd.DataFrame:
    """How an entry stood after each of its edits, newest first: as `register`, with made_at, made_by, reason."""
    return _as_lists(edits.history(connection, evidence, code))


def add(engine: Engine, values: Mapping[str, Any], by: str) -> str:
    """Enter a new piece of evidence; returns its code. values: the keys of TITLES. Raises EvidenceRefused."""
    with writing(engine) as connection:
        made = checked(values, known(connection), today())
        number = edits.begin(connection, by, f"Evidence entered: {made['title']}")
        return add_row(connection, as_row(made), number)


def change(engine: Engine, code: str, values: Mapping[str, Any], by: str, *, seen: int) -> bool:
    """Give an entry new values, keeping what it was; False where they are what it holds, and nothing is written.

    seen: the from_edit that it came with when it was read. Raises EvidenceRefused, ChangedMeanwhile.
    """
    with writing(engine) as connection:
        made = as_row(checked(values, known(connection), today()))
        if holds(connection, code, made, seen):
            return False
        number = edits.begin(connection, by, f"Evidence {code} changed: {made['title']}")
        return edits.change(connection, evidence, code, made, number, seen=seen)


def take_away(engine: Engine, code: str, by: str, *, seen: int) -> None:
    """Take an entry out of the register; what it was is kept. seen: as in `change`. Raises ChangedMeanwhile."""
    with writing(engine) as connection:
        title = connection.execute(select(evidence.c.title).where(evidence.c.code == code)).scalar() or ""
        number = edits.begin(connection, by, f"Evidence {code} taken away: {title}")
        edits.remove(connection, evidence, code, number, seen=seen)


# What an entry may hold ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Known:
    """The codes that an entry may name."""

    outcomes: frozenset[str]
    areas: frozenset[str]


def known(connection: Connection) -> Known:
    """The outcomes of the strategy; England, its regions and local authorities."""
    areas = {ENGLAND_CODE, *queries.regions(connection)["code"], *queries.authorities(connection)["code"]}
    return Known(frozenset(queries.outcomes(connection)["code"]), frozenset(areas))


def today() -> date:
    """The day it is, in UTC."""
    return datetime.now(UTC).date()


def checked(values: Mapping[str, Any], there: Known, on: date) -> dict[str, Any]:
    """The values as they are to be kept: trimmed, without control characters. Raises EvidenceRefused with every fault.

    on: today; nothing can have been gathered after it.
    """
    made = {name: _plain(values[name]) if name in LONGEST else values[name] for name in TITLES}
    faults = [
        *_faults_of_text(made),
        *_faults_of_days(made, on),
        *_faults_of_counts(made),
        *_faults_of_codes(made, there),
    ]
    if faults:
        order = list(TITLES)
        raise EvidenceRefused(sorted(faults, key=lambda fault: order.index(fault.field)))
    return made


def as_row(made: Mapping[str, Any]) -> dict[str, Any]:
    """Checked values as the table holds them."""
    return {**made, **{name: "|".join(made[name]) for name in _LISTS}}


def holds(connection: Connection, code: str, row: Mapping[str, Any], seen: int) -> bool:
    """Whether an entry is as it was when read, and says the same as a row already."""
    there = connection.execute(select(evidence).where(evidence.c.code == code)).mappings().first()
    return there is not None and there["from_edit"] == seen and all(there[name] == row[name] for name in TITLES)


def add_row(connection: Connection, row: Mapping[str, Any], number: int) -> str:
    """Insert a row with edit `number` under the first code of the kind E01 that no entry has or had; returns that."""
    used = connection.execute(union(select(evidence.c.code), select(evidence_past.c.code))).scalars()
    numbers = [int(code[1:]) for code in used if code[:1] == "E" and code[1:].isdecimal()]
    code = f"E{max(numbers, default=0) + 1:02d}"
    edits.add(connection, evidence, {"code": code, **row}, number)
    return code


def _as_lists(frame: pd.DataFrame) -> pd.DataFrame:
    lists = {name: frame[name].str.split("|").astype(object) for name in _LISTS}
    counts = {
        name: pd.Series([None if pd.isna(v) else int(v) for v in frame[name]], index=frame.index, dtype=object)
        for name in ("invited", "responded")
    }
    return frame.assign(**lists, **counts)


def _plain(text: Any) -> str:
    """Text without what neither a database nor a reader can use: control characters but line ends."""
    return "".join(sign for sign in str(text) if sign == "\n" or sign.isprintable()).strip()


def _faults_of_text(made: Mapping[str, Any]) -> list[Fault]:
    found = []
    for name, longest in LONGEST.items():
        if not made[name]:
            found.append(Fault(name, "it is empty.", "Say it in a few words."))
        elif len(made[name]) > longest:
            found.append(Fault(name, f"it has {len(made[name]):,} characters.", f"Shorten it to {longest:,}."))
        elif made[name].startswith(FORMULA_SIGNS):
            found.append(Fault(name, f"it begins with {made[name][0]}, as a formula does.", "Begin with a word."))
    if made["kind"] not in KINDS:
        found.append(Fault("kind", f"“{str(made['kind'])[:40]}” is no kind.", f"Use {', '.join(KINDS.values())}."))
    return found


def _faults_of_days(made: Mapping[str, Any], on: date) -> list[Fault]:
    began, ended = made["began"], made["ended"]
    if began is None:
        return [Fault("began", "it is empty.", "Say on which day the work began.")]
    found = []
    for name, day in (("began", began), ("ended", ended)):
        if day is not None and day > on:
            found.append(Fault(name, f"{day} is in the future.", "Enter evidence once it has been gathered."))
        elif day is not None and day < EARLIEST:
            found.append(Fault(name, f"{day} is too long ago.", f"Use a day from {EARLIEST.year} on."))
    if ended is not None and ended < began:
        found.append(Fault("ended", f"{ended} is before it began ({began}).", "Correct one of the two days."))
    return found


def _faults_of_counts(made: Mapping[str, Any]) -> list[Fault]:
    invited, responded = made["invited"], made["responded"]
    found = [
        Fault(name, f"{count:,} is no possible count.", f"Use a number from {least} to {MOST:,}, or leave it empty.")
        for name, count, least in (("invited", invited, 1), ("responded", responded, 0))
        if count is not None and not least <= count <= MOST
    ]
    if not found and invited is not None and responded is not None and responded > invited:
        message = f"{responded:,} are more than the {invited:,} who were asked."
        found.append(Fault("responded", message, "Correct one of the two numbers."))
    if made["compared"] and made["kind"] != "evaluation":
        found.append(Fault("compared", "only an evaluation has one.", "Untick it, or choose the kind Evaluation."))
    return found


def _faults_of_codes(made: Mapping[str, Any], there: Known) -> list[Fault]:
    found = []
    for name, codes, one in (("outcomes", there.outcomes, "outcome"), ("areas", there.areas, "area")):
        given = list(made[name])
        unknown = sorted(set(given) - codes)
        if not given:
            found.append(Fault(name, "none is named.", f"Choose at least one {one}."))
        elif unknown:
            said = ", ".join(f"“{code[:40]}”" for code in unknown[:5])
            found.append(Fault(name, f"{said} is not a known {one}.", "Choose from the list."))
        elif len(set(given)) < len(given):
            found.append(Fault(name, f"an {one} is named twice.", "Name each once."))
    return found
