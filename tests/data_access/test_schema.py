"""Tables and migrations, the same on both databases."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, insert, inspect, select

from data_access import errors, register_tables, schema
from data_access.engine import reading, writing
from data_access.migrate import HEAD, config, migrate


def test_migrations_make_what_the_schema_says(empty: Engine) -> None:
    migrate(empty)
    with empty.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, schema.metadata) == []
        assert context.get_current_revision() == HEAD == ScriptDirectory.from_config(config()).get_current_head()
        assert set(inspect(connection).get_table_names()) == {*schema.metadata.tables, "alembic_version"}


def test_a_second_migration_changes_nothing(empty: Engine) -> None:
    migrate(empty)
    with writing(empty) as connection:
        connection.execute(insert(schema.region).values(code="E12000001", name="N", short="N", position=0))
    migrate(empty)
    with reading(empty) as connection:
        assert connection.execute(select(schema.region.c.code)).scalars().all() == ["E12000001"]


@pytest.mark.parametrize("wrong", [{"indicator": "nonsense"}, {"period": "1066/67"}, {"staff_group": "wizards"}])
def test_an_unknown_code_is_refused(reader: Engine, wrong: dict) -> None:
    row = {"indicator": "reviewed", "period": "2009/10", "level": "la", "unit_code": "202", "staff_group": "all"}
    row |= {"phase": "all", "import_id": 1, "from_version": 1} | wrong
    with pytest.raises(errors.DatabaseProblem, match="breaks its rules"), writing(reader) as connection:
        connection.execute(insert(schema.observation).values(row))


def test_only_one_observation_counts_at_a_time(engine: Engine) -> None:
    row = {"indicator": "reviewed", "period": "2009/10", "level": "la", "unit_code": "202", "staff_group": "all"}
    row |= {"phase": "all", "import_id": 1, "from_version": 1}
    with writing(engine) as connection:
        connection.execute(insert(schema.observation).values(row | {"to_version": 2}))
        connection.execute(insert(schema.observation).values(row | {"to_version": 3}))
        connection.execute(insert(schema.observation).values(row))
    with pytest.raises(errors.DatabaseProblem, match="breaks its rules"), writing(engine) as connection:
        connection.execute(insert(schema.observation).values(row))


def test_a_database_of_the_first_version_is_taken_along(empty: Engine) -> None:
    """Its data stay; only the state that it has now can be shown again, since summaries were not kept before."""
    from datetime import UTC, datetime

    from alembic import command
    from sqlalchemy import text

    from data_access.versions import resolve

    with writing(empty) as connection:
        command.upgrade(config(connection), "0001")
        made = datetime(2012, 3, 1, tzinfo=UTC)
        for number in (1, 2, 3):
            row = {"number": number, "made_at": made, "reason": "before"}
            statement = text("insert into data_version (number, made_at, reason) values (:number, :made_at, :reason)")
            connection.execute(statement, row)
        connection.execute(text("insert into region (code, name, short, position) values ('E12000001', 'N', 'N', 0)"))
    migrate(empty)
    with reading(empty) as connection:
        assert connection.execute(select(schema.region.c.code)).scalars().all() == ["E12000001"]
        assert resolve(connection, "3") == 3
        for earlier in ("1", "2", "1999-01-01"):
            with pytest.raises(errors.UnknownCode):
                resolve(connection, earlier)


def test_the_actions_of_an_older_database_become_its_plan(empty: Engine) -> None:
    from alembic import command
    from sqlalchemy import text

    with writing(empty) as connection:
        command.upgrade(config(connection), "0003")
        for statement in (
            "insert into priority (code, number, title, short) values ('culture', 1, 'P', 'P')",
            "insert into action_line (code, priority, title) values ('1.1', 'culture', 'L')",
            "insert into action (code, action_line, title, due) values ('1.1.1', '1.1', 'Train', '2009-09-30')",
        ):
            connection.execute(text(statement))
    migrate(empty)
    with reading(empty) as connection:
        row = connection.execute(select(register_tables.action)).mappings().one()
        assert (row["due"].isoformat(), row["status"], row["owner"]) == ("2009-09-30", "not_started", None)
        assert connection.execute(select(register_tables.edit.c.made_by)).scalar_one() == "The strategy"
