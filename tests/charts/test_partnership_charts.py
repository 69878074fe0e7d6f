"""Impacts and challenges of partnerships drawn: findings, marks that greyscale tells apart, words and table twins."""

from itertools import pairwise

import pandas as pd
import pytest

from charts import challenge_states, impact_matrix
from charts.figure import Figure
from measures.partnership_impacts import STATES
from measures.partnership_words import CHALLENGES
from tests.charts.chart_frames import CONTEXT
from tests.charts.test_chart_words import luminance
from tests.charts.test_evidence_charts import drawn

NAMES = {"P0001": "Our <b>cluster</b>", "P0002": "A network of a name that is much longer than any phone is wide"}
KINDS = {"cpd_leader_network": 4, "school_cluster": 1}


def rated(*rows: tuple[str, str, str]) -> pd.DataFrame:
    made = [(code, column, rating, 2, list(KINDS)[code == "P0001"]) for code, column, rating in rows]
    return pd.DataFrame(made, columns=["partnership", "column", "rating", "of", "kind"])


BY_LEVEL = rated(
    ("P0001", "schools", "clear"),
    ("P0001", "la", "none"),
    ("P0002", "schools", "emerging"),
    ("P0003", "schools", "clear"),
)


def named(frame: pd.DataFrame, level: str | None = None) -> Figure:
    return impact_matrix.impact_matrix(frame[frame["partnership"] != "P0003"], NAMES, KINDS, CONTEXT, level)


def test_each_partnership_has_its_ratings_as_marks_and_words() -> None:
    figure = named(BY_LEVEL)
    assert figure.headline == "1 of 2 partnerships rated have a clear impact"
    assert "Schools: 1 clear, 1 emerging; Pupils: not rated" in figure.alt
    for svg in drawn(figure):
        assert ">Clear<" in svg
        assert ">Emerging<" in svg
        assert svg.count(">–<") == 7, "not rated is not none"
    assert figure.table.set_index("Partnership").loc["Our <b>cluster</b>"].tolist() == [
        "None",
        "not rated",
        "Clear",
        "not rated",
        "not rated",
    ]
    assert len(set(impact_matrix.SHAPES)) == 3


def test_many_partnerships_are_counted_by_kind() -> None:
    figure = impact_matrix.impact_matrix(BY_LEVEL, {}, KINDS, CONTEXT)
    assert figure.headline == "2 of 3 partnerships rated have a clear impact"
    for svg in drawn(figure):
        assert ">1 of 2<" in svg, "of the networks of CPD leaders, by schools"
        assert ">Network of CPD leaders (4)<" in svg
    assert figure.table["Schools"].tolist() == ["1 clear, 1 emerging, 0 none", "1 clear, 0 emerging, 0 none"]
    shades = [luminance(fill) for fill in impact_matrix.FILLS]
    assert min(later - earlier for earlier, later in pairwise(shades)) > 0.2


@pytest.mark.parametrize("names", [NAMES, {}])
def test_one_level_shows_its_impacts(names: dict[str, str]) -> None:
    frame = rated(("P0001", "pupils.too_soon", "clear"), ("P0002", "pupils.measured", "emerging"))
    figure = impact_matrix.impact_matrix(frame, names, KINDS, CONTEXT, "pupils")
    assert figure.headline == "Clear impact on pupils in 0 of 1 partnership", "too soon to say is no impact"
    assert list(figure.table.columns)[1:] == ["Too soon to say", "First indications", "Measured"]
    for svg in drawn(figure):
        assert ">indications<" in svg


def test_nothing_rated_says_so() -> None:
    assert named(rated()).headline == "No partnership rated its impacts"
    assert named(rated(), "beyond").headline == "No partnership rated its impact on others beyond"
    for figure in (named(rated()), named(rated(), "la")):
        drawn(figure)


def counts(**rows: tuple[int, int, int, int]) -> pd.DataFrame:
    made = pd.DataFrame(0, index=list(CHALLENGES), columns=list(STATES))
    for code, row in rows.items():
        made.loc[code] = row
    return made


def test_challenges_are_ordered_by_those_open() -> None:
    figure = challenge_states.challenge_states(counts(workload=(1, 5, 5, 0), complexity=(3, 0, 40, 0)), CONTEXT)
    assert figure.headline == "Open most often: complexity (3)"
    assert figure.table["Challenge"].tolist() == ["Complexity", "Workload"]
    assert figure.table["In all"].tolist() == [43, 11]
    assert list(figure.table.columns)[1:4] == ["Open", "Being worked on", "Surmounted"]
    for svg in drawn(figure):
        assert ">43<" in svg
    shades = [luminance(challenge_states.FILLS[code]) for code in ("open", "being_worked_on", "surmounted")]
    assert min(later - earlier for earlier, later in pairwise(shades)) > 0.2


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ({}, "No challenge of a partnership is noted"),
        ({"workload": (0, 1, 0, 2)}, "No challenge is open"),
        (dict.fromkeys(list(CHALLENGES)[:5], (2, 0, 0, 0)), "5 challenges are open most often (2 each)"),
    ],
)
def test_the_headline_says_what_is_open(rows: dict[str, tuple[int, int, int, int]], said: str) -> None:
    figure = challenge_states.challenge_states(counts(**rows), CONTEXT)
    assert figure.headline == said
    drawn(figure)
    assert ("Noted only later" in figure.notes) == (said == "No challenge is open")
