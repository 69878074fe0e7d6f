"""The coverage table: its finding, its classes, what is missing, and its table twin."""

import json
from itertools import pairwise
from typing import Any

import altair
import pandas as pd
import pytest
import vl_convert

from charts.coverage import COLOURS, LABELS, by_indicator, over_time
from charts.figure import Figure
from charts.theme import in_dark
from tests.charts.chart_frames import CONTEXT, REGIONS

LAST = REGIONS[-1][0]
PERIODS = {"2009/10": 2010.0, "2010/11": 2011.0, "2011/12": 2012.0}


def cell(**changes: Any) -> dict[str, Any]:
    """One row of a coverage grid: Camden, 9 of 10 schools, unless told otherwise; units None: not collected."""
    row: dict[str, Any] = {
        "indicator": "reviewed", "short_title": "Needs agreed in review", "collected_from": "school",
        "area_code": "202", "area": "Camden", "short": "Camden", "region_code": "E12000007", "region": "London",
        "period": "2011/12", "units": 9.0, "expected_units": 10.0,
    } | changes  # fmt: skip
    nothing = row["units"] is None
    share = float("nan") if nothing else row["units"] / row["expected_units"]
    symbol, why = ("z", "not collected here") if nothing else ("x", "not reported") if share == 0 else ("", "")
    row["expected_units"] = None if nothing else row["expected_units"]
    position = PERIODS.get(row["period"], 2011.3333)
    return {"period_position": position, "period_kind": "year", "coverage": share, "symbol": symbol, "why": why} | row


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    made = pd.DataFrame(list(rows), columns=list(cell()))
    return made.astype({"units": float, "expected_units": float, "coverage": float})


def london(units: list[float | None]) -> pd.DataFrame:
    """Areas of London, the last period's units given; 9 of 10 before."""
    rows = []
    for period in PERIODS:
        for at, now in enumerate(units):
            given = {"area_code": f"{200 + at}", "area": f"Area {at}", "period": period}
            rows.append(cell(units=now if period == "2011/12" else 9.0, **given))
    return frame(*rows)


def sound(figure: Figure) -> Figure:
    """What must hold of every figure, and that it can be drawn in both modes."""
    assert 1 <= len(figure.headline.split()) <= 10
    assert figure.alt.endswith(".")
    assert "Illustrative data" in figure.source
    assert figure.spec["width"] == "container"
    assert "NaN" not in json.dumps(figure.spec)
    for spec in (figure.spec, in_dark(figure.spec)):
        altair.Chart.from_dict(spec)
        assert vl_convert.vegalite_to_svg(json.dumps(spec | {"width": 400})).startswith("<svg")
    return figure


@pytest.mark.parametrize(
    ("units", "finding"),
    [
        ([9, 0, 8, 10], "1 of 4 areas did not report for 2011/12"),
        ([9, 4, None, 10], "1 of 3 areas below half coverage for 2011/12"),
        ([9, 5, 8, 10], "All 4 areas reported for 2011/12"),
        ([9], "It reported for 2011/12"),
        ([None, None], "Nothing was collected here"),
    ],
)
def test_the_headline_says_the_finding(units: list[float | None], finding: str) -> None:
    assert sound(over_time(london(units), CONTEXT)).headline == finding


def test_classes_are_by_share_and_missing_is_marked_apart_from_zero() -> None:
    figure = sound(over_time(london([10, 8.99, 7.49, 4.99, 0, None]), CONTEXT))
    latest = [cell for cell in figure.spec["data"]["values"] if cell["c"] == 2]
    assert [LABELS[cell["k"]] for cell in latest] == LABELS
    assert [cell["t"] for cell in latest] == ["100", "90", "75", "50", "×", "–"]
    assert [cell["s"] for cell in latest][-2:] == ["not reported", "not collected here"]
    assert latest[0]["s"] == "100% (10 of 10)"
    assert len(set(COLOURS)) == len(LABELS)
    assert "1 none reported (×)" in figure.alt


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, two: str) -> float:
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_classes_differ_in_greyscale_and_numbers_can_be_read_on_them() -> None:
    light = [luminance(colour) for colour in COLOURS[:4]]
    assert light == sorted(light)
    assert all(contrast(one, two) > 1.5 for one, two in pairwise(COLOURS[:4]))
    for swapped in (lambda colour: colour, lambda colour: in_dark({"a": colour})["a"]):
        for at, colour in enumerate(COLOURS[:5]):
            assert contrast(swapped(colour), swapped("#ffffff" if at < 2 else "#0b0c0c")) >= 4.5, LABELS[at]


