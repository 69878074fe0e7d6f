"""Files of the charts: valid, named after what they show, and holding what the screen shows."""

import io
import re
from xml.etree import ElementTree

import pandas as pd
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.screen import cells, content, csv, download, filter_box, menu_of, open_table, settled, visit

FIGURES = [
    ("/", "heat", r"status_england-by-region_2011-12"),
    ("/", "map_region", r"indicators-on-track_england_2011-12_map"),
    ("/regions", "ranked_region", r"inclusive-pd-policy_the-nine-regions_2011-12"),
    ("/regions", "map_region", r"inclusive-pd-policy_the-nine-regions_2011-12_map"),
    ("/regions", "funnel", r"inclusive-pd-policy_all-local-authorities_2011-12.*"),
    ("/regions", "gap", r"inclusive-pd-policy_the-nine-regions_.*"),
    ("/regions?indicator=reviewed", "between_teachers", r"needs-agreed-in-review_.*"),
    ("/local-authority?la=Camden", "spine", r".*camden_2011-12.*"),
    ("/local-authority?la=Camden", "trajectory", r"inclusive-pd-policy_camden_.*"),
    ("/local-authority?la=Camden", "ranked_la", r"inclusive-pd-policy_authorities-of-london_2011-12"),
    ("/schools?la=Camden", "schools_map", r"schools_camden_2011-12_map"),
    ("/schools?la=Camden&school=9000004", "sheet", r"school_example-primary-3-camden_2011-12"),
    ("/compare?la=Camden", "matrix", r"comparison_camden_london_england_2011-12"),
    ("/compare?la=Camden&indicator=inducted", "by_area", r"structured-induction_camden_london_england_over-time"),
    ("/compare?la=Camden", "ranking", r"inclusive-pd-policy_camden_london_england_2011-12"),
]
SVG = "{http://www.w3.org/2000/svg}"


def _words_of(page: Page, key: str) -> tuple[str, str, str]:
    """Headline, subtitle and source of a figure, as the screen says them."""
    table = page.locator(f".st-key-{key}_table")
    before = "xpath=preceding::*[@data-testid='stCaptionContainer']"
    headline = table.locator("xpath=preceding::*[self::h2 or self::h3][1]").inner_text().strip()
    source, subtitle = (table.locator(f"{before}[{n}]").inner_text().strip() for n in (1, 2))
    return headline, subtitle, source


def _same(screen: str, file: str) -> bool:
    """True where a cell on screen says what the file says; numbers may be written differently."""
    if screen == file or {screen, file} <= {"", "None", "nan", "NaN", "<NA>"}:
        return True
    try:
        return float(screen.replace(",", "")) == pytest.approx(float(file), abs=5e-5)
    except ValueError:
        return " ".join(screen.split()) == " ".join(file.split())


@pytest.mark.parametrize(("address", "key", "stem"), FIGURES, ids=[f"{a}-{key}" for a, key, _ in FIGURES])
def test_png_svg_and_csv_hold_what_the_screen_shows(page: Page, address: str, key: str, stem: str) -> None:
    visit(page, address)
    headline, subtitle, source = _words_of(page, key)

    svg = download(page, key, "svg")
    assert re.fullmatch(stem + r"\.svg", svg.suggested_filename)
    drawing = ElementTree.fromstring(content(svg))
    words = " ".join(" ".join(text.itertext()) for text in drawing.iter(f"{SVG}text"))
    assert drawing.findtext(f"{SVG}title") == headline
    for said in (headline, subtitle, source):
        assert set(said.split()) <= set(words.split()), f"not in the SVG: {said}"
    assert "Illustrative" in words

    png = download(page, key, "png")
    assert re.fullmatch(stem + r"\.png", png.suggested_filename)
    image = Image.open(io.BytesIO(content(png)))
    image.load()
    size = (float(drawing.attrib["width"]), float(drawing.attrib["height"]))
    assert image.size == pytest.approx((2 * size[0], 2 * size[1]), abs=2)
    assert image.width == 1800
    assert image.text["Title"] == headline  # type: ignore[attr-defined]
    assert "Illustrative" in image.text["Source"]  # type: ignore[attr-defined]
    assert len(image.convert("RGB").getcolors(1 << 24)) > 20

    file = download(page, key, "csv")
    assert re.fullmatch(stem + r"\.csv", file.suggested_filename)
    table = csv(file)
    told = table.iloc[0]
    assert told["Title"] == headline
    assert told["Measure"] == subtitle
    for name in ("Shown for", "Shown period", "Source", "Reporting", "Data version", "Exported"):
        assert told[name], f"{name} is empty"
    assert told["Shown for"] in subtitle
    assert told["Comparator"] in subtitle
    assert told["Reporting"] in source
    assert told["Kind of data"] == "Illustrative data"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", told["Exported"])

    shown = cells(open_table(page, key))
    assert len(shown) > 0
    mine = table[list(shown.columns)]
    if len(table) <= 40:
        assert len(shown) == len(table)
    rows = zip(shown.itertuples(index=False), mine.itertuples(index=False), strict=False)
    wrong = [(a, b) for screen, said in rows for a, b in zip(screen, said, strict=True) if not _same(a, b)]
    assert not wrong, wrong[:5]


def test_all_figures_of_an_authority_in_one_file(page: Page) -> None:
    visit(page, "/local-authority?la=Camden", "How is Camden doing?")
    with page.expect_download() as caught:
        page.get_by_role("button", name="All figures (CSV)").click()
    table = csv(caught.value)
    assert caught.value.suggested_filename == "all-indicators_camden_2011-12.csv"
    assert set(table["area"]) == {"Camden"}
    assert table["indicator"].nunique() == 33
    assert set(table["kind"]) == {"illustrative"}
    assert pd.to_numeric(table["data_version"]).min() > 0


def test_menu_and_download_work_by_keyboard(page: Page) -> None:
    visit(page, "/regions")
    menu = menu_of(page, "ranked_region")
    menu.focus()
    page.keyboard.press("Enter")
    png = page.get_by_role("button", name="PNG", exact=True)
    expect(png).to_be_visible()
    # Streamlit puts an open menu at the end of the page: Tab comes to it after what follows the chart.
    for _ in range(60):
        if png.evaluate("button => button === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(png).to_be_focused()
    with page.expect_download() as caught:
        page.keyboard.press("Enter")
    assert caught.value.suggested_filename.endswith(".png")
    page.keyboard.press("Escape")
    expect(png).to_be_hidden()
    expect(menu).to_be_focused()


def test_tab_reaches_every_filter_which_the_keyboard_then_sets(page: Page) -> None:
    visit(page, "/", "Are we on track?")
    reached: list[str] = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.getAttribute('aria-label') || ''"))
        if reached[-1] == "Staff group":
            break
    labels = ["Period", "Region", "Borough or local authority", "Phase", "Staff group"]
    assert [label for label in reached if label in labels] == labels
    page.keyboard.press("ArrowDown")
    page.keyboard.type("Support")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(filter_box(page, "Staff group")).to_have_value("Support staff")
    expect(page).to_have_url(re.compile("staff_group=Support"))
    settled(page)
