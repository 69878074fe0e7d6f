"""Figure, context, marks, theme: the words and the look every chart shares."""

import itertools
import json
import re
from dataclasses import replace

import pandas as pd
import pytest

from charts import figure, labels, marks, theme
from charts.tables import twin
from tests.charts.chart_frames import CONTEXT, frame, indicator, missing_row, value_row


def test_slug_names_what_is_shown():
    assert figure.slugify("Inclusive policy", "London", "2011/12") == "inclusive-policy_london_2011-12"
    assert figure.slugify("King's Lynn & Wisbech", "", "Ångström") == "kings-lynn-wisbech_angstrom"


def test_headline_takes_the_first_that_fits_ten_words():
    assert figure.headline("one two three four five six seven eight nine ten eleven", "short") == "short"
    assert len(figure.headline("word " * 20).split()) == 10


def test_ordinals():
    assert [figure.ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 112, 152)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "112th", "152nd",
    ]  # fmt: skip


def test_subtitle_and_source_say_everything_that_is_known():
    context = replace(CONTEXT, comparator="England")
    assert context.subtitle("Needs met") == "Needs met · England · 2011/12 · all staff · compared with England"
    assert context.source_line() == (
        "Source: School survey · 91% of schools reporting · data version 7 · 3 March 2012 · Illustrative data"
    )
    assert "Illustrative" not in replace(CONTEXT, illustrative=False).source_line()


def test_records_leave_missing_numbers_out():
    rows = figure.records(pd.DataFrame({"a": [1.23456789, None], "b": ["x", "y"]}))
    assert rows == [{"a": 1.23457, "b": "x"}, {"b": "y"}]


def test_table_twin_shows_a_symbol_never_zero():
    table = twin(frame(value_row(), missing_row("c", area="Leeds")), indicator(), ["Area"])
    assert table.loc[0, "Value"] == "61.2%"
    assert table.loc[0, "95% interval"] == "58.0% to 64.4%"
    assert table.loc[1, "Value"] == "c"
    assert table.loc[1, "Status"] == "– No judgement: suppressed"
    assert pd.isna(table.loc[1, "Value (number)"])


def test_table_twin_holds_wider_intervals_where_the_frame_does():
    assert "Lower 99.8%" not in twin(frame(value_row()), indicator(), ["Area"])
    table = twin(frame(value_row()).assign(lower_998=55.5, upper_998=66.6), indicator(), ["Area"])
    assert (table.loc[0, "Lower 99.8%"], table.loc[0, "Upper 99.8%"]) == (55.5, 66.6)
    assert (table.loc[0, "Lower 95%"], table.loc[0, "Upper 95%"]) == (58.0, 64.4)


def test_each_status_has_a_shape_of_its_own():
    assert set(marks.STATUS_SHAPES) == {"on_track", "at_risk", "off_track", "none"}
    assert len(set(marks.STATUS_SHAPES.values())) == 4


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("status", list(theme.STATUS))
def test_status_colours_stand_out_in_both_modes(status):
    mark, cell = theme.STATUS[status], theme.STATUS_CELL[status]
    assert contrast(mark, cell) >= 4.5
    assert contrast(mark, theme.PAPER) >= 4.5
    dark_mark = theme.DARK.get(mark, theme.DARK.get(mark.upper()))
    assert contrast(dark_mark, theme.DARK[cell]) >= 4.5
    assert contrast(dark_mark, theme.DARK[theme.PAPER]) >= 4.5


@pytest.mark.parametrize("colour", [theme.TEXT, theme.MUTED, theme.LINK])
def test_text_colours_meet_aa_in_both_modes(colour):
    assert contrast(colour, theme.PAPER) >= 4.5
    assert contrast(theme.DARK[colour], theme.DARK[theme.PAPER]) >= 4.5


def test_dark_swaps_known_colours_and_leaves_the_rest():
    spec = theme.finish({"mark": {"type": "point", "color": "#12436D"}, "x": ["#abcdef", "text"]}, 100)
    dark = theme.in_dark(spec)
    assert dark["mark"]["color"] == theme.DARK["#12436D"]
    assert dark["x"] == ["#abcdef", "text"]
    assert dark["config"]["background"] == "transparent"
    assert dark["config"]["axis"]["labelColor"] == theme.DARK[theme.TEXT]
    assert spec["config"]["background"] == theme.PAPER, "the light spec is left as it was"


def test_every_colour_a_light_spec_may_hold_has_a_dark_one():
    known = {colour.lower() for colour in theme.DARK}
    used = set(re.findall(r"#[0-9a-fA-F]{6}\b", json.dumps([theme.config(), theme.STATUS_CELL, theme.COMPARISON])))
    assert {colour.lower() for colour in used} <= known


def test_labels_keep_their_distance_within_the_plot():
    placed = labels.apart([50.0, 50.5, 51.0], 4, 40, 60)
    assert placed == sorted(placed)
    assert min(b - a for a, b in itertools.pairwise(placed)) == pytest.approx(4, abs=0.01)
    assert labels.apart([59.0], 4, 40, 55) == [55.0]
    assert labels.apart([], 4, 0, 1) == []


def test_axis_ends_are_round_and_percentages_stay_within_bounds():
    assert labels.nice_domain([12.0, 96.0], "percent") == (0.0, 100.0)
    low, high = labels.nice_domain([99.0, 99.5], "percent")
    assert low < 99.0
    assert high <= 100.0
    assert labels.nice_domain([float("nan")], "percent") == (0.0, 100.0)
    assert labels.nice_domain([5.0, 5.0], "rate")[0] < 5 < labels.nice_domain([5.0, 5.0], "rate")[1]


def test_term_axis_writes_the_year_once():
    text = labels.period_axis(["2010/11 autumn", "2010/11 spring", "2010/11 summer"])["labelExpr"]
    assert "['Aut', '']" in text
    assert "['Sum', '2010/11']" in text


def test_period_span_does_not_repeat_a_single_period():
    assert labels.period_span(["2009/10", "2010/11", "2011/12"]) == "2009/10 to 2011/12"
    assert labels.period_span(["2011/12"]) == "2011/12"
    assert labels.period_span([]) is None
