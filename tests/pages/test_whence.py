"""Where from? On every page, beside every number, and from an address; two clicks, and nothing that may not be seen."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from data_access.engine import get_engine, reading
from data_access.settings import settings
from exports.views import behind
from tests.pages.conftest import FILES

Opener = Callable[..., AppTest]
CAMDEN = "reviewed/202/2011-12"
# Page → what its address says, and the places beside which a button stands, by key.
PAGES: dict[str, tuple[dict[str, str], set[str]]] = {
    "overview": ({}, {"cards", "heat", "region_list", "movers", "gaps", "map_region"}),
    "priorities": ({"la": "Camden"}, {"behind", "outcome_1a"}),
    "plan": ({}, {"by_line"}),
    "meeting": ({"what": "Since last meeting"}, {"since_culture", "since_coherence", "since_quality"}),
    "regions": (
        {"la": "Camden", "indicator": "reviewed"},
        {"sentence", "map_la", "ranked_la", "funnel", "gap", "between_teachers"},
    ),
    "local-authority": (
        {"la": "Camden"},
        {"cards", "attention", "well", "spine", "strips", "against", "groups", "trajectory", "ranked_la", "response"},
    ),
    "schools": ({"la": "Camden"}, {"schools_map", "schools_list"}),
    "charts": ({}, {"built"}),
    "compare": (
        {"areas": "Camden,London", "indicators": "reviewed"},
        {"matrix", "matrix_list", "ranking", "ranked", "by_area", "by_indicator"},
    ),
}


def whence(at: AppTest) -> set[str]:
    """The keys of the page's buttons."""
    return {str(button.key).removesuffix("_whence") for button in at.button if str(button.key).endswith("_whence")}


def ask(at: AppTest, key: str) -> AppTest:
    return at.button(key=f"{key}_whence").click().run()


def told(at: AppTest) -> str:
    """All that the dialog says."""
    assert not at.exception, at.exception[0].message
    elements = (*at.header, *at.subheader, *at.caption, *at.markdown, *at.warning, *at.info)
    return "\n".join(element.value for element in elements)


def is_told(at: AppTest) -> None:
    """The dialog is open and tells of a figure."""
    said = told(at)
    for part in ("95% interval", "Numerator", "Denominator", "Coverage", "Suppression", "SHA-256", "Collected"):
        assert f"**{part}**" in said or f"{part} `" in said, part
    assert {"Imports", "Revisions", "Definition"} <= {header.value for header in at.subheader}
    assert "nan" not in said.split()


@pytest.mark.parametrize("name", PAGES)
def test_two_clicks_from_any_number(open_page: Opener, name: str) -> None:
    address, places = PAGES[name]
    at = open_page(name, **address)
    assert places <= whence(at), places - whence(at)
    charts = [*at.get("vega_lite_chart"), *at.get("deck_gl_json_chart")]
    assert len(whence(at)) >= len(charts) - (name == "plan")
    at = ask(at, sorted(places)[0])  # one click: what stands there, and where the first of it comes from
    is_told(at)
    listed = at.selectbox(key="whence_figure")
    assert len(listed.options) > 1
    at = listed.set_value(1).run()  # and a second
    is_told(at)
    assert at.selectbox(key="whence_figure").value == 1


def test_the_pages_with_figures_are_all_looked_at() -> None:
    assert {*FILES} - {*PAGES} == {"evidence", "definitions", "partnerships", "university-programmes"}, (
        "registers and words, whose numbers have their sources"
    )


@pytest.mark.parametrize(
    ("view", "key"), [("Coverage", "coverage_region"), ("Revisions", "revised"), ("Coverage", "stopped")]
)
def test_the_tables_of_the_data_page_say_it_too(open_page: Opener, view: str, key: str) -> None:
    at = open_page("overview", view=view).switch_page("pages/manage/data.py").run()
    at = ask(at, key)
    assert {"Imports", "Revisions", "Definition"} <= {header.value for header in at.subheader}
    told(at)


