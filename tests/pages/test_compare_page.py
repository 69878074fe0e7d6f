"""The page that compares: what the address may say, ready sets, what is compared with what, and nothing unexplained."""

import json
import re
from collections.abc import Callable, Iterator

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from exports.shown import Shown
from exports.views import compared, data
from measures.differences import difference
from pages.parts import area_choice, area_sets, filters, plain, several

Opener = Callable[..., AppTest]
PERIOD = "2011/12"


def chosen(at: AppTest) -> list[str]:
    return list(at.multiselect(key="areas").value)


def address(at: AppTest, key: str) -> list[str]:
    """All values of a parameter of the address."""
    found = at.query_params[key]
    return [found] if isinstance(found, str) else list(found)


def whole(at: AppTest) -> AppTest:
    assert not at.exception, at.exception[0].message
    assert not at.error
    return at


def words(at: AppTest) -> Iterator[str]:
    for element in (*at.caption, *at.markdown, *at.info):
        yield element.value
    for chart in at.get("vega_lite_chart"):
        yield chart.proto.alt


def shown(**place: str | None) -> Shown:
    nowhere = dict.fromkeys(("region", "region_name", "la", "la_name"))
    usual = {"period": PERIOD, "period_label": PERIOD, "phase": "all", "staff_group": "all", "staff_label": "all staff"}
    return Shown(version=data.current_version(), **(usual | nowhere | place))  # type: ignore[arg-type]


CAMDEN = {"la": "202", "la_name": "Camden", "region": "E12000007", "region_name": "London"}


@pytest.mark.parametrize(
    ("given", "found", "said"),
    [
        ("Camden,Islington,London", ["Camden", "Islington", "London"], ""),
        (["Camden", "Islington"], ["Camden", "Islington"], ""),
        ("202, E09000019 ,lon,ENGLAND,e92000001", ["Camden", "Islington", "London", "England"], ""),
        (["camden", "Camden", "202"], ["Camden"], ""),
        ("Camden,Atlantis", ["Camden"], "“Atlantis” is not a known area and is left out."),
        ("Camden,Atlantis,Narnia", ["Camden"], "“Atlantis” and “Narnia” are not known areas and are left out."),
        ("a,b,c,d,e,Camden", ["Camden"], "“a”, “b”, “c” and 2 more are not known areas and are left out."),
        ("Camden,,", ["Camden"], ""),
    ],
)
def test_the_address_is_understood_however_areas_are_spelt(
    open_page: Opener, given: str | list[str], found: list[str], said: str
) -> None:
    at = whole(open_page("compare", areas=given))  # type: ignore[arg-type]
    assert chosen(at) == found
    assert address(at, "areas") == found
    assert [warning.value for warning in at.warning] == ([said] if said else [])
    assert at.selectbox(key="against").options == [*found, *([] if "England" in found else ["England"])]


def test_more_than_eight_are_cut_with_a_line(open_page: Opener) -> None:
    nine = ["Kent", "Camden", "Leeds", "Hackney", "Barnet", "London", "England", "Essex", "Devon"]
    at = whole(open_page("compare", areas=",".join(nine)))
    assert chosen(at) == nine[:8]
    assert [warning.value for warning in at.warning] == [
        "At most 8 areas can be compared: the first 8 are shown, 1 left out."
    ]
    at.selectbox(key="phase").set_value("Primary").run()
    assert not at.warning
    assert chosen(at) == nine[:8]


@pytest.mark.parametrize("given", ["", "Atlantis", "<script>alert(1)</script>", "'; DROP TABLE school; --", "x" * 5000])
def test_an_address_without_a_known_area_asks_for_one_or_takes_the_usual(open_page: Opener, given: str) -> None:
    at = whole(open_page("compare", areas=given))
    assert chosen(at) == []
    assert "Choose areas above" in at.info[0].value
    assert not at.get("vega_lite_chart")
    assert len(at.warning) == (1 if given else 0)
    assert all(len(warning.value) < 200 for warning in at.warning)
    assert chosen(whole(open_page("compare", areas=given, la="Camden"))) == ["Camden", "London", "England"]


def test_the_areas_follow_the_sidebar_until_others_are_chosen(open_page: Opener) -> None:
    at = open_page("compare", la="Camden")
    assert chosen(at) == ["Camden", "London", "England"]
    at.selectbox(key="la").set_value("Gateshead").run()
    assert chosen(at) == ["Gateshead", "North East", "England"]
    at.selectbox(key="la").set_value("All").run()
    assert chosen(at) == ["North East", "England"]
    at.multiselect(key="areas").set_value(["Kent"]).run()
    at.selectbox(key="la").set_value("Camden").run()
    assert chosen(whole(at)) == ["Kent"]
    at.multiselect(key="areas").set_value([]).run()
    assert chosen(whole(at)) == []
    at.selectbox(key="phase").set_value("Primary").run()
    assert chosen(at) == []


