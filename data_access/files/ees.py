"""The layout of the DfE's "explore education statistics" (EES) files: its columns, levels and meta file, checked."""

import csv
import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from data_access.errors import ImportRefused, Problem
from data_access.files import checks
from data_access.files.checks import Rule
from data_access.files.mapping import Mapping
from data_access.files.table import Table
from data_access.periods import from_ees, identifier

ALWAYS = ["time_period", "time_identifier", "geographic_level", "country_code", "country_name"]
# Every level of the standard and the columns that name its places.
LEVELS = {
    "National": [],
    "Regional": ["region_code", "region_name"],
    "Local authority": ["old_la_code", "new_la_code", "la_name"],
    "School": ["school_urn", "school_laestab", "school_name"],
    "English devolved area": ["english_devolved_area_code", "english_devolved_area_name"],
    "Institution": ["institution_id", "institution_name"],
    "Local authority district": ["lad_code", "lad_name"],
    "Local enterprise partnership": ["local_enterprise_partnership_code", "local_enterprise_partnership_name"],
    "Local skills improvement plan area": ["lsip_code", "lsip_name"],
    "MAT": ["trust_id", "trust_name"],
    "Mayoral combined authority": ["mayoral_combined_authority_code", "mayoral_combined_authority_name"],
    "Mayoral Combined Authority": ["mayoral_combined_authority_code", "mayoral_combined_authority_name"],
    "Opportunity area": ["opportunity_area_code", "opportunity_area_name"],
    "Parliamentary constituency": ["pcon_code", "pcon_name"],
    "Planning area": ["planning_area_code", "planning_area_name"],
    "Police force area": ["pfa_code", "pfa_name"],
    "Provider": ["provider_ukprn", "provider_name"],
    "RSC region": ["rsc_region_lead_name"],
    "Sponsor": ["sponsor_id", "sponsor_name"],
    "Ward": ["ward_code", "ward_name"],
}
HELD = {"National": "england", "Regional": "region", "Local authority": "la", "School": "school"}
NEEDED = {level: LEVELS[level] for level in HELD}
# Levels of the standard that this database does not hold: their rows are counted, not taken.
NOT_HELD = set(LEVELS) - set(HELD)
GEOGRAPHY = {column for columns in LEVELS.values() for column in columns}
SYMBOLS = ["z", "x", "c", "low", "u", "k", ".", ":", "~"]
META_COLUMNS = ["col_name", "col_type", "label"]
META_USUAL = ["indicator_grouping", "indicator_unit", "indicator_dp", "filter_hint", "filter_grouping_column"]
UNITS = ["", "%", "pp", "£", "£m", "numberstring"]
# What statistical programs write into a cell that has nothing to say.
PLACEHOLDERS = ["na", "n/a", "null", "nan", "none"]
LIMIT = ImportRefused.LIMIT


def header_problems(table: Table, mapping: Mapping | None) -> list[Problem]:
    """The columns that every EES file has, and those that the mapping reads, where the file has none of that name."""
    problems = []
    lower = {column.lower(): column for column in table.columns}

    def missing(column: str, message: str, remedy: str) -> None:
        if column not in table.columns:
            problems.append(Problem(table.name, 1, column, None, message, remedy))

    for column in ALWAYS:
        missing(column, "this column is missing.", _add_or_rename(lower.get(column), "file"))
    for item in mapping.indicators if mapping else []:
        for column in item.columns:
            message = f"the mapping of {item.indicator} names this column, but the file has none."
            missing(column, message, "Correct the mapping.")
    for column in mapping.filters if mapping else []:
        missing(column, "the mapping names this filter, but the file has no such column.", "Correct the mapping.")
    return problems


