"""The page of one priority: its outcomes with their figures, lines and evidence; each indicator in full once opened."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from data_access import edits
from data_access.engine import get_engine, reading
from data_access.evidence import register
from data_access.plan import actions, in_force
from exports import shown
from exports.shown import Shown
from exports.views import comparisons, data, priorities
from measures import words
from seed_data import reference as files

Opener = Callable[..., AppTest]
ALL = ["culture", "coherence", "quality"]


def now(**asked: str) -> Shown:
    """What the page shows."""
    return shown.understood(asked, data.current_version())


def _chosen(at: AppTest) -> str:
    return at.get("button_group")[0].value


def _headers(at: AppTest) -> list[str]:
    return [header.value for header in at.header]


@pytest.mark.parametrize("priority", ALL)
def test_every_outcome_stands_with_every_indicator_below_it(open_page: Opener, priority: str) -> None:
    at = open_page("priorities", priority=priority)
    wanted = [each for each in files.strategy()["outcomes"] if each["priority"] == priority]
    assert _headers(at) == [f"{each['code']} {each['title']}" for each in wanted]
    assert len(at.get("vega_lite_chart")) == len(wanted)
    labels = [box.label for box in at.main.expander if box.label.endswith(", in full")]
    indicators = {each["code"]: [] for each in wanted}
    for definition in files.indicators():
        if definition.outcome in indicators:
            indicators[definition.outcome].append(f"{definition.short_title}, in full")
    assert sorted(labels) == sorted(label for each in indicators.values() for label in each)
    for code, chart in zip(indicators, at.get("vega_lite_chart"), strict=True):
        assert f"of outcome {code} in England, over time and beside the nine regions" in chart.proto.alt


def test_the_first_words_count_what_the_figures_say(open_page: Opener) -> None:
    at = open_page("priorities", priority="quality", region="London")
    known = data.reference(data.current_version())
    rows = data.at(known.version, "region", "all", "all", "2011/12").query("area == 'London'")
    mine = rows[rows["indicator"].isin(known.of_strategy.query("priority == 'quality'")["code"])]
    on = int((mine["status"] == "on_track").sum())
    assert at.markdown[0].value == f"## Quality: {on} of {len(mine)} indicators on track"
    table = at.table[0].value
    assert table["Outcome"].str.startswith("[3").all()
    assert table["Outcome"].iloc[0] == "[3a In-school expertise is identified and drives PD](#outcome-3a)"
    counted = table["On track"].str.extract(r"(\d+) of (\d+)").dropna().astype(int).sum()
    assert counted.tolist() == [on, int((mine["status"] != "none").sum())]


@pytest.mark.parametrize(
    ("asked", "areas"),
    [
        ({}, "the nine regions"),
        ({"region": "London"}, "the nine regions"),
        ({"la": "Camden"}, "authorities of London"),
    ],
)
def test_the_rows_show_the_area_over_time_and_among_those_it_belongs_to(asked: dict[str, str], areas: str) -> None:
    where = now(**asked)
    made = priorities.outcome_rows(where, "1b")
    assert made is not None
    assert f"beside {areas}." in made.alt
    table, known = made.table, data.reference(where.version)
    codes = known.of_strategy.query("outcome == '1b'")["code"]
    level = "la" if where.la else "region"
    rows = data.at(where.version, level, "all", "all", "2011/12")
    rows = rows[rows["indicator"].isin(codes)]
    rows = rows[rows["region_code"] == where.region] if where.la else rows
    titles = known.indicators.set_index("code")["short_title"]
    for row in rows.itertuples():
        mine = table[(table["Indicator"] == titles[row.indicator]) & (table["Area"] == row.area)]
        assert words.number(row.value, row.unit, row.symbol) in set(mine["Value"])
    own = data.of_area(where.version, where.level, "all", "all", where.area_code)
    own = own[own["indicator"].isin(codes) & (own["period_position"] <= 2012.0)]
    assert (table["Area"] == where.area).sum() == len(own)


def test_nothing_after_the_period_is_shown() -> None:
    made = priorities.outcome_rows(now(period="2010/11"), "1b")
    assert made is not None
    assert not made.table["Period"].str.startswith("2011/12").any()
    assert made.table["Period"].str.startswith("2010/11").any()


def test_evidence_and_lines_are_those_of_the_registers() -> None:
    found = [one for priority in ALL for one in priorities.outcomes(now(), priority)]
    with reading(get_engine()) as connection:
        number = edits.current(connection)
        entries, plan = register(connection, number), in_force(actions(connection, number))
    assert len(found) == 20
    for one in found:
        wanted = entries[[one.code in codes for codes in entries["outcomes"]]]
        assert sorted(entry["code"] for entry in one.evidence) == sorted(wanted["code"])
        assert bool(one.without) == wanted.empty
        assert [line["line"] for line in one.lines] == list(files.outcome_lines()[one.code])
        for line in one.lines:
            mine = plan[plan["line"] == line["line"]]
            assert (line["actions"], line["done"]) == (len(mine), int((mine["status"] == "done").sum()))
    assert any(one.without for one in found)


def test_an_outcome_without_evidence_says_so(open_page: Opener) -> None:
    at = open_page("priorities", outcome="2f")
    assert _chosen(at) == "Coherence"
    bare = [one.code for one in priorities.outcomes(now(), "coherence") if one.without]
    assert "2f" in bare
    said = [text.value for text in at.markdown]
    sentence = "**No evidence in the register bears on this outcome in England.**"
    assert said.count(sentence) == len(bare)
    table = at.table[0].value
    assert (table["Evidence"] == "No evidence").sum() == len(bare)


def test_what_bears_on_an_outcome_is_told_once_it_is_open(open_page: Opener) -> None:
    at = open_page("priorities", priority="culture")
    assert not any("Which line serves which outcome is our reading" in text.value for text in at.caption)
    at.session_state["bears_1b"] = True
    at.run()
    assert not at.exception
    assert any("Which line serves which outcome is our reading" in text.value for text in at.caption)
    said = "\n".join(text.value for text in at.markdown)
    assert "**1.2 Link PD with performance review and school improvement planning**: 2 actions" in said
    one = next(one for one in priorities.outcomes(now(), "culture") if one.code == "1b")
    assert f"**{one.evidence[0]['title']}**" in said


def test_an_indicator_in_full_is_made_only_when_it_is_open(open_page: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    at = open_page("priorities", priority="culture")
    closed = len(at.get("vega_lite_chart"))
    at.session_state["more_reviewed"] = True
    at.run()
    assert not at.exception
    alts = [chart.proto.alt for chart in at.get("vega_lite_chart")]
    assert len(alts) == closed + 3
    for figure in (
        comparisons.trajectory(now(), "reviewed"),
        comparisons.ranked(now(), "region", "reviewed"),
        comparisons.between_groups(now(), "reviewed", "teachers", "support_staff"),
    ):
        assert figure is not None
        assert figure.alt in alts
    said = "\n".join(text.value for text in at.markdown)
    for part in ("**Numerator**: ", "**Latest figures**: ", "**Target and trajectory**: 85.0% by 2011/12"):
        assert part in said


def test_an_indicator_without_groups_or_figures_says_why(open_page: Opener) -> None:
    at = open_page("priorities", priority="culture", region="North East")
    for code in ("clt_registered", "inclusive_policy"):
        at.session_state[f"more_{code}"] = True
    at.run()
    assert not at.exception
    said = [info.value for info in at.info]
    assert any(text.startswith("No gap between teachers and support staff is shown") for text in said)


def test_a_term_keeps_the_outcomes_and_says_what_it_has_no_figure_of(open_page: Opener) -> None:
    at = open_page("priorities", priority="culture", period="2010/11, spring term")
    assert not at.exception
    assert len(_headers(at)) == 5
    said = [info.value for info in at.info]
    where = "for England in 2010/11, spring term. Choose another period or region."
    assert f"No indicator of this outcome has a figure {where}" in said
    assert at.get("vega_lite_chart"), "termly indicators have one"


def test_what_cannot_be_judged_is_not_called_on_its_path(open_page: Opener) -> None:
    at = open_page("priorities", priority="culture", period="2009/10")
    said = [text.value for text in at.markdown]
    assert said[:2] == ["## Learning culture: none of 10 indicators can be judged", "No indicator can be judged."]
    assert set(at.table[0].value["On track"]) == {"not judged"}


@pytest.mark.parametrize("asked", ["quality", "Quality", "QUALITY"])
def test_the_priority_is_in_the_address_however_it_is_spelt(open_page: Opener, asked: str) -> None:
    at = open_page("priorities", priority=asked)
    assert _chosen(at) == "Quality"
    at.selectbox(key="region").set_value("London").run()
    assert _chosen(at) == "Quality"
    assert _headers(at)[0].startswith("3a ")


@pytest.mark.parametrize(
    ("asked", "chosen", "notice"),
    [
        ({"priority": "culture"}, "Learning culture", ""),
        ({"priority": "speed"}, "Learning culture", "“speed” is not a known priority; Learning culture is shown."),
        ({"outcome": "3H"}, "Quality", ""),
        ({"outcome": "3h", "priority": "coherence"}, "Coherence", ""),
        ({"outcome": "9z"}, "Learning culture", "“9z” is not a known outcome; Learning culture is shown."),
    ],
)
def test_what_an_address_may_name(open_page: Opener, asked: dict[str, str], chosen: str, notice: str) -> None:
    at = open_page("priorities", **asked)
    assert _chosen(at) == chosen
    assert [warning.value for warning in at.warning] == ([notice] if notice else [])


def test_overview_leads_to_each_priority(open_page: Opener) -> None:
    at = open_page("overview")
    links = [link.proto for link in at.get("page_link") if "outcome by outcome" in link.proto.label]
    assert [link.label for link in links] == [
        "Learning culture, outcome by outcome",
        "Coherence, outcome by outcome",
        "Quality, outcome by outcome",
    ]
    asked = ["priority=Learning+culture", "priority=Coherence", "priority=Quality"]
    assert [link.query_string for link in links] == asked


def test_what_is_made_ready_is_what_the_page_asks_for(open_page: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    from pages.parts import warm

    warm._priorities(data.reference(data.current_version()))

    def fail(*_args: object, **_how: object) -> None:
        raise AssertionError("built anew")

    monkeypatch.setattr("charts.outcome.outcome_rows", fail)
    for priority in ALL:
        at = open_page("priorities", priority=priority)
        assert not at.exception
        assert at.get("vega_lite_chart")
