"""What moved, turned or was revised since an earlier state: told apart, and moved only where it is clear."""

from math import nan

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.since import CLEAR, happened, moved_words, revised_words, since, turned_words
from measures.words import STATUS_ORDER
from tests.measures.slow import Figure, figure, told_since

ORDER = {"2010/11 summer": 2011.0, "2010/11": 2011.0, "2011/12 autumn": 2011.33, "2011/12 summer": 2012.0}
LATER = {"2011/12": 2012.0}  # of the same day as its last term
UNTIL = 2011.5
schools = st.lists(st.tuples(st.integers(0, 60), st.integers(60, 90)), max_size=5)
states = st.dictionaries(st.sampled_from([*ORDER, *LATER]), st.tuples(schools, st.sampled_from(STATUS_ORDER)))
Said = dict[str, tuple[Figure, str]]


def rows(state: Said, unit: str = "percent", better: str | None = "higher") -> pd.DataFrame:
    columns = ["period", "period_position", "value", "lower", "upper", "n_eff", "status"]
    positions = ORDER | LATER
    made = [
        (period, positions[period], *(getattr(said, name) for name in ("value", "lower", "upper", "n_eff")), status)
        for period, (said, status) in state.items()
    ]
    frame = pd.DataFrame(made, columns=columns).astype(dict.fromkeys(columns[1:6], float) | {"status": object})
    return frame.assign(indicator="a", area_code="E", unit=unit, better=pd.Series([better] * len(frame), dtype=object))


def state(**shares: float) -> Said:
    """Period (with '_' for its signs) → a share of 1,000 pupils in ten schools, on track."""
    names = {period.replace("/", "_").replace(" ", "_"): period for period in ORDER | LATER}
    return {
        names[name.removeprefix("y")]: (figure([(share, 100.0), (share + 1, 100.0)] * 5, "percent"), "on_track")
        for name, share in shares.items()
    }


@given(
    then=states,
    now=states,
    unit=st.sampled_from(["percent", "rate", "gbp"]),
    better=st.sampled_from(["higher", "lower", None]),
    whole=st.booleans(),
)
def test_what_is_told_agrees_with_the_slow_twin(
    then: dict, now: dict, unit: str, better: str | None, whole: bool
) -> None:
    old, new = (
        {period: (figure(list(of), unit), status) for period, (of, status) in each.items()} for each in (then, now)
    )
    order = [*ORDER, *LATER] if whole else [period for period, position in ORDER.items() if position <= UNTIL]
    found = since(rows(old, unit, better), rows(new, unit, better), 2012.0 if whole else UNTIL)
    expected = told_since(old, new, order, unit, better)
    if expected.period_before is None and expected.period is None:
        assert found.empty
        return
    (row,) = found.to_dict("records")
    for name in ("period_before", "period"):
        assert row[name] == getattr(expected, name) or (pd.isna(row[name]) and getattr(expected, name) is None)
    for name in ("moved", "turned", "revised", "came", "went"):
        assert row[name] == getattr(expected, name), name


def test_a_new_period_moves_and_the_same_period_is_revised() -> None:
    then = state(y2010_11=40)
    (moved,) = since(rows(then), rows(state(y2010_11=40, y2011_12=60)), 2012.0).to_dict("records")
    assert (moved["moved"], moved["revised"], moved["period"]) == ("Better", False, "2011/12")
    (revised,) = since(rows(then), rows(state(y2010_11=60)), 2012.0).to_dict("records")
    assert (revised["moved"], revised["revised"], revised["value_revised"]) == ("", True, pytest.approx(60.5))


def test_what_moved_is_measured_from_the_figure_as_revised() -> None:
    """Else a correction of the earlier figure would be told as progress."""
    both = since(rows(state(y2010_11=40)), rows(state(y2010_11=60, y2011_12=60)), 2012.0)
    (row,) = both.to_dict("records")
    assert row["revised"]
    assert row["change"] == pytest.approx(0)
    assert row["moved"] not in CLEAR


def test_a_change_that_may_be_chance_is_not_told() -> None:
    (row,) = since(rows(state(y2010_11=40)), rows(state(y2010_11=40, y2011_12=42)), 2012.0).to_dict("records")
    assert row["change"] == pytest.approx(2)
    assert row["moved"] == "Similar"
    assert not happened(row)


def test_periods_that_do_not_count_yet_are_left_out() -> None:
    found = since(rows(state(y2010_11=40)), rows(state(y2010_11=40, y2011_12=60)), UNTIL)
    assert found["period"].tolist() == ["2010/11"]
    assert not found["moved"].isin(CLEAR).any()


def test_the_first_figure_comes_and_a_suppressed_one_goes() -> None:
    there, hidden = state(y2010_11=40), {"2010/11": (Figure(nan, nan, nan, nan, nan), "none")}
    (came,) = since(rows(hidden), rows(there), 2012.0).to_dict("records")
    (went,) = since(rows(there), rows(hidden), 2012.0).to_dict("records")
    assert (came["came"], came["went"], came["revised"]) == (True, False, False)
    assert (went["came"], went["went"], went["revised"]) == (False, True, False)


ROW = {
    "value": 84.87, "value_before": 82.42, "value_revised": 82.0, "change": 2.87, "moved": "Better",
    "period": "2011/12", "period_before": "2010/11", "status": "at_risk", "status_before": "on_track",
}  # fmt: skip
ABOUT = {"short_title": "Induction", "unit": "percent"}


def test_each_kind_has_its_sentence() -> None:
    assert moved_words(ROW, ABOUT, "2011/12") == "**Induction**: up 2.9 points to 84.9% in 2011/12, better"
    fewer = ROW | {"change": -2.0, "moved": "Worse"}
    assert moved_words(fewer, ABOUT, "2011/12") == "**Induction**: down 2 points to 84.9% in 2011/12, worse"
    turned = "**Induction**: from On track to At risk, "
    assert turned_words(ROW, ABOUT, "2011/12") == f"{turned}with the figure of 2011/12"
    assert turned_words(ROW | {"period": "2010/11"}, ABOUT, "2010/11") == f"{turned}as 2010/11 was revised"
    assert revised_words(ROW, ABOUT, "2010/11") == "**Induction**: 2010/11 is now 82.0%, was 82.4%"
    assert revised_words(ROW | {"value_revised": 82.41}, ABOUT, "2010/11") == ""
