"""A thousand connections that begin a request and never end it: others are served all the same."""

import time

from playwright.sync_api import Page, expect

from tests.browser.screen import PAGES
from tests.browser.server import Server
from tests.exports.test_service import half_open


def test_a_thousand_half_open_connections_keep_nobody_out(page: Page, server: Server) -> None:
    with half_open(server.port, 1000):
        started = time.monotonic()
        assert server.get("/healthz")[0] == 200
        assert time.monotonic() - started < 2
        page.goto("/regions")
        expect(page.get_by_role("heading", level=1)).to_have_text(PAGES["regions"][1])
