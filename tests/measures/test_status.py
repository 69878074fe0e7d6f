"""Status, progress and the summary of a priority."""

from math import inf, isnan, nan

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.status import progress, summarise, with_status
from tests.measures.slow import judge

figures = st.floats(0, 100, allow_nan=False, width=32)
perhaps = st.one_of(figures, st.just(nan))


@st.composite
def rows(draw: st.DrawFn) -> dict:
    low, value, high = sorted(draw(st.tuples(figures, figures, figures)))
    interval = draw(st.booleans())
    return {
        "value": draw(st.sampled_from([value, value, value, nan])),
        "lower": low if interval else nan,
        "upper": high if interval else nan,
        "expected": draw(figures),
        "baseline": draw(perhaps),
        "target": draw(perhaps),
        "coverage": draw(st.sampled_from([0.49, 0.5, 1.0])),
        "better": draw(st.sampled_from(["higher", "lower", None])),
        "is_baseline": draw(st.booleans()),
        "missing": draw(st.sampled_from(["", "", "", "suppressed"])),
    }


@given(made=st.lists(rows(), min_size=1, max_size=8))
def test_status_agrees_with_the_slow_twin(made: list[dict]) -> None:
    found = with_status(pd.DataFrame(made).astype({"better": object}))
    assert list(zip(found["status"], found["reason"], strict=True)) == [judge(row) for row in made]


@given(made=st.lists(st.tuples(rows(), st.sampled_from([0.0, 0.3, 0.5, 0.55, 0.9])), min_size=1, max_size=8))
def test_each_row_has_its_own_least_coverage(made: list[tuple[dict, float]]) -> None:
    frame = pd.DataFrame([row | {"minimum_coverage": least} for row, least in made]).astype({"better": object})
    found = with_status(frame)
    for at, (row, least) in enumerate(made):
        enough = row["coverage"] >= least
        status, reason = judge(row | {"coverage": 1.0 if enough else 0.0})
        said = reason if enough else reason.replace("below 50%", f"below {round(100 * least)}%")
        assert (found["status"].iloc[at], found["reason"].iloc[at]) == (status, said)


def test_the_reason_says_the_row_s_own_percentage() -> None:
    row = {"value": 60.0, "lower": 56.0, "upper": 64.0, "expected": 58.0, "baseline": 40.0, "target": 80.0}
    row |= {"coverage": 0.6, "better": "higher", "is_baseline": False, "missing": ""}
    found = with_status(pd.DataFrame([row | {"minimum_coverage": least} for least in (0.5, 0.6, 0.625, 0.75)]))
    assert found["status"].tolist() == ["on_track", "on_track", "none", "none"]
    assert found["reason"].tolist() == ["", "", "coverage below 62.5%", "coverage below 75%"]


@given(row=rows())
def test_a_mirrored_direction_has_the_mirrored_status(row: dict) -> None:
    turned = {"higher": "lower", "lower": "higher", None: None}[row["better"]]
    mirror = row | {name: 100 - row[name] for name in ("value", "expected", "baseline", "target")}
    mirror |= {"lower": 100 - row["upper"], "upper": 100 - row["lower"], "better": turned}
    # 100 − x rounds: a hair's breadth between two figures may close.
    near = min(abs(row["value"] - row["expected"]), *(abs(row[n] - row["expected"]) for n in ("lower", "upper")), inf)
    one, other = (with_status(pd.DataFrame([r]).astype({"better": object})).iloc[0] for r in (row, mirror))
    assert one["status"] == other["status"] or near < 1e-9


@pytest.mark.parametrize(
    ("upper", "expected", "status"),
    [(64, 60, "on_track"), (64, 62, "at_risk"), (64, 64, "at_risk"), (64, 64.1, "off_track")],
)
def test_the_table_of_statuses(upper: float, expected: float, status: str) -> None:
    row = {"value": 60.0, "lower": 56.0, "upper": upper, "expected": expected, "baseline": 40.0, "target": 80.0}
    row |= {"coverage": 1.0, "better": "higher", "is_baseline": False, "missing": ""}
    assert with_status(pd.DataFrame([row])).loc[0, "status"] == status


def test_progress_is_a_share_of_the_way_and_is_not_clipped() -> None:
    found = progress(np.array([50, 30, 90, 20, nan]), pd.Series([40, 40, 40, 50, 40]), pd.Series([60, 60, 60, 50, 60]))
    assert found == pytest.approx([0.5, -0.5, 2.5, nan, nan], nan_ok=True)


@given(start=figures, goal=figures, value=figures)
def test_progress_puts_the_value_back_on_the_line(start: float, goal: float, value: float) -> None:
    way = progress(np.array([value]), pd.Series([start]), pd.Series([goal]))[0]
    if start == goal:
        assert isnan(way)
    elif abs(goal - start) > 1e-6:
        assert start + way * (goal - start) == pytest.approx(value, abs=1e-6)


def test_a_priority_is_counts_and_a_median_of_those_on_their_way() -> None:
    made = pd.DataFrame(
        {
            "status": ["on_track", "on_track", "at_risk", "off_track", "none"],
            "reason": ["", "", "", "", "no target"],
            "progress": [1.5, -3.0, 0.4, 0.2, nan],
            "baseline": [40.0, 70.0, 40.0, 30.0, 40.0],
            "target": [60.0, 60.0, 60.0, 10.0, nan],
            "better": ["higher", "higher", "higher", "lower", "higher"],
        }
    )
    found = summarise(made)
    assert (found.total, found.on_track, found.at_risk, found.off_track, found.none) == (5, 2, 1, 1, 1)
    assert found.judged == 4
    assert found.median_progress == 0.4  # the second began beyond its target and has no way to go
