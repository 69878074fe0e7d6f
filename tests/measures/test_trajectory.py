"""The expected value: the straight line, stored points, the flat rule."""

from math import nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.trajectory import beats, expected
from tests.measures.slow import on_the_line

START, MIDDLE, END = 2010.0, 2011.0, 2012.0
figures = st.floats(0, 100, allow_nan=False, width=32)


def at(position: float, baseline: float, points: list[tuple[float, float]], better: str | None = "higher") -> float:
    return float(expected(np.array([baseline]), np.array([position]), START, points, better)[0])


def test_the_straight_line() -> None:
    assert [at(x, 40, [(END, 60)]) for x in (2009.3, START, 2010.5, MIDDLE, END, 2013)] == [40, 40, 45, 50, 60, 60]


def test_stored_points_bend_the_line() -> None:
    points = [(END, 60.0), (MIDDLE, 42.0)]
    assert [at(x, 40, points) for x in (START, 2010.5, MIDDLE, 2011.5, END)] == [40, 41, 42, 51, 60]


def test_a_baseline_beyond_the_target_stays_unless_points_are_stored() -> None:
    assert [at(x, 70, [(END, 60)]) for x in (START, MIDDLE, END)] == [70, 70, 70]
    assert [at(x, 50, [(END, 60)], "lower") for x in (START, MIDDLE, END)] == [50, 50, 50]
    assert at(END, 70, [(MIDDLE, 65), (END, 60)]) == 60


def test_without_baseline_target_or_direction_nothing_is_expected() -> None:
    assert [at(MIDDLE, nan, [(END, 60)]), at(MIDDLE, 40, []), at(MIDDLE, 40, [(END, 60)], None)] == pytest.approx(
        [nan] * 3, nan_ok=True
    )


def test_a_point_stored_for_the_baseline_itself_does_no_harm() -> None:
    assert at(MIDDLE, 40, [(START, 44), (END, 60)]) == 52


@given(
    baseline=st.one_of(figures, st.just(nan)),
    stored=st.lists(figures, max_size=3),
    target=figures,
    better=st.sampled_from(["higher", "lower"]),
    position=st.floats(2009, 2014, allow_nan=False),
)
def test_the_line_agrees_with_the_slow_twin(
    baseline: float, stored: list[float], target: float, better: str, position: float
) -> None:
    points = [(START + (i + 1) / 2, value) for i, value in enumerate(stored)] + [(END, target)]
    slow = on_the_line(baseline, START, points, better, position)
    assert at(position, baseline, points, better) == pytest.approx(slow, abs=1e-6, nan_ok=True)


@given(baseline=figures, target=figures, better=st.sampled_from(["higher", "lower"]))
def test_nobody_is_asked_to_get_worse(baseline: float, target: float, better: str) -> None:
    line = [at(x, baseline, [(END, target)], better) for x in (START, MIDDLE, END)]
    assert line == sorted(line, reverse=better == "lower")
    assert bool(beats(np.array([line[-1]]), target, better)[0])
