"""Links hold the whole state, stay short, lead where they led when they were given out, and say what they cannot."""

import csv
import itertools
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from exports import shown
from exports.views import data, registry
from tests.pages.conftest import FILES
from tests.pages.test_pages import TITLES

Opener = Callable[..., AppTest]
HERE = Path(__file__).parent
MAILED = 2000  # characters that every mail program and browser takes in one address
# Links that were given out, with the page's heading and what its filters then say: rows are added, never changed.
OLD = list(csv.DictReader((HERE / "old_links.csv").open(encoding="utf-8")))
PLACES = [{}, {"region": "London"}, {"la": "Camden"}, {"la": "Isles of Scilly"}]
PERIODS = ["2009/10", "2011/12", "2011/12 summer"]
PHASES = ["all", "primary"]
GROUPS = ["all", "teachers", "support_staff"]
# Of every page and filter each value, and of every two filters each pair of their first two values.
PAIRS = [
    {"period": "2011/12"},
    {"period": "2010/11", "region": "London", "phase": "Primary"},
    {"period": "2010/11", "la": "Camden", "staff_group": "Teachers"},
    {"region": "London", "phase": "Secondary", "staff_group": "Teachers"},
    {"period": "2011/12, summer term", "la": "Isles of Scilly", "phase": "Primary", "staff_group": "Support staff"},
]
OPTIONS = {
    "indicator": "reviewed",
    "indicators": ("reviewed", "inclusive_policy"),
    "level": "la",
    "priority": "coherence",
    "area": "London",
    "areas": ("Camden", "London", "England"),
    "outcome": "1a",
    "first": "teachers",
    "second": "support_staff",
    "reference": "England",
    "focus": "Camden",
}


def opened(open_page: Opener, link: str) -> AppTest:
    """The page that a link leads to, as on a cold start."""
    parts = urlsplit(link)
    asked = {name: values if len(values) > 1 else values[0] for name, values in parse_qs(parts.query).items()}
    return open_page(parts.path.strip("/") or "overview", **asked)


def at_fault(at: AppTest) -> list[str]:
    """What the page says of its address."""
    return [warning.value for warning in at.warning if "not a known" in warning.value]


@pytest.mark.parametrize("row", OLD, ids=[row["link"] for row in OLD])
def test_links_that_were_given_out_lead_where_they_led(open_page: Opener, row: dict[str, str]) -> None:
    at = opened(open_page, row["link"])
    assert not at.exception
    assert not at.error
    assert [title.value for title in at.title] == [row["heading"]]
    assert not at_fault(at)
    for said in filter(None, row["shows"].split(";")):
        key, value = said.split("=")
        given = at.session_state[key]
        assert (value.split("|") if isinstance(given, list) else value) == given


@pytest.mark.parametrize("name", registry.all_views())
def test_the_link_of_every_figure_holds_every_filter(name: str) -> None:
    version, view = data.current_version(), registry.all_views()[name]
    options = {option: OPTIONS[option] for option in view.options if option in OPTIONS}
    choices = itertools.product(PLACES, PERIODS, PHASES, GROUPS)
    every = [
        shown.understood({**place, "period": period, "phase": phase, "staff_group": group}, version)
        for place, period, phase, group in choices
    ]
    figures = (view.build(now, **options) for now in every)
    drawn = list(itertools.islice((figure for figure in figures if figure is not None), 2))
    assert drawn
    for figure in drawn:
        again = registry.again(figure.origin, version)
        assert again is not None
        assert again.spec == figure.spec
        assert parse_qs(urlsplit(registry.link(figure.origin, 4)).query)["as_at"] == ["4"]
    own = {key: value for key, value in parse_qs(drawn[0].origin).items() if key not in shown.WHAT}
    for now in every:
        link = registry.link(urlencode({**own, **shown.address(now)}, doseq=True))
        assert len(link) < MAILED
        parts = urlsplit(link)
        asked = parse_qs(parts.query, strict_parsing=True)
        assert shown.understood({key: values[0] for key, values in asked.items()}, version) == now
        assert parts.path.strip("/") in {*FILES, "charts", ""}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("address", PAIRS, ids=lambda address: "-".join(address.values()))
def test_every_page_opens_from_every_kind_of_link(open_page: Opener, name: str, address: dict[str, str]) -> None:
    at = open_page(name, **address)
    assert not at.exception
    assert not at.error
    assert not at_fault(at)
    for key, value in address.items():
        assert at.session_state[key] == value
        assert at.query_params.get(key, [value]) in (value, [value])  # what is usual is not said


@pytest.mark.parametrize("name", FILES)
def test_an_unreadable_link_opens_the_page_and_says_what_it_did_not_understand(open_page: Opener, name: str) -> None:
    wrong = {
        "period": "2099/00",
        "region": "Mars",
        "la": "<script>alert(1)</script>",
        "phase": "tertiary" * 400,
        "staff_group": "\x00",
        "as_at": "yesterday",
        "nonsense": "1",
    }
    at = open_page(name, **wrong)
    assert not at.exception
    assert not at.error
    said = " ".join(warning.value for warning in at.warning)
    for what in ("period", "region", "local authority", "phase", "staff group"):
        assert f"is not a known {what}" in said
    assert "yesterday" in said
    assert len(said) < 1200
    usual = open_page(name)
    assert [title.value for title in at.title] == [title.value for title in usual.title]
    assert at.session_state["shown"] == usual.session_state["shown"]
    assert TITLES[name]
