"""Alembic's environment: runs on the connection that data_access.migrate hands over."""

from alembic import context

from data_access.partnerships import tables  # noqa: F401 (makes its tables known)
from data_access.register_tables import metadata  # with the tables of data_access.schema

connection = context.config.attributes["connection"]
# No batch mode by default: a migration that alters a table asks for it itself, with op.batch_alter_table.
context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
context.run_migrations()
