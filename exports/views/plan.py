"""The plan as pages, slides and files show it: which state, which of its actions, on which day it is judged."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pandas as pd

from charts import timeline
from charts.figure import Context, Figure
from data_access import edits, plan_history, versions
from data_access import plan as stored
from data_access.areas import check
from data_access.engine import get_engine, reading
from data_access.periods import last_day
from exports.kept import kept
from exports.shown import Shown
from exports.views import data, figures
from exports.views.registry import view
from measures import lateness, words
from measures.status import Summary

ALL_ACTIONS = "All actions"
SOURCE = "implementation plan of the strategy"


@dataclass(frozen=True)
class State:
    """One state of the plan. edit: after which it stood so; version: the plan version that this is or follows, 0: none.

    day: on which it is judged; as_agreed: it is the version itself; open: it stands now and can be edited.
    """

    edit: int
    version: int
    day: date
    as_agreed: bool
    open: bool

    @property
    def in_words(self) -> str:
        """'plan version 1, as agreed on 7 September 2009', 'plan as it stands, version 2'."""
        if self.as_agreed:
            return f"plan version {self.version}, as agreed on {words.day(self.day)}"
        stands = "plan as it stands" if self.open else "plan as it stood"
        return f"{stands}, version {self.version}" if self.version else stands


@dataclass(frozen=True)
class Which:
    """Which actions: an owner's (by name), a priority's, those late in a way of measures.lateness.LATE; None: all.

    lines: the codes of their action lines.
    """

    owner: str | None = None
    priority: str | None = None
    late: str | None = None
    lines: tuple[str, ...] | None = None


def state(now: Shown, version: str | None = None) -> State:
    """The plan as it stands, or stood at an earlier data version; or one plan version as it was agreed.

    Raises UnknownCode where there was no such version.
    """
    with reading(get_engine()) as connection:
        earlier = versions.earlier(connection, now.version)
        edit = edits.current(connection) if earlier is None else edits.at(connection, earlier)
    agreed = plan_versions(edit)
    if version is not None:
        there = {str(row["number"]): row for row in agreed.to_dict("records")}
        check(version, list(there), "plan version")
        row = there[version]
        return State(int(row["edit"]), int(row["number"]), row["agreed_on"], True, False)
    latest = int(agreed["number"].iloc[0]) if len(agreed) else 0
    return State(edit, latest, judged_on(now), False, earlier is None)


def judged_on(now: Shown) -> date:
    """The last day of the period shown, or today where that is earlier."""
    position = data.reference(now.version).periods.set_index("code")["position"][now.period]
    return lateness.reference_day(last_day(float(position)), datetime.now(UTC).date())


@kept(20)
def plan_versions(edit: int) -> pd.DataFrame:
    """The plan versions after an edit, newest first: data_access.plan.versions."""
    with reading(get_engine()) as connection:
        return stored.versions(connection, edit)


@kept(20)
def actions(edit: int) -> pd.DataFrame:
    """Every action after an edit, those that ended, too: data_access.plan.actions."""
    with reading(get_engine()) as connection:
        return stored.actions(connection, edit)


@kept(40)
def judged(edit: int, day: date) -> pd.DataFrame:
    """The actions in force after an edit, with how late each is on a day: measures.lateness.with_lateness."""
    return lateness.with_lateness(stored.in_force(actions(edit)), day).reset_index(drop=True)


def owners(edit: int) -> list[str]:
    """The names of all who own an action in force, in order; that nobody does comes last."""
    named = set(stored.in_force(actions(edit))["owner_name"])
    return sorted(named - {stored.NO_OWNER}) + sorted(named & {stored.NO_OWNER})


def chosen(now: State, which: Which) -> pd.DataFrame:
    """The rows of `judged` that are asked for."""
    found = judged(now.edit, now.day)
    keep = pd.Series(True, index=found.index)
    for column, wanted in (("owner_name", which.owner), ("priority", which.priority), ("lateness", which.late)):
        keep &= (found[column] == wanted) if wanted is not None else True
    keep &= found["line"].isin(which.lines) if which.lines is not None else True
    return found[keep]


def place_words(now: Shown, which: Which) -> str:
    """'All actions', 'Becta · Coherence · Late': which actions these are."""
    short = data.reference(now.version).priorities.set_index("code")["short"]
    said = [which.owner, which.priority and str(short[which.priority]), which.late and lateness.LATE[which.late]]
    said += [words.joined([f"line {code}" for code in which.lines])] if which.lines else []
    return " · ".join(part for part in said if part) or ALL_ACTIONS


@view(0, "plan")
def plan_timeline(
    now: Shown,
    owner: str | None = None,
    priority: str | None = None,
    late: str | None = None,
    plan: str | None = None,
    lines: tuple[str, ...] | None = None,
) -> Figure:
    """Timeline of the plan's actions, or of some of them (see Which). plan: the number of a plan version as agreed."""
    return _timeline(now, state(now, plan), Which(owner, priority, late, lines))


@kept(60)
def _timeline(now: Shown, shown: State, which: Which) -> Figure:
    about = data.reference(now.version).strategy
    span = about["starts"], about["ends"]
    found = chosen(shown, which)
    made = timeline.timeline(found, shown.day, span, context(now, shown, which, found))  # type: ignore[arg-type]
    return replace(made, subtitle=f"{made.subtitle} · {shown.in_words}")


def context(now: Shown, shown: State, which: Which, found: pd.DataFrame) -> Context:
    """The words that go with these actions."""
    return Context(
        place=place_words(now, which),
        period_label=now.period_label,
        staff_label="",
        comparator="",
        source=SOURCE,
        coverage_text=shown.in_words,
        data_version=str(now.version),
        date_text=words.day(data.reference(now.version).made_at),
        illustrative=bool(found["illustrative"].any()),
    )


def by_line(now: Shown, shown: State) -> pd.DataFrame:
    """Each action line: Action line, Actions, Done, Late, and what the indicators of its priority show."""
    found, summaries = judged(shown.edit, shown.day), figures.summaries(now)
    short = data.reference(now.version).priorities.set_index("code")["short"]
    rows = []
    for line, mine in found.groupby("line", sort=False):
        priority = str(mine["priority"].iloc[0])
        rows.append(
            {
                "Action line": f"{line} {mine['line_title'].iloc[0]}",
                "Actions": len(mine),
                "Done": int((mine["status"] == "done").sum()),
                "Late": int(mine["late"].sum()),
                f"Indicators on track, {now.area}, {now.period_label}": (
                    f"{short[priority]}: {on_track(summaries[priority][0])}"
                ),
            }
        )
    return pd.DataFrame(rows)


def on_track(found: Summary) -> str:
    """'6 of 10', '3 of 11, 7 not judged', 'none can be judged': of a priority's indicators, as on the Overview."""
    if not found.judged:
        return "none can be judged"
    return f"{found.on_track} of {found.total}" + (f", {found.none} not judged" if found.none else "")


@kept(100)
def history(edit: int, code: str) -> pd.DataFrame:
    """Who changed an action and when, up to an edit, newest first: data_access.plan_history.history."""
    with reading(get_engine()) as connection:
        found = plan_history.history(connection, code)
    return found[found["edit"] <= edit].reset_index(drop=True)


@kept(20)
def between(before: int, after: int) -> pd.DataFrame:
    """What the plan after one edit has that it had not after another: data_access.plan_history.between."""
    return plan_history.between(actions(before), actions(after))
