"""Counts of a programme that tell of a few people are found, and nothing else is left out."""

from itertools import product

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.telling import PARTS, tell, told

COUNT = st.none() | st.integers(0, 60)


def counts(participants: int | None, completed: int | None, promoted: int | None) -> dict[str, int | None]:
    return {"participants": participants, "completed": completed, "promoted": promoted}


@pytest.mark.parametrize(
    ("given_counts", "left_out"),
    [
        ((40, 30, 12), []),
        ((40, 40, 0), []),
        ((0, 0, 0), []),
        ((40, 31, 12), ["completed"]),
        ((40, 30, 9), ["promoted"]),
        ((9, 9, 0), ["participants", "completed", "promoted"]),
        ((10, 10, None), []),
        ((15, 5, 10), ["completed", "promoted"]),
        ((None, 30, None), ["completed"]),
        ((None, None, None), []),
    ],
)
def test_a_few_are_found_in_a_part_and_in_what_it_leaves(
    given_counts: tuple[int | None, int | None, int | None], left_out: list[str]
) -> None:
    assert tell(counts(*given_counts), 10) == left_out


@given(COUNT, COUNT, COUNT, st.integers(0, 20))
def test_no_group_of_a_few_can_be_read_from_what_is_told(
    participants: int | None, completed: int | None, promoted: int | None, fewest: int
) -> None:
    most = 60 if participants is None else participants  # the register takes no part above its whole
    there = counts(participants, *(None if part is None else min(part, most) for part in (completed, promoted)))
    left_out = tell(there, fewest)
    known = {name: count for name, count in there.items() if count is not None and name not in left_out}
    groups = {*known.values(), *(known["participants"] - known[part] for part in PARTS if part in known)}
    assert not any(0 < group < fewest for group in groups)
    assert tell({name: known.get(name) for name in there}, fewest) == []


def test_a_frame_keeps_all_but_what_tells_of_a_few() -> None:
    frame = pd.DataFrame([[40, 31, 12], [9, None, None], [None, None, None]], columns=["participants", *PARTS])
    frame = frame.astype(object).where(frame.notna(), None)
    assert told(frame, 10).to_numpy().tolist() == [[40, None, 12], [None, None, None], [None, None, None]]
    assert told(frame, 0).equals(frame)


def test_nobody_and_everybody_are_told_at_every_limit() -> None:
    for whole, fewest in product((0, 10, 500), (0, 1, 10)):
        assert tell(counts(whole, whole, 0), fewest) == []
