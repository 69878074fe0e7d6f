"""Plain to read: what people wrote is never taken for Markdown, sizes are in words, buttons have contrast."""

import re

import streamlit as st

from pages.parts.show import dark

_MARKS = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|$~:&])")

# Streamlit writes white on the primary colour, which is pale in the dark theme: 2.1 to 1, where 4.5 is needed.
_DARK_ON_PALE = """<style>
button[kind="primary"]:not(:disabled) :is(p, span), [data-tag] :is(span, button) { color: #0b0c0c; }
</style>"""


def legible() -> None:
    """Dark letters on primary buttons and chosen options where the theme is dark."""
    if dark():
        st.html(_DARK_ON_PALE)


def escaped(text: str) -> str:
    """Text of unknown origin for a place that takes Markdown, on one line."""
    return _MARKS.sub(r"\\\1", " ".join(str(text).split()))


def size(count: int) -> str:
    """'812 bytes', '3.4 kB', '120 MB'."""
    for unit, scale in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= scale:
            return f"{count / scale:.3g} {unit}"
    return f"{count} bytes"


def sentence(text: str) -> str:
    """A note as a sentence of its own, escaped; a file's or column's name at its beginning stays as it is."""
    first = text.partition(" ")[0]
    return escaped(text[:1].upper() + text[1:] if first.strip(",:").isalpha() else text)
