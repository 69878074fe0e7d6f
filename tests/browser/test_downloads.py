"""Files of the charts: valid, named after what they show, and holding what the screen shows."""

import io
import json
import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, expect

from exports.chart_files import KINDS
from tests.browser.screen import (
    NARROW,
    WAIT,
    cells,
    content,
    csv,
    downloads,
    filter_box,
    in_menu,
    menu_of,
    open_table,
    settled,
    visit,
)
from tests.browser.server import Server
from tests.exports.test_chart_files import in_xml, valid_vega_lite

# Address of a page → some of its figures, and how their files are called.
FIGURES = {
    "/": {"map_region": r"indicators-on-track_england_2011-12_map"},
    "/regions": {
        "map_region": r"inclusive-pd-policy_the-nine-regions_2011-12_map",
        "funnel": r"inclusive-pd-policy_all-local-authorities_2011-12.*",
        "gap": r"inclusive-pd-policy_the-nine-regions_.*",
    },
    "/regions?indicator=reviewed": {"between_teachers": r"needs-agreed-in-review_.*"},
    "/local-authority?la=Camden": {
        "trajectory": r"inclusive-pd-policy_camden_.*",
        "ranked_la": r"inclusive-pd-policy_authorities-of-london_2011-12",
    },
    "/schools?la=Camden": {"schools_map": r"schools_camden_2011-12_map"},
    "/compare?la=Camden&indicator=inducted": {"by_area": r"structured-induction_camden_london_england_over-time"},
    "/compare?la=Camden": {"ranking": r"inclusive-pd-policy_camden_london_england_2011-12"},
}
# One figure of every page that has some, taken in every format.
ONE_A_PAGE = [
    ("/?region=London", "heat"),
    ("/priorities?priority=coherence", "outcome_2a"),
    ("/plan", "timeline"),
    ("/evidence", "evidence_matrix"),
    ("/regions?staff_group=Teachers&indicator=reviewed", "ranked_region"),
    ("/local-authority?la=Camden", "spine"),
    ("/schools?la=Camden&school=9000004", "sheet"),
    ("/compare?la=Camden", "matrix"),
    ("/data?view=Coverage", "coverage_region"),
    ("/partnerships?show=Impacts and challenges", "impact_matrix"),
    ("/university-programmes", "completion_cost"),
    ("/charts?kind=bars&indicators=reviewed", "built"),
]
# Of these, figures of indicators: what they hold is compared with the screen, too.
OF_INDICATORS = ("heat", "ranked_region", "spine", "sheet", "matrix")
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


@pytest.mark.parametrize("address", FIGURES)
def test_png_svg_and_csv_hold_what_the_screen_shows(page: Page, address: str) -> None:
    visit(page, address)
    kinds = ("svg", "png", "csv")
    for key, stem in FIGURES[address].items():
        files = {}
        for kind, file in zip(kinds, downloads(page, key, kinds), strict=True):
            assert re.fullmatch(rf"{stem}\.{kind}", file.suggested_filename)
            files[kind] = content(file)
        _as_on_screen(page, key, files)


def _as_on_screen(page: Page, key: str, files: dict[str, bytes]) -> None:
    """The files svg, png and csv of a figure say what the page says of it; the table is the page's, cell by cell."""
    headline, subtitle, source = _words_of(page, key)
    drawing = ElementTree.fromstring(files["svg"])
    words = " ".join(" ".join(text.itertext()) for text in drawing.iter(f"{SVG}text"))
    assert drawing.findtext(f"{SVG}title") == headline
    for said in (headline, subtitle, source):
        assert set(said.split()) <= set(words.split()), f"not in the SVG: {said}"
    assert "Illustrative" in words

    image = Image.open(io.BytesIO(files["png"]))
    image.load()
    size = (float(drawing.attrib["width"]), float(drawing.attrib["height"]))
    assert image.size == pytest.approx((2 * size[0], 2 * size[1]), abs=2)
    assert image.width == 1800
    assert image.text["Title"] == headline  # type: ignore[attr-defined]
    assert image.text["Kind of data"] == "Illustrative data"  # type: ignore[attr-defined]
    assert len(image.convert("RGB").getcolors(1 << 24)) > 20

    table = _table(files["csv"])
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


def _table(file: bytes) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(file), dtype=str, encoding="utf-8-sig", keep_default_na=False)


