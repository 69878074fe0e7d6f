"""Invented partnerships of every kind, entered in one edit; none of them is, or says anything of, a real one.

The 26 partnership projects of authorities follow the pattern that was published of such projects (NFER, 2005): 15 with
working groups, 11 with seminars, 5 one to one; of 16 that were followed up, 11 with firm plans to go on.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import pandas as pd
from sqlalchemy import Connection, insert

from data_access import edits
from data_access.partnerships import entries
from data_access.partnerships.checks import checked, known
from data_access.partnerships.fields import COMPLETE, SHEETS
from data_access.places import ENGLAND_CODE
from measures import partnership_words as said
from seed_data import reference
from seed_data.registers import university_programmes
from seed_data.registers.partnership_ways import WAYS
from seed_data.schools import Register

SEED: Final = 2005
START, END = date(2009, 9, 1), date(2012, 7, 20)
PROJECTS, FOLLOWED_UP, FIRM = 26, 16, 11
WITH_GROUPS, WITH_SEMINARS, ONE_TO_ONE = 15, 11, 5
# Kind → how many, beside the projects; the outcomes they bear on; how many months between their meetings.
OTHERS: Final = {
    "cpd_leader_network": (40, ("2b", "2c"), 2),
    "school_cluster": (30, ("2b", "2c", "2d"), 2),
    "multi_agency_cluster": (12, ("2b", "2e"), 3),
    "subject_network": (10, ("2d", "3b"), 3),
    "cpd_adviser_forum": (9, ("2a",), 4),
    "regional_consortium": (9, ("2a", "3c"), 4),
    "higher_education_programme": (8, ("1d", "3c"), 3),
    "training_school_network": (6, ("3a", "3d"), 3),
    "federation": (6, ("2d",), 1),
    "ast_network": (5, ("3b",), 3),
    "online_community": (4, ("2d",), 2),
    "cpd_partners_forum": (3, ("2a", "3c"), 4),
}
REGIONAL = ("cpd_adviser_forum", "regional_consortium", "cpd_partners_forum")
LADDERED = ("cpd_leader_network", "subject_network", "online_community", "training_school_network")
CALLED: Final = said.KINDS | {"higher_education_programme": "Masters with a university"}
# What was found to stall projects when it came together (NFER, 2005).
COMBINATIONS: Final = (
    ["clarity_of_roles", "timely_communication", "personnel_changes"],
    ["time_available", "senior_support", "different_priorities"],
)
IMPACT_EVIDENCE = "Said in interviews with advisers and schools in the summer term."


@dataclass
class _Made:
    """The rows so far, by sheet, and what they are made from."""

    rng: np.random.Generator
    authorities: pd.DataFrame
    schools: dict[str, list[str]]  # an authority's → URNs
    clusters: list[tuple[str, str, list[str]]]  # name, authority, URNs
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def code(self) -> str:
        """The code of the partnership that is being made."""
        return f"P{len(self.rows['partnerships']):04d}"

    def add(self, sheet: str, **values: Any) -> None:
        """A row of a part of the partnership that is being made."""
        self.rows[sheet].append({"partnership": self.code(), **values})

    def some(self, words: Any, most: int) -> list[str]:
        """One to `most` codes, in their order."""
        codes = list(words)
        count = int(self.rng.integers(1, most + 1))
        return [codes[at] for at in sorted(self.rng.choice(len(codes), min(count, len(codes)), replace=False))]

    def day(self, first: date, last: date) -> date:
        """A day between two."""
        return first + timedelta(days=int(self.rng.integers(0, max(1, (last - first).days))))


def fill(connection: Connection, register: Register) -> None:
    """Enter them all; the geography, the strategy and the schools are there already."""
    number = edits.begin(connection, "This program", "Illustrative partnerships, invented to show the register at work")
    rows, there = rows_of(register), known(connection)
    for sheet in SHEETS:
        made = [
            {name: row[name] for name in ("code", "partnership") if name in row}
            | checked(sheet, row, there)
            | {"from_edit": number}
            for row in rows[sheet.code]
        ]
        numbered = made if sheet.whole else [row | {"id": at} for at, row in enumerate(made, 1)]
        connection.execute(insert(sheet.table), numbered)
    entries.agree(connection, [row["code"] for row in rows["partnerships"]])
    whole = [checked(COMPLETE, row, there) for row in _complete(rows)]
    connection.execute(
        insert(COMPLETE.table), [row | {"id": at, "from_edit": number} for at, row in enumerate(whole, 1)]
    )


def _complete(rows: dict[str, list[dict[str, Any]]]) -> list[dict[str, str]]:
    """For every third authority with a cluster, and every fourth with a network of leaders: all is in the register."""
    areas = {
        what: sorted({row["areas"][0] for row in rows["partnerships"] if row["kind"] in kinds})
        for what, kinds in (("clusters", said.CLUSTERS), ("networks", said.LEADER_NETWORKS))
    }
    chosen = {"clusters": areas["clusters"][::3], "networks": areas["networks"][::4]}
    return [
        {"la_code": la, "period": year, "what": what}
        for what, las in chosen.items()
        for la in las
        for year in ("2010/11", "2011/12")
    ]


def rows_of(register: Register) -> dict[str, list[dict[str, Any]]]:
    """The invented rows: a sheet's code → rows by the names of its fields, with code or partnership."""
    authorities = reference.authorities()
    schools = {code: list(urns) for code, urns in register.schools.groupby("la_code")["urn"]}
    names = register.clusters.set_index("code")
    clusters = [
        (str(names.at[code, "name"]), str(names.at[code, "la_code"]), list(urns))
        for code, urns in register.memberships.groupby("cluster_code")["school_urn"]
        if len(urns) > 2
    ]
    made = _Made(np.random.default_rng(SEED), authorities, schools, clusters)
    _projects(made)
    for kind, (count, outcomes, months) in OTHERS.items():
        for turn in range(count):
            _other(made, kind, turn, count, outcomes, months)
    names = authorities.set_index("code")["name"].to_dict()
    names |= authorities.set_index("region_code")["region_name"].to_dict()
    university_programmes.add(made.rows, names)
    return made.rows


