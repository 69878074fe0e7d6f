"""What is kept is made once, the oldest goes first, and two who ask at once get the same."""

import threading

import pytest

from data_access import access
from data_access.access import Viewer
from exports.kept import forget, kept


def test_what_was_asked_longest_ago_goes_first() -> None:
    made: list[int] = []

    @kept(2)
    def double(number: int) -> int:
        made.append(number)
        return 2 * number

    assert [double(n) for n in (1, 2, 1, 3, 1, 2)] == [2, 4, 2, 6, 2, 4]
    assert made == [1, 2, 3, 2]
    forget()
    assert double(1) == 2
    assert made[-1] == 1


def test_what_two_ask_for_at_once_is_made_once() -> None:
    made: list[int] = []
    both = threading.Barrier(2)

    @kept(2)
    def slow(number: int) -> object:
        made.append(number)
        threading.Event().wait(0.05)
        return object()

    found: list[object] = []

    def ask() -> None:
        both.wait()
        found.append(slow(1))

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [1]
    assert found[0] is found[1]


def test_a_failure_is_not_kept() -> None:
    asked: list[int] = []

    @kept(2)
    def fails_once(number: int) -> int:
        asked.append(number)
        if len(asked) == 1:
            raise ValueError("not yet")
        return number

    with pytest.raises(ValueError, match="not yet"):
        fails_once(5)
    assert fails_once(5) == 5


def test_what_is_of_schools_is_kept_apart_by_whose_may_be_seen() -> None:
    @kept(8, of_schools=True)
    def seen(what: str) -> str:
        return f"{what} for {access.viewer().schools_of}"

    for viewer in (Viewer(None), Viewer(frozenset({"202"})), Viewer(frozenset())) * 2:
        with access.acting_as(viewer):
            assert seen("figures") == f"figures for {viewer.schools_of}"
