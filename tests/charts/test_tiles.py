"""The tile map: a square for each authority, in the colours and with the words of the other map."""

import json
import re

import altair
import pandas as pd
import pytest
import vl_convert

from charts import classes, maps, tiles
from charts.theme import DARK, PAPER, TEXT, in_dark
from exports import chart_files, drawing
from seed_data import reference
from tests.charts.chart_frames import CONTEXT, england, frame, indicator, missing_row, value_row
from tests.charts.test_chart_words import contrast

PLACED = reference.tiles()
LONDON = PLACED[PLACED["region_code"] == "E12000007"]
ENGLAND_ROW = england().iloc[0]


def values(placed: pd.DataFrame, missing: tuple[str, ...] = ()) -> pd.DataFrame:
    rows = []
    for number, tile in enumerate(placed.to_dict("records")):
        area = {"area_code": tile["code"], "area": tile["name"], "region_code": tile["region_code"], "level": "la"}
        value = 20.0 + number % 60
        known = value_row(**area, value=value, lower=value - 6, upper=value + 6)
        rows.append(missing_row("c", **area) if tile["code"] in missing else known)
    return frame(*rows)


@pytest.fixture(scope="module")
def whole():
    """All of England, Camden in focus, Islington and Kent without a value."""
    figure = tiles.tile_map(
        values(PLACED, ("206", "886")), indicator(), CONTEXT, PLACED, england=ENGLAND_ROW, focus="202"
    )
    assert "NaN" not in json.dumps(figure.spec)
    altair.Chart.from_dict(in_dark(figure.spec))
    return figure


def group(figure) -> dict:
    """What holds the tiles' data and every layer."""
    [one] = figure.spec["layer"]
    return one


def drawn(figure) -> dict[str, dict]:
    """Tiles by code, each with the label of its class."""
    labels = json.loads(group(figure)["transform"][0]["calculate"].removesuffix("[datum.k]"))
    return {row["area_code"]: row | {"kind": labels[row["k"]]} for row in group(figure)["data"]["values"]}


def colours(layer: dict, channel: str) -> dict[str, str]:
    """Colour, or shape, by class label."""
    scale = layer["encoding"][channel]["scale"]
    return dict(zip(scale["domain"], scale["range"], strict=True))


def test_every_authority_has_a_tile_with_its_label_and_what_a_tooltip_tells(whole):
    found = drawn(whole)
    assert set(found) == set(PLACED["code"])
    camden = found["202"]
    assert camden["t"] == "Cam"
    assert (camden["area"], camden["v"], camden["s"], camden["r"]) == ("Camden", "21.0%", "On track", "91%")
    assert camden["i"] == "15.0% to 27.0%"
    assert camden["e"] == "Worse"
    titles = [told["title"] for told in group(whole)["layer"][0]["encoding"]["tooltip"]]
    assert titles == ["Area", "Value", "95% interval", "Status", "Coverage", "Compared with England"]
    assert len(json.dumps(whole.spec)) < 40_000


def test_colours_are_those_of_the_other_map(whole):
    shown = values(PLACED, ("206", "886"))
    features = json.loads(reference.outlines("local_authorities").read_text(encoding="utf-8"))["features"]
    other = maps.map_figure(shown, indicator(), CONTEXT, features, level="la", england=ENGLAND_ROW, focus="202")
    there = {shape["area"]: shape["kind"] for shape in other.spec["layer"][0]["data"]["values"]}
    assert {tile["area"]: tile["kind"] for tile in drawn(whole).values()} == there
    assert colours(group(whole)["layer"][0], "fill") == colours(other.spec["layer"][0], "color")
    pd.testing.assert_frame_equal(whole.table, other.table)
    assert (whole.headline, whole.source) == (other.headline, other.source)
    assert whole.alt == "Tile " + other.alt[0].lower() + other.alt[1:]
    assert whole.notes == f"{tiles.NOTE} {tiles.LINES} {other.notes}"
    assert whole.slug == other.slug.removesuffix("map") + "tile-map"


