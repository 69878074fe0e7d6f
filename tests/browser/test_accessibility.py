"""No serious or critical violation that we could mend; no page wider than a phone."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.screen import NARROW, PAGES, WIDE, visit
from tests.browser.server import Server

# Rule → (what the offending element's HTML must hold, why it stays). Only what Streamlit itself renders.
ALLOWED = {
    "list": (
        'data-testid="stSidebarNavItems"',
        "st.navigation with sections puts a <div> around each section's links inside its <ul>; no option changes that",
    ),
    "listitem": (
        "<li ",
        "the same <div> stands between the <ul> of st.navigation and its <li>: only li within the sidebar's navigation",
    ),
}


def _violations(page: Page) -> list[str]:
    """Serious and critical ones, less those allowed, as lines of rule, selector and reason."""
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    lines = []
    for violation in found:
        if violation["impact"] not in ("serious", "critical"):
            continue
        for node in violation["nodes"]:
            holds, _ = ALLOWED.get(violation["id"], (None, ""))
            in_navigation = page.locator("[data-testid=stSidebarNav]").locator(node["target"][0]).count() > 0
            if holds is None or holds not in node["html"] or not in_navigation:
                reasons = [check["message"] for check in [*node["any"], *node["all"], *node["none"]]]
                lines.append(f"{violation['impact']} {violation['id']} {node['target']}: {'; '.join(reasons)}")
    return lines


def _looks() -> list[Any]:
    """Each page at both widths, at one of them light and at the other dark, turn and turn about: all take too long."""
    return [
        pytest.param(*page, viewport, (number + at) % 2 == 1, id=f"{name}-{viewport['width']}")
        for number, (name, page) in enumerate(PAGES.items())
        for at, viewport in enumerate((WIDE, NARROW))
    ]


@pytest.mark.parametrize(("address", "title", "viewport", "dark"), _looks())
def test_axe_finds_nothing_serious_and_nothing_scrolls_sideways(
    new_page: Callable[..., Page], server: Server, address: str, title: str, viewport: dict[str, int], dark: bool
) -> None:
    page = new_page(server, viewport, dark)
    visit(page, address, title)
    lines = _violations(page)
    assert not lines, "\n".join(lines)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    wide = page.evaluate(
        """() => [...document.querySelectorAll('[data-testid="stMain"] *')]
            .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && e.getBoundingClientRect().width > 0)
            .filter(e => !e.closest('[data-testid="stTable"], [data-testid="stDataFrame"], [role="tablist"], svg'))
            .slice(0, 3).map(e => e.outerHTML.slice(0, 200))"""
    )
    assert not wide, "\n".join(wide)
