"""The chart that is being built, as it will leave, with what would mislead about it."""

import streamlit as st

from charts.figure import Figure
from exports import chart_choice, chart_files, sheet
from exports.chart_choice import Choice
from exports.kept import kept
from exports.shown import Shown
from exports.views.built import built
from pages.parts import chart_menu, plain, show, whence

KEY = "built"


def draw(shown: Figure, now: Shown, asked: Choice) -> None:
    """The warnings, then the chart at the size that was chosen: a slide as the picture that leaves."""
    if shown.cautions:
        said = "\n".join(f"- {plain.unmarked(caution)}" for caution in shown.cautions)
        st.warning(f"**Written on the chart, too:**\n{said}", icon=":material/warning:")
    if asked.size == "slide":
        st.image(_picture(now, asked), width="stretch", alt=f"{shown.headline}. {shown.alt}")
        with st.container(horizontal=True, vertical_alignment="center"):
            chart_menu.button(shown, KEY, now.version)
            whence.of_origin(shown.origin, KEY, now.version)
            show.table(shown, KEY)
        return
    with st.container(width=sheet.SHEETS["web"].width if asked.size == "web" else "stretch"):
        show.figure(shown, KEY, version=now.version)


@kept(8)
def _picture(now: Shown, asked: Choice) -> bytes:
    """The PNG that leaves, of one pixel to each unit."""
    figure = built(now, **chart_choice.options(asked))  # type: ignore[arg-type]
    if figure is None:
        raise ValueError("nothing to draw")
    return chart_files.png(figure, 1)
