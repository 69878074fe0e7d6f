"""Read a file in the DfE "explore education statistics" layout as text, and check it before anything uses it."""

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from data_access.errors import ImportRefused, Problem
from data_access.files.mapping import Mapping

ALWAYS = ["time_period", "time_identifier", "geographic_level", "country_code", "country_name"]
HELD = {"National": "england", "Regional": "region", "Local authority": "la", "School": "school"}
NEEDED = {
    "National": [],
    "Regional": ["region_code", "region_name"],
    "Local authority": ["old_la_code", "new_la_code", "la_name"],
    "School": ["school_urn", "school_laestab", "school_name"],
}
# Levels of the standard that this database does not hold: their rows are counted, not taken.
NOT_HELD = {
    "English devolved area",
    "Institution",
    "Local authority district",
    "Local enterprise partnership",
    "Local skills improvement plan area",
    "MAT",
    "Mayoral combined authority",
    "Mayoral Combined Authority",
    "Opportunity area",
    "Parliamentary constituency",
    "Planning area",
    "Police force area",
    "Provider",
    "RSC region",
    "Sponsor",
    "Ward",
}
GEOGRAPHY = {
    "region_code", "region_name", "old_la_code", "new_la_code", "la_name", "school_urn", "school_laestab",
    "school_name", "lad_code", "lad_name", "pcon_code", "pcon_name", "ward_code", "ward_name", "pfa_code",
    "pfa_name", "lsip_code", "lsip_name", "local_enterprise_partnership_code", "local_enterprise_partnership_name",
    "english_devolved_area_code", "english_devolved_area_name", "trust_id", "trust_name", "sponsor_id",
    "sponsor_name", "provider_ukprn", "provider_name", "institution_id", "institution_name",
    "opportunity_area_code", "opportunity_area_name", "planning_area_code", "planning_area_name",
    "rsc_region_lead_name", "mayoral_combined_authority_code", "mayoral_combined_authority_name",
}  # fmt: skip
SYMBOLS = ["z", "x", "c", "low", "u", "k", ".", ":", "~"]
META_COLUMNS = ["col_name", "col_type", "label"]


@dataclass(frozen=True)
class Read:
    """A file as text: a row's index + 2 is the line on which it begins."""

    name: str
    sha256: str
    rows: pd.DataFrame


