"""The page of one authority: its priorities, trends, groups, what changed since; and the box that finds it."""

from collections.abc import Callable

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data_access.engine import get_engine, reading
from data_access.values import area_values, at_period
from exports.shown import Shown
from exports.views import comparisons, data, figures
from measures import words
from pages.parts import revised

Opener = Callable[..., AppTest]


def camden() -> Shown:
    """What the page shows of Camden by default."""
    known = data.reference(data.current_version())
    place = ("E12000007", "London", "202", "Camden")
    return Shown(known.version, "2011/12", "2011/12", *place, "all", "all", "all staff")


def test_the_cards_count_what_the_figures_say(open_page: Opener) -> None:
    at = open_page("local-authority", la="Camden")
    known = data.reference(data.current_version())
    with reading(get_engine()) as connection:
        rows = at_period(area_values(connection, "la"), "2011/12", known.frequency).query("area_code == '202'")
    cards = [
        html.proto.body for html in at.get("html") if "of the way" in html.proto.body or "on track" in html.proto.body
    ]
    assert len(cards) == 3
    for card, priority in zip(cards, known.priorities.itertuples(), strict=True):
        mine = rows[rows["indicator"].isin(known.of_strategy.query("priority == @priority.code")["code"])]
        assert f">{(mine['status'] == 'on_track').sum()} of {len(mine)}<" in card
        assert priority.short in card


def test_strips_show_every_figure_of_the_priority_up_to_the_period() -> None:
    now = camden()
    known = data.reference(now.version)
    figure = comparisons.trend_strips(now, "culture")
    with reading(get_engine()) as connection:
        rows = area_values(connection, "la").query("area_code == '202'")
    codes = known.of_strategy.query("priority == 'culture'")["code"]
    rows = rows[rows["indicator"].isin(codes) & rows["value"].notna()]
    own = figure.table[figure.table["Area"] == "Camden"]
    shown = own[own["Value (number)"].notna()]
    assert sorted(shown["Value (number)"]) == pytest.approx(sorted(rows["value"].round(4)))
    earlier = comparisons.trend_strips(
        Shown(now.version, "2010/11", "2010/11", now.region, "London", "202", "Camden", "all", "all", "all staff"),
        "culture",
    )
    assert not earlier.table["Period"].str.startswith("2011/12").any()


def test_groups_are_those_of_the_values_and_their_gap() -> None:
    figure = comparisons.groups_here(camden(), "teachers", "support_staff")
    known = data.reference(data.current_version())
    titles = known.indicators.set_index("code")["short_title"]
    with reading(get_engine()) as connection:
        for group, column in (("teachers", "Teachers"), ("support_staff", "Support staff")):
            rows = at_period(area_values(connection, "la", staff_group=group), "2011/12", known.frequency)
            rows = rows[(rows["area_code"] == "202") & rows["indicator"].map(titles).isin(figure.table["Indicator"])]
            wanted = {titles[row.indicator]: words.number(row.value, row.unit, row.symbol) for row in rows.itertuples()}
            assert dict(zip(figure.table["Indicator"], figure.table[column], strict=True)) == wanted
    assert len(figure.table) >= 8


def test_what_changed_is_what_two_versions_show_differently(open_page: Opener) -> None:
    version = data.current_version()
    assert revised.version_before(version) == version - 1
    assert revised.version_before(1) is None
    found = revised.changed(version - 1, version, "la")
    mine = found[found["area_code"] == "202"]
    at = open_page("local-authority", la="Camden")
    said = [text.value for text in at.markdown if "against version" in text.value]
    assert len(said) == 1
    if mine.empty:
        assert said[0].endswith("no figure of Camden differs.")
    else:
        assert f"{words.plural(len(mine), 'figure')} of Camden differ" in said[0]


def test_the_priority_is_in_the_address_and_survives_other_choices(open_page: Opener) -> None:
    at = open_page("local-authority", la="Camden", priority="quality")
    assert at.get("button_group")[0].value == "Quality"
    at.selectbox(key="period").set_value("2010/11").run()
    assert at.get("button_group")[0].value == "Quality"
    other = open_page("local-authority", la="Camden", priority="speed")
    assert any("“speed” is not a known priority" in warning.value for warning in other.warning)
    assert other.get("button_group")[0].value == "Learning culture"


@pytest.mark.parametrize(
    ("given", "name", "line"),
    [
        ("202", "Camden", ""),
        ("E09000007", "Camden", ""),
        ("banes", "Bath and North East Somerset", ""),
        ("Cumberland", "Cumbria", "Cumberland was part of Cumbria until 2023; Cumbria is shown."),
        ("943", "Cumbria", "Westmorland and Furness was part of Cumbria until 2023"),
        ("820", "Bedford", "Bedfordshire became Bedford and Central Bedfordshire in April 2009"),
        ("E08000037", "Gateshead", ""),
    ],
)
def test_codes_and_other_names_in_the_address(open_page: Opener, given: str, name: str, line: str) -> None:
    at = open_page("local-authority", la=given)
    assert [title.value for title in at.title] == [f"How is {name} doing?"]
    notices = [warning.value for warning in at.warning]
    assert len(notices) == (1 if line else 0)
    assert not line or line in notices[0]


def test_an_alias_chosen_in_the_box_becomes_the_authority(open_page: Opener) -> None:
    at = open_page("overview")
    box = at.selectbox(key="la")
    labels = [label for label in box.options if "Poole (later)" in label]
    assert labels == ["Bournemouth, Christchurch and Poole (later) → Bournemouth"]
    box.set_value(labels[0]).run()
    assert at.selectbox(key="la").value == "Bournemouth"
    assert at.selectbox(key="region").value == "South West"
    assert "part of Dorset; Bournemouth is shown." in at.warning[0].value
    assert any("Bournemouth became part of" in caption.value for caption in at.caption)


def test_one_step_leads_to_the_region_and_to_england(open_page: Opener) -> None:
    at = open_page("local-authority", la="Camden")
    at.button(key="whole_region").click().run()
    assert (at.selectbox(key="la").value, at.selectbox(key="region").value) == ("All", "London")
    assert not any(button.key == "whole_region" for button in at.button)
    at.button(key="whole_england").click().run()
    assert (at.selectbox(key="la").value, at.selectbox(key="region").value) == ("All", "All regions")
    assert not any(button.key == "whole_england" for button in at.button)


def test_what_is_made_ready_is_what_the_page_asks_for(open_page: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page of an authority that was made ready builds no figure anew."""
    from pages.parts import warm

    now = camden()
    known = data.reference(now.version)
    warm._authority(known, next(known.authorities.query("code == '202'").itertuples()))

    def fail(*_args: object, **_how: object) -> None:
        raise AssertionError("built anew")

    for built in ("spine.spine", "strips.trend_strips", "two_groups.two_groups", "dots.ranked", "trend.trajectory"):
        monkeypatch.setattr(f"charts.{built}", fail)
    monkeypatch.setattr(figures.findings, "attention", fail)
    at = open_page("local-authority", la="Camden")
    assert not at.exception
    assert isinstance(comparisons.spine_chart(now).table, pd.DataFrame)