def _projects(made: _Made) -> None:
    """The 26 projects: each in an authority of its own, spread over the regions."""
    large = made.authorities[made.authorities["code"].map(lambda code: len(made.schools.get(code, [])) > 1)]
    every = large.sort_values(["region_code", "code"]).reset_index(drop=True)
    places = [every.iloc[at] for at in np.linspace(0, len(every) - 1, PROJECTS).astype(int)]
    groups = list(said.WORKING_MODELS)[:4]
    for turn, place in enumerate(places):
        models = [groups[turn % 4]] if turn < WITH_GROUPS else []
        models += ["seminar_or_conference"] if turn >= PROJECTS - WITH_SEMINARS else []
        models += ["one_to_one_with_la_adviser"] if turn % 5 == 1 and turn < 5 * ONE_TO_ONE else []
        models += ["work_with_individual_schools"] if turn % 4 == 3 else []
        plans = ("firm" if turn % 16 < FIRM else "wish") if turn < FOLLOWED_UP else ""
        ended = date(2010, 8, 31) if turn % 6 == 4 else None
        _partnership(
            made,
            kind="la_partnership_project",
            name=f"Example partnership project, {place['name']}",
            areas=[place["code"]],
            began=START + timedelta(days=14 * (turn % 4)),
            ended=ended,
            working_models=models,
            outcomes=["1d", "2a", "2b"],
            funder="A national teaching council" if turn % 3 else "",
            plans=plans,
        )
        partners = made.schools[place["code"]][: 3 + turn % 6]
        _members(made, ("la", place["code"]), [("school", urn) for urn in partners], link=True)
        # One in six thins out, one in six loses members who come.
        _activities(made, 1, thins=turn % 6 == 1, falls=turn % 6 == 3)
        _findings(made, stalled=turn % 13 == 7)
        for each in made.some(said.OUTPUTS, 3):
            _output(made, each)
        if turn % 2 == 0:
            _health(made)


