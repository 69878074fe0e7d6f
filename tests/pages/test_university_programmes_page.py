"""The page University programmes: what it says first, its figures, its list and the consortia."""

import io
import re
from collections.abc import Callable
from csv import DictReader
from datetime import date

import pytest
from sqlalchemy import insert
from streamlit.testing.v1 import AppTest

from data_access import schema
from data_access.engine import get_engine, reading, writing
from data_access.partnerships import entries
from data_access.partnerships.fields import BY_CODE
from exports import entered, kept, shown
from exports.views import data, registry, university_findings, university_programmes
from tests.pages.test_evidence_page import headings
from tests.pages.test_partnerships_page import said

Opener = Callable[..., AppTest]
PAGE = "university-programmes"
FIGURES = (
    university_findings.programme_fees,
    university_findings.programme_savings,
    university_findings.programme_completion,
    university_findings.completion_cost,
    university_findings.programme_ways,
    university_findings.programme_themes,
)


def test_it_says_first_what_programmes_cost_and_give(open_page: Opener) -> None:
    at = open_page(PAGE)
    assert not at.exception
    text = said(at)
    assert re.search(r"\d+ of 65 programmes say both fees and the participants, and saved £[\d,]+ in fees", text)
    assert re.search(r"£[\d,]+ to the public purse, £[\d,]+ to the teachers", text)
    assert "1 programme costs more than the standard fee: £" in text
    assert re.search(r"completed the award \(95% interval [\d.]+% to [\d.]+%\)", text)
    assert re.search(r"Each completed master's degree took £[\d,]+ in fees \(95% interval £", text)
    assert "Published: a master's degree at £5,995, given together for about £2,400, saves about £3,595" in text
    assert "what the partners' own teaching and rooms cost them is not counted" in text
    assert len(at.get("vega_lite_chart")) == len(FIGURES)
    assert headings(at)[0].startswith("A master's degree costs £2,")
    fees = at.get("vega_lite_chart")[0].proto.alt
    assert "Postgraduate certificate, Published, about £800" in fees


def test_the_list_says_what_is_not_known_and_adds_up_to_the_saving(open_page: Opener) -> None:
    at = open_page(PAGE)
    there = at.dataframe[0].value
    assert len(there) == 65
    assert set(there["Kind of entry"]) == {"Illustrative"}
    assert {"Not said", "Runs"} <= set(there["Completed"])
    known = there.loc[there["Saved in all"] != "Not said", "Saved in all"]
    total = sum(int(re.sub(r"[£,−]", "", cell)) * (-1 if "−" in cell else 1) for cell in known)
    assert f"saved £{total:,} in fees" in said(at)
    nobody = there[there["Cost per completion"] == "Nobody completed"].iloc[0]
    assert nobody["Completed"] == "0 (0%)"
    assert nobody["95% interval"].endswith("no upper limit")
    assert (there.loc[there["State"] == "Runs", ["Completed", "Promoted", "Cost per completion"]] == "Runs").all(
        axis=None
    )
    counts = [int(cell.split()[0]) for name in ("Completed", "Promoted") for cell in there[name] if cell[0].isdigit()]
    assert not any(0 < count < 10 for count in counts)


def test_a_programme_is_listed_where_its_partners_are(open_page: Opener) -> None:
    at = open_page(PAGE, la="Camden")
    there = at.dataframe[0].value
    assert there["Partners"].str.contains("Camden").all()
    assert "1 programme for Camden" in said(at)
    now = shown.understood({"region": "London"}, data.current_version())
    wider = university_programmes.listed(now)
    assert set(there["Programme"]) < set(wider["Programme"])
    at = open_page(PAGE, period="2009/10", la="Camden")
    assert "No university programme of the register had begun for Camden by then" in said(at)
    assert not at.get("vega_lite_chart")


