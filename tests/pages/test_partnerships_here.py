"""What the pages about places and priorities say of partnership work, against counts made the slow way."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from exports import shown
from exports.shown import Shown
from exports.views import data, partnership_findings, partnership_networks, partnerships, partnerships_here
from measures.partnerships_here import MOST
from tests.pages.test_partnerships_page import said

Opener = Callable[..., AppTest]


def now(**asked: str) -> Shown:
    """What a page shows."""
    return shown.understood(asked, data.current_version())


def going(at: Shown) -> list[dict]:
    """The partnerships that go on there."""
    return [row for row in partnerships.register(at).partnerships.to_dict("records") if row["going"]]


@pytest.mark.parametrize(
    ("page", "address"), [("local-authority", {"la": "Kirklees"}), ("regions", {"region": "London"})]
)
def test_pages_about_places_say_what_there_is(open_page: Opener, page: str, address: dict[str, str]) -> None:
    text, place, at = said(open_page(page, **address)), next(iter(address.values())), now(**address)
    rows, warned = going(at), list(dict.fromkeys(partnership_findings.warnings(at)["partnership"]))
    firm, paid = sum(row["plans"] == "firm" for row in rows), sum(row["funder"] != "" for row in rows)
    assert f"{len(rows)} partnerships that bear on {place} go on: " in text
    assert f"{paid} have a funder and {firm} firm plans to go on" in text
    assert f"**{len(warned)} of them give{'s' if len(warned) == 1 else ''} a stall warning**: [" in text
    names = {row["code"]: row["name"] for row in rows}
    for code in warned[:MOST]:
        assert f"[{names[code]}](/partnerships?show=Register&partnership={code}&" in text
    homes = partnership_networks._homes(at.version)
    inside = [
        row.urn
        for row in homes.itertuples()
        if (row.la_code == at.la if at.la else partnership_networks.within(at.version)[row.la_code] == at.region)
        and (row.closed is None or row.closed > date(2012, 8, 31))
    ]
    members = partnership_findings.everywhere(at).members
    taken = {row.organisation for row in members.itertuples() if row.going and row.kind == "school"}
    alone = len([urn for urn in inside if urn not in taken])
    assert f"{alone} of {len(inside)} schools ({100 * alone / len(inside):.0f}%) are in no partnership; in Eng" in text


def test_a_priority_says_what_bears_on_its_outcomes(open_page: Opener) -> None:
    at, rows = now(region="London"), going(now(region="London"))
    page = open_page("priorities", priority="coherence", region="London")
    mine = [row for row in rows if any(code.startswith("2") for code in row["outcomes"])]
    warned = set(partnership_findings.warnings(at)["partnership"]) & {row["code"] for row in mine}
    firm = sum(row["plans"] == "firm" for row in mine)
    assert (
        f"{len(mine)} of {len(rows)} partnerships that go on bear on its outcomes: {firm} with firm plans to go on, "
        f"{len(warned)} with a stall warning. Not one says that it bears on " in said(page)
    )
    of_2b = sum("2b" in row["outcomes"] for row in mine)
    labels = [box.label for box in page.main.expander]
    assert any(label.endswith(f" · {of_2b} partnerships") for label in labels)
    assert any(label.endswith(" · No partnership") for label in labels)
    there = partnerships.listed(at, "", "going", "2b")
    assert len(there) == of_2b
    assert set(open_page("partnerships", region="London", outcome="2b", state="going").dataframe[0].value["Code"]) == {
        *there["Code"]
    }


def test_where_there_is_nothing_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    at, real = now(la="Camden"), partnerships.register
    ended = real(at).partnerships.assign(going=False)
    monkeypatch.setattr(partnerships, "register", lambda shown_: replace(real(shown_), partnerships=ended))
    found = partnerships_here._here.__wrapped__(at, 0, date(2012, 8, 31))  # type: ignore[attr-defined]  # not kept
    assert found.going == f"No partnership that bears on Camden goes on at the end of 2011/12. {len(ended)} have ended."
    assert (found.stalling, found.first) == ("", ())
    none = partnerships_here._bearing.__wrapped__(at, 0, date(2012, 8, 31))  # type: ignore[attr-defined]
    monkeypatch.setattr(partnerships_here, "bearing", lambda shown_: none)
    assert partnerships_here.of_outcome(at, "1a") == (
        0,
        "No partnership that goes on for Camden says that it bears on this outcome.",
    )
    assert partnerships_here.of_priority(at, "culture") == (
        "No partnership in the register goes on for Camden at the end of 2011/12."
    )
