"""The health check: what is in place, what moved, what comes next, and the outline of a memorandum."""

from datetime import date

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from measures import health
from measures.partnership_words import ANSWERS, CHECKS

FIRST, SECOND = date(2010, 1, 27), date(2010, 8, 25)


def rows(**days: dict[str, str]) -> pd.DataFrame:
    """Rows of the sheet: 'first' and 'second' → item → answer."""
    when = {"first": FIRST, "second": SECOND}
    made = [(when[day], item, answer, "") for day, each in days.items() for item, answer in each.items()]
    return pd.DataFrame(made, columns=["held_on", "item", "answer", "note"])


def test_a_partnership_without_a_check_says_so() -> None:
    found = health.profile(rows())
    assert health.finding(found) == "No health check has been entered"
    assert health.told(found) == health.progress(found) == ""
    assert [item for item, _ in health.next_steps(found)] == list(CHECKS)


def test_what_is_in_place_what_moved_and_what_comes_next() -> None:
    before = dict.fromkeys(CHECKS, "no") | {"budget_agreed": "yes"}
    after = dict.fromkeys(CHECKS, "yes") | {"budget_agreed": "in_progress", "code_of_practice": "no"}
    del after["fair_and_inclusive"]
    found = health.profile(rows(second=after, first=before))
    assert found.days == [FIRST, SECOND]
    assert health.finding(found) == "14 of 17 in place, 1 in progress, 1 not"
    assert health.told(found) == (
        "Checked on 25 August 2010. 1 item has no answer. "
        "Since 27 January 2010, 14 items went forward and 1 went back: A budget is agreed."
    )
    assert health.next_steps(found) == [
        ("budget_agreed", "in_progress"),
        ("code_of_practice", "no"),
        ("fair_and_inclusive", ""),
    ]


def test_nothing_changed_is_said() -> None:
    same = dict.fromkeys(CHECKS, "yes")
    found = health.profile(rows(first=same, second=same))
    assert health.progress(found) == "Since 27 January 2010, nothing changed."
    assert health.next_steps(found) == []


ANSWERED = st.dictionaries(st.sampled_from(list(CHECKS)), st.sampled_from(list(ANSWERS)), min_size=1)


@given(ANSWERED, ANSWERED)
def test_counts_agree_with_a_plain_count(before: dict[str, str], after: dict[str, str]) -> None:
    found = health.profile(rows(first=before, second=after))
    plain = [list(after.values()).count(code) for code in ANSWERS]
    assert health.finding(found) == "{} of 17 in place, {} in progress, {} not".format(*plain)
    assert len(health.next_steps(found)) == 17 - plain[0]
    rank = {"no": 0, "in_progress": 1, "yes": 2}
    several = [rows(first=before, second=after).assign(partnership="P2"), rows(first=before).assign(partnership="P1")]
    listed = health.latest_of_each(pd.concat(several)).set_index("partnership")
    assert [*listed.loc["P2", list(ANSWERS)], listed.at["P2", "held_on"]] == [*plain, SECOND]
    assert listed.at["P1", "held_on"] == FIRST
    assert listed["yes"].is_monotonic_decreasing
    ahead = sum(rank[after[item]] > rank[before[item]] for item in set(before) & set(after))
    assert (f"{ahead} item" in health.progress(found)) == (ahead > 0)
