"""Invented programmes of universities with schools and authorities, added to the invented partnerships that have such.

The consortium of the North East follows the published one (Littlefair): 12 authorities, 4 universities, and 11
master's programmes at once. Fees lie about the published ones.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import numpy as np

from measures import partnership_words as said
from measures.telling import tell
from measures.thresholds import THRESHOLDS

SEED: Final = 5995
PUBLISHED: Final = "E12000001"  # the region of the consortium that follows the published one
UNIVERSITIES, MASTERS, OTHERS = 4, 11, ("postgraduate_certificate",) * 4 + ("leadership_programme",) * 2
ELSEWHERE: Final = ("masters", "postgraduate_certificate", "leadership_programme", "masters")
CALLED: Final = {"masters": "master's", "postgraduate_certificate": "certificate", "leadership_programme": "leadership"}
YEARS: Final = {"masters": 2, "postgraduate_certificate": 1, "leadership_programme": 1}
FEES: Final = {  # about which the standard fee and the partners' lie
    "masters": (5995, 2400),
    "postgraduate_certificate": (2000, 800),
    "leadership_programme": (1700, 750),
}
PAID_BY: Final = {"school": 0.5, "authority": 0.13, "government": 0.07, "teacher": 0.15, "shared": 0.1, "": 0.05}
EVIDENCE: Final = "Said by partners in the evaluation at the end of the year."
FIRST, LAST = 2009, 2011  # the calendar years in which programmes begin

Rows = dict[str, list[dict[str, Any]]]


def add(rows: Rows, names: Mapping[str, str]) -> None:
    """Add programmes, and the universities that give them, to the invented rows of the register.

    rows: a sheet's code → its rows, which are added to; names: an area's code → its name.
    """
    rng = np.random.default_rng(SEED)
    for about in rows["partnerships"]:
        if about["kind"] not in said.PROGRAMME_KINDS:
            continue
        whole = about["areas"] == [PUBLISHED] and about["kind"] == "regional_consortium"
        if whole:
            _as_published(rows, about)
        members = [row for row in rows["members"] if row["partnership"] == about["code"]]
        universities = [row["organisation"] for row in members if row["kind"] == "university"]
        if not universities:
            count = UNIVERSITIES if whole else int(rng.integers(1, 4))
            universities = [f"Example university of {names[about['areas'][0]]} {at + 1}" for at in range(count)]
            rows["members"] += [_university(about, each) for each in universities]
        consortium = about["kind"] == "regional_consortium"
        awards = ("masters",) * MASTERS + OTHERS if whole else ELSEWHERE if consortium else ELSEWHERE[:2]
        partners = [row["organisation"] for row in members if row["kind"] == ("la" if consortium else "school")]
        for at, award in enumerate(awards):
            chosen = [partners[each % len(partners)] for each in range(at, at + 1 + at % 2)] if partners else []
            chosen = sorted(set(chosen)) if consortium or at else []
            university = universities[at % len(universities)]
            number = len(rows["programmes"]) + 1
            rows["programmes"].append(_programme(rng, about, award, at, university, chosen, number, consortium))
    _odd_ones(rows["programmes"])


def _as_published(rows: Rows, about: dict[str, Any]) -> None:
    """Let the consortium last, with all its authorities."""
    about |= {"began": date(FIRST, 9, 1), "ended": None}
    for row in rows["members"]:
        if row["partnership"] == about["code"]:
            row |= {"joined": about["began"], "left": None}


def _university(about: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {
        "partnership": about["code"],
        "kind": "university",
        "organisation": name,
        "role": "partner",
        "joined": about["began"],
        "left": None,
    }


def _programme(
    rng: np.random.Generator,
    about: Mapping[str, Any],
    award: str,
    at: int,
    university: str,
    partners: list[str],
    number: int,
    consortium: bool,
) -> dict[str, Any]:
    first = next(year for year in range(FIRST, LAST + 1) if date(year, 9, 14) >= about["began"])
    first = min(LAST, first + (1 if at % 4 == 3 else 0))
    years = YEARS[award] + (1 if award != "masters" and first < LAST else 0)
    standard, fee = (int(rng.normal(each, each / 20) // 5) * 5 for each in FEES[award])
    participants = int(rng.integers(36, 96)) if consortium else int(rng.integers(14, 60))
    ended = date(first + years, 7, 13)
    over = ended < date(2012, 9, 1)
    counts: dict[str, int | None] = {
        "participants": participants,
        "completed": int(rng.binomial(participants, rng.uniform(0.6, 0.9))) if over else None,
        "promoted": int(rng.binomial(participants, rng.uniform(0.15, 0.4))) if over else None,
    }
    for name in tell(counts, THRESHOLDS["fewest_people"].usual):
        counts[name] = None
    themes = list(said.IMPACT_THEMES)
    some = sorted(rng.choice(len(themes), int(rng.integers(0, 5)), replace=False, p=[0.3, 0.2, 0.2, 0.1, 0.08, 0.12]))
    delivered = int(rng.integers(2, 13)) * 5 if rng.random() < 0.85 else None
    return {
        "partnership": about["code"],
        "title": f"Example {CALLED[award]} {number}, {first}/{(first + years) % 100:02d}",
        "award": award,
        "university": university,
        "partners": partners,
        "began": date(first, 9, 14),
        "ended": ended,
        "place": str(rng.choice(list(said.PLACES), p=[0.7, 0.1, 0.2])),
        "pattern": str(rng.choice([*said.PATTERNS, ""], p=[0.75, 0.2, 0.05])),
        "delivered": delivered,
        "standard_fee": standard if rng.random() < 0.8 else None,
        "partner_fee": fee if rng.random() < 0.94 else None,
        "payer": str(rng.choice(list(PAID_BY), p=list(PAID_BY.values()))),
        **counts,
        "themes": [themes[each] for each in some],
        "evidence": EVIDENCE if len(some) else "",
    }


def _odd_ones(made: list[dict[str, Any]]) -> None:
    """One that costs more than the standard fee, one that nobody completed."""
    over = [row for row in made if row["completed"] is not None and row["award"] == "leadership_programme"]
    over[0] |= {"standard_fee": 700, "partner_fee": 760}
    over[-1] |= {"completed": 0, "promoted": 0}
