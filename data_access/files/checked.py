"""What became of a small file: the rows to keep, what was left out, what is wrong, and what was odd but taken."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from data_access.errors import Problem
from data_access.files.table import Table
from data_access.places import NO_CODE

_NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"


@dataclass
class Checked:
    """A file's rows ready for the database; to be used only where problems is empty.

    rows: index + 2 = line, columns as the reader says. ignored: rows left out, counted by reason. notes: sentences.
    """

    rows: pd.DataFrame
    ignored: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def refused(columns: Sequence[str], problems: list[Problem]) -> Checked:
    """A file of which nothing can be read: no rows, only problems."""
    return Checked(pd.DataFrame(columns=list(columns)), problems=problems)


def missing_columns(table: Table, needed: Sequence[str]) -> list[Problem]:
    """A problem for each column that the table does not have, and one where it has no rows."""
    found = [
        Problem(table.name, 1, column, None, "this column is missing.", f"Add it: the file needs {', '.join(needed)}.")
        for column in needed
        if column not in table.columns
    ]
    return found or ([no_rows(table.name)] if table.whole().empty else [])


def no_rows(file_name: str) -> Problem:
    """The problem of a file that is a header and nothing else."""
    return Problem(file_name, None, None, None, "the file has no rows below its header.", "Export it again.")


def numbers(text: pd.Series) -> pd.Series:
    """Text as floats: NaN where it is blank, no plain number ('1,234', '85%', 'nan') or too large for one."""
    plain = text.where(text.str.fullmatch(_NUMBER))
    found = pd.to_numeric(plain, errors="coerce").astype(float)
    return found.where(np.isfinite(found))


def places_problems(text: pd.Series, found: pd.DataFrame, file_name: str) -> list[Problem]:
    """A problem for each place that nobody knows, or that is only a part of an authority held here.

    text: the places as written. found: what Places.authorities says of them (la_code, part, why), on the same index.
    """
    unknown = found["la_code"].isna() & ((found["why"] == "") | text.isin(list(NO_CODE)))
    part = found["part"] != ""
    remedy = "Use the 3-digit DfE code of 2009 to 2013 or its ONS code."
    return [
        Problem(file_name, int(line) + 2, str(text.name), str(text[line]), message, remedy)
        for rows, message in (
            (unknown, "no local authority has this code."),
            (part, "this is one of the parts into which an authority held here was split later."),
        )
        for line in text.index[rows]
    ]
