"""How long partnerships last: a published example, a slow twin, and what must hold of any curve."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from measures import survival

# Remission in weeks of the 21 patients given 6-MP (Freireich and others, Blood 21, 1963), the example of many
# textbooks; the intervals are those that Collett, Modelling Survival Data, and Stata's manual print.
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PUBLISHED = [
    (6, 21, 3, 0.8571, 0.6197, 0.9516),
    (7, 17, 1, 0.8067, 0.5631, 0.9228),
    (10, 15, 1, 0.7529, 0.5032, 0.8894),
    (13, 12, 1, 0.6902, 0.4316, 0.8491),
    (16, 11, 1, 0.6275, 0.3675, 0.8049),
    (22, 7, 1, 0.5378, 0.2678, 0.7468),
    (23, 6, 1, 0.4482, 0.1881, 0.6801),
]
# Those given a placebo, of whom all relapsed.
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
LIVES = st.lists(st.tuples(st.integers(1, 40), st.booleans()), min_size=1, max_size=30)


def made(lives: list[tuple[int, bool]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([days for days, _ in lives]), np.array([over for _, over in lives])


def test_the_published_example_comes_out_as_published() -> None:
    found = survival.curve(np.array(WEEKS), np.array(RELAPSED, dtype=bool))
    assert found.iloc[0].tolist()[:2] == [0, 1.0]
    rows = found.iloc[1:][["day", "followed", "ended", "share", "lower", "upper"]].round(4)
    assert list(rows.itertuples(index=False, name=None)) == PUBLISHED
    assert survival.half_life(found) == survival.HalfLife(23, 13, None), "as published: no upper limit"
    assert survival.half_life_words(found.assign(day=found["day"] * 31), 99 * 31) == (
        "half had ended after 23 months (95% interval from 13 months, no upper limit seen)"
    )


def test_where_all_ended_the_curve_ends_at_nothing_and_the_groups_differ() -> None:
    over = np.ones(len(PLACEBO), dtype=bool)
    found = survival.curve(np.array(PLACEBO), over)
    assert found["share"].iloc[-1] == 0
    assert survival.half_life(found).days == 8
    both = np.array(WEEKS + PLACEBO), np.array([*map(bool, RELAPSED), *over])
    p = survival.difference(*both, np.array([0] * 21 + [1] * 21))
    assert p is not None
    assert p == pytest.approx(0.0000417, abs=1e-6), "log-rank χ² 16.79, as published"


def slow(lives: list[tuple[int, bool]]) -> dict[int, float]:
    """The product limit, day by day."""
    share, found = 1.0, {0: 1.0}
    for day in range(1, max(days for days, _ in lives) + 1):
        there = sum(days >= day for days, _ in lives)
        ends = sum(days == day and over for days, over in lives)
        if ends:
            share *= 1 - ends / there
            found[day] = share
    return found


@given(LIVES)
def test_it_is_the_product_limit_and_never_rises(lives: list[tuple[int, bool]]) -> None:
    found = survival.curve(*made(lives))
    expected = slow(lives)
    assert found["day"].tolist() == list(expected)
    assert np.allclose(found["share"], list(expected.values()))
    assert found["share"].iloc[0] == 1
    assert (np.diff(found["share"]) < 0).all()
    known = found.dropna(subset=["lower"])
    assert len(known) == len(found) - 1
    assert (known["lower"] <= known["share"] + 1e-12).all()
    assert (known["share"] <= known["upper"] + 1e-12).all()
    assert known[["lower", "upper"]].stack().between(0, 1).all()
    half = survival.half_life(found)
    if half.days is not None and half.lower is not None:
        assert half.lower <= half.days
    if half.upper is not None:
        assert half.days is not None
        assert half.days <= half.upper


@settings(max_examples=40)
@given(LIVES, st.data())
def test_one_that_goes_on_instead_of_ending_only_lengthens(lives: list[tuple[int, bool]], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(lives) - 1))
    longer = [(days, over and number != at) for number, (days, over) in enumerate(lives)]
    before, after = survival.curve(*made(lives)), survival.curve(*made(longer))
    for day in range(41):
        assert survival.at(after, day)[0] >= survival.at(before, day)[0] - 1e-12


def test_lives_count_both_ends_and_what_ends_later_still_goes_on() -> None:
    day = date(2012, 8, 31)
    began = [date(2012, 8, 31), date(2010, 9, 1), date(2010, 9, 1), date(2012, 8, 1)]
    days, over = survival.lives(began, [None, date(2010, 9, 1), date(2012, 9, 1), day], day)
    assert days.tolist() == [1, 1, 731, 31]
    assert over.tolist() == [False, True, False, True]


def test_nothing_and_too_little_say_so() -> None:
    nothing = np.array([], dtype=int), np.array([], dtype=bool)
    assert survival.curve(*nothing).empty
    assert survival.seen_until(nothing[0]) == 0
    assert survival.seen_until(np.array([1, 9, 3, 7, 5])) == 1
    assert survival.seen_until(np.array([1, 9, 3, 7, 5]), 2) == 7
    alive = np.array([400, 500, 800]), np.zeros(3, dtype=bool)
    found = survival.curve(*alive)
    assert len(found) == 1, "none ended"
    assert survival.difference(*alive, np.array([0, 1, 1])) is None
    assert survival.difference(*alive, np.array([1, 1, 1])) is None
    assert survival.followed(alive[0], 500) == 2
    said = "after 26 months, the longest that can be read, 100% still went on"
    assert survival.half_life_words(found, 800) == said, "no end, no variance, no interval"


def test_years_are_whole_months() -> None:
    assert [survival.months(days) for days in (29, 31, 365, 366, 730, 731)] == [0, 1, 12, 12, 24, 24]
