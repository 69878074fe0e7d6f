"""Does it last? Plans, what helps, silence, and how long partnerships have lasted, as figures and tables."""

from typing import Final

import numpy as np
import pandas as pd

from charts.counted_bars import Counted, counted_bars
from charts.figure import Figure, headline
from charts.survival_curve import Group, curves
from data_access import queries
from data_access.engine import get_engine, reading
from exports.kept import kept
from exports.shown import Shown
from exports.views import partnerships
from exports.views.evidence import edit_shown
from exports.views.registry import view
from measures import partnership_lasting, survival, words
from measures.partnership_words import KINDS

# What is compared with what was published → the title of the published fact.
PUBLISHED: Final = {
    "working_groups": ("With working groups", "LEAs using working groups"),
    "seminars": ("With seminars or conferences", "LEAs holding a seminar or conference"),
    "one_to_one": ("One to one with the adviser", "LEAs working one to one with the link adviser"),
    "firm": ("Firm plans to go on, of those followed up", "LEAs with firm plans to continue"),
}


def going(now: Shown) -> pd.DataFrame:
    """The partnerships that go on at the end of the period: rows of measures.partnership_state.Register."""
    found = partnerships.register(now).partnerships
    return found[found["going"].astype(bool)]


@view(0, "partnerships", show="Does it last?")  # kept below by the edit
def set_up_to_last(now: Shown) -> Figure | None:
    """Plans to go on, what helps, and the last activity of the partnerships that go on; None where there is none."""
    return _set_up(now, edit_shown(now.version))


@kept(30)
def _set_up(now: Shown, number: int) -> Figure | None:
    there, day = going(now), partnerships.register(now).day
    if there.empty:
        return None
    total, plans = len(there), partnership_lasting.plans(there)
    supported = int(there["support"].astype(bool).sum())
    groups = {
        "Plans to go on": plans,
        "What helps them last": partnership_lasting.factors(there) | {"Support drop by drop": supported},
        "Last activity": partnership_lasting.silence(there, day),
    }
    unknown = (partnership_lasting.NOT_SAID, partnership_lasting.NONE_NOTED)
    rows = [
        Counted(group, text, count, total, text not in unknown)
        for group, counts in groups.items()
        for text, count in counts.items()
    ]
    firm = plans["Firm plans"]
    return counted_bars(
        rows,
        partnerships.context(now, words.plural(total, "partnership"), there),
        finding=headline(f"{firm:,} of {total:,} partnerships {'has' if firm == 1 else 'have'} firm plans to go on"),
        measure="Partnerships that go on: plans, what helps, last activity",
        what="plans to go on",
        notes="Several things may help one partnership. Support drop by drop: some help that outlasts the funding.",
    )


def silent(now: Shown) -> pd.DataFrame:
    """Those silent longest, for people."""
    return _silent(now, edit_shown(now.version))


@kept(30)
def _silent(now: Shown, number: int) -> pd.DataFrame:
    register = partnerships.register(now)
    rows = partnership_lasting.silent_longest(going(now), register.day)
    return pd.DataFrame(
        {
            "Partnership": rows["name"],
            "Kind": rows["kind"].map(KINDS),
            "Lead": rows["lead"].replace("", "None now"),
            "Last activity": [
                f"None since it began, {words.day(began)}" if held is None else words.day(held)
                for held, began in zip(rows["last_held"], rows["began"], strict=True)
            ],
            "Days ago": rows["silent"],
            "Code": rows["code"],
            "Kind of entry": rows["illustrative"].map({True: "Illustrative", False: "Real"}),
        }
    )


# How long they have lasted -------------------------------------------------------------------------------


@view(0, "partnerships", show="Does it last?")
def partnerships_last(now: Shown, partnership_kind: str | None = None) -> Figure | None:
    """How long partnerships of a kind, or all, last, funded and not; None where they are too few to say."""
    return _last(now, edit_shown(now.version), partnership_kind)


@kept(60)
def _last(now: Shown, number: int, kind: str | None) -> Figure | None:
    found = _of_kind(now, kind)
    groups, chance = _groups(now, found)
    if not groups:
        return None
    days, _ = _lives(now, found)
    drawn = sum(len(group.days) for group in groups)
    sizes = {"Funded": int(_funded(found).sum()), "Unfunded": int((~_funded(found)).sum())}
    few = [f"{count} {name.lower()}" for name, count in sizes.items() if count < survival.FEWEST]
    alone = len(groups) == 1 and groups[0].name == "All"
    said = f"Too few to draw apart: {words.joined(few)}." if alone else f"Too few to draw: {words.joined(few)}."
    return curves(
        groups,
        partnerships.context(now, f"{drawn:,} of {words.plural(len(days), 'partnership')}", found),
        what=KINDS[kind] if kind else "all kinds",
        chance=chance,
        few=said if few else "",
    )


