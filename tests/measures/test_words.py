"""Numbers as they are said, and read again from what is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures import words

VALUES = st.floats(-1e6, 1e6)


@given(VALUES, st.sampled_from(["percent", "rate", "gbp"]))
def test_what_is_said_can_be_read_again(value: float, unit: str) -> None:
    value += 0.0  # there is no negative zero among figures
    assert words.numbers_in(words.number(value, unit)) == [words.rounded(value, unit)]


@given(VALUES, VALUES)
def test_an_interval_has_two_numbers(lower: float, upper: float) -> None:
    assert words.numbers_in(words.interval(lower, upper, "rate")) == [round(lower, 1), round(upper, 1)]


@pytest.mark.parametrize("cell", ["c", "–", "no interval", "reference", "x: 3 of 40 schools", "– No judgement"])
def test_what_stands_in_place_of_a_number_is_none(cell: str) -> None:
    assert words.numbers_in(cell) == []
