"""A map on a page: outlines by their address, clicks that choose a place, a legend; its figure is the file and twin."""

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

import pandas as pd
import pydeck
import streamlit as st

from charts import classes as bins
from charts import maps
from charts.theme import DARK
from exports.http import outlines_url
from exports.kept import kept
from exports.shown import Shown
from exports.views import figures
from pages.parts import filters, show
from seed_data import reference as files

# Fits a phone as well as a column of a wide page: the whole of England is seen in both.
WIDTH, HEIGHT = 330, 430


def draw(
    now: Shown, level: str, values: pd.DataFrame, classes: list[tuple[float, str]], alt: str, key: str
) -> Callable[[], None]:
    """A function that draws the map. values: area_code, value; level: 'region' | 'la'."""

    def drawn() -> None:
        deck, legend = _made(now, level, f"{key} {alt}", show.dark(), _Shares(values, classes))
        st.pydeck_chart(
            deck, height=HEIGHT, key=key, on_select=lambda: _picked(key, level), selection_mode="single-object", alt=alt
        )
        st.html(legend)

    return drawn


@dataclass(frozen=True)
class _Shares:
    """What a map is made of, which the page and its alt text tell already: equal to any other."""

    values: pd.DataFrame = field(compare=False)
    classes: list[tuple[float, str]] = field(compare=False)


@kept(100)
def _made(now: Shown, level: str, what: str, dark: bool, of: _Shares) -> tuple[pydeck.Deck, str]:
    """The deck and its legend, kept by what they show, which is what the page and its alt text say."""
    order = [feature["code"] for feature in figures.features(level, now.version)]
    palette = bins.class_colours(of.classes)
    if dark:
        palette = {label: DARK.get(colour, colour) for label, colour in palette.items()}
    values = zip(of.values["area_code"], of.values["value"], strict=True)
    labels = {area: bins.class_of(value, of.classes) for area, value in values}
    colours = {area: palette[label] for area, label in labels.items()}
    bounds = files.bounds()[now.region if level == "la" and now.region else "england"]
    deck = maps.deck(
        outlines_url(figures.LEVELS[level], now.version),
        level,
        order,
        colours,
        maps.view_for(bounds, WIDTH, HEIGHT),
        dark=dark,
    )
    return deck, _legend({label: colour for label, colour in palette.items() if label in set(labels.values())})


def _picked(key: str, level: str) -> None:
    """A click on an area chooses it in the shared filters."""
    chosen = st.session_state[key]["selection"]["objects"]
    for feature in [picked for layer in chosen.values() for picked in layer]:
        code = feature.get("properties", feature).get("code")
        if code:
            filters.choose(region=code) if level == "region" else filters.choose(la=code)


def _legend(palette: dict[str, str]) -> str:
    box = "display:inline-block;width:0.9rem;height:0.9rem;border:1px solid #6b7377;margin-right:0.35rem"
    items = "".join(
        f'<span style="margin-right:1rem;white-space:nowrap">'
        f'<span style="{box};vertical-align:-2px;background:{colour}"></span>{escape(label)}</span>'
        for label, colour in palette.items()
    )
    return f'<div style="font-size:0.9rem">{items}</div>'
