"""What an entry of the register may not say, and what a partnership as a whole may not.

Every fault is found, not the first only, each with the field that it is in and what to do.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

import pandas as pd
from sqlalchemy import Connection, select

from data_access import bulk, queries
from data_access.errors import DataAccessError
from data_access.evidence import EARLIEST, today
from data_access.files.refusal import FORMULA_SIGNS
from data_access.partnerships.fields import ENGAGEMENT, MEMBERS, PARTNERSHIPS, PROGRAMMES, Field, Sheet
from data_access.places import ENGLAND_CODE
from data_access.schema import school
from measures.partnership_words import KINDS, LADDER, LEAD, PROGRAMME_KINDS
from measures.telling import PARTS, few
from measures.thresholds import OVERALL, resolve

FAR: Final = date(2100, 12, 31)
_PERSONAL: Final = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+|\b0\d{2,4}[ -]?\d{3}[ -]?\d{3,4}\b")
_AHEAD: Final = ("ended", "funded_until")  # days that may lie in the future


@dataclass(frozen=True)
class Fault:
    """One thing wrong with an entry: which field, by what people call it, what, and what to do."""

    title: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.title}: {self.message} {self.remedy}"


class RegisterRefused(DataAccessError):
    """An entry that cannot be as it is; `faults` says why, field by field."""

    def __init__(self, faults: list[Fault]):
        self.faults = faults
        super().__init__("Nothing was saved.", " ".join(map(str, faults)))


@dataclass(frozen=True)
class Known:
    """What an entry may name. areas: England, regions, authorities; schools by URN: name, opened, closed.

    fewest: the least number of people that a count may tell of.
    """

    areas: Mapping[str, str]
    authorities: Mapping[str, str]
    outcomes: frozenset[str]
    years: Mapping[str, str]
    schools: pd.DataFrame
    on: date
    fewest: int

    def authority(self, said: str) -> str:
        """The code of an authority for its code or name; what is neither stays as it is."""
        return next((code for code, name in self.authorities.items() if name.lower() == said.lower()), said)

    def organisation(self, code: str) -> str:
        """The name of an authority by its code, or of a school by its URN; what is neither stays as it is."""
        named = self.authorities.get(code)
        if named is None and code in self.schools.index:
            named = str(self.schools.at[code, "name"])
        return named or code

    def called(self, kinds: Iterable[str], organisations: Iterable[str]) -> list[str]:
        """What members are called: the names of schools and authorities, else what they are entered as."""
        names: dict[str, Mapping[Any, str]] = {"school": self.schools["name"].to_dict(), "la": self.authorities}
        return [names.get(kind, {}).get(each, each) for kind, each in zip(kinds, organisations, strict=True)]


def known(connection: Connection) -> Known:
    """What there is now, and the day it is."""
    authorities = _names(queries.authorities(connection))
    areas = {ENGLAND_CODE: "England"} | _names(queries.regions(connection)) | authorities
    periods = queries.periods(connection)
    years = periods[periods["kind"] == "year"]
    schools = bulk.frame(connection, select(school.c.urn, school.c.name, school.c.opened, school.c.closed))
    return Known(
        areas,
        authorities,
        frozenset(queries.outcomes(connection)["code"]),
        dict(zip(years["code"], years["label"], strict=True)),
        schools.set_index("urn"),
        today(),
        fewest_people(connection),
    )


def fewest_people(connection: Connection) -> int:
    """The least number of people that a count may tell of, where no indicator has one of its own."""
    return int(resolve(queries.thresholds(connection), [OVERALL])["fewest_people"].iloc[0])


def _names(frame: pd.DataFrame) -> dict[str, str]:
    return dict(zip(frame["code"], frame["name"], strict=True))


# One entry -----------------------------------------------------------------------------------------------


def checked(sheet: Sheet, values: Mapping[str, Any], there: Known) -> dict[str, Any]:
    """The values of an entry as its table holds them: trimmed, lists joined by |. Raises RegisterRefused.

    values: by the names of the sheet's fields: texts, dates, whole numbers, lists of codes; None or '' where empty.
    """
    made = {each.name: _tidied(each, values.get(each.name)) for each in sheet.fields}
    if sheet is MEMBERS and made["kind"] == "la":
        made["organisation"] = there.authority(made["organisation"])
    if sheet is PROGRAMMES:
        made["partners"] = [there.authority(each) for each in made["partners"]]
    faults = [fault for each in sheet.fields for fault in _faults(each, made[each.name], there)]
    if not faults:
        faults = list(_together(sheet, made, there))
    if faults:
        raise RegisterRefused(faults)
    return {name: "|".join(value) if isinstance(value, list) else value for name, value in made.items()}


def plain(text: Any) -> str:
    """Text without what neither a database nor a reader can use: control characters but line ends."""
    return "".join(sign for sign in str(text or "") if sign == "\n" or sign.isprintable()).strip()


def _tidied(field: Field, value: Any) -> Any:
    if field.kind in ("text", "long"):
        return plain(value)
    if field.kind in ("list", "areas", "outcomes", "partners"):
        return list(dict.fromkeys(value or []))
    if field.kind == "flag":
        return bool(value)
    if field.kind in ("choice", "area", "period"):
        return value or ""
    return None if value is None or pd.isna(value) else value


def _faults(field: Field, value: Any, there: Known) -> Iterator[Fault]:
    if value in (None, "", []):
        if field.needed:
            yield Fault(field.title, "it is empty.", "Fill it in.")
    elif field.kind in ("text", "long"):
        yield from _faults_of_text(field, value)
    elif field.kind == "day":
        latest = FAR if field.name in _AHEAD else there.on
        if value > latest:
            yield Fault(field.title, f"{value} is in the future.", "Enter what has been; correct the day.")
        elif value < EARLIEST:
            yield Fault(field.title, f"{value} is too long ago.", f"Use a day from {EARLIEST.year} on.")
    elif field.kind == "count":
        if not 0 <= value <= field.most:
            yield Fault(field.title, f"{value:,} is no possible count.", f"Use a number from 0 to {field.most:,}.")
    elif field.kind != "flag":
        yield from _faults_of_codes(field, value, there)


def _faults_of_text(field: Field, value: str) -> Iterator[Fault]:
    if len(value) > field.longest:
        yield Fault(field.title, f"it has {len(value):,} characters.", f"Shorten it to {field.longest:,}.")
    elif value.startswith(FORMULA_SIGNS):
        yield Fault(field.title, f"it begins with {value[0]}, as a formula does.", "Begin with a word.")
    elif _PERSONAL.search(value):
        remedy = "The register holds roles and organisations: take out what leads to a person."
        yield Fault(field.title, "it holds an e-mail address or a telephone number.", remedy)
    elif field.name == "link" and not value.lower().startswith(("https://", "http://")):
        yield Fault(field.title, "it is no address on the web.", "Begin it with https://, or leave it empty.")


def _faults_of_codes(field: Field, value: Any, there: Known) -> Iterator[Fault]:
    codes: Container[str] = {
        "partners": {*there.authorities, *there.schools.index} if field.kind == "partners" else (),
        "areas": there.areas,
        "area": there.authorities,
        "outcomes": there.outcomes,
        "period": there.years,
    }.get(field.kind, field.words)
    given = value if isinstance(value, list) else [value]
    wrong = [str(code)[:40] for code in given if code not in codes]
    if wrong:
        named = ", ".join(f"“{code}”" for code in wrong[:5])
        if field.kind == "partners":
            remedy = "Use URNs of schools and codes or names of authorities."
            yield Fault(field.title, f"{named} is no school or authority.", remedy)
            return
        yield Fault(field.title, f"{named} is not in the list.", "Choose from the list.")


def _together(sheet: Sheet, made: Mapping[str, Any], there: Known) -> Iterator[Fault]:
    """Faults between the fields of one entry."""
    titles = {each.name: each.title for each in sheet.fields}
    for first, last in (("began", "ended"), ("joined", "left"), ("opened_on", "noted_on")):
        if first in made and made[last] is not None and made[last] < made[first]:
            message = f"{made[last]} is before {titles[first].lower()} ({made[first]})."
            yield Fault(titles[last], message, "Correct one of the two days.")
    if sheet is PARTNERSHIPS and made["funding"] is not None and not made["funder"]:
        yield Fault("Funder", "there is an amount but nobody who pays.", "Name the organisation, or empty the amount.")
    if sheet is PARTNERSHIPS and (made["framework"] == "yes") != (made["framework_since"] is not None):
        message = "the day and “Within it” go together."
        yield Fault("Within it since", message, "Say both, or empty the day.")
    if sheet is MEMBERS:
        yield from _faults_of_member(made, there)
    if sheet is PROGRAMMES:
        yield from _faults_of_programme(made, titles, there.fewest)
    if sheet is ENGAGEMENT:
        steps = ["eligible", *LADDER]
        for before, after in pairwise(steps):
            if made[after] > made[before]:
                message = f"{made[after]:,} are more than the {made[before]:,} of “{titles[before]}”."
                yield Fault(titles[after], message, "Each step counts some of those of the step before.")


def _faults_of_programme(made: Mapping[str, Any], titles: Mapping[str, str], fewest: int) -> Iterator[Fault]:
    """Counts that cannot be, and those that would tell of a few people: measures.telling."""
    whole = made["participants"]
    if whole is not None and few(whole, fewest):
        remedy = "Leave it empty, or count several years of the programme in one line."
        yield Fault(titles["participants"], f"fewer than {fewest} people would be told of.", remedy)
    for name in PARTS:
        count, title = made[name], titles[name]
        if count is None:
            continue
        if whole is None:
            message = f"{count:,} of how many? There are no participants."
            yield Fault(title, message, "Enter the participants, or leave it empty.")
        elif count > whole:
            yield Fault(title, f"{count:,} are more than the {whole:,} participants.", "Correct one of the two counts.")
        elif not few(whole, fewest) and (few(count, fewest) or few(whole - count, fewest)):
            left = "" if few(count, fewest) else " whom it leaves out"
            remedy = "Leave it empty, or count several years of the programme in one line."
            yield Fault(title, f"it would tell of fewer than {fewest} people{left}.", remedy)


def _faults_of_member(made: Mapping[str, Any], there: Known) -> Iterator[Fault]:
    organisation = made["organisation"]
    if made["kind"] == "la" and organisation not in there.authorities:
        yield Fault("Organisation", f"“{organisation[:40]}” is no local authority.", "Use its code or its full name.")
    if made["kind"] == "school":
        if organisation not in there.schools.index:
            yield Fault("Organisation", f"no school has the URN “{organisation[:40]}”.", "Use the URN of the register.")
            return
        row = there.schools.loc[organisation]
        if row["closed"] is not None and made["joined"] > row["closed"]:
            message = f"{row['name']} closed on {row['closed']}, before it joined."
            yield Fault("Joined", message, "Correct the day, or name the school that followed it.")


# A partnership as a whole --------------------------------------------------------------------------------


def faults_between(
    whole: pd.DataFrame, members: pd.DataFrame, activities: pd.DataFrame, programmes: pd.DataFrame
) -> dict[str, list[str]]:
    """What the parts of partnerships say against each other: partnership's code → sentences.

    whole, members, activities, programmes: the tables' columns, for the partnerships in question with all their parts.
    """
    found: dict[str, list[str]] = {}
    kinds = whole.set_index("code")["kind"]
    about = whole.set_index("code")[["name", "began", "ended"]]
    members = members.join(about, on="partnership").assign(until=members["left"].fillna(FAR))
    activities = activities.join(about, on="partnership")

    def say(rows: pd.DataFrame, sentence: str) -> None:
        for row in rows.to_dict("records"):
            found.setdefault(row["partnership"], []).append(sentence.format_map(row))

    own = members["organisation"].isin(members["partnership"]) & (members["organisation"] == members["partnership"])
    own |= members["organisation"].str.lower() == members["name"].str.lower()
    say(members[own], "{name} is its own member. Take that member away.")
    early = members[members["joined"] < members["began"]]
    say(early, "{organisation} joined on {joined}, before the partnership began ({began}). Correct one of the days.")
    say(
        _overlapping(members[members["role"] == LEAD], ["partnership"]),
        "{organisation} leads from {joined}, while another still does. End the first lead, or give one another role.",
    )
    say(
        _overlapping(members, ["partnership", "organisation", "role"]),
        "{organisation} is a member twice in the same role from {joined}. Keep one of the two.",
    )
    say(
        activities[activities["held_on"] < activities["began"]],
        "“{title}” was held on {held_on}, before the partnership began ({began}). Correct one of the two days.",
    )
    ended = activities[activities["ended"].notna()]
    say(
        ended[ended["held_on"] > ended["ended"]],
        "“{title}” was held on {held_on}, after the partnership ended ({ended}). Correct one of the two days.",
    )
    say(
        _above_membership(activities, members),
        "“{title}” of {held_on} has {attended:.0f} members there, of the {there:.0f} that there were. "
        "Count organisations, or enter the members that are missing.",
    )
    programmes = programmes.rename(columns={"began": "first", "ended": "last"}).join(about, on="partnership")
    programmes = programmes.assign(kind=programmes["partnership"].map(kinds).map(KINDS))
    other = ~programmes["partnership"].map(kinds).isin(PROGRAMME_KINDS)
    says = f"Only a {KINDS[PROGRAMME_KINDS[0]].lower()} or a {KINDS[PROGRAMME_KINDS[1]].lower()} has such"
    say(programmes[other], f"“{{title}}” is a university programme of a partnership of the kind {{kind}}. {says}.")
    say(
        programmes[programmes["first"] < programmes["began"]],
        "“{title}” began on {first}, before the partnership did ({began}). Correct one of the two days.",
    )
    over = programmes[programmes["ended"].notna()]
    say(
        over[over["first"] > over["ended"]],
        "“{title}” began on {first}, after the partnership ended ({ended}). Correct one of the two days.",
    )
    say(
        _strangers(programmes[["partnership", "title", "university"]], "university", members, ("university",)),
        "{university} gives “{title}” and is no university among the members. Enter it as a member first.",
    )
    built = programmes[["partnership", "title", "partners"]].explode("partners").dropna(subset=["partners"])
    say(
        _strangers(built, "partners", members, ("school", "la")),
        "{partners} built “{title}” and is no school or authority among the members. Enter it as a member first.",
    )
    return found


def _strangers(rows: pd.DataFrame, column: str, members: pd.DataFrame, kinds: tuple[str, ...]) -> pd.DataFrame:
    """The rows whose column names no member, of those kinds, of their partnership."""
    there = members[members["kind"].isin(kinds)]
    known = set(zip(there["partnership"], there["organisation"].str.lower(), strict=True))
    named = zip(rows["partnership"], rows[column].astype(str).str.lower(), strict=True)
    return rows[[pair not in known for pair in named]]


def _overlapping(members: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """The rows that begin while an earlier row of the same keys still counts."""
    ordered = members.sort_values([*keys, "joined", "until"])
    before = ordered.groupby(keys)["until"].shift()
    return ordered[before.notna() & (ordered["joined"] < before.fillna(EARLIEST))]


def _above_membership(activities: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Activities with more members there than the partnership had that day; there: how many it had."""
    noted = activities[activities["attended"].notna()].reset_index(drop=True)
    pairs = noted.reset_index(names="at")[["at", "partnership", "held_on"]].merge(
        members[["partnership", "organisation", "joined", "until"]], on="partnership"
    )
    within = pairs[(pairs["joined"] <= pairs["held_on"]) & (pairs["until"] >= pairs["held_on"])]
    counts = within.groupby("at")["organisation"].nunique().reindex(noted.index, fill_value=0)
    return noted.assign(there=counts)[noted["attended"].astype(float) > counts]
