"""Many at once in a real browser: chosen in a dialog, drawn by processes, taken away as one zip."""

import io
import zipfile

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.screen import NARROW, WAIT, content, in_menu, menu_of, visit


def test_a_chart_for_every_region_on_a_phone(page: Page) -> None:
    page.set_viewport_size(NARROW)
    visit(page, "/local-authority?la=Camden&indicator=reviewed")
    menu_of(page, "trajectory").click()
    in_menu(page, "trajectory", "many").click()
    dialog = page.get_by_test_id("stDialog")
    expect(page.get_by_text("Copy link")).to_be_hidden()  # one dialog at a time
    dialog.get_by_role("radio", name="Regions").click()
    expect(dialog.get_by_text("each region of England, 2011/12: 9 charts")).to_be_visible()
    found = Axe().run(page, context="[data-testid='stDialog']").response["violations"]
    assert not [violation for violation in found if violation["impact"] in ("serious", "critical")]
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    dialog.get_by_role("button", name="SVG").click()
    dialog.get_by_role("button", name="PNG", exact=True).click()
    dialog.get_by_role("button", name="Make them").click()
    expect(dialog.get_by_text("9 charts.")).to_be_visible(timeout=3 * WAIT)
    with page.expect_download(timeout=WAIT) as caught:
        dialog.get_by_role("button", name="Download").click()
    assert caught.value.suggested_filename == "needs-agreed-in-review_trajectory_each-region-of-england_2011-12.zip"
    with zipfile.ZipFile(io.BytesIO(content(caught.value))) as archive:
        names = archive.namelist()
        assert b"North East" in archive.read("needs-agreed-in-review_north-east_trend.svg")
    assert len(names) == 11
    assert {"contents.csv", "index.html"} < set(names)
