"""The plan: what is saved is kept, in words; two who edit at once are told; a review is one edit or none at all."""

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Engine

from data_access import edits, plan
from data_access.engine import reading, writing
from data_access.errors import ChangedMeanwhile, UnknownCode
from data_access.plan import Ending, NewAction, PlanRefused, Promise, Review
from data_access.plan_history import FIRST, between, history
from data_access.versions import next_version
from measures.lateness import Milestone

CODE = "1.2.1"
SAID = Promise("GTCE", date(2011, 9, 1), date(2012, 3, 30), "under_way", "Going well")
DAY = date(2012, 9, 11)


def actions(engine: Engine, number: int | None = None) -> pd.DataFrame:
    with reading(engine) as connection:
        return plan.actions(connection, number).set_index("code", drop=False)


def current(engine: Engine) -> int:
    with reading(engine) as connection:
        return edits.current(connection)


def save(engine: Engine, said: Promise, *, code: str = CODE, by: str = "Ann", seen: int | None = None) -> bool:
    seen = int(actions(engine).loc[code, "seen"]) if seen is None else seen
    with writing(engine) as connection:
        return plan.save(connection, code, said, by=by, seen=seen)


def review(engine: Engine, by: str = "Ann", **changes: Any) -> int:
    there = actions(engine)
    ending = Ending(CODE, "Everybody is trained.", int(there.loc[CODE, "seen"]))
    new = NewAction("1.2", "Train those who came later", Promise("Ofsted", due=date(2013, 3, 29)))
    said = replace(Review(DAY, "Second review", "One ends, one is new.", 2, (ending,), (new,)), **changes)
    with writing(engine) as connection:
        return plan.review(connection, said, by=by)


def test_the_plan_has_nine_lines_and_38_actions_in_force(reader: Engine) -> None:
    found = actions(reader)
    assert len(plan.in_force(found)) == 38
    assert found["line"].nunique() == 9
    assert len(actions(reader, 1)) == 38
    assert found["illustrative"].all()
    assert not actions(reader, 1)["illustrative"].any(), "what the strategy names is not invented"
    assert list(found["code"][:8]) == [f"1.1.{at}" for at in range(1, 9)]
    assert found.loc["1.1.1", "owner_name"].startswith("National College for Leadership")
    assert actions(reader, 1).loc["1.1.1", "owner_name"] == plan.NO_OWNER
    assert found.loc["1.1.1", "partner"] == "National College"


def test_what_is_saved_is_kept_and_told_in_words(engine: Engine) -> None:
    before = actions(engine).loc[CODE]
    steps = (Milestone("The last region", date(2012, 3, 30), date(2012, 3, 1)),)
    assert save(engine, replace(SAID, milestones=steps))
    after = actions(engine).loc[CODE]
    assert (after["owner"], after["due"], after["note"]) == ("GTCE", SAID.due, "Going well")
    assert after["milestones"] == steps
    assert not after["illustrative"]
    assert actions(engine, int(before["seen"])).loc[CODE, "note"] == before["note"]
    with reading(engine) as connection:
        found = history(connection, CODE)
    assert found["made_by"].iloc[0] == "Ann"
    assert found["edit"].is_monotonic_decreasing
    assert found["changed"].iloc[-1] == FIRST
    said = found["changed"].iloc[0].split("; ")
    assert said[0] == "owner: Regional delivery partnerships → General Teaching Council for England"
    assert "start: 11 January 2010 → 1 September 2011" in said
    assert "no longer illustrative" in said
    assert "milestone “Trainers in every region” taken away" in said
    assert "milestone “The last region” added, due 30 March 2012" in said
    assert "milestone “The last region” reached on 1 March 2012" in said
    assert "note: “Going well”" in said
    assert not any(part.startswith("status") for part in said)


