"""What the cells of a school register must satisfy; columns are named as in register.SOURCES."""

import pandas as pd

from data_access.files.checked import numbers
from data_access.files.checks import Rule
from data_access.files.register_scope import day_of

LONGEST_NAME = 160


def every_row() -> list[Rule]:
    """What every row of a register must satisfy, whatever establishment it is about."""
    return [
        Rule(
            "urn",
            lambda cells: cells.str.fullmatch("[0-9]{5,7}"),
            "this is not a URN.",
            "Write its five to seven digits.",
        ),
        Rule(
            "urn",
            lambda cells: (cells == "") | ~cells.duplicated(),
            "this URN stands in a row above already.",
            "Remove one of the two rows.",
        ),
        *(
            Rule(
                name,
                lambda cells: cells.map({day: day == "" or day_of(day) is not None for day in cells.unique()}).astype(
                    bool
                ),
                "this is not a date.",
                "Write it like 31-08-2011 or 2011-08-31, or leave it blank.",
            )
            for name in ("opened", "closed")
        ),
    ]


def every_school() -> list[Rule]:
    """What must be known of each school that is taken."""
    return [
        Rule("name", lambda cells: cells != "", "the school's name is blank.", "Write it."),
        Rule(
            "name",
            lambda cells: cells.str.len() <= LONGEST_NAME,
            f"this is longer than {LONGEST_NAME} characters.",
            "Shorten the name.",
        ),
        Rule(
            "number",
            lambda cells: cells.str.fullmatch("[0-9]{0,4}"),
            "this is not an establishment number.",
            "Write its 4 digits, or leave it blank.",
        ),
        *(
            Rule(
                name,
                lambda cells: (cells == "") | numbers(cells).notna(),
                "this is not a number of metres.",
                "Write whole metres on the British National Grid, or leave it blank.",
            )
            for name in ("easting", "northing")
        ),
    ]


def of_authority(text: pd.DataFrame) -> list[Rule]:
    """That each school has a local authority; text: columns la and la_name."""
    blank = (text["la"] == "") & (text["la_name"] == "")
    message, remedy = "the school's local authority is blank.", "Write it."
    return [
        Rule("la", lambda cells: cells.str.fullmatch("([0-9]{3})?"), "this is not an LA code.", "Write its 3 digits."),
        Rule("la_name", lambda _: ~blank, message, remedy),
        Rule("la", lambda _: ~blank, message, remedy),
    ]
