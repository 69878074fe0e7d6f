"""Who may do what in PostgreSQL itself: two roles beside the owner, where they exist (deploy/roles.sql makes them).

The rights are given anew with each migration and each restore, in its own transaction: tables that are made then have
them at once. A table that nobody lists here is read and written by the service, and closed to readers.
"""

from typing import Final

from sqlalchemy import Connection, inspect, text

SERVICE: Final = "cpd_service"  # reads and writes rows; makes, changes and empties no table
READER: Final = "cpd_reader"  # an analyst's queries: what is published or agreed, and no table with schools in it
# What even the service only reads, or only adds to.
READ_ONLY: Final = frozenset({"alembic_version"})
ADD_ONLY: Final = frozenset({"audit"})
# Registers, definitions and places. Not here: what single schools said or are, sums before suppression, who did what.
OPEN: Final = (
    "action", "action_line", "boundary", "cluster", "context", "context_variable", "data_version", "evidence",
    "indicator", "local_authority", "local_authority_change", "neighbour", "outcome", "period", "plan_version",
    "priority", "region", "staff_group", "strategy", "target", "threshold",
)  # fmt: skip


def grant(connection: Connection) -> None:
    """Give both roles their rights on the tables that there are, and take any others away. Only the owner can."""
    if connection.dialect.name != "postgresql":
        return
    there = set(connection.execute(text("select rolname from pg_roles where rolname like 'cpd\\_%'")).scalars())
    tables = sorted(inspect(connection).get_table_names())
    for role in sorted(there & {SERVICE, READER}):
        connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {role}"))
        connection.execute(text(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}"))
        for table in tables:
            if rights := _rights(role, table):
                connection.execute(text(f'GRANT {rights} ON "{table}" TO {role}'))
    if SERVICE in there:
        connection.execute(text(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {SERVICE}"))


def _rights(role: str, table: str) -> str:
    if role == READER:
        return "SELECT" if table in OPEN else ""
    if table in READ_ONLY:
        return "SELECT"
    return "SELECT, INSERT" if table in ADD_ONLY else "SELECT, INSERT, UPDATE, DELETE"