def block_problems(name: str, block: pd.DataFrame) -> list[Problem]:
    """Levels, countries and periods of a block's lines that are not of the standard, one problem a line, 1,000 at most.

    name: the file's. A column that a level of the block needs and the file lacks is a problem of line 1; each block
    says it again.
    """
    keys = block[[column for column in ALWAYS[:4] if column in block]]
    distinct = keys.drop_duplicates()
    problems = _level_columns(name, block, distinct)
    found: dict[int, list[Problem]] = {}
    for problem in checks.problems(distinct, _block_rules(distinct), name):
        found.setdefault(int(problem.row or 0) - 2, []).append(problem)
    if not found:
        return problems
    number = keys.groupby(list(keys.columns), sort=False).ngroup()
    wrong = {number[line]: each for line, each in found.items()}
    for line, group in number[number.isin(list(wrong))].items():
        if len(problems) >= LIMIT:
            break
        problems += [
            Problem(name, int(line) + 2, each.column, each.value, each.message, each.remedy)  # type: ignore[call-overload]
            for each in wrong[group]
        ]
    return problems[:LIMIT]


def _level_columns(name: str, block: pd.DataFrame, distinct: pd.DataFrame) -> list[Problem]:
    levels = list(distinct["geographic_level"].unique()) if "geographic_level" in distinct else []
    return [
        Problem(name, 1, column, None, f"this column is missing, and the file has {level} rows.", "Add it.")
        for level in levels
        for column in NEEDED.get(level, [])
        if column not in block
    ]


def _block_rules(distinct: pd.DataFrame) -> list[Rule]:
    rules = [
        Rule(
            "geographic_level",
            lambda cells: cells.isin(list(LEVELS)),
            "this is not a level of the EES standard.",
            f"Write one of {', '.join(HELD)}.",
        ),
        Rule("country_code", lambda cells: cells != "", "the cell is empty.", "Write E92000001 for England."),
    ]
    if not {"time_period", "time_identifier"} <= set(distinct.columns):
        return rules
    rules.append(
        Rule(
            "time_identifier",
            lambda cells: cells.map(lambda cell: identifier(cell) is not None).astype(bool),
            "this is not a time identifier of the EES standard.",
            "Write one, such as Academic year, Autumn term, Calendar year or Week 1.",
        )
    )
    said = pd.Series(
        [
            sentence if isinstance(sentence := from_ees(period, name), str) and identifier(name) else ""
            for period, name in zip(distinct["time_period"], distinct["time_identifier"], strict=True)
        ],
        index=distinct.index,
    )
    rules += [
        Rule("time_period", lambda _, sentence=sentence: said != sentence, sentence, "Correct the period.")  # type: ignore[misc]
        for sentence in said.unique()
        if sentence
    ]
    return rules


@dataclass(frozen=True)
class IndicatorMeta:
    """What a meta file says of an indicator column; dp: decimal places, None where it does not say."""

    label: str
    unit: str
    dp: int | None
    grouping: str


@dataclass(frozen=True)
class Meta:
    """What a meta file says: filter → label, filter → the column that groups its values, indicator → the rest."""

    filters: dict[str, str] = field(default_factory=dict)
    groupings: dict[str, str] = field(default_factory=dict)
    indicators: dict[str, IndicatorMeta] = field(default_factory=dict)


def read_meta(meta: Table, data: Table) -> tuple[Meta, list[Problem], list[str]]:
    """A meta file checked against its data file's header: what it says, what is wrong, and notes on what is odd.

    What it says leaves out rows that describe nothing; where there are problems it is not to be relied on.
    """
    lower = {column.lower(): column for column in meta.columns}
    problems = [
        Problem(meta.name, 1, column, None, "this column is missing.", _add_or_rename(lower.get(column), "meta file"))
        for column in META_COLUMNS
        if column not in meta.columns
    ]
    if problems:
        return Meta(), problems, []
    rows, notes = meta.whole(), []
    absent = [column for column in META_USUAL if column not in rows]
    if absent:
        notes.append(f"{meta.name} has no column {', '.join(absent)}: taken as blank.")
        rows = rows.assign(**dict.fromkeys(absent, ""))
    nothing = rows.map(lambda cell: cell.lower() in PLACEHOLDERS)
    empty = ((rows == "") | nothing).all(axis=1)
    says_nothing = Rule("col_name", lambda cells: ~empty, "this row describes no column.", "Remove it.")
    problems = checks.problems(rows, [says_nothing], meta.name)
    rows, cleared = rows[~empty].copy(), nothing.loc[~empty, META_USUAL]
    if cleared.any(axis=None):
        cells = "1 cell" if cleared.to_numpy().sum() == 1 else f"{cleared.to_numpy().sum()} cells"
        notes.append(f"{meta.name} writes NA, NULL or the like in {cells}: taken as blank.")
        rows[META_USUAL] = rows[META_USUAL].mask(cleared, "")
    problems += checks.problems(rows, _meta_rules(rows, data), meta.name)
    return _meta(rows), problems + _undescribed(rows, meta.name, data), notes + _odd(rows, meta.name)


