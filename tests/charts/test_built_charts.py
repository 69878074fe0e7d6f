"""Lines, bars and scatter: what is drawn are the figures of the table twin, and what is asked of the look is done."""

from typing import Any

import pandas as pd
import pytest

from charts import bars, dots, lines, scatter
from charts.figure import Figure
from tests.charts.chart_frames import CONTEXT, POSITIONS, england, frame, indicator, missing_row, regions, value_row
from tests.charts.test_chart_builders import sound

ABOUT = pd.DataFrame([indicator()])
NAMES = ("Teachers", "Support staff")


def drawn(node: Any, field: str) -> list[dict[str, Any]]:
    """Every row of data in a spec that has the field."""
    if isinstance(node, list):
        return [row for each in node for row in drawn(each, field)]
    if not isinstance(node, dict):
        return []
    own = [row for row in node.get("data", {}).get("values", []) if field in row]
    return own + [row for key, each in node.items() if key != "data" for row in drawn(each, field)]


def said(figure: Figure) -> dict[tuple[str, str], float]:
    """Area and series (or period) → number, of the table twin; without those that have none."""
    table = figure.table.dropna(subset=["Value (number)"])
    second = "Period" if "Period" in table else "Series" if "Series" in table else "Indicator"
    first = "Series" if "Period" in table else "Area"
    return dict(zip(zip(table[first], table[second], strict=True), table["Value (number)"], strict=True))


def over_time(**changes: Any) -> tuple[pd.DataFrame, list[str]]:
    """Two areas over three periods; the second has no figure of the first period."""
    rows = []
    for number, area in enumerate(("Camden", "Kent")):
        for at, (period, position) in enumerate(POSITIONS.items()):
            made = missing_row if number == 1 and at == 0 else value_row
            same = {"area": area, "area_code": area, "period": period, "period_position": position}
            value = {} if made is missing_row else {"value": 50.0 + 10 * number + 3 * at, "lower": 48.0, "upper": 79.0}
            rows.append(made(**(same | value | changes)))
    return frame(*rows).assign(series=[row["area"] for row in rows]), ["Camden", "Kent"]


def in_groups() -> pd.DataFrame:
    first, second = regions().assign(series=NAMES[0]), regions(first=45.0).assign(series=NAMES[1])
    second.loc[3, ["value", "lower", "upper"]] = float("nan")
    second.loc[3, "symbol"] = "c"
    return pd.concat([first, second], ignore_index=True)


def test_lines_draw_the_figures_of_their_table_and_break_where_one_is_missing() -> None:
    values, series = over_time()
    figure = sound(lines.over_time(values, series, ABOUT, CONTEXT, measure="Needs agreed"))
    shown = {(row["series"], row["period"]): row["value"] for row in drawn(figure.spec, "part")}
    assert shown == pytest.approx(said(figure))
    assert ("Kent", "2009/10") not in shown
    assert figure.slug == "needs-agreed-in-review_england_over-time"
    assert figure.headline == "No clear change since 2009/10", "all intervals overlap"
    assert "c: suppressed to protect confidentiality (Kent 2009/10)." in figure.notes
    assert list(figure.table["Series"]) == ["Camden"] * 3 + ["Kent"] * 3


def test_the_line_that_moved_most_is_one_that_moved_clearly() -> None:
    values, series = over_time()
    values.loc[2, ["value", "lower", "upper"]] = [56.0, 55.0, 57.0]
    values.loc[0, ["value", "lower", "upper"]] = [50.0, 49.0, 51.0]
    values.loc[4, ["value", "lower", "upper"]] = [10.0, 0.0, 90.0]  # Kent moves further, but that may be chance
    figure = lines.over_time(values, series, ABOUT, CONTEXT, measure="Needs agreed")
    assert figure.headline == "Camden moved most: up 6 points since 2009/10"
    values[["lower", "upper"]] = float("nan")
    assert lines.over_time(values, series, ABOUT, CONTEXT, measure="x").headline.startswith("No clear change")


def test_lines_do_what_is_asked_of_their_look() -> None:
    values, series = over_time()
    plain = lines.over_time(values, series, ABOUT, CONTEXT, measure="x")
    zero = lines.over_time(values, series, ABOUT, CONTEXT, measure="x", from_zero=True, numbers=True, focus=["Kent"])
    scales = [figure.spec["layer"][0]["layer"][0]["encoding"]["y"]["scale"]["domain"] for figure in (plain, zero)]
    assert scales[0][0] > 0 == scales[1][0]
    colours = [layer["layer"][0]["mark"]["color"] for layer in zero.spec["layer"][:2]]
    assert colours[0] != colours[1] == lines.FOCUS
    written = {row["text"] for row in drawn(zero.spec, "text") if isinstance(row["text"], str)}
    assert {"50.0%", "53.0%", "63.0%"} == written, "every value but the last of each line"
    sound(zero)


@pytest.mark.parametrize("number", [1, 8])
def test_lines_of_any_number_keep_apart(number: int) -> None:
    rows = [over_time()[0].iloc[:3].assign(series=f"Line {at}", area=f"Area {at}") for at in range(number)]
    names = [f"Line {at}" for at in range(number)]
    figure = sound(lines.over_time(pd.concat(rows), names, ABOUT, CONTEXT, measure="x"))
    looks = [
        (layer["layer"][0]["mark"].get("strokeDash", ()) != (), layer["layer"][-1]["mark"]["shape"])
        for layer in figure.spec["layer"][:number]
    ]
    assert len(set(map(str, looks))) == number, "by dash and shape, not by colour alone"


