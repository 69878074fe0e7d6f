"""Where the partnership register is complete, and the figures that it then gives: in by the door of imports."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine, func, select

from data_access import edits, history, undo, values
from data_access.engine import current_version, get_engine, reading
from data_access.errors import ChangedMeanwhile, DataAccessError
from data_access.partnerships import complete, computed, entries
from data_access.partnerships.checks import RegisterRefused
from data_access.partnerships.fields import ACTIVITIES, MEMBERS, PARTNERSHIPS
from data_access.schema import observation
from tests.conftest import sqlite_url

CLUSTER = {
    "name": "Example cluster of Kent",
    "kind": "school_cluster",
    "areas": ["886"],
    "began": date(2010, 9, 1),
    "framework": "no",
    "illustrative": True,
}
TRAINING = {"kind": "training", "held_on": date(2012, 6, 1), "title": "First", "staff": ["teachers", "support_staff"]}


@pytest.fixture
def lone(small_copy: Path) -> Iterator[Engine]:
    """A database of the test's own, on SQLite alone."""
    made = get_engine(sqlite_url(small_copy))
    yield made
    made.dispose()


def entered(engine: Engine) -> str:
    """A cluster of Kent, with one school, that ran PD in the summer term of 2012."""
    code = str(entries.add(engine, PARTNERSHIPS, CLUSTER, "Ann"))
    with reading(engine) as connection:
        urn = values.school_values(connection, "schools_in_cluster", la_code="886")["area_code"].iloc[0]
    joins = {"kind": "school", "organisation": urn, "role": "partner", "joined": date(2010, 9, 1)}
    entries.add(engine, MEMBERS, joins, "Ann", to=code)
    entries.add(engine, ACTIVITIES, TRAINING, "Ann", to=code)
    return code


def stands(engine: Engine, indicator: str, la: str = "886") -> tuple[float, float, str]:
    with reading(engine) as connection:
        rows = values.area_values(connection, "la", indicator=indicator)
    (row,) = rows[(rows["area_code"] == la) & (rows["period"] == "2011/12 summer")].to_dict("records")
    return row["numerator"], row["denominator"], row["symbol"]


def test_somebody_says_that_the_register_is_complete_and_takes_it_back(lone: Engine) -> None:
    number = complete.say(lone, "886", "2011/12", "clusters", "Ann")
    with pytest.raises(RegisterRefused, match="has been said already"):
        complete.say(lone, "886", "2011/12", "clusters", "Ben")
    with pytest.raises(RegisterRefused, match="is not in the list"):
        complete.say(lone, "999", "2011/12", "clusters", "Ben")
    with pytest.raises(RegisterRefused, match="is not in the list"):
        complete.say(lone, "886", "2011/12 summer", "clusters", "Ben")
    with reading(lone) as connection:
        row = complete.rows(connection).set_index("id").loc[number]
        first = edits.current(connection)
    complete.take_back(lone, number, "Ben", seen=int(row["from_edit"]))
    with pytest.raises(ChangedMeanwhile, match="taken back already"):
        complete.take_back(lone, number, "Cleo", seen=int(row["from_edit"]))
    with reading(lone) as connection:
        assert number not in set(complete.rows(connection)["id"])
        assert number in set(complete.rows(connection, first)["id"]), "that it was said is kept"
        reasons = entries.changes(connection)["reason"].tolist()
    assert reasons[:2] == ["No longer complete: Kent, 2011/12, clusters", "Complete: Kent, 2011/12, clusters"]


