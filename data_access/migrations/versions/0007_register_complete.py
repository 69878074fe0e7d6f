"""what figures need of the partnership register: the quality framework, staff reached, and where it is complete"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """New columns are empty, which means not said; an older program goes on without them."""
    for name, nullable in (("partnership", False), ("partnership_past", True)):
        op.add_column(name, sa.Column("framework", sa.String(10), server_default="", nullable=nullable))
        op.add_column(name, sa.Column("framework_since", sa.Date(), nullable=True))
    for name, nullable in (("partnership_activity", False), ("partnership_activity_past", True)):
        op.add_column(name, sa.Column("staff", sa.Text(), server_default="", nullable=nullable))
    key = sa.Column("id", sa.Integer(), nullable=False)
    said = {"la_code": sa.String(3), "period": sa.String(30), "what": sa.String(20)}
    op.create_table(
        "partnership_complete",
        key,
        *(sa.Column(name, kind, nullable=False) for name, kind in said.items()),
        sa.Column("from_edit", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["la_code"], ["local_authority.code"], name="fk_partnership_complete_la_code"),
        sa.ForeignKeyConstraint(["period"], ["period.code"], name="fk_partnership_complete_period"),
        sa.ForeignKeyConstraint(["from_edit"], ["edit.number"], name="fk_partnership_complete_from_edit"),
        sa.UniqueConstraint("la_code", "period", "what", name="uq_partnership_complete_la_code_period_what"),
        sa.PrimaryKeyConstraint("id", name="pk_partnership_complete"),
    )
    op.create_table(
        "partnership_complete_past",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, kind, nullable=True) for name, kind in said.items()),
        sa.Column("from_edit", sa.Integer(), nullable=False),
        sa.Column("to_edit", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", "from_edit", name="pk_partnership_complete_past"),
    )
