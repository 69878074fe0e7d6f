"""Partnerships: the register as it bears on a place at the end of a period, kept by the number of the edit."""

from datetime import date

import pandas as pd

from charts.figure import Context
from data_access.engine import get_engine, reading
from data_access.partnerships import entries
from data_access.partnerships.checks import Known, fewest_people, known
from data_access.partnerships.fields import BY_CODE
from data_access.periods import last_day
from exports.kept import kept
from exports.shown import Shown
from exports.views import data
from exports.views.evidence import edit_shown, within
from measures import health, partnership_state, words
from measures.evidence import NEARNESS
from measures.partnership_state import Register
from measures.partnership_words import ANSWERS, KINDS, STATES, SUSTAINABILITY_PLANS
from measures.telling import told


@kept(4)
def there(version: int) -> Known:
    """The names of areas, authorities, schools and school years at a data version."""
    with reading(get_engine()) as connection:
        return known(connection)


@kept(24)  # of what counts all, of the last meeting those compared
def sheet(code: str, number: int, version: int) -> pd.DataFrame:
    """Every row of a sheet as it stood after an edit: data_access.partnerships.entries.rows; members with called.

    Of programmes no count that tells of a few people: what was entered before the limit rose is left out, too.
    """
    with reading(get_engine()) as connection:
        rows = entries.rows(connection, BY_CODE[code], number)
        if code == "programmes":
            return told(rows, fewest_people(connection))
    if code != "members":
        return rows
    return rows.assign(called=there(version).called(rows["kind"], rows["organisation"]))


def register(now: Shown) -> Register:
    """What bears on the chosen area, as at the end of the period: measures.partnership_state.Register."""
    return _register(now.version, now.period, now.area_code, edit_shown(now.version))


@kept(30)
def _register(version: int, period: str, area: str, number: int) -> Register:
    sheets = {code: sheet(code, number, version) for code in BY_CODE}
    return partnership_state.on(sheets, last_day_of(version, period), area, within(version))


def last_day_of(version: int, period: str) -> date:
    """The last day of a period."""
    return last_day(float(data.reference(version).periods.set_index("code")["position"][period]))


def context(now: Shown, counted: str, rows: pd.DataFrame) -> Context:
    """What a figure of the register shows. counted: in words, what it is of; rows: with illustrative."""
    return Context(
        place=now.area,
        period_label=now.period_label,
        staff_label="",
        comparator="",
        source="Partnership register",
        coverage_text=counted,
        data_version=str(now.version),
        date_text=words.day(data.reference(now.version).made_at),
        illustrative=bool(rows["illustrative"].astype(bool).any()),
    )


def summary(now: Shown) -> str:
    """'12 partnerships bear on Camden: 9 about it as a whole and 3 about a wider area; 10 go on'."""
    return _summary(now, edit_shown(now.version))


@kept(60)
def _summary(now: Shown, number: int) -> str:
    found = register(now).partnerships
    near = found["near"].value_counts()
    said = [f"{near[code]} {text}" for code, text in NEARNESS.items() if code in near]
    bears = f"{words.plural(len(found), 'partnership bears', 'partnerships bear')} on {now.area}"
    return f"{bears}: {words.joined(said)}; {int(found['going'].sum())} go on" if len(found) else bears


def names(now: Shown) -> dict[str, str]:
    """Every partnership of the register: its code → code and name."""
    return _names(edit_shown(now.version), now.version)


@kept(4)
def _names(number: int, version: int) -> dict[str, str]:
    rows = sheet("partnerships", number, version)
    return dict(zip(rows["code"], rows["code"] + " " + rows["name"], strict=True))


def listed(now: Shown, kind: str, state: str, outcome: str = "") -> pd.DataFrame:
    """What bears on the chosen area, for people, one row each; Code is its code. kind, state, outcome: '' for all.

    state: 'going' or 'ended'; outcome: the code of one that they bear on.
    """
    return _listed(now.version, now.period, now.area_code, edit_shown(now.version), kind, state, outcome)


@kept(60)
def _listed(version: int, period: str, area: str, number: int, kind: str, state: str, outcome: str) -> pd.DataFrame:
    found = _register(version, period, area, number).partnerships
    found = found[found["kind"] == kind] if kind else found
    bears = pd.Series([outcome in codes for codes in found["outcomes"]], index=found.index, dtype=bool)
    found = found[bears] if outcome else found
    found = found[found["going"].astype(bool) == (state == "going")] if state else found
    called = there(version).areas
    return pd.DataFrame(
        {
            "Partnership": found["name"],
            "Kind": found["kind"].map(KINDS),
            "State": [STATES["going" if going else "ended"] for going in found["going"]],
            "Lead": found["lead"].replace("", "None now"),
            "Members": found["members"],
            "Schools": found["schools"],
            "Last activity": ["None noted" if day is None else words.day(day) for day in found["last_held"]],
            "Plans to go on": found["plans"].map(SUSTAINABILITY_PLANS).fillna("Not said"),
            "Funder": found["funder"].replace("", "None"),
            "Areas": [words.joined([called.get(code, code) for code in codes]) for codes in found["areas"]],
            "Code": found["code"],
            "Kind of entry": found["illustrative"].map({True: "Illustrative", False: "Real"}),
        }
    ).reset_index(drop=True)


def checked(now: Shown) -> pd.DataFrame:
    """The latest health check of each partnership of the chosen area that has one, for people, most in place first."""
    return _checked(now, edit_shown(now.version))


@kept(30)
def _checked(now: Shown, number: int) -> pd.DataFrame:
    found = register(now)
    latest = health.latest_of_each(found.health_checks)
    names = found.partnerships.set_index("code")["name"]
    return pd.DataFrame(
        {
            "Partnership": latest["partnership"].map(names),
            "Checked on": [words.day(day) for day in latest["held_on"]],
            **{title: latest[code] for code, title in ANSWERS.items()},
            "Code": latest["partnership"],
        }
    )
