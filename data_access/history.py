"""What came in, when and by whom: imports, data versions, and mappings saved to be used again."""

import json
from datetime import UTC, datetime

import pandas as pd
import yaml
from pydantic import ValidationError
from sqlalchemy import Connection, func, insert, select

from data_access import access, audit, bulk
from data_access.errors import UnknownCode
from data_access.files.mapping import Mapping, to_yaml
from data_access.schema import data_version, import_, quality_check, saved_mapping

IMPORT = [
    "id", "file_name", "layout", "kind", "imported_by", "imported_at", "rows", "observations", "new", "revised",
    "unchanged", "source", "licence", "sha256", "data_version", "undone_at", "undone_by", "undone_version",
    "indicators", "checks",
]  # fmt: skip
CHANGED = ["new", "revised", "unchanged"]


def imports(connection: Connection) -> pd.DataFrame:
    """Every import, undone ones, too, newest first: IMPORT.

    new, revised, unchanged: how many of its rows, <NA> for imports from before that was counted; indicators: a list of
    codes; checks: how many warnings it was given; undone_at, undone_by, undone_version: missing while it stands. Times
    are in UTC.
    """
    frame = bulk.frame(connection, select(import_).order_by(import_.c.id.desc()))
    changed = frame["changed"].map(json.loads)
    for name in CHANGED:
        frame[name] = changed.map(lambda counts, name=name: counts.get(name)).astype("Int64")
    frame["indicators"] = frame["mapping"].map(_indicators)
    q = quality_check.c
    warnings = select(q.import_id, func.count()).where(q.severity == "warning").group_by(q.import_id)
    frame["checks"] = frame["id"].map(dict(connection.execute(warnings).all())).fillna(0).astype(int)
    frame["undone_version"] = frame["undone_version"].astype("Int64")
    for name in ("imported_at", "undone_at"):
        frame[name] = pd.to_datetime(frame[name], utc=True)
    return frame[IMPORT]


def _indicators(mapping: str) -> list[str]:
    named = [str(item["indicator"]) for item in json.loads(mapping).get("indicators", [])]
    return list(dict.fromkeys(named))


def one(connection: Connection, import_id: int) -> dict[str, object]:
    """An import's row of `imports`, with ignored (a list of lines) and mapping (YAML, '' where it had none).

    Raises UnknownCode.
    """
    frame = imports(connection)
    found = frame[frame["id"] == import_id]
    if found.empty:
        raise UnknownCode(f"There is no import {import_id}.", "The Data page lists the imports.")
    said = connection.execute(select(import_.c.ignored, import_.c.mapping).where(import_.c.id == import_id)).one()
    content = json.loads(said.mapping)
    row: dict[str, object] = {str(name): value for name, value in found.iloc[0].items()}
    return row | {
        "ignored": said.ignored.splitlines(),
        "mapping": yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=110) if content else "",
    }


def versions(connection: Connection) -> pd.DataFrame:
    """Every data version, newest first: number, made_at (UTC), reason, kept (False: it cannot be shown again)."""
    frame = bulk.frame(connection, select(data_version).order_by(data_version.c.number.desc()))
    return frame.assign(made_at=pd.to_datetime(frame["made_at"], utc=True))


def saved_mappings(connection: Connection) -> pd.DataFrame:
    """Every mapping ever saved, newest first: id, data_set, saved_by, saved_at (UTC), columns (a list), content."""
    frame = bulk.frame(connection, select(saved_mapping).order_by(saved_mapping.c.id.desc()))
    return frame.assign(
        saved_at=pd.to_datetime(frame["saved_at"], utc=True), columns=frame["columns"].map(str.splitlines)
    )


def save_mapping(connection: Connection, mapping: Mapping, columns: list[str], by: str) -> int:
    """Keep a mapping for files with these columns, beside those saved before; returns its number.

    Part of the caller's transaction.
    """
    number = int(connection.execute(select(func.coalesce(func.max(saved_mapping.c.id), 0))).scalar_one()) + 1
    connection.execute(
        insert(saved_mapping).values(
            id=number,
            data_set=mapping.data_set[:200],
            saved_by=access.signed(by)[:120],
            saved_at=datetime.now(UTC),
            columns="\n".join(_plain(columns)),
            content=to_yaml(mapping),
        )
    )
    audit.write(connection, audit.Did.edited, f"mapping {number}")
    return number


def mapping_for(connection: Connection, columns: list[str]) -> Mapping | None:
    """The latest mapping saved for a file with just these columns, in whatever order; None where there is none."""
    wanted = set(_plain(columns))
    s = saved_mapping.c
    for row in connection.execute(select(s.columns, s.content).order_by(s.id.desc())):
        if set(row.columns.splitlines()) == wanted:
            try:
                return Mapping.model_validate(yaml.safe_load(row.content))
            except ValidationError:  # saved by an older version of the dashboard, whose mappings could say other things
                continue
    return None


def _plain(columns: list[str]) -> list[str]:
    """Names of columns without line ends, by which they are kept apart."""
    return [" ".join(name.split()) for name in columns]
