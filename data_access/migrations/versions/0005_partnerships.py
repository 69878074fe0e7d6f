"""the register of partnerships: members, activities, outputs, impacts, challenges, engagement"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _edited(
    name: str, columns: list[sa.Column], owners: dict[str, str], unique: tuple[str, ...] = (), indexes: tuple[str, ...] = ()
) -> None:
    """A table whose first column is the key, with the edit of each row, and its twin of what the rows said before."""
    key = columns[0].name
    references = [
        sa.ForeignKeyConstraint([column], [there], name=f"fk_{name}_{column}")
        for column, there in {**owners, "from_edit": "edit.number"}.items()
    ]
    once = [sa.UniqueConstraint(*unique, name=f"uq_{name}_{'_'.join(unique)}")] if unique else []
    op.create_table(
        name,
        *columns,
        sa.Column("from_edit", sa.Integer(), nullable=False),
        *references,
        *once,
        sa.PrimaryKeyConstraint(key, name=f"pk_{name}"),
    )
    for column in indexes:
        op.create_index(f"ix_{name}_{column}", name, [column])
    op.create_table(
        f"{name}_past",
        *(sa.Column(column.name, column.type, nullable=column.name != key) for column in columns),
        sa.Column("from_edit", sa.Integer(), nullable=False),
        sa.Column("to_edit", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(key, "from_edit", name=f"pk_{name}_past"),
    )


def _of_partnership(name: str, *columns: sa.Column, unique: tuple[str, ...] = (), also: dict[str, str] | None = None, indexes: tuple[str, ...] = ()) -> None:
    key = [sa.Column("id", sa.Integer(), nullable=False), sa.Column("partnership", sa.String(8), nullable=False)]
    owners = {"partnership": "partnership.code", **(also or {})}
    _edited(name, [*key, *columns], owners, unique, ("partnership", *indexes))


def _text(name: str, length: int | None = None) -> sa.Column:
    return sa.Column(name, sa.String(length) if length else sa.Text(), nullable=False)


def _day(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _flag(name: str) -> sa.Column:
    return sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)


def upgrade() -> None:
    """New tables only: nothing that is there changes, and an older program goes on without them."""
    _edited(
        "partnership",
        [
            _text("code", 8),
            _text("name", 160),
            _text("kind", 40),
            _text("purpose"),
            _text("areas"),
            _day("began"),
            _day("ended", nullable=True),
            _text("working_models"),
            _text("foci"),
            _text("adviser_roles"),
            _text("outcomes"),
            _text("funder", 160),
            sa.Column("funding", sa.Integer(), nullable=True),
            _day("funded_until", nullable=True),
            _text("plans", 10),
            _text("factors"),
            _flag("support"),
            _flag("illustrative"),
        ],
        {},
    )
    _of_partnership(
        "partnership_member",
        _text("kind", 20),
        _text("organisation", 160),
        _text("role", 20),
        _day("joined"),
        _day("left", nullable=True),
        indexes=("organisation",),
    )
    _of_partnership(
        "partnership_activity",
        _text("kind", 20),
        _day("held_on"),
        _text("title", 200),
        sa.Column("attended", sa.Integer(), nullable=True),
    )
    _of_partnership("partnership_output", _text("output", 40), _text("title", 200), _day("made_on"), _text("link", 300))
    _of_partnership(
        "partnership_impact",
        _text("impact", 60),
        _text("rating", 20),
        _text("evidence"),
        _day("noted_on"),
        unique=("partnership", "impact"),
    )
    _of_partnership(
        "partnership_challenge",
        _text("challenge", 40),
        _text("state", 20),
        _day("opened_on"),
        _day("noted_on"),
        _text("done"),
        unique=("partnership", "challenge"),
    )
    steps = ("eligible", "know", "reason_to_use", "collaborate", "learn", "contribute")
    _of_partnership(
        "partnership_engagement",
        _text("la_code", 3),
        _text("period", 30),
        *(sa.Column(step, sa.Integer(), nullable=False) for step in steps),
        unique=("partnership", "la_code", "period"),
        also={"la_code": "local_authority.code", "period": "period.code"},
    )
    _of_partnership(
        "partnership_check",
        _day("held_on"),
        _text("item", 40),
        _text("answer", 20),
        _text("note"),
        unique=("partnership", "held_on", "item"),
    )
