"""The report on the page: made when clicked, and of the very figures that the page shows."""

import io
from collections.abc import Callable
from types import SimpleNamespace

import pandas as pd
import pytest
import streamlit as st
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from exports.report import content, files
from exports.report import material as materials
from exports.report.parts import Report
from exports.shown import Shown
from exports.views import against, comparisons, data, figures, partnerships_here
from pages.parts import report

CHOICES = [("all", "all staff", "all"), ("teachers", "Teachers", "primary")]
SHARED = ("Value (95% interval)", "Against England", "Against London", "Against the mean of its neighbours", "Status")


def shown(group: str = "all", label: str = "all staff", phase: str = "all", period: str = "2011/12") -> Shown:
    version = data.current_version()
    return Shown(version, period, period, "E12000007", "London", "202", "Camden", phase, group, label)


def page() -> None:
    from exports.shown import Shown
    from exports.views import data
    from pages.parts import report

    version = data.current_version()
    report.buttons(
        Shown(version, "2011/12", "2011/12", "E12000007", "London", "202", "Camden", "all", "all", "all staff")
    )


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict]:
    """Label of each button → what it was drawn with."""
    found: dict[str, dict] = {}
    monkeypatch.setattr(st, "download_button", lambda label, **how: found.update({label: how}))
    return found


def test_three_buttons_make_nothing_until_they_are_clicked(offered, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr(content, "report", lambda *_, **__: made.append("content"))
    at = AppTest.from_function(page).run(timeout=60)
    assert not at.exception
    assert list(offered) == ["Report (PDF)", "Report (PowerPoint)", "Report (workbook)"]
    assert made == []
    assert [how["file_name"] for how in offered.values()] == [
        f"report_camden_2011-12.{kind}" for kind in ("pdf", "pptx", "xlsx")
    ]
    assert {how["on_click"] for how in offered.values()} == {"ignore"}
    assert [how["mime"] for how in offered.values()] == list(files.KINDS.values())


def test_each_button_gives_its_file(offered) -> None:
    AppTest.from_function(page).run(timeout=60)
    starts = [how["data"]()[:4] for how in offered.values()]
    assert starts == [b"%PDF", b"PK\x03\x04", b"PK\x03\x04"]


def test_files_link_to_where_the_page_was_open(offered, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "context", SimpleNamespace(url="http://cpd.example.org:8501/local-authority?la=Camden"))
    report.buttons(shown())
    cover = load_workbook(io.BytesIO(offered["Report (workbook)"]["data"]()))["Cover"]
    said = " ".join(str(cell.value) for cell in cover["A"])
    assert "http://cpd.example.org:8501/local-authority?la=Camden&region=London&period=2011%2F12&as_at=" in said


@pytest.fixture
def both() -> Callable[[Shown], tuple[Report, Report]]:
    """The report that the page makes, and the one that the command makes."""

    def make(now: Shown) -> tuple[Report, Report]:
        read = materials.read(now.version, now.period, now.staff_group, now.phase)
        return report.made(now, "", False), content.report(read, "202")

    return make


@pytest.mark.parametrize("choice", CHOICES)
def test_page_and_command_make_the_same_report(both, choice: tuple[str, str, str]) -> None:
    here, there = both(shown(*choice))
    assert (here.title, here.shown, here.stem, here.source) == (there.title, there.shown, there.stem, there.source)
    for mine, other in zip(here.sections, there.sections, strict=True):
        assert (mine.finding, mine.lead, mine.groups, mine.detail) == (
            other.finding, other.lead, other.groups, other.detail,
        )  # fmt: skip
        for one, two in zip(mine.tables, other.tables, strict=True):
            pd.testing.assert_frame_equal(one.frame, two.frame)
        for one, two in zip(mine.charts, other.charts, strict=True):
            pd.testing.assert_frame_equal(one.values, two.values)
            assert one.spec == two.spec
    for one, two in zip(here.sheets, there.sheets, strict=True):
        pd.testing.assert_frame_equal(one.frame, two.frame)


@pytest.mark.parametrize("choice", CHOICES)
def test_what_the_report_says_is_what_the_page_says(choice: tuple[str, str, str]) -> None:
    now = shown(*choice)
    made, known = report.made(now, "", False), data.reference(now.version)
    summary = made.section("summary")
    for items, sentences in zip(summary.groups.values(), figures.attention(now), strict=True):
        said = [sentence.replace("**", "") + "." for sentence in sentences]
        assert [str(item) for item in items if item.about] == said
    for priority in known.priorities.to_dict("records"):
        section = next(part for part in made.sections if part.heading == priority["title"])
        mine, theirs = section.tables[0].frame, against.table(now, priority["code"])
        for name in {"Indicator", *SHARED} & {*mine.columns}:
            assert mine[name].to_list() == theirs[name].to_list(), name
        codes = known.of_strategy.loc[known.of_strategy["priority"] == priority["code"], "code"]
        for indicator, said in zip(codes, section.detail, strict=True):
            sentence = against.sentence(now, indicator)
            assert sentence.removeprefix("Camden: ") in said.text
    places = made.section("others").tables[0].frame
    theirs = pd.concat([against.table(now, code) for code in known.priorities["code"]])
    for name in ("Indicator", "Place in England", "Trend", "Coverage"):
        assert places[name].to_list() == theirs[name].to_list()
    answered = made.section("coverage").tables[0].frame
    pd.testing.assert_frame_equal(answered, figures.response(now).fillna("–"), check_dtype=False)
    counts = [now for now, _ in figures.summaries(now).values()]
    said = [f"{each.on_track} of {each.total}" if each.judged else "Not judged" for each in counts]
    assert summary.tables[0].frame["On track"].to_list() == said


def test_the_spine_of_a_priority_is_a_part_of_the_pages_chart() -> None:
    now = shown()
    whole = comparisons.spine_chart(now).table.set_index("Indicator")
    known = data.reference(now.version)
    for priority in known.priorities["code"]:
        titles = known.of_strategy.query("priority == @priority")["short_title"]
        section = report.made(now, "", False).sections[1:4][list(known.priorities["code"]).index(priority)]
        rows = {row["title"]: row for row in section.charts[0].spec["data"]["values"]}
        for title in titles:
            assert rows[title]["value"] == whole.loc[title, "Value"]
            assert rows[title]["comparison"] == whole.loc[title, "Compared with England"]


def test_the_report_says_of_partnerships_what_the_page_says() -> None:
    now = shown()
    found = partnerships_here.here(now)
    section = report.made(now, "", False).section("partnerships")
    assert [str(said) for said in section.lead[:2]] == [found.going, found.alone]
    assert found.first
    assert {said.about for said in section.groups["Stall warnings"]} == {each.name for each in found.first}