def test_lines_of_nothing_say_so() -> None:
    values, series = over_time(value=float("nan"), lower=float("nan"), upper=float("nan"))
    figure = sound(lines.over_time(values, series, ABOUT, CONTEXT, measure="x"))
    assert figure.headline == "No line has figures for two periods"


@pytest.mark.parametrize("as_dots", [False, True])
def test_bars_draw_the_figures_of_their_table(as_dots: bool) -> None:
    figure = sound(bars.bars(in_groups(), NAMES, ABOUT, CONTEXT, measure="Needs agreed", dots=as_dots))
    shown = {(row["area"], row["series"]): row["value"] for row in drawn(figure.spec, "fill")}
    assert shown == pytest.approx(said(figure))
    assert len(shown) == 17
    assert figure.headline == "Widest difference in North East: 7 points"
    missing = figure.table[figure.table["Value"] == "c"]
    assert list(missing["Area"]) == ["East Midlands"]
    assert "c: suppressed" in figure.notes


def test_bars_begin_at_zero_unless_asked_not_to() -> None:
    one = regions().assign(series="All staff")
    from_zero, close = (
        sound(bars.bars(one, ["All staff"], ABOUT, CONTEXT, measure="x", from_zero=zero)) for zero in (True, False)
    )
    assert {row["base"] for row in drawn(from_zero.spec, "base")} == {0}
    (base,) = {row["base"] for row in drawn(close.spec, "base")}
    assert 0 < base < 49
    shown = {row["area"]: row["value"] for row in drawn(close.spec, "base")}
    assert shown == pytest.approx({area: number for (area, _), number in said(close).items()})


def test_bars_below_zero_begin_at_zero_or_at_the_end_nearer_to_it() -> None:
    assert bars.begin((-5.0, 10.0)) == bars.begin((0.0, 10.0)) == 0
    assert bars.begin((-9.0, -2.0)) == -2
    assert bars.begin((40.0, 90.0)) == 40


@pytest.mark.parametrize(
    ("order", "first", "last"),
    [
        ("best", "South West", "North East"),
        ("worst", "North East", "South West"),
        ("name", "East Midlands", "Yorkshire and The Humber"),
        ("chosen", "North East", "South West"),
    ],
)
def test_rows_stand_in_the_order_asked_for_and_the_headline_stays(order: str, first: str, last: str) -> None:
    one = regions().assign(series="All staff")
    bar = bars.bars(one, ["All staff"], ABOUT, CONTEXT, measure="x", order=order)
    dot = dots.ranked(regions(), indicator(), CONTEXT, england=england().iloc[0], order=order)
    for figure in (bar, dot):
        assert list(sound(figure).table["Area"])[:: len(figure.table) - 1] == [first, last]
        rows = drawn(figure.spec, "above" if figure is bar else "lower")
        ordered = [row["area"] for row in sorted(rows, key=lambda row: row["row"]) if "area" in row]
        assert (ordered[0], ordered[-1]) == (first, last)
        assert figure.headline.startswith("South West leads; North East trails")


def test_what_is_stressed_and_written_is_what_was_asked() -> None:
    both = ["E12000001", "E12000007"]
    figure = dots.ranked(regions(), indicator(), CONTEXT, focus=both[0], also=both[1:], numbers=False)
    bold = [row["text"] for layer in figure.spec["layer"] if layer.get("mark", {}).get("fontWeight") == 700
            for row in layer["data"]["values"]]  # fmt: skip
    assert bold == ["London", "North East"]
    fills = bars.bars(regions().assign(series="x"), ["x"], ABOUT, CONTEXT, measure="x", stressed=both).spec
    dark = {row["area_code"] for row in drawn(fills, "fill") if row["fill"] == bars.FOCUS}
    assert dark == set(both)


def pairs(count: int = 9) -> pd.DataFrame:
    one, other = regions().iloc[:count], regions("other", first=30.0).iloc[:count].copy()
    other["value"] = other["value"].to_numpy()[::-1]
    keep = ["area_code", "area", "value", "lower", "upper", "symbol", "coverage", "units", "expected_units"]
    return one[keep].merge(other[keep], on=["area_code", "area"], suffixes=("_x", "_y"))


def test_a_scatter_draws_the_figures_of_its_table() -> None:
    across, up = indicator(), indicator("other", short_title="Peer observation")
    figure = sound(scatter.scatter(pairs(), across, up, CONTEXT, england=(60.0, None), stressed=["E12000007"]))
    shown = {row["area"]: (row["value_x"], row["value_y"]) for row in drawn(figure.spec, "said_x")}
    columns = ["Needs agreed in review (number)", "Peer observation (number)"]
    assert shown == dict(
        zip(figure.table["Area"], figure.table[columns].itertuples(index=False, name=None), strict=True)
    )
    assert figure.headline == "Where one is high the other tends to be low"
    assert "Rank correlation −1.00" in figure.notes
    names = [row["area"] for row in drawn(figure.spec, "area") if "said_x" not in row]
    assert set(names) == {"London"}


def test_a_scatter_names_all_where_asked_and_leaves_out_what_has_no_figure() -> None:
    rows = pairs()
    rows.loc[2, ["value_y", "lower_y", "upper_y"]] = float("nan")
    rows.loc[2, "symbol_y"] = "c"
    about = (indicator(), indicator("other", short_title="Peer observation"))
    figure = sound(scatter.scatter(rows, *about, CONTEXT, named=True))
    names = {row["area"] for row in drawn(figure.spec, "area") if "said_x" not in row}
    assert len(names) == 8
    assert "Yorkshire and The Humber (c, suppressed to protect confidentiality)" in figure.notes
    assert figure.table.loc[2, "Peer observation"] == "c"
    assert sound(scatter.scatter(pairs(2), *about, CONTEXT)).headline == "Too few areas to see an association"
