"""The school register, in the columns of the government's "Get information about schools" (GIAS).

Only the columns named here are ever kept: the register's personal data, such as heads' names, are never read further.
"""

from collections import Counter
from collections.abc import Mapping

import pandas as pd

from data_access.errors import Problem
from data_access.files.checked import Checked, no_rows, numbers, refused
from data_access.files.checks import Rule, problems
from data_access.files.grid import longitude_latitude
from data_access.files.register_rules import every_row, every_school, of_authority
from data_access.files.register_scope import FIRST_DAY, day_of, phases, reasons
from data_access.files.table import Table
from data_access.places import Places

COLUMNS = ["urn", "name", "la_code", "phase", "laestab", "longitude", "latitude", "opened", "closed"]
# What is read → the columns that may hold it, GIAS's own name first, then that of shorter lists of schools.
SOURCES = {
    "urn": ("URN",),
    "name": ("EstablishmentName", "School name"),
    "type": ("TypeOfEstablishment (name)", "School type"),
    "phase": ("PhaseOfEducation (name)", "Phase"),
    "la": ("LA (code)",),
    "la_name": ("LA (name)", "Local Authority"),
    "number": ("EstablishmentNumber",),
    "group": ("EstablishmentTypeGroup (name)",),
    "status": ("EstablishmentStatus (name)",),
    "opened": ("OpenDate",),
    "closed": ("CloseDate",),
    "easting": ("Easting",),
    "northing": ("Northing",),
    "previous_la": ("PreviousLA (code)",),
}
_NEEDED = ("urn", "name", "type", "phase")


def read(table: Table, places: Places) -> Checked:
    """The state-funded schools of England in a register, one row a school.

    Rows: urn, name, la_code (3 digits, of 2009 to 2013), phase (primary, secondary or special), laestab (7 digits or
    None), longitude and latitude (WGS84, NaN where not given), opened and closed (date or None). All-through schools
    and middle schools deemed secondary are secondary, middle schools deemed primary are primary: the DfE's convention.
    Schools that closed before September 2009 and those of other kinds are left out and counted.
    """
    called = {
        name: column for name, columns in SOURCES.items() for column in reversed(columns) if column in table.columns
    }
    missing = _missing(table, called)
    if missing:
        return refused(COLUMNS, missing)
    text = _text(table, called)
    if text.empty:
        return refused(COLUMNS, [no_rows(table.name)])
    wrong = _problems(table.name, text, called, every_row())
    closed = text["closed"].map({day: day_of(day) for day in text["closed"].unique()})
    why = reasons(text, closed)
    wrong += _problems(table.name, text[why == ""], called, of_authority(text[why == ""]))
    found = _authorities(text, places)
    why = why.mask((why == "") & found["la_code"].isna(), "schools of " + found["why"])
    left = text[why == ""]
    wrong += _problems(table.name, left, called, every_school())
    checked = Checked(
        pd.DataFrame(
            {
                "urn": left["urn"],
                "name": left["name"],
                "la_code": found["la_code"][left.index],
                "phase": phases(left),
                "laestab": _laestab(left),
                "opened": left["opened"].map({day: day_of(day) for day in left["opened"].unique()}).astype(object),
                "closed": closed[left.index].astype(object),
            }
        ),
        problems=sorted(wrong, key=lambda problem: problem.row or 0),
    )
    checked.ignored += Counter(why[why != ""].tolist())
    if left.empty and not wrong:
        message, remedy = "no school is left to take.", f"Use a register of schools in England since {FIRST_DAY.year}."
        checked.problems.append(Problem(table.name, None, None, None, message, remedy))
    _add_positions(checked, left)
    return checked


def _missing(table: Table, called: Mapping[str, str]) -> list[Problem]:
    lacking = [SOURCES[name] for name in _NEEDED if name not in called]
    if "la" not in called and "la_name" not in called:
        lacking.append((SOURCES["la"][0], *SOURCES["la_name"]))
    return [
        Problem(
            table.name,
            1,
            columns[0],
            None,
            "this column of the school register is missing.",
            "Add it" + "".join(f", or {other}" for other in columns[1:]) + ", or export the full register from GIAS.",
        )
        for columns in lacking
    ]


def _text(table: Table, called: Mapping[str, str]) -> pd.DataFrame:
    """The columns that are read, under our names, '' where the file does not have one."""
    wanted = list(called.values())
    blocks = [block[wanted] for block in table.blocks()]
    whole = pd.concat(blocks) if blocks else pd.DataFrame(columns=wanted, dtype=str)
    return whole.set_axis(list(called), axis=1).reindex(columns=list(SOURCES), fill_value="")


def _problems(file_name: str, text: pd.DataFrame, called: Mapping[str, str], rules: list[Rule]) -> list[Problem]:
    """As checks.problems, with the columns as the file calls them."""
    named = {name: column for name, column in called.items() if any(rule.column == name for rule in rules)}
    frame = text[list(named)].rename(columns=named)
    mine = [Rule(named[rule.column], rule.check, rule.message, rule.remedy) for rule in rules if rule.column in named]
    return problems(frame, mine, file_name)


def _authorities(text: pd.DataFrame, places: Places) -> pd.DataFrame:
    """As Places.authorities; a school of an authority formed later belongs to the one that it had before."""
    now = places.authorities(text["la"], names=text["la_name"])
    before = places.authorities(text["previous_la"])
    found = now.where(now["la_code"].notna() | before["la_code"].isna(), before)
    named = text["la_name"].where(text["la_name"] != "", text["la"]) + ": not an authority held here"
    nameless = found["la_code"].isna() & ((found["why"] == "") | (text["la"] == ""))
    return found.assign(why=found["why"].mask(nameless, named))


def _laestab(text: pd.DataFrame) -> pd.Series:
    """LA code and establishment number in one, as the register writes them; None where either is missing."""
    made = text["la"] + text["number"].str.zfill(4)
    return made.astype(object).where(text["la"].str.fullmatch("[0-9]{3}") & (text["number"] != ""), None)


def _add_positions(checked: Checked, text: pd.DataFrame) -> None:
    """Adds longitude and latitude to the rows."""
    found, outside = longitude_latitude(numbers(text["easting"]), numbers(text["northing"]))
    if outside:
        checked.notes.append(f"Positions outside England, which are not used: {outside:,}.")
    checked.rows = checked.rows.join(found)[COLUMNS]
