"""A measured row in words: every status, direction, unit, comparison, missing reason; and never the word 'nan'."""

import itertools
import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures import sentences, words
from measures.sentences import Benchmark, say

ENGLAND = Benchmark("England", 57.2)
BASE: dict[str, Any] = {
    "area": "Camden",
    "value": 61.2,
    "lower": 55.0,
    "upper": 67.0,
    "units": 31.0,
    "expected_units": 33.0,
    "coverage": 31 / 33,
    "expected": 60.0,
    "target": 75.0,
    "status": "on_track",
    "reason": "",
    "symbol": "",
    "published_rate": False,
}


def row(**changes: Any) -> dict[str, Any]:
    return BASE | changes


def about(unit: str = "percent", better: str | None = "higher", **changes: Any) -> dict[str, Any]:
    return {"unit": unit, "better": better, "collected_from": "school", "minimum_coverage": 0.5} | changes


def test_the_sentence_of_the_contract():
    assert say(row(), about(), benchmarks=[ENGLAND], final_period="2012/13") == (
        "Camden: 61.2%, 4 points above England, not a clear difference; on track for 75.0% by 2012/13"
    )


@pytest.mark.parametrize(
    ("changes", "better", "said"),
    [
        ({}, "higher", "on track for 75.0% by 2011/12"),
        ({"target": np.nan}, "higher", "on track"),
        ({"target": 75.0}, "lower", "on track: target of 75.0% by 2011/12 reached"),
        ({"target": 61.2}, "higher", "on track: target of 61.2% by 2011/12 reached"),
        ({"target": 50.0}, "lower", "on track for 50.0% by 2011/12"),
        (
            {"status": "at_risk", "expected": 64.0},
            "higher",
            "at risk: 2.8 points below the 64.0% expected, which may be chance",
        ),
        ({"status": "off_track", "expected": 70.2}, "higher", "off track: 9 points below the 70.2% expected"),
        ({"status": "off_track", "expected": 60.2}, "lower", "off track: 1 point above the 60.2% expected"),
        (
            {"status": "at_risk", "expected": 61.19},
            "lower",
            "at risk: just above the 61.2% expected, which may be chance",
        ),
        ({"status": "off_track", "expected": 61.21}, "higher", "off track: just below the 61.2% expected"),
        ({"status": "off_track", "expected": np.nan}, "higher", "off track"),
        ({"status": "none", "reason": "baseline period"}, "higher", "no judgement: baseline period"),
        ({"status": "none", "reason": "no direction"}, None, "no judgement: no direction"),
        ({"status": "none", "reason": np.nan}, "higher", "no judgement"),
        (
            {"status": "none", "reason": "coverage below 50%", "units": 12.0, "expected_units": 40.0, "coverage": 0.3},
            "higher",
            "no judgement: low coverage, 12 of 40 schools",
        ),
        (
            {"status": "none", "reason": "coverage below 50%", "units": np.nan, "coverage": 0.3},
            "higher",
            "no judgement: coverage below 50%",
        ),
    ],
)
def test_status_in_words(changes, better, said):
    assert sentences.status_words(row(**changes), about(better=better)) == said
    assert say(row(**changes), about(better=better)) == f"Camden: 61.2%; {said}"


def test_a_target_may_be_said_without_its_date():
    assert sentences.status_words(row(), about(), final_period="") == "on track for 75.0%"
    assert sentences.status_words(row(target=61.0), about(), final_period="") == "on track: target of 61.0% reached"


@pytest.mark.parametrize(
    ("mark", "better", "said"),
    [
        (50.2, "higher", "11 points above England (better)"),
        (50.2, "lower", "11 points above England (worse)"),
        (50.2, None, "11 points above England (higher)"),
        (50.2, np.nan, "11 points above England (higher)"),
        (71.2, "higher", "10 points below England (worse)"),
        (71.2, "lower", "10 points below England (better)"),
        (71.2, None, "10 points below England (lower)"),
        (62.2, "higher", "1 point below England, not a clear difference"),
        (62.2, None, "1 point below England, not a clear difference"),
        (61.18, "higher", "the same as England"),
        (np.nan, "higher", "not compared with England (no figure there)"),
        (None, "higher", "not compared with England (no figure there)"),
    ],
)
def test_comparison_in_words(mark, better, said):
    assert sentences.comparison_words(row(), about(better=better), Benchmark("England", mark)) == said


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"lower": np.nan, "upper": np.nan}, "no interval"),
        ({"lower": None, "upper": None, "published_rate": True}, "published without interval"),
    ],
)
def test_a_value_without_interval_is_not_compared(changes, why):
    assert sentences.comparison_words(row(**changes), about(), ENGLAND) == (
        f"4 points above England, not compared ({why})"
    )


