"""Which thresholds apply to an indicator, and how they are said."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.settings import PROJECT
from measures.thresholds import OVERALL, THRESHOLDS, resolve, shown

CODES = ["a", "b", "c"]
kept = st.dictionaries(
    st.tuples(st.sampled_from(list(THRESHOLDS)), st.sampled_from([OVERALL, *CODES])), st.floats(0, 99)
)


@given(said=kept)
def test_the_nearest_that_is_said_applies(said: dict[tuple[str, str], float]) -> None:
    rows = pd.DataFrame([(*key, value) for key, value in said.items()], columns=["name", "indicator", "value"])
    found = resolve(rows, CODES)
    assert list(found.columns) == list(THRESHOLDS)
    for code in CODES:
        for name, threshold in THRESHOLDS.items():
            nearest = said.get((name, code), said.get((name, OVERALL), threshold.usual))
            assert found.loc[code, name] == nearest


def test_an_own_value_counts_before_one_for_all() -> None:
    rows = pd.DataFrame(
        [("fewest_people", "a", 20.0), ("fewest_people", OVERALL, 15.0)], columns=["name", "indicator", "value"]
    )
    found = resolve(rows, ["a", "b"])
    assert found["fewest_people"].tolist() == [20.0, 15.0]
    assert found["fewest_units"].tolist() == [3.0, 3.0]


@pytest.mark.parametrize("name", THRESHOLDS)
def test_the_usual_value_lies_in_the_range_and_docs_say_both(name: str) -> None:
    about = THRESHOLDS[name]
    assert about.lowest <= about.usual <= about.highest
    assert about.meaning.endswith(".")
    usual, lowest, highest = (shown(name, value) for value in (about.usual, about.lowest, about.highest))
    page = (PROJECT / "docs" / "data.md").read_text(encoding="utf-8")
    assert f"| `{name}` | {lowest} – {highest} | {usual} |" in page


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("minimum_coverage", 0.55, "55%"),
        ("minimum_coverage", 0.125, "12.5%"),
        ("trend_confidence", 0.998, "99.8%"),
        ("trend_confidence", 0.9999, "99.99%"),
        ("fewest_people", 12.0, "12"),
        ("fewest_people", 10.5, "10.5"),
    ],
)
def test_values_in_words(name: str, value: float, text: str) -> None:
    assert shown(name, value) == text
