"""What documents consist of, whatever their format: sentences, tables, charts and pictures."""

from collections.abc import Mapping, Sequence
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
    """A table, all in words: rows of an index-free frame. note: how to read it.

    widths: relative, of its columns. largest: the size in points of its text on a slide that has room.
    """

    title: str
    frame: pd.DataFrame
    note: str = ""
    widths: Sequence[float] = ()
    largest: int = 14


@dataclass(frozen=True)
class Chart:
    """A chart as figures, for formats that draw it themselves, and as the page draws it, where it does.

    values: a row a category (the index), a column a series, in `unit`; NaN is a gap. lower, upper: 95% limits, a column
    for each series that has any. roles: what each series is (exports.office.native.ROLES), by default one's own, what
    it is set against, and what was expected. marked: category → the role that its bar has. domain: ends of the axis of
    values, by default what fits. headed: whether the title stands above the chart. 'stacked' bars are counts, which
    have no limits; 'dots' are categories without names, for more than can be named.
    """

    title: str
    alt: str
    kind: Literal["bars", "stacked", "lines", "dots"]
    unit: str
    values: pd.DataFrame
    source: str = ""
    lower: pd.DataFrame | None = None
    upper: pd.DataFrame | None = None
    roles: Sequence[str] = ("own", "beside", "expected")
    marked: Mapping[str, str] = field(default_factory=dict)
    domain: tuple[float, float] | None = None
    headed: bool = False
    legend: bool = True  # where there are several series
    subtitle: str = ""
    notes: str = ""
    spec: Spec | None = None
    drawn_notes: str = ""  # what goes with the spec


@dataclass(frozen=True)
class Scatter:
    """Points and lines on two axes of numbers, for formats that draw it themselves.

    points: group, x, y, name ('' where the point is not named in the chart); a group has a mark of its own, in order of
    appearance. lines: name → x, y. across: what x counts; unit: of y.
    """

    title: str
    alt: str
    unit: str
    points: pd.DataFrame
    lines: Mapping[str, pd.DataFrame]
    across: str


@dataclass(frozen=True)
class Picture:
    """A drawing that no format draws itself, as a map."""

    title: str
    alt: str
    spec: Spec


@dataclass(frozen=True)
class Section:
    """One part of a document. heading: what it is about; finding: what it says, in at most ten words.

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
