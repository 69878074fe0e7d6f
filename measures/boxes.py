"""The cheapest box of cells that makes a hidden one safe: what it costs, and which cells it takes.

A box is two ways to move one from cell to cell, in opposite directions, in areas that add up: nothing that is shown
changes. See measures.protection.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from scipy.sparse import csr_array

BLOCKED = 1e12  # the cost of a cell that hiding cannot help: known already, or empty
AGAIN = 0.001  # the cost of a cell that was hidden before
SMALLEST = 1.0  # the cost of hiding any cell; its denominator is added


@dataclass(frozen=True)
class Moves:
    """The ways to move one from cell to cell within an area: moves × columns, 1 where a cell takes part.

    plus: cells that gain, minus: those that lose; a column is one phase × staff group, phases slowest.
    """

    plus: np.ndarray
    minus: np.ndarray

    @cached_property
    def taking_part(self) -> np.ndarray:
        """1 where a cell gains or loses."""
        return self.plus + self.minus

    @cached_property
    def sparse(self) -> tuple[csr_array, csr_array, csr_array]:
        """plus, minus, and columns × moves of taking_part: a move touches few columns.

        And dense products would wake threads that wait for each other on a busy machine.
        """
        return csr_array(self.plus), csr_array(self.minus), csr_array(self.taking_part.T)

    @cached_property
    def fitting(self) -> list[np.ndarray]:
        """For each column the moves that it takes part in."""
        return [np.flatnonzero(column) for column in self.taking_part.T]


def moves(
    phases: Sequence[str],
    groups: Sequence[str],
    phase_parents: Mapping[str, str | None],
    parents: Mapping[str, str | None],
) -> Moves:
    """Every way over the trees of phases and staff groups: all nodes of each, and what each node is a part of."""
    over_phases, over_groups = _over_tree(phases, phase_parents), _over_tree(groups, parents)
    signs = np.array([np.outer(p, g).ravel() for p in over_phases for g in over_groups])
    return Moves((signs > 0).astype(float), (signs < 0).astype(float))


def _over_tree(nodes: Sequence[str], parents: Mapping[str, str | None]) -> list[np.ndarray]:
    """+1 and −1 on the nodes that change when one is added to a leaf, or moved from one leaf to another."""
    inner = {parents[node] for node in nodes}
    leaves = [node for node in nodes if node not in inner]
    added = {}
    for leaf in leaves:
        on_path, node = np.zeros(len(nodes)), leaf
        while node is not None and node in nodes:
            on_path[nodes.index(node)] = 1.0
            node = parents[node]  # type: ignore[assignment]
        added[leaf] = on_path
    return [*added.values(), *(added[one] - added[other] for one, other in combinations(leaves, 2))]


class Boxes:
    """The cells of one indicator and period with what it costs to let each gain or lose one.

    hide: the cells hidden by now, which hide_box adds to; all else as in measures.protection.protect.
    """

    def __init__(
        self,
        n: np.ndarray,
        d: np.ndarray,
        hide: np.ndarray,
        known: np.ndarray,
        region_of: np.ndarray,
        ways: Moves,
        england: bool,
        share: bool,
        untold: np.ndarray | None,
        bounded: float,
        again: np.ndarray | None,
    ) -> None:
        self.hide, self.ways, self.england, self.bounded = hide, ways, england, bounded
        self.region_of, self.las = region_of, len(region_of)
        self.regions = len(n) - self.las - 1
        self.members = [np.flatnonzero(region_of == region) for region in range(self.regions)]
        self.every_way = np.arange(len(ways.plus))
        self.plus, self.minus, self.in_ways = ways.sparse
        there = ~np.isnan(d)
        weight = SMALLEST + np.nan_to_num(d)
        weight = np.where(known & ~hide, BLOCKED, weight if again is None else np.where(again, AGAIN, weight))
        self.weight, self.can_be_hidden = np.where(there, weight, BLOCKED), there & (weight < BLOCKED)
        if untold is not None:
            self.weight[untold] = 0.0
        # A count of nobody cannot fall, and one of everybody cannot rise.
        self.full, self.empty = there & (n >= d) & share, there & (n <= 0)
        self.gain, self.lose = (np.empty((len(n), len(ways.plus))) for _ in range(2))
        self.price(np.arange(len(n)))

    def price(self, areas: np.ndarray) -> None:
        """Set what each way costs in these areas: gain, with its signs as they are; lose, with all turned round."""
        cost = np.where(self.hide[areas], 0.0, self.weight[areas])
        rise, fall = cost + self.bounded * self.full[areas], cost + self.bounded * self.empty[areas]
        self.gain[areas] = (self.plus @ rise.T + self.minus @ fall.T).T
        self.lose[areas] = (self.plus @ fall.T + self.minus @ rise.T).T
        if not self.england:
            self.gain[-1] = self.lose[-1] = 0.0

    def cheapest(self) -> np.ndarray:
        """For each sign, area and way the cost of the cheapest box that it is part of."""
        best = np.full((2, *self.gain.shape), np.inf)
        for side, (mine, other) in enumerate(((self.gain, self.lose), (self.lose, self.gain))):
            region, top = mine[self.las : -1], mine[-1]
            least, second, which = self._least(other)
            least_mine = self._least(mine)[0]
            # Onwards from a region: up to England, or into another region and one of its authorities.
            upwards = region + np.minimum(top, _without_own(other[self.las : -1] + least))
            own = np.arange(self.las)[:, None] == which[self.region_of]
            beside = np.where(own, second[self.region_of], least[self.region_of])
            best[side, : self.las] = mine[: self.las] + np.minimum(beside, upwards[self.region_of])
            best[side, self.las : -1] = upwards + least_mine
            best[side, -1] = top + (region + least_mine).min(axis=0)
        return best

    def _least(self, costs: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """For each region and way: the least cost among its authorities, the second least, and whose the least is."""
        shape = (self.regions, costs.shape[1])
        least, second, which = np.full(shape, np.inf), np.full(shape, np.inf), np.full(shape, -1)
        for region, members in enumerate(self.members):
            if len(members):
                mine = costs[members]
                at = mine.argmin(axis=0)
                which[region] = members[at]
                least[region] = mine[at, self.every_way]
                mine[at, self.every_way] = np.inf
                second[region] = mine.min(axis=0)
        return least, second, which

    def safe(self, boxes: np.ndarray) -> np.ndarray:
        """True for the cells that a box holds which costs nothing."""
        return (self.in_ways @ (boxes.min(axis=0) <= 0).T.astype(float)).T > 0

    def box(self, boxes: np.ndarray, area: int, column: int) -> tuple[tuple[int, ...], int]:
        """The areas and the way of the cheapest box that holds a cell."""
        fitting = self.ways.fitting[column]
        side, at = np.unravel_index(boxes[:, area, fitting].argmin(), (2, len(fitting)))
        way = int(fitting[at])
        mine, other = (self.gain[:, way], self.lose[:, way])[:: -1 if side else 1]
        found: list[tuple[float, tuple[int, ...]]] = []
        england = len(mine) - 1
        if area == england:
            regions = [region for region, members in enumerate(self.members) if len(members)]
        else:
            regions = [int(self.region_of[area]) if area < self.las else area - self.las]
        for region in regions:
            members = self.members[region]
            if not len(members):
                continue
            start = area if area < self.las else int(members[mine[members].argmin()])
            beside = members[members != area]
            if area < self.las and len(beside):
                there = int(beside[other[beside].argmin()])
                if mine[area] + other[there] <= boxes[side, area, way]:
                    return (area, there), way
            up = mine[start] + mine[self.las + region]
            found.append((float(up + mine[england]), (start, self.las + region, england)))
            for second, theirs in enumerate(self.members):
                if area != england and second != region and len(theirs):
                    there = int(theirs[other[theirs].argmin()])
                    cost = float(up + other[self.las + second] + other[there])
                    found.append((cost, (start, self.las + region, self.las + second, there)))
        return min(found)[1], way

    def hide_box(self, areas: tuple[int, ...], way: int) -> None:
        """Hide the cells of a way in some areas, but those that hiding cannot help."""
        cells = self.ways.taking_part[way] > 0
        for area in areas:
            if area < len(self.hide) - 1 or self.england:
                self.hide[area] |= cells & self.can_be_hidden[area]


def _without_own(costs: np.ndarray) -> np.ndarray:
    """For each row the least of the other rows."""
    if len(costs) < 2:
        return np.full_like(costs, np.inf)
    least, at = costs.min(axis=0), costs.argmin(axis=0)
    second = np.partition(costs, 1, axis=0)[1]
    return np.where(np.arange(len(costs))[:, None] == at, second, least)
