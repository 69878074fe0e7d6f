"""What a file holds, found in one reading: its layout, columns, levels, periods, and what is wrong or odd about it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from data_access.errors import Problem
from data_access.files import ees
from data_access.files.table import Table
from data_access.periods import Period, from_ees
from data_access.places import ENGLAND_CODE, INNER_OUTER_LONDON
from measures.words import plural

Layout = Literal["EES", "template", "register", "targets", "neighbours", "unknown"]
Role = Literal["time", "geography", "filter", "filter group", "indicator", "unknown"]
SHOWN, COUNTED, EXAMPLES, SAMPLE = 50, 10_000, 5, 200
# What a layout's header must hold; of a tuple, any one will do.
_HEADERS: dict[Layout, tuple[str | tuple[str, ...], ...]] = {
    "EES": ("time_period", "time_identifier", "geographic_level"),
    "register": ("URN", ("EstablishmentName", "School name")),
    "neighbours": ("old_la_code", "neighbour_old_la_code", "rank"),
    "template": ("indicator", "period", "level", "code", ("numerator", "value")),
    "targets": ("indicator", "area_code", "period", "value"),
}


@dataclass(frozen=True)
class Column:
    """One column. values: up to 50 distinct ones with their counts, as they come; none where there are 10,000 or more.

    distinct: how many there are (10,000 stands for as many or more); numbers, blanks: how many cells; symbols: symbol →
    cells; texts: how many other cells, with up to five examples.
    """

    name: str
    role: Role
    label: str
    unit: str
    values: dict[str, int]
    distinct: int
    numbers: int
    symbols: Counter[str]
    texts: int
    examples: list[str]
    blanks: int


@dataclass(frozen=True)
class Recognition:
    """A file as found. levels: level → (rows, held here?); periods: period → rows, earliest first.

    problems refuse the file, whatever its mapping; notes are sentences on what is odd but taken. sample: the first 200
    rows, as text.
    """

    name: str
    layout: Layout
    rows: int
    encoding: str
    separator: str
    columns: list[Column]
    levels: dict[str, tuple[int, bool]]
    periods: dict[Period, int]
    problems: list[Problem]
    notes: list[str]
    sample: pd.DataFrame = field(repr=False, compare=False)

    def of_role(self, role: Role) -> list[Column]:
        """The columns of one role, as they stand in the file."""
        return [column for column in self.columns if column.role == role]


@dataclass
class _Cells:
    """What has been counted of one column's cells."""

    values: Counter[str] = field(default_factory=Counter)
    numbers: int = 0
    blanks: int = 0
    texts: int = 0
    symbols: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def add(self, cells: pd.Series) -> None:
        """Count a block's cells."""
        counts = cells.value_counts(sort=False)
        text, many = counts.index, counts.to_numpy()
        number = pd.to_numeric(pd.Series(text), errors="coerce").to_numpy(dtype=float)
        is_number, is_blank, is_symbol = np.isfinite(number), text == "", text.isin(ees.SYMBOLS)
        self.numbers += int(many[is_number].sum())
        self.blanks += int(many[is_blank].sum())
        for symbol, count in zip(text[is_symbol], many[is_symbol], strict=True):
            self.symbols[symbol] += int(count)
        other = ~(is_number | is_blank | is_symbol)
        self.texts += int(many[other].sum())
        if other.any() and len(self.examples) < EXAMPLES:
            self.examples = list(dict.fromkeys([*self.examples, *text[other][: 2 * EXAMPLES]]))[:EXAMPLES]
        if len(self.values) < COUNTED:
            for value, count in zip(text, many.tolist(), strict=True):
                self.values[value] += count
                if len(self.values) == COUNTED:
                    break


@dataclass
class _Counts:
    """What has been counted of a whole file; nothing in it grows with the rows."""

    cells: dict[str, _Cells]
    sample: pd.DataFrame
    rows: int = 0
    levels: Counter[str] = field(default_factory=Counter)
    periods: Counter[tuple[str, str]] = field(default_factory=Counter)
    joint: int = 0
    halves: int = 0
    outside: int = 0
    problems: dict[Problem, None] = field(default_factory=dict)


def layout_of(columns: list[str]) -> Layout:
    """The layout that a header belongs to. What is nearly an EES header is taken for one, to say what it lacks."""
    have = set(columns)

    def fits(names: tuple[str | tuple[str, ...], ...]) -> bool:
        return all(have & {name} if isinstance(name, str) else have & set(name) for name in names)

    for layout, names in _HEADERS.items():
        if fits(names) and not (layout == "targets" and "level" in have):
            return layout
    return "EES" if len({column.lower() for column in columns} & set(ees.ALWAYS)) >= 2 else "unknown"


def recognise(data: Table, meta: Table | None = None, progress: Callable[[int], None] | None = None) -> Recognition:
    """Read all blocks of a file once, and its meta file, and say what they hold.

    progress: called with the rows read so far. Raises ImportRefused where the rest of the file is no table.
    """
    layout = layout_of(data.columns)
    counts = _Counts({column: _Cells() for column in data.columns}, pd.DataFrame(columns=data.columns, dtype=str))
    for block in data.blocks():
        if counts.rows == 0:
            counts.sample = block.head(SAMPLE).copy()
        counts.rows += len(block)
        for column in data.columns:
            counts.cells[column].add(block[column])
        if layout == "EES":
            _count_ees(data.name, block, counts)
        if progress:
            progress(counts.rows)
    problems, said, notes = list(counts.problems), ees.Meta(), list(data.notes)
    if layout == "EES":
        problems = ees.header_problems(data, None) + problems
        if meta is not None:
            said, wrong, odd = ees.read_meta(meta, data)
            problems, notes = problems + wrong, notes + meta.notes + odd
        else:
            notes.append("no meta file: columns that hold only numbers and symbols are taken for indicators.")
    if layout == "unknown":
        problems.append(_unknown(data))
    if counts.rows == 0:
        message = "the file has no rows below its header."
        problems.append(Problem(data.name, None, None, None, message, "Export it again."))
    columns = [_column(name, cells, layout, said, meta is None) for name, cells in counts.cells.items()]
    levels = {level: (rows, level in ees.HELD) for level, rows in counts.levels.items()}
    notes += _notes(columns, counts)
    return Recognition(
        data.name, layout, counts.rows, data.encoding, data.separator, columns, levels, _periods(counts), problems,
        notes, counts.sample,
    )  # fmt: skip


