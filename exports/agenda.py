"""The agenda of a meeting with the figures that its views show: for its page, its slides, its pack and its minutes."""

from dataclasses import dataclass

import pandas as pd

from charts.figure import Figure
from data_access import edits, meetings
from data_access.engine import get_engine, reading
from data_access.errors import UnknownCode
from data_access.once import once
from exports.kept import kept
from exports.views import data, registry

NOTHING = "There is nothing to show in this period."


@dataclass(frozen=True)
class Pinned:
    """One view of an agenda, numbered from 1.

    item, seen: its number in the database and the edit that it came with. headline: as pinned, else the figure's own.
    what: what it shows, in words. version: the data version of its figure; fixed: pinned to that one, whatever comes.
    figure: None where it cannot be made; trouble: why, '' where it can.
    """

    number: int
    item: int
    seen: int
    origin: str
    headline: str
    own_headline: str
    what: str
    note: str
    presenter: str
    version: int
    fixed: bool
    figure: Figure | None
    trouble: str

    @property
    def link(self) -> str:
        """The address of the page that shows the figure; '' where it cannot be made."""
        return "" if self.figure is None else registry.link(self.origin, self.version if self.fixed else None)


@once
def current_edit() -> int:
    """The number of the latest edit, by which agendas are kept."""
    with reading(get_engine()) as connection:
        return edits.current(connection)


def views(number: int) -> tuple[Pinned, ...]:
    """The views of a meeting's agenda as it stands, in order. Raises UnknownCode where there is no such meeting."""
    return _views(number, current_edit(), data.current_version())


@kept(20)
def _views(number: int, edit: int, current: int) -> tuple[Pinned, ...]:
    with reading(get_engine()) as connection:
        meetings.one(connection, number)
        rows = meetings.agenda(connection, number)
    return tuple(_pinned(place, row, current) for place, (_, row) in enumerate(rows.iterrows(), 1))


def _pinned(place: int, row: pd.Series, current: int) -> Pinned:
    fixed = pd.notna(row["data_version"])
    version = int(row["data_version"]) if fixed else current
    figure, trouble = None, NOTHING
    try:
        figure = registry.again(row["origin"], version)
    except UnknownCode as error:
        trouble = str(error)
    own = "" if figure is None else figure.headline
    return Pinned(
        number=place,
        item=int(row["id"]),
        seen=int(row["from_edit"]),
        origin=row["origin"],
        headline=row["headline"] or own or "A view that cannot be shown",
        own_headline=own,
        what="" if figure is None else figure.subtitle,
        note=row["note"],
        presenter=row["presenter"],
        version=version,
        fixed=bool(fixed),
        figure=figure,
        trouble="" if figure is not None else trouble,
    )
