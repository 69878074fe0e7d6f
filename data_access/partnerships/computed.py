"""Figures computed from the partnership register, brought in as any file is: checked, kept with their source, undone.

Only for authorities of which somebody said that the register is complete (data_access.partnerships.complete).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from typing import Final

import pandas as pd
from sqlalchemy import Connection, Engine, select

from data_access import bulk, edits, queries
from data_access.engine import reading
from data_access.errors import DataAccessError
from data_access.evidence import today
from data_access.files import template
from data_access.files.spreadsheets import csv_bytes
from data_access.files.table import Table
from data_access.imports import Report, carry_out, prepare, who, write
from data_access.partnerships import complete, entries
from data_access.partnerships.fields import BY_CODE
from data_access.periods import TERMS, Period, academic_year, from_code, last_day, term
from data_access.places import ENGLAND_CODE
from data_access.schema import school
from data_access.steps import Step, silent
from data_access.summaries import were_open
from measures import register_figures
from measures.register_figures import COLUMNS, NOTHING_TO_COUNT, Span

SOURCE: Final = "Partnership register (computed)"
LICENCE: Final = "As the entries of the register"
NOBODY_SAID: Final = "Of no authority somebody said that the register is complete in that school year."
SAY_IT: Final = "Say so on the page Partnerships, view Figures."
_READ: Final = ("partnerships", "members", "activities", "engagement")


@dataclass(frozen=True)
class Computed:
    """What the register says of a period. rows: measures.register_figures.COLUMNS.

    edit: the latest of the register. illustrative: the authorities of which an entry or a school is invented.
    """

    period: str
    edit: int
    rows: pd.DataFrame
    illustrative: frozenset[str] = field(default_factory=frozenset)

    @property
    def loaded(self) -> pd.DataFrame:
        """The rows that are brought in: those with a figure, and those with nothing to count."""
        return self.rows[(self.rows["why"] == "") | self.rows["why"].isin(NOTHING_TO_COUNT)]


def year_of(period: str) -> str:
    """The school year that a period is, or is a term of; raises DataAccessError for another kind of period."""
    found = from_code(period)
    if found.kind not in ("year", "term"):
        raise DataAccessError(f"{found.label} is neither a school year nor a term.", "Choose one of them.")
    return f"{period[:4]}/{period[5:7]}"


def spans(period: str) -> tuple[list[Span], Span | None]:
    """The terms that are computed for a period, and the school year; None where the period is a term."""
    year = int(year_of(period)[:4])
    if from_code(period).kind == "term":
        return [_span(from_code(period), 1 / 3)], None
    return [_span(term(year, name), 1 / 3) for name in TERMS], _span(academic_year(year), 1.0)


def _span(period: Period, length: float) -> Span:
    first = last_day(round(period.position - length, 4))
    return Span(period.code, date.fromordinal(first.toordinal() + 1), last_day(period.position))


def compute(
    connection: Connection,
    period: str,
    number: int | None = None,
    sheet: Callable[[str], pd.DataFrame] | None = None,
) -> Computed:
    """What the register gave after an edit (None: now), for the authorities that were complete by then.

    sheet: a sheet's code → its rows after that edit, where the caller holds them. Raises DataAccessError where the
    period is no school year or term. Terms that are not over are left out.
    """
    terms, year = spans(period)
    said = complete.rows(connection, number)
    said = said[said["period"] == year_of(period)]
    las = {what: set(said.loc[said["what"] == what, "la_code"]) for what in ("clusters", "networks")}
    edit = edits.current(connection) if number is None else number
    if said.empty:
        return Computed(period, edit, pd.DataFrame(columns=COLUMNS))
    sheets = {code: sheet(code) if sheet else entries.rows(connection, BY_CODE[code], number) for code in _READ}
    schools = bulk.frame(
        connection, select(school.c.urn, school.c.la_code, school.c.opened, school.c.closed, school.c.illustrative)
    )
    made, ended = [pd.DataFrame(columns=COLUMNS)], today()
    if las["clusters"]:
        for each in terms:
            if each.last <= ended:
                (there,) = were_open(schools, [each.code])
                made.append(
                    register_figures.of_term(sheets, schools.loc[there, ["urn", "la_code"]], las["clusters"], each)
                )
    if las["networks"] and year is not None and year.last <= ended:
        made.append(register_figures.of_year(sheets, _within(connection), las["networks"], year))
    rows = pd.concat([each for each in made if len(each)] or made, ignore_index=True)
    return Computed(period, edit, rows, _invented(sheets["partnerships"], schools))


def _within(connection: Connection) -> Mapping[str, str]:
    """An authority's code → its region's, a region's → England's."""
    there = queries.authorities(connection)
    return dict.fromkeys(there["region_code"], ENGLAND_CODE) | dict(
        zip(there["code"], there["region_code"], strict=True)
    )


def _invented(partnerships: pd.DataFrame, schools: pd.DataFrame) -> frozenset[str]:
    """The authorities of which a school, or a partnership of its own area, is invented."""
    invented = partnerships[partnerships["illustrative"].astype(bool)]
    areas = {code for listed in invented["areas"] for code in listed}
    return frozenset(areas | set(schools.loc[schools["illustrative"].astype(bool), "la_code"]))


# Through the door of imports -----------------------------------------------------------------------------


def load(
    engine: Engine, period: str, *, dry_run: bool = False, by: str | None = None, step: Step = silent
) -> list[Report]:
    """Bring the computed figures of a period in, one import an indicator, all of them or none; [] without any.

    Where all of it is there already nothing is written. Raises ImportRefused, ImportCancelled, DatabaseProblem, or
    DataAccessError where the period is no school year or term.
    """
    with reading(engine) as connection:
        if compute(connection, period).loaded.empty:
            return []
    reports: list[Report] = []

    def work(connection: Connection) -> Report:
        # Computed again within the transaction: somebody may have edited the register meanwhile.
        found = compute(connection, period)
        about = queries.indicators(connection).set_index("code", drop=False)
        for indicator, rows in found.loaded.groupby("indicator", sort=False):
            invented = rows["la_code"].isin(found.illustrative)
            for kind, some in (("illustrative", rows[invented]), ("published", rows[~invented])):
                if len(some):
                    said = {str(key): value for key, value in about.loc[str(indicator)].items()}
                    mapping = template.mapping(said, SOURCE, LICENCE, kind)
                    data = _table(some, f"partnership-register_edit-{found.edit}_{indicator}.csv")
                    reports.append(write(connection, prepare(connection, data, None, mapping), by or who(), step))
        return reports[-1]

    carry_out(engine, work, step, dry_run=dry_run)
    return [replace(each, data_version=None, import_id=None, dry_run=True) for each in reports] if dry_run else reports


def _table(rows: pd.DataFrame, name: str) -> Table:
    """Rows of one indicator as a table in the layout of an import. Nothing to count is z: not applicable."""
    counts = {
        part: ["z" if pd.isna(value) else f"{value:.0f}" for value in rows[part]]
        for part in ("numerator", "denominator")
    }
    filled = pd.DataFrame(
        {
            "period": rows["period"],
            "level": "school" if rows["indicator"].iloc[0] == "schools_in_cluster" else "la",
            "code": rows["unit_code"],
            **counts,
        }
    ).reset_index(drop=True)
    made, _ = template.as_ees(filled)
    content = csv_bytes(made)
    return Table(
        name, list(made.columns), "UTF-8", ",", sha256(content).hexdigest(), len(content), lambda: iter([made])
    )
