"""Filters: by typing, by a click on a map or a chart; in the address, across pages, Back and reload."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from charts.geometry import middle_of
from seed_data import reference
from tests.browser.screen import (
    choose,
    click_on_map,
    filter_box,
    parameters,
    settled,
    visit,
)
from tests.browser.server import Server

LA, REGION = "Borough or local authority", "Region"


def _place(level: str, name: str) -> tuple[float, float]:
    features = json.loads(reference.outlines(level).read_text(encoding="utf-8"))["features"]
    return middle_of(next(f for f in features if f["properties"]["name"] == name))


def _camden_is_shown(page: Page) -> None:
    expect(filter_box(page, LA)).to_have_value("Camden")
    expect(filter_box(page, REGION)).to_have_value("London")
    assert parameters(page)["la"] == "Camden"


def test_typing_part_of_a_name_chooses_camden_everywhere(page: Page) -> None:
    visit(page, "/", "Are we on track?")
    choose(page, LA, "camd", "Camden")
    expect(page).to_have_url(re.compile(r"la=Camden"))
    expect(filter_box(page, REGION)).to_have_value("London")
    assert parameters(page) == {"la": "Camden", "region": "London"}
    expect(page.get_by_text(re.compile(r"^Camden · 2011/12"))).to_be_visible()
    settled(page)

    page.get_by_role("link", name="Local authority").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How is Camden doing?")
    settled(page)
    _camden_is_shown(page)

    page.get_by_role("link", name="Definitions").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What does this mean?")
    settled(page)
    _camden_is_shown(page)

    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("How is Camden doing?")
    settled(page)
    _camden_is_shown(page)

    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("How is Camden doing?")
    settled(page)
    _camden_is_shown(page)


def test_clearing_goes_back_to_london_and_to_england(page: Page) -> None:
    visit(page, "/local-authority?la=Camden", "How is Camden doing?")
    choose(page, LA, "All", "All")
    expect(page.get_by_role("heading", level=1)).to_have_text("How is my borough doing?")
    expect(filter_box(page, REGION)).to_have_value("London")
    expect(page.get_by_text(re.compile(r"^London · 2011/12"))).to_be_visible()
    assert parameters(page) == {"region": "London"}
    choose(page, REGION, "All", "All regions")
    expect(page.get_by_text(re.compile(r"^England · 2011/12"))).to_be_visible()
    assert parameters(page) == {}


def test_codes_and_former_names_are_found_by_typing(page: Page) -> None:
    visit(page, "/", "Are we on track?")
    for typed, option, name, line in (
        ("202", "202 · E09000007 · Camden", "Camden", ""),
        ("E08000035", "383 · E08000035 · Leeds", "Leeds", ""),
        ("cheshire (f", "Cheshire (former) → Cheshire East", "Cheshire East", "Cheshire became Cheshire East and"),
        ("westmor", "Westmorland and Furness (later) → Cumbria", "Cumbria", "was part of Cumbria until 2023"),
    ):
        choose(page, LA, typed, option, shown=name)
        settled(page)
        expect(filter_box(page, LA)).to_have_value(name)
        assert parameters(page)["la"] == name
        expect(page.get_by_role("alert")).to_have_count(1 if line else 0)
        if line:
            expect(page.get_by_role("alert")).to_contain_text(line)
    expect(page.get_by_text("Cumbria was split into Cumberland and Westmorland and Furness in 2023")).to_be_visible()


def test_region_and_england_are_one_step_away(page: Page) -> None:
    visit(page, "/local-authority?la=Camden", "How is Camden doing?")
    page.get_by_role("button", name="All of London").click()
    expect(page.get_by_text(re.compile(r"^London · 2011/12"))).to_be_visible()
    assert parameters(page) == {"region": "London"}
    settled(page)
    page.get_by_role("button", name="England", exact=True).click()
    expect(page.get_by_text(re.compile(r"^England · 2011/12"))).to_be_visible()
    assert parameters(page) == {}


def test_another_region_lets_go_of_the_authority(page: Page) -> None:
    visit(page, "/?la=Camden")
    choose(page, REGION, "North W", "North West")
    expect(filter_box(page, LA)).to_have_value("All")
    expect(page.get_by_text(re.compile(r"^North West · 2011/12"))).to_be_visible()
    assert parameters(page) == {"region": "North West"}


def test_clicks_on_the_map_choose_a_region_and_then_an_authority(page: Page) -> None:
    visit(page, "/regions")
    click_on_map(page, reference.bounds()["england"], _place("regions", "South West"), "South West", REGION)
    expect(filter_box(page, REGION)).to_have_value("South West")
    expect(page).to_have_url(re.compile(r"region=South(\+|%20)West"))
    settled(page)
    region = next(code for code, short in reference.REGION_SHORT.items() if short == "SW")
    click_on_map(page, reference.bounds()[region], _place("local_authorities", "Wiltshire"), "Wiltshire", LA)
    expect(filter_box(page, LA)).to_have_value("Wiltshire")
    expect(page).to_have_url(re.compile(r"la=Wiltshire"))
    assert parameters(page)["region"] == "South West"


def test_a_click_on_the_overview_map_chooses_a_region(page: Page) -> None:
    visit(page, "/", "Are we on track?")
    click_on_map(page, reference.bounds()["england"], _place("regions", "North East"), "North East", REGION)
    expect(filter_box(page, REGION)).to_have_value("North East")
    expect(page.get_by_text(re.compile(r"^North East · 2011/12"))).to_be_visible()
    assert parameters(page) == {"region": "North East"}


@pytest.mark.parametrize(
    ("address", "area", "label"),
    [("/regions", "West Midlands", REGION), ("/regions?region=London", "Hackney", LA)],
)
def test_a_click_on_a_dot_of_the_ranked_chart_chooses(page: Page, address: str, area: str, label: str) -> None:
    visit(page, address)
    dot = page.get_by_test_id("stVegaLiteChart").locator(f".mark-symbol [aria-label*='Area: {area};']").first
    dot.scroll_into_view_if_needed()
    dot.click()
    expect(filter_box(page, label)).to_have_value(area)
    settled(page)
    assert area in parameters(page).values()


UNKNOWN = [
    ("/?la=Atlantis", "“Atlantis” is not a known local authority"),
    ("/local-authority?la=' OR 1=1; DROP TABLE school--", "is not a known local authority"),
    ("/?la=<script>alert(1)</script>", "is not a known local authority"),
]


@pytest.mark.parametrize(("address", "line"), UNKNOWN, ids=[address for address, _ in UNKNOWN])
def test_an_unknown_value_in_the_address_falls_back_with_a_line(page: Page, address: str, line: str) -> None:
    visit(page, address)
    alerts = page.get_by_role("alert").filter(has_text="is not a known")
    expect(alerts).to_have_count(1)
    expect(alerts).to_contain_text(line)
    expect(page.get_by_text(re.compile("England · 2011/12 · all staff")).first).to_be_visible()
    assert "Traceback" not in page.locator("body").inner_text()
    choose(page, "Phase", "Prim", "Primary")
    expect(alerts).to_have_count(0)


def test_a_very_long_value_falls_back_with_a_short_line(page: Page) -> None:
    visit(page, "/?region=" + "N" * 4000, "Are we on track?")
    alert = page.get_by_role("alert").filter(has_text="is not a known region")
    expect(alert).to_have_count(1)
    assert len(alert.inner_text()) < 200
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440


def test_two_unknown_values_are_both_named(page: Page) -> None:
    visit(page, "/?la=Atlantis&period=1066", "Are we on track?")
    expect(page.get_by_role("alert").filter(has_text="is not a known")).to_have_count(2)


@pytest.mark.parametrize(
    ("address", "label", "value"),
    [
        ("/?la=202", LA, "Camden"),
        ("/?period=2010-11", "Period", "2010/11"),
        ("/regions?indicator=inclusive_policy", "Indicator", "1a Inclusive PD policy"),
    ],
)
def test_codes_in_the_address_are_understood(page: Page, address: str, label: str, value: str) -> None:
    visit(page, address)
    expect(filter_box(page, label)).to_have_value(value)
    if value == "Camden":
        expect(filter_box(page, REGION)).to_have_value("London")
    expect(page.get_by_text("is not a known")).to_have_count(0)


def test_an_authority_and_another_region_in_one_address_mean_the_authority(page: Page) -> None:
    visit(page, "/?la=Camden&region=North West", "Are we on track?")
    expect(filter_box(page, LA)).to_have_value("Camden")
    expect(filter_box(page, REGION)).to_have_value("London")


def test_filters_of_two_readers_do_not_mix(new_page: Callable[..., Page], server: Server) -> None:
    one, two = new_page(server), new_page(server)
    visit(one, "/?la=Camden")
    visit(two, "/?region=North East")
    expect(filter_box(two, LA)).to_have_value("All")
    choose(two, LA, "Gates", "Gateshead")
    settled(two)
    expect(filter_box(one, LA)).to_have_value("Camden")
