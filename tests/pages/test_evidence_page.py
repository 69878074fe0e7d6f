"""The page Evidence: gaps, the register with its form and files, case studies, published facts."""

import io
import re
from collections.abc import Callable
from datetime import date

import openpyxl
import pandas as pd
from streamlit.testing.v1 import AppTest

from data_access import evidence as registered
from data_access.engine import get_engine, reading
from exports import evidence as files
from exports import shown
from exports.views import data, evidence
from pages.parts import person
from tests.data_access.test_evidence import GOOD

Opener = Callable[..., AppTest]
FORM = "evidence_form_"


def said(at: AppTest) -> str:
    """Everything that the page says in words."""
    return "\n".join(element.value for element in (*at.markdown, *at.caption, *at.info, *at.warning, *at.error))


def headings(at: AppTest) -> list[str]:
    return [text.value.lstrip("# ") for text in at.markdown if text.value.startswith("#")]


def register() -> pd.DataFrame:
    with reading(get_engine()) as connection:
        return registered.register(connection)


def entered(at: AppTest, **values: object) -> AppTest:
    """The open form filled in and saved."""
    for name, value in values.items():
        at.session_state[FORM + name] = value
    at.run()
    (save,) = [button for button in at.button if button.label == "Save"]
    return save.click().run()


def test_gaps_come_first_with_the_rule_of_strength(open_page: Opener) -> None:
    at = open_page("evidence")
    assert not at.exception
    assert headings(at) == ["2 of 20 outcomes have no evidence, 2 only limited", "What makes evidence strong"]
    (chart,) = at.get("vega_lite_chart")
    assert "Without evidence: 2f and 3e." in chart.proto.alt
    assert at.table[0].value["Strong"].str.len().min() > 20
    assert "26 entries bear on England" in said(at)


def test_the_region_narrows_the_evidence_and_says_how_it_lies(open_page: Opener) -> None:
    at = open_page("evidence", region="London")
    assert headings(at)[0] == "6 of 20 outcomes have no evidence"
    assert "10 entries bear on London: 3 about it as a whole, 1 about a part of it and 6 about a wider area" in said(at)


def test_the_period_shown_decides_how_old_evidence_is(own_database: None, open_page: Opener) -> None:
    old = GOOD | {"began": date(2007, 6, 1), "ended": date(2007, 6, 30)}
    code = registered.add(get_engine(), old, "Ann")
    assert "**Strong**: 130 of 200 answers, 65%." in said(open_page("evidence", evidence=code, period="2009/10"))
    later = said(open_page("evidence", evidence=code, period="2011/12"))
    assert "**Moderate**: 130 of 200 answers, 65%; gathered more than 4 years before." in later
    assert "strength as at the end of 2011/12" in later


def test_filters_in_the_address_find_entries_and_codes_will_do(open_page: Opener) -> None:
    at = open_page("evidence", outcome="1b", strength="strong")
    assert headings(at)[0] == "1 of 26 entries"
    assert at.selectbox(key="outcome").value.startswith("1b Teachers")
    assert at.dataframe[0].value["Evidence"].tolist() == ["Performance review records of authorities"]
    at.selectbox(key="kind").set_value("Survey").run()
    assert "No entry passes these filters." in at.info[0].value
    assert not at.exception


def test_an_unknown_filter_and_an_unknown_entry_say_so(open_page: Opener) -> None:
    at = open_page("evidence", sheet="Register", kind="rumour", evidence="E999")
    assert "“rumour” is not a known kind; All kinds is shown." in at.warning[0].value
    assert "E999" in at.warning[1].value
    assert not at.exception


def test_an_entry_is_shown_whole_by_its_address(open_page: Opener) -> None:
    at = open_page("evidence", evidence="e07", region="London")
    assert "E07 Impact diaries of teachers" in headings(at)
    text = said(at)
    assert "**Limited**: 15 took part." in text
    assert "Illustrative: it is invented" in text
    assert "- **Areas**: Leeds" in text


def test_an_entry_is_added_changed_and_taken_away_with_its_history(own_database: None, open_page: Opener) -> None:
    at = open_page("evidence", sheet="Register", region="London")
    at.button(key="evidence_add").click().run()
    assert at.multiselect(key=FORM + "areas").value == ["E12000007"], "the form begins with the chosen area"
    at = entered(at, **GOOD, name="Ann")
    assert [text.value for text in at.success] == ["E27 was entered."]
    assert f"E27 {GOOD['title']}" in headings(at)
    at.button(key="evidence_change").click().run()
    at = entered(at, responded=150)
    assert [text.value for text in at.success] == ["E27 was changed."]
    assert "**Strong**: 150 of 200 answers, 75%." in said(at)
    history = next(box for box in at.expander if box.label == "History of this entry")
    assert history is not None
    at.button(key="evidence_remove").click().run()
    at.button(key="evidence_away_sure").click().run()
    assert [text.value for text in at.success] == ["E27 was taken away."]
    assert "E27" not in set(register()["code"])
    with reading(get_engine()) as connection:
        assert registered.changes(connection)["made_by"].tolist()[:3] == ["Ann"] * 3


