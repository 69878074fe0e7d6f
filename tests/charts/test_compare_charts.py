"""Charts of a few areas side by side: small multiples, ranked areas, the matrix."""

import json
from dataclasses import replace

import altair
import numpy as np
import pandas as pd
import pytest

from charts import matrix, panels, ranked_areas, small_multiples
from charts.panels import ticks
from charts.theme import in_dark
from exports import chart_files, drawing
from measures.differences import difference
from tests.charts.chart_frames import CONTEXT, ENGLAND, frame, indicator, missing_row, value_row

AREAS = ["Camden", "Bath and North East Somerset", "London", "England"]
CODES = {"Camden": "202", "Bath and North East Somerset": "800", "London": "E12000007", "England": ENGLAND[0]}
LEVELS = {"Camden": "la", "Bath and North East Somerset": "la", "London": "region", "England": "england"}
PERIODS = {"2009/10": 2010.0, "2010/11": 2011.0, "2011/12": 2012.0}


def row(area: str, value: float, **changes: object) -> dict:
    """A figure with an interval of three points each way."""
    known = {"level": LEVELS[area], "area_code": CODES[area], "area": area, "value": value}
    region = "E12000009" if area.startswith("Bath") else "E12000007"
    return value_row(**(known | {"region_code": region, "lower": value - 3, "upper": value + 3} | changes))


def history(code: str = "reviewed", first: float = 50.0) -> pd.DataFrame:
    """All areas over three periods, five points up each year; the later an area stands the higher it is."""
    return frame(
        *(
            row(area, first + 5 * at + year * 5, indicator=code, period=period, period_position=position)
            for at, area in enumerate(AREAS)
            for year, (period, position) in enumerate(PERIODS.items())
        )
    )


def current(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["period"] == "2011/12"].reset_index(drop=True)


def judged(rows: pd.DataFrame, reference: str = "Camden", better: str | None = "higher") -> pd.DataFrame:
    """The rows of a period as pages hand them over: with place in their level and differences."""
    rows = rows.reset_index(drop=True).assign(unit="percent", better=pd.Series([better] * len(rows), dtype=object))
    mark = rows[rows["area"] == reference].set_index("indicator").loc[rows["indicator"]].reset_index()
    return rows.assign(rank=3.0, ranked=9.0, tied=False).join(difference(rows, mark))


def sound(figure):
    """What must hold of every figure, in light and dark, at any width."""
    assert 1 <= len(figure.headline.split()) <= 10
    assert figure.alt.endswith(".")
    assert "Illustrative data" in figure.source
    assert figure.spec["width"] == "container"
    text = json.dumps([figure.spec, figure.alt, figure.notes, figure.headline])
    assert "NaN" not in text
    assert "nan" not in text
    altair.Chart.from_dict(in_dark(figure.spec))
    assert chart_files.svg(figure).startswith("<svg")
    assert 'width="NaN"' not in drawing.chart_svg(figure.spec, 340)
    return figure


def param(figure, name: str) -> object:
    return next(item for item in figure.spec["params"] if item["name"] == name)["value"]


def points_of(figure) -> list[dict]:
    """The rows of the lines."""
    lines = next(layer for layer in figure.spec["layer"] if "strokeDash" in layer.get("encoding", {}))
    return lines["data"]["values"]


def by_area(rows: pd.DataFrame, areas: list[str] = AREAS, **changes: object):
    said = {"London": "Better", "Camden": "Not compared"}
    return sound(
        small_multiples.by_area(
            rows, current(rows), areas, indicator(**changes), CONTEXT, judged=said, reference="Camden"
        )
    )


def by_indicator(rows: pd.DataFrame, focus: str = "Camden"):
    about = pd.DataFrame([indicator(), indicator("cost", short_title="Cost", unit="gbp", better="lower")])
    return sound(small_multiples.by_indicator(rows, current(rows), AREAS, about, CONTEXT, focus=focus))


def texts(figure) -> str:
    return json.dumps(figure.spec, ensure_ascii=False)


def test_panels_of_one_indicator_share_one_scale_that_holds_every_interval() -> None:
    figure = by_area(history())
    low, top = param(figure, "low"), param(figure, "top")
    assert len(low) == len(top) == len(AREAS)
    assert len(set(low)) == len(set(top)) == 1
    assert low[0] <= 47
    assert top[0] >= 78
    assert figure.headline == "4 of 4 areas higher than in 2009/10"
    assert '["Bath and North East", "Somerset"]' in texts(figure), "long names are wrapped"
    assert "81.0" not in figure.alt
    assert "2011/12: Camden 60.0%, Bath and North East Somerset 65.0%, London 70.0%, England 75.0%." in figure.alt
    assert '"70.0%, better"' in texts(figure)
    assert "Better, similar or worse: than Camden in 2011/12." in figure.notes
    assert '"60.0%"' in texts(figure)


