"""A spec as a bare drawing, SVG or PNG, without any words around it; none needs a network.

Most of a drawing's time goes into measuring its texts, twice over to fit a chart into a width. So most texts are
written in afterwards (exports.lettering), and a chart is fitted only where it must be.
"""

import json
import re
from html import escape
from typing import Final

import vl_convert

from charts.figure import Spec
from charts.room import is_map
from charts.rows import NARROW
from charts.theme import FONT
from exports import lettering

WIDTH: Final = 900
# vl-convert strips quotes before it measures text, and 'Source Sans 3' unquoted is no CSS name: text would be measured
# in another font and cut too early. Quotes written as entities survive; they are put right in the finished SVG.
_MEASURED_FONT: Final = "&apos;Source Sans 3&apos;"
_VEGA_LITE: Final = "6.4"

vl_convert.register_font_directory(str(lettering.FONTS))


def chart_svg(spec: Spec, width: int = WIDTH) -> str:
    """The chart of a spec, `width` pixels wide; wider only where the spec cannot be made as narrow."""
    if not _has_axis(spec) and not (is_map(spec) and width <= NARROW):  # a small map's legend is wider than it
        plot = width - 2 * spec["config"]["padding"]
        drawn = _drawn(spec | {"width": plot, "autosize": "pad"})
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


def _has_axis(spec: Spec) -> bool:
    """True where an axis stands beside the plot."""
    upright = spec.get("encoding", {}).get("y", {})
    stands = "field" in upright and upright.get("axis", {}) is not None
    return stands or any(map(_has_axis, spec.get("layer", [])))


def _drawn(spec: Spec) -> str:
    text = json.dumps(spec).replace(json.dumps(FONT)[1:-1], _MEASURED_FONT)
    drawing: Spec = vl_convert.vegalite_to_vega(text, vl_version=_VEGA_LITE)
    return lettering.put_in(_svg(lettering.kept_back(drawing))) or _svg(drawing)


def _svg(drawing: Spec) -> str:
    drawn: str = vl_convert.vega_to_svg(drawing, allowed_base_urls=[])
    return drawn.replace(escape(_MEASURED_FONT), escape(FONT)).replace(_MEASURED_FONT, escape(FONT))
