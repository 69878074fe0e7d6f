"""Published figures as an accessible workbook: cover, contents, notes, figures, what their columns are, the mapping.

`data_access.files.taken_out` reads the same sheets back.
"""

import json
from collections.abc import Mapping

import gptables
import pandas as pd

from data_access.files import taken_out
from data_access.files.spreadsheets import as_text
from data_access.periods import Period, from_ees
from data_access.publish import Published
from exports.office import accessible
from exports.office.accessible import plain
from measures import words

KINDS = {
    "illustrative": "Illustrative data: the figures are invented; they say nothing about any real place or school.",
    "published": "Published data.",
}
NAMED = 3  # indicators in a title; more are counted
FORMATS = {"%": "0.0", "£": "#,##0", "": "0.00"}  # unit → how values are shown; each cell holds the whole number
LEVELS = {
    "National": "England",
    "Regional": "regions",
    "Local authority": "local authorities",
    "School": "schools",
}
MEANT = {
    "numerator": "How many were counted.",
    "denominator": "Out of how many.",
    "value": "The figure in the unit that its heading says; percent from 0 to 100.",
    "95% limits": "The interval that holds the figure with 95% confidence; [z] where the figure has none.",
    "coverage": "The share of schools or authorities that reported, from 0 to 1.",
    "Figures": "One row a period, place, staff group and phase. Numbers are whole, and shown rounded.",
    "Mapping": "How the dashboard reads the workbook when it is brought in again; nothing to read for people.",
}


def book(found: Published, about: Mapping[str, str]) -> tuple[gptables.Cover, dict[str, gptables.GPTable], dict]:
    """Cover, sheets and properties of the workbook; about: what else the cover says, name → words."""
    kind, named = KINDS[found.mapping.kind], title(found)
    told = {"Source": found.mapping.source, "Licence": found.mapping.licence, **about}
    cover = gptables.Cover(
        title=plain(named),
        intro=[kind, f"{words.plural(len(found.data), 'row')} of published figures; what is suppressed stays so."],
        about=[plain(f"{name}: {text}") for name, text in told.items() if text],
    )
    table = figures(found)
    symbols = {
        f"[{symbol}]": meaning for symbol, meaning in words.SYMBOL_WORDS.items() if symbol in ("z", *"xcu", "low")
    }
    sheets = {
        "Notes": accessible.notes(symbols | MEANT, "Notes: symbols, columns and sheets"),
        taken_out.FIGURES: accessible.sheet(
            table,
            "figures",
            named,
            subtitles=[kind],
            source=f"Source: {found.mapping.source}",
            shown=_formats(found, table),
        ),
        taken_out.COLUMNS: accessible.sheet(columns(found), "columns", "What the columns of the figures are"),
        taken_out.MAPPING: accessible.sheet(mapping(found), "mapping", "How the figures are brought in again"),
    }
    return cover, sheets, {"title": named, "subject": kind, "comments": found.mapping.source, "keywords": kind[:12]}


def title(found: Published) -> str:
    """'Inclusive policy and Reviewed: England and regions, 2009/10 to 2011/12'."""
    of_indicators = found.meta.loc[found.meta["col_type"] == "Indicator", "indicator_grouping"]
    named = list(dict.fromkeys(of_indicators))
    if len(named) > NAMED:
        named = [*named[:NAMED], f"{len(named) - NAMED} more"]
    places = [LEVELS[level] for level in dict.fromkeys(found.data["geographic_level"])]
    pairs = found.data[["time_period", "time_identifier"]].drop_duplicates()
    read = [from_ees(*pair) for pair in pairs.itertuples(index=False)]
    periods = [period.label for period in read if isinstance(period, Period)]
    span = periods[0] if len(periods) == 1 else f"{periods[0]} to {periods[-1]}"
    return f"{words.joined(named)}: {words.joined(places)}, {span}"


def headings(found: Published) -> dict[str, str]:
    """Column of the data → its heading in words; no two alike."""
    about = {row["col_name"]: row for row in found.meta.to_dict("records")}
    made: dict[str, str] = {}
    for name in found.data.columns:
        said = taken_out.PLACES.get(name, str(name))
        if name not in taken_out.PLACES and name in about:
            part = str(name).rpartition("_")[2]
            unit = about[name]["indicator_unit"]
            word = {"rate": "value", "lower": "lower 95% limit", "upper": "upper 95% limit"}.get(part, part)
            bracket = " (0 to 1)" if part == "coverage" else f" ({unit})" if unit else ""
            said = f"{about[name]['indicator_grouping']}: {word}{bracket}"
        made[str(name)] = said if said not in made.values() else f"{said}, {name}"
    return made


def figures(found: Published) -> pd.DataFrame:
    """The rows with headings in words: numbers as numbers, symbols in brackets, '[z]' where a place has no code."""
    named, numbers = headings(found), _indicators(found)
    made = {
        named[name]: found.data[name].map(_number if name in numbers else _text).astype(object)
        for name in found.data.columns
    }
    return pd.DataFrame(made)


def columns(found: Published) -> pd.DataFrame:
    """What each column is: heading, name in the CSV, and what its meta file says of it; '[z]' where it says nothing."""
    about = found.meta.set_index("col_name").to_dict("index")
    rows = []
    for name, heading in headings(found).items():
        said = about.get(name, {"col_type": "Place or time", "label": heading})
        rows.append(
            {taken_out.HEADING: heading, "Name": name}
            | {shown: _word(str(said.get(column, ""))) for column, shown in taken_out.META.items()}
        )
    return pd.DataFrame(rows)


def mapping(found: Published) -> pd.DataFrame:
    """The mapping, one item a row: its name, its content as JSON."""
    content = found.mapping.model_dump(exclude_defaults=True)
    items = content.pop("indicators")
    rows = [*content.items(), *((f"{taken_out.INDICATOR}{item['indicator']}", item) for item in items)]
    return pd.DataFrame(
        [(name, json.dumps(said, ensure_ascii=False)) for name, said in rows], columns=["Item", "Content (JSON)"]
    )


def _indicators(found: Published) -> dict[str, str]:
    """The columns of numbers → their unit."""
    rows = found.meta[found.meta["col_type"] == "Indicator"]
    return dict(zip(rows["col_name"], rows["indicator_unit"], strict=True))


def _formats(found: Published, table: pd.DataFrame) -> dict[str, str]:
    """Heading → how its numbers are shown."""
    numbers = _indicators(found)
    named = zip(found.data.columns, table.columns, strict=True)
    return {
        heading: "#,##0" if name.endswith(("_numerator", "_denominator")) else FORMATS[numbers[name]]
        for name, heading in named
        if name in numbers
    }


def _number(cell: str) -> float | int | str:
    """A number, or a symbol in brackets."""
    if cell in words.SYMBOL_WORDS:
        return f"[{cell}]"
    return int(cell) if cell.lstrip("-").isdigit() else float(cell)


def _word(text: str) -> str:
    """What a meta file says; '[z]' where it says nothing."""
    return taken_out.UNITS.get(text, text) or "[z]"


def _text(cell: str) -> object:
    """Text that no spreadsheet computes, as in the CSV; '[z]' where there is none."""
    return as_text(cell) if cell else "[z]"