def test_a_missing_value_is_hatched_and_its_symbol_kept(whole):
    found = drawn(whole)
    assert {code for code, tile in found.items() if tile["kind"] == "No value"} == {"206", "886"}
    assert found["206"]["v"] == "c"
    assert found["206"]["s"] == "No judgement: suppressed"
    shapes = colours(group(whole)["layer"][0], "shape")
    assert shapes.pop("No value") not in shapes.values()
    assert len(set(shapes.values())) == 1
    assert "No value: Islington, Kent (c, suppressed to protect confidentiality)." in whole.notes
    assert whole.table["Value"].tolist().count("c") == 2


def test_an_authority_without_a_row_has_a_tile_without_a_value():
    figure = tiles.tile_map(values(LONDON.iloc[:20]), indicator(), CONTEXT, LONDON)
    found = drawn(figure)
    assert len(found) == 33
    assert [tile["v"] for tile in found.values()].count("–") == 13
    assert len(figure.table) == 20


def test_nothing_at_all_is_still_a_map():
    figure = tiles.tile_map(frame(), indicator(), CONTEXT, PLACED, england=ENGLAND_ROW, focus="202")
    altair.Chart.from_dict(figure.spec)
    assert figure.headline == "No area has a value to show"
    assert {tile["kind"] for tile in drawn(figure).values()} == {"No value"}
    assert colours(group(figure)["layer"][0], "fill") == {"No value": classes.NO_VALUE}
    assert vl_convert.vegalite_to_svg(json.dumps(figure.spec | {"width": 350}))


def test_many_missing_areas_are_counted_not_listed():
    figure = tiles.tile_map(values(PLACED, tuple(PLACED["code"][:40])), indicator(), CONTEXT, PLACED)
    assert "No value: 40 areas (c, suppressed to protect confidentiality), marked in the table." in figure.notes


def test_a_click_chooses_by_area_code(whole):
    [pick] = [param for param in whole.spec["params"] if param["name"] == "pick"]
    assert pick == {"name": "pick", "select": {"type": "point", "fields": ["area_code"]}, "views": ["tiles"]}
    compiled = vl_convert.vegalite_to_vega(json.dumps(whole.spec | {"width": 350}))
    answers = {mark["name"]: mark["interactive"] for mark in compiled["marks"]}
    assert answers.pop("tiles_marks") is True
    assert set(answers.values()) == {False}, "nothing lies between the mouse and a tile"


def test_the_area_in_focus_is_outlined(whole):
    last = group(whole)["layer"][-1]
    camden = drawn(whole)["202"]
    assert last["data"]["values"] == [{"x": camden["x"], "y": camden["y"]}]
    assert (last["mark"]["filled"], last["mark"]["strokeWidth"] > 3) == (False, True)
    assert "Camden: 21.0%, 39.5 points below England (worse)" in whole.alt
    without = tiles.tile_map(values(PLACED), indicator(), CONTEXT, PLACED)
    assert len(group(without)["layer"]) == len(group(whole)["layer"]) - 1


def test_lines_part_regions_and_nothing_else():
    """Every side between two tiles of different regions, and no other, lies on one of the lines."""
    region = {(tile.column, tile.row): tile.region_code for tile in PLACED.itertuples()}
    sides = set()
    for (x, y), own in region.items():
        if region.get((x + 1, y), own) != own:
            sides.add((x + 0.5, y - 0.5, x + 0.5, y + 0.5))
        if region.get((x, y + 1), own) != own:
            sides.add((x - 0.5, y + 0.5, x + 0.5, y + 0.5))
    covered = set()
    for line in tiles._borders(PLACED):
        x, y = line["x"], line["y"]
        while (x, y) != (line["x2"], line["y2"]):
            step = (x, y + 1) if x == line["x2"] else (x + 1, y)
            covered.add((x, y, *step))
            x, y = step
    assert covered == sides
    assert tiles._borders(LONDON) == []


