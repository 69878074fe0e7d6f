"""The views Impacts and challenges and Stalling of the page Partnerships."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from exports import shown
from exports.views import data, partnership_findings, registry
from measures.stall_rules import rules
from tests.pages.test_evidence_page import headings, said

Opener = Callable[..., AppTest]


def test_impacts_challenges_and_what_others_did(open_page: Opener) -> None:
    at = open_page("partnerships", show="Impacts and challenges", impacts="schools")
    assert not at.exception
    matrix, states, others = headings(at)
    assert re.fullmatch(r"Clear impact on schools in \d+ of \d+ partnerships", matrix)
    assert states.startswith(("Open most often", "No challenge", "2 challenges", "3 challenges"))
    assert others == "What others did about each"
    assert len(at.get("vega_lite_chart")) == 2
    assert "Career pathways:" in at.get("vega_lite_chart")[0].proto.alt
    assert "**Workload**, surmounted by" in said(at)
    assert "Illustrative data" in said(at)


def test_both_figures_are_made_again_and_lead_back_to_their_view() -> None:
    now = shown.understood({"region": "North East"}, data.current_version())
    for figure in (partnership_findings.impact_matrix(now, "la"), partnership_findings.challenge_states(now)):
        assert figure is not None
        again = registry.again(figure.origin, now.version)
        assert again is not None
        assert again.spec == figure.spec
        asked = parse_qs(urlsplit(registry.link(figure.origin)).query)
        assert asked["show"] == ["Impacts and challenges"]
        assert asked["region"] == ["North East"]
        assert "Illustrative data" in figure.source


def test_warnings_come_first_with_their_facts_and_what_others_did(open_page: Opener) -> None:
    at = open_page("partnerships", show="Stalling")
    assert not at.exception
    now = shown.understood({}, data.current_version())
    found = partnership_findings.warnings(now)
    going, judged = partnership_findings.judged(now)
    count = found["partnership"].nunique()
    first, second = headings(at)
    assert first == f"{count} of {going} partnerships that go on give a warning"
    assert second == "When is a partnership about to stall?"
    (listed,) = [text.value for text in at.markdown if "What others did" in text.value]
    assert listed.count("](/partnerships?show=Register&partnership=P") == min(10, count)
    assert "**No activity for long.** No activity for" in listed
    assert at.table[0].value["Judged"].tolist() == [f"{judged[rule.code]} of {going}" for rule in rules()]
    assert f"{len(found)} warnings, as on 31 August 2012" in said(at)


def test_a_rule_and_a_place_narrow_the_warnings_and_none_is_said(open_page: Opener) -> None:
    at = open_page("partnerships", show="Stalling", rule="link_left")
    assert headings(at)[0].startswith("1 of ")
    at = open_page("partnerships", show="Stalling", rule="link_left", period="2009/10")
    assert not at.exception
    assert re.match(r"None of \d+ partnerships that go on gives a warning", headings(at)[0])
    assert headings(at)[1] == "When is a partnership about to stall?"


def test_no_gap_reaches_beyond_today(monkeypatch: pytest.MonkeyPatch) -> None:
    now = shown.understood({}, data.current_version())
    day = partnership_findings.known(now).day
    monkeypatch.setattr(partnership_findings, "today", lambda: day.replace(day=1))
    assert partnership_findings.known(now).day == day.replace(day=1)
