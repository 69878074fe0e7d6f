"""What a run asks of the database's state is asked once, until something is written."""

from pathlib import Path

import pytest

from data_access.engine import get_engine, writing
from data_access.errors import DatabaseProblem
from data_access.once import a_run, once


def test_within_a_run_each_answer_is_asked_for_once_until_something_is_written(tmp_path: Path) -> None:
    """Also by whoever writes and is refused; runs know nothing of each other; outside one each call asks."""
    asked: list[int] = []

    @once
    def ask(number: int) -> int:
        asked.append(number)
        return len(asked)

    engine = get_engine(f"sqlite:///{tmp_path}/new.db")
    with a_run():
        assert [ask(1), ask(1), ask(2), ask(1)] == [1, 1, 2, 1]
        with writing(engine):
            pass
        assert [ask(1), ask(1)] == [3, 3]
        with pytest.raises(DatabaseProblem), writing(engine) as connection:
            connection.exec_driver_sql("insert into nowhere values (1)")
        assert ask(1) == 4
    assert [ask(1), ask(1)] == [5, 6]
    with a_run():
        assert ask(1) == 7


def test_an_answer_that_cannot_be_given_is_asked_for_again() -> None:
    """An error is no answer."""
    tries: list[int] = []

    @once
    def ask() -> str:
        tries.append(1)
        if len(tries) == 1:
            raise ValueError("not there")
        return "there"

    with a_run():
        with pytest.raises(ValueError, match="not there"):
            ask()
        assert ask() == "there"
