"""Which figures of single schools to keep from those who may see all schools of an authority."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from data_access.cells import About
from measures.protection import Moves, moves, protect


def of_schools(
    sums: pd.DataFrame, register: pd.DataFrame, shown: pd.DataFrame, about: About, parents: Mapping[str, str | None]
) -> np.ndarray:
    """True for the rows of `sums` to hide.

    sums: period, area_code (URN), staff_group, n, d; register: urn, la_code, phase; shown: the cells of authorities
    that are shown (staff_group, period, la_code, phase). Where the other schools and the authority's own figures would
    tell a school's figure about too few people, the next smallest goes with it.
    """
    if about.denominator_counts != "people":
        return np.zeros(len(sums), dtype=bool)
    rows = sums.merge(register, left_on="area_code", right_on="urn", how="left")
    hidden = (rows["d"] < about.fewest_people).to_numpy(copy=True)
    groups = [group for group in parents if group in set(rows["staff_group"])]
    ways = moves(["all"], groups, {"all": None}, parents)
    cells = pd.MultiIndex.from_frame(shown[["period", "la_code", "phase", "staff_group"]].astype(object))
    pair, _ = pd.factorize(pd.MultiIndex.from_frame(rows[["period", "la_code"]].astype(object)))
    for number in np.unique(pair[hidden]):
        members = np.flatnonzero(pair == number)
        hidden[members] = _of_authority(rows.iloc[members], hidden[members], groups, ways, cells, share=about.share)
    return hidden


def _of_authority(
    rows: pd.DataFrame, must: np.ndarray, groups: list[str], ways: Moves, cells: pd.MultiIndex, *, share: bool
) -> np.ndarray:
    """The same for one authority and period; its phases stand where regions do in a table of areas."""
    school, urns = pd.factorize(rows["area_code"])
    phase_of, phases = pd.factorize(rows["phase"].to_numpy()[np.unique(school, return_index=True)[1]])
    column = pd.Index(groups).get_indexer(pd.Index(rows["staff_group"]))
    shape = (len(urns) + len(phases) + 1, len(groups))
    n, d = np.full(shape, np.nan), np.full(shape, np.nan)
    n[school, column], d[school, column] = rows["n"], rows["d"]
    hide, known = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    hide[school, column] = must
    period, la = rows["period"].iloc[0], rows["la_code"].iloc[0]
    for at, phase in enumerate([*phases, "all"], start=len(urns)):
        known[at] = pd.MultiIndex.from_tuples([(period, la, phase, group) for group in groups]).isin(cells)
    # What is shown of the authority is as it is; what is not tells those who see its schools nothing.
    untold = ~known
    untold[: len(urns)] = False
    n[known], d[known] = 1.0, 2.0
    return protect(n, d, hide, known, phase_of, ways, share=share, untold=untold)[school, column]
