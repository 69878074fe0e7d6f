"""What changed in the partnership register between two states of it, each as known on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import pandas as pd

from measures import health, words
from measures.partnership_state import Register
from measures.partnership_words import KINDS, SUSTAINABILITY_PLANS
from measures.stall_rules import Rule

MOST: Final = 8  # told of one kind; how many more there are is said
BEGUN, ENDED, GONE = "Begun", "Ended", "Taken out of the register"
WARNED, WENT, CHECKED = "New stall warning", "Stall warning gone", "Health check done"
NOTHING: Final = "No partnership began or ended, no stall warning came or went, and no health check was done."

Told = tuple[str, str]  # a partnership's name, what is said of it; '' and a sentence about those left out


@dataclass(frozen=True)
class Changes:
    """counts: how many go on; how many warn, now and then. groups: a heading → what is told, those that have any."""

    counts: str
    groups: dict[str, tuple[Told, ...]]


def changes(
    then: Register, now: Register, warned_then: pd.DataFrame, warned: pd.DataFrame, rules: Iterable[Rule]
) -> Changes:
    """What happened from one state to the other.

    warned_then, warned: measures.stalls.Stalls.warnings of each. A partnership that began before the first day and was
    entered only after it is said to be entered since.
    """
    before, after = (frame.set_index("code", drop=False) for frame in (then.partnerships, now.partnerships))
    goes_then, goes = (set(frame.index[frame["going"].astype(bool)]) for frame in (before, after))
    names = {code: str(row["name"]) for frame in (before, after) for code, row in _rows(frame)}
    titles = {rule.code: rule.title for rule in rules}
    begun = [(names[code], _begun(row, then)) for code, row in _rows(after) if code not in before.index]
    ended = [
        (names[code], _ended(row))
        for code, row in _rows(after)
        if code not in goes and (code in goes_then or (code not in before.index and row["ended"] > then.day))
    ]
    gone = [(names[code], "it is not in the register any more") for code in before.index if code not in after.index]
    earlier, later = (dict(zip(_keys(each), each["said"], strict=True)) for each in (warned_then, warned))
    came = [(names[code], f"{words.inline(titles[rule])}. {later[code, rule]}") for code, rule in _new(later, earlier)]
    went = [
        (names[code], f"{words.inline(titles[rule])}{'' if code in goes else '; it goes on no more'}")
        for code, rule in _new(earlier, later)
    ]
    groups = {BEGUN: begun, ENDED: ended, GONE: gone, WARNED: came, WENT: went, CHECKED: _checked(then, now, names)}
    warn_then, warn = (len({code for code, _ in each}) for each in (earlier, later))
    warns = words.plural(warn, "gives", "give") if warn else "none gives"
    return Changes(
        f"{words.plural(len(goes), 'partnership goes on', 'partnerships go on')}; {warns} a stall warning, "
        f"{warn_then or 'none'} at the last meeting",
        {title: _first(told) for title, told in groups.items() if told},
    )


def _rows(frame: pd.DataFrame) -> Iterable[tuple[str, dict]]:
    return zip(frame["code"], frame.to_dict("records"), strict=True)


def _keys(warnings: pd.DataFrame) -> Iterable[tuple[str, str]]:
    return zip(warnings["partnership"], warnings["rule"], strict=True)


def _new(those: Iterable[tuple[str, str]], known: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    known = set(known)
    return [key for key in those if key not in known]


def _begun(row: dict, then: Register) -> str:
    entered = "" if row["began"] > then.day else ", entered since"
    return f"{words.inline(KINDS[row['kind']])}, since {words.day(row['began'])}{entered}"


def _ended(row: dict) -> str:
    plans = f"; plans to go on had been: {SUSTAINABILITY_PLANS[row['plans']].lower()}" if row["plans"] else ""
    return f"on {words.day(row['ended'])}{plans}"


def _checked(then: Register, now: Register, names: dict[str, str]) -> list[Told]:
    """Each check that is new: how many items are in place."""
    known = set(zip(then.health_checks["partnership"], then.health_checks["held_on"], strict=True))
    new = [
        (code, day)
        for code, day in zip(now.health_checks["partnership"], now.health_checks["held_on"], strict=True)
        if (code, day) not in known
    ]
    told = []
    for code, day in dict.fromkeys(new):
        checks = now.health_checks
        mine = checks[(checks["partnership"] == code) & (checks["held_on"] <= day)]
        found = health.profile(mine)
        told.append((names[code], f"{health.finding(found)}, on {words.day(day)}. {health.progress(found)}".strip()))
    return told


def _first(told: list[Told]) -> tuple[Told, ...]:
    more = len(told) - MOST
    return (*told[:MOST], ("", f"and {more:,} more")) if more > 0 else tuple(told)
