"""Findings: the widest gaps, biggest movers, what needs attention; ordered by size, and only where they are clear."""

import pandas as pd
import pytest

from measures import findings

INDICATORS = pd.DataFrame(
    {
        "code": ["policy", "cost"],
        "short_title": ["Inclusive policy", "Cost per day"],
        "unit": ["percent", "gbp"],
        "better": ["higher", "lower"],
    }
)
WAY = pd.Series({"policy": 20.0, "cost": 30.0})


def rows(indicator: str, *areas: tuple[str, float, float]) -> pd.DataFrame:
    """One row an area: name, value, half the width of its interval."""
    return pd.DataFrame(
        [
            {
                "indicator": indicator,
                "area_code": name[:2],
                "area": name,
                "value": value,
                "lower": value - half,
                "upper": value + half,
            }
            for name, value, half in areas
        ]
    )


def said(found: list[findings.Finding]) -> list[str]:
    return [finding.sentence for finding in found]


def test_gap_names_worst_then_best_and_follows_the_direction():
    both = pd.concat(
        [rows("policy", ("North", 60, 2), ("South", 45, 2)), rows("cost", ("North", 140, 3), ("South", 120, 3))]
    )
    assert said(findings.widest_gaps(both, INDICATORS, WAY)) == [
        "**Inclusive policy**: South 15 points behind North",
        "**Cost per day**: North £20 dearer than South",
    ]


def test_gap_within_the_intervals_is_no_finding():
    assert findings.widest_gaps(rows("policy", ("North", 60, 8), ("South", 50, 8)), INDICATORS, WAY) == []


@pytest.mark.parametrize("areas", [(), (("North", 60.0, 1.0),), (("North", 60.0, 1.0), ("South", float("nan"), 1.0))])
def test_gap_needs_two_areas_with_figures(areas):
    frame = rows("policy", *areas) if areas else rows("policy", ("North", 60, 1)).iloc[:0]
    assert findings.widest_gaps(frame, INDICATORS, WAY) == []


def test_movers_are_ordered_by_size_against_the_way_and_say_when_it_is_the_wrong_way():
    before = pd.concat([rows("policy", ("North", 50, 1)), rows("cost", ("North", 120, 1))])
    now = pd.concat([rows("policy", ("North", 60, 1)), rows("cost", ("North", 150, 1))])
    assert said(findings.biggest_movers(now, before, INDICATORS, WAY, "2010/11")) == [
        "**Cost per day**, North: up £30 since 2010/11, the wrong way",
        "**Inclusive policy**, North: up 10 points since 2010/11",
    ]


def test_unclear_change_is_no_finding():
    before, now = rows("policy", ("North", 50, 4)), rows("policy", ("North", 55, 4))
    assert findings.biggest_movers(now, before, INDICATORS, WAY, "2010/11") == []


def test_attention_puts_certain_shortfalls_first_and_going_well_needs_a_clear_lead():
    frame = pd.concat(
        [rows("policy", ("North", 60, 2)), rows("cost", ("North", 150, 2)), rows("policy", ("North", 70, 2))]
    )
    frame["expected"] = [61.0, 130.0, 60.0]
    frame["status"] = ["at_risk", "off_track", "on_track"]
    frame["target"] = 75.0
    behind, well = findings.attention(frame, INDICATORS, WAY)
    assert said(behind) == [
        "**Cost per day**: £150; off track: £20 above the £130 expected",
        "**Inclusive policy**: 60.0%; at risk: 1 point below the 61.0% expected, which may be chance",
    ]
    assert said(well) == [
        "**Inclusive policy**: 70.0%, 10 points above the 60.0% expected (better); on track for 75.0% by 2011/12"
    ]
    _, well = findings.attention(frame, INDICATORS, WAY, final_period="2013/14")
    assert said(well)[0].endswith("on track for 75.0% by 2013/14")


def test_yardstick_has_no_length_where_there_is_no_way_to_go():
    frame = pd.DataFrame({"indicator": ["a", "a", "b"], "baseline": [10.0, 20.0, 5.0], "target": [30.0, 30.0, 5.0]})
    way = findings.yardstick(frame)
    assert way["a"] == 15.0
    assert pd.isna(way["b"])
