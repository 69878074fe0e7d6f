"""Published figures as Parquet: typed columns, a column of symbols for each indicator, provenance in the schema."""

import json
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from data_access.files.mapping import to_yaml
from data_access.publish import Published
from measures.words import SYMBOL_WORDS

SYMBOL = "symbol"


def document(found: Published, about: Mapping[str, str]) -> bytes:
    """The bytes of a Parquet file with the columns of the CSV; about: what else its schema says, name → words.

    Numbers are float64, null where there is none; <code>_symbol says why, '' where there is a figure whose other parts
    do not apply. All else is text, '' where a place has no code.
    """
    label = {row["col_name"]: row for row in found.meta.to_dict("records")}
    numbers = {name for name, row in label.items() if row["col_type"] == "Indicator"}
    fields, arrays = [], []
    for name in found.data.columns:
        cells = found.data[name]
        if name not in numbers:
            fields.append(pa.field(name, pa.string(), nullable=False, metadata=_said(label.get(name))))
            arrays.append(pa.array(cells.to_numpy(dtype=object), pa.string()))
            continue
        code, _, part = name.rpartition("_")
        symbols = cells.where(cells.isin(list(SYMBOL_WORDS)), "")
        fields.append(pa.field(name, pa.float64(), metadata=_said(label[name])))
        arrays.append(pa.array(cells.where(symbols == "", None).astype(float), pa.float64(), from_pandas=True))
        if part == "rate":
            meant = {"label": "why there is no figure, '' where there is one"}
            fields.append(pa.field(f"{code}_{SYMBOL}", pa.string(), nullable=False, metadata=meant))
            arrays.append(pa.array(symbols.to_numpy(dtype=object), pa.string()))
    told = {
        "title": found.mapping.data_set,
        "source": found.mapping.source,
        "licence": found.mapping.licence,
        "kind": found.mapping.kind,
        "symbols": json.dumps(SYMBOL_WORDS, ensure_ascii=False),
        "mapping": to_yaml(found.mapping),
        **about,
    }
    file = BytesIO()
    schema = pa.schema(fields, metadata={name: text for name, text in told.items() if text})
    parquet.write_table(pa.Table.from_arrays(arrays, schema=schema), file, compression="zstd")
    return file.getvalue()


def _said(row: Mapping[Any, Any] | None) -> dict[str, str]:
    """What the meta file says of a column."""
    return {} if row is None else {str(name): str(text) for name, text in row.items() if text and name != "col_name"}
