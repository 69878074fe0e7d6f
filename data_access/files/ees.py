"""The layout of the DfE's "explore education statistics" (EES) files: its columns, levels and meta file, checked."""

from dataclasses import dataclass, field

import pandas as pd

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
            lambda cells: cells.str.fullmatch("[0-9]{0,2}"),
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
