"""Whether partnerships are set up to last, and how long they have been silent; and the pattern published of such work.

The pattern is that of the 26 partnership projects of authorities that were evaluated (NFER, 2005).
"""

from datetime import date
from typing import Final

import pandas as pd

from measures.partnership_words import SUSTAINABILITY_FACTORS, SUSTAINABILITY_PLANS, WORKING_GROUPS
from measures.survival import MONTH

NOT_SAID: Final = "Not said"
NONE_NOTED: Final = "None noted"
# The last activity lies this many months back at most → in words.
SILENCE: Final = {3: "Within 3 months", 6: "3 to 6 months ago", 12: "6 to 12 months ago"}
LONGER: Final = "Over a year ago"
PROJECT: Final = "la_partnership_project"


def plans(going: pd.DataFrame) -> dict[str, int]:
    """How many have which plans to go on, in words; those that do not say come last."""
    counts = going["plans"].fillna("").value_counts()
    said = {words: int(counts.get(code, 0)) for code, words in SUSTAINABILITY_PLANS.items()}
    return {**said, NOT_SAID: len(going) - sum(said.values())}


def factors(going: pd.DataFrame) -> dict[str, int]:
    """How many have each factor that helps partnerships last, in words; one may have several."""
    counts = going["factors"].explode().value_counts()
    return {words: int(counts.get(code, 0)) for code, words in SUSTAINABILITY_FACTORS.items()}


def silent_days(going: pd.DataFrame, day: date) -> pd.Series:
    """Days since the last activity; since it began, where none is noted."""
    since = [held or began for held, began in zip(going["last_held"], going["began"], strict=True)]
    return pd.Series([(day - each).days for each in since], index=going.index, dtype=int)


def silence(going: pd.DataFrame, day: date) -> dict[str, int]:
    """How many had their last activity how long ago, in words; those without any come last."""
    held = going["last_held"].notna()
    months = silent_days(going, day)[held] / MONTH
    found, least = {}, -1.0
    for most, words in SILENCE.items():
        found[words] = int(((months > least) & (months <= most)).sum())
        least = most
    return {**found, LONGER: int((months > least).sum()), NONE_NOTED: int((~held).sum())}


def silent_longest(going: pd.DataFrame, day: date, most: int = 15) -> pd.DataFrame:
    """The rows of those that have been silent longest, with silent (days), longest first."""
    rows = going.assign(silent=silent_days(going, day))
    return rows.sort_values(["silent", "code"], ascending=[False, True], kind="stable").head(most)


def pattern(partnerships: pd.DataFrame) -> dict[str, tuple[int, int]]:
    """What the partnership projects of authorities do: working_groups, seminars, one_to_one, firm → (count, of).

    firm is of those whose plans to go on are known: those that were followed up.
    """
    projects = partnerships[partnerships["kind"] == PROJECT]
    models = [set(each) for each in projects["working_models"]]
    followed_up = projects["plans"].isin(list(SUSTAINABILITY_PLANS))
    return {
        "working_groups": (sum(bool(each & WORKING_GROUPS) for each in models), len(projects)),
        "seminars": (sum("seminar_or_conference" in each for each in models), len(projects)),
        "one_to_one": (sum("one_to_one_with_la_adviser" in each for each in models), len(projects)),
        "firm": (int((projects["plans"] == "firm").sum()), int(followed_up.sum())),
    }
