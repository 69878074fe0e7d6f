"""The page of schools: what it says is what the schools published; other authorities' schools are nowhere on it."""

import io
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data_access import access, queries, schools, values
from data_access.engine import get_engine, reading
from data_access.errors import NotAllowed
from data_access.settings import settings
from exports.chase import chase_workbook
from exports.shown import Shown
from exports.views import data
from measures import response
from pages.parts import one_school as one
from pages.parts import schools as frames
from tests.pages.test_nothing_leaks import files, sent

LA, NAME = "202", "Camden"
Opener = Callable[..., AppTest]


@pytest.fixture(scope="module")
def known() -> dict[str, Any]:
    """Camden's schools straight from the database, for 2011/12."""
    with reading(get_engine()) as connection:
        about = queries.indicators(connection)
        history = values.school_values(connection, None, la_code=LA)
        frequency = about.set_index("code")["frequency"]
        rows = values.at_period(history, "2011/12", frequency)
        areas = values.at_period(values.area_values(connection, "la", "england"), "2011/12", frequency)
        return {
            "about": about,
            "history": history,
            "rows": rows,
            "areas": areas,
            "register": schools.register(connection, LA),
            "leeds": schools.register(connection, "383"),
            "counts": response.by_school(rows, about.set_index("code")["priority"]).set_index("area_code"),
        }


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Says whose schools may be seen, whatever is kept already."""
    return lambda said: monkeypatch.setattr(settings(), "schools_of", said)


def shown(**changes: Any) -> Shown:
    usual = {
        "version": data.current_version(), "period": "2011/12", "period_label": "2011/12", "region": "E12000007",
        "region_name": "London", "la": LA, "la_name": NAME, "phase": "all", "staff_group": "all",
        "staff_label": "all staff",
    }  # fmt: skip
    return Shown(**usual | changes)


def listed(at: AppTest) -> pd.DataFrame:
    return next(frame.value for frame in at.dataframe if "Returns in" in frame.value)


def test_the_table_counts_what_the_schools_published(open_page: Opener, known: dict[str, Any]) -> None:
    at = open_page("schools", la=NAME)
    table = listed(at).set_index("URN")
    assert table["School"].tolist() == known["register"]["name"].tolist()
    for urn, row in known["counts"].iterrows():
        said = table.loc[urn]
        assert said["Returns in"] == f"{row['received']} of {row['due']}"
        for short, code in (("Learning culture", "culture"), ("Coherence", "coherence"), ("Quality", "quality")):
            judged = row[f"judged_{code}"]
            assert said[short] == (f"{row[f'on_track_{code}']} of {judged}" if judged else "–")
    due, received = known["counts"]["due"].sum(), known["counts"]["received"].sum()
    assert any(f"{received:,} of {due:,} returns in" in caption.value for caption in at.caption)
    deck = at.get("deck_gl_json_chart")[0].proto
    for urn in known["register"]["urn"]:
        assert urn in deck.json
    assert deck.alt.startswith(f"Map of {len(table)} schools in {NAME}")


def test_filters_narrow_the_table(open_page: Opener, known: dict[str, Any]) -> None:
    at = open_page("schools", la=NAME)
    everyone = known["register"]
    at.selectbox(key="phase").set_value("Primary").run()
    assert set(listed(at)["Phase"]) == {"Primary"}
    assert len(listed(at)) == (everyone["phase"] == "primary").sum()
    at.selectbox(key="phase").set_value("All phases").run()
    at.text_input(key="find").set_value(everyone["urn"].iloc[1][-3:]).run()
    assert set(listed(at)["URN"]) == set(
        everyone.loc[everyone["urn"].str.contains(everyone["urn"].iloc[1][-3:]), "urn"]
    )
    at.text_input(key="find").set_value("zebra (*").run()
    assert any("No school passes these filters" in info.value for info in at.info)
    at.text_input(key="find").set_value("").run()
    at.selectbox(key="response").set_value("Not complete").run()
    part = set(known["counts"].index[known["counts"]["response"] == "part"])
    assert set(listed(at)["URN"]) == part
    at.selectbox(key="response").set_value("All responses").run()
    at.selectbox(key="sort").set_value("Fewest returns in").run()
    counts = known["counts"].loc[listed(at)["URN"]]
    assert (counts["received"] / counts["due"]).is_monotonic_increasing
    cluster = next(name for name in at.selectbox(key="cluster").options if name.startswith("Example"))
    at.selectbox(key="cluster").set_value(cluster).run()
    assert set(listed(at)["Cluster"]) == {cluster}


@pytest.mark.parametrize(("key", "given"), [("cluster", "Nowhere"), ("response", "x"), ("sort", "<b>")])
def test_an_unknown_filter_of_the_address_is_named(open_page: Opener, key: str, given: str) -> None:
    at = open_page("schools", la=NAME, **{key: given})
    assert not at.exception
    assert at.warning[0].value.startswith(f"“{given}” is not a known ")
    assert not listed(at).empty


def test_a_sheet_shows_the_school_beside_its_authority_phase_and_england(
    open_page: Opener, known: dict[str, Any]
) -> None:
    about = known["about"].set_index("short_title")
    areas = known["areas"].set_index(["area_code", "indicator"])["value"]
    for school in known["register"].itertuples():
        figure = one.sheet(shown(), school.urn)
        mine = known["rows"][known["rows"]["area_code"] == school.urn].set_index("indicator")
        table = figure.table.set_index("Indicator")
        assert set(about.loc[table.index, "code"]) == set(mine.index)
        for title, row in table.iterrows():
            own = mine.loc[about.loc[title, "code"]]
            assert row["Value (number)"] == pytest.approx(own["value"], abs=1e-3, nan_ok=True)
            assert row["Symbol"] == own["symbol"]
            if own["unit"] == "percent":
                for column, code in ((NAME, LA), ("England", "E92000001")):
                    value = areas[(code, own.name)]
                    assert row[column] == ("–" if pd.isna(value) else f"{value:,.1f}%")
        assert f"{NAME}’s {school.phase} schools" in table.columns
    at = open_page("schools", la=NAME, school=known["register"]["urn"].iloc[0])
    counts = known["counts"].iloc[0]
    first = next(text.value for text in at.markdown if text.value.startswith("**"))
    assert f"{counts['received']} of {counts['due']} returns in; " in first.replace("\\", "")
    assert at.selectbox(key="school_choice").value == known["register"]["urn"].iloc[0]


def test_what_a_school_owes_is_named_by_priority(known: dict[str, Any]) -> None:
    about = known["about"].set_index("code")
    owed = response.missing(known["rows"])
    urn = owed["area_code"].iloc[0]
    mine = owed.loc[owed["area_code"] == urn, "indicator"]
    found = one.unanswered(shown(), urn)
    assert {title for titles in found.values() for title in titles} == set(about.loc[mine, "short_title"])
    assert set(found) == set(about.loc[mine, "priority_short"])


@pytest.mark.parametrize("given", ["9999999", "x' or 1=1 --", "<script>", ""])
def test_an_unknown_school_of_the_address_is_named_and_none_is_chosen(open_page: Opener, given: str) -> None:
    at = open_page("schools", la=NAME, school=given)
    assert not at.exception
    assert [text.value for text in at.warning] == [f"“{given}” is not a known school of {NAME}; no school is chosen."]
    assert at.selectbox(key="school_choice").value == ""


def test_a_school_of_another_authority_is_as_unknown(open_page: Opener, known: dict[str, Any]) -> None:
    urn, name = known["leeds"][["urn", "name"]].iloc[0]
    at = open_page("schools", la=NAME, school=urn)
    assert [text.value for text in at.warning] == [f"“{urn}” is not a known school of {NAME}; no school is chosen."]
    assert name not in sent(at)


def test_an_address_that_names_a_school_alone_means_its_authority(
    open_page: Opener, known: dict[str, Any], only: Callable[[str], None]
) -> None:
    urn, name = known["leeds"][["urn", "name"]].iloc[0]
    at = open_page("schools", school=urn)
    assert at.selectbox(key="la").value == "Leeds"
    assert name in sent(at)
    only("202")
    at = open_page("schools", school=urn)
    assert at.selectbox(key="la").value == "All", "where a school is, is not told to who may not see it"
    assert name not in sent(at)
    (warning,) = (text.value for text in at.warning)
    assert warning.startswith("The schools of this school’s authority are shown to its own officers only.")
    assert "school" not in at.query_params


def test_each_figure_of_schools_says_whose_they_are(known: dict[str, Any]) -> None:
    urn, indicator = known["rows"].loc[known["rows"]["value"].notna(), ["area_code", "indicator"]].iloc[0]
    over_time = one.over_time(shown(), urn, indicator)
    for figure in (frames.map_figure(shown()), one.sheet(shown(), urn), over_time):
        assert figure is not None
        assert figure.schools_of == (LA, NAME)


def test_the_tables_have_no_download_but_ours(open_page: Opener) -> None:
    def hidden(at: AppTest) -> bool:
        return any('[aria-label^="Download as "]' in element.proto.body for element in at.get("html"))

    assert hidden(open_page("schools", la=NAME))
    assert not hidden(open_page("schools"))
    assert not hidden(open_page("regions"))


@pytest.mark.parametrize("setting", ["none", "202"])
def test_whoever_may_not_see_an_authority_s_schools_sees_no_name_figure_or_point(
    open_page: Opener, known: dict[str, Any], only: Callable[[str], None], offered: list[tuple[str, Any]], setting: str
) -> None:
    leeds = known["leeds"]
    before = sent(open_page("schools", la="Leeds", school=leeds["urn"].iloc[0]))  # kept by now
    assert leeds["name"].iloc[0] in before
    only(setting)
    offered.clear()
    at = open_page("schools", la="Leeds", school=leeds["urn"].iloc[0])
    assert [error.value for error in at.error] == [
        "**The schools of Leeds are shown to its own officers only.** Choose your own authority, or ask whoever runs "
        "this service (setting CPD_SCHOOLS_OF)."
    ]
    told = sent(at) + files(offered)
    for name, urn in leeds[["name", "urn"]].itertuples(index=False):
        assert name not in told
        assert not re.search(rf"\b{urn}\b", told.replace(f"school={leeds['urn'].iloc[0]}", ""))
    assert not at.get("deck_gl_json_chart")
    assert not at.get("vega_lite_chart")
    with pytest.raises(NotAllowed):
        frames.chase_file(shown(la="383", la_name="Leeds"), "2012-03-01")
    for ask in (frames.register, frames.rows, frames.history, frames.overview, frames.map_figure, frames.missing):
        with pytest.raises(NotAllowed):
            ask(shown(la="383", la_name="Leeds"))
    with pytest.raises(NotAllowed):
        one.sheet(shown(la="383", la_name="Leeds"), leeds["urn"].iloc[0])
    assert bool(open_page("schools", la=NAME).error) is (setting == "none")


def test_an_officer_is_not_shown_what_was_made_for_who_sees_all_schools(only: Callable[[str], None]) -> None:
    """A figure that counts no people is kept from those who may not see all schools, whoever asked before them."""
    made = {}
    for setting in ("all", LA, "all"):
        only(setting)
        made[setting] = frames.history(shown())
        with reading(get_engine()) as connection:
            asked = values.school_values(connection, None, la_code=LA, viewer=access.viewer())
        pd.testing.assert_frame_equal(made[setting], asked)
    hidden = {setting: int((found["symbol"] == "c").sum()) for setting, found in made.items()}
    assert hidden["all"] < hidden[LA]


def test_the_workbook_holds_each_missing_return(known: dict[str, Any]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(frames.chase_file(shown(phase="primary"), "2012-03-01")))
    cover = {row[0].value: row[1].value for row in book["Cover"].iter_rows()}
    assert cover["Phase"] == "Primary"
    assert cover["Exported"] == "2012-03-01"
    assert cover["Source"] == "Made by this program, not collected"
    header, *rows = ([cell.value for cell in row] for row in book["Missing returns"].iter_rows())
    found = pd.DataFrame(rows, columns=header)
    primary = set(known["register"].loc[known["register"]["phase"] == "primary", "urn"])
    owed = response.missing(known["rows"])
    owed = owed[owed["area_code"].isin(primary)]
    assert len(found) == len(owed) > 0
    assert set(found["Phase"]) == {"Primary"}
    terms = owed["period"].str.contains(" ").sum()
    assert found["Period"].str.contains(" ").sum() == terms
    assert all(isinstance(urn, str) for urn in found["URN"])


def test_a_name_that_a_spreadsheet_would_compute_stays_text() -> None:
    frame = pd.DataFrame({"School": ['=HYPERLINK("http://x")', "@cmd"], "Missing": [1, 2]})
    book = openpyxl.load_workbook(io.BytesIO(chase_workbook({"Title": "=1+1"}, frame, frame)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert book["Schools to chase"]["A2"].value == '=HYPERLINK("http://x")'


def test_nothing_collected_is_said(open_page: Opener) -> None:
    """No termly indicator is collected for one kind of support staff."""
    at = open_page("schools", la=NAME, staff_group="Catering", period="2010/11, spring term")
    assert not at.exception
    assert at.info[0].value.startswith(f"No school in {NAME} owes a return for 2010/11, spring term: nothing was")
    assert not at.get("deck_gl_json_chart")
    assert not at.dataframe


def test_an_unchanged_page_asks_the_database_nothing_again(open_page: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    at = open_page("schools", la=NAME)

    def again(*_: object, **__: object) -> None:
        raise AssertionError("asked again")

    monkeypatch.setattr(values, "school_values", again)
    monkeypatch.setattr(schools, "register", again)
    assert not at.run().exception


def test_without_an_authority_the_list_is_offered(open_page: Opener, known: dict[str, Any]) -> None:
    at = open_page("schools")
    assert at.title[0].value == "Which schools should I talk to?"
    assert "Choose a borough or local authority" in at.info[0].value
    assert len(at.dataframe[0].value) == 152
    assert not any(name in sent(at) for name in known["register"]["name"])
