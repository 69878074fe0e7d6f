"""The charts of one authority: trend strips of a priority, and two staff groups side by side."""

import numpy as np
import pandas as pd
import pytest

from charts.strips import trend_strips
from charts.two_groups import two_groups
from tests.charts.chart_frames import CONTEXT, indicator, missing_row, value_row
from tests.charts.test_chart_builders import sound

YEARS = {"2009/10": 2010.0, "2010/11": 2011.0, "2011/12": 2012.0}
ABOUT = pd.DataFrame(
    [
        indicator("reviewed") | {"priority_number": 1, "minimum_coverage": 0.5},
        indicator("cost", unit="gbp", better="lower", short_title="Cost per day")
        | {"priority_number": 1, "minimum_coverage": 0.5},
    ]
)
NO_MARKERS = pd.DataFrame(columns=["indicator", "trend", "trend_points_used"])


def frame(*rows: dict) -> pd.DataFrame:
    """A values frame with the unit and the least coverage of each row."""
    usual = {"unit": "percent", "better": "higher", "minimum_coverage": 0.5}
    return pd.DataFrame([usual | row for row in rows], columns=[*value_row(), *usual])


def series(code: str, values: list[float | None], **changes: object) -> pd.DataFrame:
    """One indicator over the three years; None: suppressed."""
    rows = []
    for (period, position), value in zip(YEARS.items(), values, strict=True):
        when = {"indicator": code, "period": period, "period_position": position, "minimum_coverage": 0.5, **changes}
        unit = {"unit": "gbp" if code == "cost" else "percent", "better": "lower" if code == "cost" else "higher"}
        if value is None:
            rows.append(missing_row("c", **when, **unit))
        else:
            rows.append(value_row(value=value, lower=value - 3, upper=value + 3, **when, **unit))
    return frame(*rows)


def layer_with(figure, field: str) -> dict:  # type: ignore[no-untyped-def]
    """The first layer whose rows have a field."""
    return next(
        layer for layer in figure.spec["layer"] if any(field in row for row in layer.get("data", {}).get("values", []))
    )


def test_strips_have_a_row_and_a_scale_for_each_indicator() -> None:
    own = pd.concat([series("reviewed", [50.0, 55.0, 61.0]), series("cost", [150.0, 140.0, 120.0])])
    nation = series("reviewed", [40.0, 45.0, 50.0], area="England", area_code="E92000001")
    markers = pd.DataFrame({"indicator": ["reviewed"], "trend": ["Too few points"], "trend_points_used": [3]})
    figure = sound(trend_strips(own, nation, ABOUT, markers, CONTEXT))
    assert figure.headline == "London: 2 of 2 indicators on the expected path"
    said = {row["code"]: row for row in layer_with(figure, "lines")["data"]["values"]}
    assert said["reviewed"]["lines"] == ["up 11 points since 2009/10", "Too few points for a trend: 3 years"]
    assert said["cost"]["lines"] == ["down £30 since 2009/10", ""]
    points = pd.DataFrame(layer_with(figure, "said")["data"]["values"])
    for row, (_, group) in enumerate(points.groupby("indicator", sort=False)):
        assert group["y"].between(row - 0.5, row + 0.5).all(), "each within its own row"
    rising = points[points["indicator"] == "reviewed"]["y"].to_numpy()
    assert (np.diff(rising) < 0).all(), "up is up"
    assert (figure.table["Area"] == "England").sum() == 3
    assert "Needs agreed in review: 61.0%, up 11 points since 2009/10." in figure.alt


def test_strips_draw_no_line_across_a_missing_period() -> None:
    figure = sound(trend_strips(series("reviewed", [50.0, None, 61.0]), frame().iloc[:0], ABOUT, NO_MARKERS, CONTEXT))
    lines = [layer for layer in figure.spec["layer"] if layer["mark"]["type"] == "line"]
    own = next(line for line in lines if line["mark"]["strokeWidth"] == 2.5)["data"]["values"]
    assert len({row["run"] for row in own}) == 2
    assert "Missing figures, c: suppressed to protect confidentiality." in figure.notes
    assert "Grey line" not in figure.notes


@pytest.mark.parametrize("values", [[None, None, None], [50.0, None, None]])
def test_strips_of_next_to_nothing(values: list[float | None]) -> None:
    figure = sound(trend_strips(series("reviewed", values), frame().iloc[:0], ABOUT, NO_MARKERS, CONTEXT))
    if values[0] is None:
        assert figure.headline == "No indicator has a value to show"
        assert figure.table.empty
    else:
        assert "Needs agreed in review: c, suppressed to protect confidentiality." in figure.alt


