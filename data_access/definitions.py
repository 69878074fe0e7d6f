"""An indicator's definition: the same file for the 33 of the strategy and for any that a mapping adds."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from data_access.periods import from_code


class Strict(BaseModel):
    """A model that refuses keys it does not know, so that a slip in a file is found."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)

    @field_validator("*", mode="after")
    @classmethod
    def _text(cls, value: object) -> object:
        if isinstance(value, str) and value.startswith(("=", "@")):
            raise ValueError("this would be a formula in a spreadsheet; begin with a word")
        return value


class TargetPoint(Strict):
    """A value to be reached by the end of a period."""

    period: str
    value: float

    @field_validator("period")
    @classmethod
    def _known(cls, value: str) -> str:
        return from_code(value).code


class Review(Strict):
    """Who looked the definition over, and when."""

    by: str
    on: object


class IndicatorDefinition(Strict):
    """What an indicator is: value = scale × numerator ÷ denominator, scale 100 for percent, 1 for rate and gbp."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]{2,39}$")
    outcome: str | None = None
    short_title: str = Field(max_length=60)
    title: str
    why_it_matters: str
    numerator: str
    denominator: str
    denominator_counts: Literal["people", "schools", "other"]
    disclosure_threshold: int | None = Field(default=None, ge=0)  # fewest people; None: as for all
    unit: Literal["percent", "rate", "gbp"]
    better: Literal["higher", "lower"] | None = None
    collected_from: Literal["school", "la", "published"]
    evidence_kind: Literal["focus_group", "survey", "evaluation", "administrative"]
    frequency: Literal["year", "term"]
    staff_groups: list[str] = Field(default=["all"], min_length=1)
    scope: str = Field(default="England", max_length=20)
    target: TargetPoint | None = None
    trajectory: list[TargetPoint] = []
    illustrative_baseline: float | None = None
    caveats: str
    reviewed: Review | None = None
