"""A plain template for one indicator: made with the places filled in, checked when it comes back, read as an EES file.

One row is one figure: its period, place, staff group and phase, then a numerator and a denominator (or, where only
rates are published, a value). docs and pages call it "the template"; nobody needs to know the EES layout to use it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as AnyMapping

import pandas as pd

from data_access.files.mapping import Mapping
from data_access.files.spreadsheets import csv_bytes, workbook
from data_access.periods import from_code, to_ees
from data_access.places import ENGLAND_CODE

About = AnyMapping[str, object]  # a row of queries.indicators

EXAMPLE = "EXAMPLE: replace or delete this row"
LEVELS = {"england": "National", "region": "Regional", "la": "Local authority", "school": "School"}
PHASES = ("all", "primary", "secondary", "special")
HOW = "How to fill this in"
# Column of the EES layout → the template's column from which it is made.
COLUMN_OF = {
    "time_period": "period", "time_identifier": "period", "geographic_level": "level",
    "country_code": "code", "country_name": "name", "region_code": "code", "region_name": "name",
    "old_la_code": "code", "new_la_code": "code", "la_name": "name",
    "school_urn": "code", "school_laestab": "code", "school_name": "name",
}  # fmt: skip
_VALUES = ("numerator", "denominator", "value")
_KEY = ["indicator", "period", "level", "code", "name", "staff_group", "phase"]


def columns(collected_from: str) -> list[str]:
    """The template's columns, in order; collected_from: school, la or published."""
    return [*_KEY, *(["value"] if collected_from == "published" else ["numerator", "denominator"]), "note"]


def groups_of(about: About) -> list[str]:
    """The staff groups for which the indicator is collected."""
    groups = about["staff_groups"]
    return [str(group) for group in groups] if isinstance(groups, list) else [str(groups)]


def make(about: About, units: pd.DataFrame, periods: Sequence[str]) -> pd.DataFrame:
    """The template as text: an example row, then a blank row for each unit and staff group, for the latest period.

    units: code and name of each place or school. periods: codes; those that do not fit the indicator are passed over.
    """
    rows = units[["code", "name"]].astype(str).merge(pd.DataFrame({"staff_group": groups_of(about)}), how="cross")
    rows["indicator"], rows["period"], rows["phase"] = (
        str(about["code"]),
        _latest(periods, str(about["frequency"])),
        "all",
    )
    rows["level"] = rows["code"].map(lambda code: _level_of(code, str(about["collected_from"])))
    example = rows.head(1).assign(numerator="12", denominator="40", value="30", note=EXAMPLE)
    made = pd.concat([example, rows], ignore_index=True)
    return made.reindex(columns=columns(str(about["collected_from"]))).fillna("").astype(str)


def _latest(periods: Sequence[str], frequency: str) -> str:
    """The latest academic year, or term, among the codes; '' where there is none."""
    found = [from_code(code) for code in periods]
    fitting = [period for period in found if period.kind == frequency]
    return max(fitting, key=lambda period: period.position).code if fitting else ""


def _level_of(code: str, collected_from: str) -> str:
    if code == ENGLAND_CODE:
        return "england"
    if code.startswith("E12"):
        return "region"
    return "school" if collected_from == "school" else "la"


def as_csv(about: About, units: pd.DataFrame, periods: Sequence[str]) -> bytes:
    """The template as a CSV file."""
    return csv_bytes(make(about, units, periods))


def as_xlsx(about: About, units: pd.DataFrame, periods: Sequence[str]) -> bytes:
    """The template as a workbook: the sheet "data", and the sheet "How to fill this in" with each column in words."""
    return workbook({"data": make(about, units, periods), HOW: explained(about)})


