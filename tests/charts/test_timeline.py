"""The plan's timeline: its finding, what each mark says, what is not set, and its table twin."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import altair
import pandas as pd
import pytest
import vl_convert

from charts.figure import Figure
from charts.marks import ACTION_SHAPES
from charts.theme import in_dark
from charts.timeline import MARKS, STATES, table, timeline
from measures.lateness import STATUSES, Milestone, with_lateness
from tests.charts.chart_frames import CONTEXT

DAY, SPAN = date(2012, 8, 31), (date(2009, 9, 1), date(2012, 8, 31))
ABOUT = replace(CONTEXT, place="All actions", coverage_text="")


def action(code: str = "1.1.1", **changes: Any) -> dict[str, Any]:
    """One action, under way and not late, unless told otherwise."""
    row: dict[str, Any] = {
        "line": code.rpartition(".")[0], "line_title": f"Line {code.rpartition('.')[0]}", "code": code,
        "title": "Train leaders", "partner": None, "owner_name": "Ofsted", "starts": date(2010, 1, 4), "due": DAY,
        "status": "under_way", "note": "", "milestones": (),
    }  # fmt: skip
    return row | changes


def figure(*rows: dict[str, Any], day: date = DAY) -> Figure:
    frame = pd.DataFrame(list(rows), columns=list(action()), dtype=object)
    return timeline(with_lateness(frame, day), day, SPAN, ABOUT)


def sound(made: Figure) -> Figure:
    """What must hold of every figure, and that it can be drawn in both modes, wide and narrow."""
    assert 1 <= len(made.headline.split()) <= 10
    assert made.alt.endswith(".")
    assert "Illustrative data" in made.source
    assert "NaN" not in json.dumps(made.spec)
    for spec in (made.spec, in_dark(made.spec)):
        altair.Chart.from_dict(spec)
        for width in (350, 1000):
            assert vl_convert.vegalite_to_svg(json.dumps(spec | {"width": width})).startswith("<svg")
    return made


def layers(made: Figure, kind: str) -> list[dict[str, Any]]:
    return [layer for layer in made.spec["layer"] if layer["mark"]["type"] == kind]


def texts(made: Figure) -> list[str]:
    return [str(row.get("said", row.get("text"))) for layer in layers(made, "text") for row in layer["data"]["values"]]


@pytest.mark.parametrize(
    ("rows", "finding"),
    [
        ([action(), action("1.1.2", due=date(2012, 8, 30))], "1 of 2 actions is late"),
        ([action(), action("1.1.2")], "No action of 2 is late"),
        ([action(due=date(2012, 8, 30))], "The one action shown is late"),
        ([], "No action to show"),
    ],
)
def test_the_headline_says_how_many_are_late(rows: list[dict[str, Any]], finding: str) -> None:
    assert sound(figure(*rows)).headline == finding


def test_each_action_stands_under_its_line_with_its_status_in_words() -> None:
    made = sound(figure(action(), action("1.2.1", due=date(2012, 5, 31)), action("1.2.2", status="stopped")))
    said = texts(made)
    for text in ("1.1 Line 1.1", "1.2 Line 1.2", "1.2.1 Train leaders", "Under way, 92 days late", "Stopped"):
        assert text in said
    points = next(layer for layer in layers(made, "point") if "shape" in layer["encoding"])
    assert [(row["row"], row["state"]) for row in points["data"]["values"]] == [
        (3, "under_way"), (5, "late"), (6, "stopped"),
    ]  # fmt: skip
    late = [layer for layer in layers(made, "text") if layer["mark"].get("color") == MARKS["late"]]
    assert [row["said"] for row in late[0]["data"]["values"]] == ["Under way, 92 days late"]


def test_a_status_is_told_by_shape_and_word_not_by_colour_alone() -> None:
    assert set(ACTION_SHAPES) == set(STATUSES)
    assert len(set(ACTION_SHAPES.values())) == len(STATUSES)
    assert set(STATES) == set(MARKS) == {*STATUSES, "late"}


def test_bars_milestones_and_the_day_lie_on_their_days() -> None:
    steps = (Milestone("Half", date(2011, 3, 31), date(2011, 4, 1)), Milestone("Rest", date(2012, 3, 30)))
    made = sound(figure(action(milestones=steps)))
    bar = layers(made, "rect")[0]["data"]["values"][0]
    when = {name: datetime.fromtimestamp(bar[name] / 1000, UTC).date() for name in ("starts", "due")}
    assert when == {"starts": date(2010, 1, 4), "due": DAY}
    diamonds = next(layer for layer in layers(made, "point") if layer["mark"].get("shape") == "diamond")
    assert [(row["milestone"], row["reached"], row["when"]) for row in diamonds["data"]["values"]] == [
        ("Half", True, "1 April 2011"), ("Rest", False, "not reached"),
    ]  # fmt: skip
    assert "Under way, 1 milestone late" in texts(made)
    assert {"Sep 2009", "Sep 2010", "Sep 2011", "31 August 2012"} <= set(texts(made))
    assert "due before 31 August 2012" in made.notes


def test_days_that_are_not_set_are_not_drawn_as_some_other_day() -> None:
    made = sound(figure(action(starts=None), action("1.1.2", due=None), action("1.1.3", starts=None, due=None)))
    assert not layers(made, "rect")
    assert [row["row"] for row in layers(made, "tick")[0]["data"]["values"]] == [3, 4]
    assert made.table["Due"].tolist() == ["31 August 2012", "not set", "not set"]


def test_the_span_widens_for_an_action_beyond_the_strategy() -> None:
    wide = figure(action(starts=date(2008, 5, 1), due=date(2013, 3, 29)))
    first, last = layers(wide, "rect")[0]["encoding"]["x"]["scale"]["domain"]
    assert datetime.fromtimestamp(first / 1000, UTC).date() == date(2008, 5, 1)
    assert datetime.fromtimestamp(last / 1000, UTC).date() == date(2013, 3, 29)


def test_the_alt_text_counts_and_names_the_late_worst_first() -> None:
    rows = [action(f"1.1.{at}", due=date(2012, 8, at)) for at in range(1, 15)]
    assert "Late: 1.1.1 by 30 days, 1.1.2 by 29 days" in sound(figure(*rows)).alt
    assert figure(*rows).alt.endswith("1.1.12 by 19 days, and others.")
    assert "1 done and 1 stopped" in figure(action(status="done"), action("1.1.2", status="stopped")).alt


def test_the_table_twin_says_the_same() -> None:
    step = Milestone("Half", date(2011, 3, 31))
    made = figure(action(due=date(2012, 8, 1), partner="LAs", note="Slow", milestones=(step,)))
    assert made.table.iloc[0].to_dict() == {
        "Line": "1.1 Line 1.1", "Action": "1.1.1 Train leaders", "Owner": "Ofsted", "With": "LAs",
        "Start": "4 January 2010", "Due": "1 August 2012", "Status": "Under way", "Days late": 30,
        "Milestones": "Half, due 31 March 2011, not reached", "Note": "Slow",
    }  # fmt: skip
    assert table(with_lateness(pd.DataFrame(columns=list(action()), dtype=object), DAY)).empty
