"""What the pages say of a place is what the measures find: neighbours, a year ago, rank, trend, gaps between groups."""

import json
import re
from collections.abc import Callable, Mapping

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data_access import neighbours, queries, values
from data_access.engine import get_engine, reading
from exports import benchmarks as words_of_benchmarks
from exports import frames
from exports.shown import Shown
from exports.views import against, comparisons, data, figures
from measures import comparison, words
from measures.gaps import group_gap
from measures.trends import with_trend
from pages.parts import plain

PERIOD = "2011/12"
INDICATOR = "1b Needs agreed in review"
ENGLAND = dict.fromkeys(("la", "la_name", "region", "region_name"))
Opener = Callable[..., AppTest]


@pytest.fixture(scope="module")
def known() -> dict[str, pd.DataFrame]:
    """Straight from the database: histories and the period's figures of authorities, regions and England, and sets."""
    with reading(get_engine()) as connection:
        about = queries.indicators(connection)
        frequency = about.set_index("code")["frequency"]
        found = {"indicators": about, "neighbours": neighbours.neighbours(connection)}
        for level in ("la", "region", "england"):
            found[f"{level}_history"] = values.area_values(connection, level)
            found[level] = values.at_period(found[f"{level}_history"], PERIOD, frequency)
        for group in ("teachers", "support_staff"):
            rows = [values.area_values(connection, level, staff_group=group) for level in ("region", "england")]
            found[group] = values.at_period(pd.concat(rows, ignore_index=True), PERIOD, frequency)
        return found


def _tables(at: AppTest) -> list[pd.DataFrame]:
    return [table.value for table in at.table]


def _beside(at: AppTest) -> pd.DataFrame:
    """The table of benchmarks, by its first columns."""
    return next(frame for frame in _tables(at) if "Against England" in frame and "Indicator" in frame)


def _own(frame: pd.DataFrame, la: str, code: str) -> pd.Series:
    return frame[(frame["area"] == la) & (frame["indicator"] == code)].iloc[0]


def _code(known: dict[str, pd.DataFrame], label: str) -> str:
    about = known["indicators"]
    return str(about.loc[about["outcome"] + " " + about["short_title"] == label, "code"].iloc[0])


@pytest.fixture(scope="module")
def place(known: dict[str, pd.DataFrame]) -> dict[str, str]:
    """The authority with the most figures, as Shown names it; in so small a database others have few."""
    rows = known["la"][known["la"]["value"].notna()]
    code = rows["area_code"].value_counts().idxmax()
    return _of(code)


def _of(code: str) -> dict[str, str]:
    found = data.reference(data.current_version()).authorities.set_index("code").loc[code]
    return {"la": code, "la_name": found["name"], "region": found["region_code"], "region_name": found["region"]}


def _shown(place: Mapping[str, str | None]) -> Shown:
    usual = {"period": PERIOD, "period_label": PERIOD, "phase": "all", "staff_group": "all"}
    return Shown(version=data.current_version(), staff_label="all staff", **usual, **place)  # type: ignore[arg-type]


@pytest.mark.parametrize("priority", ["Learning culture", "Coherence", "Quality"])
def test_each_indicator_stands_beside_its_benchmarks(
    open_page: Opener, known: dict[str, pd.DataFrame], place: dict[str, str], priority: str
) -> None:
    at = open_page("local-authority", la=place["la_name"])
    picked = at.get("button_group")
    assert [group.label for group in picked] == ["Priority"]
    picked[0].set_value(priority).run()
    table = _beside(at)
    about = known["indicators"]
    mine = about[about["priority_short"] == priority]
    assert table["Indicator"].tolist() == list(mine["outcome"] + " " + mine["short_title"])
    means = comparison.neighbour_mean(known["la"], known["neighbours"]).set_index(["indicator", "area_code"])
    seen = 0
    for row, item in zip(table.to_dict("records"), mine.to_dict("records"), strict=True):
        own, unit = _own(known["la"], place["la_name"], item["code"]), item["unit"]
        mean = means.loc[(item["code"], own["area_code"])]
        reported = f"({mean['neighbours_reported']:.0f} of {mean['neighbours_asked']:.0f} reported)"
        assert row["Against the mean of its neighbours"].endswith(
            f"{words.number(mean['neighbour_value'], unit)} {reported}"
            if mean["neighbours_reported"]
            else f"No figure {reported}"
        )
        seen += "of 10 reported" in row["Against the mean of its neighbours"]
        nation = known["england"][known["england"]["indicator"] == item["code"]]["value"]
        if len(nation):
            assert row["Against England"].endswith(words.number(nation.iloc[0], unit))
            said = comparison.compare(*(pd.Series([x]) for x in (own["lower"], own["upper"], nation.iloc[0])),
                                      pd.Series([item["better"]]))[0]  # fmt: skip
            if pd.notna(own["value"]):
                assert row["Against England"].startswith(said)
        else:
            assert row["Against England"] == "No figure"
        assert row["Value (95% interval)"].startswith(words.number(own["value"], unit, own["symbol"]))
    assert seen == len(mine)


