"""Files of outlines: followed through changed codes, made small without tearing shared borders, refused in words."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from data_access.files import boundaries, geojson
from data_access.files.boundaries import BoundaryResult, read
from data_access.files.outlines import BUDGET, fitted
from tests.data_access.known_places import GEOGRAPHY, known_places

SEED = GEOGRAPHY / "local_authorities_2009.geojson"


def square(west: float = -0.2, south: float = 51.5, size: float = 0.1) -> dict[str, Any]:
    """A square, its outer ring anticlockwise."""
    ring = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]
    return {"type": "Polygon", "coordinates": [[[west + size * x, south + size * y] for x, y in ring]]}


def feature(code: object, geometry: object = None, key: str = "old_la_code") -> dict[str, Any]:
    return {"type": "Feature", "properties": {key: code}, "geometry": geometry or square()}


def taken(tmp_path: Path, *features: object) -> BoundaryResult:
    """What is made of a file with these features."""
    return content(tmp_path, json.dumps({"type": "FeatureCollection", "features": list(features)}).encode())


def content(tmp_path: Path, written: bytes) -> BoundaryResult:
    """What is made of a file that holds this."""
    file = tmp_path / "outlines.geojson"
    file.write_bytes(written)
    return read(file, known_places())


def says(result: BoundaryResult) -> str:
    """The one problem of a file that was refused."""
    assert result.rows.empty
    assert len(result.problems) == 1
    assert result.problems[0].file == "outlines.geojson"
    assert result.problems[0].remedy.endswith(".")
    return str(result.problems[0])


def test_the_seeds_outlines_come_back_as_they_are() -> None:
    result = read(SEED, known_places())
    assert (result.problems, result.notes, result.ignored) == ([], [], {})
    wanted = {each["code"]: each["geometry"] for each in json.loads(SEED.read_text(encoding="utf-8"))["features"]}
    assert dict(zip(result.rows["la_code"], map(json.loads, result.rows["geometry"]), strict=True)) == wanted
    assert result.before == result.after < BUDGET


def test_a_polygon_becomes_a_multipolygon_with_its_outer_ring_clockwise(tmp_path: Path) -> None:
    made = json.loads(taken(tmp_path, feature("202")).rows["geometry"].iloc[0])
    assert made["type"] == "MultiPolygon"
    assert not shapely.LinearRing(made["coordinates"][0][0]).is_ccw


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("old_la_code", "202"),
        ("old_la_code", 202),
        ("la_code", "202"),
        ("code", "202"),
        ("new_la_code", "E09000007"),
        ("ons_code", "E09000007"),
        ("CTYUA21CD", "E09000007"),
        ("lad23cd", "E09000007"),
        ("UTLA22CD", "E09000007"),
    ],
)
def test_an_authority_is_known_by_any_of_its_codes(tmp_path: Path, key: str, code: object) -> None:
    result = taken(tmp_path, feature(code, key=key))
    assert result.problems == []
    assert result.rows["la_code"].tolist() == ["202"]
    assert "No outline for 151 of the 152 authorities: 201, 203" in result.notes[0]


def test_codes_that_changed_are_followed_and_others_left_out_with_the_reason(tmp_path: Path) -> None:
    codes = ["E06000057", "E06000058", "W06000001", "E07000008"]
    result = taken(tmp_path, *[feature(code, key="CTYUA23CD") for code in codes])
    assert result.problems == []
    assert result.rows["la_code"].tolist() == ["929"]
    assert len(result.ignored) == 3
    assert any("formed in 2019 from Bournemouth and Poole" in reason for reason in result.ignored)
    assert "Not an authority's code, left out: E07000008." in result.notes


def test_the_parts_of_an_authority_are_put_together(tmp_path: Path) -> None:
    west, east = square(-0.2), square(-0.1)
    result = taken(tmp_path, feature("942", west), feature("943", east))
    assert result.rows["la_code"].tolist() == ["909"]
    assert shapely.from_geojson(result.rows["geometry"].iloc[0]).area == pytest.approx(0.02)
    alone = taken(tmp_path, feature("942", west), feature("202"))
    assert alone.rows["la_code"].tolist() == ["202"]
    assert "other parts are missing" in next(iter(alone.ignored))


def test_a_second_outline_is_refused(tmp_path: Path) -> None:
    assert "second outline of authority 202" in says(taken(tmp_path, feature("202"), feature("202")))
    assert "second outline of authority 929" in says(taken(tmp_path, feature("929"), feature("E06000057")))
    assert "second outline of authority 909" in says(taken(tmp_path, feature("909"), feature("942")))


def test_an_outline_that_crosses_itself_is_mended_and_noted(tmp_path: Path) -> None:
    bow = {"type": "Polygon", "coordinates": [[[0, 51], [1, 52], [1, 51], [0, 52], [0, 51]]]}
    result = taken(tmp_path, feature("202", bow))
    assert result.problems == []
    assert shapely.from_geojson(result.rows["geometry"].iloc[0]).is_valid
    assert result.notes[0] == "Outlines that crossed themselves were mended: 202."


def test_outlines_that_overlap_are_noted(tmp_path: Path) -> None:
    result = taken(tmp_path, feature("202"), feature("302", square(-0.15)))
    assert result.problems == []
    assert any("overlap" in note for note in result.notes)


RING = square()["coordinates"][0]


@pytest.mark.parametrize(
    ("geometry", "message"),
    [
        ({"type": "Point", "coordinates": [0, 51]}, "not a Polygon or MultiPolygon"),
        ({"type": "GeometryCollection", "geometries": []}, "not a Polygon or MultiPolygon"),
        ("POLYGON((0 0))", "not a Polygon or MultiPolygon"),
        ({"type": "Polygon"}, "no rings"),
        ({"type": "MultiPolygon", "coordinates": []}, "no coordinates"),
        ({"type": "MultiPolygon", "coordinates": [[]]}, "no rings"),
        ({"type": "MultiPolygon", "coordinates": [RING]}, "not a list of positions"),
        ({"type": "Polygon", "coordinates": ["ring"]}, "not a list of positions"),
        ({"type": "Polygon", "coordinates": [[*RING, [1]]]}, "not a list of positions"),
        ({"type": "Polygon", "coordinates": [[["0", "51"]] * 4]}, "not a finite number"),
        ({"type": "Polygon", "coordinates": [[[None, 51]] * 4]}, "not a finite number"),
        ({"type": "Polygon", "coordinates": [[[10**400, 51]] * 4]}, "not a finite number"),
        ({"type": "Polygon", "coordinates": [RING[:3]]}, "fewer than four positions"),
        ({"type": "Polygon", "coordinates": [[[0.5, 51.5]] * 5]}, "no area"),
        (square(530_000, 180_000, 1000), "Export in WGS84 (longitude, latitude)."),
        (square(-13_358, 6_710_219, 1000), "Export in WGS84 (longitude, latitude)."),
        (square(51.5, -0.2), "longitude comes first"),
        (square(2.5, 48.8), "outside England"),
    ],
)
def test_a_bad_outline_is_refused_in_words(tmp_path: Path, geometry: object, message: str) -> None:
    assert message in says(taken(tmp_path, feature("202", geometry)))


def test_a_whole_file_in_metres_is_one_problem(tmp_path: Path) -> None:
    metres = [
        feature(code, square(530_000 + 1000 * at, 180_000, 1000)) for at, code in enumerate(["202", "302", "303"])
    ]
    assert "are not degrees" in says(taken(tmp_path, *metres))


def test_every_bad_outline_is_named(tmp_path: Path) -> None:
    result = taken(tmp_path, feature(""), feature("202", square(2.5, 48.8)), feature("302", "x"), feature("303"))
    assert [problem.value for problem in result.problems] == ["", "202", "302"]
    assert result.rows.empty


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (b"", "not JSON"),
        (b"PK\x03\x04\xff\xfe", "not UTF-8 text"),
        (b'{"type": "FeatureCollection",', "row 1: the file is not JSON"),
        (b"[" * 500_000, "nested too deeply"),
        (b'{"a":' * 500_000, "nested too deeply"),
        (b'{"type": "FeatureCollection", "features": [NaN]}', "not JSON"),
        (b'{"type": "FeatureCollection", "features": [' + b"1" * 10_000 + b"]}", "not JSON"),
        (b"[]", "no GeoJSON FeatureCollection"),
        (b"null", "no GeoJSON FeatureCollection"),
        (b'{"type": "Topology", "objects": {}}', "no GeoJSON FeatureCollection"),
        (b'{"type": "FeatureCollection", "features": {}}', "no GeoJSON FeatureCollection"),
        (b'{"type": "FeatureCollection", "features": []}', "no features"),
        (b'{"type": "FeatureCollection", "features": [1]}', "without properties"),
        (b'{"type": "FeatureCollection", "features": [{"properties": null}]}', "without properties"),
        (b'{"type": "FeatureCollection", "features": [{"properties": {"name": "Camden"}}]}', "they have name"),
        (b'{"type": "FeatureCollection", "features": [{"properties": {"code": "W06000001"}}]}', "no outline is left"),
    ],
)
def test_what_is_no_file_of_outlines_is_refused_in_words(tmp_path: Path, written: bytes, message: str) -> None:
    assert message in says(content(tmp_path, written))


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), st.text(max_size=3)),
    lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(st.text(max_size=3), inner, max_size=2)),
    max_leaves=20,
)


@given(JSON, st.sampled_from(["Polygon", "MultiPolygon"]))
def test_nothing_in_the_place_of_coordinates_raises(coordinates: object, kind: str) -> None:
    assert isinstance(geojson.outline({"type": kind, "coordinates": coordinates}), str | shapely.MultiPolygon)


def test_numbers_beyond_all_bounds_are_refused(tmp_path: Path) -> None:
    whole = json.dumps({"type": "FeatureCollection", "features": [feature("202")]})
    for hostile in ("1e999", "-1e999", "NaN", "Infinity"):
        assert says(content(tmp_path, whole.replace("51.5", hostile, 1).encode()))


def test_a_mark_at_the_beginning_is_no_fault(tmp_path: Path) -> None:
    assert content(tmp_path, b"\xef\xbb\xbf" + SEED.read_bytes()).problems == []


def test_a_file_that_is_missing_or_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "cannot be read" in str(read(tmp_path / "none.geojson", known_places()).problems[0])
    monkeypatch.setattr(geojson, "LARGEST", 1_000_000)
    assert "larger than 1 MB" in says(content(tmp_path, b" " * 1_000_001))


def detailed(shapes: list[shapely.Geometry]) -> list[shapely.Geometry]:
    """The shapes with many points on a line that wriggles, the same on both sides of a border."""

    def wriggle(points: np.ndarray) -> np.ndarray:
        fixed = np.round(points, 7)
        return fixed + 0.0004 * np.sin(1e4 * fixed[:, ::-1])

    return [shapely.transform(shapely.segmentize(shape, 0.001), wriggle) for shape in shapes]


def test_detailed_outlines_are_simplified_until_they_fit_and_still_meet(tmp_path: Path) -> None:
    seed = json.loads(SEED.read_text(encoding="utf-8"))
    shapes = detailed([shapely.from_geojson(json.dumps(each["geometry"])) for each in seed["features"]])
    features = [
        feature(each["code"], json.loads(shapely.to_geojson(shape)))
        for each, shape in zip(seed["features"], shapes, strict=True)
    ]
    result = taken(tmp_path, *features)
    assert result.problems == []
    assert len(result.rows) == 152
    assert result.before > 3 * BUDGET
    assert result.after <= BUDGET
    assert any("were simplified" in note for note in result.notes)
    made = shapely.from_geojson(result.rows["geometry"].to_numpy())
    assert shapely.is_valid(made).all()
    # Borders that are shared are the same line on both sides: what lies between or in two outlines is next to nothing.
    total = sum(shape.area for shape in made)
    assert math.isclose(total, shapely.union_all(made).area, rel_tol=1e-6)
    assert math.isclose(total, sum(shape.area for shape in shapes), rel_tol=5e-3)


def test_small_islands_go_before_the_outline_does() -> None:
    specks = [shapely.box(1 + 0.002 * at, 53, 1.001 + 0.002 * at, 53.001) for at in range(500)]
    island = shapely.MultiPolygon([shapely.box(0, 52, 0.5, 52.5), *specks])
    texts, before, tolerance = fitted([island], budget=10_000)
    assert before > 10_000 > len(texts[0])
    assert tolerance == 0.001
    assert shapely.from_geojson(texts[0]).area == pytest.approx(0.25)


def test_outlines_that_stay_too_large_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boundaries, "BUDGET", 100)
    assert "too detailed" in says(taken(tmp_path, feature("202")))


def test_an_outline_is_never_simplified_away() -> None:
    texts, _, tolerance = fitted([shapely.MultiPolygon([shapely.box(0, 52, 0.001, 52.001)])], budget=1)
    assert tolerance == 0.05
    assert shapely.from_geojson(texts[0]).area > 0
