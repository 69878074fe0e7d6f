"""University programmes of a place: what there are, what they save, in sentences and lists, and each consortium.

A programme is of every area that one of its partners lies in; where it names none, of those of its partnership's
schools and authorities. So the programmes of areas do not add up to those of a wider one.
"""

from collections.abc import Hashable, Iterable, Mapping
from datetime import date
from typing import Any, Final

import pandas as pd

from charts.pounds import Amount
from data_access import queries
from data_access.engine import get_engine, reading
from data_access.partnerships.homes import school_homes
from exports.kept import kept
from exports.shown import ENGLAND, Shown
from exports.views import partnerships
from exports.views.evidence import edit_shown, within
from measures import university_programmes as measured
from measures import words
from measures.partnership_words import AWARDS, IMPACT_THEMES, PATTERNS, PAYERS, PLACES

NOT_SAID: Final = "Not said"
ALL: Final = "All of its members"
PUBLISHED: Final = {  # the titles of the published facts
    "standard": "Standard master's fee",
    "masters": "Co-delivered master's fee",
    "postgraduate_certificate": "Co-delivered postgraduate certificate fee",
    "authorities": "LAs in the regional university consortium",
    "at_once": "Partner MA programmes at the peak",
}
PUBLISHED_UNIVERSITIES: Final = 4  # told in the note of the fact about the authorities


@kept(2)
def facts(version: int) -> dict[str, Mapping[Hashable, Any]]:
    """The published facts that stand beside the register's: key of PUBLISHED → its row; those that there are."""
    with reading(get_engine()) as connection:
        there = queries.published_facts(connection).set_index("title")
    return {key: there.loc[title].to_dict() for key, title in PUBLISHED.items() if title in there.index}


@kept(2)
def _homes(version: int) -> dict[str, str]:
    with reading(get_engine()) as connection:
        homes = school_homes(connection)
    return dict(zip(homes["urn"], homes["la_code"], strict=True))


@kept(4)
def _all(version: int, number: int) -> pd.DataFrame:
    """Every programme with that of its partnership: name, illustrative; and places: the codes of where it is given."""
    rows = partnerships.sheet("programmes", number, version)
    whole = partnerships.sheet("partnerships", number, version).set_index("code")
    areas = dict(zip(whole.index, whole["areas"], strict=True))
    members = partnerships.sheet("members", number, version)
    members = members[members["kind"].isin(["school", "la"])]
    theirs = members.groupby("partnership")["organisation"].agg(list).to_dict()
    homes = _homes(version)
    places = [
        frozenset(homes.get(each, each) for each in chosen or theirs.get(code) or areas[code])
        for chosen, code in zip(rows["partners"], rows["partnership"], strict=True)
    ]
    return rows.assign(
        name=rows["partnership"].map(whole["name"]),
        illustrative=rows["partnership"].map(whole["illustrative"]).astype(bool),
        places=pd.Series(places, index=rows.index, dtype=object),
    )


def inside(codes: Iterable[str], area: str, wider: Mapping[str, str]) -> bool:
    """Whether one of some areas is an area or lies in it. wider: a code → that of the area it lies in."""
    return any(area in (code, wider.get(code), wider.get(wider.get(code, ""))) for code in codes)


def programmes(now: Shown) -> pd.DataFrame:
    """The programmes of the chosen area that had begun by the end of the period, by award and name.

    The columns of the sheet, those of measures.university_programmes, name (of the partnership), illustrative, places.
    """
    return _programmes(now.version, now.period, now.area_code, edit_shown(now.version))


@kept(30)
def _programmes(version: int, period: str, area: str, number: int) -> pd.DataFrame:
    rows, day = _all(version, number), partnerships.last_day_of(version, period)
    wider = within(version)
    here = [
        began <= day and (area == ENGLAND or inside(codes, area, wider))
        for began, codes in zip(rows["began"], rows["places"], strict=True)
    ]
    rows = rows[pd.Series(here, index=rows.index, dtype=bool)]
    order = {code: at for at, code in enumerate(AWARDS)}
    rows = rows.assign(over=measured.over(rows, day), at=rows["award"].map(order))
    rows = rows.sort_values(["at", "title"], kind="stable").drop(columns="at").reset_index(drop=True)
    return measured.with_saving(rows)


