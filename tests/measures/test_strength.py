"""How strong evidence is: each rule at its edges, and what must hold of any evidence."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.strength import (
    FRESH_YEARS,
    KINDS,
    LEVELS,
    RULES,
    STRENGTHS,
    judge,
    response_words,
    strongest,
    with_strength,
)

ON = date(2012, 8, 31)
FRESH = date(2011, 5, 31)
counts = st.integers(0, 400)
kinds = st.sampled_from(list(KINDS))


def level(kind: str, invited: int | None, responded: int | None, *, compared: bool = False, on: date = ON) -> str:
    return judge(kind, invited, responded, compared, FRESH, on).level


@pytest.mark.parametrize(
    ("kind", "invited", "responded", "compared", "found"),
    [
        ("administrative", 1000, 950, False, "strong"),
        ("administrative", 1000, 949, False, "moderate"),
        ("administrative", 1000, 800, False, "moderate"),
        ("administrative", 1000, 799, False, "limited"),
        ("administrative", None, 9000, False, "limited"),
        ("administrative", None, None, False, "limited"),
        ("survey", 200, 120, False, "strong"),
        ("survey", 201, 120, False, "moderate"),
        ("survey", 150, 99, False, "moderate"),
        ("survey", 200, 60, False, "moderate"),
        ("survey", 200, 59, False, "limited"),
        ("survey", 49, 49, False, "limited"),
        ("survey", None, 5000, False, "limited"),
        ("survey", 5000, None, False, "limited"),
        ("evaluation", 80, 50, True, "strong"),
        ("evaluation", 84, 50, True, "moderate"),
        ("evaluation", 49, 49, True, "moderate"),
        ("evaluation", None, 20, True, "moderate"),
        ("evaluation", 19, 19, True, "limited"),
        ("evaluation", 80, 50, False, "moderate"),
        ("evaluation", 84, 50, False, "limited"),
        ("evaluation", None, 500, False, "limited"),
        ("focus_group", 24, 24, False, "moderate"),
        ("focus_group", None, 24, False, "moderate"),
        ("focus_group", 30, 23, False, "limited"),
        ("focus_group", 9000, 9000, False, "moderate"),
        ("focus_group", None, None, False, "limited"),
    ],
)
def test_each_rule_at_its_edges(
    kind: str, invited: int | None, responded: int | None, compared: bool, found: str
) -> None:
    assert level(kind, invited, responded, compared=compared) == found


def test_old_evidence_counts_one_level_less_and_says_so() -> None:
    last = date(FRESH.year + FRESH_YEARS, FRESH.month, FRESH.day)
    assert level("survey", 200, 150, on=last) == "strong"
    old = judge("survey", 200, 150, False, FRESH, last.replace(day=last.day - 1, month=last.month + 1))
    assert old.level == "moderate"
    assert "more than 4 years before" in old.reason
    assert level("survey", 200, 10, on=date(2030, 1, 1)) == "limited", "there is nothing below limited"


def test_evidence_of_a_leap_day_grows_old_like_any_other() -> None:
    assert judge("survey", 200, 150, False, date(2008, 2, 29), date(2012, 2, 29)).level == "strong"
    assert judge("survey", 200, 150, False, date(2008, 2, 29), date(2012, 3, 1)).level == "moderate"


def test_the_reason_says_what_the_rule_saw() -> None:
    assert judge("survey", 410, 254, False, FRESH, ON).reason == "254 of 410 answers, 62%"
    assert judge("focus_group", None, 15, False, FRESH, ON).reason == "15 took part"
    assert judge("administrative", None, None, False, FRESH, ON).reason == "completeness not stated"
    assert judge("survey", None, 60, False, FRESH, ON).reason == "60, out of how many is not stated"
    assert judge("evaluation", 80, 60, True, FRESH, ON).reason == "60 of 80 kept, 75%; with a comparison group"


def test_the_rule_is_told_for_every_kind_and_strength() -> None:
    assert set(RULES) == set(KINDS)
    assert all(set(rule) == set(STRENGTHS) == set(LEVELS) for rule in RULES.values())
    assert all(text.endswith(".") for rule in RULES.values() for text in rule.values())


@given(kinds, st.integers(1, 400), counts, counts, st.booleans())
def test_more_answers_never_weaken(kind: str, invited: int, some: int, others: int, compared: bool) -> None:
    fewer, more = sorted(min(invited, answers) for answers in (some, others))
    weaker, stronger = (LEVELS.index(level(kind, invited, answers, compared=compared)) for answers in (fewer, more))
    assert weaker <= stronger


@given(kinds, st.integers(1, 400), counts, st.booleans(), st.integers(0, 12), st.integers(0, 12))
def test_a_comparison_group_never_weakens_and_age_never_strengthens(
    kind: str, invited: int, answers: int, compared: bool, one: int, other: int
) -> None:
    answers = min(invited, answers)
    with_group, without = (LEVELS.index(level(kind, invited, answers, compared=group)) for group in (True, False))
    assert without <= with_group
    sooner, later = (date(2011 + years, 6, 1) for years in sorted((one, other)))
    assert LEVELS.index(level(kind, invited, answers, compared=compared, on=sooner)) >= LEVELS.index(
        level(kind, invited, answers, compared=compared, on=later)
    )


@given(kinds, counts, st.booleans())
def test_what_is_not_stated_is_never_stronger_than_what_is(kind: str, answers: int, compared: bool) -> None:
    unknown = LEVELS.index(level(kind, None, answers, compared=compared))
    assert unknown <= LEVELS.index(level(kind, max(answers, 1), answers, compared=compared))
    assert level(kind, max(answers, 1), None, compared=compared) == "limited"


def test_a_register_is_judged_row_by_row_from_its_last_day() -> None:
    frame = pd.DataFrame(
        {
            "kind": ["survey", "survey", "focus_group"],
            "invited": [200, 200, None],
            "responded": [150, 150, 8],
            "compared": False,
            "began": [date(2006, 1, 1)] * 3,
            "ended": [date(2011, 1, 1), None, None],
        },
        index=[7, 8, 9],
    )
    made = with_strength(frame, ON)
    assert made["strength"].tolist() == ["strong", "moderate", "limited"]
    assert made.index.tolist() == [7, 8, 9]
    assert with_strength(frame.iloc[:0], ON)["strength"].tolist() == []


def test_the_strongest_of_some_and_of_none() -> None:
    assert strongest(pd.Series(["limited", "strong", "moderate"])) == "strong"
    assert strongest(pd.Series([], dtype=object)) == ""


def test_a_response_in_words() -> None:
    assert response_words(410, 254) == "254 of 410 (62%)"
    assert [response_words(None, None), response_words(None, 9), response_words(30, None)] == [
        "not stated",
        "9",
        "30 asked",
    ]
