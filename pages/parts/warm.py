"""Make what the first reader will ask for, so that nobody waits for it."""

import time
from contextlib import suppress
from typing import Any

from data_access.errors import DataAccessError
from exports.frames import default_period
from exports.shown import Shown
from exports.views import against, comparisons, data, figures, priorities

REST = 3


def up() -> None:
    """The overview of England, as it opens by default; nothing where there is no database to read."""
    with suppress(DataAccessError):
        _overview()


def _overview() -> None:
    now = _england(data.reference(data.current_version()))
    figures.summaries(now)
    figures.status_heat(now)
    figures.share_map(now, "region")
    figures.gaps(now)
    figures.movers(now)
    figures.region_list(now)


def slides() -> None:
    """The slides of the next meeting, one after the other, with rests: nobody waits for them in the room."""
    from data_access import meetings  # what only slides need is loaded when the first page is out
    from data_access.engine import get_engine, reading
    from exports.deck import content

    with suppress(DataAccessError):
        version = data.current_version()
        with reading(get_engine()) as connection:
            number = meetings.latest(connection)
        started = time.monotonic()
        for _ in content.one_by_one(number):
            time.sleep(REST * (time.monotonic() - started))
            if data.current_version() != version:
                return
            started = time.monotonic()


def _england(known: data.Reference) -> Shown:
    period = default_period(known)
    return Shown(known.version, period, period, None, None, None, None, "all", "all", "all staff")


def authorities() -> None:
    """The priorities of England, then the page of every local authority as it opens by default.

    Made one after the other, resting REST times as long as each took: readers go first.
    """
    with suppress(DataAccessError):
        known = data.reference(data.current_version())
        _priorities(known)
        data.at(known.version, "la", "all", "all", default_period(known))
        for authority in known.authorities.itertuples():
            started = time.monotonic()
            _authority(known, authority)
            time.sleep(REST * (time.monotonic() - started))


def _priorities(known: data.Reference) -> None:
    now = _england(known)
    for priority in known.priorities["code"]:
        priorities.standing(now, priority)
        for outcome in priorities.outcomes(now, priority):
            priorities.outcome_rows(now, outcome.code)


def _authority(known: data.Reference, authority: Any) -> None:
    period = default_period(known)
    place = authority.region_code, authority.region, authority.code, authority.name
    now = Shown(known.version, period, period, *place, "all", "all", "all staff")
    first = str(known.priorities["code"].iloc[0])
    figures.coverage(now)
    figures.summaries(now)
    figures.attention(now)
    comparisons.spine_chart(now)
    comparisons.trend_strips(now, first)
    against.table(now, first)
    against.caption(now)
    comparisons.groups_here(now, "teachers", "support_staff")
    indicator = str(known.indicators["code"].iloc[0])
    comparisons.trajectory(now, indicator)
    comparisons.ranked(now, "la", indicator)
    against.neighbours(now)
    figures.response(now)
