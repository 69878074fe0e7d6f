"""The rules of stall warnings, read from stall_rules.yaml beside this file and held to what they must be."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from measures import words
from measures.partnership_words import ACTIVITY_KINDS, CHALLENGES, ROLES

FILE: Final = Path(__file__).with_name("stall_rules.yaml")


def _one_of(known: Mapping[str, str], what: str) -> AfterValidator:
    def check(code: str) -> str:
        if code not in known:
            raise ValueError(f"“{code[:40]}” is no {what} of the register; use one of {', '.join(known)}")
        return code

    return AfterValidator(check)


Challenge = Annotated[str, _one_of(CHALLENGES, "challenge")]
Activity = Annotated[str, _one_of(ACTIVITY_KINDS, "kind of activity")]
Role = Annotated[str, _one_of(ROLES, "role")]
Count = Annotated[int, Field(ge=1, le=100)]
Days = Annotated[int, Field(ge=0, le=3650)]


class _Rule(BaseModel):
    """What every rule has. code: its key; title: what people call it; told: whose way out of them is told."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    code: str = Field(pattern=r"^[a-z_]{1,40}$")
    title: str = Field(min_length=3, max_length=100)
    told: tuple[Challenge, ...] = Field(min_length=1)


class Combination(_Rule):
    """All of these challenges are open."""

    kind: Literal["combination"]
    challenges: tuple[Challenge, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _each_once(self) -> "Combination":
        if len(set(self.challenges)) < len(self.challenges):
            raise ValueError("a challenge stands twice; name each once")
        return self

    def said(self) -> str:
        """The rule in words."""
        named = words.joined([words.inline(CHALLENGES[code]) for code in self.challenges])
        return f"These challenges are open, all of them: {named}."


class Silence(_Rule):
    """The time since the last activity is `times` its usual interval, the median of least_intervals or more."""

    kind: Literal["silence"]
    least_intervals: Count
    times: float = Field(gt=1, le=100)
    least_days: Days

    def said(self) -> str:
        """The rule in words."""
        return (
            f"There was no activity for {self.times:g} times its own usual interval, and for at least "
            f"{self.least_days} days; usual is the median of its intervals, of which there must be "
            f"{self.least_intervals} or more."
        )


class Thinning(_Rule):
    """The median of the `recent` intervals is `times` the median of those before, least_intervals or more."""

    kind: Literal["thinning"]
    recent: Count
    least_intervals: Count
    times: float = Field(gt=1, le=100)
    least_days: Days

    def said(self) -> str:
        """The rule in words."""
        return (
            f"The median of the last {self.recent} intervals between activities is {self.times:g} times the median of "
            f"those before, of which there must be {self.least_intervals} or more, and at least {self.least_days} days."
        )


class Attendance(_Rule):
    """The share of members there, at the `recent` activities of these kinds, is `points` below that of those before."""

    kind: Literal["attendance"]
    activities: tuple[Activity, ...] = Field(min_length=1)
    recent: Count
    least_before: Count
    points: int = Field(ge=1, le=100)

    def said(self) -> str:
        """The rule in words."""
        kinds = words.joined([words.inline(ACTIVITY_KINDS[code]) for code in self.activities])
        return (
            f"The share of members there, at the last {self.recent} activities ({kinds}) with a count, is "
            f"{self.points} percentage points or more below that of those before, of which there must be "
            f"{self.least_before} or more."
        )


class Departure(_Rule):
    """A member with this role left least_days ago or earlier, and none has it now."""

    kind: Literal["departure"]
    role: Role
    least_days: Days

    def said(self) -> str:
        """The rule in words."""
        role = words.inline(ROLES[self.role])
        return f"The last {role} left {self.least_days} days ago or earlier, and no other followed."


Rule = Combination | Silence | Thinning | Attendance | Departure
_RULES: Final = TypeAdapter(list[Annotated[Rule, Field(discriminator="kind")]])


class RulesRefused(ValueError):
    """A file of rules that cannot be used as it is; says which rule, what and why."""


def read(text: str) -> tuple[Rule, ...]:
    """The rules of a YAML text, in its order; raises RulesRefused."""
    try:
        rules = _RULES.validate_python(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise RulesRefused(f"The rules are no YAML: {error}") from error
    except ValidationError as error:
        found = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
        raise RulesRefused(f"The rules cannot be used. {'; '.join(found)}") from error
    codes = [rule.code for rule in rules]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise RulesRefused(f"The code {', '.join(twice)} stands twice. Give each rule its own.")
    return tuple(rules)


@cache
def rules() -> tuple[Rule, ...]:
    """The rules of the file."""
    return read(FILE.read_text(encoding="utf-8"))


def listed() -> str:
    """The rules as a list in Markdown, with their limits."""
    return "\n".join(f"- **{rule.title}.** {rule.said()}" for rule in rules())
