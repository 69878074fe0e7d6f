"""Savings, completion and cost per completion: exact values, an obvious second computation, and what always holds."""

import math
from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from measures import university_programmes as measured

ONE = {
    "award": "masters",
    "standard_fee": 5995,
    "partner_fee": 2400,
    "payer": "school",
    "participants": 40,
    "completed": 30,
    "promoted": 10,
    "over": True,
}


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    made = pd.DataFrame([ONE | row for row in rows], columns=list(ONE)).astype(object)
    return made.where(made.notna(), None)


FEE = st.none() | st.integers(0, 9000)
PROGRAMME = st.fixed_dictionaries(
    {
        "standard_fee": FEE,
        "partner_fee": FEE,
        "payer": st.sampled_from(["school", "authority", "government", "teacher", "shared", ""]),
        "participants": st.none() | st.integers(0, 80),
        "completed": st.none() | st.integers(0, 100),
        "over": st.booleans(),
    }
).map(
    lambda row: (
        row
        | {
            "completed": None
            if row["completed"] is None or row["participants"] is None
            else row["completed"] * row["participants"] // 100
        }
    )
)


# Savings -------------------------------------------------------------------------------------------------


def test_the_published_fees_save_what_they_save() -> None:
    made = measured.with_saving(frame({}, {"payer": "teacher"}, {"standard_fee": None}, {"partner_fee": 6000}))
    assert made["per_person"].fillna(-1).tolist() == [3595, 3595, -1, -5]
    assert made["saving"].fillna(-1).tolist() == [143_800, 143_800, -1, -200]
    found = measured.saved(frame({}, {"payer": "teacher"}, {"standard_fee": None}, {"partner_fee": 6000}))
    assert (found.known, found.of, found.dearer, found.extra) == (3, 4, 1, 200)
    assert found.net == 2 * 143_800 - 200
    assert found.by_purse == {"public": 143_800 - 200, "teacher": 143_800}
    assert measured.saved(frame({"participants": None})).by_purse == {}, "not known, and not nothing"


@pytest.mark.parametrize(
    ("payer", "whose"),
    [("school", "public"), ("authority", "public"), ("government", "public"), ("teacher", "teacher"),
     ("shared", "shared"), ("", "")],
)  # fmt: skip
def test_each_payer_has_a_purse(payer: str, whose: str) -> None:
    assert measured.purse(payer) == whose
    assert whose in measured.PURSES


@given(st.lists(PROGRAMME, max_size=6))
def test_savings_are_those_of_each_programme_added_up(rows: list[dict[str, Any]]) -> None:
    found = measured.saved(frame(*rows))
    known = [row for row in rows if None not in (row["standard_fee"], row["partner_fee"], row["participants"])]
    each = [(row["standard_fee"] - row["partner_fee"]) * row["participants"] for row in known]
    assert found.known == len(known)
    assert found.net == sum(each) == sum(found.by_purse.values())
    assert found.extra == -sum(one for one in each if one < 0)
    public = [
        one for one, row in zip(each, known, strict=True) if row["payer"] in ("school", "authority", "government")
    ]
    assert found.by_purse.get("public", 0) == sum(public)


# Completion and its cost ---------------------------------------------------------------------------------


def test_one_programme_has_wilson_s_interval_and_a_cost_to_match() -> None:
    found = measured.share(frame({}), "completed")
    low, high = proportion_confint(30, 40, method="wilson")
    assert (found.value, found.count, found.people) == (75, 30, 40)
    assert (found.lower, found.upper) == pytest.approx((100 * low, 100 * high))
    price = measured.cost(frame({}))
    assert price.value == 3200 == 40 * 2400 / 30
    assert (price.lower, price.upper) == pytest.approx((2400 / high, 2400 / low))
    assert price.standard == pytest.approx(40 * 5995 / 30)