def test_place_trend_and_a_year_ago_are_the_measures(
    open_page: Opener, known: dict[str, pd.DataFrame], place: dict[str, str]
) -> None:
    table = _beside(open_page("local-authority", la=place["la_name"])).set_index("Indicator")
    rows, history = known["la"], known["la_history"]
    before = values.at_period(
        comparison.a_year_ago(history), PERIOD, known["indicators"].set_index("code")["frequency"]
    )
    limits = known["indicators"].set_index("code")[["trend_points", "trend_confidence"]]
    markers = with_trend(history.join(limits, on="indicator")).set_index(["indicator", "area_code"])
    ranks = comparison.rank(rows["value"], rows["better"], rows["indicator"])
    trends = set()
    for label, row in table.iterrows():
        code = _code(known, str(label))
        own = _own(rows, place["la_name"], code)
        rank = ranks[own.name]
        if pd.notna(rank):
            assert re.match(rf"{rank:.0f}(st|nd|rd|th)=? of ", row["Place in England"])
            with_value = rows[(rows["indicator"] == code) & rows["value"].notna()]
            assert f" of {len(with_value)}, " in row["Place in England"]
        else:
            assert row["Place in England"] == "–"
        marker = markers.loc[(code, own["area_code"])]
        assert marker["trend"] in row["Trend"]
        trends.add(marker["trend"])
        earlier = _own(before, place["la_name"], code)["value_before"]
        assert row["Against a year ago"].endswith(words.number(earlier, own["unit"]) if pd.notna(earlier) else "figure")
    assert len(trends) > 1


def test_the_neighbours_are_listed_with_closeness_and_where_they_come_from(
    open_page: Opener, known: dict[str, pd.DataFrame], place: dict[str, str]
) -> None:
    at = open_page("local-authority", la=place["la_name"])
    listed = next(frame for frame in _tables(at) if "Closeness" in frame)
    mine = known["neighbours"][known["neighbours"]["la_code"] == place["la"]]
    assert listed["Local authority"].tolist() == mine["neighbour"].tolist()
    assert listed["Closeness"].str.lower().tolist() == mine["closeness"].tolist()
    assert any(plain.escaped(mine["basis_words"].iloc[0]) in caption.value for caption in at.caption)
    assert "illustrative" in mine["basis_words"].iloc[0]


def test_the_spine_marks_the_mean_of_the_neighbours(known: dict[str, pd.DataFrame], place: dict[str, str]) -> None:
    figure = comparisons.spine_chart(_shown(place))
    means = comparison.neighbour_mean(known["la"], known["neighbours"])
    mean = means[(means["area_code"] == place["la"]) & (means["indicator"] == "reviewed")].iloc[0]
    asked = f"{mean['neighbours_reported']} of {mean['neighbours_asked']}"
    said = f"{words.number(mean['neighbour_value'], 'percent')}, mean of {asked}"
    rows = {row["indicator"]: row for row in figure.spec["data"]["values"]}
    assert rows["reviewed"]["beside"] == said
    assert said in figure.table["Statistical neighbours"].tolist()
    assert "Diamond: mean of statistical neighbours." in figure.notes
    assert "its statistical neighbours" in figure.subtitle


def test_a_suppressed_figure_is_named_and_its_benchmarks_alone_are_shown(known: dict[str, pd.DataFrame]) -> None:
    hidden = known["la"][(known["la"]["symbol"] == "c") & (known["la"]["indicator"] != "clt_registered")].iloc[0]
    there = _of(hidden["area_code"])
    now = _shown(there)
    about = known["indicators"].set_index("code").loc[hidden["indicator"]]
    table = against.table(now, about["priority"]).set_index("Indicator")
    row = table.loc[f"{about['outcome']} {about['short_title']}"]
    assert row["Value (95% interval)"] == "c: suppressed to protect confidentiality"
    assert row["Place in England"] == "–"
    nation = known["england"].set_index("indicator")["value"][hidden["indicator"]]
    assert row["Against England"] == words.number(nation, about["unit"])
    assert row["Status"] == "– No judgement: suppressed"
    assert against.sentence(now, hidden["indicator"]) == f"{there['la_name']}: suppressed to protect confidentiality."
    assert not table.astype(str).apply(lambda column: column.str.contains(r"\b(?:nan|None)\b")).any(axis=None)


@pytest.mark.parametrize("la", ["Camden", "City of London", "Isles of Scilly", "Kent"])
def test_no_table_of_an_authority_holds_a_missing_number(open_page: Opener, la: str) -> None:
    at = open_page("local-authority", la=la)
    assert not at.exception
    for frame in _tables(at):
        text = frame.reset_index().astype(str)
        assert not text.apply(lambda column: column.str.contains(r"\b(?:nan|None|NaT|inf)\b")).any(axis=None)


