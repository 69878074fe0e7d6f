"""A chart as a file: PNG, SVG, PDF, CSV, Vega-Lite; each says inside what it shows, and none needs a network.

The chart is drawn once as SVG; headline, subtitle and source are set around it as SVG text, wrapped by the font's own
widths, so that nothing is clipped however long the words are.
"""

import copy
import json
import re
import struct
import zlib
from functools import cache
from html import escape
from pathlib import Path
from typing import Final

import vl_convert
from PIL import ImageFont

from charts.figure import Figure, Spec, slugify
from charts.theme import FONT, MUTED, PAPER, TEXT

WIDTH: Final = 900
MARGIN: Final = 24
FONTS: Final = Path(__file__).resolve().parent.parent / "charts" / "fonts"
KINDS: Final = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "csv": "text/csv",
    "vl.json": "application/json",
}
# vl-convert strips quotes before it measures text, and 'Source Sans 3' unquoted is no CSS name: text would be measured
# in another font and cut too early. Quotes written as entities survive; they are put right in the finished SVG.
_MEASURED_FONT: Final = "&apos;Source Sans 3&apos;"
_VEGA_LITE: Final = "6.4"

vl_convert.register_font_directory(str(FONTS))


def file_name(figure: Figure, kind: str, *, earlier: bool = False) -> str:
    """'inclusive-policy_london_2011-12.png'; with the staff and phase, and of an earlier state '…_v7', where chosen."""
    version = f"_v{figure.context.data_version}" if earlier and figure.context else ""
    staff = slugify(figure.context.staff_label) if figure.context else ""
    staff = "" if staff in ("all-staff", "chart") or staff in figure.slug else f"_{staff}"
    return f"{figure.slug}{staff}{version}.{kind}"


def chart_svg(spec: Spec, width: int = WIDTH) -> str:
    """The bare chart of a spec, `width` pixels wide, without any words around it."""
    fixed = copy.deepcopy(spec)
    fixed["width"] = width
    text = json.dumps(fixed).replace(json.dumps(FONT)[1:-1], _MEASURED_FONT)
    drawn: str = vl_convert.vegalite_to_svg(text, vl_version=_VEGA_LITE, allowed_base_urls=[])
    return drawn.replace(escape(_MEASURED_FONT), escape(FONT)).replace(_MEASURED_FONT, escape(FONT))


def svg(figure: Figure) -> str:
    """The chart with its words as one SVG document, with <title> and <desc> for screen readers."""
    chart = chart_svg(figure.spec, WIDTH - 2 * MARGIN)
    size = re.search(r'<svg[^>]*?width="([\d.]+)"[^>]*?height="([\d.]+)"', chart)
    if size is None:
        raise ValueError(f"the drawing of {figure.slug} has no size")
    chart_width, chart_height = float(size[1]), float(size[2])
    width = max(WIDTH, chart_width + 2 * MARGIN)
    room = width - 2 * MARGIN
    parts: list[str] = []
    y = float(MARGIN)
    y = _write(parts, figure.headline, y, room, 26, True, TEXT) + 2
    y = _write(parts, figure.subtitle, y, room, 16, False, MUTED) + 14
    parts.append(chart.replace("<svg ", f'<svg x="{MARGIN}" y="{y:g}" ', 1))
    y += chart_height + 14
    for line in (figure.notes, figure.source):
        y = _write(parts, line, y, room, 14, False, MUTED) + 2 if line else y
    height = y + MARGIN - 6
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" role="img" '
        f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}">'
        f"<title>{escape(figure.headline)}</title><desc>{escape(figure.alt)}</desc>"
        f'<rect width="100%" height="100%" fill="{PAPER}"/>{"".join(parts)}</svg>'
    )


def png(figure: Figure, scale: float = 2) -> bytes:
    """The SVG as a PNG of 900 x `scale` pixels, with title, description and source as text inside the file."""
    image: bytes = vl_convert.svg_to_png(svg(figure), scale=scale)
    texts = {"Title": figure.headline, "Description": figure.alt, "Source": figure.source}
    chunks = b"".join(_png_text(key, text) for key, text in texts.items())
    head = 8 + 25  # the signature and IHDR, always the first chunk; text goes right after it
    return image[:head] + chunks + image[head:]


def chart_png(spec: Spec, width: int = WIDTH, scale: float = 2) -> bytes:
    """The bare chart of a spec as a PNG of `width` x `scale` pixels, without any words around it."""
    image: bytes = vl_convert.svg_to_png(chart_svg(spec, width), scale=scale)
    return image


def pdf(figure: Figure) -> bytes:
    """The SVG as a one-page PDF with embedded fonts."""
    document: bytes = vl_convert.svg_to_pdf(svg(figure))
    return document


def csv(figure: Figure, exported: str = "") -> bytes:
    """The table twin with what it shows on each row: title, area, period, comparator, source, coverage, date and so on.

    exported: the date of the export. Text that a spreadsheet would compute leaves as text.
    """
    from data_access.files.spreadsheets import csv_bytes  # loads what only files need

    facts = {"Title": figure.headline, "Measure": figure.subtitle, "Note": figure.notes}
    if figure.context is not None:
        about = figure.context
        facts |= {
            "Shown for": about.place,
            "Shown period": about.period_label,
            "Staff group": about.staff_label,
            "Comparator": about.comparator,
            "Source": about.source,
            "Reporting": about.coverage_text,
            "Data version": f"{about.data_version}, {about.date_text}",
            "Kind of data": "Illustrative data" if about.illustrative else "Published data",
        }
    return csv_bytes(figure.table.assign(**facts, Exported=exported))


def vega_lite(figure: Figure) -> bytes:
    """The spec as JSON, headline and subtitle as its title, alt text and source as its description and usermeta."""
    spec = {
        **figure.spec,
        "title": {"text": figure.headline, "subtitle": figure.subtitle},
        "description": figure.alt,
        "usermeta": {"source": figure.source},
    }
    return json.dumps(spec, ensure_ascii=False, indent=1).encode()


def _write(parts: list[str], text: str, y: float, room: float, size: int, bold: bool, colour: str) -> float:
    """Add wrapped lines of text below `y`; the new bottom."""
    for line in _wrapped(text, room, size, bold):
        y += size * 1.25
        weight = 700 if bold else 400
        parts.append(
            f'<text x="{MARGIN}" y="{y - size * 0.25:g}" font-family="{escape(FONT)}" font-size="{size}" '
            f'font-weight="{weight}" fill="{colour}">{escape(line)}</text>'
        )
    return y


@cache
def _font(size: int, bold: bool) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / f"SourceSans3-{'Bold' if bold else 'Regular'}.ttf"), size)


def _wrapped(text: str, room: float, size: int, bold: bool) -> list[str]:
    font = _font(size, bold)
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and font.getlength(longer) > room:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line] if line else lines


def _png_text(key: str, text: str) -> bytes:
    """One iTXt chunk (UTF-8 text): written by hand, because re-encoding the image for it would take longer."""
    body = b"iTXt" + key.encode("latin-1") + b"\0\0\0\0\0" + text.encode()
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
