"""Find an area by what a person may type: a code of ours, an ONS code, or its name."""

from collections.abc import Iterable

import pandas as pd
from sqlalchemy import Connection, select

from data_access import queries
from data_access.errors import UnknownCode
from data_access.places import ENGLAND_CODE
from data_access.schema import school


def check(code: str, known: Iterable[str], what: str) -> None:
    """Raise UnknownCode unless the code is known; the sentence names the closest choices or all of a few."""
    choices = list(known)
    if code not in choices:
        listed = ", ".join(choices) if len(choices) <= 40 else f"one of {len(choices)}"
        raise UnknownCode(f"“{code}” is not a known {what}.", f"Known: {listed}.")


def resolve(connection: Connection, level: str, given: str) -> str:
    """The area code at a level ('england' | 'region' | 'la') for a code, an ONS code or a name; raises UnknownCode."""
    if level == "england":
        names = {ENGLAND_CODE: ENGLAND_CODE, "england": ENGLAND_CODE}
    elif level == "region":
        frame = queries.regions(connection)
        names = _names(frame, "code", "name", "short")
    else:
        frame = queries.authorities(connection)
        names = _names(frame, "code", "ons_code", "name")
    found = names.get(given.strip().lower()) or names.get(given.strip())
    if found is None:
        raise UnknownCode(
            f"“{given}” is not a known {'local authority' if level == 'la' else level}.",
            "Use its code or its full name.",
        )
    return found


def region_or_authority(connection: Connection, given: str) -> str:
    """The code of a region or of a local authority; raises UnknownCode."""
    try:
        return resolve(connection, "region", given)
    except UnknownCode:
        return resolve(connection, "la", given)


def _names(frame: pd.DataFrame, *columns: str) -> dict[str, str]:
    return {str(row[column]).lower(): str(row["code"]) for row in frame.to_dict("records") for column in columns}


def authority_of(connection: Connection, given: str) -> str:
    """The local authority of a school's URN, or the authority itself; raises UnknownCode."""
    la_code = connection.execute(select(school.c.la_code).where(school.c.urn == given)).scalar()
    return la_code or resolve(connection, "la", given)
