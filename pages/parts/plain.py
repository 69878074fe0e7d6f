"""Plain to read: what people wrote is never taken for Markdown, sentences begin as such, sizes are in words."""

import re

_ACTIVE = re.compile(r"([\\`*_\[\]$~|]|:(?=[A-Za-z]))")  # the last begins a colour or an icon of Streamlit's
# Begins a heading, a quotation, a list, a line across or code, in any line.
_BLOCK = re.compile(r"^([ \t]*)(#{1,6}(?=\s|$)|>|[-+](?=\s|$)|\d+[.)](?=\s|$)|(?:-{2,}|=+)(?=[ \t]*$))", re.MULTILINE)
_INDENTED = re.compile(r"^(?: {4}|\t)[ \t]*", re.MULTILINE)
# What is made a link or a picture even of escaped text, and the invisible letter that keeps it apart.
_MADE = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?<=:)(?=[\w+-]+[:/])", re.IGNORECASE)
_MAIL = re.compile(r"(?<=\S)(?=@\S)")
_APART = "\u2060"
# Not seen, but they turn the direction of what follows, or are no letters at all.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_MARKS = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|$~:&])")


def escaped(text: str) -> str:
    """Text of unknown origin for a place that takes Markdown, on one line."""
    return _MARKS.sub(r"\\\1", _MADE.sub(_APART, _UNSEEN.sub("", " ".join(str(text).split()))))


def unmarked(text: str) -> str:
    """Words with names or a person's title in them, for a place that takes Markdown: nothing in them makes anything."""
    seen = _UNSEEN.sub("", _INDENTED.sub("", text))
    inline = _MAIL.sub(_APART, _MADE.sub(_APART, _ACTIVE.sub(r"\\\1", seen)))
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
