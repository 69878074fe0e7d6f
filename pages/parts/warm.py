"""Make what the first reader will ask for, so that nobody waits for it."""

from contextlib import suppress

from data_access.errors import DataAccessError
from pages.parts import data, figures
from pages.parts.filters import Shown, default_period


def up() -> None:
    """The overview of England, as it opens by default; nothing where there is no database to read."""
    with suppress(DataAccessError):
        _overview()


def _overview() -> None:
    known = data.reference(data.current_version())
    period = default_period(known)
    now = Shown(known.version, period, period, None, None, None, None, "all", "all", "all staff")
    figures.summaries(now)
    figures.status_heat(now)
    figures.share_map(now, "region")
    figures.gaps(now)
    figures.movers(now)
    figures.region_list(now)


def authorities() -> None:
    """The figures of all local authorities, which any choice of a place needs."""
    with suppress(DataAccessError):
        known = data.reference(data.current_version())
        data.at(known.version, "la", "all", "all", default_period(known))
