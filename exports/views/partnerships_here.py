"""What there is of partnership work for a place, in sentences: for the pages that speak of places and priorities."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from data_access.evidence import today
from exports.kept import kept
from exports.shown import Shown
from exports.views import data, partnership_findings, partnership_networks, partnerships
from exports.views.evidence import edit_shown
from measures import partnerships_here as measured
from measures import words
from measures.partnerships_here import Here
from measures.stall_rules import rules

MOST = 3  # outcomes without any, named one by one


def here(now: Shown) -> Here:
    """What there is for the chosen area, as at the end of the period."""
    return _here(now, edit_shown(now.version), today())


@kept(60)
def _here(now: Shown, number: int, latest: date) -> Here:
    found = partnerships.register(now).partnerships
    stalls = partnership_findings.known(now).stalls
    return measured.here(found, stalls.warnings, stalls.judged, rules(), now.area, now.period_label, _alone(now))


def _alone(now: Shown) -> str:
    mine, whole = (
        find(now)[["alone", "schools"]].sum()
        for find in (partnership_networks.isolation, partnership_networks.isolation_everywhere)
    )
    england = None if now.level == "england" or not whole["schools"] else whole["alone"] / whole["schools"]
    return measured.in_none(int(mine["alone"]), int(mine["schools"]), england)


# By outcome ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bearing:
    """Of the partnerships that go on: which bear on each outcome, have firm plans, may stall; sets of codes."""

    going: frozenset[str]
    outcomes: dict[str, frozenset[str]]
    firm: frozenset[str]
    stalling: frozenset[str]


@kept(60)
def _bearing(now: Shown, number: int, latest: date) -> Bearing:
    found = partnerships.register(now).partnerships
    going = found[found["going"].astype(bool)]
    by_outcome: dict[str, set[str]] = {}
    for code, outcomes in zip(going["code"], going["outcomes"], strict=True):
        for outcome in outcomes:
            by_outcome.setdefault(outcome, set()).add(code)
    return Bearing(
        frozenset(going["code"]),
        {outcome: frozenset(codes) for outcome, codes in by_outcome.items()},
        frozenset(going.loc[going["plans"] == "firm", "code"]),
        frozenset(partnership_findings.warnings(now)["partnership"]),
    )


def bearing(now: Shown) -> Bearing:
    """The partnerships that go on for the chosen area, by the outcomes that they bear on."""
    return _bearing(now, edit_shown(now.version), today())


def of_outcome(now: Shown, outcome: str) -> tuple[int, str]:
    """How many partnerships that go on bear on an outcome in the chosen area; the same in a sentence, with more."""
    found = bearing(now)
    mine = found.outcomes.get(outcome, frozenset())
    if not mine:
        return 0, f"No partnership that goes on for {now.area} says that it bears on this outcome."
    bear = words.plural(len(mine), "partnership that goes on bears", "partnerships that go on bear")
    return len(mine), f"{bear} on it in {now.area}: {_how_sure(found, mine)}."


def of_priority(now: Shown, priority: str) -> str:
    """What partnership work bears on the outcomes of a priority in the chosen area, in a sentence or two."""
    found = bearing(now)
    known = data.reference(now.version).outcomes
    codes = list(known.loc[known["priority"] == priority, "code"])
    by_code = {code: found.outcomes.get(code, frozenset()) for code in codes}
    mine = frozenset().union(*by_code.values())
    if not found.going:
        return f"No partnership in the register goes on for {now.area} at the end of {now.period_label}."
    of = words.plural(len(found.going), "partnership that goes on", "partnerships that go on")
    if not mine:
        return f"Not one of the {of} for {now.area} says that it bears on this priority."
    without = [code for code in codes if not by_code[code]]
    part = f"All {of}" if mine == found.going and len(mine) > 1 else f"{len(mine):,} of {of}"
    said = f"{part} {_bear(len(mine))} on its outcomes: {_how_sure(found, mine)}."
    named = words.joined(without) if len(without) <= MOST else f"{len(without)} of its {len(codes)} outcomes"
    return f"{said} Not one says that it bears on {named}." if without else said


def _bear(count: int) -> str:
    return "bears" if count == 1 else "bear"


def _how_sure(found: Bearing, mine: frozenset[str]) -> str:
    """'12 with firm plans to go on, 3 with a stall warning'."""
    counts: Sequence[tuple[int, str]] = (
        (len(mine & found.firm), "with firm plans to go on"),
        (len(mine & found.stalling), "with a stall warning"),
    )
    return ", ".join(f"{count or 'none'} {text}" for count, text in counts)
