"""thresholds, context, and cells that may not be shown"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _past(name: str, *key: sa.Column) -> None:
    """The twin of a table whose rows keep their past; its values may be missing."""
    op.create_table(
        f"{name}_past",
        *key,
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("from_version", sa.Integer(), nullable=False),
        sa.Column("to_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*(column.name for column in key), "from_version", name=f"pk_{name}_past"),
    )


def upgrade() -> None:
    """What was a column of the indicators becomes rows where it is not the usual; hidden is filled in afterwards."""
    op.create_table(
        "threshold",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("indicator", sa.String(40), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("from_version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("name", "indicator", name="pk_threshold"),
    )
    _past(
        "threshold",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("indicator", sa.String(40), nullable=False),
    )
    op.execute(
        "INSERT INTO threshold (name, indicator, value, from_version) "
        "SELECT 'fewest_people', code, disclosure_threshold, from_version FROM indicator "
        "WHERE to_version IS NULL AND disclosure_threshold <> 10"
    )
    op.drop_column("indicator", "disclosure_threshold")
    op.drop_column("indicator_past", "disclosure_threshold")
    op.create_table(
        "context_variable",
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(20), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind in ('published', 'illustrative')", name=op.f("ck_context_variable_kind")),
        sa.PrimaryKeyConstraint("code", name="pk_context_variable"),
    )
    op.create_table(
        "context",
        sa.Column("la_code", sa.String(3), nullable=False),
        sa.Column("variable", sa.String(40), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("from_version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["la_code"], ["local_authority.code"], name="fk_context_la_code"),
        sa.ForeignKeyConstraint(["variable"], ["context_variable.code"], name="fk_context_variable"),
        sa.PrimaryKeyConstraint("la_code", "variable", name="pk_context"),
    )
    _past(
        "context",
        sa.Column("la_code", sa.String(3), nullable=False),
        sa.Column("variable", sa.String(40), nullable=False),
    )
    # Earlier versions were published by a weaker rule: only what counts now is shown again.
    op.execute("UPDATE data_version SET kept = false WHERE number < (SELECT max(number) FROM data_version)")
    op.add_column("summary", sa.Column("hidden", sa.Boolean(), nullable=True))
    op.add_column("summary_past", sa.Column("hidden", sa.Boolean(), nullable=True))
    key = {"staff_group": 40, "phase": 20, "indicator": 40, "period": 30, "area_code": 9}
    owner = {"staff_group": "staff_group", "indicator": "indicator", "period": "period"}
    op.create_table(
        "withheld",
        *(sa.Column(name, sa.String(length), nullable=False) for name, length in key.items()),
        sa.Column("from_version", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.code"], name=f"fk_withheld_{name}")
            for name, table in owner.items()
        ),
        sa.PrimaryKeyConstraint(*key, name="pk_withheld"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "withheld_past",
        *(sa.Column(name, sa.String(length), nullable=False) for name, length in key.items()),
        sa.Column("from_version", sa.Integer(), nullable=False),
        sa.Column("to_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*key, "from_version", name="pk_withheld_past"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Back to one threshold a definition; the others and the context are lost."""
    for name in ("withheld_past", "withheld", "context_past", "context", "context_variable"):
        op.drop_table(name)
    op.drop_column("summary_past", "hidden")
    op.drop_column("summary", "hidden")
    op.add_column("indicator_past", sa.Column("disclosure_threshold", sa.Integer(), nullable=True))
    op.add_column("indicator", sa.Column("disclosure_threshold", sa.Integer(), server_default="10", nullable=False))
    op.execute(
        "UPDATE indicator SET disclosure_threshold = (SELECT value FROM threshold WHERE name = 'fewest_people' "
        "AND threshold.indicator = indicator.code) WHERE code IN (SELECT indicator FROM threshold "
        "WHERE name = 'fewest_people')"
    )
    op.drop_table("threshold_past")
    op.drop_table("threshold")
