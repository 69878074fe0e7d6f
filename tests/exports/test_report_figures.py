"""Every figure of a report is the one that data_access.values gives, in all three formats, and nothing else is."""

from collections.abc import Callable

import pandas as pd
import pytest
from sqlalchemy import Engine

from data_access import queries, values
from data_access.engine import reading
from exports.report.parts import Report
from measures import sentences, words
from tests.exports.report_reading import pdf_text, sheet, slide_charts

CASES = [("202", "2011/12"), ("201", "2011/12"), ("420", "2011/12"), ("202", "2009/10"), ("202", "2011/12 summer")]
Files, Reports = Callable[..., bytes], Callable[..., Report]


@pytest.fixture(scope="module")
def published(report_engine: Engine) -> Callable[[str, str], pd.DataFrame]:
    """Figures of an authority for a period with their indicators' records, straight from the values."""
    with reading(report_engine) as connection:
        about = queries.indicators(connection)
        rows = values.area_values(connection, "la")
    about = about[about["priority"].notna()]

    def of(code: str, period: str) -> pd.DataFrame:
        mine = values.at_period(rows[rows["area_code"] == code], period, about.set_index("code")["frequency"])
        made = about[["code", "outcome", "short_title", "priority_short"]].merge(
            mine, left_on="code", right_on="indicator"
        )
        return made.assign(label=made["outcome"] + " " + made["short_title"])

    return of


def in_words(row: dict) -> str:
    """A figure with its interval as the pages' tables say it."""
    if pd.isna(row["value"]):
        return f"{row['symbol']}: {sentences.missing_words(row)}"
    interval = words.interval(row["lower"], row["upper"], row["unit"])
    return f"{words.number(row['value'], row['unit'])} ({interval})"


@pytest.mark.parametrize(("code", "period"), CASES)
def test_the_pdf_says_every_figure_with_its_interval(published, made: Files, code: str, period: str) -> None:
    rows, text = published(code, period), pdf_text(made(code, "pdf", period))
    assert len(rows) > 8
    for row in rows.to_dict("records"):
        assert f"{row['label']} {in_words(row)}" in text, row["label"]


@pytest.mark.parametrize(("code", "period"), CASES)
def test_the_charts_of_the_slides_hold_the_same_numbers(published, made: Files, code: str, period: str) -> None:
    rows = published(code, period)
    charts = slide_charts(made(code, "pptx", period))
    drawn = pd.concat([chart for charts_of in charts.values() for chart in charts_of if "England" in chart])
    name = rows["area"].iloc[0]
    percent = rows[rows["unit"] == "percent"]
    assert len(percent) > 8
    for row in percent.to_dict("records"):
        category = f"{row['label']}, {words.number(row['value'], 'percent', row['symbol'])}"
        found = drawn.loc[category, name]
        if pd.isna(row["value"]):
            assert pd.isna(found), "a missing figure is a gap, never zero"
        else:
            assert found == round(row["value"], 1)


@pytest.mark.parametrize(("code", "period"), CASES)
def test_the_cells_of_the_workbook_hold_the_same_numbers(published, made: Files, code: str, period: str) -> None:
    rows, table = published(code, period), sheet(made(code, "xlsx", period), "Indicators").set_index("Indicator")
    assert list(table.index) == list(rows["label"])
    for row in rows.to_dict("records"):
        cells, digits = table.loc[row["label"]], words.DIGITS[row["unit"]]
        assert cells["Status"] == words.STATUS_WORDS[row["status"]]
        if pd.isna(row["value"]):
            assert cells["Value"] == cells["Lower 95% limit"] == cells["Upper 95% limit"] == f"[{row['symbol']}]"
        else:
            limits = [round(row[end], digits) for end in ("value", "lower", "upper")]
            assert list(cells[["Value", "Lower 95% limit", "Upper 95% limit"]]) == limits
            assert isinstance(cells["Value"], int | float)
        assert cells["Returns in"] == row["units"]
        assert cells["Returns due"] == row["expected_units"]