def _meta_rules(rows: pd.DataFrame, data: Table) -> list[Rule]:
    known, columns = f"{data.name} has no such column.", list(data.columns)
    not_filter = rows["col_type"] != "Filter"
    contradiction = "Clear the cell, or give the column the type Indicator."
    return [
        Rule("col_name", lambda cells: ~cells.duplicated(), "this column is described twice.", "Remove one row."),
        Rule("col_name", lambda cells: cells.isin(columns), known, "Remove the row or add the column."),
        Rule(
            "col_type",
            lambda cells: cells.isin(["Filter", "Indicator"]),
            "a column is a Filter or an Indicator.",
            "Write one of the two.",
        ),
        Rule(
            "label",
            lambda cells: ~cells.str.lower().isin(["", *PLACEHOLDERS]),
            "the column has no label.",
            "Write the words that people should read for it.",
        ),
        Rule(
            "indicator_dp",
            lambda cells: cells.str.fullmatch("[0-9]*"),
            "this is not a number of decimal places.",
            "Write a whole number such as 0 or 1, or nothing.",
        ),
        Rule("indicator_unit", lambda cells: not_filter | (cells == ""), "a filter has no unit.", contradiction),
        Rule("indicator_dp", lambda cells: not_filter | (cells == ""), "a filter has no decimals.", contradiction),
        Rule(
            "filter_grouping_column",
            lambda cells: cells.isin(["", *columns]),
            known,
            "Correct the name or clear the cell.",
        ),
    ]


def _meta(rows: pd.DataFrame) -> Meta:
    filters, indicators = rows[rows["col_type"] == "Filter"], rows[rows["col_type"] == "Indicator"]
    grouped = filters[filters["filter_grouping_column"] != ""]
    return Meta(
        dict(zip(filters["col_name"], filters["label"], strict=True)),
        dict(zip(grouped["col_name"], grouped["filter_grouping_column"], strict=True)),
        {
            row["col_name"]: IndicatorMeta(
                row["label"],
                row["indicator_unit"],
                int(row["indicator_dp"]) if row["indicator_dp"].isdecimal() else None,
                row["indicator_grouping"],
            )
            for row in indicators.to_dict("records")
        },
    )


def _undescribed(rows: pd.DataFrame, meta_name: str, data: Table) -> list[Problem]:
    described = {*rows["col_name"], *rows["filter_grouping_column"], *ALWAYS, *GEOGRAPHY}
    return [
        Problem(
            data.name, 1, column, None, f"{meta_name} does not describe this column.", "Describe it there or remove it."
        )
        for column in data.columns
        if column not in described
    ]


def _odd(rows: pd.DataFrame, name: str) -> list[str]:
    """What is unusual in a meta file but harmless, a sentence each."""
    notes = []
    for column in rows.loc[rows["col_name"].isin([*ALWAYS, *GEOGRAPHY]), "col_name"]:
        notes.append(f"{name} describes {column}, which needs no description.")
    for row in rows[~rows["indicator_unit"].isin(UNITS)].itertuples():
        notes.append(f"{name} gives {row.col_name} the unit “{row.indicator_unit}”, which is not usual.")
    for label, group in rows[rows["label"] != ""].groupby("label", sort=False)["col_name"]:
        if len(group) > 1:
            notes.append(f"{name} gives {' and '.join(group)} the same label, “{label}”.")
    hinted = rows.loc[(rows["col_type"] == "Indicator") & (rows["filter_hint"] != ""), "col_name"]
    if len(hinted):
        notes.append(f"{name} gives a filter hint to {', '.join(hinted)}: an indicator has none.")
    return notes


def _add_or_rename(other: str | None, kind: str) -> str:
    return f"Rename “{other}”: the case of letters counts." if other else f"Add it: every EES {kind} has it."


# until tidy reads blocks


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
