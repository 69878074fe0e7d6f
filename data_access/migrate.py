"""Bring a database to this version's schema, and tell whether it is there."""

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, select, text, update

from data_access import errors, roles
from data_access.access import Right
from data_access.engine import (
    DRIVER_ERRORS,
    MAKE,
    current_version,
    has_tables,
    reading,
    shown,
    translate,
    writing,
)
from data_access.migrations import HEAD

if TYPE_CHECKING:
    from alembic.config import Config

# Alembic is imported where it works, not here: a start that finds the database ready does without it.
MIGRATIONS = Path(__file__).parent / "migrations"


def config(connection: Connection | None = None) -> "Config":
    """Alembic's configuration, without an ini file."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.attributes["connection"] = connection
    return made


@lru_cache
def known() -> frozenset[str]:
    """The revisions that this version of the program knows."""
    from alembic.script import ScriptDirectory

    return frozenset(script.revision for script in ScriptDirectory.from_config(config()).walk_revisions())


def migrate(engine: Engine) -> None:
    """Create or upgrade the schema in one transaction; a second run changes nothing.

    Those who start it together wait for each other. It waits for long reads no longer than CPD_DATABASE_TIMEOUT, so
    that nobody queues behind it (DatabaseLocked; nothing was changed). Raises DatabaseNewer where a later version of
    the program made the database.
    """
    from alembic.migration import MigrationContext

    with writing(engine, Right.administer) as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
        if revision is not None and revision not in known():
            raise newer(engine)
        roles.let_go(connection)
        upgrade(connection)
        roles.grant(connection)
    if engine.dialect.name == "sqlite":
        # Readers then never wait for a writer. It is a property of the file and cannot change inside a transaction.
        try:
            raw = engine.raw_connection()
            try:
                raw.driver_connection.execute("PRAGMA journal_mode = WAL")  # type: ignore[union-attr]
            finally:
                raw.close()
        except DRIVER_ERRORS as error:
            raise translate(error, engine) from error


def upgrade(connection: Connection, revision: str = HEAD) -> None:
    """Bring the schema to a revision that this program knows; part of the caller's transaction."""
    from alembic import command
    from alembic.migration import MigrationContext

    if MigrationContext.configure(connection).get_current_revision() != revision:
        command.upgrade(config(connection), revision)
        if revision == HEAD:
            _decide_what_may_be_shown(connection)


def _decide_what_may_be_shown(connection: Connection) -> None:
    """Decide it for summaries that an earlier version of the program made."""
    from data_access.schema import data_version, summary
    from data_access.summaries import decide_anew
    from data_access.versions import next_version

    codes = connection.execute(select(summary.c.indicator).where(summary.c.hidden.is_(None)).distinct()).scalars().all()
    if codes:
        version = next_version(connection, "Decided anew which figures may be shown")
        connection.execute(update(data_version).where(data_version.c.number < version).values(kept=False))
        decide_anew(connection, codes, version)


def newer(engine: Engine) -> errors.DatabaseNewer:
    """The refusal of a database that a later version of the program made."""
    return errors.DatabaseNewer(
        f"The database ({shown(engine)}) was made by a newer version of this dashboard.",
        "Install that version, or name another database in CPD_DATABASE_URL.",
    )


def only_added_to(revision: str) -> bool:
    """Whether a revision that this program does not know only adds to what it knows.

    A later migration is named by four digits where it only adds tables, columns and indexes, which is the rule; one
    that breaks older programs is named otherwise (0012-breaks). docs/decisions/0017 says why.
    """
    return re.fullmatch(r"\d{4}", revision) is not None and revision > HEAD


def ready(engine: Engine, *, exact: bool = False) -> int:
    """The data version of a database that pages can use; else raises the DatabaseProblem that says why not.

    A schema that a newer version only added to is good enough, so that old replicas serve on while others are
    replaced; but not where it must be known whole (`exact`: a backup).
    """
    with reading(engine) as connection:
        if not has_tables(connection):
            raise errors.DatabaseMissing(f"The database ({shown(engine)}) is empty.", MAKE)
        revision = connection.execute(text("select version_num from alembic_version")).scalar()
        if revision is None:
            raise errors.DatabaseDamaged(
                f"The database ({shown(engine)}) does not say which version made it.", "Restore it from a backup."
            )
        if revision != HEAD:
            if revision in known():
                raise errors.DatabaseOlder(
                    f"The database ({shown(engine)}) was made by an older version of this dashboard.", MAKE
                )
            if exact or not only_added_to(revision):
                raise newer(engine)
        version = current_version(connection)
    if version == 0:
        raise errors.DatabaseUnfilled(f"The database ({shown(engine)}) holds no data yet.", MAKE)
    return version
