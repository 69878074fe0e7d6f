"""Small files in the EES layout, made by the tests or published, and how to load them."""

import csv
from pathlib import Path

from sqlalchemy import Engine

from data_access import incoming
from data_access.engine import reading
from data_access.files.mapping import Mapping, read_mapping
from data_access.imports import Report, import_file
from data_access.publish import Published, published
from data_access.settings import PROJECT

FIRST = {"staff_groups": ["all"], "phases": ["all"], "levels": ["la"]}
MAPPINGS = PROJECT / "docs" / "mappings"
HEADER = [
    "time_period", "time_identifier", "geographic_level", "country_code", "country_name", "region_code", "region_name",
    "old_la_code", "new_la_code", "la_name", "group", "n", "d",
]  # fmt: skip
CAMDEN = ["E12000007", "London", "202", "E09000007", "Camden"]
BARNET = ["E12000007", "London", "302", "E09000003", "Barnet"]


def line(place: list[str], n: object, d: object, period: str = "201112", level: str = "Local authority") -> list[str]:
    """One row of the layout in HEADER."""
    where = {"National": [""] * 5, "Regional": place[:2] + [""] * 3}.get(level, place)
    return [period, "Academic year", level, "E92000001", "England", *where, "Total", str(n), str(d)]


def write(file: Path, rows: list[list[str]], header: list[str] = HEADER) -> Path:
    """A CSV file."""
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([header, *rows])
    return file


def mapping(indicator: str = "duplicated_offers", **changes: object) -> Mapping:
    """A mapping of columns n and d to an LA-collected indicator."""
    content = {
        "data_set": "test",
        "source": "A test",
        "licence": "None",
        "kind": "illustrative",
        "indicators": [{"indicator": indicator, "numerator": "n", "denominator": "d"}],
    }
    return Mapping.model_validate(content | changes)


def definition(code: str, **changes: object) -> dict:
    """A definition of an extra indicator."""
    return {
        "code": code, "short_title": code, "title": code, "why_it_matters": "A test.", "numerator": "n",
        "denominator": "d", "denominator_counts": "other", "unit": "percent", "better": "higher",
        "collected_from": "la", "evidence_kind": "administrative", "frequency": "year", "caveats": "None.",
    } | changes  # fmt: skip


def load(engine: Engine, file: Path, name: str, *, meta: Path | None = None) -> Report:
    """Import a file with one of the shipped mappings."""
    return import_file(engine, file, meta, read_mapping(MAPPINGS / f"{name}.yaml"))


def out(engine: Engine, **choice: object) -> Published:
    """A selection of published figures: of local authorities, all staff and phases, unless chosen otherwise."""
    with reading(engine) as connection:
        return published(connection, **(FIRST | choice))  # type: ignore[arg-type]


def bring(engine: Engine, folder: Path, content: bytes, *, dry_run: bool = False) -> Report:
    """Import a published zip as it is."""
    file = folder / "figures.zip"
    file.write_bytes(content)
    return incoming.bring_in(engine, incoming.look(file), dry_run=dry_run)
