"""The tables of the shared database, once for SQLite and PostgreSQL.

Codes of the field (region E12000007, local authority 202, indicator inclusive_policy) are the keys.
An observation is never overwritten: each row holds from which data version it counts and, once superseded
or undone, until which; the rows that count now have `to_version` NULL. What else changes with imports (summaries,
schools, targets, neighbours, boundaries) is kept the same way in pairs of tables: X holds what counts now, X_past what
counted until `to_version`. What people edit stands in data_access.register_tables.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    text,
    true,
)
from sqlalchemy.types import TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def key_column(length: int = 40) -> Column:
    """The column `code`, of so many characters, that is a table's key."""
    return Column("code", String(length), primary_key=True)


def _kept(
    name: str, key: list[tuple[str, TypeEngine | ForeignKey]], *rest: Column | CheckConstraint
) -> tuple[Table, Table]:
    """A table of what counts now and its twin of what counted before, with the import that each row came with."""
    version = [
        Column("import_id", Integer),  # NULL: the database was filled with it
        Column("from_version", Integer, nullable=False, server_default="1"),
    ]
    now = Table(name, metadata, *(Column(code, kind, primary_key=True) for code, kind in key), *rest, *version)
    return now, past_of(now, "version")


def past_of(now: Table, what: str) -> Table:
    """The twin that keeps how a table's rows stood before: from_ and to_`what` say when each counted."""
    columns = (
        Column(column.name, column.type, primary_key=column.primary_key or column.name == f"from_{what}")
        for column in now.columns
    )
    return Table(f"{now.name}_past", metadata, *columns, Column(f"to_{what}", Integer, nullable=False))


# Geography -----------------------------------------------------------------------------------------------

