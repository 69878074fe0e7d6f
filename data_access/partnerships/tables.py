"""The tables of the partnership register, kept by the number of the edit as all that people edit."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, String, Text, UniqueConstraint, false

from data_access.register_tables import edited
from data_access.schema import key_column


def _number() -> Column:
    return Column("id", Integer, primary_key=True)


def _owner() -> Column:
    return Column("partnership", ForeignKey("partnership.code"), nullable=False, index=True)


# Lists are codes, separated by |.
partnership, partnership_past = edited(
    "partnership",
    key_column(8),
    Column("name", String(160), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("areas", Text, nullable=False),
    Column("began", Date, nullable=False),
    Column("ended", Date),
    Column("working_models", Text, nullable=False),
    Column("foci", Text, nullable=False),
    Column("adviser_roles", Text, nullable=False),
    Column("outcomes", Text, nullable=False),
    Column("funder", String(160), nullable=False),
    Column("funding", Integer),  # pounds, in all
    Column("funded_until", Date),
    Column("plans", String(10), nullable=False),  # '': not said
    Column("factors", Text, nullable=False),
    Column("support", Boolean, nullable=False, server_default=false()),  # goes on drop by drop after the funding
    Column("framework", String(10), nullable=False, server_default=""),  # a cluster's quality framework; '': not said
    Column("framework_since", Date),
    Column("illustrative", Boolean, nullable=False, server_default=false()),
)
member, member_past = edited(
    "partnership_member",
    _number(),
    _owner(),
    Column("kind", String(20), nullable=False),
    # A school's URN, an authority's code, else a name: two columns, so that a figure of schools needs no guess.
    Column("organisation", String(160), nullable=False, index=True),
    Column("role", String(20), nullable=False),
    Column("joined", Date, nullable=False),
    Column("left", Date),
)
activity, activity_past = edited(
    "partnership_activity",
    _number(),
    _owner(),
    Column("kind", String(20), nullable=False),
    Column("held_on", Date, nullable=False),
    Column("title", String(200), nullable=False),
    Column("attended", Integer),  # member organisations that were there; NULL: not noted
    Column("staff", Text, nullable=False, server_default=""),  # whom it reached; '': not said
)
output, output_past = edited(
    "partnership_output",
    _number(),
    _owner(),
    Column("output", String(40), nullable=False),
    Column("title", String(200), nullable=False),
    Column("made_on", Date, nullable=False),
    Column("link", String(300), nullable=False),
)
impact, impact_past = edited(
    "partnership_impact",
    _number(),
    _owner(),
    Column("impact", String(60), nullable=False),
    Column("rating", String(20), nullable=False),
    Column("evidence", Text, nullable=False),
    Column("noted_on", Date, nullable=False),
    UniqueConstraint("partnership", "impact"),
)
challenge, challenge_past = edited(
    "partnership_challenge",
    _number(),
    _owner(),
    Column("challenge", String(40), nullable=False),
    Column("state", String(20), nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("noted_on", Date, nullable=False),  # when the state was last looked at
    Column("done", Text, nullable=False),  # what was done about it
    UniqueConstraint("partnership", "challenge"),
)
# How many of those eligible in an authority stood at each step of the engagement ladder in a school year.
engagement, engagement_past = edited(
    "partnership_engagement",
    _number(),
    _owner(),
    Column("la_code", ForeignKey("local_authority.code"), nullable=False),
    Column("period", ForeignKey("period.code"), nullable=False),
    *(
        Column(name, Integer, nullable=False)
        for name in ("eligible", "know", "reason_to_use", "collaborate", "learn", "contribute")
    ),
    UniqueConstraint("partnership", "la_code", "period"),
)
# One answer of a health check; a check is all answers of one partnership on one day.
check, check_past = edited(
    "partnership_check",
    _number(),
    _owner(),
    Column("held_on", Date, nullable=False),
    Column("item", String(40), nullable=False),
    Column("answer", String(20), nullable=False),
    Column("note", Text, nullable=False),
    UniqueConstraint("partnership", "held_on", "item"),
)
# A programme of a university and its partners: one year of it or several, in a partnership of a kind that has such.
programme, programme_past = edited(
    "partnership_programme",
    _number(),
    _owner(),
    Column("title", String(160), nullable=False),
    Column("award", String(40), nullable=False),
    Column("university", String(160), nullable=False),
    Column("partners", Text, nullable=False),  # URNs and authorities' codes; '': all of its schools and authorities
    Column("began", Date, nullable=False),
    Column("ended", Date),
    Column("place", String(20), nullable=False),
    Column("pattern", String(20), nullable=False),
    Column("delivered", Integer),  # percent of the teaching that the partners give
    Column("standard_fee", Integer),  # pounds a participant, for the whole award
    Column("partner_fee", Integer),
    Column("payer", String(20), nullable=False),
    Column("participants", Integer),  # NULL: not known, or too few to be told (measures.telling); so are the next two
    Column("completed", Integer),
    Column("promoted", Integer),
    Column("themes", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    UniqueConstraint("partnership", "title"),
)
# For an authority and a school year somebody says that the register holds all of something.
complete, complete_past = edited(
    "partnership_complete",
    _number(),
    Column("la_code", ForeignKey("local_authority.code"), nullable=False),
    Column("period", ForeignKey("period.code"), nullable=False),
    Column("what", String(20), nullable=False),
    UniqueConstraint("la_code", "period", "what"),
)