def test_what_runs_or_is_not_said_is_not_counted() -> None:
    rows = ({}, {"over": False}, {"completed": None}, {"partner_fee": None})
    assert measured.share(frame(*rows), "completed").programmes == 2
    price = measured.cost(frame(*rows))
    assert (price.programmes, price.of, price.value) == (1, 3, 3200)
    some = measured.cost(frame({}, {"standard_fee": None, "completed": 20}))
    assert some.standard == pytest.approx(40 * 5995 / 30), "of the one that says it"
    assert some.value == 2 * 40 * 2400 / 50
    nothing = measured.cost(frame({"over": False}))
    assert nothing.programmes == 0
    assert math.isnan(nothing.value)
    assert math.isnan(nothing.upper)
    assert math.isnan(measured.share(frame(), "completed").value)


def test_where_nobody_completed_no_cost_is_said_and_no_upper_limit() -> None:
    price = measured.cost(frame({"completed": 0}))
    assert math.isnan(price.value)
    assert price.upper == math.inf
    assert price.lower == pytest.approx(2400 / proportion_confint(0, 40, method="wilson")[1])


def test_programmes_that_differ_widen_the_interval() -> None:
    alike = measured.share(frame({"completed": 20}, {"completed": 20}, {"completed": 20}), "completed")
    apart = measured.share(frame({"completed": 5}, {"completed": 20}, {"completed": 35}), "completed")
    assert alike.value == apart.value == 50
    assert apart.upper - apart.lower > 1.5 * (alike.upper - alike.lower)
    low, high = proportion_confint(60, 120, method="wilson")
    assert (alike.lower, alike.upper) == pytest.approx((100 * low, 100 * high)), "never narrower than of so many people"


@given(st.lists(PROGRAMME, max_size=6))
def test_a_cost_is_all_fees_by_all_completions_and_lies_within_its_limits(rows: list[dict[str, Any]]) -> None:
    price = measured.cost(frame(*rows))
    fees = completions = people = 0
    for row in rows:
        if row["over"] and None not in (row["partner_fee"], row["participants"], row["completed"]):
            fees += row["partner_fee"] * row["participants"]
            completions += row["completed"]
            people += row["participants"]
    assert (price.fees, price.completed) == (fees, completions)
    if completions:
        assert price.value == pytest.approx(fees / completions)
        assert 0 <= price.lower <= price.value * (1 + 1e-9)
        assert price.value <= price.upper * (1 + 1e-9)
        assert price.lower >= fees / people * (1 - 1e-9), "not less than the fee of one participant"
    else:
        assert math.isnan(price.value)


def test_each_programme_alone_costs_what_it_costs_by_itself() -> None:
    rows = frame(
        {}, {"completed": 0}, {"completed": 40}, {"over": False}, {"partner_fee": None}, {"participants": None}
    )
    each = measured.each_cost(rows)
    assert each["known"].tolist() == [True, True, True, False, False, False]
    for at in range(len(rows)):
        alone = measured.cost(rows.iloc[[at]])
        expected = [alone.value, alone.lower, alone.upper]
        assert each[["value", "lower", "upper"]].iloc[at].tolist() == pytest.approx(expected, nan_ok=True)


def test_a_programme_without_a_last_day_runs() -> None:
    days = pd.DataFrame({"ended": [date(2011, 7, 13), date(2011, 7, 14), None]}, dtype=object)
    assert measured.over(days, date(2011, 7, 13)).tolist() == [True, False, False]


def test_the_most_at_once_are_counted_on_one_day() -> None:
    rows = pd.DataFrame(
        {
            "began": [date(2010, 9, 1), date(2011, 7, 1), date(2011, 7, 2), date(2012, 1, 1)],
            "ended": [date(2011, 7, 1), date(2011, 7, 31), None, None],
        }
    )
    assert measured.most_at_once(rows) == 2
    assert measured.most_at_once(rows.iloc[:2]) == 2, "a last day counts"
    assert measured.most_at_once(rows.iloc[:0]) == 0
