"""Take an import back: what counted before it counts again, and the import stays in the history as undone."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, exists, select, update

from data_access import access, audit, observations, summaries
from data_access.engine import writing
from data_access.errors import DataAccessError
from data_access.schema import boundary, import_, indicator, neighbour, observation, school, target, threshold
from data_access.versions import next_version, take_back


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
    with writing(engine, access.Right.load) as connection:
        known = import_.c.id == min(max(import_id, 0), 2**31 - 1)  # larger numbers no database here has
        about = connection.execute(select(import_).where(known)).first()
        if about is None:
            raise UndoRefused(f"There is no import {import_id}.", "The Data page and `history` list them.")
        if about.undone_version is not None:
            raise UndoRefused(f"Import {import_id} was undone before.", "Import the file again to have it back.")
        version = next_version(connection, f"Undid import {import_id}, {about.file_name}")
        connection.execute(
            update(import_)
            .where(import_.c.id == import_id)
            .values(undone_at=datetime.now(UTC), undone_by=access.signed(by)[:120], undone_version=version)
        )
        audit.write(connection, audit.Did.undid, f"import {import_id}")
        counts = [
            observations.take_back(connection, import_id, version),
            _schools(connection, import_id, version),
            take_back(connection, target, import_id, version),
            take_back(connection, threshold, import_id, version),
            take_back(connection, neighbour, import_id, version, group=["la_code"]),  # replaced as a set
            take_back(connection, boundary, import_id, version),
        ]
        closed, back = (sum(count) for count in zip(*counts, strict=True))
        touched = observations.touched(connection, import_id, version)
        if len(touched):
            summaries.remake(
                connection,
                touched[["indicator", "period"]].drop_duplicates(),
                None,
                version,
                set(touched["la_code"].dropna()),
            )
        _indicators(connection, json.loads(about.mapping), version)
    return Undone(import_id, about.file_name, closed, back, version)


def _schools(connection: Connection, import_id: int, version: int) -> tuple[int, int]:
    """Schools that came with the import go, but for those that other figures are about."""
    s, o = school.c, observation.c
    las = select(s.la_code).where(s.import_id == import_id).distinct()
    before = set(connection.execute(las).scalars())
    held = select(s.urn).where(
        s.import_id == import_id, exists().where(o.unit_code == s.urn, o.level == "school", o.to_version.is_(None))
    )
    counts = take_back(
        connection, school, import_id, version, stay=set(connection.execute(held).scalars()) if before else ()
    )
    if any(counts):
        after = select(s.la_code).where(s.from_version == version).distinct()
        summaries.regroup(connection, version, before | set(connection.execute(after).scalars()))
    return counts


def _indicators(connection: Connection, mapping: dict, version: int) -> None:
    """Indicators that came with an import and of which no figure is left are there no more."""
    i, o = indicator.c, observation.c
    for item in mapping.get("indicators", []):
        code = item["indicator"]
        bare = update(indicator).where(
            i.code == code,
            i.from_version > 1,  # not one of those that the database was filled with
            i.to_version.is_(None),
            ~exists().where(o.indicator == code, o.to_version.is_(None)),
        )
        connection.execute(bare.values(to_version=version))
