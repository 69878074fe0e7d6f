"""The legend of points on a map: each mark, drawn, with its words."""

from html import escape

import streamlit as st

from charts.theme import DARK
from pages.parts import show


def discs(marks: list[tuple[str, str, float]]) -> None:
    """Draw the legend. marks: words, colour, and the hole of the disc as a share of its radius (charts.points)."""
    items = []
    for said, colour, hole in marks:
        colour = DARK.get(colour, colour) if show.dark() else colour
        mark = (
            '<span aria-hidden="true" style="display:inline-block;box-sizing:border-box;width:1rem;height:1rem;'
            f"margin-right:0.35rem;vertical-align:-0.15rem;border-radius:50%;"
            f'border:{(1 - hole) / 2:g}rem solid {colour}"></span>'
        )
        items.append(f'<span style="margin-right:1rem;white-space:nowrap">{mark}{escape(said)}</span>')
    st.html(f'<div style="font-size:0.9rem">{"".join(items)}</div>')
