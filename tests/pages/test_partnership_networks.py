"""The views Does it last? and Networks of the page Partnerships."""

import re
from collections.abc import Callable

from streamlit.testing.v1 import AppTest

Opener = Callable[..., AppTest]
PAGE = "partnerships"


def said(at: AppTest) -> str:
    """Everything that the page says in words."""
    parts = (*at.markdown, *at.caption, *at.info, *at.warning, *at.error)
    return re.sub(r"\\(.)", r"\1", "\n".join(element.value for element in parts))


def test_does_it_last_shows_plans_silence_curves_and_what_was_published(open_page: Opener) -> None:
    at = open_page(PAGE, show="Does it last?")
    assert not at.exception
    plans, curve = at.get("vega_lite_chart")
    assert "have firm plans to go on" in plans.proto.alt
    assert "Falling step lines" in curve.proto.alt
    assert "Kaplan-Meier estimate" in said(at)
    assert "95% interval at each month (log-log)" in said(at)
    silent = at.dataframe[0].value
    assert silent["Days ago"].is_monotonic_decreasing
    assert set(silent["Kind of entry"]) == {"Illustrative"}
    published = at.table[-1].value
    assert published["Published"].tolist() == ["15 of 26", "11 of 26", "5 of 26", "11 of 16"]
    assert published["This register"].tolist() == published["Published"].tolist()
    (kind,) = [box for box in at.selectbox if box.label == "Kind"]
    few = kind.select("Online community").run()
    assert not few.exception
    assert len(few.get("vega_lite_chart")) == 1
    assert "4 partnerships of the kind “Online community” for England by then: too few" in said(few)


def test_networks_shows_the_ladder_who_meets_and_who_is_linked(open_page: Opener) -> None:
    at = open_page(PAGE, show="Networks", region="London")
    assert not at.exception
    ladder, meet, matrix = (chart.proto.alt for chart in at.get("vega_lite_chart"))
    assert "2011/12, Know of it" in ladder
    assert "are in no partnership" in meet
    assert "Table of counts of partnerships shared by 33 places and 8 regions" in matrix
    (links,) = at.get("deck_gl_json_chart")
    assert "pairs of local authorities that share partnerships" in links.proto.alt
    assert re.search(r"Without .+, \d+ members? would lose touch with \d+ others\.", said(at))
    assert re.search(r"[\d,]+ of [\d,]+ members can reach each other", said(at))
    (network,) = [box for box in at.selectbox if box.label == "Network"]
    one = network.select_index(1).run()
    assert not one.exception
    assert "know of it" in said(one)


def test_a_network_that_is_not_there_is_said(open_page: Opener) -> None:
    at = open_page(PAGE, show="Networks", network="P9999")
    assert not at.exception
    assert "P9999" in said(at)
    assert "All networks" in [box.value for box in at.selectbox]
