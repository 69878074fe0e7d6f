"""The partnership register: read as it stands or stood, and edited with its history; what cannot be is refused."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

import pandas as pd
from sqlalchemy import Connection, Engine, Table, select, union

from data_access import bulk, edits
from data_access.engine import writing
from data_access.errors import UnknownCode
from data_access.partnerships.checks import Fault, RegisterRefused, checked, faults_between, known
from data_access.partnerships.fields import (
    ACTIVITIES,
    COMPLETE,
    HEALTH_CHECKS,
    MEMBERS,
    PARTNERSHIPS,
    PROGRAMMES,
    SHEETS,
    Sheet,
)
from data_access.partnerships.tables import partnership
from data_access.register_tables import edit

LISTS: Final = ("list", "areas", "outcomes", "partners")


def rows(connection: Connection, sheet: Sheet, number: int | None = None, of: str | None = None) -> pd.DataFrame:
    """The rows of a sheet as they stood after an edit (None: now): its key, partnership, its fields, from_edit.

    of: of one partnership only. Days are dates or None, counts whole numbers or None, lists lists of codes; sorted by
    key.
    """
    there = edits.table(sheet.table, number)
    owner = there.c.get("code" if sheet.whole else "partnership")  # of COMPLETE there is none
    query = select(there).order_by(there.c.code if sheet.whole else there.c.id)
    return as_read(sheet, bulk.frame(connection, query if of is None or owner is None else query.where(owner == of)))


def as_read(sheet: Sheet, frame: pd.DataFrame) -> pd.DataFrame:
    """A table's rows with what is not known as None and lists as lists."""
    made = frame.astype(object).where(frame.notna(), None)
    for field in sheet.fields:
        if field.kind in LISTS:
            made[field.name] = [text.split("|") if text else [] for text in made[field.name]]
        elif field.kind == "count":
            counts = [None if value is None else int(value) for value in made[field.name]]
            made[field.name] = pd.Series(counts, index=made.index, dtype=object)
    return made


def history(connection: Connection, sheet: Sheet, key: str | int) -> pd.DataFrame:
    """How a row stood after each of its edits, newest first: as `rows`, with made_at (UTC), made_by, reason."""
    return as_read(sheet, edits.history(connection, sheet.table, key))


def changes(connection: Connection, most: int = 50, of: str | None = None) -> pd.DataFrame:
    """The latest edits of the register, or of one partnership, newest first: made_at (UTC), made_by, reason."""
    touched = []
    for sheet in SHEETS if of is not None else (*SHEETS, COMPLETE):
        for table in (sheet.table, edits.past_of(sheet.table)):
            owner = table.c.get("code" if sheet.whole else "partnership")
            for name in ("from_edit", "to_edit"):
                if name in table.c:
                    query = select(table.c[name])
                    touched.append(query if of is None or owner is None else query.where(owner == of))
    query = (
        select(edit.c.made_at, edit.c.made_by, edit.c.reason)
        .where(edit.c.number.in_(select(union(*touched).subquery())))
        .order_by(edit.c.number.desc())
        .limit(most)
    )
    frame = bulk.frame(connection, query)
    return frame.assign(made_at=pd.to_datetime(frame["made_at"], utc=True))


# Edit ----------------------------------------------------------------------------------------------------


def add(engine: Engine, sheet: Sheet, values: Mapping[str, Any], by: str, *, to: str | None = None) -> str | int:
    """Enter a partnership, or a part `to` one; returns its code or number. Raises RegisterRefused, UnknownCode."""
    with writing(engine) as connection:
        made = checked(sheet, values, known(connection))
        about = made["name"] if to is None else f"{sheet.one} of {_name(connection, to)}"
        number = edits.begin(connection, by, f"Partnership entered: {about}" if to is None else f"New {about}")
        key: str | int
        if to is None:
            key = next_code(connection)
            edits.add(connection, sheet.table, {"code": key, **made}, number)
        else:
            once(connection, sheet, made, to)
            key = edits.add(connection, sheet.table, {"partnership": to, **made}, number)
        agree(connection, [str(key) if to is None else to])
        return key


def check(engine: Engine, code: str, held_on: date, answers: Mapping[str, tuple[str, str]], by: str) -> int:
    """Enter a health check of a partnership as one edit; returns how many answers it has.

    answers: an item → its answer and note; items without an answer are left out. Raises RegisterRefused where no item
    has one, or the partnership was checked on that day already, UnknownCode.
    """
    with writing(engine) as connection:
        there, name = known(connection), _name(connection, code)
        given = [
            checked(HEALTH_CHECKS, {"held_on": held_on, "item": item, "answer": answer, "note": note}, there)
            for item, (answer, note) in answers.items()
            if answer
        ]
        if not given:
            raise RegisterRefused([Fault("Answer", "no item has one.", "Answer at least one.")])
        table = HEALTH_CHECKS.table
        same = select(table.c.id).where(table.c.partnership == code, table.c.held_on == held_on)
        if connection.execute(same).first() is not None:
            remedy = "Choose another day, or change its answers under Register."
            raise RegisterRefused([Fault("Checked on", f"there is a check of {held_on} already.", remedy)])
        number = edits.begin(connection, by, f"Health check of {name}")
        edits.add_many(connection, table, pd.DataFrame(given).assign(partnership=code), number)
        return len(given)


