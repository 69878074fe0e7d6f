"""The partnership register behind reports: read and judged once, however many reports are made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from exports.shown import Shown
from exports.views import partnership_findings, partnership_networks, partnerships
from exports.views.evidence import within
from measures.evidence import bearing_on


@dataclass(frozen=True)
class Works:
    """The register of all England as on the last day of a period.

    partnerships: measures.partnership_state.Register.partnerships. warnings, judged: measures.stalls.Stalls. alone:
    la_code, schools, alone (in no partnership). within: a code → that of the area it lies in. areas: code → name.
    """

    day: date
    partnerships: pd.DataFrame
    warnings: pd.DataFrame
    judged: Mapping[str, frozenset[str]]
    alone: pd.DataFrame
    within: Mapping[str, str]
    areas: Mapping[str, str]

    def of(self, code: str) -> pd.DataFrame:
        """The partnerships that bear on an area, the nearest first."""
        found = bearing_on(self.partnerships, code, self.within)
        return found.sort_values("near", key=lambda near: near.map(_PLACES), kind="stable")


_PLACES = {"here": 0, "within": 1, "wider": 2}


def read(now: Shown) -> Works:
    """The register at the period and data version of `now`, whatever area it shows."""
    england = partnership_findings.everywhere(now)
    known = partnership_findings.known(now)
    return Works(
        day=england.day,
        partnerships=england.partnerships,
        warnings=known.stalls.warnings,
        judged=known.stalls.judged,
        alone=partnership_networks.isolation_everywhere(now),
        within=within(now.version),
        areas=partnerships.there(now.version).areas,
    )
