"""What partnerships say of their future, how long they have been silent, and the published pattern."""

from datetime import date

import pandas as pd

from measures import partnership_lasting as lasting

DAY = date(2012, 8, 31)
GOING = pd.DataFrame(
    {
        "code": ["P1", "P2", "P3", "P4"],
        "kind": ["la_partnership_project"] * 3 + ["federation"],
        "plans": ["firm", "", None, "none"],
        "factors": [["funding", "time"], ["time"], [], []],
        "working_models": [
            ["working_group_mixed_staff", "seminar_or_conference"],
            ["one_to_one_with_la_adviser"],
            [],
            ["seminar_or_conference"],
        ],
        "began": [date(2009, 9, 1)] * 4,
        "last_held": [date(2012, 8, 31), date(2012, 4, 1), date(2010, 1, 1), None],
    },
    dtype=object,
)


def test_what_is_not_said_is_counted_as_not_said() -> None:
    assert lasting.plans(GOING) == {"Firm plans": 1, "A wish": 0, "None": 1, "Not said": 2}
    counts = lasting.factors(GOING)
    assert len(counts) == 9
    assert {words: count for words, count in counts.items() if count} == {"Funding": 1, "Time": 2}
    assert sum(lasting.factors(GOING.iloc[3:]).values()) == 0


def test_silence_is_counted_from_the_last_activity() -> None:
    assert lasting.silence(GOING, DAY) == {
        "Within 3 months": 1,
        "3 to 6 months ago": 1,
        "6 to 12 months ago": 0,
        "Over a year ago": 1,
        "None noted": 1,
    }
    longest = lasting.silent_longest(GOING, DAY, 2)
    assert longest["code"].tolist() == ["P4", "P3"], "one without any activity has been silent since it began"
    assert longest["silent"].tolist() == [1095, 973]


def test_the_pattern_is_that_of_projects_alone() -> None:
    expected = {"working_groups": (1, 3), "seminars": (1, 3), "one_to_one": (1, 3), "firm": (1, 1)}
    assert lasting.pattern(GOING) == expected
    assert lasting.pattern(GOING.iloc[3:])["firm"] == (0, 0)
