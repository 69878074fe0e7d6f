"""Periods: academic years and terms, and every other period that the EES standard knows."""

import math
import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

TERMS = ("autumn", "spring", "summer")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True)
class Period:
    """code '2011/12' or '2011/12 summer'; position is when it ends, in years (2012.0 for 2011/12)."""

    code: str
    label: str
    kind: str
    academic_year: str | None
    position: float


@dataclass(frozen=True)
class Identifier:
    """One time_identifier: `name` as the standard writes it, `kind` as the database says it.

    digits: 6 for years of two halves (200910), 4 for others. words: what follows the year in a code; said: in a label.
    share: the part of its own year after which it ends, None where `ends` finds the day (months and weeks).
    academic: its year is written 2009/10, not 2009-10.
    """

    name: str
    kind: str
    digits: int
    words: str
    said: str
    share: float | None = 1.0
    academic: bool = False


def _years() -> list[Identifier]:
    made = [Identifier("Academic year", "year", 6, "", "", academic=True)]
    for name, digits in (("Calendar year", 4), ("Reporting year", 4), ("Financial year", 6), ("Tax year", 6)):
        words = name.lower()
        made.append(Identifier(name, words.replace(" ", "_"), digits, words, f" {words}"))
    return made


def _quarters() -> list[Identifier]:
    """Quarters, and the spans of quarters ('Q1-Q3') that older files use."""
    made = []
    for year, digits in (("Academic", 6), ("Calendar", 4), ("Financial", 6), ("Tax", 6)):
        for first in range(1, 5):
            for last in range(first, 5):
                quarter = f"Q{first}" if first == last else f"Q{first}-Q{last}"
                words = quarter if year == "Academic" else f"{year.lower()} year {quarter}"
                said = f", {quarter}" if year == "Academic" else f" {year.lower()} year, {quarter}"
                kind = f"{year.lower()}_quarter" + ("" if first == last else "s")
                name = f"{year} year {quarter}"
                made.append(Identifier(name, kind, digits, words, said, last / 4, academic=year == "Academic"))
    return made


def _terms() -> list[Identifier]:
    made = [
        Identifier(f"{term.capitalize()} term", "term", 6, term, f", {term} term", round(count / 3, 4), True)
        for count, term in enumerate(TERMS, 1)
    ]
    both = "autumn and spring"
    made.append(Identifier("Autumn and spring term", "two_terms", 6, both, f", {both} terms", round(2 / 3, 4), True))
    # Older absence files count half terms: five reach to May, six to the end of the year.
    for count, share in (("five", round(5 / 6, 4)), ("six", 1.0)):
        words = f"{count} half terms"
        made.append(Identifier(words.capitalize(), "half_terms", 6, words, f", {words}", share, True))
    return made


def _parts() -> list[Identifier]:
    return [
        Identifier(f"Part {part} ({months})", "financial_half", 6, months, f", {months}", part / 2)
        for part, months in ((1, "April to September"), (2, "October to March"))
    ]


def _weeks_and_months() -> list[Identifier]:
    weeks = [Identifier(f"Week {week}", "week", 4, f"week {week}", f", week {week}", None) for week in range(1, 54)]
    return weeks + [Identifier(month, "month", 4, month, f" {month}", None) for month in MONTHS]


_ALL = [*_years(), *_quarters(), *_terms(), *_parts(), *_weeks_and_months()]
# Every time_identifier of the standard, as it writes them → what kind of period it is here.
IDENTIFIERS = {each.name: each.kind for each in _ALL}
_BY_NAME = {each.name.lower(): each for each in _ALL}
_BY_CODE = {(each.digits, each.academic, each.words): each for each in _ALL}


def academic_year(start: int) -> Period:
    """The academic year that starts in September of `start`."""
    return _period(start, _BY_NAME["academic year"])


def term(start: int, name: str) -> Period:
    """One of the three terms of an academic year."""
    return _period(start, _BY_NAME[f"{name} term"])


def identifier(name: str) -> Identifier | None:
    """The time_identifier of this name, whatever its case and blanks; None where the standard has none."""
    return _BY_NAME.get(" ".join(name.lower().split()))


def from_ees(time_period: str, time_identifier: str, term_name: str | None = None) -> Period | str:
    """The period that an EES row names, or the sentence that says what is wrong with it.

    term_name: set where a filter column, not the time identifier, says which term the row is for.
    """
    found = identifier(time_identifier)
    if found is None:
        return f"time_identifier “{time_identifier}” is not a period this database holds."
    if found.kind == "year" and term_name is not None:
        found = _BY_NAME[f"{term_name} term"]
    if not re.fullmatch(rf"[0-9]{{{found.digits}}}", time_period):
        return f"a period of kind “{time_identifier}” is written with {found.digits} digits."
    start = int(time_period[:4])
    if found.digits == 6 and int(time_period[4:]) != (start + 1) % 100:
        return "the two years of the period do not follow each other."
    if not 1900 <= start < 2100:
        return "the year is not between 1900 and 2099."
    return _period(start, found)


def from_code(code: str) -> Period:
    """The period of a code of ours ('2011/12', '2011/12 summer', '2020 week 42'); raises ValueError where none is."""
    return _period(*_read(code))


def to_ees(code: str) -> tuple[str, str]:
    """A code's time_period and time_identifier as an EES file writes them; raises ValueError where it is no code."""
    start, found = _read(code)
    return (f"{start}{(start + 1) % 100:02d}" if found.digits == 6 else str(start)), found.name


def _read(code: str) -> tuple[int, Identifier]:
    """The year in which a code's period starts, and what it is."""
    match = re.fullmatch(r"((?:19|20)[0-9]{2})(?:([/-])([0-9]{2}))?(?: (.+))?", code)
    found = _BY_CODE.get((6 if match[2] else 4, match[2] == "/", match[4] or "")) if match else None
    if match is None or found is None or (match[3] and int(match[3]) != (int(match[1]) + 1) % 100):
        raise ValueError(f"“{code}” is not a period, such as 2011/12, 2011/12 autumn or 2020 week 42")
    return int(match[1]), found


def _period(start: int, found: Identifier) -> Period:
    stem = f"{start}{'/' if found.academic else '-'}{(start + 1) % 100:02d}" if found.digits == 6 else str(start)
    code = f"{stem} {found.words}" if found.words else stem
    label = f"{found.words} {start}" if found.kind == "month" else stem + found.said
    return Period(code, label, found.kind, stem if found.academic else None, _position(start, found))


def _position(start: int, found: Identifier) -> float:
    """When a period ends, in years. A calendar or financial year and its parts count as the year they end in."""
    if found.share is not None:
        return start + found.share - (found.digits == 4)
    if found.kind == "month":
        month = MONTHS.index(found.words) + 1
        return _on(date(start, month, monthrange(start, month)[1]))
    week = int(found.words.removeprefix("week "))
    return _on(date.fromisocalendar(start, 1, 7) + timedelta(weeks=week - 1))


def last_day(position: float) -> date:
    """The day on which a period of this position ends: 2012.0 → 31 August 2012."""
    months = (position - int(position)) * 12 + 8  # since the beginning of the year, to the end of the day
    whole = math.ceil(months - 0.002) - 1
    year, month = int(position) + whole // 12, whole % 12 + 1
    length = monthrange(year, month)[1]
    return date(year, month, min(length, max(1, round((months - whole) * length))))


def _on(day: date) -> float:
    """A day as a position: the end of August 2012 is 2012.0, as the academic year 2011/12 is."""
    return round(day.year + (day.month - 9 + day.day / monthrange(day.year, day.month)[1]) / 12, 4)
