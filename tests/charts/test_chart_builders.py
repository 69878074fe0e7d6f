"""Each chart builder: finding, spec, table, and what it does when there is nothing to show."""

import json
import re

import altair
import numpy as np
import pandas as pd
import pytest

from charts.dots import ranked
from charts.funnel import funnel
from charts.gap import gap_over_time
from charts.heat import status_table
from charts.marks import STATUS_SHAPES
from charts.spine import spine
from charts.theme import in_dark
from charts.trend import trajectory
from measures.gaps import funnel_limits, spread
from tests.charts.chart_frames import (
    CONTEXT,
    areas,
    england,
    frame,
    indicator,
    missing_row,
    regions,
    value_row,
)

ENGLAND_ROW = england().iloc[0]


def indicators() -> pd.DataFrame:
    return pd.DataFrame(
        [
            indicator("reviewed"),
            indicator("duplicated", priority="coherence", priority_short="Coherence", outcome="2a", better="lower"),
        ]
    )


def sound(figure):
    """What must hold of every figure: short headline, all words present, a spec that Altair's schema accepts."""
    assert 1 <= len(figure.headline.split()) <= 10
    assert figure.alt.endswith(".")
    assert "Illustrative data" in figure.source
    assert figure.spec["title"]["text"] == "Illustrative data"  # headline and source are the page's words
    assert figure.spec["width"] == "container"
    assert "NaN" not in json.dumps(figure.spec)
    altair.Chart.from_dict(in_dark(figure.spec))
    return figure


def test_heat_table_names_the_priority_in_trouble():
    duplicated = regions("duplicated", first=40.0).assign(status="off_track")
    values = pd.concat([regions(), england(), duplicated, england("duplicated").assign(status="off_track")])
    figure = sound(status_table(values, indicators(), areas(), CONTEXT, highlight="E12000007"))
    assert figure.headline == "Coherence lags: 0 of 1 on track in England"
    cells = figure.spec["data"]["values"]
    assert len(cells) == 20
    assert {cell["s"] for cell in cells} == {"on_track", "at_risk", "off_track"}
    shape = figure.spec["layer"][1]["encoding"]["shape"]["scale"]
    assert dict(zip(shape["domain"], shape["range"], strict=True)) == STATUS_SHAPES
    assert list(figure.table.columns[:3]) == ["Indicator", "Area", "Value"]
    assert len(figure.table) == 20


def test_heat_table_keeps_a_missing_value_as_its_symbol():
    figure = sound(status_table(frame(missing_row("c")), indicators(), areas(), CONTEXT))
    assert figure.spec["data"]["values"][0] | {"v": "c", "w": "suppressed"} == figure.spec["data"]["values"][0]
    assert figure.headline == "No status can be judged yet"
    assert sound(status_table(frame(), indicators(), areas(), CONTEXT)).headline == "No values to show"


def test_heat_table_groups_indicators_without_a_priority():
    loose = [indicator(c, priority=None, priority_short=np.nan, outcome="1d") for c in ("reviewed", "duplicated")]
    values = pd.concat([england(), england("duplicated").assign(symbol=np.nan, value=np.nan, status="off_track")])
    figure = sound(status_table(values, pd.DataFrame(loose), areas(), CONTEXT))
    headers = [row["text"] for layer in figure.spec["layer"] if layer["mark"].get("fontWeight") == 700
               for row in layer["data"]["values"]]  # fmt: skip
    assert headers == ["Other indicators"]
    assert figure.spec["data"]["values"][1]["v"] == "–"


def test_heat_table_of_33_indicators_is_small():
    many = pd.DataFrame([indicator(f"i{n}", short_title="Learning with other services") for n in range(33)])
    values = pd.concat([regions(f"i{n}") for n in range(33)] + [england(f"i{n}") for n in range(33)])
    assert len(json.dumps(status_table(values, many, areas(), CONTEXT).spec)) < 60_000


def periods(*rows: dict) -> pd.DataFrame:
    codes = [("2009/10", 2010.0), ("2010/11", 2011.0), ("2011/12", 2012.0)]
    return frame(*(row | {"period": p, "period_position": at} for row, (p, at) in zip(rows, codes, strict=False)))