def test_the_worked_examples_say_it_too(open_page: Opener) -> None:
    at = open_page("definitions")
    at.session_state["part"] = "Methods and symbols"
    is_told(ask(at.run(), "examples"))


def test_one_school_s_sheet_leads_to_its_figures(open_page: Opener) -> None:
    with reading(get_engine()) as connection:
        urn = str(connection.execute(text("select min(urn) from school where la_code = '202'")).scalar_one())
    at = open_page("schools", la="Camden", school=urn)
    assert {"sheet", "school_over_time"} <= whence(at)
    at = ask(at, "sheet")
    is_told(at)
    assert "Example" in at.selectbox(key="whence_figure").options[0], "its own figures come first"
    assert "this figure’s own row" in told(at)


def test_nothing_is_made_before_it_is_asked_for(open_page: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("made too early")

    monkeypatch.setattr(behind, "of", refuse)
    assert not open_page("local-authority", la="Camden").exception


# From an address -------------------------------------------------------------------------------------------


def test_an_address_opens_the_dialog_on_a_cold_start_and_stays(open_page: Opener) -> None:
    at = open_page("overview", **{"from": CAMDEN})
    is_told(at)
    assert "Needs agreed in review · Camden · 2011/12 · all staff" in told(at)
    assert at.query_params["from"] == CAMDEN
    assert "whence_figure" not in [box.key for box in at.selectbox]
    is_told(at.run())
    then = open_page("overview", **{"from": CAMDEN, "as_at": "15"})
    assert "**Data version**: 15" in told(then)
    assert f"/definitions?from={CAMDEN}/all/all&as_at=15" in told(then)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("nonsense", "does not name a figure"),
        ("nonsense/202/2011-12", "“nonsense” is not a known indicator"),
        ("reviewed/Atlantis/2011-12", "“Atlantis” is not a known area"),
        ("reviewed/202/1066-67", "is not a known period"),
        ("reviewed/202/2011-12/pirates", "“pirates” is not a known staff group"),
        ("reviewed/[x](http:)/2011-12", r"“\[x\](http:)” is not a known area"),
        ("", "does not name a figure"),
    ],
)
def test_an_unreadable_address_says_so_in_a_sentence(open_page: Opener, given: str, says: str) -> None:
    at = open_page("overview", **{"from": given})
    assert not at.exception
    assert [warning.value for warning in at.warning if says in warning.value]
    assert not at.subheader


def test_who_may_not_see_a_school_is_told_that_it_is_refused_and_no_more(
    open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    with reading(get_engine()) as connection:
        urn = str(connection.execute(text("select min(urn) from school where la_code = '202'")).scalar_one())
    is_told(open_page("overview", **{"from": f"reviewed/{urn}/2011-12"}))
    monkeypatch.setattr(settings(), "schools_of", "203")
    at = open_page("overview", **{"from": f"reviewed/{urn}/2011-12"})
    (warning,) = (warning.value for warning in at.warning)
    assert warning.startswith("The schools of this school’s authority are shown to its own officers only.")
    assert not at.subheader
    area = open_page("overview", **{"from": CAMDEN})
    is_told(area)
    assert "Rows of single schools are shown to their own officers only." in told(area)


def test_rights_that_are_taken_away_close_what_is_open(open_page: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    at = ask(open_page("schools", la="Camden"), "schools_list")
    is_told(at)
    monkeypatch.setattr(settings(), "schools_of", "none")
    at.run()
    assert not at.subheader or "Imports" not in {header.value for header in at.subheader}


@pytest.mark.parametrize(
    ("page", "said"), [("plan", "implementation plan of the strategy"), ("evidence", "evidence register")]
)
def test_charts_of_what_people_entered_say_who_did_and_when(open_page: Opener, page: str, said: str) -> None:
    at = open_page(page)
    assert not at.exception
    text_ = "\n".join(element.value for element in at.markdown)
    assert said in text_
    assert "People enter them; no import of figures stands behind them." in text_
    assert "last changed on" in text_
    assert [button for button in at.get("download_button") if button.label == "The entries (CSV)"]
