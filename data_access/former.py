"""Other names and codes of local authorities: spellings in use, what they were before 2009, what became of them."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, select

from data_access import bulk, queries
from data_access.places import VARIANTS
from data_access.schema import local_authority_change
from measures import words

# Counties abolished in April 2009: name → (3-digit code, the authorities that took their place). Source: the Local
# Government (Structural Changes) Orders 2008 for Bedfordshire and Cheshire.
BEFORE_2009 = {"Bedfordshire": ("820", ("822", "823")), "Cheshire": ("875", ("895", "896"))}
SMALL = {"and", "of", "the", "upon"}


@dataclass(frozen=True)
class Alias:
    """What else a person may type for an authority held here: la_code; line: what is said on arriving, '' for a mere
    spelling; codes: other codes that mean the same."""

    name: str
    la_code: str
    line: str = ""
    codes: tuple[str, ...] = ()


def changes(connection: Connection) -> pd.DataFrame:
    """What became of authorities since 2013, in order: the columns of the table local_authority_change."""
    c = local_authority_change
    return bulk.frame(connection, select(c).order_by(c.c.effective, c.c.id))


def aliases(connection: Connection) -> list[Alias]:
    """Every other name: counties before 2009, authorities formed later, and spellings in use."""
    names = dict(queries.authorities(connection)[["code", "name"]].itertuples(index=False, name=None))
    later = [_later(rows, names) for _, rows in changes(connection).groupby("to_ons_code", sort=False)]
    return [*_before_2009(names), *(alias for alias in later if alias), *_spellings(names)]


def _before_2009(names: Mapping[str, str]) -> list[Alias]:
    found = []
    for name, (code, heirs) in BEFORE_2009.items():
        there = [heir for heir in heirs if heir in names]
        if there:
            both = words.joined([names[heir] for heir in there])
            line = f"{name} became {both} in April 2009; {names[there[0]]} is shown."
            found.append(Alias(f"{name} (former)", there[0], line, (code,)))
    return found


def _later(rows: pd.DataFrame, names: Mapping[str, str]) -> Alias | None:
    """One authority that was formed later, from the rows of the changes that made it; None where only a code is new."""
    origins = rows[rows["from_code"].isin(list(names))]
    first = rows.iloc[0]
    codes = tuple(code for code in (str(first["to_code"]), str(first["to_ons_code"])) if code not in names)
    if origins.empty:
        return None
    la_code, year = str(origins["from_code"].iloc[0]), str(first["effective"])[:4]
    name, held = str(first["to_name"]), names[la_code]
    if name == held:
        return Alias(" · ".join(codes), la_code, codes=codes)
    split = set(origins["kind"]) == {"split"}
    parts = words.joined(
        [
            f"{'part of ' if kind == 'part transferred' else ''}{names[code]}"
            for code, kind in zip(origins["from_code"], origins["kind"], strict=True)
        ]
    )
    formed = f"was part of {parts} until {year}" if split else f"was formed in {year} from {parts}"
    return Alias(f"{name} (later)", la_code, f"{name} {formed}; {held} is shown.", codes)


def _spellings(names: Mapping[str, str]) -> list[Alias]:
    """Those that the official name does not contain, since a search finds the others anyway."""
    return [
        Alias(" ".join(_word(word) for word in spelling.split()), code)
        for spelling, code in VARIANTS.items()
        if code in names and spelling not in names[code].lower()
    ]


def _word(word: str) -> str:
    if word in SMALL:
        return word
    return word.upper() if len(word) <= 3 else word.capitalize()


def became(changed: pd.DataFrame, la_code: str, name: str) -> str:
    """What became of an authority since, in a sentence; '' where nothing but its codes changed.

    changed: as from `changes`.
    """
    rows = changed[(changed["from_code"] == la_code) & ~changed["kind"].isin(["recoded", "boundary changed"])]
    if rows.empty:
        return ""
    heirs, year = words.joined(list(rows["to_name"])), str(rows["effective"].iloc[0])[:4]
    if (rows["kind"] == "part transferred").all():
        return f"A part of {name} went to {heirs} in {year}; it is shown as it was from 2009 to 2013."
    verb = "was split into" if (rows["kind"] == "split").all() else "became part of"
    return f"{name} {verb} {heirs} in {year}; it is shown as it was from 2009 to 2013."