def test_regions_says_the_chosen_area_beside_its_benchmarks(
    open_page: Opener, known: dict[str, pd.DataFrame], place: dict[str, str]
) -> None:
    name = place["la_name"]
    at = open_page("regions", la=name)
    at.selectbox(key="indicator").set_value(INDICATOR).run()
    own = _own(known["la"], name, "reviewed")
    means = comparison.neighbour_mean(known["la"], known["neighbours"])
    mean = means[(means["area_code"] == place["la"]) & (means["indicator"] == "reviewed")].iloc[0]
    said = next(text.value for text in at.markdown if text.value.startswith(f"{name}: "))
    assert said.startswith(f"{name}: {words.number(own['value'], 'percent')}, ")
    for benchmark in ("England", place["region_name"], "a year ago"):
        assert benchmark in said
    assert f"the mean of {mean['neighbours_reported']} of {mean['neighbours_asked']} neighbours" in said
    assert said.endswith(".")


def test_regions_shows_the_gap_between_groups_that_measures_find(known: dict[str, pd.DataFrame]) -> None:
    figure = comparisons.between_groups(_shown(ENGLAND), "reviewed", "teachers", "support_staff")
    assert figure is not None
    one, other = (
        known[group][known[group]["indicator"] == "reviewed"].set_index("area")
        for group in ("teachers", "support_staff")
    )
    found = group_gap(one, other.loc[one.index])
    table = figure.table.set_index("Area")
    assert set(table.index) == set(one.index)
    pd.testing.assert_series_equal(
        table["Gap (number)"], found["gap"].reindex(table.index), check_names=False, atol=1e-3
    )
    pd.testing.assert_series_equal(
        table["Lower 95%"], found["gap_lower"].reindex(table.index), check_names=False, atol=1e-3
    )
    assert "teachers minus support staff" in figure.subtitle
    assert len(json.dumps(figure.spec)) < 12_000


@pytest.mark.parametrize(
    ("indicator", "said"),
    [
        ("1a Inclusive PD policy", "this indicator is collected for all staff."),
        ("1d Masters-level PD", "this indicator is collected for teachers."),
    ],
)
def test_an_indicator_of_one_group_says_why_it_has_no_gap(open_page: Opener, indicator: str, said: str) -> None:
    at = open_page("regions")
    at.selectbox(key="indicator").set_value(indicator).run()
    why = [info.value for info in at.info]
    assert why == [
        f"No gap between {pair} is shown: {said}"
        for pair in ("teachers and support staff", "early career teachers and experienced teachers")
    ]


def test_a_trend_marker_goes_with_the_chart_over_time(known: dict[str, pd.DataFrame], place: dict[str, str]) -> None:
    figure = comparisons.trajectory(_shown(place), "inducted")
    limits = known["indicators"].set_index("code")[["trend_points", "trend_confidence"]]
    rows = known["la_history"][known["la_history"]["indicator"] == "inducted"]
    markers = with_trend(rows.join(limits, on="indicator")).set_index("area_code")
    assert re.match(rf"Trend: \S {markers.loc[place['la'], 'trend']}", figure.notes)
    assert f"Trend: {figure.notes.split('. ')[0].removeprefix('Trend: ')}." in figure.alt


def test_rank_and_quarter_stand_in_the_ranked_table(known: dict[str, pd.DataFrame]) -> None:
    table = comparisons.ranked(_shown(ENGLAND), "region", "reviewed").table
    rows = known["region"][known["region"]["indicator"] == "reviewed"].set_index("area")
    places = comparison.rank(rows["value"], "higher").reindex(table["Area"])
    assert [int(place.rstrip("=")) for place in table["Rank"]] == places.astype(int).tolist()
    quarters = comparison.quartile(rows["value"], "higher").reindex(table["Area"])
    assert table["Quarter"].tolist() == [f"{quarter:.0f}" for quarter in quarters]
    assert {"Lower 99.8%", "Upper 99.8%"} <= set(table.columns)


def test_the_heat_map_says_how_many_would_be_off_track_by_chance() -> None:
    now = _shown(ENGLAND)
    figure = figures.status_heat(now)
    judged = int((~figure.table["Status"].str.startswith("–")).sum())
    assert f"Of {judged:,} judgements, about {judged * 0.025:.0f} would read Off track by chance alone" in figure.notes


def test_an_unchanged_page_measures_nothing_again(open_page: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = {name: open_page(name, la="Camden") for name in ("local-authority", "regions")}

    def again(*_: object, **__: object) -> None:
        raise AssertionError("measured again")

    monkeypatch.setattr(frames, "with_trend", again)
    monkeypatch.setattr(frames, "a_year_ago", again)
    monkeypatch.setattr(frames, "neighbour_mean", again)
    monkeypatch.setattr(words_of_benchmarks, "compare", again)
    monkeypatch.setattr(comparisons.group_gap, "between_groups", again)
    for at in pages.values():
        assert not at.run().exception
