"""Who may do what in PostgreSQL itself: two roles beside the owner, where they exist (deploy/roles.sql makes them).

The rights are given anew with each migration and each restore, in its own transaction: tables that are made then have
them at once. A table that nobody lists here is read and written by the service, and closed to readers. Figures of
authorities they have from a view, which shows those that pages show; a test holds it to what is published.
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
FIGURES: Final = "published_area_values"
# What pages say of authorities in counts: what was decided to be shown, and of its sums those that pages show, too. The
# barrier keeps conditions of the reader's own from being tried on hidden rows. Regions and England are these sums and
# hidden ones; the pages' door says which of them may be shown.
_VIEW: Final = f"""CREATE VIEW {FIGURES} WITH (security_barrier = true) AS
SELECT indicator, period, la_code, staff_group, phase, n AS numerator, d AS denominator, units, expected_units
FROM summary WHERE hidden IS FALSE AND d > 0"""


def let_go(connection: Connection) -> None:
    """Take the view away, before tables that it reads are altered or dropped; `grant` makes it anew."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"DROP VIEW IF EXISTS {FIGURES}"))


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
    if READER in there:
        let_go(connection)
        connection.execute(text(_VIEW))
        connection.execute(text(f"GRANT SELECT ON {FIGURES} TO {READER}"))
    if SERVICE in there:
        connection.execute(text(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {SERVICE}"))


def _rights(role: str, table: str) -> str:
    if role == READER:
        return "SELECT" if table in OPEN else ""
    if table in READ_ONLY:
        return "SELECT"
    return "SELECT, INSERT" if table in ADD_ONLY else "SELECT, INSERT, UPDATE, DELETE"
