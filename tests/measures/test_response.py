"""Which returns are in, and how each school stands."""

import pandas as pd
import pytest

from measures.response import by_school, missing, with_returns

PRIORITY = pd.Series({"a": "one", "b": "one", "c": "two", "d": None})


def rows(*cells: tuple[str, str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(cells, columns=["area_code", "indicator", "symbol", "status"])


@pytest.mark.parametrize(
    ("symbol", "due", "received"),
    [
        ("", True, True), ("c", True, True), ("u", True, True), ("low", True, True), ("k", True, True),
        ("~", True, True), ("x", True, False), (":", True, False), ("z", False, False), (".", False, False),
    ],
)  # fmt: skip
def test_a_return_is_due_unless_nothing_was_asked_and_in_unless_missing(symbol: str, due: bool, received: bool) -> None:
    row = with_returns(rows(("1", "a", symbol, "none"))).iloc[0]
    assert (bool(row["due"]), bool(row["received"])) == (due, received)


def test_each_school_is_counted_by_priority() -> None:
    frame = rows(
        ("1", "a", "", "on_track"), ("1", "b", "c", "none"), ("1", "c", "", "off_track"), ("1", "d", "", "on_track"),
        ("2", "a", "x", "none"), ("2", "b", "x", "none"), ("2", "c", "z", "none"), ("2", "d", "z", "none"),
        ("3", "a", "", "at_risk"), ("3", "b", "x", "none"), ("3", "c", "", "on_track"), ("3", "d", "z", "none"),
        ("4", "a", "z", "none"), ("4", "b", "z", "none"),
    )  # fmt: skip
    made = by_school(frame, PRIORITY).set_index("area_code")
    assert made.index.tolist() == ["1", "2", "3"]  # the fourth owes nothing
    assert made["response"].tolist() == ["all", "none", "part"]
    assert made[["due", "received"]].to_numpy().tolist() == [[4, 4], [2, 0], [3, 2]]
    assert made[["on_track", "judged"]].to_numpy().tolist() == [[2, 3], [0, 0], [1, 2]]
    assert made[["on_track_one", "judged_one"]].to_numpy().tolist() == [[1, 1], [0, 0], [0, 1]]
    assert made[["on_track_two", "judged_two"]].to_numpy().tolist() == [[0, 1], [0, 0], [1, 1]]
    owed = missing(frame)
    assert list(zip(owed["area_code"], owed["indicator"], strict=True)) == [("2", "a"), ("2", "b"), ("3", "b")]


def test_no_rows_make_no_schools() -> None:
    assert by_school(rows(), PRIORITY).empty
    assert missing(rows()).empty
