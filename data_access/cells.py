"""The cells of an indicator's tables: what is to be known of the indicator, and where each cell stands in an array."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from data_access.places import ENGLAND_CODE
from measures.boxes import moves
from measures.recovery import totals
from measures.sums import SUMS

PHASES: Mapping[str, str | None] = {"all": None, "primary": "all", "secondary": "all", "special": "all"}
CELL = ["staff_group", "phase", "indicator", "period"]
KEY = [*CELL, "la_code"]
FIGURES = SUMS


@dataclass(frozen=True)
class About:
    """What there is to know of an indicator: its thresholds, whether n is a share of d, England or one region."""

    code: str
    collected_from: str
    denominator_counts: str
    share: bool
    england: bool
    fewest_people: float
    fewest_units: float


def about(row: Mapping) -> About:
    """The same from a row of data_access.queries.indicators."""
    return About(
        row["code"],
        row["collected_from"],
        row["denominator_counts"],
        share=row["unit"] == "percent",
        england=row["scope"] == "England",
        fewest_people=row["fewest_people"],
        fewest_units=row["fewest_units"],
    )


class Layout:
    """Where each cell of an indicator stands in an array: areas × columns, a column one phase × staff group."""

    def __init__(
        self, regions: pd.DataFrame, groups: list[str], phases: list[str], parents: Mapping[str, str | None]
    ) -> None:
        self.las = pd.Index(regions["code"])
        self.regions = pd.Index(sorted(regions["region_code"].unique()))
        self.region_of = self.regions.get_indexer(pd.Index(regions["region_code"]))
        self.groups, self.phases = pd.Index(groups), pd.Index(phases)
        self.ways = moves(phases, groups, PHASES, parents)
        self.shape = (len(self.las) + len(self.regions) + 1, len(phases) * len(groups))
        self.areas = [*self.las, *self.regions, ENGLAND_CODE]
        self.part_of = [self._columns_under(of, parents) for of in ("phase", "group")]

    def column(self, rows: pd.DataFrame) -> np.ndarray:
        """The column of each row (phase, staff_group)."""
        return self.phases.get_indexer(pd.Index(rows["phase"])) * len(self.groups) + self.groups.get_indexer(
            pd.Index(rows["staff_group"])
        )

    def place(self, rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Area and column of each row of authorities (la_code, phase, staff_group)."""
        return self.las.get_indexer(pd.Index(rows["la_code"])), self.column(rows)

    def table(self, figures: np.ndarray, area: np.ndarray, column: np.ndarray) -> dict[str, np.ndarray]:
        """FIGURES of every area from those of authorities (rows × FIGURES); NaN where nothing was reported."""
        las = len(self.las)
        cells = np.zeros((len(FIGURES), *self.shape))
        cells[:, area, column] = figures.T
        for region in range(len(self.regions)):
            cells[:, las + region] = cells[:, :las][:, self.region_of == region].sum(axis=1)
        cells[:, -1] = cells[:, las:-1].sum(axis=1)
        return dict(zip(FIGURES, np.where(cells[0] == 0, np.nan, cells), strict=True))

    def _columns_under(self, of: str, parents: Mapping[str, str | None]) -> list[tuple[int, list[int]]]:
        """Each column with those of its parts: of phases for the same group, or of groups for the same phase."""
        found = []
        for p, phase in enumerate(self.phases):
            for g, group in enumerate(self.groups):
                if of == "phase":
                    parts = [(q, g) for q, other in enumerate(self.phases) if PHASES[other] == phase]
                else:
                    parts = [(p, h) for h, other in enumerate(self.groups) if parents[other] == group]
                if parts:
                    found.append((p * len(self.groups) + g, [q * len(self.groups) + h for q, h in parts]))
        return found

    def untold(self, d: np.ndarray, england: bool) -> np.ndarray:
        """True for empty cells that are not zero: parts of a total that nobody gave; England where it has none."""
        there, found = ~np.isnan(d), np.zeros(self.shape, dtype=bool)
        for parts_of in self.part_of:
            for total, parts in parts_of:
                only_total = np.flatnonzero(there[:, total] & ~there[:, parts].any(axis=1))
                found[np.ix_(only_total, np.array(parts))] = True
        found[-1] |= not england
        return found

    @cached_property
    def equations(self) -> csr_array:
        """Every total over its parts: measures.recovery.totals."""
        parts = [pair for parts_of in self.part_of for pair in parts_of]
        return totals(self.region_of, len(self.regions), parts, self.shape[1])
