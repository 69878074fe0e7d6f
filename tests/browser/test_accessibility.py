"""No serious or critical violation that we could mend; no page wider than a phone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.screen import NARROW, PAGES, WIDE, violations, visit
from tests.browser.server import Server


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
    lines = violations(page)
    assert not lines, "\n".join(lines)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    wide = page.evaluate(
        """() => [...document.querySelectorAll('[data-testid="stMain"] *')]
            .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && e.getBoundingClientRect().width > 0)
            .filter(e => !e.closest('[data-testid="stTable"], [data-testid="stDataFrame"], [role="tablist"], svg'))
            .slice(0, 3).map(e => e.outerHTML.slice(0, 200))"""
    )
    assert not wide, "\n".join(wide)
