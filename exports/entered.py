"""Where a count of what people entered comes from: its register, the entries counted, who wrote them and when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qs

import pandas as pd

from charts.figure import slugify
from data_access import edits
from data_access.engine import get_engine, reading
from data_access.evidence import today
from data_access.files.spreadsheets import csv_bytes
from data_access.partnerships.fields import BY_CODE
from data_access.partnerships.files import table
from exports import evidence as evidence_files
from exports import partnerships as partnership_files
from exports import plan as plan_files
from exports import shown
from exports.kept import kept
from exports.shown import Shown
from exports.views import behind, data, evidence, partnership_findings, partnerships, plan
from exports.views.plan import Which
from measures import words

LATEST = 5  # edits told one by one
_NO_EDITS = pd.DataFrame({"made_at": [], "made_by": [], "reason": [], "entries": []})


@dataclass(frozen=True)
class Entered:
    """The entries behind a chart.

    sentence: how many of which register; names: one of them, several; edits: those that made the entries what they say,
    newest first: made_at (UTC), made_by, reason, entries (how many of these); make: makes the entries as a file, called
    label; page: the file of the page that has them with their whole history; way: what leads there.
    """

    sentence: str
    names: tuple[str, str]
    edits: pd.DataFrame
    make: Callable[[], bytes]
    file_name: str
    page: str
    way: str
    label: str = "The entries (CSV)"
    mime: str = "text/csv"


def of(origin: str, version: int) -> Entered:
    """The entries that the chart of an origin (exports.views.registry) counts; it is one of behind.ENTERED."""
    return _of(origin, version, evidence.edit_shown(version), today())


@kept(12)
def _of(origin: str, version: int, number: int, latest: date) -> Entered:
    # latest: what is late is another day by day.
    asked = parse_qs(origin)
    given = {key: values[0] for key, values in asked.items()}
    now = shown.understood(given, version)
    if given["view"] == "plan_timeline":
        lines = tuple(asked["lines"]) if "lines" in asked else None
        which = Which(given.get("owner"), given.get("priority"), given.get("late"), lines)
        return _plan(now, which, given.get("plan"))
    if given["view"] == "evidence_matrix":
        return _evidence(now, given.get("priority"))
    if behind.ENTERED[given["view"]] == "partnerships":
        return _partnerships(now, *partnership_findings.entries(now, given["view"], given.get("impacts")))
    return _cases(now, given.get("feature"), given.get("priority"))


def _plan(now: Shown, which: Which, number: str | None) -> Entered:
    state = plan.state(now, number)
    found = plan.chosen(state, which)
    names = ("action", "actions")
    return Entered(
        sentence=_sentence(found, names, f"the {plan.SOURCE}, {state.in_words}", "their owners and days are"),
        names=names,
        edits=_edits(found["seen"]),
        make=lambda: plan_files.csv(now, state, which, date.today().isoformat()),
        file_name=plan_files.file_name(now, state, which, "csv"),
        page="pages/monitor/plan.py",
        way="The plan, each action with its history",
    )


def _evidence(now: Shown, priority: str | None) -> Entered:
    found = evidence.bearing(now)
    if priority is not None:
        outcomes = data.reference(now.version).outcomes
        wanted = set(outcomes.loc[outcomes["priority"] == priority, "code"])
        bears = [bool(wanted & set(codes)) for codes in found["outcomes"]]
        found = found[pd.Series(bears, index=found.index, dtype=bool)]
    names = ("entry", "entries")
    return Entered(
        sentence=_sentence(found, names, f"the evidence register that bear on {now.area}", "they are"),
        names=names,
        edits=_edits(found["from_edit"]),
        make=lambda: evidence_files.evidence_csv(found, evidence.area_names(now.version)),
        file_name=evidence_files.file_name(now.area, now.period_label, "csv"),
        page="pages/monitor/evidence.py",
        way="The register, each entry with its history",
    )


def of_sheet(now: Shown, sheet: str) -> Entered:
    """The rows of a sheet of the partnership register that bear on the chosen area, behind a list or a sentence."""
    return _of_sheet(now, sheet, evidence.edit_shown(now.version))


@kept(40)
def _of_sheet(now: Shown, sheet: str, number: int) -> Entered:
    return _partnerships(now, sheet, partnership_findings.rows_of(now, sheet))


def of_warnings(now: Shown) -> Entered:
    """What the stall warnings of the chosen area rest on: activities, challenges and members, as one workbook."""
    return _of_warnings(now, evidence.edit_shown(now.version), today())


@kept(12)
def _of_warnings(now: Shown, number: int, latest: date) -> Entered:
    codes = set(partnership_findings.warnings(now)["partnership"])
    found = {sheet: partnership_findings.rows_of(now, sheet) for sheet in ("activities", "challenges", "members")}
    found = {sheet: rows[rows["partnership"].isin(codes)] for sheet, rows in found.items()}
    whole, names = pd.concat(found.values()), ("entry", "entries")
    counted = words.joined([words.plural(len(rows), BY_CODE[code].one, code) for code, rows in found.items()])
    sentence = _sentence(whole, names, f"the partnership register on those that warn in {now.area}", "they are")
    there = partnerships.there(now.version)
    return Entered(
        sentence=f"{sentence} They are {counted}.",
        names=names,
        edits=_edits(whole["from_edit"]),
        make=lambda: partnership_files.register_workbook(
            {"Title": f"What the stall warnings in {now.area} rest on", "Said": sentence},
            {sheet: table(BY_CODE[sheet], rows, there) for sheet, rows in found.items()},
        ),
        file_name=partnership_files.file_name("behind stall warnings", now.area, now.period_label, "xlsx"),
        page="pages/places/partnerships.py",
        way="The register, each entry with its history",
        label="The entries (XLSX)",
        mime=partnership_files.MIME,
    )


def _partnerships(now: Shown, sheet: str, found: pd.DataFrame) -> Entered:
    about, there = BY_CODE[sheet], partnerships.there(now.version)
    names = (about.one, about.title.lower())
    return Entered(
        sentence=_sentence(found, names, f"the partnership register that bear on {now.area}", "they are"),
        names=names,
        edits=_edits(found["from_edit"]),
        make=lambda: partnership_files.sheet_csv(table(about, found, there)),
        file_name=partnership_files.file_name(sheet, now.area, now.period_label, "csv"),
        page="pages/places/partnerships.py",
        way="The register, each entry with its history",
    )


def _cases(now: Shown, feature: str | None, priority: str | None) -> Entered:
    found = evidence.cases_with(now.version, feature, priority)
    names = ("case study", "case studies")
    sources = words.joined(sorted(set(found["source"]))) or "no document"
    return Entered(
        sentence=f"{words.plural(len(found), *names)} as told in {sources}. Nobody edits them here.",
        names=names,
        edits=_NO_EDITS,
        make=lambda: csv_bytes(found[["code", "title", "place", "priority", "summary", "source"]]),
        file_name=f"{slugify('case-studies', feature or '', priority or '')}.csv",
        page="pages/monitor/evidence.py",
        way="The case studies",
    )


def _sentence(found: pd.DataFrame, names: tuple[str, str], register: str, what: str) -> str:
    """'38 actions of the plan as it stands; their owners and days are illustrative. People enter them…'."""
    invented = int(found["illustrative"].sum())
    kind = f"; {what} illustrative" if invented and invented == len(found) else ""
    kind = f"; {invented} of them illustrative" if 0 < invented < len(found) else kind
    counted = f"{words.plural(len(found), *names)} of {register}{kind}."
    return f"{counted} People enter them; no import of figures stands behind them."


def _edits(numbers: pd.Series) -> pd.DataFrame:
    counts = numbers.astype(int).value_counts()
    made = _made(tuple(sorted(counts.index)))
    return made.assign(entries=made["number"].map(counts).astype(int))


@kept(40)
def _made(numbers: tuple[int, ...]) -> pd.DataFrame:
    with reading(get_engine()) as connection:
        return edits.made(connection, numbers)
