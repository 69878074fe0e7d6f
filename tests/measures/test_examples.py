"""Worked examples: a reader who redoes the printed arithmetic gets the printed result."""

import re
from math import floor, sqrt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import chi2

from data_access import queries, values
from data_access.engine import get_engine, reading
from measures import examples
from measures.comparison import quartile, rank
from measures.gaps import best_and_worst, funnel_limits, group_gap
from measures.intervals import with_interval
from measures.status import with_status
from measures.sums import six_sums
from measures.trajectory import expected
from measures.trends import with_trend
from tests.conftest import sqlite_url

NUMBER = r"−?\d{1,3}(?:,\d{3})*(?:\.\d+)?"


def redo(step: str) -> list[tuple[float, str]]:
    """What a step's arithmetic gives, beside each of its printed results; [] for a sentence."""
    parts = step.split(" = ")
    if len(parts) < 3:
        return []
    code = parts[-2]
    for sign, meaning in {
        ",": "", "×": "*", "÷": "/", "−": "-", "²": "**2", "√": "sqrt", "⌊": "floor(", "⌋": ")", "%": "",
    }.items():  # fmt: skip
        code = code.replace(sign, meaning)
    assert re.fullmatch(r"[\d.\s()+*/∓\-sqrtflo]+", code), step
    signs = ("-", "+") if "∓" in code else ("",)
    found = [float(eval(code.replace("∓", sign), {"sqrt": sqrt, "floor": floor})) for sign in signs]
    printed = re.findall(NUMBER, parts[-1].split("(")[0])
    assert len(printed) == len(found), step
    return list(zip(found, printed, strict=True))


def holds(lines: list[str]) -> int:
    """How many results follow from the numbers printed before them, to one unit of their last digit; all must."""
    count = 0
    for line in lines:
        assert not re.search(r"\b(nan|None|inf)\b", line), line
        for found, printed in redo(line):
            unit = 10.0 ** -len(printed.partition(".")[2]) if "." in printed else 1.0
            assert abs(found - float(printed.replace(",", "").replace("−", "-"))) <= unit, line
            count += 1
    return count


def test_a_wrong_result_is_seen() -> None:
    assert holds(["Value = 100 × 30 ÷ 40 = 75.0%"]) == 1
    for wrong in ("Value = 100 × 30 ÷ 40 = 75.2%", "Limits = 50 ∓ 2 = 48.0% and 53.0%"):
        with pytest.raises(AssertionError):
            holds([wrong])
    assert redo("Only words.") == []


@st.composite
def areas(draw: st.DrawFn) -> pd.DataFrame:
    """Published percentages of two to six areas, each pooled from some schools."""
    rows = []
    for i in range(draw(st.integers(2, 6))):
        d = np.array(draw(st.lists(st.integers(5, 4000), min_size=2, max_size=12)), dtype=float)
        n = np.array([draw(st.integers(0, int(size))) for size in d], dtype=float)
        sums = six_sums(np.zeros(len(d), dtype=int), 1, n, d).iloc[0].to_dict()
        rows.append(sums | {"area_code": str(i), "area": f"Area {i}", "unit": "percent", "expected_units": len(d) + i})
    made = with_interval(pd.DataFrame(rows)).rename(columns={"n": "numerator", "d": "denominator"})
    made["coverage"] = made["units"] / made["expected_units"]
    assume(examples.has_all_parts(made).all())
    return made


@settings(max_examples=25)
@given(rows=areas())
def test_value_interval_coverage_and_funnel_follow(rows: pd.DataFrame) -> None:
    for _, row in rows.iterrows():
        assert holds(examples.value(row)) == 1
        assert holds(examples.interval(row)) == 7
        assert holds(examples.coverage(row, 0.5)) == 1
    low, high = funnel_limits(rows["value"].iloc[0] / 100, rows["n_eff"].to_numpy(), 0.998)
    for (_, row), cut in zip(rows.iterrows(), (low == 0) | (high == 1), strict=True):
        lines = examples.funnel(row, rows["value"].iloc[0])
        assert holds(lines) == 4
        assert lines[-2].startswith("They stop at 0% and 100%") == cut


@settings(max_examples=25)
@given(rows=areas(), better=st.sampled_from(["higher", "lower", None]))
def test_rank_and_quartile_follow(rows: pd.DataFrame, better: str | None) -> None:
    ranks, quarters = (made(rows.set_index("area_code")["value"], better) for made in (rank, quartile))
    for code in rows["area_code"]:
        lines = examples.place(rows, code, better)
        assert holds(lines) == 2
        assert lines[1].endswith(f" = {ranks[code]:.0f}")
        assert lines[2].endswith(f" = {quarters[code]:.0f}")


@settings(max_examples=25)
@given(rows=areas())
def test_gaps_follow(rows: pd.DataFrame) -> None:
    first, second = rows.iloc[[0]], rows.iloc[[1]]
    found = group_gap(first, second).iloc[0]
    assert holds(examples.gap(first.iloc[0], second.iloc[0], ("teachers", "support staff"), found)) == 3
    ends = best_and_worst(rows, "higher")
    assert ends is not None
    assert holds(examples.spread(rows, *ends)) == 1


