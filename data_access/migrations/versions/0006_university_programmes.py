"""programmes of universities and their partners"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NAME = "partnership_programme"


def _columns() -> list[sa.Column]:
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership", sa.String(8), nullable=False),
        sa.Column("title", sa.String(160), nullable=False),
        sa.Column("award", sa.String(40), nullable=False),
        sa.Column("university", sa.String(160), nullable=False),
        sa.Column("partners", sa.Text(), nullable=False),
        sa.Column("began", sa.Date(), nullable=False),
        sa.Column("ended", sa.Date(), nullable=True),
        sa.Column("place", sa.String(20), nullable=False),
        sa.Column("pattern", sa.String(20), nullable=False),
        sa.Column("delivered", sa.Integer(), nullable=True),
        sa.Column("standard_fee", sa.Integer(), nullable=True),
        sa.Column("partner_fee", sa.Integer(), nullable=True),
        sa.Column("payer", sa.String(20), nullable=False),
        sa.Column("participants", sa.Integer(), nullable=True),
        sa.Column("completed", sa.Integer(), nullable=True),
        sa.Column("promoted", sa.Integer(), nullable=True),
        sa.Column("themes", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
    ]


def upgrade() -> None:
    """A new pair of tables only: nothing that is there changes, and an older program goes on without it."""
    op.create_table(
        NAME,
        *_columns(),
        sa.Column("from_edit", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["partnership"], ["partnership.code"], name=f"fk_{NAME}_partnership"),
        sa.ForeignKeyConstraint(["from_edit"], ["edit.number"], name=f"fk_{NAME}_from_edit"),
        sa.UniqueConstraint("partnership", "title", name=f"uq_{NAME}_partnership_title"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{NAME}"),
    )
    op.create_index(f"ix_{NAME}_partnership", NAME, ["partnership"])
    op.create_table(
        f"{NAME}_past",
        *(sa.Column(column.name, column.type, nullable=column.name != "id") for column in _columns()),
        sa.Column("from_edit", sa.Integer(), nullable=False),
        sa.Column("to_edit", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", "from_edit", name=f"pk_{NAME}_past"),
    )


def downgrade() -> None:
    """The register without programmes; what they said is lost."""
    op.drop_table(f"{NAME}_past")
    op.drop_table(NAME)
