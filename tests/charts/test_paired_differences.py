"""The chart of areas with and without partnership work: association in its headline, and too few said in words."""

import numpy as np
import pandas as pd
import pytest

from charts.paired_differences import paired_differences
from measures.cautions import ASSOCIATION
from measures.with_without import Compared
from tests.charts.chart_frames import CONTEXT
from tests.charts.test_evidence_charts import drawn

CLEARLY = Compared(42, 50, 60, 3.14, 0.9, 5.4, 0.3, 0.02)
PERHAPS = Compared(40, 50, 60, -1.0, -3.0, 1.0, -0.1, -0.01)
FEW = Compared(7, 8, 60, np.nan, np.nan, np.nan, 0.4, 0.1)
NOBODY = Compared(0, 0, 60, np.nan, np.nan, np.nan, np.nan, np.nan)
INDICATORS = pd.DataFrame(
    {"code": ["a", "b", "c"], "outcome": ["2a", "2b", "2f"], "short_title": ["One", "Two", "Three"]}
)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ((CLEARLY, PERHAPS, FEW), "Association only: 1 of 2 indicators differ with partnership work"),
        ((CLEARLY, FEW, NOBODY), "Association only: 1 of 1 indicator differs with partnership work"),
        ((PERHAPS, PERHAPS, NOBODY), "Association only: no indicator differs clearly with partnership work"),
    ],
)
def test_the_headline_says_that_it_is_an_association_only(found: tuple[Compared, ...], said: str) -> None:
    made = dict(zip("abc", found, strict=True))
    figure = paired_differences(made, INDICATORS, CONTEXT, since="2009/10", own=["Two"])
    assert figure.headline == said
    assert len(said.split()) <= 10
    assert figure.cautions[0] == ASSOCIATION
    assert figure.notes.startswith(ASSOCIATION), "every file says it"
    assert "would look clear by chance alone" in figure.notes
    assert "Two counts partnership work itself." in figure.notes
    assert "nan" not in figure.notes + figure.alt


def test_what_is_too_few_has_no_dot_and_is_said() -> None:
    found = {"a": CLEARLY, "b": FEW, "c": NOBODY}
    figure = paired_differences(found, INDICATORS, CONTEXT, since="2009/10", own=[])
    for svg in drawn(figure):
        assert "7 pairs: too few" in svg
        assert ">+3.1<" in svg
    twin = figure.table
    assert twin["Difference in points (95% interval)"].tolist() == ["+3.1 points (+0.9 to +5.4), 42 pairs", "–", "–"]
    assert twin["Clear?"].tolist() == ["Clear", *["Too few pairs: 10 at least"] * 2]
    assert twin["With, not matched"].tolist() == [8, 1, 0]
    assert twin["Without, not matched"].tolist() == [18, 53, 60]
    assert twin["Baselines apart after (SD)"].tolist() == ["0.02", "+0.1", "–"]
