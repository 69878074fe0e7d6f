"""Plain to read: what people wrote is never taken for Markdown, sentences begin as such, sizes are in words."""

import re

_ACTIVE = re.compile(r"([\\`*_\[\]$~|])")
_BLOCK = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|>|[-+](?=\s|$)|\d+[.)](?=\s|$))")  # begins a heading, quotation or list
# What is made a link or a picture even of escaped text, and the invisible letter that keeps it apart.
_MADE = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?<=\S)(?=@\S)|(?<=:)(?=[\w+-]+[:/])", re.IGNORECASE)
_APART = "\u2060"
_MARKS = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|$~:&])")


def escaped(text: str) -> str:
    """Text of unknown origin for a place that takes Markdown, on one line."""
    return _MARKS.sub(r"\\\1", " ".join(str(text).split()))


def unmarked(text: str) -> str:
    """Words with names or a person's title in them, for a place that takes Markdown: nothing in them makes anything."""
    inline = _MADE.sub(_APART, _ACTIVE.sub(r"\\\1", text))
    return _BLOCK.sub(lambda block: f"{block[1]}{block[2][:-1]}\\{block[2][-1]}", inline)


def size(count: int) -> str:
    """'812 bytes', '3.4 kB', '120 MB'."""
    for unit, scale in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= scale:
            return f"{count / scale:.3g} {unit}"
    return f"{count} bytes"


def sentence(text: str) -> str:
    """A note as a sentence of its own, escaped."""
    return escaped(begun(text))


def begun(text: str) -> str:
    """A sentence with a capital; a file's or column's name at its beginning stays as it is."""
    first = text.partition(" ")[0]
    return text[:1].upper() + text[1:] if first.strip(",.:;").isalpha() else text