def test_a_refusal_names_every_fault_and_keeps_what_was_typed(own_database: None, open_page: Opener) -> None:
    at = open_page("evidence", sheet="Register")
    at.button(key="evidence_add").click().run()
    at = entered(at, **GOOD | {"responded": 500, "found": ""})
    assert [text.value for text in at.error] == [person.NEEDED]
    at = entered(at, name="Ann")
    assert "What it found: it is empty" in re.sub(r"\\", "", at.error[0].value)
    assert "Answered: 500 are more than the 200 who were asked." in re.sub(r"\\", "", at.error[0].value)
    assert at.text_input(key=FORM + "title").value == GOOD["title"]
    assert at.date_input(key=FORM + "began").value == date(2011, 3, 1)
    at = entered(at, responded=100, found="Most back it.")
    assert [text.value for text in at.success] == ["E27 was entered."]


def test_the_second_of_two_editors_sees_the_change_keeps_the_text_and_can_save(
    own_database: None, open_page: Opener
) -> None:
    at = open_page("evidence", evidence="E07")
    at.button(key="evidence_change").click().run()
    there = register().set_index("code", drop=False).loc["E07"]
    theirs = {name: there[name] for name in registered.TITLES} | {"method": "One long discussion"}
    registered.change(get_engine(), "E07", theirs, "Ben", seen=int(there["from_edit"]))
    at = entered(at, title="Diaries of teachers", name="Ann")
    text = re.sub(r"\\", "", at.error[0].value)
    assert "Ben changed it on" in text
    assert "**Method** is now: One long discussion" in text
    assert at.text_input(key=FORM + "title").value == "Diaries of teachers"
    assert register().set_index("code").loc["E07", "title"] == "Impact diaries of teachers"
    at = entered(at, method="One long discussion")
    assert [text.value for text in at.success] == ["E07 was changed."]
    row = register().set_index("code").loc["E07"]
    assert (row["title"], row["method"]) == ("Diaries of teachers", "One long discussion")


def test_what_was_taken_away_meanwhile_can_be_entered_anew(own_database: None, open_page: Opener) -> None:
    at = open_page("evidence", evidence="E07")
    at.button(key="evidence_change").click().run()
    seen = int(register().set_index("code").loc["E07", "from_edit"])
    registered.take_away(get_engine(), "E07", "Ben", seen=seen)
    at = entered(at, title="Diaries of teachers", name="Ann")
    assert "Ben took it away on" in re.sub(r"\\", "", at.error[0].value)
    at = entered(at)
    assert [text.value for text in at.success] == ["E27 was entered."]


def test_an_earlier_state_shows_its_register_and_offers_no_editing(own_database: None, open_page: Opener) -> None:
    at = open_page("evidence", sheet="Register", as_at="3")
    assert "This is an earlier state." in said(at)
    assert not [button for button in at.button if button.key == "evidence_add"]
    assert not at.exception


def test_the_files_say_what_they_hold(own_database: None) -> None:
    now = shown.understood({"region": "London"}, data.current_version())
    found, names = evidence.bearing(now), evidence.area_names(now.version)
    csv = pd.read_csv(io.BytesIO(files.evidence_csv(found, names)), dtype=str, keep_default_na=False)
    assert csv["Code"].tolist() == found["code"].tolist()
    assert set(csv["Illustrative"]) == {"yes"}
    assert csv["Strength"].str.lower().tolist() == found["strength"].tolist()
    book = openpyxl.load_workbook(io.BytesIO(files.evidence_workbook({"Title": "x"}, found, names)))
    assert book.sheetnames == ["Cover", "Evidence", "Rule of strength"]
    assert book["Evidence"].max_row == 1 + len(found)
    assert files.file_name("London", "2011/12", "csv") == "evidence_london_2011-12.csv"


def test_case_studies_are_filtered_by_feature_and_priority(open_page: Opener) -> None:
    at = open_page("evidence", feature="coaching_and_mentoring")
    assert headings(at) == ["3 of 9 case studies show this"]
    assert len([box for box in at.main.expander if box.label != "Table"]) == 3
    at.selectbox(key="priority").set_value("Coherence").run()
    assert headings(at) == ["1 of 9 case studies shows this"]
    at.selectbox(key="feature").set_value("Its impact is decided first").run()
    assert headings(at) == ["No case study shows this"]
    assert "Choose another feature or priority." in at.info[0].value
    (deck,) = at.get("deck_gl_json_chart")
    assert len(deck.proto.alt) > 20


def test_published_facts_stand_here_and_definitions_leads_to_them(open_page: Opener) -> None:
    at = open_page("evidence", sheet="published-facts")
    facts = at.table[0].value
    assert len(facts) == 25
    assert (facts["Source"] != "").all()
    assert {"£2,400", "390 people"} <= set(facts["Figure"])
    assert said(at).count("\n- **") == 24, "on a phone the same, one under another"
    definitions = open_page("definitions")
    assert [link.proto.label for link in definitions.get("page_link")] == ["Published facts"]
    assert "Published facts" not in [tab.label for tab in definitions.tabs]
