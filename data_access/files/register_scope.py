"""Which establishments of the register are schools of the strategy, and in which phase the DfE counts them."""

import re
from datetime import date, datetime

import pandas as pd

FIRST_DAY = date(2009, 9, 1)  # the strategy's first; a school that closed before it never took part
PHASES = {
    "primary": "primary",
    "middle deemed primary": "primary",
    "secondary": "secondary",
    "middle deemed secondary": "secondary",
    "all-through": "secondary",
    "all through": "secondary",
}
_DATES = {
    "%Y-%m-%d": r"[0-9]{4}-[0-9]{2}-[0-9]{2}( 00:00:00)?",
    "%d-%m-%Y": r"[0-9]{2}-[0-9]{2}-[0-9]{4}",
    "%d/%m/%Y": r"[0-9]{2}/[0-9]{2}/[0-9]{4}",
}
# State-funded all the same, though the register groups them with independent schools.
_STATE_FUNDED = "city technology college"


def is_special(text: pd.DataFrame) -> pd.Series:
    """Whether each establishment is a special school; text: columns type and group."""
    kind, group = text["type"].str.lower(), text["group"].str.lower()
    return (kind.str.contains("special") | group.str.contains("special")) & ~kind.str.contains("post 16|post-16")


def phases(text: pd.DataFrame) -> pd.Series:
    """primary, secondary or special, '' for any other phase; text: columns type, group and phase."""
    return text["phase"].str.lower().map(PHASES).mask(is_special(text), "special").fillna("").astype(object)


def reasons(text: pd.DataFrame, closed: pd.Series) -> pd.Series:
    """Why each establishment is left out, '' where it stays; of several reasons the first.

    text: columns type, group, status and phase. closed: the day each closed, None where it is not known.
    """
    kind, group, status = (text[name].str.lower() for name in ("type", "group", "status"))
    independent = kind.str.contains("independent") | group.str.contains("independent")
    shut = status.str.startswith("closed")
    gone = closed.map(lambda day: isinstance(day, date) and day < FIRST_DAY).astype(bool)
    tests = {
        "establishments in Wales": kind.str.contains("welsh") | group.str.contains("welsh"),
        "schools that are only proposed": status.str.startswith("proposed to open"),
        "independent schools": independent & ~kind.str.fullmatch(_STATE_FUNDED),
        "pupil referral units and alternative provision": kind.str.contains("pupil referral|alternative provision"),
        f"schools that closed before {FIRST_DAY.day} September {FIRST_DAY.year}": gone,
        "closed schools without a closing date": shut & closed.isna(),
    }
    why = pd.Series("", index=text.index, dtype=object)
    for reason, rows in tests.items():
        why = why.mask((why == "") & rows, reason)
    named = text["phase"].where(text["phase"] != "", "not given")
    return why.mask((why == "") & (phases(text) == ""), "establishments of the phase " + named)


def day_of(text: str) -> date | None:
    """The day that is written as in GIAS (31-08-2011), with strokes or as ISO (2011-08-31); None where it is none."""
    for form, pattern in _DATES.items():
        if re.fullmatch(pattern, text):
            try:
                return datetime.strptime(text[:10], form).date()
            except ValueError:
                return None
    return None