def test_a_comparison_known_already_is_taken():
    assert sentences.comparison_words(row(), about(), Benchmark("England", 57.2, "Better")) == (
        "4 points above England (better)"
    )


@pytest.mark.parametrize(
    ("unit", "mark", "said"),
    [
        ("percent", 60.2, "61.2%, 1 point above"),
        ("gbp", 1500.0, "£61, £1,439 below"),
        ("gbp", 60.9, "£61, the same as"),
        ("rate", 60.8, "61.2, 0.4 above"),
    ],
)
def test_each_unit_is_written_its_own_way(unit, mark, said):
    assert say(row(), about(unit), benchmarks=[Benchmark("London", mark)]).startswith(f"Camden: {said} London")


def test_several_benchmarks_each_named_but_not_the_area_itself():
    marks = [ENGLAND, Benchmark("Camden", 61.2), Benchmark("the mean of 8 of 10 neighbours", 50.0)]
    assert say(row(), about(), benchmarks=marks, final_period="") == (
        "Camden: 61.2%, 4 points above England, not a clear difference; "
        "11.2 points above the mean of 8 of 10 neighbours (better); on track for 75.0%"
    )


@pytest.mark.parametrize(
    ("symbol", "why"),
    [
        ("z", "not collected here"),
        ("x", "not reported"),
        ("c", "suppressed to protect confidentiality"),
        ("u", "low reliability"),
        ("low", "rounds to zero"),
        ("", "no figure"),
        (None, "no figure"),
        (np.nan, "no figure"),
    ],
)
def test_a_missing_value_says_why_and_nothing_else(symbol, why):
    empty = row(value=np.nan, lower=np.nan, upper=np.nan, symbol=symbol, status="none", reason="suppressed")
    assert say(empty, about(), benchmarks=[ENGLAND]) == f"Camden: {why}"
    assert sentences.comparison_words(empty, about(), ENGLAND) == ""


def test_every_symbol_of_a_file_has_words():
    assert set(sentences.MISSING) == set(words.SYMBOL_WORDS)


@pytest.mark.parametrize(
    ("collected_from", "units", "expected", "said"),
    [
        ("school", 12.0, 40.0, "low coverage: 12 of 40 schools"),
        ("school", 0.0, 1.0, "low coverage: 0 of 1 school"),
        ("la", 1.0, 1_200.0, "low coverage: 1 of 1,200 authorities"),
        ("la", 0.0, 1.0, "low coverage: 0 of 1 authority"),
        ("published", 1.0, 3.0, "low coverage"),
    ],
)
def test_low_coverage_is_said_in_counts(collected_from, units, expected, said):
    low = row(units=units, expected_units=expected, coverage=units / expected)
    assert say(low, about(collected_from=collected_from)).endswith(f"by 2011/12; {said}")
    share = words.share(units / expected)
    assert sentences.coverage_mark(low, about(collected_from=collected_from)) == f"{share}, {said}"


@pytest.mark.parametrize(
    ("coverage", "least", "low"),
    [(0.5, 0.5, False), (0.49, 0.5, True), (0.49, np.nan, True), (0.7, 0.8, True), (np.nan, 0.5, False)],
)
def test_low_coverage_follows_the_indicator(coverage, least, low):
    assert sentences.low_coverage(row(coverage=coverage), about(minimum_coverage=least)) is low


def test_coverage_that_is_not_low_has_no_mark():
    assert sentences.coverage_mark(row(), about()) == "94%"
    assert sentences.coverage_mark(row(coverage=np.nan), about()) == "–"


@pytest.mark.parametrize(
    ("units", "expected", "noun", "said"),
    [
        (31, 33, "school", "31 of 33 schools reporting"),
        (1.0, 1.0, "school", "1 of 1 school reporting"),
        (1, 1, "authority", "1 of 1 authority reporting"),
        (0, 152, "authority", "0 of 152 authorities reporting"),
        (1_812, 2_000, "school", "1,812 of 2,000 schools reporting"),
        (91, 100, "return", "91% of returns in"),
        (0, 0, "return", ""),
        (np.nan, 33, "school", ""),
        (31, None, "school", ""),
    ],
)
def test_coverage_in_words(units, expected, noun, said):
    assert sentences.coverage_words(units, expected, noun) == said


