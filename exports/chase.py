"""The list of schools to chase as a workbook: who owes which returns."""

from collections.abc import Mapping

import pandas as pd

from charts.figure import slugify
from data_access.files.spreadsheets import workbook

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file_name(place: str, period_label: str) -> str:
    """'schools-to-chase_camden_2011-12.xlsx'."""
    return f"{slugify('Schools to chase', place, period_label)}.xlsx"


def chase_workbook(cover: Mapping[str, str], schools: pd.DataFrame, returns: pd.DataFrame) -> bytes:
    """Three sheets: the cover (what, where, when, from where), a line a school, a line a missing return.

    All cells are text or numbers; text that a spreadsheet would compute stays text.
    """
    first = pd.DataFrame({"About": list(cover), "Text": list(cover.values())})
    return workbook({"Cover": first, "Schools to chase": schools, "Missing returns": returns})
