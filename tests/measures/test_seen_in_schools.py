"""Cells that rest on few schools are told by these; so they protect no other, or the schools are kept, too."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.boxes import moves
from measures.protection import protect_twice
from measures.sums import smallest_at_least
from tests.measures.intruder import Table, recovered
from tests.measures.test_protection import FEWEST_PEOPLE, added_up, drawn, equations, few, seeds, tables


@given(schools=st.lists(st.integers(1, 500), min_size=1, max_size=6))
def test_the_smallest_is_told_exactly_of_one_and_two_and_never_overstated(schools: list[int]) -> None:
    d = np.array(schools, dtype=float)
    least = float(smallest_at_least(np.array(len(d)), d.sum(), (d * d).sum()))
    assert 0 <= least <= d.min() + 1e-6
    if len(d) <= 2:
        assert least == pytest.approx(d.min(), abs=1e-6)


def test_of_no_school_there_is_none() -> None:
    assert smallest_at_least(np.zeros(1), np.zeros(1), np.zeros(1)).tolist() == [0.0]


@few
@given(table=tables(), seed=seeds)
def test_what_schools_tell_protects_no_figure_about_too_few_people(table: Table, seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, d = drawn(table, "mixed", rng)
    cells = added_up(table, n, d)
    own = cells[1] < FEWEST_PEOPLE
    seen = ~own & ~np.isnan(cells[1]) & (rng.random(own.shape) < 0.4)
    seen[len(table.region_of) :] = False
    ways = moves(list(table.phases), list(table.groups), table.phases, table.groups)
    hide, kept = protect_twice(
        *cells, own | seen, np.zeros_like(own), seen, table.region_of, ways, england=table.england
    )
    assert (hide >= own | seen).all()
    assert (kept <= seen).all()
    # To those who see the schools only what was not kept is told; to the others none of it.
    to_schools = hide & ~(seen & ~kept)
    assert not recovered(*equations(table, d, to_schools))[own[to_schools]].any()
    assert not recovered(*equations(table, d, hide)).any()


def test_no_school_is_kept_where_nothing_has_to_be_protected_from_those_who_see_it() -> None:
    table = Table(np.array([0, 0, 0]), 1, {"all": None}, {"all": None})
    cells = added_up(table, np.array([[4.0], [9], [30]]), np.array([[12.0], [20], [60]]))
    seen = np.array([True, False, False, False, False])[:, None]
    ways = moves(["all"], ["all"], table.phases, table.groups)
    hide, kept = protect_twice(*cells, seen, np.zeros_like(seen), seen, table.region_of, ways)
    assert hide[:, 0].tolist() == [True, True, False, False, False]
    assert not kept.any()
