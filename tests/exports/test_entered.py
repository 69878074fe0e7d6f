"""Where counts of what people entered come from: how many entries, whose, when; and the same entries as CSV."""

import io

import pandas as pd
import pytest

from charts.figure import Figure
from exports import entered, shown
from exports.views import behind, data, evidence, partnership_findings, plan
from exports.views.plan import Which

pytestmark = pytest.mark.usefixtures("at_small")


def behind_chart(figure: Figure) -> tuple[entered.Entered, pd.DataFrame]:
    """What is told of a chart, and its entries as they leave."""
    assert figure.origin.partition("&")[0].removeprefix("view=") in behind.ENTERED
    found = entered.of(figure.origin, data.current_version())
    return found, pd.read_csv(io.BytesIO(found.make()))


def test_the_plan_s_actions_are_those_of_the_chart() -> None:
    now = shown.understood({}, data.current_version())
    state = plan.state(now)
    for priority in (None, "quality"):
        expected = plan.chosen(state, Which(priority=priority))
        found, rows = behind_chart(plan.plan_timeline(now, priority=priority))
        assert found.sentence.startswith(f"{len(expected)} actions of the implementation plan")
        assert "owners and days are illustrative" in found.sentence
        assert len(rows) == len(expected) == found.edits["entries"].sum()
        assert found.edits["made_at"].is_monotonic_decreasing
        assert set(found.edits) >= {"made_by", "reason"}
    as_agreed, rows = behind_chart(plan.plan_timeline(now, plan="1"))
    assert "as agreed on" in as_agreed.sentence
    assert as_agreed.edits["number"].max() <= found.edits["number"].max()
    one, rows = behind_chart(plan.plan_timeline(now, lines=("1.2",)))
    assert len(rows) == one.edits["entries"].sum() < len(expected)


def test_an_owner_without_actions_has_no_entry() -> None:
    now = shown.understood({}, data.current_version())
    found, rows = behind_chart(plan.plan_timeline(now, owner="Nobody"))
    assert found.sentence.startswith("0 actions")
    assert rows.empty
    assert found.edits.empty


def test_the_evidence_is_what_bears_on_the_area_and_the_priority() -> None:
    now = shown.understood({"la": "202"}, data.current_version())
    everything, rows = behind_chart(evidence.evidence_matrix(now))
    assert len(rows) == len(evidence.bearing(now)) == everything.edits["entries"].sum()
    assert "bear on Camden" in everything.sentence
    some, fewer = behind_chart(evidence.evidence_matrix(now, "coherence"))
    assert 0 < len(fewer) < len(rows)
    assert some.sentence.startswith(f"{len(fewer)} ")


def test_case_studies_name_their_document_and_have_no_edit() -> None:
    now = shown.understood({}, data.current_version())
    found, rows = behind_chart(evidence.case_map(now, "coaching_and_mentoring", "coherence"))
    assert found.edits.empty
    assert f"as told in {rows['source'].iloc[0]}" in found.sentence
    assert found.file_name == "case-studies_coaching-and-mentoring_coherence.csv"


def test_partnerships_impacts_and_challenges_are_those_that_their_charts_count() -> None:
    now = shown.understood({"region": "North East"}, data.current_version())
    for level, least in ((None, 10), ("schools", 2)):
        found, rows = behind_chart(partnership_findings.impact_matrix(now, level))
        assert found.sentence.startswith(f"{len(rows)} impacts of the partnership register that bear on North East")
        assert "they are illustrative" in found.sentence
        assert found.edits["entries"].sum() == len(rows) > least
        assert not rows["Impact"].str.contains("oo soon").any()
    states = partnership_findings.challenge_states(now)
    found, rows = behind_chart(states)
    assert len(rows) == states.table["In all"].sum() > 0
    assert found.file_name == "partnerships_challenges_north-east_2011-12.csv"


@pytest.mark.parametrize(("view", "sheet"), partnership_findings.SHEETS.items())
def test_every_other_chart_of_the_register_names_its_sheet(view: str, sheet: str) -> None:
    now = shown.understood({"region": "London"}, data.current_version())
    found = entered.of(f"view={view}&region=London", now.version)
    rows = pd.read_csv(io.BytesIO(found.make()))
    assert "partnership register that bear on London" in found.sentence
    assert found.edits["entries"].sum() == len(rows) > 0
    assert found.file_name == f"partnerships_{sheet}_london_2011-12.csv"


def test_lists_of_partnerships_say_whose_entries_they_count() -> None:
    now = shown.understood({"region": "London"}, data.current_version())
    found = entered.of_sheet(now, "activities")
    rows = pd.read_csv(io.BytesIO(found.make()))
    assert found.sentence.startswith(f"{len(rows):,} activities of the partnership register that bear on London; they ")
    assert found.edits["entries"].sum() == len(rows)


def test_stall_warnings_rest_on_three_sheets() -> None:
    now = shown.understood({}, data.current_version())
    found = entered.of_warnings(now)
    warned = set(partnership_findings.warnings(now)["partnership"])
    book = pd.read_excel(io.BytesIO(found.make()), sheet_name=None, engine="openpyxl")
    assert list(book) == ["Cover", "Activities", "Challenges", "Members"]
    rows = [table for name, table in book.items() if name != "Cover"]
    assert found.edits["entries"].sum() == sum(map(len, rows))
    assert all(set(table["Partnership"]) <= warned for table in rows)
    assert "They are " in found.sentence