def test_a_status_and_a_milestone_that_moves_are_told(engine: Engine) -> None:
    step = Milestone("Half", date(2012, 1, 31))
    save(engine, replace(SAID, milestones=(step,)))
    moved = replace(step, due=date(2012, 2, 29))
    save(engine, replace(SAID, status="done", note="", milestones=(moved,)), by="Ben")
    with reading(engine) as connection:
        changed = history(connection, CODE)["changed"].iloc[0]
    assert changed == (
        "status: under way → done; milestone “Half”: due 31 January 2012 → 29 February 2012; note taken away"
    )


def test_the_second_of_two_is_told_and_nothing_is_overwritten(engine: Engine) -> None:
    seen = int(actions(engine).loc[CODE, "seen"])
    save(engine, SAID, by="Ben", seen=seen)
    number = current(engine)
    with pytest.raises(ChangedMeanwhile, match=r"Ben changed it on .* UTC"):
        save(engine, replace(SAID, note="Mine"), by="Cat", seen=seen)
    assert actions(engine).loc[CODE, "note"] == "Going well"
    assert current(engine) == number


def test_saving_what_is_there_already_is_no_edit(engine: Engine) -> None:
    save(engine, SAID)
    number = current(engine)
    assert not save(engine, replace(SAID, owner=" general  teaching council for England", note="Going well \n"))
    assert current(engine) == number


