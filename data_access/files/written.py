"""Cells of the tables that people edit and bring back, as they typed them."""

import re
from datetime import date

import pandas as pd

from data_access.files.spreadsheets import as_text

_ISO, _BRITISH = re.compile(r"(\d{4})-(\d{2})-(\d{2})"), re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def as_typed(lines: pd.DataFrame) -> list[dict[str, str]]:
    """Each line's cells, column → text, as they were before they were made harmless for spreadsheets."""
    return [
        {str(name): cell[1:] if cell[:1] == "'" and as_text(cell[1:]) == cell else cell for name, cell in row.items()}
        for row in lines.to_dict("records")
    ]


def day(cell: str) -> date | str:
    """The day that a cell says: '2011-03-31', with a time behind it, or '31/03/2011'; else what is wrong with it."""
    iso, british = _ISO.fullmatch(cell[:10]), _BRITISH.fullmatch(cell)
    parts = iso.groups() if iso else british.groups()[::-1] if british else None
    if parts is None:
        return "this is no day."
    try:
        return date(*map(int, parts))
    except ValueError:
        return "there is no such day."
