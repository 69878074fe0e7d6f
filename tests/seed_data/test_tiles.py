"""Places of the tile map: whole, without overlap, in one piece a region, and where people look for them."""

import json
from itertools import combinations

import pandas as pd
import pytest
from shapely.geometry import shape

from seed_data import reference

# Each pair in the order in which a reader expects it: the first strictly north of the second, or west of it.
NORTH_TO_SOUTH = [
    ("Northumberland", "County Durham"),
    ("Newcastle upon Tyne", "Gateshead"),
    ("Sunderland", "Middlesbrough"),
    ("Cumbria", "Lancashire"),
    ("Lancashire", "Manchester"),
    ("Sefton", "Liverpool"),
    ("Liverpool", "Wirral"),
    ("Bury", "Manchester"),
    ("Manchester", "Stockport"),
    ("North Yorkshire", "Leeds"),
    ("Leeds", "Sheffield"),
    ("Barnsley", "Sheffield"),
    ("Derby", "Leicester"),
    ("Leicester", "Northamptonshire"),
    ("Staffordshire", "Birmingham"),
    ("Birmingham", "Warwickshire"),
    ("Herefordshire", "Gloucestershire"),
    ("Norfolk", "Suffolk"),
    ("Suffolk", "Thurrock"),
    ("Enfield", "Haringey"),
    ("Barnet", "Camden"),
    ("Camden", "Westminster"),
    ("Islington", "City of London"),
    ("Westminster", "Lambeth"),
    ("Lewisham", "Bromley"),
    ("Merton", "Sutton"),
    ("Medway", "Kent"),
    ("Surrey", "West Sussex"),
    ("Wiltshire", "Dorset"),
    ("Somerset", "Plymouth"),
    ("Southampton", "Isle of Wight"),
]
WEST_TO_EAST = [
    ("Liverpool", "Manchester"),
    ("Manchester", "Oldham"),
    ("Bradford", "Leeds"),
    ("Doncaster", "North East Lincolnshire"),
    ("Shropshire", "Staffordshire"),
    ("Wolverhampton", "Walsall"),
    ("Derby", "Nottingham"),
    ("Cambridgeshire", "Norfolk"),
    ("Hillingdon", "Ealing"),
    ("Camden", "Islington"),
    ("Islington", "Hackney"),
    ("Redbridge", "Havering"),
    ("Kingston upon Thames", "Bromley"),
    ("Wandsworth", "Greenwich"),
    ("Cornwall", "Plymouth"),
    ("Plymouth", "Torbay"),
    ("Devon", "Dorset"),
    ("Isles of Scilly", "Cornwall"),
    ("Bristol", "South Gloucestershire"),
    ("West Sussex", "East Sussex"),
    ("East Sussex", "Kent"),
    ("Thurrock", "Southend-on-Sea"),
]


@pytest.fixture(scope="module")
def tiles() -> pd.DataFrame:
    return reference.tiles().set_index("name")


def test_every_authority_has_one_tile_of_its_own(tiles: pd.DataFrame) -> None:
    assert sorted(tiles["code"]) == sorted(reference.authorities()["code"])
    assert len(tiles) == 152
    assert not tiles.duplicated(["column", "row"]).any()
    assert (tiles["column"].min(), tiles["row"].min()) == (0, 0)
    assert tiles["column"].max() <= 13, "a wider map has no room for its labels on a phone"


def test_short_labels_are_short_and_unique(tiles: pd.DataFrame) -> None:
    assert tiles["short"].is_unique
    assert tiles["short"].str.fullmatch(r"[A-Z][A-Za-z&]{1,3}").all()


def test_regions_are_in_one_piece(tiles: pd.DataFrame) -> None:
    """Touching by an edge or, where a region bends round London, by a corner."""
    for name, region in tiles.groupby("region_code"):
        left = set(zip(region["column"], region["row"], strict=True))
        found = [left.pop()]
        while found:
            column, row = found.pop()
            near = {(column + x, row + y) for x in (-1, 0, 1) for y in (-1, 0, 1)} & left
            left -= near
            found += near
        assert not left, name


@pytest.mark.parametrize(("first", "then"), NORTH_TO_SOUTH)
def test_north_is_above_south(tiles: pd.DataFrame, first: str, then: str) -> None:
    assert tiles.loc[first, "row"] < tiles.loc[then, "row"]


@pytest.mark.parametrize(("first", "then"), WEST_TO_EAST)
def test_west_is_left_of_east(tiles: pd.DataFrame, first: str, then: str) -> None:
    assert tiles.loc[first, "column"] < tiles.loc[then, "column"]


def test_corners_of_england(tiles: pd.DataFrame) -> None:
    assert list(tiles.index[tiles["row"] == 0]) == ["Northumberland"]
    assert list(tiles.index[tiles["column"] == 0]) == ["Isles of Scilly"]
    assert tiles.loc["Isle of Wight", "row"] > tiles.loc[["Southampton", "Bournemouth", "Poole"], "row"].max()
    assert (tiles.loc["Cornwall", ["column", "row"]] == [1, 18]).all()


def test_neighbours_on_the_ground_are_near_on_the_map(tiles: pd.DataFrame) -> None:
    """Nine in ten of those that share a border, or nearly so, are within two tiles, and two in three side by side."""
    features = json.loads(reference.outlines("local_authorities").read_text(encoding="utf-8"))["features"]
    outlines = {feature["code"]: shape(feature["geometry"]).buffer(0.002) for feature in features}
    places = tiles.set_index("code")[["column", "row"]]
    apart = [
        int((places.loc[one] - places.loc[other]).abs().max())
        for one, other in combinations(outlines, 2)
        if outlines[one].intersects(outlines[other])
    ]
    assert len(apart) > 350
    assert sum(distance <= 2 for distance in apart) >= 0.9 * len(apart)
    assert sum(distance == 1 for distance in apart) >= 0.67 * len(apart)
