"""Checks of a template that comes back: is it this indicator's, and is each cell one of those that it may be."""

from functools import cache

import pandas as pd

from data_access.errors import Problem
from data_access.files.checks import Rule, problems
from data_access.files.table import Table
from data_access.files.template import LEVELS, PHASES, About, columns, groups_of, kept
from data_access.periods import from_code
from data_access.places import ENGLAND_CODE

# What Excel makes of 2011/12 when it opens a CSV file: Dec-11, 01/12/2011, 2011-12-01.
_DATE = r"[A-Za-z]{3}-[0-9]{2,4}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}|[0-9]{4}-[0-9]{2}-[0-9]{2}.*"


def indicator_of(table: Table) -> str | None:
    """The indicator that a template is for: the first that it names; None where it names none."""
    for block in table.blocks():
        named = block["indicator"][block["indicator"] != ""] if "indicator" in block else pd.Series(dtype=str)
        if not named.empty:
            return str(named.iloc[0])
    return None


def check(table: Table, about: About | None) -> list[Problem]:
    """Everything wrong with a template but its places and figures, which the import checks as it does any file's.

    about: the indicator that it names, a row of queries.indicators; None where there is no such indicator.
    """
    if "indicator" not in table.columns:
        return [_missing(table, "indicator", "Use the template of the indicator.")]
    code = indicator_of(table)
    if about is None:
        message = "the file names no indicator." if code is None else "there is no such indicator."
        return [Problem(table.name, None, "indicator", code, message, "Use the template of the indicator.")]
    wanted = columns(str(about["collected_from"]))
    optional = {"name", "staff_group", "phase", "note"}
    found = [
        _missing(table, column, f"Add it: this template has {', '.join(wanted)}.")
        for column in wanted
        if column not in table.columns and column not in optional
    ]
    if found:
        return found
    left, rules = 0, _rules(about)
    for block in table.blocks():
        rows, _ = kept(block)
        left += len(rows)
        found += problems(rows, rules, table.name)
    if left == 0:
        message = "no row has a figure."
        found.append(Problem(table.name, None, None, None, message, f"Fill in {' and '.join(wanted[7:-1])}."))
    return found


def _missing(table: Table, column: str, remedy: str) -> Problem:
    return Problem(table.name, 1, column, None, "this column is missing.", remedy)


def _rules(about: About) -> list[Rule]:
    code, termly = str(about["code"]), about["frequency"] == "term"
    groups = sorted({"", "all", *groups_of(about)})
    levels = [*LEVELS, *(name.lower() for name in LEVELS.values())]
    written = "2011/12 autumn" if termly else "2011/12"
    return [
        Rule(
            "indicator",
            lambda cells: cells == code,
            f"this file is for {code}.",
            f"Write {code} in every row, and put other indicators into files of their own.",
        ),
        Rule(
            "period",
            lambda cells: ~cells.str.fullmatch(_DATE),
            "a spreadsheet program has made a date of this period.",
            f"Format the column as text and write it like {written}, or use the XLSX template.",
        ),
        Rule(
            "period",
            lambda cells: cells.str.fullmatch(_DATE) | cells.map(_is_term).notna(),
            "this is not a period.",
            f"Write it like {written}.",
        ),
        Rule(
            "period",
            lambda cells: cells.map(_is_term).isin([None, termly]),
            f"this indicator is counted each {'term' if termly else 'year'}.",
            f"Write it like {written}.",
        ),
        Rule(
            "level",
            lambda cells: cells.str.lower().isin(levels),
            "this is not a level.",
            f"Write one of {', '.join(LEVELS)}.",
        ),
        Rule("code", lambda cells: cells != "", "the code is blank.", f"Write it; England's is {ENGLAND_CODE}."),
        Rule(
            "staff_group",
            lambda cells: cells.str.lower().isin(groups),
            f"{code} is not collected for this staff group.",
            f"Write one of {', '.join(groups[1:])}, or leave it blank for all.",
        ),
        Rule(
            "phase",
            lambda cells: cells.str.lower().isin(["", *PHASES]),
            "this is not a phase.",
            f"Write one of {', '.join(PHASES)}, or leave it blank for all.",
        ),
    ]


@cache
def _is_term(text: str) -> bool | None:
    """Whether the period is a term; None where it is no period."""
    try:
        return from_code(text).kind == "term"
    except ValueError:
        return None
