"""The plan's page: filters in the address, an action edited, two editors at once, versions and a review."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data_access import edits, plan
from data_access.engine import get_engine, reading, writing
from data_access.plan import Promise
from tests.pages.conftest import behind_pages

Opener = Callable[..., AppTest]
CODE = "1.2.1"


@pytest.fixture
def own(small_copy: Path) -> Iterator[Path]:
    """A database of the test's own behind the page."""
    with behind_pages(small_copy):
        yield small_copy


def actions() -> pd.DataFrame:
    with reading(get_engine()) as connection:
        return plan.actions(connection).set_index("code", drop=False)


def save(said: Promise, code: str = CODE, by: str = "Ben") -> None:
    """What somebody else does meanwhile."""
    seen = int(actions().loc[code, "seen"])
    with writing(get_engine()) as connection:
        plan.save(connection, code, said, by=by, seen=seen)


def said(at: AppTest) -> str:
    parts = [*at.title, *at.header, *at.markdown, *at.caption, *at.info, *at.warning, *at.error, *at.success]
    return "\n".join(element.value for element in parts).replace("\\", "")


def headline(at: AppTest) -> str:
    return next(text.value.lstrip("# ") for text in at.markdown if text.value.startswith("## "))


def field(at: AppTest, kind: str, name: str) -> object:
    """A widget of the form that is shown, by the end of its key."""
    found = [each for each in at.get(kind) if str(each.key).endswith(name) and str(each.key).startswith("plan_")]
    assert len(found) == 1, (kind, name)
    return found[0]


