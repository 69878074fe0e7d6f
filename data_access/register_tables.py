"""The tables of what people edit: the plan, the evidence, meetings.

Each stands in a pair as data_access.schema's do, but kept by the number of the edit, so that no figure has to be read
again when somebody writes a note.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from data_access.schema import key_column, metadata, past_of


def edited(name: str, key: Column, *rest: Column | CheckConstraint | UniqueConstraint) -> tuple[Table, Table]:
    """A table that people edit and its twin of how its rows stood before, with the edit that each row came with."""
    edit_number: Column = Column("from_edit", ForeignKey("edit.number"), nullable=False)
    now = Table(name, metadata, key, *rest, edit_number)
    return now, past_of(now, "edit")


# Each change that somebody makes to the plan, the evidence or a meeting: who, when, why.
edit = Table(
    "edit",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("made_by", String(120), nullable=False),
    Column("reason", Text, nullable=False),
    Column("data_version", Integer, nullable=False),  # the figures that could be seen then
)
action, action_past = edited(
    "action",
    key_column(8),
    Column("action_line", ForeignKey("action_line.code"), nullable=False),
    Column("title", Text, nullable=False),
    Column("partner", String(120)),
    Column("due", Date),
    Column("owner", String(120)),  # a member's code, or a partner by name
    Column("starts", Date),
    Column("status", String(20), nullable=False, server_default="not_started"),
    Column("note", Text, nullable=False, server_default=""),
    Column("milestones", Text, nullable=False, server_default="[]"),  # JSON: title, due, done (a day or null)
    Column("plan", Integer, nullable=False, server_default="1"),  # the plan version that it came with
    Column("ended", Date),
    Column("ended_why", Text),
    Column("illustrative", Boolean, nullable=False, server_default=false()),  # owner, days, status are invented
    CheckConstraint("status in ('not_started', 'under_way', 'done', 'stopped')", name="status"),
)
# The implementation plan as it was agreed at each yearly review: its actions are those of `edit`.
plan_version = Table(
    "plan_version",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("agreed_on", Date, nullable=False),
    Column("title", String(160), nullable=False),
    Column("note", Text, nullable=False),
    Column("edit", ForeignKey("edit.number"), nullable=False),
    Column("illustrative", Boolean, nullable=False),
)
evidence, evidence_past = edited(
    "evidence",
    key_column(),
    Column("title", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("organisation", String(160), nullable=False),
    Column("began", Date, nullable=False),
    Column("ended", Date),
    Column("method", Text, nullable=False),
    Column("sample", String(200), nullable=False),  # who was asked, in words
    Column("invited", Integer),
    Column("responded", Integer),
    Column("compared", Boolean, nullable=False, server_default=false()),  # with a group that did without
    Column("found", Text, nullable=False),
    Column("outcomes", Text, nullable=False),  # codes, separated by |
    Column("areas", Text, nullable=False),  # codes of authorities, regions, England, separated by |
    Column("source", String(300), nullable=False),
    Column("illustrative", Boolean, nullable=False),
    CheckConstraint("kind in ('focus_group', 'survey', 'evaluation', 'administrative')", name="kind"),
)

# Meetings ------------------------------------------------------------------------------------------------

meeting, meeting_past = edited(
    "meeting",
    Column("id", Integer, primary_key=True),
    Column("title", String(160), nullable=False),
    Column("held_on", Date, nullable=False),
    Column("place", String(160), nullable=False, server_default=""),
    Column("chair", String(120), nullable=False, server_default=""),
    Column("present", Text, nullable=False, server_default=""),  # codes of members, separated by |
    Column("data_version", Integer),  # the figures that it saw, once it is over; NULL before
    Column("illustrative", Boolean, nullable=False, server_default=false()),
)
# One pinned view on the agenda of a meeting.
agenda_item, agenda_item_past = edited(
    "agenda_item",
    Column("id", Integer, primary_key=True),
    Column("meeting", ForeignKey("meeting.id"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("origin", Text, nullable=False),  # what makes its figure: exports.views.registry
    Column("data_version", Integer),  # NULL: what counts when it is shown
    Column("headline", String(160), nullable=False, server_default=""),  # '': the figure's own
    Column("note", Text, nullable=False, server_default=""),
    Column("presenter", String(120), nullable=False, server_default=""),
)
# What was decided, or promised, in a meeting; a promise may stand in the plan, too.
decision, decision_past = edited(
    "decision",
    Column("id", Integer, primary_key=True),
    Column("meeting", ForeignKey("meeting.id"), nullable=False, index=True),
    Column("agenda_item", Integer),
    Column("kind", String(10), nullable=False),
    Column("text", Text, nullable=False),
    Column("owner", String(120)),
    Column("due", Date),
    Column("action", String(8)),  # the plan's action that it became or bears on
    CheckConstraint("kind in ('decision', 'action')", name="kind"),
)

# Accounts ------------------------------------------------------------------------------------------------

account_role, account_role_past = edited(
    "account_role",
    Column("id", Integer, primary_key=True),
    Column("account", String(120), nullable=False, index=True),
    Column("role", String(20), nullable=False),
    Column("la_code", ForeignKey("local_authority.code")),  # of an officer of a local authority
)
# Only ever added to: triggers in the database refuse all else.
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("account", String(120), nullable=False),
    Column("did", String(20), nullable=False),
    Column("about", String(200), nullable=False, server_default=""),
    Column("issued_at", BigInteger),  # which sign-in, in seconds since 1970 by the provider's clock
    Index(None, "account", "did"),
)
