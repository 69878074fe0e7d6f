"""A workbook of figures that the dashboard made (exports.tables), read back as the EES table that it was made from."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from data_access.files.refusal import refused
from data_access.files.table import Table

FIGURES, COLUMNS, MAPPING = "Figures", "Columns", "Mapping"
SHEETS = {FIGURES, COLUMNS, MAPPING}
HEADING, INDICATOR = "Heading", "indicator "
# Columns of the layout that say when, where and who → their headings.
PLACES = {
    "time_period": "Time period",
    "time_identifier": "Time identifier",
    "geographic_level": "Geographic level",
    "country_code": "Country code",
    "country_name": "Country",
    "region_code": "Region code",
    "region_name": "Region",
    "old_la_code": "Local authority code (3 digits)",
    "new_la_code": "Local authority code (ONS)",
    "la_name": "Local authority",
    "school_urn": "School URN",
    "school_laestab": "School LAESTAB",
    "school_name": "School",
    "staff_group": "Staff group",
    "phase": "Phase of school",
}
# Columns of a meta file → their headings on the sheet of columns.
META = {
    "col_type": "Type",
    "label": "Label",
    "indicator_grouping": "Indicator",
    "indicator_unit": "Unit",
    "indicator_dp": "Decimals to show",
    "filter_hint": "Codes",
}
UNITS = {"%": "percent", "£": "pounds"}  # a cell must hold a letter or a digit
SAVE_AGAIN = "Take the figures out again, or bring in their CSV."


def read(figures: Table, columns: Table, mapping: Table) -> tuple[Table, Table, str]:
    """The data with its own column names, its meta table, and the text of its mapping; raises ImportRefused.

    Each is given as a table of its sheet, with the headings that stand there.
    """
    about = _whole(columns, [HEADING, "Name", *META.values()])
    names = dict(zip(about[HEADING], about["Name"], strict=True))
    unknown = [heading for heading in figures.columns if heading not in names]
    if unknown:
        message = f"the sheet {COLUMNS} does not say what this column is."
        raise refused(figures.name, None, message, SAVE_AGAIN, column=unknown[0][:60])
    codes = [names[heading] for heading in figures.columns]
    numbers = set(about.loc[about["Type"] == "Indicator", "Name"])
    data = Table(
        figures.name, codes, figures.encoding, figures.separator, figures.sha256, figures.size,
        lambda: _blocks(figures, codes, numbers), called={name: heading for heading, name in names.items()},
    )  # fmt: skip
    described = about[about["Type"].isin(["Filter", "Indicator"])]
    meta = described.rename(columns={shown: name for name, shown in META.items()} | {"Name": "col_name"})
    meta = meta[["col_name", *META]].replace("[z]", "").assign(filter_grouping_column="")
    meta["indicator_unit"] = meta["indicator_unit"].replace({said: unit for unit, said in UNITS.items()})
    return data, Table.of(f"{figures.name}, sheet {COLUMNS}", meta), _mapping(_whole(mapping, ["Item"]))


def _whole(table: Table, needed: list[str]) -> pd.DataFrame:
    lacking = [name for name in needed if name not in table.columns]
    if lacking:
        raise refused(table.name, None, "this column is missing.", SAVE_AGAIN, column=lacking[0])
    return table.whole()


def _blocks(figures: Table, codes: list[str], numbers: set[str]) -> Iterator[pd.DataFrame]:
    for block in figures.blocks():
        block.columns = pd.Index(codes)
        for name in codes:
            bare = block[name].str.replace(r"^\[(\w+)\]$", r"\1", regex=True)
            block[name] = bare if name in numbers else block[name].where(block[name] != "[z]", "")
        yield block


def _mapping(rows: pd.DataFrame) -> str:
    """The items as one text that is JSON, and so YAML; what is no JSON is left as it is, for its reader to refuse."""
    content: dict[str, Any] = {}
    items = []
    for name, said in rows.itertuples(index=False):
        try:
            value = json.loads(said)
        except ValueError:
            return str(said)
        if str(name).startswith(INDICATOR):
            items.append(value)
        else:
            content[str(name)] = value
    made: Mapping[str, Any] = content | {"indicators": items}
    return json.dumps(made, ensure_ascii=False)
