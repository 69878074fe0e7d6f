"""Figures are made one at a time, but none holds the others up for long."""

import threading
import time
from collections.abc import Callable

import pytest

from exports.turns import Turns, behind_readers

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


def made_by_three() -> list[str]:
    """Whose figures are made, one after the other, by two that begin while a third has the turn; three figures each."""
    turns, order, asked = Turns(PATIENCE), list[str](), threading.Semaphore(0)

    def page(name: str, after: float, *, ahead: bool = False) -> None:
        if ahead:
            behind_readers()
        time.sleep(after)
        for _ in range(3):
            asked.release()
            with turns.turn():
                order.append(name)

    def busy() -> None:
        with turns.turn():
            for _ in range(3):
                assert asked.acquire(timeout=PATIENCE)
            time.sleep(0.05)  # until the last of them waits, too

    together(busy, lambda: page("ahead", 0.05, ahead=True), lambda: page("first", 0.1), lambda: page("second", 0.15))
    return order


def test_a_page_s_figures_are_made_before_those_of_pages_that_began_later() -> None:
    """And before what nobody asked for yet."""
    assert made_by_three() == ["first"] * 3 + ["second"] * 3 + ["ahead"] * 3


def test_who_goes_on_for_longer_than_a_page_takes_lets_others_in_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exports.turns.PAGE", -1.0)
    assert made_by_three() == ["first", "second"] * 3 + ["ahead"] * 3


def test_who_stops_waiting_holds_nobody_up() -> None:
    turns, waits, order = Turns(PATIENCE), threading.Event(), list[str]()

    class Stopped(threading.Condition):
        def wait(self, timeout: float | None = None) -> bool:
            waits.set()
            raise KeyboardInterrupt

    def has_it() -> None:
        with turns.turn():
            assert waits.wait(PATIENCE)

    def stops() -> None:
        time.sleep(0.05)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("exports.turns.threading.Condition", Stopped)
            with pytest.raises(KeyboardInterrupt):
                turns.turn().__enter__()
        order.append("stopped")

    together(has_it, stops)
    together(lambda: turns.turn().__enter__())
    assert order == ["stopped"]
