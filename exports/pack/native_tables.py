"""Views that are tables of status or comparison, and drawings that no format draws itself, with a table where small."""

from dataclasses import replace
from typing import Final

import pandas as pd
from pandas.api.types import is_numeric_dtype

from charts.tables import RAW_COLUMNS, WIDER
from exports.office.parts import Picture, Table
from exports.pack.parts import Form
from exports.pack.told import Told
from measures import words

SMALL: Final = 36  # rows of a table that goes with a drawing
BESIDE: Final = 10  # rows of one beside it
BLOCKS: Final = 3  # of a longer one, side by side
MAPPED: Final = ("Area", "On track", "Value", "Status")


def status_heat(told: Told) -> list[Form]:
    """A table a priority: the status of each indicator in each area as symbol and word."""
    made = []
    for priority, titles in _by_priority(told).items():
        cells = told.table[told.table["Indicator"].isin(titles)]
        said = cells.assign(Status=cells["Status"].map(brief))
        first = 2.6 if said["Area"].nunique() <= 10 else 2.1
        made.append(Form([_matrix(told, said, "Status", priority, first)], about=priority))
    return made


def overview(told: Told) -> list[Form]:
    """A table of each indicator in each area, with its value and whether it differs clearly from the reference."""
    reference, rows = told.option("reference"), told.table
    difference = f"Difference from {reference} (95% interval)"
    cells = [
        f"{row['Value']}, {_judged(row[difference], row['Is it clear?'])}".removesuffix(", –")
        for row in rows.to_dict("records")
    ]
    table = _matrix(told, rows.assign(said=cells), "said", f"Compared with {reference}", 2)
    return [Form([table])]


def picture(told: Told) -> list[Form]:
    """The page's own drawing; its table beside it where that is short, and on a slide of its own where it is small."""
    figure = told.figure
    drawn = Picture(figure.headline, figure.alt, figure.spec)
    if len(figure.table) > SMALL or figure.table.empty:
        return [Form([drawn])]
    shown = for_people(figure.table)
    mapped = [name for name in MAPPED if name in shown]
    columns = mapped if len(mapped) > 1 else list(shown.columns[:3])
    shown = shown[columns]
    if "Status" in shown:
        shown = shown.assign(Status=shown["Status"].map(brief))
    if len(shown) <= BESIDE:
        table = Table(f"Figures: {figure.headline}", shown[columns[:3]])
        return [Form([drawn, table], columns=2, shares=(1.5, 1))]
    size = -(-len(shown) // BLOCKS)
    blocks = [
        Table(f"Figures, part {at + 1}: {figure.headline}", shown.iloc[at * size : (at + 1) * size], largest=12)
        for at in range(BLOCKS)
    ]
    widths = (1.7, *(1.0 for _ in columns[1:]))
    parts = [replace(block, widths=widths) for block in blocks if len(block.frame)]
    return [Form([drawn]), Form(parts, columns=len(parts), about="The figures")]


def plan_timeline(told: Told) -> list[Form]:
    """The page's own drawing, then the actions that are late, with who owns each and when it was due."""
    figure = told.figure
    drawn = Form([Picture(figure.headline, figure.alt, figure.spec)])
    late = told.table[told.table["Days late"] > 0]
    if late.empty:
        return [drawn]
    days = [f", {words.plural(int(days), 'day')} late" for days in late["Days late"]]
    listed = late[["Action", "Owner", "Due", "Status"]].assign(Status=late["Status"] + days)
    return [drawn, Form([Table("Late actions", listed, widths=(5, 2.6, 1.6, 2.2))], about="Late actions")]


def evidence_matrix(told: Told) -> list[Form]:
    """A table: how much evidence of each kind bears on an outcome, and how strong it is, in words."""
    shown = for_people(told.table).drop(columns="Priority")
    return [Form([Table("Evidence by outcome", shown, widths=(4.5, *(1.3 for _ in shown.columns[1:])))])]


def brief(status: object) -> str:
    """'– No judgement' of '– No judgement: not reported'."""
    return str(status).partition(":")[0]


def for_people(table: pd.DataFrame) -> pd.DataFrame:
    """A table twin without the raw numbers that a spreadsheet wants."""
    raw = {*RAW_COLUMNS.values(), *WIDER.values()}
    shown = [name for name in table.columns if name not in raw and not is_numeric_dtype(table[name])]
    return table[shown].fillna("–").astype(str)


def _matrix(told: Told, cells: pd.DataFrame, column: str, title: str, first: float) -> Table:
    """Rows of a table twin as indicators × areas; first: relative width of the indicators' column."""
    areas, titles = list(dict.fromkeys(cells["Area"])), list(dict.fromkeys(cells["Indicator"]))
    wide = cells.pivot(index="Indicator", columns="Area", values=column).reindex(index=titles, columns=areas)
    wide.index = pd.Index([told.label(str(name)) for name in wide.index], name="Indicator")
    frame = wide.fillna("–").rename_axis(None, axis=1).reset_index()
    return Table(title, frame, widths=(first, *(1.0 for _ in areas)), largest=12 if len(areas) > 6 else 14)


def _by_priority(told: Told) -> dict[str, list[str]]:
    """Priority → short titles of its indicators that are shown, in order."""
    groups = told.indicators.groupby("priority_short", sort=False)["short_title"]
    return {str(name): list(titles) for name, titles in groups}


def _judged(difference: str, clear: str) -> str:
    return "reference" if difference == "reference" else clear[:1].lower() + clear[1:]
