"""A reasonable mapping for any EES pair, made from its own meta file, as a user would on a first try."""

import csv
from pathlib import Path

from sqlalchemy import Engine

from data_access.files.mapping import Mapping
from data_access.imports import Report, import_file
from tests.data_access.files import definition

PHASES = {"primary": "primary", "secondary": "secondary", "special": "special", "total": "all"}


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="", errors="replace") as text:
        return list(csv.DictReader(text))


def _filter(column: str, rows: list[dict[str, str]]) -> dict:
    found = list(dict.fromkeys(row.get(column) or "" for row in rows)) or [""]
    phases = {value: PHASES[value.lower()] for value in found if value.lower() in PHASES}
    if column == "education_phase" and len(phases) > 1:
        return {"role": "phase", "values": phases}
    return {"role": "keep", "values": found if column == "phase_type_grouping" else found[:1]}


def mapping_for(file: Path) -> tuple[Mapping, Path | None]:
    """Every filter kept to its first value, the first indicator column as a published rate."""
    meta = file.with_name(f"{file.stem}.meta.csv")
    described = _rows(meta) if meta.exists() else []
    rows = _rows(file)
    columns = [row["col_name"] for row in described if row.get("col_type") == "Indicator" and row.get("col_name")]
    filters = [row["col_name"] for row in described if row.get("col_type") == "Filter" and row.get("col_name")]
    made = Mapping.model_validate(
        {
            "data_set": file.stem,
            "source": "Files made to test the EES screener and app",
            "licence": "MIT",
            "kind": "published",
            "new_schools": "add",
            "filters": {column: _filter(column, rows) for column in filters},
            "indicators": [
                {
                    "indicator": "extra_one",
                    "rate": columns[-1] if columns else "nothing",
                    "define": definition("extra_one", unit="rate", better=None, collected_from="published"),
                }
            ],
        }
    )
    return made, meta if meta.exists() else None


def import_pair(engine: Engine, file: Path) -> Report:
    """Import a data file with its meta file."""
    mapping, meta = mapping_for(file)
    return import_file(engine, file, meta, mapping)