def sha256(path: Path) -> str:
    """The file's fingerprint."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _refused(path: Path, row: int | None, message: str, remedy: str, value: str | None = None) -> ImportRefused:
    return ImportRefused([Problem(path.name, row, None, value, message, remedy)])


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        header = [name.strip() for name in next(csv.reader(file), [])]
    if not header:
        raise _refused(path, 1, "the file is empty.", "Export it again.")
    if len(header) < 2:
        raise _refused(path, 1, "there is no header of two or more columns.", "Save the file as comma-separated CSV.")
    problems = [
        Problem(path.name, 1, name, None, "this column stands twice in the header.", "Rename or remove one of them.")
        for name in sorted({name for name in header if header.count(name) > 1})
    ]
    if problems:
        raise ImportRefused(problems)
    return header


def _read_csv(path: Path) -> pd.DataFrame:
    """The file as text, nothing guessed, blanks around values removed; the index is the line less 2.

    Raises ImportRefused where it is no table: every line has as many values as the header, or is blank.
    """
    uneven: list[object] = []

    def skip(row: object) -> str:
        uneven.append(row)
        return "skip"

    try:
        header = _header(path)
        table = pa_csv.read_csv(
            path,
            read_options=pa_csv.ReadOptions(column_names=header, skip_rows_after_names=1),
            parse_options=pa_csv.ParseOptions(
                newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=skip
            ),
            convert_options=pa_csv.ConvertOptions(column_types=dict.fromkeys(header, pa.string())),
        )
    except FileNotFoundError as error:
        raise _refused(path, None, "the file does not exist.", "Check its path.") from error
    except OSError as error:
        raise _refused(path, None, "the file cannot be read.", "Check its path and its permissions.") from error
    except (UnicodeDecodeError, pa.ArrowInvalid, csv.Error) as error:
        raise _no_table(path, error) from error
    if uneven:
        raise ImportRefused(_uneven_lines(path, len(header)))
    rows = pa.table({name: pc.utf8_trim_whitespace(table[name]) for name in header}).to_pandas()
    rows.index = _lines(path, table) - 2
    blank = (rows == "").all(axis=1)
    return rows[~blank] if blank.any() else rows


def _lines(path: Path, table: pa.Table) -> np.ndarray:
    """The line on which each row begins: a quoted value may hold line breaks."""
    inside = sum(pc.count_substring(column, "\n").to_numpy().astype(int) for column in table.columns)
    taken = 1 + np.asarray(inside)
    return 2 + np.cumsum(taken) - taken


def _no_table(path: Path, error: Exception) -> ImportRefused:
    """Why a file cannot be read as text, and where."""
    content = path.read_bytes()
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        if b"\0" in content[:4096] or content[:2] == b"PK":
            return _refused(path, 1, "the file is not text.", "Save the table as CSV UTF-8.")
        before = content[: fault.start]
        start = max(before.rfind(b"\n"), before.rfind(b",")) + 1
        cell = content[start : start + 60].splitlines()[0].split(b",")[0].decode("cp1252", errors="replace")
        return _refused(path, before.count(b"\n") + 1, "the file is not UTF-8 text.", "Save it as CSV UTF-8.", cell)
    said = str(error).splitlines()[0]
    return _refused(path, None, f"the file is no table ({said}).", "Save the table as CSV UTF-8.")


def _uneven_lines(path: Path, width: int) -> list[Problem]:
    problems, begun = [], 1
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        for values in reader:
            if len(values) not in (0, width):
                problems.append(
                    Problem(
                        path.name,
                        begun,
                        None,
                        ",".join(values)[:60],
                        f"this line has {len(values)} values and the header has {width}.",
                        "Give every line as many values as the header.",
                    )
                )
            begun = reader.line_num + 1
    return problems


def read(path: Path, meta: Path | None, mapping: Mapping) -> Read:
    """The data file with its meta file and mapping checked against it.

    Raises ImportRefused with every structural fault: missing columns, unmapped filters, a meta file that does not fit.
    """
    rows = _read_csv(path)
    problems = _header_problems(path.name, rows, mapping)
    if meta is not None:
        problems += _meta_problems(path.name, rows, meta)
    if rows.empty:
        problems.append(
            Problem(path.name, None, None, None, "the file has no rows below its header.", "Export it again.")
        )
    if problems:
        raise ImportRefused(problems)
    return Read(path.name, sha256(path), rows)


def _header_problems(name: str, rows: pd.DataFrame, mapping: Mapping) -> list[Problem]:
    problems = []

    def missing(column: str, why: str, remedy: str) -> None:
        problems.append(Problem(name, 1, column, None, why, remedy))

    for column in ALWAYS:
        if column not in rows:
            missing(column, "this column is missing.", "Add it: every EES file has it.")
    if "geographic_level" in rows:
        for level in rows["geographic_level"].unique():
            for column in NEEDED.get(level, []):
                if column not in rows:
                    missing(column, f"this column is missing, and the file has {level} rows.", "Add it.")
    for item in mapping.indicators:
        for column in item.columns:
            if column not in rows:
                missing(
                    column,
                    f"the mapping of {item.indicator} names this column, but the file has none.",
                    "Correct the mapping.",
                )
    for column in mapping.filters:
        if column not in rows:
            missing(column, "the mapping names this filter, but the file has no such column.", "Correct the mapping.")
    return problems


def _meta_problems(name: str, rows: pd.DataFrame, meta: Path) -> list[Problem]:
    described = _read_csv(meta)
    problems = [
        Problem(meta.name, 1, column, None, "this column is missing.", "Add it: every EES meta file has it.")
        for column in META_COLUMNS
        if column not in described
    ]
    if problems:
        return problems
    names = described["col_name"].str.strip()
    for line in names.index[names.duplicated()]:
        problems.append(
            Problem(
                meta.name,
                int(line) + 2,
                "col_name",
                names[line],
                "this column is described twice.",
                "Remove one row.",
            )
        )
    for line in names.index[~described["col_type"].isin(["Filter", "Indicator"])]:
        value = described["col_type"][line]
        problems.append(
            Problem(
                meta.name,
                int(line) + 2,
                "col_type",
                value,
                "a column is a Filter or an Indicator.",
                "Write one of the two.",
            )
        )
    for line in names.index[~names.isin(rows.columns)]:
        problems.append(
            Problem(
                meta.name,
                int(line) + 2,
                "col_name",
                names[line],
                f"{name} has no such column.",
                "Remove the row or add the column.",
            )
        )
    grouping = set(described.get("filter_grouping_column", pd.Series(dtype=str)))
    for column in rows.columns:
        if column not in set(names) | set(ALWAYS) | GEOGRAPHY | grouping:
            problems.append(
                Problem(
                    name,
                    1,
                    column,
                    None,
                    f"{meta.name} does not describe this column.",
                    "Describe it there or remove it.",
                )
            )
    return problems


def unmapped_filters(read: Read, meta: Path | None, mapping: Mapping) -> list[Problem]:
    """Filters that split the rows but that the mapping does not mention: taking all rows would count them twice."""
    if meta is None:
        return []
    described = _read_csv(meta)
    filters = described.loc[described["col_type"] == "Filter", "col_name"].str.strip()
    return [
        Problem(
            read.name,
            1,
            column,
            None,
            f"this filter has {read.rows[column].nunique()} values and the mapping does not say which to take.",
            "Add it to the mapping's filters.",
        )
        for column in filters
        if column not in mapping.filters and read.rows[column].nunique() > 1
    ]
