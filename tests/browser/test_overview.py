"""The overview says the same as the database."""

import re
from collections.abc import Callable

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from data_access import queries, values
from data_access.engine import get_engine, reading
from measures.status import summarise
from measures.words import STATUS_WORDS, number
from tests.browser.conftest import Filled
from tests.browser.screen import NARROW, cells, choose, open_table, visit
from tests.browser.server import Server

PERIOD = "2011/12"


@pytest.fixture(scope="module")
def known(filled: Filled) -> dict[str, pd.DataFrame]:
    """What the database says: indicators, priorities, regions, and values of England and the regions."""
    with reading(get_engine(filled.url)) as connection:
        indicators = queries.indicators(connection)
        frequency = indicators.set_index("code")["frequency"]
        at = {
            level: values.at_period(values.area_values(connection, level), PERIOD, frequency)
            for level in ("england", "region")
        }
        return {
            "indicators": indicators[indicators["priority"].notna()],
            "priorities": queries.priorities(connection),
            "regions": queries.regions(connection),
            **at,
        }


def _judged(known: dict[str, pd.DataFrame], level: str) -> pd.DataFrame:
    return known[level].merge(known["indicators"], left_on="indicator", right_on="code", suffixes=("", "_of"))


def test_cards_heat_chart_and_its_table_say_what_the_database_says(page: Page, known: dict[str, pd.DataFrame]) -> None:
    visit(page, "/", "Are we on track?")
    _three_cards_count_what_summarise_counts(page, known)
    _heat_chart_marks_the_status_of_each_indicator_in_nine_regions_and_england(page, known)
    _table_twin_of_the_heat_chart_holds_its_rows(page, known)


def _three_cards_count_what_summarise_counts(page: Page, known: dict[str, pd.DataFrame]) -> None:
    rows = _judged(known, "england")
    headings = page.get_by_test_id("stHtml").get_by_role("heading")
    expect(headings).to_have_text(list(known["priorities"]["short"]))
    for priority in known["priorities"].itertuples():
        found = summarise(rows[rows["priority"] == priority.code])
        card = page.get_by_test_id("stHtml").filter(has=page.get_by_role("heading", name=priority.short, exact=True))
        said = card.inner_text()
        assert f"{found.on_track} of {found.total} on track" in " ".join(said.split())
        for count, words in ((found.at_risk, "at risk"), (found.off_track, "off track")):
            assert (f"{count} {words}" in said) is (count > 0)
        assert f"{found.median_progress:.0%} of the way" in said


def _heat_chart_marks_the_status_of_each_indicator_in_nine_regions_and_england(
    page: Page, known: dict[str, pd.DataFrame]
) -> None:
    marks = page.get_by_test_id("stVegaLiteChart").locator(".mark-symbol [aria-label*='Indicator: ']")
    labels = marks.evaluate_all("marks => marks.map(mark => mark.getAttribute('aria-label'))")
    drawn = {
        (found["indicator"], found["area"]): (found["value"], found["status"])
        for found in (
            re.search(
                r"Indicator: (?P<indicator>.*?); Area: (?P<area>.*?); Value: (?P<value>.*?); .*"
                r"Status: (?P<status>[^:;]*)",
                label,
            )
            for label in labels
        )
        if found
    }
    rows = pd.concat([_judged(known, "region"), _judged(known, "england")])
    expected = {(f"{row.outcome} {row.short_title}", row.area): STATUS_WORDS[row.status] for row in rows.itertuples()}
    assert {area for _, area in drawn} == {*known["regions"]["name"], "England"}
    assert {key: status for key, (_, status) in drawn.items()} == expected
    values_of = {
        (f"{row.outcome} {row.short_title}", row.area): f"{row.value:,.1f}%"
        for row in rows[(rows["unit"] == "percent") & rows["value"].notna()].itertuples()
    }
    assert {key: drawn[key][0] for key in values_of} == values_of


def _table_twin_of_the_heat_chart_holds_its_rows(page: Page, known: dict[str, pd.DataFrame]) -> None:
    said = cells(open_table(page, "heat"))
    assert len(said) >= 5
    of = {
        (row.short_title, row.area): row
        for row in pd.concat([_judged(known, "region"), _judged(known, "england")]).itertuples()
    }
    for row in said.to_dict("records"):
        figure = of[row["Indicator"], row["Area"]]
        assert row["Value"] == number(figure.value, figure.unit, figure.symbol)
        # Of a long table only the columns in sight are in the document; the CSV's test reads the others.
        assert STATUS_WORDS[figure.status] in row.get("Status", STATUS_WORDS[figure.status])


def test_phone_shows_the_list_of_regions_instead_of_the_heat_table(
    new_page: Callable[..., Page], server: Server, known: dict[str, pd.DataFrame]
) -> None:
    narrow = new_page(server, NARROW)
    visit(narrow, "/", "Are we on track?")
    heat = narrow.locator(".st-key-wide_only")
    listed = narrow.locator(".st-key-narrow_only table")
    expect(heat).to_be_hidden()
    expect(listed).to_be_visible()
    said = cells(listed).set_index("On track")
    assert list(said.index) == ["England", *known["regions"]["name"]]
    rows = pd.concat([_judged(known, "region"), _judged(known, "england")])
    for (area, short), group in rows.groupby(["area", "priority_short"]):
        found = summarise(group)
        assert said.loc[area, short] == f"{found.on_track} of {found.total}"


def test_map_of_local_authorities_is_one_press_away(page: Page) -> None:
    visit(page, "/", "Are we on track?")
    page.get_by_role("radio", name="Local authorities").click()
    expect(page.get_by_role("figure", name=re.compile("^Map of 152 local authorities"))).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile(r"of 1\d\d local authorities"))).to_be_visible()


def test_another_period_changes_the_cards(page: Page) -> None:
    visit(page, "/", "Are we on track?")
    choose(page, "Period", "2009", "2009/10")
    card = page.get_by_test_id("stHtml").filter(has=page.get_by_role("heading", name="Quality", exact=True))
    expect(card).to_contain_text("Not judged")
    expect(page).to_have_url(re.compile(r"period=2009"))