def test_england_is_a_line_in_every_panel_but_its_own() -> None:
    points = points_of(by_area(history()))
    for number, area in enumerate(AREAS):
        mine = [point for point in points if point["p"] == number]
        assert {point["s"] for point in mine if point["r"] == "own"} == {area}
        assert {point["s"] for point in mine if point["r"] == "england"} == (
            set() if area == "England" else {"England"}
        )
        assert all("l" not in point for point in mine if point["r"] == "england")


def test_panels_of_several_indicators_have_each_a_scale_and_a_unit() -> None:
    rows = pd.concat([history(), history("cost", 140.0).assign(unit="gbp")])
    figure = by_indicator(rows)
    assert param(figure, "low")[0] < 60
    assert param(figure, "low")[1] > 100, "pounds are never on the scale of percentages"
    assert figure.headline == "Camden: 1 of 2 indicators better than at first"
    assert "Thin lines: Bath and North East Somerset and London." in figure.notes
    assert "Each panel has a scale of its own." in figure.notes
    assert list(figure.table.columns[:3]) == ["Indicator", "Area", "Period"]
    assert figure.table["Area"].iloc[:3].tolist() == ["Camden"] * 3
    assert "£150" in figure.table["Value"].tolist()


def test_a_gap_in_time_breaks_the_line_and_shows_its_symbol_and_reason() -> None:
    rows = history()
    hole = (rows["area"] == "Camden") & (rows["period"] == "2010/11")
    rows.loc[hole, ["value", "lower", "upper"]] = np.nan
    rows.loc[hole, "symbol"] = "c"
    figure = by_area(rows)
    own = [point for point in points_of(figure) if point["s"] == "Camden"]
    assert {point["i"] for point in own} == {0, 2}
    assert len({point["g"] for point in own}) == 2
    assert "c: suppressed to protect confidentiality (Camden 2010/11)." in figure.notes
    assert '"text": "c"' in texts(figure)


def test_an_area_where_an_indicator_is_not_collected_keeps_its_panel() -> None:
    rows = history()
    figure = by_area(rows[rows["area"] != "Bath and North East Somerset"])
    assert "Not collected in Bath and North East Somerset." in figure.notes
    assert '"not collected here"' in texts(figure)
    nothing = by_area(rows.iloc[:0])
    assert nothing.headline == "No area has figures for two periods"


def test_one_panel_and_eight_and_twelve_are_laid_out() -> None:
    for count in (1, 2, 5, 8, 12):
        assert panels.height(count) >= panels.LEAST
        assert panels.height(count) <= 12 * panels.NARROW_ROW / 2 + 1
    assert sound(by_area(history(), ["Camden"])).headline == "1 of 1 area higher than in 2009/10"


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ((40.0, 100.0), [40, 60, 80, 100]),
        ((0.0, 5.0), [0, 1, 2, 3, 4, 5]),
        ((95.0, 160.0), [100, 120, 140, 160]),
        ((0.0, 0.02), [0, 0.005, 0.01, 0.015, 0.02]),
    ],
)
def test_ticks_are_few_and_round(domain: tuple[float, float], expected: list[float]) -> None:
    assert ticks(domain, "percent") == pytest.approx(expected)


def test_many_years_name_the_first_and_the_last() -> None:
    years = [f"{2001 + n}/{2 + n:02d}" for n in range(9)]
    assert [row["year"] for row in panels._years(0, years)] == [years[0], years[-1]]
    terms = [f"2009/10 {term}" for term in ("autumn", "spring", "summer")]
    assert panels._years(0, terms) == [{"p": 0, "i": 1.0, "year": "2009/10"}]


def ranked(rows: pd.DataFrame, reference: str = "Camden", **changes: object):
    about = indicator(**changes)
    made = judged(rows, reference, about["better"])
    mark = made[made["area"] == reference]
    return sound(
        ranked_areas.ranked_areas(made, about, CONTEXT, reference=mark.iloc[0] if len(mark) else None, name=reference)
    )


def test_ranked_areas_stand_best_first_with_their_difference_and_whether_it_is_clear() -> None:
    figure = ranked(current(history()))
    table = figure.table
    assert table["Area"].tolist() == ["England", "London", "Bath and North East Somerset", "Camden"]
    assert table["Rank"].tolist() == ["1", "2", "3", "4"]
    difference_column = table["Difference from Camden (95% interval)"].tolist()
    assert difference_column[0] == "15.0 above (12.0 to 18.0)", "Camden's interval against England's value"
    assert difference_column[3] == "reference"
    assert table["Is it clear?"].tolist() == ["Clear: better", "Clear: better", "Clear: better", "–"]
    assert table["Place in its level"].tolist() == [
        "–",
        "3rd of 9 regions",
        "3rd of 9 authorities",
        "3rd of 9 authorities",
    ]
    assert figure.headline == "3 of 3 clearly above Camden"
    assert "Of 3 differences, about 0.2 would look clear by chance alone." in figure.notes
    assert "An area that contains Camden is not independent of it" in figure.notes
    assert "3.0" not in figure.headline
    assert not any(str(cell).startswith(("=", "+", "@")) for cell in table.to_numpy().ravel())


