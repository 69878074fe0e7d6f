"""Take an import back: what counted before it counts again, and the import stays in the history as undone."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, exists, select, update

from data_access import observations, summaries
from data_access.engine import writing
from data_access.errors import DataAccessError
from data_access.schema import boundary, import_, indicator, neighbour, observation, school, school_past, target
from data_access.versions import next_version, restore


class UndoRefused(DataAccessError):
    """The import cannot be taken back as things stand."""


@dataclass(frozen=True)
class Undone:
    """What taking an import back did."""

    import_id: int
    file: str
    closed: int
    back: int
    data_version: int

    def __str__(self) -> str:
        restored = f"{self.back:,} that counted before count again" if self.back else "nothing had counted before"
        return (
            f"Import {self.import_id} ({self.file}) is undone: {self.closed:,} figures count no more, {restored}. "
            f"Data version {self.data_version}."
        )


def undo(engine: Engine, import_id: int, by: str) -> Undone:
    """Take an import back in one transaction; its figures stay in the history.

    A figure that a later import holds as well stays, as that import's. Raises UndoRefused or DatabaseProblem.
    """
    with writing(engine) as connection:
        about = connection.execute(select(import_).where(import_.c.id == import_id)).first()
        if about is None:
            raise UndoRefused(f"There is no import {import_id}.", "The Data page and `history` list them.")
        if about.undone_version is not None:
            raise UndoRefused(f"Import {import_id} was undone before.", "Import the file again to have it back.")
        version = next_version(connection, f"Undid import {import_id}, {about.file_name}")
        connection.execute(
            update(import_)
            .where(import_.c.id == import_id)
            .values(undone_at=datetime.now(UTC), undone_by=by[:120], undone_version=version)
        )
        closed, back = observations.take_back(connection, import_id, version)
        _schools(connection, import_id, about.data_version, version)
        for table in (target, neighbour, boundary):
            closed += restore(connection, table, import_id, about.data_version, version)
        touched = observations.touched(connection, import_id, version)
        if len(touched):
            summaries.remake(
                connection,
                touched[["indicator", "period"]].drop_duplicates(),
                None,
                version,
                set(touched["la_code"].dropna()),
            )
        _indicators(connection, json.loads(about.changed).get("new_indicators", []), version)
    return Undone(import_id, about.file_name, closed, back, version)


def _schools(connection: Connection, import_id: int, made: int, version: int) -> None:
    """Schools that came with the import go, but for those that other figures are about."""
    las = set(connection.execute(select(school.c.la_code).where(school.c.import_id == import_id).distinct()).scalars())
    if not las:
        return
    o = observation.c
    new = select(school.c.urn).where(
        school.c.import_id == import_id, ~exists().where(school_past.c.urn == school.c.urn)
    )
    used = set(
        connection.execute(
            new.where(exists().where(o.unit_code == school.c.urn, o.level == "school", o.to_version.is_(None)))
        ).scalars()
    )
    if used:
        connection.execute(update(school).where(school.c.urn.in_(used)).values(import_id=None))
    restore(connection, school, import_id, made, version)
    las |= set(connection.execute(select(school.c.la_code).where(school.c.from_version == version)).scalars())
    summaries.regroup(connection, version, las)


def _indicators(connection: Connection, codes: list[str], version: int) -> None:
    """Indicators that the import defined are there no more, unless another import has figures for them."""
    o = observation.c
    for code in codes:
        held = select(exists().where(o.indicator == code, o.to_version.is_(None)))
        if not connection.execute(held).scalar():
            connection.execute(update(indicator).where(indicator.c.code == code).values(to_version=version))