def test_strips_mark_low_coverage() -> None:
    rows = series("reviewed", [50.0, 55.0, 61.0], coverage=0.3)
    assert "Low coverage in 3 figures" in trend_strips(rows, rows.iloc[:0], ABOUT, NO_MARKERS, CONTEXT).notes


def groups(first: dict, second: dict, code: str = "reviewed"):  # type: ignore[no-untyped-def]
    """Two frames of one indicator, with what differs."""
    return [frame(value_row(indicator=code, minimum_coverage=0.5, **one)) for one in (first, second)]


NAMES = ("teachers", "support staff")


def test_a_clear_gap_is_named_and_drawn_thick() -> None:
    one, other = groups({"value": 80.0, "lower": 77.0, "upper": 83.0}, {"value": 60.0, "lower": 57.0, "upper": 63.0})
    figure = sound(two_groups(one, other, ABOUT, CONTEXT, names=NAMES))
    assert figure.headline == "Teachers clearly higher on 1 of 1 indicator"
    row = layer_with(figure, "judged")["data"]["values"][0]
    assert (row["said"], row["judged"]) == ("20 points", "clear")
    assert figure.table.loc[0, ["Higher", "Against chance"]].tolist() == ["Teachers", "Clear"]
    assert not figure.table.loc[0, "Gap"].startswith(("+", "-", "=", "@"))


def test_a_gap_that_may_be_chance_says_so() -> None:
    one, other = groups({"value": 61.0}, {"value": 60.0})
    figure = sound(two_groups(one, other, ABOUT, CONTEXT, names=NAMES))
    assert figure.headline == "No clear gap between teachers and support staff in England"
    assert figure.table.loc[0, "Against chance"] == "May be chance"


def test_what_one_group_is_not_asked_for_is_left_out_and_what_is_hidden_is_said() -> None:
    one, _ = groups({"value": 61.0}, {})
    none = two_groups(one, frame(missing_row("z")), ABOUT, CONTEXT, names=NAMES)
    assert none.table.empty
    assert none.headline == "No indicator has both teachers and support staff"
    hidden = sound(two_groups(one, frame(missing_row("c")), ABOUT, CONTEXT, names=NAMES))
    assert hidden.table.loc[0, ["Support staff", "Gap", "Against chance"]].tolist() == ["c", "–", "Not compared"]
    assert "No gap for needs agreed in review: see the table." in hidden.notes
    assert [layer["data"]["values"] for layer in hidden.spec["layer"]] == [[], []], "nothing is drawn for it"


def test_what_is_not_in_percent_is_in_the_table_only() -> None:
    one, other = groups({"value": 120.0, "unit": "gbp"}, {"value": 90.0, "unit": "gbp"}, "cost")
    figure = sound(two_groups(one, other, ABOUT, CONTEXT, names=NAMES))
    assert "Not in percent, so only in the table: Cost per day." in figure.notes
    assert figure.table["Gap"].tolist() == ["£30"]


def test_a_gap_without_interval_is_not_called_chance() -> None:
    one, other = groups({"value": 96.1}, {"value": 97.6, "lower": np.nan, "upper": np.nan, "n_eff": np.nan})
    figure = sound(two_groups(one, other, ABOUT, CONTEXT, names=NAMES))
    assert figure.table.loc[0, "Against chance"] == "Not compared"
    assert "chance" not in figure.alt


def test_strips_say_why_the_latest_figure_is_missing_instead_of_an_older_one() -> None:
    own = pd.concat([series("reviewed", [50.0, 55.0, None]), series("cost", [150.0, 140.0, 120.0])])
    figure = sound(trend_strips(own, own.iloc[:0], ABOUT, NO_MARKERS, CONTEXT))
    said = {row["code"]: row for row in layer_with(figure, "lines")["data"]["values"]}
    assert (said["reviewed"]["value"], said["reviewed"]["status"]) == ("c", "none")
    assert said["reviewed"]["lines"][0] == "suppressed to protect confidentiality"
    assert figure.headline == "London: 1 of 1 indicator on the expected path"
    yearly = pd.concat([series("reviewed", [50.0, 55.0, 61.0]).iloc[:2], series("cost", [150.0, 140.0, 120.0])])
    older = trend_strips(yearly, own.iloc[:0], ABOUT, NO_MARKERS, CONTEXT)
    assert "Needs agreed in review: 55.0%, in 2010/11." in older.alt


def test_each_figure_is_dark_in_its_own_colours() -> None:
    one, other = (
        trend_strips(series("reviewed", values), frame().iloc[:0], ABOUT, NO_MARKERS, CONTEXT)
        for values in ([50.0, 55.0, 61.0], [40.0, 45.0, 51.0])
    )
    assert one.slug == other.slug
    assert one.dark != other.dark
    assert one.dark is one.dark