def test_interval_in_words():
    assert sentences.interval_words(row(unit="percent")) == "95% interval 55.0% to 67.0%"
    assert sentences.interval_words(row(), "gbp") == "95% interval £55 to £67"
    assert sentences.interval_words(row(upper=np.nan), "percent") == "no interval"


@pytest.mark.parametrize(
    ("marker", "points", "noun", "said"),
    [
        ("Improving", 5, "term", "Improving over 5 terms"),
        ("Worsening", 5, "year", "Worsening over 5 years"),
        ("Increasing", 6, "term", "Increasing over 6 terms"),
        ("Decreasing", 5, "period", "Decreasing over 5 periods"),
        ("No significant change", 5, "term", "No significant change over 5 terms"),
        ("Too few points", 1, "term", "Too few points for a trend: 1 term"),
        ("Too few points", 0, "year", "Too few points for a trend: 0 years"),
    ],
)
def test_trend_in_words(marker, points, noun, said):
    assert sentences.trend_words(marker, points, noun) == said


def test_a_row_in_part_says_what_it_has():
    assert say({"area": "Camden", "value": 4.0}, {"unit": "rate"}, benchmarks=[Benchmark("London", 3.0)]) == (
        "Camden: 4.0, 1.0 above London, not compared (no interval)"
    )
    assert say(pd.Series({"value": np.nan}), {"unit": "rate"}) == "This area: no figure"


MISSING = st.sampled_from([None, np.nan, pd.NA, np.inf])
NUMBERS = st.floats(0, 100) | MISSING
WORDS_MISSING = st.sampled_from([None, np.nan, ""])
ROWS = st.fixed_dictionaries(
    {
        "area": st.sampled_from(["Camden", "Yorkshire and The Humber", None, np.nan]),
        "value": st.floats(0, 100) | NUMBERS,
        **dict.fromkeys(["lower", "upper", "expected", "target"], NUMBERS),
        **dict.fromkeys(["units", "expected_units"], st.integers(1, 900).map(float) | MISSING),
        "coverage": st.floats(0, 1) | MISSING,
        "status": st.sampled_from(words.STATUS_ORDER) | WORDS_MISSING,
        "reason": st.sampled_from(["coverage below 50%", "baseline period", "no interval"]) | WORDS_MISSING,
        "symbol": st.sampled_from(list(words.SYMBOL_WORDS)) | WORDS_MISSING,
        "published_rate": st.sampled_from([True, False, None, np.nan]),
    }
)
ABOUT = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(list(words.UNIT_WORDS)),
        "better": st.sampled_from(["higher", "lower", None, np.nan]),
        "collected_from": st.sampled_from(["school", "la", "published", None]),
        "minimum_coverage": st.floats(0, 1) | MISSING,
    }
)


@given(ROWS, ABOUT, st.lists(NUMBERS, max_size=2))
def test_whatever_is_missing_the_sentence_reads_well(made, indicator, marks):
    benchmarks = [Benchmark(name, mark) for name, mark in zip(("England", "London"), marks, strict=False)]
    for kind in (dict, pd.Series):
        said = say(kind(made), kind(indicator), benchmarks=benchmarks)
        assert not re.search(r"\b(nan|none|inf|<na>)\b", said, re.IGNORECASE), said
        assert not re.search(r"^[\s,;:]|[\s,;:.]$|[,;:]\s*[,;:]|\s\s|\(\)", said), said
        assert len(said.split()) <= 42, said
        assert said.startswith(made["area"] if isinstance(made["area"], str) else "This area")


@given(ROWS, ABOUT)
def test_the_small_phrases_never_say_that_a_number_is_missing(made, indicator):
    said = [
        sentences.interval_words(made, indicator["unit"]),
        sentences.coverage_words(made["units"], made["expected_units"], "school"),
        sentences.coverage_words(made["units"], made["expected_units"]),
        sentences.coverage_mark(made, indicator),
    ]
    assert not re.search(r"nan|None|inf|NA", " ".join(said))


@pytest.mark.parametrize(
    ("status", "better", "unit"),
    list(itertools.product(words.STATUS_ORDER, ["higher", "lower", None], words.UNIT_WORDS)),
)
def test_every_status_direction_and_unit_names_area_status_and_comparator(status, better, unit):
    said = say(row(status=status, reason="no target" if status == "none" else ""), about(unit, better),
               benchmarks=[ENGLAND])  # fmt: skip
    assert said.startswith(f"Camden: {words.number(61.2, unit)}, ")
    assert "England" in said
    assert words.STATUS_WORDS[status].lower() in said