def line(now: Shown) -> str:
    """'65 programmes for England: 44 have ended, 21 run'."""
    found = programmes(now)
    ended = int(found["over"].sum())
    return (
        f"{words.plural(len(found), 'programme')} for {now.area}: "
        f"{words.plural(ended, 'has ended', 'have ended')}, {words.plural(len(found) - ended, 'runs', 'run')}"
    )


# What it says first --------------------------------------------------------------------------------------


def said(now: Shown) -> list[str]:
    """What the programmes cost and give, in sentences; empty where there are none."""
    return _said(now, edit_shown(now.version))


@kept(30)
def _said(now: Shown, number: int) -> list[str]:
    found = programmes(now)
    if found.empty:
        return []
    made, done = measured.saved(found), measured.share(found, "completed")
    told = [_saving(made)]
    if done.people:
        interval = words.interval(done.lower, done.upper, "percent")
        told.append(
            f"Of {done.people:,} participants of the {words.plural(done.programmes, 'programme')} that ended and say "
            f"it, {done.value:.1f}% completed the award (95% interval {interval})."
        )
    prices = {award: measured.cost(found[found["award"] == award]) for award in AWARDS}
    known = [(award, price) for award, price in prices.items() if price.completed]
    if known:
        award, price = known[0]
        limits = Amount("", "", price.value, interval=(price.lower, price.upper)).limits
        beside = (
            "" if pd.isna(price.standard) else f"; at the standard fee it would have been {_pounds(price.standard)}"
        )
        told.append(
            f"Each completed {words.inline(AWARDS[award])} took {_pounds(price.value)} in fees (95% interval {limits})"
            f"{beside}."
        )
    return told


def _saving(made: measured.Saving) -> str:
    if not made.known:
        return "No saving can be said: no programme says both fees and its participants."
    parts = [f"{_pounds(made.by_purse[code])} {text}" for code, text in _TO.items() if code in made.by_purse]
    more = (
        f" {words.plural(made.dearer, 'programme costs', 'programmes cost')} more than the standard fee: "
        f"{_pounds(made.extra)} is taken off."
        if made.dearer
        else ""
    )
    of = words.plural(made.of, "programme")
    say = "says" if made.known == 1 else "say"
    saved = "saved" if made.net >= 0 else "cost"
    return (
        f"{made.known} of {of} {say} both fees and the participants, and {saved} {_pounds(abs(made.net))} in fees: "
        f"{words.joined(parts)}.{more}"
    )


_TO: Final = {
    "public": "to the public purse",
    "teacher": "to the teachers",
    "shared": "to schools and teachers together",
    "": "to payers that are not said",
}


def _pounds(value: float) -> str:
    return words.number(value, "gbp")


def worked(now: Shown) -> list[str]:
    """How a saving comes about: the published example, then that of the first programme that has one."""
    there, made = facts(now.version), []
    if {"standard", "masters"} <= set(there):
        standard, fee = there["standard"]["value"], there["masters"]["value"]
        made.append(
            f"Published: a master's degree at {_pounds(standard)}, given together for about {_pounds(fee)}, saves "
            f"about {_pounds(standard - fee)} a teacher (source: {there['masters']['source']})."
        )
    found = programmes(now)
    known = found[found["saving"].notna() & (found["saving"] > 0)]
    if len(known):
        row = known.iloc[0]
        payer = words.inline(PAYERS[row["payer"]]) + " pays" if row["payer"] else "the register does not say who pays"
        made.append(
            f"{row['title']}: ({_pounds(row['standard_fee'])} − {_pounds(row['partner_fee'])}) × {row['participants']} "
            f"participants = {_pounds(row['saving'])}, {_TO[row['purse']]}, since {payer}."
        )
    made.append(
        "School, authority and government pay from the public purse. Fees alone are compared: what the partners' own "
        "teaching and rooms cost them is not counted. Everybody who began is charged, whether or not they complete."
    )
    return made


