"""The chart builder's page: every kind, its address both ways, links that cannot be read, text that people write."""

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from exports import chart_choice
from exports.chart_choice import KINDS, Choice
from exports.shown import understood
from exports.views import data
from exports.views.built import built
from pages.parts import plain

Opener = Callable[..., AppTest]


def whole(at: AppTest) -> AppTest:
    assert not at.exception, at.exception[0].message
    assert not at.error
    return at


def address(at: AppTest) -> dict[str, tuple[str, ...] | str]:
    """What the address says of the chart, as chart_choice.options does."""
    found: dict[str, Any] = {}
    for name in chart_choice.OPTIONS:
        if name in at.query_params:
            given = at.query_params[name]
            values = [given] if isinstance(given, str) else list(given)
            found[name] = tuple(values) if name in chart_choice.SEVERAL else values[0]
    return found


def drawn(at: AppTest) -> str:
    """The alt text of the chart that the page shows."""
    (chart,) = at.get("vega_lite_chart")
    return str(chart.proto.alt)


def alt_of(**options: Any) -> str:
    figure = built(understood({}, data.current_version()), **options)
    assert figure is not None
    return figure.alt


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_shows_its_chart_or_says_what_it_needs(open_page: Opener, kind: str) -> None:
    at = whole(open_page("charts", kind=kind, indicators="reviewed"))
    assert at.selectbox(key="built_kind").value == kind
    if kind in ("scatter", "spine"):
        assert "choose" in at.info[0].value
        more = {"indicators": ["inclusive_policy"]} if kind == "scatter" else {"areas": ["London"]}
        for option, values in more.items():
            box = at.multiselect(key=f"built_{option}")
            box.set_value([*box.value, *values])
        whole(at.run())
        assert not at.info
    shown = {name: value for name, value in address(at).items() if name != "kind"}
    assert drawn(at) == alt_of(kind=kind, **shown)
    figure = built(understood({}, data.current_version()), kind=kind, **shown)
    assert figure is not None
    said = " ".join(warning.value for warning in at.warning)
    assert all(plain.unmarked(caution) in said for caution in figure.cautions)
    assert bool(figure.cautions) == bool(at.warning)


def test_the_address_says_what_is_chosen_and_opens_it_again(open_page: Opener) -> None:
    at = whole(open_page("charts"))
    assert address(at) == {}
    at.selectbox(key="built_kind").set_value("bars").run()
    at.multiselect(key="built_indicators").set_value(["reviewed"])
    at.multiselect(key="built_groups").set_value(["teachers", "support_staff"])
    at.selectbox(key="built_start").set_value("close")
    at.selectbox(key="built_whose").set_value("own")
    whole(at.run())
    at.multiselect(key="built_areas").set_value(["London", "England"])
    at.text_input(key="built_title").set_value(" Teachers\u202e first ")
    whole(at.run())
    said = {
        "kind": "bars",
        "indicators": ("reviewed",),
        "areas": ("London", "England"),
        "groups": ("teachers", "support_staff"),
        "title": "Teachers first",
        "start": "close",
    }
    assert address(at) == said
    there = {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}
    again = whole(open_page("charts", **there))
    assert (address(again), drawn(again)) == (said, drawn(at))
    assert drawn(again).startswith("Teachers first. Bar chart of 2 areas")
    # Another kind begins with its own scale, and what it has no use for is left out.
    again.selectbox(key="built_kind").set_value("trend").run()
    assert address(whole(again)) == {**{k: v for k, v in said.items() if k != "start"}, "kind": "trend"}


def test_an_address_from_elsewhere_replaces_what_the_controls_say(open_page: Opener) -> None:
    """Back, and a link pasted into an open page."""
    at = whole(open_page("charts", kind="bars", order="name"))
    for name in ("kind", "order"):
        del at.query_params[name]
    at.query_params["kind"] = "funnel"
    at.query_params["indicators"] = "reviewed"
    whole(at.run())
    assert at.selectbox(key="built_kind").value == "funnel"
    assert "Funnel plot" in drawn(at)


@pytest.mark.parametrize(
    ("given", "found", "said"),
    [
        ({"kind": "pie"}, {}, "the kind of chart “pie”"),
        ({"areas": ["Atlantis", "lon"], "size": "A4"}, {"areas": ("London",)}, "the area “Atlantis” and the size “A4”"),
        ({"indicators": "nonsense", "kind": "map"}, {"kind": "map"}, "the indicator “nonsense”"),
        ({"since": "1066", "kind": "trend"}, {"kind": "trend"}, "the period “1066”"),
    ],
)
def test_what_cannot_be_read_opens_the_nearest_chart_with_one_sentence(
    open_page: Opener, given: dict[str, Any], found: dict[str, Any], said: str
) -> None:
    at = whole(open_page("charts", **given))
    assert address(at) == found
    assert drawn(at)
    sentence = plain.escaped(f"Of this link {said} could not be used; the nearest chart is shown.")
    assert [warning.value for warning in at.warning].count(sentence) == 1
    at.selectbox(key="built_kind").set_value("tiles").run()
    assert sentence not in [warning.value for warning in whole(at).warning]


def test_more_areas_than_a_kind_takes_are_cut_when_it_is_chosen(open_page: Opener) -> None:
    names = ["London", "South East", "South West", "North East"]
    at = whole(open_page("charts", areas=names))
    at.selectbox(key="built_kind").set_value("spine").run()
    assert address(whole(at)) == {"kind": "spine", "areas": ("London",)}


def test_the_chart_goes_with_the_sidebar_until_somebody_chooses(open_page: Opener) -> None:
    at = whole(open_page("charts", region="London"))
    assert at.selectbox(key="built_whose").value == "la"
    assert "each" not in address(at)
    at.selectbox(key="region").set_value("All regions").run()
    assert whole(at).selectbox(key="built_whose").value == "region"
    at.selectbox(key="built_whose").set_value("la").run()
    assert address(whole(at)) == {"each": "la"}


def test_what_people_write_is_shown_as_they_wrote_it(open_page: Opener) -> None:
    at = whole(open_page("charts", title="[x](http://x) :smile:", note="# www.x.org", size="web"))
    heading = next(text.value for text in at.markdown if text.value.startswith("## "))
    assert "](" not in heading.replace("\\](", "")
    assert ":smile:" not in heading
    assert not any("www." in text.value for text in at.caption)


def test_a_slide_is_shown_as_the_picture_that_leaves(open_page: Opener) -> None:
    at = whole(open_page("charts", size="slide"))
    (picture,) = at.get("image")
    assert picture.proto.imgs[0].alt == f"{_headline()}. {alt_of()}"
    assert not at.get("vega_lite_chart")


def _headline() -> str:
    figure = built(understood({}, data.current_version()))
    assert figure is not None
    return figure.headline


def test_a_link_can_be_fixed_to_a_data_version(open_page: Opener) -> None:
    at = whole(open_page("charts", as_at="3", kind="bars"))
    assert address(at) == {"kind": "bars"}
    assert Choice(at.selectbox(key="built_kind").value) == Choice("bars")
    assert any("data version 3" in text.value for text in at.caption)