def _of_kind(now: Shown, kind: str | None) -> pd.DataFrame:
    found = partnerships.register(now).partnerships
    return found if kind is None else found[found["kind"] == kind]


def _funded(found: pd.DataFrame) -> np.ndarray:
    """Which of them have a funder in the register."""
    return np.array([bool(funder) for funder in found["funder"]], dtype=bool)


def _lives(now: Shown, found: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    return survival.lives(list(found["began"]), list(found["ended"]), partnerships.register(now).day)


def _groups(now: Shown, found: pd.DataFrame) -> tuple[list[Group], float | None]:
    """Funded and unfunded where there are enough of either, else all; how likely their difference is by chance."""
    days, over = _lives(now, found)
    funded = _funded(found)
    parts = {"Funded": funded, "Unfunded": ~funded}
    enough = {name: mask for name, mask in parts.items() if mask.sum() >= survival.FEWEST}
    if not enough and len(days) >= survival.FEWEST:
        enough = {"All": np.ones(len(days), dtype=bool)}
    groups = [
        Group(name, days[mask], survival.curve(days[mask], over[mask]), survival.seen_until(days[mask]))
        for name, mask in enough.items()
    ]
    return groups, survival.difference(days, over, funded) if len(groups) == 2 else None


def in_words(now: Shown, kind: str | None) -> list[str]:
    """How long half of each group lasts, a sentence each."""
    return _in_words(now, edit_shown(now.version), kind)


@kept(60)
def _in_words(now: Shown, number: int, kind: str | None) -> list[str]:
    found = _of_kind(now, kind)
    groups, _ = _groups(now, found)
    return [
        f"{group.name}, {words.plural(len(group.days), 'partnership')}: "
        f"{survival.half_life_words(group.estimate, group.seen)}."
        for group in groups
    ]


def too_few(now: Shown, kind: str | None) -> str:
    """Why nothing is drawn, and what to do."""
    count = len(_of_kind(now, kind))
    what = "partnership" if kind is None else f"partnership of the kind “{KINDS[kind]}”"
    many = what.replace("partnership", "partnerships", 1)
    return (
        f"The register holds {words.plural(count, what, many)} for {now.area} by then: too few to say how long they "
        f"last ({survival.FEWEST} at least). Choose a wider area, a later period or all kinds."
    )


def by_kind(now: Shown) -> pd.DataFrame:
    """A row a kind that there is: how many, how many ended, and how long they last, in words."""
    return _by_kind(now, edit_shown(now.version))


@kept(30)
def _by_kind(now: Shown, number: int) -> pd.DataFrame:
    rows = []
    for code, title in KINDS.items():
        found = _of_kind(now, code)
        if found.empty:
            continue
        days, over = _lives(now, found)
        seen = survival.seen_until(days)
        enough = len(days) >= survival.FEWEST
        said = survival.half_life_words(survival.curve(days, over), seen) if enough else "too few to say"
        rows.append(
            {"Kind": title, "Partnerships": len(days), "Ended": int(over.sum()), "How long": said[0].upper() + said[1:]}
        )
    return pd.DataFrame(rows)


# Beside what was published -------------------------------------------------------------------------------


@kept(4)
def _facts(version: int) -> pd.DataFrame:
    with reading(get_engine()) as connection:
        return queries.published_facts(connection).set_index("title")


def beside_published(now: Shown) -> pd.DataFrame:
    """The partnership projects of authorities in the register beside those that were evaluated, a row a pattern.

    Empty where the register has none, or the published facts are not there.
    """
    return _beside(now, edit_shown(now.version))


@kept(30)
def _beside(now: Shown, number: int) -> pd.DataFrame:
    facts, here = _facts(now.version), partnership_lasting.pattern(partnerships.register(now).partnerships)
    rows = []
    for key, (title, fact) in PUBLISHED.items():
        count, total = here[key]
        if total and fact in facts.index:
            about = facts.loc[fact]
            published = f"{about['value']:.0f} {about['unit'].removesuffix(' LEAs')}"
            rows.append(
                {
                    "LA partnership projects": title,
                    "This register": f"{count} of {total}",
                    "Published": published,
                    "Source": f"{about['source']}, {about['scope']} {about['period']}",
                }
            )
    return pd.DataFrame(rows)
