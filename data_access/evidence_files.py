"""The evidence register as a table of text, out and in again: one line an entry.

A line without a code is a new entry; one with a code changes that entry, if nobody changed it since the file was made.
Entries that a file leaves out stay as they are. A file is taken whole or not at all.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pandas as pd
from sqlalchemy import Connection, Engine, select

from data_access import edits, happened, queries
from data_access.engine import writing
from data_access.errors import ChangedMeanwhile, ImportRefused, Problem
from data_access.evidence import TITLES, EvidenceRefused, add_row, as_row, checked, holds, known, today
from data_access.files.checked import missing_columns
from data_access.files.table import Table
from data_access.files.written import as_typed, day
from data_access.places import ENGLAND_CODE
from data_access.register_tables import evidence
from measures.strength import KINDS

CODE, EDIT = "Code", "Edit"
YES, NO = "yes", "no"
SEVERAL: Final = "; "


@dataclass(frozen=True)
class Taken:
    """What a file did: the codes of what is new, what changed, and how many lines said what is there already."""

    new: list[str]
    changed: list[str]
    same: int


def table(register: pd.DataFrame, area_names: Mapping[str, str]) -> pd.DataFrame:
    """Entries as text in the columns that a file has: Code, Edit, then those of TITLES.

    register: as data_access.evidence.register gives it. area_names: code → name.
    """
    made = {CODE: register["code"], EDIT: register["from_edit"].astype(int)}
    for name, title in TITLES.items():
        made[title] = register[name].map(_writing(name, area_names))
    return pd.DataFrame(made).reset_index(drop=True)


def _writing(name: str, area_names: Mapping[str, str]) -> Callable[[Any], Any]:
    if name == "areas":
        return lambda codes: SEVERAL.join(area_names[code] for code in codes)
    if name == "outcomes":
        return SEVERAL.join
    if name == "kind":
        return lambda kind: KINDS[kind]
    if name in ("compared", "illustrative"):
        return lambda value: YES if value else NO
    return lambda value: "" if value is None else value.isoformat() if isinstance(value, date) else value


@happened.an_import()
def bring_in(engine: Engine, file: Table, by: str) -> Taken:
    """Take a file of entries, all in one edit; raises ImportRefused with every problem, having written nothing."""
    wrong = missing_columns(file, list(TITLES.values()))
    if wrong:
        raise ImportRefused(wrong)
    lines = file.whole()
    with writing(engine) as connection:
        reading = _Reading(connection, file.name)
        entries = [reading.entry(int(str(at)) + 2, line) for at, line in zip(lines.index, as_typed(lines), strict=True)]
        if reading.problems:
            raise ImportRefused(reading.problems)
        return _write(connection, [entry for entry in entries if entry is not None], file.name, by)


@dataclass(frozen=True)
class _Entry:
    code: str
    seen: int
    row: dict[str, Any]
    line: int


class _Reading:
    """Lines of a file as entries, with the problems that were found so far."""

    def __init__(self, connection: Connection, file: str):
        self.file, self.problems, self.known, self.today = file, list[Problem](), known(connection), today()
        self.there = set(connection.execute(select(evidence.c.code)).scalars())
        self.codes_of_areas = {"england": ENGLAND_CODE} | {
            str(row[name]).lower(): str(row["code"])
            for frame in (queries.regions(connection), queries.authorities(connection))
            for row in frame.to_dict("records")
            for name in ("code", "name")
        }
        self.lines: dict[str, int] = {}

    def _problem(self, line: int, column: str, value: str | None, message: str, remedy: str) -> None:
        self.problems.append(Problem(self.file, line, column, value[:60] if value else None, message, remedy))

    def entry(self, line: int, cells: Mapping[str, str]) -> _Entry | None:
        """One line; None where it cannot be read, or is blank."""
        before = len(self.problems)
        code, seen = cells.get(CODE, ""), cells.get(EDIT, "")
        if code and code not in self.there:
            self._problem(line, CODE, code, "there is no such entry.", "Empty the cell to add a new one.")
        elif code and not seen.isdecimal():
            self._problem(line, EDIT, seen, "a line with a code needs the number of its edit.", "Export it anew.")
        elif code in self.lines:
            self._problem(line, CODE, code, f"it stands in row {self.lines[code]}, too.", "Leave one of the two lines.")
        if code:
            self.lines[code] = line
        values = {name: self._value(line, name, cells[title]) for name, title in TITLES.items()}
        if len(self.problems) > before:
            return None
        try:
            made = checked(values, self.known, self.today)
        except EvidenceRefused as error:
            for fault in error.faults:
                title = TITLES[fault.field]
                self._problem(line, title, cells[title], fault.message, fault.remedy)
            return None
        return _Entry(code, int(seen) if code else 0, as_row(made), line)

    def _value(self, line: int, name: str, cell: str) -> Any:
        """A cell as the register holds it."""
        if name in ("began", "ended"):
            return self._day(line, TITLES[name], cell)
        if name in ("invited", "responded"):
            return self._count(line, TITLES[name], cell)
        if name in ("compared", "illustrative"):
            if cell.lower() not in (YES, NO, ""):
                self._problem(line, TITLES[name], cell, "this is neither yes nor no.", "Write yes or no.")
            return cell.lower() == YES
        if name in ("outcomes", "areas"):
            parts = [part.strip() for part in cell.split(SEVERAL.strip()) if part.strip()]
            return [self.codes_of_areas.get(part.lower(), part) for part in parts] if name == "areas" else parts
        if name == "kind":
            return {title.lower(): kind for kind, title in KINDS.items()}.get(cell.lower(), cell)
        return cell

    def _day(self, line: int, title: str, cell: str) -> date | None:
        found = day(cell)
        if isinstance(found, date):
            return found
        if cell:
            self._problem(line, title, cell, found, "Write it as 2011-03-31 or 31/03/2011.")
        return None

    def _count(self, line: int, title: str, cell: str) -> int | None:
        plain = cell.replace(",", "").removesuffix(".0")
        if plain and not re.fullmatch(r"[0-9]{1,12}", plain):
            self._problem(line, title, cell, "this is no whole number.", "Write one such as 254, or leave it empty.")
            return None
        return int(plain) if plain else None


def _write(connection: Connection, entries: list[_Entry], file: str, by: str) -> Taken:
    new, changed, stale = [], [], list[Problem]()
    there = [entry for entry in entries if entry.code and holds(connection, entry.code, entry.row, entry.seen)]
    wanted = [entry for entry in entries if entry not in there]
    if wanted:
        number = edits.begin(connection, by, f"Evidence from the file {file}")
    for entry in wanted:
        if not entry.code:
            new.append(add_row(connection, entry.row, number))
            continue
        try:
            edits.change(connection, evidence, entry.code, entry.row, number, seen=entry.seen)
        except ChangedMeanwhile as error:
            message = f"it was changed since this file was made: {error.sentence.removeprefix('Nothing was saved: ')}"
            stale.append(Problem(file, entry.line, CODE, entry.code, message, "Export the register anew."))
        changed.append(entry.code)
    if stale:
        raise ImportRefused(stale)
    return Taken(new, changed, len(there))
