"""The health check of a partnership: what is in place, what changed since the check before, and what comes next."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from measures import words
from measures.partnership_words import ANSWERS, CHECKS

ORDER = {"no": 0, "in_progress": 1, "yes": 2}


@dataclass(frozen=True)
class Profile:
    """One partnership's checks.

    answers: a row an item, a column a day (dates, the earliest first), '' where unanswered. notes: an item → the latest
    note that is not empty.
    """

    answers: pd.DataFrame
    notes: dict[str, str]

    @property
    def days(self) -> list[date]:
        """The days of the checks, the earliest first."""
        return [pd.Timestamp(each).date() for each in self.answers.columns]

    def latest(self) -> dict[str, str]:
        """An item → its answer at the latest check, '' where it has none."""
        latest = self.answers[self.days[-1]] if self.days else pd.Series("", index=list(CHECKS))
        return {str(item): str(answer) for item, answer in latest.items()}


def profile(checks: pd.DataFrame) -> Profile:
    """The profile from one partnership's rows: held_on, item, answer, note."""
    answers = checks.pivot(index="item", columns="held_on", values="answer") if len(checks) else pd.DataFrame()
    ordered = answers.reindex(list(CHECKS)).fillna("").sort_index(axis=1)
    noted = checks[checks["note"] != ""].sort_values("held_on")
    return Profile(ordered, dict(zip(noted["item"], noted["note"], strict=True)))


def latest_of_each(checks: pd.DataFrame) -> pd.DataFrame:
    """Of each partnership's latest check how many items have which answer: partnership, held_on, a column an answer.

    checks: partnership, held_on, item, answer. Most in place first.
    """
    last = checks[checks["held_on"] == checks.groupby("partnership")["held_on"].transform("max")]
    counts = pd.crosstab(last["partnership"], last["answer"]).reindex(columns=list(ANSWERS), fill_value=0)
    days = last.drop_duplicates("partnership").set_index("partnership")["held_on"]
    made = counts.assign(held_on=days).rename_axis(columns=None).reset_index()
    return made.sort_values(next(iter(ANSWERS)), ascending=False, kind="stable", ignore_index=True)


def finding(found: Profile) -> str:
    """'11 of 17 in place, 4 in progress, 2 not' at the latest check."""
    if not found.days:
        return "No health check has been entered"
    answers = list(found.latest().values())
    yes, progress, no = (answers.count(code) for code in ANSWERS)
    return f"{yes} of {len(answers)} in place, {progress} in progress, {no} not"


def told(found: Profile) -> str:
    """When it was checked, what has no answer, and what changed since the check before, in sentences."""
    if not found.days:
        return ""
    unanswered = list(found.latest().values()).count("")
    lacking = f" {words.plural(unanswered, 'item has', 'items have')} no answer." if unanswered else ""
    return f"Checked on {words.day(found.days[-1])}.{lacking} {progress(found)}".strip()


def progress(found: Profile) -> str:
    """What changed since the check before, in a sentence; '' where there was none."""
    if len(found.days) < 2:
        return ""
    before, after = (found.answers[day] for day in found.days[-2:])
    both = (before != "") & (after != "")
    step = after[both].map(ORDER).astype(int) - before[both].map(ORDER).astype(int)
    ahead, back = _moved(step, 1), _moved(step, -1)
    since = f"Since {words.day(found.days[-2])},"
    if not ahead and not back:
        return f"{since} nothing changed."
    parts = [f"{words.plural(len(ahead), 'item')} went forward"] if ahead else []
    parts += [f"{len(back)} went back: {'; '.join(back)}"] if back else []
    return f"{since} {words.joined(parts)}."


def _moved(step: pd.Series, sign: int) -> list[str]:
    """The items, in words, that went forward (sign 1) or back (-1)."""
    return [CHECKS[str(item)] for item, value in step.items() if value * sign > 0]


def next_steps(found: Profile) -> list[tuple[str, str]]:
    """What comes next: item and its answer, those in progress first, then those not begun, then those unanswered."""
    latest = found.latest()
    order = ("in_progress", "no", "")
    return [(item, answer) for wanted in order for item, answer in latest.items() if answer == wanted]
