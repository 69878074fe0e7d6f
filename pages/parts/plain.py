"""What files and people wrote, shown as they wrote it: never as Markdown, which could hold links and pictures."""

import re

_MARKS = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|$~:&])")


def escaped(text: str) -> str:
    """Text of unknown origin for a place that takes Markdown, on one line."""
    return _MARKS.sub(r"\\\1", " ".join(str(text).split()))


def size(count: int) -> str:
    """'812 bytes', '3.4 kB', '120 MB'."""
    for unit, scale in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= scale:
            return f"{count / scale:.3g} {unit}"
    return f"{count} bytes"
