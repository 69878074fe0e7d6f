"""The native charts and tables of a pack hold the figures that the pages show."""

import pandas as pd
import pytest

from exports import shown
from exports.shown import ENGLAND, Shown
from exports.views import comparisons, data
from measures.gaps import funnel_limits, group_gap
from tests.exports.conftest import Packed
from tests.exports.pack_meeting import ORIGINS
from tests.exports.report_reading import chart_values, view_slides

PLACE = {name: number for number, name in enumerate(ORIGINS, 1)}
CAMDEN = "202"


@pytest.fixture(scope="session")
def slides(packed: Packed) -> dict[int, list]:
    return view_slides(packed.files["pptx"])


def charts(slides: dict[int, list], name: str) -> list[pd.DataFrame]:
    return chart_values(slides[PLACE[name]])


@pytest.fixture
def now(at_pack) -> Shown:
    return shown.understood({"la": "Camden"}, data.current_version())


def said(value: float, digits: int = 1) -> float | None:
    """A figure as pages round it; None where there is none."""
    return None if pd.isna(value) else float(f"{value:.{digits}f}")


def figures(now: Shown, level: str, indicator: str = "reviewed") -> pd.Series:
    """Area → value of an indicator in 2011/12, as data_access.values has it."""
    rows = data.at(now.version, level, "all", "all", "2011/12")
    return rows[rows["indicator"] == indicator].set_index("area")["value"]


def history(now: Shown, level: str, area: str, indicator: str) -> pd.DataFrame:
    rows = data.history(now.version, level, "all", "all")
    return rows[(rows["indicator"] == indicator) & (rows["area"] == area)].sort_values("period_position")


def test_bars_are_the_figures_of_the_regions_with_england_among_them(slides, now: Shown) -> None:
    (chart,) = charts(slides, "ranked")
    expected = {**figures(now, "region"), **figures(now, "england")}
    assert chart.iloc[:, 0].to_dict() == {f"{area}, {value:.1f}%": said(value) for area, value in expected.items()}
    assert list(chart.iloc[:, 0]) == sorted(chart.iloc[:, 0], reverse=True)


def test_two_charts_hold_all_of_a_region_s_authorities(slides, now: Shown) -> None:
    both = pd.concat(charts(slides, "many_in_london"))
    rows = data.at(now.version, "la", "all", "all", "2011/12")
    rows = rows[(rows["indicator"] == "reviewed") & (rows["region_code"] == now.region)].dropna(subset=["value"])
    expected = {row.area: said(row.value) for row in rows.itertuples()} | {
        "England": said(figures(now, "england").iloc[0])
    }
    assert {label.rpartition(", ")[0]: value for label, value in both.iloc[:, 0].items()} == expected


def test_more_areas_than_can_be_named_stand_in_the_chart_s_figures(slides, now: Shown) -> None:
    (chart,) = charts(slides, "many")
    expected = figures(now, "la", "cost_per_participant_day").dropna()
    assert chart.iloc[:, 0].to_dict() == {area: said(value, 0) for area, value in expected.items()}
    assert set(chart["England"]) == {said(figures(now, "england", "cost_per_participant_day").iloc[0], 0)}


def test_a_trajectory_holds_the_area_england_and_the_expected_path(slides, now: Shown) -> None:
    (chart,) = charts(slides, "trajectory")
    own, england = history(now, "la", "Camden", "inducted"), history(now, "england", "England", "inducted")
    assert len(own) == len(chart) == 9
    assert list(chart["Camden"]) == [said(value) for value in own["value"]]
    assert list(chart["England"]) == [said(value) for value in england["value"]]
    assert list(chart["Expected"]) == [said(value) for value in own["expected"]]


def test_the_gap_runs_between_best_and_worst_region(slides, now: Shown) -> None:
    (chart,) = charts(slides, "gap_over_time")
    rows = data.history(now.version, "region", "all", "all")
    rows = rows[rows["indicator"] == "reviewed"].sort_values("period_position").groupby("period", sort=False)["value"]
    assert list(chart["Best region"]) == [said(value) for value in rows.max()]
    assert list(chart["Worst region"]) == [said(value) for value in rows.min()]
    las = data.history(now.version, "la", "all", "all")
    tenth = las[las["indicator"] == "reviewed"].groupby("period")["value"].quantile(0.1)
    assert list(chart["A tenth of authorities below"]) == [said(value) for value in tenth]


