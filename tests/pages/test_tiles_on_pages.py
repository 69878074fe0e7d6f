"""Map or tiles: the choice on both pages, in the address, and what each shows."""

import json
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from exports.views import comparisons, tiles
from pages.parts import filters

Opener = Callable[..., AppTest]
PAGES = ["overview", "regions"]


def _tile_map(at: AppTest) -> dict | None:
    """The spec of the page's tile map, where it shows one."""
    specs = [json.loads(chart.proto.spec) for chart in at.get("vega_lite_chart")]
    found = [spec for spec in specs if any(param["name"] == "step" for param in spec.get("params", []))]
    assert len(found) <= 1
    assert bool(found) is not bool(at.get("deck_gl_json_chart")), "the page shows the map or the tiles"
    return found[0] if found else None


def _tiles(spec: dict) -> list[dict]:
    return spec["layer"][0]["data"]["values"]


def _choose(at: AppTest, kind: str) -> AppTest:
    return at.segmented_control(key="map").set_value(kind).run()


@pytest.mark.parametrize("name", PAGES)
def test_the_map_comes_first_and_tiles_are_one_press_away(open_page: Opener, name: str) -> None:
    at = open_page(name)
    assert at.segmented_control(key="map").value == "Map"
    assert _tile_map(at) is None
    _choose(at, "Tiles")
    assert not at.exception
    spec = _tile_map(at)
    assert spec is not None
    assert len(_tiles(spec)) == 152
    assert len(json.dumps(spec)) < 40_000
    assert any("all local authorities" in caption.value for caption in at.caption)
    assert any(chart.proto.alt.startswith("Tile map of 152 local authorities") for chart in at.get("vega_lite_chart"))
    assert _tile_map(_choose(at, "Map")) is None


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("given", ["tiles", "Tiles", "TILES", " tiles "])
def test_the_address_is_understood_in_any_spelling(open_page: Opener, name: str, given: str) -> None:
    at = open_page(name, map=given)
    assert at.segmented_control(key="map").value == "Tiles"
    assert _tile_map(at) is not None
    assert not at.warning


def test_the_choice_is_kept_on_the_other_page(open_page: Opener) -> None:
    at = open_page("overview", map="tiles")
    for file in ("pages/places/regions.py", "pages/reference/definitions.py", "pages/monitor/overview.py"):
        at.switch_page(file).run()
        assert not at.exception
        if "definitions" not in file:
            assert _tile_map(at) is not None
            assert at.query_params["map"] in ("Tiles", ["Tiles"])


@pytest.mark.parametrize("given", ["globe", "", "<script>"])
def test_an_unknown_kind_of_map_is_named_and_the_map_shown(open_page: Opener, given: str) -> None:
    at = open_page("overview", map=given)
    assert [warning.value for warning in at.warning] == [f"“{given}” is not a known kind of map; Map is shown."]
    assert _tile_map(at) is None


@pytest.mark.parametrize("name", PAGES)
def test_of_a_region_its_own_tiles_are_shown_with_the_authority_outlined(open_page: Opener, name: str) -> None:
    at = open_page(name, map="tiles", la="Camden")
    spec = _tile_map(at)
    assert spec is not None
    assert len(_tiles(spec)) == 33
    [camden] = [tile for tile in _tiles(spec) if tile["area"] == "Camden"]
    assert spec["layer"][0]["layer"][-1]["data"]["values"] == [{"x": camden["x"], "y": camden["y"]}]
    assert any("authorities of London" in caption.value for caption in at.caption)


def test_tiles_and_map_say_the_same_of_a_region(open_page: Opener) -> None:
    at = open_page("regions", region="West Midlands")
    now = filters.Shown(**vars(at.session_state["shown"]))
    other, tiled = comparisons.value_map(now, "la", "inclusive_policy"), tiles.value_tiles(now, "inclusive_policy")
    assert tiled is not None
    assert tiled.table.equals(other.table)
    assert (tiled.headline, tiled.subtitle, tiled.source) == (other.headline, other.subtitle, other.source)


@pytest.mark.parametrize("name", PAGES)
def test_a_period_or_indicator_without_figures_is_no_fault(open_page: Opener, name: str) -> None:
    at = open_page(name, map="tiles", period="2010/11, spring term")
    assert not at.exception
    at = open_page(name, map="tiles", la="Isles of Scilly", phase="special")
    assert not at.exception
    assert not at.error


def test_an_indicator_that_no_authority_reports_says_so(open_page: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiles, "value_tiles", lambda *_: None)
    at = open_page("regions", map="tiles")
    assert not at.exception
    assert any("has no figures for any local authority in 2011/12" in info.value for info in at.info)
