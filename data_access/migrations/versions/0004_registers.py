"""the plan, evidence and meetings as people edit them, with every edit kept"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

AN_EDIT = {"from_edit": "edit.number"}


def _action() -> list[sa.Column]:
    """What the plan says of an action beyond what the strategy said."""
    return [
        sa.Column("owner", sa.String(120), nullable=True),
        sa.Column("starts", sa.Date(), nullable=True),
        sa.Column("status", sa.String(20), server_default="not_started", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("milestones", sa.Text(), server_default="[]", nullable=False),
        sa.Column("plan", sa.Integer(), server_default="1", nullable=False),
        sa.Column("ended", sa.Date(), nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), server_default=sa.false(), nullable=False),
    ]


def _strategy_action() -> list[sa.Column]:
    return [
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("action_line", sa.String(5), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("partner", sa.String(120), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
    ]


def _edited(
    name: str, columns: list[sa.Column], owners: dict[str, str], *checks: sa.CheckConstraint
) -> None:
    """A table whose first column is the key, with the edit of each row, and its past."""
    key = columns[0].name
    references = [
        sa.ForeignKeyConstraint([column], [there], name=f"fk_{name}_{column}")
        for column, there in {**owners, **AN_EDIT}.items()
    ]
    op.create_table(
        name,
        *columns,
        sa.Column("from_edit", sa.Integer(), nullable=False),
        *references,
        *checks,
        sa.PrimaryKeyConstraint(key, name=f"pk_{name}"),
    )
    _past(name, columns)


def _past(name: str, columns: list[sa.Column]) -> None:
    key = columns[0].name
    op.create_table(
        f"{name}_past",
        *(sa.Column(column.name, column.type, nullable=column.name != key) for column in columns),
        sa.Column("from_edit", sa.Integer(), nullable=False),
        sa.Column("to_edit", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(key, "from_edit", name=f"pk_{name}_past"),
    )


def _check(name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{name}"))


def upgrade() -> None:
    """The actions that are there become the plan of the first edit; nothing is invented for them."""
    op.create_table(
        "edit",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("data_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_edit"),
    )
    _plan()
    op.create_table(
        "plan_version",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("title", sa.String(160), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("edit", sa.Integer(), nullable=False),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["edit"], ["edit.number"], name="fk_plan_version_edit"),
        sa.PrimaryKeyConstraint("number", name="pk_plan_version"),
    )
    _edited(
        "evidence",
        [
            sa.Column("code", sa.String(40), nullable=False),
            sa.Column("title", sa.String(200), nullable=False),
            sa.Column("kind", sa.String(20), nullable=False),
            sa.Column("organisation", sa.String(160), nullable=False),
            sa.Column("began", sa.Date(), nullable=False),
            sa.Column("ended", sa.Date(), nullable=True),
            sa.Column("method", sa.Text(), nullable=False),
            sa.Column("sample", sa.String(200), nullable=False),
            sa.Column("invited", sa.Integer(), nullable=True),
            sa.Column("responded", sa.Integer(), nullable=True),
            sa.Column("compared", sa.Boolean(), server_default=sa.false(), nullable=False),
            sa.Column("found", sa.Text(), nullable=False),
            sa.Column("outcomes", sa.Text(), nullable=False),
            sa.Column("areas", sa.Text(), nullable=False),
            sa.Column("source", sa.String(300), nullable=False),
            sa.Column("illustrative", sa.Boolean(), nullable=False),
        ],
        {},
        _check("evidence_kind", "kind in ('focus_group', 'survey', 'evaluation', 'administrative')"),
    )
    _meetings()


def _plan() -> None:
    held = op.get_bind().execute(sa.text("SELECT code, action_line, title, partner, due FROM action")).all()
    first = sa.text("INSERT INTO edit VALUES (1, :at, 'The strategy', 'The actions that the strategy names', :version)")
    if held:
        version = op.get_bind().execute(sa.text("SELECT coalesce(max(number), 0) FROM data_version")).scalar_one()
        op.get_bind().execute(first.bindparams(sa.bindparam("at", datetime.now(UTC), sa.DateTime(timezone=True))), {"version": version})
    op.drop_table("action")
    _edited(
        "action",
        [*_strategy_action(), *_action()],
        {"action_line": "action_line.code"},
        _check("action_status", "status in ('not_started', 'under_way', 'done', 'stopped')"),
    )
    for row in held:
        op.get_bind().execute(
            sa.text(
                "INSERT INTO action (code, action_line, title, partner, due, from_edit) VALUES (:c, :l, :t, :p, :d, 1)"
            ),
            dict(zip("cltpd", row, strict=True)),
        )


def _meetings() -> None:
    _edited(
        "meeting",
        [
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("title", sa.String(160), nullable=False),
            sa.Column("held_on", sa.Date(), nullable=False),
            sa.Column("place", sa.String(160), server_default="", nullable=False),
            sa.Column("chair", sa.String(120), server_default="", nullable=False),
            sa.Column("present", sa.Text(), server_default="", nullable=False),
            sa.Column("data_version", sa.Integer(), nullable=True),
            sa.Column("illustrative", sa.Boolean(), server_default=sa.false(), nullable=False),
        ],
        {},
    )
    _edited(
        "agenda_item",
        [
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("meeting", sa.Integer(), nullable=False),
            sa.Column("position", sa.Integer(), nullable=False),
            sa.Column("origin", sa.Text(), nullable=False),
            sa.Column("data_version", sa.Integer(), nullable=True),
            sa.Column("headline", sa.String(160), server_default="", nullable=False),
            sa.Column("note", sa.Text(), server_default="", nullable=False),
            sa.Column("presenter", sa.String(120), server_default="", nullable=False),
        ],
        {"meeting": "meeting.id"},
    )
    op.create_index("ix_agenda_item_meeting", "agenda_item", ["meeting"])
    _edited(
        "decision",
        [
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("meeting", sa.Integer(), nullable=False),
            sa.Column("agenda_item", sa.Integer(), nullable=True),
            sa.Column("kind", sa.String(10), nullable=False),
            sa.Column("text", sa.Text(), nullable=False),
            sa.Column("owner", sa.String(120), nullable=True),
            sa.Column("due", sa.Date(), nullable=True),
            sa.Column("action", sa.String(8), nullable=True),
        ],
        {"meeting": "meeting.id"},
        _check("decision_kind", "kind in ('decision', 'action')"),
    )
    op.create_index("ix_decision_meeting", "decision", ["meeting"])


def downgrade() -> None:
    """Back to the strategy's actions as they stand; owners, days, evidence and meetings are lost."""
    held = op.get_bind().execute(sa.text("SELECT code, action_line, title, partner, due FROM action")).all()
    for name in ("decision", "agenda_item", "meeting", "evidence", "action"):
        op.drop_table(f"{name}_past")
        op.drop_table(name)
    op.drop_table("plan_version")
    op.drop_table("edit")
    op.create_table(
        "action",
        *_strategy_action(),
        sa.ForeignKeyConstraint(["action_line"], ["action_line.code"], name="fk_action_action_line"),
        sa.PrimaryKeyConstraint("code", name="pk_action"),
    )
    for row in held:
        op.get_bind().execute(
            sa.text("INSERT INTO action (code, action_line, title, partner, due) VALUES (:c, :l, :t, :p, :d)"),
            dict(zip("cltpd", row, strict=True)),
        )
