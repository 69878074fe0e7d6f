"""accounts: the roles that they have, and the audit of what they did, which nothing may change"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEPT = "the audit is only ever added to"


def upgrade() -> None:
    """New tables only; an older program goes on without them, but keeps no audit."""
    op.create_table(
        "account_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(120), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("la_code", sa.String(3), nullable=True),
        sa.Column("from_edit", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["la_code"], ["local_authority.code"], name="fk_account_role_la_code"),
        sa.ForeignKeyConstraint(["from_edit"], ["edit.number"], name="fk_account_role_from_edit"),
        sa.PrimaryKeyConstraint("id", name="pk_account_role"),
    )
    op.create_index("ix_account_role_account", "account_role", ["account"])
    op.create_table(
        "account_role_past",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(120), nullable=True),
        sa.Column("role", sa.String(20), nullable=True),
        sa.Column("la_code", sa.String(3), nullable=True),
        sa.Column("from_edit", sa.Integer(), nullable=False),
        sa.Column("to_edit", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", "from_edit", name="pk_account_role_past"),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account", sa.String(120), nullable=False),
        sa.Column("did", sa.String(20), nullable=False),
        sa.Column("about", sa.String(200), server_default="", nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_account_did", "audit", ["account", "did"])
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            "CREATE OR REPLACE FUNCTION audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{KEPT}' USING ERRCODE = '42501'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_kept()"
        )
        return
    for what in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_is_kept_{what.lower()} BEFORE {what} ON audit "
            f"BEGIN SELECT RAISE(ABORT, '{KEPT}'); END"
        )
