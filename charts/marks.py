"""Status symbols, drawn: the glyph of a half-filled ring breaks in some fonts, so no text is used.

One path with one fill each, in Vega's unit square (-1..1). A hole is an inner outline running the other way round
(nonzero winding rule), so a single fill colour is enough and the symbols differ in greyscale too.
"""

from html import escape
from typing import Final

from charts.theme import STATUS
from measures.words import STATUS_WORDS

_DISC: Final = "M0,-1A1,1,0,0,1,0,1A1,1,0,0,1,0,-1Z"
_HOLE: Final = "M0,-0.68A0.68,0.68,0,0,0,0,0.68A0.68,0.68,0,0,0,0,-0.68Z"
_RIGHT_HALF_HOLE: Final = "M0,0.68A0.68,0.68,0,0,0,0,-0.68Z"

STATUS_SHAPES: Final = {
    "on_track": _DISC,
    "at_risk": _DISC + _RIGHT_HALF_HOLE,
    "off_track": _DISC + _HOLE,
    "none": "M-0.7,-0.14L0.7,-0.14L0.7,0.14L-0.7,0.14Z",
}

# Keyed by the words of measures.comparison.compare.
COMPARISON_SHAPES: Final = {
    "Better": "M0,-1L1,0.75L-1,0.75Z",
    "Similar": "M0,-0.9A0.9,0.9,0,0,1,0,0.9A0.9,0.9,0,0,1,0,-0.9Z",
    "Worse": "M0,1L1,-0.75L-1,-0.75Z",
    "Higher": "M0,-1L1,0.75L-1,0.75Z",
    "Lower": "M0,1L1,-0.75L-1,-0.75Z",
    "Not compared": _DISC + _HOLE,
}


def status_svg(status: str, size: int = 16, colour: str | None = None) -> str:
    """A status symbol as an inline SVG string for HTML, named for screen readers."""
    words = escape(STATUS_WORDS[status])
    fill = escape(colour or STATUS[status])
    return (
        f'<svg role="img" aria-label="{words}" width="{size}" height="{size}" viewBox="-1.1 -1.1 2.2 2.2" '
        f'xmlns="http://www.w3.org/2000/svg"><title>{words}</title>'
        f'<path d="{STATUS_SHAPES[status]}" fill="{fill}"/></svg>'
    )