def _other(made: _Made, kind: str, turn: int, count: int, outcomes: tuple[str, ...], months: int) -> None:
    every = made.authorities.sort_values("code").reset_index(drop=True)
    place = every.iloc[(turn * len(every) // count + len(kind)) % len(every)]
    regions = every.drop_duplicates("region_code").sort_values("region_code")
    region = regions.iloc[turn % len(regions)]
    lead, partners = ("la", str(place["code"])), [("school", urn) for urn in made.schools.get(place["code"], [])]
    name, areas = f"Example {_within(CALLED[kind])}, {place['name']}", [str(place["code"])]
    if kind in REGIONAL:
        within = every.loc[every["region_code"] == region["region_code"], "code"]
        partners = [("la", code) for code in within]
        lead, partners = partners[0], partners[1:]
        name, areas = f"Example {_within(CALLED[kind])}, {region['region_name']}", [str(region["region_code"])]
    elif kind == "online_community":
        lead, areas = ("national_body", "A national body for professional development"), [ENGLAND_CODE]
        partners = [
            ("school", urn) for at, urns in enumerate(made.schools.values()) if at % 9 == turn for urn in urns[:2]
        ]
        name = f"Example online community {turn + 1}"
    elif kind == "school_cluster":
        called, la_code, urns = made.clusters[turn * len(made.clusters) // count]
        lead, partners = ("school", urns[0]), [("school", urn) for urn in urns[1:]]
        name, areas = called, [la_code]
    elif partners and kind == "federation":
        lead, partners = partners[0], partners[1:4]
    if kind == "higher_education_programme":
        partners = [("university", f"Example university {turn + 1}"), *partners[:4]]
    elif kind == "multi_agency_cluster":
        partners = [("service", f"Children's services, {place['name']}"), ("service", "A health trust"), *partners[:4]]
    elif kind == "cpd_leader_network":
        partners = partners[: 4 + turn % 8]
    funded = int(made.rng.integers(0, 2)) == 1
    _partnership(
        made,
        kind=kind,
        name=name,
        areas=areas,
        began=made.day(START, date(2011, 6, 30)),
        ended=None,
        working_models=made.some(said.WORKING_MODELS, 2),
        outcomes=list(outcomes),
        funder="A national fund for schools" if funded else "",
        plans=["firm", "wish", "none", ""][int(made.rng.integers(0, 4))],
    )
    _ended(made, 0.15 if funded else 0.35)
    _members(made, lead, partners, link=False)
    _activities(made, months, thins=turn % 7 == 3, falls=turn % 9 == 4)
    _findings(made, stalled=turn % 20 == 11)
    if turn % 2 == 0:
        _output(made, made.some(said.OUTPUTS, 1)[0])
    if kind in LADDERED:
        _engagement(made, [str(place["code"])] if kind != "online_community" else list(every["code"][turn::12]))


def _within(title: str) -> str:
    """A title as it stands within a sentence: 'LA vision' and 'CPD strategy' stay, 'Culture' becomes 'culture'."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def _partnership(made: _Made, **values: Any) -> None:
    rng, funded = made.rng, bool(values["funder"])
    focus = _within(list(said.FOCI.values())[(len(made.rows["partnerships"]) + 1) % len(said.FOCI)])
    made.rows["partnerships"].append({})  # so that `code` counts it
    made.rows["partnerships"][-1] = values | {
        "code": made.code(),
        "purpose": f"To make {focus} a shared concern.",
        "foci": made.some(said.FOCI, 3),
        "adviser_roles": made.some(said.ADVISER_ROLES, 3) if values["kind"] == "la_partnership_project" else [],
        "funding": int(rng.integers(4, 60)) * 500 if funded else None,
        "funded_until": made.day(date(2010, 8, 1), date(2012, 8, 1)) if funded else None,
        "factors": made.some(said.SUSTAINABILITY_FACTORS, 4),
        "support": bool(rng.random() < 0.3),
        **(_framework(len(made.rows["partnerships"]), values["began"]) if values["kind"] in said.CLUSTERS else {}),
        "illustrative": True,
    }


def _framework(turn: int, began: date) -> dict[str, Any]:
    """Of a cluster: two in five work within the quality framework, and of one in ten nobody said."""
    if turn % 10 == 9:
        return {}
    since = began + timedelta(days=240) if turn % 5 in (0, 3) else None
    return {"framework": "yes" if since else "no", "framework_since": since}


def _ended(made: _Made, share: float) -> None:
    about = made.rows["partnerships"][-1]
    if made.rng.random() < share:
        about["ended"] = made.day(about["began"] + timedelta(days=200), END)


def _members(made: _Made, lead: tuple[str, str], partners: list[tuple[str, str]], *, link: bool) -> None:
    about = made.rows["partnerships"][-1]
    began, last = about["began"], about["ended"] or END

    def join(kind: str, organisation: str, role: str, joined: date, left: date | None = None) -> None:
        made.add("members", kind=kind, organisation=organisation, role=role, joined=joined, left=left)

    join(*lead, said.LEAD, began)
    if link:
        leaves = date(2011, 12, 16) if len(made.rows["partnerships"]) % 9 == 5 and about["ended"] is None else None
        join("national_body", "A national teaching council", said.LINK, began, leaves)
    for at, (kind, organisation) in enumerate(partners):
        joined = began if at < 3 else made.day(began, began + (last - began) / 2)
        left = made.day(joined + (last - joined) / 2, last) if made.rng.random() < 0.12 else None
        join(kind, organisation, "partner", joined, left)


def _activities(made: _Made, months: int, *, thins: bool, falls: bool) -> None:
    about = made.rows["partnerships"][-1]
    last, held, kinds = about["ended"] or END, about["began"] + timedelta(days=20), list(said.ACTIVITY_KINDS)
    members = [row for row in made.rows["members"] if row["partnership"] == made.code()]
    wait, number = months * 45, 0
    while held <= last:
        number += 1
        there = {m["organisation"] for m in members if m["joined"] <= held and (m["left"] or END) >= held}
        late = held > date(2011, 7, 31)
        share = (0.3 if falls and late else 0.75) + made.rng.uniform(-0.1, 0.1)
        kind = kinds[int(made.rng.choice(5, p=[0.6, 0.15, 0.1, 0.1, 0.05]))]
        title = f"{said.ACTIVITY_KINDS[kind]} {number}"
        # Of one cluster in eight nobody said whom it reached; of other partnerships nobody asks.
        reached = list(said.STAFF_REACHED)[: 1 + (number + len(made.rows["partnerships"])) % 2]
        asked = about["kind"] in said.CLUSTERS and len(made.rows["partnerships"]) % 8 != 5
        made.add(
            "activities",
            kind=kind,
            held_on=held,
            title=title,
            attended=round(share * len(there)),
            staff=reached if asked else [],
        )
        held += timedelta(days=round(wait * (3.5 if thins and late else 1) * made.rng.uniform(0.8, 1.2)))


def _output(made: _Made, output: str) -> None:
    about = made.rows["partnerships"][-1]
    day = made.day(about["began"] + timedelta(days=90), about["ended"] or END)
    made.add("outputs", output=output, title=f"Example: {_within(said.OUTPUTS[output])}", made_on=day, link="")


def _findings(made: _Made, *, stalled: bool) -> None:
    about = made.rows["partnerships"][-1]
    last = about["ended"] or END
    for impact in made.some(said.IMPACTS, 7):
        rating = list(said.IMPACT_RATINGS)[int(made.rng.choice(3, p=[0.15, 0.5, 0.35]))]
        made.add("impacts", impact=impact, rating=rating, evidence=IMPACT_EVIDENCE, noted_on=last - timedelta(days=20))
    combination = COMBINATIONS[len(made.rows["partnerships"]) % 2] if stalled else []
    other = [each for each in made.some(said.CHALLENGES, 4) if each not in combination]
    for challenge in combination + other:
        state = (
            "open"
            if challenge in combination
            else list(said.CHALLENGE_STATES)[int(made.rng.choice(3, p=[0.2, 0.35, 0.45]))]
        )
        opened = made.day(about["began"], last - timedelta(days=30))
        ways = WAYS[challenge]
        done = ways[len(made.rows["partnerships"]) // 3 % len(ways)] if state == "surmounted" else ""
        noted = max(opened, last - timedelta(days=25))
        made.add("challenges", challenge=challenge, state=state, opened_on=opened, noted_on=noted, done=done)


def _health(made: _Made) -> None:
    """Two checks, seven months apart: more is in place at the second."""
    rng = np.random.default_rng([SEED, len(made.rows["partnerships"])])
    began, before = made.rows["partnerships"][-1]["began"], dict.fromkeys(said.CHECKS, 0)
    answers = list(said.ANSWERS)[::-1]
    for months in (4, 11):
        held_on = began + timedelta(days=30 * months)
        for item in said.CHECKS:
            before[item] = min(2, before[item] + int(rng.choice(3, p=[0.4, 0.35, 0.25])))
            made.add("health_checks", held_on=held_on, item=item, answer=answers[before[item]], note="")


def _engagement(made: _Made, la_codes: list[str]) -> None:
    began = made.rows["partnerships"][-1]["began"]
    for la_code in la_codes:
        eligible = len(made.schools.get(la_code, []))
        reach = made.rng.uniform(0.4, 0.7)
        for year in (2009, 2010, 2011):
            if date(year + 1, 8, 31) < began or not eligible:
                continue
            counts, share = [eligible], min(0.95, reach + 0.12 * (year - 2009))
            for _ in said.LADDER:
                counts.append(int(made.rng.binomial(counts[-1], share)))
            steps = dict(zip(["eligible", *said.LADDER], counts, strict=True))
            made.add("engagement", la_code=la_code, period=f"{year}/{(year + 1) % 100:02d}", **steps)
