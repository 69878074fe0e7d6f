"""What the reports of all authorities of one period are made from: read once, however many are made."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial

import pandas as pd

from data_access import neighbours, thresholds, values, versions
from data_access.areas import check
from data_access.engine import get_engine, reading
from exports import frames, shown
from exports.frames import Reference
from exports.report import works
from exports.report.works import Works
from measures import gaps


@dataclass(frozen=True)
class Material:
    """Frames for one period, staff group and phase, of all areas; columns as in data_access.values.

    england, regions: of the period. authorities: exports.frames.beside. before: authorities a year before, None where
    the database has no such period. over_time: 'england' and 'la' → all periods. by_phase: phase → authorities of the
    period. neighbours: data_access.neighbours. limits: threshold → its value in words, as it holds for all.
    works: the partnership register.
    """

    known: Reference
    period: str
    staff_group: str
    staff_label: str
    phase: str
    england: pd.DataFrame
    regions: pd.DataFrame
    authorities: pd.DataFrame
    before: pd.DataFrame | None
    over_time: Mapping[str, pd.DataFrame]
    by_phase: Mapping[str, pd.DataFrame]
    neighbours: pd.DataFrame
    limits: Mapping[str, str]
    works: Works

    @cached_property
    def period_label(self) -> str:
        """The period as people call it."""
        return self.known.period_labels[self.period]

    @cached_property
    def spread(self) -> pd.DataFrame:
        """How far all authorities lie apart: measures.gaps.spread."""
        return gaps.spread(self.authorities)

    @cached_property
    def year_before(self) -> str | None:
        """The code of the same period a year before, where the database has it."""
        return frames.year_before(self.known, self.period)

    @cached_property
    def final_period(self) -> str:
        """When the targets are due: '2011/12'."""
        return str(self.known.strategy["final_year"])


def limits_for_all(listed: pd.DataFrame) -> dict[str, str]:
    """Threshold → its value in words for indicators without one of their own. listed: data_access.thresholds.listed."""
    rows = listed[listed["applies_to"] == thresholds.ALL]
    return dict(zip(rows["name"], rows["value"], strict=True))


def read(version: int, period: str | None = None, staff_group: str = "all", phase: str = "all") -> Material:
    """The material of a data version; period: by default the strategy's last year. Raises UnknownCode."""
    known = frames.reference(version)
    code = frames.default_period(known) if period is None else _period(known, period)
    titles = dict(zip(known.staff_groups["code"], known.staff_groups["title"], strict=True))
    check(staff_group, titles, "staff group")
    check(phase, frames.PHASES, "phase")
    with reading(get_engine()) as connection:
        figures = partial(values.area_values, connection, staff_group=staff_group, as_at=version)
        both = figures("england", "region", phase=phase)
        over_time = {"england": both[both["level"] == "england"].reset_index(drop=True)}
        histories = {each: figures("la", phase=each) for each in frames.PHASES}
        as_at = versions.earlier(connection, version)
        alike, listed = neighbours.neighbours(connection, as_at), thresholds.listed(connection, as_at)
    over_time["la"] = histories[phase]

    def at(rows: pd.DataFrame, when: str = code) -> pd.DataFrame:
        return values.at_period(rows, when, known.frequency)

    markers = frames.trends(known, over_time["la"], code)
    earlier = frames.year_before(known, code)
    return Material(
        known=known,
        period=code,
        staff_group=staff_group,
        staff_label="all staff" if staff_group == "all" else titles[staff_group],
        phase=phase,
        england=at(over_time["england"]),
        regions=at(both[both["level"] == "region"]),
        authorities=frames.beside(known, over_time["la"], code, markers, alike),
        before=None if earlier is None else at(over_time["la"], earlier),
        over_time=over_time,
        by_phase={each: at(histories[each]) for each in frames.PHASES},
        neighbours=alike,
        limits=limits_for_all(listed),
        works=works.read(shown.understood({"period": known.period_labels[code]}, version)),
    )


def _period(known: Reference, given: str) -> str:
    """The code of a period, given as code or label."""
    names = {label.lower(): code for code, label in known.period_labels.items()} | {
        code.lower(): code for code in known.periods["code"]
    }
    found = names.get(" ".join(given.lower().split()))
    if found is None:
        check(given, known.periods["code"], "period")
    return str(found)
