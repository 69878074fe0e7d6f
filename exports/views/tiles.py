"""Tile maps beside the geographic ones."""

import pandas as pd

from charts.figure import Figure
from charts.tiles import tile_map
from exports.shown import Shown
from exports.views import figures
from exports.views.figures import context, england_row, level_rows, place_words, record
from exports.views.registry import view
from seed_data import reference as files


@view(200, "regions")
def value_tiles(now: Shown, indicator: str) -> Figure | None:
    """Tile map of one indicator's values: all authorities, or those of the chosen region; None where none has a row."""
    rows, england = level_rows(now, "la", indicator), england_row(now, indicator)
    if rows.empty:
        return None
    made = context(now, rows, indicator, place=place_words(now, "la"), comparator="" if england is None else "England")
    return tile_map(rows, record(now, indicator), made, _placed(now), england=england, focus=now.la)


@view(200, "")
def share_tiles(now: Shown) -> Figure:
    """Tile map of the share of indicators on track: all authorities, or those of the chosen region."""
    made = context(now, figures.shown_rows(now, "la"), place=place_words(now, "la"))
    return tile_map(figures.shares(now, "la"), figures.ON_TRACK, made, _placed(now), shares=True, focus=now.la)


def _placed(now: Shown) -> pd.DataFrame:
    tiles = files.tiles()
    return tiles[tiles["region_code"] == now.region] if now.region else tiles
