"""The texts of a drawing, kept from Vega while it draws and written in afterwards.

Vega measures every text that it places, and the library that runs it opens the font's file four times for each letter,
which is most of the time that a drawing would take. A text that lies within the plot changes nothing of the layout,
however wide it is, so a blank stands in for it; the text itself, with the room that it may take, goes along in the
description, which an SVG says of each mark and nobody measures.
"""

import json
import re
from functools import cache
from html import escape, unescape
from pathlib import Path
from typing import Any, Final

from PIL import ImageFont

from charts.figure import Spec

FONTS: Final = Path(__file__).resolve().parent.parent / "charts" / "fonts"
SPARE: Final = 2.0  # pixels that a text may hang over its plot: half of the rim around a drawing
_ELLIPSIS: Final = "…"
_ENDS: Final = "\uffff"  # a noncharacter, which no text holds: ends the text, and its room, within a description
_PLOT: Final = re.compile(r'<path class="background"[^>]* d="M0,0h([\d.]+)')
_KEPT: Final = re.compile(rf'<text aria-label="([^"{_ENDS}]*){_ENDS}([^"{_ENDS}]*){_ENDS}([^"]*)"([^>]*)/>')
_PLACE: Final = re.compile(r'transform="translate\((-?[\d.e-]+),')
_SIZE: Final = re.compile(r'font-size="([\d.]+)px"')
_HEAVY: Final = re.compile(r'font-weight="(?:bold|600|700)"')
_ROLES: Final = re.compile(r' (?:role|aria-roledescription)="[^"]*"')
# Share of a text's width that lies left of its place.
_LEFT: Final = {"start": 0.0, "middle": 0.5, "end": 1.0}


@cache
def font(size: float, bold: bool) -> ImageFont.FreeTypeFont:
    """The font that drawings are set in, to measure with; size in pixels."""
    return ImageFont.truetype(str(FONTS / f"SourceSans3-{'Bold' if bold else 'Regular'}.ttf"), size)


def kept_back(drawing: Spec) -> Spec:
    """A Vega specification with blanks in the place of its texts, where they stand upright and in one line.

    Those in panels, axes and legends stay.
    """
    return drawing | {"marks": [_blank(mark) for mark in drawing.get("marks", [])]}


def put_in(svg: str) -> str | None:
    """The drawing with the texts that were kept back, cut to their room; None where one hangs over the plot."""
    found = _PLOT.search(svg)
    plot = float(found[1]) if found else 0.0
    over = False

    def written(kept: re.Match[str]) -> str:
        nonlocal over
        text, limit, said, how = unescape(kept[1]).strip(), float(kept[2]), kept[3], kept[4]
        face = _face(how)
        if limit > 0:
            said = escape(text)
        if face is not None and text:
            text = _cut(text, limit, face)
            over = over or _hangs_over(how, face.getlength(text), plot)
        label = f' aria-label="{said}"' if said else ""
        how = how if said else _ROLES.sub("", how)
        return f"<text{label}{how}>{escape(text, quote=False)}</text>" if text else f"<text{label}{how}/>"

    whole = _KEPT.sub(written, svg)
    return None if over else whole


def _blank(mark: Spec) -> Spec:
    """The mark with its text in its description."""
    how = mark.get("encode", {}).get("update", {})
    text, limit, said = (_expression(how.get(key)) for key in ("text", "limit", "description"))
    room = f"({limit} > 0 ? {limit} : 0)" if limit else "0"
    if mark["type"] != "text" or text is None or "angle" in how or "lineBreak" in how:
        return mark
    lines = f"isArray({text})"
    goes_along = f'(isValid({text}) ? {text} : "") + "{_ENDS}" + {room} + "{_ENDS}"'
    changed = {
        "text": {"signal": f'{lines} ? {text} : " "'},
        "description": {"signal": f'({lines} ? "" : {goes_along}) + {said or repr("")}'},
    }
    return mark | {"encode": mark["encode"] | {"update": how | changed}}


def _expression(given: Any) -> str | None:
    """What an encoding says as an expression in brackets; None where it depends on conditions or is not said."""
    if not isinstance(given, dict) or not ({"signal", "value"} & given.keys()):
        return None
    return f"({given['signal'] if 'signal' in given else json.dumps(given['value'])})"


def _face(how: str) -> ImageFont.FreeTypeFont | None:
    """The font of a text, by its attributes; None where it has no size."""
    size = _SIZE.search(how)
    return font(float(size[1]), bool(_HEAVY.search(how))) if size and float(size[1]) else None


def _hangs_over(how: str, wide: float, plot: float) -> bool:
    """True where a text of a width reaches out of a plot of a width; also where its place is not understood."""
    place, anchor = _PLACE.search(how), re.search(r'text-anchor="(\w+)"', how)
    if place is None or anchor is None:
        return True
    left = float(place[1]) - _LEFT[anchor[1]] * wide
    return left < -SPARE or left + wide > plot + SPARE


def _cut(text: str, limit: float, face: ImageFont.FreeTypeFont) -> str:
    """As much of the text as has room with an ellipsis behind it; all of it where there is no limit, as in Vega."""
    if not limit > 0 or face.getlength(text) <= limit:
        return text
    end = len(text)
    while end and face.getlength(text[:end] + _ELLIPSIS) > limit:
        end -= 1
    return text[:end] + _ELLIPSIS
