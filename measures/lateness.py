"""Which actions of the plan are late on a given day, and how that is said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import pandas as pd

from measures import words

STATUSES: Final = {"not_started": "Not started", "under_way": "Under way", "done": "Done", "stopped": "Stopped"}
OVER: Final = ("done", "stopped")
LATE: Final = {"late": "Late", "milestone": "Milestone late", "in_time": "Not late"}
RULE: Final = (
    "Late: neither done nor stopped, and due before {day}. A milestone is late where it was due before that day and "
    "not reached by then, and its action is neither done nor stopped."
)


@dataclass(frozen=True)
class Milestone:
    """A step on the way of an action; done: the day on which it was reached, None where it was not."""

    title: str
    due: date
    done: date | None = None

    def late(self, day: date) -> bool:
        """True where it was due before `day` and not reached by then."""
        return self.due < day and (self.done is None or self.done > day)


def reference_day(period_ends: date, today: date) -> date:
    """The day on which lateness is judged: the end of the period shown, or today where that is earlier."""
    return min(period_ends, today)


def rule(day: date) -> str:
    """The rule in words, with its day."""
    return RULE.format(day=words.day(day))


def with_lateness(actions: pd.DataFrame, day: date) -> pd.DataFrame:
    """The actions with how late each is on `day`.

    actions: status (of STATUSES), due (a date or None), milestones (Milestones). Added: late (bool), days_late (whole
    days, 0 where not late), milestones_late (how many), lateness ('late' | 'milestone' | 'in_time').
    """
    open_ = [status not in OVER for status in actions["status"]]
    days = [
        (day - due).days if is_open and isinstance(due, date) and due < day else 0
        for is_open, due in zip(open_, actions["due"], strict=True)
    ]
    behind = [
        sum(step.late(day) for step in steps) if is_open else 0
        for is_open, steps in zip(open_, actions["milestones"], strict=True)
    ]
    kinds = ["late" if late else "milestone" if steps else "in_time" for late, steps in zip(days, behind, strict=True)]
    return actions.assign(
        late=[late > 0 for late in days],
        days_late=days,
        milestones_late=behind,
        lateness=pd.Series(kinds, index=actions.index, dtype=object),
    )


def said(status: str, days_late: int, milestones_late: int) -> str:
    """'Under way, 92 days late', 'Under way, 1 milestone late', 'Done'."""
    if days_late:
        return f"{STATUSES[status]}, {words.plural(days_late, 'day')} late"
    if milestones_late:
        return f"{STATUSES[status]}, {words.plural(milestones_late, 'milestone')} late"
    return STATUSES[status]


def step_words(step: Milestone) -> str:
    """'Trainers in every region, due 30 July 2010, reached 23 July 2010'."""
    reached = f"reached {words.day(step.done)}" if step.done else "not reached"
    return f"{step.title}, due {words.day(step.due)}, {reached}"


def finding(late: int, actions: int) -> str:
    """'9 of 38 actions are late', 'No action of 38 is late', 'All 9 actions shown are late'."""
    if not actions:
        return "No action to show"
    if late == actions:
        return "The one action shown is late" if late == 1 else f"All {late} actions shown are late"
    if not late:
        return f"No action of {actions} is late"
    return f"{late} of {words.plural(actions, 'action')} {'is' if late == 1 else 'are'} late"


def counted(statuses: Sequence[str]) -> str:
    """'20 done, 12 under way, 4 not started and 2 stopped': how many actions have each status, those that some have."""
    order = ("done", "under_way", "not_started", "stopped")
    counts = [(list(statuses).count(status), STATUSES[status].lower()) for status in order]
    return words.joined([f"{count} {name}" for count, name in counts if count])
