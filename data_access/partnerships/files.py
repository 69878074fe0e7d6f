"""The partnership register as tables of text: what a sheet's file looks like, and which sheet a file is."""

from datetime import date
from typing import Any, Final

import pandas as pd

from data_access.errors import ImportRefused, Problem
from data_access.files.table import Table
from data_access.partnerships.checks import Known
from data_access.partnerships.entries import LISTS
from data_access.partnerships.fields import MEMBERS, SHEETS, Field, Sheet

PARTNERSHIP, CODE, NUMBER, EDIT = "Partnership", "Code", "Number", "Edit"
NAMED: Final = "Called"  # what stands behind a code, for readers; not read back
COVER: Final = "Cover"  # the sheet of a workbook that is only read
YES, NO, SEVERAL = "yes", "no", "; "


def columns(sheet: Sheet) -> list[str]:
    """The columns of a sheet's file, in order."""
    owner = [CODE] if sheet.whole else [NUMBER, PARTNERSHIP]
    return [*owner, EDIT, *(each.title for each in sheet.fields)]


def table(sheet: Sheet, rows: pd.DataFrame, there: Known) -> pd.DataFrame:
    """Rows of a sheet as text in the columns that its file has; of members, what each code is called comes last.

    rows: as data_access.partnerships.entries.rows gives them.
    """
    made: dict[str, Any] = (
        {CODE: rows["code"]} if sheet.whole else {NUMBER: rows["id"], PARTNERSHIP: rows["partnership"]}
    )
    made[EDIT] = rows["from_edit"]
    for each in sheet.fields:
        made[each.title] = [_written(each, value, there) for value in rows[each.name]]
    if sheet is MEMBERS:
        made[NAMED] = there.called(rows["kind"], rows["organisation"])
    return pd.DataFrame(made).reset_index(drop=True)


def _written(field: Field, value: Any, there: Known) -> Any:
    if field.kind == "areas":
        return SEVERAL.join(there.areas[code] for code in value)
    if field.kind in LISTS:
        return SEVERAL.join(field.words.get(code, code) for code in value)
    if field.kind in ("choice", "area", "period"):
        return {"area": there.authorities, "period": there.years}.get(field.kind, field.words).get(value, "")
    if field.kind == "flag":
        return YES if value else NO
    return "" if value is None else value.isoformat() if isinstance(value, date) else value


def sheet_of(file: Table) -> Sheet:
    """Which sheet a file is, by its columns; raises ImportRefused."""
    found = [sheet for sheet in SHEETS if {each.title for each in sheet.fields} <= set(file.columns)]
    if found:
        return max(found, key=lambda sheet: len(sheet.fields))
    near = max(SHEETS, key=lambda sheet: len({each.title for each in sheet.fields} & set(file.columns)))
    missing = ", ".join(each.title for each in near.fields if each.title not in file.columns)
    message = f"this is no sheet of the partnership register; for {near.title} it lacks {missing}."
    raise ImportRefused([Problem(file.name, 1, None, None, message, "Begin with a sheet that the page gives.")])