def press(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click().run()
    assert not at.exception, at.exception[0].message
    return at


def test_the_page_says_who_promised_what_and_how_late_it_is(open_page: Opener) -> None:
    at = open_page("plan")
    assert headline(at) == "9 of 38 actions are late"
    text = said(at)
    assert "judged on 31 August 2012" in text
    assert "Late: neither done nor stopped, and due before 31 August 2012." in text
    assert "Workforce Agreement Monitoring Group · due 16 December 2011 · **Under way, 259 days late**" in text
    assert "invented" in text
    lines = at.table[0].value
    assert len(lines) == 9
    assert (lines["Actions"].sum(), lines["Late"].sum()) == (38, 9)
    assert lines.iloc[0, -1] == lines.iloc[1, -1], "lines of one priority share what its indicators show"


def test_what_the_outcomes_show_is_that_of_the_chosen_place(open_page: Opener) -> None:
    lines = open_page("plan", la="Camden").table[0].value
    assert lines.columns[-1] == "Indicators on track, Camden, 2011/12"
    overview = open_page("overview", la="Camden")
    card = next(html.proto.body for html in overview.get("html") if "Learning culture" in html.proto.body)
    on_track, _, not_judged = lines.iloc[0, -1].removeprefix("Learning culture: ").partition(", ")
    assert not_judged in card
    assert f">{on_track}</span>" in card


def test_each_priority_is_one_step_away(open_page: Opener) -> None:
    links = [link.proto for link in open_page("plan").get("page_link") if link.proto.page == "priorities"]
    assert [(link.label, link.query_string) for link in links] == [
        (short, f"priority={short.replace(' ', '+')}") for short in ("Learning culture", "Coherence", "Quality")
    ]


@pytest.mark.parametrize(
    ("address", "finding"),
    [
        ({"owner": "Becta"}, "The one action shown is late"),
        ({"late": "late"}, "All 9 actions shown are late"),
        ({"late": "Milestone late"}, "No action of 2 is late"),
        ({"priority": "coherence"}, "3 of 11 actions are late"),
        ({"priority": "Quality", "late": "in_time"}, "No action of 14 is late"),
        ({"period": "2009/10"}, "No action of 38 is late"),
        ({"plan": "1"}, "No action of 38 is late"),
    ],
)
def test_filters_stand_in_the_address_as_words_or_codes(
    open_page: Opener, address: dict[str, str], finding: str
) -> None:
    at = open_page("plan", **address)
    assert not at.warning
    assert headline(at) == finding


def test_filters_narrow_and_an_empty_choice_says_what_to_do(open_page: Opener) -> None:
    at = open_page("plan", owner="Becta")
    at.selectbox(key="late").set_value("Not late").run()
    assert not at.exception
    assert "No action passes these filters. Choose another owner" in said(at)
    assert not at.get("vega_lite_chart")


@pytest.mark.parametrize("key", ["owner", "priority", "late", "plan", "part"])
def test_what_the_address_gets_wrong_is_named(open_page: Opener, key: str) -> None:
    at = open_page("plan", **{key: "Nonsense"})
    assert not at.exception
    assert [warning.value[:30] for warning in at.warning] == ["“Nonsense” is not a known " + at.warning[0].value[26:30]]


def test_an_action_that_is_none_is_named_and_let_go(open_page: Opener) -> None:
    at = open_page("plan", action="9.9.9")
    assert [warning.value for warning in at.warning] == ["“9.9.9” is no action of this plan."]
    assert "action" not in at.query_params


def test_an_edit_is_saved_and_stands_in_the_history(own: Path, open_page: Opener) -> None:
    at = open_page("plan", action=CODE)
    field(at, "selectbox", "_status").set_value("done")
    field(at, "selectbox", "_owner").set_value("Children's trusts")
    field(at, "date_input", "_due").set_value(date(2012, 6, 1))
    field(at, "text_area", "_note").set_value("All regions are trained.")
    press(at, "Save")
    assert "Nobody's name was given" in said(at)
    assert field(at, "text_area", "_note").value == "All regions are trained."
    field(at, "text_input", "_name").set_value("Ann")
    press(at, "Save")
    assert [success.value for success in at.success] == [f"Action {CODE} was saved."]
    row = actions().loc[CODE]
    assert (row["status"], row["owner"], row["due"]) == ("done", "Children's trusts", date(2012, 6, 1))
    assert headline(at) == "8 of 38 actions are late"
    history = at.table[1].value
    assert history["Who"].iloc[0] == "Ann"
    assert "status: under way → done" in history["What"].iloc[0]
    assert field(at, "text_input", "_name").value == "Ann", "a name is asked for once"
    assert press(at, "Save").success[0].value == "Nothing was changed."


def test_a_refusal_keeps_what_was_typed(own: Path, open_page: Opener) -> None:
    at = open_page("plan", action=CODE)
    field(at, "text_input", "_name").set_value("Ann")
    field(at, "date_input", "_due").set_value(date(2009, 9, 1))
    press(at, "Save")
    assert "would be due on 1 September 2009, before it starts on 11 January 2010" in said(at)
    assert field(at, "date_input", "_due").value == date(2009, 9, 1)
    field(at, "date_input", "_due").set_value(date(2012, 3, 30))
    field(at, "text_input", "_step_3").set_value("One more")
    press(at, "Save")
    assert "Milestone 4 has no due day." in said(at)
    assert field(at, "text_input", "_step_3").value == "One more"
    field(at, "date_input", "_step_due_3").set_value(date(2012, 3, 29))
    press(at, "Save")
    assert [step.title for step in actions().loc[CODE, "milestones"]][2] == "One more"


def test_the_second_of_two_is_told_and_keeps_what_was_typed(own: Path, open_page: Opener) -> None:
    at = open_page("plan", action=CODE)
    row = actions().loc[CODE]
    theirs = Promise(row["owner"], row["starts"], row["due"], "done", row["note"], row["milestones"][:1], True)
    save(theirs)
    field(at, "text_area", "_note").set_value("Mine")
    field(at, "text_input", "_name").set_value("Ann")
    press(at, "Save")
    text = said(at)
    assert "Nothing was saved: Ben changed it on" in text
    assert "Yours in the form: note; the rest now says what they wrote." in text
    assert "- status: under way → done" in text
    assert actions().loc[CODE, "note"] == row["note"]
    assert field(at, "text_area", "_note").value == "Mine"
    assert field(at, "selectbox", "_status").value == "done", "what Ann did not touch follows Ben"
    assert field(at, "text_input", "_step_1").value == ""
    press(at, "Save")
    after = actions().loc[CODE]
    assert (after["note"], after["status"], after["milestones"]) == ("Mine", "done", row["milestones"][:1])


def test_milestones_that_both_changed_stay_as_typed(own: Path, open_page: Opener) -> None:
    at = open_page("plan", action=CODE)
    row = actions().loc[CODE]
    save(Promise(row["owner"], row["starts"], row["due"], row["status"], row["note"], (), True))
    field(at, "text_input", "_step_0").set_value("Mine")
    field(at, "text_input", "_name").set_value("Ann")
    press(at, "Save")
    assert "Yours in the form: milestones" in said(at)
    press(at, "Save")
    assert [step.title for step in actions().loc[CODE, "milestones"]] == ["Mine", *["Half of the authorities trained"],
                                                                       "All regions finished"]  # fmt: skip


def test_a_change_of_somebody_else_is_seen_before_saving(own: Path, open_page: Opener) -> None:
    at = open_page("plan", action=CODE)
    row = actions().loc[CODE]
    save(Promise(row["owner"], row["starts"], row["due"], "done", row["note"], row["milestones"], True))
    at.run()
    assert "Somebody changed this action after you opened this form." in said(at)
    press(at, "Begin again with what it says now")
    assert field(at, "selectbox", "_status").value == "done"
    assert "Somebody changed" not in said(at)


def test_an_ended_action_and_an_earlier_state_are_not_edited(own: Path, open_page: Opener) -> None:
    at = open_page("plan", action="1.1.3")
    assert "This action ended on 21 September 2010: A licence to practise is no longer planned" in said(at)
    assert not [button for button in at.button if button.label == "Save"]
    for earlier in ({"plan": "Version 1"}, {"as_at": "3"}):
        at = open_page("plan", action=CODE, **earlier)
        assert "An earlier state is shown." in said(at)
        assert not [button for button in at.button if button.label == "Save"]
    assert len(at.table[1].value) == 3, "what came later is not in the history of then"


def test_reviews_show_what_each_ended_and_added(open_page: Opener) -> None:
    at = open_page("plan", part="Reviews")
    text = said(at)
    assert "**Version 2**, agreed on 21 September 2010" in text
    assert "reviewed yearly, by the TDA with the National Advisory Group" in text
    ended, new = at.table[0].value, at.table[1].value
    assert ended["Action"].str[:5].tolist() == ["1.1.3", "1.1.7", "3.2.4"]
    assert ended["Why"].iloc[1] == "It says the same as 3.2.2, which carries the work on."
    assert new["Action"].str[:5].tolist() == ["1.1.8", "2.2.5", "3.2.7"]
    at.selectbox(key="plan_pair").set_value("As it stands against version 2").run()
    assert "No action ended." in said(at)


def test_a_review_is_recorded_as_the_next_version(own: Path, open_page: Opener) -> None:
    at = open_page("plan", part="Reviews")
    at.session_state["record_review"] = True
    at.run()
    press(at, "Add a new action")
    at.multiselect[0].set_value([CODE]).run()
    at.text_input(key="review_1_title_0").set_value("Train those who came later")
    at.selectbox(key="review_1_line_0").set_value("1.2")
    at.text_input(key="review_1_owner_0").set_value("Ofsted")
    at.text_input(key="review_1_name").set_value("Ann")
    at.run()
    press(at, "Record as version 3")
    assert f"It is not said why action {CODE} ends." in said(at)
    assert at.text_input(key="review_1_title_0").value == "Train those who came later"
    at.text_input(key=f"review_1_why_{CODE}").set_value("Everybody is trained.").run()
    press(at, "Record as version 3")
    assert [success.value for success in at.success] == ["Recorded as plan version 3."]
    found = actions()
    assert found.loc[CODE, "ended_why"] == "Everybody is trained."
    assert (found.loc["1.2.3", "owner"], found.loc["1.2.3", "plan"]) == ("Ofsted", 3)
    assert "**Version 3**" in said(at)
    with reading(get_engine()) as connection:
        assert edits.current(connection) == int(found.loc["1.2.3", "seen"])


def test_a_review_that_another_overtook_is_told(own: Path, open_page: Opener) -> None:
    at = open_page("plan", part="Reviews")
    at.session_state["record_review"] = True
    at.run()
    with writing(get_engine()) as connection:
        plan.review(connection, plan.Review(date(2012, 9, 11), "Ben's", "", 2), by="Ben")
    at.text_input(key="review_1_name").set_value("Ann")
    at.text_area(key="review_1_note").set_value("Mine").run()
    press(at, "Record as version 3")
    assert "Ben recorded plan version 3, agreed on 11 September 2012, meanwhile." in said(at)
    assert at.text_area(key="review_1_note").value == "Mine"
    press(at, "Record as version 4")
    assert [success.value for success in at.success] == ["Recorded as plan version 4."]