def test_each_ready_set_is_one_click_and_says_its_rule(open_page: Opener) -> None:
    at = open_page("compare", la="Camden")
    labels = [button.label for button in at.main.button if str(button.key).startswith("set_")]
    assert labels == ["Region", "Statistical neighbours", *(label for label, _ in area_sets.KINDS.values())]
    ready = {made.label: made for made in area_choice.sets(shown(**CAMDEN))}
    for label in labels:
        at.button(key=f"set_{label}").click().run()
        whole(at)
        assert chosen(at) == ready[label].areas
        assert address(at, "areas") == ready[label].areas
        assert any(plain.escaped(f"{label}: {ready[label].rule}") in caption.value for caption in at.caption)


def test_ready_sets_hold_what_their_rule_says() -> None:
    now, known = shown(**CAMDEN), data.reference(data.current_version()).authorities.set_index("name")
    ready = {made.label: made for made in area_choice.sets(now)}
    similar = data.similar(now.version)
    similar = similar[similar["la_code"] == "202"]
    for made in ready.values():
        assert made.areas[0] == "Camden"
        assert len(made.areas) == len(set(made.areas)) == area_sets.MOST
        assert made.rule.endswith(".")
        assert "illustrative" in made.rule
    region = ready["Region"].areas
    assert region[-2:] == ["London", "England"]
    assert set(known.loc[region[:-2], "region"]) == {"London"}
    order = similar["neighbour_code"].map(dict(zip(known["code"], known.index, strict=True)))
    in_london = [name for name in order if known.loc[name, "region"] == "London"]
    assert region[1:-2] == in_london[:5]
    for prefix, (label, _) in area_sets.KINDS.items():
        others = ready[label].areas[1:]
        assert known.loc[others, "ons_code"].str.startswith(prefix).all()
        assert others == [name for name in order if known.loc[name, "ons_code"].startswith(prefix)][:7]
    nearest = data.neighbours(now.version)
    nearest = nearest[nearest["la_code"] == "202"].sort_values("rank")["neighbour"].tolist()
    assert ready["Statistical neighbours"].areas == ["Camden", *nearest[:7]]
    assert "the closest 7 of its 10 statistical neighbours" in ready["Statistical neighbours"].rule


def test_without_neighbours_and_context_there_is_no_set_and_regions_come_in_parts() -> None:
    known = data.reference(data.current_version())
    none = data.similar(known.version).iloc[:0]
    listed = data.neighbours(known.version).iloc[:0]
    assert area_sets.of_authority("202", known.authorities, listed, none) == []
    parts = area_sets.of_regions("London", known.regions)
    assert [made.label for made in parts] == list(area_sets.PARTS)
    assert parts[0].areas == ["London", "North East", "North West", "Yorkshire and The Humber", "England"]
    assert parts[2].areas == ["London", "South East", "South West", "England"]
    named = {area for made in area_sets.of_regions(None, known.regions) for area in made.areas}
    assert named == {*known.regions["name"], "England"}


def test_the_differences_shown_are_those_that_measures_find(open_page: Opener) -> None:
    areas = ("Camden", "Kent", "London", "England")
    rows = compared.beside(shown(**CAMDEN), areas, ("reviewed", "cost_per_participant_day"), "Camden")
    assert rows["area"].tolist() == [*areas, *areas]
    mark = rows[rows["area"] == "Camden"].set_index("indicator").loc[rows["indicator"]].reset_index()
    found = difference(rows, mark)
    pd.testing.assert_frame_equal(rows[list(found.columns)], found)
    assert rows["relation"].tolist() == ["same", "separate", "around", "around"] * 2
    at = whole(open_page("compare", areas=list(areas), indicator="reviewed"))  # type: ignore[arg-type]
    table = next(table.value for table in at.table if "Rank" in table.value)
    by_name = table.set_index("Area")
    assert set(by_name.index) == set(areas)
    column = "Difference from Camden (95% interval)"
    assert by_name.loc["Camden", column] == "reference"
    for row in rows[rows["indicator"] == "reviewed"].to_dict("records"):
        if row["relation"] != "same" and pd.notna(row["gap"]):
            assert by_name.loc[row["area"], column].startswith(f"{abs(row['gap']):.1f} ")
            assert by_name.loc[row["area"], "Is it clear?"].startswith("Clear") == row["clear"]


def test_what_is_compared_with_what_is_in_the_address_and_in_every_subtitle(open_page: Opener) -> None:
    at = whole(open_page("compare", areas="Camden,Kent", against="e92000001"))
    assert at.selectbox(key="against").value == "England"
    subtitles = [caption.value for caption in at.caption if " · compared with " in caption.value]
    assert len(subtitles) >= 4
    assert sum("compared with England" in said for said in subtitles) >= 3
    at.selectbox(key="against").set_value("Kent").run()
    assert any("compared with Kent" in caption.value for caption in whole(at).caption)
    at.multiselect(key="areas").set_value(["Camden", "Leeds"]).run()
    assert at.selectbox(key="against").value == "Camden", "a reference that is gone gives way to the first area"
    unknown = whole(open_page("compare", areas="Camden,Kent", against="Leeds"))
    assert unknown.selectbox(key="against").value == "Camden"
    assert "“Leeds” is not a known area among those compared" in unknown.warning[0].value


