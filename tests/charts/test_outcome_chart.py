"""The rows of an outcome: what each draws and says, on scales of their own, and what is not there."""

from typing import Any

import pandas as pd
import pytest

from charts.figure import Figure, plain
from charts.outcome import COLUMNS, Rows, outcome_rows
from charts.outcome_layers import HEAD, STEP
from charts.series import Row
from charts.tables import by_code
from tests.charts.chart_frames import CONTEXT, ENGLAND, REGIONS, indicator, missing_row, value_row
from tests.charts.test_chart_builders import sound

YEARS = {"2009/10": 2010.0, "2010/11": 2011.0, "2011/12": 2012.0}
MORE = {"minimum_coverage": 0.5, "scope": "England"}
ABOUT = by_code(
    pd.DataFrame(
        [
            indicator("reviewed") | MORE,
            indicator("cost", unit="gbp", better="lower", short_title="Cost per day") | MORE,
        ]
    )
)
SHORT = {code: short for code, _, short in (*REGIONS, ENGLAND)}
LONDON = {"area": "London", "area_code": "E12000007"}
NATION = {"area": "England", "area_code": "E92000001"}


def row(code: str = "reviewed", **changes: Any) -> Row:
    """One row as the chart takes it; without a value where it is None."""
    unit = {"unit": "gbp", "better": "lower"} if code == "cost" else {"unit": "percent", "better": "higher"}
    made = missing_row if changes.get("value", 0.0) is None else value_row
    given = {name: value for name, value in changes.items() if value is not None}
    frame = pd.DataFrame([{"minimum_coverage": 0.5, "against": "Similar", **unit, **made(indicator=code, **given)}])
    return plain(frame, [*COLUMNS, "against"])[0]


def series(values: list[float | None], code: str = "reviewed", **changes: Any) -> list[Row]:
    """The three years of one indicator."""
    return [
        row(code, value=value, period=period, period_position=position, **changes)
        for (period, position), value in zip(YEARS.items(), values, strict=True)
    ]


def regions(first: float = 50.0, code: str = "reviewed", **changes: Any) -> list[Row]:
    """The nine regions, two apart."""
    return [
        row(code, area_code=area_code, area=name, value=first + 2 * at, **changes)
        for at, (area_code, name, _) in enumerate(REGIONS)
    ]


def rows(**parts: list[Row]) -> Rows:
    """London's rows of one indicator, unless told otherwise."""
    own = parts.get("own", series([50.0, 55.0, 62.0], **LONDON))
    usual = {
        "own": own,
        "england": series([48.0, 52.0, 57.0], **NATION),
        "now": [each for each in own if each["period"] == "2011/12"],
        "nation": [row(value=57.0, target=70.0, **NATION)],
        "around": regions(),
    }
    return Rows(**(usual | parts))


def figure(made: Rows, about: dict[str, Any] | None = None, **how: Any) -> Figure:
    """The figure of London among the regions."""
    settings: dict[str, Any] = {"areas": "the nine regions", "short": SHORT} | how
    return outcome_rows(made, about or {"reviewed": ABOUT["reviewed"]}, [], CONTEXT, **settings)


def drawn(made: Figure, field: str, **mark: Any) -> list[dict[str, Any]]:
    """The rows of the layers that have a field and a mark like this."""
    layers = [layer for group in made.spec["layer"] for layer in group["layer"]]
    return [
        each
        for layer in layers
        if all(layer["mark"].get(name) == value for name, value in mark.items())
        for each in layer["data"]["values"]
        if field in each
    ]


def said(made: Figure) -> set[str]:
    """What a wide chart says in words."""
    return {each["wide"] for each in drawn(made, "wide", type="text")}


def test_a_row_says_value_move_england_target_and_both_ends() -> None:
    made = sound(figure(rows()))
    assert {
        "Needs agreed in review",
        "62.0%",
        "On track · up 12 points since 2009/10",
        "England 57.0%, target 70.0%",
        "North East 50.0%",
        "South West 66.0%",
        "Over time, 2009/10 to 2011/12",
        "The nine regions",
    } <= said(made)
    narrow = [each["narrow"] for each in drawn(made, "narrow")]
    for text in ("NE 50.0%", "SW 66.0%", ["up 12 points since", "2009/10"]):
        assert text in narrow
    assert made.headline == "Needs agreed in review: on track"
    assert "Needs agreed in review: 62.0%, On track · up 12 points since 2009/10." in made.alt


