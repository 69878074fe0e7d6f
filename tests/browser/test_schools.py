"""An officer's schools in a browser: chosen by keyboard, map and link; the list to chase as a workbook."""

import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import openpyxl
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from charts import school_map
from data_access import queries, schools, values
from data_access.engine import current_version, get_engine, reading
from measures import response
from seed_data import reference
from tests.browser.conftest import Filled
from tests.browser.screen import NARROW, WIDE, content, filter_box, on_map, parameters, settled, until, visit
from tests.browser.server import Server

CAMDEN = "Which schools in Camden should I talk to?"


@pytest.fixture(scope="module")
def known(filled: Filled) -> dict[str, Any]:
    """Camden's schools, and what each owes for 2011/12, straight from the database."""
    with reading(get_engine(filled.url)) as connection:
        about = queries.indicators(connection)
        rows = values.school_values(connection, None, la_code="202")
        rows = values.at_period(rows, "2011/12", about.set_index("code")["frequency"])
        register = schools.register(connection, "202")
        version = current_version(connection)
    return {
        "version": version,
        "schools": register,
        "counts": response.by_school(rows, about.set_index("code")["priority"]).set_index("area_code"),
        "missing": response.missing(rows),
        "titles": (about["outcome"] + " " + about["short_title"]).set_axis(about["code"]),
    }


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1440", "390"])
def test_a_school_is_chosen_by_keyboard_and_stays_in_the_link(
    new_page: Callable[..., Page], server: Server, known: dict[str, Any], viewport: dict[str, int]
) -> None:
    page = new_page(server, viewport)
    visit(page, "/schools?la=Camden", CAMDEN)
    school = known["schools"].iloc[2]
    counts = known["counts"].loc[school["urn"]]
    said = f"{counts['received']} of {counts['due']} returns in"
    box = filter_box(page, "School")
    box.focus()
    page.keyboard.type(school["urn"])
    page.keyboard.press("Enter")
    expect(page.get_by_text(said).first).to_be_visible(timeout=20_000)
    sheet = page.get_by_role("heading", level=3, name=re.compile(f"^{school['name']}: "))
    expect(sheet).to_be_visible()
    assert parameters(page)["school"] == school["urn"]

    page.reload()
    expect(sheet).to_be_visible(timeout=20_000)
    settled(page)
    other = known["schools"].iloc[5]
    box.focus()
    page.keyboard.type(other["urn"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=3, name=re.compile(f"^{other['name']}: "))).to_be_visible()
    page.go_back()
    expect(sheet).to_be_visible(timeout=20_000)
    expect(box).to_have_value(f"{school['name']} ({school['urn']})")
    assert parameters(page)["school"] == school["urn"]


def test_a_click_on_a_point_or_a_row_chooses_the_school(page: Page, known: dict[str, Any]) -> None:
    visit(page, "/schools?la=Camden", CAMDEN)
    there = known["schools"]
    # One that no other covers.
    alone = [
        row
        for at, row in there.iterrows()
        if (there.drop(at)[["longitude", "latitude"]] - row[["longitude", "latitude"]].astype(float))
        .abs()
        .max(axis=1)
        .min()
        > 0.006
    ]
    shipped = json.loads(reference.outlines("local_authorities").read_text(encoding="utf-8"))["features"]
    outline = next(each for each in shipped if each["code"] == "202")
    bounds = school_map.bounds_of(outline, there)
    assert bounds is not None
    chart = page.get_by_test_id("stDeckGlJsonChart").locator("#deckgl-wrapper")
    chart.scroll_into_view_if_needed()
    tooltip = page.locator(".deck-tooltip")
    school = alone[0]
    at: list[float] = []

    def found() -> bool:
        box = chart.bounding_box()
        assert box is not None
        at[:] = on_map(box, bounds, (school["longitude"], school["latitude"]))
        page.mouse.move(at[0] + 3, at[1] + 3)
        page.mouse.move(*at)
        return tooltip.is_visible() and school["name"] in tooltip.inner_text()

    def chosen() -> bool:
        until(page, found, f"the map says {school['name']}")
        page.wait_for_timeout(300)
        page.mouse.click(*at)
        page.wait_for_timeout(1500)
        return parameters(page).get("school") == school["urn"]

    until(page, chosen, "a click chooses the school", 40)
    expect(page.get_by_role("heading", level=3, name=re.compile(f"^{school['name']}: "))).to_be_visible()

    settled(page)
    grid = page.locator(".st-key-schools_list").locator("canvas").first
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 15, box["y"] + 35 * 1.5)  # the first row's mark
    until(page, lambda: parameters(page).get("school") == there["urn"].iloc[0], "a row chooses the school")
    expect(page.get_by_role("heading", level=3, name=re.compile(f"^{there['name'].iloc[0]}: "))).to_be_visible()


