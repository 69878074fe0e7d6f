"""What there is of partnership work for one place, in sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from measures import words
from measures.evidence import NEARNESS
from measures.stall_rules import Rule

MOST: Final = 3  # of those that may stall, named on a page about a place


@dataclass(frozen=True)
class Stalling:
    """A partnership that may stall: its code, its name, the titles of the rules that say so."""

    code: str
    name: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Here:
    """The partnership work of a place. going: how many go on, and what they have; stalling: how many may stall.

    first: those of them that lie nearest, with most warnings, MOST at most; alone: its schools that are in none.
    going, stalling and alone are sentences, without a full stop where `first` completes it; '' where there is nothing.
    """

    going: str
    stalling: str
    first: tuple[Stalling, ...]
    alone: str


def here(
    found: pd.DataFrame,
    warnings: pd.DataFrame,
    judged: Mapping[str, Iterable[str]],
    rules: Iterable[Rule],
    area: str,
    period_label: str,
    alone: str,
) -> Here:
    """What is to be said of an area.

    found: measures.partnership_state.Register.partnerships of it; warnings, judged: measures.stalls.Stalls, of more
    than this area if need be; alone: in_none of it.
    """
    going = found[found["going"].astype(bool)]
    ended = len(found) - len(going)
    if going.empty:
        also = f" {words.plural(ended, 'has', 'have')} ended." if ended else ""
        return Here(f"No partnership that bears on {area} goes on at the end of {period_label}.{also}", "", (), alone)
    near = going["near"].value_counts()
    lies = words.joined([f"{near[code]:,} {text}" for code, text in NEARNESS.items() if code in near])
    bear = words.plural(len(going), "partnership that bears", "partnerships that bear")
    goes = "goes on" if len(going) == 1 else "go on"
    firm, paid = int((going["plans"] == "firm").sum()), int((going["funder"] != "").sum())
    funded = f"{paid:,} {'have' if paid > 1 else 'has'}" if paid else "Not one has"
    have = f"{funded} a funder and {f'{firm:,}' if firm else 'none'} firm plans to go on"
    have += f"; {words.plural(ended, 'more has', 'more have')} ended" if ended else ""
    first = nearest(going, warnings, rules)
    said = _may_stall(len(first), set(going["code"]), judged)
    return Here(f"{bear} on {area} {goes}: {lies}. {have}.", said, first[:MOST], alone)


def nearest(going: pd.DataFrame, warnings: pd.DataFrame, rules: Iterable[Rule]) -> tuple[Stalling, ...]:
    """Those that may stall of the partnerships that go on: the nearest first, then those with most warnings."""
    found, titles = warnings[warnings["partnership"].isin(going["code"])], {rule.code: rule.title for rule in rules}
    about, places = going.set_index("code"), list(NEARNESS)
    by_rule: dict[str, tuple[str, ...]] = {}
    for code, rule in zip(found["partnership"], found["rule"], strict=True):
        by_rule[code] = (*by_rule.get(code, ()), titles[rule])
    order = sorted(by_rule, key=lambda code: (places.index(about["near"][code]), -len(by_rule[code])))
    return tuple(Stalling(code, str(about["name"][code]), by_rule[code]) for code in order)


def _may_stall(count: int, going: set[str], judged: Mapping[str, Iterable[str]]) -> str:
    """How many give a stall warning; of those about which enough is noted, where none does."""
    if count:
        return f"{words.plural(count, 'of them gives', 'of them give')} a stall warning"
    enough = len(going & set().union(*judged.values()))
    if not enough:
        return "Too little is noted of them to say whether one is about to stall."
    return f"There is no stall warning, of {enough:,} about which enough is noted."


def in_none(alone: int, schools: int, england: float | None = None) -> str:
    """'9 of 57 schools (16%) are in no partnership; in England 55%.'; '' without schools.

    england: the same share of England, None where that is the area.
    """
    if not schools:
        return ""
    beside = "" if england is None else f"; in England {words.share(england)}"
    count = f"{alone:,} of {words.plural(schools, 'school')} ({words.share(alone / schools)})"
    return f"{count} {'is' if alone == 1 else 'are'} in no partnership{beside}."