def test_the_funnel_s_points_and_limits_are_the_page_s(slides, now: Shown) -> None:
    slide = slides[PLACE["funnel_plot"]][0]
    plot = next(shape.chart for shape in slide.shapes if shape.has_chart).plots[0]
    points = sorted(
        (x, y)
        for series in plot.series
        if series.name in ("Within the limits", "Outside 95% limits", "Outside 99.8% limits")
        for x, y in zip(_across(series), series.values, strict=True)
    )
    rows = data.at(now.version, "la", "all", "all", "2011/12")
    rows = rows[(rows["indicator"] == "reviewed") & (rows["region_code"] == now.region)].dropna(
        subset=["value", "n_eff"]
    )
    assert points == sorted((float(row.n_eff), said(row.value)) for row in rows.itertuples())
    upper = next(series for series in plot.series if series.name == "Upper 95% limit")
    exact = float(figures(now, "england").iloc[0]) / 100
    expected = funnel_limits(exact, pd.Series(_across(upper)).to_numpy(), 0.95)[1]
    assert list(upper.values) == pytest.approx(100 * expected, abs=0.01)


def _across(series) -> list[float]:
    return [float(point.text) for point in series._element.xpath("c:xVal//c:pt/c:v")]


def test_gaps_between_groups_are_differences_of_their_figures(slides, now: Shown) -> None:
    (chart,) = charts(slides, "between_groups")
    levels = [
        pd.concat([data.at(now.version, level, group, "all", "2011/12") for level in ("region", "england")])
        for group in ("teachers", "support_staff")
    ]
    one, other = (rows[rows["indicator"] == "reviewed"].set_index("area", drop=False).sort_index() for rows in levels)
    gaps = group_gap(one, other)["gap"]
    assert {label.rpartition(", ")[0]: value for label, value in chart.iloc[:, 0].items()} == {
        area: said(gap) for area, gap in gaps.items()
    }


def test_both_groups_stand_indicator_by_indicator(slides, now: Shown) -> None:
    (chart,) = charts(slides, "groups_here")
    titles = data.reference(now.version).indicators.set_index("code")
    for name, group in (("Teachers", "teachers"), ("Support staff", "support_staff")):
        rows = data.at(now.version, "la", group, "all", "2011/12")
        rows = rows[(rows["area_code"] == CAMDEN) & (rows["unit"] == "percent")].set_index("indicator")["value"]
        labels = {
            f"{titles.loc[code, 'outcome']} {titles.loc[code, 'short_title']}": said(rows[code]) for code in rows.index
        }
        assert chart[name].to_dict().items() <= labels.items()
    assert len(chart) >= 8


def test_the_spine_holds_the_authority_beside_england_with_its_status(slides, now: Shown) -> None:
    both = pd.concat(charts(slides, "spine_chart"))
    own = data.at(now.version, "la", "all", "all", "2011/12")
    own = own[(own["area_code"] == CAMDEN) & (own["unit"] == "percent")].dropna(subset=["value"])
    england = data.at(now.version, "england", "all", "all", "2011/12").set_index("indicator")["value"]
    titles = data.reference(now.version).of_strategy.set_index("code")
    marks = {"on_track": "●", "at_risk": "◐", "off_track": "○", "none": "–"}
    own = own[own["indicator"].isin(titles.index)]
    assert len(both) == len(own)
    for row in own.itertuples():
        about = titles.loc[row.indicator]
        label = f"{marks[row.status]} {about['outcome']} {about['short_title']}, {row.value:.1f}%"
        assert both.loc[label, "Camden"] == said(row.value)
        nation = both.loc[label, "England"]
        assert (None if pd.isna(nation) else nation) == said(england.get(row.indicator, float("nan")))


def test_small_charts_hold_an_indicator_or_an_area_each(slides, now: Shown) -> None:
    strips = charts(slides, "trend_strips")
    titles = data.reference(now.version).of_strategy
    codes = titles.loc[titles["priority"] == "culture", "code"]
    shown_ = [code for code in codes if history(now, "la", "Camden", code)["value"].notna().any()]
    assert len(strips) == len(shown_)
    for chart, code in zip(strips, shown_, strict=True):
        assert [None if pd.isna(value) else value for value in chart["Camden"]] == [
            said(value) for value in history(now, "la", "Camden", code)["value"]
        ]
    for chart, (level, area) in zip(
        charts(slides, "by_area"), (("la", "Camden"), ("region", "London"), ("england", "England")), strict=True
    ):
        assert list(chart[area]) == [said(value) for value in history(now, level, area, "reviewed")["value"]]
    first, second = charts(slides, "by_indicator")
    assert list(second["London"]) == [said(value) for value in history(now, "region", "London", "reviewed")["value"]]
    assert list(first["Camden"]) == [said(value) for value in history(now, "la", "Camden", "inducted")["value"]]


