"""Many rows in and out at once, at the driver's own speed."""

import json
from collections.abc import Collection, Iterable
from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import ARRAY, ColumnElement, Connection, Integer, Select, Table, any_, bindparam, func, select


def insert(connection: Connection, table: Table, frame: pd.DataFrame) -> None:
    """Insert a frame whose columns are columns of the table; NaN becomes NULL. Part of the caller's transaction."""
    if frame.empty:
        return
    columns = list(frame.columns)
    names = ", ".join(f'"{name}"' for name in columns)
    whole = {column.name for column in table.columns if isinstance(column.type, Integer)}
    rows = list(zip(*(_plain(frame[name], name in whole) for name in columns), strict=True))
    if connection.dialect.name == "postgresql":
        cursor = connection.connection.cursor()
        with cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join("?" * len(columns))
    connection.exec_driver_sql(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', rows)


def _plain(column: pd.Series, whole: bool) -> Iterable[object]:
    """Python's own values, None for missing: drivers refuse numpy's. whole: numbers without decimals."""
    if whole and not pd.api.types.is_integer_dtype(column):
        # With missing ones among them pandas keeps whole numbers as floats.
        return [None if pd.isna(value) else int(value) for value in column.tolist()]
    if pd.api.types.is_float_dtype(column):
        values = column.to_numpy()
        missing = np.isnan(values)
        if not missing.any():
            return values.tolist()
        plain = values.astype(object)
        plain[missing] = None
        return plain.tolist()
    if isinstance(column.dtype, pd.CategoricalDtype):
        names = [*column.cat.categories.tolist(), None]  # code -1, missing, is the last
        return [names[code] for code in column.cat.codes.tolist()]
    values = column.to_numpy(dtype=object, copy=column.hasnans)
    if column.hasnans:
        values[column.isna().to_numpy()] = None
    if isinstance(column.dtype, pd.StringDtype):
        return values.tolist()
    # SQLite has no dates of its own, and PostgreSQL reads them as text.
    return [value.isoformat() if isinstance(value, date) else value for value in values.tolist()]


def frame(connection: Connection, query: Select) -> pd.DataFrame:
    """A query's rows as a frame with the query's column names."""
    result = connection.execute(query)
    # Plain tuples: pandas asks SQLAlchemy's rows for things that they do not have, one by one.
    return pd.DataFrame.from_records(list(map(tuple, result.all())), columns=list(result.keys()))


def columns(connection: Connection, query: Select, numbers: Collection[str]) -> pd.DataFrame:
    """The same, faster where there are many rows: numbers as floats, NaN for missing, all else as Python's objects."""
    result = connection.execute(query)
    names = list(result.keys())
    rows = result.all()
    read = zip(*rows, strict=True) if rows else [()] * len(names)
    types = {name: float if name in numbers else object for name in names}
    return pd.DataFrame({name: pd.Series(values, dtype=types[name]) for name, values in zip(names, read, strict=True)})


def among(connection: Connection, column: ColumnElement, values: list) -> ColumnElement[bool]:
    """The condition that a column holds one of many values: one parameter, however many they are."""
    if connection.dialect.name == "postgresql":
        return column == any_(bindparam(None, values, ARRAY(column.type)))
    return column.in_(select(func.json_each(json.dumps(values)).table_valued("value").c.value))
