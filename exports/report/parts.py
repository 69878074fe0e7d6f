"""What a report consists of, whatever its format: sections with sentences, tables and charts."""

from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from charts.figure import Spec


@dataclass(frozen=True)
class Said:
    """A sentence. about: the name it starts with, set apart from what is said of it; '' where there is none."""

    text: str
    about: str = ""

    def __str__(self) -> str:
        return f"{self.about}: {self.text}" if self.about else self.text


@dataclass(frozen=True)
class Table:
    """A table, all in words: rows of an index-free frame. note: how to read it."""

    title: str
    frame: pd.DataFrame
    note: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart as figures, for formats that draw it themselves, and as the page draws it, where it does.

    values: a row a category (the index), a column a series, in `unit`; NaN is a gap. lower, upper: 95% limits of the
    first series, where it has any. 'stacked' bars are counts, which have none.
    """

    title: str
    alt: str
    kind: Literal["bars", "stacked", "lines"]
    unit: str
    values: pd.DataFrame
    source: str
    lower: pd.Series | None = None
    upper: pd.Series | None = None
    subtitle: str = ""
    notes: str = ""
    spec: Spec | None = None
    drawn_notes: str = ""  # what goes with the spec


@dataclass(frozen=True)
class Section:
    """One part of the report. heading: what it is about; finding: what it says, in at most ten words.

    groups: heading → sentences. detail: what a speaker may want to say of it, a sentence an indicator.
    glance: every indicator with its status, by priority.
    """

    key: str
    heading: str
    finding: str = ""
    lead: list[Said] = field(default_factory=list)
    groups: dict[str, list[Said]] = field(default_factory=dict)
    charts: list[Chart] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    detail: list[Said] = field(default_factory=list)
    glance: Table | None = None


@dataclass(frozen=True)
class Report:
    """A local authority's report.

    shown: what it is about, in one line. version: the data version, with its day. kind_words: what kind of data it
    shows. stem: its file's name without ending. sheets: tables for a workbook, with numbers as numbers and symbols
    where there is none. links: what each is called → its address.
    """

    title: str
    area: str
    period_label: str
    shown: str
    illustrative: bool
    kind_words: str
    source: str
    version: str
    made_on: str
    stem: str
    sections: list[Section]
    sheets: list[Table]
    links: dict[str, str]

    def section(self, key: str) -> Section:
        """The section of a key; raises StopIteration where there is none."""
        return next(section for section in self.sections if section.key == key)
