"""Each authority's neighbours: imported ones first, computed ones else, as they stood, with where they come from."""

from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine, delete, insert, select, update

from data_access import bulk, queries, schema
from data_access.engine import reading, writing
from data_access.neighbours import COLUMNS, neighbours, similar
from data_access.undo import undo
from data_access.versions import change, next_version
from measures.neighbours import CLOSENESS, nearest
from tests.data_access.test_reference_imports import FEWER, NEIGHBOURS, bring

COMPUTED = "Computed from 10 illustrative context variables; source: Made by this program, not collected."


def found(engine: Engine, as_at: int | None = None) -> pd.DataFrame:
    with reading(engine) as connection:
        return neighbours(connection, as_at)


def of(frame: pd.DataFrame, code: str) -> list[list[object]]:
    return frame.loc[frame["la_code"] == code, ["neighbour_code", "rank", "closeness", "basis"]].to_numpy().tolist()


def test_without_an_imported_table_they_are_the_nearest_by_context(reader: Engine) -> None:
    rows = found(reader)
    assert rows.columns.tolist() == COLUMNS
    assert rows.groupby("la_code")["rank"].agg(list).tolist() == [[*range(1, 11)]] * 152
    with reading(reader) as connection:
        expected = nearest(bulk.frame(connection, select(schema.context)), 10)
        names = queries.authorities(connection).set_index("code")["name"]
    for column in ("la_code", "neighbour_code", "rank", "closeness"):
        assert rows[column].tolist() == expected[column].tolist()
    assert rows["neighbour"].tolist() == names[rows["neighbour_code"]].tolist()
    assert set(rows["closeness"]) <= set(CLOSENESS)
    assert set(rows["basis"]) == {"computed"}
    assert set(rows["basis_words"]) == {COMPUTED}


def test_all_others_are_ordered_by_context_whatever_was_imported(engine: Engine, tmp_path: Path) -> None:
    before = found(engine)
    bring(engine, tmp_path / "ours.csv", NEIGHBOURS)
    with reading(engine) as connection:
        rows = similar(connection)
    assert rows.groupby("la_code")["rank"].agg(list).tolist() == [[*range(1, 152)]] * 152
    assert (rows["la_code"] != rows["neighbour_code"]).all()
    first_ten = rows[rows["rank"] <= 10].reset_index(drop=True)
    assert first_ten["neighbour_code"].tolist() == before["neighbour_code"].tolist()
    assert set(rows["basis_words"]) == {COMPUTED}


def test_an_imported_set_is_used_whole_and_the_others_stay(engine: Engine, tmp_path: Path) -> None:
    before = found(engine)
    bring(engine, tmp_path / "ours.csv", NEIGHBOURS)
    after = found(engine)
    assert of(after, "202") == [["302", 1, "0.9", "imported"], ["203", 2, "0.8", "imported"]]
    words = set(after.loc[after["la_code"] == "202", "basis_words"])
    assert words == {"Imported from ours.csv (illustrative); source: A test."}
    others = [frame[frame["la_code"] != "202"].reset_index(drop=True) for frame in (before, after)]
    pd.testing.assert_frame_equal(*others)
    assert after["la_code"].is_monotonic_increasing


def test_what_was_imported_is_shown_as_it_stood_and_survives_undo(engine: Engine, tmp_path: Path) -> None:
    start = found(engine)
    one = bring(engine, tmp_path / "one.csv", NEIGHBOURS)
    after_one = found(engine)
    two = bring(engine, tmp_path / "two.csv", FEWER)
    after_two = found(engine)
    assert of(after_two, "202") == [["203", 1, "0.7", "imported"]]
    assert one.data_version
    assert two.data_version
    for version, state in ((one.data_version - 1, start), (one.data_version, after_one), (two.data_version, after_two)):
        pd.testing.assert_frame_equal(found(engine, version), state)
    undo(engine, two.import_id or 0, "x")
    pd.testing.assert_frame_equal(found(engine), after_one)
    undo(engine, one.import_id or 0, "x")
    pd.testing.assert_frame_equal(found(engine), start)
    pd.testing.assert_frame_equal(found(engine, two.data_version), after_two)


@pytest.mark.parametrize(("given", "shown"), [("0.85", "0.85"), ("12", "12"), ("-1234.5", "-1234.5"), ("", None)])
def test_closeness_is_shown_as_it_was_given(engine: Engine, tmp_path: Path, given: str, shown: str | None) -> None:
    bring(engine, tmp_path / "one.csv", f"old_la_code,neighbour_old_la_code,rank,closeness\n202,302,1,{given}\n")
    assert of(found(engine), "202") == [["302", 1, shown, "imported"]]


def test_without_context_only_imported_sets_are_left(engine: Engine, tmp_path: Path) -> None:
    with writing(engine) as connection:
        connection.execute(delete(schema.context))
    rows = found(engine)
    assert rows.empty
    assert rows.columns.tolist() == COLUMNS
    bring(engine, tmp_path / "one.csv", NEIGHBOURS)
    assert set(found(engine)["la_code"]) == {"202"}


def test_an_authority_without_one_of_the_variables_has_none(engine: Engine) -> None:
    with writing(engine) as connection:
        c = schema.context.c
        connection.execute(delete(schema.context).where(c.la_code == "202", c.variable == "rural"))
    rows = found(engine)
    assert "202" not in {*rows["la_code"], *rows["neighbour_code"]}
    assert rows["la_code"].nunique() == 151


def test_context_is_used_as_it_stood(engine: Engine) -> None:
    before = found(engine)
    with writing(engine) as connection:
        held = bulk.frame(connection, select(schema.context)).drop(columns=["import_id", "from_version"])
        camden, cornwall = (held[held["la_code"] == code] for code in ("202", "908"))
        version = next_version(connection, "Camden as Cornwall is")
        change(connection, schema.context, cornwall.assign(la_code=camden["la_code"].iloc[0]), version)
    assert of(found(engine), "202")[0] == ["908", 1, "extremely close", "computed"]
    pd.testing.assert_frame_equal(found(engine, version - 1), before)


def test_the_threshold_says_how_many_as_it_stood(engine: Engine) -> None:
    with writing(engine) as connection:
        version = next_version(connection, "Three neighbours")
        rows = pd.DataFrame({"name": ["neighbours"], "indicator": [""], "value": [3.0]})
        change(connection, schema.threshold, rows, version)
    assert set(found(engine)["rank"]) == {1, 2, 3}
    assert set(found(engine, version - 1)["rank"]) == {*range(1, 11)}


def test_the_words_say_what_the_table_of_variables_says(engine: Engine) -> None:
    v = schema.context_variable
    with writing(engine) as connection:
        connection.execute(update(v).where(v.c.position < 3).values(kind="published", source="A census"))
        unused = {"code": "unused", "title": "No values", "unit": "%", "source": "Nobody", "kind": "published"}
        connection.execute(insert(v).values(**unused, position=99))
    assert set(found(engine)["basis_words"]) == {
        "Computed from 3 published and 7 illustrative context variables; "
        "source: A census; Made by this program, not collected."
    }