region = Table(
    "region",
    metadata,
    key_column(9),
    Column("name", String(60), nullable=False),
    Column("short", String(4), nullable=False),
    Column("position", Integer, nullable=False),
)
local_authority = Table(
    "local_authority",
    metadata,
    key_column(3),
    Column("ons_code", String(9), nullable=False, unique=True),
    Column("name", String(80), nullable=False),
    Column("region_code", ForeignKey("region.code"), nullable=False, index=True),
    Column("longitude", Float, nullable=False),
    Column("latitude", Float, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
)
local_authority_change = Table(
    "local_authority_change",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("effective", Date, nullable=False),
    Column("from_code", String(3), nullable=False, index=True),
    Column("from_ons_code", String(9), nullable=False),
    Column("from_name", String(80), nullable=False),
    Column("to_code", String(3), nullable=False, index=True),
    Column("to_ons_code", String(9), nullable=False),
    Column("to_name", String(80), nullable=False),
    Column("kind", String(30), nullable=False),
)
school, school_past = _kept(
    "school",
    [("urn", String(8))],
    Column("name", String(160), nullable=False),
    Column("la_code", ForeignKey("local_authority.code"), nullable=False, index=True),
    Column("phase", String(20), nullable=False),
    Column("laestab", String(8)),
    Column("longitude", Float),
    Column("latitude", Float),
    Column("illustrative", Boolean, nullable=False),
    Column("opened", Date),
    Column("closed", Date),
    CheckConstraint("phase in ('primary', 'secondary', 'special')", name="phase"),
)
neighbour, neighbour_past = _kept(
    "neighbour",
    [("la_code", ForeignKey("local_authority.code")), ("neighbour_code", ForeignKey("local_authority.code"))],
    Column("rank", Integer, nullable=False),
    Column("closeness", Float),
)
boundary, boundary_past = _kept(
    "boundary",
    [("la_code", ForeignKey("local_authority.code"))],
    Column("geometry", Text, nullable=False),  # GeoJSON
)
cluster = Table(
    "cluster",
    metadata,
    key_column(20),
    Column("name", String(120), nullable=False),
    Column("la_code", ForeignKey("local_authority.code"), nullable=False, index=True),
)
cluster_membership = Table(
    "cluster_membership",
    metadata,
    Column("cluster_code", ForeignKey("cluster.code"), primary_key=True),
    Column("school_urn", ForeignKey("school.urn"), primary_key=True, index=True),
    Column("joined", Date, nullable=False),
    Column("left", Date),
)

# The strategy --------------------------------------------------------------------------------------------

strategy = Table(
    "strategy",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("owner", String(200), nullable=False),
    Column("starts", Date, nullable=False),
    Column("ends", Date, nullable=False),
    Column("baseline_year", String(7), nullable=False),
    Column("final_year", String(7), nullable=False),
    Column("review", Text, nullable=False),
)
priority = Table(
    "priority",
    metadata,
    key_column(20),
    Column("number", Integer, nullable=False),
    Column("title", String(120), nullable=False),
    Column("short", String(40), nullable=False),
)
outcome = Table(
    "outcome",
    metadata,
    key_column(4),
    Column("priority", ForeignKey("priority.code"), nullable=False),
    Column("title", Text, nullable=False),
)
action_line = Table(
    "action_line",
    metadata,
    key_column(5),
    Column("priority", ForeignKey("priority.code"), nullable=False),
    Column("title", Text, nullable=False),
)
nag_member = Table("nag_member", metadata, key_column(10), Column("name", String(160), nullable=False))
published_fact = Table(
    "published_fact",
    metadata,
    key_column(),
    Column("title", String(160), nullable=False),
    Column("value", Float, nullable=False),
    Column("unit", String(60), nullable=False),
    Column("period", String(40)),
    Column("scope", String(60), nullable=False),
    Column("source", String(160), nullable=False),
    Column("note", Text),
)
case_study = Table(
    "case_study",
    metadata,
    key_column(),
    Column("title", String(160), nullable=False),
    Column("place", String(120), nullable=False),
    Column("la_code", ForeignKey("local_authority.code")),
    Column("region_code", ForeignKey("region.code")),
    Column("priority", ForeignKey("priority.code"), nullable=False),
    Column("summary", Text, nullable=False),
    Column("features", Text, nullable=False),
    Column("source", String(160), nullable=False),
)

# Indicators and periods ----------------------------------------------------------------------------------

staff_group = Table(
    "staff_group",
    metadata,
    key_column(),
    Column("title", String(80), nullable=False),
    Column("parent", ForeignKey("staff_group.code")),
    Column("position", Integer, nullable=False),
)
indicator = Table(
    "indicator",
    metadata,
    key_column(),
    Column("outcome", ForeignKey("outcome.code")),  # NULL: context, beside the strategy
    Column("short_title", String(60), nullable=False),
    Column("title", Text, nullable=False),
    Column("why_it_matters", Text, nullable=False),
    Column("numerator", Text, nullable=False),
    Column("denominator", Text, nullable=False),
    Column("denominator_counts", String(10), nullable=False),
    Column("unit", String(10), nullable=False),
    Column("better", String(10)),  # NULL: no direction
    Column("collected_from", String(10), nullable=False),
    Column("evidence_kind", String(20), nullable=False),
    Column("frequency", String(10), nullable=False),
    Column("staff_groups", Text, nullable=False),  # the groups it is collected for, separated by |
    Column("scope", String(20), nullable=False),
    Column("caveats", Text, nullable=False),
    Column("source", String(200), nullable=False),
    Column("position", Integer, nullable=False),
    Column("from_version", Integer, nullable=False, server_default="1"),
    Column("to_version", Integer),  # an import brought it and was undone
    CheckConstraint("unit in ('percent', 'rate', 'gbp')", name="unit"),
    CheckConstraint("better in ('higher', 'lower')", name="better"),
    CheckConstraint("collected_from in ('school', 'la', 'published')", name="collected_from"),
    CheckConstraint("frequency in ('year', 'term')", name="frequency"),
)
# A definition that came with an import, was withdrawn with it, and then came anew with another.
indicator_past = Table(
    "indicator_past",
    metadata,
    *(
        Column(column.name, column.type, primary_key=column.name in ("code", "from_version"))
        for column in indicator.columns
    ),
)
period = Table(
    "period",
    metadata,
    key_column(30),
    Column("label", String(40), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("academic_year", String(7)),
    Column("position", Float, nullable=False),  # when it ends, in years: 2010.0 for 2009/10
)
target, target_past = _kept(
    "target",
    [
        ("indicator", ForeignKey("indicator.code")),
        ("area_level", String(10)),
        ("area_code", String(9)),
        ("period", ForeignKey("period.code")),
    ],
    Column("value", Float, nullable=False),
    CheckConstraint("area_level in ('england', 'region', 'la')", name="area_level"),
)


# The limits behind judgements and suppression: for all indicators where `indicator` is empty, else for one.
threshold, threshold_past = _kept(
    "threshold",
    [("name", String(40)), ("indicator", String(40))],
    Column("value", Float, nullable=False),
)
# What authorities are like apart from CPD: statistical neighbours are computed from it.
context_variable = Table(
    "context_variable",
    metadata,
    key_column(),
    Column("title", Text, nullable=False),
    Column("unit", String(20), nullable=False),
    Column("source", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("position", Integer, nullable=False),
    CheckConstraint("kind in ('published', 'illustrative')", name="kind"),
)
context, context_past = _kept(
    "context",
    [("la_code", ForeignKey("local_authority.code")), ("variable", ForeignKey("context_variable.code"))],
    Column("value", Float, nullable=False),
)


def _sums() -> list[Column]:
    counts = [Column(name, Integer, nullable=False) for name in ("units", "expected_units")]
    return counts + [Column(name, Float, nullable=False) for name in ("n", "d", "nn", "nd", "dd")]


# Imports, observations, summaries ------------------------------------------------------------------------

import_ = Table(
    "import",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("file_name", String(200), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("imported_by", String(120), nullable=False),
    Column("imported_at", DateTime(timezone=True), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("observations", Integer, nullable=False),
    Column("ignored", Text, nullable=False),
    Column("source", String(200), nullable=False),
    Column("licence", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("data_version", Integer, nullable=False),
    Column("undone_at", DateTime(timezone=True)),
    Column("mapping", Text, nullable=False),
    Column("layout", String(20), nullable=False, server_default="EES"),
    Column("changed", Text, nullable=False, server_default="{}"),  # JSON: what became of its rows, in counts
    Column("undone_by", String(120)),
    Column("undone_version", Integer),
    CheckConstraint("kind in ('published', 'illustrative')", name="kind"),
)
data_version = Table(
    "data_version",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("reason", Text, nullable=False),
    # False for versions from before history was kept: they cannot be shown again.
    Column("kept", Boolean, nullable=False, server_default=true()),
)
observation = Table(
    "observation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("indicator", ForeignKey("indicator.code"), nullable=False),
    Column("period", ForeignKey("period.code"), nullable=False),
    Column("level", String(10), nullable=False),
    Column("unit_code", String(9), nullable=False),
    Column("staff_group", ForeignKey("staff_group.code"), nullable=False),
    Column("phase", String(20), nullable=False),
    Column("numerator", Float),
    Column("denominator", Float),
    Column("value", Float),  # only where a rate is published without its counts
    Column("symbol", String(4)),
    Column("import_id", ForeignKey("import.id"), nullable=False),
    Column("from_version", Integer, nullable=False),
    Column("to_version", Integer),
    CheckConstraint("level in ('school', 'la', 'region', 'england')", name="level"),
)
# One row counts at a time for each key; the same index finds the rows of an indicator and period.
Index(
    "uq_observation_current",
    observation.c.indicator,
    observation.c.period,
    observation.c.level,
    observation.c.unit_code,
    observation.c.staff_group,
    observation.c.phase,
    unique=True,
    sqlite_where=text("to_version IS NULL"),
    postgresql_where=text("to_version IS NULL"),
)
# Figures published for an area, few beside those of schools, and read for every page.
Index(
    "ix_observation_area",
    observation.c.level,
    observation.c.indicator,
    sqlite_where=text("level <> 'school' AND to_version IS NULL"),
    postgresql_where=text("level <> 'school' AND to_version IS NULL"),
)
# Rows that counted once are looked up by key when an import is undone, and by level for an earlier data version.
Index(
    "ix_observation_past",
    observation.c.indicator,
    observation.c.period,
    observation.c.level,
    observation.c.unit_code,
    sqlite_where=text("to_version IS NOT NULL"),
    postgresql_where=text("to_version IS NOT NULL"),
)
Index("ix_observation_import", observation.c.import_id)
# An import that holds a figure already there leaves the row as it is and says here that it holds it, too.
confirmation = Table(
    "confirmation",
    metadata,
    Column("observation_id", Integer, primary_key=True),
    Column("import_id", Integer, primary_key=True),
    sqlite_with_rowid=False,
)
quality_check = Table(
    "quality_check",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("import_id", ForeignKey("import.id"), nullable=False, index=True),
    Column("check", String(40), nullable=False),
    Column("severity", String(10), nullable=False),
    Column("sentence", Text, nullable=False),
    Column("count", Integer, nullable=False),
    Column("rows", Text, nullable=False),  # JSON: the first 1,000 rows behind it
    CheckConstraint("severity in ('error', 'warning', 'note')", name="severity"),
)
saved_mapping = Table(
    "saved_mapping",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("data_set", String(200), nullable=False, index=True),
    Column("saved_by", String(120), nullable=False),
    Column("saved_at", DateTime(timezone=True), nullable=False),
    Column("columns", Text, nullable=False),  # of the file that it was made for, separated by line ends
    Column("content", Text, nullable=False),  # YAML; the latest of a data set is used
)
summary = Table(
    "summary",
    metadata,
    Column("staff_group", ForeignKey("staff_group.code"), primary_key=True),
    Column("indicator", ForeignKey("indicator.code"), primary_key=True),
    Column("period", ForeignKey("period.code"), primary_key=True),
    Column("la_code", ForeignKey("local_authority.code"), primary_key=True),
    Column("phase", String(20), primary_key=True),
    *_sums(),
    Column("hidden", Boolean),  # may not be shown, or would give such a cell away; NULL: not decided yet
    Column("from_version", Integer, nullable=False, server_default="1"),
    sqlite_with_rowid=False,  # the key is the table: one read, no second look-up
)
summary_past = Table(
    "summary_past",
    metadata,
    Column("staff_group", String(40), primary_key=True),
    Column("indicator", String(40), primary_key=True),
    Column("period", String(30), primary_key=True),
    Column("la_code", String(3), primary_key=True),
    Column("phase", String(20), primary_key=True),
    *_sums(),
    Column("hidden", Boolean),
    Column("from_version", Integer, primary_key=True),
    Column("to_version", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# Cells of regions and England that may not be shown (those of authorities say so themselves, in `hidden`).
withheld = Table(
    "withheld",
    metadata,
    Column("staff_group", ForeignKey("staff_group.code"), primary_key=True),
    Column("phase", String(20), primary_key=True),
    Column("indicator", ForeignKey("indicator.code"), primary_key=True),
    Column("period", ForeignKey("period.code"), primary_key=True),
    Column("area_code", String(9), primary_key=True),
    Column("from_version", Integer, nullable=False),
    sqlite_with_rowid=False,
)
withheld_past = Table(
    "withheld_past",
    metadata,
    Column("staff_group", String(40), primary_key=True),
    Column("phase", String(20), primary_key=True),
    Column("indicator", String(40), primary_key=True),
    Column("period", String(30), primary_key=True),
    Column("area_code", String(9), primary_key=True),
    Column("from_version", Integer, primary_key=True),
    Column("to_version", Integer, nullable=False),
    sqlite_with_rowid=False,
)
