"""What there is of partnership work for a place, in sentences: for the pages that speak of places and priorities."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from data_access.evidence import today
from exports.kept import kept
from exports.shown import Shown
from exports.views import data, partnership_findings, partnership_networks, partnerships
from exports.views.evidence import edit_shown
from measures import words
from measures.evidence import NEARNESS
from measures.stall_rules import rules

MOST = 3  # named one by one: of those that may stall, of outcomes without any


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
    going and stalling are sentences, alone is one or ''.
    """

    going: str
    stalling: str
    first: tuple[Stalling, ...]
    alone: str


def here(now: Shown) -> Here:
    """What there is for the chosen area, as at the end of the period."""
    return _here(now, edit_shown(now.version), today())


@kept(60)
def _here(now: Shown, number: int, latest: date) -> Here:
    found = partnerships.register(now).partnerships
    going = found[found["going"].astype(bool)]
    ended = len(found) - len(going)
    if going.empty:
        also = f" {words.plural(ended, 'has', 'have')} ended." if ended else ""
        none = f"No partnership that bears on {now.area} goes on at the end of {now.period_label}.{also}"
        return Here(none, "", (), _alone(now))
    near = going["near"].value_counts()
    lies = words.joined([f"{near[code]:,} {text}" for code, text in NEARNESS.items() if code in near])
    bear = words.plural(len(going), "partnership that bears", "partnerships that bear")
    goes = "goes on" if len(going) == 1 else "go on"
    firm, paid = int((going["plans"] == "firm").sum()), int((going["funder"] != "").sum())
    have = f"{_none(paid)} {_has(paid)} a funder and {_none(firm).lower()} firm plans to go on"
    have += f"; {words.plural(ended, 'more has', 'more have')} ended" if ended else ""
    first = _stalling(now)
    return Here(
        f"{bear} on {now.area} {goes}: {lies}. {have}.",
        _may_stall(now, len(first), set(going["code"])),
        first[:MOST],
        _alone(now),
    )


def _none(count: int) -> str:
    return f"{count:,}" if count else "None"


def _has(count: int) -> str:
    return "have" if count > 1 else "has"


def _stalling(now: Shown) -> tuple[Stalling, ...]:
    """Those that may stall: the nearest first, then those with most warnings."""
    found, titles = partnership_findings.warnings(now), {rule.code: rule.title for rule in rules()}
    about = partnerships.register(now).partnerships.set_index("code")
    by_rule = {code: tuple(titles[rule] for rule in rows["rule"]) for code, rows in found.groupby("partnership")}
    order = sorted(dict.fromkeys(found["partnership"]), key=lambda code: list(NEARNESS).index(about["near"][code]))
    return tuple(Stalling(code, str(about["name"][code]), by_rule[code]) for code in order)


def _may_stall(now: Shown, count: int, going: set[str]) -> str:
    """How many give a stall warning; of those about which enough is noted, where none does."""
    if count:
        return f"{words.plural(count, 'of them gives', 'of them give')} a stall warning"
    judged = len(going & set().union(*partnership_findings.known(now).stalls.judged.values()))
    if not judged:
        return "Too little is noted of them to say whether one is about to stall."
    return f"None gives a stall warning, of {judged:,} about which enough is noted."


def _alone(now: Shown) -> str:
    """'9 of its 57 schools (16%) are in no partnership; in England 55%.'; '' without schools."""
    rows = partnership_networks.isolation(now)[["schools", "alone"]].sum()
    if not rows["schools"]:
        return ""
    whole = partnership_networks.isolation(_england(now))[["schools", "alone"]].sum()
    beside = "" if now.level == "england" else f"; in England {words.share(whole['alone'] / whole['schools'])}"
    left, total = int(rows["alone"]), int(rows["schools"])
    are = "is" if left == 1 else "are"
    return f"{left:,} of {words.plural(total, 'school')} ({words.share(left / total)}) {are} in no partnership{beside}."


def _england(now: Shown) -> Shown:
    return replace(now, region=None, region_name=None, la=None, la_name=None)


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
        return f"None of the {of} for {now.area} says that it bears on this priority."
    without = [code for code in codes if not by_code[code]]
    part = f"All {of}" if mine == found.going and len(mine) > 1 else f"{len(mine):,} of {of}"
    said = f"{part} {_bear(len(mine))} on its outcomes: {_how_sure(found, mine)}."
    named = words.joined(without) if len(without) <= MOST else f"{len(without)} of its {len(codes)} outcomes"
    return f"{said} None says that it bears on {named}." if without else said


def _bear(count: int) -> str:
    return "bears" if count == 1 else "bear"


def _how_sure(found: Bearing, mine: frozenset[str]) -> str:
    """'12 with firm plans to go on, 3 with a stall warning'."""
    counts: Sequence[tuple[int, str]] = (
        (len(mine & found.firm), "with firm plans to go on"),
        (len(mine & found.stalling), "with a stall warning"),
    )
    return ", ".join(f"{_none(count).lower()} {text}" for count, text in counts)
