"""The page of definitions: thresholds as they hold, and each measure with an example that can be redone."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from data_access.engine import get_engine
from data_access.thresholds import set_threshold
from exports import definitions
from exports.views import data
from measures.thresholds import THRESHOLDS
from pages.parts import define, filters, methods, thresholds
from tests.measures.test_examples import holds
from tests.pages.conftest import behind_pages

Opener = Callable[..., AppTest]
METHODS = "Methods and symbols"
# The parts of a difference are worked through under the gap between groups and the comparison with a benchmark.
WITHOUT_EXAMPLE = {
    "Published rates",
    "Difference between two areas",
    "Stall warnings",
    "University programmes",
    "Figures from the partnership register",
    "With and without partnership work",
}


def opened(open_page: Opener, **address: str) -> AppTest:
    """The tab of methods."""
    at = open_page("definitions", **address)
    at.session_state["part"] = METHODS
    return at.run()


def examples(at: AppTest) -> list[str]:
    return [text.value for text in at.main.markdown if text.value.startswith("**Worked example")]


def shown(period: str = "2011/12", staff_group: str = "all", phase: str = "all") -> filters.Shown:
    return filters.Shown(
        data.current_version(), period, period, None, None, None, None, phase, staff_group, "all staff"
    )


def test_every_section_has_its_example_and_each_can_be_redone(open_page: Opener) -> None:
    at = opened(open_page)
    assert not at.exception
    made, said = methods.worked(shown()), methods.sections(data.current_version())
    assert set(made) == set(said) - WITHOUT_EXAMPLE
    assert None not in made.values()
    assert len(examples(at)) == len(made)
    with_arithmetic = [heading for heading, example in made.items() if example and holds(example.steps)]
    assert set(made) - set(with_arithmetic) == {"Confidentiality", "Comparison with a benchmark"}
    headings = re.findall(r"^## (.+)$", "\n".join(text.value for text in at.main.markdown), flags=re.MULTILINE)
    assert headings[: len(said) + 3] == [*said, "Thresholds", "Symbols", "Status"]


def test_examples_are_worked_out_only_where_they_are_read(open_page: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(methods, "show", asked.append)
    at = open_page("definitions")
    assert not asked
    at.session_state["part"] = METHODS
    at.run()
    assert len(asked) == 1


def test_the_example_is_england_s_first_percentage_of_people_in_schools() -> None:
    made = methods.worked(shown())["How sure it is"]
    known = data.reference(data.current_version()).of_strategy
    of_people = (known["collected_from"] == "school") & (known["denominator_counts"] == "people")
    first = known[of_people & (known["unit"] == "percent") & (known["scope"] == "England")].iloc[0]
    assert made is not None
    assert any("drawn one by one" in step for step in made.steps)
    assert made.about.startswith(f"England, {first['short_title']}, 2011/12")


@pytest.mark.parametrize("choice", [{"period": "2009/10"}, {"phase": "special"}, {"staff_group": "site"}])
def test_every_choice_has_examples_or_says_why_not(choice: dict[str, str]) -> None:
    made = methods.worked(shown(**choice))
    assert any(made.values())
    for example in made.values():
        if example is not None:
            holds(example.steps)


def test_where_no_figure_fits_a_sentence_says_so(open_page: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(methods, "worked", lambda _: {"Trend": None})
    at = opened(open_page)
    assert examples(at) == []
    assert methods.NONE in [caption.value for caption in at.main.caption]


def test_suppression_is_shown_in_counts_alone() -> None:
    made = methods.worked(shown())["Confidentiality"]
    assert made is not None
    assert len(made.steps) == 1
    numbers = [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", made.steps[0])]
    rows = data.at(data.current_version(), "la", "all", "all", "2011/12")
    hidden = int((rows["symbol"] == "c").sum())
    assert numbers == [len(rows), hidden, int(rows["value"].isna().sum()) - hidden]


def test_no_threshold_stands_as_a_number_in_the_text() -> None:
    text = (Path(definitions.files.HERE) / "strategy" / "methods.md").read_text(encoding="utf-8")
    limits = {"with_activities", "with_caliper", "with_pairs"}
    assert set(re.findall(r"\{(\w+)\}", text)) == {*THRESHOLDS, *limits, "stall_rules"}
    said = " ".join(methods.sections(data.current_version()).values())
    assert not re.search(r"\{\w+\}", said)
    assert "Below 50% a value" in said
    assert "confidence of 99.8%" in said


def test_the_table_and_the_definitions_say_what_holds(open_page: Opener, small_copy: Path) -> None:
    with behind_pages(small_copy):
        set_threshold(get_engine(), "minimum_coverage", 0.6, indicator="reviewed", by="A. Person")
        set_threshold(get_engine(), "trend_points", 6, by="A. Person")
        at = opened(open_page)
        frames = [table.value for table in at.main.table]
        table = next(frame for frame in frames if "Own value" in frame).set_index("Threshold")
        titles = data.reference(data.current_version()).indicators.set_index("code")
        assert table.loc["Least coverage", ["For all", "Own value"]].tolist() == [
            "50%",
            f"{titles.loc['reviewed', 'short_title']}: 60%",
        ]
        assert table.loc["Points of a trend", "For all"] == "6"
        assert table.loc["Statistical neighbours", "Own value"] == "none"
        assert any("A marker needs 6 comparable points" in text.value for text in at.main.markdown)
        own = definitions.own_thresholds(titles.loc["reviewed"])
        assert own == "Least coverage 60% (usually 50%); points of a trend 6 (usually 5)"
        before = thresholds.table(data.current_version() - 2).set_index("Threshold")
        assert before.loc["Points of a trend", "For all"] == "5"
    usual = data.reference(data.current_version()).indicators.set_index("code").loc["plan_aligned"]
    assert definitions.own_thresholds(usual) == ""


def test_a_definition_names_its_own_thresholds(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(st, "markdown", said.append)
    about = data.reference(data.current_version()).indicators.set_index("code", drop=False).loc["reviewed"]
    define.definition(about)
    define.definition(about.copy().where(about.index != "minimum_coverage", 0.6))
    assert "**Thresholds**" not in said[0]
    assert said[1].endswith("**Thresholds**: Least coverage 60% (usually 50%)")
