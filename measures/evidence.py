"""Which evidence bears on a place and on an outcome; what no evidence bears on is said."""

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from measures.strength import LEVELS

# How a piece of evidence lies to a place, nearest first → the same in words.
NEARNESS: Final = {"here": "about it as a whole", "within": "about a part of it", "wider": "about a wider area"}
COLUMNS: Final = ["outcome", "code", "title", "kind", "strength", "found"]


def bearing_on(register: pd.DataFrame, area: str, within: Mapping[str, str]) -> pd.DataFrame:
    """The rows of the register that bear on an area, with `near` (of NEARNESS), in the register's order.

    register: areas (a list of codes a row). area: a code of the same. within: a code → that of the area it lies in.
    Evidence bears on the areas that it is about, on those that they lie in, and on those that lie in them.
    """
    near = pd.Series([_near(areas, area, within) for areas in register["areas"]], index=register.index, dtype=object)
    return register.assign(near=near)[near != ""]


def _around(area: str, within: Mapping[str, str]) -> list[str]:
    """The areas that an area lies in, nearest first."""
    found = []
    while area in within:
        area = within[area]
        found.append(area)
    return found


def _near(areas: Sequence[str], area: str, within: Mapping[str, str]) -> str:
    if area in areas:
        return "here"
    if any(area in _around(part, within) for part in areas):
        return "within"
    return "wider" if set(_around(area, within)) & set(areas) else ""


def by_outcome(register: pd.DataFrame, outcomes: Sequence[str], place: str) -> pd.DataFrame:
    """A row for each piece of evidence and outcome that it bears on, and one for each outcome without any.

    register: code, title, kind, strength, found, outcomes (a list of codes a row): of an area by bearing_on, with
    measures.strength.with_strength. outcomes: those asked about, in order. place: the area, in words.

    Columns COLUMNS, an outcome's strongest evidence first. Where nothing bears on an outcome its one row has '' for
    code, title, kind and strength, and `found` says so.
    """
    rows = register.explode("outcomes").rename(columns={"outcomes": "outcome"})
    rows = rows.loc[rows["outcome"].isin(outcomes), COLUMNS]
    without = [code for code in outcomes if code not in set(rows["outcome"])]
    said = f"No evidence in the register bears on this outcome in {place}."
    none = pd.DataFrame({"outcome": without, "found": said}, dtype=object).reindex(columns=COLUMNS, fill_value="")
    made = pd.concat([rows, none], ignore_index=True)
    order = {code: at for at, code in enumerate(outcomes)}
    weakest_first = ["", *LEVELS]
    made["_outcome"], made["_strength"] = made["outcome"].map(order), made["strength"].map(weakest_first.index)
    made = made.sort_values(["_outcome", "_strength"], ascending=[True, False], kind="stable", ignore_index=True)
    return made[COLUMNS]