@given(
    baseline=st.floats(1, 60),
    target=st.floats(70, 99),
    gone=st.sampled_from([1 / 3, 1.0, 4 / 3, 2.0]),
    stored=st.one_of(st.none(), st.floats(60, 70)),
    value=st.floats(1, 99),
    half=st.floats(0.5, 20),
    mirrored=st.booleans(),
)
def test_expected_value_status_and_progress_follow(
    baseline: float, target: float, gone: float, stored: float | None, value: float, half: float, mirrored: bool
) -> None:
    line = [(2010.0, baseline), *([(2011.0, stored)] if stored else []), (2012.0, target)]
    row = {"value": value, "lower": value - half, "upper": value + half, "baseline": baseline, "target": target}
    if mirrored:
        line = [(at, 100 - figure) for at, figure in line]
        row |= {name: 100 - row[name] for name in ("value", "baseline", "target")}
        row |= {"lower": row["value"] - half, "upper": row["value"] + half}
    better = "lower" if mirrored else "higher"
    at = np.array([2010.0 + gone])
    row |= {"expected": expected(np.array([line[0][1]]), at, 2010.0, line[1:], better)[0], "coverage": 1.0}
    row |= {"better": better, "is_baseline": False, "missing": "", "period_position": at[0]}
    made = with_status(pd.DataFrame([row])).iloc[0]
    assert holds(examples.expected(made, line)) == 1
    assert holds(examples.progress(made)) == 1
    assume(min(abs(made[name] - made["expected"]) for name in ("value", "lower", "upper")) > 1e-3)
    said = examples.status(made)[0]
    comparisons = re.findall(rf"({NUMBER}) ([<>≤≥]) (?:expected )?({NUMBER})", said)
    assert len(comparisons) == (1 if made["status"] == "on_track" else 2)
    for left, sign, right in comparisons:
        one, other = (float(number.replace("−", "-")) for number in (left, right))
        assert {"<": one < other, ">": one > other, "≤": one <= other, "≥": one >= other}[sign], said


def test_no_judgement_says_why() -> None:
    row = pd.Series({"status": "none", "reason": "coverage below 60%", "better": "higher"})
    assert examples.status(row) == ["– No judgement: coverage below 60%."]


@settings(max_examples=25)
@given(rows=areas())
def test_a_trend_follows(rows: pd.DataFrame) -> None:
    points = rows.assign(
        indicator="a", area_code="0", better="higher", coverage=1.0, minimum_coverage=0.5, trend_confidence=0.998,
        trend_points=float(len(rows)), period=[f"20{i:02d}/{i + 1:02d}" for i in range(len(rows))],
        period_position=2001.0 + np.arange(len(rows)),
    )  # fmt: skip
    marker = with_trend(points).iloc[0]
    critical = float(chi2.ppf(0.998, 1))
    lines = examples.trend(points.assign(period_label=points["period"]), marker, critical)
    assert holds(lines) == len(rows) + 6
    sign = re.search(rf"^χ² {NUMBER} ([>≤]) 9.5495", lines[-1])
    assert sign is not None
    assert (marker["trend_statistic"] > critical) == (sign[1] == ">")
    assert lines[-1].endswith(f": {marker['trend']}.")


def test_comparison_says_where_the_interval_lies() -> None:
    row = pd.Series({"area": "Leeds", "lower": 50.0, "upper": 54.5, "better": "lower"})
    assert examples.comparison(row, "England", 60.25) == [
        "The interval of Leeds, 50 to 54.5, lies wholly below England's 60.25: Better."
    ]
    assert examples.comparison(row, "England", 52.0)[0].endswith("lies around England's 52: Similar.")


def test_suppression_is_told_in_counts_alone() -> None:
    rows = pd.DataFrame({"symbol": ["c", "c", "x", "", ""], "value": [np.nan, np.nan, np.nan, 61.2, 7.0]})
    said = examples.suppressed(rows)
    assert said == ["Of 5 figures 2 are suppressed (c); 1 more are empty because none came in."]


@pytest.mark.parametrize(
    ("number", "text"),
    [(34120, "34,120"), (1234567, "1,234,567"), (0.81489613, "0.814896"), (5432.1234, "5,432.12"), (85.0, "85"),
     (-3.25, "−3.25"), (0, "0")],
)  # fmt: skip
def test_numbers_to_calculate_with(number: float, text: str) -> None:
    assert examples.plain(number) == text


def test_live_figures_follow(small_database: Path) -> None:
    """Every percentage of England and the regions, as published."""
    with reading(get_engine(sqlite_url(small_database))) as connection:
        about = queries.indicators(connection).set_index("code")
        rows = pd.concat([values.area_values(connection, level) for level in ("england", "region")])
    rows = rows[examples.has_all_parts(rows) & rows["indicator"].map(about["collected_from"]).eq("school")]
    assert len(rows) > 500
    for _, row in rows.sample(60, random_state=1).iterrows():
        assert holds([*examples.value(row), *examples.interval(row), *examples.coverage(row, 0.5)]) == 9
