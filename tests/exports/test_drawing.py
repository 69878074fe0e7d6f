"""The bare drawing of a spec: as wide as asked, labels cut by the font's own widths, the same as Vega fits it."""

import re

import pytest

from charts.figure import Spec
from charts.rows import by_width, expr, label_layers, row_y
from charts.theme import finish
from exports import drawing

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
    ],
)
def test_labels_are_cut_to_their_room(limit: str, pixels: int) -> None:
    short, cut = texts(drawing.chart_svg(labelled(limit), 852))
    assert short == "Short"
    assert cut.endswith("…")
    assert LONG.startswith(cut.removesuffix("…"))
    face = drawing.font(14, False)
    assert face.getlength(cut) <= pixels < face.getlength(LONG[: len(cut)] + "…")


def test_a_cut_label_is_said_whole() -> None:
    assert f'aria-label="{LONG}"' in drawing.chart_svg(labelled("200"), 852)


@pytest.mark.parametrize(
    "limit", ["datum.room", "floor(width / 4)", "width *", "(width > 300 ? 1 : 2)", "__import__('os')"]
)
def test_a_limit_that_is_not_understood_is_left_to_vega(limit: str) -> None:
    spec = labelled(limit)
    before = repr(spec)
    assert drawing.cut(spec, 844)["layer"][0]["mark"]["limit"] == expr(limit)
    assert repr(spec) == before


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