@pytest.mark.parametrize(("address", "key"), ONE_A_PAGE, ids=[key for _, key in ONE_A_PAGE])
def test_every_format_opens_again_and_says_the_same_of_itself(
    page: Page, server: Server, address: str, key: str
) -> None:
    visit(page, address)
    headline = page.locator(f".st-key-{key}_table").locator("xpath=preceding::*[self::h2 or self::h3][1]").inner_text()
    files = {}
    menu_of(page, key).click()
    for kind in KINDS:
        with page.expect_download(timeout=WAIT) as caught:
            in_menu(page, key, kind).click()
        assert caught.value.suggested_filename.endswith(f".{kind}")
        files[kind] = content(caught.value)

    told = json.loads(files["vl.json"])["usermeta"]
    valid_vega_lite(json.loads(files["vl.json"]))
    assert told["Title"] == headline.strip()
    assert told["Kind of data"] in ("Illustrative data", "Published data")
    for name in ("Measure", "Shown for", "Shown period", "Data version", "Exported"):
        assert told[name], name
    own = {name: text for name, text in told.items() if text}
    link = urlsplit(told["Link"])
    assert f"{link.scheme}://{link.netloc}" == server.url
    assert link.path == urlsplit(address).path
    assert parse_qs(link.query)["as_at"][0].isdecimal()

    drawing = ElementTree.fromstring(files["svg"])
    in_svg = {name.lower().replace(" ", "_"): text for name, text in own.items()}
    assert in_xml(drawing) == in_svg
    document = pypdf.PdfReader(io.BytesIO(files["pdf"]))
    assert in_xml(ElementTree.fromstring(document.root_object["/Metadata"].get_data())) == in_svg  # type: ignore
    assert document.metadata is not None
    assert document.metadata.title == told["Title"]
    width = float(drawing.attrib["width"])
    for kind, scale in (("1x.png", 1), ("png", 2), ("print.png", 300 / 96)):
        image = Image.open(io.BytesIO(files[kind]))
        image.load()
        assert image.width == pytest.approx(scale * width, abs=2)
        assert own.items() <= image.text.items()  # type: ignore[attr-defined]
    table = _table(files["csv"])
    assert {name: table.iloc[0].get(f"{name} (of the chart)", table.iloc[0][name]) for name in told} == told
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))
    assert book.sheetnames == ["Cover", "Notes", "Table"]
    assert {f"{name}: {text}" for name, text in own.items()} <= {cell.value for cell in book["Cover"]["A"]}
    (cells_of,) = book["Table"].tables.values()
    assert len(book["Table"][cells_of.ref]) == len(table) + 1

    if key in OF_INDICATORS:
        page.keyboard.press("Escape")
        _as_on_screen(page, key, files)
    visit(page, told["Link"].removeprefix(server.url))
    expect(page.get_by_role("heading", name=told["Title"], exact=True).first).to_be_visible(timeout=WAIT)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_link_and_image_are_copied_and_the_open_menu_is_accessible_on_a_phone(
    new_page: Callable[..., Page], server: Server, dark: bool
) -> None:
    page = new_page(server, NARROW, dark)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit(page, "/regions?indicator=reviewed")
    menu_of(page, "ranked_region").click()
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Link copied.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{server.url}/regions?indicator=reviewed&period=2011/12"
    page.get_by_role("button", name="Copy image").click()
    expect(page.get_by_text("Image copied.")).to_be_visible(timeout=WAIT)
    size = page.evaluate(
        """async () => {
            const [item] = await navigator.clipboard.read();
            const image = await createImageBitmap(await item.getType("image/png"));
            return [image.width, image.height];
        }"""
    )
    assert size[0] == 1800
    found = Axe().run(page, context="[data-testid='stDialog']").response["violations"]
    assert not [violation for violation in found if violation["impact"] in ("serious", "critical")]
    box = in_menu(page, "ranked_region", "pin").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= NARROW["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_where_the_browser_refuses_the_clipboard_the_menu_says_what_to_do(page: Page, server: Server) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    visit(page, "/schools?la=Camden&school=9000004")
    menu_of(page, "sheet").click()
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text(f"The link is {server.url}/schools?")).to_be_visible()
    page.get_by_role("button", name="Copy image").click()
    expect(page.get_by_text("Take the PNG.")).to_be_visible()


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
    for _ in range(10):
        if png.evaluate("button => button === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(png).to_be_focused()
    with page.expect_download() as caught:
        page.keyboard.press("Enter")
    assert caught.value.suggested_filename.endswith(".png")
    expect(page.locator("[role=dialog]:focus-within")).to_be_visible()
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
    page.keyboard.type("Support staff")
    expect(page.get_by_role("option")).to_have_text(["Support staff"])  # the list follows the typing a little later
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(filter_box(page, "Staff group")).to_have_value("Support staff")
    expect(page).to_have_url(re.compile("staff_group=Support"))
    settled(page)
