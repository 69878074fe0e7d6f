"""The gap between two groups of staff: its finding, spec, table, and what it does where there is none."""

import json

import altair
import pandas as pd
import pytest

from charts.group_gap import between_groups
from charts.theme import in_dark
from measures.gaps import group_gap
from tests.charts.chart_frames import CONTEXT, england, frame, indicator, missing_row, regions, value_row

NAMES = ("teachers", "support staff")


def group(first: float, of_england: float) -> pd.DataFrame:
    return pd.concat([regions(first=first), england(value=of_england)], ignore_index=True)


def figure(one: pd.DataFrame, other: pd.DataFrame, focus: str | None = None, **changes: str):
    about = indicator(**changes)
    one, other = (rows.assign(unit=about["unit"]) for rows in (one, other))
    made = between_groups(one, other, about, CONTEXT, names=NAMES, focus=focus)
    assert 1 <= len(made.headline.split()) <= 10
    assert made.alt.endswith(".")
    assert "Illustrative data" in made.source
    assert "nan" not in json.dumps([made.spec, made.alt, made.notes])
    assert "NaN" not in json.dumps(made.spec)
    altair.Chart.from_dict(in_dark(made.spec))
    return made


def drawn(made) -> dict[str, dict]:
    layer = next(layer for layer in made.spec["layer"] if "layer" in layer)
    return {row["area"]: row for row in layer["data"]["values"]}


def test_each_area_has_the_gap_that_measures_find_with_its_interval():
    one, other = group(60.0, 70.0), group(50.0, 61.0)
    made, found = figure(one, other), group_gap(one.assign(unit="percent"), other.assign(unit="percent"))
    assert made.headline == "Teachers clearly above support staff in 9 of 9 regions"
    rows = drawn(made)
    for area, expected in zip(one["area"], found.to_dict("records"), strict=True):
        assert rows[area]["gap"] == pytest.approx(expected["gap"], rel=1e-5)
        assert rows[area]["gap_lower"] == pytest.approx(expected["gap_lower"], rel=1e-5)
        assert rows[area]["gap_upper"] == pytest.approx(expected["gap_upper"], rel=1e-5)
    assert rows["England"]["said"] == "+9.0"
    assert made.table["Area"].iloc[-1] == "England"
    assert made.table.loc[0, "Gap"] == "10.0", "a plus would begin a formula in a spreadsheet"
    assert "about 0.5 would show a clear gap by chance alone." in made.notes
    assert len(json.dumps(made.spec)) < 12_000


def test_the_widest_gap_stands_first_and_the_area_in_focus_ends_the_alt_text():
    one, other = group(60.0, 60.0), group(60.0, 60.0)
    one.loc[one["area"] == "London", "value"] += 10
    made = figure(one, other, focus="E12000007")
    assert made.table["Area"].iloc[0] == "London"
    assert made.alt.endswith(" London: teachers 82.0%, support staff 72.0%, 10 points apart, a clear gap.")
    assert figure(one, other).alt.endswith(
        " England: teachers 60.0%, support staff 60.0%, 0 points apart, which may be chance."
    )


def test_a_gap_that_may_be_chance_is_hollow_and_said():
    made = figure(group(60.0, 60.0), group(59.0, 59.0))
    assert made.headline == "No clear gap between teachers and support staff"
    assert {row["judged"] for row in drawn(made).values()} == {"May be chance"}
    assert set(made.table["Against chance"]) == {"May be chance"}
    both_ways = group(60.0, 60.0)
    both_ways.loc[0, "value"], both_ways.loc[1, "value"] = 30.0, 90.0
    assert figure(both_ways, group(60.0, 60.0)).headline == "A clear gap, either way, in 2 of 9 regions"


def test_a_suppressed_group_leaves_no_gap_and_gives_nothing_away():
    one = frame(missing_row("c"), value_row(area="Leeds", area_code="L"))
    other = frame(value_row(value=55.0), value_row(area="Leeds", area_code="L", value=55.0))
    made = figure(one, other, focus="E12000007")
    assert list(drawn(made)) == ["Leeds"]
    assert "No gap: London (suppressed to protect confidentiality)." in made.notes
    hidden = made.table[made.table["Area"] == "London"].iloc[0]
    assert (hidden["Teachers"], hidden["Gap"], hidden["95% interval"]) == ("c", "–", "no interval")
    assert pd.isna(hidden["Gap (number)"])
    assert made.alt.endswith(" London: teachers c, support staff 55.0%.")


def test_pounds_are_signed_as_pounds():
    made = figure(group(60.0, 60.0), group(50.0, 50.0), unit="gbp")
    assert drawn(made)["England"]["said"] == "+£10"
    assert "points" not in made.notes


def test_nothing_to_show_says_so():
    none = frame(missing_row("x"))
    assert figure(none, none).headline == "No region has a figure for both groups"
