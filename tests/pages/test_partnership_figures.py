"""The view Figures of the page Partnerships: where the register is complete, and what it then gives."""

import re
from collections.abc import Callable

from streamlit.testing.v1 import AppTest

Opener = Callable[..., AppTest]
PAGE = "partnerships"


def said(at: AppTest) -> str:
    """Everything that the page says in words."""
    parts = (*at.markdown, *at.caption, *at.info, *at.warning, *at.error, *at.success)
    return re.sub(r"\\(.)", r"\1", "\n".join(element.value for element in parts))


def test_figures_show_the_register_beside_what_stands_and_why_there_is_none(open_page: Opener) -> None:
    at = open_page(PAGE, show="Figures")
    assert not at.exception
    given = at.dataframe[0].value
    shown = given[given["Why there is none"] == ""]
    assert shown["Register"].str.fullmatch(r"\d+\.\d% \(\d+ of \d+\)").all()
    assert set(given.loc[given["Why there is none"].str.startswith("No cluster was active"), "Register"]) == {"z"}
    assert not given["Register"].str.contains("nan").any()
    assert "nobody said that the register is complete then" in said(at)
    assert set(at.dataframe[1].value["School year"]) == {"2010/11", "2011/12"}


def test_a_period_of_which_nobody_said_anything_gives_nothing(open_page: Opener) -> None:
    at = open_page(PAGE, show="Figures", period="2009-10")
    assert not at.exception
    assert "Of no authority in England somebody said that the register is complete then" in said(at)
    assert "register_figures_load" not in {button.key for button in at.button}


def test_whoever_loads_says_a_name(open_page: Opener) -> None:
    at = open_page(PAGE, show="Figures", period="2011-12-summer")
    at.button(key="register_figures_load").click().run()
    assert not at.exception
    assert "Say your name first" in said(at)


def test_progress_is_an_association_of_matched_authorities(open_page: Opener) -> None:
    at = open_page(PAGE, show="Does it go with progress?")
    assert not at.exception
    (chart,) = at.get("vega_lite_chart")
    assert "Association only:" in chart.proto.alt
    assert "An association, not an effect." in said(at)
    assert "it does not show that one causes the other" in said(at)
    assert re.search(r"Of England, \d+ authorities with it and \d+ without", said(at))


def test_too_few_to_compare_and_no_baseline_are_said(open_page: Opener) -> None:
    at = open_page(PAGE, show="Does it go with progress?", region="North East")
    assert not at.exception
    assert re.search(r"at most \d pairs? could be matched: too few to compare \(10 at least\)", said(at))
    first = open_page(PAGE, show="Does it go with progress?", period="2009-10")
    assert not first.exception
    assert "2009/10 does not come after the baseline, 2009/10. Choose a later period." in said(first)