def test_intervals_stand_at_the_bars(made: Files, published) -> None:
    """The error bars of the native charts end at the limits."""
    import io

    from pptx import Presentation
    from pptx.oxml.ns import qn

    rows = published("202", "2011/12").set_index("label")
    seen = 0
    for slide in Presentation(io.BytesIO(made("202", "pptx"))).slides:
        for shape in slide.shapes:
            if not shape.has_chart or shape.chart.plots[0].series[0].name != "Camden":
                continue
            series = shape.chart.plots[0].series[0]
            sizes = {}
            for side in ("plus", "minus"):
                points = series._element.find(qn("c:errBars")).find(qn(f"c:{side}")).iter(qn("c:pt"))
                sizes[side] = {int(point.get("idx")): float(point.find(qn("c:v")).text) for point in points}
            for at, category in enumerate(shape.chart.plots[0].categories):
                label = str(category).rpartition(",")[0]
                if label in rows.index and pd.notna(rows.loc[label, "lower"]):
                    seen += 1
                    own = series.values[at]
                    assert own + sizes["plus"][at] == pytest.approx(rows.loc[label, "upper"], abs=0.06)
                    assert own - sizes["minus"][at] == pytest.approx(rows.loc[label, "lower"], abs=0.06)
                elif label in rows.index:
                    assert at not in sizes["plus"]
    assert seen > 25


def test_an_authority_with_one_school_says_why_it_has_few_figures(published, made: Files) -> None:
    rows, text = published("201", "2011/12"), pdf_text(made("201", "pdf"))
    hidden = int((rows["symbol"] == "c").sum())
    assert hidden > 15
    assert f"{hidden} suppressed" in text
    assert "City of London has 1 school in the register. A figure that rests on fewer than 3 schools" in text
    assert text.count("c: suppressed to protect confidentiality") >= hidden


def test_without_a_year_before_nothing_is_compared_with_it(reports: Reports, made: Files) -> None:
    text = pdf_text(made("202", "pdf", "2009/10"))
    assert "There are no figures for the year before 2009/10, so nothing is compared with it." in text
    assert "a year ago" not in text.partition("How to read the figures")[0].lower()
    assert "33 baseline period" in text
    report = reports("202", "2009/10")
    assert not any("A year ago" in table.frame.columns for table in report.sheets)
    assert not any(table.title.startswith("What changed") for table in report.sheets)


def test_a_year_ago_is_the_figure_of_the_year_before(published, reports: Reports) -> None:
    before = published("202", "2010/11").set_index("label")
    table = next(table for table in reports("202").sheets if table.title.startswith("What changed")).frame
    for row in table.to_dict("records"):
        then = before.loc[row["Indicator"]]
        expected = f"[{then['symbol']}]" if pd.isna(then["value"]) else round(then["value"], words.DIGITS[then["unit"]])
        assert row["A year before"] == expected


def test_counts_by_priority_are_those_of_the_status(published, reports: Reports) -> None:
    rows = published("202", "2011/12")
    table = reports("202").sheets[0].frame
    counts = rows.groupby("priority_short")["status"].value_counts().unstack().fillna(0)
    assert sorted(table["On track"]) == sorted(counts["on_track"])
    assert table["Indicators"].sum() == len(rows)


def test_places_in_the_region_are_among_its_authorities(report_engine: Engine, reports: Reports) -> None:
    """Camden's place in London, found by counting who is better."""
    with reading(report_engine) as connection:
        about = queries.indicators(connection).set_index("code")
        rows = values.at_period(values.area_values(connection, "la"), "2011/12", about["frequency"])
    london = rows[rows["region_code"] == "E12000007"]
    table = reports("202").section("others").tables[0].frame.set_index("Indicator")
    checked = 0
    for code, group in london.groupby("indicator"):
        own = group.loc[group["area_code"] == "202", "value"].iloc[0]
        if pd.isna(own) or pd.isna(about.loc[code, "priority"]):
            continue
        better = (group["value"] < own).sum() if about.loc[code, "better"] == "lower" else (group["value"] > own).sum()
        said = table.loc[f"{about.loc[code, 'outcome']} {about.loc[code, 'short_title']}", "Place in London"]
        assert int("".join(c for c in said.partition(" of ")[0] if c.isdigit())) == better + 1
        assert said.endswith(f" of {group['value'].notna().sum()}")
        checked += 1
    assert checked > 25
