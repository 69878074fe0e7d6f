"""Where the register is complete: somebody says so, for an authority and a school year, and may take it back."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, select

from data_access import edits
from data_access.engine import writing
from data_access.errors import ChangedMeanwhile
from data_access.partnerships import entries
from data_access.partnerships.checks import Fault, Known, RegisterRefused, checked, known
from data_access.partnerships.fields import COMPLETE


def rows(connection: Connection, number: int | None = None) -> pd.DataFrame:
    """What was said after an edit (None: now), a row each: id, la_code, period (a school year), what, from_edit."""
    return entries.rows(connection, COMPLETE, number)


def say(engine: Engine, la_code: str, period: str, what: str, by: str) -> int:
    """Say that the register holds all of something; returns the statement's number. Raises RegisterRefused."""
    with writing(engine) as connection:
        there = known(connection)
        made = checked(COMPLETE, {"la_code": la_code, "period": period, "what": what}, there)
        table = COMPLETE.table
        same = select(table.c.id).where(*(table.c[name] == value for name, value in made.items()))
        if connection.execute(same).first() is not None:
            raise RegisterRefused([Fault("Complete", "it has been said already.", "Nothing is left to do.")])
        return edits.add(connection, table, made, edits.begin(connection, by, f"Complete: {_about(made, there)}"))


def take_back(engine: Engine, key: int, by: str, *, seen: int) -> None:
    """Take a statement back; that it was made is kept. seen: its from_edit when read. Raises ChangedMeanwhile."""
    with writing(engine) as connection:
        row = connection.execute(select(COMPLETE.table).where(COMPLETE.table.c.id == key)).mappings().first()
        if row is None:
            raise ChangedMeanwhile("Nothing was changed: it was taken back already.", "Look at the list again.")
        number = edits.begin(connection, by, f"No longer complete: {_about(row, known(connection))}")
        edits.remove(connection, COMPLETE.table, key, number, seen=seen)


def _about(said: Mapping[Any, Any], there: Known) -> str:
    """'Camden, 2011/12, clusters'."""
    return ", ".join([there.authorities[said["la_code"]], there.years[said["period"]], said["what"]])
