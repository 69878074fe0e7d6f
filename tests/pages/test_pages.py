"""Every page with every filter: no exception, a reason where there is nothing, words with every chart."""

import json
import re
from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from exports.views import data, figures
from pages.parts import filters
from tests.pages.conftest import FILES

TITLES = {
    "overview": "Are we on track?",
    "priorities": "How is this priority doing, outcome by outcome?",
    "plan": "Who promised what, and is it done?",
    "evidence": "How do we know?",
    "meeting": "Take us through it",
    "regions": "Which regions and authorities lead or lag?",
    "local-authority": "How is Camden doing?",
    "schools": "Which schools in Camden should I talk to?",
    "partnerships": "Who works with whom, and does it last?",
    "university-programmes": "What does accredited CPD cost and give?",
    "compare": "How do areas compare?",
    "charts": "Which chart do you need?",
    "definitions": "What does this mean?",
}
OPTIONS = {"period": 12, "phase": 4, "staff_group": 11}
Opener = Callable[..., AppTest]


def _charts(at: AppTest) -> list:
    return [*at.get("vega_lite_chart"), *at.get("deck_gl_json_chart")]


def _words(at: AppTest) -> Iterator[str]:
    for element in (*at.title, *at.header, *at.caption, *at.markdown, *at.info, *at.warning):
        yield element.value
    for chart in _charts(at):
        yield chart.proto.alt


def _is_whole(at: AppTest, name: str) -> None:
    """No exception, no error, the right title, every chart with words, and no missing number shown as 'nan'."""
    assert not at.exception, at.exception[0].message
    assert not at.error, at.error[0].value
    assert [title.value for title in at.title] == [TITLES[name]]
    headings = [text.value.lstrip("#").strip() for text in at.markdown if re.match(r"#{2,3} ", text.value)]
    charts = _charts(at)
    # A figure brings its headline; a page without figures says why, or is one of words.
    assert len(headings) >= len(charts)
    assert charts or at.info or name in ("definitions", "meeting", "partnerships")
    for heading in headings:
        assert 0 < len(heading.splitlines()[0].split()) <= 10
    for chart in charts:
        assert len(chart.proto.alt) > 20
    for said in _words(at):
        assert not re.search(r"\b(nan|None|NaT|inf)\b", said), said


@pytest.mark.parametrize("filter_key", OPTIONS)
@pytest.mark.parametrize("name", FILES)
def test_every_choice_of_a_filter_shows_a_whole_page(open_page: Opener, name: str, filter_key: str) -> None:
    at = open_page(name, la="Camden")
    _is_whole(at, name)
    options = at.selectbox(key=filter_key).options
    assert len(options) == OPTIONS[filter_key]
    for option in options:
        if at.selectbox(key=filter_key).value == option:
            continue  # as it was opened, which is whole
        at.selectbox(key=filter_key).set_value(option).run()
        _is_whole(at, name)
        assert at.selectbox(key=filter_key).value == option


@pytest.mark.parametrize("name", ["overview", "priorities", "regions", "evidence"])
@pytest.mark.parametrize("address", [{}, {"region": "London"}, {"region": "North East"}, {"la": "Isles of Scilly"}])
def test_every_kind_of_place_shows_a_whole_page(open_page: Opener, name: str, address: dict[str, str]) -> None:
    at = open_page(name, **address)
    _is_whole(at, name)
    place = next(iter(address.values()), "England")
    assert any(place in caption.value for caption in at.caption)


def test_every_indicator_shows_a_whole_page_or_says_why_not(open_page: Opener) -> None:
    at = open_page("regions", la="Camden")
    options = at.selectbox(key="indicator").options
    assert len(options) >= 33
    for option in options:
        at.selectbox(key="indicator").set_value(option).run()
        _is_whole(at, "regions")


def test_a_term_says_that_a_yearly_indicator_has_no_figures(open_page: Opener) -> None:
    at = open_page("regions", period="2010/11, spring term")
    assert not at.exception
    assert not _charts(at)
    assert [info.value for info in at.info] == [
        "Inclusive PD policy has no figures for England in 2010/11, spring term: it is collected once a year in "
        "England. Choose another period or region."
    ]


def test_an_indicator_of_london_says_so_elsewhere(open_page: Opener) -> None:
    at = open_page("regions", region="North East")
    at.selectbox(key="indicator").set_value("1d Chartered London Teacher").run()
    assert not _charts(at)
    assert "in London. Choose another period or region." in at.info[0].value


def test_the_baseline_year_is_not_judged(open_page: Opener) -> None:
    at = open_page("overview", period="2009/10")
    cards = [html.proto.body for html in at.get("html") if "<h2" in html.proto.body]
    assert len(cards) == 3
    assert all("Not judged" in card for card in cards)
    assert any("No clear change since the year before." in text.value for text in at.markdown)


