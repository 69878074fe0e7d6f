"""What came in, when and by whom, and mappings saved to be used again."""

from pathlib import Path

import pandas as pd
import pytest
import yaml
from sqlalchemy import Engine, insert, update

from data_access import access, audit, history, schema
from data_access.engine import reading, writing
from data_access.errors import UnknownCode
from data_access.files.mapping import Mapping, read_mapping, to_yaml
from data_access.imports import import_file
from tests.data_access.files import BARNET, CAMDEN, MAPPINGS, definition, line, mapping, write

COLUMNS = ["time_period", "n", "d"]


def rich() -> Mapping:
    """A mapping that says everything that one can say."""
    define = definition("extra_one", target={"period": "2011/12", "value": 60.5}, trajectory=[])
    define |= {"reviewed": {"by": "Zoë: “CPD”", "on": "2012-03-31"}, "staff_groups": ["teachers", "support_staff"]}
    item = {"indicator": "extra_one", "numerator": "n", "denominator": "d", "rate": "no", "define": define}
    filters = {
        "yes": {"role": "staff_group", "values": {"on": "teachers", "01": "support_staff", "- a: b #c": "all"}},
        "kind": {"role": "keep", "values": ["Total", "null", "1e3", ""]},
    }
    return mapping(indicators=[item], filters=filters, new_schools="add", source="É & Co.")


def test_imports_say_what_became_of_their_rows_newest_first(engine: Engine, tmp_path: Path) -> None:
    file = write(tmp_path / "new.csv", [line(CAMDEN, 7, 50), line(BARNET, 1, 2)])
    report = import_file(engine, file, None, mapping(), by="A. Person")
    with reading(engine) as connection:
        frame = history.imports(connection)
    assert list(frame.columns) == history.IMPORT
    assert frame["id"].is_monotonic_decreasing
    newest = frame.iloc[0]
    assert newest["id"] == report.import_id
    said = ["file_name", "layout", "kind", "imported_by", "rows", "observations", "new", "revised", "unchanged"]
    counts = [report.rows, report.observations, report.new, report.revised, report.unchanged]
    assert newest[said].tolist() == ["new.csv", "EES", "illustrative", "A. Person", *counts]
    assert newest["indicators"] == ["duplicated_offers"]
    assert newest["data_version"] == report.data_version
    assert newest["checks"] == sum(check.severity == "warning" for check in report.checks)
    assert str(frame["imported_at"].dt.tz) == "UTC"
    assert newest[["undone_at", "undone_by", "undone_version"]].isna().all()


def test_warnings_are_counted_and_notes_are_not(engine: Engine) -> None:
    with writing(engine) as connection:
        rows = [
            {
                "id": 900 + at,
                "import_id": 1,
                "check": "jump",
                "severity": kind,
                "sentence": "",
                "count": 1,
                "rows": "[]",
            }
            for at, kind in enumerate(["warning", "note", "warning"])
        ]
        before = history.imports(connection).set_index("id")["checks"]
        connection.execute(insert(schema.quality_check), rows)
        after = history.imports(connection).set_index("id")["checks"]
    assert (after - before)[lambda more: more != 0].to_dict() == {1: 2}


def test_an_import_that_was_undone_says_so(engine: Engine) -> None:
    with writing(engine) as connection:
        when = pd.Timestamp("2012-03-31T12:00Z").to_pydatetime()
        undone = update(schema.import_).where(schema.import_.c.id == 1)
        connection.execute(undone.values(undone_at=when, undone_by="B", undone_version=99))
        row = history.imports(connection).set_index("id").loc[1]
    assert row[["undone_at", "undone_by", "undone_version"]].tolist() == [pd.Timestamp(when), "B", 99]


def test_imports_from_before_rows_were_counted_have_no_counts(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(update(schema.import_).where(schema.import_.c.id == 1).values(changed="{}", mapping="{}"))
        row = history.imports(connection).set_index("id").loc[1]
        assert history.one(connection, 1)["mapping"] == ""
    assert row[["new", "revised", "unchanged"]].isna().all()
    assert row["indicators"] == []


def test_one_import_has_its_mapping_and_what_was_left_out(engine: Engine, tmp_path: Path) -> None:
    rows = [line(CAMDEN, 7, 50), line(["E13000001", "Inner London"], 1, 2, level="Regional")]
    report = import_file(engine, write(tmp_path / "new.csv", rows), None, mapping())
    assert report.import_id is not None
    with reading(engine) as connection:
        found = history.one(connection, report.import_id)
        with pytest.raises(UnknownCode):
            history.one(connection, 999)
    assert found["ignored"] == ["1 Inner and Outer London rows: parts of London, not regions"]
    assert Mapping.model_validate(yaml.safe_load(str(found["mapping"]))) == mapping()
    assert found["file_name"] == "new.csv"


def test_versions_are_listed_newest_first(reader: Engine) -> None:
    with reading(reader) as connection:
        frame = history.versions(connection)
    assert list(frame.columns) == ["number", "made_at", "reason", "kept"]
    assert frame["number"].tolist() == list(range(len(frame), 0, -1))
    assert frame["kept"].all()
    assert str(frame["made_at"].dt.tz) == "UTC"


@pytest.mark.parametrize("made", [rich(), mapping(), *(read_mapping(file) for file in sorted(MAPPINGS.glob("*.yaml")))])
def test_a_mapping_survives_as_yaml(made: Mapping, tmp_path: Path) -> None:
    file = tmp_path / "mapping.yaml"
    file.write_text(to_yaml(made), encoding="utf-8")
    assert read_mapping(file) == made


def test_the_latest_mapping_for_the_same_columns_is_used(engine: Engine) -> None:
    first, second = mapping(), rich()
    with writing(engine) as connection:
        assert history.mapping_for(connection, COLUMNS) is None
        number = history.save_mapping(connection, first, COLUMNS, "A")
        assert history.save_mapping(connection, second, [*COLUMNS, "more\nof it "], "B") == number + 1
        assert history.mapping_for(connection, list(reversed(COLUMNS))) == first
        assert history.mapping_for(connection, ["more of it", *COLUMNS]) == second
        assert history.mapping_for(connection, COLUMNS[:2]) is None
        history.save_mapping(connection, second, COLUMNS, "C")
        assert history.mapping_for(connection, COLUMNS) == second
        saved = history.saved_mappings(connection)
    with access.acting_as(access.SERVICE), reading(engine) as connection:
        written = audit.entries(connection, did=audit.Did.edited, limit=3)["about"].tolist()
    assert written == [f"mapping {each}" for each in (number + 2, number + 1, number)]
    assert saved["saved_by"].tolist() == ["C", "B", "A"]
    assert saved["columns"].tolist()[::2] == [COLUMNS, COLUMNS]
    assert saved["data_set"].tolist() == ["test"] * 3
    assert saved["content"].iloc[-1] == to_yaml(first)


def test_a_mapping_that_can_no_longer_be_read_is_passed_over(engine: Engine) -> None:
    with writing(engine) as connection:
        history.save_mapping(connection, mapping(), COLUMNS, "A")
        old = history.save_mapping(connection, mapping(), COLUMNS, "B")
        written = update(schema.saved_mapping).where(schema.saved_mapping.c.id == old)
        connection.execute(written.values(content="data_set: old\nsheet: 3\n"))
        assert history.mapping_for(connection, COLUMNS) == mapping()