def test_compared_areas_stand_in_order_with_their_differences(slides, now: Shown) -> None:
    (chart,) = charts(slides, "ranking")
    assert list(chart.index) == [
        f"{area}, {figures(now, level)[area]:.1f}%"
        for level, area in (("la", "Camden"), ("region", "London"), ("england", "England"))
    ]
    tables = [shape.table for shape in slides[PLACE["ranking"]][0].shapes if shape.has_table]
    assert [tables[0].cell(row, 0).text for row in (1, 2, 3)] == ["Camden", "London", "England"]
    assert tables[0].cell(2, 1).text == "reference"


def test_the_status_of_every_cell_is_said_in_words(slides, now: Shown) -> None:
    tables = [shape.table for slide in slides[PLACE["status_heat"]] for shape in slide.shapes if shape.has_table]
    cells = {
        (table.cell(row, 0).text[3:], table.cell(0, column).text): table.cell(row, column).text
        for table in tables
        for row in range(1, len(table.rows))
        for column in range(1, len(table.columns))
    }
    rows = comparisons.area_rows(now, "region")
    titles = data.reference(now.version).of_strategy.set_index("code")["short_title"]
    words = {"on_track": "● On track", "at_risk": "◐ At risk", "off_track": "○ Off track", "none": "– No judgement"}
    rows = rows[rows["indicator"].isin(titles.index)]
    assert len(rows) > 250
    for row in rows.itertuples():
        assert cells[titles[row.indicator], row.area] == words[row.status]
    assert ("Inclusive PD policy", "England") in cells
    assert ENGLAND not in cells


def test_an_interval_stands_at_each_value(slides, now: Shown) -> None:
    slide = slides[PLACE["ranked"]][0]
    chart = next(shape.chart for shape in slide.shapes if shape.has_chart)
    series = chart.plots[0].series[0]
    ends = {
        side: [float(point.text) for point in series._element.xpath(f"c:errBars/c:{side}//c:pt/c:v")]
        for side in ("plus", "minus")
    }
    rows = pd.concat([data.at(now.version, level, "all", "all", "2011/12") for level in ("region", "england")])
    rows = rows[rows["indicator"] == "reviewed"].set_index("area")
    order = [str(label).rpartition(", ")[0] for label in chart.plots[0].categories]
    for side, limit in (("plus", "upper"), ("minus", "lower")):
        wanted = [
            abs(float(f"{rows.loc[area, limit]:.1f}") - float(f"{rows.loc[area, 'value']:.1f}")) for area in order
        ]
        assert ends[side] == pytest.approx(wanted, abs=0.001)


def test_the_evidence_of_each_outcome_is_said_in_words(slides) -> None:
    tables = [shape.table for slide in slides[PLACE["evidence_matrix"]] for shape in slide.shapes if shape.has_table]
    rows = [[cell.text for cell in row.cells] for table in tables for row in list(table.rows)[1:]]
    assert len(rows) == 20
    assert {cell for row in rows for cell in row[1:5]} >= {"none", "1, moderate", "2, at best strong"}


def test_an_outcome_s_indicators_stand_over_time_and_among_the_regions(slides, now: Shown) -> None:
    titles = data.reference(now.version).of_strategy
    codes = list(titles.loc[titles["outcome"] == "1b", "code"])
    made = charts(slides, "outcome_rows")
    assert len(made) == 2 * len(codes) == 6
    for over_time, among, code in zip(made[:3], made[3:], codes, strict=True):
        assert list(over_time["England"]) == [
            said(value) for value in history(now, "england", "England", code)["value"]
        ]
        expected = {**figures(now, "region", code), **figures(now, "england", code)}
        assert {label.rpartition(", ")[0]: value for label, value in among.iloc[:, 0].items()} == {
            area: said(value) for area, value in expected.items()
        }
