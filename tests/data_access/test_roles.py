"""PostgreSQL's own rights: the service reads and writes rows, and nothing else; readers see no school."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine, insert, select, text
from sqlalchemy.exc import ProgrammingError

from data_access import backup, bulk, edits, errors, migrate, plan, register_tables, roles, schema, thresholds
from data_access.engine import get_engine, reading, writing
from data_access.imports import import_file
from data_access.register_tables import metadata
from data_access.settings import PROJECT
from data_access.values import area_values
from tests.conftest import Postgresql
from tests.data_access.files import CAMDEN, line, mapping, write

pytestmark = pytest.mark.postgresql


@pytest.fixture(scope="module")
def owned(postgresql: Postgresql) -> Iterator[Engine]:
    """A filled database of cpd_owner, as deploy/roles.sql and `migrate` leave it."""
    made = [line for line in (PROJECT / "deploy" / "roles.sql").read_text().splitlines() if "DATABASE" not in line]
    with postgresql.engines[0].connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in "\n".join(made).split(";"):
            if sql := "\n".join(part.split("--")[0] for part in statement.splitlines()).strip():
                connection.execute(text(sql))
    engine = postgresql.make(postgresql.filled())
    with engine.begin() as connection:
        connection.execute(text(f"ALTER DATABASE {engine.url.database} OWNER TO cpd_owner"))
        for table in [*metadata.tables, "alembic_version"]:
            connection.execute(text(f'ALTER TABLE "{table}" OWNER TO cpd_owner'))
        connection.execute(text("ALTER FUNCTION audit_is_kept OWNER TO cpd_owner"))
        connection.execute(text("ALTER SCHEMA public OWNER TO cpd_owner"))
    owner = as_role(engine, "cpd_owner")
    migrate.migrate(owner)
    yield engine
    for name in ("cpd_owner", roles.SERVICE, roles.READER):
        as_role(engine, name).dispose()
    postgresql.drop(engine)  # the roles go with the tests' server


def as_role(engine: Engine, name: str) -> Engine:
    """The same database, for another user."""
    return get_engine(engine.url.set(username=name).render_as_string(hide_password=False))


def test_the_service_reads_imports_and_edits(owned: Engine, tmp_path: Path) -> None:
    service = as_role(owned, roles.SERVICE)
    version = migrate.ready(service)
    report = import_file(service, write(tmp_path / "new.csv", [line(CAMDEN, 7, 50)]), None, mapping())
    assert report.data_version == version + 1
    with writing(service) as connection:
        edits.begin(connection, "someone", "Tried")
        connection.execute(insert(register_tables.audit).values(
            id=999_999, made_at=text("now()"), account="a", did="signed_in"))  # fmt: skip
    with reading(service) as connection:
        assert len(area_values(connection, "la", indicator="duplicated_offers")) > 100
        assert not plan.actions(connection).empty


@pytest.mark.parametrize(
    "tampering",
    [
        "create table mine (x int)",
        "drop table observation",
        "alter table observation add column x int",
        "truncate observation",
        "update audit set account = 'another'",
        "delete from audit",
        "truncate audit",
        "alter table audit disable trigger all",
        "drop trigger audit_is_kept on audit",
        "update alembic_version set version_num = '0001'",
        "set role cpd_owner",
        "copy region to program 'true'",
    ],
)
def test_the_service_may_not(owned: Engine, tampering: str) -> None:
    service = as_role(owned, roles.SERVICE)
    with pytest.raises(errors.DatabaseReadOnly) as error, writing(service) as connection:
        connection.execute(text(tampering))
    assert "owner" in error.value.remedy
    assert "audit" not in str(error.value)


def test_a_reader_sees_no_school_and_no_account(owned: Engine) -> None:
    reader = as_role(owned, roles.READER)
    may = set()
    for name, table in metadata.tables.items():
        try:
            with reading(reader) as connection:
                connection.execute(select(table).limit(1)).all()
            may.add(name)
        except errors.DatabaseReadOnly:
            continue
    assert may == set(roles.OPEN)
    assert may.isdisjoint({"school", "observation", "summary", "quality_check", "account_role", "audit", "import"})
    with pytest.raises(errors.DatabaseReadOnly), writing(reader) as connection:
        connection.execute(insert(schema.priority).values(code="x", number=9, title="x", short="x"))


KEY = ["indicator", "period", "la_code", "staff_group", "phase"]


@pytest.mark.parametrize("fewest", [None, 12])
def test_a_reader_has_the_figures_of_authorities_that_are_published_and_no_other(
    owned: Engine, fewest: int | None
) -> None:
    """What the view shows is what data_access.values publishes, count by count; also when more has to be hidden."""
    if fewest is not None:
        thresholds.set_threshold(as_role(owned, roles.SERVICE), "fewest_units", fewest, indicator="reviewed", by="x")
    hidden = 0
    for staff_group, phase in (("all", "all"), ("teachers", "all"), ("all", "primary"), ("support_staff", "special")):
        with reading(as_role(owned, "cpd_owner")) as connection:
            values = area_values(connection, "la", staff_group=staff_group, phase=phase)
        published = values[values["value"].notna() & ~values["published_rate"]].rename(columns={"area_code": "la_code"})
        hidden += int((values["symbol"] == "c").sum())
        query = text(f"SELECT * FROM {roles.FIGURES} WHERE staff_group = :staff AND phase = :phase")
        with reading(as_role(owned, roles.READER)) as connection:
            seen = bulk.frame(connection, query.bindparams(staff=staff_group, phase=phase))
        assert set(seen.columns) == {*KEY, "numerator", "denominator", "units", "expected_units"}
        columns = list(seen.columns)
        both = [
            frame[columns].sort_values(KEY, ignore_index=True).astype(dict.fromkeys(KEY, str))
            for frame in (seen, published)
        ]
        pd.testing.assert_frame_equal(*both, check_dtype=False)
    assert hidden > 0


@pytest.mark.parametrize(
    "attack", ["select * from summary", f"create or replace view {roles.FIGURES} as select * from summary"]
)
def test_a_reader_does_not_get_behind_the_view(owned: Engine, attack: str) -> None:
    with reading(as_role(owned, roles.READER)) as connection:
        connection.execute(text("set transaction read write"))
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
            connection.execute(text(attack))


def test_a_condition_of_the_readers_own_is_not_tried_on_hidden_rows(owned: Engine) -> None:
    """It would fail on the count that it guesses, and so tell it."""
    s = schema.summary.c
    with reading(as_role(owned, "cpd_owner")) as connection:
        row = connection.execute(select(*(s[name] for name in KEY), s.n).where(s.hidden, s.d > 0).limit(1)).one()
    where = " AND ".join(f"{name} = :{name}" for name in KEY)
    query = text(f"SELECT * FROM {roles.FIGURES} WHERE {where} AND 1 / (numerator - :n) > 0")
    with reading(as_role(owned, roles.READER)) as connection:
        assert connection.execute(query, dict(row._mapping)).all() == []


def test_a_migration_by_the_service_is_refused_in_a_sentence(owned: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    service = as_role(owned, roles.SERVICE)
    monkeypatch.setattr(migrate, "HEAD", "9999")
    with pytest.raises(errors.DatabaseOlder, match="older version"):
        migrate.ready(service)
    monkeypatch.setattr(migrate, "upgrade", lambda connection: connection.execute(text("create table more (x int)")))
    with pytest.raises(errors.DatabaseReadOnly, match="owner"):
        migrate.migrate(service)


def test_rights_stand_again_after_a_restore(owned: Engine, tmp_path: Path) -> None:
    owner, service = as_role(owned, "cpd_owner"), as_role(owned, roles.SERVICE)
    backup.write(owner, tmp_path / "x.backup")
    with pytest.raises(errors.DatabaseReadOnly):
        backup.restore(service, tmp_path / "x.backup", replace=True)
    version = migrate.ready(service)
    backup.restore(owner, tmp_path / "x.backup", replace=True)
    assert migrate.ready(service) == version
    with writing(service) as connection:
        edits.begin(connection, "someone", "After the restore")
    with pytest.raises(errors.DatabaseReadOnly), writing(service) as connection:
        connection.execute(text("delete from audit"))
    with pytest.raises(errors.DatabaseReadOnly), reading(as_role(owned, roles.READER)) as connection:
        connection.execute(text("select * from school"))
