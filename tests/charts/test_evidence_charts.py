"""The matrix of evidence and the map of case studies: findings, gaps, marks, words and table twins."""

import json

import altair
import pandas as pd
import pydeck
import pytest
import vl_convert

from charts import case_map, evidence_matrix
from charts.figure import Figure
from charts.theme import in_dark
from exports import chart_files
from measures.evidence import COLUMNS
from tests.charts.chart_frames import CONTEXT

OUTCOMES = pd.DataFrame(
    {
        "code": ["1a", "1b", "2a"],
        "title": ["Policies cover all", "Better induction", "Joint plans"],
        "priority_short": ["Culture", "Culture", "Coherence"],
    }
)


def evidence(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """As measures.evidence.by_outcome gives it, from outcome, kind and strength of each piece of evidence."""
    made = [(outcome, f"E{n}", "Title", kind, level, "x") for n, (outcome, kind, level) in enumerate(rows)]
    bare = set(OUTCOMES["code"]) - {outcome for outcome, _, _ in rows}
    return pd.DataFrame([*made, *((code, "", "", "", "", "No evidence.") for code in sorted(bare))], columns=COLUMNS)


def drawn(figure: Figure) -> list[str]:
    """What stands in the drawing as text, in both modes, with everything that must hold of a figure."""
    assert 1 <= len(figure.headline.split()) <= 10
    assert figure.alt.endswith(".")
    assert "NaN" not in json.dumps(figure.spec)
    texts = []
    for spec in (figure.spec, in_dark(figure.spec)):
        altair.Chart.from_dict(spec)
        svg = vl_convert.vegalite_to_svg(json.dumps(spec | {"width": 900}))
        texts.append(svg)
    assert chart_files.png(figure)[:4] == b"\x89PNG"
    return texts


def matrix(*rows: tuple[str, str, str]) -> Figure:
    return evidence_matrix.evidence_matrix(evidence(*rows), OUTCOMES, CONTEXT)


def test_gaps_stand_out_and_an_outcome_without_evidence_says_so() -> None:
    figure = matrix(("1a", "survey", "strong"), ("1a", "survey", "limited"), ("1b", "focus_group", "limited"))
    assert figure.headline == "1 of 3 outcomes has no evidence, 1 only limited"
    assert "Without evidence: 2a. Limited only: 1b." in figure.alt
    for svg in drawn(figure):
        assert svg.count("No evidence") == 1
        assert ">2 strong<" in svg
        assert ">1 limited<" in svg
        assert svg.count(">–<") == 6, "each kind that an outcome lacks"
    twin = figure.table.set_index("Outcome")
    assert twin.loc["2a Joint plans", "Strongest"] == "No evidence"
    assert twin.loc["1a Policies cover all", ["Survey", "Focus group", "In all"]].tolist() == [
        "2, at best strong",
        "none",
        2,
    ]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "No evidence bears on any outcome here"),
        ([("1a", "survey", "strong")], "2 of 3 outcomes have no evidence"),
        (
            [(code, "survey", "moderate") for code in ("1a", "1b", "2a")],
            "All 3 outcomes have moderate or strong evidence",
        ),
        (
            [(code, "survey", level) for code, level in (("1a", "strong"), ("1b", "limited"), ("2a", "strong"))],
            "All 3 outcomes have evidence, 1 only limited",
        ),
    ],
)
def test_the_headline_says_the_finding(rows: list[tuple[str, str, str]], said: str) -> None:
    figure = matrix(*rows)
    assert figure.headline == said
    drawn(figure)


def test_strength_can_be_told_in_greyscale() -> None:
    """Luminance of the three fills, darkest first, far enough apart to be seen in black and white."""

    def luminance(colour: str) -> float:
        red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        return 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2

    shades = [luminance(evidence_matrix.FILLS[level]) for level in ("strong", "moderate", "limited")]
    assert shades == sorted(shades)
    assert min(shades[1] - shades[0], shades[2] - shades[1]) > 0.2


def cases(*priorities: str) -> pd.DataFrame:
    many = len(priorities)
    return pd.DataFrame(
        {
            "code": [f"case{n}" for n in range(many)],
            "title": [f"<b>Title {n}</b>" for n in range(many)],
            "place": [f"Place {n}" for n in range(many)],
            "area": "Camden",
            "priority": priorities,
            "priority_short": [name.capitalize() for name in priorities],
            "features": [["coaching"]] * many,
            "summary": "It shows.",
            "source": "Strategy",
            "longitude": [-1.0 + n for n in range(many)],
            "latitude": 52.0,
        }
    )


PRIORITIES = {"culture": "Culture", "coherence": "Coherence", "quality": "Quality"}
SQUARE = {"geometry": {"type": "Polygon", "coordinates": [[[-2, 51], [1, 51], [1, 53], [-2, 53], [-2, 51]]]}}


def map_of(found: pd.DataFrame, of: int = 4, what: str = "") -> Figure:
    return case_map.map_figure(found, PRIORITIES, [SQUARE], CONTEXT, {"coaching": "Coaching"}, what=what, of=of)


def test_the_map_counts_the_case_studies_and_its_twin_lists_them() -> None:
    figure = map_of(cases("culture", "culture", "quality", "coherence"))
    assert figure.headline == "4 case studies in 4 places"
    assert "2 for culture, 1 for coherence and 1 for quality." in figure.alt
    assert figure.table["Features"].tolist() == ["Coaching"] * 4
    assert figure.table["Case study"].iloc[0] == "<b>Title 0</b>"
    drawn(figure)


def test_a_choice_says_how_many_show_it_and_none_is_a_map_without_points() -> None:
    some = map_of(cases("culture"), what="Coaching")
    assert some.headline == "1 of 4 case studies shows this"
    assert "Coaching" in some.subtitle
    assert "coaching" in some.slug
    none = map_of(cases(), what="Coaching")
    assert none.headline == "No case study shows this"
    assert none.table.empty
    for figure in (some, none):
        drawn(figure)


def test_each_priority_has_a_mark_of_its_own_and_points_alone_can_be_picked() -> None:
    found = cases("culture", "coherence", "quality").assign(latitude=[52.0, 52.0, None])
    view = pydeck.ViewState(longitude=0, latitude=52, zoom=5)
    made = json.loads(case_map.deck("/geography/x.geojson", found, list(PRIORITIES), view, chosen="case1").to_json())
    layers = {layer["id"]: layer for layer in made["layers"]}
    assert [name for name, layer in layers.items() if layer["pickable"]] == ["cases"]
    assert layers["cases"]["stroked"] is False
    assert [point["code"] for point in layers["cases"]["data"]] == ["case0", "case1"], "a case without a place has none"
    assert [point["code"] for point in layers["chosen"]["data"]] == ["case1"]
    assert "holes-coherence" in layers
    assert len(set(case_map.HOLES)) == 3
    assert "://" not in json.dumps(made)
