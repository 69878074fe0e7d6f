"""Imports taken back: what counted before counts again, whatever came between, and any earlier state can be shown."""

from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine, select

from data_access import schema, summaries
from data_access.engine import current_version, reading, writing
from data_access.errors import UnknownCode
from data_access.imports import import_file
from data_access.undo import UndoRefused, undo
from data_access.values import area_values
from data_access.versions import resolve
from tests.data_access.files import BARNET, CAMDEN, definition, line, mapping, write

LAS = ("202", "302")


def figures(engine: Engine, as_at: int | None = None, indicator: str = "duplicated_offers") -> dict[str, tuple]:
    """Numerator and denominator of Camden and Barnet in 2011/12."""
    with reading(engine) as connection:
        frame = area_values(connection, "la", indicator=indicator, as_at=as_at)
    rows = frame[(frame["period"] == "2011/12") & frame["area_code"].isin(LAS)]
    return {row.area_code: (row.numerator, row.denominator) for row in rows.itertuples()}


def whole(engine: Engine, as_at: int | None = None) -> pd.DataFrame:
    """Every published figure of England and the local authorities."""
    with reading(engine) as connection:
        parts = [area_values(connection, level, as_at=as_at) for level in ("england", "la")]
    return pd.concat(parts, ignore_index=True)


def load(engine: Engine, tmp_path: Path, *rows: list[str], name: str = "new.csv", **changes: object) -> int:
    report = import_file(engine, write(tmp_path / name, list(rows)), None, mapping(**changes))
    assert report.import_id is not None
    return report.import_id


def test_undo_brings_the_earlier_figures_back_everywhere(engine: Engine, tmp_path: Path) -> None:
    before, there = whole(engine), sum(d > 0 for _, d in figures(engine).values())
    number = load(engine, tmp_path, line(CAMDEN, 7, 50), line(BARNET, 9, 60))
    assert not whole(engine).equals(before)
    done = undo(engine, number, "a tester")
    pd.testing.assert_frame_equal(whole(engine), before)
    assert (done.closed, done.back) == (2, there)
    with reading(engine) as connection:
        row = connection.execute(select(schema.import_).where(schema.import_.c.id == number)).one()
        assert (row.undone_by, row.undone_version) == ("a tester", current_version(connection))
    with pytest.raises(UndoRefused, match="undone before"):
        undo(engine, number, "a tester")
    with pytest.raises(UndoRefused, match="no import 999"):
        undo(engine, 999, "a tester")


def test_an_import_in_the_middle_can_be_undone(engine: Engine, tmp_path: Path) -> None:
    start = figures(engine)
    first = load(engine, tmp_path, line(CAMDEN, 7, 50), line(BARNET, 9, 60))
    second = load(engine, tmp_path, line(CAMDEN, 8, 50))
    undo(engine, first, "x")
    assert figures(engine) == {"202": (8, 50), "302": start["302"]}
    undo(engine, second, "x")
    assert figures(engine) == start  # not the first one's, which was taken back as well


def test_a_figure_that_a_later_file_holds_as_well_stays(engine: Engine, tmp_path: Path) -> None:
    start = figures(engine)
    first = load(engine, tmp_path, line(CAMDEN, 7, 50), line(BARNET, 9, 60))
    later = load(engine, tmp_path, line(CAMDEN, 7, 50), line(BARNET, 10, 60))
    with reading(engine) as connection:
        o = schema.observation.c
        written = connection.execute(select(o.unit_code).where(o.import_id == later)).scalars().all()
    assert written == ["302"]  # key by key: what is the same is not written again
    undo(engine, first, "x")
    assert figures(engine) == {"202": (7, 50), "302": (10, 60)}
    undo(engine, later, "x")
    assert figures(engine) == start


def test_the_same_file_again_after_an_undo_counts_again(engine: Engine, tmp_path: Path) -> None:
    file = write(tmp_path / "new.csv", [line(CAMDEN, 7, 50)])
    first = import_file(engine, file, None, mapping())
    assert import_file(engine, file, None, mapping()).import_id is None
    undo(engine, first.import_id or 0, "x")
    again = import_file(engine, file, None, mapping())
    assert again.import_id == (first.import_id or 0) + 1
    assert figures(engine)["202"] == (7, 50)


def test_an_indicator_and_schools_that_came_with_an_import_go_with_it(engine: Engine, tmp_path: Path) -> None:
    item = {"indicator": "extra_one", "numerator": "n", "denominator": "d", "define": definition("extra_one")}
    before = whole(engine)
    number = load(engine, tmp_path, line(CAMDEN, 7, 50), indicators=[item])
    assert figures(engine, indicator="extra_one")["202"] == (7, 50)
    undo(engine, number, "x")
    pd.testing.assert_frame_equal(whole(engine), before)
    again = load(engine, tmp_path, line(CAMDEN, 8, 50), indicators=[item], name="again.csv")
    assert figures(engine, indicator="extra_one")["202"] == (8, 50)
    assert again > number


def test_any_earlier_state_can_be_shown(engine: Engine, tmp_path: Path) -> None:
    states = {}
    with reading(engine) as connection:
        states[current_version(connection)] = whole(engine)
    numbers = []
    for n in (5, 6, 7):
        numbers.append(load(engine, tmp_path, line(CAMDEN, n, 50), line(BARNET, n + 1, 60), name=f"{n}.csv"))
        with reading(engine) as connection:
            states[current_version(connection)] = whole(engine)
    undo(engine, numbers[1], "x")
    undo(engine, numbers[2], "x")
    with reading(engine) as connection:
        states[current_version(connection)] = whole(engine)
    assert len(states) == 5
    for version, state in states.items():
        pd.testing.assert_frame_equal(whole(engine, as_at=version), state, obj=f"data version {version}")


def test_a_version_is_named_by_number_or_date(reader: Engine) -> None:
    with reading(reader) as connection:
        latest = current_version(connection)
        assert resolve(connection, str(latest)) == latest
        assert resolve(connection, "2999-12-31") == latest
        assert resolve(connection, "9999-12-31") == latest
        for wrong in ("0", "99999", "1999-01-01", "last week", "", "2012-02-30", "9" * 400):
            with pytest.raises(UnknownCode):
                resolve(connection, wrong)


def test_summaries_of_few_authorities_are_those_of_all(engine: Engine, tmp_path: Path) -> None:
    """What an import of one authority re-makes is what re-making everything gives."""
    with reading(engine) as connection:
        urns = connection.execute(
            select(schema.school.c.urn).where(schema.school.c.la_code == "202").order_by(schema.school.c.urn)
        ).scalars()
        urn = next(iter(urns))
    header = ["time_period", "time_identifier", "geographic_level", "country_code", "country_name"]
    header += ["school_urn", "school_laestab", "school_name", "n", "d"]
    row = ["201112", "Academic year", "School", "E92000001", "England", urn, "2023333", "A school", "3", "40"]
    file = write(tmp_path / "one.csv", [row], header)
    with reading(engine) as connection:
        code = next(
            row.code
            for row in connection.execute(select(schema.indicator))
            if row.collected_from == "school" and row.frequency == "year" and row.staff_groups == "all"
        )
    import_file(engine, file, None, mapping(code))
    with reading(engine) as connection:
        few = connection.execute(select(schema.summary).order_by(*schema.summary.primary_key)).all()
    with writing(engine) as connection:
        pairs = pd.DataFrame({"indicator": [code], "period": ["2011/12"]})
        summaries.remake(connection, pairs, None, 99)
        again = connection.execute(select(schema.summary).order_by(*schema.summary.primary_key)).all()
    assert few == again
