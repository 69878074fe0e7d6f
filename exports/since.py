"""What moved, turned or was revised since an earlier data version, priority by priority, in sentences and a table."""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from data_access.evidence import today
from data_access.partnerships.fields import BY_CODE
from exports.kept import kept
from exports.shown import Shown
from exports.views import data, figures
from exports.views import partnerships as register
from exports.views.evidence import edit_shown, within
from measures import partnership_state, partnerships_since, since, stalls, words
from measures.partnership_state import Register
from measures.partnerships_since import Changes
from measures.stall_rules import rules

Row = dict[Hashable, Any]
INVENTED = " The partnerships are illustrative: invented."
LAST = "At the last meeting"
COMPARED = ("partnerships", "members", "activities", "challenges", "health_checks")  # sheets
FIRST = "No meeting before this one is over, so there is nothing to compare with yet."
NOTHING = "Nothing moved clearly, no status turned, and no figure was revised."


@dataclass(frozen=True)
class Since:
    """One priority since the last meeting. counts: on track now and then; the sentences mark titles in bold."""

    code: str
    title: str
    counts: str
    moved: tuple[str, ...]
    turned: tuple[str, ...]
    revised: tuple[str, ...]
    other: tuple[str, ...]  # figures that came for the first time, or went
    table: pd.DataFrame  # a row an indicator that has something to tell

    @property
    def quiet(self) -> bool:
        """True where there is nothing to tell."""
        return self.table.empty


@dataclass(frozen=True)
class Partnerships:
    """What changed in the partnership register. against: the two days that are compared, in words; invented: whether
    some of the partnerships are illustrative."""

    against: str
    changes: Changes
    invented: bool


def partnerships(now: Shown, before: pd.Series, meeting: pd.Series) -> Partnerships:
    """What changed in the register for the chosen area since the meeting before.

    Each meeting sees the register as it stood when it was closed, the next one as it stands, both as on their days,
    or today where that is earlier. before, meeting: rows of data_access.meetings.meetings.
    """
    day = min(meeting["held_on"], today())
    latest = edit_shown(data.current_version()) if pd.isna(meeting["data_version"]) else int(meeting["from_edit"])
    return _partnerships(now, int(before["from_edit"]), min(before["held_on"], day), latest, day)


@kept(60)
def _partnerships(now: Shown, edit_then: int, day_then: date, edit: int, day: date) -> Partnerships:
    then, there = _register(now, edit_then, day_then), _register(now, edit, day)
    warned_then, warned = (stalls.stalls(each, rules()).warnings for each in (then, there))
    days = f"as on {words.day(day)} against {words.day(day_then)}"
    return Partnerships(
        f"{now.area}: the partnership register {days}, each as it was known",
        partnerships_since.changes(then, there, warned_then, warned, rules()),
        bool(there.partnerships["illustrative"].astype(bool).any()),
    )


def _register(now: Shown, edit: int, day: date) -> Register:
    """The register after an edit as on a day, without the sheets that are not compared."""
    version = data.current_version()
    latest = edit_shown(version)
    sheets = {
        code: register.sheet(code, edit, version)
        if code in COMPARED
        else register.sheet(code, latest, version).iloc[:0]
        for code in BY_CODE
    }
    return partnership_state.on(sheets, day, now.area_code, within(version))


@kept(60)
def rows(now: Shown, before: int) -> pd.DataFrame:
    """measures.since.since of the chosen area up to the chosen period, the strategy's indicators in order.

    before: the data version to compare with; now.version is the later one. Adds the indicators' code, short_title,
    unit, priority.
    """
    known = data.reference(now.version)
    then, there = (
        data.of_area(version, now.level, now.staff_group, now.phase, now.area_code) for version in (before, now.version)
    )
    until = float(known.periods.set_index("code")["position"][now.period])
    about = known.of_strategy[["code", "short_title", "unit", "priority"]]
    return about.merge(since.since(then, there, until), left_on="code", right_on="indicator")


@kept(60)
def by_priority(now: Shown, before: int) -> tuple[Since, ...]:
    """What there is to tell of each priority since a data version, in the strategy's order."""
    told = rows(now, before)
    told = told[[since.happened(row) for row in told.to_dict("records")]]
    known, counts = data.reference(now.version), _counts(now, before)
    titles = dict(zip(known.priorities["code"], known.priorities["short"], strict=True))
    return tuple(
        _of_priority(code, title, counts[code], told[told["priority"] == code], now) for code, title in titles.items()
    )


def _of_priority(code: str, title: str, counts: str, told: pd.DataFrame, now: Shown) -> Since:
    labels = data.reference(now.version).period_labels
    records = told.to_dict("records")
    revised = [since.revised_words(row, row, labels[row["period_before"]]) for row in records if row["revised"]]
    seen = [text for text in revised if text]
    if unseen := len(revised) - len(seen):
        seen.append(f"{words.plural(unseen, 'figure')} by less than can be seen")
    other = [f"**{row['short_title']}**: first figure, {_figure(row, '', labels)}" for row in records if row["came"]]
    gone = [row for row in records if row["went"]]
    other += [f"**{row['short_title']}**: {labels[row['period_before']]} is not shown any more" for row in gone]
    return Since(
        code,
        title,
        counts,
        tuple(since.moved_words(row, row, labels[row["period"]]) for row in records if row["moved"] in since.CLEAR),
        tuple(since.turned_words(row, row, labels[row["period"]]) for row in records if row["turned"]),
        tuple(seen),
        tuple(other),
        _table(records, labels),
    )


def _table(records: list[Row], labels: dict[str, str]) -> pd.DataFrame:
    """For people: the latest figure and status, then and now."""
    return pd.DataFrame(
        [
            {
                "Indicator": row["short_title"],
                LAST: _figure(row, "_before", labels),
                "Now": _figure(row, "", labels),
                "Status then": _status(row["status_before"]),
                "Status now": _status(row["status"]),
            }
            for row in records
        ]
    )


def _figure(row: Row, when: str, labels: dict[str, str]) -> str:
    value = row[f"value{when}"]
    return "–" if pd.isna(value) else f"{words.number(value, row['unit'])}, {labels[row[f'period{when}']]}"


def _status(status: Any) -> str:
    return "–" if pd.isna(status) else words.status_text(status)


def _counts(now: Shown, before: int) -> dict[str, str]:
    """Priority → '6 of 10 on track, 7 of 10 at the last meeting'."""
    current, then = figures.summaries(now), figures.summaries(replace(now, version=before))
    found = {}
    for code, (latest, _) in current.items():
        said, earlier = (f"{each.on_track} of {each.judged}" for each in (latest, then[code][0]))
        since_then = "as at the last meeting" if said == earlier else f"{earlier} at the last meeting"
        found[code] = f"{said} on track, {since_then}"
    return found
