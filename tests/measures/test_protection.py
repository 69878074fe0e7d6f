"""Which cells to leave out: no intruder works a hidden one out, from one version of a table or from several."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from measures import recovery
from measures.boxes import moves
from measures.protection import protect, protect_after
from measures.recovery import totals
from tests.measures.intruder import (
    Table,
    Tree,
    Version,
    recovered,
    recovered_over_versions,
    recovered_within_bounds,
)

ALONE: Tree = {"all": None}
PHASES: Tree = {"all": None, "primary": "all", "secondary": "all", "special": "all"}
GROUPS: list[Tree] = [
    ALONE,
    {"all": None, "teachers": "all"},
    {"all": None, "teachers": "all", "support": "all"},
    {"all": None, "teachers": "all", "early": "teachers", "experienced": "teachers"},
    {"all": None, "teachers": "all", "early": "teachers", "support": "all"},
    {"all": None, "teachers": "all", "support": "all", "catering": "support", "site": "support"},
    {"all": None, "support": "all", "catering": "support", "site": "support", "admin": "support"},
    {"teachers": None, "support": None},
]
KINDS = ["small", "mixed", "all or none", "rate"]
FEWEST_PEOPLE, FEWEST_UNITS = 10, 3

moderate = settings(deadline=None, max_examples=100)
few = settings(deadline=None, max_examples=40)
seeds = st.integers(0, 2**32 - 1)
History = tuple[Table, str, list[tuple[np.ndarray, np.ndarray]]]  # what kind of figures; n and d of each version


def first(tree: Tree, count: int) -> Tree:
    return {node: tree[node] for node in list(tree)[:count]}


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Two or three regions, some perhaps with nothing, and one to five authorities in the others."""
    sizes = draw(st.lists(st.integers(0, 5), min_size=2, max_size=3).filter(any))
    return Table(
        region_of=np.repeat(np.arange(len(sizes)), sizes),
        regions=len(sizes),
        phases=first(PHASES, draw(st.integers(1, 4))),
        groups=draw(st.sampled_from(GROUPS)),
        england=draw(st.booleans()),
    )


