"""Periods: academic years, terms, and the other years that published files use."""

import re
from dataclasses import dataclass

TERMS = ("autumn", "spring", "summer")
# EES time identifiers that this database holds, and what they are here.
IDENTIFIERS = {
    "academic year": "year",
    "autumn term": "autumn",
    "spring term": "spring",
    "summer term": "summer",
    "calendar year": "calendar_year",
    "reporting year": "reporting_year",
    "financial year": "financial_year",
    "tax year": "tax_year",
}
_SIX_DIGITS = {"year", "autumn", "spring", "summer", "financial_year", "tax_year"}


@dataclass(frozen=True)
class Period:
    """code '2011/12' or '2011/12 summer'; position is when it ends, in years (2012.0 for 2011/12)."""

    code: str
    label: str
    kind: str
    academic_year: str | None
    position: float


def academic_year(start: int) -> Period:
    """The academic year that starts in September of `start`."""
    code = f"{start}/{(start + 1) % 100:02d}"
    return Period(code, code, "year", code, float(start + 1))


def term(start: int, name: str) -> Period:
    """One of the three terms of an academic year."""
    year = academic_year(start).code
    return Period(f"{year} {name}", f"{year}, {name} term", "term", year, start + round((TERMS.index(name) + 1) / 3, 4))


def from_ees(time_period: str, time_identifier: str, term_name: str | None = None) -> Period | str:
    """The period that an EES row names, or the sentence that says what is wrong with it.

    term_name: set where a filter column, not the time identifier, says which term the row is for.
    """
    kind = IDENTIFIERS.get(time_identifier.strip().lower())
    if kind is None:
        return f"time_identifier “{time_identifier}” is not a period this database holds."
    if kind == "year" and term_name is not None:
        kind = term_name
    digits = 6 if kind in _SIX_DIGITS else 4
    if not re.fullmatch(rf"\d{{{digits}}}", time_period):
        return f"a period of kind “{time_identifier}” is written with {digits} digits."
    start = int(time_period[:4])
    if digits == 6 and int(time_period[4:]) != (start + 1) % 100:
        return "the two years of the period do not follow each other."
    if kind == "year":
        return academic_year(start)
    if kind in TERMS:
        return term(start, kind)
    words = kind.replace("_", " ")
    code = f"{start} {words}" if digits == 4 else f"{start}-{(start + 1) % 100:02d} {words}"
    return Period(code, code, kind, None, float(start + (digits == 6)))


def from_code(code: str) -> Period:
    """The period of a code of ours ('2011/12', '2011/12 summer'); raises ValueError where it is none."""
    match = re.fullmatch(r"(\d{4})/(\d{2})(?: (autumn|spring|summer))?", code)
    if not match or int(match[2]) != (int(match[1]) + 1) % 100:
        raise ValueError(f"“{code}” is not an academic year or term")
    return term(int(match[1]), match[3]) if match[3] else academic_year(int(match[1]))