def test_search_filters_and_another_authority(page: Page, known: dict[str, Any]) -> None:
    visit(page, f"/schools?la=Camden&school={known['schools']['urn'].iloc[0]}&sort=fewest-returns-in", CAMDEN)
    expect(filter_box(page, "Sort by")).to_have_value("Fewest returns in")
    box = page.get_by_role("textbox", name="Search")
    box.fill("SECONDARY")
    box.press("Enter")
    there = known["schools"]
    few = int(there["name"].str.contains("secondary").sum())
    expect(page.get_by_role("heading", level=2, name=f"{few} of {len(there)} schools")).to_be_visible()
    assert parameters(page)["find"] == "SECONDARY"
    box.fill("=cmd|<b>")
    box.press("Enter")
    expect(page.get_by_text("No school passes these filters.")).to_be_visible()
    box.fill("")
    box.press("Enter")
    la = filter_box(page, "Borough or local authority")
    la.click()
    la.fill("Leeds")
    page.get_by_role("option", name="Leeds", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Which schools in Leeds should I talk to?")
    settled(page)
    assert "school" not in parameters(page)
    expect(page.get_by_text("is not a known school")).to_have_count(0)


def test_the_workbook_of_schools_to_chase_holds_what_is_missing(page: Page, known: dict[str, Any]) -> None:
    visit(page, "/schools?la=Camden", CAMDEN)
    with page.expect_download() as caught:
        page.get_by_role("button", name="Schools to chase in Camden (XLSX)").click()
    assert caught.value.suggested_filename == "schools-to-chase_camden_2011-12.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(content(caught.value)))
    assert book.sheetnames == ["Cover", "Schools to chase", "Missing returns"]
    sheets = {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    cover = dict(sheets["Cover"])
    assert cover["Title"] == "Schools to chase in Camden"
    assert (cover["Local authority"], cover["Period"]) == ("Camden (202)", "2011/12")
    assert cover["Kind of data"].startswith("Illustrative data")
    assert cover["Data version"].startswith(f"{known['version']}, ")
    owed = known["missing"]
    returns = pd.DataFrame(sheets["Missing returns"][1:], columns=sheets["Missing returns"][0])
    assert set(zip(returns["URN"], returns["Indicator"], strict=True)) == set(
        zip(owed["area_code"], owed["indicator"].map(known["titles"]), strict=True)
    )
    assert (returns[["Source", "Collection", "Phase"]] != "").all(axis=None)
    listed = pd.DataFrame(sheets["Schools to chase"][1:], columns=sheets["Schools to chase"][0])
    assert dict(zip(listed["URN"], listed["Missing"], strict=True)) == owed["area_code"].value_counts().to_dict()


def test_tables_and_charts_have_no_download_of_which_the_audit_does_not_hear(page: Page) -> None:
    unheard = page.locator(
        "button:is([aria-label^='Download as '], [aria-label^='Show data'], [aria-label^='Copy Vega-Lite spec'])"
    )
    in_sight = "all => all.filter(one => one.checkVisibility()).map(one => one.ariaLabel)"
    visit(page, "/schools", "Which schools should I talk to?")
    settled(page)
    assert unheard.evaluate_all(in_sight) != []  # a list of authorities
    visit(page, "/schools?la=Camden&school=9000004", CAMDEN)
    settled(page)
    until(page, lambda: unheard.count() > 2, "Streamlit's buttons on the tables and the chart")
    assert unheard.evaluate_all(in_sight) == []


@pytest.fixture(scope="module")
def of_camden(filled: Filled, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A dashboard for the officers of Camden."""
    log = tmp_path_factory.mktemp("own") / "server.log"
    with Server(filled.url, log, CPD_SCHOOLS_OF="202") as running:
        yield running


def test_another_authority_s_schools_are_not_shown_by_any_link(
    new_page: Callable[..., Page], of_camden: Server, known: dict[str, Any]
) -> None:
    page = new_page(of_camden)
    visit(page, "/schools?la=Leeds&school=9001000", "Which schools in Leeds should I talk to?")
    expect(page.get_by_text("The schools of Leeds are shown to its own officers only.")).to_be_visible()
    assert "Example " not in page.locator("body").inner_text()
    expect(page.get_by_test_id("stDeckGlJsonChart")).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile("XLSX"))).to_have_count(0)
    visit(page, f"/schools?la=Camden&school={known['schools']['urn'].iloc[0]}", CAMDEN)
    expect(page.get_by_role("heading", level=3).first).to_contain_text(known["schools"]["name"].iloc[0])