def test_dots_lie_between_the_lowest_and_the_highest_of_areas_england_and_target() -> None:
    made = figure(rows())
    at = {each["area"]: each["at"] for each in drawn(made, "area", type="point") if "area_code" in each}
    assert len(at) == 9
    assert (at["North East"], at["South West"]) == (0.0, pytest.approx(16 / 20))
    own = [layer for layer in made.spec["layer"][1]["layer"] if layer["mark"].get("fill") == "#12436D"]
    assert [each["area"] for layer in own for each in layer["data"]["values"]] == ["London"]
    england, target = ([each["at"] for each in drawn(made, "foot", color=colour)] for colour in ("#505a5f", "#801650"))
    assert (england, target) == ([pytest.approx(7 / 20)], [1.0])


def test_each_indicator_keeps_to_its_own_row_and_scale() -> None:
    made = sound(
        figure(
            rows(
                own=[*series([50.0, 55.0, 62.0], **LONDON), *series([200.0, 150.0, 148.0], "cost", **LONDON)],
                around=[*regions(), *regions(100.0, "cost")],
            ),
            ABOUT,
        )
    )
    assert made.spec["height"] <= HEAD + 2 * STEP
    for each in drawn(made, "period", type="point"):
        top = HEAD if each["indicator"] == "reviewed" else HEAD + STEP
        assert top < each["y"] < top + STEP
    cost = [each["y"] for each in drawn(made, "period", type="point") if each["indicator"] == "cost"]
    assert cost == sorted(cost), "down is down"
    assert made.headline == "Both indicators on track"
    assert "On track · down £52 since 2009/10" in said(made)


@pytest.mark.parametrize(
    ("statuses", "headline"),
    [
        (("on_track", "off_track"), "1 of 2 on track; cost per day off track"),
        (("at_risk", "off_track"), "0 of 2 on track; cost per day off track"),
        (("off_track", "off_track"), "0 of 2 on track, 2 off track"),
        (("none", "at_risk"), "Cost per day: at risk"),
        (("none", "none"), "No indicator can be judged yet"),
    ],
)
def test_the_headline_says_what_is_behind(statuses: tuple[str, str], headline: str) -> None:
    now = [row(code, status=status, **LONDON) for code, status in zip(ABOUT, statuses, strict=True)]
    assert sound(figure(rows(own=now, now=now), ABOUT)).headline == headline


def test_no_line_is_drawn_across_a_missing_period_and_the_row_says_why() -> None:
    made = sound(figure(rows(own=series([50.0, None, 62.0], **LONDON))))
    own = next(layer for layer in made.spec["layer"][0]["layer"] if layer["mark"].get("strokeWidth") == 2.5)
    assert len({each["run"] for each in own["data"]["values"]}) == 2
    hidden = sound(figure(rows(own=series([50.0, 55.0, None], **LONDON))))
    assert hidden.headline == "No indicator has a value in this period"
    assert {"c", "No judgement: suppressed · suppressed to protect confidentiality"} <= said(hidden)


def test_areas_without_a_value_have_no_dot_and_are_counted() -> None:
    around = [*regions()[:-1], row(area_code="E12000009", area="South West", value=None)]
    made = sound(figure(rows(around=around)))
    assert len([each for each in drawn(made, "area", type="point") if "area_code" in each]) == 8
    assert "No dot for 1 figure not there or not shown: see the table." in made.notes
    nobody = sound(figure(rows(around=[row(**LONDON, value=None)])))
    assert "No figure of any of these areas" in said(nobody)


def test_what_the_period_has_no_row_of_is_named() -> None:
    made = sound(figure(rows(), ABOUT))
    assert "No figure in this period: cost per day." in made.notes
    assert "Cost per day" not in said(made)


def test_what_is_collected_elsewhere_says_where() -> None:
    about = {"reviewed": dict(ABOUT["reviewed"]) | {"scope": "London"}}
    made = sound(figure(rows(own=[], england=[], now=[], around=[row(**LONDON)]), about))
    assert "No judgement · collected in London only" in said(made)


def test_low_coverage_is_noted_and_england_is_named_only_where_it_is_drawn() -> None:
    made = figure(rows(around=regions(coverage=0.3)))
    assert "Low coverage in 9 figures" in made.notes
    assert "Thin grey line: England." in made.notes
    alone = sound(figure(rows(england=[])))
    assert "Thin grey line" not in alone.notes
    assert "dark: the area itself" not in alone.notes


def test_the_table_holds_every_figure_once() -> None:
    made = figure(rows())
    table = made.table
    assert len(table) == 3 + 3 + 8, "London and England over time, the other regions at the period"
    assert not table.duplicated(["Indicator", "Area", "Period"]).any()
    assert table.loc[table["Area"] == "North East", "Value"].tolist() == ["50.0%"]
