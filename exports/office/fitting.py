"""How much room text takes on a slide, reckoned by the widths of a font much like the slides' own."""

from collections.abc import Sequence
from functools import cache
from typing import Final

import pandas as pd
from PIL import ImageFont

from exports.lettering import FONTS

WIDER: Final = 1.14  # Arial's text, bold at most, against that of Source Sans, by which lines are counted
REGULAR: Final = 1.08  # the same of text that is nowhere bold
SMALLEST: Final = 12  # points
LINE: Final = 1.22  # of the size of text
CELL: Final = 0.06  # inches left and right in a cell


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / "SourceSans3-Semibold.ttf"), size)


def wrapped(text: str, width: float, size: float, wider: float = WIDER) -> int:
    """How many lines a text takes in a width in inches."""
    space_for, font = width * 72 / wider, _font(100)
    lines, used = 1, 0.0
    space = font.getlength(" ") * size / 100
    for word in text.split():
        length = font.getlength(word) * size / 100
        if used and used + space + length > space_for:
            lines, used = lines + 1, length
        else:
            used += (space if used else 0) + length
        lines, used = lines + int(used // space_for), used % space_for
    return lines


def shortened(text: str, width: float, size: float, lines: int) -> str:
    """As many words of a text as take so many lines, with '…' where there are more."""
    if wrapped(text, width, size) <= lines:
        return text
    words = text.split()
    while len(words) > 1 and wrapped(f"{' '.join(words)} …", width, size) > lines:
        words.pop()
    return f"{' '.join(words)} …"


def room(texts: Sequence[str], width: float, size: float, *, spaced: bool = False) -> float:
    """The height in inches of paragraphs in a width in inches."""
    lines = sum(wrapped(text, width, size) for text in texts if text)
    between = max(0, len(texts) - 1) * 0.5 if spaced else 0
    return (lines * LINE + between) * size / 72


def largest(
    texts: Sequence[str], width: float, height: float, sizes: Sequence[float], *, spaced: bool = False
) -> float:
    """The first of the sizes at which the paragraphs fit; 0 where none does."""
    return next((size for size in sizes if room(texts, width, size, spaced=spaced) <= height), 0)


def heights(frame: pd.DataFrame, widths: Sequence[float], size: float) -> list[float]:
    """The height in inches of a table's header and of each row."""
    rows = [(list(frame.columns), WIDER), *((row, REGULAR) for row in frame.astype(str).to_numpy().tolist())]
    most = [
        max(wrapped(str(value), width - 2 * CELL, size, wider) for value, width in zip(row, widths, strict=True))
        for row, wider in rows
    ]
    return [lines * LINE * size / 72 + 0.07 for lines in most]


def pages(frame: pd.DataFrame, widths: Sequence[float], width: float, height: float) -> list[pd.DataFrame]:
    """The rows in as few parts as fit a slide at the smallest size, of about equal length."""
    shares = [width * part / sum(widths) for part in widths]
    for parts in range(1, len(frame) + 1):
        size = -(-len(frame) // parts)
        made = [frame.iloc[at : at + size] for at in range(0, len(frame), size)]
        if all(sum(heights(part, shares, SMALLEST)) <= height for part in made):
            return made
    return [frame.iloc[[at]] for at in range(len(frame))]