def _unknown(data: Table) -> Problem:
    if set(ees.META_COLUMNS) <= set(data.columns):
        message = "this is a meta file: it describes another file and holds no figures."
        return Problem(data.name, 1, None, None, message, "Give its data file, and this one with it.")
    wanted = "; ".join(
        f"{layout}: {', '.join(name if isinstance(name, str) else ' or '.join(name) for name in names)}"
        for layout, names in _HEADERS.items()
    )
    message = "these columns are of no layout that is known here."
    return Problem(data.name, 1, None, ", ".join(data.columns)[:60], message, f"Use the columns of one: {wanted}.")


def _count_ees(name: str, block: pd.DataFrame, counts: _Counts) -> None:
    if "geographic_level" in block:
        counts.levels.update(_tally(block["geographic_level"]))
    if {"time_period", "time_identifier"} <= set(block.columns):
        counts.periods.update(_tally(block[["time_period", "time_identifier"]]))
    if {"geographic_level", "la_name"} <= set(block.columns):
        at_la = block["geographic_level"] == "Local authority"
        counts.joint += int((at_la & block["la_name"].str.contains(" / ", regex=False)).sum())
    if {"geographic_level", "region_code"} <= set(block.columns):
        at_region = block["geographic_level"] == "Regional"
        counts.halves += int((at_region & block["region_code"].isin(list(INNER_OUTER_LONDON))).sum())
    if "country_code" in block:
        counts.outside += int((~block["country_code"].isin([ENGLAND_CODE, ""])).sum())
    if len(counts.problems) < ees.LIMIT:
        counts.problems |= dict.fromkeys(ees.block_problems(name, block))


def _tally(cells: pd.Series | pd.DataFrame) -> dict:
    return cells.value_counts(sort=False).to_dict()


def _periods(counts: _Counts) -> dict[Period, int]:
    """The periods that can be read, with their rows, earliest first."""
    found: Counter[Period] = Counter()
    for (time_period, identifier), rows in counts.periods.items():
        period = from_ees(time_period, identifier)
        if isinstance(period, Period):
            found[period] += rows
    return dict(sorted(found.items(), key=lambda item: item[0].position))


def _column(name: str, cells: _Cells, layout: Layout, said: ees.Meta, guess: bool) -> Column:
    described = said.indicators.get(name)
    label = described.label if described else said.filters.get(name, "")
    too_many = len(cells.values) >= COUNTED
    values = {} if too_many else dict(list(cells.values.items())[:SHOWN])
    return Column(
        name,
        _role(name, cells, layout, said, guess),
        label,
        described.unit if described else "",
        values,
        min(len(cells.values), COUNTED),
        cells.numbers,
        cells.symbols,
        cells.texts,
        cells.examples,
        cells.blanks,
    )


def _role(name: str, cells: _Cells, layout: Layout, said: ees.Meta, guess: bool) -> Role:
    if layout != "EES":
        return "unknown"
    if name in ees.ALWAYS[:2]:
        return "time"
    if name in {*ees.ALWAYS, *ees.GEOGRAPHY}:
        return "geography"
    if name in said.indicators:
        return "indicator"
    if name in said.filters:
        return "filter"
    if name in said.groupings.values():
        return "filter group"
    if not guess or not (cells.numbers or cells.texts):
        return "unknown"
    return "filter" if cells.texts else "indicator"


def _notes(columns: list[Column], counts: _Counts) -> list[str]:
    """What is odd about the rows, a sentence each."""
    notes = [
        f"the filter {column.name} has one value, “{next(iter(column.values))}”."
        for column in columns
        if column.role == "filter" and column.distinct == 1
    ]
    for column in columns:
        if column.role == "indicator" and column.texts:
            more = ", …" if len(column.examples) == EXAMPLES else ""
            quoted = ", ".join(f"“{text[:40]}”" for text in column.examples)
            notes.append(f"the indicator {column.name} holds text in {plural(column.texts, 'row')}: {quoted}{more}.")
        if column.role in ("filter", "indicator") and column.blanks:
            notes.append(f"the {column.role} {column.name} is empty in {plural(column.blanks, 'row')}.")
    left = {level: rows for level, rows in counts.levels.items() if level in ees.NOT_HELD}
    if left:
        named = ", ".join(f"{level} {plural(rows, 'row')}" for level, rows in left.items())
        notes.append(f"levels not held here: {named}.")
    if counts.halves:
        notes.append(f"Inner and Outer London, which are parts of London: {plural(counts.halves, 'row')}.")
    if counts.joint:
        notes.append(f"joint local authorities (“A / B”): {plural(counts.joint, 'row')}.")
    if counts.outside:
        notes.append(f"places outside England: {plural(counts.outside, 'row')}.")
    return notes
