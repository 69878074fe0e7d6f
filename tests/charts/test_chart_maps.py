"""Maps: classes, views, the deck a page shows and the figure a file holds."""

import json
from math import log, pi, tan

import pandas as pd
import pytest

from charts import classes, geometry, maps
from charts.theme import DARK, NO_VALUE
from tests.charts.chart_frames import CONTEXT, frame, indicator, missing_row, value_row


def square(index: int, code: str, west: float, south: float) -> dict:
    ring = [[west, south], [west, south + 1], [west + 1, south + 1], [west + 1, south], [west, south]]
    properties = {"i": index, "code": code, "name": f"Area {code}"}
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


FEATURES = [square(0, "A", -3.0, 51.0), square(1, "B", -2.0, 51.0), square(2, "C", -1.0, 52.0)]


@pytest.mark.parametrize("size", [(700, 560), (360, 480), (300, 800)])
@pytest.mark.parametrize("bounds", [(-6.45, 49.85, 1.80, 55.85), (-0.5, 51.3, 0.3, 51.7)])
def test_view_shows_the_bounds_whole(size, bounds):
    view = maps.view_for(bounds, *size)
    world = 512 * 2**view.zoom

    def pixels(longitude: float, latitude: float) -> tuple[float, float]:
        def up(degrees: float) -> float:
            return log(tan(pi / 4 + degrees * pi / 360)) / (2 * pi)

        across = (longitude - view.longitude) / 360 * world + size[0] / 2
        return across, (up(latitude) - up(view.latitude)) * world + size[1] / 2

    west, south, east, north = bounds
    for x, y in (pixels(west, south), pixels(east, north)):
        assert 0 < x < size[0]
        assert 0 < y < size[1]


def test_label_places():
    assert geometry.middle_of(FEATURES[0]) == pytest.approx((-2.5, 51.5))


def test_deck_colours_by_index_and_fetches_nothing_else():
    deck = maps.deck(
        "/static/r.geojson", "region", ["A", "B"], {"A": "#12436D"}, maps.view_for((0, 51, 1, 52), 400, 400)
    )
    spec = json.loads(deck.to_json())
    layer = spec["layers"][0]
    assert layer["data"] == "/static/r.geojson"
    assert layer["getFillColor"] == "@@=([[18,67,109],[240,241,242]])[properties.i]"
    assert layer["id"] == "areas-region"
    assert (layer["stroked"], layer["pickable"], layer["autoHighlight"]) == (False, True, True)
    lines = spec["layers"][1]
    assert (lines["id"], lines["pickable"], lines["filled"]) == ("lines-region", False, False)
    assert "mapProvider" not in spec
    assert len(deck.to_json()) < 2_000


def test_an_area_left_out_is_near_to_the_page_in_both_themes():
    view = maps.view_for((0, 51, 1, 52), 400, 400)
    for dark, grey in ((False, NO_VALUE), (True, DARK[NO_VALUE])):
        deck = maps.deck("/static/r.geojson", "la", ["A", "B"], {"A": "#12436D"}, view, dark=dark)
        fill = json.loads(deck.to_json())["layers"][0]["getFillColor"]
        assert fill == f"@@=([[18,67,109],{json.dumps(classes.rgb(grey), separators=(',', ':'))}])[properties.i]"


def test_classes_cover_every_value_and_keep_missing_apart():
    shares = classes.share_classes()
    said = [classes.class_of(v, shares) for v in (0.0, 25.0, 74.9, 75.0, 100.0, float("nan"), None)]
    assert said == ["Under 25%", "25% to 49%", "50% to 74%", "75% or more", "75% or more", "No value", "No value"]
    assert classes.class_colours(shares)["No value"] == NO_VALUE
    values = classes.value_classes([10.0, 20.0, 30.0, 40.0, 50.0], "percent")
    assert [label for _, label in values] == ["Under 20.0%", "20.0% to 30.0%", "30.0% to 40.0%", "40.0% or more"]
    same = classes.value_classes([10.0] * 5, "gbp")
    assert [label for _, label in same] == ["Under £10", "£10 or more"]
    assert classes.value_classes([], "percent") == []


def test_map_figure_draws_missing_areas_as_having_no_value():
    values = frame(
        value_row(area_code="A", area="Ashire", value=40.0),
        value_row(area_code="B", area="Beeshire", value=60.0),
        missing_row("c", area_code="C", area="Ceeshire"),
    )
    figure = maps.map_figure(values, indicator(), CONTEXT, FEATURES, level="la", short={"A": "A"})
    shapes = figure.spec["layer"][0]["data"]["values"]
    assert [shape["kind"] == "No value" for shape in shapes] == [False, False, True]
    assert shapes[2]["said"] == "c"
    assert figure.headline == "Beeshire leads; Ashire trails by 20 points"
    assert figure.notes == "No value: Ceeshire (c, suppressed to protect confidentiality)."
    assert figure.table["Value"].tolist() == ["60.0%", "40.0%", "c"]


def test_map_names_what_its_areas_are_compared_with():
    values = frame(
        value_row(area_code="A", area="Ashire", value=40.0, lower=38.0, upper=42.0), value_row(area_code="B")
    )
    plain = maps.map_figure(values, indicator(), CONTEXT, FEATURES, level="la")
    assert "Compared with England" not in plain.table
    assert plain.alt.endswith("points.")
    figure = maps.map_figure(
        values, indicator(), CONTEXT, FEATURES, level="la", england=value_row(area="England", value=60.0), focus="A"
    )
    assert figure.table["Compared with England"].tolist() == ["Similar", "Worse"]
    assert figure.alt.endswith("Ashire: 40.0%, 20 points below England (worse); on track for 65.0% by 2011/12.")


def test_map_of_shares_counts_regions():
    shares = pd.DataFrame(
        {
            "area_code": ["A", "B", "C"],
            "area": ["Ashire", "Beeshire", "Ceeshire"],
            "value": [80.0, 20.0, float("nan")],
            "on_track": [8, 2, 0],
            "judged": [10, 10, 0],
        }
    )
    name = indicator(short_title="Share on track", title="Share of indicators on track")
    figure = maps.map_figure(shares, name, CONTEXT, FEATURES, level="region", shares=True)
    assert figure.headline == "1 of 2 regions have most indicators on track"
    assert figure.table["On track"].tolist() == ["8 of 10", "2 of 10", "–"]
    none = maps.map_figure(shares.assign(value=10.0), name, CONTEXT, FEATURES, level="region", shares=True)
    assert none.headline == "No region has most indicators on track"
