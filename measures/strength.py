"""How strong a piece of evidence is, by one rule a kind: who answered, out of how many, against what, and how long ago.

Every limit stands here once; `RULES` says the same in words for the page. What is not stated counts as not met, so a
blank never makes evidence stronger, and neither do fewer answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pandas as pd

from measures import words

KINDS: Final = {
    "focus_group": "Focus group",
    "survey": "Survey",
    "evaluation": "Evaluation",
    "administrative": "Administrative",
}
LEVELS: Final = ("limited", "moderate", "strong")  # weakest first
STRENGTHS: Final = {"strong": "Strong", "moderate": "Moderate", "limited": "Limited"}

FULL_COUNT: Final = 0.95  # share of the records that an administrative source holds
NEARLY_FULL: Final = 0.8
HIGH_RESPONSE: Final = 0.6
LOW_RESPONSE: Final = 0.3
MANY_ANSWERS: Final = 100
SOME_ANSWERS: Final = 50
FEW_FOLLOWED: Final = 20  # of an evaluation with a comparison group
SEVERAL_GROUPS: Final = 24  # people: three groups of eight
FRESH_YEARS: Final = 4

RULES: Final = {
    "administrative": {
        "strong": f"Holds at least {FULL_COUNT:.0%} of the records that it should: a full count.",
        "moderate": f"Holds at least {NEARLY_FULL:.0%} of them.",
        "limited": "Holds fewer, or does not say how many.",
    },
    "survey": {
        "strong": f"Response of at least {HIGH_RESPONSE:.0%} and at least {MANY_ANSWERS} answers.",
        "moderate": f"Response of at least {LOW_RESPONSE:.0%} and at least {SOME_ANSWERS} answers.",
        "limited": "A lower response, fewer answers, or not stated.",
    },
    "evaluation": {
        "strong": f"Compares with a group that did without, followed at least {SOME_ANSWERS} people or schools, and "
        f"kept at least {HIGH_RESPONSE:.0%} of them.",
        "moderate": f"Compares with such a group and followed at least {FEW_FOLLOWED}; or, without one, followed at "
        f"least {SOME_ANSWERS} and kept at least {HIGH_RESPONSE:.0%}.",
        "limited": "Neither, or not stated.",
    },
    "focus_group": {
        "strong": "Never: a few people who talk together show why and how, not how many.",
        "moderate": f"At least {SEVERAL_GROUPS} people took part, as in three groups of eight.",
        "limited": "Fewer took part, or not stated.",
    },
}
AGE_RULE: Final = (
    f"Evidence gathered more than {FRESH_YEARS} years before the end of the period shown counts one level less."
)


@dataclass(frozen=True)
class Strength:
    """One of LEVELS, and the reason in words: '62% of 410 answered; 254 answers'."""

    level: str
    reason: str


def judge(kind: str, invited: int | None, responded: int | None, compared: bool, gathered: date, on: date) -> Strength:
    """The strength of one piece of evidence.

    kind: of KINDS. invited, responded: people, schools or records asked for and had; None: not stated. compared: with a
    group that did without. gathered: the last day of the work. on: the day from which its age is counted.
    """
    size = responded or 0
    share = responded / invited if responded is not None and invited else 0.0
    level = {
        "administrative": _administrative(share),
        "survey": _survey(share, size),
        "evaluation": _evaluation(share, size, compared),
        "focus_group": "moderate" if size >= SEVERAL_GROUPS else "limited",
    }[kind]
    said = _response(kind, invited, responded)
    if kind == "evaluation":
        said += "; with a comparison group" if compared else "; without a comparison group"
    if _old(gathered, on):
        said += f"; gathered more than {FRESH_YEARS} years before"
        level = LEVELS[max(0, LEVELS.index(level) - 1)]
    return Strength(level, said)


def with_strength(register: pd.DataFrame, on: date) -> pd.DataFrame:
    """The register with strength (of LEVELS) and why (the reason in words) of each row, as judged on a day.

    register: kind, invited, responded (missing: not stated), compared, began and ended (dates; ended may be missing).
    """
    judged = [
        judge(row["kind"], whole(row["invited"]), whole(row["responded"]), bool(row["compared"]), gathered(row), on)
        for row in register.to_dict("records")
    ]
    return register.assign(
        strength=pd.Series([found.level for found in judged], index=register.index, dtype=object),
        why=pd.Series([found.reason for found in judged], index=register.index, dtype=object),
    )


def gathered(row: Mapping[Any, Any]) -> date:
    """The last day of the work: when it ended, or began where it is not over."""
    return row["began"] if pd.isna(row["ended"]) else row["ended"]


def whole(value: Any) -> int | None:
    """A count of a frame's cell; None where it is missing."""
    return None if pd.isna(value) else int(value)


def response_words(invited: int | None, responded: int | None) -> str:
    """'254 of 410 (62%)', '23', 'not stated'; of 410, only '410 asked' where nobody says who answered."""
    if responded is None:
        return "not stated" if invited is None else f"{invited:,} asked"
    return f"{responded:,} of {invited:,} ({words.share(responded / invited)})" if invited else f"{responded:,}"


def strongest(levels: pd.Series) -> str:
    """The strongest of some LEVELS; '' of none."""
    return max(levels, key=LEVELS.index, default="")


def _administrative(share: float) -> str:
    return "strong" if share >= FULL_COUNT else "moderate" if share >= NEARLY_FULL else "limited"


def _survey(share: float, size: int) -> str:
    if share >= HIGH_RESPONSE and size >= MANY_ANSWERS:
        return "strong"
    return "moderate" if share >= LOW_RESPONSE and size >= SOME_ANSWERS else "limited"


def _evaluation(share: float, size: int, compared: bool) -> str:
    kept = share >= HIGH_RESPONSE and size >= SOME_ANSWERS
    if compared and kept:
        return "strong"
    return "moderate" if kept or (compared and size >= FEW_FOLLOWED) else "limited"


def _response(kind: str, invited: int | None, responded: int | None) -> str:
    if responded is None:
        return {"administrative": "completeness not stated", "focus_group": "number of people not stated"}.get(
            kind, "response not stated"
        )
    if invited:
        share = words.share(responded / invited)
        held = {"administrative": "records", "survey": "answers", "evaluation": "kept"}.get(kind, "took part")
        return f"{responded:,} of {invited:,} {held}, {share}"
    if kind == "focus_group":
        return f"{responded:,} took part"
    return f"{responded:,}, out of how many is not stated"


def _old(gathered_on: date, on: date) -> bool:
    """Whether more than FRESH_YEARS lie between the two days."""
    return (gathered_on.year + FRESH_YEARS, gathered_on.month, gathered_on.day) < (on.year, on.month, on.day)
