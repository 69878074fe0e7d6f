"""The invented evidence: flagged, of every kind, for most outcomes but not all, about several places."""

from pathlib import Path

from data_access import evidence
from data_access.engine import get_engine, reading
from measures.strength import KINDS, LEVELS, with_strength
from seed_data import reference
from seed_data.registers.evidence import entries
from tests.conftest import sqlite_url

STRATEGY_ENDS = reference.strategy()["strategy"]["ends"]


def test_it_shows_every_kind_and_strength_and_leaves_two_outcomes_bare(small_database: Path) -> None:
    with reading(get_engine(sqlite_url(small_database))) as connection:
        found = with_strength(evidence.register(connection), STRATEGY_ENDS)
    assert found["illustrative"].all()
    assert set(found["kind"]) == set(KINDS)
    assert set(found["strength"]) == set(LEVELS)
    named = {code for codes in found["outcomes"] for code in codes}
    assert {outcome["code"] for outcome in reference.strategy()["outcomes"]} - named == {"2f", "3e"}
    areas = {code for codes in found["areas"] for code in codes}
    assert len(areas & set(reference.REGION_SHORT)) >= 6
    assert len(areas & set(reference.authorities()["code"])) >= 6
    assert (found["ended"] <= STRATEGY_ENDS).all()


def test_it_names_no_school_and_no_member_of_the_advisory_group() -> None:
    content = reference.strategy()
    named = [member[key] for member in content["nag_members"] for key in ("code", "name")]
    named += [case["place"] for case in content["case_studies"]]
    for entry in entries():
        told = " ".join(str(value) for value in entry.values())
        assert [name for name in named if f" {name} " in f" {told} "] == [], entry["title"]
        assert entry["organisation"].startswith("A ")