def test_own_indicators_are_kept_in_the_address_and_are_twelve_at_most(open_page: Opener) -> None:
    at = whole(open_page("compare", areas="Camden,London", indicators="reviewed,1a Inclusive PD policy,nonsense"))
    labels = ["1b Needs agreed in review", "1a Inclusive PD policy"]
    assert at.multiselect(key="indicators").value == labels
    assert address(at, "indicators") == labels
    assert address(at, "show") == ["My own choice"]
    assert [warning.value for warning in at.warning] == ["“nonsense” is not a known indicator and is left out."]
    every = list(filters.indicator_labels(data.current_version())[0])
    many = whole(open_page("compare", areas="Camden,London", indicators=every[:14]))  # type: ignore[arg-type]
    assert many.multiselect(key="indicators").value == every[:12]
    assert "2 left out" in many.warning[0].value
    none = whole(open_page("compare", areas="Camden", show="My own choice"))
    assert "Choose indicators above." in [info.value for info in none.info]


@pytest.mark.parametrize("priority", ["Learning culture", "Coherence", "Quality"])
def test_a_priority_shows_its_indicators_twelve_panels_at_most(open_page: Opener, priority: str) -> None:
    at = whole(open_page("compare", areas="Camden,London", show=priority.lower()))
    known = data.reference(data.current_version()).of_strategy
    mine = known[known["priority_short"] == priority]
    spec = json.loads(at.get("vega_lite_chart")[-1].proto.spec)
    panels = next(param["value"] for param in spec["params"] if param["name"] == "low")
    assert len(panels) == len(mine) <= compared.AT_MOST


def test_panels_of_areas_are_on_one_scale(open_page: Opener) -> None:
    at = whole(open_page("compare", areas="Camden,London,Kent", indicator="cost_per_participant_day"))
    specs = [json.loads(chart.proto.spec) for chart in at.get("vega_lite_chart")]
    params = [{param["name"]: param.get("value") for param in spec.get("params", [])} for spec in specs]
    by_area = next(found for found in params if found.get("low") and len(found["low"]) == 3)
    assert len(set(by_area["low"])) == len(set(by_area["top"])) == 1


def test_an_indicator_of_london_says_so_elsewhere(open_page: Opener) -> None:
    at = whole(open_page("compare", areas="Kent,Camden", indicator="clt_registered"))
    table = next(table.value for table in at.table if "Rank" in table.value).set_index("Area")
    assert table.loc["Kent", "Value (95% interval)"] == "z: not collected here"
    assert not any(re.search(r"\bnan\b", said) for said in words(at))
    assert any("Not collected in Kent." in caption.value for caption in at.caption)
    nowhere = whole(open_page("compare", areas="Kent,Leeds", indicator="clt_registered"))
    assert any("Chartered London Teacher has no figures for Kent and Leeds" in info.value for info in nowhere.info)
    assert any("No figure in 2011/12: Chartered London Teacher." in caption.value for caption in nowhere.caption)


def test_a_term_names_the_indicators_without_figures(open_page: Opener) -> None:
    at = whole(open_page("compare", areas="Camden,London", period="2010/11 spring"))
    said = " ".join(words(at))
    assert "No figure in 2010/11, spring term: Inclusive PD policy" in said
    assert "Inclusive PD policy has no figures for Camden and London in 2010/11, spring term" in said
    termly = whole(open_page("compare", areas="Camden,London", period="2010/11 spring", indicator="inducted"))
    assert any("Rank" in table.value for table in termly.table)


@pytest.mark.parametrize(
    "areas",
    ["City of London,Isles of Scilly", "England", "Isles of Scilly", "London,North East,England,Camden,Gateshead"],
)
def test_no_figure_is_unexplained(open_page: Opener, areas: str) -> None:
    for more in ({}, {"phase": "special"}, {"staff_group": "support_staff"}, {"period": "2009/10"}):
        at = whole(open_page("compare", areas=areas, show="Quality", indicator="sen_trained", **more))
        for table in at.table:
            text = table.value.reset_index().astype(str)
            assert not text.apply(lambda column: column.str.contains(r"\b(?:nan|None|NaT|inf)\b")).any(axis=None)
        for said in words(at):
            assert not re.search(r"\b(nan|None|NaT|inf)\b", said), said


def test_parse_takes_a_name_with_a_comma_for_a_name() -> None:
    names = {"bristol, city of": "Bristol", "kent": "Kent"}
    assert several.parse(["Bristol, City of", "kent,KENT"], names) == (["Bristol", "Kent"], [])
    assert several.parse(["Kent,?"], names) == (["Kent"], ["?"])
    assert several.parse([], names) == ([], [])


def test_a_later_authority_s_code_means_the_one_that_is_held(open_page: Opener) -> None:
    at = open_page("compare", areas="942")
    assert at.multiselect(key="areas").value == ["Cumbria"]