def test_trend_says_the_status_and_labels_directly():
    area = periods(value_row(value=50.0), value_row(value=55.0), value_row(value=61.2))
    figure = sound(trajectory(area, indicator(), CONTEXT, england=england()))
    assert figure.headline == "London is on track at 61.2%"
    text = json.dumps(figure.spec)
    assert '["London", "61.2%"]' in text
    assert '["England", "60.5%"]' in text
    assert '["Target", "65.0%"]' in text
    assert "2009/10 to 2011/12" in figure.subtitle


def test_trend_leaves_a_gap_and_names_the_symbol():
    area = periods(value_row(value=50.0), missing_row("c"), value_row(value=61.2))
    figure = sound(trajectory(area, indicator(), CONTEXT))
    points = [row for layer in figure.spec["layer"] for row in layer["data"]["values"] if "part" in row]
    assert {row["period"] for row in points} == {"2009/10", "2011/12"}
    assert len({row["part"] for row in points}) == 2, "no line crosses the gap"
    assert "2010/11: c, suppressed to protect confidentiality." in figure.notes
    assert figure.table.loc[1, "Value"] == "c"


def test_trend_without_any_value_says_why():
    figure = sound(trajectory(periods(missing_row("x")), indicator(), CONTEXT))
    assert figure.headline == "London: no value, not available"
    assert sound(trajectory(frame(), indicator(), CONTEXT)).headline == "England has no value"


def test_ranked_puts_the_best_first_for_either_direction():
    higher = sound(ranked(regions(), indicator(), CONTEXT, england=ENGLAND_ROW))
    assert higher.headline == "South West leads; North East trails by 16 points"
    assert higher.table["Area"].iloc[0] == "South West"
    lower = sound(ranked(regions(), indicator(better="lower"), CONTEXT))
    assert lower.table["Area"].iloc[0] == "North East"


def test_ranked_can_be_clicked_and_draws_the_references():
    figure = ranked(regions(), indicator(), CONTEXT, england=ENGLAND_ROW, focus="E12000007")
    pick = next(param for param in figure.spec["params"] if param["name"] == "pick")
    assert pick["select"] == {"type": "point", "fields": ["area_code"]}
    assert figure.headline == "London ranks 3rd of 9 on needs agreed in review"
    text = json.dumps(figure.spec)
    assert "England 60.5%" in text
    assert "Target 65.0%" in text


def test_alt_ends_with_the_sentence_of_the_area_in_focus_or_of_england():
    own = "London: 64.0%, 3.5 points above England (better); on track for 65.0% by 2011/12."
    nation = "England: 60.5%; on track for 65.0% by 2011/12."
    around = {"england": ENGLAND_ROW, "focus": "E12000007"}
    assert ranked(regions(), indicator(), CONTEXT, **around).alt.endswith(f"; England 60.5%. {own}")
    assert ranked(regions(), indicator(), CONTEXT, england=ENGLAND_ROW).alt.endswith(f" by 16 points. {nation}")
    assert funnel(regions(), indicator(), CONTEXT, limits=funnel_limits, **around).alt.endswith(f" {own}")
    assert funnel(regions(), indicator(), CONTEXT, limits=funnel_limits, england=ENGLAND_ROW).alt.endswith(nation)
    area = regions()[lambda f: f["area"] == "London"]
    assert trajectory(area, indicator(), CONTEXT, england=england()).alt.endswith(f"; expected 60.0%. 2011/12, {own}")
    assert gap_over_time(regions(), indicator(), CONTEXT, england=england()).alt.endswith(f" 2011/12, {nation}")


def test_alt_says_why_the_area_in_focus_has_no_value():
    values = frame(missing_row("x"), value_row(area="Leeds", area_code="L"))
    figure = ranked(values, indicator(), CONTEXT, england=ENGLAND_ROW, focus="E12000007")
    assert figure.alt.endswith("London: not reported.")
    assert trajectory(values.iloc[:1], indicator(), CONTEXT).alt.endswith("2011/12, London: not reported.")


