"""`python -m tests.browser.screenshots`: pictures of each page for the README, into docs/images."""

import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from data_access.settings import PROJECT
from tests.browser.screen import CHROMIUM, PAGES, visit
from tests.browser.server import Server, fill

IMAGES = PROJECT / "docs" / "images"
SIZE = {"width": 1440, "height": 1000}
SHOWN = [
    "overview", "priorities", "plan", "evidence", "meeting-since", "regions", "camden", "compare", "schools", "data",
]  # fmt: skip


def _take(browser: Browser, server: Server, name: str) -> None:
    context = browser.new_context(base_url=server.url, viewport=SIZE)  # type: ignore[arg-type]
    page = context.new_page()
    address, title = PAGES[name]
    visit(page, address, title)
    for chart in page.get_by_test_id("stDeckGlJsonChart").all():
        # Maps draw once their outlines have come; there is no other sign of it.
        chart.scroll_into_view_if_needed()
        page.wait_for_timeout(2000)
    page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
    _keep(page.screenshot(), IMAGES / f"{name}-{SIZE['width']}.png")
    context.close()


def _keep(picture: bytes, file: Path) -> None:
    """Write a picture with 256 colours: a third of the bytes, and no difference to be seen."""
    with tempfile.NamedTemporaryFile(suffix=".png") as raw:
        Path(raw.name).write_bytes(picture)
        Image.open(raw.name).convert("RGB").quantize(256).save(file, optimize=True)


def main() -> None:
    """Fill a database, serve it, and take the pictures."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        url = f"sqlite:///{folder}/cpd.db"
        fill(url)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
        with Server(url, Path(folder) / "server.log") as server:
            for name in SHOWN:
                _take(browser, server, name)
        browser.close()
    for file in sorted(IMAGES.glob("*.png")):
        print(f"{file.relative_to(PROJECT)}: {file.stat().st_size / 1024:.0f} kB")


if __name__ == "__main__":
    main()