@pytest.mark.parametrize("unit", ["percent", "gbp"])
@pytest.mark.parametrize("swap", [False, True], ids=["light", "dark"])
def test_text_can_be_read_on_every_colour(unit: str, swap: bool):
    figure = tiles.tile_map(values(PLACED, ("206",)), indicator(unit=unit), CONTEXT, PLACED)
    spec = in_dark(figure.spec) if swap else figure.spec
    layers = spec["layer"][0]["layer"]
    scale = layers[0]["encoding"]["fill"]["scale"]
    texts = [layer for layer in layers if layer["mark"]["type"] == "text"]
    assert len(texts) == 2
    for text in texts:
        ink = text["encoding"]["color"]
        for label, colour in zip(scale["domain"], scale["range"], strict=True):
            light = f'"{label}"' in ink["condition"]["test"]
            assert contrast(ink["condition"]["value"] if light else ink["value"], colour) >= 4.5, label
    assert {ink["value"], ink["condition"]["value"]} == ({DARK[TEXT], DARK[PAPER]} if swap else {TEXT, PAPER})


@pytest.mark.parametrize(("placed", "width"), [(PLACED, 335), (PLACED, 852), (LONDON, 335), (LONDON, 852)])
def test_tiles_are_square_and_their_labels_legible_at_any_width(placed: pd.DataFrame, width: int):
    figure = tiles.tile_map(values(placed), indicator(), CONTEXT, placed)
    svg = drawing.chart_svg(figure.spec, width)
    assert re.search(rf'<svg[^>]*width="{width}"', svg)
    marks = re.findall(r'aria-label="Area: ([^;]*);[^>]*transform="translate\(([\d.]+),([\d.]+)\)"', svg)
    assert len(marks) == len(placed)
    at = {name: (float(x), float(y)) for name, x, y in marks}
    step = at["Islington"][0] - at["Camden"][0]
    assert at["Westminster"][1] - at["Camden"][1] == pytest.approx(step, abs=0.1)
    assert 22 < step <= tiles.LARGEST
    for tile in placed.itertuples():
        x, y = at[tile.name]
        assert (x - at["Camden"][0], y - at["Camden"][1]) == pytest.approx(
            ((tile.column - 9) * step, (tile.row - 15) * step), abs=0.5
        )
        assert step / 2 <= x <= width - step / 2
    sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)px"[^>]*>(?:Cam|Isl|Wes)<', svg)]
    assert len(sizes) == 3
    assert min(sizes) >= 9
    said = drawn(figure)["202"]["v"]
    assert (f">{said}<" in svg) is (step >= tiles.ROOM)


def test_tiles_of_shares():
    shares = pd.DataFrame(
        {
            "area_code": LONDON["code"],
            "area": LONDON["name"],
            "value": [80.0, float("nan"), *[20.0] * 31],
            "on_track": [8, 0, *[2] * 31],
            "judged": [10, 0, *[10] * 31],
        }
    ).reset_index(drop=True)
    name = indicator(short_title="Share on track", title="Share of indicators on track")
    figure = tiles.tile_map(shares, name, CONTEXT, LONDON, shares=True, focus="202")
    altair.Chart.from_dict(figure.spec)
    assert figure.headline == "1 of 32 local authorities have most indicators on track"
    rows = list(drawn(figure).values())
    assert (rows[0]["v"], rows[0]["n"], rows[0]["kind"]) == ("80%", "8 of 10", "75% or more")
    assert (rows[1]["v"], rows[1]["n"], rows[1]["kind"]) == ("–", "–", "No value")
    assert [told["title"] for told in group(figure)["layer"][0]["encoding"]["tooltip"]] == [
        "Area",
        "Share on track",
        "On track",
    ]


def test_files_of_the_whole_map(whole):
    svg = chart_files.svg(whole)
    assert 'width="900"' in svg
    height = re.search(r'<svg[^>]*height="([\d.]+)"', svg)
    assert height is not None
    assert float(height[1]) < 1250, "a page holds it"
    assert chart_files.png(whole, scale=1).startswith(b"\x89PNG")
    assert chart_files.pdf(whole).startswith(b"%PDF")
    assert chart_files.file_name(whole, "png") == "needs-agreed-in-review_england_2011-12_tile-map.png"