# The list ------------------------------------------------------------------------------------------------


def listed(now: Shown) -> pd.DataFrame:
    """The programmes for people, one row each."""
    return _listed(now, edit_shown(now.version))


@kept(30)
def _listed(now: Shown, number: int) -> pd.DataFrame:
    found, names = programmes(now), partnerships.there(now.version)
    costs = measured.each_cost(found).to_dict("records")
    said = found[["standard_fee", "partner_fee", "per_person", "saving", "participants", "promoted"]]
    said = said.astype(object).where(said.notna(), None)

    def pounds(name: str) -> list[str]:
        return [NOT_SAID if value is None else _pounds(float(value)) for value in said[name]]

    return pd.DataFrame(
        {
            "Programme": found["title"],
            "Award": found["award"].map(AWARDS),
            "University": found["university"],
            "Partners": [
                words.joined([names.organisation(code) for code in each]) or "All" for each in found["partners"]
            ],
            "Time": [_time(row["began"], row["ended"]) for row in found[["began", "ended"]].to_dict("records")],
            "State": ["Ended" if over else "Runs" for over in found["over"]],
            "Place": found["place"].map(PLACES).fillna(NOT_SAID),
            "Pattern": found["pattern"].map(PATTERNS).fillna(NOT_SAID),
            "Delivered by the partner": [NOT_SAID if each is None else f"{each}%" for each in found["delivered"]],
            "Standard fee": pounds("standard_fee"),
            "Partner fee": pounds("partner_fee"),
            "Saved a person": pounds("per_person"),
            "Saved in all": pounds("saving"),
            "Who pays": found["payer"].map(PAYERS).fillna(NOT_SAID),
            "Participants": [NOT_SAID if each is None else f"{each:,}" for each in said["participants"]],
            "Completed": [_share(*each) for each in _counts(found, "completed")],
            "Promoted": [_share(*each) for each in _counts(found, "promoted")],
            "Cost per completion": [_cost(each, over) for each, over in zip(costs, found["over"], strict=True)],
            "95% interval": [
                Amount("", "", each["value"], interval=(each["lower"], each["upper"])).limits if each["known"] else "–"
                for each in costs
            ],
            "What partners value": [
                words.joined([IMPACT_THEMES[code] for code in each]) or NOT_SAID for each in found["themes"]
            ],
            "Partnership": found["partnership"] + " " + found["name"],
            "Kind of entry": found["illustrative"].map({True: "Illustrative", False: "Real"}),
        }
    )


def _time(began: date, ended: date | None) -> str:
    return f"{began:%b %Y} to {ended:%b %Y}" if ended else f"Since {began:%b %Y}"


def _counts(found: pd.DataFrame, part: str) -> list[tuple[Any, Any, bool]]:
    return list(zip(found[part], found["participants"], found["over"], strict=True))


def _share(count: int | None, people: int | None, over: bool) -> str:
    """'30 (75%)'; that it runs, or is not said."""
    if not over:
        return "Runs"
    if count is None or not people:
        return NOT_SAID
    return f"{count:,} ({100 * count / people:.0f}%)"


def _cost(made: Mapping[Hashable, Any], over: bool) -> str:
    if not made["known"]:
        return NOT_SAID if over else "Runs"
    return "Nobody completed" if pd.isna(made["value"]) else _pounds(made["value"])


# Consortia -----------------------------------------------------------------------------------------------


def consortia(now: Shown) -> dict[str, str]:
    """The regional consortia that bear on the chosen area and have programmes: code → name, most programmes first."""
    return _consortia(now, edit_shown(now.version))


