"""What is known of places, without a database: codes, names and what became of authorities since 2013."""

from dataclasses import dataclass

ENGLAND_CODE = "E92000001"
INNER_OUTER_LONDON = {"E13000001", "E13000002"}


@dataclass(frozen=True)
class Places:
    """What the database knows of places: LA codes by 3-digit and by ONS code, regions, schools, later LA codes."""

    la_codes: frozenset[str]
    la_by_ons: dict[str, str]
    recoded: dict[str, str]  # a later 3-digit or ONS code of the same authority → its 3-digit code here
    successors: dict[str, str]  # code of a merged or split authority → its name
    regions: frozenset[str]
    schools: frozenset[str]
