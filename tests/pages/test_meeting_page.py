"""The page Meeting, and pins from the menus of charts: what is typed stays, two who edit at once are told."""

from collections.abc import Callable
from datetime import date

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data_access import meetings, plan
from data_access.engine import get_engine, reading

Opener = Callable[..., AppTest]
NEXT = 2
THEN = "What counts at the meeting"


@pytest.fixture(autouse=True)
def own(own_database: None) -> None:
    """A database of the test's own behind the page."""


def agenda(number: int = NEXT) -> pd.DataFrame:
    with reading(get_engine()) as connection:
        return meetings.agenda(connection, number)


def noted(number: int = NEXT) -> list[dict]:
    with reading(get_engine()) as connection:
        return meetings.decisions(connection, number).to_dict("records")


def meeting(number: int = NEXT) -> pd.Series:
    with reading(get_engine()) as connection:
        return meetings.one(connection, number)


def said(at: AppTest) -> str:
    parts = [*at.title, *at.header, *at.subheader, *at.markdown, *at.caption, *at.info, *at.warning, *at.error]
    return "\n".join(element.value for element in [*parts, *at.success]).replace("\\", "")


def press(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click().run()
    assert not at.exception, at.exception[0].message
    return at


def named(at: AppTest) -> AppTest:
    at.text_input(key="meeting_name").set_value("Ann")
    return at


def view_titles(at: AppTest) -> list[str]:
    """The numbered headlines of the agenda."""
    lines = [text.value.strip("*").replace("\\", "") for text in at.markdown]
    return [line for line in lines if line[:1].isdigit() and line[1:3] == ". "]


def pin_from_menu(at: AppTest, key: str) -> None:
    """Open a figure's menu, by its key, and press the pin."""
    at.button(key=f"{key}_menu").click().run()
    at.button(key=f"{key}_pin").click().run()


# Pins ----------------------------------------------------------------------------------------------------


def test_a_chart_is_pinned_from_its_menu_with_what_makes_it_again(open_page: Opener) -> None:
    at = open_page("regions", region="London", indicator="reviewed")
    pin_from_menu(at, "ranked_la")
    assert at.selectbox(key="pin_meeting").options == ["Advisory group, autumn 2012, 10 October 2012"]
    assert at.radio(key="pin_figures").value == THEN
    own = at.text_input(key="pin_headline").placeholder
    assert f"## {own}" in [text.value for text in at.markdown]
    at.text_input(key="pin_headline").set_value("London, who leads?")
    at.text_area(key="pin_note").set_value("Ask Camden")
    at.text_input(key="pin_presenter").set_value("ADCS")
    press(at, "Pin")
    assert [warning.value for warning in at.warning] == ["Say your name first: it stands in the history."]
    assert at.text_area(key="pin_note").value == "Ask Camden"
    assert len(agenda()) == 8
    at.text_input(key="pin_name").set_value("Ann")
    press(at, "Pin")
    assert "Pinned to the agenda of Advisory group, autumn 2012, 10 October 2012." in said(at)
    row = agenda().iloc[-1]
    assert row["origin"] == "view=ranked&level=la&indicator=reviewed&period=2011/12&region=London"
    assert (row["headline"], row["note"], row["presenter"]) == ("London, who leads?", "Ask Camden", "ADCS")
    assert pd.isna(row["data_version"])
    press(at, "Close")
    assert not at.success
    assert "pin_headline" not in [field.key for field in at.text_input]


def test_a_page_that_looks_back_pins_what_it_shows_and_a_long_headline_is_told(open_page: Opener) -> None:
    at = open_page("regions", as_at="15")
    pin_from_menu(at, "ranked_region")
    assert at.radio(key="pin_figures").value.startswith("Fixed to data version 15, ")
    at.text_input(key="pin_headline").set_value("one two three four five six seven eight nine ten eleven")
    at.text_input(key="pin_name").set_value("Ann")
    press(at, "Pin")
    assert "The headline has 11 words" in said(at)
    assert agenda()["data_version"].tolist()[-1] == 15


def test_without_a_meeting_to_come_nothing_can_be_pinned(open_page: Opener) -> None:
    meetings.close(get_engine(), NEXT, "Ben", seen=int(meeting()["from_edit"]))
    at = open_page("regions")
    pin_from_menu(at, "ranked_region")
    assert "There is no meeting to come." in said(at)


def test_a_meeting_that_ends_while_somebody_types_refuses_and_no_other_is_taken(open_page: Opener) -> None:
    meetings.plan_meeting(get_engine(), {"title": "Winter", "held_on": date(2013, 1, 9)}, "Ben")
    at = open_page("regions")
    pin_from_menu(at, "ranked_region")
    at.text_input(key="pin_name").set_value("Ann")
    at.text_area(key="pin_note").set_value("Ask Camden")
    meetings.close(get_engine(), NEXT, "Ben", seen=int(meeting()["from_edit"]))
    press(at, "Pin")
    assert "This meeting is over" in said(at)
    assert at.text_area(key="pin_note").value == "Ask Camden"
    assert [len(agenda(number)) for number in (NEXT, 3)] == [8, 0]
    press(at, "Pin")
    assert agenda(3)["note"].tolist() == ["Ask Camden"]


# Agenda --------------------------------------------------------------------------------------------------


def test_the_next_meeting_opens_with_its_agenda_in_words(open_page: Opener) -> None:
    at = open_page("meeting")
    text = said(at)
    assert "10 October 2012, Manchester." in text
    assert "The meeting is not over: it sees the figures that count, now data version 17." in text
    assert "Illustrative: this meeting" in text
    titles = view_titles(at)
    assert len(titles) == 8
    assert titles[1] == "2. Inclusive policies as we saw them in July"
    assert "the nine regions · 2011/12 · all staff · compared with England · fixed to data version 15" in text
    assert "(/regions?indicator=inclusive_policy&period=2011/12&as_at=15)" in text


def test_a_view_is_moved_changed_and_taken_away(open_page: Opener) -> None:
    at = named(open_page("meeting", meeting="2"))
    before = agenda()
    at.selectbox(key="view_chosen").set_value(int(before["id"].iloc[2])).run()
    press(at, "Move up")
    assert "“Inclusive policies as corrected since” is now view 2." in said(at)
    assert at.selectbox(key="view_chosen").value == before["id"].iloc[2], "it stays chosen, to move on"
    assert agenda()["id"].tolist()[:3] == before["id"].iloc[[0, 2, 1]].tolist()
    press(at, "Change")
    assert at.text_input(key="view_headline").value == "Inclusive policies as corrected since"
    at.text_input(key="view_headline").set_value("As corrected")
    at.radio(key="view_figures").set_value("Fixed to data version 17")
    press(at, "Save")
    row = agenda().iloc[1]
    assert (row["headline"], row["data_version"]) == ("As corrected", 17)
    press(at, "Take away")
    assert len(agenda()) == 7
    assert "2. As corrected" not in view_titles(at)


def test_of_two_who_change_one_view_the_second_is_told_and_loses_nothing(open_page: Opener) -> None:
    at = named(open_page("meeting"))
    press(at, "Change")
    item, seen = int(agenda()["id"].iloc[0]), int(agenda()["from_edit"].iloc[0])
    meetings.change_item(get_engine(), item, {"note": "Ben's note"}, "Ben", seen=seen)
    at.text_area(key="view_note").set_value("Ann's note")
    press(at, "Save")
    assert "Nothing was saved: Ben changed it on" in at.error[0].value.replace("\\", "")
    assert at.text_area(key="view_note").value == "Ann's note"
    assert agenda()["note"].iloc[0] == "Ben's note"
    assert "Ben's note" in said(at), "what the other wrote is there to be read"
    press(at, "Save")
    assert agenda()["note"].iloc[0] == "Ann's note"


def test_who_moves_or_takes_away_what_somebody_changed_meanwhile_is_told(open_page: Opener) -> None:
    at = named(open_page("meeting"))
    for label, told in (("Move down", "somebody changed the agenda"), ("Take away", "Ben changed it on")):
        first = agenda().iloc[0]
        meetings.change_item(get_engine(), int(first["id"]), {"note": label}, "Ben", seen=int(first["from_edit"]))
        before = agenda()
        press(at, label)
        assert told in said(at)
        pd.testing.assert_frame_equal(agenda(), before)
    press(at, "Take away")
    assert len(agenda()) == 7


def test_nothing_is_changed_without_a_name(open_page: Opener) -> None:
    at = open_page("meeting")
    for label in ("Move down", "Take away"):
        before = agenda()
        press(at, label)
        assert [warning.value for warning in at.warning] == ["Say your name first: it stands in the history."]
        pd.testing.assert_frame_equal(agenda(), before)


def test_an_unknown_meeting_is_named_and_the_next_one_shown(open_page: Opener) -> None:
    at = open_page("meeting", meeting="99")
    assert "“99” is not a known meeting. The next one is shown." in said(at)
    assert at.selectbox(key="meeting_choice").value == NEXT


def test_a_meeting_is_planned_and_opens(open_page: Opener) -> None:
    at = open_page("meeting")
    at.text_input(key="plan_name").set_value("Ann")
    press(at, "Plan it")
    assert "The title is missing." in said(at)
    at.text_input(key="plan_title").set_value("Advisory group, spring 2013")
    at.date_input(key="plan_held_on").set_value(date(2013, 3, 6))
    press(at, "Plan it")
    assert "The meeting was planned." in said(at)
    assert at.selectbox(key="meeting_choice").value == 3
    assert "Nothing is on the agenda yet." in said(at)
    assert at.text_input(key="plan_title").value == ""


# Since ---------------------------------------------------------------------------------------------------


def test_what_changed_since_the_last_meeting_is_told_by_priority(open_page: Opener) -> None:
    at = open_page("meeting", what="Since last meeting")
    assert [header.value for header in at.header] == ["Learning culture", "Coherence", "Quality", "Partnerships"]
    text = said(at)
    assert "data version 17, against data version 15, which the meeting of 18 July 2012 saw" in text
    assert "- **PD days per person**: up" in text
    assert "Revised\n- **" in text
    assert "Begun\n\n- **Example network of CPD leaders, begun in autumn, Camden**: " in text
    assert "the partnership register as on 10 October 2012 against 18 July 2012, each as it was known." in text
    assert "Nothing moved clearly, no status turned, and no figure was revised." in text
    at.selectbox(key="region").set_value("North East").run()
    assert "North East · up to 2011/12" in said(at)


def test_the_first_meeting_has_nothing_to_compare_with(open_page: Opener) -> None:
    at = open_page("meeting", meeting="1", what="Since last meeting")
    assert "No meeting before this one is over" in at.info[0].value


# In the room ---------------------------------------------------------------------------------------------


def test_a_decision_is_noted_changed_and_struck(open_page: Opener) -> None:
    at = named(open_page("meeting", what="In the room"))
    at.text_area(key="new0_text").set_value("Go on")
    at.selectbox(key="new0_agenda_item").set_value(int(agenda()["id"].iloc[1]))
    press(at, "Note it")
    assert "Decision noted." in said(at)
    assert at.text_area(key="new1_text").value == "", "ready for the next"
    assert "1. Go on. On view 2." in said(at)
    press(at, "Change")
    at.text_area(key="noted_text").set_value("Go on, and faster")
    at.selectbox(key="noted_owner").set_value("Becta")
    press(at, "Save")
    assert [(row["text"], row["owner"]) for row in noted()] == [("Go on, and faster", "Becta")]
    (row,) = noted()
    meetings.change_decision(get_engine(), row["id"], {"text": "Stop"}, "Ben", seen=row["from_edit"])
    press(at, "Strike")
    assert "Ben changed it on" in said(at)
    assert len(noted()) == 1
    press(at, "Strike")
    assert noted() == []


def test_an_action_goes_into_the_plan(open_page: Opener) -> None:
    at = named(open_page("meeting", what="In the room"))
    at.radio(key="new0_kind").set_value("action")
    at.text_area(key="new0_text").set_value("Visit ten clusters")
    at.selectbox(key="new0_owner").set_value("Specialist Schools and Academies Trust")
    at.date_input(key="new0_due").set_value(date(2012, 11, 30))
    at.selectbox(key="new0_action").set_value("2.2")
    press(at, "Note it")
    (row,) = noted()
    assert (row["owner"], row["due"]) == ("SSAT", date(2012, 11, 30))
    with reading(get_engine()) as connection:
        actions = plan.actions(connection).set_index("code")
    assert actions.loc[row["action"], "title"] == "Visit ten clusters"
    assert f"Action {row['action']} of the plan." in said(at)


def test_what_is_refused_stays_typed(open_page: Opener) -> None:
    at = named(open_page("meeting", what="In the room"))
    press(at, "Note it")
    assert "The text is missing." in said(at)
    at.radio(key="new0_kind").set_value("action")
    at.text_area(key="new0_text").set_value("x" * 300)
    at.selectbox(key="new0_action").set_value("2.2")
    press(at, "Note it")
    assert "title of 1 to 200" in said(at)
    assert at.text_area(key="new0_text").value == "x" * 300
    assert noted() == []


def test_who_is_present_is_kept_and_two_who_say_so_are_told(open_page: Opener) -> None:
    at = named(open_page("meeting", what="In the room"))
    assert "Nobody is noted as present." in said(at)
    press(at, "Who is present, and what is said of the meeting")
    at.multiselect(key="about_present").set_value(["Ofsted", "UCET"])
    meetings.change_meeting(get_engine(), NEXT, {"place": "Leeds"}, "Ben", seen=int(meeting()["from_edit"]))
    press(at, "Save")
    assert "Ben changed it" in at.error[0].value
    assert at.multiselect(key="about_present").value == ["Ofsted", "UCET"]
    press(at, "Save")
    assert meeting()["present"] == ["Ofsted", "UCET"]
    assert "**Present:** Office for Standards" in said(at)


# Minutes -------------------------------------------------------------------------------------------------


def test_a_meeting_is_closed_and_cannot_be_changed_any_more(open_page: Opener) -> None:
    at = named(open_page("meeting", what="Minutes"))
    assert [each.value for each in at.subheader][:4] == ["Present", "Agenda", "Decisions", "Actions"]
    assert at.button(key="close").disabled
    at.checkbox(key="close_sure").check().run()
    press(at, "Close the meeting")
    assert "The meeting is closed: its figures are kept." in said(at)
    assert "it saw data version 17, which still counts." in said(at)
    assert meeting()["data_version"] == 17
    assert not [button for button in at.button if button.key == "close"]
    at.segmented_control(key="what").set_value("In the room").run()
    assert "This meeting is over: what was noted is closed." in said(at)
    assert not [field for field in at.text_input if field.key == "meeting_name"]
    at.segmented_control(key="what").set_value("Agenda").run()
    assert "Change the agenda" not in said(at)


def test_a_meeting_that_is_over_says_that_the_figures_changed_since(open_page: Opener) -> None:
    at = open_page("meeting", meeting="1")
    assert "The meeting is over: it saw data version 15; 2 changes to the data since." in said(at)
    assert "what counts" not in said(at)
    assert [button.proto.label for button in at.get("download_button")] == ["Pack (PowerPoint)", "Pack (PDF)"]
    at.segmented_control(key="what").set_value("Minutes").run()
    assert [button.proto.label for button in at.get("download_button")] == [
        "Pack (PowerPoint)", "Pack (PDF)", "Minutes to print (HTML)", "Minutes as text (Markdown)",
    ]  # fmt: skip