def test_consortia_stand_beside_the_published_one(open_page: Opener) -> None:
    at = open_page(PAGE, region="North East")
    beside = at.table[-1].value.set_index("What")
    published = beside.filter(like="Published").iloc[:, 0]
    assert published[:3].tolist() == ["12", "4", "11"]
    assert beside["This consortium"].iloc[:3].tolist() == ["12", "4", "11"]
    members = at.dataframe[1].value
    assert members["Kind"].value_counts().to_dict() == {"Local authority": 12, "University": 4}
    at = open_page(PAGE, consortium="Example regional consortium, London")
    assert at.selectbox(key="consortium").value.endswith("London")
    assert "No programme yet" in set(at.dataframe[1].value["Together with"])
    assert "“Club” is not a known consortium" in said(open_page(PAGE, consortium="Club"))


@pytest.mark.parametrize("make", FIGURES)
def test_every_figure_is_made_again_and_tells_its_entries(make: Callable) -> None:
    now = shown.understood({"region": "North East"}, data.current_version())
    figure = make(now)
    again = registry.again(figure.origin, now.version)
    assert again is not None
    assert again.spec == figure.spec
    assert registry.link(figure.origin).startswith("/university-programmes?")
    assert "Illustrative data" in figure.source
    found = entered.of(figure.origin, now.version)
    rows = len(university_programmes.programmes(now))
    assert found.sentence.startswith(
        f"{rows} university programmes of the partnership register that bear on North East"
    )
    assert b"Partner fee" in found.make()


def test_a_limit_that_rises_takes_counts_off_the_page_and_out_of_its_files(own_database: None) -> None:
    now = shown.understood({}, data.current_version())
    before = university_programmes.listed(now)["Participants"]
    assert before.str.replace(",", "").str.isdecimal().sum() > 60
    with writing(get_engine()) as connection:
        row = {"name": "fewest_people", "indicator": "", "value": 60, "from_version": 1}
        connection.execute(insert(schema.threshold).values(row))
    kept.forget()
    after = university_programmes.listed(now)
    counts = [int(cell) for cell in after["Participants"] if cell != "Not said"]
    assert min(counts) >= 60
    told = entered.of(university_findings.programme_fees(now).origin, now.version).make().decode()
    assert {int(cell) for cell in counts} == {int(cell) for cell in _column(told, "Participants") if cell}


def test_a_programme_is_entered_in_a_form_with_its_partners(own_database: None, open_page: Opener) -> None:
    at = open_page("partnerships", partnership="P0128")
    at.button_group(key="partnership_part").set_value("programmes").run()
    at.button(key="programmes_add").click().run()
    assert len(at.multiselect(key="programmes_partners").options) == 12, "its members, by name"
    at.text_input(key="programmes_title").set_value("A <b>new</b> one, 2010/12")
    at.selectbox(key="programmes_award").set_value("masters")
    at.text_input(key="programmes_university").set_value("Example university of North East 1")
    at.multiselect(key="programmes_partners").set_value(["390"])
    at.date_input(key="programmes_began").set_value(date(2010, 9, 14))
    at.number_input(key="programmes_participants").set_value(24)
    at.number_input(key="programmes_completed").set_value(23)
    at.text_input(key="programmes_by").set_value("Ann")
    at.button(key="FormSubmitter:programmes_form-Save").click().run()
    assert "it would tell of fewer than 10 people whom it leaves out. Leave it empty, or count several" in said(at)
    at.number_input(key="programmes_completed").set_value(None)
    at.button(key="FormSubmitter:programmes_form-Save").click().run()
    assert "The university programme was entered." in said(at)
    with reading(get_engine()) as connection:
        row = entries.rows(connection, BY_CODE["programmes"], of="P0128").iloc[-1]
    assert (row["partners"], row["participants"]) == (["390"], 24)
    assert (row["completed"], row["promoted"]) == (None, None), "what is empty is not known: it is not nobody"
    there = open_page(PAGE, la="Gateshead").dataframe[0].value
    assert "A <b>new</b> one, 2010/12" in set(there["Programme"])


def _column(csv: str, name: str) -> list[str]:
    return [row[name] for row in DictReader(io.StringIO(csv.removeprefix("\ufeff")))]