def test_alt_of_a_spine_ends_with_the_indicator_furthest_behind():
    own = frame(value_row(value=58.0, upper=59.0), value_row(indicator="duplicated", value=70.0, lower=66.0))
    assert spine_of(own).alt.endswith(
        " 2 worse. Furthest behind, needs agreed in review: London: 70.0%, 9.5 points above England (worse); "
        "on track for 65.0% by 2011/12."
    )
    assert spine_of(frame(value_row(value=70.0, lower=66.0))).alt.endswith(" 1 better and 1 not compared.")


def tooltips(figure) -> dict[str, str]:
    """Title -> field of the tooltip that says the coverage."""
    found = re.findall(r'"tooltip": (\[\{.*?\}\])', json.dumps(figure.spec))
    said = [{item["title"]: item["field"] for item in json.loads(text)} for text in found]
    return next(titles for titles in said if "Coverage" in titles)


LOW = {"units": 12.0, "expected_units": 40.0, "coverage": 0.3, "status": "none", "reason": "coverage below 50%"}


def test_low_coverage_and_the_reason_for_no_judgement_are_said_in_chart_table_and_notes():
    low = value_row(**LOW)
    for figure in (
        ranked(frame(low), indicator(), CONTEXT, england=ENGLAND_ROW),
        trajectory(frame(low), indicator(), CONTEXT),
        funnel(frame(low), indicator(), CONTEXT, england=ENGLAND_ROW, limits=funnel_limits),
        status_table(frame(low), indicators(), areas(), CONTEXT),
        spine_of(frame(low)),
    ):
        text = json.dumps(sound(figure).spec)
        assert "30%, low coverage: 12 of 40 schools" in text
        assert figure.table["Coverage"].iloc[0] == "30%, low coverage: 12 of 40 schools"
        assert figure.table["Status"].iloc[0] == "– No judgement: coverage below 50%"
        assert tooltips(figure)
    assert "Low coverage: London (12 of 40 schools)." in ranked(frame(low), indicator(), CONTEXT).notes
    notes = trajectory(frame(low), indicator(), CONTEXT).notes
    assert "Low coverage: 2011/12 (12 of 40 schools). No judgement in 2011/12: coverage below 50%." in notes


def test_many_areas_of_low_coverage_are_counted_not_named():
    rows = [value_row(area=f"Area {n}", area_code=f"A{n}", **LOW) for n in range(6)]
    assert "Low coverage: 6 areas, marked in the table." in ranked(frame(*rows), indicator(), CONTEXT).notes


def test_ranked_compares_each_area_with_england_in_tooltip_and_table():
    values = pd.concat([regions(), frame(missing_row("c", area="Cornwall", area_code="X"))])
    figure = ranked(values, indicator(), CONTEXT, england=ENGLAND_ROW)
    assert tooltips(figure)["Compared with England"] == "against"
    found = dict(zip(figure.table["Area"], figure.table["Compared with England"], strict=True))
    assert (found["South West"], found["East of England"], found["North East"], found["Cornwall"]) == (
        "Better", "Similar", "Worse", "Not compared",
    )  # fmt: skip
    without = ranked(values, indicator(), CONTEXT)
    assert "Compared with England" not in without.table
    assert "Compared with England" not in tooltips(without)


def test_gap_draws_and_lists_the_intervals_of_both_ends():
    figure = sound(gap_over_time(regions(), indicator(), CONTEXT, england=england()))
    lines = [layer for layer in figure.spec["layer"] if "layer" in layer]
    assert [len(line["layer"]) for line in lines] == [2, 2, 1], "no bars on England's line"
    assert (lines[0]["data"]["values"][0]["lower"], lines[0]["data"]["values"][0]["upper"]) == (65.0, 71.0)
    assert figure.table.loc[0, "Best 95% interval"] == "65.0% to 71.0%"
    assert figure.table.loc[0, "Worst 95% interval"] == "49.0% to 55.0%"
    assert figure.table.loc[0, "Worst coverage"] == "91%"
    assert figure.notes == "Bars show 95% intervals."
    plain = gap_over_time(regions().assign(lower=np.nan, upper=np.nan), indicator(), CONTEXT)
    assert [len(layer["layer"]) for layer in plain.spec["layer"] if "layer" in layer] == [1, 1]
    assert plain.notes == ""