def test_an_owner_is_a_member_or_a_partner_as_typed(engine: Engine) -> None:
    save(engine, replace(SAID, owner="ofsted"))
    assert actions(engine).loc[CODE, "owner"] == "Ofsted"
    save(engine, replace(SAID, owner="=A university"))
    assert actions(engine).loc[CODE, "owner_name"] == "=A university"
    save(engine, replace(SAID, owner="  "))
    assert actions(engine).loc[CODE, "owner_name"] == plan.NO_OWNER


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"due": date(2011, 8, 31)}, "due on 31 August 2011, before it starts on 1 September 2011"),
        ({"owner": "x" * 121}, "owner of more than 120 characters"),
        ({"note": "x" * 2001}, "a note of 2,001 characters"),
        ({"status": "asleep"}, "unknown status"),
        ({"milestones": (Milestone("Too late", date(2012, 3, 31)),)}, "“Too late”, due on 31 March 2012, after"),
        ({"milestones": (Milestone(" ", date(2012, 3, 1)),)}, "a milestone without a title"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(reader: Engine, changes: dict[str, Any], sentence: str) -> None:
    number = current(reader)
    with pytest.raises(PlanRefused, match=f"Action {CODE} .*{sentence}"):
        save(reader, replace(SAID, **changes))
    assert current(reader) == number


def test_nobody_and_nothing_are_refused(reader: Engine) -> None:
    with pytest.raises(PlanRefused, match="Nobody's name"):
        save(reader, SAID, by="  ")
    with pytest.raises(UnknownCode, match=r"There is no action 9\.9\.9"):
        save(reader, SAID, code="9.9.9", seen=1)
    with pytest.raises(PlanRefused, match=r"Action 1\.1\.3 ended on 21 September 2010"):
        save(reader, SAID, code="1.1.3")


def test_a_review_ends_adds_and_numbers_in_one_edit(engine: Engine) -> None:
    before = current(engine)
    assert review(engine) == 3
    assert current(engine) == before + 1
    found = actions(engine)
    assert found.loc[CODE, ["ended", "ended_why", "status"]].tolist() == [DAY, "Everybody is trained.", "stopped"]
    new = found.loc["1.2.3"]
    assert (new["title"], new["owner"], new["plan"], new["status"]) == (
        "Train those who came later", "Ofsted", 3, "not_started",
    )  # fmt: skip
    assert len(plan.in_force(found)) == 38
    with reading(engine) as connection:
        versions = plan.versions(connection)
        changed = history(connection, CODE)["changed"].iloc[0]
    assert versions["number"].tolist() == [3, 2, 1]
    assert versions["made_by"].iloc[0] == "Ann"
    assert not versions["illustrative"].iloc[0]
    assert changed == "status: under way → stopped; ended on 11 September 2012: Everybody is trained."


def test_an_action_that_is_done_ends_as_done_and_a_number_is_not_used_twice(engine: Engine) -> None:
    save(engine, replace(SAID, status="done"))
    new = NewAction("1.2", "Another")
    review(engine, new=(new, replace(new, title="A third")))
    found = actions(engine)
    assert found.loc[CODE, "status"] == "done"
    assert found.loc[["1.2.3", "1.2.4"], "title"].tolist() == ["Another", "A third"]
    ending = Ending("1.2.4", "Not needed.", int(found.loc["1.2.4", "seen"]))
    review(engine, seen=3, endings=(ending,), new=(new,))
    assert "1.2.5" in actions(engine).index


def test_a_version_can_be_looked_at_again_and_compared_with_the_one_before(engine: Engine) -> None:
    with reading(engine) as connection:
        second, first = plan.versions(connection)["edit"]
    found = between(actions(engine, int(first)), actions(engine, int(second)))
    counts = found["what"].value_counts()
    assert (counts["Ended"], counts["New"]) == (3, 3)
    assert found["what"].tolist() == sorted(found["what"], key=["Ended", "New", "Changed"].index)
    assert found.set_index("code").loc["1.1.7", "said"] == "It says the same as 3.2.2, which carries the work on."
    assert found.set_index("code").loc["2.2.5", "said"].endswith("Children's Services, due 31 August 2012")
    save(engine, replace(SAID, status="done"))
    review(engine, seen=2)
    assert between(actions(engine, int(first)), actions(engine, int(second))).equals(found)
    assert len(plan.in_force(actions(engine, int(first)))) == 38


def test_two_reviews_at_once_make_one_version(engine: Engine) -> None:
    review(engine, by="Ben")
    number = current(engine)
    with pytest.raises(ChangedMeanwhile, match="Ben recorded plan version 3, agreed on 11 September 2012, meanwhile"):
        review(engine, by="Cat")
    assert current(engine) == number


def test_a_review_that_ends_what_somebody_changed_leaves_nothing_behind(engine: Engine) -> None:
    seen = int(actions(engine).loc[CODE, "seen"])
    save(engine, SAID, by="Ben", seen=seen)
    before = actions(engine)
    with pytest.raises(ChangedMeanwhile, match=r"Action 1\.2\.1: Nothing was saved: Ben changed it"):
        review(
            engine, endings=(Ending("1.2.2", "Over.", int(before.loc["1.2.2", "seen"])), Ending(CODE, "Over.", seen))
        )
    assert actions(engine).equals(before)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": " "}, "needs a title"),
        ({"note": "x" * 2001}, "note is longer than 2,000"),
        ({"agreed_on": date(2010, 9, 20)}, "before plan version 2, agreed on 21 September 2010"),
        ({"endings": (Ending(CODE, " ", 4),)}, r"not said why action 1\.2\.1 ends"),
        ({"new": (NewAction("1.2", ""),)}, "A new action needs a title"),
        ({"new": (NewAction("1.2", "One", Promise(owner="x" * 121)),)}, "The new action “One” has an owner"),
        ({"new": (NewAction("7.7", "One"),)}, r"no action line 7\.7"),
    ],
)
def test_a_review_that_cannot_be_is_refused_whole(reader: Engine, changes: dict[str, Any], sentence: str) -> None:
    number = current(reader)
    with pytest.raises((PlanRefused, UnknownCode), match=sentence):
        review(reader, **changes)
    assert current(reader) == number
    assert len(actions(reader)) == 41


def test_looking_back_shows_the_plan_as_it_stood(engine: Engine) -> None:
    with writing(engine) as connection:
        before = next_version(connection, "Figures") - 1
    save(engine, SAID)
    with reading(engine) as connection:
        then = plan.actions(connection, edits.at(connection, before)).set_index("code")
        now = plan.actions(connection, edits.at(connection, before + 1)).set_index("code")
        assert plan.versions(connection, 1).empty
    assert then.loc[CODE, "owner_name"] == "Regional delivery partnerships"
    assert now.loc[CODE, "owner_name"] == "General Teaching Council for England"