def explained(about: About) -> pd.DataFrame:
    """What to write in each column, one row a column: Column, What to write."""
    year = "2011/12 autumn, 2011/12 spring or 2011/12 summer" if about["frequency"] == "term" else "2011/12"
    symbols = "Where there is no number write a symbol: z not applicable, x not available, c confidential, "
    symbols += "low rounds to zero, u unreliable."
    said = {
        "About this file": f"{about['title']}. One row is one figure. Rows without figures are left out.",
        "indicator": f"Always {about['code']}: one file holds one indicator.",
        "period": f"Written like {year}. In a CSV file look again before you save: Excel reads 2011/12 as a date.",
        "level": "england, region, la or school.",
        "code": "E92000001 for England, the region's E12 code, the LA's 3-digit or ONS code, or the school's URN.",
        "name": "For people to read; the code decides.",
        "staff_group": f"One of: {', '.join(groups_of(about))}. Blank means all staff.",
        "phase": f"One of: {', '.join(PHASES)}. Blank means all. A school has the phase of the register.",
        "numerator": f"Counts {about['numerator']}. {symbols}",
        "denominator": f"Counts {about['denominator']}. {symbols}",
        "value": f"The published {about['unit']}, of {about['numerator']} out of {about['denominator']}. {symbols}",
        "note": "For people to read; not imported.",
    }
    wanted = ["About this file", *columns(str(about["collected_from"]))]
    return pd.DataFrame({"Column": wanted, "What to write": [said[name] for name in wanted]})


def is_template(names: Iterable[str]) -> bool:
    """Whether a file with these columns is a template, so that the person need not say so."""
    return set(_KEY) - {"name", "staff_group", "phase"} <= set(names)


def mapping(about: About, source: str, licence: str, kind: str) -> Mapping:
    """The mapping of a template read by as_ees: every column is what its name says."""
    code, published = str(about["code"]), about["collected_from"] == "published"
    values = {"rate": "value"} if published else {"numerator": "numerator", "denominator": "denominator"}
    groups = ["all", *groups_of(about)]
    return Mapping.model_validate(
        {
            "data_set": f"{code} template",
            "source": source,
            "licence": licence,
            "kind": kind,
            "filters": {
                "staff_group": {
                    "role": "staff_group",
                    "values": {group: group for group in groups},
                },
                "phase": {"role": "phase", "values": {phase: phase for phase in PHASES}},
            },
            "indicators": [{"indicator": code, **values}],
        }
    )


def kept(block: pd.DataFrame) -> tuple[pd.DataFrame, Counter[str]]:
    """The rows that say something, and what was left out: the example row, and rows without a figure."""
    example = block["note"] == EXAMPLE if "note" in block else pd.Series(False, index=block.index)
    figures = [name for name in _VALUES if name in block]
    blank = (block[figures] == "").all(axis=1) & ~example
    ignored = Counter({"rows without a figure": int(blank.sum()), "example rows": int(example.sum())})
    return block[~blank & ~example], +ignored


def as_ees(block: pd.DataFrame) -> tuple[pd.DataFrame, Counter[str]]:
    """A block of a checked template in the columns of the EES layout, and what was left out; the index stays.

    What cannot be read stays as the person wrote it: template_checks.check says what is wrong with it.
    """
    rows, ignored = kept(block)
    blank = pd.Series("", index=rows.index, dtype=object)
    level = rows["level"].str.lower().map({**LEVELS, **{name.lower(): name for name in LEVELS.values()}})
    code, name = rows["code"], rows.get("name", blank)
    ons = code.str.startswith("E")
    periods = {text: _ees_period(text) for text in rows["period"].unique()}
    made = pd.DataFrame(
        {
            "time_period": rows["period"].map(lambda text: periods[text][0]),
            "time_identifier": rows["period"].map(lambda text: periods[text][1]),
            "geographic_level": level.fillna(rows["level"]),
            "country_code": ENGLAND_CODE,
            "country_name": "England",
            "region_code": code.where(level == "Regional", ""),
            "region_name": name.where(level == "Regional", ""),
            "old_la_code": code.where((level == "Local authority") & ~ons, ""),
            "new_la_code": code.where((level == "Local authority") & ons, ""),
            "la_name": name.where(level == "Local authority", ""),
            "school_urn": code.where(level == "School", ""),
            "school_laestab": blank,
            "school_name": name.where(level == "School", ""),
            "staff_group": _or_all(rows, "staff_group", blank),
            "phase": _or_all(rows, "phase", blank),
        },
        index=rows.index,
    )
    return made.assign(**{value: rows[value] for value in _VALUES if value in rows}), ignored


def _or_all(rows: pd.DataFrame, column: str, blank: pd.Series) -> pd.Series:
    return rows.get(column, blank).str.lower().replace("", "all")


def _ees_period(text: str) -> tuple[str, str]:
    try:
        return to_ees(text)
    except ValueError:
        return text, ""