def test_ranked_lists_areas_without_a_value_at_the_foot():
    values = pd.concat([regions(), frame(missing_row("c", area="Cornwall", area_code="X"))])
    figure = sound(ranked(values, indicator(), CONTEXT))
    assert "No value: Cornwall (c, suppressed to protect confidentiality)." in figure.notes
    assert figure.table["Area"].iloc[-1] == "Cornwall"
    assert '"area": "Cornwall"' not in json.dumps(figure.spec), "nothing is drawn for it"
    empty = sound(ranked(frame(missing_row()), indicator(), CONTEXT))
    assert empty.headline == "No area has a value to show"
    assert sound(ranked(frame(value_row()), indicator(), CONTEXT)).headline == "Only London has a value: 61.2%"


def test_ranked_holds_all_local_authorities():
    rows = [value_row(level="la", area_code=f"E{n:08}", area=f"Authority {n}", value=40 + n / 5) for n in range(152)]
    figure = sound(ranked(frame(*rows), indicator(), CONTEXT))
    assert figure.spec["height"] == 20 * 154
    assert len(json.dumps(figure.spec)) < 60_000


def spine_of(own, **changes):
    las = pd.concat([frame(value_row(value=v)) for v in (40.0, 55.0, 65.0, 80.0)])
    las = pd.concat([las, las.assign(indicator="duplicated")])
    nation = pd.concat([england(), england("duplicated")])
    return spine(own, nation, None, spread(las), indicators(), CONTEXT, **changes)


def test_spine_puts_better_on_the_right_whatever_the_direction():
    own = frame(
        value_row(value=70.0, lower=66.0, upper=74.0), value_row(indicator="duplicated", value=70.0, lower=66.0)
    )
    figure = sound(spine_of(own))
    higher, lower = figure.spec["data"]["values"]
    assert higher["own"] == pytest.approx(9.5 / 20.5, rel=1e-4)
    assert lower["own"] == pytest.approx(-9.5 / 20.5, rel=1e-4)
    assert higher["comparison"] == "Better"
    assert lower["high"] < lower["low"], "the band is mirrored too"
    assert "England" in figure.table.columns


def test_spine_takes_a_comparison_it_is_given():
    figure = spine_of(frame(value_row(value=70.0)).assign(comparison="Worse"))
    assert figure.spec["data"]["values"][0]["comparison"] == "Worse"
    assert figure.headline == "London: 0 indicators better than England, 1 worse"


def test_spine_draws_nothing_for_a_missing_value():
    figure = sound(spine_of(frame(missing_row("c"))))
    first = figure.spec["data"]["values"][0]
    assert "own" not in first
    assert first["value"] == "c"
    assert "c: suppressed to protect confidentiality." in figure.notes
    assert figure.headline == "London cannot be compared with England yet"


def test_spine_marks_and_names_the_mean_of_the_neighbours():
    own = frame(value_row(value=70.0, lower=66.0, upper=74.0))
    mean = pd.DataFrame({"indicator": ["reviewed"], "value": [65.0], "reported": [8], "asked": [10]})
    figure = sound(spine_of(own, neighbours=mean))
    row = figure.spec["data"]["values"][0]
    assert (row["beside"], row["neighbours"]) == ("65.0%, mean of 8 of 10", pytest.approx(4.5 / 20.5, rel=1e-4))
    assert tooltips(figure)["Statistical neighbours"] == "beside"
    assert figure.table["Statistical neighbours"].tolist() == ["65.0%, mean of 8 of 10"]
    plain = spine_of(own)
    assert "Statistical neighbours" not in plain.table
    assert "Statistical neighbours" not in tooltips(plain)
    assert "Diamond" not in plain.notes


def test_trend_says_its_marker_in_notes_and_alt():
    area = periods(value_row(value=50.0), value_row(value=55.0), value_row(value=61.2))
    figure = sound(trajectory(area, indicator(), CONTEXT, marker="↗ Improving over 5 terms"))
    assert figure.notes.startswith("Trend: ↗ Improving over 5 terms. ")
    assert " Trend: ↗ Improving over 5 terms. 2011/12, London: 61.2%" in figure.alt
    assert "Trend" not in trajectory(area, indicator(), CONTEXT).notes


