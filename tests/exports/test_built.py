"""The chart builder's view: every kind, each warning exactly when it should be, its words, its links, bad options."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from charts.figure import Figure
from data_access.errors import UnknownCode
from exports import chart_choice, chart_files, shown
from exports.chart_choice import KINDS, LONGEST, MOST, OPTIONS, Choice
from exports.facts import facts
from exports.shown import Shown
from exports.views import built as builder
from exports.views import built_kinds, data, registry
from exports.views.built import CROWDED, built, nothing
from measures import cautions
from tests.exports.test_chart_files import in_xml, valid_vega_lite

pytestmark = pytest.mark.usefixtures("at_small")
TWO = ("reviewed", "inclusive_policy")
# What each kind needs to be drawn at all.
NEEDS: dict[str, dict[str, Any]] = {
    "scatter": {"indicators": TWO},
    "spine": {"areas": ("Camden",)},
    "funnel": {"indicators": ("reviewed",)},
}


def now(**asked: str) -> Shown:
    return shown.understood(asked, data.current_version())


def made(kind: str = "dots", at: Shown | None = None, **options: Any) -> Figure:
    figure = built(at or now(), kind=kind, **(NEEDS.get(kind, {}) | options))
    assert figure is not None
    return figure


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_whole_and_is_made_again_from_its_link(kind: str) -> None:
    figure = made(kind)
    assert 0 < len(figure.headline.split()) <= 10
    assert figure.alt
    assert figure.context is not None
    assert figure.context.illustrative
    assert "Illustrative data" in figure.source
    assert len(figure.table)
    valid_vega_lite(json.loads(chart_files.make(figure, "vl.json", facts(figure))))
    again = registry.again(figure.origin, data.current_version())
    assert again is not None
    assert replace(again, twin=figure.twin) == figure
    assert urlsplit(registry.link(figure.origin)).path == "/charts"
    for caution in figure.cautions:
        assert caution in figure.notes


@pytest.mark.parametrize("kind", KINDS)
def test_the_words_of_a_person_replace_the_finding_and_nothing_else(kind: str) -> None:
    plain, own = made(kind), made(kind, title="Ours", subtitle="For the board", note="See page 3")
    assert own.headline == "Ours"
    assert own.subtitle == f"For the board · {plain.subtitle}"
    assert own.notes == f"Note: See page 3. {plain.notes}".strip()
    assert own.alt == f"Ours. {plain.alt}"
    assert (own.source, own.spec, own.context) == (plain.source, plain.spec, plain.context)


def test_the_words_of_a_person_are_harmless_in_files() -> None:
    nasty = "<script>alert(1)</script> =1+1 ]]> \u202e\x00ends"
    figure = made(title=nasty, note="& <b>")
    assert figure.headline == "<script>alert(1)</script> =1+1 ]]> ends"
    drawing = chart_files.make(figure, "svg", facts(figure)).decode()
    assert "<script>" not in drawing
    assert "&lt;script&gt;" in drawing
    assert chart_files.make(figure, "csv", facts(figure)).count(b"\n=") == 0


# Each warning, what brings it about, and what is as near to that as can be and does not.
WARNINGS: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    (cautions.NOT_FROM_ZERO, "bars", {"start": "close"}, {"start": "zero"}),
    ("Do not read the order as ranks", "dots", {}, {"order": "name"}),
    ("Do not read the order as ranks", "bars", {"order": "worst"}, {"order": "name"}),
    ("Areas of unlike size", "dots", {"areas": ("England", "London")}, {"areas": ("London", "North East")}),
    ("Areas of unlike size", "scatter", {"areas": ("England", "London")}, {}),
    ("An association of areas only", "scatter", {}, {"kind": "dots"}),
    ("Only ", "scatter", {}, {"kind": "dots"}),
    ("Two periods show a change", "trend", {"since": "2010/11"}, {}),
    ("A single period shows no change", "trend", {"since": "2011/12"}, {}),
    (
        "Two periods show a change",
        "trend",
        {"since": "2010/11", "areas": ("London", "England")},
        {"areas": ("London",)},
    ),
    (CROWDED, "heat", {"size": "slide"}, {"size": "page"}),
    (CROWDED, "heat", {"size": "slide"}, {"size": "slide", "indicators": TWO}),
    ("Drawn: the first 1 of 2 indicators", "map", {"indicators": TWO}, {"indicators": TWO[:1]}),
    ("Drawn: the first 12 of 152 areas", "heat", {"each": "la"}, {}),
    ("Left out, in another unit", "bars", {"indicators": ("reviewed", "pd_days")}, {"indicators": TWO}),
]


@pytest.mark.parametrize(("said", "kind", "with_it", "without"), WARNINGS)
def test_a_warning_appears_when_it_should_and_not_otherwise(
    said: str, kind: str, with_it: dict[str, Any], without: dict[str, Any]
) -> None:
    warned, calm = made(kind, **with_it), made(**({"kind": kind} | without))
    assert [caution for caution in warned.cautions if caution.startswith(said)], warned.cautions
    assert said in warned.notes
    assert not [caution for caution in calm.cautions if caution.startswith(said)], calm.cautions
    assert said not in calm.notes


@pytest.mark.usefixtures("afresh")
@pytest.mark.parametrize("kind", KINDS)
def test_low_coverage_is_warned_of_where_there_is_any(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # All have it where everything is asked for; none where nothing is.
    options = NEEDS.get(kind, {}) | {"indicators": TWO} | ({} if kind != "spine" else {"areas": ("London",)})
    known = data.reference(data.current_version())
    for least, warned in ((1.1, True), (0.0, False)):
        changed = replace(known, indicators=known.indicators.assign(minimum_coverage=least))
        monkeypatch.setattr(data, "reference", lambda version, changed=changed: changed)
        found = built_kinds.MAKERS[kind](now(), chart_choice.chosen({"kind": kind, **options}))
        assert found is not None
        assert any(caution.startswith("Low coverage") for caution in found[1]) == warned
        figure = builder._worded(*found, Choice(kind))
        assert ("Low coverage" in figure.notes) == warned
        assert figure.notes.count("Low coverage") <= 1


def test_several_lines_are_areas_times_groups_and_at_most_eight() -> None:
    areas = ("Camden", "London", "England", "Kent", "Leeds")
    figure = made("trend", indicators=("reviewed",), areas=areas, groups=("teachers", "support_staff"), mark=("Kent",))
    assert len(set(figure.table["Series"])) == 8
    assert "Kent, support staff" in set(figure.table["Series"])
    assert "Drawn: the first 8 of 10 lines." in figure.cautions
    assert figure.context is not None
    assert figure.context.staff_label == "teachers and support staff"
    alone = made("trend", indicators=("reviewed",), areas=("Camden",))
    assert "compared with its trajectory and England" in alone.subtitle


def test_the_figures_are_those_of_the_place_period_and_group_that_are_said() -> None:
    version = data.current_version()
    figure = made("bars", now(period="2010/11", phase="primary"), areas=("Kent", "London"), groups=("teachers",),
                  indicators=("reviewed",))  # fmt: skip
    for name, level in (("Kent", "la"), ("London", "region")):
        rows = data.at(version, level, "teachers", "primary", "2010/11")
        value = rows[(rows["area"] == name) & (rows["indicator"] == "reviewed")]["value"].iloc[0]
        shown_ = figure.table.set_index("Area").loc[name, "Value (number)"]
        assert shown_ == pytest.approx(value, abs=1e-4) or (value != value and shown_ != shown_)
    assert "2010/11 · Teachers, primary schools" in figure.subtitle


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"kind": "scatter", "indicators": ("reviewed",)}, "two"),
        ({"kind": "spine"}, "choose a local authority or a region"),
        ({"kind": "funnel", "indicators": ("pd_days",)}, "percentages"),
        ({"kind": "dots", "areas": ("Kent",), "indicators": ("clt_registered",)}, "There is no figure"),
    ],
)
def test_what_cannot_be_drawn_says_why(options: dict[str, Any], said: str) -> None:
    assert built(now(), **options) is None
    assert said in nothing(now(), chart_choice.chosen(options))


@pytest.mark.parametrize(("size", "width", "height"), [("page", 900, None), ("slide", 1280, 720), ("web", 480, None)])
@pytest.mark.parametrize("kind", ["bars", "trend", "heat"])
def test_each_size_is_that_size_and_loses_nothing(kind: str, size: str, width: int, height: int | None) -> None:
    figure = made(kind, size=size, indicators=("reviewed",), note="x" * LONGEST["note"])
    drawing = in_svg(chart_files.svg(figure))
    assert drawing["width"] == width
    assert height is None or drawing["height"] == height
    assert drawing["lowest"] <= drawing["height"], "no word below the edge"
    assert "Illustrative data" in drawing["text"]
    assert figure.headline.split()[0] in drawing["text"]


def in_svg(drawing: str) -> dict[str, Any]:
    """Width, height, all text, and the lowest line of our own words."""
    from xml.etree import ElementTree

    root = ElementTree.fromstring(drawing)
    assert in_xml(root)["title"]
    lowest = max(
        float(text.get("y", "0")) + (_down(group.get("transform", "")) if group is not root else 0)
        for group in (root, *root.findall("{http://www.w3.org/2000/svg}g"))
        for text in group.findall("{http://www.w3.org/2000/svg}text")
    )
    return {
        "width": float(root.attrib["width"]),
        "height": float(root.attrib["height"]),
        "text": " ".join(root.itertext()),
        "lowest": lowest,
    }


def _down(transform: str) -> float:
    return float(transform.removeprefix("translate(0 ").removesuffix(")")) if transform else 0.0


def origins(option: str, *values: str) -> str:
    return urlencode([("view", "built"), *((option, value) for value in values)])


@pytest.mark.parametrize("option", OPTIONS)
def test_a_bad_option_is_refused_in_a_sentence_and_an_empty_or_repeated_one_is_not(option: str) -> None:
    version = data.current_version()
    with pytest.raises(UnknownCode) as refused:
        registry.again(origins(option, "\x00wiz\u202eardry" + "x" * 300), version)
    assert str(refused.value)
    assert registry.again(origins(option, ""), version) == registry.again("view=built", version)
    good = _good(option)
    twice = registry.again(origins(option, good, good), version)
    once = registry.again(origins(option, good), version)
    assert (twice and twice.headline) == (once and once.headline)
    with pytest.raises(UnknownCode):
        registry.again(origins(option, *[good] * 500), version)


def _good(option: str) -> str:
    usual = {"kind": "bars", "indicators": "reviewed", "areas": "Camden", "each": "la", "since": "2010/11"}
    usual |= {"groups": "teachers", "mark": "London", "order": "name", "labels": "off", "start": "close", "size": "web"}
    return usual.get(option, "Words")


@pytest.mark.parametrize("option", MOST)
def test_more_of_an_option_than_it_takes_is_refused(option: str) -> None:
    with pytest.raises(UnknownCode, match="At most"):
        registry.again(origins(option, *[_good(option)] * (MOST[option] + 1)), data.current_version())


def read(address: str) -> tuple[Choice, str]:
    return chart_choice.read(parse_qs(address, keep_blank_values=True), data.current_version())


def choices() -> Iterator[Choice]:
    yield Choice()
    yield Choice(
        "bars", TWO, ("Camden", "Yorkshire and The Humber"), title="Ä & b = c + #", start="close", size="slide"
    )
    yield Choice("trend", since="2010/11", groups=("teachers", "support_staff"), areas=("Kent",), labels="on")
    yield Choice("map", each="la", mark=("Kent", "Brighton and Hove"), note="100% of £5?")
    yield Choice("dots", order="name", labels="off", subtitle="x")


@pytest.mark.parametrize("asked", list(choices()), ids=lambda asked: asked.kind)
def test_a_link_says_the_whole_chart_and_no_more(asked: Choice) -> None:
    said = chart_choice.options(asked)
    assert read(urlencode(said, doseq=True)) == (asked, "")
    assert chart_choice.options(chart_choice.chosen(said)) == said
    figure = built(now(), **said)  # type: ignore[arg-type]
    assert figure is not None
    link = parse_qs(urlsplit(registry.link(figure.origin)).query)
    assert link.pop("period") == ["2011/12"]
    assert chart_choice.read(link, data.current_version()) == (asked, "")


def test_what_is_usual_or_of_no_use_is_left_out_of_links() -> None:
    assert chart_choice.options(Choice()) == {}
    assert chart_choice.options(Choice("bars", labels="on", start="zero", since="2010/11")) == {"kind": "bars"}
    assert chart_choice.options(Choice("tiles", areas=("Kent",), order="name")) == {"kind": "tiles"}


@pytest.mark.parametrize(
    ("address", "asked", "said"),
    [
        ("kind=PIE", Choice(), "the kind of chart “PIE”"),
        ("kind=Bars&indicators=1b Needs agreed in review", Choice("bars", ("reviewed",)), ""),
        ("areas=202&areas=lon&areas=camden", Choice(areas=("Camden", "London")), ""),
        ("areas=Atlantis&areas=Kent&areas=Narnia", Choice(areas=("Kent",)), "the area “Atlantis” (and 1 more)"),
        ("size=&order=", Choice(), ""),
        ("order=upwards&size=A4", Choice(), "the order “upwards” and the size “A4”"),
        ("note=a%00b", Choice(note="a b"), "part of the note"),
        ("title=" + "x" * 500, Choice(title="x" * 120), "part of the title"),
        ("groups=Teachers&groups=goblins", Choice(groups=("teachers",)), "the staff group “goblins”"),
    ],
)
def test_an_unreadable_link_opens_the_nearest_chart_and_says_so_once(address: str, asked: Choice, said: str) -> None:
    found, trouble = read(address)
    assert found == asked
    assert trouble == (f"Of this link {said} could not be used; the nearest chart is shown." if said else "")


def test_a_link_with_five_hundred_areas_takes_the_first() -> None:
    names = list(data.areas(data.current_version())["area"])
    found, trouble = read(urlencode({"areas": (names * 4)[:500]}, doseq=True))
    assert found.areas == tuple(names[:12])
    assert "all but the first 12 of 162 areas" in trouble


def test_the_longest_words_still_leave_room_for_the_chart_of_a_slide() -> None:
    words = {option: "W" * most for option, most in LONGEST.items()}
    drawing = in_svg(chart_files.svg(made("scatter", size="slide", **words)))
    assert drawing["lowest"] <= drawing["height"] == 720
    assert "Illustrative data" in drawing["text"]
