"""A school's sheet and the map of an authority's schools."""

import json

import numpy as np
import pandas as pd
import pydeck
import pytest

from charts import school_map, school_sheet
from charts.points import ring
from exports import chart_files
from tests.charts.chart_frames import CONTEXT, indicator, value_row

SQUARE = {
    "code": "202",
    "geometry": {"type": "Polygon", "coordinates": [[[0.0, 51.0], [0.1, 51.0], [0.1, 51.1], [0.0, 51.1], [0.0, 51.0]]]},
    "properties": {"code": "202"},
}


def schools(*responses: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "urn": [f"900000{n}" for n in range(len(responses))],
            "name": [f"Example primary {n}" for n in range(len(responses))],
            "longitude": [0.01 * n for n in range(len(responses))],
            "latitude": [51.02] * len(responses),
            "response": responses,
            "said": "9 of 12 returns in",
        }
    )


def drawn(found: pd.DataFrame, **how: object) -> dict:
    view = pydeck.ViewState(longitude=0, latitude=51, zoom=10)
    deck = school_map.deck("/geography/x.geojson", ["201", "202"], "202", found, view, **how)  # type: ignore[arg-type]
    return json.loads(deck.to_json())


def test_each_answer_has_a_mark_of_its_own_and_points_alone_can_be_picked() -> None:
    found = schools("all", "part", "none")
    made = drawn(found, chosen="9000001")
    layers = {layer["id"]: layer for layer in made["layers"]}
    assert [name for name, layer in layers.items() if layer["pickable"]] == ["schools"]
    assert layers["schools"]["stroked"] is False
    assert [point["urn"] for point in layers["schools"]["data"]] == found["urn"].tolist()
    holes = {name: layer["radiusMaxPixels"] for name, layer in layers.items() if name.startswith("holes-")}
    assert 0 < holes["holes-part"] < holes["holes-none"] < school_map.RADIUS
    assert [point["urn"] for point in layers["chosen"]["data"]] == ["9000001"]
    assert "://" not in json.dumps(made)
    assert len({ring(hole) for hole in school_map.HOLES.values()}) == 3


def test_names_are_shown_as_text_never_as_html() -> None:
    found = schools("all").assign(name="<img src=x onerror=alert(1)>")
    view = pydeck.ViewState(longitude=0, latitude=51, zoom=10)
    deck = school_map.deck("/geography/x.geojson", ["202"], "202", found, view)
    assert "html" not in deck._tooltip
    assert deck._tooltip["text"] == "{name}\n{said}"


def test_a_school_without_a_place_has_no_point_and_is_counted() -> None:
    found = schools("all", "part")
    found.loc[0, "longitude"] = np.nan
    layers = {layer["id"]: layer for layer in drawn(found)["layers"]}
    assert [point["urn"] for point in layers["schools"]["data"]] == ["9000001"]
    figure = school_map.map_figure(found, CONTEXT, SQUARE, found)
    assert figure.notes == "1 school without a known place: in the table only."
    assert "NaN" not in json.dumps(figure.spec)


@pytest.mark.parametrize(
    ("answers", "headline"),
    [
        (["all", "part", "none"], "2 of 3 schools owe returns; 1 sent none"),
        (["all", "all"], "All 2 schools have every return in"),
        (["part", "part"], "All 2 schools owe returns"),
        (["none"], "The school owes returns"),
        (["all"], "The school has every return in"),
        ([], "No school owes a return"),
    ],
)
def test_the_map_says_who_owes(answers: list[str], headline: str) -> None:
    figure = school_map.map_figure(schools(*answers), CONTEXT, SQUARE, pd.DataFrame())
    assert figure.headline == headline
    assert headline in figure.alt
    assert chart_files.svg(figure).startswith("<svg")


def test_the_map_holds_outline_and_schools() -> None:
    bounds = school_map.bounds_of(SQUARE, schools("all").assign(longitude=0.2))
    assert bounds == (0.0, 51.0, 0.2, 51.1)
    west, south, east, north = school_map.bounds_of(None, schools("all")) or (0, 0, 0, 0)
    assert east - west == pytest.approx(0.02)
    assert north - south == pytest.approx(0.015)
    assert school_map.bounds_of(None, schools("all").assign(longitude=np.nan)) is None


