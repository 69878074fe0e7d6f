"""The chart of a slide as SVG, drawn at the slide's own size so that its type is read from six metres."""

import re
from typing import Final

from charts import room
from charts.figure import Figure
from exports.drawing import chart_svg

# Pixels that a chart may take on a slide of 1280 x 720.
BOX_WIDTH, BOX_HEIGHT = 840, 510
AROUND: Final = 42  # pixels of a chart that its legend and axis mostly take above and below the plot
SPARE: Final = 24  # pixels that may stay free: a drawing takes a fifth of a second, and is not made anew for them
HIGHER: Final = 1.4  # times as high as on a page, at most, where there is room
# Views whose charts are laid out as on a phone: beside larger type a wide page's columns would leave no plot.
NARROW: Final = frozenset(
    {
        "spine_chart",
        "trend_strips",
        "groups_here",
        "funnel_plot",
        "by_area",
        "by_indicator",
        "plan_timeline",
        "evidence_matrix",
        "outcome_rows",
    }
)
PANELS: Final = frozenset({"by_area", "by_indicator"})
_SIZE: Final = re.compile(r'<svg[^>]*? width="([\d.]+)" height="([\d.]+)"')
# Each mark's own description: the slide has one for the whole chart.
_DESCRIPTIONS: Final = re.compile(r' (?:aria-[a-z]+|role|class|pointer-events)="[^"]*"')
_NAMES: Final = re.compile(r'( id="|url\(#|href="#)')


def drawn(figure: Figure, view: str, prefix: str) -> str:
    """The chart as an <svg> element that fits the box of a slide.

    view: the name of the view that made it; prefix: begins the ids within, so that charts of one page keep apart.
    """
    laid_out = {"narrow": view in NARROW, "panels": view in PANELS}
    wanted = room.WIDTH * BOX_HEIGHT / BOX_WIDTH
    least, most = room.lowest(figure.spec), HIGHER * float(figure.spec["height"])
    height = min(max(least, wanted - AROUND), most)
    made = chart_svg(room.for_room(figure.spec, height, **laid_out), room.WIDTH)
    spare = wanted - _size(made)[1]
    fits = min(max(least, height + spare), most)
    if (spare < 0 or spare > SPARE) and fits != height:
        height = fits
        made = chart_svg(room.for_room(figure.spec, height, **laid_out), room.WIDTH)
    wide, high = _size(made)
    within = made[made.index(">") + 1 :]
    within = _NAMES.sub(lambda found: f"{found[1]}{prefix}", _DESCRIPTIONS.sub("", within))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 0 {wide:g} {high:g}" preserveAspectRatio="xMinYMin meet" aria-hidden="true" focusable="false">'
        f"{within}"
    )


def _size(svg: str) -> tuple[float, float]:
    """Width and height of a drawing in pixels."""
    found = _SIZE.search(svg)
    if found is None:
        raise ValueError("the drawing has no size")
    return float(found[1]), float(found[2])
