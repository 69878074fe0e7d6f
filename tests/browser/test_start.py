"""From nothing to the first page, cold; in the two ways the dashboard is served; and no way round its front door."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from data_access.settings import PROJECT
from tests.browser.conftest import Filled
from tests.browser.screen import PAGES, WAIT, filter_box, settled, visit
from tests.browser.server import Server, fill

# What the legacy multipage finder would have made of files in pages/, and paths of the files themselves.
NO_PAGES = ["overview", "parts/filters", "filters", "monitor/overview", "pages/monitor/overview.py", "navigation"]


# Each page once: another view of it starts no other way.
FIRST = {address.partition("?")[0]: (address, title) for address, title in reversed(PAGES.values())}


@pytest.mark.parametrize(("address", "title"), FIRST.values(), ids=FIRST)
def test_every_page_at_its_address_on_a_cold_start(
    new_page: Callable[..., Page], serve: Callable[..., Server], filled: Filled, address: str, title: str
) -> None:
    cold = serve(filled.url)
    page = new_page(cold)
    visit(page, address, title)
    expect(page).to_have_title("CPD strategy dashboard")
    expect(filter_box(page, "Period")).to_be_visible()
    expect(page.get_by_text("Illustrative data: the figures are invented").first).to_be_visible()
    expect(page.get_by_text("Traceback")).to_have_count(0)
    assert "Traceback" not in cold.log


def test_no_page_file_is_reached_past_the_front_door(new_page: Callable[..., Page], server: Server) -> None:
    assert [file.name for file in (PROJECT / "pages").glob("*.py")] == ["__init__.py"]
    before = len(server.log)
    page = new_page(server, lenient=True)  # Streamlit itself logs that there is no such page
    for path in NO_PAGES:
        page.goto(f"/{path}", wait_until="networkidle")
        if "/" not in path:
            expect(page.get_by_role("heading", level=1)).to_have_text("Are we on track?", timeout=WAIT)
        if page.get_by_role("heading", level=1).count():
            expect(filter_box(page, "Period")).to_be_visible()
    assert "Traceback" not in server.log[before:]


@pytest.mark.parametrize("path", ["/pages/parts/filters.py", "/dashboard.py", "/var/cpd.db", "/.streamlit/config.toml"])
def test_no_file_of_ours_is_served(server: Server, path: str) -> None:
    _, text, _ = server.get(path)
    assert "import streamlit" not in text
    assert "[server]" not in text
    assert not text.startswith("SQLite format")


def test_every_answer_carries_the_policy(server: Server) -> None:
    for path in ("/", "/regions", "/healthz", "/readyz", "/geography/regions.geojson", "/static/nothing.js"):
        _, _, headers = server.get(path)
        policy = {name.lower(): value for name, value in headers.items()}["content-security-policy"]
        assert "default-src 'none'" in policy
        assert not re.search(r"https?:|\*", policy)


def test_plain_streamlit_run_serves_deep_links_too(
    new_page: Callable[..., Page], serve: Callable[..., Server], filled: Filled
) -> None:
    plain = serve(filled.url, plain=True)
    page = new_page(plain)
    visit(page, "/local-authority?la=Camden", "How is Camden doing?")
    expect(filter_box(page, "Region")).to_have_value("London")
    page.get_by_role("link", name="Regions").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Which regions and authorities lead or lag?")
    settled(page)
    assert "Traceback" not in plain.log


def test_later_start_keeps_the_data(
    new_page: Callable[..., Page], serve: Callable[..., Server], filled: Filled
) -> None:
    """How long starts may take is measured by `make bench`; here the seconds that a browser sees are printed."""
    before = filled.file.read_bytes()
    fill(filled.url)
    assert filled.file.read_bytes() == before
    cold = serve(filled.url)
    assert cold.health()[1] == {"status": "ok", "data_version": 17}
    took = _first_page(new_page, cold)
    print(f"\nlater start: {took:.1f} s (served after {cold.start_seconds:.1f} s)")


def _first_page(new_page: Callable[..., Page], cold: Server) -> float:
    """Seconds from the server's start until a reader sees where the strategy stands; the browser is open already.

    The map draws itself in the seconds after that where, as here, there is no graphics card.
    """
    page = new_page(cold)
    page.goto("/")
    expect(page.get_by_text("Furthest behind")).to_be_visible(timeout=WAIT)
    took = time.monotonic() - cold.started
    settled(page)
    return took
