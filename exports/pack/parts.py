"""What a pack consists of, whatever its format: views with their native forms, and sections of sentences and tables."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from charts.figure import Figure
from exports.office.parts import Chart, Picture, Scatter, Section, Table

Part = Chart | Scatter | Table | Picture


@dataclass(frozen=True)
class Form:
    """One slide of a view. parts: in a grid of `columns`, row by row; shares: the columns' relative widths.

    about: what of the view it shows, '' where all. notes: how to read it.
    """

    parts: Sequence[Part]
    columns: int = 1
    shares: Sequence[float] = ()
    about: str = ""
    notes: str = ""


@dataclass(frozen=True)
class View:
    """One view of the agenda. figure: None where it cannot be made any more, and `why` says so.

    version: the data version that it shows; at: its address in the dashboard. tables: what the PDF sets below the
    drawing, or in place of it where the view is a table itself (`drawn` is False).
    """

    number: int
    headline: str
    presenter: str
    note: str
    version: int
    at: str
    figure: Figure | None = None
    forms: Sequence[Form] = ()
    tables: Sequence[Table] = ()
    drawn: bool = True
    why: str = ""


@dataclass(frozen=True)
class Pack:
    """The pack of one meeting.

    held: day and place in one line. about: who leads it and which figures it sees, in sentences. version: the data
    version, with its day. source: of what is no view. definitions: exports.definitions.table of the indicators shown.
    """

    title: str
    held: str
    present: str
    about: Sequence[str]
    version: str
    made_on: str
    illustrative: bool
    kind_words: str
    source: str
    stem: str
    views: Sequence[View]
    sections: Sequence[Section]
    definitions: pd.DataFrame
    links: dict[str, str] = field(default_factory=dict)
