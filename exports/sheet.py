"""What a chart's picture is set on: its words around the drawing, for a page, a slide or a web page."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Final

from PIL import ImageFont

from charts import room
from charts.figure import Figure, Spec
from charts.theme import FONT, MUTED, TEXT
from exports.drawing import WIDTH, chart_svg, size
from exports.lettering import font

AROUND: Final = 50.0  # pixels of a drawing that its legend and axis mostly take above and below the plot
LOWEST_MAP: Final = 360.0  # pixels of plot: below that, names outgrow the places that they stand in
SPARE: Final = 16  # pixels by which a drawing may miss its height: it takes a fifth of a second, and is not made anew


@dataclass(frozen=True)
class Sheet:
    """What a chart is set on, in pixels: width, margin, type of headline, subtitle and notes.

    height: None where it follows what is on the sheet. drawn: the width at which the chart itself is drawn; None: as
    wide as the margins leave. Into a sheet of a fixed height it is fitted as large as there is room.
    """

    width: int = WIDTH
    margin: int = 24
    headline: int = 26
    subtitle: int = 16
    notes: int = 14
    height: int | None = None
    drawn: int | None = None


# By Figure.size.
SHEETS: Final = {
    "page": Sheet(),
    "slide": Sheet(1280, margin=48, headline=40, subtitle=22, notes=16, height=720, drawn=800),
    "web": Sheet(480, margin=16, headline=21, subtitle=14, notes=12),
}


def laid_out(figure: Figure) -> tuple[float, float, str]:
    """Width, height and contents, as SVG, of the sheet that a figure is set on."""
    sheet = SHEETS[figure.size]
    return _flowing(figure, sheet) if sheet.height is None else _fitted(figure, sheet, sheet.height)


def _flowing(figure: Figure, sheet: Sheet) -> tuple[float, float, str]:
    """Width, height and contents of a sheet that is as high as what is on it."""
    chart = chart_svg(figure.spec, sheet.width - 2 * sheet.margin)
    chart_width, chart_height = size(chart)
    width = max(sheet.width, chart_width + 2 * sheet.margin)
    across = width - 2 * sheet.margin
    parts: list[str] = []
    y = _head(parts, figure, sheet, across)
    parts.append(_placed(chart, f"translate({sheet.margin} {y:g})"))
    y = _foot(parts, figure, sheet, y + chart_height + 14, across)
    return width, y + sheet.margin - 6, "".join(parts)


def _fitted(figure: Figure, sheet: Sheet, height: int) -> tuple[float, float, str]:
    """Width, height and contents of a sheet of one height: larger type, and the chart as large as there is room."""
    across = sheet.width - 2 * sheet.margin
    below: list[str] = []
    foot = _foot(below, figure, sheet, 0, across)
    parts: list[str] = []
    top = _head(parts, figure, sheet, across)
    high = height - sheet.margin / 2 - foot - 14 - top
    chart, (chart_width, chart_height) = _in_room(figure, across / high, sheet.drawn or across)
    fits = min(across / chart_width, high / chart_height)
    left = sheet.margin + (across - fits * chart_width) / 2
    parts.append(_placed(chart, f"translate({left:g} {top:g}) scale({fits:.6g})"))
    parts.append(f'<g transform="translate(0 {height - sheet.margin / 2 - foot:g})">{"".join(below)}</g>')
    return sheet.width, height, "".join(parts)


def _in_room(figure: Figure, shape: float, least: int) -> tuple[str, tuple[float, float]]:
    """The chart with larger type, of a shape (width to height), and its size: no narrower than `least` pixels.

    It is as wide as the least height at which it can be read asks for.
    """
    lowest, around = readable(figure.spec), AROUND
    for _ in range(2):  # once more where legend and axis take another height than they mostly do
        width = max(least, round((lowest + around) * shape))
        chart = chart_svg(room.for_room(figure.spec, max(lowest, width / shape - around)), width)
        drawn = size(chart)
        if abs(drawn[1] - width / shape) < SPARE:
            break
        around += drawn[1] - width / shape
    return chart, drawn


def readable(spec: Spec) -> float:
    """The least height in pixels of plot on a sheet of a fixed height; labels beside lines keep their distances."""
    lowest: float = room.lowest(spec)
    if room.is_map(spec):
        return LOWEST_MAP
    return float(spec["height"]) if lowest == room.LOWEST * spec["height"] else lowest


def _placed(chart: str, where: str) -> str:
    """What a drawing holds as a group: an <svg> within an <svg> is clipped, for which each pixel is painted twice."""
    return f'<g transform="{where}">{chart[chart.index(">") + 1 : chart.rindex("</svg>")]}</g>'


def _head(parts: list[str], figure: Figure, sheet: Sheet, across: float) -> float:
    """Add headline and subtitle; their lower end."""
    y = _write(parts, figure.headline, float(sheet.margin), across, sheet.headline, True, TEXT, sheet.margin) + 2
    return _write(parts, figure.subtitle, y, across, sheet.subtitle, False, MUTED, sheet.margin) + 14


def _foot(parts: list[str], figure: Figure, sheet: Sheet, y: float, across: float) -> float:
    """Add notes and source below y; their lower end."""
    for line in (figure.notes, figure.source):
        y = _write(parts, line, y, across, sheet.notes, False, MUTED, sheet.margin) + 2 if line else y
    return y


def _write(
    parts: list[str], text: str, y: float, across: float, size: int, bold: bool, colour: str, left: int
) -> float:
    """Add lines of text, wrapped at `across` pixels, below `y`; the new bottom."""
    for line in wrapped(text, across, size, bold):
        y += size * 1.25
        weight = 700 if bold else 400
        parts.append(
            f'<text x="{left}" y="{y - size * 0.25:g}" font-family="{escape(FONT)}" font-size="{size}" '
            f'font-weight="{weight}" fill="{colour}">{escape(line)}</text>'
        )
    return y


def wrapped(text: str, across: float, size: int, bold: bool) -> list[str]:
    """The text in lines of at most `across` pixels; a word that is longer than a line is broken."""
    face = font(size, bold)
    lines: list[str] = []
    line = ""
    for word in (part for each in text.split() for part in _broken(each, across, face)):
        longer = f"{line} {word}".strip()
        if line and face.getlength(longer) > across:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line] if line else lines


def _broken(word: str, across: float, face: ImageFont.FreeTypeFont) -> Iterator[str]:
    while len(word) > 1 and face.getlength(word) > across:
        end = next(end for end in range(len(word) - 1, 0, -1) if end == 1 or face.getlength(word[:end]) <= across)
        yield word[:end]
        word = word[end:]
    yield word
