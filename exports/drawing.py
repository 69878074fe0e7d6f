"""A spec as a bare drawing, SVG or PNG, without any words around it; none needs a network.

Most of a drawing's time goes into measuring its texts, which Vega does again and again to cut one and twice over to
fit a chart into a width. So labels are cut here, by the font's own widths, and a chart is fitted only where it must be.
"""

import ast
import copy
import json
import operator
import re
from collections.abc import Callable
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Final

import vl_convert
from PIL import ImageFont

from charts.figure import Spec
from charts.room import is_map
from charts.rows import IS_NARROW, NARROW
from charts.theme import FONT

WIDTH: Final = 900
FONTS: Final = Path(__file__).resolve().parent.parent / "charts" / "fonts"
# vl-convert strips quotes before it measures text, and 'Source Sans 3' unquoted is no CSS name: text would be measured
# in another font and cut too early. Quotes written as entities survive; they are put right in the finished SVG.
_MEASURED_FONT: Final = "&apos;Source Sans 3&apos;"
_VEGA_LITE: Final = "6.4"
_ELLIPSIS: Final = "…"
# A choice by the chart's width (charts.rows.by_width), also one that is made (charts.room), which holds no other.
_TERM: Final = r"((?:[^()?:]|\([^()?:]*\))+)"
_CHOICE: Final = re.compile(rf"\(({re.escape(IS_NARROW)}|true|false) \? {_TERM} : {_TERM}\)")
_OPERATORS: Final[dict[type, Callable[..., float]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}

vl_convert.register_font_directory(str(FONTS))


def chart_svg(spec: Spec, width: int = WIDTH) -> str:
    """The chart of a spec, `width` pixels wide; wider only where the spec cannot be made as narrow."""
    if not _has_axis(spec) and not (is_map(spec) and width <= NARROW):  # a small map's legend is wider than it
        plot = width - 2 * spec["config"]["padding"]
        drawn = _drawn(cut(copy.deepcopy(spec), plot) | {"width": plot, "autosize": "pad"})
        if size(drawn)[0] <= width:  # all lies within its plot: there is nothing to fit
            return drawn
    return _drawn(spec | {"width": width})


def chart_png(spec: Spec, width: int = WIDTH, scale: float = 2) -> bytes:
    """The chart of a spec as a PNG of `width` x `scale` pixels."""
    image: bytes = vl_convert.svg_to_png(chart_svg(spec, width), scale=scale)
    return image


def size(drawing: str) -> tuple[float, float]:
    """Width and height of an SVG in pixels; raises ValueError where it has none."""
    found = re.search(r'<svg[^>]*?width="([\d.]+)"[^>]*?height="([\d.]+)"', drawing)
    if found is None:
        raise ValueError("the drawing has no size")
    return float(found[1]), float(found[2])


@cache
def font(size: float, bold: bool) -> ImageFont.FreeTypeFont:
    """The font that drawings are set in, to measure with; size in pixels."""
    return ImageFont.truetype(str(FONTS / f"SourceSans3-{'Bold' if bold else 'Regular'}.ttf"), size)


def cut(spec: Spec, width: float) -> Spec:
    """The spec with its labels cut, where they hold their texts and their limit hangs on the width alone.

    width: of the plot. A reader's program still says the whole text (description).
    """
    for layer in spec.get("layer", []):
        cut(layer, width)
    mark, field = spec.get("mark"), spec.get("encoding", {}).get("text", {}).get("field")
    values = spec.get("data", {}).get("values")
    if not isinstance(mark, dict) or "limit" not in mark or not isinstance(values, list):
        return spec
    if not all(isinstance(value.get(field), str) for value in values):
        return spec
    try:
        limit, height = (_number(mark[key], width) for key in ("limit", "fontSize"))
    except (ValueError, KeyError):
        return spec
    face = font(height, mark.get("fontWeight", 400) in ("bold", 600, 700))
    for value in values:
        value["cut"] = _cut(value[field], limit, face)
    whole = spec["encoding"]["text"]
    spec["encoding"] |= {"text": whole | {"field": "cut"}, "description": whole}
    del mark["limit"]
    return spec


def _has_axis(spec: Spec) -> bool:
    """True where an axis stands beside the plot."""
    upright = spec.get("encoding", {}).get("y", {})
    stands = "field" in upright and upright.get("axis", {}) is not None
    return stands or any(map(_has_axis, spec.get("layer", [])))


def _drawn(spec: Spec) -> str:
    text = json.dumps(spec).replace(json.dumps(FONT)[1:-1], _MEASURED_FONT)
    drawn: str = vl_convert.vegalite_to_svg(text, vl_version=_VEGA_LITE, allowed_base_urls=[])
    return drawn.replace(escape(_MEASURED_FONT), escape(FONT)).replace(_MEASURED_FONT, escape(FONT))


def _cut(text: str, limit: float, face: ImageFont.FreeTypeFont) -> str:
    """As much of the text as has room with an ellipsis behind it."""
    if face.getlength(text) <= limit:
        return text
    end = len(text)
    while end and face.getlength(text[:end] + _ELLIPSIS) > limit:
        end -= 1
    return text[:end] + _ELLIPSIS


def _number(given: Any, width: float) -> float:
    """A number, or what an expression of a chart's width comes to; raises ValueError where it says anything else."""
    if isinstance(given, int | float):
        return given
    text = str(given["expr"])
    while found := _CHOICE.search(text):
        first = found[1] == "true" or (found[1] == IS_NARROW and width < NARROW)
        text = text.replace(found[0], f"({found[2 if first else 3]})")
    try:
        return _value(ast.parse(text, mode="eval").body, width)
    except SyntaxError as error:
        raise ValueError(f"{text} is not understood") from error


def _value(node: ast.expr, width: float) -> float:
    match node:
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.Name(id="width"):
            return width
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_value(left, width), _value(right, width))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, width)
        case ast.Call(func=ast.Name(id="min" | "max" as name), args=args) if args:
            return (min if name == "min" else max)(_value(each, width) for each in args)
    raise ValueError(f"{ast.dump(node)} is not understood")
