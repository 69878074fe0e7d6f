"""Statistical neighbours: for each authority the authorities most like it, ranked from 1."""

import numpy as np
import pandas as pd

from data_access.errors import Problem
from data_access.files.checked import Checked, missing_columns, numbers, places_problems, refused
from data_access.files.checks import Rule, problems
from data_access.files.table import Table
from data_access.places import Places

COLUMNS = ["la_code", "neighbour_code", "rank", "closeness"]
NEEDED = ["old_la_code", "neighbour_old_la_code", "rank"]


def read(table: Table, places: Places) -> Checked:
    """The neighbours in a file with the columns old_la_code, neighbour_old_la_code, rank and, if known, closeness.

    Rows: la_code, neighbour_code (3-digit codes held here), rank (int from 1, without gaps), closeness (float or NaN).
    Authorities formed later are left out, and the ranks below them move up.
    """
    missing = missing_columns(table, NEEDED)
    if missing:
        return refused(COLUMNS, missing)
    text = table.whole()
    found = {column: places.authorities(text[column], text[column]) for column in NEEDED[:2]}
    rows = pd.DataFrame(
        {
            "la_code": found["old_la_code"]["la_code"],
            "neighbour_code": found["neighbour_old_la_code"]["la_code"],
            "rank": numbers(text["rank"]),
            "closeness": numbers(text["closeness"]) if "closeness" in text else np.nan,
        },
        index=text.index,
    )
    wrong = [problem for column, there in found.items() for problem in places_problems(text[column], there, table.name)]
    wrong += problems(text, _rules(text, rows), table.name)
    checked = Checked(rows, problems=wrong)
    if wrong:
        return checked
    checked.problems += _gaps(table.name, text, rows)
    later = rows["la_code"].isna() | rows["neighbour_code"].isna()
    if later.any():
        checked.ignored["rows of authorities formed after 2013, or with other boundaries since"] += int(later.sum())
        checked.notes.append("The ranks below a neighbour that was left out have moved up.")
    left = rows[~later].astype({"rank": int})
    checked.rows = left.assign(rank=left.groupby("la_code")["rank"].rank().astype(int))
    if left.empty and not checked.problems:
        checked.problems.append(
            Problem(table.name, None, None, None, "no row is left to take.", "Use the authorities of 2009 to 2013.")
        )
    checked.notes += _closeness_notes(left)
    return checked


def _rules(text: pd.DataFrame, rows: pd.DataFrame) -> list[Rule]:
    """rows: what was read of the text, on the same index."""
    place = rows["la_code"].where(rows["la_code"].notna(), text["old_la_code"])
    other = rows["neighbour_code"].where(rows["neighbour_code"].notna(), text["neighbour_old_la_code"])
    pairs = pd.DataFrame({"place": place, "other": other, "rank": rows["rank"]})
    whole = rows["rank"].notna() & (rows["rank"] >= 1) & (rows["rank"] % 1 == 0)
    return [
        Rule("rank", lambda _: whole, "this is not a whole number from 1.", "Write 1 for the closest neighbour."),
        Rule(
            "rank",
            lambda _: ~whole | ~pairs.duplicated(["place", "rank"]),
            "this authority has the rank twice.",
            "Give each of its neighbours a rank of its own.",
        ),
        Rule(
            "neighbour_old_la_code",
            lambda _: place != other,
            "an authority is not its own neighbour.",
            "Remove the row.",
        ),
        Rule(
            "neighbour_old_la_code",
            lambda _: ~pairs.duplicated(["place", "other"]),
            "this authority has the neighbour twice.",
            "Remove one of the two rows.",
        ),
        Rule(
            "closeness",
            lambda cells: (cells == "") | rows["closeness"].notna(),
            "this is not a number.",
            "Write a number without separators, or leave the cell blank.",
        ),
    ]


def _gaps(file_name: str, text: pd.DataFrame, rows: pd.DataFrame) -> list[Problem]:
    """A problem for each authority whose ranks are not 1 to n, at the row with the highest."""
    place = rows["la_code"].where(rows["la_code"].notna(), text["old_la_code"])
    found = []
    for _, ranks in rows["rank"].groupby(place):
        if ranks.max() != len(ranks):
            line = int(str(ranks.idxmax()))
            message = f"authority {text['old_la_code'][line]} has {len(ranks)} neighbours, and one of rank {{}}."
            rank = text["rank"][line]
            found.append(
                Problem(file_name, line + 2, "rank", rank, message.format(rank), "Number them from 1 without gaps.")
            )
    return sorted(found, key=lambda problem: problem.row or 0)


def _closeness_notes(rows: pd.DataFrame) -> list[str]:
    """Where closeness neither rises nor falls with the rank throughout, or rises here and falls there."""
    directions: dict[str, list[str]] = {"rises": [], "falls": [], "does both": []}
    for code, each in rows[rows["closeness"].notna()].sort_values("rank").groupby("la_code")["closeness"]:
        if each.nunique() > 1:
            steps = np.diff(each)
            directions["rises" if (steps >= 0).all() else "falls" if (steps <= 0).all() else "does both"].append(
                str(code)
            )
    usual = max(("rises", "falls"), key=lambda name: len(directions[name]))
    odd = sorted(code for name, codes in directions.items() if name != usual for code in codes)
    if not odd:
        return []
    first = ", ".join(odd[:5]) + (f" and {len(odd) - 5} others" if len(odd) > 5 else "")
    return [f"Closeness {usual} with the rank, but not for {first}: the ranks are used."]
