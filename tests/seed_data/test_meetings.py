"""The illustrative meetings: one that is over and saw figures that were corrected since, and the next one's agenda."""

from urllib.parse import parse_qs

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Engine

from data_access import edits, meetings, plan
from data_access.engine import current_version, reading
from data_access.values import area_values
from seed_data import later, reference, schools
from seed_data.illustrative import DataSet, data_sets
from seed_data.registers.meetings import content

MEMBERS = {member["code"] for member in reference.strategy()["nag_members"]}
CODES = {definition.code for definition in reference.indicators()}
VIEWS = [view for each in ("past", "next") for view in content()[each]["agenda"]]


@pytest.fixture(scope="module")
def drawn() -> list[DataSet]:
    titles = {group["code"]: group["title"] for group in reference.strategy()["staff_groups"]}
    register = schools.invent(reference.authorities(), 300).schools
    return list(data_sets(reference.indicators(), reference.authorities(), register, titles))


def test_what_comes_first_and_last_say_together_what_was_drawn(drawn: list[DataSet]) -> None:
    key = ["time_period", "time_identifier", "school_urn", "staff_group"]
    split = [(data_set, *later.split(data_set)) for data_set in drawn]
    parted = [parts for parts in split if parts[2] is not None]
    assert len(parted) == 2
    for whole, first, last in split:
        if last is None:
            assert first is whole
            continue
        together = pd.concat([last.rows, first.rows]).drop_duplicates(key)  # the last import wins
        pd.testing.assert_frame_equal(
            together.sort_values(key, ignore_index=True), whole.rows.sort_values(key, ignore_index=True)
        )
        assert 0 < len(last.rows) < len(whole.rows) / 4


def test_what_was_wrong_at_first_was_too_high(drawn: list[DataSet]) -> None:
    name = f"{later.CORRECTED}_numerator"
    whole = next(data_set for data_set in drawn if name in data_set.rows)
    first, _ = later.split(whole)
    wrong = first.rows[name] != whole.rows.loc[first.rows.index, name]
    assert wrong.any()
    assert set(first.rows.loc[wrong, "old_la_code"]) <= set(later.CORRECTING)
    assert set(first.rows.loc[wrong, name]) == {"1"}
    codes = reference.authorities().set_index("code")["region_code"]
    assert codes[list(later.CORRECTING)].nunique() == 1


def test_the_meeting_that_is_over_saw_other_figures(reader: Engine) -> None:
    with reading(reader) as connection:
        every = meetings.meetings(connection)
        assert every["illustrative"].all()
        assert every["data_version"].isna().tolist() == [True, False]
        seen, now = int(every["data_version"].iloc[1]), current_version(connection)
        then, current = (area_values(connection, "england", as_at=version) for version in (seen, now))
    assert now == seen + 2
    keys = ["indicator", "period"]
    both = then.merge(current, on=keys, suffixes=("_then", "_now")).dropna(subset=["value_then", "value_now"])
    differ = both[~np.isclose(both["value_then"], both["value_now"])]
    assert later.CORRECTED in set(differ["indicator"])
    assert differ["period"].eq("2011/12").all()
    came = set(current.dropna(subset=["value"])["period"]) - set(then.query(f"indicator == '{later.TERM}'")["period"])
    assert "2011/12 summer" in came


def test_what_was_said_can_be(reader: Engine) -> None:
    with reading(reader) as connection:
        actions = set(plan.in_force(plan.actions(connection))["code"])
        noted = meetings.decisions(connection, 1)
        assert len(meetings.agenda(connection, 1)) == 6
        assert len(meetings.agenda(connection, 2)) == 8
        assert edits.current(connection) > edits.at(connection, int(meetings.one(connection, 1)["data_version"]))
    assert sorted(noted["kind"].unique()) == ["action", "decision"]
    assert set(noted["owner"].dropna()) <= MEMBERS
    assert set(noted["action"].dropna()) <= actions
    assert noted.loc[noted["kind"] == "action", "due"].notna().all()
    assert set(content()["past"]["present"]) <= MEMBERS


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view["figures"])
def test_a_pinned_view_names_an_indicator_there_is_and_its_headline_can_be_read(view: dict[str, str]) -> None:
    asked = parse_qs(view["figures"])
    assert set(asked.get("indicator", [])) <= CODES
    assert len(view.get("headline", "").split()) <= 10
    assert view["presenter"]
    assert view["note"]
