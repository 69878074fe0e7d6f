"""What a report says of partnership work: how many go on and which, what may stall and why, schools in none."""

from typing import Final

import pandas as pd

from charts.figure import headline
from exports.office.parts import Said, Section, Table
from exports.report.subject import Subject
from measures import words
from measures.evidence import NEARNESS
from measures.partnership_words import KINDS, STATES, SUSTAINABILITY_PLANS
from measures.partnerships_here import here, in_none, nearest
from measures.stall_rules import rules

HEADING: Final = "Partnerships"
WARNINGS: Final = "Stall warnings"
MOST: Final = 15  # partnerships listed in a document; the workbook has all
MOST_WARNED: Final = 5  # of those told one by one
NOT_SAID: Final = "Not said"
NONE: Final = "[z]"


def section(of: Subject) -> Section:
    """The partnership work of the authority, as the register stands at the end of the period."""
    works, found = of.material.works, of.material.works.of(of.code)
    going = found[found["going"].astype(bool)]
    warned = nearest(going, works.warnings, rules())
    said = here(found, works.warnings, works.judged, rules(), of.name, of.material.period_label, _alone(of))
    invented = int(found["illustrative"].astype(bool).sum())
    kind = f" Illustrative, which is invented: {invented} of these {len(found)} entries." if invented else ""
    source = f"The partnership register, as at {words.day(works.day)}.{kind}"
    short = words.plural(len(going), "partnership goes on", "partnerships go on")
    finding = f"{short}, {len(warned) or 'none'} with a stall warning" if len(going) else "No partnership goes on"
    return Section(
        key="partnerships",
        heading=HEADING,
        finding=headline(finding, short),
        lead=[Said(text) for text in (said.going, said.alone, source) if text],
        groups={WARNINGS: _warned(of, len(warned), said.stalling)} if len(going) else {},
        tables=[_listed(going)] if len(going) else [],
    )


def _alone(of: Subject) -> str:
    rows = of.material.works.alone
    mine, whole = rows[rows["la_code"] == of.code], rows[["alone", "schools"]].sum()
    share = whole["alone"] / whole["schools"] if whole["schools"] else None
    return in_none(int(mine["alone"].sum()), int(mine["schools"].sum()), share)


def _warned(of: Subject, count: int, none: str) -> list[Said]:
    """A sentence a warning with its rule and facts, those of the nearest first; or that there is none."""
    if not count:
        return [Said(none)]
    rows = _warnings(of)
    first = list(dict.fromkeys(rows["Code"]))[:MOST_WARNED]
    told = [
        Said(f"{words.inline(row['Rule'])}. {row['Facts']}", str(row["Partnership"]))
        for row in rows[rows["Code"].isin(first)].to_dict("records")
    ]
    more = count - len(first)
    return [*told, Said(f"{words.plural(more, 'more partnership')} with warnings: the workbook has all.")][
        : len(told) + (more > 0)
    ]


def _warnings(of: Subject) -> pd.DataFrame:
    """A row a warning, in the order of measures.partnerships_here.nearest."""
    works, found = of.material.works, of.material.works.of(of.code)
    by_code = {rule.code: rule for rule in rules()}
    made = []
    for each in nearest(found[found["going"].astype(bool)], works.warnings, rules()):
        for row in works.warnings[works.warnings["partnership"] == each.code].to_dict("records"):
            rule = by_code[row["rule"]]
            made.append(
                {
                    "Partnership": each.name,
                    "Rule": rule.title,
                    "Facts": row["said"],
                    "A warning is given where": rule.said(),
                    "Code": each.code,
                }
            )
    return pd.DataFrame(made, columns=["Partnership", "Rule", "Facts", "A warning is given where", "Code"])


def _listed(going: pd.DataFrame) -> Table:
    """The partnerships that go on, for people, the nearest first."""
    first = going.head(MOST)
    frame = pd.DataFrame(
        {
            "Partnership": first["name"],
            "Kind": first["kind"].map(KINDS),
            "Lead": first["lead"].replace("", "None now"),
            "Last activity": _days(first["last_held"], "None noted"),
            "Plans to go on": first["plans"].map(SUSTAINABILITY_PLANS).fillna(NOT_SAID),
        }
    ).reset_index(drop=True)
    more = len(going) - len(first)
    note = f"The nearest {len(first)} of {len(going)}: the workbook has all." if more else "The nearest first."
    return Table("Partnerships that go on", frame, note)


def _days(days: pd.Series, none: str) -> list[str]:
    return [none if day is None else words.day(day) for day in days]


def sheets(of: Subject) -> list[Table]:
    """For a workbook: all partnerships that bear on the authority, and all warnings; neither where it has no row."""
    works, found = of.material.works, of.material.works.of(of.code)
    if found.empty:
        return []
    warned = _warnings(of)
    counts = warned["Code"].value_counts()
    frame = pd.DataFrame(
        {
            "Partnership": found["name"],
            "Kind": found["kind"].map(KINDS),
            "State": [STATES["going" if going else "ended"] for going in found["going"]],
            "How it lies": [text[:1].upper() + text[1:] for text in found["near"].map(NEARNESS)],
            "Areas": [words.joined([works.areas.get(code, code) for code in codes]) for codes in found["areas"]],
            "Began": _days(found["began"], NONE),
            "Ended": _days(found["ended"], NONE),
            "Lead": found["lead"].replace("", NONE),
            "Members": found["members"],
            "Schools": found["schools"],
            "Last activity": _days(found["last_held"], NONE),
            "Plans to go on": found["plans"].map(SUSTAINABILITY_PLANS).fillna(NOT_SAID),
            "Funder": found["funder"].replace("", NONE),
            "Stall warnings": found["code"].map(counts).fillna(0).astype(int),
            "Code": found["code"],
            "Kind of entry": found["illustrative"].map({True: "Illustrative", False: "Real"}),
        }
    ).reset_index(drop=True)
    note = f"The partnership register, as at {words.day(works.day)}. {_alone(of)}".strip()
    made = [Table("Partnerships that bear on it, the nearest first", frame, note)]
    return [*made, Table("Stall warnings", warned, "Of partnerships that go on.")] if len(warned) else made
