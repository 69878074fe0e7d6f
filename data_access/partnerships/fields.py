"""What the partnership register holds, declared once: the forms, the checks and the files follow from it.

Each sheet is one table. Its fields stand in the order in which people are asked for them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from sqlalchemy import Table

from data_access.partnerships import tables
from measures import partnership_words as said

Kind = Literal[
    "text", "long", "choice", "list", "day", "count", "flag", "area", "areas", "outcomes", "period", "partners"
]


@dataclass(frozen=True)
class Field:
    """One column: what people call it, what kind of thing it holds, and how much of it.

    words: code → words, for a choice or a list. longest: characters of a text; most: of a count. needed: False where
    it may be left empty. explained: a sentence for the form and the template.
    """

    name: str
    title: str
    kind: Kind = "text"
    words: Mapping[str, str] = field(default_factory=dict)
    longest: int = 0
    most: int = 0
    needed: bool = True
    explained: str = ""


@dataclass(frozen=True)
class Sheet:
    """One table of the register. code: in addresses; title: of the sheet of a workbook; one: what a row is called."""

    code: str
    title: str
    one: str
    table: Table
    fields: tuple[Field, ...]

    @property
    def whole(self) -> bool:
        """Whether its rows are partnerships, not parts of one."""
        return self.table is tables.partnership

    def field(self, name: str) -> Field:
        """A field by its column's name; raises StopIteration for another."""
        return next(each for each in self.fields if each.name == name)


def _text(name: str, title: str, longest: int, explained: str = "", *, needed: bool = True) -> Field:
    return Field(name, title, "long" if longest > 300 else "text", {}, longest, needed=needed, explained=explained)


def _day(name: str, title: str, explained: str = "", *, needed: bool = True) -> Field:
    return Field(name, title, "day", needed=needed, explained=explained)


