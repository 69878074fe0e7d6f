"""What each edit changed, in words."""

from datetime import date

import pandas as pd

from measures.changes import FIRST, said

TITLES = {"title": "Title", "ended": "Ended", "count": "Answered", "areas": "Areas", "sure": "Sure"}


def states(*rows: dict[str, object]) -> pd.DataFrame:
    usual = {"title": "One", "ended": None, "count": 4, "areas": ["a"], "sure": False, "made_by": "Ann", "note": "x"}
    made = [usual | {"made_at": pd.Timestamp("2012-03-01", tz="UTC")} | row for row in rows]
    return pd.DataFrame(made, dtype=object)


def test_each_edit_says_what_it_changed_and_the_first_that_it_was_entered() -> None:
    made = said(
        states(
            {"title": "Two", "ended": date(2012, 1, 31), "areas": ["a", "b"], "sure": True, "made_by": "Ben"},
            {"count": 5, "note": "not told"},
            {"count": 4},
        ),
        TITLES,
    )
    assert made["what"].tolist() == [
        "Title: One → Two; Ended: empty → 2012-01-31; Answered: 5 → 4; Areas: a → a, b; Sure: no → yes",
        "Answered: 4 → 5",
        FIRST,
    ]
    assert made["made_by"].tolist() == ["Ben", "Ann", "Ann"]


def test_a_long_text_is_cut_and_no_history_is_no_row() -> None:
    made = said(states({"title": "y" * 500}, {}), TITLES)
    assert len(made["what"].iloc[0]) < 120
    assert said(states({}).iloc[:0], TITLES).empty
