"""The partnership register as files: each sheet as CSV, all of them as a workbook that can be brought in again."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from charts.figure import slugify
from data_access.files.spreadsheets import csv_bytes, workbook
from data_access.partnerships import files
from data_access.partnerships.checks import Known
from data_access.partnerships.fields import BY_CODE, SHEETS, Field, Sheet
from measures import words

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file_name(sheet: str, place: str, period_label: str, kind: str) -> str:
    """'partnerships_members_london_2011-12.csv'; sheet: its code, '' for all; kind: 'csv' or 'xlsx'."""
    return f"{slugify(*filter(None, ('partnerships', sheet, place, period_label)))}.{kind}"


def tables(sheets: Mapping[str, pd.DataFrame], codes: set[str], there: Known) -> dict[str, pd.DataFrame]:
    """The rows of some partnerships as text: a sheet's code → data_access.partnerships.files.table.

    sheets: a sheet's code → all its rows.
    """
    owners = {sheet.code: "code" if sheet.whole else "partnership" for sheet in SHEETS}
    return {
        code: files.table(BY_CODE[code], rows[rows[owners[code]].isin(codes)], there) for code, rows in sheets.items()
    }


def sheet_csv(table: pd.DataFrame) -> bytes:
    """A sheet as a CSV file."""
    return csv_bytes(table)


def register_workbook(cover: Mapping[str, str], made: Mapping[str, pd.DataFrame]) -> bytes:
    """A cover, and a sheet a table of `tables` that has rows."""
    first = pd.DataFrame({"About": list(cover), "Text": list(cover.values())})
    return workbook({files.COVER: first} | {BY_CODE[code].title: table for code, table in made.items() if len(table)})


def in_words(field: Field, value: Any, there: Known) -> str:
    """What a field holds, as people read it; 'not said' where it is empty."""
    if value in (None, "", []):
        return "not said"
    if field.kind == "partners":
        return words.joined([there.organisation(code) for code in value])
    if field.kind in ("list", "areas", "outcomes"):
        labels = there.areas if field.kind == "areas" else field.words
        return words.joined([labels.get(code, code) for code in value])
    if field.kind == "flag":
        return "yes" if value else "no"
    if field.kind in ("choice", "area", "period"):
        return {"area": there.authorities, "period": there.years}.get(field.kind, field.words).get(value, str(value))
    if field.kind == "day":
        return words.day(value)
    if field.kind == "count":
        return f"£{value:,}" if "£" in field.title else f"{value:,}"
    return str(value)


def for_people(sheet: Sheet, rows: pd.DataFrame, there: Known) -> pd.DataFrame:
    """Rows of a part in words, a column a field; of members, what each is called.

    rows: of exports.views.partnerships.sheet.
    """
    made = {}
    for field in sheet.fields:
        if field.name == "organisation":
            made[field.title] = rows["called"].tolist()
        else:
            empty = "" if field.kind in ("day", "long", "text", "count") else in_words(field, None, there)
            made[field.title] = [
                empty if value in (None, "") else in_words(field, value, there) for value in rows[field.name]
            ]
    return pd.DataFrame(made)
