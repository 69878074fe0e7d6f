"""A table as JSON, CSV or Parquet: numbers in full, nothing where there is no figure."""

import json
from collections.abc import Iterable, Iterator
from io import BytesIO
from json.encoder import encode_basestring  # what json.dumps does with a text, without what it does around it
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv, parquet

from data_access.files.spreadsheets import as_text
from exports.api.columns import Columns

MEDIA: Final = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}
ARROW: Final = {"text": pa.string(), "number": pa.float64(), "whole": pa.int64(), "flag": pa.bool_()}
PIECE: Final = 5000  # rows written at once


def json_objects(frame: pd.DataFrame, columns: Columns) -> list[str]:
    """Each row as a JSON object; null where there is nothing, never NaN."""
    table = _table(frame, columns)
    # All in one join: json.dumps takes ten times as long for such a table, a join a column twice as long.
    parts: list[str | pa.Array | pa.ChunkedArray] = []
    for name in columns:
        parts += [f"{',' if parts else '{'}{json.dumps(name)}:", _json_cells(table[name])]
    rows = pc.binary_join_element_wise(*parts, "}", "", null_handling="replace", null_replacement="null")
    objects: list[str] = rows.to_pylist()
    return objects


def _json_cells(column: pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Each value as JSON writes it; null stays null. Each different text is written once."""
    if column.type != pa.string():
        return column.cast(pa.string())
    encoded = column.combine_chunks().dictionary_encode()
    texts = [encode_basestring(text) for text in encoded.dictionary.to_pylist()]
    return pa.array(texts, pa.string()).take(encoded.indices)


def written(pieces: Iterable[pd.DataFrame], columns: Columns, kind: str) -> Iterator[bytes]:
    """A CSV (UTF-8, header first, text that a spreadsheet would compute as text) or Parquet file, piece by piece."""
    tables = (_table(piece.iloc[at : at + PIECE], columns) for piece in pieces for at in range(0, len(piece), PIECE))
    return _csv(tables, columns) if kind == "csv" else _parquet(tables, columns)


def _schema(columns: Columns) -> pa.Schema:
    return pa.schema(
        [pa.field(name, ARROW[kind], metadata={"about": about}) for name, (kind, about) in columns.items()]
    )


def _table(frame: pd.DataFrame, columns: Columns) -> pa.Table:
    arrays = []
    for name, (kind, _) in columns.items():
        if kind == "number":
            numbers = frame[name].to_numpy(dtype=float)
            arrays.append(pa.array(numbers, mask=~np.isfinite(numbers)))
        else:
            arrays.append(pa.array(frame[name], type=ARROW[kind], from_pandas=True))
    return pa.Table.from_arrays(arrays, schema=_schema(columns))


def _csv(tables: Iterable[pa.Table], columns: Columns) -> Iterator[bytes]:
    yield (",".join(columns) + "\n").encode()
    options = csv.WriteOptions(include_header=False)
    for table in tables:
        sink = BytesIO()
        csv.write_csv(pa.table({name: _harmless(table[name]) for name in table.column_names}), sink, options)
        yield sink.getvalue()


def _harmless(column: pa.ChunkedArray) -> pa.Array:
    """The column with text that a spreadsheet would compute as text; each different text is looked at once."""
    if column.type != pa.string():
        return column
    encoded = column.combine_chunks().dictionary_encode()
    return pa.array([as_text(text) for text in encoded.dictionary.to_pylist()], pa.string()).take(encoded.indices)


class _Sink(BytesIO):
    """A file that is only written to at its end: what was written can be taken away while the writer goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.taken = 0

    def tell(self) -> int:
        """How much has been written, taken or not."""
        return self.taken + super().tell()

    def take(self) -> bytes:
        """What was written since the last time."""
        content = self.getvalue()
        self.taken += len(content)
        self.seek(0)
        self.truncate()
        return content


def _parquet(tables: Iterable[pa.Table], columns: Columns) -> Iterator[bytes]:
    sink = _Sink()
    with parquet.ParquetWriter(sink, _schema(columns), compression="zstd") as writer:
        for table in tables:
            writer.write_table(table)
            yield sink.take()
    yield sink.take()