def drawn(table: Table, kind: str, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Numerator and denominator of authorities × leaf columns; 0 people where there is nothing."""
    shape = len(table.region_of), table.columns.shape[1]
    d = rng.integers(0, 60 if kind == "mixed" else 15, shape) * (rng.random(shape) > rng.choice([0, 0.2, 0.5]))
    if kind == "all or none":
        n = d * rng.integers(0, 2, shape)
    elif kind == "rate":
        n = (d > 0) * rng.integers(0, 50, shape)
    else:
        n = rng.binomial(d, 0.5)
    return n.astype(float), d.astype(float)


def added_up(table: Table, n: np.ndarray, d: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Numerator and denominator of areas × columns, NaN where there is nothing or nothing is published."""
    n, d = table.add_up(n), table.add_up(d)
    nothing = d == 0
    nothing[-1] |= not table.england
    return np.where(nothing, np.nan, n), np.where(nothing, np.nan, d)


def sensitive(table: Table, d: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Few people, or few units; now and then any other cell, as if hidden before."""
    schools = rng.integers(1, 5, d.shape) * (d > 0)
    cells, units = table.add_up(d), table.add_up(schools)
    there = cells > 0
    there[-1] &= table.england
    by_units, before = rng.random() < 0.5, rng.random(cells.shape) < rng.choice([0, 0.1])
    return there & ((units < FEWEST_UNITS if by_units else cells < FEWEST_PEOPLE) | before)


def hidden(
    table: Table, n: np.ndarray, d: np.ndarray, must: np.ndarray, known: np.ndarray | None = None, *, share: bool = True
) -> np.ndarray:
    """What protect hides, from the smallest cells."""
    ways = moves(list(table.phases), list(table.groups), table.phases, table.groups)
    known = np.zeros_like(must) if known is None else known
    cells = added_up(table, n, d)
    return protect(*cells, must, known, table.region_of, ways, england=table.england, share=share)


def equations(table: Table, d: np.ndarray, hide: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The shown and the hidden sums over the smallest cells that are not empty."""
    there = ~np.isnan(added_up(table, d, d)[1])
    sums = table.sums(d > 0)
    return sums[there & ~hide], sums[hide]


# The intruder himself: he finds what there is to find, and nothing else.

PAIR = Table(np.array([0, 0]), 1, ALONE, ALONE)
TRIO = Table(np.array([0, 0, 0]), 1, ALONE, ALONE)


def column(*cells: float) -> np.ndarray:
    return np.array(cells)[:, None]


def test_the_intruder_subtracts() -> None:
    d = column(8.0, 40.0)
    assert recovered(*equations(PAIR, d, column(True, False, False, False))).tolist() == [True]
    assert recovered(*equations(PAIR, d, column(True, True, False, False))).tolist() == [False, False]
    assert recovered(*equations(PAIR, d, column(True, False, True, False))).tolist() == [True, True]
    assert recovered(*equations(PAIR, d, column(True, False, True, True))).tolist() == [False, False, False]


@few
@given(table=tables(), seed=seeds)
def test_the_intruder_agrees_with_the_rank(table: Table, seed: int) -> None:
    rng = np.random.default_rng(seed)
    _, d = drawn(table, "mixed", rng)
    shown, hid = equations(table, d, ~np.isnan(added_up(table, d, d)[1]) & (rng.random((len(table.areas), 1)) < 0.5))
    assume(len(hid))
    rank = np.linalg.matrix_rank(shown) if shown.size else 0
    slow = [np.linalg.matrix_rank(np.vstack([shown, row])) == rank for row in hid]
    assert recovered(shown, hid).tolist() == slow


def test_the_intruder_knows_that_nobody_is_fewer_than_none() -> None:
    n, d = np.array([0.0, 0.0]), np.array([8.0, 40.0])
    shown, hid = equations(PAIR, d[:, None], column(True, True, False, False))
    assert [fixed.tolist() for fixed in recovered_within_bounds(shown, hid, n, d)] == [[True] * 2, [False] * 2]
    full = recovered_within_bounds(shown, hid, d, d)
    assert [fixed.tolist() for fixed in full] == [[False] * 2, [False] * 2]
    some = recovered_within_bounds(shown, hid, np.array([0.0, 5.0]), d)
    assert [fixed.tolist() for fixed in some] == [[False] * 2, [False] * 2]


def test_the_intruder_puts_two_versions_together() -> None:
    shown_total = column(True, True, False, False, False)
    first_time = Version(column(1.0, 2, 9), column(6.0, 15, 36), shown_total)
    then = Version(column(1.0, 2, 1), column(6.0, 15, 3), column(True, True, True, False, False))
    found = recovered_over_versions(TRIO, [first_time, then])
    assert [cells[:3, 0].tolist() for cells in found] == [[False] * 3, [False, False, True]]


# One version.


@moderate
@given(table=tables(), kind=st.sampled_from(KINDS), seed=seeds)
def test_what_must_be_hidden_is_and_nothing_empty_ever(table: Table, kind: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, d = drawn(table, kind, rng)
    must = sensitive(table, d, rng)
    known = ~must & (rng.random(must.shape) < rng.choice([0, 0.3]))
    given_must = must.copy()
    hide = hidden(table, n, d, must, known, share=kind != "rate")
    assert hide[must].all()
    assert not hide[np.isnan(added_up(table, n, d)[1])].any()
    assert not hide[known].any()
    assert hide.any() == must.any()
    assert (must == given_must).all()
    assert (hidden(table, n, d, must, known, share=kind != "rate") == hide).all()


@moderate
@given(table=tables(), kind=st.sampled_from(KINDS), seed=seeds)
def test_no_hidden_cell_follows_from_those_shown(table: Table, kind: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, d = drawn(table, kind, rng)
    hide = hidden(table, n, d, sensitive(table, d, rng), share=kind != "rate")
    assert not recovered(*equations(table, d, hide)).any()


@few
@given(table=tables(), kind=st.sampled_from(KINDS), seed=seeds)
def test_nor_does_it_from_knowing_that_a_share_lies_between_none_and_all(table: Table, kind: str, seed: int) -> None:
    """Neither numerator nor denominator, in any table with nothing known before.

    A cell with people in it, and every total above it, can always gain one (not all are counted) or lose one (some
    are), so that hiding all totals up to England protects even a table of nothing but none and all.
    """
    rng = np.random.default_rng(seed)
    n, d = drawn(table, kind, rng)
    hide = hidden(table, n, d, sensitive(table, d, rng), share=kind != "rate")
    shown, hid = equations(table, d, hide)
    assume(len(hid))
    of_n, of_d = recovered_within_bounds(shown, hid, n[d > 0], d[d > 0], share=kind != "rate")
    assert not of_n.any()
    assert not of_d.any()


@pytest.mark.parametrize("counted", [0.0, 1.0], ids=["none", "all"])
def test_where_a_figure_is_none_or_all_everywhere_totals_are_hidden_up_to_england(counted: float) -> None:
    table = Table(np.array([0, 0, 1]), 2, ALONE, ALONE)
    d = column(8.0, 40.0, 30.0)
    hide = hidden(table, counted * d, d, added_up(table, d, d)[1] < FEWEST_PEOPLE)
    assert hide[:, 0].tolist() == [True, False, False, True, False, True]


@moderate
@given(table=tables(), seed=seeds)
def test_the_order_of_authorities_does_not_matter(table: Table, seed: int) -> None:
    """Sizes that no two sums of cells share: ties go to whoever comes first."""
    rng = np.random.default_rng(seed)
    shape = len(table.region_of), table.columns.shape[1]
    d = rng.integers(10**6, 10**8, shape).astype(float)
    n = np.floor(d / 2)
    must = rng.random((len(table.areas), len(table.columns))) < 0.1
    must &= ~np.isnan(added_up(table, n, d)[1])
    turned = np.lexsort((rng.random(len(d)), table.region_of))
    rows = np.concatenate([turned, np.arange(len(d), len(must))])
    assert (hidden(table, n[turned], d[turned], must[rows]) == hidden(table, n, d, must)[rows]).all()


# Several versions.


def published(table: Table, leaves: list[tuple[np.ndarray, np.ndarray]], *, share: bool = True) -> list[Version]:
    """Each version protected as it comes, with those before it in mind."""
    ways = moves(list(table.phases), list(table.groups), table.phases, table.groups)
    equations = totals(table.region_of, table.regions, under(table), len(table.columns))
    made: list[Version] = []
    before: list[recovery.Version] = []
    for n, d in leaves:
        cells_n, cells_d = added_up(table, n, d)
        nothing = np.zeros(cells_d.shape, dtype=bool)
        untold = nothing.copy()
        untold[-1] = not table.england
        now = recovery.Version(cells_n, cells_d, nothing, cells_d < FEWEST_PEOPLE, untold)
        hide = protect_after(now, before, table.region_of, ways, equations, england=table.england, share=share)
        before.append(replace(now, hide=hide))
        made.append(Version(n, d, hide))
    return made


def under(table: Table) -> list[tuple[int, list[int]]]:
    """Each column that is a total, and its parts."""
    phases, groups = list(table.phases), list(table.groups)
    found = []
    for p, phase in enumerate(phases):
        for g, group in enumerate(groups):
            of_phases = [q * len(groups) + g for q, other in enumerate(phases) if table.phases[other] == phase]
            of_groups = [p * len(groups) + h for h, other in enumerate(groups) if table.groups[other] == group]
            found += [(p * len(groups) + g, parts) for parts in (of_phases, of_groups) if parts]
    return found


def _as_before(
    table: Table, before: list[Version], n: np.ndarray, d: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Areas × columns: is there anything; shown before with these sums; hidden before with these sums."""
    now_n, now_d = added_up(table, n, d)
    there = ~np.isnan(now_d)
    known, kept = np.zeros_like(there), np.zeros_like(there)
    for version in before:
        then_n, then_d = added_up(table, version.n, version.d)
        same = (now_n == then_n) & (now_d == then_d)
        known |= same & ~version.hide
        kept |= same & version.hide
    return there, known, kept


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Two or three versions, each with other figures for one authority or two."""
    table, kind = draw(tables()), draw(st.sampled_from(["small", "mixed", "rate"]))
    later, rng = draw(st.integers(1, 2)), np.random.default_rng(draw(seeds))
    return table, kind, told(table, kind, drawn(table, kind, rng), later, rng)


def told(
    table: Table, kind: str, start: tuple[np.ndarray, np.ndarray], later: int, rng: np.random.Generator
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Figures, and then others for one authority or two, as often as `later` says."""
    made = [start]
    for _ in range(later):
        fresh, last = drawn(table, kind, rng), made[-1]
        changed = np.zeros(last[0].shape, dtype=bool)
        changed[rng.integers(0, len(changed), rng.integers(1, 3))] = True
        changed &= rng.random(changed.shape) < rng.choice([0.5, 1])
        made.append((np.where(changed, fresh[0], last[0]), np.where(changed, fresh[1], last[1])))
    return made


def given_away(table: Table, versions: list[Version]) -> bool:
    """Whether all versions together determine a cell about too few people that none shows with the same figures.

    Left out: what would follow even if all versions but the first had hidden all that was not shown before.
    """
    found = recovered_over_versions(table, versions)
    careful = versions[:1]
    for at, version in enumerate(versions[1:], start=1):
        there, known, _ = _as_before(table, versions[:at], version.n, version.d)
        careful.append(Version(version.n, version.d, version.hide | (there & ~known)))
    hopeless = recovered_over_versions(table, careful)
    shown = [_as_before(table, versions, version.n, version.d)[1] for version in versions]
    few = [added_up(table, version.n, version.d)[1] < FEWEST_PEOPLE for version in versions]
    return any(
        (cells & own & ~lost & ~seen).any() for cells, own, lost, seen in zip(found, few, hopeless, shown, strict=True)
    )


def given_away_at_once(table: Table, versions: list[Version]) -> bool:
    """Whether a version alone determines a cell that hiding all but what was shown before would have kept."""
    for at, version in enumerate(versions):
        there, known, _ = _as_before(table, versions[:at], version.n, version.d)
        shown, hid = equations(table, version.d, version.hide)
        hopeless = recovered(equations(table, version.d, there & ~known)[0], hid)
        if (recovered(shown, hid) & ~hopeless).any():
            return True
    return False


@moderate
@given(history=histories())
def test_a_later_version_by_itself_gives_nothing_away(history: History) -> None:
    table, kind, leaves = history
    assert not given_away_at_once(table, published(table, leaves, share=kind != "rate"))


def test_one_way_in_one_authority_and_another_in_the_next_keep_a_cell() -> None:
    """The first authority's total and the region's primary schools were shown before: in the later version only this
    move is left: primary to secondary in the first; one more primary in the second, its total and the totals above.
    """
    table = Table(np.array([0, 0]), 1, first(PHASES, 3), ALONE)
    before = np.array([[3.0, 10], [15, 26]]), np.array([[9.0, 22], [21, 57]])
    later = np.array([[3.0, 10], [15, 0]]), np.array([[9.0, 22], [21, 0]])
    assert not given_away_at_once(table, published(table, [before, later]))


@few
@given(history=histories())
def test_nor_do_all_versions_together(history: History) -> None:
    table, kind, leaves = history
    assert not given_away(table, published(table, leaves, share=kind != "rate"))


def test_a_pair_hidden_before_does_not_hide_a_third() -> None:
    """The two add up to what the first version told: the third is what the second version's total leaves."""
    leaves = [(column(1.0, 0, 0), column(6.0, 15, 36)), (column(1.0, 0, 2), column(6.0, 15, 3))]
    assert not given_away(TRIO, published(TRIO, leaves))


def after(
    before: list[tuple[np.ndarray, np.ndarray]], now: tuple[np.ndarray, np.ndarray], change: np.ndarray, hid: np.ndarray
) -> np.ndarray:
    """What protect_after hides of TRIO where `change` since the last version must not be known; hid: hidden before."""
    nothing = np.zeros((5, 1), dtype=bool)
    seen = [recovery.Version(*added_up(TRIO, *leaf), hide, nothing, nothing) for leaf, hide in [(before[0], hid)]]
    latest = recovery.Version(*added_up(TRIO, *now), nothing, nothing, nothing)
    ways = moves(["all"], ["all"], ALONE, ALONE)
    return protect_after(
        latest, seen, TRIO.region_of, ways, totals(TRIO.region_of, 1, [], 1), england=True, apart=[change]
    )


def test_a_change_that_must_not_be_known_is_hidden_with_the_totals_above() -> None:
    """The first authority grew by one school: the others were shown before, so only the totals can keep it."""
    before, now = (column(5.0, 20, 30), column(30.0, 60, 70)), (column(7.0, 20, 30), column(35.0, 60, 70))
    change = column(True, False, False, True, True)
    hide = after([before], now, change, column(False, False, False, False, False).astype(bool))
    assert hide[:, 0].tolist() == [True, False, False, True, True]


def test_nor_do_totals_tell_the_change_of_a_cell_that_was_hidden_before() -> None:
    """The first two were hidden: region less region is what the first one grew by, though neither is known."""
    before, now = (column(5.0, 20, 30), column(30.0, 60, 70)), (column(7.0, 20, 30), column(35.0, 60, 70))
    change, hid = column(True, False, False, False, False), column(True, True, False, False, False)
    hide = after([before], now, change.astype(bool), hid.astype(bool))
    assert hide[3, 0]
    assert hide[4, 0]


def test_a_cell_whose_change_is_known_is_as_good_as_the_one_before() -> None:
    """Of three versions the last follows from each of the others, so these follow from one another, too."""
    nothing = np.zeros((5, 1), dtype=bool)
    three = [recovery.Version(*added_up(TRIO, column(1.0, 2, 3), column(d, 60, 70)), nothing, nothing, nothing)
             for d in (30.0, 35, 20)]  # fmt: skip
    first_cell = column(True, False, False, False, False).astype(bool)
    made = recovery.as_one(three, [nothing, first_cell])
    assert [recovery.same(made[2], then)[:3, 0].tolist() for then in made[:2]] == [[False, True, True], [True] * 3]
    assert recovery.same(*recovery.as_one(three, [first_cell, first_cell])[:2])[0, 0]
    # A protector that was shown is none any more where the change is known: the total above is hidden instead.
    ways = moves(["all"], ["all"], ALONE, ALONE)
    figures = added_up(TRIO, column(1.0, 2, 1), column(20.0, 60, 6))
    now = recovery.Version(*figures, nothing, column(False, False, True, False, False).astype(bool), nothing)
    *before, last = recovery.as_one([three[0], now], [first_cell])
    hide = protect_after(last, before, TRIO.region_of, ways, totals(TRIO.region_of, 1, [], 1))
    assert hide[:, 0].tolist() == [False, False, True, True, True]


def others_given_away(table: Table, versions: list[Version]) -> bool:
    """Whether a cell that was hidden for others' sake only follows, which hiding all not shown before would keep."""
    alone = [recovered_over_versions(table, [version])[0] for version in versions]
    careful = versions[:1]
    for at, version in enumerate(versions[1:], start=1):
        there, known, _ = _as_before(table, versions[:at], version.n, version.d)
        careful.append(Version(version.n, version.d, version.hide | (there & ~known)))
    hopeless = recovered_over_versions(table, careful)
    found = recovered_over_versions(table, versions, totals_too=False)
    shown = [_as_before(table, versions, version.n, version.d)[1] for version in versions]
    parts = list(zip(found, hopeless, alone, shown, strict=True))[:-1]
    return any((cells & ~lost & ~by_itself & ~seen).any() for cells, lost, by_itself, seen in parts)


@few
@given(history=histories())
def test_nor_do_they_give_away_what_protected_another(history: History) -> None:
    table, kind, leaves = history
    assert not others_given_away(table, published(table, leaves, share=kind != "rate"))


@pytest.mark.parametrize("seed", [88, 639, 895])
def test_what_is_hidden_more_is_added_to_what_was_tried(seed: int) -> None:
    """Histories that gave something away where each try to hide more began anew."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(0, 6, rng.integers(2, 4))
    region_of = np.repeat(np.arange(len(sizes)), sizes)
    phases, groups = first(PHASES, int(rng.integers(1, 5))), GROUPS[rng.integers(len(GROUPS))]
    table = Table(region_of, len(sizes), phases, groups, england=bool(rng.integers(2)))
    kind = ["small", "mixed", "rate"][rng.integers(3)]
    start = drawn(table, kind, rng)
    leaves = told(table, kind, start, int(rng.integers(1, 3)), rng)
    versions = published(table, leaves, share=kind != "rate")
    assert not given_away(table, versions)
    assert not others_given_away(table, versions)
