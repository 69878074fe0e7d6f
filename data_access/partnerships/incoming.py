"""Files of the partnership register on their way in: one line a row of a sheet.

A line without a number is new; one with a number changes that row, if nobody changed it since the file was made. Rows
that a file leaves out stay. A part names its partnership by code, or by a name that only one has. A file is taken whole
or not at all, all in one edit.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Final

import pandas as pd
from sqlalchemy import Connection, Engine, select

from data_access import bulk, edits, happened
from data_access.engine import writing
from data_access.errors import ChangedMeanwhile, ImportRefused, Problem
from data_access.files.table import Table
from data_access.files.written import as_typed, day
from data_access.partnerships.checks import Known, RegisterRefused, checked, known
from data_access.partnerships.entries import LISTS, disagreements, next_code, unique_fields
from data_access.partnerships.fields import SHEETS, Field, Sheet
from data_access.partnerships.files import CODE, EDIT, NO, NUMBER, PARTNERSHIP, SEVERAL, YES, sheet_of
from data_access.partnerships.tables import partnership

# Columns that would hold what the register does not: who somebody is and how to reach them.
_PERSONAL: Final = re.compile(
    r"e-?mail|telephone|phone|mobile|contact|surname|first ?name|forename|date of birth|name of (the )?(person|adviser)"
    r"|(person|adviser|leader|head ?teacher|chair|coordinator|teacher)('?s)?[ _]?name",
    re.IGNORECASE,
)


@dataclass
class Taken:
    """What a file did: how many rows are new, changed, and as they were."""

    new: int = 0
    changed: int = 0
    same: int = 0


@happened.an_import()
def bring_in(engine: Engine, files: list[Table], by: str) -> Taken:
    """Take sheets of the register, all in one edit; raises ImportRefused with every problem, having written nothing."""
    found = sorted(((sheet_of(file), file) for file in files), key=lambda pair: SHEETS.index(pair[0]))
    _refuse_persons(files)
    taken = Taken()
    with writing(engine) as connection:
        there = known(connection)
        reason = f"Partnerships from the file {', '.join(file.name for file in files)}"
        number = cache(lambda: edits.begin(connection, by, reason))  # none where nothing is written
        for sheet, file in found:
            _Reading(connection, sheet, file, there).take(number, taken)
    return taken


def _refuse_persons(files: list[Table]) -> None:
    found = [
        Problem(
            file.name,
            1,
            column,
            None,
            "this column holds personal data, which the register does not.",
            "Take the column out: the register holds roles and organisations.",
        )
        for file in files
        for column in file.columns
        if _PERSONAL.search(column) and column not in {each.title for sheet in SHEETS for each in sheet.fields}
    ]
    if found:
        raise ImportRefused(found)


@dataclass
class _Reading:
    """The lines of one file on their way into one sheet, with the problems that were found so far."""

    connection: Connection
    sheet: Sheet
    file: Table
    there: Known
    problems: list[Problem] = field(default_factory=list)

    def take(self, number: Callable[[], int], taken: Taken) -> None:
        """Write what is new and what changed. Raises ImportRefused with every problem."""
        lines = self.file.whole()
        self._prepare()
        read = [self._line(int(str(at)) + 2, cells) for at, cells in zip(lines.index, as_typed(lines), strict=True)]
        entries = [each for each in read if each is not None]
        self._once(entries)
        if self.problems:
            raise ImportRefused(self.problems)
        self._write(entries, number, taken)
        self._agree(entries)
        if self.problems:
            raise ImportRefused(self.problems)

    def _prepare(self) -> None:
        now = self.sheet.table
        (key,) = now.primary_key.columns
        rows = self.connection.execute(select(now)).mappings().all()
        self.held: dict[str | int, Mapping[str, Any]] = {row[key.name]: dict(row) for row in rows}
        named = self.connection.execute(select(partnership.c.code, partnership.c.name)).all()
        self.codes = {row.code.lower(): row.code for row in named}
        counts = pd.Series([row.name.lower() for row in named], dtype=object).value_counts()
        self.codes |= {row.name.lower(): row.code for row in named if counts[row.name.lower()] == 1}
        self.places = {name.lower(): code for code, name in self.there.areas.items()}
        self.seen: dict[str, int] = {}

    def _problem(self, line: int, column: str, value: str, message: str, remedy: str) -> None:
        self.problems.append(Problem(self.file.name, line, column, value[:60] or None, message, remedy))

    def _line(self, line: int, cells: Mapping[str, str]) -> "_Entry | None":
        before = len(self.problems)
        label = CODE if self.sheet.whole else NUMBER
        key, seen = cells.get(label, ""), cells.get(EDIT, "")
        held = self.held.get(key if self.sheet.whole else int(key) if key.isdecimal() else -1) if key else None
        if key and held is None:
            self._problem(line, label, key, "there is no such row.", "Empty the cell to add a new one.")
        elif key and not seen.isdecimal():
            self._problem(line, EDIT, seen, "a line with a number needs that of its edit.", "Export it anew.")
        elif key in self.seen:
            self._problem(line, label, key, f"it stands in row {self.seen[key]}, too.", "Leave one of the two lines.")
        if key:
            self.seen[key] = line
        owner = "" if self.sheet.whole else self._owner(line, cells.get(PARTNERSHIP, ""))
        values = {each.name: self._value(line, each, cells[each.title]) for each in self.sheet.fields}
        if len(self.problems) > before:
            return None
        try:
            made = checked(self.sheet, values, self.there)
        except RegisterRefused as error:
            for fault in error.faults:
                self._problem(line, fault.title, cells.get(fault.title, ""), fault.message, fault.remedy)
            return None
        return _Entry(
            line, held, int(seen) if held else 0, made if self.sheet.whole else {"partnership": owner, **made}
        )

    def _owner(self, line: int, given: str) -> str:
        code = self.codes.get(given.lower(), "")
        if not code:
            message = "no partnership, or more than one, is called so." if given else "it is empty."
            self._problem(line, PARTNERSHIP, given, message, "Write its code, such as P0001.")
        return code

    def _value(self, line: int, field: Field, cell: str) -> Any:
        if not cell:
            return None
        if field.kind == "day":
            return self._day(line, field.title, cell)
        if field.kind == "count":
            plain = cell.replace(",", "").removeprefix("£").removesuffix(".0")
            if not re.fullmatch(r"[0-9]{1,12}", plain):
                self._problem(line, field.title, cell, "this is no whole number.", "Write one such as 254.")
                return None
            return int(plain)
        if field.kind == "flag":
            if cell.lower() not in (YES, NO):
                self._problem(line, field.title, cell, "this is neither yes nor no.", "Write yes or no.")
            return cell.lower() == YES
        if field.kind in LISTS:
            return [self._code(field, part.strip()) for part in cell.split(SEVERAL.strip()) if part.strip()]
        return self._code(field, cell) if field.kind in ("choice", "area", "period") else cell

    def _code(self, field: Field, said: str) -> str:
        """The code of what a cell says; what nobody knows stays as it is, to be refused."""
        if field.kind in ("area", "areas"):
            return self.places.get(said.lower(), said)
        if field.kind == "period":
            return {label.lower(): code for code, label in self.there.years.items()}.get(said.lower(), said)
        return {words.lower(): code for code, words in field.words.items()}.get(said.lower(), said)

    def _day(self, line: int, title: str, cell: str) -> date | None:
        found = day(cell)
        if isinstance(found, date):
            return found
        self._problem(line, title, cell, found, "Write it as 2011-03-31 or 31/03/2011.")
        return None

    def _once(self, entries: list["_Entry"]) -> None:
        """Find what a sheet may hold only once for a partnership, in the file or beside what is there."""
        unique = ["partnership", *unique_fields(self.sheet)]
        if len(unique) == 1:
            return
        changing = {entry.held["id"] for entry in entries if entry.held}
        there = {tuple(row[name] for name in unique) for key, row in self.held.items() if key not in changing}
        for entry in entries:
            same = tuple(entry.values[name] for name in unique)
            if same in there:
                title = self.sheet.field(unique[1]).title
                self._problem(
                    entry.line, title, str(same[1]), "the partnership has that row already.", "Change that one."
                )
            there.add(same)

    def _write(self, entries: list["_Entry"], number: Callable[[], int], taken: Taken) -> None:
        now, new, stale = self.sheet.table, [], list[Problem]()
        for entry in entries:
            if entry.held is None:
                new.append(entry.values)
            elif entry.held["from_edit"] == entry.seen and all(entry.held[k] == v for k, v in entry.values.items()):
                taken.same += 1
            else:
                key = entry.held["code" if self.sheet.whole else "id"]
                try:
                    edits.change(self.connection, now, key, entry.values, number(), seen=entry.seen)
                    taken.changed += 1
                except ChangedMeanwhile as error:
                    said = error.sentence.removeprefix("Nothing was saved: ")
                    message = f"it was changed since this file was made: {said}"
                    stale.append(Problem(self.file.name, entry.line, EDIT, str(entry.seen), message, "Export it anew."))
        if stale:
            raise ImportRefused(stale)
        taken.new += len(new)
        if new and self.sheet.whole:
            first = int(next_code(self.connection)[1:])
            codes = [f"P{at:04d}" for at in range(first, first + len(new))]
            bulk.insert(self.connection, now, pd.DataFrame(new, dtype=object).assign(code=codes, from_edit=number()))
        elif new:
            edits.add_many(self.connection, now, pd.DataFrame(new, dtype=object), number())

    def _agree(self, entries: list["_Entry"]) -> None:
        touched = {entry.values["partnership"]: entry.line for entry in reversed(entries) if not self.sheet.whole}
        touched |= {entry.held["code"]: entry.line for entry in entries if self.sheet.whole and entry.held}
        for code, sentences in disagreements(self.connection, touched).items():
            for sentence in sentences:
                self._problem(touched[code], PARTNERSHIP, code, sentence, "")


@dataclass(frozen=True)
class _Entry:
    line: int
    held: Mapping[str, Any] | None  # the row that it changes, as it stands
    seen: int
    values: dict[str, Any]