def test_computed_figures_come_in_once_say_where_they_are_from_and_can_be_undone(engine: Engine) -> None:
    before = stands(engine, "cluster_staff_range")
    entered(engine)
    complete.say(engine, "886", "2011/12", "clusters", "Ann")
    tried = computed.load(engine, "2011/12 summer", dry_run=True, by="Ann")
    assert {report.dry_run for report in tried} == {True}
    assert stands(engine, "cluster_staff_range") == before, "a dry run writes nothing"
    reports = computed.load(engine, "2011/12 summer", by="Ann")
    assert len(reports) == 4
    assert stands(engine, "cluster_staff_range")[:2] == (1, 1)
    assert stands(engine, "clusters_assured")[:2] == (0, 1)
    o = observation.c
    in_one = select(func.sum(o.numerator), func.sum(o.denominator), func.count()).where(
        o.import_id == reports[0].import_id, o.to_version.is_(None)
    )
    with reading(engine) as connection:
        ones, schools, rows = connection.execute(in_one).one()
        assert ones == 1 < schools == rows, "a row for each school of Kent, and one of them is in a cluster"
        version, number = current_version(connection), edits.current(connection)
        about = history.one(connection, int(reports[-1].import_id or 0))
    assert about["source"] == "Partnership register (computed)"
    assert about["file_name"] == f"partnership-register_edit-{number}_cluster_staff_range.csv"
    assert about["kind"] == "illustrative"
    again = computed.load(engine, "2011/12 summer", by="Ben")
    assert {report.data_version for report in again} == {None}
    with reading(engine) as connection:
        assert current_version(connection) == version, "nothing new, nothing imported"
    undo.undo(engine, int(reports[-1].import_id or 0), "Ann")
    assert stands(engine, "cluster_staff_range") == before


def test_complete_without_a_cluster_is_no_figure_of_clusters_and_replaces_what_stood(lone: Engine) -> None:
    complete.say(lone, "886", "2011/12", "clusters", "Ann")
    computed.load(lone, "2011/12 summer", by="Ann")
    with reading(lone) as connection:
        rows = values.area_values(connection, "la", indicator="cluster_staff_range").set_index(["area_code", "period"])
    row = rows.loc[("886", "2011/12 summer")]
    assert pd.isna(row["value"])
    assert row["symbol"] == "z"


def test_what_is_not_said_leaves_what_stands_as_it_is(lone: Engine) -> None:
    before = stands(lone, "clusters_assured")
    code = entered(lone)
    with reading(lone) as connection:
        row = entries.rows(connection, PARTNERSHIPS, of=code).iloc[0]
    entries.change(lone, PARTNERSHIPS, code, CLUSTER | {"framework": ""}, "Ann", seen=int(row["from_edit"]))
    complete.say(lone, "886", "2011/12", "clusters", "Ann")
    computed.load(lone, "2011/12 summer", by="Ann")
    assert stands(lone, "clusters_assured") == before
    assert stands(lone, "cluster_staff_range")[:2] == (1, 1)


def test_other_periods_and_unsaid_completeness_give_nothing(lone: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with reading(lone) as connection:
        assert computed.compute(connection, "2009/10").rows.empty, "nobody said so of that year"
        with pytest.raises(DataAccessError, match="neither a school year nor a term"):
            computed.compute(connection, "2011-12 financial year")
        years = computed.compute(connection, "2011/12").rows
        terms = computed.compute(connection, "2011/12 spring").rows
    assert computed.load(lone, "2009/10") == []
    assert set(years["period"]) == {"2011/12 autumn", "2011/12 spring", "2011/12 summer", "2011/12"}
    assert set(terms["period"]) == {"2011/12 spring"}, "a yearly indicator has no figure of a term"
    monkeypatch.setattr(computed, "today", lambda: date(2012, 4, 29))
    with reading(lone) as connection:
        assert set(computed.compute(connection, "2011/12").rows["period"]) == {"2011/12 autumn"}, "it is not over"


def test_a_framework_has_its_day_and_a_day_its_framework(lone: Engine) -> None:
    for wrong in ({"framework": "yes"}, {"framework_since": date(2011, 1, 1)}):
        with pytest.raises(RegisterRefused, match="go together"):
            entries.add(lone, PARTNERSHIPS, CLUSTER | wrong, "Ann")