def test_no_authority_asks_for_one(open_page: Opener) -> None:
    at = open_page("local-authority")
    assert at.title[0].value == "How is my borough doing?"
    assert "Choose a borough or local authority" in at.info[0].value
    assert not at.exception


def test_choosing_an_authority_sets_its_region_and_another_region_lets_it_go(open_page: Opener) -> None:
    at = open_page("overview")
    at.selectbox(key="la").set_value("Gateshead").run()
    assert at.selectbox(key="region").value == "North East"
    at.selectbox(key="region").set_value("London").run()
    assert at.selectbox(key="la").value == "All"
    at.selectbox(key="region").set_value("All regions").run()
    assert any(caption.value.startswith("England · ") for caption in at.caption)


def test_clearing_the_authority_leaves_its_region(open_page: Opener) -> None:
    at = open_page("overview", la="Camden")
    at.selectbox(key="la").set_value("All").run()
    assert at.selectbox(key="region").value == "London"


@pytest.mark.parametrize("name", FILES)
def test_filters_stay_when_the_page_changes(open_page: Opener, name: str) -> None:
    at = open_page("regions", la="Camden")
    at.selectbox(key="phase").set_value("Primary").run()
    file = FILES[name] or "pages/monitor/overview.py"
    at.switch_page(file).run()
    kept = {key: at.selectbox(key=key).value for key in ("la", "region", "phase")}
    assert kept == {"la": "Camden", "region": "London", "phase": "Primary"}
    assert at.title[0].value == TITLES[name]


@pytest.mark.parametrize("name", FILES)
def test_every_page_says_that_the_data_are_illustrative(open_page: Opener, name: str) -> None:
    at = open_page(name)
    assert any("Illustrative data: the figures are invented" in caption.value for caption in at.caption)


@pytest.mark.parametrize(
    ("key", "given", "what"),
    [
        ("la", "Atlantis", "local authority"),
        ("la", "'; DROP TABLE school; --", "local authority"),
        ("region", "Narnia", "region"),
        ("period", "1066", "period"),
        ("phase", "x", "phase"),
        ("staff_group", "", "staff group"),
        ("indicator", "nonsense", "indicator"),
    ],
)
def test_an_unknown_value_of_the_address_is_named_once(open_page: Opener, key: str, given: str, what: str) -> None:
    at = open_page("regions", **{key: given})
    said = [warning.value for warning in at.warning]
    assert len(said) == 1
    assert f"“{given}” is not a known {what}; " in said[0]
    assert not at.exception
    at.selectbox(key="phase").set_value("Primary").run()
    assert not at.warning


@pytest.mark.parametrize(
    ("key", "given", "value"),
    [
        ("la", "E09000007", "Camden"),
        ("la", "camden", "Camden"),
        ("la", "Corporation of London", "City of London"),
        ("region", "E12000007", "London"),
        ("region", "london", "London"),
        ("period", "2010-11", "2010/11"),
        ("phase", "primary", "Primary"),
        ("indicator", "inclusive_policy", "1a Inclusive PD policy"),
    ],
)
def test_codes_in_the_address_are_understood(open_page: Opener, key: str, given: str, value: str) -> None:
    at = open_page("regions", **{key: given})
    assert at.selectbox(key=key).value == value
    assert not at.warning


def test_definitions_hold_every_indicator_and_a_search_narrows_them(open_page: Opener) -> None:
    at = open_page("definitions")
    everything = [box.label for box in at.main.expander]
    assert len(everything) >= 33
    at.text_input(key="sought").set_value("policy").run()
    assert 0 < len(at.main.expander) < len(everything)
    at.text_input(key="sought").set_value("zebra (").run()
    assert not at.main.expander
    assert "No indicator's title holds “zebra (”" in at.info[0].value


def test_specs_hold_no_address_of_elsewhere(open_page: Opener) -> None:
    for name in FILES:
        at = open_page(name, la="Camden")
        for chart in at.get("vega_lite_chart"):
            spec = json.loads(chart.proto.spec)
            assert spec.pop("$schema").startswith("https://vega.github.io/schema/")
            assert "://" not in json.dumps(spec).replace("http://www.w3.org/", "")
        for deck in at.get("deck_gl_json_chart"):
            assert "://" not in deck.proto.json


def test_a_period_without_figures_of_the_strategy_lists_regions_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """An imported indicator beside the strategy brings years in which none of the 33 has a figure."""
    now = filters.Shown(data.current_version(), "2016/17", "2016/17", None, None, None, None, "all", "all", "all staff")
    none = data.at(now.version, "region", "all", "all", "2011/12").iloc[:0]
    monkeypatch.setattr(figures, "area_rows", lambda *_: none)
    listed = figures.region_list(now)
    assert listed["On track"].tolist()[0] == "England"
    assert len(listed) == 10
    assert set(listed["Coherence"]) == {"–"}
