"""Status symbols, drawn: the glyph of a half-filled ring breaks in some fonts, so no text is used.

One path with one fill each, in Vega's unit square (-1..1). A hole is an inner outline running the other way round
(nonzero winding rule), so a single fill colour is enough and the symbols differ in greyscale too.
"""

from typing import Final

DISC: Final = "M0,-1A1,1,0,0,1,0,1A1,1,0,0,1,0,-1Z"
_HOLE: Final = "M0,-0.68A0.68,0.68,0,0,0,0,0.68A0.68,0.68,0,0,0,0,-0.68Z"
_RIGHT_HALF_HOLE: Final = "M0,0.68A0.68,0.68,0,0,0,0,-0.68Z"

STATUS_SHAPES: Final = {
    "on_track": DISC,
    "at_risk": DISC + _RIGHT_HALF_HOLE,
    "off_track": DISC + _HOLE,
    "none": "M-0.7,-0.14L0.7,-0.14L0.7,0.14L-0.7,0.14Z",
}

# Keyed by the statuses of measures.lateness.
ACTION_SHAPES: Final = {
    "done": STATUS_SHAPES["on_track"],
    "under_way": STATUS_SHAPES["at_risk"],
    "not_started": STATUS_SHAPES["off_track"],
    "stopped": "M-0.75,-0.75L0.75,-0.75L0.75,0.75L-0.75,0.75Z",
}

# Keyed by the words of measures.comparison.compare.
COMPARISON_SHAPES: Final = {
    "Better": "M0,-1L1,0.75L-1,0.75Z",
    "Similar": "M0,-0.9A0.9,0.9,0,0,1,0,0.9A0.9,0.9,0,0,1,0,-0.9Z",
    "Worse": "M0,1L1,-0.75L-1,-0.75Z",
    "Higher": "M0,-1L1,0.75L-1,0.75Z",
    "Lower": "M0,1L1,-0.75L-1,-0.75Z",
    "Not compared": DISC + _HOLE,
}