@kept(30)
def _consortia(now: Shown, number: int) -> dict[str, str]:
    whole = partnerships.register(now).partnerships
    whole = whole[whole["kind"] == "regional_consortium"]
    counts = _of(now, list(whole["code"]))["partnership"].value_counts()
    whole = whole[whole["code"].isin(counts.index)]
    order = whole.assign(count=whole["code"].map(counts)).sort_values(["count", "name"], ascending=[False, True])
    return dict(zip(order["code"], order["name"], strict=True))


def _of(now: Shown, codes: list[str]) -> pd.DataFrame:
    """The programmes of some partnerships, wherever their partners are, begun by the end of the period."""
    rows = _programmes(now.version, now.period, ENGLAND, edit_shown(now.version))
    return rows[rows["partnership"].isin(codes)]


def consortium(now: Shown, code: str) -> pd.DataFrame:
    """A consortium beside the published one, a row a count."""
    return _consortium(now, code, edit_shown(now.version))


@kept(30)
def _consortium(now: Shown, code: str, number: int) -> pd.DataFrame:
    mine, there = _members(now, code), facts(now.version)
    counts = mine.drop_duplicates(["kind", "organisation"])["kind"].value_counts()
    rows = _of(now, [code])
    masters = rows[rows["award"] == "masters"]
    people = pd.to_numeric(rows["participants"])
    about = there.get("authorities", {})
    universities = f"{PUBLISHED_UNIVERSITIES}" if about else "–"
    made = [
        ("Local authorities", f"{counts.get('la', 0)}", _fact(there, "authorities")),
        ("Universities", f"{counts.get('university', 0)}", universities),
        ("Master's programmes at once, at most", f"{measured.most_at_once(masters)}", _fact(there, "at_once")),
        ("Programmes", f"{len(rows)}", "–"),
        ("Programmes that run", f"{int((~rows['over'].astype(bool)).sum())}", "–"),
        ("Participants", f"{people.sum():,.0f}, of {people.notna().sum()} programmes that say it", "–"),
    ]
    return pd.DataFrame(made, columns=["What", "This consortium", f"Published ({about.get('source', 'no source')})"])


def _fact(there: Mapping[str, Mapping[Hashable, Any]], key: str) -> str:
    return f"{there[key]['value']:.0f}" if key in there else "–"


def _members(now: Shown, code: str) -> pd.DataFrame:
    members = partnerships.register(now).members
    return members[(members["partnership"] == code) & members["going"].astype(bool)]


def consortium_parts(now: Shown, code: str) -> pd.DataFrame:
    """Its authorities and universities, a row each, with the programmes that they built or give."""
    return _parts(now, code, edit_shown(now.version))


@kept(30)
def _parts(now: Shown, code: str, number: int) -> pd.DataFrame:
    mine, rows = _members(now, code).drop_duplicates(["kind", "organisation"]), _of(now, [code])
    names = partnerships.there(now.version)
    made = []
    for kind, title in (("la", "Local authority"), ("university", "University")):
        for each in mine[mine["kind"] == kind].sort_values("called").to_dict("records"):
            own = _with(rows, kind, each["organisation"])
            other = own["university"] if kind == "la" else own["places"].explode().dropna().map(names.organisation)
            people = pd.to_numeric(own["participants"])
            made.append(
                {
                    "Member": each["called"],
                    "Kind": title,
                    "Programmes": len(own),
                    "Participants": f"{people.sum():,.0f}" if people.notna().any() else "–" if own.empty else NOT_SAID,
                    "Together with": words.joined(sorted(set(other))) or "No programme yet",
                }
            )
    return pd.DataFrame(made, columns=["Member", "Kind", "Programmes", "Participants", "Together with"])


def _with(rows: pd.DataFrame, kind: str, organisation: str) -> pd.DataFrame:
    if kind == "la":
        return rows[[organisation in codes for codes in rows["places"]]]
    return rows[rows["university"].str.lower() == organisation.lower()]
