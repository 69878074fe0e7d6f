"""Impacts and challenges counted: the best of a level, too soon is no impact, states as on the day."""

from datetime import date

import pandas as pd
import pytest

from measures import partnership_impacts as impacts
from measures.partnership_state import Register
from tests.measures.test_stalls import DAY, register, sheets


def of(*rated: tuple[str, str, str]) -> Register:
    made = sheets(codes=("P0001", "P0002"))
    made["impacts"] = pd.DataFrame(
        [{"partnership": code, "impact": impact, "rating": rating, "noted_on": DAY} for code, impact, rating in rated],
        columns=["partnership", "impact", "rating", "noted_on"],
        dtype=object,
    )
    return register(made)


RATED = of(
    ("P0001", "schools.enjoyment", "emerging"),
    ("P0001", "schools.links_with_la", "clear"),
    ("P0001", "pupils.too_soon", "clear"),
    ("P0002", "schools.enjoyment", "none"),
    ("P0002", "pupils.indications", "emerging"),
    ("P0002", "pupils.too_soon", "clear"),
)


def test_a_level_shows_the_best_of_its_impacts_and_too_soon_is_none_of_them() -> None:
    made = impacts.ratings(RATED, None)
    rows = {(row["partnership"], row["column"]): (row["rating"], row["of"]) for row in made.to_dict("records")}
    assert rows == {
        ("P0001", "schools"): ("clear", 2),
        ("P0002", "schools"): ("none", 1),
        ("P0002", "pupils"): ("emerging", 1),
    }
    counts = impacts.by_kind(made).set_index("column")
    assert counts.loc["schools", ["none", "emerging", "clear", "rated"]].tolist() == [1, 0, 1, 2]


def test_a_level_s_own_impacts_are_as_they_are_rated() -> None:
    made = impacts.ratings(RATED, "pupils")
    assert sorted(zip(made["partnership"], made["column"], made["rating"], strict=True)) == [
        ("P0001", "pupils.too_soon", "clear"),
        ("P0002", "pupils.indications", "emerging"),
        ("P0002", "pupils.too_soon", "clear"),
    ]
    assert set(made["column"]) <= set(impacts.columns_of("pupils"))
    with pytest.raises(KeyError):
        impacts.columns_of("staff")


def test_nothing_rated_is_no_rating() -> None:
    for level in (None, "la"):
        made = impacts.ratings(of(), level)
        assert made.empty
        assert impacts.by_kind(made).empty


def test_challenges_are_counted_by_state_as_on_the_day() -> None:
    rows = [
        {"partnership": "P0001", "noted_on": date(2012, 9, 9)},
        {"partnership": "P0002", "state": "surmounted", "noted_on": date(2012, 9, 9)},
        {"partnership": "P0002", "challenge": "complexity", "state": "surmounted", "noted_on": DAY},
    ]
    made = impacts.challenges(register(sheets(challenges=rows, codes=("P0001", "P0002"))))
    assert made.loc["workload"].to_dict() == {"open": 1, "being_worked_on": 0, "surmounted": 0, "later": 1}
    assert made.loc["complexity", "surmounted"] == 1
    assert made.to_numpy().sum() == 3
    assert impacts.challenges(register(sheets(challenges=rows, ended=DAY))).to_numpy().sum() == 0