PARTNERSHIPS: Final = Sheet(
    "partnerships",
    "Partnerships",
    "partnership",
    tables.partnership,
    (
        _text("name", "Name", 160, "What the partnership is called. No person's name."),
        Field("kind", "Kind", "choice", said.KINDS),
        _text("purpose", "Purpose", 2000, "What it is for, in a sentence or two.", needed=False),
        Field("areas", "Areas", "areas", explained="Where it works: England, regions, local authorities."),
        _day("began", "Began", "The first day of the work."),
        _day("ended", "Ended", "The last day. Empty: it goes on.", needed=False),
        Field("working_models", "Working models", "list", said.WORKING_MODELS, needed=False),
        Field("foci", "Foci", "list", said.FOCI, needed=False),
        Field("adviser_roles", "Link adviser's roles", "list", said.ADVISER_ROLES, needed=False),
        Field("outcomes", "Outcomes", "outcomes", needed=False, explained="Outcomes of the strategy it bears on."),
        _text("funder", "Funder", 160, "The organisation that pays. Empty: nobody does.", needed=False),
        Field("funding", "Funding (£)", "count", most=1_000_000_000, needed=False, explained="In all, in pounds."),
        _day("funded_until", "Funded until", "The last day that is paid for.", needed=False),
        Field("plans", "Plans to go on", "choice", said.SUSTAINABILITY_PLANS, needed=False),
        Field("factors", "What helps it last", "list", said.SUSTAINABILITY_FACTORS, needed=False),
        Field("support", "Support drop by drop", "flag", needed=False, explained="Some help outlasts the funding."),
        Field(
            "framework",
            "Quality framework",
            "choice",
            said.FRAMEWORK,
            needed=False,
            explained="Of a cluster: whether it works within the quality framework. Empty: not said.",
        ),
        _day("framework_since", "Within it since", "The first day on which it did.", needed=False),
        Field("illustrative", "Illustrative", "flag", needed=False, explained="Tick where it is invented."),
    ),
)
MEMBERS: Final = Sheet(
    "members",
    "Members",
    "member",
    tables.member,
    (
        Field("kind", "Kind", "choice", said.MEMBER_KINDS),
        _text("organisation", "Organisation", 160, "A school's URN, an authority's code or name, else its name."),
        Field("role", "Role", "choice", said.ROLES),
        _day("joined", "Joined"),
        _day("left", "Left", "Empty: still a member.", needed=False),
    ),
)
ACTIVITIES: Final = Sheet(
    "activities",
    "Activities",
    "activity",
    tables.activity,
    (
        Field("kind", "Kind", "choice", said.ACTIVITY_KINDS),
        _day("held_on", "Held on"),
        _text("title", "What it was", 200),
        Field("attended", "Members there", "count", most=100_000, needed=False, explained="Organisations, not people."),
        Field(
            "staff",
            "Staff reached",
            "list",
            said.STAFF_REACHED,
            needed=False,
            explained="Whom it reached, one person or more. Empty: not said.",
        ),
    ),
)
OUTPUTS: Final = Sheet(
    "outputs",
    "Outputs",
    "output",
    tables.output,
    (
        Field("output", "Output", "choice", said.OUTPUTS),
        _text("title", "Title", 200),
        _day("made_on", "Made on"),
        _text("link", "Link", 300, "Where it can be read: begins with https:// or http://.", needed=False),
    ),
)
IMPACTS: Final = Sheet(
    "impacts",
    "Impacts",
    "impact",
    tables.impact,
    (
        Field("impact", "Impact", "choice", said.IMPACTS),
        Field("rating", "Rating", "choice", said.IMPACT_RATINGS),
        _text("evidence", "Evidence", 2000, "What the rating rests on."),
        _day("noted_on", "Noted on"),
    ),
)
CHALLENGES: Final = Sheet(
    "challenges",
    "Challenges",
    "challenge",
    tables.challenge,
    (
        Field("challenge", "Challenge", "choice", said.CHALLENGES),
        Field("state", "State", "choice", said.CHALLENGE_STATES),
        _day("opened_on", "Open since"),
        _day("noted_on", "Noted on", "When its state was last looked at."),
        _text("done", "What was done", 2000, "What was tried or helped.", needed=False),
    ),
)
ENGAGEMENT: Final = Sheet(
    "engagement",
    "Engagement",
    "year of engagement",
    tables.engagement,
    (
        Field("la_code", "Authority", "area"),
        Field("period", "School year", "period"),
        Field("eligible", "Eligible", "count", most=10_000_000),
        *(Field(code, words, "count", most=10_000_000) for code, words in said.LADDER.items()),
    ),
)
HEALTH_CHECKS: Final = Sheet(
    "health_checks",
    "Health checks",
    "answer of a health check",
    tables.check,
    (
        _day("held_on", "Checked on"),
        Field("item", "Item", "choice", said.CHECKS),
        Field("answer", "Answer", "choice", said.ANSWERS),
        _text("note", "Note", 1000, "What stands behind the answer.", needed=False),
    ),
)
_FEW = "Empty: not known, or so few that it would tell of them. Several years may stand in one line."
PROGRAMMES: Final = Sheet(
    "programmes",
    "University programmes",
    "university programme",
    tables.programme,
    (
        _text("title", "Programme", 160, "What it is called, with its years. No person's name."),
        Field("award", "Award", "choice", said.AWARDS),
        _text("university", "University", 160, "As it stands among the members of the partnership."),
        Field(
            "partners",
            "Partners",
            "partners",
            needed=False,
            explained="Schools and authorities among the members that built it: URNs and codes in a file. Empty: all.",
        ),
        _day("began", "Programme began", "The first day of the first year that this line counts."),
        _day("ended", "Programme ends", "The last day, also where it is to come. Empty: not said.", needed=False),
        Field("place", "Place", "choice", said.PLACES, needed=False),
        Field("pattern", "Pattern", "choice", said.PATTERNS, needed=False),
        Field(
            "delivered",
            "Delivered by the partner (%)",
            "count",
            most=100,
            needed=False,
            explained="Share of the teaching that school or authority give, not the university.",
        ),
        Field(
            "standard_fee",
            "Standard fee (£)",
            "count",
            most=100_000,
            needed=False,
            explained="What the university takes of one participant elsewhere, for the whole award.",
        ),
        Field(
            "partner_fee",
            "Partner fee (£)",
            "count",
            most=100_000,
            needed=False,
            explained="What it takes of one participant here, for the whole award.",
        ),
        Field("payer", "Who pays the fee", "choice", said.PAYERS, needed=False),
        Field("participants", "Participants", "count", most=100_000, needed=False, explained=_FEW),
        Field("completed", "Completed the award", "count", most=100_000, needed=False, explained=_FEW),
        Field("promoted", "Promoted during it or since", "count", most=100_000, needed=False, explained=_FEW),
        Field("themes", "What partners value", "list", said.IMPACT_THEMES, needed=False),
        _text("evidence", "What that rests on", 2000, "Evaluations or interviews, no person's name.", needed=False),
    ),
)
SHEETS: Final = (
    PARTNERSHIPS,
    MEMBERS,
    ACTIVITIES,
    OUTPUTS,
    IMPACTS,
    CHALLENGES,
    ENGAGEMENT,
    HEALTH_CHECKS,
    PROGRAMMES,
)
BY_CODE: Final = {sheet.code: sheet for sheet in SHEETS}
# No sheet of a partnership: what somebody says that the register holds all of. It has no file.
COMPLETE: Final = Sheet(
    "complete",
    "Complete",
    "statement that the register is complete",
    tables.complete,
    (
        Field("la_code", "Authority", "area"),
        Field("period", "School year", "period"),
        Field("what", "What it holds", "choice", said.HELD_WHOLE),
    ),
)