def test_ranked_lists_rank_and_quarter_and_what_chance_would_make():
    values = pd.concat([regions(), frame(missing_row("c", area="Cornwall", area_code="X"))])
    values.loc[values["area"] == "London", "value"] = 66.0
    table = ranked(values, indicator(), CONTEXT, england=ENGLAND_ROW).table
    assert table["Rank"].tolist() == ["1", "2=", "2=", "4", "5", "6", "7", "8", "9", "–"]
    assert table["Quarter"].tolist() == ["1", "1", "1", "2", "2", "3", "3", "4", "4", "–"]
    rows = [value_row(area_code=f"E{n:08}", area=f"Authority {n}", value=40 + n / 5) for n in range(152)]
    many = ranked(frame(*rows), indicator(), CONTEXT, england=ENGLAND_ROW)
    assert "Of 152 areas compared, about 8 would be better or worse by chance alone." in many.notes
    assert "chance" not in ranked(regions(), indicator(), CONTEXT, england=ENGLAND_ROW).notes


def test_funnel_finds_the_areas_beyond_the_limits():
    rows = [value_row(area_code=f"A{n}", area=f"Area {n}", value=60.5, n_eff=200.0) for n in range(20)]
    far = value_row(area_code="far", area="Farland", value=90.0, n_eff=400.0)
    figure = sound(funnel(frame(*rows, far), indicator(), CONTEXT, england=ENGLAND_ROW, limits=funnel_limits))
    assert figure.headline == "1 of 21 areas differs from England beyond chance"
    assert figure.table.loc[0, "Against chance"] == "Outside 99.8% limits"
    assert "about 1 would fall outside the 95% limits" in figure.notes
    assert "Farland" in json.dumps(figure.spec)


def test_funnel_within_chance_and_without_values():
    same = frame(*[value_row(area_code=f"A{n}", value=60.5) for n in range(5)])
    calm = sound(funnel(same, indicator(), CONTEXT, england=ENGLAND_ROW, limits=funnel_limits))
    assert calm.headline == "Differences between areas are no larger than chance"
    empty = sound(funnel(frame(missing_row()), indicator(), CONTEXT, england=ENGLAND_ROW, limits=funnel_limits))
    assert empty.headline == "No area can be placed in the funnel"
    with pytest.raises(ValueError, match="percentages"):
        funnel(same, indicator(unit="gbp"), CONTEXT, england=ENGLAND_ROW, limits=funnel_limits)


def test_gap_says_whether_it_narrowed():
    early = regions(period="2009/10")
    late = regions(period="2011/12").assign(value=lambda f: 60 + (f["value"] - 60) / 2)
    figure = sound(gap_over_time(pd.concat([early, late]), indicator(), CONTEXT, england=england()))
    assert figure.headline == "Gap between regions narrowed to 8 points"
    assert figure.table["Best region"].tolist() == ["South West", "South West"]
    assert figure.table["England"].tolist() == ["–", "60.5%"]
    wider = gap_over_time(pd.concat([early.assign(value=60.0), late]), indicator(), CONTEXT)
    assert wider.headline == "Gap between regions widened to 8 points"


def test_gap_with_local_authorities_and_at_the_edges():
    las = pd.concat([regions()] * 2).assign(level="la")
    figure = sound(gap_over_time(regions(), indicator(), CONTEXT, las=las))
    assert figure.headline == "Regions are 16 points apart"
    assert figure.table.loc[0, "Middle 80% of local authorities"] != "–"
    assert "middle 80%" in figure.notes
    assert sound(gap_over_time(frame(missing_row()), indicator(), CONTEXT)).headline == "No region has a value to show"
    single = gap_over_time(frame(value_row()), indicator(), CONTEXT)
    assert single.headline == "Too few regions have a value for a gap"


def test_pounds_and_rates_are_written_as_such():
    cost = frame(value_row(value=148.0, lower=np.nan, upper=np.nan, expected=140.0, target=125.0))
    figure = sound(trajectory(cost, indicator(unit="gbp", better="lower"), CONTEXT))
    assert "£148" in figure.headline
    assert figure.table.loc[0, "95% interval"] == "no interval"