def test_several_regions_stand_under_their_names() -> None:
    rows = frame(cell(), cell(area="Leeds", area_code="383", region="Yorkshire and The Humber"))
    figure = sound(over_time(rows, CONTEXT))
    headers = [row["text"] for layer in figure.spec["layer"] if layer["mark"].get("fontWeight") == 700
               for row in layer["data"]["values"]]  # fmt: skip
    assert headers == ["London", "Yorkshire and The Humber"]
    regions = frame(*(cell(area_code=code, area=name, region=name) for code, name, _ in REGIONS))
    assert not any(layer["mark"].get("fontWeight") == 700 for layer in over_time(regions, CONTEXT).spec["layer"])


def test_terms_are_columns_in_order_of_time() -> None:
    rows = frame(
        cell(period="2010/11 autumn", period_position=2010.3), cell(period="2009/10 summer", period_position=2010)
    )
    figure = sound(over_time(rows, CONTEXT))
    labels = [row["text"] for row in figure.spec["layer"][-1]["data"]["values"]]
    assert labels == [["Sum", "2009/10"], ["Aut", "2010/11"]]
    assert "2009/10 summer to 2010/11 autumn" in figure.subtitle


def test_indicators_by_region() -> None:
    rows = [
        cell(indicator=code, short_title=title, area_code=area, area=name, short=short, units=7.0 + (area == LAST))
        for code, title in (("reviewed", "Needs agreed in review"), ("days", "PD days per person"))
        for area, name, short in REGIONS
    ]
    figure = sound(by_indicator(frame(*rows), CONTEXT))
    assert figure.headline == "Lowest coverage: needs agreed in review, North East, 70%"
    assert [row["text"] for row in figure.spec["layer"][-1]["data"]["values"]] == [short for _, _, short in REGIONS]
    assert len(figure.table) == 18
    assert figure.table.loc[0, ["Indicator", "Area", "Reporting", "Expected", "Coverage"]].tolist() == [
        "Needs agreed in review", "North East", 7, 10, "70%",
    ]  # fmt: skip
    rows[0] |= {"units": 0.0, "coverage": 0.0, "symbol": "x", "why": "not reported"}
    assert by_indicator(frame(*rows), CONTEXT).headline == "1 of 2 indicators lack some area's report"


def test_many_authorities_have_upright_names_and_no_numbers() -> None:
    names = [f"Authority number {at}" for at in range(33)]
    figure = sound(by_indicator(frame(*(cell(area_code=name, area=name, short=name) for name in names)), CONTEXT))
    assert figure.spec["layer"][-1]["mark"]["angle"] == 270
    assert figure.spec["layer"][1]["transform"] == [{"filter": "datum.k > 3"}]


def test_nothing_to_show_is_said() -> None:
    assert sound(over_time(frame(), CONTEXT)).headline == "Nothing was collected here"
    assert sound(by_indicator(frame(), CONTEXT)).headline == "Nothing was collected here"


def test_the_table_keeps_what_is_missing_empty() -> None:
    table = over_time(london([0, None]), CONTEXT).table
    latest = table[table["Period"] == "2011/12"]
    assert latest["Note"].tolist() == ["not reported", "not collected here"]
    assert latest["Coverage"].tolist() == ["0%", "–"]
    assert latest["Reporting"].isna().tolist() == [False, True]
