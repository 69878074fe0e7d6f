"""The page Partnerships: the register with its filters, forms and files."""

import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
from pypdf import PdfReader
from streamlit.testing.v1 import AppTest

from data_access.engine import get_engine, reading
from data_access.files.opening import open_tables
from data_access.partnerships import entries, incoming
from data_access.partnerships.fields import BY_CODE, PARTNERSHIPS
from data_access.partnerships.files import COVER
from exports import memorandum, shown
from exports import partnerships as files
from exports.views import data, partnerships
from measures import health
from tests.data_access.test_partnerships import LEAD, NEW

Opener = Callable[..., AppTest]
PAGE = "partnerships"


def said(at: AppTest) -> str:
    """Everything that the page says in words."""
    parts = (*at.markdown, *at.caption, *at.info, *at.warning, *at.error, *at.success)
    return re.sub(r"\\(.)", r"\1", "\n".join(element.value for element in parts))


def test_the_register_is_filtered_by_place_kind_and_state(open_page: Opener) -> None:
    at = open_page(PAGE, la="Camden", partnership_kind="Online community")
    there = at.dataframe[0].value
    assert set(there["Kind"]) == {"Online community"}
    assert set(there["Areas"]) == {"England"}
    assert set(there["Kind of entry"]) == {"Illustrative"}
    assert "bear on Camden" in said(at)
    at = open_page(PAGE)
    there = at.dataframe[0].value
    at.selectbox(key="state").set_value("Ended").run()
    ended = at.dataframe[0].value
    assert 0 < len(ended) < len(there) == 168
    assert set(ended["Lead"]) == {"None now"}
    at = open_page(PAGE, la="Camden", state="Ended", partnership_kind="Federation")
    assert "No partnership passes these filters. Change the kind, the state or the outcome." in said(at)


def test_one_partnership_is_told_whole_and_a_wrong_one_is_said(open_page: Opener) -> None:
    at = open_page(PAGE, partnership="p0001")
    text = said(at)
    assert "### P0001 Example partnership project, Gateshead" in text
    assert "- **Plans to go on**: Firm plans" in text
    members = at.dataframe[1].value
    assert members["Role"].tolist().count("Lead") == 1
    assert "Gateshead" in set(members["Organisation"])
    at.button_group(key="partnership_part").set_value("activities").run()
    assert {"Held on", "Members there"} <= set(at.dataframe[1].value.columns)
    assert "“P9999” is not in the register now; none is chosen." in said(open_page(PAGE, partnership="P9999"))


def test_a_partnership_and_a_member_are_entered_in_forms(own_database: None, open_page: Opener) -> None:
    at = open_page(PAGE, la="Camden")
    at.button(key="partnership_add").click().run()
    assert at.multiselect(key="partnerships_areas").value == ["202"], "it begins with the chosen area"
    at.text_input(key="partnerships_name").set_value("<b>New</b> network")
    at.button(key="FormSubmitter:partnerships_form-Save").click().run()
    assert "Say your name first" in said(at)
    at.text_input(key="partnerships_by").set_value("Ann")
    at.button(key="FormSubmitter:partnerships_form-Save").click().run()
    assert "Kind: it is empty." in said(at)
    assert at.text_input(key="partnerships_name").value == "<b>New</b> network", "what was typed stays"
    at.selectbox(key="partnerships_kind").set_value("federation")
    at.date_input(key="partnerships_began").set_value(date(2010, 9, 1))
    at.button(key="FormSubmitter:partnerships_form-Save").click().run()
    assert "The partnership was entered." in said(at)
    code = "".join(at.query_params["partnership"])
    at.button(key="members_add").click().run()
    at.selectbox(key="members_kind").set_value("la")
    at.text_input(key="members_organisation").set_value("camden")
    at.selectbox(key="members_role").set_value("lead")
    at.date_input(key="members_joined").set_value(date(2010, 9, 1))
    at.button(key="FormSubmitter:members_form-Save").click().run()
    assert "The member was entered." in said(at)
    assert not any(text.proto.allow_html for text in at.markdown if "New</b>" in text.value), "markup is shown, not run"
    with reading(get_engine()) as connection:
        assert entries.rows(connection, BY_CODE["members"], of=code)["organisation"].tolist() == ["202"]
    at.button(key="members_add").click().run()
    assert "## A new member of " + code in said(at)
    at.query_params["partnership"] = "P0002"
    at.run()
    assert "A new member" not in said(at), "the form stays with the partnership for which it was opened"
    at.query_params["partnership"] = code
    at.run()
    at.button(key="partnerships_away").click().run()
    at.button(key="partnership_away_sure").click().run()
    assert "The partnership was taken away." in said(at)
    with reading(get_engine()) as connection:
        assert entries.rows(connection, PARTNERSHIPS, of=code).empty