def test_lower_is_better_turns_order_and_words_round() -> None:
    figure = ranked(current(history()), better="lower")
    assert figure.table["Area"].iloc[0] == "Camden"
    assert figure.table["Is it clear?"].iloc[-1] == "Clear: worse"
    assert figure.headline == "3 of 3 clearly above Camden"


def test_a_missing_figure_is_last_with_symbol_and_reason_and_a_missing_reference_compares_nothing() -> None:
    rows = current(history())
    hidden = missing_row("c", level="la", area_code="800", area="Bath and North East Somerset", region_code="E12000009")
    rows = pd.concat([rows[rows["area"] != "Bath and North East Somerset"], frame(hidden)], ignore_index=True)
    figure = ranked(rows)
    last = figure.table.iloc[-1]
    assert last["Value (95% interval)"] == "c: suppressed to protect confidentiality"
    assert last["Rank"] == last["Difference from Camden (95% interval)"] == "–"
    assert last["Is it clear?"] == "Not compared"
    assert "No value: Bath and North East Somerset (c: suppressed to protect confidentiality)." in figure.notes
    gone = ranked(rows, "Bath and North East Somerset")
    assert gone.headline == "No area can be set against the reference"
    assert "by chance" not in gone.notes


def test_tied_areas_share_a_rank_and_a_published_figure_has_no_interval() -> None:
    rows = current(history()).assign(value=60.0)
    assert ranked(rows).table["Rank"].tolist() == ["1="] * 4
    published = rows.assign(lower=np.nan, upper=np.nan, n_eff=np.nan)
    table = ranked(published).table
    assert table["Difference from Camden (95% interval)"].tolist()[1:] == ["the same (no interval)"] * 3
    assert set(table["Is it clear?"]) == {"–", "Not compared"}


def made_matrix(rows: pd.DataFrame):
    about = pd.DataFrame([indicator(), indicator("cost", short_title="Cost", outcome="1d", better="lower")])
    areas = pd.DataFrame({"area": AREAS, "area_code": list(CODES.values()), "short": ["Cam", "BNE", "LON", "ENG"]})
    directions = rows["indicator"].map({"reviewed": "higher", "cost": "lower"})
    made = judged(rows).assign(better=directions.to_numpy())
    mark = made[made["area"] == "Camden"].set_index("indicator").loc[made["indicator"]].reset_index()
    made = made.drop(columns=["relation", "gap", "gap_lower", "gap_upper", "clear", "judged"]).join(
        difference(made, mark)
    )
    return sound(matrix.matrix(made, about, areas, replace(CONTEXT, comparator="Camden"))), matrix.narrow(
        made, about, areas
    )


def test_the_matrix_marks_every_pair_and_its_twin_says_it_in_words() -> None:
    rows = pd.concat([current(history()), current(history("cost", 55.0))], ignore_index=True)
    rows.loc[rows["area"].eq("London") & rows["indicator"].eq("cost"), ["value", "lower", "upper"]] = np.nan
    rows.loc[rows["area"].eq("London") & rows["indicator"].eq("cost"), "symbol"] = "x"
    figure, narrow = made_matrix(rows)
    assert "compared with Camden" in figure.subtitle
    cells = next(layer for layer in figure.spec["layer"] if "layer" in layer)["data"]["values"]
    assert len(cells) == 8
    kinds = {(cell["title"], cell["area"]): cell.get("kind") for cell in cells}
    assert kinds[("Needs agreed in review", "Camden")] == "Reference"
    assert kinds[("Needs agreed in review", "England")] == "Better"
    assert kinds[("Cost", "England")] == "Worse"
    assert not kinds[("Cost", "London")]
    assert figure.table["Is it clear?"].tolist() == [
        "–", "Clear: better", "Clear: better", "Clear: better", "–", "Clear: worse", "not reported", "Clear: worse",
    ]  # fmt: skip
    assert "x: not reported." in figure.notes
    assert "Of 5 differences, about 0.3 would look clear by chance alone." in figure.notes
    assert narrow.columns.tolist() == ["Indicator", *AREAS]
    assert narrow.loc[0].tolist() == ["1b Needs agreed in review", "60.0%", "▲ 65.0%", "▲ 70.0%", "▲ 75.0%"]
    assert narrow.loc[1, "London"] == "x"


def test_nothing_but_missing_figures_is_drawn_all_the_same() -> None:
    rows = pd.concat([current(history()), current(history("cost"))], ignore_index=True)
    rows = rows.assign(value=np.nan, lower=np.nan, upper=np.nan, symbol="c")
    figure, _ = made_matrix(rows)
    assert figure.headline == "Nothing can be set against Camden here"
    assert "c: suppressed to protect confidentiality." in figure.notes
    empty = ranked(rows[rows["indicator"] == "reviewed"])
    assert empty.headline == "No area has a value to show"
    assert len(empty.table) == len(AREAS)


def test_specs_stay_small() -> None:
    rows = pd.concat([current(history()), current(history("cost"))], ignore_index=True)
    assert len(json.dumps(made_matrix(rows)[0].spec)) < 20_000
    assert len(json.dumps(by_area(history()).spec)) < 25_000