# The sheet -----------------------------------------------------------------------------------------------

COST = indicator(
    "cost", short_title="Cost per day", outcome="3h", priority_short="Quality", unit="gbp", better="lower",
    denominator_counts="other",
)  # fmt: skip
ABOUT = pd.DataFrame(
    [
        indicator("reviewed", denominator_counts="people"),
        indicator("policy", short_title="Inclusive PD policy", outcome="1a", denominator_counts="schools"),
        COST,
        indicator(
            "needs", short_title="PD needs met", outcome="3h", priority_short="Quality", denominator_counts="people"
        ),
        indicator("elsewhere", short_title="Not of schools", outcome="3i", priority_short="Quality"),
    ]
)
MISSING = dict.fromkeys(("value", "lower", "upper", "numerator", "denominator", "expected"), np.nan)


def own() -> pd.DataFrame:
    name = {"level": "school", "area_code": "9000002", "area": "Example primary 1, Camden"}
    none = {**MISSING, "status": "none"}
    return pd.DataFrame(
        [
            value_row(**name),
            value_row(**name, indicator="policy", value=100.0, lower=20.7, upper=100.0),
            value_row(**name, indicator="cost", value=148.0, lower=np.nan, upper=np.nan, status="none", reason="x"),
            value_row(**name, **none, indicator="needs", symbol="c", reason="suppressed"),
        ]
    )


def made() -> school_sheet.Figure:
    benchmarks = {
        "la": ("Camden", pd.Series({"reviewed": 70.0, "policy": 80.0, "cost": 120.0, "needs": 55.0})),
        "phase": ("Camden’s primary schools", pd.Series({"reviewed": 72.0, "cost": 110.0})),
        "england": ("England", pd.Series({"reviewed": 65.0, "policy": 75.0, "cost": 130.0})),
    }
    return school_sheet.sheet(
        own(), benchmarks, ABOUT, CONTEXT, over_time={"reviewed": "2010/11 c, 2011/12 61.2%"}, trends={}
    )


def test_the_sheet_sets_a_school_beside_its_authority_phase_and_england() -> None:
    table = made().table.set_index("Indicator")
    assert table.index.tolist() == ["Needs agreed in review", "Inclusive PD policy", "Cost per day", "PD needs met"]
    assert table["Value"].tolist() == ["61.2%", "Yes", "£148", "c"]
    assert table["Camden"].tolist() == ["70.0%", "80.0%", "£120", "55.0%"]
    assert table["Camden’s primary schools"].tolist() == ["72.0%", "–", "£110", "–"]
    assert table["England"].tolist() == ["65.0%", "75.0%", "£130", "–"]
    assert table["Over time"].tolist() == ["2010/11 c, 2011/12 61.2%", "–", "–", "–"]
    assert table["Priority"].tolist() == ["Learning culture"] * 2 + ["Quality"] * 2
    assert table.loc["PD needs met", "Status"] == "– No judgement: suppressed"
    assert table.loc["PD needs met", ["Value (number)", "Numerator", "Denominator"]].isna().all()


def test_what_has_no_place_on_the_scale_is_written_out_and_nothing_suppressed_is_drawn() -> None:
    figure = made()
    rows = {row["title"]: row for row in figure.spec["data"]["values"]}
    assert rows["Cost per day"]["long"] == "Camden £120 · Camden’s primary schools £110 · England £130"
    assert not {"value", "la", "england"} & set(rows["Cost per day"])
    assert not {"value", "lower", "upper"} & set(rows["PD needs met"])
    assert rows["PD needs met"]["la"] == 55.0
    assert "lower" not in rows["Inclusive PD policy"]
    assert "c: suppressed to protect confidentiality." in figure.notes
    assert figure.headline == "Example primary 1, Camden: 2 of 2 on track"
    assert "Camden, Camden’s primary schools and England" in figure.alt
    assert "Needs agreed in review" in chart_files.svg(figure)


def test_a_school_without_figures_is_drawn_all_the_same() -> None:
    figure = school_sheet.sheet(own().iloc[:0], {}, ABOUT, CONTEXT, over_time={}, trends={})
    assert figure.headline == "England: nothing can be judged yet"
    assert figure.table.empty
    assert chart_files.svg(figure).startswith("<svg")
