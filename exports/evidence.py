"""The evidence register as files: a table that can be brought in again, and a workbook that explains itself."""

from collections.abc import Mapping

import pandas as pd

from charts.figure import slugify
from data_access import evidence_files
from data_access.files.spreadsheets import csv_bytes, workbook
from measures.strength import AGE_RULE, KINDS, RULES, STRENGTHS

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file_name(place: str, period_label: str, kind: str) -> str:
    """'evidence_london_2011-12.csv'; kind: 'csv' or 'xlsx'."""
    return f"{slugify('evidence', place, period_label)}.{kind}"


def table(register: pd.DataFrame, area_names: Mapping[str, str]) -> pd.DataFrame:
    """Entries as people read them: data_access.evidence_files.table, then Strength and its reason.

    register: with strength and why (measures.strength.with_strength).
    """
    made = evidence_files.table(register, area_names)
    return made.assign(
        **{"Strength": register["strength"].map(STRENGTHS).to_numpy(), "Why this strength": register["why"].to_numpy()}
    )


def rules() -> pd.DataFrame:
    """The rule of strength: a row a kind, a column a strength."""
    return pd.DataFrame(
        [
            {"Kind": title} | {STRENGTHS[level]: RULES[kind][level] for level in STRENGTHS}
            for kind, title in KINDS.items()
        ]
    )


def evidence_csv(register: pd.DataFrame, area_names: Mapping[str, str]) -> bytes:
    """The table as a CSV file."""
    return csv_bytes(table(register, area_names))


def evidence_workbook(cover: Mapping[str, str], register: pd.DataFrame, area_names: Mapping[str, str]) -> bytes:
    """Three sheets: the cover, a line an entry, the rule of strength; all text stays text."""
    first = pd.DataFrame({"About": list(cover), "Text": list(cover.values())})
    made = rules()
    made.loc[len(made)] = ["All kinds", AGE_RULE, "", ""]
    return workbook({"Cover": first, "Evidence": table(register, area_names), "Rule of strength": made})