def change(engine: Engine, sheet: Sheet, key: str | int, values: Mapping[str, Any], by: str, *, seen: int) -> bool:
    """Give a row new values, keeping what it was; False where they are what it holds, and nothing is written.

    seen: the from_edit that it came with when it was read. Raises RegisterRefused, ChangedMeanwhile, UnknownCode.
    """
    with writing(engine) as connection:
        made = checked(sheet, values, known(connection))
        there = _row(connection, sheet.table, key)
        if there is not None and there["from_edit"] == seen and all(there[name] == made[name] for name in made):
            return False
        code = str(key) if sheet.whole else (there["partnership"] if there is not None else "")
        what = "Partnership changed" if sheet.whole else f"{sheet.one.capitalize()} changed of"
        number = edits.begin(connection, by, f"{what} {_name(connection, code) if there is not None else key}")
        if there is not None and not sheet.whole:
            once(connection, sheet, made, code, but=key)
        changed = edits.change(connection, sheet.table, key, made, number, seen=seen)
        agree(connection, [code])
        return changed


def take_away(engine: Engine, sheet: Sheet, key: str | int, by: str, *, seen: int) -> None:
    """Take a row out of the register, a partnership with all its parts; what they were is kept.

    seen: as in `change`. Raises ChangedMeanwhile, RegisterRefused where what is left would not agree.
    """
    with writing(engine) as connection:
        there = _row(connection, sheet.table, key)
        code = str(key) if sheet.whole else (there["partnership"] if there is not None else "")
        name = _name(connection, code) if there is not None else str(key)
        number = edits.begin(connection, by, f"Taken away: {'' if sheet.whole else f'{sheet.one} of '}{name}")
        if sheet.whole:
            for each in SHEETS:
                if not each.whole:
                    parts = select(each.table.c.id, each.table.c.from_edit).where(each.table.c.partnership == key)
                    for part in connection.execute(parts).all():
                        edits.remove(connection, each.table, part.id, number, seen=part.from_edit)
        edits.remove(connection, sheet.table, key, number, seen=seen)
        if not sheet.whole:
            agree(connection, [code])


def next_code(connection: Connection) -> str:
    """The first code of the kind P0001 that no partnership has or had."""
    past = edits.past_of(partnership)
    used = connection.execute(union(select(partnership.c.code), select(past.c.code))).scalars()
    return f"P{max((int(code[1:]) for code in used), default=0) + 1:04d}"


def agree(connection: Connection, codes: Iterable[str]) -> None:
    """Hold partnerships to what their parts say against each other; raises RegisterRefused."""
    found = disagreements(connection, codes)
    if found:
        sentences = [sentence for each in found.values() for sentence in each]
        raise RegisterRefused([Fault("The partnership as a whole", sentence, "") for sentence in sentences])


def disagreements(connection: Connection, codes: Iterable[str]) -> dict[str, list[str]]:
    """What the parts of partnerships say against each other now: data_access.partnerships.checks.faults_between."""
    asked = list(codes)
    frames = []
    for sheet in (PARTNERSHIPS, MEMBERS, ACTIVITIES, PROGRAMMES):
        owner = sheet.table.c.code if sheet.whole else sheet.table.c.partnership
        query = select(sheet.table).where(bulk.among(connection, owner, asked))
        frames.append(as_read(sheet, bulk.frame(connection, query)))
    return faults_between(*frames)


def once(
    connection: Connection, sheet: Sheet, made: Mapping[str, Any], code: str, but: str | int | None = None
) -> None:
    """Refuse a second rating of the same impact, challenge, or authority and year of one partnership."""
    unique = unique_fields(sheet)
    if not unique:
        return
    same = select(sheet.table.c.id).where(
        sheet.table.c.partnership == code, *(sheet.table.c[name] == made[name] for name in unique)
    )
    if set(connection.execute(same).scalars()) - {but}:
        title = sheet.field(unique[0]).title
        raise RegisterRefused([Fault(title, "it is in the register already.", "Change that entry.")])


def unique_fields(sheet: Sheet) -> list[str]:
    """The fields that tell the rows of one partnership apart, where a sheet has such."""
    for rule in sheet.table.constraints:
        names = [column.name for column in getattr(rule, "columns", [])]
        if names[:1] == ["partnership"] and len(names) > 1:
            return names[1:]
    return []


def _row(connection: Connection, table: Table, key: str | int) -> Mapping[Any, Any] | None:
    (column,) = table.primary_key.columns
    return connection.execute(select(table).where(column == key)).mappings().first()


def _name(connection: Connection, code: str) -> str:
    """The name of a partnership; raises UnknownCode."""
    found = connection.execute(select(partnership.c.name).where(partnership.c.code == code)).scalar()
    if found is None:
        raise UnknownCode(f"There is no partnership {code[:20]}.", "Choose one of the register.")
    return str(found)