def test_two_who_change_one_partnership_are_told(own_database: None, open_page: Opener) -> None:
    code = str(entries.add(get_engine(), PARTNERSHIPS, NEW, "Ann"))
    entries.add(get_engine(), BY_CODE["members"], LEAD, "Ann", to=code)
    at = open_page(PAGE, partnership=code)
    at.button(key="partnerships_change").click().run()
    with reading(get_engine()) as connection:
        seen = int(entries.rows(connection, PARTNERSHIPS, of=code)["from_edit"].iloc[0])
    entries.change(get_engine(), PARTNERSHIPS, code, NEW | {"funder": "A fund"}, "Ben", seen=seen)
    at.text_input(key="partnerships_by").set_value("Cleo")
    at.text_area(key="partnerships_purpose").set_value("Another purpose")
    at.button(key="FormSubmitter:partnerships_form-Save").click().run()
    assert "Ben changed it" in said(at)
    assert at.text_area(key="partnerships_purpose").value == "Another purpose"


def test_the_workbook_comes_in_again_whole(own_database: None, tmp_path: Path) -> None:
    now = shown.understood({"la": "Camden"}, data.current_version())
    number = partnerships.edit_shown(now.version)
    sheets = {code: partnerships.sheet(code, number, now.version) for code in BY_CODE}
    codes = set(partnerships.register(now).partnerships["code"])
    made = files.tables(sheets, codes, partnerships.there(now.version))
    book = files.register_workbook({"Title": "Partnerships"}, made)
    assert openpyxl.load_workbook(io.BytesIO(book)).sheetnames[:3] == [COVER, "Partnerships", "Members"]
    file = tmp_path / files.file_name("", now.area, now.period_label, "xlsx")
    assert file.name == "partnerships_camden_2011-12.xlsx"
    file.write_bytes(book)
    taken = incoming.bring_in(get_engine(), open_tables(file, but=(COVER,)), "Ann")
    assert (taken.new, taken.changed, taken.same) == (0, 0, sum(map(len, made.values())))


def test_an_earlier_state_is_read_only(open_page: Opener) -> None:
    at = open_page(PAGE, as_at="3", partnership="P0001")
    keys = {button.key for button in at.button}
    assert not keys & {"partnership_add", "partnerships_change", "members_add"}


def test_a_health_check_is_filled_in_and_its_memorandum_made(own_database: None, open_page: Opener) -> None:
    at = open_page(PAGE, show="Health check")
    assert "## 13 partnerships checked" in said(at)
    at = open_page(PAGE, show="Health check", partnership="P0002")
    assert "## No health check has been entered" in said(at)
    at.button(key="health_begin").click().run()
    at.radio(key="health_budget_agreed").set_value("yes")
    at.radio(key="health_fair_and_inclusive").set_value("in_progress")
    at.text_input(key="health_budget_agreed_note").set_value("Agreed for <b>two</b> years")
    at.date_input(key="health_on").set_value(date(2011, 3, 1))
    at.text_input(key="health_by").set_value("Ann")
    at.button(key="FormSubmitter:health_form-Save").click().run()
    text = said(at)
    assert "The health check was entered." in text
    assert "## 1 of 17 in place, 1 in progress, 0 not" in text
    assert "Checked on 1 March 2011. 15 items have no answer." in text
    assert "- **It is fair and inclusive**: in progress" in text
    at.button(key="health_begin").click().run()
    at.date_input(key="health_on").set_value(date(2011, 3, 1))
    at.button(key="FormSubmitter:health_form-Save").click().run()
    assert "there is a check of 2011-03-01 already" in said(at)
    now = shown.understood({}, data.current_version())
    register = partnerships.register(now)
    about = register.partnerships.set_index("code", drop=False).loc["P0002"].to_dict()
    checks = register.health_checks
    found = health.profile(checks[checks["partnership"] == "P0002"])
    members = register.members[register.members["partnership"] == "P0002"]
    made = memorandum.pdf(about, members, found, partnerships.there(now.version), "The register")
    pages = PdfReader(io.BytesIO(made))
    text = " ".join(" ".join(page.extract_text() for page in pages.pages).split())
    assert "Illustrative data" in text
    assert "A budget is agreed: Agreed for <b>two</b> years" in text
    assert "It is fair and inclusive: In progress: to be agreed" in text
    assert "Signed for the members" in text
    assert memorandum.file_name("P0002", about["name"]) == "memorandum_p0002_example-partnership-project-hartlepool.pdf"
