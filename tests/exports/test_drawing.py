"""The bare drawing of a spec: as wide as asked, its texts as Vega would write them, without Vega's measuring them."""

import re
from typing import Any

import pytest

from charts.figure import Spec
from charts.rows import by_width, label_layers, row_y
from charts.theme import finish
from exports import drawing, lettering

LONG = "A very long name of an indicator that no column of labels has room for, whatever its width"
ROWS = [{"row": 0, "text": "Short"}, {"row": 1, "text": LONG}]


def labelled(limit: str) -> Spec:
    """Two labelled rows."""
    return finish({"layer": label_layers(ROWS, row_y(2), limit)}, height=60, illustrative=False)


def texts(svg: str) -> list[str]:
    """What a drawing says."""
    return re.findall(r"<text[^>]*>([^<]+)</text>", svg)


@pytest.mark.parametrize(
    ("limit", "pixels"),
    [
        ("200", 200),
        (by_width(120, "min(300, width * 0.25)"), 211),
        (f"{by_width(120, 180)} - 20", 160),
        ("max(width / 4, 100)", 211),
        ("150 - datum.row", 149),
    ],
)
def test_labels_are_cut_to_their_room(limit: str, pixels: int) -> None:
    short, cut = texts(drawing.chart_svg(labelled(limit), 852))
    assert short == "Short"
    assert cut.endswith("…")
    assert LONG.startswith(cut.removesuffix("…"))
    face = lettering.font(14, False)
    assert face.getlength(cut) <= pixels < face.getlength(LONG[: len(cut)] + "…")


def test_a_cut_label_is_said_whole() -> None:
    assert f'aria-label="{LONG}"' in drawing.chart_svg(labelled("200"), 852)


def lettered(**encoding: Any) -> Spec:
    """One text at the middle of a plot; encoding: how, beside its place."""
    middle = {"x": {"value": {"expr": "width / 2"}}, "y": {"value": 20}}
    mark = {"type": "text", "align": "left", "fontSize": 14, **encoding.pop("mark", {})}
    layer = {
        "mark": mark,
        "encoding": middle | encoding,
        "data": {"values": [{"text": "Ab", "n": 2, "lines": ["a", "b"]}]},
    }
    return finish({"layer": [layer]}, height=60, illustrative=False)


def measured(spec: Spec) -> str:
    """The drawing as Vega makes it where it measures every text itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lettering, "kept_back", lambda vega: vega)
        return drawing.chart_svg(spec, 852)


@pytest.mark.parametrize(
    "encoding",
    [
        {"text": {"field": "text"}},
        {"text": {"field": "text"}, "mark": {"fontWeight": 700, "align": "right", "dx": 3}},
        {"text": {"field": "text"}, "mark": {"align": "center", "aria": False}},
        {"text": {"field": "text"}, "description": {"value": 'Said "so" & <so>'}},
        {"text": {"field": "text"}, "mark": {"angle": 90}},
        {"text": {"field": "text"}, "size": {"value": 0}},
        {"text": {"field": "n", "format": ".1f"}},
        {"text": {"field": "lines"}},
        {"text": {"field": "nothing"}},
        {"text": {"value": ""}},
        {"text": {"value": " 'Quoted' \"words\" & <markup> ü \\ "}},
        {"mark": {"text": {"expr": "width > 500 ? 'wide' : 'narrow'"}}},
        {"text": {"condition": {"test": "datum.n > 1", "value": "more"}, "value": "less"}},
    ],
)
def test_texts_are_written_as_vega_writes_them(encoding: dict[str, Any]) -> None:
    assert drawing.chart_svg(lettered(**encoding), 852) == measured(lettered(**encoding))


def test_texts_within_the_plot_are_not_measured() -> None:
    spec = drawing.vl_convert.vegalite_to_vega(lettered(text={"value": LONG}) | {"width": 852}, vl_version="6.4")
    drawn = drawing.vl_convert.vega_to_svg(lettering.kept_back(spec))
    assert "aria-label" in drawn
    assert not texts(drawn)


@pytest.mark.parametrize("mark", [{"dx": 300}, {"align": "right", "dx": -300}])
def test_a_text_that_hangs_over_its_plot_is_measured_and_not_clipped(mark: dict[str, Any]) -> None:
    spec = lettered(text={"value": LONG}, mark=mark)
    drawn = drawing.chart_svg(spec, 852)
    assert drawn == measured(spec)
    assert drawing.size(drawn)[0] == 852


def test_a_spec_is_not_changed() -> None:
    spec = labelled("200")
    before = repr(spec)
    drawing.chart_svg(spec, 852)
    assert repr(spec) == before


@pytest.mark.parametrize("width", [340, 560, 852])
def test_a_drawing_is_as_wide_as_asked(width: int) -> None:
    beside = {"mark": "point", "data": {"values": [{"a": 1, "b": 1e6}]}, "encoding": {}}
    for axis in (None, {}):
        y = {"field": "b", "type": "quantitative", "axis": axis}
        spec = finish(beside | {"encoding": {"y": y}}, height=60, illustrative=True)
        assert drawing.size(drawing.chart_svg(spec, width))[0] == width


def test_a_drawing_without_a_size_is_refused() -> None:
    with pytest.raises(ValueError, match="no size"):
        drawing.size("<p>")
