"""Figures are made one at a time, but none holds the others up for long."""

import threading
import time
from collections.abc import Callable

import pytest

from exports.turns import Turns

PATIENCE = 10.0  # seconds, after which a test has failed


def together(*jobs: Callable[[], None]) -> None:
    """Run all at once, each in a thread of its own, to the end."""
    threads = [threading.Thread(target=job, daemon=True) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()


def test_one_at_a_time() -> None:
    turns, inside, most = Turns(PATIENCE), [0], [0]

    def make() -> None:
        with turns.turn():
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            time.sleep(0.02)
            inside[0] -= 1

    together(*[make] * 8)
    assert (inside, most) == ([0], [1])


def test_what_is_made_within_a_turn_needs_none() -> None:
    turns, made = Turns(PATIENCE), []

    def outer() -> None:
        with turns.turn(), turns.turn():
            made.append(1)
        with turns.turn():
            made.append(2)

    together(outer)
    assert made == [1, 2]


def test_who_takes_long_lets_the_others_begin_and_its_end_ends_no_other_s_turn() -> None:
    turns, told = Turns(0.2), list[str]()
    second_began, first_ended = threading.Event(), threading.Event()

    def first() -> None:
        with turns.turn():
            told.append("first")
            assert second_began.wait(PATIENCE)
        first_ended.set()

    def second() -> None:
        while not told:
            time.sleep(0.001)
        with turns.turn():
            told.append("second")
            second_began.set()
            assert first_ended.wait(PATIENCE)
            told.append("second ends")

    def third() -> None:
        assert first_ended.wait(PATIENCE)
        with turns.turn():
            told.append("third")

    together(first, second, third)
    assert told[:2] == ["first", "second"]
    assert set(told[2:]) == {"second ends", "third"}


def test_a_turn_ends_with_what_went_wrong_in_it() -> None:
    turns = Turns(PATIENCE)
    with pytest.raises(ZeroDivisionError), turns.turn():
        _ = 1 / 0
    begun = time.monotonic()
    together(lambda: turns.turn().__enter__())
    assert time.monotonic() - begun < PATIENCE / 2
