"""What a published CSV holds, as CSVW metadata (W3C, CSV on the Web) that other programs read beside it."""

import json
from typing import Any

import pandas as pd

from data_access.files.mapping import Mapping
from measures.words import SYMBOL_WORDS

ENDING = "csv-metadata.json"  # a program that is given x.csv looks for x.csv-metadata.json beside it


def describe(data: pd.DataFrame, meta: pd.DataFrame, mapping: Mapping, file_name: str) -> bytes:
    """The metadata of a CSV as UTF-8 JSON: each column's type, what it means, and which symbols are no numbers.

    data: the rows as text; meta: what the columns are, in those of an EES meta file; file_name: of the CSV.
    """
    about = {row["col_name"]: row for row in meta.to_dict("records")}
    indicators = [name for name, row in about.items() if row["col_type"] == "Indicator"]
    kind = "Illustrative data: the figures are invented." if mapping.kind == "illustrative" else "Published data."
    said = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": file_name,
        "dc:title": mapping.data_set,
        "dc:description": f"{kind} A symbol stands where there is no number; none is ever zero.",
        "dc:source": mapping.source,
        "dc:license": mapping.licence,
        "dialect": {"encoding": "utf-8", "header": True},
        "notes": [{"symbol": symbol, "meaning": meaning} for symbol, meaning in SYMBOL_WORDS.items()],
        "tableSchema": {
            "columns": [_column(name, about.get(name), name in indicators) for name in data.columns],
            "primaryKey": [name for name in data.columns if name not in indicators],
        },
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


def _column(name: str, about: dict[Any, Any] | None, number: bool) -> dict[str, Any]:
    """One column; about: its row of the meta file, None for those that say when and where."""
    made: dict[str, Any] = {"name": name, "titles": name, "datatype": "number" if number else "string"}
    if number:
        made["null"] = list(SYMBOL_WORDS)
    if about is not None:
        unit = f", in {about['indicator_unit']}" if about["indicator_unit"] else ""
        hint = f" ({about['filter_hint']})" if about["filter_hint"] else ""
        made["dc:description"] = f"{about['label']}{unit}{hint}"
    return made
